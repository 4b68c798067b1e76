"""In-flight lists: which letters of a lost run may have left, and that a run whose letters were taken sends no more."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.contracts.test_ledger import IDS, ME, NOW, OTHER, frozen

from digest.bookkeeping import LEASE, Booked, Order, Outcome, RecoveryFinding, Step, Worker
from digest.deliver.ledger.journal import Journal, here
from digest.deliver.ledger.recovery import recover
from digest.deliver.protocol.replies import Fate
from digest.model.delivery import DeliveryState as S
from digest.model.life import Move
from digest.storage.deliveries import Deliveries
from digest.storage.editions import EditionId, Editions
from digest.storage.engine import Database
from digest.storage.in_flight import ACCEPTED_UNSEEN, close_all
from digest.storage.schema.editions import editions
from digest.storage.schema.mailing import deliveries, in_flight
from digest.storage.schema.people import suppressions

LAPSED = NOW + LEASE + timedelta(seconds=1)


@pytest.fixture
def ledger(database: Database) -> Deliveries:
    frozen(database)
    return Deliveries(database, 1, lists=True)


def begun(ledger: Deliveries, attempts: int = 2) -> Booked:
    """Let a run claim four letters, and note attempts at some of them."""
    ledger.book(ME, Step(claim=4), NOW)
    return ledger.book(ME, Step(attempt=tuple(IDS[:attempts])), NOW)


def rows(database: Database) -> list[S]:
    return [row.state for row in Deliveries(database, 1).rows()]


def lost(database: Database, folder: Path) -> int:
    """Let another machine take over, which has not the journal of the lost run."""
    others = Deliveries(database, 1, lists=True)
    return recover(others, OTHER, folder, LAPSED, random.Random(1), resend=False)  # noqa: S311


def taken_over(database: Database) -> int:
    others = Deliveries(database, 1)
    held = others.held_by_others(OTHER)
    return others.settle([RecoveryFinding(each, Outcome(each.reader_id, S.QUEUED, 0)) for each in held], NOW)


def test_the_list_says_which_of_the_claimed_letters_may_have_left(ledger: Deliveries, database: Database) -> None:
    assert begun(ledger) == Booked(frozenset(IDS[:2]))
    assert rows(database) == [S.ATTEMPTING] * 4 + [S.QUEUED], "a claim writes a row once for all"
    held = Deliveries(database, 1).held_by_others(OTHER)
    assert [each.state for each in held] == [S.ATTEMPTING] * 2 + [S.CLAIMED] * 2
    assert {each.flight for each in held} == {1}


def test_only_claimed_letters_are_noted(ledger: Deliveries) -> None:
    begun(ledger, attempts=0)
    assert ledger.book(ME, Step(attempt=tuple(IDS)), NOW).attempting == frozenset(IDS[:4])
    assert ledger.book(OTHER, Step(attempt=(IDS[0],)), NOW).attempting == frozenset()


def test_of_a_lost_run_without_its_journal_only_noted_letters_without_result_are_uncertain(
    ledger: Deliveries, database: Database, tmp_path: Path
) -> None:
    begun(ledger, attempts=3)
    put_off = Outcome(IDS[1], S.DEFERRED, 1, "451 later", NOW + timedelta(minutes=5), relay="mx")
    refused = Outcome(IDS[2], S.REJECTED, 1, "550 no such user", suppress=True, relay="mx")
    ledger.book(ME, Step(interim=(put_off, refused)), NOW)
    assert rows(database) == [S.ATTEMPTING] * 4 + [S.QUEUED], "results are noted, and not yet in the rows"
    assert lost(database, tmp_path) == 4
    assert rows(database) == [S.UNCERTAIN, S.DEFERRED, S.REJECTED, S.QUEUED, S.QUEUED]
    (row,) = ledger.rows(S.DEFERRED)
    assert (row.attempts, row.reply, row.next_attempt, row.relay) == (1, "451 later", put_off.next_attempt, "mx")
    with database.read() as connection:
        assert connection.scalars(select(suppressions.c.identity)).all() == ["r3@example.org"]


def test_results_that_are_written_to_their_rows_leave_the_list(ledger: Deliveries, database: Database) -> None:
    begun(ledger)
    accepted = [Outcome(reader, S.ACCEPTED, 1, "250") for reader in IDS[:2]]
    ledger.book(ME, Step(interim=tuple(accepted)), NOW)
    ledger.book(ME, Step(outcomes=tuple(accepted), attempt=(IDS[2],)), NOW)
    assert rows(database) == [S.ACCEPTED, S.ACCEPTED, S.ATTEMPTING, S.ATTEMPTING, S.QUEUED]
    with database.read() as connection:
        assert connection.execute(select(in_flight.c.readers, in_flight.c.results)).one() == ("[3]", "[]")


def test_a_run_whose_letters_were_taken_notes_no_attempt_any_more(ledger: Deliveries, database: Database) -> None:
    begun(ledger)
    assert taken_over(database) == 4
    late = ledger.book(ME, Step(attempt=(IDS[2],)), NOW)
    assert (late.attempting, late.order) == (frozenset(), Order.LEAVE)
    for step in (Step(claim=3), Step(renew=True)):
        assert ledger.book(ME, step, NOW).order is Order.LEAVE
    assert rows(database) == [S.QUEUED] * 5


def test_its_letters_are_not_taken_when_the_run_noted_more_since_its_list_was_read(
    ledger: Deliveries, database: Database
) -> None:
    begun(ledger)
    others = Deliveries(database, 1)
    held = others.held_by_others(OTHER)
    assert ledger.book(ME, Step(attempt=(IDS[2],)), NOW).attempting == {IDS[2]}
    findings = [RecoveryFinding(each, Outcome(each.reader_id, S.QUEUED, 0)) for each in held]
    assert others.settle(findings, NOW) == 0
    assert rows(database) == [S.ATTEMPTING] * 4 + [S.QUEUED]


def test_a_run_that_lost_its_letters_may_still_say_what_became_of_an_uncertain_one(
    ledger: Deliveries, database: Database, tmp_path: Path
) -> None:
    begun(ledger)
    lost(database, tmp_path)
    accepted = Outcome(IDS[0], S.ACCEPTED, 1, "250")
    assert ledger.book(ME, Step(outcomes=(accepted,)), NOW).order is Order.LEAVE
    assert rows(database) == [S.ACCEPTED, S.UNCERTAIN, S.QUEUED, S.QUEUED, S.QUEUED]


def test_nothing_is_noted_of_a_letter_that_was_replaced(ledger: Deliveries, database: Database) -> None:
    run = ledger.of_letter(1)
    begun(run)
    with database.write() as connection:
        connection.execute(editions.update().values(letter=2))
        close_all(connection, 1)
    late = run.book(ME, Step(attempt=(IDS[2],)), NOW)
    assert (late.attempting, late.order) == (frozenset(), Order.PAUSE)


@pytest.mark.parametrize(("state", "order"), [("paused", Order.PAUSE), ("cancelled", Order.CANCEL)])
def test_the_operators_order_comes_with_the_next_write_of_rows(
    ledger: Deliveries, database: Database, state: str, order: Order
) -> None:
    begun(ledger)
    with database.write() as connection:
        connection.execute(editions.update().values(state=state))
    sent = Outcome(IDS[0], S.ACCEPTED, 1, "250")
    assert ledger.book(ME, Step(outcomes=(sent,), attempt=(IDS[2],)), NOW).order is order


def test_an_edition_that_is_sent_keeps_no_lists(ledger: Deliveries, database: Database) -> None:
    begun(ledger)
    Editions(database).move(EditionId(1), Move.FINISH, NOW)
    with database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(in_flight)) == 0
    assert ledger.book(ME, Step(attempt=(IDS[2],)), NOW).order is Order.LEAVE, "a run that slept sends nothing"


def test_a_machine_that_comes_back_settles_by_its_journal_what_another_called_uncertain(
    ledger: Deliveries, database: Database, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "own")
    me = Worker(journal.path.stem, here(), journal.path.name)
    ledger.book(me, Step(claim=4), NOW)
    ledger.book(me, Step(attempt=tuple(IDS[:3])), NOW)
    journal.begun(IDS[0], "mx")
    journal.replied(IDS[0], Fate.ACCEPTED, "250")
    journal.begun(IDS[1], "mx")
    journal.close(remove=False)
    assert lost(database, tmp_path / "others") == 4
    assert rows(database) == [S.UNCERTAIN, S.UNCERTAIN, S.UNCERTAIN, S.QUEUED, S.QUEUED]
    nobody = Worker("", here(), "")
    recover(Deliveries(database, 1), nobody, tmp_path / "own", LAPSED, random.Random(1), resend=False)  # noqa: S311
    assert rows(database) == [S.ACCEPTED, S.UNCERTAIN, S.QUEUED, S.QUEUED, S.QUEUED]


def test_the_list_names_the_journal_of_its_letters_and_an_uncertain_row_does_so_itself(
    ledger: Deliveries, database: Database, tmp_path: Path
) -> None:
    begun(ledger)
    journal = select(deliveries.c.journal_host, deliveries.c.journal_file).order_by(deliveries.c.reader_id)
    with database.read() as connection:
        assert set(connection.execute(journal)) == {(None, None)}
    held = Deliveries(database, 1).held_by_others(OTHER)
    assert {(each.journal_host, each.journal_file) for each in held} == {(ME.journal_host, ME.journal_file)}
    lost(database, tmp_path)
    Editions(database).move(EditionId(1), Move.FINISH, NOW)
    held = Deliveries(database, 1).held_by_others(OTHER)
    assert [(each.journal_host, each.journal_file) for each in held] == [(ME.journal_host, ME.journal_file)] * 2


def test_a_run_names_its_journal_in_the_row_of_a_letter_that_it_calls_uncertain(
    ledger: Deliveries, database: Database
) -> None:
    begun(ledger)
    ledger.book(ME, Step(outcomes=(Outcome(IDS[0], S.UNCERTAIN, 1), Outcome(IDS[1], S.ACCEPTED, 1))), NOW)
    (uncertain,) = (each for each in Deliveries(database, 1).held_by_others(OTHER) if each.state is S.UNCERTAIN)
    assert (uncertain.journal_host, uncertain.journal_file) == (ME.journal_host, ME.journal_file)


def test_rows_that_an_earlier_version_claimed_name_their_journal_themselves(
    ledger: Deliveries, database: Database
) -> None:
    begun(ledger)
    with database.write() as connection:
        connection.execute(in_flight.update().values(journal_host="", journal_file=""))
        connection.execute(deliveries.update().values(journal_host="old/boot", journal_file="old.journal"))
    held = Deliveries(database, 1).held_by_others(OTHER)
    assert {(each.journal_host, each.journal_file) for each in held} == {("old/boot", "old.journal")}


def test_a_letter_that_came_back_is_returned_and_may_leave_again_in_the_same_step(
    ledger: Deliveries, database: Database, tmp_path: Path
) -> None:
    begun(ledger)
    back = tuple(Outcome(reader, S.QUEUED, 0, "421 busy") for reader in IDS[:2])
    again = ledger.book(ME, Step(interim=back, attempt=(IDS[1],)), NOW)
    assert again.attempting == {IDS[1]}
    assert lost(database, tmp_path) == 4
    assert rows(database) == [S.QUEUED, S.UNCERTAIN, S.QUEUED, S.QUEUED, S.QUEUED]


def test_a_list_of_an_earlier_version_is_read(ledger: Deliveries, database: Database) -> None:
    begun(ledger)
    with database.write() as connection:
        connection.execute(in_flight.update().values(readers="[2]", results='[[1,1,"250 kept","mx"]]'))
    found = [each.result for each in Deliveries(database, 1).held_by_others(OTHER)]
    assert found == [Outcome(IDS[0], S.ACCEPTED, 1, "250 kept", relay="mx"), None, None, None]


def test_of_accepted_letters_the_list_has_no_more_than_their_numbers(ledger: Deliveries, database: Database) -> None:
    begun(ledger)
    sent = [Outcome(reader, S.ACCEPTED, 1, "250 2.0.0 queued as 4F2A", relay="mx") for reader in IDS[:2]]
    ledger.book(ME, Step(interim=tuple(sent)), NOW)
    with database.read() as connection:
        assert connection.scalar(select(in_flight.c.results)) == '[["mx",1,[1,2]]]'
    found = [each.result for each in Deliveries(database, 1).held_by_others(OTHER)]
    assert found == [replace(each, reply=ACCEPTED_UNSEEN) for each in sent] + [None, None]
