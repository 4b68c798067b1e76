"""Letters leave at the edition's local time in each reader's zone, and expire there by its own clock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.conftest import Filled
from tests.pipeline.conftest import DUE, Newsroom, printed

from digest.bookkeeping import ALL_READERS
from digest.edition.calendar import in_zone_of_reader
from digest.errors import UnknownZone
from digest.model.delivery import DeliveryState as S
from digest.model.edition import EditionState
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.progress import unseen
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.deliver_edition import ZONE_OVER, post
from digest.pipeline.sending.mornings import expire_late_zones
from digest.pipeline.sending.shards import send_shard
from digest.pipeline.sending.tick import Ticker
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition
from digest.storage.engine import Database

HOME, EAST, WEST = "home@readers.example", "east@readers.example", "west@readers.example"
ZONES = {HOME: "", EAST: "Asia/Tokyo", WEST: "America/New_York"}
WESTERN_SIX = DUE + timedelta(hours=5)
LASTS = timedelta(minutes=240)
NOTHING = GatherReport(sources=(), articles=0, pages=())


@pytest.fixture(params=["sqlite", "postgresql"])
def room(request: pytest.FixtureRequest, tmp_path: Path, filled: Filled) -> Iterator[Newsroom]:
    database = Database(filled(request.param, printed, tmp_path / "digest.db"))
    made = Newsroom(database, tmp_path, stories=())
    made.change(reader_zone=True, expires_minutes=int(LASTS.total_seconds() // 60))
    for address, zone in ZONES.items():
        subscribe(made.stores, made.now, Subscription(address=address, editions=("morning",), zone=zone))
    made.now = DUE
    yield made
    database.close()


def frozen(room: Newsroom) -> StoredEdition:
    room.freeze()
    return stored(room)


def stored(room: Newsroom) -> StoredEdition:
    row = room.stores.editions.get(room.due().key)
    assert row is not None
    return row


def states(room: Newsroom) -> dict[str, S]:
    addresses = {each.reader.id: each.reader.address for each in room.stores.readers.walk()}
    return {addresses[row.reader_id]: row.state for row in Deliveries(room.stores.database, stored(room).id).rows()}


def test_letters_leave_when_it_is_the_editions_time_in_the_readers_zone(room: Newsroom) -> None:
    row = frozen(room)
    assert row.expires == WESTERN_SIX + LASTS, "as long after its last zone's time as after its own"
    posted = post(room.runtime, row, progress=unseen)
    assert states(room) == {HOME: S.ACCEPTED, EAST: S.ACCEPTED, WEST: S.DEFERRED}, "in the east it is past six"
    assert posted.next_attempt == WESTERN_SIX
    assert Deliveries(room.stores.database, row.id).mornings() == [(WESTERN_SIX, 1)]
    room.now = WESTERN_SIX - timedelta(seconds=1)
    assert post(room.runtime, row, progress=unseen).sent_now == 0
    room.now = WESTERN_SIX
    assert post(room.runtime, row, progress=unseen).sent_now == 1
    assert stored(room).state is EditionState.SENT


def test_all_letters_leave_at_once_where_the_edition_does_not_follow_its_readers(room: Newsroom) -> None:
    room.change(reader_zone=False)
    row = frozen(room)
    assert row.expires == DUE + LASTS
    assert post(room.runtime, row, progress=unseen).sent_now == 3


def test_an_edition_that_is_sent_before_its_time_leaves_for_nobody_in_the_night(room: Newsroom) -> None:
    room.now = DUE - timedelta(hours=1)
    post(room.runtime, frozen(room), progress=unseen)
    assert states(room)[WEST] is S.DEFERRED
    assert Deliveries(room.stores.database, stored(room).id).next_attempt() == WESTERN_SIX


def test_each_zone_has_the_editions_time_from_its_own_moment(room: Newsroom) -> None:
    row = frozen(room)
    ledger = Deliveries(room.stores.database, row.id)
    assert expire_late_zones(room.runtime, row, ledger) == DUE + LASTS
    room.now = DUE + LASTS
    assert expire_late_zones(room.runtime, row, ledger) == WESTERN_SIX + LASTS
    assert states(room) == {HOME: S.EXPIRED, EAST: S.EXPIRED, WEST: S.DEFERRED}
    room.now = WESTERN_SIX + LASTS
    assert expire_late_zones(room.runtime, row, ledger) is None
    assert set(states(room).values()) == {S.EXPIRED}


def test_a_run_ends_when_it_is_too_late_for_a_zone_and_the_next_one_sends_to_the_others(
    room: Newsroom, tmp_path: Path
) -> None:
    row, late = frozen(room), DUE + LASTS

    def clock() -> datetime:
        """Return a time at which it is late as soon as the run has begun its journal."""
        return late if list(tmp_path.glob("journals/*.journal")) else DUE

    posted = post(replace(room.runtime, clock=clock), row, progress=unseen)
    assert posted.stopped == ZONE_OVER
    assert states(room)[HOME] is S.QUEUED
    room.now = late
    post(room.runtime, row, progress=unseen)
    assert states(room) == {HOME: S.EXPIRED, EAST: S.EXPIRED, WEST: S.DEFERRED}


def test_the_clock_sends_to_one_zone_after_the_other(room: Newsroom) -> None:
    ticker = Ticker(room.runtime, lambda: NOTHING, threading.Event())
    ticker.tick()
    assert states(room) == {HOME: S.ACCEPTED, EAST: S.ACCEPTED, WEST: S.DEFERRED}
    room.now = WESTERN_SIX
    for _ in range(2):
        Ticker(room.runtime, lambda: NOTHING, threading.Event()).tick()
    assert set(states(room).values()) == {S.ACCEPTED}
    assert stored(room).state is EditionState.SENT


def test_the_job_of_a_shard_comes_again_when_the_next_zone_has_its_morning(room: Newsroom) -> None:
    row = frozen(room)
    assert send_shard(room.runtime, row.id, ALL_READERS, threading.Event(), "one") == WESTERN_SIX
    room.now = WESTERN_SIX
    assert send_shard(room.runtime, row.id, ALL_READERS, threading.Event(), "two") is None
    assert set(states(room).values()) == {S.ACCEPTED}


@pytest.mark.parametrize(
    ("due", "zone", "moment"),
    [
        (datetime(2026, 11, 23, 6, 0, tzinfo=UTC), "Pacific/Auckland", datetime(2026, 11, 22, 17, 0, tzinfo=UTC)),
        (datetime(2026, 3, 8, 2, 30, tzinfo=UTC), "America/New_York", datetime(2026, 3, 8, 7, 0, tzinfo=UTC)),
        (datetime(2026, 11, 1, 1, 30, tzinfo=UTC), "America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
    ],
)
def test_the_readers_moment_is_found_also_where_the_clocks_change(due: datetime, zone: str, moment: datetime) -> None:
    assert in_zone_of_reader(due, "UTC", zone) == moment


def test_a_zone_that_does_not_exist_is_refused(room: Newsroom) -> None:
    with pytest.raises(UnknownZone, match="Europe/Berlin"):
        subscribe(room.stores, room.now, Subscription(address="x@readers.example", editions=(), zone="Berlin"))
