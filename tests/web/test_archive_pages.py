"""The archive: letters as they were sent, by month, by words, and as feeds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import fastfeedparser
import pytest
from lxml import etree, html
from starlette.types import ASGIApp
from tests.letters.editions import samples
from tests.web.sites import Site, ask

from digest.model.edition import Edition, passages_of
from digest.model.ids import EditionKey
from digest.readers.tokens import LinkPurpose
from digest.storage.engine import Database

Serve = Callable[[ASGIApp], str]
LETTER = "/archive/morning/2026-11-23"
HOSTILE = next(sample.edition for sample in samples() if sample.name == "hostile")


def storable(text: str) -> str:
    """Return a text without lone surrogates, which no database takes."""
    return text.encode("utf-8", "ignore").decode()


def stored_hostile() -> Edition:
    """Return the hostile edition as far as it could be stored."""
    items = tuple(
        replace(
            item,
            headline=storable(item.headline),
            source_name=storable(item.source_name),
            section=storable(item.section),
            publishers=tuple(map(storable, item.publishers)),
            link=storable(item.link),
            bullets=tuple(
                replace(one, text=storable(one.text), source_name=storable(one.source_name)) for one in item.bullets
            ),
        )
        for item in HOSTILE.items
    )
    still = tuple(map(storable, HOSTILE.still_covered))
    return replace(
        HOSTILE,
        items=items,
        still_covered=still,
        note=None,
        title=storable(HOSTILE.title),
        subject=storable(HOSTILE.subject),
        preheader=storable(HOSTILE.preheader),
    )


@pytest.fixture
def url(site: Site, serve: Serve) -> str:
    for sample in samples()[:2]:
        site.send(sample.edition)
    return serve(site.app())


def test_a_letter_stands_in_the_archive_without_anything_of_a_readers(site: Site, url: str) -> None:
    reader = site.reader()
    page = ask(url, LETTER)
    assert page.status == 200
    first = samples()[0].edition.items[0]
    assert f'id="{first.anchor}"' in page.text
    assert "preheader" not in page.text
    for secret in (reader.address, site.token(reader), site.token(reader, LinkPurpose.CHOOSE)):
        assert secret not in page.text
    for line in ("You get this letter because", "Unsubscribe", "View in browser", "Forwarded to you?", "/leave"):
        assert line not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_what_is_known_already_is_not_sent_again(url: str) -> None:
    first = ask(url, LETTER)
    again = ask(url, LETTER, if_none_match=f'"other", W/{first.headers["ETag"]}')
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize(
    "path",
    [
        "/archive/morning/2026-11-22",
        "/archive/nobody/2026-11-23",
        "/archive/morning/20261123",
        "/archive/morning/today",
        "/archive?month=2026-13",
        "/archive?month=x",
        "/feeds/nobody.atom",
        "/pictures/none.jpg",
        "/pictures/.jpg",
    ],
)
def test_what_there_is_not_is_said_with_a_way_on(url: str, path: str) -> None:
    answer = ask(url, path)
    assert answer.status == 404
    assert "There is no such page" in answer.text
    assert 'href="/"' in answer.text


def test_the_index_shows_the_newest_month_and_leads_to_the_others(site: Site, url: str) -> None:
    old = samples()[0].edition
    site.send(replace(old, key=EditionKey(name="morning", date=date(2026, 9, 30)), subject="An old headline"))
    newest = ask(url, "/archive").text
    assert "November 2026</h2>" in newest
    assert newest.count(f'href="{LETTER}"') == 1
    assert "An old headline" not in newest
    (link,) = re.findall(r'href="(/archive\?month=2026-09)"', newest)
    assert "An old headline" in ask(url, link).text
    assert "No letter was sent in this month." in ask(url, "/archive?month=2026-10").text


def test_letters_are_found_by_their_words(url: str) -> None:
    assert LETTER in ask(url, "/archive?q=TIDAL+barr").text
    assert "No letter has all of these words." in ask(url, "/archive?q=tidal+unicorn").text
    assert "No letter has all of these words." in ask(url, "/archive?q=%25").text
    assert ask(url, "/archive?q=" + "x" * 2000).status == 200


def test_a_finding_shows_the_sentence_with_the_words_marked(url: str) -> None:
    page = html.fromstring(ask(url, "/archive?q=TWELVE+metr").text)
    (sentence,) = page.xpath("//p[@class='snippet']")
    assert sentence.text_content().startswith("Boats under twelve metres keep their share")
    assert sentence.xpath("mark/text()") == ["twelve", "metres"]


def test_a_sentence_that_is_found_stays_text(site: Site, serve: Serve) -> None:
    edition = samples()[0].edition
    first = edition.items[0]
    bullet = replace(first.bullets[0], text="The <b>zephyr</b> & <script>alert(1)</script> blew.")
    site.send(replace(edition, items=(replace(first, bullets=(bullet,)), *edition.items[1:])))
    page = ask(serve(site.app()), "/archive?q=zephyr").text
    assert "The &lt;b&gt;<mark>zephyr</mark>&lt;/b&gt; &amp; &lt;script&gt;" in page


def test_a_search_is_shown_as_text(url: str) -> None:
    page = ask(url, "/archive?q=%3Cscript%3Ealert(1)%3C/script%3E%22+onx=1").text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.slow
def test_older_findings_come_page_by_page(site: Site, serve: Serve) -> None:
    for back in range(45):
        edition = samples()[0].edition
        site.send(replace(edition, key=EditionKey(name="morning", date=edition.key.date - timedelta(days=back))))
    url, path, seen = serve(site.app()), "/archive?q=barrier&lang=en", []
    for _ in range(3):
        page = ask(url, path).text
        seen.append(len(re.findall(r'href="/archive/morning/', page)))
        more = re.search(r'rel="next" href="([^"]+)"', page)
        path = more[1].replace("&amp;", "&") if more else ""
    assert (seen, path) == ([20, 20, 5], "")


def test_a_feed_is_atom_and_holds_the_stories(url: str) -> None:
    answer = ask(url, "/feeds/morning.atom")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = etree.fromstring(answer.body)
    names = {"a": "http://www.w3.org/2005/Atom"}
    assert root.xpath("string(a:entry/a:id)", namespaces=names) == "tag:example.com,2026:letters:morning/2026-11-23"
    assert len(root.xpath("a:id | a:title | a:updated | a:author/a:name", namespaces=names)) == 4
    (entry,) = fastfeedparser.parse(answer.body).entries
    edition = samples()[0].edition
    assert entry.title == edition.subject
    assert edition.items[1].headline in entry.content[0]["value"]


@pytest.mark.parametrize("name", ["finds-morning", "finds-evening"])
def test_a_feed_holds_what_the_letter_shows_beside_its_stories(site: Site, serve: Serve, name: str) -> None:
    edition = next(sample.edition for sample in samples() if sample.name == name)
    key = site.send(edition)
    root = etree.fromstring(ask(serve(site.app()), f"/feeds/{key.name}.atom").body)
    content = root.xpath("string(//a:content)", namespaces={"a": "http://www.w3.org/2005/Atom"})
    shown = " ".join(etree.fromstring(content, etree.HTMLParser()).itertext())
    for _, passage in passages_of(edition):
        assert passage.text[1:] in shown
    for item in edition.items:
        assert all(told.headline in shown for told in item.so_far)
    if edition.finds.number:
        assert edition.finds.number.find.figure in shown


def test_what_a_stranger_wrote_is_text_on_every_page(site: Site, serve: Serve) -> None:
    key = site.send(stored_hostile())
    url = serve(site.app())
    for path in ("/", "/archive", f"/archive/{key.name}/{key.date}", "/archive?q=script"):
        tree = etree.fromstring(ask(url, path).body, etree.HTMLParser())
        assert (
            tree.xpath("//script | //iframe | //*[starts-with(name(@*), 'on')] | //a[starts-with(@href, 'java')]") == []
        )
    feed = etree.fromstring(ask(url, f"/feeds/{key.name}.atom").body)
    for content in feed.iter("{http://www.w3.org/2005/Atom}content"):
        tree = etree.fromstring(content.text or "", etree.HTMLParser())
        assert tree.xpath("//script | //iframe | //@onclick | //a[starts-with(@href, 'java')]") == []


def test_pictures_never_change_and_mail_programs_may_show_them(site: Site, url: str) -> None:
    site.runtime.stores.pictures.keep("https://paper.example/a.jpg", b"\xff\xd8jpeg", 10, 10, site.now)
    stored = site.runtime.stores.pictures.of("https://paper.example/a.jpg")
    assert stored is not None
    answer = ask(url, f"/pictures/{stored.name}.jpg")
    assert (answer.status, answer.body) == (200, b"\xff\xd8jpeg")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age=31536000" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        "/archive/a%00b/2026-11-23",
        "/archive/a%00b/2026-11-23/mistake",
        "/cards/a%00b/2026-11-23.png",
        "/feeds/a%00b.atom",
        "/fragments/a%00b.html",
        "/pictures/a%00b.jpg",
        "/oembed?url=http%3A%2F%2F127.0.0.1%2Farchive%2Fa%2500b%2F2026-11-23",
    ],
)
def test_a_name_with_a_sign_that_no_database_takes_names_nothing(
    tmp_path: Path, database: Database, serve: Serve, path: str
) -> None:
    assert ask(serve(Site(tmp_path, database=database).app()), path).status == 404
