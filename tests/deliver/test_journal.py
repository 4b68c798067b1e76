"""The journal proves what it says, and nothing by a silence that it cannot vouch for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from digest.deliver.ledger.journal import KEEP, Journal, Mark, Owner, finished, has_ended, here, kept, left, read
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
        1: Mark(Fate.ACCEPTED, "250 2.0.0 kept in the box", "mx", 0),
        2: Mark(Fate.DEFERRED, "451 later", "mx", 0),
        3: Mark(None, relay="mx", attempts=0),
    }


@pytest.mark.parametrize("tail", ["A 4", "A 4 0 m", "R 3 acce", "R 3 accepted 250"])
def test_a_torn_last_record_is_none(tmp_path: Path, tail: str) -> None:
    journal = written(tmp_path)
    journal.close(remove=False)
    with journal.path.open("a") as file:
        file.write(tail)
    evidence = read(tmp_path, here(), journal.path.name)
    assert evidence.marks[3] == Mark(None, relay="mx", attempts=0)
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


def test_a_journal_is_for_its_owner_alone_and_says_where_it_was_written(tmp_path: Path) -> None:
    with Journal(tmp_path / "below" / "it") as journal:
        assert journal.path.stat().st_mode & 0o777 == 0o600
        assert journal.path.read_text() == f"J {here()}\n"
        with Journal(tmp_path / "below" / "it") as other:
            assert other.path != journal.path


def test_a_reply_without_its_beginning_is_of_no_relay(tmp_path: Path) -> None:
    (tmp_path / "a.journal").write_text(f"J {here()}\nR 5 rejected 550 no\n")
    assert read(tmp_path, here(), "a.journal").marks == {5: Mark(Fate.REJECTED, "550 no")}


def test_a_letter_begun_again_is_with_its_last_relay(tmp_path: Path) -> None:
    (tmp_path / "a.journal").write_text(f"J {here()}\nB 5 mx\nR 5 deferred 451 later\nB 5 spare\n")
    assert read(tmp_path, here(), "a.journal").marks == {5: Mark(None, relay="spare")}


@pytest.mark.parametrize("text", ["", "J", "another first line\n"])
def test_a_journal_that_does_not_say_whose_it_is_proves_nothing_by_silence(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.journal").write_text(text)
    evidence = read(tmp_path, here(), "a.journal")
    assert (evidence.owner, evidence.whole, evidence.marks) == (Owner.GONE, False, {})


def test_a_journal_of_this_boot_under_another_name_of_the_machine_is_whole(tmp_path: Path) -> None:
    host = f"renamed/{here().rpartition('/')[2]}"
    (tmp_path / "a.journal").write_text(f"J {host}\n")
    assert read(tmp_path, host, "a.journal").whole
    assert not read(tmp_path, here(), "a.journal").whole


def test_after_a_failed_record_nothing_more_is_written_and_the_journal_stays(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full on this system")
    with Journal(tmp_path) as journal:
        kept, broken = os.dup(journal._file), os.open(full, os.O_WRONLY)
        os.dup2(broken, journal._file)
        with pytest.raises(JournalUnwritable, match="No space left"):
            journal.begun(1, "mx")
        os.dup2(kept, journal._file)
        with pytest.raises(JournalUnwritable, match="no room left on the disk"):
            journal.begun(2, "mx")
        os.close(kept)
        os.close(broken)
    assert journal.path.read_text() == f"J {here()}\n"


def test_a_journal_lets_go_of_its_file(tmp_path: Path) -> None:
    journal = written(tmp_path)
    journal.close(remove=True)
    assert not journal.path.exists()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(journal._file)


@pytest.mark.parametrize("record", ["B seven mx", "R 7 no-such-fate words", "R"])
def test_a_journal_with_a_record_that_nobody_of_us_wrote_proves_nothing(tmp_path: Path, record: str) -> None:
    (tmp_path / "x.journal").write_text(f"J {here()}\nB 1 mx\n{record}\nB 2 mx\n")
    assert read(tmp_path, here(), "x.journal").owner is Owner.UNKNOWN


def test_a_journal_that_somebody_else_removed_is_closed_all_the_same(tmp_path: Path) -> None:
    journal = written(tmp_path)
    journal.path.unlink()
    journal.close(remove=True)
    assert list(tmp_path.iterdir()) == []


def test_journals_from_before_a_moment_are_finished_and_those_of_that_moment_are_not(tmp_path: Path) -> None:
    journal = written(tmp_path)
    os.utime(journal.path, (1000.0, 1000.0))
    assert list(finished(tmp_path, 1001.0)) == []  # its run still holds it
    journal.close(remove=False)
    assert list(finished(tmp_path, 1000.0)) == []
    assert list(finished(tmp_path, 1001.0)) == [journal.path]


def test_a_journal_of_version_0_1_0_tells_what_left_and_not_after_how_many_attempts(tmp_path: Path) -> None:
    (tmp_path / "morning.1.journal").write_text(f"J {here()}\nB 1 mx\nR 1 accepted 250\nB 2 mx a\n", encoding="utf-8")
    evidence = read(tmp_path, here(), "morning.1.journal")
    assert evidence.marks == {1: Mark(Fate.ACCEPTED, "250", "mx"), 2: Mark(None, relay="mx a")}
    (run,) = left(tmp_path, "morning")
    assert run.begun_at is None
    assert [(letter.reader_id, letter.accepted, letter.attempts) for letter in run.letters] == [
        (1, True, -1),
        (2, False, -1),
    ]


def test_a_run_that_ends_while_journals_are_copied_keeps_its_own(tmp_path: Path) -> None:
    (tmp_path / f"killed{KEEP}").touch()
    with kept(tmp_path), Journal(tmp_path) as during:
        pass
    with Journal(tmp_path) as after:
        pass
    assert (during.path.exists(), after.path.exists()) == (True, False)
    assert not list(tmp_path.glob(f"*{KEEP}"))


def test_a_journal_of_an_ended_run_is_seen_by_its_label(tmp_path: Path) -> None:
    assert not has_ended(tmp_path / "missing", "morning")
    journal = Journal(tmp_path, "morning")
    assert not has_ended(tmp_path, "morning"), "its run goes on"
    journal.close(remove=False)
    assert has_ended(tmp_path, "morning")
    assert not has_ended(tmp_path, "evening")
    journal.path.unlink()
    Journal(tmp_path).close(remove=False)
    assert has_ended(tmp_path, "evening"), "one without a label may be of any edition"
