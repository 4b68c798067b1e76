"""Every event is fired once, where it happens, and reaches a receiver; on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs
from tests.pipeline.conftest import DUE, Newsroom
from tests.pipeline.front import HOME, Front
from tests.receivers import Got, Receiver, added, receiving

from digest.app import App, webhook_client
from digest.bookkeeping import Outcome, Step, Worker
from digest.demo.sink import Sink
from digest.errors import StorageError
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.model.ids import ReaderId
from digest.pipeline.editions.editing import approve, hold, skip
from digest.pipeline.progress import unseen
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.readers.registration import confirm
from digest.pipeline.sending.approval_request import ask_for_approval
from digest.pipeline.sending.correcting import correct
from digest.pipeline.sending.deliver_edition import post
from digest.pipeline.sending.letters import freeze
from digest.pipeline.webhooks.sending import deliver_all
from digest.settings import MailSettings, SiteSettings
from digest.storage.bounces import Consequence, NewBounce
from digest.storage.corrections import Correction
from digest.storage.deliveries import Deliveries
from digest.storage.departures import Departure
from digest.storage.editions import Draft, StoredEdition
from digest.storage.engine import Database

ADA = "ada@example.org"


@pytest.fixture
def front(database: Database, tmp_path: Path, sink: Sink) -> Front:
    return Front(database, tmp_path, sink)


@pytest.fixture
def room(database: Database, tmp_path: Path, sink: Sink) -> Newsroom:
    made = Newsroom(database, tmp_path)
    made.settings = structs.replace(
        made.settings,
        mail=MailSettings(transport=f"smtp://127.0.0.1:{sink.port}", sender="news@paper.example", connections=1),
        site=SiteSettings(name="The Paper", url="https://paper.example"),
    )
    made.now = DUE - timedelta(minutes=30)
    return made


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def arrived(where: Front | Newsroom, receiver: Receiver) -> list[Got]:
    """Deliver what waits; return all that came."""
    deliver_all(where.runtime, webhook_client(App(runtime=where.runtime)), threading.Event())
    return receiver.got


def types(got: list[Got]) -> list[str]:
    return [each.type for each in got]


def number_of(front: Front, address: str = ADA) -> ReaderId:
    stored = front.stores.readers.find(address)
    assert stored is not None
    return stored.reader.id


def bounce(front: Front, kind: str, mail: str, most: int = 1) -> None:
    front.stores.bounces.file(
        NewBounce(
            mail=mail, reader_id=number_of(front), edition="morning", kind=kind, status="5.1.1", words="", at=front.now
        ),
        Consequence(why="bounced", most=most, since=front.now - timedelta(days=30)),
    )


def leave(front: Front, edition: str | None = None, pause: datetime | None = None) -> bool:
    asked = Departure(reader_id=number_of(front), edition=edition, at=front.now, pause_until=pause)
    return front.stores.departures.book(asked)


def test_every_event_of_a_reader_is_fired_once(front: Front, receiver: Receiver) -> None:
    added(front.runtime, receiver)
    front.ask(ADA, editions=("morning", "evening"))
    token = front.token("confirm")
    confirm(front.runtime, token, HOME)
    leave(front, "evening")
    leave(front, "evening")
    bounce(front, "soft", "1", most=3)
    bounce(front, "soft", "1", most=3)
    bounce(front, "hard", "2")
    bounce(front, "complaint", "3")
    leave(front)
    leave(front)
    got = arrived(front, receiver)
    assert Counter(types(got)) == {
        "reader.signed_up": 1,
        "reader.confirmed": 1,
        "reader.changed": 1,
        "reader.bounced": 2,
        "reader.complained": 1,
        "reader.left": 1,
    }
    assert len({each.name for each in got}) == 7
    readers = [each.json["data"]["reader"] for each in got]
    assert {reader["pseudonym"] for reader in readers} == {readers[0]["pseudonym"]}
    assert [reader["id"] for reader in readers] == [None, *[number_of(front)] * 6]
    assert all(ADA.encode() not in each.body for each in got)
    said = {each.type: each.json["data"] for each in got}
    assert said["reader.signed_up"]["editions"] == ["morning", "evening"]
    assert (said["reader.changed"]["changes"], said["reader.changed"]["editions"]) == (["editions"], ["morning"])
    assert (said["reader.left"]["editions"], said["reader.left"]["by"]) == (["morning"], "link")
    assert [each.json["data"]["suppressed"] for each in got if each.type == "reader.bounced"] == [False, True]
    arrived(front, receiver)
    assert len(got) == 7


def test_what_the_operator_does_to_one_reader_is_fired(front: Front, receiver: Receiver) -> None:
    added(front.runtime, receiver, with_addresses=True)
    subscribe(front.stores, front.now, Subscription(address=ADA, editions=("morning",)))
    subscribe(front.stores, front.now, Subscription(address=ADA, editions=("morning",)))
    subscribe(front.stores, front.now, Subscription(address=ADA, editions=("evening",)))
    leave(front, "morning", front.now + timedelta(days=7))
    front.stores.corrections.correct(ADA, Correction(name="Ada", language="fr", editions=("morning",)), front.now)
    front.stores.corrections.correct(ADA, Correction(), front.now)
    front.stores.readers.leave(ADA, "removed by the operator", front.now)
    got = arrived(front, receiver)
    assert types(got) == ["reader.confirmed", *["reader.changed"] * 3, "reader.left"]
    assert {each.json["data"]["reader"]["address"] for each in got} == {ADA}
    changes = [each.json["data"]["changes"] for each in got if each.type == "reader.changed"]
    assert changes == [["editions"], ["pause"], ["name", "language", "editions"]]
    assert got[-1].json["data"]["by"] == "operator"


def test_an_erased_reader_is_announced_by_number_and_pseudonym_and_no_address_stays(
    front: Front, receiver: Receiver
) -> None:
    added(front.runtime, receiver, with_addresses=True)
    subscribe(front.stores, front.now, Subscription(address=ADA, editions=("morning",)))
    first = arrived(front, receiver)[0].json["data"]["reader"]
    number = number_of(front)
    leave(front, "morning", front.now + timedelta(days=7))
    told = front.stores.selfservice.everything(number)["webhooks"]
    assert [(each["type"], each["name"], each["address"]) for each in told] == [
        ("reader.confirmed", "crm", ADA),
        ("reader.changed", "crm", ADA),
    ]
    assert front.stores.corrections.erase(ADA, "erased:k:1", front.now)
    changed, left = arrived(front, receiver)[1:]
    assert (changed.type, left.type, left.json["data"]["erased"]) == ("reader.changed", "reader.left", True)
    expected = {"id": number, "pseudonym": first["pseudonym"]}
    assert left.json["data"]["reader"] == changed.json["data"]["reader"] == expected
    assert all(not each.address for each in front.stores.webhooks.messages(None, ("delivered",), 10))


def test_a_reader_whom_a_server_refuses_during_the_sending_is_announced(room: Newsroom, receiver: Receiver) -> None:
    added(room.runtime, receiver, events=("reader.bounced",))
    subscribe(room.stores, room.now, Subscription(address=ADA, editions=("morning",)))
    room.freeze()
    ledger, worker = Deliveries(room.stores.database, row_of(room).id, letter=1), Worker("w", "host", "file")
    claims = ledger.book(worker, Step(claim=1), room.now).claims
    ids = tuple(claim.reader_id for claim in claims)
    ledger.book(worker, Step(attempt=ids), room.now)
    refused = Outcome(ids[0], DeliveryState.REJECTED, 1, "RCPT: 550 5.1.1 no such user", suppress=True)
    ledger.book(worker, Step(outcomes=(refused,)), room.now)
    (got,) = arrived(room, receiver)
    assert got.json["data"] == {
        "reader": got.json["data"]["reader"],
        "kind": "refused",
        "status": "",
        "suppressed": True,
    }


def row_of(room: Newsroom) -> StoredEdition:
    found = room.stores.editions.get(room.due().key)
    assert found is not None
    return found


def test_every_event_of_an_edition_is_fired_once(room: Newsroom, receiver: Receiver) -> None:
    added(room.runtime, receiver)
    room.change(approval="required", approval_deadline_minutes=30)
    key = str(room.due().key)
    room.compose()
    room.compose()
    hold(room.runtime, key)
    hold(room.runtime, key)
    room.compose()
    approve(room.runtime, key)
    assert freeze(room.runtime, row_of(room)) is not None
    for _ in range(2):
        post(room.runtime, row_of(room), progress=unseen)
    row = row_of(room)
    assert (row.state, row.edition is None) == (EditionState.SENT, False)
    assert row.edition is not None
    item = row.edition.items[0]
    correct(room.runtime, row, item.anchor, item.headline, "Otters are back", "Pat")
    room.now = DUE + timedelta(hours=10)
    room.compose("evening")
    skip(room.runtime, str(room.due("evening").key))
    got = [each for each in arrived(room, receiver) if each.json["data"]["edition"]["name"] == "morning"]
    assert Counter(types(got)) == {
        "edition.composed": 1,
        "edition.waiting": 1,
        "edition.held": 1,
        "edition.sent": 1,
        "correction.made": 1,
    }
    said = {each.type: each.json["data"] for each in got}
    assert said["edition.waiting"]["deadline"] == "2026-11-23T06:30:00Z"
    assert said["edition.waiting"]["link"] == "https://paper.example/desk/editions/morning/2026-11-23"
    assert said["edition.held"]["cause"] == "editor"
    assert said["edition.sent"]["edition"]["url"] == "https://paper.example/archive/morning/2026-11-23"
    assert said["edition.sent"]["edition"]["title"] == "Morning Update"
    assert (said["correction.made"]["wrong"], said["correction.made"]["right"]) == (item.headline, "Otters are back")
    assert [(each.type, each.json["data"]["cause"]) for each in receiver.got if each not in got] == [
        ("edition.held", "stories"),
        ("edition.skipped", "editor"),
    ]


def test_an_edition_with_too_few_stories_is_held_and_then_skipped(room: Newsroom, receiver: Receiver) -> None:
    added(room.runtime, receiver)
    room.change(floor=50, below_floor="skip")
    room.compose()
    room.compose()
    room.now = DUE + timedelta(minutes=1)
    room.compose()
    got = arrived(room, receiver)
    assert [each.type for each in got if each.type != "edition.composed"] == ["edition.held", "edition.skipped"]
    assert [each.json["data"]["cause"] for each in got if "cause" in each.json["data"]] == ["stories", "stories"]


def test_a_draft_that_waits_since_the_settings_changed_is_announced_once(room: Newsroom, receiver: Receiver) -> None:
    added(room.runtime, receiver, events=("edition.waiting",))
    room.compose()
    room.change(approval="required")
    for _ in range(3):
        assert ask_for_approval(room.runtime, room.due())
    (got,) = arrived(room, receiver)
    assert got.json["data"]["deadline"] is None


def test_a_fact_whose_event_cannot_be_written_is_not_stored_either(front: Front, receiver: Receiver) -> None:
    """Fact and event are one transaction: neither is ever stored alone."""
    added(front.runtime, receiver)
    subscribe(front.stores, front.now, Subscription(address=ADA, editions=("morning", "evening")))
    with front.stores.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE webhook_deliveries RENAME TO elsewhere")
    new = Subscription(address="ben@example.org", editions=("morning",))
    for fact in (
        lambda: leave(front),
        lambda: leave(front, "evening"),
        lambda: bounce(front, "hard", "1"),
        lambda: front.stores.corrections.correct(ADA, Correction(name="Ada"), front.now),
        lambda: front.stores.readers.leave(ADA, "removed by the operator", front.now),
        lambda: subscribe(front.stores, front.now, new),
    ):
        with pytest.raises(StorageError):
            fact()
    stored = front.stores.readers.find(ADA)
    assert stored is not None
    assert (stored.state, stored.suppressed, stored.reader.name) == ("active", "", "")
    assert stored.reader.editions == ("evening", "morning")
    assert front.stores.readers.find("ben@example.org") is None
    assert front.stores.bounces.latest(5) == ()


def test_a_change_that_is_taken_back_announces_nothing(room: Newsroom, receiver: Receiver) -> None:
    added(room.runtime, receiver)
    row = room.compose().row
    before = len(arrived(room, receiver))
    draft = Draft(edition=row.edition, telling=(), seen={}, state=EditionState.HELD, last_act=99)
    assert not room.stores.editions.draft(row.id, draft, room.now)
    assert len(arrived(room, receiver)) == before


def test_nobody_to_notify_leaves_no_trace(front: Front, receiver: Receiver) -> None:
    subscribe(front.stores, front.now, Subscription(address=ADA, editions=("morning",)))
    added(front.runtime, receiver, events=("edition.sent",))
    leave(front)
    assert arrived(front, receiver) == []
    assert front.stores.webhooks.messages(None, ("waiting", "delivered", "dead"), 10) == ()


def test_two_receivers_know_a_reader_by_different_pseudonyms(front: Front) -> None:
    with receiving() as one, receiving() as other:
        added(front.runtime, one, "one")
        added(front.runtime, other, "other")
        subscribe(front.stores, front.now, Subscription(address=ADA, editions=("morning",)))
        arrived(front, one)
        first, second = one.got[0], other.got[0]
    assert first.name == second.name
    assert first.json["data"]["reader"]["pseudonym"] != second.json["data"]["reader"]["pseudonym"]


def test_the_time_of_an_event_is_the_time_of_its_fact(front: Front, receiver: Receiver) -> None:
    added(front.runtime, receiver)
    subscribe(front.stores, front.now, Subscription(address=ADA, editions=("morning",)))
    happened = front.now
    front.later(hours=3)
    (got,) = arrived(front, receiver)
    assert datetime.fromisoformat(got.json["timestamp"]) == happened
    assert datetime.fromtimestamp(int(got.headers["webhook-timestamp"]), UTC) == front.now
