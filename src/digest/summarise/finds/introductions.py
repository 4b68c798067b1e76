"""How an article introduces a person: the full name with an office before it, or with an apposition behind it.

A sentence that quotes somebody by surname is clear with these words beside it.
"""
# ruff: noqa: RUF001 - apostrophes and quotation marks are the subject here

from __future__ import annotations

import re
from functools import lru_cache

from digest.summarise.finds.finder_words import OFFICES
from digest.summarise.finds.word_pattern import pattern
from digest.text.patterns import compiled

CAPITALISED = r"[A-ZÀ-ÖØ-Þ][\w'’-]+"
"""A word that begins with a capital. A pattern."""
NAME = (
    rf"(?<![\w.]){CAPITALISED}(?: [A-Z]\.)?"
    rf"(?: (?:van|von|de|del|de la|du|der|den|al|el|bin|zu|la|le))?(?: {CAPITALISED})+"
)
"""A name of at least two words."""
_APPOSITION = (
    r", (?:\d\d, )?(?P<who>(?P<article>(?:an?|the|une?|le|la|der|die|ein|eine|un|una|el) )?"
    r"[^\W\d_][^,.;:“”\"\n()]{6,70})(?=[,.;]|\n)"
)
"""Who somebody is, behind the name and between commas."""
_OFFICE_REACH = 40
_TITLE_OF = r"(?:[A-Z][\w.-]+ )+of (?:the )?\Z"
"""The beginning of an office whose end a name has taken: "Secretary of" before "State Ida Lund"."""
_OFFICE_BEFORE = r"(?:[^\W\d_][\w'’-]+ )?\b(?P<office>[^\W\d_][\w-]{3,}) \Z"
"""The word before a name, and the one before it."""
NOT_NAMES = frozenset(
    (
        *(
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "mr",
            "mrs",
            "ms",
            "herr",
            "frau",
            "pr",
            "dr",
            "prof",
            "mme",
        ),
        *(
            "fox",
            "news",
            "new",
            "york",
            "times",
            "post",
            "press",
            "associated",
            "the",
            "a",
            "an",
            "white",
            "house",
            "in",
        ),
        *("on", "at", "and", "council", "conseil", "committee", "association", "university", "institute", "department"),
        *("ministry", "union", "foundation", "group", "party", "agency", "commission", "company", "bank", "office"),
        *("team", "club", "police", "republican", "democrat", "whip", "majority", "minority", "senate", "congress"),
        *("state", "ministerium", "république", "ukraine", "procureur", "admiral", "wall", "street", "street journal"),
    )
)
"""Words that are in no person's name."""


def introduction(surname: str, text: str, end: int, language: str) -> str:
    """Return the words by which a text introduces a person before the place ``end``, from office to apposition.

    Empty when the text names nobody with this surname by a full name, names two people, or does not say who it is.
    """
    named = (each for each in _names(text) if each.end() <= end)
    found = [each for each in named if each.group().split()[-1].strip("’'") == surname]
    people = {without_office(each.group(), language).split()[0] for each in found if _is_full(each.group(), language)}
    if len(people) != 1:
        return ""
    return next(filter(None, (_credited(text, each, language) for each in found)), "")


def without_office(name: str, language: str) -> str:
    """Return the name of a person without the offices before it: "Mayor Ida Lund" -> "Ida Lund"."""
    tokens = name.split()
    offices = pattern(OFFICES[language])
    last = max((place for place, token in enumerate(tokens) if offices.fullmatch(token.strip("."))), default=-1)
    return " ".join(tokens[last + 1 :])


@lru_cache(maxsize=32)
def _names(text: str) -> tuple[re.Match[str], ...]:
    return tuple(compiled(NAME).finditer(text))


def _is_full(named: str, language: str) -> bool:
    """Return whether a run of words with capitals is a first name and a surname, perhaps behind an office."""
    name = without_office(named, language)
    return " " in name and NOT_NAMES.isdisjoint(name.casefold().replace(".", "").split())


def _credited(text: str, found: re.Match[str], language: str) -> str:
    """Return a name with the office before it or the apposition behind it; empty when it has neither."""
    office, end = pattern(OFFICES[language]), found.end()
    start = _start(found, language)
    behind = compiled(_APPOSITION).match(text, end)
    if behind and (behind["article"] or office.search(behind["who"])):
        return text[start : behind.end("who")]
    reach = max(0, start - _OFFICE_REACH)
    wider = compiled(_TITLE_OF).search(text, reach, start)
    if office.search(found.group()) or wider:
        return text[wider.start() if wider else start : end]
    beside = compiled(_OFFICE_BEFORE).search(text, reach, start)
    return text[beside.start() : end] if beside and office.fullmatch(beside["office"]) else ""


def _start(found: re.Match[str], language: str) -> int:
    """Return where a name begins with its office. German nouns before the office have capitals, and are no part of it.

    A genitive is one: "Hallbys Bürgermeisterin".
    """
    office = pattern(OFFICES[language]).search(found.group()) if language == "de" else None
    if office is None:
        return found.start()
    before = found.group()[: office.start()].split()
    kept = before[-1:] if before and before[-1].endswith("s") else []
    return found.start() + office.start() - sum(len(word) + 1 for word in kept)
