"""Features of each sentence of an article, as numbers that mean the same in all languages."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import chain

from digest.summarise.background import BACKGROUND, background
from digest.summarise.context import CONTEXT, context
from digest.summarise.reading import Reading
from digest.summarise.references import REFERENCES, references
from digest.summarise.topics import TOPIC, topics
from digest.summarise.wording import WORDING, wording

_LONG, _SHORT, _IDEAL = 35, 8, math.log(22)
_PLACE = ("place", "place in article")
_SIZE = ("words", "short", "long", "far from ideal length", "commas")
_COMPARED = ("central", "title told", "like the lead", "like the head", "usual words", "weight of words", "words")
_ROW = (*_PLACE, *_SIZE, *TOPIC, *WORDING, *REFERENCES, *CONTEXT, *BACKGROUND)
_RELATIVE = tuple(_ROW.index(name) for name in _COMPARED)
NAMES: tuple[str, ...] = (*_ROW, *(f"{name}, among its own" for name in _COMPARED))


def features(reading: Reading) -> list[tuple[float, ...]]:
    """Return a row of numbers for each sentence, in the order of NAMES.

    The last numbers compare a sentence with the others of its article, in standard deviations.
    """
    rows = [
        tuple(chain.from_iterable(parts))
        for parts in zip(
            _places(reading),
            _sizes(reading),
            topics(reading),
            wording(reading),
            references(reading),
            context(reading),
            background(reading),
            strict=True,
        )
    ]
    relative = [_standardised([row[column] for row in rows]) for column in _RELATIVE]
    return [(*row, *(column[i] for column in relative)) for i, row in enumerate(rows)]


def _places(reading: Reading) -> Iterable[tuple[float, ...]]:
    count = len(reading.sentences)
    for i in range(count):
        yield math.log1p(i), i / count


def _sizes(reading: Reading) -> Iterable[tuple[float, ...]]:
    for sentence in reading.sentences:
        count = sentence.words
        logarithm = math.log1p(count)
        yield (
            logarithm,
            float(count < _SHORT),
            float(count > _LONG),
            abs(logarithm - _IDEAL),
            math.log1p(sentence.text.count(",")),
        )


def _standardised(values: Sequence[float]) -> list[float]:
    if not values:
        return []
    mean = sum(values) / len(values)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values)) + 1e-6
    return [(value - mean) / deviation for value in values]
