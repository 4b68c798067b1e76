"""What names of a story are looked for in: its headline, its other titles and the openings of its texts."""
# ruff: noqa: RUF001 - apostrophes, dashes and quotation marks are the subject here

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from digest.model.article import Article
from digest.summarise.spelling import POSSESSIVE, WORD
from digest.text.patterns import compiled

OPENING = 1_000
"""A story is about a name that its text uses within so many characters."""
FIRST_LINES = 300
"""A name in so many first characters of the texts is what they are about."""
BEFORE = 60
"""Characters before a name that can say what it is."""
_TEXT = 6_000
_ARTICLES = 4
_COUNTED = 12_000
"""Characters of the texts in which words are counted."""
_HEADING = 0.5
"""A line with a larger share of capitals is a heading and shows nothing about names."""
_LONGEST_HEADING = 200
_INSIDE = re.compile(r"[\w,;%)’'\"”–—&/-][ (]*\Z")
"""What is before a word inside a sentence."""
_QUOTES = "\"“„«‘'"


@dataclass(frozen=True, kw_only=True)
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

    @cached_property
    def opening(self) -> str:
        """The beginning of the lead's text."""
        return self.texts[:OPENING]

    @cached_property
    def first_lines(self) -> str:
        """The first lines of the lead's text."""
        return self.texts[:FIRST_LINES]

    @cached_property
    def most(self) -> int:
        """Uses of the name word that the texts use most; at least one."""
        return max(self._counts[0].values(), default=1)

    def capital(self, word: str) -> int:
        """Return how often the texts have a word in lower case letters with a capital, inside of sentences."""
        return self._counts[0][word]

    def small(self, word: str) -> int:
        """Return how often the texts have a word without a capital."""
        return self._counts[1][word]

    @cached_property
    def _counts(self) -> tuple[Counter[str], Counter[str]]:
        """Words with a capital and without one. Leaner than ``spelling``, which keeps the neighbours of words too."""
        capital: Counter[str] = Counter()
        small: Counter[str] = Counter()
        for line in self.texts[:_COUNTED].split("\n"):
            if _is_heading(line):
                continue
            small.update(filter(str.islower, map(_bare, WORD.findall(line))))
            for found in compiled(r"[^\W\d_a-zß-öø-ÿ][^\W\d_]*(?:['’][^\W\d_]+)*|\b[a-z]+[A-Z]\w*").finditer(line):
                if _is_inside(line, found.start()):
                    capital[_bare(found.group()).casefold()] += 1
        return capital, small


def telling(headline: str, articles: Sequence[Article], outlets: frozenset[str]) -> Telling:
    """Return what the names of a story are looked for in. The first article is the lead."""
    return Telling(
        headline=headline.replace("\N{SOFT HYPHEN}", ""),
        titles=(headline, *(article.title for article in articles[1:])),
        texts="\n".join(article.text[:_TEXT] for article in articles[:_ARTICLES]),
        language=articles[0].language,
        outlets=outlets,
    )


def has(text: str, run: str) -> bool:
    """Return whether a text has a run of words."""
    return run in text and bool(_places(text, run))


def count(text: str, run: str) -> int:
    """Return how often a text uses a name; after the full name of a person it uses the last word alone."""
    return max(len(places(text, part)) for part in (run, run.rsplit(maxsplit=1)[-1]))


@lru_cache(maxsize=512)
def places(text: str, run: str) -> tuple[int, ...]:
    """Return where a text has a run of words; cached within a limit, since names are without number."""
    return _places(text, run)


def before(text: str, at: int) -> str:
    """Return the few characters before a place, without a word that is cut off."""
    start = max(0, at - BEFORE)
    return text[start:at] if not start else " " + text[start:at].partition(" ")[2]


def _places(text: str, run: str) -> tuple[int, ...]:
    found: list[int] = []
    at = text.find(run)
    while at >= 0:
        end = at + len(run)
        if not _is_letter(text[at - 1 : at]) and not _is_letter(text[end : end + 1]):
            found.append(at)
        at = text.find(run, end)
    return tuple(found)


def _is_letter(sign: str) -> bool:
    return sign.isalnum() or sign in ("_", "-")


def _is_heading(line: str) -> bool:
    if len(line) > _LONGEST_HEADING:
        return False
    words = line.split()
    return len(words) > 1 and sum(word[:1].isupper() for word in words) > _HEADING * len(words)


def _bare(word: str) -> str:
    return POSSESSIVE.sub("", word) if "'" in word or "’" in word else word


def _is_inside(line: str, at: int) -> bool:
    """Return whether a word is inside a sentence: after a word, a comma or a joining mark."""
    return line[at - 1 : at] not in _QUOTES and bool(_INSIDE.search(line[max(0, at - 4) : at])) if at else False
