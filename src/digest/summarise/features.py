"""What can be seen of each sentence of an article, in numbers that carry over languages."""
# ruff: noqa: RUF001 - quotation marks and dashes are the subject here

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from digest.summarise.phrases import phrases
from digest.summarise.reading import Reading
from digest.summarise.topics import TOPIC, Keywords, topics
from digest.text.patterns import compiled

_QUOTE_OPENS = r"[\s(]*[\"'“‘«„»]"
_DIGITS = r"\d+"
_SIGNS = "[£$€%]"
_AMOUNTS = frozenset(
    ("percent", "cent", "million", "billion", "millions", "milliards", "prozent", "millionen", "milliarden", "millones")
)
_NAME = r"[A-ZÀ-ÞА-Я](?<=[\w,;:’'“‘«-] .)\w+"
"""The capital first and what stands before it second: so the search skips to the capitals."""
_LABEL = r"[A-ZÀ-Þ][^.!?:]{2,40} ?: "
_PICTURED = r".*\bpictured\b"
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
    quote_opens, digits_in, signs, name = map(compiled, (_QUOTE_OPENS, _DIGITS, _SIGNS, _NAME))
    for sentence in reading.sentences:
        text, found = sentence.text, sentence.vocabulary
        names = len(name.findall(text))
        digits = len(digits_in.findall(text))
        yield (
            float(digits > 0),
            float(not _AMOUNTS.isdisjoint(found) or bool(signs.search(text))),
            math.log1p(digits),
            math.log1p(names),
            names / max(1, sentence.words),
            float(bool(quote_opens.match(text))),
            sentence.quoted,
            float(sentence.opens_pronoun),
            float(sentence.opens_connective),
            float(not known.speech.isdisjoint(found)),
            float(not known.first_person.isdisjoint(found)),
            float(not known.second_person.isdisjoint(found)),
            float(not known.days.isdisjoint(found)),
            float("!" in text),
            float(_is_label(text)),
            float(":" in text),
            float("(" in text),
            float(" - " in text or "–" in text or "—" in text),
        )


def _is_label(text: str) -> bool:
    """Say whether a sentence looks like a label or a caption, asking first what rules most sentences out."""
    if ":" in text and compiled(_LABEL).match(text):
        return True
    return "pictured" in text and bool(compiled(_PICTURED).match(text))


def _standardised(values: Sequence[float]) -> list[float]:
    if not values:
        return []
    mean = sum(values) / len(values)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values)) + 1e-6
    return [(value - mean) / deviation for value in values]
