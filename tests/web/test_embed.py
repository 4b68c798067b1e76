"""Sign-up by scripts of other sites, the form with choices made before, and the latest letter as a fragment."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from tests.letters.editions import samples
from tests.web.conftest import Serve
from tests.web.sites import Reply, Site, ask

from digest.settings import EmbedSettings, SignupSettings

PAPER, EVIL = "https://www.paper.example", "https://evil.example"
JSON = {"content_type": "application/json"}
PLACE = "/sign-up.json"
FRAGMENT = "/fragments/morning.html"
THANKS = f"{PAPER}/thanks?from=letters"
ALLOW = "Access-Control-Allow-Origin"


def list_origins(site: Site, *origins: str) -> None:
    site.settings = structs.replace(
        site.settings, embed=EmbedSettings(origins=origins), signup=SignupSettings(per_address_hour=6)
    )
    site.runtime = site.runtime.__class__(settings=site.settings, stores=site.runtime.stores, clock=lambda: site.now)


@pytest.fixture
def url(site: Site, serve: Serve) -> str:
    list_origins(site, PAPER)
    site.send(samples()[0].edition)
    return serve(site.app())


def post(site: Site, url: str, origin: str = PAPER, **fields: Any) -> Reply:
    """Sign up as a script of another site does, some seconds after it asked for a stamp."""
    stamp = json.loads(ask(url, PLACE, origin=origin).text)["stamp"]
    site.now += timedelta(seconds=5)
    body = {"address": "ines@receiver.test", "edition": ["morning"], "stamp": stamp} | fields
    return ask(url, PLACE, "POST", json.dumps(body), origin=origin, sec_fetch_site="cross-site", **JSON)


@pytest.mark.parametrize(
    ("origin", "method", "allowed", "status"),
    [
        (PAPER, "GET", True, 200),
        (PAPER, "POST", True, 200),
        (EVIL, "GET", False, 200),
        (EVIL, "POST", False, 403),
        ("null", "GET", False, 200),
        ("null", "POST", False, 403),
        ("http://www.paper.example", "POST", False, 403),
        (f"{PAPER}.evil.example", "POST", False, 403),
        (f"{PAPER}:8443", "POST", False, 403),
        ("https://paper.example", "POST", False, 403),
        (PAPER.upper(), "POST", False, 403),
        ("*", "POST", False, 403),
    ],
)
def test_only_listed_origins_read_and_send(
    site: Site, url: str, origin: str, method: str, status: int, *, allowed: bool
) -> None:
    before = site.dump()
    answer = ask(url, PLACE, origin=origin) if method == "GET" else post(site, url, origin)
    preflight = ask(url, PLACE, "OPTIONS", origin=origin, access_control_request_method=method)
    for reply in (answer, preflight):
        assert reply.headers.get(ALLOW) == (origin if allowed else None)
        assert reply.headers.get("Access-Control-Allow-Credentials") is None
        assert "Origin" in reply.headers["Vary"]
    assert (answer.status, preflight.status) == (status, 204)
    assert (preflight.headers.get("Access-Control-Allow-Methods") is not None) is allowed
    assert (site.dump() != before) is (method == "POST" and allowed)


def test_other_pages_are_not_shared(url: str) -> None:
    for path in ("/", "/embed", "/archive", "/privacy"):
        assert ask(url, path, origin=PAPER).headers.get(ALLOW) is None
    assert ask(url, "/", "OPTIONS", origin=PAPER, access_control_request_method="POST").status == 405


def test_a_script_signs_up_as_the_form_does(site: Site, url: str) -> None:
    reply = post(site, url, **{"return": THANKS})
    assert json.loads(reply.text)["status"] == "asked"
    assert json.loads(reply.text)["return"] == THANKS
    link = site.mailed("confirm")
    assert ask(url, link, "POST", "").status == 200
    assert site.stored("ines@receiver.test").editions == ("morning",)


def test_answers_do_not_tell_who_is_a_reader(site: Site, url: str) -> None:
    known = site.reader()
    stranger, reader = post(site, url), post(site, url, address=known.address)
    assert (stranger.status, stranger.body) == (reader.status, reader.body)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"address": "no address"}, "bad_address"),
        ({"edition": []}, "no_edition"),
        ({"edition": "unknown"}, "no_edition"),
        ({"stamp": "x"}, "stale_form"),
        ({"memo": "robot"}, "filled_trap"),
        ({"address": 5}, "stale_form"),
        ({"address": ["ines@receiver.test", {"a": 1}]}, "stale_form"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(site: Site, url: str, fields: dict[str, Any], problem: str) -> None:
    reply = post(site, url, **fields)
    answer = json.loads(reply.text)
    assert (reply.status, answer["status"]) == (422, problem)
    assert answer["message"]
    assert site.mails() == []


@pytest.mark.parametrize("body", ["", "[", "[]", "5", '"x"', "{}", "[" * 5000, '{"address": "\\ud800"}', "\x00"])
def test_a_body_that_is_no_object_is_refused(url: str, body: str) -> None:
    assert ask(url, PLACE, "POST", body, **JSON).status == 422


def test_a_form_of_another_site_is_not_read_as_json(url: str) -> None:
    assert ask(url, PLACE, "POST", {"address": "a@b.example"}).status == 415


def test_scripts_and_forms_share_one_limit(site: Site, url: str) -> None:
    for number in range(3):
        assert post(site, url, address=f"a{number}@receiver.test").status == 200
        form = site.form(url, "/embed", address=f"b{number}@receiver.test", edition="morning")
        assert ask(url, "/embed", "POST", form).status == 200
    refused = post(site, url)
    assert (refused.status, json.loads(refused.text)["status"]) == (429, "too_many")
    assert int(refused.headers["Retry-After"]) > 0


def ticked(reply: Reply) -> list[str]:
    return re.findall(r'name="edition" value="(\w+)" checked', reply.text)


def test_the_address_of_the_form_chooses_editions_and_the_page_to_return_to(site: Site, url: str) -> None:
    assert ticked(ask(url, "/embed")) == ["morning", "evening"]
    path = f"/embed?edition=evening&edition=unknown&return={PAPER}/thanks"
    chosen = ask(url, path)
    assert ticked(chosen) == ["evening"]
    assert ticked(ask(url, "/embed")) == ["morning", "evening"]
    assert f'name="return" value="{PAPER}/thanks"' in chosen.text
    form = site.form(url, path, address="ines@receiver.test", edition="evening")
    done = ask(url, "/embed", "POST", form | {"return": f"{PAPER}/thanks"})
    assert f'href="{PAPER}/thanks" target="_top"' in done.text


@pytest.mark.parametrize("back", [f"{EVIL}/", "//evil.example/", f"{PAPER}@evil.example/", "javascript:alert(1)"])
def test_no_form_leads_to_an_unlisted_site(site: Site, url: str, back: str) -> None:
    for path in ("/", "/embed"):
        page = ask(url, f"{path}?return={back}").text
        form = site.form(url, path, address="ines@receiver.test", edition="evening")
        done = ask(url, path, "POST", form | {"return": back}).text
        assert "evil" not in page + done
        assert "javascript:" not in page + done
    assert "return" not in json.loads(post(site, url, **{"return": back}).text)


class Tags(HTMLParser):
    """Whether every tag is closed, which classes there are, and where links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.classes: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.names.add(tag)
        found = dict(attrs)
        assert found.keys() <= {"class", "href", "lang", "dir", "datetime"}
        self.classes |= set((found.get("class") or "").split())
        self.links += [found["href"] or ""] if "href" in found else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_latest_letter_is_a_fragment_for_another_page(site: Site, url: str) -> None:
    reply = ask(url, FRAGMENT, origin=PAPER)
    tags = Tags()
    tags.feed(reply.text)
    assert (reply.status, reply.headers[ALLOW], tags.open) == (200, PAPER, [])
    assert tags.names <= {"section", "h2", "p", "a", "time", "ul", "li"}
    assert all(name.startswith("digest-latest") for name in tags.classes)
    letter = f"{site.settings.site.url}/archive/morning/2026-11-23"
    assert tags.links[0] == letter
    assert len(tags.links) > 2
    assert all(link.startswith(f"{letter}#") for link in tags.links[1:])
    page = ask(url, "/archive/morning/2026-11-23").text
    assert all(f'id="{link.partition("#")[2]}"' in page for link in tags.links[1:])


def test_a_fragment_is_kept_by_caches(url: str) -> None:
    first = ask(url, FRAGMENT, origin=PAPER)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = ask(url, FRAGMENT, origin=PAPER, if_none_match=first.headers["ETag"])
    assert (again.status, again.body, again.headers[ALLOW]) == (304, b"", PAPER)
    assert ask(url, FRAGMENT, origin=EVIL).headers.get(ALLOW) is None


@pytest.mark.parametrize("name", ["evening", "unknown", "..", "a%2Fb"])
def test_there_is_no_fragment_of_an_edition_that_was_never_sent(url: str, name: str) -> None:
    assert ask(url, f"/fragments/{name}.html").status == 404


@pytest.mark.parametrize("root", ["/letters", ""])
def test_a_site_below_a_path_is_shared_also_behind_a_proxy_that_removes_the_path(
    tmp_path: Path, serve: Serve, root: str
) -> None:
    site = Site(tmp_path, url="http://127.0.0.1/letters")
    list_origins(site, PAPER)
    url = serve(site.app())
    told = ask(url, root + PLACE, origin=PAPER)
    assert (told.status, told.headers[ALLOW]) == (200, PAPER)
    assert ask(url, f"{root}{PLACE}/", "POST", "{}", origin=EVIL, **JSON).status == 403
    assert "frame-ancestors *" in ask(url, f"{root}/embed").headers["Content-Security-Policy"]
