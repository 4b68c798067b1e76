"""How well each sentence of an article would serve as a bullet: the sum of a linear model and boosted trees.

Both are fitted by ``bench/fit_summariser.py``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from digest.model.article import Article
from digest.model.story import Factor, ScoredSentence
from digest.summarise.features import NAMES, features
from digest.summarise.linear import Linear, weighted
from digest.summarise.packing import unpacked
from digest.summarise.reading import Reading, read
from digest.summarise.trees import Trees, laid_out

NOT_TOLD = "not told"
"""The factor whose note says why a sentence is never a bullet, whatever its score."""
_FACTORS_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model of an editor's judgement: 0 is a sentence that confuses a reader, 1 one that the editor would show.

    It is a sum of two parts: the trees model features that depend on one another; the linear part overfits less.
    """

    linear: Linear
    trees: Trees
    redundancy: float
    """The penalty for a sentence that is identical to a chosen one, in units of the score."""
    price: float
    """The penalty for each word of a long sentence in the choice (see ``bullets.SHORT``), in units of the score."""


@cache
def shipped() -> Model:
    """Return the model that comes with the program."""
    return loaded(json.loads(Path(__file__).with_name("weights.json").read_text("utf-8")))


def loaded(stored: Mapping[str, Any]) -> Model:
    """Return the model that was stored as JSON; raises ValueError when it uses a feature that does not exist."""
    return Model(
        linear=weighted(stored["linear"], NAMES),
        trees=laid_out(unpacked(stored["trees"]), stored["features"], NAMES),
        redundancy=stored["redundancy"],
        price=stored["price of a word"],
    )


def score(article: Article, model: Model | None = None) -> tuple[ScoredSentence, ...]:
    """Return every sentence of an article in order, with its score and the strongest reasons for it.

    A sentence that is never used has a score too, and a factor "not told" whose note says why. Empty without text.
    """
    reading = read(article.text, article.title, article.language)
    model = model or shipped()
    found = []
    for sentence, row in zip(reading.sentences, features(reading), strict=True):
        usual, parts = _parts(row, model)
        factors = _strongest(usual, parts, row)
        if sentence.objection:
            factors = (Factor(name=NOT_TOLD, value=0.0, note=sentence.objection), *factors)
        total = usual + sum(parts)
        found.append(ScoredSentence(start=sentence.start, end=sentence.end, score=total, factors=factors))
    return tuple(found)


def values(reading: Reading, model: Model) -> dict[int, float]:
    """Return only the scores, by the start of the sentence, of the sentences of an article that may be bullets."""
    usable = [place for place, sentence in enumerate(reading.sentences) if not sentence.objection]
    if not usable:
        return {}
    numbers = chain.from_iterable(features(reading, usable))
    rows = np.fromiter(numbers, float, len(usable) * len(NAMES)).reshape(len(usable), len(NAMES))
    sums = model.linear.values(rows) + model.trees.values(rows)
    return dict(zip((reading.sentences[place].start for place in usable), sums.tolist(), strict=True))


def _parts(row: Sequence[float], model: Model) -> tuple[float, list[float]]:
    """Return the score of an average sentence, and what each feature of this one adds to it."""
    weighed, grown = model.linear.parts(row), model.trees.parts(row)
    return weighed[0] + grown[0], [left + right for left, right in zip(weighed[1], grown[1], strict=True)]


def _strongest(usual: float, parts: Sequence[float], row: Sequence[float]) -> tuple[Factor, ...]:
    """Return the factors that changed a score most; the last one sums up the others, so that all add up to it."""
    order = sorted(range(len(parts)), key=lambda i: -abs(parts[i]))
    shown = [Factor(name=NAMES[i], value=round(parts[i], 3), note=f"{row[i]:.2f}") for i in order[:_FACTORS_SHOWN]]
    rest = sum(parts[i] for i in order[_FACTORS_SHOWN:])
    return (Factor(name="any sentence", value=round(usual, 3)), *shown, Factor(name="all else", value=round(rest, 3)))
