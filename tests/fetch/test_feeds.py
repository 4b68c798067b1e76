from __future__ import annotations

import gzip
import json
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import NotAFeed, TooLarge
from digest.fetch.feeds import MOST_BYTES, parse_feed
from digest.model.ids import SourceId
from digest.model.source import FeedEntry
from digest.text.timestamps import EARLIEST

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
URL = "https://paper.example/news/feed.xml"
THEN = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def read(body: bytes | str, content_type: str | None = None) -> tuple[FeedEntry, ...]:
    data = body.encode() if isinstance(body, str) else body
    return parse_feed(data, URL, SourceId(1), NOW, content_type)


def rss(inside: str) -> str:
    return (
        f"<rss version='2.0'><channel><title>Paper</title><link>https://paper.example/</link>{inside}</channel></rss>"
    )


KINDS = {
    "RSS 0.91": "<?xml version='1.0'?><!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' "
    "'http://my.netscape.com/publish/formats/rss-0.91.dtd'><rss version='0.91'><channel><item><title>Ferry</title>"
    "<link>https://paper.example/1</link></item></channel></rss>",
    "RSS 2.0": rss("<item><title>Ferry</title><link>https://paper.example/1</link></item>"),
    "RSS with a permalink": rss("<item><title>Ferry</title><guid>https://paper.example/1</guid></item>"),
    "RDF": "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
    "<item rdf:about='x'><title>Ferry</title><link>https://paper.example/1</link></item></rdf:RDF>",
    "Atom": "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>Ferry</title>"
    "<link rel='alternate' href='https://paper.example/1'/></entry></feed>",
    "Atom without its namespace": "<feed><entry><title>Ferry</title><link href='/1'/></entry></feed>",
    "JSON Feed": json.dumps({"version": "1.1", "items": [{"id": "1", "url": "/1", "title": "Ferry"}]}),
    "a feed behind blank lines": "\ufeff\n\n  " + rss("<item><title>Ferry</title><link>/1</link></item>"),
    "a feed with controls": rss("<item><title>Fer\x08ry</title><link>/1</link></item>"),
    "a feed that ends early": "<rss><channel><item><title>Ferry</title><link>/1</link></item><item><ti",
    "a feed with a doctype of HTML": "<!DOCTYPE html>" + rss("<item><title>Ferry</title><link>/1</link></item>"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_feed_gives_its_entry(kind: str) -> None:
    (entry,) = read(KINDS[kind], "text/html; charset=utf-8")
    assert (entry.title, entry.link) == ("Ferry", "https://paper.example/1")


def test_an_entry_is_clean_text_with_aware_times() -> None:
    item = """<item><title>Tom &amp;amp; <![CDATA[<b>Jerry</b>]]>\u200b
        again</title><link>/1?utm_source=rss</link><author>A. Writer</author>
        <pubDate>Mon, 23 Nov 2026 06:00:00 +0100</pubDate>
        <description>
        &lt;p&gt;One &amp;amp; two.&lt;/p&gt;&lt;script&gt;bad()&lt;/script&gt;&lt;p&gt;Three.</description>
        </item>"""
    (entry,) = read(rss(item))
    assert entry == FeedEntry(
        source_id=SourceId(1),
        url="https://paper.example/1",
        link="https://paper.example/1?utm_source=rss",
        title="Tom & Jerry again",
        summary="One & two.\n\nThree.",
        author="A. Writer",
        published=THEN,
        seen_at=NOW,
    )


def test_old_entries_keep_title_and_link_alone() -> None:
    item = "<item><title>Old</title><link>/1</link><pubDate>{}</pubDate><description>Text</description></item>"
    recent = read(rss(item.format("Thu, 19 Nov 2026 06:00:00 GMT")))[0]
    old = read(rss(item.format("Thu, 12 Nov 2026 06:00:00 GMT")))[0]
    assert (recent.summary, old.summary, old.title) == ("Text", "", "Old")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Mon, 23 Nov 2026 05:00:00 GMT", THEN),
        ("2026-11-23T05:00:00Z", THEN),
        ("Fri, 31 Dec 9999 23:59:59 GMT", NOW),
        ("Thu, 01 Jan 1970 00:00:00 GMT", EARLIEST),
        ("yesterday, or so", None),
    ],
)
def test_times_lie_within_reason(written: str, read_as: datetime | None) -> None:
    (entry,) = read(rss(f"<item><link>/1</link><pubDate>{written}</pubDate></item>"))
    assert entry.published == read_as


def test_an_entry_without_a_page_leads_to_its_site_under_an_identity_of_its_own() -> None:
    one, two = read(rss("<item><title>A</title></item><item><title>B</title><link>mailto:x@y.example</link></item>"))
    assert (one.link, one.has_page) == ("https://paper.example/", False)
    assert one.url != two.url


def test_relative_links_are_relative_to_the_feed_or_to_the_base_that_it_names() -> None:
    atom = "<feed xmlns='http://www.w3.org/2005/Atom'{}><entry><link href='a/1'/></entry></feed>"
    assert read(atom.format(""))[0].link == "https://paper.example/news/a/1"
    assert read(atom.format(" xml:base='/home/'"))[0].link == "https://paper.example/home/a/1"
    assert read(atom.format(" xml:base='javascript:x'"))[0].link == "https://paper.example/news/a/1"


def test_an_entry_without_a_title_has_none() -> None:
    (entry,) = read(rss("<item><link>/1</link></item>"))
    assert entry.title == ""


def test_positions_are_the_feeds_own() -> None:
    assert [entry.position for entry in read(rss("<item><link>/1</link></item>" * 3))] == [0, 1, 2]


def test_charsets_of_header_and_declaration_are_heard() -> None:
    item = "<item><title>Fähre</title><link>/1</link></item>"
    declared = f"<?xml version='1.0' encoding='iso-8859-1'?>{rss(item)}".encode("latin-1")
    assert read(declared)[0].title == "Fähre"
    assert read(rss(item).encode("cp1251", "xmlcharrefreplace"), "text/xml; charset=windows-1251")[0].title == "Fähre"
    assert read(f"<?xml version='1.0' encoding='utf-16'?>{rss(item)}".encode("utf-16"))[0].title == "Fähre"
    assert read(rss(item).encode("cp1252"))[0].title == "Fähre"


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read(rss("")) == ()


@pytest.mark.parametrize(
    "body",
    [b"", b"Hello", b"<html><body><p>Not found</p></body></html>", b'{"error": 404}', b"\x89PNG\r\n", b"{" * 9000],
)
def test_what_is_no_feed_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(NotAFeed):
        read(body)


def test_more_than_the_cap_is_not_read() -> None:
    with pytest.raises(TooLarge):
        read(bytes(MOST_BYTES + 1))


def test_json_of_the_wrong_types_is_survived() -> None:
    items = [{"url": 1, "title": [], "authors": {}}, "x", None, {"url": "/1", "authors": [1, {"name": "A"}]}]
    found = read(json.dumps({"items": items, "home_page_url": 5}))
    assert [(entry.has_page, entry.author) for entry in found] == [(True, "A")]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"<rss>", b"<feed>", b"<rss><item><link>", b'{"items":[{"url":', b""]))
def test_any_bytes_are_a_feed_or_none(noise: bytes, start: bytes) -> None:
    try:
        found = read(start + noise)
    except NotAFeed:
        return
    assert all(entry.published is None or entry.published <= NOW + timedelta(hours=1) for entry in found)


@pytest.mark.slow
def test_real_feeds_give_as_many_entries_as_the_best_parser_finds() -> None:
    data = Path(__file__).parents[3] / "shared" / "eval" / "data"
    if not (data / "feeds_dev.tar.xz").exists():
        pytest.skip("the labelled feeds of ../shared/eval are not beside this checkout")
    with gzip.open(data / "feeds_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        best = {name: count for name, count, _ in map(json.loads, lines)}
    short = []
    with tarfile.open(data / "feeds_dev.tar.xz") as tar:
        for member in tar:
            body = tar.extractfile(member)
            if member.name.startswith("real/") and body is not None:
                found = parse_feed(body.read(), "http://feed.example/", SourceId(1), NOW)
                short += [member.name] * (len(found) < best[member.name])
    assert short == []


FILED = {
    "RSS": rss("<item><title>Ferry</title><link>/1</link><category>Local &amp;amp; Sea</category>"
    "<category domain='x'><![CDATA[Harbour]]></category><category>Harbour</category></item>"),
    "Atom": "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>Ferry</title><link href='/1'/>"
    "<category term='local-sea' label='Local &amp;amp; Sea'/><category term='Harbour'/></entry></feed>",
    "JSON Feed": json.dumps({"version": "1.1", "items": [{"id": "1", "url": "/1", "title": "Ferry",
    "tags": ["Local & Sea", 7, "Harbour"]}]}),
    "a feed for the second parser": "<feed><entry><title>Ferry</title><link href='/1'/>"
    "<category term='x' label='Local &amp;amp; Sea'/><category term='Harbour'/></entry></feed>",
}  # fmt: skip


@pytest.mark.parametrize("kind", FILED)
def test_an_entry_keeps_the_sections_that_its_source_files_it_under(kind: str) -> None:
    (entry,) = read(FILED[kind])
    assert entry.sections == ("Local & Sea", "Harbour")


def test_a_name_too_long_for_a_section_is_none() -> None:
    (entry,) = read(rss(f"<item><title>Ferry</title><link>/1</link><category>{'long ' * 40}</category></item>"))
    assert entry.sections == ()


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("<rss version='2.0'><channel><language>fr-FR</language>{}</channel></rss>", "fr-FR"),
        ("<rss version='2.0'><channel>{}</channel></rss>", ""),
    ],
)
def test_an_entry_says_in_which_language_its_feed_declares_to_be(body: str, language: str) -> None:
    item = "<item><title>Le port ferme</title><link>https://courrier.example/port</link></item>"
    url = "https://courrier.example/flux.xml"
    entries = parse_feed(body.format(item).encode(), url, SourceId(1), datetime(2026, 5, 4, tzinfo=UTC))
    assert [entry.language for entry in entries] == [language]


def atom(inside: str) -> str:
    return f"<feed xmlns='http://www.w3.org/2005/Atom'>{inside}</feed>"


MENDED = {
    "a bare ampersand": rss("<item><title>Hull & Keel</title><link>/a?b=1&c=2</link></item>"),
    "entities of HTML": rss("<item><title>Hull &amp; Keel</title><link>/a?b=1&#38;c=2</link></item>"),
    "markup in a title": rss("<item><title>Hull <i>&amp;</i> <b>Keel</b></title><link>/a?b=1&amp;c=2</link></item>"),
    "a title in XHTML": atom(
        "<entry><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>Hull <em>&amp; Keel</em></div></title>"
        "<link href='/a?b=1&amp;c=2'/></entry>"
    ),
    "a related link first": atom(
        "<entry><title>Hull &amp; Keel</title><link rel='related' href='/other'/><link rel='enclosure' href='/a.mp3'/>"
        "<link href='/a?b=1&amp;c=2'/></entry>"
    ),
    "relations in capitals and by their address": atom(
        "<entry><title>Hull &amp; Keel</title><link rel='Related' href='/other'/>"
        "<link rel='http://www.iana.org/assignments/relation/alternate' href='/a?b=1&amp;c=2'/></entry>"
    ),
    "a base of the entry": atom(
        "<entry xml:base='https://paper.example/'><title>Hull &amp; Keel</title><link href='a?b=1&amp;c=2'/></entry>"
    ),
    "a base of the link": atom(
        "<entry><title>Hull &amp; Keel</title><link xml:base='https://paper.example/' href='a?b=1&amp;c=2'/></entry>"
    ),
    "an ampersand escaped twice": rss("<item><title>Hull &amp;amp; Keel</title><link>/a?b=1&amp;amp;c=2</link></item>"),
    "a base of the item": rss(
        "<item xml:base='https://paper.example/'><title>Hull &amp; Keel</title><link>a?b=1&amp;c=2</link></item>"
    ),
    "breaks and comments in a title": rss(
        "<item><title>Hull<br>&amp;<!-- x --> Keel</title><link>/a?b=1&amp;c=2</link></item>"
    ),
    "a picture's title first": rss(
        "<item><media:title>A boat</media:title><title>Hull &amp; Keel</title><link>/a?b=1&amp;c=2</link></item>"
    ),
    "a text that the feed names": "<!DOCTYPE rss [<!ENTITY keel 'Keel'>]>"
    + rss("<item><title>Hull &amp; &keel;</title><link>/a?b=1&amp;c=2</link></item>"),
    "tags that are not closed": rss(
        "<item><title>Hull &amp; Keel</title><link>/a?b=1&amp;c=2</link>"
        "<description><p>Lit <b>again</p></description></item>"
    ),
    "a link to another site first": atom(
        "<entry><title>Hull &amp; Keel</title><link rel='via' href='https://other.example/x'/>"
        "<id>https://paper.example/a?b=1&amp;c=2</id></entry>"
    ),
    "data before the page": atom(
        "<entry><title>Hull &amp; Keel</title><link type='application/json' href='/a.json'/>"
        "<link type='text/html' href='/a?b=1&amp;c=2'/></entry>"
    ),
    "JSON with a line end and a comma too many": '{"version": "https://jsonfeed.org/version/1.1", "items":'
    ' [{"id": "1", "title": "Hull &\n Keel", "url": "https://paper.example/a?b=1&c=2"},]}',
}  # fmt: skip


@pytest.mark.parametrize("kind", MENDED)
def test_what_a_feed_means_is_read_though_it_is_not_quite_xml(kind: str) -> None:
    (entry,) = read(MENDED[kind])
    assert (entry.title, entry.link) == ("Hull & Keel", "https://paper.example/a?b=1&c=2")


@pytest.mark.parametrize("title", ["Children <5 ill", "Rates < 5% and > 3%", "I <3 Hull"])
def test_a_bracket_that_begins_no_tag_stands_for_itself(title: str) -> None:
    (entry,) = read(rss(f"<item><title>{title}</title><link>/1</link></item>"))
    assert entry.title == title


def test_markup_that_is_not_escaped_is_the_entrys_text() -> None:
    texts = "<description><p>Lit <b>again</b> &amp; told.</p><p>Gone</description>"
    bodies = "<summary type='xhtml'><x:div>Lit <x:b>again</x:b> &amp; told.</x:div></summary>"
    (one,) = read(rss(f"<item><title>A</title><link>/1</link>{texts}</item>"))
    (two,) = read(atom(f"<entry><title>A</title><link href='/1'/>{bodies.replace('x:', 'xhtml:')}</entry>"))
    assert (one.summary, two.summary) == ("Lit again & told.\n\nGone", "Lit again & told.")


@pytest.mark.parametrize(
    "written",
    [
        "lun., 5 janv. 2026 10:00:00 +0100",
        "Mo, 5 Jan 2026 10:00 MEZ",
        "Mon, 05 Jan 2026 10:00:00 GMT+1",
        "2026-01-05T09:00:00Z",
    ],
)
def test_dates_of_other_languages_and_zones_are_read(written: str) -> None:
    (entry,) = read(rss(f"<item><title>A</title><link>/1</link><pubDate>{written}</pubDate></item>"))
    assert entry.published == datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_a_feed_of_one_empty_tag_has_no_entries() -> None:
    assert read("<feed xmlns='http://www.w3.org/2005/Atom'/>") == ()
    assert read("<rss version='2.0'/>") == ()


def test_a_misspelled_name_of_a_usual_prefix_is_the_usual_one() -> None:
    body = rss("<item><title>A</title><link>/1</link><content:encoded>Lit.</content:encoded></item>")
    (entry,) = read(body.replace("<rss ", "<rss xmlns:content='http://purl.org/rss/1.0/modules/content' ", 1))
    assert entry.content or entry.summary == "Lit."


def test_a_pictures_title_is_the_entrys_when_it_has_no_other() -> None:
    pictured = "<item><media:title>The lamp is lit</media:title><link>/a</link></item>"
    titled = "<item><media:title>A boat</media:title><title>Hull</title><link>/b</link></item>"
    assert [entry.title for entry in read(rss(f"{pictured}{titled}"))] == ["The lamp is lit", "Hull"]


def test_two_references_of_surrogates_are_one_character_and_those_of_controls_none() -> None:
    (entry,) = read(rss("<item><title>Lit &#55357;&#56832;&#3; again&#146;</title><link>/1</link></item>"))
    assert entry.title == "Lit \N{GRINNING FACE} again’"  # noqa: RUF001 - the apostrophe of Windows-1252


def test_usual_prefixes_are_understood_though_nothing_declares_them() -> None:
    (entry,) = read(
        rss(
            "<item><title>Ferry</title><link>/1</link><content:encoded><![CDATA[<p>Lit & told &eacute;.</p>]]>"
            f"</content:encoded><dc:date>{THEN.isoformat()}</dc:date><odd:one>x</odd:one></item>"
        )
    )
    assert ((entry.content or entry.summary), entry.published) == ("Lit & told é.", THEN)


@pytest.mark.parametrize(
    "guid", ["<guid></guid>", "<guid isPermaLink='false'> </guid>", "<guid/>", "<guid><![CDATA[]]></guid>"]
)
def test_an_empty_guid_is_no_guid(guid: str) -> None:
    found = read(rss("".join(f"<item><title>{title}</title>{guid}</item>" for title in ("Ferry", "Barrier"))))
    assert [(entry.guid, entry.url.partition("#")[2]) for entry in found] == [("", "Ferry"), ("", "Barrier")]


@pytest.mark.parametrize("guid", ["2024", "20260101", "12", "2026-01-01T10:00:00Z", "Nov 5"])
def test_a_guid_is_never_a_date_and_stays_what_it_is(guid: str) -> None:
    entry, lone = read(
        rss(f"<item><title>A</title><link>/1</link><guid>{guid}</guid></item><item><guid>{guid}</guid></item>")
    )
    assert entry.published is None
    assert lone.url.partition("#")[2] == quote(guid)


def test_a_date_to_come_means_now() -> None:
    (entry,) = read(rss("<item><title>A</title><link>/1</link><pubDate>Tue, 24 Nov 2026 06:00:00 GMT</pubDate></item>"))
    assert entry.published == NOW


@pytest.mark.parametrize(
    ("items", "titles"),
    [
        ("<item><title>A</title><link>/1</link><item><title>B</title><link>/2</link></item>", ["A", "B"]),
        ("<item><title>A</title><link>/1</link><item><title>B</title><link>/2</link>", ["A", "B"]),
        ("<item><title>A</title><link>/1</link></item><item><title>The council of B", ["A"]),
        ("<item><title>A</title><link>/1</link></item><item><title>B</title><link>/2</link><descr", ["A", "B"]),
        ("<item><title>A</title><link>/1</link><description><![CDATA[<item> in]]></description></item>", ["A"]),
    ],
    ids=["one open", "all open", "broken off in a title", "broken off after the link", "a word in a text"],
)
def test_items_that_nobody_closed_are_items_and_one_that_breaks_off_is_none(items: str, titles: list[str]) -> None:
    assert [entry.title for entry in read(f"<rss version='2.0'><channel><title>Paper</title>{items}")] == titles
