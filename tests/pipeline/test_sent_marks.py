"""A restored backup does not send again what left."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from digest.errors import DatabaseOlder
from digest.model.ids import EditionKey
from digest.pipeline.sending.sent_marks import hold_if_older, note

KEY = EditionKey(name="morning", date=date(2026, 11, 27))
NOW = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)


def test_a_database_that_knows_of_fewer_letters_than_left_holds_and_names_the_mark(tmp_path: Path) -> None:
    note(tmp_path, KEY, 20, NOW)
    with pytest.raises(DatabaseOlder, match=r"20 letters left already.*morning-2026-11-27\.sent"):
        hold_if_older(tmp_path, KEY, lambda: 0)
    hold_if_older(tmp_path, KEY, lambda: 20)
    hold_if_older(tmp_path, EditionKey(name="evening", date=KEY.date), lambda: 0)


def test_the_operators_word_is_to_delete_the_mark(tmp_path: Path) -> None:
    note(tmp_path, KEY, 20, NOW)
    (mark,) = tmp_path.glob("*.sent")
    mark.unlink()
    hold_if_older(tmp_path, KEY, lambda: 0)


def test_a_mark_that_nobody_can_read_or_write_stops_no_sending(tmp_path: Path) -> None:
    (tmp_path / "morning-2026-11-27.sent").write_text("?", encoding="ascii")
    hold_if_older(tmp_path, KEY, lambda: 0)
    (tmp_path / "file").write_text("", encoding="ascii")
    note(tmp_path / "file", KEY, 1, NOW)
