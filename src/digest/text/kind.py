"""Classifies articles by kind of text (news, opinion, a guide, ...), by their page's labels and their text.

A linear model over :mod:`digest.text.traits`, fitted by ``bench.fit_value``, gives each kind points. Explicit labels of
the publisher add points: a type of schema.org, a section, a folder of the address, or a label in the title.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from operator import mul
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlsplit

from digest.model.article import Article, ArticleKind
from digest.model.kind import AFTER_NEWS, TextKind
from digest.text.advertorial import paid_mark
from digest.text.folding import folded_words
from digest.text.patterns import compiled
from digest.text.traits import traits

LEAST_LIKELY = 0.5
"""A less likely kind becomes unknown. Above it, four of five articles are classified correctly (cross-validated)."""
BY_SCHEMA, BY_LABEL, BY_SECTION, BY_FOLDER, BY_TITLE = 8.0, 8.0, 5.0, 5.0, 2.5
"""Points (log odds) for a kind that a schema.org type, a label, a section, a folder or a word of the title names."""
BY_GENERAL = 0.7
"""Points for news and features if a folder or a section names them, because most articles of a site are there."""
GENERAL = frozenset({TextKind.NEWS, TextKind.FEATURE})
MOST_SECTIONS = 3
"""Later names in a list of sections are tags, which name what an article mentions."""
LABEL_WORDS = 4
"""The opening of a title with more words is not a label."""
SCHEMA_KINDS: Mapping[str, TextKind] = MappingProxyType(
    {
        "AdvertiserContentArticle": TextKind.PROMO,
        "AnalysisNewsArticle": TextKind.FEATURE,
        "AskPublicNewsArticle": TextKind.GUIDE,
        "BackgroundNewsArticle": TextKind.FEATURE,
        "CriticReview": TextKind.REVIEW,
        "FAQPage": TextKind.GUIDE,
        "HowTo": TextKind.GUIDE,
        "LiveBlogPosting": TextKind.LIVE,
        "OpinionNewsArticle": TextKind.OPINION,
        "PodcastEpisode": TextKind.PROMO,
        "QAPage": TextKind.GUIDE,
        "Quiz": TextKind.GUIDE,
        "Recipe": TextKind.GUIDE,
        "Review": TextKind.REVIEW,
        "ReviewNewsArticle": TextKind.REVIEW,
        "SatiricalArticle": TextKind.OPINION,
    }
)
"""Types of https://schema.org that name a kind. NewsArticle and Article do not, because every site uses them."""
_BREAK = r"[:|\[\]]|\s[-\u2013\u2014]\s"

Names = Mapping[str, tuple[TextKind, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindModel:
    """A constant for each kind, and the points of each trait."""

    constants: Mapping[TextKind, float]
    points: Mapping[str, tuple[float, ...]]
    """Trait -> points, in the order of the constants."""


@cache
def shipped() -> KindModel:
    """Return the model that comes with the program."""
    return read_model(json.loads(files("digest.text").joinpath("kind.json").read_text(encoding="utf-8")))


def read_model(stored: Mapping[str, Any]) -> KindModel:
    """Return a model in the format of ``kind.json``: ``constants`` by kind, and ``points`` by trait and kind."""
    kinds = {TextKind(name): float(constant) for name, constant in stored["constants"].items()}
    points = {trait: tuple(float(row[kind.value]) for kind in kinds) for trait, row in stored["points"].items()}
    return KindModel(constants=kinds, points=points)


@cache
def _names(place: str) -> Names:
    """Return the names of kinds in ``kinds.txt`` (folded words, one space between) for one of its places."""
    found: dict[str, tuple[TextKind, ...]] = {}
    for line in files("digest.text").joinpath("kinds.txt").read_text(encoding="utf-8").splitlines():
        head, _, entries = line.partition(":")
        if line.startswith("#") or head.split()[1] != place:
            continue
        for entry in entries.split():
            name = " ".join(folded_words(entry.replace("_", " ")))
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), TextKind(head.split()[0]))))
    return found


def _named(text: str, place: str = "named") -> tuple[TextKind, ...]:
    return _names(place).get(" ".join(folded_words(text)), ())


def _labelled(title: str) -> Iterator[TextKind]:
    """Yield the kinds that labels name: a short first or last part of a title, and the last word before a break.

    Examples: "Opinion | ...", "... | Editorial", "Guest column: ...", "An album: a review - ...". As a last word only
    what names a text counts, because other words are the subject of a report: "Budget debate: ...".
    """
    parts = [part.strip() for part in compiled(_BREAK).split(title) if part.strip()]
    short = [part for part in parts if len(part.split()) <= LABEL_WORDS]
    if len(parts) > 1:
        yield from (kind for part in (parts[0], parts[-1]) if part in short for kind in _named(part))
        yield from (kind for part in parts[:-1] if part in short for kind in _named(part.split()[-1], "ending"))


def _folders(url: str) -> Iterator[str]:
    """Yield the folders of an address without its last part, and the first part of its host."""
    parts = urlsplit(url)
    yield (parts.hostname or "").partition(".")[0]
    for folder in unquote(parts.path).split("/")[1:-1]:
        yield folder
        yield from folder.replace("_", "-").split("-")[:1]


def _title_words(title: str) -> Iterator[TextKind]:
    words = folded_words(title)
    triples = zip(words, words[1:], words[2:], strict=False)
    known = _names("title")
    for run in {*words, *map(" ".join, pairwise(words)), *map(" ".join, triples)}:
        yield from known.get(run, ())


def _outspoken(article: Article) -> Iterator[tuple[TextKind, float]]:
    """Yield each kind that the page names, with its points. The highest points of a kind count."""
    if paid_mark(article):
        yield TextKind.PROMO, 2 * BY_SCHEMA
    if article.kind is ArticleKind.LIVE_BLOG:
        yield TextKind.LIVE, BY_SCHEMA
    yield from ((SCHEMA_KINDS[name], BY_SCHEMA) for name in article.schema_types if name in SCHEMA_KINDS)
    yield from ((kind, BY_GENERAL if kind in GENERAL else BY_LABEL) for kind in _labelled(article.title))
    said: tuple[tuple[Iterable[str], float], ...] = (
        (article.sections[:MOST_SECTIONS], BY_SECTION),
        *((_folders(url), BY_FOLDER) for url in {article.link, article.url}),
    )
    for texts, points in said:
        for kind in (kind for text in texts for kind in _named(text)):
            yield kind, BY_GENERAL if kind in GENERAL else points
    yield from ((kind, BY_TITLE) for kind in _title_words(article.title))


def _by_text(article: Article, model: KindModel) -> dict[TextKind, float]:
    found = traits(article.title, article.text, article.language)
    known = [name for name in found if name in model.points]
    values = [found[name] for name in known]
    columns = zip(*(model.points[name] for name in known), strict=True)
    sums = [sum(map(mul, values, column)) for column in columns] or [0.0] * len(model.constants)
    return {kind: model.constants[kind] + more for kind, more in zip(model.constants, sums, strict=True)}


def likelihoods(article: Article, model: KindModel | None = None) -> Mapping[TextKind, float]:
    """Return the probability of each kind except UNKNOWN. They sum to 1."""
    model = model or shipped()
    points = _by_text(article, model)
    outspoken: dict[TextKind, float] = {}
    for kind, more in _outspoken(article):
        outspoken[kind] = max(more, outspoken.get(kind, 0.0))
    for kind, more in outspoken.items():
        points[kind] += more
    most = max(points.values())
    odds = {kind: math.exp(value - most) for kind, value in points.items()}
    total = sum(odds.values())
    return {kind: value / total for kind, value in odds.items()}


def likeliest(likely: Mapping[TextKind, float]) -> TextKind:
    """Return the likeliest kind, or UNKNOWN when none is likely enough.

    If all kinds but news are likely enough together, the likeliest of them is returned.
    """
    kind, most = max(likely.items(), key=lambda pair: pair[1])
    if most >= LEAST_LIKELY:
        return kind
    if sum(likely[other] for other in AFTER_NEWS) >= LEAST_LIKELY:
        return max(AFTER_NEWS, key=lambda other: (likely[other], other.value))
    return TextKind.UNKNOWN


def kind_of(article: Article, model: KindModel | None = None) -> TextKind:
    """Return the kind of an article's text, or UNKNOWN when none is likely enough."""
    return likeliest(likelihoods(article, model))
