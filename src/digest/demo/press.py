"""The invented press: three papers of one region and their articles of one day, read from ``press/``.

A paper is a folder. ``paper.toml`` names the paper and its markup, and ``page.html`` is its layout. Each ``.md`` file
is an article: TOML between ``+++`` lines, then a body of blocks separated by blank lines. A block is a paragraph
unless it begins with the name of another kind in brackets, such as ``[figure] caption | credit``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template
from types import MappingProxyType
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")
"""The region's time zone. The times of all articles are printed in it."""


class FeedFormat(Enum):
    """The format of a paper's feed."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"


class Access(Enum):
    """What a visitor finds at an article's address."""

    OPEN = "open"
    PAYWALLED = "paywalled"
    GONE = "gone"
    """Listed in the feed, but removed."""


class BlockKind(Enum):
    """The kind of a block of an article's page. All but paragraphs and headings are the clutter of real pages."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    FIGURE = "figure"
    MORE = "more"
    """A link to another article of the same paper; the text is that article's slug."""
    PROMO = "promo"


@dataclass(frozen=True, slots=True, kw_only=True)
class PressBlock:
    """One block of an article's page, as plain text; ``credit`` is used for figures only."""

    kind: BlockKind
    text: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PressArticle:
    """One invented article; ``slug`` is the name of its file and part of its URL."""

    slug: str
    title: str
    summary: str
    author: str
    section: str
    published: datetime
    path: str
    blocks: tuple[PressBlock, ...]
    access: Access = Access.OPEN
    feed_title_html: str = ""
    """The title in the feed, when that is markup; empty means the plain title."""
    feed_query: str = ""
    """Tracking parameters that the feed adds to the link."""
    listed_twice: bool = False
    drawing: str = ""
    """The name of its picture, one of ``drawings.DRAWINGS``; empty when the page names no picture."""
    comments: tuple[str, ...] = ()
    """Readers' comments under the article, each as ``Name: words``."""

    def __post_init__(self) -> None:
        if self.published.utcoffset() is None:
            raise ValueError(f"{self.slug}: published must be an aware datetime")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One invented paper; ``articles`` are in order, newest first.

    ``layout`` and ``fragments`` are ``string.Template`` texts of HTML: the page, and a piece of it for each kind of
    block (and ``related``, ``comment``, ``paywall``).
    """

    key: str
    name: str
    host: str
    strapline: str
    feed_format: FeedFormat
    feed_path: str
    robots: str
    layout: str
    fragments: Mapping[str, str]
    articles: tuple[PressArticle, ...]

    def __post_init__(self) -> None:
        if not self.host.endswith(".example"):
            raise ValueError(f"{self.host} is not a reserved name (RFC 2606): it must end in .example")

    @property
    def base_url(self) -> str:
        """The URL of the paper's site, without a trailing slash."""
        return f"http://{self.host}"

    @property
    def feed_url(self) -> str:
        """The URL of the paper's feed."""
        return self.base_url + self.feed_path

    def url(self, article: PressArticle) -> str:
        """Return the URL of ``article``, without tracking parameters."""
        return self.base_url + article.path

    def published_by(self, now: datetime) -> tuple[PressArticle, ...]:
        """Return the articles published by ``now``, newest first."""
        return tuple(article for article in self.articles if article.published <= now)

    def at(self, target: str, now: datetime) -> PressArticle | None:
        """Return the article at a request's ``target``, published by ``now``; the query is ignored."""
        path = urlsplit(target).path
        return next((article for article in self.published_by(now) if article.path == path), None)

    def by_slug(self, slug: str) -> PressArticle:
        """Return the article with that slug. Raises KeyError when the paper has none."""
        found = next((article for article in self.articles if article.slug == slug), None)
        if found is None:
            raise KeyError(f"{self.key} has no article {slug!r}")
        return found


def load_press() -> tuple[Paper, ...]:
    """Return the papers of the invented region, sorted by name."""
    folder = files("digest.demo") / "press"
    papers = (_paper(entry) for entry in folder.iterdir() if entry.is_dir())
    return tuple(sorted(papers, key=lambda paper: paper.name))


def _paper(folder: Traversable) -> Paper:
    facts = tomllib.loads((folder / "paper.toml").read_text("utf-8"))
    pattern = Template(facts["article_path"])
    names = (entry for entry in folder.iterdir() if entry.name.endswith(".md"))
    articles = (parse_article(entry.name.removesuffix(".md"), entry.read_text("utf-8"), pattern) for entry in names)
    return Paper(
        key=folder.name,
        name=facts["name"],
        host=facts["host"],
        strapline=facts["strapline"],
        feed_format=FeedFormat(facts["feed_format"]),
        feed_path=facts["feed_path"],
        robots=facts["robots"],
        layout=(folder / "page.html").read_text("utf-8"),
        fragments=MappingProxyType(facts["fragments"]),
        articles=tuple(sorted(articles, key=lambda article: (article.published, article.slug), reverse=True)),
    )


def parse_article(slug: str, source: str, pattern: Template) -> PressArticle:
    """Return the article written in ``source``; ``pattern`` makes its path from section, date and slug."""
    _, front, body = source.split("+++\n", 2)
    facts = tomllib.loads(front)
    published = facts["published"].astimezone(ZONE)
    return PressArticle(
        slug=slug,
        title=facts["title"],
        summary=facts["summary"],
        author=facts["author"],
        section=facts["section"],
        published=published,
        path=pattern.substitute(section=facts["section"].lower(), date=f"{published:%Y/%m/%d}", slug=slug),
        blocks=tuple(_block(text) for text in body.strip().split("\n\n")),
        access=Access(facts.get("access", "open")),
        feed_title_html=facts.get("feed_title_html", ""),
        feed_query=facts.get("feed_query", ""),
        listed_twice=facts.get("listed_twice", False),
        drawing=facts.get("drawing", ""),
        comments=tuple(facts.get("comments", ())),
    )


def _block(source: str) -> PressBlock:
    line = " ".join(source.split())
    if not line.startswith("["):
        return PressBlock(kind=BlockKind.PARAGRAPH, text=line)
    name, _, rest = line[1:].partition("]")
    text, _, credit = rest.strip().partition(" | ")
    return PressBlock(kind=BlockKind(name), text=text, credit=credit)
