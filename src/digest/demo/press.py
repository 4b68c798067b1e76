"""The invented press: three papers of one region and what they print on one day, read from the files in ``press/``.

A paper is a folder: ``paper.toml`` (who it is, how it marks up its pages), ``page.html`` (its layout) and an article
in each ``.md`` file, with TOML between ``+++`` lines and a body of blocks parted by blank lines. A block is a
paragraph unless it opens with the name of another kind in brackets, such as ``[figure] caption | credit``.
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
"""The region's clock, which every article's time is printed in."""


class FeedFormat(Enum):
    """How a paper lists its articles for machines."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"


class Access(Enum):
    """What a visitor finds at an article's address."""

    OPEN = "open"
    PAYWALLED = "paywalled"
    GONE = "gone"
    """Listed in the feed, but taken down."""


class BlockKind(Enum):
    """What a piece of an article's page is; all but paragraphs and headings is the dirt of real pages."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    FIGURE = "figure"
    MORE = "more"
    """A link to another article of the same paper; the text is that article's slug."""
    PROMO = "promo"


@dataclass(frozen=True, slots=True, kw_only=True)
class PressBlock:
    """One piece of an article's page, as plain text; ``credit`` belongs to figures."""

    kind: BlockKind
    text: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PressArticle:
    """One invented article; ``slug`` is its file's name and its place in the paper's address space."""

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
    """The title as the feed gives it, where that is markup; the plain title when empty."""
    feed_query: str = ""
    """Tracking parameters that the feed hangs on the link."""
    listed_twice: bool = False
    comments: tuple[str, ...] = ()
    """Readers' remarks under the article, each ``Name: words``."""

    def __post_init__(self) -> None:
        if self.published.utcoffset() is None:
            raise ValueError(f"{self.slug}: published must be an aware datetime")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One invented paper; ``articles`` stand newest first.

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
        """The paper's own address, without a trailing slash."""
        return f"http://{self.host}"

    @property
    def feed_url(self) -> str:
        """Where the paper lists its articles."""
        return self.base_url + self.feed_path

    def url(self, article: PressArticle) -> str:
        """Return where ``article`` stands, without tracking parameters."""
        return self.base_url + article.path

    def published_by(self, now: datetime) -> tuple[PressArticle, ...]:
        """Return what the paper has printed by ``now``, newest first."""
        return tuple(article for article in self.articles if article.published <= now)

    def at(self, target: str, now: datetime) -> PressArticle | None:
        """Return the article printed by ``now`` at a request's ``target``, whatever its query."""
        path = urlsplit(target).path
        return next((article for article in self.published_by(now) if article.path == path), None)

    def by_slug(self, slug: str) -> PressArticle:
        """Return the article of that slug; a slug that the paper does not have is a ``KeyError``."""
        found = next((article for article in self.articles if article.slug == slug), None)
        if found is None:
            raise KeyError(f"{self.key} has no article {slug!r}")
        return found


def load_press() -> tuple[Paper, ...]:
    """Return the papers of the invented region, in the order of their names."""
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
    """Return the article that ``source`` writes down; ``pattern`` makes its path of section, date and slug."""
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
        comments=tuple(facts.get("comments", ())),
    )


def _block(source: str) -> PressBlock:
    line = " ".join(source.split())
    if not line.startswith("["):
        return PressBlock(kind=BlockKind.PARAGRAPH, text=line)
    name, _, rest = line[1:].partition("]")
    text, _, credit = rest.strip().partition(" | ")
    return PressBlock(kind=BlockKind(name), text=text, credit=credit)
