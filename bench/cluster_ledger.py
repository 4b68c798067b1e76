"""What the ledger costs PostgreSQL, a letter: with many readers, many past editions, and no relay.

python bench/cluster_ledger.py [--readers 20000 400000] [--past 12]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "bench")]

from sqlalchemy import text  # noqa: E402

from delivery import frozen_letter  # noqa: E402 - the paths come first
from digest.bookkeeping import ALL_READERS, LAST_READER, Outcome, Shard, Step, Worker  # noqa: E402
from digest.deliver.protocol.replies import Fate, Verdict  # noqa: E402
from digest.deliver.protocol.smtp import Parcel  # noqa: E402
from digest.deliver.run.dispatch import dispatch  # noqa: E402
from digest.deliver.run.options import DispatchOptions  # noqa: E402
from digest.model.delivery import DeliveryState  # noqa: E402
from digest.model.ids import EditionKey  # noqa: E402
from digest.pipeline.sending.shards import LEASE  # noqa: E402
from digest.storage.deliveries import Deliveries  # noqa: E402
from digest.storage.editions import Draft, Editions  # noqa: E402
from digest.storage.engine import Database  # noqa: E402
from digest.storage.frozen_letters import SHARD, FrozenLetters  # noqa: E402
from digest.storage.ledger_statements import Statements  # noqa: E402
from digest.storage.partitions import shards  # noqa: E402
from postgresql import Server, server  # noqa: E402

LANES = 10


class Nowhere:
    """A transport that takes every letter at once."""

    name = "nowhere"
    lanes = LANES

    async def carry(self, feed: Any) -> None:
        """Take what the feed gives."""
        while await feed.more():
            while (parcel := feed.take()) is not None:
                feed.handing_over(parcel)
                feed.settle(parcel, Verdict(Fate.ACCEPTED, reply="250 2.0.0 Ok: queued as 3F2A1B0C9D"))
            await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one edition cost."""

    readers: int
    freeze_s: float
    pg_us: float
    wal_bytes: float
    own_us: float
    letters_a_second: float
    claim_ms: tuple[float, ...]
    """At the first reader, in the middle, and near the last, as the worker sees it."""
    claim_server_ms: tuple[float, ...]
    """The same within PostgreSQL."""


def add_readers(database: Database, count: int) -> None:
    """Make so many readers, all subscribed."""
    with database.write() as connection:
        connection.execute(
            text("""INSERT INTO readers (id, address, identity, name, language, state, consent, added_at)
            SELECT n, 'reader' || n || '@example.org', 'reader' || n || '@example.org', '', '', 'active', '{}', now()
            FROM generate_series(1, :count) n"""),
            {"count": count},
        )
        connection.execute(
            text("INSERT INTO subscriptions (reader_id, edition, since) SELECT id, 'morning', added_at FROM readers")
        )
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE readers"))
        connection.execute(text("VACUUM ANALYZE subscriptions"))


def frozen_edition(database: Database, days_ago: int = 0) -> tuple[int, float]:
    """Freeze an edition of a day for all readers; return its id, and the seconds that freezing took."""
    editions, now = Editions(database), datetime.now(UTC)
    day = now.date() - timedelta(days=days_ago)
    row = editions.plan(EditionKey(name="morning", date=day), now, now + timedelta(hours=4), now)
    editions.draft(row.id, Draft(edition=None, telling=(), seen={}), now)
    began = time.perf_counter()
    assert FrozenLetters(database).freeze(row.id, frozen_letter(), now)
    return row.id, time.perf_counter() - began


def past_editions(database: Database, count: int) -> None:
    """Make editions whose letters were all accepted."""
    for days in range(count, 0, -1):
        edition, _ = frozen_edition(database, days)
        with database.write() as connection:
            connection.execute(
                text("""UPDATE deliveries SET state = 'accepted', attempts = 1, reply = '250 2.0.0 Ok: queued'
                WHERE edition_id = :edition"""),
                {"edition": edition},
            )
            connection.execute(text("UPDATE editions SET state = 'sent' WHERE id = :edition"), {"edition": edition})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE deliveries"))  # as it was done in the days since then
        connection.execute(text("CHECKPOINT"))


def claim_times(database: Database, edition: int, readers: int) -> tuple[float, ...]:
    """Return how many milliseconds a claim of 500 takes at three places of the audience; all are put back."""
    found = []
    for place in (0, readers // 2, readers - 1000):
        ledger, worker = Deliveries(database, edition), Worker(f"claims{place}", "here", "none")
        ledger._after = place  # noqa: SLF001 - as it would be after so many claims
        took = []
        for _ in range(5):
            began = time.perf_counter()
            claims = ledger.book(worker, Step(claim=100), datetime.now(UTC)).claims
            took.append((time.perf_counter() - began) * 1000)
            back = tuple(Outcome(each.reader_id, DeliveryState.QUEUED, 0) for each in claims)
            ledger.book(worker, Step(outcomes=back), datetime.now(UTC))
        found.append(round(min(took), 2))
    return tuple(found)


def claim_server_times(database: Database, edition: int, readers: int) -> tuple[float, ...]:
    """Return how many milliseconds PostgreSQL itself needs for a claim of 100, to plan and to execute its statements.

    The least of five is given for each place: other work on the machine makes single ones longer.
    """
    places = (0, readers // 2, readers - 1000)
    return tuple(round(min(_explained(database, edition, place) for _ in range(5)), 2) for place in places)


def _explained(database: Database, edition: int, place: int) -> float:
    say, now = Statements("postgresql", f"deliveries_{edition}"), datetime.now(UTC)
    due = {"edition": edition, "after": place, "last": LAST_READER, "most": 100, "now": now}
    with database.engine.connect() as connection:
        ids = [row.reader_id for row in connection.execute(say.due, due)]
        claim = {
            "edition": edition,
            "worker": "w",
            "host": "h",
            "file": "f",
            "lease": now,
            "now": now,
            "taken": "claimed",
        }
        claim |= {"ids": json.dumps(ids), "first": ids[0], "last": ids[-1]}
        took = 0.0
        for statement, given in ((say.due, due), (say.claim, claim)):
            explain = text(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
            plan = connection.execute(explain, given).scalar_one()[0]
            took += plan["Planning Time"] + plan["Execution Time"]
        connection.rollback()
    return took


def shares(database: Database, edition: int) -> list[Shard]:
    """Return the shards of an edition, one for each job of a cluster."""
    with database.read() as connection:
        return shards(connection, edition, SHARD)


def measure(host: Server, readers: int, past: int, letters_a_lane: int = 0) -> Cost:
    """Return what an edition for so many readers costs, after so many others.

    With ``letters_a_lane`` (see DispatchOptions) it is sent as in a cluster: shard by shard, in small groups.
    """
    database = Database(host.database())
    database.require_schema()
    add_readers(database, readers)
    past_editions(database, past)
    edition, freezing = frozen_edition(database)
    claims, within = claim_times(database, edition, readers), claim_server_times(database, edition, readers)
    with tempfile.TemporaryDirectory() as folder:
        cpu, wal, own, began = host.cpu(), host.wal(), time.process_time(), time.perf_counter()
        for shard in shares(database, edition) if letters_a_lane else (ALL_READERS,):
            dispatch(
                Deliveries(database, edition, shard, LEASE, lists=letters_a_lane > 0),
                Nowhere(),
                lambda claim: Parcel(claim.reader_id, "a@paper.example", claim.address, b"", ready=True),
                orders=DispatchOptions(
                    expires=datetime.now(UTC) + timedelta(hours=1), journals=Path(folder), letters_a_lane=letters_a_lane
                ),
                clock=lambda: datetime.now(UTC),
            )
        took = time.perf_counter() - began
        spent, written = host.cpu() - cpu, host.wal() - wal
    counts = Deliveries(database, edition).counts()
    assert counts.by_state == ((DeliveryState.ACCEPTED, readers),), counts
    database.close()
    return Cost(
        readers=readers,
        freeze_s=round(freezing, 2),
        pg_us=round(spent / readers * 1e6, 1),
        wal_bytes=round(written / readers),
        own_us=round((time.process_time() - own) / readers * 1e6, 1),
        letters_a_second=round(readers / took),
        claim_ms=claims,
        claim_server_ms=within,
    )


@contextmanager
def a_server() -> Iterator[Server]:
    """Give a server in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, server(Path(folder) / "postgresql") as host:
        yield host


def main() -> None:
    """Measure each size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--readers", type=int, nargs="+", default=[20_000, 400_000])
    parser.add_argument("--past", type=int, default=12)
    parser.add_argument("--letters-a-lane", type=int, default=0)
    chosen = parser.parse_args()
    with a_server() as host:
        for readers in chosen.readers:
            print(measure(host, readers, chosen.past, chosen.letters_a_lane), flush=True)


if __name__ == "__main__":
    main()
