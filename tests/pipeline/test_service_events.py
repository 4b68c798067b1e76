"""What sending services post: proved, stored once, taken, and never believed beyond what it says."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from tests.readers.service_posts import (
    CERTIFICATE,
    NOW,
    READER,
    SAMPLES,
    TOPIC,
    Sample,
    brevo,
    certificate,
    mailgun,
    postmark,
    sendgrid,
    ses,
    sns,
    standard,
)

from digest.errors import FetchError, UnsignedEvent
from digest.model.quarantine import ItemKind
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.readers.service_events import EventInbox, take_events
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.readers.bounces import Returned, read_bounce
from digest.settings import EventSettings, KeySettings, Settings
from digest.storage.engine import Database

LATER = NOW + timedelta(minutes=1)


class Office:
    """One installation with one reader, Ada, and the services that its settings name."""

    def __init__(self, database: Database) -> None:
        self.fetched: list[str] = []
        events = {
            name: EventSettings(service=name, secret=sample.signer.secret, topic=sample.signer.topic)  # type: ignore[arg-type]
            for name, make in SAMPLES.items()
            for sample in [make()]
        }
        settings = Settings(keys=KeySettings(current="k", ring={"k": "5a" * 32}), events=events)
        self.runtime = Runtime(settings=settings, stores=Stores(database), clock=lambda: LATER, document=self._document)
        self.inbox = EventInbox(self.runtime)
        self.join(NOW - timedelta(days=9))

    def _document(self, url: str) -> bytes:
        self.fetched.append(url)
        return certificate()

    def join(self, at: object = NOW) -> None:
        wanted = Subscription(address=READER, editions=("morning", "evening"))
        subscribe(self.runtime.stores, at, wanted)  # type: ignore[arg-type]

    def post(self, sample: Sample) -> tuple[int, int]:
        """Take a request of a service, and what it brought."""
        receipt = self.inbox.receive(sample.signer.service, sample.post)
        take_events(self.runtime, threading.Event())
        return receipt.events, receipt.new

    @property
    def suppressed(self) -> str:
        """Why Ada gets nothing; empty when she does."""
        found = self.runtime.stores.readers.find(READER)
        assert found is not None
        return found.suppressed or ("left" if found.state == "left" else "")

    def counts(self) -> Mapping[tuple[str, str], int]:
        return self.runtime.stores.service_events.counts()


@pytest.fixture
def office(tmp_path: Path, ready_sqlite: Path) -> Iterator[Office]:
    shutil.copy(ready_sqlite, tmp_path / "digest.db")
    database = Database(f"sqlite:///{tmp_path / 'digest.db'}")
    yield Office(database)
    database.close()


@pytest.mark.parametrize("service", SAMPLES)
def test_a_permanent_bounce_of_each_service_takes_its_reader_off(office: Office, service: str) -> None:
    assert office.post(SAMPLES[service]()) == (1, 1)
    assert office.suppressed == "bounced"


@pytest.mark.parametrize("service", SAMPLES)
def test_the_same_event_again_changes_nothing(office: Office, service: str) -> None:
    office.post(SAMPLES[service]())
    assert office.post(SAMPLES[service]()) == (1, 0)
    assert office.counts() == {(service, "taken"): 1}


SES_COMPLAINT = {
    "eventType": "Complaint",
    "complaint": {"complainedRecipients": [{"emailAddress": READER}], "complaintFeedbackType": "abuse"},
    "mail": {"timestamp": "2026-11-27T05:59:00.000Z"},
}
SENDGRID = {"email": READER, "sg_event_id": "s", "timestamp": 1_795_759_000}
POSTMARK = {"Recipient": READER, "Email": READER, "MessageID": "m"}
BREVO = {"email": READER, "message-id": "<m@x>", "ts_event": 1_795_759_000}
DATA = {"recipient": READER}


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (ses(SES_COMPLAINT), "complained"),
        (sendgrid(SENDGRID | {"event": "spamreport"}), "complained"),
        (mailgun({"event": "complained", "id": "c", "recipient": READER}), "complained"),
        (postmark(POSTMARK | {"RecordType": "SpamComplaint", "ID": 1}), "complained"),
        (brevo(BREVO | {"event": "spam"}), "complained"),
        (standard(DATA, kind="complaint"), "complained"),
        (sendgrid(SENDGRID | {"event": "unsubscribe"}), "left"),
        (sendgrid(SENDGRID | {"event": "group_unsubscribe"}), "left"),
        (mailgun({"event": "unsubscribed", "id": "u", "recipient": READER}), "left"),
        (brevo(BREVO | {"event": "unsubscribed"}), "left"),
        (standard(DATA, kind="unsubscribe"), "left"),
        (
            postmark(
                POSTMARK
                | {
                    "RecordType": "SubscriptionChange",
                    "SuppressSending": True,
                    "SuppressionReason": "ManualSuppression",
                }
            ),
            "left",
        ),
        (
            ses(
                {
                    "eventType": "Subscription",
                    "subscription": {"newTopicPreferences": {"unsubscribeAll": True}},
                    "mail": {"destination": [READER]},
                }
            ),
            "left",
        ),
    ],
    ids=lambda value: value.signer.service if isinstance(value, Sample) else value,
)
def test_complaints_and_wishes_to_leave_are_followed(office: Office, sample: Sample, expected: str) -> None:
    office.post(sample)
    assert office.suppressed == expected


@pytest.mark.parametrize(
    "sample",
    [
        sendgrid(SENDGRID | {"event": "deferred", "response": "450 4.7.1 try later"}),
        sendgrid(SENDGRID | {"event": "delivered"}),
        brevo(BREVO | {"event": "deferred", "reason": "450 4.7.1 try later"}),
        standard(DATA, kind="delay"),
        ses(
            {
                "eventType": "DeliveryDelay",
                "deliveryDelay": {"delayedRecipients": [{"emailAddress": READER, "status": "4.4.1"}]},
                "mail": {},
            }
        ),
        postmark(POSTMARK | {"RecordType": "SubscriptionChange", "SuppressSending": False}),
        ses(
            {
                "eventType": "Subscription",
                "subscription": {"newTopicPreferences": {"unsubscribeAll": False}},
                "mail": {},
            }
        ),
    ],
    ids=lambda value: value.signer.service,
)
def test_a_delay_a_delivery_or_a_kept_subscription_changes_nothing(office: Office, sample: Sample) -> None:
    office.post(sample)
    assert office.suppressed == ""


def test_events_of_no_known_kind_are_kept_and_counted_and_tracking_is_not_even_stored(office: Office) -> None:
    events = ({"event": "open"}, {"event": "novel", "sg_event_id": "n"}, {"no": "kind"}, {"event": 7})
    assert office.post(sendgrid(*events)) == (4, 3)
    assert office.counts() == {("sendgrid", "unknown"): 3}


def test_many_events_of_one_request_are_each_taken(office: Office) -> None:
    base = {
        "event": "bounce",
        "type": "bounce",
        "status": "5.1.1",
        "reason": "550 5.1.1 no such user",
        "smtp-id": "<x@y>",
    }
    people = [base | {"email": f"reader{n}@reader.example", "sg_event_id": f"e{n}"} for n in range(40)]
    people[17] |= {"email": READER}
    assert office.post(sendgrid(*people)) == (40, 40)
    assert office.suppressed == "bounced"
    assert office.counts() == {("sendgrid", "taken"): 40}


def test_an_event_from_before_the_reader_signed_up_again_does_not_take_them_off(office: Office) -> None:
    office.join(NOW)
    early = int((NOW - timedelta(hours=1)).timestamp())
    found = office.runtime.stores.readers.find(READER)
    assert found is not None
    office.post(sendgrid(SENDGRID | {"event": "unsubscribe", "timestamp": early, "sg_event_id": "first"}))
    assert office.suppressed == "left"


def test_a_forged_request_stores_nothing(office: Office) -> None:
    sample = sendgrid()
    with pytest.raises(UnsignedEvent):
        office.post(replace(sample, post=replace(sample.post, body=b"[]")))
    assert office.counts() == {}


def test_a_mailgun_token_cannot_carry_another_event(office: Office) -> None:
    office.post(mailgun({"event": "delivered", "id": "d", "recipient": READER}))
    with pytest.raises(UnsignedEvent, match="used before"):
        office.post(mailgun({"event": "complained", "id": "forged", "recipient": READER}))
    assert office.suppressed == ""


def test_a_certificate_is_fetched_once_for_many_messages(office: Office) -> None:
    office.post(ses())
    office.post(ses(MessageId="another"))
    assert office.fetched == [CERTIFICATE]


CONFIRM = "https://sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"


def confirmation(**changes: str) -> Sample:
    told = {"Type": "SubscriptionConfirmation", "SubscribeURL": CONFIRM, "Token": "t"} | changes
    return replace(ses(), post=replace(ses().post, body=sns("You have chosen to subscribe", **told)))


def test_the_subscription_of_the_configured_topic_is_confirmed(office: Office) -> None:
    assert office.post(confirmation()) == (0, 0)
    assert office.fetched == [CERTIFICATE, CONFIRM]


def test_no_other_topic_and_no_other_host_is_confirmed(office: Office) -> None:
    with pytest.raises(UnsignedEvent):
        office.post(confirmation(TopicArn=TOPIC + "2"))
    office.post(confirmation(SubscribeURL="https://attacker.example/"))
    office.post(confirmation(Type="UnsubscribeConfirmation"))
    assert CONFIRM not in office.fetched
    assert "https://attacker.example/" not in office.fetched


def test_a_certificate_that_cannot_be_had_leaves_the_event_to_another_try(office: Office) -> None:
    def gone(url: str) -> bytes:
        raise FetchError(url, "no answer")

    inbox = EventInbox(replace(office.runtime, document=gone))
    with pytest.raises(FetchError):
        inbox.receive("ses", ses().post)
    assert office.post(ses()) == (1, 1)


def test_a_stop_leaves_events_waiting(office: Office) -> None:
    office.inbox.receive("brevo", brevo().post)
    stop = threading.Event()
    stop.set()
    assert take_events(office.runtime, stop) == 0
    assert office.counts() == {("brevo", "waiting"): 1}
    assert take_events(office.runtime, threading.Event()) == 1


ODD: tuple[object, ...] = (
    *([], {}, [[]], [1, None, "x"], {"event-data": []}, {"Message": "{"}, {"mail": 1, "eventType": "Bounce"}),
    {"event": "bounce", "email": ["a"], "smtp-id": {}},
    {"event": "hard_bounce", "message-id": None, "email": "eve@reader.example\0", "ts_event": 1e300},
    {"event": "hard_bounce", "message-id": "", "email": "eve@reader.example", "ts_event": 10**400},
    {"type": "bounce", "data": {"recipient": "x" * 5000, "status": []}},
)


@pytest.mark.parametrize("told", ODD)
def test_a_body_of_any_json_takes_nobody_off_and_raises_nothing(office: Office, told: object) -> None:
    sample = brevo()
    office.post(replace(sample, post=replace(sample.post, body=json.dumps(told).encode())))
    assert office.suppressed == ""
    assert not [state for _, state in office.counts() if state in {"waiting", "failed"}]


def test_an_event_at_which_the_program_fails_is_set_aside_and_the_next_one_is_taken(office: Office) -> None:
    def fails(raw: bytes) -> Returned:
        if b"poison" in raw:
            raise RuntimeError("a mistake of ours")
        return read_bounce(raw)

    office.inbox.receive("brevo", brevo(BREVO | {"event": "spam", "email": "poison@reader.example"}).post)
    office.inbox.receive("brevo", brevo().post)
    assert take_events(office.runtime, threading.Event(), fails) == 2
    assert office.suppressed == "bounced"
    assert office.counts() == {("brevo", "failed"): 1, ("brevo", "taken"): 1}


def people(number: int) -> list[dict[str, object]]:
    """Return an event of each kind for so many readers, each event with an id of its own."""
    kinds = ("bounce", "spamreport", "unsubscribe", "deferred", "delivered", "dropped")
    base = {"type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 no such user", "timestamp": 1_795_759_000}
    return [
        base | {"event": kinds[n % len(kinds)], "email": f"reader{n}@reader.example", "sg_event_id": f"e{n}"}
        for n in range(number)
    ]


def joined(office: Office, number: int) -> None:
    for n in range(number):
        wanted = Subscription(address=f"reader{n}@reader.example", editions=("morning", "evening"))
        subscribe(office.runtime.stores, NOW - timedelta(days=9), wanted)


def outcome(office: Office) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return each reader's state, why nothing is sent to them, and what they get."""
    return [(one.state, one.suppressed, one.reader.editions) for one in office.runtime.stores.readers.walk(left=True)]


def test_a_batch_ends_as_its_events_one_by_one_in_any_order(tmp_path: Path, ready_sqlite: Path) -> None:
    """Together, one by one, backwards, and all of them twice: readers end alike."""
    found = []
    for order in ("together", "alone", "backwards", "twice"):
        shutil.copy(ready_sqlite, tmp_path / f"{order}.db")
        office = Office(Database(f"sqlite:///{tmp_path / order}.db"))
        joined(office, 24)
        events = people(24)
        requests = {
            "together": [events],
            "alone": [[event] for event in events],
            "backwards": [events[::-1]],
            "twice": [events, [event | {"sg_event_id": f"again{n}"} for n, event in enumerate(events)]],
        }[order]
        for request in requests:
            office.post(sendgrid(*request))
        found.append(outcome(office))
        office.runtime.stores.database.close()
    assert found[0] == found[1] == found[2] == found[3]
    assert {why for _, why, _ in found[0]} == {"", "bounced", "complained"}
    assert ("left", "", ()) in found[0]


def test_an_event_that_cannot_be_stored_costs_only_itself(office: Office) -> None:
    def odd(raw: bytes) -> Returned:
        found = read_bounce(raw)
        if b"reader6@" not in raw:
            return found
        return replace(found, bounces=tuple(replace(bounce, words="\ud800") for bounce in found.bounces))

    joined(office, 12)
    office.inbox.receive("sendgrid", sendgrid(*people(12)).post)
    assert take_events(office.runtime, threading.Event(), odd) == 12
    assert office.counts() == {("sendgrid", "failed"): 1, ("sendgrid", "taken"): 11}
    ends = [(state, why) for state, why, _ in outcome(office)[1:]]
    assert ends[6] == ("active", "")
    assert ends[0] == ("active", "bounced")
    assert ends[8] == ("left", "")
    (item,) = office.runtime.stores.quarantine.all()
    assert item.kind is ItemKind.BOUNCE


def test_the_queries_of_a_batch_do_not_grow_with_its_events(office: Office) -> None:
    joined(office, 80)
    asked: list[str] = []
    event.listen(office.runtime.stores.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    bounce = {"event": "bounce", "type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 no such user"}
    for number in (2, 40):
        events = [
            bounce | {"email": f"reader{number + n}@reader.example", "sg_event_id": f"{number}/{n}"}
            for n in range(number)
        ]
        office.inbox.receive("sendgrid", sendgrid(*events).post)
        asked.clear()
        take_events(office.runtime, threading.Event())
        counts.append(len(asked))
    assert counts[1] <= counts[0]
    assert sum(why == "bounced" for _, why, _ in outcome(office)) == 42
