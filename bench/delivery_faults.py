"""The long proofs: 100,000 reply streams through a session, and thirty kills over five thousand letters.

python bench/delivery_faults.py fuzz [--streams N]
python bench/delivery_faults.py kill [--kills 30] [--letters 5000] [--workers 1] [--database URL]

Exits 1 when a stream hung or made a wrong success, or when a letter was lost or doubled.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "bench")]

from digest.deliver.replies import Fate  # noqa: E402 - the paths come first
from digest.deliver.smtp import HandOver, Parcel, Security, Session, Settled  # noqa: E402

CONNECTIONS = 5
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


class Sink:
    """A catching server in this process, which survives its senders."""

    def __init__(self) -> None:
        from aiosmtpd.controller import Controller  # noqa: PLC0415 - the fuzzer does without

        from delivery import free_port  # noqa: PLC0415

        self.got: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802 - its names
        """Keep count of a letter."""
        with self.lock:
            self.got[envelope.rcpt_tos[0]] += 1
        return "250 2.0.0 kept"


SENDER = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from digest.deliver.dispatch import dispatch
from digest.deliver.orders import Orders
from digest.deliver.smtp import Parcel
from digest.deliver.transport import transport
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database
url, port, connections, folder = sys.argv[1:]
body = b"Subject: x\\r\\n\\r\\n" + b"All is well.\\r\\n" * 2000
dispatch(
    Deliveries(Database(url), 1),
    transport(f"smtp://127.0.0.1:{port}", folder=Path(folder), connections=int(connections)),
    lambda claim: Parcel(claim.reader_id, "a@paper.example", claim.address, body, ready=True),
    orders=Orders(expires=datetime.now(UTC) + timedelta(hours=1), journals=Path(folder)),
    clock=lambda: datetime.now(UTC),
)
"""


def kill(kills: int, letters: int, workers: int, url: str | None) -> int:
    """Return how many letters were lost or doubled."""
    from delivery import frozen_ledger  # noqa: PLC0415
    from digest.model import DeliveryState  # noqa: PLC0415

    sink, chance, hits = Sink(), random.Random(1), 0  # noqa: S311
    sink.controller.start()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        ledger = frozen_ledger(folder, letters, url)
        given = [url or f"sqlite:///{folder / 'ledger.db'}", str(sink.port), str(CONNECTIONS), str(folder / "journals")]
        command = [sys.executable, "-c", SENDER, *given]
        environment = {"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"}
        for _ in range(kills):
            running = [subprocess.Popen(command, env=environment) for _ in range(workers)]  # noqa: S603
            goal = sink.got.total() + chance.randint(1, 2 * letters // (kills + 2))
            while sink.got.total() < goal and running[0].poll() is None:
                time.sleep(0.0005)
            for process in running:
                hits += process.poll() is None
                process.kill()
                process.wait()
        subprocess.run(command, env=environment, check=True)  # noqa: S603
        rows = ledger.rows()
    sink.controller.stop()
    kept = {f"reader{row.reader_id}@example.org" for row in rows if row.state is DeliveryState.ACCEPTED}
    unsure = {f"reader{row.reader_id}@example.org" for row in rows if row.state is DeliveryState.UNCERTAIN}
    doubled = [who for who, times in sink.got.items() if times > 1]
    lost = kept - set(sink.got)
    print(f"{datetime.now(UTC):%H:%M} {hits} kills that hit, {len(kept)} accepted, {len(unsure)} uncertain "
          f"({len(unsure & set(sink.got))} of them had arrived), {len(doubled)} doubled, {len(lost)} lost, "
          f"{letters - len(kept) - len(unsure)} unaccounted")  # fmt: skip
    assert len(unsure) <= CONNECTIONS * hits
    return len(doubled) + len(lost) + letters - len(kept | unsure) + len(set(sink.got) - kept - unsure)


def main() -> None:
    """Read the arguments, run the proof, and exit 1 when it fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("proof", choices=["fuzz", "kill"])
    parser.add_argument("--streams", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--letters", type=int, default=5000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--database", help="an empty database's URL; a fresh SQLite file when missing")
    chosen = parser.parse_args()
    if chosen.proof == "fuzz":
        sys.exit(fuzz(chosen.streams) > 0)
    sys.exit(kill(chosen.kills, chosen.letters, chosen.workers, chosen.database) > 0)


if __name__ == "__main__":
    main()
