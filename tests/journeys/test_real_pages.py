"""A morning letter made of sixty real pages, served on loopback under the names of their own sites.

A hundred with ``--long``.
"""

from __future__ import annotations

import gzip
import ipaddress
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bench.first_edition import ISO_DATE

from digest.app import open_app
from digest.extract.article import extract
from digest.fetch.address_guard import Target
from digest.model.article import Article, Page
from digest.model.edition import Edition, Place
from digest.model.ids import SourceId, StoryId
from digest.model.source import FeedEntry
from digest.model.story import Story
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.send import Request
from digest.settings import (
    EditionSettings,
    FetchSettings,
    KeySettings,
    MailSettings,
    Settings,
    SiteSettings,
    SourceSettings,
)
from digest.summarise.bullets import candidates
from digest.summarise.headline import headline

PAGES = Path(__file__).resolve().parents[2].parent / "shared" / "eval" / "data" / "pages"
COUNT, MANY = 60, 100
SEED = PAGES.parent / "seed" / "article.html"
ENGLISH = frozenset(("us", "uk", "au", "za", "ca"))
NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
"""The pages are of several years. Their dates are moved to the day before, so that an edition may tell most of them."""
FEED = "/digest-test-feed.xml"

FURNITURE = re.compile(
    r"\A\W*(?:photo|image|picture|foto|bild|credit|caption|read more|see also|related|subscribe|sign up|follow us"
    r"|click here|advertisement|share)\b\s*[:|]?|(?:\(|\b)(?:image|photo|picture|credit)s?(?: by)?\s?:"
    r"|getty images|shutterstock|newsletter|all rights reserved|©",
    re.IGNORECASE,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PAGES.is_dir(), reason="the labelled pages of ../shared/eval do not come with the project"),
]


@dataclass(frozen=True, slots=True)
class RealPage:
    """One labelled page under the address that it had, by plain HTTP."""

    url: str
    title: str
    html: bytes

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


def real_pages(count: int) -> list[RealPage]:
    """Return so many pages of two corpora, English ones first."""
    rows = [
        (json.loads(line), corpus)
        for corpus in ("fe", "ft")
        for line in gzip.decompress((PAGES / corpus / "index.jsonl.gz").read_bytes()).splitlines()
    ]
    english_first = sorted(rows, key=lambda each: each[0].get("lang", "us") not in ENGLISH)
    return [_page(row, corpus) for row, corpus in islice(english_first, count)]


def _page(row: dict[str, str], corpus: str) -> RealPage:
    slug = urlsplit(row["url"]).path.rstrip("/").rpartition("/")[2].replace("-", " ")
    printed = gzip.decompress((PAGES / corpus / "html" / f"{row['id']}.html.gz").read_bytes())
    html = ISO_DATE.sub(f"{NOW - timedelta(days=1):%Y-%m-%d}".encode(), printed)
    return RealPage(url=re.sub(r"\Ahttps:", "http:", row["url"]), title=row.get("title") or slug, html=html)


@dataclass
class RealPress:
    """The sites of the pages on one loopback port, told apart by the Host header; a feed for each."""

    pages: list[RealPage]
    port: int = 0
    _by_place: dict[tuple[str, str], RealPage] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_place = {(page.host, urlsplit(page.url).path): page for page in self.pages}

    @property
    def hosts(self) -> list[str]:
        return sorted({page.host for page in self.pages})

    def resolve(self, host: str, timeout_seconds: float) -> tuple[Target, ...]:  # noqa: ARG002 - it answers at once
        if host not in self.hosts:
            raise OSError(f"{host}: not one of the sites")
        return (Target(address=ipaddress.ip_address("127.0.0.1"), port=self.port),)

    def body(self, host: str, target: str) -> bytes | None:
        if target == FEED:
            return self._feed(host).encode()
        page = self._by_place.get((host, urlsplit(target).path))
        return page.html if page else None

    def _feed(self, host: str) -> str:
        items = "".join(
            f"<item><title>{escape(page.title)}</title><link>{escape(page.url)}</link>"
            f"<pubDate>{NOW - timedelta(hours=1):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
            for page in self.pages
            if page.host == host
        )
        return f'<rss version="2.0"><channel><title>{host}</title><link>http://{host}/</link>{items}</channel></rss>'

    @contextmanager
    def serving(self) -> Iterator[None]:
        press = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = press.body(self.headers.get("Host", "").partition(":")[0], self.path)
                kind = "application/rss+xml" if self.path == FEED else "text/html"
                self.send_response_only(200 if body else 404)
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def settings(home: Path, hosts: list[str], top_stories: int = 7, words: int = 650) -> Settings:
    """Return an installation that reads these sites and leaves its letters as files."""
    return Settings(
        folder=str(home),
        site=SiteSettings(name="The Real Digest", postal_address="1 Quay"),
        fetch=FetchSettings(host_pause_seconds=0.0, allow_networks=("127.0.0.0/8",)),
        mail=MailSettings(transport="file:outbox/", sender="news@digest.example"),
        keys=KeySettings(current="test", ring={"test": "5a" * 32}),
        editions={"morning": EditionSettings(title="Morning Update", at=time(6), top_stories=top_stories, words=words)},
        sources=tuple(SourceSettings(url=f"http://{host}{FEED}", name=host) for host in hosts),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """What the corridor made of the pages."""

    gathered: GatherReport
    edition: Edition
    articles: dict[str, Article]
    html: str
    letters: list[Path]


def make_morning(home: Path, count: int, *, top_stories: int = 7, words: int = 650) -> Morning:
    """Walk the corridor from the sites' feeds to a letter in a folder."""
    press = RealPress(real_pages(count))
    chosen = settings(home, press.hosts, top_stories, words)
    with press.serving(), open_app(chosen, clock=lambda: NOW, resolver=press) as app:
        subscribe(app.stores, NOW, Subscription(address="ada@readers.example", name="Ada", editions=("morning",)))
        gathered = app.gather(lambda *_: None)
        row = app.send(Request(name="morning"), lambda *_: None).row
        assert row.edition is not None, row.reason
        letter = app.stores.letters.get(row.id)
        assert letter is not None
        ids = {bullet.article_id for item in row.edition.items for bullet in item.bullets}
        return Morning(
            gathered=gathered,
            edition=row.edition,
            articles={str(key): article for key, article in app.stores.articles.by_id(ids).items()},
            html=letter.html,
            letters=sorted((home / "outbox").rglob("*.eml")),
        )


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory, *, is_long: bool) -> Morning:
    return make_morning(tmp_path_factory.mktemp("real"), MANY if is_long else COUNT)


def test_a_letter_comes_out_of_many_real_pages(morning: Morning, *, is_long: bool) -> None:
    count = MANY if is_long else COUNT
    assert sum(source.entries for source in morning.gathered.sources) >= count * 0.95
    assert morning.gathered.articles >= count * 0.95
    assert len(morning.edition.items) >= 10
    told = [item for item in morning.edition.items if item.place in {Place.LEAD, Place.TOP}]
    assert len(told) >= 5, "guides and lists are one line, news is told in full"
    assert all(len(item.bullets) >= 2 for item in told)
    message = message_from_bytes(morning.letters[0].read_bytes(), policy=policy.default)
    assert len(morning.letters) == 1
    assert message["Subject"]
    assert message.get_body(("plain",)) is not None


def test_every_bullet_stands_in_its_article(morning: Morning) -> None:
    bullets = [bullet for item in morning.edition.items for bullet in item.bullets]
    assert bullets
    for bullet in bullets:
        assert morning.articles[str(bullet.article_id)].text[bullet.start : bullet.end] == bullet.text


def test_no_bullet_is_a_credit_a_promotion_or_a_read_more_line(morning: Morning) -> None:
    assert [b.text for item in morning.edition.items for b in item.bullets if FURNITURE.search(b.text)] == []


def test_the_seed_page_gives_its_news_and_nothing_around_it() -> None:
    url = "https://www.paper.example/news/article"
    html = SEED.read_text(encoding="utf-8")
    entry = FeedEntry(source_id=SourceId(1), url=url, link=url, title="", seen_at=NOW)
    article = extract(Page(url=url, html=html, fetched_at=NOW), entry)
    story = Story(id=StoryId("seed"), articles=(article,), publishers=("paper",), first_seen=NOW)
    told = [bullet.text for bullet in candidates(story)[:3]]
    title = headline(article.title, site_name=article.site_name, language=article.language, text=article.text)
    assert "Blinken" in title
    assert len(told) == 3
    assert not [text for text in told if FURNITURE.search(text) or ", left, " in text or "omment" in text]


def test_no_headline_ends_with_the_name_of_its_site(morning: Morning) -> None:
    for item in morning.edition.items:
        for host in (item.source_name, *item.publishers):
            name = max(host.split("."), key=len)
            squeezed = re.sub(r"\W", "", re.split(r"\s[|–—-]\s", item.headline)[-1]).lower()  # noqa: RUF001 - a dash
            assert squeezed not in {name, f"the{name}", name.removeprefix("the"), host}
