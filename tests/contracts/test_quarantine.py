"""What is set aside, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from digest.errors import RefusedValue
from digest.model.ids import SourceId
from digest.model.quarantine import MOST_INPUT_BYTES, MOST_KEY_CHARACTERS, ItemKind, set_aside
from digest.model.source import FeedEntry, Source
from digest.storage.engine import Database
from digest.storage.entries import Entries
from digest.storage.quarantine import Quarantine
from digest.storage.schema.people import readers
from digest.storage.sources import Sources

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
HARD = "a\0b\ud800c \N{SNOWMAN}"
"""Characters that databases do not take."""


def failed(message: str = "no such thing") -> ValueError:
    try:
        raise ValueError(message)  # noqa: TRY301 - it needs a traceback
    except ValueError as error:
        return error


def test_an_item_is_stored_with_its_traceback_and_the_beginning_of_its_input(database: Database) -> None:
    store = Quarantine(database)
    number = store.put(set_aside(ItemKind.PAGE, "https://p.example/1", b"x" * 100_000, failed(), NOW))
    item = store.get(number)
    assert item is not None
    assert (item.kind, item.key, item.error) == (ItemKind.PAGE, "https://p.example/1", "ValueError: no such thing")
    assert "in failed" in item.trace
    assert item.data == b"x" * MOST_INPUT_BYTES
    assert [each.id for each in store.all()] == [number]
    assert store.counts() == {ItemKind.PAGE: 1}
    assert store.held() == {(ItemKind.PAGE, "https://p.example/1")}


def test_any_key_and_any_words_can_be_stored(database: Database) -> None:
    store = Quarantine(database)
    for key in (HARD, "https://p.example/" + "q" * 9000, ""):
        assert store.get(store.put(set_aside(ItemKind.ENTRY, key, b"\0\xff", failed(HARD), NOW))) is not None
    assert max(len(key) for _, key in store.held()) <= MOST_KEY_CHARACTERS
    assert len(store.held()) == 3


def test_an_item_set_aside_again_keeps_its_number(database: Database) -> None:
    store = Quarantine(database)
    first = store.put(set_aside(ItemKind.JOB, "fetch", b"", failed("one"), NOW))
    assert store.put(set_aside(ItemKind.JOB, "fetch", b"", failed("two"), NOW + timedelta(hours=1))) == first
    assert [item.error for item in store.all()] == ["ValueError: two"]


def test_a_suspect_is_counted_and_is_not_set_aside(database: Database) -> None:
    store, item = Quarantine(database), (ItemKind.STORY, "7f")
    store.suspect([item, item], NOW)
    store.suspect([item], NOW)
    assert store.suspects() == {item: 3}
    assert (store.all(), store.held(), store.counts()) == ((), frozenset(), {})
    store.release(*item)
    assert store.suspects() == {}


def test_old_inputs_are_dropped_and_their_items_stay(database: Database) -> None:
    store = Quarantine(database)
    old = store.put(set_aside(ItemKind.BOUNCE, "1", b"what a reader wrote", failed(), NOW))
    new = store.put(set_aside(ItemKind.BOUNCE, "2", b"what a reader wrote", failed(), NOW + timedelta(days=9)))
    assert store.forget_inputs(NOW + timedelta(days=1)) == 1
    assert [item.data if (item := store.get(number)) else None for number in (old, new)] == [
        b"",
        b"what a reader wrote",
    ]


def test_a_text_that_no_index_takes_is_the_fault_of_its_item(database: Database) -> None:
    Sources(database).follow([Source(id=SourceId(1), url="https://p.example/feed", name="Paper", publisher="Paper")])
    letters = "".join(chr(0x4E00 + (n * n * 7919) % 20_000) for n in range(9000))
    short = FeedEntry(
        source_id=SourceId(1), url="https://p.example/x", link="https://p.example/x", title="x", seen_at=NOW
    )
    long = replace(short, url=f"https://p.example/{letters}")
    if database.is_sqlite:  # it takes texts of any length into its indexes
        assert Entries(database).see([short, long]) == 2
        return
    assert Entries(database).see([short]) == 1
    with pytest.raises(RefusedValue, match="index"):
        Entries(database).see([long])


def test_the_error_about_a_value_quotes_no_row(database: Database) -> None:
    row: dict[str, object] = {"address": "ines@receiver.test", "identity": "ines@receiver.test", "name": ""}
    row |= {"language": "", "state": "active", "added_at": NOW, "consent": {}, "left_why": ""}

    def add() -> None:
        with database.write() as connection:
            connection.execute(insert(readers), row)

    add()
    with pytest.raises(RefusedValue) as refused:
        add()
    assert "receiver.test" not in str(refused.value)
