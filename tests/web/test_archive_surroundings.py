"""What is around a letter in the archive: what machines read, its neighbours, its card, and oEmbed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from lxml import html
from PIL import Image
from starlette.types import ASGIApp
from tests.letters.editions import full_evening, full_morning
from tests.letters.languages import in_language
from tests.web.sites import Site, ask
from tests.web.test_archive_pages import stored_hostile

from digest.model.edition import Edition
from digest.model.ids import EditionKey

Serve = Callable[[ASGIApp], str]
LETTER = "/archive/morning/2026-11-23"
BASE = "http://127.0.0.1"


def on(edition: Edition, days: int) -> Edition:
    key = edition.key
    return replace(edition, key=EditionKey(name=key.name, date=key.date + timedelta(days=days)))


@pytest.fixture
def url(site: Site, serve: Serve) -> str:
    for edition in (full_morning(), full_evening(), on(full_morning(), 1), on(full_morning(), 2)):
        site.send(edition)
    return serve(site.app())


def metas(page: html.HtmlElement) -> dict[str, str]:
    found = page.xpath("//head/meta[@property or @name]")
    return {meta.get("property") or meta.get("name"): meta.get("content") for meta in found}


def links(page: html.HtmlElement, relation: str) -> list[str]:
    return [str(found) for found in page.xpath(f"//link[@rel='{relation}']/@href")]


def test_a_letters_page_names_its_headline_its_picture_and_its_address(url: str) -> None:
    page = html.fromstring(ask(url, LETTER).text)
    about, edition = metas(page), full_morning()
    assert about["og:title"] == edition.items[0].headline
    assert about["og:description"] == about["description"] == edition.preheader
    assert about["og:image"] == f"{BASE}/cards/morning/2026-11-23.png"
    assert about["og:url"] == f"{BASE}{LETTER}"
    assert links(page, "canonical") == [f"{BASE}{LETTER}"]
    assert about["article:published_time"].startswith("2026-11-23T")


def test_a_letters_page_leads_to_its_neighbours_of_the_same_edition_and_to_all(url: str) -> None:
    first, middle, last = (html.fromstring(ask(url, f"/archive/morning/2026-11-{day}").text) for day in (23, 24, 25))
    assert (links(first, "prev"), links(first, "next")) == ([], [f"{BASE}/archive/morning/2026-11-24"])
    assert links(middle, "prev") == [f"{BASE}{LETTER}"]
    assert links(last, "next") == []
    nav = middle.xpath("//nav[@class='around']//a/@href")
    assert nav == [f"{BASE}{LETTER}", f"{BASE}/archive", f"{BASE}/archive/morning/2026-11-25"]
    assert middle.xpath("string(//nav[@class='around']/@aria-label)") == "Other letters"


def test_the_letter_that_was_mailed_has_none_of_it(site: Site) -> None:
    site.send(full_morning())
    letter = site.runtime.stores.archive.letter(full_morning().key)
    assert letter is not None
    assert "og:title" not in letter.html
    assert "around" not in letter.html


@pytest.mark.parametrize(
    "edition", [in_language("ja"), in_language("uk"), stored_hostile()], ids=["ja", "uk", "hostile"]
)
def test_a_card_is_a_picture_whatever_the_letter_says(site: Site, serve: Serve, edition: Edition) -> None:
    site.send(edition)
    card = ask(serve(site.app()), "/cards/morning/2026-11-23.png")
    assert (card.status, card.headers["Content-Type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(card.body)).size == (1200, 630)
    assert card.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_there_is_no_card_of_a_letter_that_was_not_sent(url: str) -> None:
    assert ask(url, "/cards/morning/2026-12-23.png").status == 404
    assert ask(url, "/cards/morning/23.png").status == 404


def test_oembed_describes_a_letter_for_the_address_that_its_page_names(url: str) -> None:
    page = html.fromstring(ask(url, LETTER).text)
    (address,) = page.xpath("//link[@type='application/json+oembed']/@href")
    answer = ask(url, address.removeprefix(BASE))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    found = json.loads(answer.text)
    assert (found["version"], found["type"]) == ("1.0", "link")
    assert found["title"] == full_morning().items[0].headline
    assert found["thumbnail_url"] == f"{BASE}/cards/morning/2026-11-23.png"
    narrow = json.loads(ask(url, f"{address.removeprefix(BASE)}&maxwidth=300").text)
    assert "thumbnail_url" not in narrow


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (f"{BASE}{LETTER}&format=xml", 501),
        ("https://elsewhere.example/archive/morning/2026-11-23", 404),
        (f"{BASE}/archive/morning/2026-12-24", 404),
        (f"{BASE}/archive/morning", 404),
        ("", 404),
    ],
)
def test_oembed_refuses_what_it_cannot_describe(url: str, asked: str, status: int) -> None:
    address, _, rest = asked.partition("&")
    assert ask(url, f"/oembed?url={quote(address, safe='')}&{rest}").status == status


def test_the_list_of_letters_tells_the_headlines_of_the_day(url: str) -> None:
    page = html.fromstring(ask(url, "/archive").text)
    edition = full_morning()
    others = page.xpath("//p[@class='others']/text()")
    assert page.xpath("//section[@aria-labelledby='month']//h3/a/text()")[0] == edition.items[0].headline
    assert edition.items[1].headline in others[0]
    assert edition.items[2].headline in others[0]


def test_a_hostile_headline_stays_text_in_the_head(site: Site, serve: Serve) -> None:
    site.send(stored_hostile())
    page = html.fromstring(ask(serve(site.app()), LETTER).text)
    assert page.xpath("//head/script") == []
    assert "<script>" in metas(page)["og:title"]
