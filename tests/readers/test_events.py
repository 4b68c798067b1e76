"""What the events of each sending service say, and what names them: rules over bytes, without storage."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from digest.readers.event_posts import PostedEvent, events_of
from digest.readers.events import Event, event, posted
from digest.readers.reports import ReportStatus

ADA = "ada@reader.example"
REPLY = "550 5.1.1 no such user"


def person(recipient: str = ADA, *, action: str = "", status: str = "", diagnostic: str = "") -> ReportStatus:
    return ReportStatus(recipient=recipient, action=action, status=status, diagnostic=diagnostic)


def ses(name: str, said: dict[str, Any], key: str = "eventType", **mail: Any) -> dict[str, Any]:
    inside = {"delay": "deliveryDelay", "DeliveryDelay": "deliveryDelay"}.get(name, name.lower())
    return {key: name, inside: said, "mail": mail}


def sendgrid(name: str, **fields: Any) -> dict[str, Any]:
    return {"event": name, "email": ADA, "sg_event_id": "sg", **fields}


def mailgun(name: str, **fields: Any) -> dict[str, Any]:
    return {"event-data": {"event": name, "recipient": ADA, **fields}}


def brevo(name: str, **fields: Any) -> dict[str, Any]:
    return {"event": name, "email": ADA, "message-id": "<m@x>", **fields}


def standard(kind: str, **data: Any) -> dict[str, Any]:
    return {"type": kind, "data": {"recipient": ADA, **data}}


BOUNCED = {"emailAddress": ADA, "action": "failed", "status": "5.1.1", "diagnosticCode": f"smtp; {REPLY}"}
READ: dict[str, tuple[dict[str, Any], Event | None]] = {
    "SES bounce": (
        ses(
            "Bounce",
            {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": [BOUNCED, "x"]},
            source="news@paper.example",
            commonHeaders={"messageId": "<m@x>"},
        ),
        Event(
            kind="bounce",
            statuses=(person(action="failed", status="5.1.1", diagnostic=REPLY), person("")),
            senders=("news@paper.example",),
            message_id="m@x",
            nature="permanent",
            detail="general",
        ),
    ),
    "SES complaint": (
        ses("Complaint", {"complaintFeedbackType": "abuse", "complainedRecipients": [{"emailAddress": ADA}]},
            key="notificationType"),
        Event(kind="complaint", statuses=(person(),), senders=("",), detail="abuse"),
    ),
    "SES delay": (
        ses("DeliveryDelay", {"delayedRecipients": [{"emailAddress": ADA}]}),
        Event(kind="delay", statuses=(person(),), senders=("",)),
    ),
    "SES delivery": (ses("Delivery", {"bouncedRecipients": "x"}), Event(kind="delivery", statuses=(), senders=("",))),
    "SES open": (ses("Open", {}), None),
    "SES left": (
        ses("Subscription", {"newTopicPreferences": {"unsubscribeAll": True}}, destination=[ADA],
            commonHeaders={"messageId": "m@x"}),
        Event(kind="unsubscribe", statuses=(person(),), message_id="m@x"),
    ),
    "SES left without people": (
        ses("Subscription", {"newTopicPreferences": {"unsubscribeAll": True}}, destination=ADA),
        Event(kind="unsubscribe", statuses=()),
    ),
    "SES stays": (ses("Subscription", {"newTopicPreferences": {"unsubscribeAll": False}}, destination=[ADA]), None),
    "Postmark bounce": (
        {"RecordType": "Bounce", "Type": "HardBounce", "Email": ADA, "Details": f"smtp;{REPLY}"},
        Event(kind="bounce", statuses=(person(diagnostic=REPLY),), nature="permanent", detail="hardbounce"),
    ),
    "Postmark soft": (
        {"RecordType": "Bounce", "Type": "SoftBounce", "Email": ADA, "Details": REPLY},
        Event(kind="bounce", statuses=(person(diagnostic=REPLY),), nature="transient", detail="softbounce"),
    ),
    "Postmark answer": (
        {"RecordType": "Bounce", "Type": "AutoResponder", "Email": ADA, "Details": REPLY},
        Event(kind="bounce", statuses=(person(),), nature="undetermined", detail="autoresponder"),
    ),
    "Postmark suppressed": (
        {"RecordType": "Bounce", "Type": "ManuallyDeactivated", "Email": ADA, "Details": REPLY},
        Event(kind="bounce", statuses=(person(),), nature="suppressed", detail="suppressed"),
    ),
    "Postmark complaint": (
        {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "Email": ADA},
        Event(kind="complaint", statuses=(person(),), nature="complaint"),
    ),
    "Postmark delivery": (
        {"RecordType": "Delivery", "Recipient": ADA},
        Event(kind="delivery", statuses=(person(),), nature="transient"),
    ),
    "Postmark left": (
        {"RecordType": "SubscriptionChange", "SuppressSending": True, "SuppressionReason": "ManualSuppression",
         "Recipient": ADA},
        Event(kind="unsubscribe", statuses=(person(),)),
    ),
    "Postmark left by a bounce": (
        {"RecordType": "SubscriptionChange", "SuppressSending": True, "SuppressionReason": "HardBounce",
         "Recipient": ADA},
        None,
    ),
    "Postmark back": (
        {"RecordType": "SubscriptionChange", "SuppressSending": False, "SuppressionReason": "ManualSuppression",
         "Recipient": ADA},
        None,
    ),
    "SendGrid bounce": (
        sendgrid("bounce", type="bounce", status="5.1.1", reason=REPLY, **{"smtp-id": "<m@x>"}),
        Event(kind="bounce", statuses=(person(status="5.1.1", diagnostic=REPLY),), message_id="m@x",
              nature="permanent", detail="bounce"),
    ),
    "SendGrid blocked": (
        sendgrid("bounce", type="blocked", reason=REPLY),
        Event(kind="bounce", statuses=(person(diagnostic=REPLY),), nature="transient", detail="blocked"),
    ),
    "SendGrid dropped": (
        sendgrid("dropped", reason="Bounced Address", status="5.0.0"),
        Event(kind="bounce", statuses=(person(),), nature="transient", detail="suppressed"),
    ),
    "SendGrid dropped for another reason": (
        sendgrid("dropped", reason="Spam Content"),
        Event(kind="bounce", statuses=(person(),), nature="transient", detail="dropped"),
    ),
    "SendGrid bounce with a reason of suppression": (
        sendgrid("bounce", reason="Invalid"),
        Event(kind="bounce", statuses=(person(diagnostic="Invalid"),), nature="permanent", detail="bounce"),
    ),
    "SendGrid complaint": (
        sendgrid("spamreport"), Event(kind="complaint", statuses=(person(),), nature="transient"),
    ),
    "SendGrid by its letter alone": (
        {"event": "deferred", "email": ADA, "smtp-id": "m@x"},
        Event(kind="delay", statuses=(person(),), message_id="m@x", nature="transient", detail="deferred"),
    ),
    "SendGrid without an id": ({"event": "bounce", "email": ADA}, None),
    "SendGrid without a person": ({"event": "bounce", "sg_event_id": "sg"}, None),
    "SendGrid open": (sendgrid("open"), None),
    "Mailgun bounce": (
        mailgun("failed", severity="permanent", reason="bounce", envelope={"sender": "b@paper.example"},
                message={"headers": {"message-id": "m@x"}},
                **{"delivery-status": {"code": 550, "enhanced-code": "5.1.1", "message": "no such user"}}),
        Event(kind="bounce", statuses=(person(status="5.1.1", diagnostic=REPLY),), senders=("b@paper.example",),
              message_id="m@x", nature="permanent", detail="bounce"),
    ),
    "Mailgun described": (
        mailgun("failed", severity="temporary", **{"delivery-status": {"code": 421, "description": "busy"}}),
        Event(kind="bounce", statuses=(person(diagnostic="421 busy"),), senders=("",), nature="transient",
              detail="failed"),
    ),
    "Mailgun without words": (
        mailgun("failed", **{"delivery-status": {"code": 421}}),
        Event(kind="bounce", statuses=(person(),), senders=("",), nature="transient", detail="failed"),
    ),
    "Mailgun suppressed": (
        mailgun("failed", reason="suppress-bounce"),
        Event(kind="bounce", statuses=(person(),), senders=("",), nature="transient", detail="suppressed"),
    ),
    "Mailgun complaint": (
        mailgun("complained", reason="x"),
        Event(kind="complaint", statuses=(person(),), senders=("",), nature="transient"),
    ),
    "Mailgun open": (mailgun("opened"), None),
    "Brevo bounce": (
        brevo("hard_bounce", reason=f"smtp; {REPLY}"),
        Event(kind="bounce", statuses=(person(diagnostic=REPLY),), message_id="m@x", nature="permanent",
              detail="hard_bounce"),
    ),
    "Brevo complaint": (brevo("spam"), Event(kind="complaint", statuses=(person(),), message_id="m@x")),
    "Brevo without an id": ({"event": "hard_bounce", "email": ADA}, None),
    "Brevo open": (brevo("opened"), None),
    "ours": (
        standard("bounce", status="5.1.1", diagnostic=f"smtp; {REPLY}", permanent=True, message_id="<m@x>"),
        Event(kind="bounce", statuses=(person(status="5.1.1", diagnostic=REPLY),), message_id="m@x",
              nature="permanent", detail="failed"),
    ),
    "ours, transient": (
        standard("bounce", permanent="true"),
        Event(kind="bounce", statuses=(person(),), nature="transient", detail="failed"),
    ),
    "ours, a complaint": (standard("complaint"), Event(kind="complaint", statuses=(person(),), nature="transient")),
    "ours, unknown": (standard("noise"), None),
    "ours, without a person": ({"type": "bounce", "data": {}}, None),
}  # fmt: skip


@pytest.mark.parametrize("kind", READ)
def test_an_event_of_each_service_says_whom_it_is_about_and_what_happened(kind: str) -> None:
    told, expected = READ[kind]
    assert event(json.dumps(told)) == expected


def test_the_first_event_of_a_list_counts_and_a_text_is_unwrapped() -> None:
    one, other = brevo("spam"), brevo("delivered")
    assert event(json.dumps([{"x": 1}, one, other])) == READ["Brevo complaint"][1]
    assert (
        event("\ufeff " + json.dumps({"Message": json.dumps(one), "event": "delivered"})) == READ["Brevo complaint"][1]
    )
    assert event(json.dumps({"Message": "no JSON"} | one)) == READ["Brevo complaint"][1]
    assert event(json.dumps(one) + " and a signature") == READ["Brevo complaint"][1]
    for nothing in ("", "x", "[1, 2]", "{", "[" * 100_000, "[]"):
        assert event(nothing) is None


def test_only_a_thousand_events_and_a_hundred_people_are_read() -> None:
    nothing = {"x": 1}
    assert event(json.dumps([nothing] * 999 + [brevo("spam")])) is not None
    assert event(json.dumps([nothing] * 1000 + [brevo("spam")])) is None
    found = event(json.dumps(ses("Bounce", {"bouncedRecipients": [BOUNCED] * 101})))
    assert found is not None
    assert len(found.statuses) == 100


def test_texts_are_cut_and_have_no_characters_that_a_database_refuses() -> None:
    found = event(json.dumps(standard("bounce", diagnostic="x" * 4001, status="5\0", message_id="é\ud800")))
    assert found is not None
    assert (len(found.statuses[0].diagnostic), found.statuses[0].status, found.message_id) == (4000, "5\ufffd", "é?")


def test_a_posted_list_is_split_into_its_events_and_other_bytes_stay() -> None:
    assert [json.loads(each) for each in posted(b'[{"a": 1}, 2, {"b": 3}]')] == [{"a": 1}, {"b": 3}]
    assert len(posted(json.dumps([{}] * 1001).encode())) == 1000
    for whole in (b'{"a": [1]}', b"", b"[1, 2]", b"[", b" [{}]"):
        assert posted(whole) == (whole,)


def named(service: str, *told: dict[str, Any], given: str = "") -> list[str]:
    body = json.dumps(told[0] if len(told) == 1 else list(told)).encode()
    return [each.name for each in events_of(service, body, given)]


NOBODYS = {"x": 1}
HASHED = sha256(json.dumps(NOBODYS).encode()).hexdigest()


@pytest.mark.parametrize(
    ("service", "told", "name"),
    [
        ("ses", {"MessageId": "m-1", "Message": "{}"}, "m-1"),
        ("sendgrid", {"sg_event_id": "sg-1"}, "sg-1"),
        ("mailgun", {"event-data": {"id": "mg-1"}}, "mg-1"),
        ("postmark", {"RecordType": "Bounce", "ID": 7}, "Bounce/7"),
        ("standard", {"id": "s-1"}, "s-1"),
        ("brevo", NOBODYS, HASHED),
        ("ses", NOBODYS, HASHED),
        ("sendgrid", NOBODYS, HASHED),
        ("mailgun", NOBODYS, HASHED),
        ("standard", NOBODYS, HASHED),
    ],
)
def test_an_event_is_named_by_its_service_or_by_what_it_says(service: str, told: dict[str, Any], name: str) -> None:
    assert named(service, told) == [name]


def test_a_service_names_events_in_its_own_field_alone() -> None:
    every = {"MessageId": "a", "sg_event_id": "b", "id": "c", "RecordType": "Bounce", "ID": 5}
    names = {service: named(service, every)[0] for service in ("ses", "sendgrid", "mailgun", "standard", "postmark")}
    assert names == {"ses": "a", "sendgrid": "b", "mailgun": "c", "standard": "c", "postmark": "Bounce/5"}
    assert len(named("brevo", every)[0]) == len(HASHED)
    assert len(named("postmark", {"RecordType": "Bounce"})[0]) == len(HASHED)
    assert len(named("sendgrid", {"sg_event_id": True})[0]) == len(HASHED)


def test_the_id_of_a_request_names_its_only_event() -> None:
    assert named("standard", {"id": "s-1"}, given="msg-1") == ["msg-1"]
    assert named("standard", {"id": "s-1"}, {"id": "s-2"}, given="msg-1") == ["s-1", "s-2"]
    assert events_of("standard", b"[1, 2]", "msg-1") == events_of("standard", b"[", "msg-1") == ()
    assert events_of("standard", b"[" * 100_000) == ()
    assert len(events_of("standard", json.dumps([{}] * 1001).encode())) == 1000


@pytest.mark.parametrize(
    ("name", "stored"), [("x" * 200, True), ("x" * 201, False), ("é", False), ("a\tb", False), ("a b", True)]
)
def test_a_name_that_is_long_or_not_plain_is_stored_as_its_hash(name: str, *, stored: bool) -> None:
    assert (named("standard", {"id": name}) == [name]) is stored
    assert stored or named("standard", {"id": name}) == [sha256(name.encode()).hexdigest()]


def only(told: dict[str, Any]) -> PostedEvent:
    (found,) = events_of("standard", json.dumps(told).encode())
    return found


THEN = datetime(2026, 11, 27, 5, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ({"timestamp": "2026-11-27T05:59:00Z"}, THEN),
        ({"timestamp": "2026-11-27T05:59:00"}, THEN),
        ({"timestamp": "2026-11-27T06:59:00+01:00"}, THEN),
        ({"timestamp": THEN.timestamp()}, THEN),
        ({"ts_epoch": int(THEN.timestamp() * 1000)}, THEN),
        ({"ts_epoch": 10**11}, datetime.fromtimestamp(10**11, UTC)),
        ({"ts_epoch": 10**11 + 1}, datetime.fromtimestamp((10**11 + 1) / 1000, UTC)),
        ({"ts_epoch": 1}, datetime.fromtimestamp(1, UTC)),
        ({"ts_epoch": 0}, None),
        ({"ts_epoch": 253_402_300_799_000}, datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ({"ts_epoch": 253_402_300_799_001}, None),
        ({"timestamp": True}, None),
        ({"timestamp": "yesterday", "BouncedAt": "2026-11-27T05:59:00Z"}, THEN),
        ({"mail": {"timestamp": "2026-11-27T05:59:00Z"}}, THEN),
        ({"timestamp": "2026-11-27T05:59:00Z", "mail": {"timestamp": "2026-11-01T05:59:00Z"}}, THEN),
        ({"mail": "x"}, None),
        ({}, None),
    ],
)
def test_the_time_of_an_event_is_read_in_each_form(told: dict[str, Any], moment: datetime | None) -> None:
    assert only(told).happened == moment


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"eventType": "Bounce"}, "bounce"),
        ({"event": 7, "type": "Delivery"}, "delivery"),
        ({"type": f"a\tb{'x' * 99}"}, f"ab{'x' * 58}"),
        ({"event-data": {"event": "failed"}, "event": "x"}, "failed"),
        ({"Message": '{"eventType": "Complaint"}', "Type": "Notification"}, "complaint"),
        ({"Message": "no JSON", "Type": "Notification"}, "notification"),
        ({"Message": 7, "Type": "Notification"}, "notification"),
        ({}, ""),
    ],
)
def test_the_kind_of_an_event_is_that_of_what_is_inside(told: dict[str, Any], kind: str) -> None:
    assert only(told).kind == kind
