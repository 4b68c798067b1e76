"""A body is JSON with type, version, timestamp and data; an address stands in it only when it is given."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import msgspec
import pytest

from digest.model.webhook import DETAILS, Confirmed, EventType, Sent
from digest.webhooks.payload import EditionLinked, ReaderPart, message, ping

NOW = datetime(2026, 11, 27, 7, 0, tzinfo=timezone(timedelta(hours=1)))
READER = ReaderPart(id=7, pseudonym="rdr_1")
EDITION = EditionLinked(
    name="morning",
    date=date(2026, 11, 27),
    number=1,
    title="Morning",
    due=datetime(2026, 11, 27, 6, tzinfo=UTC),
    url="",
)


def test_an_event_about_a_reader() -> None:
    details = msgspec.to_builtins(Confirmed(editions=("morning",), by="reader"))
    body = message(EventType.CONFIRMED, NOW, details, reader=READER, edition=None)
    assert json.loads(body) == {
        "type": "reader.confirmed",
        "version": 1,
        "timestamp": "2026-11-27T06:00:00Z",
        "data": {"reader": {"id": 7, "pseudonym": "rdr_1"}, "editions": ["morning"], "by": "reader"},
    }


def test_an_address_stands_in_it_only_when_it_is_given() -> None:
    details = msgspec.to_builtins(Confirmed(editions=(), by="reader"))
    known = msgspec.structs.replace(READER, address="ada@example.org")
    with_it = message(EventType.CONFIRMED, NOW, details, reader=known, edition=None)
    assert json.loads(with_it)["data"]["reader"]["address"] == "ada@example.org"
    assert b"address" not in message(EventType.CONFIRMED, NOW, details, reader=READER, edition=None)


def test_an_event_about_an_edition() -> None:
    body = message(EventType.SENT, NOW, msgspec.to_builtins(Sent(letters=3)), reader=None, edition=EDITION)
    data = json.loads(body)["data"]
    assert data["letters"] == 3
    assert data["edition"] == {
        "name": "morning",
        "date": "2026-11-27",
        "number": 1,
        "title": "Morning",
        "due": "2026-11-27T06:00:00Z",
        "url": "",
    }


def test_details_that_do_not_fit_the_type_are_an_error() -> None:
    with pytest.raises(msgspec.ValidationError):
        message(EventType.SENT, NOW, {"letters": "many"}, reader=None, edition=EDITION)


def test_every_type_has_details() -> None:
    assert set(DETAILS) == set(EventType)


def test_a_ping_names_its_receiver() -> None:
    found = json.loads(ping("crm", NOW))
    assert (found["type"], found["data"]) == ("ping", {"endpoint": "crm"})
