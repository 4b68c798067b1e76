"""What a bullet refers to that neither the headline nor the bullets before it introduce.

Three kinds are recognised: a surname whose full name comes earlier in the article, an opening definite noun that the
article mentioned before ("The letter follows ..."), and a demonstrative ("of that request", "ces produits"). ``said``
are the bullets that a reader sees before a sentence. See ``reservations`` for what strict readers kept of each.
"""
# ruff: noqa: RUF001 - apostrophes and letters of several languages are the subject here

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from digest.summarise.lexicon import lexicon
from digest.summarise.reading import Reading, Sentence
from digest.text.languages import NOUNS_WITH_CAPITALS
from digest.text.patterns import compiled
from digest.text.words import stem, words

_NOUN_REACH = 2
"""The noun is looked for in so many words after its article."""
_SHORTEST_NAME = 3
_ASKED_AGAIN = 512
"""Sentences whose names and pointers are remembered, because each round of a choice asks for them again."""
_COURTESY = frozenset(
    words(
        "mr mrs ms miss dr sir lord lady sen rep gov judge m mme mlle me sr sra don doña señor señora sig signora"
        " president senator representative governor"
    )
)
"""Words before a surname that do not make it a full name."""
_FULL_NAME = r"[^\W\d_a-zß-öø-ÿ]\w*['’.-]?\w*\.? \Z"
"""A capitalised word directly before a name."""
_NAME_REACH = 24
_CAPITAL = "A-ZÀ-ÖØ-ÞĀĆČĎĐĒĖĘĚĞĢĪĮİĶĻŁĽŃŅŇŐŒŘŚŞŠŤŪŮŰŲŹŻŽА-ЯЁЄІЇҐΑ-Ω"
_NAMES = rf"(?<![\w-])[{_CAPITAL}][\w'’.-]*(?: [{_CAPITAL}][\w'’.-]*)*"
"""Capitalised words with nothing but a space between them."""
_POSSESSIVE = r"['’]s?(?= |\Z)"
_TIMES_EN = (
    r"week|month|year|morning|afternoon|evening|night|summer|winter|spring|autumn|fall|weekend|season|time|\w+day|decade"
    r"|century|quarter|term|round|(?:election|school|fiscal|financial|parliamentary)|january|february|march|april|may|june|july|august|september|october|november|december"
)
_POINTS = {
    "en": rf"these\s+(?!days\b|are\b|were\b)\w+|those\s+(?!who\b|that\b|of\b|in\b|with\b|are\b|were\b|from\b|on\b|is\b)"
    rf"\w+|this\s+(?!(?:{_TIMES_EN})\b|is\b|was\b|has\b|will\b|would\b|past\b|coming\b|country\b|world\b)\w+"
    r"|(?:of|to|in|on|at|by|for|from|with|about|after|before|under|during|against|over|used|despite|behind)\s+that\s+"
    r"(?!(?:the|he|she|it|they|we|an?|his|her|their|there|would|could|is|was|are|were|will|has|had|have|day)\b)\w+",
    "fr": r"(?:ce|cet|cette|ces)\s+(?!semaine|année|mois|jour|matin|soir|nuit|été|hiver|printemps|automne|week-?end"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|derni|qui\b|que\b|qu['’]|dont\b|à\b|sont\b|soit\b|fut\b|pays"
    r"|temps)\w+",
    "de": r"(?:diese[rsmn]?|jene[rsmn]?|solche[rsmn]?)\s+(?!woche|jahr|monat|montag|dienstag|mittwoch|donnerstag"
    r"|freitag|samstag|sonntag|abend|morgen|tag|sommer|winter|herbst|frühling|frühjahr|saison)\w+",
    "es": r"(?:est[ea]|estos|estas|es[ea]|esos|esas|aquel|aquella|dich[oa]s?)\s+(?!semana|año|mes|día|mañana|tarde"
    r"|noche|verano|invierno|lunes|martes|miércoles|jueves|viernes|sábado|domingo|fin\b|país)\w+",
}
"""A demonstrative and its noun; times and the country of the paper are clear without a first mention."""


@lru_cache(maxsize=_ASKED_AGAIN)
def points(text: str, language: str) -> bool:
    """Return whether a sentence has a demonstrative with a noun; known in four languages."""
    pattern = _pointers(language)
    return pattern is not None and bool(pattern.search(text))


@lru_cache(maxsize=16)
def _pointers(language: str) -> re.Pattern[str] | None:
    return compiled(rf"\b(?:{_POINTS[language]})", re.IGNORECASE) if language in _POINTS else None


def opens_with_known_noun(reading: Reading, place: int, said: Sequence[Sentence]) -> bool:
    """Return whether a sentence opens with a definite noun that only sentences outside the letter mention before it."""
    sentence = reading.sentences[place]
    if not sentence.small or sentence.small[0] not in lexicon(reading.language).definite:
        return False
    nouns = {stem(word, reading.language) for word in sentence.small[1 : 1 + _NOUN_REACH]} - reading.title
    if any(nouns & each.stems.keys() for each in said):
        return False
    return any(nouns & each.stems.keys() for each in reading.sentences[:place])


def surnames_alone(text: str, reading: Reading, sentence: Sentence, said: Sequence[Sentence]) -> Iterator[str]:
    """Yield the surnames of a sentence whose full name only the article's earlier text has."""
    if reading.language in NOUNS_WITH_CAPITALS:
        return
    names = _in_full_before(text, sentence.told_start, sentence.told_end)
    if not names:  # as in most sentences
        return
    known = set(words(reading.headline)).union(*(each.small for each in said))
    yield from (name for name in names if not known.issuperset(words(name)))


@lru_cache(maxsize=_ASKED_AGAIN)
def _in_full_before(text: str, start: int, end: int) -> tuple[str, ...]:
    """Return the names of one word in a span of a text that the text before it has in full."""
    before = text[:start]
    return tuple(
        name
        for name in _single_names(text[start:end], text)
        if len(name) >= _SHORTEST_NAME and _is_in_full(before, name) and f" {name.lower()} " not in text
    )


def _single_names(sentence: str, text: str) -> Iterator[str]:
    """Yield the names of one word. Skip "Mr" and its like, and the first word if ``text`` has it in small letters."""
    for found in compiled(_NAMES).finditer(sentence):
        parts = [part.strip(".'’-") for part in compiled(_POSSESSIVE).sub("", found.group()).split()]
        if found.start() == 0 and f" {parts[0].lower()} " in text:
            del parts[0]
        parts = [part for part in parts if part.lower() not in _COURTESY]
        if len(parts) == 1:
            yield parts[0]


def _is_in_full(text: str, name: str) -> bool:
    """Return whether a text has a name right after another capitalised word that is no word of courtesy."""
    at = text.find(f" {name}")
    while at >= 0:
        found = compiled(_FULL_NAME).search(text, max(0, at - _NAME_REACH), at + 1)
        if found and _is_name(found.group(), text) and not text[at + 1 + len(name) : at + 2 + len(name)].isalnum():
            return True
        at = text.find(f" {name}", at + 1)
    return False


def _is_name(word: str, text: str) -> bool:
    """Return whether a capitalised word is part of a name: no courtesy, and not in small letters elsewhere."""
    small = word.strip(" .").lower()
    return small not in _COURTESY and f" {small} " not in text
