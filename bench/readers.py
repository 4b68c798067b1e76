"""Measure what a million readers cost: the import, the first page of the list, the freezing of an audience.

    PYTHONPATH=src:. python bench/readers.py [READERS] [DATABASE URL]

Prints CPU seconds of each step and the memory that the process took at its most (RSS).
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from digest.cli.imports import RosterFile
from digest.model.edition import Edition
from digest.model.ids import EditionKey
from digest.model.letter import Letter
from digest.pipeline.progress import unseen
from digest.pipeline.readers.enrol import enrol
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.settings import Settings
from digest.storage.editions import Draft
from digest.storage.engine import Database

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
READERS = 1_000_000
DOMAINS = ("mail.example", "post.example.org", "paper.example.net", "example.com", "uni.example.edu")


def write_roster(file: Path, readers: int) -> None:
    """Write a list as another system exports it; one address in a hundred is not ASCII, one is bad, one left."""
    chance = random.Random(7)  # noqa: S311 - a bench's made-up names
    with file.open("w", encoding="utf-8") as out:
        out.write("uuid,email,name,attributes,status,created_at,updated_at\n")
        for number in range(readers):
            local, domain = f"{chance.randrange(16**8):08x}.{number}", DOMAINS[number % len(DOMAINS)]
            domain = "bücher.example" if number % 100 == 0 else domain
            status = "blocklisted" if number % 100 == 1 else "enabled"
            at = "" if number % 100 == 2 else "@"  # noqa: PLR2004 - one in a hundred
            out.write(f'{number},{local}{at}{domain},"Reader {number}",{{}},{status},2024-03-01T08:00:00Z,\n')


@contextmanager
def measured(what: str) -> Iterator[None]:
    """Print the CPU and wall time of a block, and the most memory so far."""
    cpu, wall = time.process_time(), time.perf_counter()
    yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:32} {time.process_time() - cpu:8.2f} CPU s {time.perf_counter() - wall:8.2f} s {peak:7.0f} MB")


def freeze(runtime: Runtime) -> int | None:
    """Freeze an edition for all of them."""
    key = EditionKey(name="morning", date=date(2026, 11, 23))
    row = runtime.stores.editions.plan(key, NOW, NOW + timedelta(hours=6), NOW)
    edition = Edition(
        key=key, title="Morning Update", language="en", zone="UTC", cut=NOW, subject="x", preheader="", items=()
    )
    runtime.stores.editions.draft(row.id, Draft(edition=edition, telling=(), seen={"version": "1"}), NOW)
    letter = Letter(edition=key, language="en", subject="x", html="", text="", segments=(b"\r\n",))
    return runtime.stores.letters.freeze(row.id, letter, NOW, {})


def imported(runtime: Runtime, roster: Path, what: str, *, dry_run: bool = False) -> None:
    """Import the list, and print what came of it."""
    with measured(what):
        lines = RosterFile(roster)
        report = enrol(runtime, lines, dry_run=dry_run, progress=unseen, total_lines=lines.count)
    print(f"    {report.counts}", flush=True)


def main(readers: int, url: str | None) -> None:
    """Run the bench."""
    with tempfile.TemporaryDirectory() as folder:
        roster = Path(folder) / "readers.csv"
        write_roster(roster, readers)
        database = Database(url or f"sqlite:///{folder}/digest.db")
        database.require_schema()
        ticks = count()
        runtime = Runtime(
            settings=Settings(folder=folder),
            stores=Stores(database),
            clock=lambda: NOW + timedelta(seconds=next(ticks)),
        )
        imported(runtime, roster, "import")
        with measured("first page of the list"):
            assert runtime.stores.readers.page(0, 100)
        with measured("audience frozen"):
            audience = freeze(runtime)
        print(f"    {audience:,} letters" if audience else "    none")
        imported(runtime, roster, "import again")
        imported(runtime, roster, "dry run", dry_run=True)
        database.close()


if __name__ == "__main__":
    arguments = sys.argv[1:]
    main(int(arguments[0]) if arguments else READERS, arguments[1] if len(arguments) > 1 else None)
