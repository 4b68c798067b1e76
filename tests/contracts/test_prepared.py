"""The frequent statements of the ledger are prepared once for each session of PostgreSQL, and stay so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from tests.conftest import another
from tests.contracts.test_ledger import IDS, ME, NOW, frozen

from digest.bookkeeping import Outcome, Step
from digest.errors import StorageError
from digest.model.delivery import DeliveryState as S
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database
from digest.storage.prepared import prepared

NAMES = text("SELECT statement FROM pg_prepared_statements")


@pytest.fixture
def database(postgresql: str, ready_postgresql: str) -> Iterator[Database]:
    made = Database(another(postgresql, ready_postgresql))
    yield made
    made.close()


def statements(database: Database) -> list[str]:
    """Return the prepared statements of the session that was used last."""
    with database.read() as connection:
        return list(connection.scalars(NAMES))


def sent_and_back(ledger: Deliveries, turns: int = 3) -> None:
    """Claim letters, note attempts and give them back, several times."""
    for _ in range(turns):
        ours = tuple(claim.reader_id for claim in ledger.book(ME, Step(claim=2), NOW).claims)
        ledger.book(ME, Step(attempt=ours), NOW)
        ledger.book(ME, Step(outcomes=tuple(Outcome(reader, S.QUEUED, 0) for reader in ours)), NOW)


def test_the_steps_of_a_run_are_prepared(database: Database) -> None:
    frozen(database)
    sent_and_back(Deliveries(database, 1, lists=True))
    found = statements(database)
    for begin in ("UPDATE in_flight", "UPDATE deliveries_1 SET state", "WITH due", "WITH new"):
        assert sum(each.startswith(begin) for each in found) == 1, begin


def test_they_outlive_transactions_that_only_read(database: Database) -> None:
    frozen(database)
    ledger = Deliveries(database, 1, lists=True)
    sent_and_back(ledger)
    before = statements(database)
    ledger.counts()
    ledger.held_by_others(ME)
    assert statements(database) == before


def test_the_steps_of_a_run_without_lists_are_planned_for_each_batch(database: Database) -> None:
    frozen(database)
    sent_and_back(Deliveries(database, 1))
    assert statements(database) == []


def test_other_statements_are_not_prepared(database: Database) -> None:
    ask = text("SELECT 7")
    for _ in range(8):
        with database.write() as connection:
            connection.execute(ask)
    assert statements(database) == []
    with database.write() as connection:
        for _ in range(3):
            with prepared(connection):
                connection.execute(ask)
            connection.execute(text("SELECT 8"))
    assert statements(database) == ["SELECT 7"]


def test_after_an_error_the_ledger_goes_on(database: Database) -> None:
    frozen(database)
    ledger = Deliveries(database, 1, lists=True)
    sent_and_back(ledger)
    with pytest.raises(StorageError), database.write() as connection, prepared(connection):
        connection.execute(text("SELECT 1 / 0"))
    sent_and_back(ledger)
    assert ledger.counts().of(S.QUEUED) == len(IDS)
