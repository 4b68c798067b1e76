"""What one reading of the figures costs: 200,000 letters in the newest edition, and as many readers.

python bench/figures.py [LETTERS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, text

from digest.model.edition import EditionState
from digest.model.ids import EditionKey
from digest.model.letter import Letter
from digest.pipeline.operations.outlook import LetterCounts, facts
from digest.pipeline.operations.readings import readings
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.settings import Settings
from digest.storage.engine import Database
from digest.storage.schema.editions import editions, letters
from digest.storage.schema.people import readers

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
TIMES = 3


def fill(database: Database, count: int) -> None:
    """Make readers, bounces, three days of editions and the letters of each."""
    with database.write() as connection:
        people = [
            {
                "address": f"r{n}@readers.example",
                "identity": f"r{n}@readers.example",
                "state": "active",
                "consent": {},
                "added_at": NOW - timedelta(minutes=n % 500_000),
            }
            for n in range(count)
        ]
        connection.execute(insert(readers), people)
        for back in range(6):
            due = NOW - timedelta(hours=12 * back, minutes=30)
            key = EditionKey(name=("morning", "evening")[back % 2], date=due.date())
            values = {"name": key.name, "date": key.date, "number": 1, "due": due, "changed_at": due}
            state = EditionState.SENDING if back == 0 else EditionState.SENT
            values |= {"state": state.value, "expires": due + timedelta(hours=6)}
            edition = connection.execute(insert(editions).values(values).returning(editions.c.id)).scalar_one()
            letter = Letter(edition=key, language="en", subject="", html="", text="", segments=(b"x\r\n",))
            frozen = {"edition_id": edition, "language": "en", "letter": letter, "frozen_at": due}
            connection.execute(insert(letters).values(frozen))
            sql = (
                "INSERT INTO deliveries (edition_id, reader_id, state, attempts, reply, relay, updated_at) "
                "SELECT :edition, id, CASE id % 4 WHEN 0 THEN 'queued' ELSE 'accepted' END, 1, '250 2.0.0 OK', 'mail', "
                "added_at FROM readers WHERE id <= :most"
            )
            connection.execute(text(sql), {"edition": edition, "most": count if back == 0 else count // 100})


def measured(what: str, work: Callable[[], object]) -> None:
    """Print the median time of some runs, and of the processor's: others may be at work on the machine."""
    took, busy = [], []
    for _ in range(TIMES):
        began, began_busy = time.perf_counter(), time.process_time()
        work()
        took.append(time.perf_counter() - began)
        busy.append(time.process_time() - began_busy)
    print(
        f"{what}: {statistics.median(took) * 1000:.1f} ms, of the processor's {statistics.median(busy) * 1000:.1f} ms"
    )


def main() -> None:
    """Fill a database, and measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        database = Database("sqlite:///digest.db", Path(folder))
        database.require_schema()
        fill(database, count)
        stores = Stores(database)
        runtime = Runtime(settings=Settings(folder=folder), stores=stores, clock=lambda: NOW)
        figures = stores.figures
        course = figures.courses(NOW - timedelta(hours=1), NOW)[0]
        measured("letters of one edition", lambda: figures.letters(course.id))
        measured("readers of a day", lambda: figures.movement(NOW - timedelta(days=1), NOW))
        measured("a reading, nothing counted before", lambda: readings(runtime, LetterCounts(figures)))
        counts = LetterCounts(figures)
        readings(runtime, counts)
        measured("a reading within 15 s of another", lambda: readings(runtime, counts))
        measured("the facts for `status`, nothing counted before", lambda: facts(runtime))
        facts(runtime, counts)
        measured("the facts for alerts", lambda: facts(runtime, counts))
        database.close()


if __name__ == "__main__":
    main()
