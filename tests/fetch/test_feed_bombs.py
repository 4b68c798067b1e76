from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from digest.errors import NotAFeed, TooLarge
from digest.fetch.entries import entries
from digest.fetch.feedparser_process import SECONDS, PatientReader
from digest.fetch.feeds import MOST_ENTRIES, parse_feed
from digest.model.ids import SourceId
from digest.text.title import LONGEST_TITLE

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
URL = "http://paper.example/feed"
LIMIT_SECONDS = 10.0
PATIENCE_SECONDS = 0.5
"""What the second parser is given here, in place of its SECONDS, which count as taken."""
MUCH_TIME = 60.0
ITEM = "<item><title>News</title><link>http://paper.example/{}</link></item>"


def rss(inside: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<rss version="2.0"><channel><title>x</title>{inside}</channel></rss>'.encode()


def laughs() -> bytes:
    lines = ['<!ENTITY l0 "lol">']
    lines += [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 11)]
    return rss(ITEM.format("1").replace("News", "&l10;"), f"<!DOCTYPE rss [{''.join(lines)}]>")


def quadratic() -> bytes:
    entity = f'<!DOCTYPE rss [<!ENTITY a "{"a" * 100_000}">]>'
    return rss(ITEM.format("1").replace("News", "&a;" * 50_000), entity)


def external() -> bytes:
    entity = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname"><!ENTITY b SYSTEM "http://127.0.0.1:9/">]>'
    return rss(ITEM.format("1").replace("News", "secret: &a; &b;"), entity)


BOMBS: dict[str, Callable[[], bytes]] = {
    "billion laughs": laughs,
    "quadratic entities": quadratic,
    "external entities": external,
    "levels": lambda: rss("<item>" + "<a>" * 100_000 + "</a>" * 100_000 + "</item>"),
    "levels of nothing": lambda: b"<rss>" + b"<a>" * 100_000,
    "levels of items": lambda: rss("<item>" * 100_000),
    "attributes": lambda: rss("<item " + " ".join(f'a{n}="{n}"' for n in range(50_000)) + "></item>"),
    "attributes of many tags": lambda: rss(
        "".join("<item " + " ".join(f'a{n}="{n}"' for n in range(900)) + "/>" for _ in range(900))
    ),
    "attributes of a link": lambda: rss("<item><link " + " ".join(f"a{n}={n}" for n in range(50_000)) + "/></item>"),
    "items without links": lambda: rss("<item><title>x</title></item>" * 50_000),
    "items": lambda: rss("".join(ITEM.format(n) for n in range(50_000))),
    "a long title": lambda: rss(ITEM.format("1").replace("News", "x" * 9_900_000)),
    "a longer title": lambda: rss(ITEM.format("1").replace("News", "x" * 20_000_000)),
    "a title of tags": lambda: rss(ITEM.format("1").replace("News", "&lt;" * 2_000_000)),
    "open comments": lambda: rss("<item><title>" + "<!--" * 1_000_000),
    "open sections": lambda: rss("<item><title>" + "<![CDATA[" * 500_000),
    "open scripts": lambda: rss("<item><description>" + "&lt;script&gt;" * 500_000 + "</description></item>"),
    "ampersands": lambda: rss("<item><title>" + "&" * 5_000_000),
    "angles": lambda: rss("<item><title>" + "<" * 5_000_000),
    "blanks": lambda: rss("<item><link>" + " " * 9_000_000),
    "a declaration without end": lambda: b"<?xml " + b"x" * 5_000_000 + b"<rss><item>",
    "namespaces": lambda: rss("<item " + " ".join(f'xmlns:n{n}="u{n}"' for n in range(20_000)) + "/>"),
    "brackets": lambda: b'{"items": ' + b"[" * 1_000_000,
    "a long number": lambda: b'{"items": [{"url": "http://a.example/", "date_published": ' + b"9" * 1_000_000 + b"}]}",
    "nulls": lambda: rss("<item>") + bytes(5_000_000),
    "dates": lambda: rss("".join(f"<item><link>/a</link><pubDate>{'1 ' * 500}</pubDate></item>" for _ in range(2000))),
}


SLOW = {
    *("items without links", "levels", "levels of nothing", "levels of items", "angles", "ampersands", "open scripts"),
    *("items", "open comments", "open sections", "blanks", "a title of tags", "attributes of many tags"),
}
"""They take half a second of CPU and more; the second parser of the first line is given all of its time."""


@pytest.fixture(scope="module")
def slow() -> Iterator[PatientReader]:
    """Give the second parser, soon out of patience."""
    reader = PatientReader(seconds=PATIENCE_SECONDS)
    yield reader
    reader.close()


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in BOMBS])
def test_a_bomb_is_an_error_or_a_capped_result_in_time(slow: PatientReader, name: str) -> None:
    bomb = BOMBS[name]()
    started = time.process_time()
    try:
        found = parse_feed(bomb, URL, SourceId(1), NOW, slow=slow)
    except (NotAFeed, TooLarge):
        found = ()
    assert time.process_time() - started < LIMIT_SECONDS - SECONDS
    assert len(found) <= MOST_ENTRIES
    for entry in found:
        assert len(entry.title) <= LONGEST_TITLE
        assert "root:" not in entry.title
    assert parse_feed(rss(ITEM.format("next")), URL, SourceId(1), NOW, slow=slow)[0].title == "News"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["attributes", "levels of nothing", "items without links"])
def test_the_second_parser_is_ended_when_it_takes_too_long_and_serves_again(name: str) -> None:
    reader = PatientReader(seconds=0.3)
    try:
        with pytest.raises(NotAFeed, match=r"longer|cannot|died"):
            reader.read(BOMBS[name](), URL, MOST_ENTRIES)
        reader.seconds = MUCH_TIME
        feed = reader.read(rss(ITEM.format("next")), URL, MOST_ENTRIES)
        assert entries(feed, URL, SourceId(1), NOW)[0].link == "http://paper.example/next"
    finally:
        reader.close()
