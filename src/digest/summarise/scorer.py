"""How much each sentence of an article deserves to be told: a linear model, fitted by ``bench/train_summariser.py``."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import mul
from pathlib import Path

from digest.model.article import Article
from digest.model.story import Factor, ScoredSentence
from digest.summarise.features import NAMES, features
from digest.summarise.reading import Reading, read
from digest.summarise.topics import TRAITS, Keywords

_FACTORS_SHOWN = 6
PRICED_LANGUAGES = frozenset({"en"})
"""Where a word has its price: elsewhere nothing shows that shorter bullets say as much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Weights for features that are standardised by the means and deviations of the articles it was fitted on."""

    means: tuple[float, ...]
    deviations: tuple[float, ...]
    weights: tuple[float, ...]
    keywords: Keywords
    redundancy: float
    """What a sentence loses for being wholly like one that is told already, in the score's own unit."""
    price: float
    """What a sentence loses for each of its words, where a title says beside it what the news is."""
    descent: float
    """What a sentence loses for its place, times its logarithm, where there is no title."""

    def __post_init__(self) -> None:
        if not len(self.means) == len(self.deviations) == len(self.weights) == len(NAMES):
            raise ValueError(f"a model needs {len(NAMES)} weights, one for each feature")
        if min(self.deviations) <= 0:
            raise ValueError("a feature that never differs has no place in a model")


@cache
def shipped() -> Model:
    """Return the model that comes with the program."""
    stored = json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))
    means, deviations, weights = zip(*(stored["features"][name] for name in NAMES), strict=True)
    likely = stored["likely words"]
    return Model(
        means=means,
        deviations=deviations,
        weights=weights,
        keywords=Keywords(constant=likely["constant"], weights=tuple(likely[name] for name in TRAITS)),
        redundancy=stored["redundancy"],
        price=stored["price of a word"],
        descent=stored["descent without a title"],
    )


def score(article: Article, model: Model | None = None) -> tuple[ScoredSentence, ...]:
    """Return every sentence of an article in order, with its score and the strongest reasons for it.

    A sentence that is never told has its score too, and a factor "not told" whose note says why. Empty without text.
    """
    reading = read(article.text, article.title, article.language)
    model = model or shipped()
    rows = features(reading, model.keywords)
    found = []
    for sentence, row, toll in zip(reading.sentences, rows, _tolls(reading, model), strict=True):
        parts = [
            weight * (value - mean) / deviation
            for value, mean, deviation, weight in zip(row, model.means, model.deviations, model.weights, strict=True)
        ]
        factors = _strongest(parts, row)
        if toll:
            reason, note = ("length", f"{sentence.words} words") if reading.title else ("later, without a title", "")
            factors = (*factors, Factor(name=reason, value=-round(toll, 3), note=note))
        if sentence.objection:
            factors = (Factor(name="not told", value=0.0, note=sentence.objection), *factors)
        found.append(ScoredSentence(start=sentence.start, end=sentence.end, score=sum(parts) - toll, factors=factors))
    return tuple(found)


def values(reading: Reading, model: Model) -> list[float]:
    """Return the scores alone, for an article that is taken apart already: a third of the time of ``score``."""
    slopes = [weight / deviation for weight, deviation in zip(model.weights, model.deviations, strict=True)]
    level = sum(slope * mean for slope, mean in zip(slopes, model.means, strict=True))
    rows, tolls = features(reading, model.keywords), _tolls(reading, model)
    return [sum(map(mul, slopes, row)) - level - toll for row, toll in zip(rows, tolls, strict=True)]


def _tolls(reading: Reading, model: Model) -> list[float]:
    """Return what each sentence loses beside what its features give it.

    With a title a bullet may be short: each of its words costs. Without one nothing but the order of the sentences says
    what the news is: a later one costs.
    """
    if not reading.title:
        return [model.descent * math.log1p(place) for place in range(len(reading.sentences))]
    price = model.price if reading.language in PRICED_LANGUAGES else 0.0
    return [price * sentence.words for sentence in reading.sentences]


def _strongest(parts: Sequence[float], row: Sequence[float]) -> tuple[Factor, ...]:
    """Return the factors that moved a score most; the last one sums up the others, so that they add up to it."""
    order = sorted(range(len(parts)), key=lambda i: -abs(parts[i]))
    shown = [Factor(name=NAMES[i], value=round(parts[i], 3), note=f"{row[i]:.2f}") for i in order[:_FACTORS_SHOWN]]
    rest = sum(parts[i] for i in order[_FACTORS_SHOWN:])
    return (*shown, Factor(name="all else", value=round(rest, 3)))
