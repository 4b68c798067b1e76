"""The ledger of each edition is a partition of its own on PostgreSQL, and goes as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from tests.conftest import another

from digest.model.ids import EditionKey
from digest.model.letter import Letter
from digest.storage import partitions
from digest.storage.deliveries import Deliveries
from digest.storage.editions import Draft, Editions
from digest.storage.engine import Database
from digest.storage.frozen_letters import FrozenLetters
from digest.storage.migrations.run import upgrade
from digest.storage.schema.mailing import deliveries
from digest.storage.schema.people import readers, subscriptions

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
READERS = 3


@pytest.fixture
def database(postgresql: str, ready_postgresql: str) -> Iterator[Database]:
    made = Database(another(postgresql, ready_postgresql))
    with made.write() as connection:
        for n in range(1, READERS + 1):
            who = {"id": n, "address": f"r{n}@example.org", "identity": f"r{n}@example.org", "state": "active"}
            connection.execute(readers.insert(), [who | {"consent": {}, "added_at": NOW}])
            connection.execute(subscriptions.insert(), [{"reader_id": n, "edition": "morning", "since": NOW}])
    yield made
    made.close()


def freeze(database: Database, name: str, day: date) -> int:
    key, store = EditionKey(name=name, date=day), Editions(database)
    row = store.plan(key, NOW, NOW + timedelta(hours=4), NOW)
    store.draft(row.id, Draft(edition=None, telling=(), seen={}), NOW)
    letter = Letter(edition=key, language="en", subject="", html="", text="", segments=(b"x\r\n",))
    FrozenLetters(database).freeze(row.id, letter, NOW)
    return int(row.id)


def known(database: Database) -> dict[str, float]:
    """Return each partition with the rows that the planner believes it has."""
    with database.read() as connection:
        found = connection.execute(text("SELECT relname, reltuples FROM pg_class WHERE relname LIKE 'deliveries\\__'"))
        return {row.relname: row.reltuples for row in found}


@pytest.mark.slow(because="a server")
def test_each_frozen_edition_has_a_partition_that_is_analysed_and_one_without_readers_has_none(
    database: Database,
) -> None:
    first = freeze(database, "morning", NOW.date())
    second = freeze(database, "morning", NOW.date() + timedelta(days=1))
    nobody = freeze(database, "evening", NOW.date())
    assert known(database) == {f"deliveries_{first}": READERS, f"deliveries_{second}": READERS}
    assert [Deliveries(database, n).counts().audience for n in (first, second, nobody)] == [READERS, READERS, 0]


@pytest.mark.slow(because="a server")
def test_a_partition_is_dropped_as_a_whole_unless_somebody_reads_it(database: Database) -> None:
    first = freeze(database, "morning", NOW.date())
    second = freeze(database, "morning", NOW.date() + timedelta(days=1))
    with database.read() as reading:
        reading.scalar(select(func.count()).select_from(deliveries))
        with database.write() as connection:
            assert partitions.drop(connection, first) is None
        assert Deliveries(database, first).counts().audience == READERS
    with database.write() as connection:
        assert partitions.drop(connection, first) == READERS
    assert list(known(database)) == [f"deliveries_{second}"]
    assert Deliveries(database, second).counts().audience == READERS


INDEXED = text("""SELECT i.indexdef FROM pg_indexes i WHERE i.tablename LIKE 'deliveries\\__' ORDER BY i.indexname""")


@pytest.mark.slow(because="a server")
def test_no_index_depends_on_what_a_claim_or_an_accepted_letter_changes(database: Database) -> None:
    freeze(database, "morning", NOW.date())
    with database.read() as connection:
        found = " ".join(connection.scalars(INDEXED))
    assert "(edition_id, reader_id)" in found
    for column in ("state", "worker", "lease_until", "journal_host", "updated_at", "letter", "attempts"):
        assert column not in found


@pytest.mark.slow(because="a server")
def test_an_upgrade_drops_the_index_of_held_rows(postgresql: str) -> None:
    old = Database(another(postgresql))
    upgrade(old.engine, "0025")
    with old.write() as connection:
        connection.execute(text("CREATE TABLE deliveries_7 PARTITION OF deliveries FOR VALUES IN (7)"))
        connection.execute(text("CREATE INDEX ix_deliveries_7_held ON deliveries_7 (reader_id) WHERE worker <> ''"))
        connection.execute(text("CREATE STATISTICS st_deliveries_7_held ON (COALESCE(worker, '')) FROM deliveries_7"))
    old.upgrade()
    with old.read() as connection:
        assert "held" not in " ".join(connection.scalars(INDEXED))
        assert connection.scalar(text("SELECT count(*) FROM pg_statistic_ext")) == 0
    old.close()
