"""A restored backup does not send again what left."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from digest.bookkeeping import Counts
from digest.deliver.ledger.journal import Journal
from digest.deliver.protocol.replies import Fate
from digest.errors import DatabaseOlder
from digest.model.delivery import DeliveryState
from digest.model.ids import EditionKey
from digest.pipeline.sending.sent_marks import hold_if_older, label, note

KEY = EditionKey(name="morning", date=date(2026, 11, 27))
NOW = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)


def knows(accepted: int, attempting: int = 0) -> Counts:
    return Counts(
        ((DeliveryState.ACCEPTED, accepted), (DeliveryState.ATTEMPTING, attempting), (DeliveryState.QUEUED, 9))
    )


def test_a_database_that_knows_of_fewer_letters_than_left_holds_and_names_the_mark(tmp_path: Path) -> None:
    note(tmp_path, KEY, 20, NOW)
    with pytest.raises(DatabaseOlder, match=r"20 letters left already.*morning-2026-11-27\.sent"):
        hold_if_older(tmp_path, KEY, lambda: knows(0))
    hold_if_older(tmp_path, KEY, lambda: knows(20))
    hold_if_older(tmp_path, EditionKey(name="evening", date=KEY.date), lambda: knows(0))


def test_the_operators_word_is_to_delete_the_mark(tmp_path: Path) -> None:
    note(tmp_path, KEY, 20, NOW)
    (mark,) = tmp_path.glob("*.sent")
    mark.unlink()
    hold_if_older(tmp_path, KEY, lambda: knows(0))


def test_a_mark_that_nobody_can_read_or_write_stops_no_sending(tmp_path: Path) -> None:
    (tmp_path / "morning-2026-11-27.sent").write_text("?", encoding="ascii")
    hold_if_older(tmp_path, KEY, lambda: knows(0))
    (tmp_path / "file").write_text("", encoding="ascii")
    note(tmp_path / "file", KEY, 1, NOW)


def killed(folder: Path, key: EditionKey, letters: int) -> None:
    """Leave the journal of a run that was killed after so many letters, and before the answer to one more."""
    journal = Journal(folder, label(key))
    for letter in range(letters):
        journal.begun(letter, "relay")
        journal.replied(letter, Fate.ACCEPTED, "250 ok")
    journal.begun(letters, "relay")
    journal.close(remove=False)


def test_the_journal_of_a_run_that_was_killed_holds_a_database_that_knows_of_less(tmp_path: Path) -> None:
    killed(tmp_path, KEY, 8)
    with pytest.raises(DatabaseOlder, match=r"8 letters left already.*morning-2026-11-27\.\*\.journal"):
        hold_if_older(tmp_path, KEY, lambda: knows(0))
    with pytest.raises(DatabaseOlder):
        hold_if_older(tmp_path, KEY, lambda: knows(3, attempting=4))
    hold_if_older(tmp_path, EditionKey(name="evening", date=KEY.date), lambda: knows(0))
    hold_if_older(tmp_path, EditionKey(name="morn", date=KEY.date), lambda: knows(0))


@pytest.mark.parametrize("counts", [knows(8), knows(3, attempting=5), knows(0, attempting=9)])
def test_a_run_that_was_killed_is_gone_on_with_when_the_database_knows_its_letters(
    tmp_path: Path, counts: Counts
) -> None:
    killed(tmp_path, KEY, 8)
    hold_if_older(tmp_path, KEY, lambda: counts)


def test_a_run_that_is_alive_is_no_proof(tmp_path: Path) -> None:
    with Journal(tmp_path, label(KEY)) as journal:
        journal.begun(1, "relay")
        journal.replied(1, Fate.ACCEPTED, "250 ok")
        hold_if_older(tmp_path, KEY, lambda: knows(0))
