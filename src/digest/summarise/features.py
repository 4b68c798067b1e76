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
_RELATIVE = tuple((*_SIZE, *TOPIC).index(name) for name in _COMPARED)
NAMES: tuple[str, ...] = (*_ROW, *(f"{name}, among its own" for name in _COMPARED))


def features(reading: Reading, places: Sequence[int] | None = None) -> list[tuple[float, ...]]:
    """Return a row of numbers for each sentence, in the order of NAMES; with ``places`` only for those, in their order.

    The last numbers compare a sentence with all others of its article, in standard deviations.
    """
    count, chosen = len(reading.sentences), reading.chosen(places)
    compared = [(*size, *topic) for size, topic in zip(_sizes(reading), topics(reading, chosen), strict=True)]
    relative = [_standardised([row[column] for row in compared]) for column in _RELATIVE]
    others = (part(reading, chosen) for part in (wording, references, context, background))
    return [
        (math.log1p(i), i / count, *compared[i], *chain.from_iterable(row), *[column[i] for column in relative])
        for i, row in zip(chosen, zip(*others, strict=True), strict=True)
    ]


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
