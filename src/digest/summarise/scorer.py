"""How much each sentence of an article deserves to be told: a linear model, fitted by ``bench/train_summariser.py``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import mul

from digest.model import Article, Factor, ScoredSentence
from digest.summarise.features import NAMES, Reading, features, read

_FACTORS_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Weights for features that are standardised by the means and deviations of the articles it was fitted on."""

    means: tuple[float, ...]
    deviations: tuple[float, ...]
    weights: tuple[float, ...]
    redundancy: float
    """What a sentence loses for being wholly like one that is told already, in the score's own unit."""

    def __post_init__(self) -> None:
        if not len(self.means) == len(self.deviations) == len(self.weights) == len(NAMES):
            raise ValueError(f"a model needs {len(NAMES)} weights, one for each feature")
        if min(self.deviations) <= 0:
            raise ValueError("a feature that never differs has no place in a model")


@cache
def shipped() -> Model:
    """Return the model that comes with the program."""
    stored = json.loads(files("digest.summarise").joinpath("weights.json").read_text("utf-8"))
    rows = [stored["features"][name] for name in NAMES]
    means, deviations, weights = zip(*rows, strict=True)
    return Model(means=means, deviations=deviations, weights=weights, redundancy=stored["redundancy"])


def score(article: Article, model: Model | None = None) -> tuple[ScoredSentence, ...]:
    """Return every sentence of an article in order, with its score and the strongest reasons for it.

    A sentence that is never told has its score too, and a factor "not told" whose note says why. Empty without text.
    """
    reading = read(article.text, article.title, article.language)
    model = model or shipped()
    found = []
    for sentence, row in zip(reading.sentences, features(reading), strict=True):
        parts = [
            weight * (value - mean) / deviation
            for value, mean, deviation, weight in zip(row, model.means, model.deviations, model.weights, strict=True)
        ]
        factors = _strongest(parts, row)
        if sentence.objection:
            factors = (Factor(name="not told", value=0.0, note=sentence.objection), *factors)
        found.append(ScoredSentence(start=sentence.start, end=sentence.end, score=sum(parts), factors=factors))
    return tuple(found)


def values(reading: Reading, model: Model) -> list[float]:
    """Return the scores alone, for an article that is taken apart already: a third of the time of ``score``."""
    slopes = [weight / deviation for weight, deviation in zip(model.weights, model.deviations, strict=True)]
    level = sum(slope * mean for slope, mean in zip(slopes, model.means, strict=True))
    return [sum(map(mul, slopes, row)) - level for row in features(reading)]


def _strongest(parts: Sequence[float], row: Sequence[float]) -> tuple[Factor, ...]:
    """Return the factors that moved a score most; the last one sums up the others, so that they add up to it."""
    order = sorted(range(len(parts)), key=lambda i: -abs(parts[i]))
    shown = [Factor(name=NAMES[i], value=round(parts[i], 3), note=f"{row[i]:.2f}") for i in order[:_FACTORS_SHOWN]]
    rest = sum(parts[i] for i in order[_FACTORS_SHOWN:])
    return (*shown, Factor(name="all else", value=round(rest, 3)))
