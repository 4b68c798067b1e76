"""A pooled connection of PostgreSQL that died while nobody used it is replaced before it is used."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from tests.conftest import another

from digest.storage.engine import IDLE_SECONDS, Database


@pytest.fixture
def databases(postgresql: str, ready_postgresql: str) -> Iterator[tuple[Database, Database]]:
    url = another(postgresql, ready_postgresql)
    made = Database(url), Database(url)
    yield made
    for each in made:
        each.close()


def backend(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def test_a_connection_that_was_used_just_now_is_used_again(databases: tuple[Database, Database]) -> None:
    ours, _other = databases
    assert backend(ours) == backend(ours)


def test_a_connection_that_died_while_idle_is_replaced(databases: tuple[Database, Database]) -> None:
    ours, other = databases
    before = backend(ours)
    with other.write() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": before})
    time.sleep(IDLE_SECONDS + 0.1)
    assert backend(ours) != before
