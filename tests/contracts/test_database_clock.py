"""Machines whose clocks differ agree on the time of their database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.conftest import Ready

from digest.storage.database_clock import DatabaseClock
from digest.storage.engine import Database

pytestmark = pytest.mark.slow(because="a server")


@pytest.fixture
def database(ready: Ready) -> Iterator[Database]:
    made = Database(ready("postgresql"))
    yield made
    made.close()


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(minutes=7), timedelta(hours=-2)])
def test_a_clock_that_is_wrong_is_corrected(database: Database, ahead: timedelta) -> None:
    clock = DatabaseClock(database, lambda: datetime.now(UTC) + ahead)
    assert clock.offset == timedelta()
    clock.measure()
    assert abs(clock.offset + ahead) < timedelta(seconds=5)
    assert abs(clock() - datetime.now(UTC)) < timedelta(seconds=5)
