"""The journal proves what it says, and nothing by a silence that it cannot vouch for."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.deliver.ledger.journal import Journal, Mark, Owner, here, read
from digest.deliver.protocol.replies import Fate
from digest.errors import JournalUnwritable


def written(folder: Path) -> Journal:
    journal = Journal(folder)
    for letter in (1, 2, 3):
        journal.begun(letter, "mx")
    journal.replied(1, Fate.ACCEPTED, "250 2.0.0 kept in the box")
    journal.replied(2, Fate.DEFERRED, "451 later")
    return journal


def test_a_live_owner_is_left_alone(tmp_path: Path) -> None:
    journal = written(tmp_path)
    assert read(tmp_path, here(), journal.path.name).owner is Owner.ALIVE
    journal.close(remove=False)


def test_a_dead_owner_s_journal_tells_each_letter_s_fate(tmp_path: Path) -> None:
    journal = written(tmp_path)
    journal.close(remove=False)
    evidence = read(tmp_path, here(), journal.path.name)
    assert evidence.owner is Owner.GONE
    assert evidence.whole
    assert evidence.marks == {
        1: Mark(Fate.ACCEPTED, "250 2.0.0 kept in the box", "mx"),
        2: Mark(Fate.DEFERRED, "451 later", "mx"),
        3: Mark(None, relay="mx"),
    }


@pytest.mark.parametrize("tail", ["B 4", "R 3 acce", "R 3 accepted 250"])
def test_a_torn_last_record_is_none(tmp_path: Path, tail: str) -> None:
    journal = written(tmp_path)
    journal.close(remove=False)
    with journal.path.open("a") as file:
        file.write(tail)
    evidence = read(tmp_path, here(), journal.path.name)
    assert evidence.marks[3] == Mark(None, relay="mx")
    assert 4 not in evidence.marks


def test_after_a_reboot_silence_proves_nothing(tmp_path: Path) -> None:
    journal = written(tmp_path)
    journal.close(remove=False)
    earlier = "machine/earlier-boot"
    journal.path.write_text(journal.path.read_text().replace(here(), earlier))
    evidence = read(tmp_path, earlier, journal.path.name)
    assert not evidence.whole
    assert evidence.marks[1].fate is Fate.ACCEPTED


@pytest.mark.parametrize("name", ["missing.journal", "../outside.journal"])
def test_a_journal_that_is_not_here_is_unknown(tmp_path: Path, name: str) -> None:
    (tmp_path / "outside.journal").write_text(f"J {here()}\n")
    folder = tmp_path / "journals"
    folder.mkdir()
    assert read(folder, here(), name).owner is Owner.UNKNOWN


def test_a_journal_goes_when_all_is_well_and_stays_when_not(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.begun(1, "mx")
    assert not journal.path.exists()
    with pytest.raises(ZeroDivisionError), Journal(tmp_path) as journal:
        raise ZeroDivisionError
    assert journal.path.exists()


def test_a_full_disk_is_told_before_the_letter_leaves() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full on this system")
    with pytest.raises(JournalUnwritable):
        Journal(full)
