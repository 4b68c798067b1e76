"""What names of a story are looked for in: its headline, its other titles and the openings of its texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from digest.model.article import Article
from digest.summarise.spelling import spelling

OPENING = 1_000
"""A story is about a name that its text uses within so many characters."""
_TEXT = 6_000
_ARTICLES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """The texts of one story."""

    headline: str
    """In sentence case."""
    titles: tuple[str, ...]
    """The headline, and the titles of the other articles."""
    texts: str
    """The openings of the articles, the lead first."""
    language: str
    outlets: frozenset[str] = frozenset()
    """Names of sources in lower case; a paper's own name names no story."""
    most: int = field(default=1)
    """Uses of the word with a capital that the texts use most."""

    @property
    def opening(self) -> str:
        """The beginning of the lead's text."""
        return self.texts[:OPENING]


def telling(headline: str, articles: Sequence[Article], outlets: frozenset[str]) -> Telling:
    """Return what the names of a story are looked for in. The first article is the lead."""
    texts = "\n".join(article.text[:_TEXT] for article in articles[:_ARTICLES])
    forms = spelling(texts).forms
    often = max((spelling(texts).capital(word) for word in forms), default=0)
    return Telling(
        headline=headline.replace("\N{SOFT HYPHEN}", ""),
        titles=(headline, *(article.title for article in articles[1:])),
        texts=texts,
        language=articles[0].language,
        outlets=outlets,
        most=max(1, often),
    )


def has(text: str, run: str) -> bool:
    """Return whether a text has a run of words."""
    return bool(uses(run).search(text))


def count(text: str, run: str) -> int:
    """Return how often a text uses a name; after the full name of a person it uses the last word alone."""
    return max(len(uses(part).findall(text)) for part in (run, run.rsplit(maxsplit=1)[-1]))


def counted(text: str, words: str) -> Counter[str]:
    """Return how often a text uses each of some words."""
    return Counter({word: len(uses(word).findall(text)) for word in words.split()})


@lru_cache(maxsize=512)
def uses(run: str) -> re.Pattern[str]:
    """Return the pattern of a name; cached within a limit, since names are without number."""
    return re.compile(rf"(?<![\w-]){re.escape(run)}(?![\w-])")
