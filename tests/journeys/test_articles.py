"""Journeys of the operator who asks what became of an article, and of one who makes two letters from one fetch."""

from __future__ import annotations

import email
from datetime import UTC, datetime, timedelta
from email import policy
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING, Any

from tests.journeys.conftest import STORIES, article_page, configuration

from digest.demo.sink import Sink

if TYPE_CHECKING:
    from tests.journeys.conftest import Newsroom, Web

    from digest.demo.sink import CaughtLetter

PLAIN = (
    "The committee of the quarter met for two hours in the old school and heard eleven speakers in turn.",
    "Its chairman, Walter Frisk, thanked the neighbours who had brought benches, lamps and tea for all.",
    "A second meeting will be held before the end of the winter, when the plans have been drawn anew.",
)
ROOM = "Committee of the northern quarter meets in the old school"
GERMAN = (
    "Die Fähre nach Brannoch ist am Montag nach neun Tagen Reparatur wieder in See gestochen, sagte die Reederei.",
    "Die Bewohner der Insel hatten sich mit zwei Fischerbooten beholfen, die Brot, Arznei und Briefe brachten.",
    "Der Kapitän sprach von einer ruhigen Überfahrt, bei der alle vierundachtzig Plätze besetzt gewesen seien.",
)


def item(title: str, link: str, summary: str, *, hours: float = 0.5, more: str = "") -> str:
    when = format_datetime(datetime.now(UTC) - timedelta(hours=hours))
    return (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link>"
        f"<description>{escape(summary)}</description><pubDate>{when}</pubDate>{more}</item>"
    )


def feed(web: Web, path: str, items: list[str]) -> str:
    names = 'version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    channel = f"<channel><title>Paper</title><link>{web.url('/')}</link>{''.join(items)}</channel>"
    return web.put(path, f"<rss {names}>{channel}</rss>", "application/rss+xml")


def plain_text(letter: CaughtLetter) -> str:
    """Return the plain text of a letter as it arrived, its subject in the first line."""
    message = email.message_from_bytes(letter.raw, policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return f"{message['Subject']}\n{' '.join(body.get_content().split())}"


def printed(web: Web, path: str, title: str, sentences: tuple[str, ...] = PLAIN, **details: Any) -> str:
    """Let an article stand at a path; return its item."""
    status = details.pop("status", 200)
    link = web.put(path, article_page(title, list(sentences)), status=status)
    return item(title, link, details.pop("summary", ""), **details)


def category(name: str) -> str:
    return f"<category>{name}</category>"


def test_ten_articles_are_left_out_for_ten_reasons_and_each_is_told(web: Web, empty_room: Newsroom) -> None:
    main = feed(
        web,
        "/ten/feed.xml",
        [
            *(printed(web, f"/ten/news{n}", title, tuple(text)) for n, (title, *text) in enumerate(STORIES)),
            printed(web, "/ten/old", "Quarter meets about the well", hours=25),
            printed(web, "/ten/german", "Die Fähre nach Brannoch fährt wieder", GERMAN),
            printed(web, "/ten/sport", "Rovers win the county cup again", more=category("Deportes")),
            printed(web, "/ten/word", "Horoscope: what the stars say of Monday"),
            printed(web, "/ten/opinion", "The school deserves its benches", more=category("Opinion")),
            printed(web, "/ten/paid", "Anzeige: Lampen, die ewig halten"),
            printed(web, "/ten/author", "My week beside the pond", more="<dc:creator>Ida Sorrel</dc:creator>"),
            printed(web, "/ten/gone", "A page that is no more", status=410),
            printed(web, "/ten/room", ROOM),
        ],
    )
    other = feed(web, "/other/feed.xml", [printed(web, "/other/1", "A source that the edition does not take")])
    text = configuration([("Daily Tarrow", main), ("Pier Gazette", other)])
    rules = """sources = ["Daily Tarrow"]
exclude_sections = ["sport"]
exclude_words = ["horoscope"]
exclude_kinds = ["opinion"]
exclude_authors = ["Ida Sorrel"]
window_hours = 24
top_stories = 4
also_stories = 0
"""
    empty_room.configure(text.replace('title = "Morning Update"\n', f'title = "Morning Update"\n{rules}'))
    assert empty_room("fetch").code == 3
    composed = empty_room("compose", "--edition", "morning")
    assert (
        "left out: Anzeige: Lampen, die ewig halten (Daily Tarrow): sponsored: its title says 'Anzeige'" in composed.out
    )
    listed = {each["title"]: each for each in empty_room("articles", "-e", "morning", "--since", "2d", "--json").json}
    fates = {title: each["editions"][0] for title, each in listed.items()}
    wanted = {
        "Quarter meets about the well": ("date", "window"),
        "Die Fähre nach Brannoch fährt wieder": ("language", "it is in de"),
        "Rovers win the county cup again": ("section", "section sport is left out (exclude_sections)"),
        "Horoscope: what the stars say of Monday": ("word", "'horoscope' is left out (exclude_words)"),
        "The school deserves its benches": ("kind", "kind opinion is left out (exclude_kinds)"),
        "Anzeige: Lampen, die ewig halten": ("advertorial", "sponsored: its title says 'Anzeige'"),
        "My week beside the pond": ("author", "author Ida Sorrel is left out (exclude_authors)"),
        "A page that is no more": ("unread", "410"),
        "A source that the edition does not take": ("source", "is not among the edition's (sources)"),
    }
    news = {title: fates[title] for title in (*(title for title, *_ in STORIES), ROOM)}
    assert "lead" in {fate["why"] for fate in news.values()}
    crowded = next(title for title, fate in news.items() if fate["outcome"] != "told")
    wanted[crowded] = ("left-out", "no room: the stories above fill the letter")
    assert {title: fates[title]["outcome"] for title in wanted} == {t: outcome for t, (outcome, _) in wanted.items()}
    assert [title for title, (_, words) in wanted.items() if words not in fates[title]["why"]] == []
    explained = empty_room("explain", "morning").out
    for setting in ("language", "exclude_words", "exclude_kinds", "sources", "advertorials"):
        assert f"({setting}): " in explained
    assert "left out: " in empty_room("articles").out
    assert "kind opinion" in empty_room("explain", "morning", "deserves its benches").out


def test_two_letters_by_section_come_from_one_fetch_with_a_quota(web: Web, empty_room: Newsroom) -> None:
    names = ("Politique", "Business", "Wirtschaft", "Economía", "Sport")
    items = [
        printed(web, f"/two/{n}", title, tuple(text), more=category(name))
        for n, ((title, *text), name) in enumerate(zip(STORIES, names, strict=True))
    ]
    source = feed(web, "/two/feed.xml", items)
    with Sink() as sink:
        text = configuration([("Daily Tarrow", source)], f"smtp://127.0.0.1:{sink.port}")
        empty_room.configure(
            text.replace('title = "Morning Update"\n', 'title = "Politics"\nsections = ["politics"]\nfloor = 1\n')
            .replace(
                'title = "Evening Update"\n',
                'title = "Money"\nsections = ["economy"]\nfloor = 1\nsection_quotas = { business = 2 }\n',
            )
            .replace('follows = "morning"\n', "")
        )
        empty_room.enrol(1)
        for name in ("morning", "evening"):
            assert empty_room("send", "--edition", name).code == 0
        politics, money = map(plain_text, sink.letters)
    told = [{n for n, (title, *_) in enumerate(STORIES) if title in text} for text in (politics, money)]
    assert told[0] == {0}
    assert told[1] < {1, 2, 3}
    assert len(told[1]) == 2
    assert "section business has its 2 (section_quotas)" in empty_room("articles", "-e", "evening").out
