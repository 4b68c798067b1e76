"""100,000 reply streams through a session: none hangs it, none makes a wrong success.

python bench/delivery_faults.py [--streams N]

Exits 1 when a stream hung or made a wrong success. The kills are in delivery_kills.py.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from digest.deliver.protocol.replies import Fate  # noqa: E402 - the paths come first
from digest.deliver.protocol.smtp import HandOver, Parcel, Security, Session, Settled  # noqa: E402

REPLIES = (
    b"220 hi;250 ok;250-PIPELINING;250-relay;250 2.0.0 kept;354 go;421 bye;451 later;452 4.5.3 enough;503 what;"
    b"550 5.1.1 who;550 5.7.1 no;235 in;334 more;530 5.7.0 log in;99 x;;\0;250;25;550 5.1.6 moved"
).split(b";")


def stream(chance: random.Random) -> bytes:
    """Return what a relay might say: mostly sense, with faults in it, or nothing but faults."""
    likely = [b"250 ok", b"250 ok", b"354 go", b"250 2.0.0 kept"]
    faults = chance.random() ** 2
    lines = [b"220 hi", b"250-relay", b"250 PIPELINING"] if chance.random() < 0.9 else []  # noqa: PLR2004
    length = chance.randrange(60)
    lines += [chance.choice(REPLIES) if chance.random() < faults else likely[n % 4] for n in range(length)]
    data = b"".join(line + chance.choice((b"\r\n", b"\r\n", b"\r\n", b"\n")) for line in lines)
    if chance.random() < 0.1:  # noqa: PLR2004
        place = chance.randrange(len(data) + 1)
        data = data[:place] + chance.randbytes(chance.randrange(20)) + data[place:]
    return data


def withstands(data: bytes, chance: random.Random) -> bool:
    """Tell whether a session ends, settles every letter once, and accepts only what it had handed over."""
    waiting = [Parcel(n, "a@paper.example", "b@example.org", b"x\r\n", ready=True) for n in range(40)]
    session = Session(name="me", security=Security.PLAIN, may_pipeline=chance.random() < 0.8)  # noqa: PLR2004
    handed, fates, taken, place = set[int](), list[tuple[int, Fate]](), 0, 0
    while not session.ended:
        piece = data[place : place + chance.choice((1, 7, 40, 1000))]
        place += len(piece)
        events = session.receive(piece) if piece else session.lost("the end")
        fates += [(event.parcel.id, event.verdict.fate) for event in events if isinstance(event, Settled)]
        while session.room and waiting:
            taken += session.submit(waiting.pop()) is None
        for chunk in session.outgoing():
            if isinstance(chunk, HandOver):
                handed.add(chunk.parcel.id)
                session.handed_over()
    final = dict(fates)
    kept = {n for n, fate in fates if fate in {Fate.ACCEPTED, Fate.UNCERTAIN}}
    return len(final) == len(fates) == taken and kept <= handed


def fuzz(streams: int) -> int:
    """Return how many streams a session did not withstand."""
    failed = 0
    for seed in range(streams):
        chance = random.Random(seed)  # noqa: S311 - repeatable streams
        if not withstands(stream(chance), chance):
            failed += 1
            print(f"seed {seed}: not withstood")
    print(f"{streams} streams, {failed} not withstood")
    return failed


def main() -> None:
    """Read the arguments, run the proof, and exit 1 when it fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--streams", type=int, default=100_000)
    sys.exit(fuzz(parser.parse_args().streams) > 0)


if __name__ == "__main__":
    main()
