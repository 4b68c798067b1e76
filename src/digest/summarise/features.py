"""What can be seen of each sentence of an article, in numbers that carry over languages."""
# ruff: noqa: RUF001 - quotation marks and dashes are the subject here

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from digest.summarise.phrases import phrases
from digest.summarise.reading import Reading
from digest.summarise.topics import TOPIC, Keywords, topics

_QUOTE_OPENS = re.compile(r"[\s(]*[\"'“‘«„»]")
_DIGITS = re.compile(r"\d+")
_SIGNS = re.compile("[£$€%]")
_AMOUNTS = frozenset(
    ("percent", "cent", "million", "billion", "millions", "milliards", "prozent", "millionen", "milliarden", "millones")
)
_NAME = re.compile(r"(?<=[\w,;:’'“‘«-] )[A-ZÀ-ÞА-Я]\w+")
_LABEL = re.compile(r"[A-ZÀ-Þ][^.!?:]{2,40} ?: |.*\bpictured\b")
_DASH = re.compile(r" [–—-] |[–—]")
_LONG, _SHORT, _IDEAL = 35, 8, math.log(22)


def features(reading: Reading, keywords: Keywords) -> list[tuple[float, ...]]:
    """Return a row of numbers for each sentence, in the order of NAMES.

    The last ones say how a sentence stands among the others of its article, in standard deviations.
    """
    rows = [
        (*place, *size, *topic, *manner)
        for place, size, topic, manner in zip(
            _places(reading), _sizes(reading), topics(reading, keywords), _manners(reading), strict=True
        )
    ]
    relative = [_standardised([row[column] for row in rows]) for column in _RELATIVE]
    return [(*row, *(column[i] for column in relative)) for i, row in enumerate(rows)]


_PLACE = ("place", "place in article")
_SIZE = ("words", "short", "long", "far from ideal length", "commas")
_MANNER = (
    "number",
    "amount",
    "numbers",
    "names",
    "share of names",
    "opens a quotation",
    "quoted",
    "pronoun",
    "connective",
    "speech",
    "first person",
    "second person",
    "day",
    "exclamation",
    "label",
    "colon",
    "parenthesis",
    "dash",
)
_COMPARED = (
    *("central", "title told", "like the lead", "like the head", "usual words", "weight of words", "words"),
    "likely words",
)
_ROW = (*_PLACE, *_SIZE, *TOPIC, *_MANNER)
_RELATIVE = tuple(_ROW.index(name) for name in _COMPARED)
NAMES: tuple[str, ...] = (*_ROW, *(f"{name}, among its own" for name in _COMPARED))


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


def _manners(reading: Reading) -> Iterable[tuple[float, ...]]:
    known = phrases(reading.language)
    for sentence in reading.sentences:
        text, found = sentence.text, sentence.vocabulary
        names = len(_NAME.findall(text))
        digits = len(_DIGITS.findall(text))
        yield (
            float(digits > 0),
            float(not _AMOUNTS.isdisjoint(found) or bool(_SIGNS.search(text))),
            math.log1p(digits),
            math.log1p(names),
            names / max(1, sentence.words),
            float(bool(_QUOTE_OPENS.match(text))),
            sentence.quoted,
            float(sentence.opens_pronoun),
            float(sentence.opens_connective),
            float(not known.speech.isdisjoint(found)),
            float(not known.first_person.isdisjoint(found)),
            float(not known.second_person.isdisjoint(found)),
            float(not known.days.isdisjoint(found)),
            float("!" in text),
            float(bool(_LABEL.match(text))),
            float(":" in text),
            float("(" in text),
            float(bool(_DASH.search(text))),
        )


def _standardised(values: Sequence[float]) -> list[float]:
    if not values:
        return []
    mean = sum(values) / len(values)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values)) + 1e-6
    return [(value - mean) / deviation for value in values]
