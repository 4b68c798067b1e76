"""The news value of an article by itself, before others report it: from its topics and its kind of text.

A linear model over :mod:`digest.text.traits`, fitted by ``bench.fit_value`` on an editor's ratings of articles: 0
does not belong in a general newspaper's update of the day, 3 could lead it. Every part of the value has a name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from digest.model.article import Article
from digest.model.kind import AFTER_NEWS, REPORTS, TextKind
from digest.text.kind import KindModel, likeliest, likelihoods
from digest.text.traits import traits

PLACES = ("title ", "head ", "body ", "own ")
"""Prefixes for where a topic was found; one part of the value adds up a topic from all places."""
PARTS_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueModel:
    """Points of importance for each trait, and the penalty for a text that is certainly not news."""

    constant: float
    points: Mapping[str, float]
    no_news: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsValue:
    """The value of an article: the sum of its parts, about 0 to 3."""

    kind: TextKind
    parts: tuple[tuple[str, float], ...]
    """Named points, the largest first."""
    no_news: float
    """Probability that it is an opinion, a guide, a review, a list or a promotion, 0 to 1."""
    news: float
    """Probability that it is news, sport or a live report, 0 to 1."""

    @property
    def importance(self) -> float:
        """Return the sum of the parts."""
        return sum(points for _, points in self.parts)

    def __str__(self) -> str:
        shown = [f"{name} {points:+.2f}" for name, points in self.parts[:PARTS_SHOWN]]
        rest = sum(points for _, points in self.parts[PARTS_SHOWN:])
        return f"{self.kind.value}, {self.importance:.2f} of 3: {', '.join((*shown, f'the rest {rest:+.2f}'))}"


@cache
def shipped() -> ValueModel:
    """Return the model that ships with the program."""
    return read_model(json.loads(Path(__file__).with_name("value.json").read_text("utf-8")))


def read_model(stored: Mapping[str, Any]) -> ValueModel:
    """Return a model from the content of ``value.json``: ``constant``, ``no news``, and ``points`` by trait."""
    return ValueModel(constant=stored["constant"], points=stored["points"], no_news=stored["no news"])


@cache
def _theme(trait: str) -> str:
    return next((trait.removeprefix(place) for place in PLACES if trait.startswith(place)), trait)


def _weight(part: tuple[str, float]) -> float:
    return abs(part[1])


def news_value(article: Article, model: ValueModel | None = None, kinds: KindModel | None = None) -> NewsValue:
    """Return the value of an article by itself."""
    model = model or shipped()
    likely = likelihoods(article, kinds)
    no_news = sum(likely[kind] for kind in AFTER_NEWS)
    parts = {"any article": model.constant, "no news": -model.no_news * no_news}
    for trait, value in traits(article.title, article.text, article.language).items():
        theme = _theme(trait)
        parts[theme] = parts.get(theme, 0.0) + value * model.points.get(trait, 0.0)
    ordered = sorted(parts.items())
    ordered.sort(key=_weight, reverse=True)
    return NewsValue(
        kind=likeliest(likely), parts=tuple(ordered), no_news=no_news, news=sum(likely[kind] for kind in REPORTS)
    )
