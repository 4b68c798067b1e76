"""Items of one link: which are one article, and which of them were listed before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from urllib.parse import quote

import pytest

from digest.fetch.feeds import parse_feed
from digest.fetch.item_identity import addresses, recognised
from digest.model.ids import SourceId
from digest.model.source import FeedEntry

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
HOME = "https://paper.example/"
LIVE = "https://paper.example/live/41875523"
HEADLINES = (
    ("Harbour ferry sails again", "The ferry to Brannoch sailed again on Monday after nine days with a broken shaft."),
    ("Council votes for a barrier", "Councillors voted 31 to 12 for a tidal barrier that will cost 48 million pounds."),
    ("Nurses accept an offer", "Members of the union at Wendle General accepted a rise of 4.5 per cent in a ballot."),
    ("Museum buys a lost map", "The county museum paid 19,000 pounds at auction for a map of Tarrow from 1714."),
)


def item(number: int, link: str, guid: str = "", *, permalink: bool = False) -> str:
    title, text = HEADLINES[number]
    named = f"<guid isPermaLink='{str(permalink).lower()}'>{escape(guid)}</guid>" if guid else ""
    return f"<item><title>{title}</title><link>{escape(link)}</link>{named}<description>{text}</description></item>"


def read(*items: str, home: str = HOME, at: datetime = NOW) -> tuple[FeedEntry, ...]:
    body = f"<rss version='2.0'><channel><title>Paper</title><link>{home}</link>{''.join(items)}</channel></rss>"
    return parse_feed(body.encode(), "https://paper.example/feed", SourceId(1), at)


def identities(entries: tuple[FeedEntry, ...]) -> list[str]:
    return [entry.url for entry in entries]


SEPARATE = {
    "a live blog by opaque ids": [item(n, LIVE, f"post-{n}") for n in range(4)],
    "a live blog by fragments": [item(n, f"{LIVE}#post-{n}") for n in range(4)],
    "a live blog by fragments that are the ids too": [
        item(n, f"{LIVE}#{n}", f"{LIVE}#{n}", permalink=True) for n in range(4)
    ],
    "the front page, by ids": [item(n, HOME, f"tag:paper.example,2026:{n}") for n in range(4)],
    "the front page, without ids": [item(n, HOME) for n in range(4)],
    "the front page as the id of all": [item(n, HOME, HOME) for n in range(4)],
    "the front page with a fragment, as apps write it": [item(n, f"{HOME}#!/news/{n}") for n in range(4)],
    "a podcast": [item(n, "https://paper.example/podcast", f"ab12-{n}") for n in range(4)],
    "one id for all": [item(n, "https://paper.example/ticker", "ticker") for n in range(4)],
    "a section without ids": [item(n, "https://paper.example/notices") for n in range(4)],
    "a query that looks like a tracker": [item(n, f"https://paper.example/view?ref={500 + n}") for n in range(4)],
    "a query that identifies": [item(n, f"https://paper.example/view?id={500 + n}") for n in range(4)],
    "two posts about one page elsewhere": [
        item(n, "https://other.example/2026/report", f"https://paper.example/?p={80 + n}") for n in range(2)
    ],
}


@pytest.mark.parametrize("kind", SEPARATE)
def test_items_of_one_link_with_other_headlines_are_separate_items(kind: str) -> None:
    found = read(*SEPARATE[kind])
    assert len(set(identities(found))) == len(SEPARATE[kind])


@pytest.mark.parametrize("kind", SEPARATE)
def test_they_keep_their_identities_when_they_come_again_in_another_order_or_number(kind: str) -> None:
    first = read(*SEPARATE[kind])
    known = {entry.url: entry for entry in first}
    for again in (SEPARATE[kind][::-1], SEPARATE[kind][1:], SEPARATE[kind][:1], SEPARATE[kind][-1:]):
        listed = read(*again, at=NOW + timedelta(hours=1))
        titles = {entry.title: entry.url for entry in recognised(listed, known)}
        assert titles == {entry.title: entry.url for entry in first if entry.title in titles}


@pytest.mark.parametrize("kind", SEPARATE)
def test_only_a_link_with_a_query_of_its_own_leads_to_its_page(kind: str) -> None:
    assert {entry.has_page for entry in read(*SEPARATE[kind])} == {"query" in kind}


def update(link: str, guid: str, title: str, text: str = "") -> str:
    return (
        f"<item><title>{title}</title><link>{link}</link><guid isPermaLink='false'>{guid}</guid>"
        f"<description>{text}</description></item>"
    )


FERRY = "Harbour ferry to Brannoch"
SHAFT = "The ferry sailed again on Monday after nine days with a broken shaft."
COUNCIL = "Councillors voted for a tidal barrier that will cost millions."


@pytest.mark.parametrize(
    "kind",
    ["one id for all", "a section without ids", "the front page, without ids"],
)
def test_three_headlines_of_one_link_or_id_are_three_items(kind: str) -> None:
    assert len(set(identities(read(*SEPARATE[kind][:3])))) == 3


@pytest.mark.parametrize(
    "items",
    [
        [update(LIVE, "n-1", FERRY, SHAFT), update(LIVE, "n-2", FERRY + " sails", SHAFT)],
        [update(LIVE, "a", FERRY, SHAFT), update(LIVE, "b", FERRY, COUNCIL)],
        [update(f"{LIVE}?p=1", "", FERRY, SHAFT), update(f"{LIVE}?p=2", "", FERRY, COUNCIL)],
        [update(LIVE, f"{LIVE}#0", FERRY, SHAFT), update(LIVE, f"{LIVE}#1", FERRY + " sails", COUNCIL)],
        [update(LIVE, f"{LIVE}#ferry", FERRY, SHAFT), update(LIVE, f"{LIVE}#shaft", FERRY + " sails", SHAFT)],
        [update(f"{LIVE}?ref=1", "", "Ferry sails", SHAFT), update(f"{LIVE}?ref=2", "", "Harbour ferry", SHAFT)],
    ],
    ids=[
        "alike with ids that count",
        "one headline, two ids and texts",
        "one headline, two links and texts",
        "versions by a counter with another text",
        "alike with fragments as ids",
        "half of the words of two headlines",
    ],
)
def test_two_items_of_one_link_are_separate_by_what_differs(items: list[str]) -> None:
    assert len(set(identities(read(*items)))) == 2


def test_two_items_with_a_query_each_have_their_pages() -> None:
    found = read(*SEPARATE["a query that looks like a tracker"][:2])
    assert [entry.has_page for entry in found] == [True, True]


ONE = {
    "one headline without ids, two texts": [
        update("/n/storm", "", "Storm cuts power", SHAFT),
        update("/n/storm", "", "Storm cuts power", COUNCIL),
    ],
    "no headline, one beginning of two hundred characters": [
        update("/n/storm", "", "", "w" * 200 + " one"),
        update("/n/storm", "", "", "w" * 200 + " two"),
    ],
    "one id, two headlines": [
        update("/n/storm", "n-17", "Storm cuts power"),
        update("/n/storm", "n-17", "900 homes without light"),
    ],
    "two ids, one headline": [update("/n/storm", "a", "Storm cuts power"), update("/n/storm", "b", "Storm cuts power")],
    "two headlines without ids": [
        item(0, "https://paper.example/n/5"),
        item(0, "https://paper.example/n/5").replace("Harbour ferry sails again", "Ferry back"),
    ],
    "trackers alone": [
        item(0, "https://paper.example/n/5?utm_source=a"),
        item(0, "https://paper.example/n/5?utm_source=b#top"),
    ],
    "a shorter headline with another tracker": [
        item(0, "https://paper.example/n/5?ref=home"),
        item(0, "https://paper.example/n/5?ref=sport").replace("Harbour ferry sails", "Harbour ferry sails once"),
    ],
    "versions of one text by a counter": [
        update("/n/storm", "https://paper.example/n/storm#0", "Storm cuts power to homes", "The wind took 9 lines."),
        update("/n/storm", "https://paper.example/n/storm#1", "Storm cuts power to 900", "The wind took 9 lines down."),
    ],
}


@pytest.mark.parametrize("kind", ONE)
def test_an_article_listed_twice_stays_one(kind: str) -> None:
    found = read(*ONE[kind])
    assert len(found) == 2
    assert len(set(identities(found))) == 1
    assert found[0].has_page


def test_an_item_alone_with_its_link_keeps_its_identity_when_another_joins_it() -> None:
    alone = read(item(0, LIVE, "post-0"))
    known = {entry.url: entry for entry in alone}
    both = recognised(read(item(1, LIVE, "post-1"), item(0, LIVE, "post-0")), known)
    assert both[1].url == alone[0].url
    assert both[1].has_page
    assert both[0].url not in known
    assert not both[0].has_page


def dated(entry: FeedEntry, days: int) -> FeedEntry:
    return replace(entry, published=NOW - timedelta(days=days))


@pytest.mark.parametrize(
    ("guid", "title", "text", "days", "kind"),
    [
        ("new-id", "Ferry strike is over", "Crews go back to work on Tuesday, the union said.", 0, "another"),
        ("new-id", HEADLINES[0][0], "", 0, "same"),
        ("new-id", HEADLINES[0][0], HEADLINES[0][1], 0, "same"),
        ("new-id", HEADLINES[0][0], "Something else was written here today about eels.", 0, "another"),
        ("old-id", "Ferry strike is over", "Crews go back to work on Tuesday, the union said.", 0, "same"),
        ("old-id:2", "Ferry to Brannoch is back", HEADLINES[0][1], 0, "same"),
        ("", "Ferry strike is over", "Crews go back to work on Tuesday, the union said.", 0, "same"),
        ("new-id", "Ferry strike is over", "Crews go back to work on Tuesday, the union said.", 1, "same"),
        ("old-id:2", "Ferry strike is over", HEADLINES[0][1], 0, "same"),
        ("old-id:2", "Ferry strike is over", "Crews go back to work on Tuesday, the union said.", 0, "another"),
        ("old-id:2", "Ferry strike is over", "", 0, "another"),
        ("old-id:2", HEADLINES[0][0], "Crews go back to work on Tuesday, the union said.", 0, "same"),
        ("new-id", f"{HEADLINES[0][0]} at 9", HEADLINES[0][1], 0, "same"),
    ],
    ids=[
        "another item", "an id made anew", "an id made anew with its text", "a daily column", "an edited article",
        "a version", "no id any more", "the same time", "a version by its text", "another text of a counted id",
        "no text of a counted id", "a version by its headline", "a number with its text",
    ],
)  # fmt: skip
def test_another_id_is_another_item_only_with_another_headline_or_text(
    guid: str, title: str, text: str, days: int, kind: str
) -> None:
    (first,) = read(item(0, LIVE, "old-id"))
    before = dated(first, 1)
    now = replace(dated(first, days), guid=guid, title=title, summary=text)
    (found,) = recognised([now], {before.url: before})
    assert (found.url, found.has_page) == ((before.url, True) if kind == "same" else (f"{LIVE}#{quote(guid)}", False))


def test_of_undated_entries_another_headline_counts_and_another_text_does_not() -> None:
    (before,) = read(item(0, LIVE, "old-id"))
    assert before.published is None
    for title, url in ((HEADLINES[1][0], f"{LIVE}#new-id"), (HEADLINES[0][0], LIVE)):
        now = replace(before, guid="new-id", title=title, summary=HEADLINES[1][1])
        assert recognised([now], {LIVE: before})[0].url == url


def test_only_the_beginning_of_a_text_is_compared() -> None:
    (first,) = read(item(0, LIVE, "old-id"))
    same = " ".join(f"word{n}" for n in range(300))
    before = replace(dated(first, 1), summary="ferry " * 400 + same)
    now = replace(dated(first, 0), guid="new-id", summary="council " * 400 + same)
    assert recognised([now], {LIVE: before})[0].url == f"{LIVE}#new-id"


def test_a_stored_identity_goes_to_one_item_of_those_that_it_may_have_been() -> None:
    stored = replace(read(item(0, LIVE))[0], guid="")
    listed = read(update(LIVE, "a", FERRY, SHAFT), update(LIVE, "b", f"{FERRY} sails", SHAFT))
    found = recognised(listed, {stored.url: replace(stored, title=FERRY)})
    assert identities(found) == [stored.url, f"{LIVE}#b"]


def test_a_version_of_the_stored_item_keeps_its_identity_when_another_joins_it() -> None:
    (alone,) = read(update(LIVE, "post:1", FERRY, SHAFT))
    for guid, title, url in (
        ("post:2", f"{FERRY} sails", LIVE),
        ("post:2", "Museum buys a lost map", f"{LIVE}#post%3A2"),
        ("other", FERRY, f"{LIVE}#other"),
    ):
        listed = read(update(LIVE, guid, title, SHAFT), item(1, LIVE, "second"))
        assert identities(recognised(listed, {alone.url: alone})) == [url, f"{LIVE}#second"]


def test_a_numbered_headline_of_another_day_is_another_item() -> None:
    (first,) = read(item(0, LIVE, "ab-7c"))
    before = replace(dated(first, 1), title="Morning briefing, 22 November", summary="")
    now = replace(dated(first, 0), title="Morning briefing, 23 November", summary="", guid="f3-91")
    assert recognised([now], {before.url: before})[0].url != before.url


def test_another_source_that_lists_the_link_lists_the_same_article() -> None:
    (first,) = read(item(0, LIVE, "a"))
    elsewhere = replace(first, source_id=SourceId(2), guid="b", title="Quite another headline", summary="Other words.")
    assert recognised([elsewhere], {first.url: first})[0].url == first.url


def test_an_entry_stored_before_ids_were_kept_is_found_again_by_its_headline() -> None:
    stored = replace(read(item(2, LIVE))[0], guid="")
    found = recognised(read(*SEPARATE["a live blog by opaque ids"]), {stored.url: stored})
    assert [entry.url == stored.url for entry in found] == [False, False, True, False]


def test_a_front_page_that_was_stored_before_is_not_announced_again() -> None:
    stored = replace(read(item(2, LIVE))[0], url="https://paper.example/", link=HOME, guid="")
    found = recognised(read(*SEPARATE["the front page, by ids"]), {stored.url: stored})
    assert [entry.url == stored.url for entry in found] == [False, False, True, False]


@pytest.mark.parametrize("link", [HOME, HOME[:-1], f"{HOME}#top"])
def test_the_front_page_is_no_page_of_an_item_alone(link: str) -> None:
    (entry,) = read(item(0, link, "post-0"))
    assert (entry.has_page, entry.url) == (False, f"{HOME}#post-0")


def test_the_page_of_the_feed_itself_is_no_page_of_its_items() -> None:
    (entry,) = read(item(0, "https://paper.example/show", "ep-1"), home="https://paper.example/show/")
    assert (entry.has_page, entry.url) == (False, "https://paper.example/show#ep-1")


@pytest.mark.parametrize(
    ("link", "guid", "home"),
    [
        ("https://paper.example/?p=5", "", HOME),
        ("https://paper.example/show", "", "https://paper.example/show/"),
        ("https://paper.example/show", "ep-1", HOME),
    ],
    ids=["a query of the front page", "the feed's page without an id", "another page"],
)
def test_an_item_alone_with_a_page_of_its_own_keeps_it(link: str, guid: str, home: str) -> None:
    (entry,) = read(item(0, link, guid), home=home)
    assert (entry.has_page, "#" in entry.url) == (True, False)


def test_addresses_name_every_identity_that_may_be_stored() -> None:
    (entry,) = read(item(0, LIVE, "post-0"))
    assert addresses([entry]) == {LIVE, f"{LIVE}#post-0", f"{LIVE}#harbour%20ferry%20sails%20again"}


def test_a_long_id_or_headline_gives_a_short_identity() -> None:
    long = [update("/n/1", "x" * 5000 + str(n), f"{'ж' * 1000} {n}", HEADLINES[n][1]) for n in range(3)]
    found = read(*long)
    assert len(set(identities(found))) == 3
    assert max(len(entry.url) + len(entry.guid) for entry in found) < 1300


@pytest.mark.parametrize(("length", "written"), [(600, True), (601, False)])
def test_a_mark_of_up_to_six_hundred_characters_is_stored_as_it_is(length: int, *, written: bool) -> None:
    (entry,) = read(item(0, LIVE))
    found = addresses([replace(entry, title="x" * length)])
    assert (f"{LIVE}#{'x' * length}" in found) is written
    assert max(map(len, found)) == len(f"{LIVE}#") + (length if written else 64)


@pytest.mark.slow
def test_thousands_of_items_of_one_link_are_told_apart() -> None:
    items = [update(HOME, f"id-{n}", f"Headline {n} of the day", f"Text of item {n} alone.") for n in range(4000)]
    assert len(set(identities(read(*items)))) == 4000


def test_a_headline_is_known_again_however_many_items_stand_between() -> None:
    others = [
        f"<item><title>Notice number {n} of the harbour office</title><link>{LIVE}</link></item>" for n in range(31)
    ]
    found = read(item(0, LIVE), *others, item(0, LIVE))
    assert found[0].url == found[-1].url
    assert len(set(identities(found))) == 32


def test_one_headline_with_two_texts_is_one_item_unless_two_ids_say_otherwise() -> None:
    title, _ = HEADLINES[0]
    texts = ("The shaft broke again at the pier.", "Councillors will meet in May about money.")

    def listed(*guids: str) -> set[str]:
        named = [f"<guid isPermaLink='false'>{guid}</guid>" if guid else "" for guid in guids]
        made = [
            f"<item><title>{title}</title><link>{LIVE}</link>{guid}<description>{text}</description></item>"
            for guid, text in zip(named, texts, strict=True)
        ]
        return set(identities(read(*made)))

    assert len(listed("post-a", "post-b")) == 2
    assert len(listed("post-a", "")) == 1
    assert len(listed("", "")) == 1
