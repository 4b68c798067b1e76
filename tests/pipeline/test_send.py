"""``send``: when it may, what it does first, and what it says when it may not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from digest.bookkeeping import Outcome, Step, Worker
from digest.errors import EditionClosed, NothingToTell, TooEarly, TooLate, Unapproved
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.model.ids import ReaderId
from digest.model.life import Cause, Move
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.progress import unseen
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.dry_run import Rehearsed, rehearse
from digest.pipeline.sending.send import Request, SendReport, gather_if_stale, send_edition
from digest.settings import KeySettings
from digest.storage.deliveries import Deliveries

if TYPE_CHECKING:
    from tests.pipeline.conftest import Newsroom

REPORT = GatherReport(sources=(), articles=0, pages=())
FRESH = timedelta(minutes=1)


@dataclass
class Desk:
    """The newsroom with readers whose letters become files, and how often it fetched."""

    room: Newsroom
    fetches: list[datetime] = field(default_factory=list)

    def gather(self) -> GatherReport:
        self.fetches.append(self.room.now)
        self.room.stores.runs.record("fetch", self.room.now, self.room.now, {})
        return REPORT

    def send(self, *, now: bool = False, late: bool = False, by_clock: bool = False) -> SendReport:
        request = Request(name="morning", now=now, late=late, by_clock=by_clock)
        return send_edition(self.room.runtime, request, self.gather, unseen)

    def at(self, **after: float) -> None:
        """Set the clock, so long after the edition's time."""
        self.room.now = self.room.due().due + timedelta(**after)

    @property
    def state(self) -> EditionState | None:
        row = self.room.stores.editions.get(self.room.due().key)
        return row.state if row else None


@pytest.fixture
def desk(newsroom: Newsroom) -> Desk:
    for n in range(2):
        reader = Subscription(address=f"r{n}@readers.example", editions=("morning",))
        subscribe(newsroom.stores, newsroom.now, reader)
    return Desk(newsroom)


def test_before_its_time_an_edition_is_sent_only_at_the_operators_word(desk: Desk) -> None:
    desk.at(seconds=-1)
    with pytest.raises(TooEarly, match=r"goes out from Mon 23 Nov 06:00 to Mon 23 Nov 09:00 UTC; .*--now"):
        desk.send()
    assert (desk.fetches, desk.state) == ([], EditionState.PLANNED)
    report = desk.send(now=True)
    assert (report.row.state, report.audience) == (EditionState.SENT, 2)


@pytest.mark.parametrize("after", [timedelta(), timedelta(hours=3, seconds=-1)])
def test_at_its_time_it_goes_and_until_just_before_its_window_closes(desk: Desk, after: timedelta) -> None:
    desk.at(seconds=after.total_seconds())
    assert desk.send().row.state is EditionState.SENT


def test_from_the_end_of_its_window_it_goes_only_late_on_purpose_with_time_to_leave(desk: Desk) -> None:
    desk.at(hours=3)
    with pytest.raises(TooLate, match=r"could go out from Mon 23 Nov 06:00 to Mon 23 Nov 09:00 UTC; .*--late"):
        desk.send()
    desk.at(hours=9)
    report = desk.send(late=True)
    assert report.row.state is EditionState.SENT
    assert report.row.expires == desk.room.now + timedelta(hours=6)


def test_late_on_purpose_in_time_takes_no_time_away(desk: Desk) -> None:
    desk.at(seconds=0)
    assert desk.send(late=True).row.expires == desk.room.due().expires


def test_a_second_send_finds_nothing_to_do_and_says_the_same(desk: Desk) -> None:
    desk.at()
    first = desk.send()
    assert (first.posted is not None, first.gathered) == (True, REPORT)
    again = desk.send()
    assert (again.row.state, again.audience, again.gathered) == (EditionState.SENT, 2, None)
    assert again.posted is not None
    assert again.posted.sent_now == 0
    assert len(desk.fetches) == 1


def test_a_fetch_that_is_fresh_enough_is_not_made_again(desk: Desk) -> None:
    fresh = timedelta(minutes=desk.room.settings.fetch.fresh_minutes)
    assert gather_if_stale(desk.room.runtime, desk.gather) is REPORT
    desk.room.now += fresh - FRESH
    assert gather_if_stale(desk.room.runtime, desk.gather) is None
    desk.room.now += FRESH
    assert gather_if_stale(desk.room.runtime, desk.gather) is REPORT
    assert len(desk.fetches) == 2


@pytest.mark.parametrize("fetched", [timedelta(minutes=-5), timedelta(), timedelta(minutes=5)])
def test_a_draft_is_composed_again_when_a_fetch_came_after_it_and_else_left_as_it_is(
    desk: Desk, fetched: timedelta
) -> None:
    fetch = structs.replace(desk.room.settings.fetch, fresh_minutes=600)
    desk.room.settings = structs.replace(desk.room.settings, fetch=fetch)
    draft = desk.room.compose().row
    assert draft.cut is not None
    desk.room.stores.runs.record("fetch", draft.cut + fetched, draft.cut + fetched, {})
    desk.at()
    assert desk.send().row.cut == (desk.room.now if fetched > timedelta() else draft.cut)


def test_an_approved_edition_goes_as_it_was_approved(desk: Desk) -> None:
    row = desk.room.compose().row
    assert desk.room.stores.editions.move(row.id, Move.APPROVE, desk.room.now)
    desk.at()
    assert desk.send().row.cut == row.cut


def test_what_the_editor_holds_or_skipped_does_not_go_and_says_how_it_would(desk: Desk) -> None:
    row = desk.room.compose().row
    assert desk.room.stores.editions.move(row.id, Move.HOLD, desk.room.now, reason="by the editor")
    desk.at()
    with pytest.raises(EditionClosed, match=r"is held by the editor; to let it go: digest approve morning"):
        desk.send()
    assert desk.room.stores.editions.move(row.id, Move.SKIP, desk.room.now, reason="no news")
    with pytest.raises(EditionClosed, match="is skipped: no news"):
        desk.send()
    with pytest.raises(EditionClosed, match="is skipped: no news"):
        desk.send(late=True)
    assert desk.fetches == []


@pytest.mark.parametrize("move", [Move.PAUSE, Move.CANCEL])
def test_what_the_operator_paused_or_cancelled_does_not_go(desk: Desk, move: Move) -> None:
    desk.room.freeze()
    row = desk.room.stores.editions.get(desk.room.due().key)
    assert row is not None
    assert desk.room.stores.editions.move(row.id, move, desk.room.now)
    desk.at()
    with pytest.raises(EditionClosed, match="by the operator") as closed:
        desk.send()
    assert ("to go on: digest resume morning/2026-11-23" in str(closed.value)) is (move is Move.PAUSE)


@pytest.mark.parametrize(("after", "error"), [(timedelta(hours=-1), TooEarly), (timedelta(hours=3), TooLate)])
def test_a_request_that_says_no_more_sends_in_the_window_alone(
    desk: Desk, after: timedelta, error: type[Exception]
) -> None:
    desk.at(seconds=after.total_seconds())
    with pytest.raises(error):
        send_edition(desk.room.runtime, Request(name="morning"), desk.gather, unseen)


def test_what_the_clock_skipped_goes_late_on_purpose(desk: Desk) -> None:
    row = desk.room.compose().row
    desk.at(hours=4)
    assert desk.room.stores.editions.move(row.id, Move.MISS, desk.room.now, reason="nobody sent it")
    for _ in range(2):
        with pytest.raises(EditionClosed, match="nobody sent it"):
            desk.send()
    assert desk.state is EditionState.SKIPPED
    assert desk.send(late=True).row.state is EditionState.SENT


def test_what_is_to_be_approved_waits_and_says_until_when(desk: Desk) -> None:
    desk.room.change(approval="required", zone="Europe/Paris", approval_deadline_minutes=30)
    desk.at()
    with pytest.raises(Unapproved, match=r"digest approve .*; without it goes at Mon 23 Nov 06:30 Europe/Paris"):
        desk.send()
    assert desk.state is EditionState.READY
    desk.at(minutes=30)
    assert desk.send().row.state is EditionState.SENT


def test_without_a_deadline_it_waits_for_ever(desk: Desk) -> None:
    desk.room.change(approval="required")
    desk.at()
    with pytest.raises(Unapproved, match=r"digest approve morning/2026-11-23$|digest approve \S+$"):
        desk.send()


def test_without_a_key_nothing_is_made(desk: Desk) -> None:
    desk.room.settings = structs.replace(desk.room.settings, keys=KeySettings())
    desk.at()
    row = desk.send().row
    assert (row.state, row.cause, row.edition) == (EditionState.HELD, Cause.CHECK, None)
    assert "digest init" in row.reason
    assert desk.fetches == []


@pytest.mark.parametrize(("by_clock", "readers"), [(True, 2), (False, 3)])
def test_who_subscribes_after_it_was_due_gets_it_by_hand_and_not_by_the_clock(
    desk: Desk,
    by_clock: bool,  # noqa: FBT001 - the case itself
    readers: int,
) -> None:
    desk.at(minutes=1)
    subscribe(desk.room.stores, desk.room.now, Subscription(address="late@readers.example", editions=("morning",)))
    assert desk.send(by_clock=by_clock).audience == readers


def test_the_next_edition_is_the_first_of_all_with_its_zone(desk: Desk) -> None:
    desk.room.change("evening", zone="Asia/Tokyo")
    desk.at()
    report = desk.send()
    assert report.next_due is not None
    assert (report.next_due.key.name, report.next_zone) == ("evening", "Asia/Tokyo")
    desk.room.settings = structs.replace(
        desk.room.settings,
        editions={name: structs.replace(each, kind="on_demand") for name, each in desk.room.settings.editions.items()},
    )
    report = send_edition(desk.room.runtime, Request(name="morning"), desk.gather, unseen)
    assert (report.next_due, report.next_zone) == (None, "UTC")


def test_letters_that_nobody_got_are_named_with_their_addresses(desk: Desk) -> None:
    desk.room.freeze()
    row = desk.room.stores.editions.get(desk.room.due().key)
    assert row is not None
    ledger, other = Deliveries(desk.room.stores.database, row.id), Worker("other", "there", "other.journal")
    (first, _second) = ledger.book(other, Step(claim=2), desk.room.now).claims
    ledger.book(other, Step(attempt=(first.reader_id,)), desk.room.now)
    ledger.book(other, Step(outcomes=(Outcome(first.reader_id, DeliveryState.REJECTED, 1, "550 no"),)), desk.room.now)
    desk.at(minutes=10)
    report = desk.send()
    assert [(each.reader_id, report.address(each)) for each in report.unsettled] == [
        (first.reader_id, "r0@readers.example")
    ]
    assert set(report.addresses) == {first.reader_id}
    assert report.address(replace(report.unsettled[0], reader_id=ReaderId(999))) == "reader 999", "a reader who is gone"


def test_while_letters_leave_the_run_can_be_asked_to_stop(desk: Desk) -> None:
    seen: list[str] = []

    @contextmanager
    def draining() -> Iterator[Event]:
        seen.append("begun")
        stop = Event()
        stop.set()
        yield stop
        seen.append("ended")

    desk.at()
    request = Request(name="morning")
    report = send_edition(desk.room.runtime, request, desk.gather, unseen, draining=draining)
    assert seen == ["begun", "ended"]
    assert report.row.state is EditionState.SENDING
    assert report.posted is not None
    assert report.posted.stopped == "asked to stop"


def test_an_edition_of_too_few_stories_is_held_and_not_sent(desk: Desk) -> None:
    desk.room.change(include_words=("otters",))
    desk.at()
    report = desk.send()
    assert (report.row.state, report.row.cause) == (EditionState.HELD, Cause.STORIES)
    assert (report.posted, report.audience, report.unsettled) == (None, 0, ())


def test_a_dry_run_after_the_window_says_from_when_articles_are_missing_and_takes_them_late(
    desk: Desk, tmp_path: Path
) -> None:
    room = desk.room
    room.change(floor=6)
    desk.at(hours=10)
    room.print_("Night ferry returns to Port Wick", "The night ferry sails again on Friday. It carries 90 cars.")

    def rehearsed(*, late: bool) -> Rehearsed:
        return rehearse(room.runtime, Request(name="morning", late=late), desk.gather, tmp_path / "dry-run")

    with pytest.raises(NothingToTell, match=r"takes no articles after \d\d:00 UTC; to take newer ones: --late"):
        rehearsed(late=False)
    assert rehearsed(late=True).audience == 2
