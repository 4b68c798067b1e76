"""How a sentence is worded: its words of closed classes, its quotations, figures and signs."""
# ruff: noqa: RUF001 - quotation marks and dashes are the subject here

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from digest.summarise.lexicon import Lexicon, lexicon
from digest.summarise.reading import Reading, Sentence
from digest.text.patterns import compiled
from digest.text.words import words

WORDING = (
    "number",
    "amount",
    "numbers",
    "share of numbers",
    "share of digits",
    "share of signs",
    "share of capitals",
    "word length",
    "opens a quotation",
    "quoted",
    "pronoun",
    "connective",
    "points back",
    "speech",
    "first person",
    "second person",
    "subject pronoun",
    "pronouns",
    "demonstratives",
    "additives",
    "modals",
    "past",
    "opinions",
    "events",
    "day",
    "year",
    "time gone by",
    "opens with an article",
    "opens with a clause",
    "opens with a time gone by",
    "exclamation",
    "label",
    "label in capitals",
    "colon",
    "parenthesis",
    "dash",
)
_QUOTE_OPENS = r"[\s(]*[\"'“‘«„»]"
_SIGNS = "[£$€%]"
_AMOUNTS = frozenset(
    ("percent", "cent", "million", "billion", "millions", "milliards", "prozent", "millionen", "milliarden", "millones")
)
_YEAR = r"(?:1[6-9]|20)\d\d\b(?<!\w\d{4})"
_GONE_BY = (
    r"\b(?:last (?:year|month|week|summer|winter|autumn|fall|spring|decade|season|century)|earlier this|in recent"
    r"|previously|the (?:past|last) (?:\w+ )?(?:years?|months?|weeks?|decades?)|(?:years?|months?|decades?) ago|once"
    r"|recently|im vergangenen|in den vergangenen|letzten? (?:jahr|monat|woche)|vor \w+ (?:jahren|monaten)|bisher"
    r"|früher|l['’](?:an|année) derni|ces derni|il y a \w+ (?:ans|mois)|el año pasado|hace \w+ (?:años|meses)"
    r"|l['’]anno scorso|anni fa|no ano passado|vorig jaar|jaar geleden|в прошлом|лет назад)"
)
_GONE_BY_WORDS = frozenset(
    words(
        "last earlier recent previously past ago once recently vergangenen letzten letzte vor bisher früher derni"
        " dernier dernière derniers dernières y pasado hace scorso fa passado vorig geleden прошлом назад"
    )
)
"""Each of these has one of these words: checking for the words first avoids the search."""
_LABEL = r"[^\W\d_][^.!?:]{2,40} ?: "
_CAPITAL_LABEL = r"[^\W\d_][\w' -]{2,30}: [A-ZÀ-ÞА-Я]"
_PICTURED = r".*\bpictured\b"


_COUNTED = (
    "pronouns",
    "demonstratives",
    "additives",
    "modals",
    "past",
    "opinions",
    "events",
    "first_person",
    "second_person",
    "speech",
    "subjects",
    "days",
)
"""Classes of the lexicon whose words are counted: first those whose number is a feature."""
_NUMBERED = 7


def wording(reading: Reading, places: Sequence[int] | None = None) -> Iterator[tuple[float, ...]]:
    """Yield for the sentences at some places, or for all, the numbers named in WORDING."""
    known, classes = lexicon(reading.language), _classes_of(reading.language)
    for place in reading.chosen(places):
        sentence = reading.sentences[place]
        yield (*_figures(sentence), *_classes(sentence, classes), *_times(sentence, known), *_signs(sentence.text))


def _figures(sentence: Sentence) -> tuple[float, ...]:
    text, shape, count = sentence.text, sentence.shape, max(1, len(sentence.tokens))
    numbers = shape.count("0")
    digits = (
        sum([len(word) for word, sign in zip(sentence.tokens, shape, strict=True) if sign == "0"]) if numbers else 0
    )
    letters = len("".join(sentence.tokens))
    length = max(1, len(text))
    return (
        float(numbers > 0),
        float(not _AMOUNTS.isdisjoint(sentence.vocabulary) or bool(compiled(_SIGNS).search(text))),
        math.log1p(numbers),
        numbers / count,
        digits / length,
        (length - letters - text.count(" ")) / length,
        shape.count("A") / count,
        letters / count,
    )


@lru_cache(maxsize=16)
def _classes_of(language: str) -> Mapping[str, tuple[int, ...]]:
    """Return the places in _COUNTED of the classes to which each known word of a language belongs."""
    known = lexicon(language)
    found: dict[str, list[int]] = {}
    for place, name in enumerate(_COUNTED):
        for word in getattr(known, name):
            found.setdefault(word, []).append(place)
    return {word: tuple(places) for word, places in found.items()}


def _tally(words: Sequence[str], classes: Mapping[str, tuple[int, ...]]) -> list[int]:
    """Return how many words are in each class of _COUNTED."""
    counts = [0] * len(_COUNTED)
    for word in words:
        if word in classes:
            for place in classes[word]:
                counts[place] += 1
    return counts


def _classes(sentence: Sentence, classes: Mapping[str, tuple[int, ...]]) -> tuple[float, ...]:
    """Return what classes a sentence's words belong to; persons count outside quotation marks only."""
    counts = _tally(sentence.small, classes)
    first, second, speech, subjects, days = counts[_NUMBERED:]
    if sentence.quoted and (first or second):
        first, second = _tally(sentence.own, classes)[_NUMBERED : _NUMBERED + 2]
    return (
        float(bool(compiled(_QUOTE_OPENS).match(sentence.text))),
        sentence.quoted,
        float(sentence.opens_pronoun),
        float(sentence.opens_connective),
        float(sentence.points_back or sentence.refers_back),
        float(speech > 0),
        math.log1p(first),
        math.log1p(second),
        float(subjects > 0),
        *[math.log1p(count) if count else 0.0 for count in counts[:_NUMBERED]],
        float(days > 0),
    )


def _times(sentence: Sentence, known: Lexicon) -> tuple[float, ...]:
    first = sentence.small[0] if sentence.small else ""
    gone = None if _GONE_BY_WORDS.isdisjoint(sentence.vocabulary) else compiled(_GONE_BY).search(sentence.text.lower())
    year = compiled(_YEAR).search(sentence.text) if "1" in sentence.text or "20" in sentence.text else None
    early = min((found.start() for found in (gone, year) if found), default=_LATE)
    return (
        float(bool(year)),
        float(bool(gone)),
        float(first in known.definite or first in known.indefinite),
        float(first in known.subordinators),
        float(early < _EARLY),
    )


_EARLY, _LATE = 12, 99
"""A sentence opens with a time if the time is within so many characters."""


def _signs(text: str) -> tuple[float, ...]:
    return (
        float("!" in text),
        float(_is_label(text)),
        float(":" in text and bool(compiled(_CAPITAL_LABEL).match(text))),
        float(":" in text),
        float("(" in text),
        float(" - " in text or "–" in text or "—" in text),
    )


def _is_label(text: str) -> bool:
    """Return whether a sentence looks like a label or a caption; the first test excludes most sentences."""
    if ":" in text and compiled(_LABEL).match(text):
        return True
    return "pictured" in text and bool(compiled(_PICTURED).match(text))
