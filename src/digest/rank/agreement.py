"""Signs that two similar articles are about different events: names, numbers and titles that do not agree.

Two fires are reported in the same words; who, where and how many tell them apart. So the similarity counts less in
three cases: the names in each title are missing from the other article, hardly a name or a number is shared, or the
only rare thing shared is one place. The penalties are exponents. They were fitted together on labelled stories and on
invented look-alike pairs, for the B-cubed score of the former and the wrong merges of the latter.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain

from digest.model.article import Article
from digest.rank.numbered import Things, conflict, things
from digest.text.similarity import CAPITALS, STOPWORDS, stem, terms

CHARACTERS = 2_000
"""Number of characters read: news states the main facts first."""
NUMBER_CHARACTERS = 600
"""Number of characters read for numbers: further down, numbers are background."""

ALLOWANCE = 1.2
"""Bonus for a pair with agreeing names, numbers and titles: it needs less similarity than bare headlines do."""
TITLE_NAMES = 2.8
"""Penalty when each title holds a name that the other article lacks; in full when the name is as rare as possible."""
FEW_NAMES, ENOUGH_NAMES = 0.65, 0.18
"""Penalty when neither article finds this share of its names (by rarity) in the other."""
FULL_NAMES, SHARED_FULL_NAMES = 0.77, 0.2
"""Penalty when both have names of several words and neither finds this share of them in the other."""
NUMBERS = 1.2
"""Penalty when both have numbers and share none."""
OTHER_THING = 4.0
"""Penalty when the titles number the same kind of thing differently. It separates two notices from one template."""
ONE_TITLE, ONE_TITLE_SHARE = 1.27, 0.65
"""Penalty when neither title finds this share of its words in the other article."""
OTHER_TITLE, OTHER_TITLE_SHARE = 0.72, 0.3
"""Penalty when one of the titles finds less than this share of its words in the other article."""
ONE_WORD, MORE_WORDS = 1.7, 0.41
"""Penalty when, apart from the rarest shared name or word, less is shared than this many words that no table lists."""
NOTHING_TOLD, TELLING = 3.0, 0.47
"""Penalty when no shared word is this rare: all of them belong to a kind of event, or are as common."""
UNNAMED = 0.5
"""Assumed share of names found in the other article, for an article without names."""

_ELIDED = re.compile(
    r"['\u2019](?=\w{2})(?:(?<=\b[cdjlmnst].)|(?<=\b(?:qu|un).)|(?<=\ball.)|(?<=\b(?:dell|nell|dall|sull).))",
    re.IGNORECASE,
)
"""The apostrophe of an elided word. The pattern begins with it, because ``re`` looks for a set of characters fast."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_QUOTES = " \"'(\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"
_ENDS = ".!?:\u2026\n"
_CALENDAR = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz mai juni juli
oktober dezember lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril juin juillet août
septembre octobre novembre décembre lunes martes miércoles jueves viernes sábado domingo
"""

Stems = frozenset[str]


@cache
def calendar() -> Stems:
    """Return the stems of days and months: a shared weekday is not a shared name."""
    return frozenset(map(stem, _CALENDAR.split()))


@dataclass(frozen=True, slots=True)
class Rarities:
    """How rare each stem is, and the sum for a whole set, which is worked out once for all pairs of its article."""

    of: Callable[[str], float]
    rarest: float
    """The rarity of the rarest stem of all articles."""
    _sums: dict[Stems, float] = field(default_factory=dict, repr=False)

    def total(self, stems: Stems) -> float:
        """Return the sum of the rarities of one article's stems."""
        if stems not in self._sums:
            self._sums[stems] = sum(map(self.of, stems))
        return self._sums[stems]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The names and numbers in one article, as stems; ``runs`` are pairs of adjacent capitalised words."""

    terms: Stems
    title: Stems
    names: Stems
    title_names: Stems
    runs: frozenset[tuple[str, str]]
    numbers: frozenset[str]
    things: tuple[Things, Things]
    """Numbered things in the title, and those in title and text."""
    has_text: bool

    @cached_property
    def full_names(self) -> Stems:
        """The names that are written with another name before or after them."""
        return frozenset(chain.from_iterable(self.runs)) & self.names


def unelided(text: str) -> str:
    """Return a text with elided French and Italian articles and prepositions separated, as in "d'Aubrac"."""
    return _ELIDED.sub(" ", text) if "'" in text or "\u2019" in text else text


def facts(article: Article, said: Collection[str], named: Collection[str]) -> Facts:
    """Return the facts of an article; ``said`` are its stems, ``named`` its names and pairs of names.

    A name begins with a capital inside a sentence, or both in the title and at the start of a sentence. A word
    that also occurs in lower case is not a name: titles may capitalise every word.
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
    """Return the stems of the words in capitalised runs, without function words and numbers."""
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


def agreement(one: Facts, other: Facts, rarities: Rarities, least: float = 0.0) -> float:
    """Return the factor for the similarity of two articles: below 1 when their names, numbers or titles disagree.

    Two bare headlines give 1: nothing is known. When the factor is below ``least``, any number below it may be
    returned: most pairs disagree in the first thing compared.
    """
    if not (one.has_text or other.has_text):
        return 1.0
    most = ALLOWANCE - math.log(least) if least else math.inf
    against = 0.0
    for penalty in _penalties(one, other, rarities):
        against += penalty
        if against > most:
            break
    return math.exp(ALLOWANCE - against)


def _penalties(one: Facts, other: Facts, rarities: Rarities) -> Iterator[float]:
    """Yield the penalties of a pair, those that take least time first; none is negative."""
    with_text = one.has_text and other.has_text
    if with_text:
        yield NUMBERS * _differ(one.numbers, other.numbers) + OTHER_THING * conflict(one.things, other.things)
        yield TITLE_NAMES * _strange_names(one, other, rarities)
    yield _titles_apart(one, other, rarities)
    stems = list(one.terms & other.terms)
    shared = dict(zip(stems, map(rarities.of, stems), strict=True))
    if with_text:
        yield NOTHING_TOLD * (max(shared.values(), default=0.0) < TELLING * rarities.rarest)
    yield ONE_WORD * _lack(_beside_the_rarest(one, other, shared) / rarities.rarest, MORE_WORDS)
    if with_text:
        yield FEW_NAMES * _lack(_shared_names(one, other, rarities), ENOUGH_NAMES)
        yield FULL_NAMES * _full_names_differ(one, other, rarities)


def _lack(value: float, enough: float) -> float:
    return max(0.0, 1 - value / enough)


def _share(wanted: Stems, found: Stems, rarities: Rarities) -> float:
    shared = sum(map(rarities.of, wanted & found))
    return shared / rarities.total(wanted) if shared else 0.0


def _titles_apart(one: Facts, other: Facts, rarities: Rarities) -> float:
    shares = _share(one.title, other.terms, rarities), _share(other.title, one.terms, rarities)
    return ONE_TITLE * _lack(max(shares), ONE_TITLE_SHARE) + OTHER_TITLE * _lack(min(shares), OTHER_TITLE_SHARE)


def _strange_names(one: Facts, other: Facts, rarities: Rarities) -> float:
    """Return how rare the names are that one title has and the other article lacks, up to 1; the less strange title."""
    strange = min(
        sum(map(rarities.of, one.title_names - other.terms)),
        sum(map(rarities.of, other.title_names - one.terms)),
    )
    return min(1.0, strange / rarities.rarest)


def _shared_names(one: Facts, other: Facts, rarities: Rarities) -> float:
    mine = _share(one.names, other.terms, rarities) if one.names else UNNAMED
    theirs = _share(other.names, one.terms, rarities) if other.names else UNNAMED
    return max(mine, theirs)


def _full_names_differ(one: Facts, other: Facts, rarities: Rarities) -> bool:
    mine, theirs = one.full_names, other.full_names
    if not mine or not theirs:
        return False
    return max(_share(mine, other.terms, rarities), _share(theirs, one.terms, rarities)) < SHARED_FULL_NAMES


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one) and bool(other) and one.isdisjoint(other)


def _beside_the_rarest(one: Facts, other: Facts, shared: Mapping[str, float]) -> float:
    """Return the rarity sum of the shared stems, without the rarest one and the rest of the name it belongs to."""
    if not shared:
        return 0.0
    left_out = {max(zip(shared.values(), shared, strict=True))[1]}
    runs = one.runs & other.runs
    for _ in range(2):
        left_out.update(*(run for run in runs if not left_out.isdisjoint(run)))
    return sum(shared.values()) - sum(map(shared.__getitem__, left_out & shared.keys()))
