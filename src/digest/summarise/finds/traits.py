"""Traits of a sentence from which the models of ``sureness`` estimate whether an editor would print it as a find.

Each trait is a number, mostly 0 or 1, or a share. Every finder adds its own traits to these.
"""
# ruff: noqa: RUF001 - quotation marks and dashes are the subject here

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from digest.model.kind import TextKind
from digest.summarise.finds.dangling import adds
from digest.summarise.finds.dates import names_past_year
from digest.summarise.finds.finder_words import DEMONSTRATIVES, DOUBTS, ELSEWHERE, EXPECTED, WEEKENDS
from digest.summarise.finds.study import (
    Study,
    about_headline,
    has_loose_pronoun,
    is_personal,
    opens_with_unknown,
    points_elsewhere,
)
from digest.summarise.finds.trait_words import CONNECTIVES, DECISIONS, PASTS, SOURCES
from digest.summarise.finds.word_pattern import pattern
from digest.summarise.lexicon import lexicon
from digest.summarise.reading import Sentence
from digest.text.patterns import compiled

Traits = Mapping[str, float]

LONG, SHORT = 30, 10
"""A sentence is long from so many words, and short up to so many."""
OPENING = 600
"""So many characters at the beginning of an article tell its news."""
_DASH = r"\s(?:--?|[–—])\s|—"
_COLON = r"[:;](?!\d)"
"""A colon that is no part of a time of day."""
_MOST_SHARED = 4


def common_traits(studied: Study, sentence: Sentence) -> dict[str, float]:
    """Return the traits that all kinds of finds share."""
    language, text = studied.language, sentence.text
    shared = len(sentence.stems.keys() & studied.title)
    return {
        "estimate as a bullet": min(1.2, max(-0.2, studied.estimates.get(sentence.start, 0.0))),
        "about the headline": about_headline(sentence, studied.title),
        "stems of the headline": min(shared, _MOST_SHARED) / _MOST_SHARED,
        "late": sentence.start / max(1, len(studied.article.text)),
        "first": float(not sentence.start),
        "in the opening": float(sentence.start < OPENING),
        "long": max(0, sentence.words - LONG) / 10,
        "short": max(0, SHORT - sentence.words) / 5,
        "a name from before": float(sentence.start in studied.unclear.names),
        "a thing from before": float(sentence.start in studied.unclear.things),
        "leans": float(sentence.leans),
        "unknown subject": float(opens_with_unknown(sentence, studied)),
        "loose pronoun": float(has_loose_pronoun(sentence, language)),
        "points elsewhere": float(points_elsewhere(sentence, language)),
        "demonstrative": has_words(DEMONSTRATIVES, studied, text),
        "opens with a connective": _opens_with(CONNECTIVES, studied, text),
        "opens with a further one": float(adds(sentence, language)),
        "adds something": float(not lexicon(language).additives.isdisjoint(sentence.small)),
        "speaks of itself": float(is_personal(sentence, language)),
        "doubt": has_words(DOUBTS, studied, without_decisions(text, language)),
        "expected": has_words(EXPECTED, studied, text),
        "relative day": has_words(WEEKENDS, studied, text),
        "elsewhere": has_words(ELSEWHERE, studied, text),
        "a past year": float(names_past_year(text, studied.read)),
        "source": has_words(SOURCES, studied, text),
        "past tense": min(3, len(pattern(PASTS[language]).findall(text))) / 3,
        "dash": float(bool(compiled(_DASH).search(text))),
        "bracket": float("(" in text),
        "colon or semicolon": float(bool(compiled(_COLON).search(text))),
        "commas": min(4, text.count(",")) / 4,
        "capitals": _capitals(sentence),
        "text without capitals": float(_capitals(sentence) < 0.08),  # noqa: PLR2004 - a name or none
        "loud headline": float(_is_bare(studied.article.title)),
        "opens with a name": float(_opens_with_name(sentence, studied)),
    } | _of_kind(studied)


def is_barred(traits: Traits, bars: Iterable[str], needs: Iterable[str] = ()) -> bool:
    """Return whether a sentence has one of the traits ``bars``, or lacks one of the traits ``needs``."""
    return any(traits[name] for name in bars) or not all(traits[name] for name in needs)


def has_words(table: Mapping[str, str], studied: Study, text: str) -> float:
    """Return 1.0 when a text has one of the words of its language's row, or 0.0."""
    return float(bool(pattern(table[studied.language]).search(text)))


def size(value: float) -> float:
    """Return the order of magnitude of a number, as a share of ten digits."""
    return min(1.0, math.log10(max(1.0, value)) / 10)


def without_decisions(text: str, language: str) -> str:
    """Return a text without "decide whether": what will be decided is open, and that it will be is not."""
    return compiled(rf"\b(?:{DECISIONS[language]})\b", re.IGNORECASE).sub(" ", text)


def _opens_with(table: Mapping[str, str], studied: Study, text: str) -> float:
    return float(bool(pattern(table[studied.language]).match(text)))


def _capitals(sentence: Sentence) -> float:
    """Return the share of words with a capital; 0 tells a text that lost its capitals."""
    return sum(token[:1].isupper() for token in sentence.tokens) / max(1, len(sentence.tokens))


def _opens_with_name(sentence: Sentence, studied: Study) -> bool:
    """Return whether one of the first words is a word of the headline with a capital."""
    known = {word.casefold() for word in re.findall(r"\w+", studied.article.title) if word[:1].isupper()}
    known -= lexicon(studied.language).definite
    return any(token[:1].isupper() and token.casefold() in known for token in sentence.tokens[:4])


def _is_bare(title: str) -> bool:
    """Return whether a headline has neither a stop nor a small connecting word: it was made from an address."""
    return len(title.split()) > 7 and not compiled(r"[,.:;'’‘“\"«„?!–-]").search(title)  # noqa: PLR2004 - a long one


def _of_kind(studied: Study) -> dict[str, float]:
    return {
        f"a text of the kind {kind.value}": float(studied.kind is kind)
        for kind in (TextKind.NEWS, TextKind.SPORT, TextKind.FEATURE)
    }
