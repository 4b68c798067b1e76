"""What speaks against one event in two articles that are alike: names, numbers and titles that do not agree.

Two fires are told in the same words; what tells them apart is who, where and how many. So a likeness counts less when
the names in each title are missing from the other article, when hardly a name or a number is shared, or when nothing
rare but one place is shared. The penalties are exponents; they were fitted together on labelled stories and on invented
look-alike pairs, for the B-cubed score of the former and the wrong merges of the latter.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain

from digest.model.article import Article
from digest.rank.numbered import Things, conflict, things
from digest.text.similarity import CAPITALS, STOPWORDS, stem, terms

CHARACTERS = 2_000
"""How much of a text is read: news tells itself at the top."""
NUMBER_CHARACTERS = 600
"""How much of a text is read for numbers: further down they are background."""

ALLOWANCE = 1.2
"""What a pair gains whose names, numbers and titles agree: its likeness needs to be less than that of a headline."""
TITLE_NAMES = 2.8
"""Both titles hold a name that the other article lacks; in full when the name is as rare as names are."""
FEW_NAMES, ENOUGH_NAMES = 0.65, 0.18
"""Neither article finds so much of its names (by rarity) in the other."""
FULL_NAMES, SHARED_FULL_NAMES = 0.77, 0.2
"""Both give names of several words, and neither finds so much of them in the other: other people, other streets."""
NUMBERS = 1.2
"""Both give numbers, and none is the same."""
OTHER_THING = 4.0
"""Both titles tell of a thing by its number, and of another one: so much parts two notices of one template."""
ONE_TITLE, ONE_TITLE_SHARE = 1.27, 0.65
"""Of neither title so much is found in the other article."""
OTHER_TITLE, OTHER_TITLE_SHARE = 0.72, 0.3
"""Of one of the titles less than so much is found in the other article."""
ONE_WORD, MORE_WORDS = 1.7, 0.41
"""Beside the rarest shared name or word less is shared than so many words that no table lists."""
NOTHING_TOLD, TELLING = 3.0, 0.47
"""All shared words belong to a kind of event, or are as common: none is so rare."""
UNNAMED = 0.5
"""What an article without a name is taken to find of its names elsewhere."""

_ELIDED = re.compile(r"\b((?:[cdjlmnst]|qu|dell|nell|dall|sull|all|un))['\u2019](?=\w{2})", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_QUOTES = " \"'(\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"
_ENDS = ".!?:\u2026\n"
_CALENDAR = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz mai juni juli
oktober dezember lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril juin juillet août
septembre octobre novembre décembre lunes martes miércoles jueves viernes sábado domingo
"""

Rarity = Callable[[str], float]
Stems = frozenset[str]


@cache
def calendar() -> Stems:
    """Return the stems of days and months: a shared weekday is no shared name."""
    return frozenset(map(stem, _CALENDAR.split()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one article names, as stems; ``runs`` are pairs of capitalised words that stand together."""

    terms: Stems
    title: Stems
    names: Stems
    title_names: Stems
    runs: frozenset[tuple[str, str]]
    numbers: frozenset[str]
    things: tuple[Things, Things]
    """What the title tells apart by number, and what title and text do."""
    has_text: bool


def unelided(text: str) -> str:
    """Return a text with the elided articles and prepositions of French and Italian set apart: "d'Aubrac"."""
    return _ELIDED.sub(r"\1 ", text) if "'" in text or "\u2019" in text else text


def facts(article: Article, said: Collection[str], named: Collection[str]) -> Facts:
    """Return what an article names; ``said`` are its stems, ``named`` its names and pairs of names.

    A name opens with a capital inside a sentence, or both in the title and at the start of a sentence, and never
    stands in small letters: titles may capitalise every word.
    """
    opening, title = unelided(article.text[:CHARACTERS]), unelided(article.title)
    held = frozenset(said) - calendar()
    in_title = _stems(CAPITALS.findall(title))
    names = (_names_of(opening, in_title) if opening else in_title) & held
    runs = (name.split(" ") for name in named if " " in name)
    return Facts(
        terms=held,
        title=frozenset(terms(title)) - calendar(),
        names=names,
        title_names=names & in_title,
        runs=frozenset((stem(first), stem(second)) for first, second in runs),
        numbers=frozenset(_NUMBER.findall(f"{article.title} {article.text[:NUMBER_CHARACTERS]}")),
        things=things(article.title, opening, article.language),
        has_text=bool(opening),
    )


def _stems(runs: Iterable[str]) -> Stems:
    """Return the stems of the words of capitalised runs, function words and numbers left out."""
    words = chain.from_iterable(run.split(" ") for run in runs)
    return frozenset(stem(word) for word in words if word[0].isupper() and word.casefold() not in STOPWORDS)


def _names_of(opening: str, in_title: Stems) -> Stems:
    small = frozenset(opening.split())
    inside: list[str] = []
    first: list[str] = []
    for run in CAPITALS.finditer(opening):
        word, *others = (word for word in run[0].split(" "))
        if word.casefold() not in small:
            (first if _opens_a_sentence(opening, run.start()) else inside).append(word)
        inside += [other for other in others if other.casefold() not in small]
    return _stems(inside) | (_stems(first) & in_title)


def _opens_a_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 4) : at].rstrip(_QUOTES)
    return not before or before[-1] in _ENDS


def agreement(one: Facts, other: Facts, rarity: Rarity, rarest: float) -> float:
    """Return by what to multiply the likeness of two articles: below 1 when they do not name the same.

    ``rarity`` says how much a stem tells, up to ``rarest``. Of two bare headlines nothing is known: 1.
    """
    if not (one.has_text or other.has_text):
        return 1.0
    against = _titles_apart(one, other, rarity) + ONE_WORD * _lack(
        _beside_the_rarest(one, other, rarity) / rarest, MORE_WORDS
    )
    if one.has_text and other.has_text:
        against += _names_apart(one, other, rarity, rarest)
        against += NOTHING_TOLD * all(rarity(shared) < TELLING * rarest for shared in one.terms & other.terms)
    return math.exp(ALLOWANCE - against)


def _lack(value: float, enough: float) -> float:
    return max(0.0, 1 - value / enough)


def _share(wanted: Stems, found: Stems, rarity: Rarity) -> float:
    whole = sum(map(rarity, wanted))
    return sum(map(rarity, wanted & found)) / whole if whole else 0.0


def _titles_apart(one: Facts, other: Facts, rarity: Rarity) -> float:
    shares = _share(one.title, other.terms, rarity), _share(other.title, one.terms, rarity)
    return ONE_TITLE * _lack(max(shares), ONE_TITLE_SHARE) + OTHER_TITLE * _lack(min(shares), OTHER_TITLE_SHARE)


def _names_apart(one: Facts, other: Facts, rarity: Rarity, rarest: float) -> float:
    strange = min(
        sum(map(rarity, one.title_names - other.terms)),
        sum(map(rarity, other.title_names - one.terms)),
    )
    pairs = ((one, other), (other, one))
    shared = max(_share(a.names, b.terms, rarity) if a.names else UNNAMED for a, b in pairs)
    return (
        TITLE_NAMES * min(1.0, strange / rarest)
        + FEW_NAMES * _lack(shared, ENOUGH_NAMES)
        + FULL_NAMES * _full_names_differ(one, other, rarity)
        + NUMBERS * _differ(one.numbers, other.numbers)
        + OTHER_THING * conflict(one.things, other.things)
    )


def _full_names_differ(one: Facts, other: Facts, rarity: Rarity) -> bool:
    mine, theirs = (frozenset(chain.from_iterable(facts.runs)) & facts.names for facts in (one, other))
    shares = _share(mine, other.terms, rarity), _share(theirs, one.terms, rarity)
    return bool(mine) and bool(theirs) and max(shares) < SHARED_FULL_NAMES


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one) and bool(other) and one.isdisjoint(other)


def _beside_the_rarest(one: Facts, other: Facts, rarity: Rarity) -> float:
    """Return how much the shared stems tell without the rarest one, and without the rest of the name it belongs to."""
    shared = one.terms & other.terms
    if not shared:
        return 0.0
    left_out = {max(shared, key=lambda found: (rarity(found), found))}
    runs = one.runs & other.runs
    for _ in range(2):
        left_out.update(*(run for run in runs if not left_out.isdisjoint(run)))
    return sum(map(rarity, shared - left_out))
