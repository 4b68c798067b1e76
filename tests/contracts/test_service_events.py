"""Events of sending services are stored once, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from digest.readers.event_posts import events_of
from digest.storage.engine import Database
from digest.storage.retention import Retention
from digest.storage.service_events import TAKEN, UNKNOWN, NewEvent, ServiceEvents, SettledEvent

NOW = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)


def new(name: str, state: str = "waiting") -> NewEvent:
    return NewEvent(name=name, kind="bounce", raw=b'{"event":"bounce"}', happened_at=NOW, state=state)


def test_an_event_that_is_posted_again_is_stored_once(database: Database) -> None:
    store = ServiceEvents(database)
    assert store.store("sendgrid", "", [new("a"), new("b")], NOW) == 2
    assert store.store("sendgrid", "", [new("b"), new("c")], NOW) == 1
    assert store.store("other", "", [new("b")], NOW) == 1
    assert store.counts() == {("sendgrid", "waiting"): 3, ("other", "waiting"): 1}


def test_a_token_is_good_for_its_own_events_alone(database: Database) -> None:
    store = ServiceEvents(database)
    assert store.store("mailgun", "t", [new("a")], NOW) == 1
    assert store.store("mailgun", "t", [new("a")], NOW) == 0
    assert store.store("mailgun", "t", [new("forged")], NOW) is None
    assert store.store("other", "t", [new("b")], NOW) == 1
    assert store.counts() == {("mailgun", "waiting"): 1, ("other", "waiting"): 1}


def test_events_are_taken_in_the_order_in_which_they_came(database: Database) -> None:
    store = ServiceEvents(database)
    store.store("ses", "", [new("b"), new("odd", UNKNOWN), new("a")], NOW)
    first, second = store.waiting(10)
    assert (first.raw, first.happened_at, first.sender) == (b'{"event":"bounce"}', NOW, "ses")
    assert [each.id for each in store.waiting(1)] == [first.id]
    store.settle([SettledEvent(id=first.id, state=TAKEN, effect="suppressed")])
    assert [each.id for each in store.waiting(10)] == [second.id]
    assert store.counts() == {("ses", "taken"): 1, ("ses", "unknown"): 1, ("ses", "waiting"): 1}


def test_old_events_go_but_those_that_still_wait(database: Database) -> None:
    store = ServiceEvents(database)
    store.store("ses", "", [new("waits"), new("odd", UNKNOWN)], NOW)
    store.store("ses", "", [new("later", UNKNOWN)], NOW + timedelta(days=1))
    assert sum(Retention(database).events(NOW + timedelta(hours=1), dry=True)) == 1
    assert sum(Retention(database).events(NOW + timedelta(hours=1), dry=False)) == 1
    assert store.counts() == {("ses", "unknown"): 1, ("ses", "waiting"): 1}


def test_names_from_anywhere_can_be_stored(database: Database) -> None:
    told = [{"event": "odd\0\ud800", "sg_event_id": "x\0"}, {"event": "y" * 500, "sg_event_id": "z" * 5000}]
    kept = [
        NewEvent(name=each.name, kind=each.kind, raw=each.raw, happened_at=each.happened)
        for each in events_of("sendgrid", json.dumps(told).encode())
    ]
    assert ServiceEvents(database).store("sendgrid", "", kept, NOW) == 2
