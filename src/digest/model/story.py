"""The articles about one event, their scored sentences, and the bullets chosen from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from digest.model.article import Article
from digest.model.ids import ArticleId, StoryId
from digest.model.kind import TextKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One named part of a score, with an explanation for the operator."""

    name: str
    value: float
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredSentence:
    """A sentence of an article: offsets in ``Article.text`` (end exclusive), score, and the score's factors."""

    start: int
    end: int
    score: float
    factors: tuple[Factor, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The articles about one event, the lead article first, and the story's score.

    ``publishers`` are the names to credit, one per publisher, the lead's first.
    """

    id: StoryId
    articles: tuple[Article, ...]
    publishers: tuple[str, ...]
    first_seen: datetime
    score: float = 0.0
    factors: tuple[Factor, ...] = ()
    section: str = ""
    held_back: str = ""
    """Why the story is kept out of the letter (the quota of a section); empty when it may be in it."""
    kind: TextKind = TextKind.UNKNOWN
    """The kind of its lead article; it is in AFTER_NEWS only when the kinds of all its articles are."""
    news: float | None = None
    """The chance that the article with this kind is news, sport or a live report; None when it was not ranked."""

    def __post_init__(self) -> None:
        if not self.articles:
            raise ValueError("a story needs at least one article")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullet:
    """A verbatim span of one article: ``article.text[start:end] == text`` for the article with that id.

    The renderer capitalises the first letter and marks the cuts; the value stays raw. ``fragment`` is the text
    directive that scrolls a browser to the passage (``text=...``, percent-encoded, without the leading ``#:~:``).
    """

    article_id: ArticleId
    link: str
    source_name: str
    text: str
    start: int
    end: int
    cut_start: bool = False
    cut_end: bool = False
    fragment: str = ""
    score: float = 0.0
    doubtful: bool = False
    """Too many strict readers would change it, by the model's estimate, or other bullets of its story are surer.

    It is printed only where the editor wants its story. A story with fewer than two others is no full item.
    """
    credited: tuple[str, ...] = ()
    """Sources that give the number in the sentence: two that agree, or this one alone when sources differ."""
    weak: bool = False
    """Whether the bullet's score is too low for it to be the third bullet of a story."""
