"""What can be seen of each sentence of an article, in numbers that carry over languages."""
# ruff: noqa: RUF001 - quotation marks and dashes are the subject here

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

from digest.summarise.guard import inside_quotation, leans, length, objection, quoted_share
from digest.summarise.phrases import phrases
from digest.summarise.trim import trim
from digest.text.sentences import sentences
from digest.text.words import content_words, stems, words

LONGEST_ARTICLE = 30_000
"""Characters that are read: what stands later is never told."""
HEAD = 3
"""Sentences at the top of an article that tell what it is about."""

_QUOTE_OPENS = re.compile(r"[\s(]*[\"'“‘«„»]")
_DIGITS = re.compile(r"\d+")
_SIGNS = re.compile("[£$€%]")
_AMOUNTS = frozenset(
    ("percent", "cent", "million", "billion", "millions", "milliards", "prozent", "millionen", "milliarden", "millones")
)
_NAME = re.compile(r"(?<=[\w,;:’'“‘«-] )[A-ZÀ-ÞА-Я]\w+")
_LABEL = re.compile(r"[A-ZÀ-Þ][^.!?:]{2,40} ?: |.*\bpictured\b")
_DASH = re.compile(r" [–—-] |[–—]")
_LONG, _SHORT, _IDEAL = 35, 8, 22


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article: where it stands, what of it would be told, and what is counted in that."""

    start: int
    end: int
    told_start: int
    told_end: int
    text: str
    """What would be told of it."""
    words: int
    vocabulary: frozenset[str]
    """Its words in small letters."""
    stems: Counter[str]
    norm: float
    """Length of the vector ``stems``."""
    leans: bool
    objection: str


@dataclass(frozen=True, slots=True)
class Reading:
    """An article taken apart."""

    language: str
    title: frozenset[str]
    sentences: tuple[Sentence, ...]


def read(text: str, title: str, language: str) -> Reading:
    """Take an article apart into sentences, each with the span that would be told of it."""
    found = (_sentence(text, span, language) for span in sentences(text[:LONGEST_ARTICLE], language))
    return Reading(language, frozenset(content_words(title, language)), tuple(found))


def _sentence(text: str, span: tuple[int, int], language: str) -> Sentence:
    whole = text[span[0] : span[1]]
    start, end = trim(whole, language)
    told = whole[start:end]
    found = words(told)
    quotation = "a part of a longer quotation" if inside_quotation(text, span[0]) else ""
    bag = Counter(stems(found, language))
    return Sentence(
        start=span[0],
        end=span[1],
        told_start=span[0] + start,
        told_end=span[0] + end,
        text=told,
        words=length(told),
        vocabulary=frozenset(found),
        stems=bag,
        norm=_norm(bag),
        leans=leans(told, language),
        objection=objection(told, found, whole) or quotation,
    )


def likeness(left: Sentence, right: Sentence) -> float:
    """Return the cosine of two sentences' stems, 0 to 1."""
    return cosine(left.stems, right.stems, left.norm * right.norm)


def cosine(left: Mapping[str, int], right: Mapping[str, int], norms: float) -> float:
    """Return the cosine of two bags, given the product of their norms."""
    if len(left) > len(right):
        left, right = right, left
    shared = sum(count * right[stem] for stem, count in left.items() if stem in right)
    return shared / norms if shared else 0.0


def _norm(bag: Mapping[str, int]) -> float:
    return math.sqrt(sum(count * count for count in bag.values()))


def features(reading: Reading) -> list[tuple[float, ...]]:
    """Return a row of numbers for each sentence, in the order of NAMES.

    The last ones say how a sentence stands among the others of its article, in standard deviations.
    """
    rows = [
        (*place, *size, *topic, *manner)
        for place, size, topic, manner in zip(
            _places(reading), _sizes(reading), _topics(reading), _manners(reading), strict=True
        )
    ]
    relative = [_standardised([row[column] for row in rows]) for column in _RELATIVE]
    return [(*row, *(column[i] for column in relative)) for i, row in enumerate(rows)]


_PLACE = ("place", "place in article", "first", "second", "third", "place inverse")
_SIZE = ("words", "short", "long", "far from ideal length", "commas")
_TOPIC = (
    "title told",
    "share of title",
    "like the title",
    "like the lead",
    "like the head",
    "central",
    "usual words",
    "recurring words",
    "weight of words",
    "new words",
)
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
_COMPARED = ("central", "title told", "like the lead", "like the head", "usual words", "weight of words", "words")
_ROW = (*_PLACE, *_SIZE, *_TOPIC, *_MANNER)
_RELATIVE = tuple(_ROW.index(name) for name in _COMPARED)
NAMES: tuple[str, ...] = (*_ROW, *(f"{name}, among its own" for name in _COMPARED))


def _places(reading: Reading) -> Iterable[tuple[float, ...]]:
    count = len(reading.sentences)
    for i in range(count):
        yield math.log1p(i), i / count, float(i == 0), float(i == 1), float(i == 2), 1 / (1 + i)  # noqa: PLR2004 - third


def _sizes(reading: Reading) -> Iterable[tuple[float, ...]]:
    for sentence in reading.sentences:
        count = sentence.words
        logarithm = math.log1p(count)
        yield (
            logarithm,
            float(count < _SHORT),
            float(count > _LONG),
            abs(logarithm - math.log(_IDEAL)),
            math.log1p(sentence.text.count(",")),
        )


def _topics(reading: Reading) -> Iterable[tuple[float, ...]]:
    """Yield what a sentence has in common with the title, the opening, and the article as a whole."""
    all_ = reading.sentences
    title = reading.title
    counts: Counter[str] = Counter()
    holders: Counter[str] = Counter()
    for sentence in all_:
        counts.update(sentence.stems)
        holders.update(sentence.stems.keys())
    total = max(1, counts.total())
    head = sum((sentence.stems for sentence in all_[:HEAD]), Counter())
    centrality = _centrality(all_, holders)
    seen = chain((frozenset[str](),), accumulate((s.stems.keys() for s in all_), lambda a, b: a | b))
    for i, (sentence, earlier) in enumerate(zip(all_, seen, strict=False)):
        bag = sentence.stems
        size = max(1, len(bag))
        shared = len(title & bag.keys())
        rest = head - bag if i < HEAD else head
        yield (
            shared / max(1, len(title)),
            shared / size,
            shared / math.sqrt(size * max(1, len(title))),
            likeness(sentence, all_[0]) if i else _LIKE_ITSELF,
            cosine(bag, rest, sentence.norm * _norm(rest)),
            centrality[i],
            50 * sum(counts[stem] for stem in bag) / size / total,
            sum(holders[stem] > 1 for stem in bag) / size,
            math.log1p(sum(counts[stem] - count for stem, count in bag.items())),
            len(bag.keys() - earlier) / size,
        )


_LIKE_ITSELF = 0.3
"""What the first sentence gets for its likeness to itself: that of a good second sentence."""


def _centrality(all_: Sequence[Sentence], holders: Mapping[str, int]) -> list[float]:
    """Return the sum of each sentence's cosines to all others: the degree of LexRank (Erkan and Radev, 2004).

    The sum of cosines is the cosine with the sum, so this takes one pass and not a matrix.
    """
    rarity = {stem: math.log((len(all_) + 1) / (count + 0.5)) for stem, count in holders.items()}
    vectors = []
    for sentence in all_:
        weighted = {stem: count * rarity[stem] for stem, count in sentence.stems.items()}
        norm = math.sqrt(sum(value * value for value in weighted.values())) or 1.0
        vectors.append({stem: value / norm for stem, value in weighted.items()})
    centre: dict[str, float] = {}
    for vector in vectors:
        for stem, value in vector.items():
            centre[stem] = centre.get(stem, 0.0) + value
    scale = math.sqrt(max(1, len(all_) - 1))
    return [(sum(value * centre[stem] for stem, value in vector.items()) - 1) / scale for vector in vectors]


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
            quoted_share(text),
            float(bool(known.opens_pronoun.match(text))),
            float(bool(known.opens_connective.match(text))),
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
