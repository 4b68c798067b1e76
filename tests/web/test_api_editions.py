"""Editions by the API: read, composed, held, approved, sent, and found in the archive."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec import structs
from tests.web.api_client import EDITION, Program, make_token
from tests.web.conftest import Serve
from tests.web.desks import EditorsDesk

from digest.demo.sink import Sink
from digest.edition.acts import Subject
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.pipeline.editions.acting import do_acts
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.tick import Ticker
from digest.storage.deliveries import Deliveries


@pytest.fixture
def api(desk: EditorsDesk, serve: Serve) -> Iterator[Program]:
    program = Program(serve(desk.app()), make_token(desk.runtime))
    yield program
    program.close()


def tag(api: Program) -> str:
    return str(api("GET", EDITION).headers["ETag"])


def recipients(relay: Sink) -> list[str]:
    return [to for letter in relay.letters for to in letter.recipients]


def ticked(desk: EditorsDesk) -> None:
    """Let the clock's job work once, as `digest serve` does."""

    def gather() -> GatherReport:
        raise AssertionError("nothing is fetched")

    Ticker(desk.runtime, gather, threading.Event()).tick()


def test_an_edition_is_read_with_its_stories_and_its_letter(desk: EditorsDesk, api: Program) -> None:
    told = api("GET", EDITION).json
    assert (told["name"], told["date"], told["state"], told["problem"]) == ("morning", "2026-11-23", "ready", "")
    assert [story["headline"] for story in told["stories"]] == desk.headlines()
    lead = told["stories"][0]
    assert (lead["place"], lead["link"][:14]) == ("lead", "https://paper2")
    assert all(lead["bullets"])
    letter = api("GET", f"{EDITION}/letter").json
    assert letter["subject"] == told["subject"]
    for headline in desk.headlines()[:2]:
        assert headline in letter["html"]
        assert headline in letter["text"]


def test_editions_are_listed_the_last_due_first_in_pages(api: Program) -> None:
    for date in ("2026-11-24", "2026-11-25"):
        api("POST", f"/editions/morning/{date}/compose")
    api("POST", "/editions/evening/2026-11-24/compose")
    everything = [(each["name"], each["date"]) for each in api("GET", "/editions").json["items"]]
    assert everything == [
        ("morning", "2026-11-25"),
        ("evening", "2026-11-24"),
        ("morning", "2026-11-24"),
        ("morning", "2026-11-23"),
    ]
    found, after = [], ""
    while True:
        page = api("GET", f"/editions?name=morning&limit=1{after}").json
        found += [each["date"] for each in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert found == ["2026-11-25", "2026-11-24", "2026-11-23"]


def test_only_what_was_read_is_approved(desk: EditorsDesk, api: Program) -> None:
    told = api("POST", f"{EDITION}/approve")
    assert (told.status, told.problem) == (428, "precondition-required")
    seen = tag(api)
    do_acts(desk.runtime, desk.due(), desk.row(), (Subject(text="Another subject"),))
    told = api("POST", f"{EDITION}/approve", If_Match=seen)
    assert (told.status, told.problem) == (412, "precondition-failed")
    assert desk.row().state is EditionState.READY
    told = api("POST", f"{EDITION}/approve", If_Match=tag(api))
    assert (told.status, told.json["state"]) == (200, "approved")
    assert desk.row().state is EditionState.APPROVED
    (entry, *_) = desk.stores.audit.entries()
    assert (entry.who, entry.what, entry.about) == (
        "API token cms",
        "API POST /editions/{edition}/{date}/approve",
        {"edition": "morning", "date": "2026-11-23"},
    )


def test_an_edition_is_held_and_composed_again(desk: EditorsDesk, api: Program) -> None:
    assert api("POST", f"{EDITION}/hold").json["state"] == "held"
    assert api("POST", f"{EDITION}/compose").json["state"] == "held"
    assert api("POST", f"{EDITION}/send").problem == "edition-closed"
    assert api("POST", f"{EDITION}/hold", If_Match='"old"').problem == "precondition-failed"
    assert desk.row().state is EditionState.HELD
    assert api("POST", "/editions/morning/2026-11-24/hold").problem == "edition-closed"
    assert api("POST", "/editions/weekly/2026-11-24/compose").problem == "not-found"


def test_what_is_sent_now_is_delivered_by_the_clock(desk: EditorsDesk, api: Program, relay: Sink) -> None:
    for name in ("ada", "eve"):
        wish = Subscription(address=f"{name}@reader.example", editions=("morning",))
        subscribe(desk.stores, desk.now, wish)
    told = api("POST", f"{EDITION}/send", If_Match=tag(api))
    assert (told.status, told.json["state"], told.json["audience"]) == (202, "sending", 2)
    assert recipients(relay) == []
    again = api("POST", f"{EDITION}/send")
    assert (again.status, again.json) == (202, told.json)
    ticked(desk)
    assert sorted(recipients(relay)) == ["ada@reader.example", "eve@reader.example"]
    counts = Deliveries(desk.stores.database, desk.row().id).counts()
    assert (counts.of(DeliveryState.ACCEPTED), counts.audience) == (2, 2)
    assert api("GET", EDITION).json["state"] == "sent"
    for act in ("hold", "compose"):
        assert api("POST", f"{EDITION}/{act}").problem == "edition-closed"
    assert api("POST", f"{EDITION}/approve", If_Match="*").problem == "edition-closed"


def test_a_sent_letter_is_in_the_archive_and_in_the_numbers(desk: EditorsDesk, api: Program) -> None:
    assert api("GET", "/archive").json == {"items": [], "next": None}
    subscribe(desk.stores, desk.now, Subscription(address="ada@reader.example", editions=("morning",)))
    api("POST", f"{EDITION}/send")
    ticked(desk)
    (line,) = api("GET", "/archive").json["items"]
    assert (line["name"], line["date"], line["url"]) == (
        "morning",
        "2026-11-23",
        "http://127.0.0.1/archive/morning/2026-11-23",
    )
    letter = api("GET", "/archive/morning/2026-11-23").json
    assert (letter["subject"], letter["corrections"]) == (line["subject"], [])
    assert desk.headlines()[0] in letter["html"]
    assert api("GET", "/archive/morning/2026-11-22").problem == "not-found"
    assert api("GET", "/archive?name=evening").json["items"] == []
    numbers = api("GET", "/numbers?days=7").json
    assert (numbers["totals"]["letters"], numbers["totals"]["joined"]) == (1, 1)
    assert [(day["day"], day["edition"], day["letters"]) for day in numbers["days"]] == [("2026-11-23", "morning", 1)]
    assert api("GET", "/numbers?edition=evening").json["days"] == []


def test_a_late_edition_cannot_be_sent_and_says_why(desk: EditorsDesk, api: Program) -> None:
    key = desk.due().key
    desk.now += timedelta(days=2)
    told = api("POST", f"{EDITION}/send")
    assert (told.status, told.problem, "could go out from" in told.json["detail"]) == (409, "edition-closed", True)
    row = desk.stores.editions.get(key)
    assert row is not None
    assert row.state is EditionState.READY


def test_a_test_letter_goes_to_one_address(api: Program, relay: Sink) -> None:
    told = api("POST", f"{EDITION}/test", {"address": "editor@paper.example"}, Idempotency_Key="one")
    assert (told.status, told.json["status"]) == (200, "accepted")
    api("POST", f"{EDITION}/test", {"address": "editor@paper.example"}, Idempotency_Key="one")
    assert recipients(relay) == ["editor@paper.example"]
    assert api("POST", f"{EDITION}/test", {"address": "no address"}).problem == "refused"
    told = api("POST", "/editions/evening/2026-11-23/test", {"address": "editor@paper.example"})
    assert told.problem == "edition-closed"


def test_without_its_relay_a_test_letter_is_not_possible_now(desk: EditorsDesk, serve: Serve) -> None:
    mail = structs.replace(desk.settings.mail, transport="smtp://127.0.0.1:1")
    desk.settings = structs.replace(desk.settings, mail=mail)
    program = Program(serve(desk.app()), make_token(desk.runtime))
    told = program("POST", f"{EDITION}/test", {"address": "editor@paper.example"})
    assert (told.status, told.problem) == (503, "unavailable")
    program.close()


def test_an_edition_on_demand_is_composed_and_sent_by_its_key(desk: EditorsDesk, serve: Serve) -> None:
    desk.change("evening", kind="breaking", floor=1, follows=None)
    program = Program(serve(desk.app()), make_token(desk.runtime))
    path = "/editions/evening/2026-11-23"
    assert program("GET", path).problem == "not-found"
    told = program("POST", f"{path}/compose")
    assert (told.status, told.json["state"]) == (200, "ready")
    assert program("POST", f"{path}.2/compose").problem == "not-found"
    assert program("POST", f"{path}/send").status == 202
    program.close()
