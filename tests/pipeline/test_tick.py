"""The ticker under clocks that jump, stop and lie: one letter for each reader, or none and the reason."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from tests.states import put

from digest.demo.sink import Sink
from digest.errors import DeliveryError, EditionClosed, NothingToTell, RelayUnreachable
from digest.model.article import Article, TextOrigin
from digest.model.edition import EditionState
from digest.model.ids import ArticleId, EditionKey, SourceId
from digest.model.life import Cause, Move
from digest.model.source import FeedEntry
from digest.pipeline.editions.editing import EditRequest, approve, edit, skip
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.gathering.source_list import follow
from digest.pipeline.progress import Progress, unseen
from digest.pipeline.proofs.rebuild import rebuild
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.deliver_edition import Posted
from digest.pipeline.sending.send import Request, send_edition
from digest.pipeline.sending.tick import RETRY, Ticker
from digest.pipeline.stores import Stores
from digest.settings import EditionSettings, KeySettings, MailSettings, Settings, SourceSettings
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition
from digest.storage.engine import Database
from digest.storage.leases import TERM, Lease, Leases
from digest.storage.schema.mailing import deliveries

DAY = date(2026, 11, 23)
DUE = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
KEY = EditionKey(name="morning", date=DAY)
READERS = ("ada@readers.example", "ben@readers.example", "cyd@readers.example")
NEWS = {
    "Ferries stop as harbour engineers close the northern lock": (
        "Harbour engineers closed the northern lock after a diver found a crack in its gate.\n\n"
        "Ferries to the islands will not sail before Thursday, the port authority told passengers.\n\n"
        "A replacement gate is being welded at a shipyard forty kilometres upstream."
    ),
    "Hospital nurses win shorter night shifts": (
        "Night shifts for hospital nurses become two hours shorter from January.\n\n"
        "The union had asked for the change since a study of tired wards appeared last spring.\n\n"
        "Managers expect to hire three hundred people to fill the gaps in the rota."
    ),
    "Potato harvest halves after the dry summer": (
        "Farmers dug up half as many potatoes as in an ordinary autumn.\n\n"
        "No rain fell on the plain for eleven weeks, and wells ran dry in August.\n\n"
        "Shops expect prices to double before the first imports arrive from abroad."
    ),
    "Astronomers photograph a comet with two tails": (
        "A comet with two bright tails passed the telescope on the ridge on Sunday.\n\n"
        "One tail is dust and the other is gas, the observatory's director explained.\n\n"
        "It will return in about four thousand years, if no planet bends its orbit."
    ),
}


class Newsroom:
    """One installation with a clock to set, a press that always has news, and a relay that counts."""

    def __init__(self, database: Database, folder: Path, sink: Sink) -> None:
        self.now = DUE - timedelta(hours=1)
        self.sink = sink
        self.fetches = 0
        self.settings = Settings(
            folder=str(folder),
            mail=MailSettings(transport=f"smtp://127.0.0.1:{sink.port}", connections=1),
            keys=KeySettings(current="k", ring={"k": "5a" * 32}),
            editions={"morning": EditionSettings(title="Morning Update", at=time(6, 0))},
            sources=(SourceSettings(url="https://paper.example/feed", name="Paper"),),
        )
        self.stores = Stores(database)
        follow(self.stores, self.settings)
        for address in READERS:
            subscribe(self.stores, self.now, Subscription(address=address, editions=("morning",)))
        self.stop = threading.Event()
        self.ticker = self.another_process()

    def another_process(self) -> Ticker:
        return Ticker(self.runtime(), self.gather, self.stop)

    def runtime(self) -> Runtime:
        return Runtime(settings=self.settings, stores=self.stores, clock=lambda: self.now)

    def change(self, **changes: object) -> None:
        edition = structs.replace(self.settings.editions["morning"], **changes)
        self.settings = structs.replace(self.settings, editions={"morning": edition})
        self.ticker = self.another_process()

    def change_all(self, **changes: dict[str, object]) -> None:
        editions = {
            name: structs.replace(edition, **changes.get(name, {})) for name, edition in self.settings.editions.items()
        }
        self.settings = structs.replace(self.settings, editions=editions)
        self.ticker = self.another_process()

    def gather(self) -> GatherReport:
        self.fetches += 1
        self.stores.entries.see([entry(headline, self.now) for headline in NEWS])
        for pending in self.stores.entries.pending(0):
            self.stores.articles.keep(pending.id, article(pending.entry), self.now)
        self.stores.runs.record("fetch", self.now, self.now, {})
        return GatherReport(sources=(), articles=len(NEWS), pages=())

    def tick_at(self, now: datetime) -> None:
        self.now = now
        self.ticker.tick()

    def state(self, day: date = DAY) -> EditionState | None:
        row = self.stores.editions.get(EditionKey(name="morning", date=day))
        return None if row is None else row.state

    def reason(self, day: date = DAY) -> str:
        row = self.stores.editions.get(EditionKey(name="morning", date=day))
        return "" if row is None else row.reason

    def letter(self, day: date) -> str:
        row = self.stores.editions.get(EditionKey(name="morning", date=day))
        letter = row and self.stores.letters.get(row.id)
        return letter.text if letter else ""

    @property
    def caught(self) -> Counter[str]:
        return Counter(letter.recipients[0] for letter in self.sink.letters)


def entry(headline: str, now: datetime) -> FeedEntry:
    url = f"https://paper.example/{now:%Y-%m-%d}/{headline.lower().replace(' ', '-')}"
    return FeedEntry(source_id=SourceId(1), url=url, link=url, title=headline, published=now, seen_at=now)


def article(announced: FeedEntry) -> Article:
    text = NEWS[announced.title]
    return Article(
        id=ArticleId(hashlib.sha256(announced.url.encode()).hexdigest()),
        source_id=announced.source_id,
        url=announced.url,
        link=announced.link,
        title=announced.title,
        text=text,
        language="en",
        origin=TextOrigin.PAGE,
        first_seen=announced.seen_at,
        published=announced.published,
        word_count=len(text.split()),
    )


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as running:
        yield running


@pytest.fixture
def room(database: Database, tmp_path: Path, sink: Sink) -> Newsroom:
    return Newsroom(database, tmp_path, sink)


@pytest.fixture
def lite(lite_database: Database, tmp_path: Path, sink: Sink) -> Newsroom:
    return Newsroom(lite_database, tmp_path, sink)


def once_each() -> Counter[str]:
    return Counter(dict.fromkeys(READERS, 1))


def test_an_edition_is_composed_ahead_and_sent_once_when_it_is_due(room: Newsroom) -> None:
    room.tick_at(DUE - timedelta(hours=1))
    assert room.state() is None
    room.tick_at(DUE - timedelta(minutes=20, seconds=1))
    assert room.state() is None
    room.tick_at(DUE - timedelta(minutes=20))
    assert room.state() is EditionState.READY
    assert not room.caught
    room.tick_at(DUE - timedelta(seconds=1))
    assert not room.caught
    for seconds in (0, 2, 4, 3600, 4 * 3600):
        room.tick_at(DUE + timedelta(seconds=seconds))
    assert room.state() is EditionState.SENT
    assert room.caught == once_each()


def test_a_draft_is_made_ahead_of_time_once_also_of_an_edition_that_was_planned_before(lite: Newsroom) -> None:
    lite.stores.editions.plan(KEY, DUE, DUE + timedelta(hours=6), lite.now)
    lite.tick_at(DUE - timedelta(minutes=15))
    row = lite.stores.editions.get(KEY)
    assert row is not None
    assert (row.state, row.cut) == (EditionState.READY, DUE - timedelta(minutes=15))
    lite.tick_at(DUE - timedelta(minutes=10))
    again = lite.stores.editions.get(KEY)
    assert again is not None
    assert again.cut == row.cut


@pytest.mark.parametrize("back", [timedelta(hours=2), timedelta(days=3)], ids=str)
def test_a_clock_that_is_set_back_after_sending_sends_nothing_again(lite: Newsroom, back: timedelta) -> None:
    lite.tick_at(DUE)
    start = DUE - back
    for minutes in range(0, 60 * 3, 10):
        lite.tick_at(start + timedelta(minutes=minutes))
    assert lite.state() is EditionState.SENT
    assert lite.caught == once_each()


def test_a_clock_that_jumps_three_hours_ahead_finds_the_window_over_and_says_so(lite: Newsroom) -> None:
    lite.tick_at(DUE - timedelta(minutes=15))
    lite.tick_at(DUE + timedelta(hours=3))
    assert lite.state() is EditionState.SKIPPED
    assert lite.reason() == (
        "not sent in its window, which began 2026-11-23 06:00 UTC; noticed 2026-11-23 09:00 UTC"
    ), "nobody was to approve it"
    assert not lite.caught


def test_an_edition_that_is_late_but_in_its_window_goes_out_and_says_that_it_is_late(lite: Newsroom) -> None:
    lite.tick_at(DUE + timedelta(hours=2, minutes=59))
    assert lite.state() is EditionState.SENT
    assert lite.caught == once_each()
    assert "later than usual" in lite.letter(DAY)
    lite.tick_at(DUE + timedelta(days=3))
    assert "later than usual" not in lite.letter(DAY + timedelta(days=3))


@pytest.mark.parametrize("days", [3, 4])
def test_after_days_of_sleep_what_was_missed_is_skipped_and_what_is_due_is_sent(lite: Newsroom, days: int) -> None:
    lite.tick_at(DUE)
    lite.tick_at(DUE + timedelta(days=days, hours=1))
    missed = [DAY + timedelta(days=n) for n in range(1, days)]
    assert [lite.state(day) for day in missed] == [EditionState.SKIPPED] * len(missed)
    assert all("not sent in its window" in lite.reason(day) for day in missed)
    assert lite.state(DAY + timedelta(days=days)) is EditionState.SENT
    assert lite.caught == Counter(dict.fromkeys(READERS, 2))


def test_down_from_before_its_time_until_after_its_window_an_edition_is_skipped(lite: Newsroom) -> None:
    lite.tick_at(DUE - timedelta(minutes=15))
    lite.tick_at(DUE - timedelta(minutes=15) + timedelta(hours=20))
    assert lite.state() is EditionState.SKIPPED
    assert not lite.caught


def test_a_clock_three_days_ahead_that_comes_back_sends_nothing_twice(lite: Newsroom) -> None:
    lite.tick_at(DUE)
    lite.tick_at(DUE + timedelta(days=3))
    for days in (0, 1, 2, 3):
        lite.tick_at(DUE + timedelta(days=days, minutes=1))
    assert lite.caught == Counter(dict.fromkeys(READERS, 2))
    assert lite.state(DAY + timedelta(days=3)) is EditionState.SENT


def test_a_new_installation_skips_nothing_of_the_time_before_it(lite: Newsroom) -> None:
    lite.tick_at(DUE + timedelta(hours=12))
    assert lite.stores.editions.latest() == ()


def test_two_processes_that_tick_at_once_send_one_letter_each(room: Newsroom) -> None:
    room.now = DUE
    threads = [threading.Thread(target=room.another_process().tick) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    room.tick_at(DUE + timedelta(seconds=2))
    assert room.state() is EditionState.SENT
    assert room.caught == once_each()


def break_relay(room: Newsroom) -> None:
    (Path(room.settings.folder) / "outbox").write_text("a file where the folder should be")
    room.settings = structs.replace(room.settings, mail=structs.replace(room.settings.mail, transport="file:outbox/"))
    room.ticker = room.another_process()


def test_letters_that_a_relay_could_not_take_go_when_it_is_back(
    lite: Newsroom, logged: list[MutableMapping[str, Any]]
) -> None:
    working = lite.settings.mail
    break_relay(lite)
    lite.tick_at(DUE)
    assert lite.state() is EditionState.SENDING
    assert [event["work"] for event in logged if event["event"].startswith("failed,")][-1] == f"resume {KEY}"
    lite.settings = structs.replace(lite.settings, mail=working)
    lite.ticker = lite.another_process()
    lite.tick_at(DUE + timedelta(seconds=2))
    assert lite.state() is EditionState.SENT
    assert lite.caught == once_each()


def test_work_that_failed_rests_a_minute_even_if_the_clock_is_set_back_meanwhile(lite: Newsroom) -> None:
    keyless = structs.replace(lite.settings, keys=KeySettings())
    whole, lite.settings = lite.settings, keyless
    lite.ticker = lite.another_process()
    lite.tick_at(DUE + timedelta(hours=2))
    lite.ticker._runtime = replace(lite.ticker._runtime, settings=whole)
    lite.tick_at(DUE + timedelta(hours=2) + RETRY / 2)
    assert not lite.caught
    lite.tick_at(DUE + timedelta(hours=1))
    assert lite.caught == once_each()


def test_an_edition_that_is_to_be_approved_waits_for_it_until_its_deadline(lite: Newsroom) -> None:
    lite.change(approval="required", approval_deadline_minutes=30)
    for minutes in (0, 10, 29):
        lite.tick_at(DUE + timedelta(minutes=minutes))
        assert lite.state() is EditionState.READY
    lite.tick_at(DUE + timedelta(minutes=30))
    assert lite.caught == once_each()


def test_without_a_deadline_an_edition_that_nobody_approved_is_skipped_and_an_approved_one_goes(lite: Newsroom) -> None:
    lite.change(approval="required")
    lite.tick_at(DUE)
    lite.tick_at(DUE + timedelta(hours=3))
    assert lite.state() is EditionState.SKIPPED
    assert "nobody approved it" in lite.reason()
    tomorrow = DUE + timedelta(days=1)
    lite.tick_at(tomorrow)
    row = lite.stores.editions.get(EditionKey(name="morning", date=tomorrow.date()))
    assert row is not None
    lite.stores.editions.move(row.id, Move.APPROVE, tomorrow)
    lite.tick_at(tomorrow + timedelta(seconds=2))
    assert lite.caught == once_each()


@contextmanager
def few_stories(count: int) -> Iterator[None]:
    """Let the press have so few stories for a while."""
    news = dict(NEWS)
    for headline in list(NEWS)[count:]:
        del NEWS[headline]
    try:
        yield
    finally:
        NEWS.clear()
        NEWS.update(news)


@pytest.mark.parametrize("below_floor", ["hold", "skip"])
def test_an_edition_too_thin_ahead_of_its_time_is_tried_again_when_it_is_due(lite: Newsroom, below_floor: str) -> None:
    lite.change(below_floor=below_floor)
    with few_stories(2):
        lite.tick_at(DUE - timedelta(minutes=15))
    assert (lite.state(), lite.reason()) == (EditionState.HELD, "2 stories, and the floor is 3")
    lite.gather()
    lite.tick_at(DUE)
    assert lite.caught == once_each()


def test_a_draft_that_is_too_thin_ahead_of_its_time_rests_a_minute_before_it_is_composed_again(lite: Newsroom) -> None:
    with few_stories(2):
        lite.tick_at(DUE - timedelta(minutes=15))
    lite.gather()
    lite.tick_at(DUE - timedelta(minutes=15) + RETRY / 2)
    assert lite.state() is EditionState.HELD
    lite.tick_at(DUE - timedelta(minutes=15) + RETRY)
    assert lite.state() is EditionState.READY
    lite.tick_at(DUE - timedelta(minutes=15) + RETRY)
    assert lite.state() is EditionState.READY


def test_too_thin_to_be_approved_it_is_composed_again_and_then_waits_for_its_editor(lite: Newsroom) -> None:
    lite.change(approval="required")
    with few_stories(2):
        lite.tick_at(DUE - timedelta(minutes=15))
        lite.tick_at(DUE)
    assert lite.state() is EditionState.HELD
    lite.gather()
    lite.tick_at(DUE + RETRY)
    assert lite.state() is EditionState.READY
    assert not lite.caught


@pytest.mark.parametrize(("below_floor", "when"), [("hold", timedelta(hours=3)), ("skip", timedelta())])
def test_an_edition_that_stays_too_thin_is_skipped_at_last_with_both_reasons(
    lite: Newsroom, below_floor: str, when: timedelta
) -> None:
    lite.change(below_floor=below_floor)
    with few_stories(2):
        for moment in (when - timedelta(minutes=15), when):
            assert lite.state() is not EditionState.SKIPPED
            lite.tick_at(DUE + moment)
    assert lite.state() is EditionState.SKIPPED
    assert lite.reason().startswith("2 stories, and the floor is 3")
    assert ("not sent in its window" in lite.reason()) is (below_floor == "hold")
    assert not lite.caught


def test_a_draft_made_too_thin_by_its_editor_goes_by_neither_way_until_it_is_approved_as_shown(lite: Newsroom) -> None:
    lite.tick_at(DUE - timedelta(minutes=15))
    dropped = ("Astronomers", "Potato")
    assert edit(lite.runtime(), KEY.name, EditRequest(drop=dropped)).edition is None
    lite.tick_at(DUE)
    report = send_edition(lite.runtime(), Request(name="morning"), lite.gather, unseen)
    assert (report.row.state, report.posted) == (EditionState.HELD, None)
    assert not lite.caught
    approve(lite.runtime(), KEY.name)
    lite.tick_at(DUE + RETRY)
    assert lite.caught == once_each()
    assert "Ferries" in lite.letter(DAY)
    assert not any(word in lite.letter(DAY) for word in dropped)
    assert rebuild(lite.runtime(), KEY.name).difference == ""


def test_with_everything_dropped_there_is_nothing_left_to_approve(lite: Newsroom) -> None:
    lite.tick_at(DUE - timedelta(minutes=15))
    edit(lite.runtime(), KEY.name, EditRequest(drop=tuple(headline.split()[0] for headline in NEWS)))
    assert (lite.state(), lite.reason()) == (EditionState.HELD, "0 stories, and the floor is 3")
    with pytest.raises(NothingToTell):
        approve(lite.runtime(), KEY.name)
    lite.tick_at(DUE)
    assert not lite.caught


def test_a_missed_edition_can_still_be_sent_late_on_purpose_and_its_letters_have_time_to_leave(room: Newsroom) -> None:
    room.tick_at(DUE - timedelta(minutes=15))
    room.tick_at(DUE + timedelta(hours=8))
    assert room.state() is EditionState.SKIPPED
    request = Request(name="morning", day=DAY)
    with pytest.raises(EditionClosed):
        send_edition(room.runtime(), request, room.gather, unseen)
    send_edition(room.runtime(), replace(request, late=True), room.gather, unseen)
    assert room.state() is EditionState.SENT
    assert room.caught == once_each()
    assert "later than usual" in room.letter(DAY)


def test_an_edition_that_somebody_skipped_in_time_is_not_sent_late(lite: Newsroom) -> None:
    lite.tick_at(DUE - timedelta(minutes=15))
    row = lite.stores.editions.latest(1)[0]
    lite.stores.editions.move(row.id, Move.SKIP, lite.now, reason="strike")
    lite.now = DUE + timedelta(hours=8)
    with pytest.raises(EditionClosed, match="strike"):
        send_edition(lite.runtime(), Request(name="morning", day=DAY, late=True), lite.gather, unseen)


def test_an_edition_that_its_editor_holds_stays_where_it_is_without_complaint(
    lite: Newsroom, logged: list[MutableMapping[str, Any]]
) -> None:
    row = lite.stores.editions.plan(KEY, DUE, DUE + timedelta(hours=6), DUE - timedelta(hours=1))
    put(lite.stores.database, row.id, EditionState.HELD, Cause.EDITOR, "one more call to make")
    for hours in (0, 1, 4):
        lite.tick_at(DUE + timedelta(hours=hours))
    assert lite.state() is EditionState.HELD
    assert not lite.caught
    assert [event for event in logged if event["log_level"] in {"warning", "error"}] == []


def test_an_edition_that_somebody_just_took_in_hand_is_not_skipped_under_them(lite: Newsroom) -> None:
    lite.now = DUE + timedelta(hours=5)
    lite.stores.editions.plan(KEY, DUE, DUE + timedelta(hours=11), lite.now)
    for minutes in (0, 9):
        lite.tick_at(DUE + timedelta(hours=5, minutes=minutes))
        assert lite.state() is EditionState.PLANNED
    lite.tick_at(DUE + timedelta(hours=5, minutes=10))
    assert lite.state() is EditionState.SKIPPED


def test_while_another_process_composes_an_edition_it_is_left_alone(lite: Newsroom) -> None:
    lite.now = DUE
    with Leases(lite.stores.database).hold(f"edition {KEY}", lambda: lite.now):
        lite.tick_at(DUE)
        assert lite.state() is None
        assert lite.fetches == 0


def test_work_of_a_process_that_was_killed_is_free_after_its_lease(lite: Newsroom) -> None:
    dead = Lease(lite.stores.database, f"edition {KEY}", "a process that was killed", lambda: DUE)
    assert dead.renew()
    lite.tick_at(DUE + timedelta(seconds=2))
    assert lite.state() is None
    lite.tick_at(DUE + TERM)
    assert lite.caught == once_each()


def test_an_edition_under_way_is_ended_even_when_the_settings_name_it_no_more(lite: Newsroom) -> None:
    working = lite.settings.mail
    break_relay(lite)
    lite.tick_at(DUE)
    assert lite.state() is EditionState.SENDING
    weekly = {"weekly": EditionSettings(title="Weekly", at=time(9, 0))}
    lite.settings = structs.replace(lite.settings, mail=working, editions=weekly)
    lite.another_process().tick()
    assert lite.state() is EditionState.SENT
    assert lite.caught == once_each()


class Runs:
    """Notes when a frozen edition is delivered, and says what came of it: nothing was sent."""

    def __init__(self, room: Newsroom) -> None:
        self.room, self.at = room, list[datetime]()
        self.error: DeliveryError | None = None
        self.ticker = Ticker(room.runtime(), room.gather, room.stop, deliver=self.deliver)

    @property
    def ledger(self) -> Deliveries:
        row = self.room.stores.editions.get(KEY)
        assert row is not None
        return Deliveries(self.room.stores.database, row.id)

    def deliver(
        self, runtime: Runtime, row: StoredEdition, *, progress: Progress, stop: threading.Event | None
    ) -> Posted:
        del runtime, row, progress, stop
        self.at.append(self.room.now)
        return Posted(
            counts=self.ledger.counts(), sent_now=0, recovered=0, stopped="", error=self.error, next_attempt=None
        )

    def tick_at(self, now: datetime) -> list[datetime]:
        self.room.now = now
        self.ticker.tick()
        return self.at


def put_off(room: Newsroom, until: datetime) -> None:
    """Let the relay have deferred all letters until then."""
    with room.stores.database.write() as connection:
        connection.execute(deliveries.update().values(state="deferred", next_attempt=until))


@pytest.fixture
def runs(lite: Newsroom) -> Runs:
    break_relay(lite)
    lite.tick_at(DUE)
    assert lite.state() is EditionState.SENDING
    return Runs(lite)


def test_deferred_letters_wait_for_their_time_and_others_do_not_wait_with_them(runs: Runs) -> None:
    at = DUE + timedelta(minutes=30)
    put_off(runs.room, at)
    assert runs.tick_at(DUE + timedelta(minutes=2)) == []
    assert runs.tick_at(at) == [at]
    put_off(runs.room, at + timedelta(hours=1))
    with runs.room.stores.database.write() as connection:
        connection.execute(deliveries.update().where(deliveries.c.reader_id == 1).values(state="queued"))
    later = at + timedelta(minutes=2)
    assert runs.tick_at(later) == [at, later]


def test_when_an_edition_expires_its_deferred_letters_are_ended(runs: Runs) -> None:
    row = runs.room.stores.editions.get(KEY)
    assert row is not None
    put_off(runs.room, row.expires + timedelta(hours=1))
    assert runs.tick_at(row.expires - timedelta(seconds=11)) == []
    assert runs.tick_at(row.expires) == [row.expires]


def test_an_edition_whose_letters_are_in_other_hands_is_looked_at_again_after_ten_seconds(runs: Runs) -> None:
    first = DUE + timedelta(minutes=2)
    for seconds in (0, 9, 10):
        runs.tick_at(first + timedelta(seconds=seconds))
    assert runs.at == [first, first + timedelta(seconds=10)]


def test_a_run_that_failed_rests_for_a_minute_from_that_moment_on(runs: Runs) -> None:
    first, runs.error = DUE + timedelta(minutes=2), RelayUnreachable("no answer")
    for seconds in (0, 0, 59, 60):
        runs.tick_at(first + timedelta(seconds=seconds))
    assert runs.at == [first, first + RETRY]


def test_the_edition_of_today_goes_though_that_of_yesterday_is_older_than_its_name(lite: Newsroom) -> None:
    lite.change(catch_up_minutes=1500)
    lite.tick_at(DUE)  # yesterday's could still be caught up
    assert lite.state(DAY - timedelta(days=1)) is None
    assert lite.state() is EditionState.SENT


def test_a_sent_edition_stays_sent_when_its_time_is_moved_later_and_the_new_window_passes(room: Newsroom) -> None:
    room.tick_at(DUE)
    assert room.state() is EditionState.SENT
    sent = room.stores.editions.get(KEY)
    room.change(at=time(8, 0))
    for hours in (1, 2, 3, 5, 6, 24):
        room.tick_at(DUE + timedelta(hours=hours))
    assert room.stores.editions.get(KEY) == sent
    assert room.stores.archive.letter(KEY) is not None
    assert room.caught == Counter(dict.fromkeys(READERS, 1))


def test_letters_of_an_edition_that_was_moved_later_have_the_time_of_the_new_window(lite: Newsroom) -> None:
    lite.change(catch_up_minutes=60, expires_minutes=90)
    lite.tick_at(DUE - timedelta(minutes=15))
    lite.change(at=time(12, 0))
    lite.tick_at(DUE + timedelta(hours=6))
    assert lite.caught == once_each()
    row = lite.stores.editions.get(KEY)
    assert row is not None
    assert (row.due, row.expires) == (DUE + timedelta(hours=6), DUE + timedelta(hours=7, minutes=30))
    assert "later than usual" not in lite.letter(DAY)


def test_an_edition_that_was_moved_later_is_not_closed_by_its_old_window(lite: Newsroom) -> None:
    lite.tick_at(DUE - timedelta(minutes=15))
    lite.change(at=time(12, 0))
    lite.tick_at(DUE + timedelta(hours=4))
    assert lite.state() is EditionState.READY
    lite.tick_at(DUE + timedelta(hours=6))
    assert lite.caught == once_each()


def test_what_the_morning_told_is_told_to_the_evening_though_both_were_moved_earlier(lite: Newsroom) -> None:
    evening = EditionSettings(title="Evening Update", greeting="evening", at=time(8, 0), follows="morning")
    lite.settings = structs.replace(lite.settings, editions={**lite.settings.editions, "evening": evening})
    lite.change_all(morning={"at": time(7, 0)})
    lite.tick_at(DUE + timedelta(minutes=45))
    lite.change_all(morning={"at": time(6, 46)}, evening={"at": time(6, 50)})
    lite.tick_at(DUE + timedelta(minutes=46))
    assert lite.state() is EditionState.SENT
    lite.tick_at(DUE + timedelta(minutes=50))
    row = lite.stores.editions.get(EditionKey(name="evening", date=DAY))
    assert row is not None
    assert (row.state, row.reason) == (EditionState.HELD, "0 stories, and the floor is 3")


def test_a_new_installation_catches_nothing_up_that_was_due_before_anybody_could_read_it(room: Newsroom) -> None:
    for address in READERS:
        room.stores.readers.leave(address, "removed", room.now)
    room.settings = structs.replace(
        room.settings, editions={"noon": EditionSettings(title="Noon", at=time(12, 0)), **room.settings.editions}
    )
    room.now = DUE + timedelta(hours=7)
    for address in ("dan@readers.example", "eve@readers.example"):
        subscribe(room.stores, room.now, Subscription(address=address, editions=("noon",)))
    room.ticker = room.another_process()
    for minutes in (1, 2, 30):
        room.tick_at(DUE + timedelta(hours=7, minutes=minutes))
    assert room.stores.editions.get(EditionKey(name="noon", date=DAY)) is None
    assert not room.caught
    room.tick_at(DUE + timedelta(hours=30))
    assert room.caught == Counter(["dan@readers.example", "eve@readers.example"])


def test_who_subscribed_after_an_edition_was_due_does_not_get_it_when_it_is_caught_up(lite: Newsroom) -> None:
    lite.now = DUE + timedelta(hours=1)
    subscribe(lite.stores, lite.now, Subscription(address="new@readers.example", editions=("morning",)))
    lite.tick_at(DUE + timedelta(hours=1, minutes=1))
    assert lite.caught == once_each()
    lite.tick_at(DUE + timedelta(days=3))
    assert lite.caught["new@readers.example"] == 1


def test_by_hand_an_edition_goes_to_everybody_who_is_subscribed(lite: Newsroom) -> None:
    lite.now = DUE + timedelta(hours=1)
    subscribe(lite.stores, lite.now, Subscription(address="new@readers.example", editions=("morning",)))
    send_edition(lite.runtime(), Request(name="morning"), lite.gather, unseen)
    assert lite.caught == once_each() + Counter(["new@readers.example"])


def test_editions_missed_before_one_that_was_skipped_ahead_of_its_time_are_noticed(lite: Newsroom) -> None:
    lite.tick_at(DUE)
    skip(lite.runtime(), f"morning/{DAY + timedelta(days=5)}")
    lite.tick_at(DUE + timedelta(days=2, hours=12))
    assert lite.state(DAY + timedelta(days=1)) is EditionState.SKIPPED
    assert lite.state(DAY + timedelta(days=2)) is EditionState.SKIPPED


def test_the_log_of_an_edition_goes_from_draft_to_last_letter(
    lite: Newsroom, logged: list[MutableMapping[str, Any]]
) -> None:
    for moment in (DUE - timedelta(minutes=15), DUE, DUE + timedelta(seconds=2)):
        lite.tick_at(moment)
    wanted = ("edition composed", "edition due", "edition frozen", "letters sent", "letters by state")
    told = [event for event in logged if event["event"] in wanted]
    assert list(dict.fromkeys(event["event"] for event in told)) == list(wanted)
    assert {event["edition"] for event in told} == {str(KEY)}
    assert [event["readers"] for event in told if event["event"] == "edition frozen"] == [len(READERS)]
    assert [event["letters"] for event in told if event["event"] == "letters by state"] == [{"accepted": len(READERS)}]
    assert [event["state"] for event in logged if event["event"] == "edition does not go"] == ["sent"]
    assert not [reader for reader in READERS if reader in str(logged)]
