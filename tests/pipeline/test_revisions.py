from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from tests.fetch.conftest import Serve, answer
from tests.pipeline.test_gather import NOW, Clock, Site, newsroom

from digest.app import App
from digest.cli.console import Console
from digest.cli.sources import tell_gathered
from digest.errors import Unreadable
from digest.extract.article import article_id, extract
from digest.extract.workers import Job, Workers
from digest.model.article import Article, ArticleKind, TextOrigin
from digest.model.ids import ArticleId, SourceId
from digest.model.source import FeedEntry
from digest.pipeline.gathering.gather import gather
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.gathering.revisions import LONGEST_PAUSE, announces_change, is_due, supersedes
from digest.pipeline.gathering.run import Tools
from digest.pipeline.gathering.source_list import follow
from digest.pipeline.progress import unseen
from digest.pipeline.proofs.rebuild import rebuild
from digest.pipeline.quarantine import watching

STORY = "/2026/11/23/harbour-bridge"
LATER = timedelta(hours=1)
ENTRY = FeedEntry(
    source_id=SourceId(1),
    url="https://paper.example/a",
    link="https://paper.example/a",
    title="Bridge closed",
    summary="The bridge is closed.",
    published=NOW - LATER,
    seen_at=NOW,
)
READ = Article(
    id=ArticleId("0" * 64),
    source_id=SourceId(1),
    url=ENTRY.url,
    link=ENTRY.link,
    title=ENTRY.title,
    text="The bridge is closed.",
    language="en",
    origin=TextOrigin.PAGE,
    first_seen=NOW,
)


class Paper(Site):
    """A paper with one story, which it may print anew."""

    def __init__(self) -> None:
        super().__init__({})
        self.print_("Bridge closed", "until the spring")

    def print_(self, title: str, until: str, dated: datetime = NOW) -> None:
        """Print the story; its feed follows."""
        text = "".join(
            f"<p>The old harbour bridge is closed {until}, the council said in part {n}.</p>" for n in range(6)
        )
        page = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{text}</article></body></html>"
        self.pages[STORY] = answer(page.encode(), Content_Type="text/html")
        self.announce(title, dated)

    def announce(self, title: str, dated: datetime = NOW) -> None:
        """Change the feed alone."""
        item = (
            f"<item><title>{title}</title><link>http://paper.example{STORY}</link>"
            f"<pubDate>{format_datetime(dated)}</pubDate></item>"
        )
        feed = f"<rss version='2.0'><channel><title>Paper</title>{item}</channel></rss>"
        self.pages["/feed"] = answer(feed.encode())


class Here(Workers):
    """Reads pages in this process: a pool takes half a second to start, and here nothing is hostile."""

    def __init__(self) -> None:
        """Start nothing."""

    def extract_all(self, jobs: Iterable[Job]) -> Iterator[Article | Unreadable]:
        """Yield each page's article, or why there is none."""
        for job in jobs:
            try:
                yield extract(job.page, job.entry, job.furniture, job.language_hint)
            except Unreadable as refused:
                yield refused


pytestmark = pytest.mark.usefixtures("lite_database")  # the file that a newsroom opens


class Desk:
    """A paper, and a newsroom that fetches it."""

    def __init__(self, folder: Path, serve: Serve, stack: ExitStack) -> None:
        self.paper = Paper()
        self.listener = serve(self.paper)
        self.clock = Clock()
        self.app: App = stack.enter_context(newsroom(folder, self.listener, self.clock))

    def fetch(self, after: timedelta = timedelta()) -> GatherReport:
        """Let time pass, then fetch."""
        self.clock.now += after
        follow(self.app.stores, self.app.settings)
        with watching(self.app.runtime, "fetch") as watch, self.app.fetcher(watch.item) as fetcher:
            tools = Tools(fetcher=fetcher, workers=Here(), watch=watch)
            return gather(self.app.stores, tools, self.clock.now, timedelta(hours=26), unseen)

    @property
    def pages(self) -> int:
        """How often the story's page was asked for."""
        return self.listener.paths.count(STORY)

    def told(self, cut: datetime | None = None) -> list[tuple[str, bool]]:
        """Return the title of each article that an edition would see, and whether it closes until the summer."""
        stored = self.app.stores.articles.window(NOW - timedelta(days=1), cut or self.clock.now)
        return [(article.title, "until the summer" in article.text) for article in stored]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with ExitStack() as stack:
        desk = Desk(tmp_path, Serve(stack), stack)
        assert desk.fetch().articles == 1
        yield desk


def test_nothing_is_read_twice(desk: Desk) -> None:
    for _ in range(3):
        report = desk.fetch(LATER)
        assert (report.articles, report.changed, report.pages) == (0, 0, ())
    assert desk.pages == 1


def test_an_article_that_its_feed_announces_anew_is_kept_as_a_new_version(desk: Desk) -> None:
    (before,) = desk.app.stores.articles.window(NOW, NOW)
    desk.paper.print_("Bridge closed for longer", "until the summer")
    report = desk.fetch(LATER)
    assert (report.articles, report.changed, desk.pages) == (0, 1, 2)
    assert desk.told() == [("Bridge closed for longer", True)]
    assert desk.told(NOW) == [("Bridge closed", False)]
    (after,) = desk.app.stores.articles.window(NOW, desk.clock.now)
    assert (after.first_seen, after.position) == (before.first_seen, before.position)
    assert desk.app.stores.articles.by_id([before.id]) == {before.id: before}


def test_the_operator_is_told_of_new_versions(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.paper.print_("Bridge closed for longer", "until the summer")
    tell_gathered(Console(), desk.fetch(LATER))
    tell_gathered(Console(), desk.fetch(LATER))
    first, second = capsys.readouterr().out.splitlines()
    assert first == "1 of 1 sources fetched, 0 new entries, 0 articles, 1 in a new version."
    assert second == "1 of 1 sources fetched, 0 new entries, 0 articles."


def test_a_later_date_alone_announces_a_change(desk: Desk) -> None:
    desk.paper.print_("Bridge closed", "until the summer", dated=NOW + LATER)
    assert desk.fetch(LATER).changed == 1
    assert desk.told() == [("Bridge closed", True)]


def test_a_page_that_is_the_same_when_read_again_is_no_new_version(desk: Desk) -> None:
    desk.paper.announce("Bridge closed!")
    assert desk.fetch(LATER).changed == 0
    assert desk.pages == 2
    desk.fetch(LATER)
    assert desk.pages == 2


@pytest.mark.slow
def test_a_feed_that_changes_with_every_fetch_costs_few_readings(desk: Desk) -> None:
    for number in range(16):
        desk.paper.announce(f"Bridge closed, {number} comments")
        desk.fetch(LATER / 2)
    assert 5 <= desk.pages <= 8


def test_a_change_that_came_too_soon_is_read_later_though_the_feed_is_the_same_by_then(desk: Desk) -> None:
    desk.paper.print_("Bridge closed for longer", "until the summer")
    desk.fetch(timedelta(minutes=5))
    assert desk.pages == 1
    assert desk.fetch(LATER).changed == 1


@pytest.mark.parametrize("status", ["503 Busy", "403 Forbidden"])
def test_what_was_read_before_stands_when_the_page_does_not_come_again(desk: Desk, status: str) -> None:
    desk.paper.announce("Bridge closed for longer")
    desk.paper.pages[STORY] = answer(status=status)
    report = desk.fetch(LATER)
    assert [page.outcome for page in report.pages] == ["the version read before is kept"]
    assert desk.told() == [("Bridge closed", False)]
    desk.paper.print_("Bridge closed for much longer", "until the summer")
    desk.fetch(2 * LATER)
    assert desk.told() == [("Bridge closed for much longer", True)]


def test_a_wall_does_not_take_the_place_of_a_text(desk: Desk) -> None:
    desk.paper.announce("Bridge closed for longer")
    desk.paper.pages[STORY] = answer(b"<html><body><p>Subscribe to read on, it is cheap and good.</p></body></html>")
    report = desk.fetch(LATER)
    assert [page.outcome for page in report.pages] == ["the version read before is kept"]
    assert desk.told() == [("Bridge closed", False)]


def test_an_article_whose_page_is_gone_is_told_no_more(desk: Desk) -> None:
    desk.paper.announce("Bridge open after all")
    del desk.paper.pages[STORY]
    report = desk.fetch(LATER)
    assert [page.outcome for page in report.pages] == ["left out"]
    assert desk.told() == []


def test_an_article_that_changes_when_no_edition_would_tell_it_is_left_alone(desk: Desk) -> None:
    desk.clock.now += timedelta(days=5)
    desk.paper.announce("Bridge closed five days ago", dated=desk.clock.now)
    desk.fetch()
    desk.fetch(LATER)
    assert desk.pages == 1


def test_a_change_is_a_change_of_words_or_a_later_date_of_the_same_source() -> None:
    assert not announces_change(ENTRY, replace(ENTRY, position=4, link="https://paper.example/a?b", author="Jane Doe"))
    assert announces_change(ENTRY, replace(ENTRY, summary="The bridge is open."))
    assert announces_change(ENTRY, replace(ENTRY, updated=NOW))
    assert not announces_change(ENTRY, replace(ENTRY, updated=NOW - 2 * LATER))
    assert not announces_change(ENTRY, replace(ENTRY, updated=NOW + LATER))
    assert not announces_change(ENTRY, replace(ENTRY, source_id=SourceId(2), title="Another paper's title"))


def test_pauses_between_readings_grow_up_to_a_bound() -> None:
    assert not is_due(NOW, NOW, NOW + timedelta(minutes=19))
    assert is_due(NOW, NOW, NOW + timedelta(minutes=20))
    assert not is_due(NOW, NOW + LATER, NOW + 1.9 * LATER)
    assert is_due(NOW, NOW + 24 * LATER, NOW + 24 * LATER + LONGEST_PAUSE)


def test_a_reading_with_less_to_go_by_does_not_supersede() -> None:
    wall, stub = replace(READ, paywalled=True), replace(READ, kind=ArticleKind.STUB)
    fed, bare = replace(READ, origin=TextOrigin.FEED_SUMMARY), replace(READ, origin=TextOrigin.NONE)
    order = [bare, fed, wall, READ]
    assert all(supersedes(after, before) for n, before in enumerate(order) for after in order[n:])
    assert not any(supersedes(after, before) for n, after in enumerate(order) for before in order[n + 1 :])
    assert supersedes(stub, wall)
    assert not supersedes(stub, READ)


def test_an_edition_keeps_the_version_that_it_was_made_from(newsroom: Any) -> None:
    newsroom.freeze()
    (before,) = (
        a for a in newsroom.stores.articles.window(newsroom.now, newsroom.now) if a.title.startswith("Harbour")
    )
    text = before.text.replace("14 of its 60", "19 of its 60")
    after = replace(before, id=article_id(before.url, before.title, text), text=text)
    entry = newsroom.stores.entries.announced([before.url])[before.url]
    newsroom.stores.entries.announce([replace(entry, summary="Corrected.")])
    (waiting,) = newsroom.stores.entries.pending()
    newsroom.now += LATER
    assert newsroom.stores.articles.keep(waiting.id, after, newsroom.now)
    assert after in newsroom.stores.articles.window(NOW - timedelta(days=1), newsroom.now)
    assert before not in newsroom.stores.articles.window(NOW - timedelta(days=1), newsroom.now)
    assert rebuild(newsroom.runtime, "morning").difference == ""
