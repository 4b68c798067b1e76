"""The link at the end of a letter: it shows, leaves and pauses, and does and tells nothing else."""

from __future__ import annotations

import email
import email.policy
import http.client
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs
from starlette.types import ASGIApp
from tests.letters.editions import samples
from tests.web.sites import Site, ask

from digest.model.reader import Reader
from digest.readers.tokens import LinkPurpose
from digest.settings import EditionSettings, KeySettings

Serve = Callable[[ASGIApp], str]
ONE_CLICK = "List-Unsubscribe=One-Click"


@pytest.fixture
def reader(site: Site) -> Reader:
    return site.reader()


@pytest.fixture
def url(site: Site, serve: Serve) -> str:
    return serve(site.app())


def test_the_header_of_a_letter_leads_to_a_page_that_shows_a_button_and_no_address(
    site: Site, url: str, reader: Reader
) -> None:
    key = site.send(samples()[0].edition)
    raw = site.copy(key, reader)
    link = re.search(rb"<http://127\.0\.0\.1(/leave/[^>]+)>", raw)
    assert link is not None
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    page = ask(url, link[1].decode())
    assert page.status == 200
    assert "Leave Morning Update?" in page.text
    assert re.search(r'<button[^>]* name="act" value="leave">', page.text)
    assert not re.search(r"anna|berg|receiver\.test", page.text, re.IGNORECASE)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("html",))
    assert body is not None
    assert f'href="http://127.0.0.1{link[1].decode()}"' in body.get_content()


@pytest.mark.parametrize(
    "posted",
    [
        {"form": ONE_CLICK},
        {"form": {"act": "leave"}},
        {"form": ""},
        {"form": '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
         "content_type": "multipart/form-data; boundary=x"},
        {"form": ONE_CLICK, "origin": "https://mail.example", "sec_fetch_site": "cross-site"},
    ],
)  # fmt: skip
def test_one_click_leaves_once_however_it_is_posted(
    site: Site, url: str, reader: Reader, posted: dict[str, str]
) -> None:
    path = f"/leave/{site.token(reader)}"
    for _ in range(2):
        answer = ask(url, path, "POST", **posted)
        assert (answer.status, answer.headers["Location"], answer.headers["Set-Cookie"]) == (200, None, None)
        assert "You have left Morning Update" in answer.text
        first = site.dump()
        site.now += timedelta(hours=1)
    assert site.dump() == first
    assert site.stored().editions == ("evening",)


def test_all_letters_are_left_by_the_same_link(site: Site, url: str, reader: Reader) -> None:
    assert "all letters" in ask(url, f"/leave/{site.token(reader)}", "POST", {"act": "all"}).text
    stored = site.runtime.stores.readers.find(reader.address)
    assert stored is not None
    assert (stored.state, stored.reader.editions) == ("left", ())


@pytest.mark.parametrize("weeks", [2, 4])
def test_a_pause_ends_by_itself(site: Site, url: str, reader: Reader, weeks: int) -> None:
    assert f"in {weeks} weeks" in ask(url, f"/leave/{site.token(reader)}", "POST", {"act": f"pause-{weeks}"}).text
    stores = site.runtime.stores

    def getting(edition: str, days: int) -> int:
        return len(list(stores.readers.subscribed(edition, site.now + timedelta(days=days))))

    assert [getting("morning", days) for days in (0, weeks * 7 - 1, weeks * 7)] == [0, 0, 1]
    assert getting("evening", 0) == 1


def test_a_reason_is_kept_as_it_was_told(site: Site, url: str, reader: Reader) -> None:
    path = f"/leave/{site.token(reader)}"
    ask(url, path, "POST", ONE_CLICK)
    why = "Zu viel Sport\r\n<script>\u202e"
    assert ask(url, path, "POST", {"act": "explain", "why": why}).status == 200
    with site.database.read() as connection:
        assert connection.exec_driver_sql("SELECT left_why FROM readers").scalar() == "Zu viel Sport <script>"


def test_looking_changes_nothing(site: Site, url: str, reader: Reader) -> None:
    before = site.dump()
    for method, headers in (("GET", {}), ("HEAD", {}), ("GET", {"purpose": "prefetch", "sec_purpose": "prefetch"})):
        assert ask(url, f"/leave/{site.token(reader)}?act=all", method, **headers).status == 200
    assert site.dump() == before


def tampered(site: Site, reader: Reader) -> list[str]:
    good = site.token(reader)
    head, number, mac = good.split(".")
    return [
        site.token(reader, LinkPurpose.CHOOSE),
        site.token(reader, edition="weekly"),
        f"{head}.{int(number, 16) + 1:x}.{mac}",
        f"{head}.{number}.{mac[:-1]}",
        f"lother.{number}.{mac}",
        "%00",
        "x" * 3000,
        "..",
    ]


def test_a_link_that_is_not_ours_is_refused_with_help_and_changes_nothing(site: Site, url: str, reader: Reader) -> None:
    before = site.dump()
    for token in tampered(site, reader):
        for method in ("GET", "POST"):
            answer = ask(url, f"/leave/{token}", method, ONE_CLICK if method == "POST" else None)
            assert answer.status == 404
            assert "This link does not work" in answer.text
    assert site.dump() == before


@pytest.mark.parametrize("tail", [".", "%3E", "/", "%20", ">", ")", "%C2%A0", "&gt;", ",", "?utm_source=x"])
def test_a_link_with_a_tail_or_in_capitals_still_leads_out(site: Site, url: str, reader: Reader, tail: str) -> None:
    path = f"/leave/{site.token(reader)}"
    assert "Leave Morning Update?" in ask(url, path + tail).text
    assert "Leave Morning Update?" in ask(url, path.upper() + tail).text
    assert ask(url, path + tail, "POST", ONE_CLICK).status == 200
    assert "You have left" in ask(url, path.upper(), "POST", ONE_CLICK).text


def test_a_link_whose_stops_are_still_escaped_as_in_a_mail_leads_out(site: Site, url: str, reader: Reader) -> None:
    path = f"/leave/{site.token(reader)}".replace(".", "=2E")
    assert "Leave Morning Update?" in ask(url, path).text


def test_a_test_copys_link_is_inert_and_says_so(site: Site, url: str) -> None:
    before = site.dump()
    for method in ("GET", "POST"):
        answer = ask(url, "/leave/test-copy", method, ONE_CLICK if method == "POST" else None)
        assert answer.status == 200
        assert "test copy" in answer.text
    assert site.dump() == before


def test_a_link_of_two_years_ago_works_after_its_key_was_replaced_and_its_edition_given_up(
    site: Site, serve: Serve
) -> None:
    reader = site.reader()
    old = site.token(reader)
    site.send(samples()[0].edition)
    ring = site.settings.keys.ring | {"new": "7c" * 32}
    kept = {"weekly": EditionSettings(title="Weekly")}
    settings = structs.replace(site.settings, keys=KeySettings(current="new", ring=ring), editions=kept)
    site.runtime = replace(site.runtime, settings=settings)
    site.now += timedelta(days=730)
    answer = ask(serve(site.app()), f"/leave/{old}", "POST", ONE_CLICK)
    assert answer.status == 200
    assert site.stored().editions == ("evening",)


def test_pages_speak_the_browsers_language_or_the_one_that_is_asked_for(site: Site, url: str, reader: Reader) -> None:
    path = f"/leave/{site.token(reader)}"
    assert '<html lang="en"' in ask(url, path, accept_language="xx, *").text
    assert '<html lang="de"' in ask(url, path, accept_language="fr;q=0.1, de-AT;q=0.9").text
    assert '<html lang="es"' in ask(url, f"{path}?lang=es", accept_language="de").text


@pytest.mark.slow
def test_looking_at_every_link_of_a_letter_many_times_changes_nothing(
    site: Site, url: str, reader: Reader, *, is_long: bool
) -> None:
    raw = site.copy(site.send(samples()[0].edition), reader)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    bodies = "".join(part.get_content() for part in message.walk() if part.get_content_maintype() == "text")
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    links = sorted(set(re.findall(r"http://127\.0\.0\.1(/[^\s\"<>#,]*)", head + bodies)))
    assert {link.split("/")[1] for link in links} == {"", "archive", "leave", "preferences"}
    before = site.dump()
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    for method, headers in (("GET", {}), ("HEAD", {}), ("GET", {"Sec-Purpose": "prefetch", "Purpose": "prefetch"})):
        for link in links:
            for _ in range(67 if is_long else 7):  # thrice: two hundred visits to each link, or twenty
                connection.request(method, link, headers=headers)
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200, link
    connection.close()
    assert site.dump() == before
