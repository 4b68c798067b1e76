"""How a sentence is worded: its words of closed classes, its quotations, figures and signs."""
# ruff: noqa: RUF001 - quotation marks and dashes are the subject here

from __future__ import annotations

import math
from collections.abc import Iterator

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
_YEAR = r"\b(?:1[6-9]|20)\d\d\b"
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


def wording(reading: Reading) -> Iterator[tuple[float, ...]]:
    """Yield for each sentence the numbers named in WORDING."""
    known = lexicon(reading.language)
    for sentence in reading.sentences:
        yield (*_figures(sentence), *_classes(sentence, known), *_times(sentence, known), *_signs(sentence.text))


def _figures(sentence: Sentence) -> tuple[float, ...]:
    text, count = sentence.text, max(1, len(sentence.tokens))
    digits = [len(word) for word in sentence.tokens if word[0].isdigit()]
    numbers = len(digits)
    letters = sum(map(len, sentence.tokens))
    length = max(1, len(text))
    return (
        float(numbers > 0),
        float(not _AMOUNTS.isdisjoint(sentence.vocabulary) or bool(compiled(_SIGNS).search(text))),
        math.log1p(numbers),
        numbers / count,
        sum(digits) / length,
        (length - letters - text.count(" ")) / length,
        sum([word[0].isupper() for word in sentence.tokens]) / count,
        letters / count,
    )


def _classes(sentence: Sentence, known: Lexicon) -> tuple[float, ...]:
    found = sentence.vocabulary
    return (
        float(bool(compiled(_QUOTE_OPENS).match(sentence.text))),
        sentence.quoted,
        float(sentence.opens_pronoun),
        float(sentence.opens_connective),
        float(sentence.points_back or sentence.refers_back),
        float(not known.speech.isdisjoint(found)),
        _count(sentence, known.first_person, own=True),
        _count(sentence, known.second_person, own=True),
        float(not known.subjects.isdisjoint(found)),
        *(
            _count(sentence, listed)
            for listed in (
                known.pronouns,
                known.demonstratives,
                known.additives,
                known.modals,
                known.past,
                known.opinions,
                known.events,
            )
        ),
        float(not known.days.isdisjoint(found)),
    )


def _count(sentence: Sentence, listed: frozenset[str], *, own: bool = False) -> float:
    if listed.isdisjoint(sentence.vocabulary):
        return 0.0
    return math.log1p(sum([word in listed for word in (sentence.own if own else sentence.small)]))


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
