"""Numbers of one event that several outlets give: dead, hurt, votes and money.

Two independent outlets that give one number agree on it. Where outlets differ about dead and hurt, each number is its
outlet's own, and the letter says whose.
"""
# ruff: noqa: RUF001 - apostrophes are the subject here

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from digest.model.article import Article
from digest.model.ids import SourceId
from digest.model.story import Bullet
from digest.summarise.guard import leanings
from digest.summarise.pointers import points_back, refers_back
from digest.text.patterns import compiled
from digest.text.similarity import containment, shingles
from digest.text.words import content_words

CHARACTERS = 2_500
"""So many characters of an article are read: news states its numbers first."""
COPY = 0.5
"""A text that shares this part of its shingles with another outlet's is no second witness."""
AGREEING = 2
"""So many outlets that agree are named."""
PREFERRED = 2
"""The sentence with an agreed number is moved among this many first bullets."""
Fact = tuple[str, float]
"""What is counted, and the number."""

_WORDS = {
    "en": "one two three four five six seven eight nine ten eleven twelve",
    "de": "ein|eine|einen zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "fr": "un|une deux trois quatre cinq six sept huit neuf dix onze douze",
    "es": "un|una|uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
}
"""Numbers in words from one, separated by spaces; alternatives are separated by a bar."""
_PEOPLE = {
    "en": r"(?:(?:more )?(?:other )?(?:people|persons?|others|men|women|children|soldiers|civilians|passengers|students"
    r"|workers|residents|protesters) )?(?:(?:were|was|are|have been|had been|are believed to have been) )?",
    "de": r"(?:(?:weitere )?(?:Menschen|Personen|Männer|Frauen|Kinder|Soldaten|Zivilisten|Passagiere|Schüler) )?"
    r"(?:(?:wurden?|sind|seien|kamen?) )?(?:dabei |schwer |teils schwer )?",
    "fr": r"(?:(?:autres )?(?:personnes|hommes|femmes|enfants|soldats|civils|passagers) )?"
    r"(?:(?:ont été|sont|ont|a été) )?",
    "es": r"(?:(?:otras )?(?:personas|hombres|mujeres|niños|soldados|civiles|pasajeros) )?"
    r"(?:(?:han|fueron|resultaron|ha|fue) )?",
}
_COUNTED: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "dead": (
            r"{n} {people}(?:killed|dead|died|deaths|dying)",
            r"(?:killed|killing|kills)(?: at least| about)? {n}\b",
        ),
        "hurt": (
            r"{n} {people}(?:injured|wounded|hurt)",
            r"(?:injured|injuring|wounded|wounding)(?: at least| about)? {n}\b",
        ),
        "votes": (r"{n} votes?\b",),
        "money": (r"[$£€]\s?{n}",),
    },
    "de": {
        "dead": (r"{n} {people}(?:getötet|Tote[n]?|ums Leben|starben|gestorben|Todesopfer)",),
        "hurt": (r"{n} {people}(?:verletzt|Verletzte[n]?)",),
        "votes": (r"{n} Stimmen\b",),
        "money": (r"{n} (?:Euro|Dollar|Franken)",),
    },
    "fr": {
        "dead": (r"{n} {people}(?:tué[es]*|morts?|mortes?|décès|décédées?)", r"(?:tué|tuant)(?: au moins)? {n}\b"),
        "hurt": (r"{n} {people}(?:blessé[es]*)", r"(?:blessé|blessant)(?: au moins)? {n}\b"),
        "votes": (r"{n} voix\b",),
        "money": (r"{n} (?:d['’]euros|de dollars|euros|dollars)",),
    },
    "es": {
        "dead": (r"{n} {people}(?:muert[oa]s?|fallecid[oa]s?|murieron|fallecieron)",),
        "hurt": (r"{n} {people}(?:herid[oa]s?|lesionad[oa]s?)",),
        "votes": (r"{n} votos?\b",),
        "money": (r"{n} (?:de euros|de dólares|euros|dólares)",),
    },
}
"""What is counted, by language: patterns around ``{n}``, the number, and ``{people}``, the words between."""
_SCALES = {
    "thousand": 1e3, "million": 1e6, "millions": 1e6, "billion": 1e9, "trillion": 1e12, "bn": 1e9, "m": 1e6,
    "millionen": 1e6, "milliarde": 1e9, "milliarden": 1e9, "milliard": 1e9, "milliards": 1e9,
    "millón": 1e6, "millones": 1e6, "mil millones": 1e9,
}  # fmt: skip
_SINGLE = frozenset({"dead", "hurt"})
"""Counted things of which an event has one number, so that two numbers differ."""
_LEAST_MONEY = 1e6
_DECIMALS = {"en": ".", "de": ",", "fr": ",", "es": ","}


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """An outlet with its own text, and the numbers that it gives."""

    name: str
    source_id: SourceId
    facts: frozenset[Fact]


def facts_of(text: str, language: str) -> frozenset[Fact]:
    """Return what is counted in a text, with the numbers. Empty for a language without lists."""
    if language not in _COUNTED:
        return frozenset()
    found = ((kind, match) for kind, pattern in _patterns(language) for match in pattern.finditer(text))
    facts = {(kind, _value(match["number"], match["scale"], language)) for kind, match in found}
    return frozenset((kind, value) for kind, value in facts if value and (kind != "money" or value >= _LEAST_MONEY))


def witnesses(articles: Iterable[Article], outlets: Mapping[SourceId, str]) -> tuple[Witness, ...]:
    """Return the independent outlets of a story: one article for each, without copies of another's text.

    ``outlets`` names the publisher of each source.
    """
    found: list[Witness] = []
    texts: list[frozenset[int]] = []
    for article in articles:
        name = outlets.get(article.source_id, article.site_name)
        printed = shingles(article.text[:CHARACTERS])
        known = name in {each.name for each in found}
        if name and not known and all(containment(printed, other) < COPY for other in texts):
            texts.append(printed)
            facts = facts_of(article.text[:CHARACTERS], article.language)
            found.append(Witness(name=name, source_id=article.source_id, facts=facts))
    return tuple(found)


def agreed(facts: Iterable[Fact], told: Sequence[Witness]) -> tuple[str, ...]:
    """Return the first two outlets that agree on one of these numbers; empty when no two do."""
    for fact in sorted(facts):
        names = [each.name for each in told if fact in each.facts]
        if len(names) >= AGREEING:
            return tuple(names[:AGREEING])
    return ()


def disputed(facts: Iterable[Fact], told: Sequence[Witness]) -> bool:
    """Return whether outlets give other numbers for the same thing, and no two of them agree on any."""
    for kind, _ in facts:
        given = [{value for what, value in each.facts if what == kind} for each in told]
        given = [values for values in given if values]
        apart = len(given) >= AGREEING and all(
            one.isdisjoint(other) for place, one in enumerate(given) for other in given[:place]
        )
        if kind in _SINGLE and apart:
            return True
    return False


def with_credits(
    bullets: Sequence[Bullet], articles: Sequence[Article], outlets: Mapping[SourceId, str]
) -> tuple[Bullet, ...]:
    """Return a story's bullets, with the outlets named whose number a bullet gives.

    The first bullet with an agreed number comes among the first PREFERRED, if it is clear there.
    """
    told = witnesses(articles, outlets)
    if len(told) < AGREEING:
        return tuple(bullets)
    by_id = {article.id: article for article in articles}
    made = [_credited(bullet, by_id[bullet.article_id], told, outlets) for bullet in bullets]
    first = next((place for place, each in enumerate(made) if len(each.credited) == AGREEING), 0)
    if first >= PREFERRED and _is_clear(made[first], by_id[made[first].article_id]):
        made.insert(PREFERRED - 1, made.pop(first))
    return tuple(made)


def _credited(bullet: Bullet, article: Article, told: Sequence[Witness], outlets: Mapping[SourceId, str]) -> Bullet:
    facts = facts_of(bullet.text, article.language)
    if not facts:
        return bullet
    both = agreed(facts, told)
    own = outlets.get(article.source_id, article.site_name)
    names = both or ((own,) if own and disputed(facts, told) else ())
    return replace(bullet, credited=names) if names else bullet


def _is_clear(bullet: Bullet, article: Article) -> bool:
    """Return whether a bullet is clear directly after the first one."""
    title = frozenset(content_words(article.title, article.language))
    leans = any(leanings(bullet.text, article.language)) or points_back(bullet.text, article.language)
    return not leans and not refers_back(bullet.text, article.language, title) and not bullet.doubtful


def _value(number: str, scale: str | None, language: str) -> float:
    """Return the value of a number in digits or words; 0 when it cannot be read."""
    small = number.casefold()
    for value, forms in enumerate(_WORDS[language].split(), 1):
        if small in forms.split("|"):
            return float(value)
    decimal = _DECIMALS[language]
    digits = "".join(char for char in small if char.isdigit() or char == decimal).replace(decimal, ".")
    try:
        return float(digits.rstrip(".")) * _SCALES.get((scale or "").casefold().strip(), 1)
    except ValueError:
        return 0.0


@lru_cache(maxsize=8)
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    words = "|".join(_WORDS[language].split())
    scales = "|".join(sorted(_SCALES, key=len, reverse=True))
    number = (
        rf"(?<![\w.,-])(?P<number>\d+(?:[.,\u00a0\u202f ]\d{{3}})*(?:[.,]\d+)?|{words})(?:\s(?P<scale>{scales})\b)?"
    )
    return tuple(
        (kind, compiled(pattern.replace("{n}", number).replace("{people}", _PEOPLE[language]), re.IGNORECASE))
        for kind, patterns in _COUNTED[language].items()
        for pattern in patterns
    )
