"""Signs of life, alerts and figures, on both kinds of database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert

from digest.model.alert import Alert, AlertKind, Phase
from digest.model.delivery import DeliveryState
from digest.model.ids import EditionKey
from digest.model.letter import Letter
from digest.model.sign import Life, RelayState, RelayTrouble, Sign
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.stores import Stores
from digest.storage.engine import Database
from digest.storage.partitions import make
from digest.storage.schema.editions import letters
from digest.storage.schema.mailing import bounces, deliveries
from digest.storage.schema.people import suppressions

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
DAY = timedelta(days=1)
SIGN = Sign(
    process="press-1-abc",
    host="press",
    version="1",
    started_at=NOW,
    beat_at=NOW,
    relays={"mail": RelayState(trouble=RelayTrouble.REFUSES, since=NOW, certificate_ends=NOW + DAY)},
)
RELAY = Alert(kind=AlertKind.RELAY, about="mail", words="it refuses us", over="it takes letters again")


def test_a_process_has_one_sign_of_life_its_last(database: Database) -> None:
    store = Stores(database).heartbeats
    store.beat(SIGN)
    later = replace(SIGN, beat_at=NOW + DAY, relays={})
    store.beat(later)
    assert store.all() == (later,)
    store.stop(SIGN.process, NOW + DAY)
    assert [sign.life(NOW + DAY) for sign in store.all()] == [Life.STOPPED]


def test_what_a_sign_says_of_relays_comes_back(database: Database) -> None:
    store = Stores(database).heartbeats
    store.beat(SIGN)
    assert store.all() == (SIGN,)


def test_processes_that_are_long_gone_are_forgotten(database: Database) -> None:
    store = Stores(database).heartbeats
    for process, silent in (("a", 2), ("b", 90)):
        store.beat(replace(SIGN, process=process, beat_at=NOW - timedelta(hours=silent)))
    store.forget(NOW - 2 * DAY)
    assert {sign.process for sign in store.all()} == {"a"}


def test_an_alert_is_stored_once_cleared_once_and_remembers_who_was_told(database: Database) -> None:
    store = Stores(database).alerts
    store.change([RELAY], [], NOW)
    (alert,) = store.known(NOW)
    assert (alert.key, alert.words, alert.phase, alert.told) == ("relay mail", "it refuses us", Phase.RAISED, {})
    store.note_told(alert, "mail", Phase.RAISED)
    store.note_told(alert, "webhook", Phase.RAISED)
    store.change([], [alert.id], NOW + DAY)
    store.change([], [alert.id], NOW + 2 * DAY)
    (over,) = store.known(NOW)
    assert (over.cleared_at, over.told) == (NOW + DAY, {"mail": Phase.RAISED, "webhook": Phase.RAISED})
    assert store.known(NOW + 2 * DAY) == ()
    assert store.purge(NOW + 2 * DAY) == 1


def test_the_readership_of_a_day_is_counted_by_its_edges(database: Database) -> None:
    stores = Stores(database)
    for number, at in enumerate((NOW - DAY, NOW, NOW + DAY)):
        subscribe(stores, at, Subscription(address=f"r{number}@example.org", editions=("morning",)))
    assert stores.readers.leave("r0@example.org", "left", NOW)
    rows = [{"mail": kind, "kind": kind, "at": NOW} for kind in ("hard", "soft", "complaint")]
    with database.write() as connection:
        connection.execute(insert(bounces), rows)
        connection.execute(insert(suppressions), [{"identity": "x@example.org", "why": "bounced", "since": NOW}])
    moved = stores.figures.movement(NOW, NOW + DAY)
    assert (moved.joined, moved.left, moved.suppressed) == (1, 1, 2)
    assert moved.bounces == {"hard": 1, "soft": 1, "complaint": 1}
    assert stores.figures.movement(NOW + DAY, NOW + 2 * DAY).joined == 1


def test_an_edition_tells_its_course_and_where_its_letters_stand(database: Database) -> None:
    stores = Stores(database)
    subscribe(stores, NOW, Subscription(address="ada@example.org", editions=("morning",)))
    key = EditionKey(name="morning", date=date(2026, 11, 23))
    row = stores.editions.plan(key, NOW, NOW + DAY, NOW)
    (planned,) = stores.figures.courses(NOW, NOW + DAY)
    assert (planned.key, planned.began) == (key, None)
    assert stores.figures.courses(NOW + timedelta(seconds=1), NOW + DAY) == ()
    reader = next(iter(stores.readers.walk())).reader.id
    with database.write() as connection:
        letter = Letter(edition=key, language="en", subject="", html="", text="", segments=(b"x\r\n",))
        frozen = {"edition_id": row.id, "language": "en", "letter": letter, "frozen_at": NOW}
        connection.execute(insert(letters), [frozen])
        booked = {"edition_id": row.id, "reader_id": reader, "state": DeliveryState.QUEUED.value, "updated_at": NOW}
        make(connection, [row.id])
        connection.execute(insert(deliveries), [booked])
    (begun,) = stores.figures.courses(NOW, NOW + DAY)
    assert begun.began == NOW
    assert stores.figures.letters(begun.id) == {"queued": 1}
    assert stores.figures.known_since() == {"morning": NOW}
    stores.editions.known_since("evening", NOW - DAY)
    assert stores.figures.known_since() == {"morning": NOW, "evening": NOW - DAY}


def test_empty_tables_count_nothing(database: Database) -> None:
    figures = Stores(database).figures
    assert (figures.articles(NOW), figures.pending_entries(), figures.outbox()) == (0, 0, {})
    assert figures.movement(NOW, NOW + DAY).bounces == {}
