"""Readers by the API: sign-ups, proof of consent, changes, leaving, erasure and export, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.web.api_client import PROOF, Program, Told, make_token
from tests.web.conftest import Serve
from tests.web.desks import Newspaper
from tests.web.sites import elsewhere

from digest.model.api_token import Scope
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.readers.personal_mails import PersonalMailSender

ADA = "ada@reader.example"


@pytest.fixture
def api(both_papers: Newspaper, serve: Serve) -> Iterator[Program]:
    program = Program(serve(both_papers.app()), make_token(both_papers.runtime))
    yield program
    program.close()


@pytest.fixture
def quick(paper: Newspaper, serve: Serve) -> Iterator[Program]:
    """Give the same on SQLite alone."""
    program = Program(serve(paper.app()), make_token(paper.runtime))
    yield program
    program.close()


def new(address: str = ADA, *editions: str, **more: object) -> dict[str, object]:
    return {"address": address, "editions": editions or ("morning",), "consent": PROOF, **more}


def add(api: Program, address: str = ADA, *editions: str, **more: object) -> int:
    told = api("POST", "/readers", new(address, *editions, **more))
    assert told.status in {200, 201}, told.json
    return int(told.json["id"])


def test_a_reader_with_proof_of_consent_gets_letters_at_once(both_papers: Newspaper, api: Program) -> None:
    told = api("POST", "/readers", new(name="Ada", language="de"))
    assert (told.status, told.json["outcome"]) == (201, "added")
    assert ADA not in told.body.decode()
    one = api("GET", f"/readers/{told.json['id']}").json
    assert (one["address"], one["name"], one["language"], one["editions"]) == (ADA, "Ada", "de", ["morning"])
    assert one["state"] == "active"
    consent = one["consent"]
    assert (consent["source"], consent["wording"]) == (PROOF["source"], PROOF["wording"])
    assert (consent["how"], consent["by"]) == ("API token cms", "operator")
    assert consent["confirmed_at"] == "2026-11-20T10:00:00+00:00"
    assert [each.address for each in both_papers.stores.readers.subscribed("morning", both_papers.now)] == [ADA]


def test_the_time_zone_of_a_reader_is_given_and_changed(api: Program) -> None:
    number = add(api, zone="America/New_York")
    assert api("GET", f"/readers/{number}").json["zone"] == "America/New_York"
    assert api("PATCH", f"/readers/{number}", {"zone": "asia/tokyo"}).json["zone"] == "Asia/Tokyo"
    assert api("PATCH", f"/readers/{number}", {"name": "Ada"}).json["zone"] == "Asia/Tokyo"
    refused = api("PATCH", f"/readers/{number}", {"zone": "Tokyo"})
    assert (refused.status, refused.problem) == (422, "refused")
    assert api("PATCH", f"/readers/{number}", {"zone": ""}).json["zone"] == ""
    assert api("POST", "/readers", new("eve@reader.example", zone="Tokyo")).problem == "refused"


def test_the_same_reader_again_is_known_or_gets_more(api: Program) -> None:
    number = add(api)
    again = api("POST", "/readers", new())
    assert (again.status, again.json) == (200, {"id": number, "outcome": "known"})
    more = api("POST", "/readers", new(ADA, "evening"))
    assert (more.status, more.json["outcome"]) == (200, "changed")
    assert api("GET", f"/readers/{number}").json["editions"] == ["evening", "morning"]


def test_nobody_who_left_or_was_erased_is_subscribed_by_a_program(api: Program) -> None:
    left, erased = add(api), add(api, "eve@reader.example")
    assert api("POST", f"/readers/{left}/leave").json == {"id": left, "state": "left"}
    assert api("DELETE", f"/readers/{erased}").status == 204
    for address in (ADA, "eve@reader.example"):
        told = api("POST", "/readers", new(address))
        assert (told.status, told.problem) == (409, "reader-kept-away")
    assert api("PUT", f"/readers/{left}/editions/evening").problem == "reader-kept-away"
    assert api("PATCH", f"/readers/{left}", {"name": "Ada"}).problem == "reader-kept-away"
    assert api("GET", f"/readers/{erased}").status == 404


def test_a_sign_up_is_confirmed_by_the_reader(both_papers: Newspaper, api: Program) -> None:
    add(api, "known@reader.example")
    bodies = set()
    for address in (ADA, "known@reader.example"):
        told = api("POST", "/sign-ups", {"address": address, "editions": ["morning"], "language": "de"})
        assert told.status == 202
        bodies.add(told.body)
    assert bodies == {b'{"status":"confirmation requested"}'}
    assert both_papers.stores.readers.find(ADA) is None
    (ask, _) = both_papers.stores.signups.waiting(both_papers.now, 9)
    assert (ask.address, ask.language, ask.request["editions"]) == (ADA, "de", ["morning"])
    assert ask.request["consent"]["how"] == "API token cms, confirmed by mail"


def test_the_mail_of_a_sign_up_leaves_like_any_other(paper: Newspaper, quick: Program) -> None:
    quick("POST", "/sign-ups", {"address": ADA, "editions": ["morning"]})
    elsewhere(PersonalMailSender(paper.runtime, threading.Event()).tick)
    assert paper.stores.signups.waiting(paper.now + timedelta(days=1), 9) == ()
    mails = paper.stores.dossiers.of(ADA).mails
    assert [(mail.kind, mail.state) for mail in mails] == [("confirm", "accepted")]


def test_a_change_touches_only_what_it_names(api: Program) -> None:
    number = add(api, name="Ada")
    told = api("PATCH", f"/readers/{number}", {"language": "fr"})
    assert (told.status, told.json["name"], told.json["language"]) == (200, "Ada", "fr")
    assert told.headers["ETag"] == api("GET", f"/readers/{number}").headers["ETag"]
    told = api("PATCH", f"/readers/{number}", {"address": "ada.lark@reader.example", "editions": ["evening"]})
    assert (told.json["address"], told.json["editions"]) == ("ada.lark@reader.example", ["evening"])
    add(api, "eve@reader.example")
    told = api("PATCH", f"/readers/{number}", {"address": "eve@reader.example"})
    assert (told.status, told.problem) == (409, "address-taken")


def test_an_update_of_what_has_changed_since_is_refused(api: Program) -> None:
    number = add(api)
    path = f"/readers/{number}"
    seen = api("GET", path).headers["ETag"]
    assert api("PATCH", path, {"name": "Ada"}, If_Match=seen).status == 200
    lost = api("PATCH", path, {"name": "Eve"}, If_Match=seen)
    assert (lost.status, lost.problem) == (412, "precondition-failed")
    assert api("PATCH", path, {"name": "Eve"}, If_Match=f"W/{api('GET', path).headers['ETag']}").status == 412
    assert api("PATCH", path, {"name": "Eve"}, If_Match="*").json["name"] == "Eve"


def test_of_two_updates_at_the_same_time_one_is_lost_and_says_so(api: Program) -> None:
    number = add(api)
    seen = api("GET", f"/readers/{number}").headers["ETag"]

    def change(name: str) -> Told:
        program = Program(api.url, api.token)
        told = program("PATCH", f"/readers/{number}", {"name": name}, If_Match=seen)
        program.close()
        return told

    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(change, ("Ann", "Ben", "Cat", "Dan")))
    assert min(each.status for each in told) == 200
    assert sum(each.status == 200 for each in told) == 1
    assert {each.status for each in told if each.status != 200} <= {409, 412}


def test_editions_are_added_and_ended_one_by_one_and_without_any_the_reader_leaves(
    both_papers: Newspaper, api: Program
) -> None:
    number = add(api)
    path = f"/readers/{number}/editions"
    for _ in range(2):
        assert api("PUT", f"{path}/evening").json["editions"] == ["evening", "morning"]
    assert api("PUT", f"{path}/weekly").problem == "refused"
    for _ in range(2):
        assert api("DELETE", f"{path}/morning").json["editions"] == ["evening"]
    for _ in range(2):
        assert api("DELETE", f"{path}/evening").json["state"] == "left"
    assert both_papers.stores.dossiers.of(ADA).suppression is not None


def test_an_export_has_everything_and_an_erasure_leaves_nothing(both_papers: Newspaper, api: Program) -> None:
    number = add(api)
    told = api("GET", f"/readers/{number}/export").json
    assert set(told) == {"reader", "subscriptions", "suppressions", "letters", "mails", "bounces", "webhooks"}
    assert told["reader"]["address"] == ADA
    assert api("DELETE", f"/readers/{number}").status == 204
    for path in (f"/readers/{number}", f"/readers/{number}/export"):
        assert api("GET", path).problem == "not-found"
    assert api("DELETE", f"/readers/{number}").status == 404
    assert both_papers.stores.readers.find(ADA) is None


def test_readers_are_listed_in_pages_that_miss_nobody(api: Program) -> None:
    numbers = [add(api, f"reader{n}@reader.example") for n in range(5)]
    api("POST", f"/readers/{numbers[1]}/leave")
    api("DELETE", f"/readers/{numbers[2]}")

    def walked(query: str) -> list[int]:
        found, after = [], ""
        while True:
            page = api("GET", f"/readers?limit=2{query}{after}").json
            found += [each["id"] for each in page["items"]]
            if page["next"] is None:
                return found
            after = f"&after={page['next']}"

    assert walked("") == [numbers[0], numbers[3], numbers[4]]
    assert walked("&left=true") == [numbers[0], numbers[1], numbers[3], numbers[4]]


def test_a_reader_is_found_by_address_without_the_address_in_a_url(paper: Newspaper, quick: Program) -> None:
    number = add(quick)
    before = paper.stores.audit.entries()
    assert quick("POST", "/readers/find", {"address": ADA.upper()}).json["id"] == number
    assert quick("POST", "/readers/find", {"address": "nobody@reader.example"}).problem == "not-found"
    assert quick("POST", "/readers/find", {"address": "no address"}).problem == "refused"
    assert paper.stores.audit.entries() == before


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"address": "a@"}, 400, "address"),
        ({"address": "not an address"}, 422, "not an address"),
        ({"editions": []}, 400, "editions"),
        ({"editions": ["weekly"]}, 422, "there are: morning, evening"),
        ({"editions": ["morning", "weekly"]}, 422, "there are"),
        ({"editions": "morning"}, 400, "editions"),
        ({"consent": None}, 400, "consent"),
        ({"consent": PROOF | {"given_at": "yesterday"}}, 400, "given_at"),
        ({"consent": PROOF | {"given_at": "2026-11-20T10:00:00"}}, 400, "given_at"),
        ({"consent": PROOF | {"wording": ""}}, 400, "wording"),
        ({"colour": "red"}, 400, "`colour`"),
        ({"consent": PROOF | {"colour": "red"}}, 400, "`colour`"),
        ({"name": "a\0b"}, 400, "name"),
        ({"name": "x" * 201}, 400, "name"),
        ({"language": "no language"}, 400, "language"),
    ],
)
def test_what_is_wrong_is_named(quick: Program, change: dict[str, object], status: int, words: str) -> None:
    told = quick("POST", "/readers", new() | change)
    assert (told.status, words in told.json["detail"]) == (status, True), told.json
    assert quick("GET", "/readers").json["items"] == []


def test_no_address_is_in_the_audit_log_nor_among_kept_answers(paper: Newspaper, quick: Program) -> None:
    number = int(quick("POST", "/readers", new(), Idempotency_Key="k1").json["id"])
    quick("PATCH", f"/readers/{number}", {"address": "ada.lark@reader.example"})
    quick("POST", "/sign-ups", {"address": "new@reader.example", "editions": ["morning"]}, Idempotency_Key="k2")
    quick("POST", f"/readers/{number}/leave", Idempotency_Key="k3")
    entries = [entry for entry in paper.stores.audit.entries() if entry.who == "API token cms"]
    assert [entry.what for entry in reversed(entries)] == [
        "API POST /readers",
        "API PATCH /readers/{reader}",
        "API POST /sign-ups",
        "API POST /readers/{reader}/leave",
    ]
    assert entries[-1].about == {"reader": str(number)}
    assert "@" not in "".join(f"{entry.about}{entry.client}" for entry in entries)
    with paper.stores.database.read() as connection:
        kept = connection.exec_driver_sql("SELECT body FROM api_requests").scalars().all()
    assert len(kept) == 3
    assert all(b"@" not in body for body in kept)


def test_a_refused_act_is_in_the_audit_log_with_its_token(paper: Newspaper, quick: Program) -> None:
    weak = make_token(paper.runtime, "weak", [Scope.READERS_READ])
    assert quick("POST", "/readers", new(), weak).problem == "scope-missing"
    assert quick("GET", "/editions", token=weak).problem == "scope-missing"
    (entry,) = paper.stores.audit.entries(who="API token weak")
    assert (entry.what, entry.refused) == ("API POST /readers", True)


def test_a_reader_of_another_door_is_found_by_the_api(paper: Newspaper, quick: Program) -> None:
    subscribe(paper.stores, paper.now, Subscription(address=ADA, editions=("morning",)))
    (one,) = quick("GET", "/readers").json["items"]
    assert (one["address"], one["consent"]["how"]) == (ADA, "digest readers add")


def test_no_address_and_no_token_is_logged(quick: Program, logged: list[MutableMapping[str, Any]]) -> None:
    number = add(quick)
    quick("PATCH", f"/readers/{number}", {"address": "ada.lark@reader.example"})
    quick("POST", "/readers/find", {"address": ADA})
    quick("POST", "/readers", new("no address"))
    quick("GET", "/readers", token=quick.token[:-1] + "x")
    requests = [event for event in logged if event["event"] == "api request"]
    assert [(event["method"], event["route"], event["status"]) for event in requests] == [
        ("POST", "/readers", 201),
        ("PATCH", "/readers/{reader}", 200),
        ("POST", "/readers/find", 404),
        ("POST", "/readers", 422),
        ("GET", "/readers", 401),
    ]
    assert "@" not in str(logged)
    assert quick.token[:-8] not in str(logged)


def pause(api: Program, reader: int, **body: object) -> Told:
    return api("PUT", f"/readers/{reader}/pause", body)


def test_a_reader_is_paused_until_a_day_in_the_zone_of_each_edition_and_resumed(
    both_papers: Newspaper, api: Program
) -> None:
    ada = add(api, ADA, "morning", "evening")
    until = (both_papers.now + timedelta(days=9)).date()
    told = pause(api, ada, until=until.isoformat())
    assert told.status == 200
    assert sorted(told.json["pauses"]) == ["evening", "morning"]
    begins = datetime.fromisoformat(told.json["pauses"]["morning"])
    zone = ZoneInfo(both_papers.runtime.settings.editions["morning"].zone)
    assert begins == datetime.combine(until, time(), zone)
    subscribed = both_papers.stores.readers.subscribed
    assert list(subscribed("morning", both_papers.now)) == []
    assert list(subscribed("morning", begins - timedelta(seconds=1))) == []
    assert [each.address for each in subscribed("morning", begins)] == [ADA]
    again = pause(api, ada, until=until.isoformat())
    assert (again.status, again.headers["ETag"]) == (200, told.headers["ETag"])
    one = api("DELETE", f"/readers/{ada}/pause?edition=morning")
    assert (one.status, list(one.json["pauses"])) == (200, ["evening"])
    assert [each.address for each in subscribed("morning", both_papers.now)] == [ADA]
    assert api("DELETE", f"/readers/{ada}/pause").json["pauses"] == {}
    assert api("DELETE", f"/readers/{ada}/pause").json["pauses"] == {}


def test_a_pause_of_one_edition_leaves_the_others_and_ends_by_itself(both_papers: Newspaper, api: Program) -> None:
    ada = add(api, ADA, "morning", "evening")
    tomorrow = (both_papers.now + timedelta(days=2)).date().isoformat()
    assert list(pause(api, ada, until=tomorrow, edition="evening").json["pauses"]) == ["evening"]
    both_papers.now += timedelta(days=3)
    assert api("GET", f"/readers/{ada}").json["pauses"] == {}


def test_a_pause_that_is_over_or_endless_or_of_no_letter_of_theirs_is_refused(paper: Newspaper, quick: Program) -> None:
    ada = add(quick)
    today = paper.now.date()
    for body in (
        {"until": today.isoformat()},
        {"until": "0001-01-01"},
        {"until": (today + timedelta(days=368)).isoformat()},
        {"until": "9999-12-31"},
        {"until": (today + timedelta(days=5)).isoformat(), "edition": "evening"},
        {"until": (today + timedelta(days=5)).isoformat(), "edition": "noon"},
    ):
        told = pause(quick, ada, **body)
        assert (told.status, told.problem) == (422, "refused"), body
    assert pause(quick, ada, until="tomorrow").status == 400
    assert pause(quick, ada).status == 400
    assert pause(quick, 4711, until=(today + timedelta(days=5)).isoformat()).status == 404
    assert quick("DELETE", f"/readers/{ada}/pause?edition=evening").status == 422
    assert quick("GET", f"/readers/{ada}").json["pauses"] == {}


def test_who_left_is_not_paused(paper: Newspaper, quick: Program) -> None:
    ada = add(quick)
    quick("POST", f"/readers/{ada}/leave")
    soon = (paper.now + timedelta(days=5)).date().isoformat()
    assert (pause(quick, ada, until=soon).problem, quick("DELETE", f"/readers/{ada}/pause").problem) == (
        "reader-kept-away",
        "reader-kept-away",
    )
