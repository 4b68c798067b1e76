"""Phrases that name a story better than a name alone: "Norrhaven trial", "Brand in Norrhaven", "salt tax"."""
# ruff: noqa: RUF001 - apostrophes are the subject here

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from digest.summarise.finds.name_events import BROAD, CASES, EVENTS, LINKS, UNCLEAR, VAGUE
from digest.summarise.finds.name_runs import MOST_WORDS, calendar, is_short
from digest.summarise.finds.name_words import ADJECTIVES, GENERIC, PLACES_OF_POWER, TITLES
from digest.summarise.finds.telling import Telling, count, has, uses
from digest.summarise.spelling import spelling
from digest.text.patterns import compiled
from digest.text.similarity import rarity, terms
from digest.text.words import STOP_WORDS

_CAPITAL = r"[^\W\d_a-zà-ÿß][\w.’'&-]*[\w]"
_DETERMINED = (
    r"(?i:the|an?|this|that|of|in|on|over|about|after|from|during|by|for|to|with|against|at|his|her|its|their)"
)
_STAYS_SINGULAR = r"[^s\W](?:['’]s)? \Z"
BEGINNING = 2_000
"""So many characters of the texts are searched for phrases."""
LEAD = 300
"""A phrase in so many first characters of the texts is what they are about."""
RECURS = 2
"""Least uses in the texts of a phrase that no title has."""
_REPEATED = 3
"""Least uses of a phrase of two nouns in the texts."""
_FIXED = 0.5
"""The rarer of its words is in the phrase in at least this share of its uses."""
_RARE = 4.9
_LONGER = 0.6
_NOT_LAST = ("ly", "ed", "ing", "er", "est", "ous", "ive", "al", "ic", "ful", "able", "ish", "less")


def events(told: Telling) -> Iterator[str]:
    """Yield names with the noun of an event, as a title or the beginning of the text writes them.

    A phrase that no title has recurs in the texts, and the headline has its name.
    """
    for text in told.titles:
        yield from _named_events(text, told)
        yield from _linked_events(text, told)
    beginning = told.texts[:BEGINNING]
    for words in (*_named_events(beginning, told), *_linked_events(beginning, told)):
        recurs = len(uses(words).findall(told.texts)) >= RECURS or told.language == "de"
        in_title = any(part[:1].isupper() and has(told.headline, part) for part in words.split())
        noun = next((part for part in reversed(words.split()) if part.islower()), words)
        about = any(noun.rstrip("s") in title.casefold() for title in told.titles) or words in told.texts[:LEAD]
        if recurs and in_title and about and told.language != "de":
            yield words


def _named_events(text: str, told: Telling) -> Iterator[str]:
    """Yield "Norrhaven trial" (English), "Ekberg-Prozess" (German)."""
    if told.language == "de":
        for found in compiled(rf"(?<![\w-])([A-ZÄÖÜ]\w{{2,}})-(?:{EVENTS['de']})(?![\w-])").finditer(text):
            if found[1].casefold() not in GENERIC["de"] | BROAD | ADJECTIVES["de"] and count(told.texts, found[1]) > 1:
                yield found.group()
        return
    if told.language != "en":
        return
    name = rf"(?<![\w’'-])((?:{_CAPITAL} ){{1,2}})"
    for found in compiled(rf"{name}((?:{EVENTS['en']})|(?:{UNCLEAR}))(?![\w’'-])").finditer(text):
        words = found.group()
        if len(words.split()) <= MOST_WORDS and _may_name(found[1].strip(), told) and _is_noun(words, found[2], told):
            yield words


def _linked_events(text: str, told: Telling) -> Iterator[str]:
    """Yield "Fire in Norrhaven", "Brand in Norrhaven", "Incendie de Norrhaven"."""
    nouns = EVENTS[told.language] + (f"|{UNCLEAR}" if told.language == "en" else "")
    link = rf"(?:{LINKS[told.language]})"
    linked = rf"(?i:{nouns}) {link}(?: |(?<=['’]))"
    if told.language in CASES:
        linked = rf"(?:{linked}|(?i:{CASES[told.language]}) )"
    pattern = rf"(?<![\w’'-]){linked}({_CAPITAL}(?: {_CAPITAL})?)(?![\w-])"
    for found in compiled(pattern).finditer(text):
        words, behind = found.group(), re.match(r" ([a-zà-ÿ]+)|[’']s", text[found.end() :])
        whole = behind is None or (behind[1] or "") in STOP_WORDS[told.language]
        if is_short(words) and whole and _may_name(found[1], told):
            yield words[:1].upper() + words[1:]


def _may_name(name: str, told: Telling) -> bool:
    """Return whether the texts use these words as a name."""
    words = name.casefold().split()
    spelt = spelling(told.texts)
    if name.casefold() in PLACES_OF_POWER or any(word.strip(".") in TITLES for word in words):
        return False
    common = GENERIC[told.language] | STOP_WORDS[told.language] | calendar(told.language) | VAGUE
    if any(word in common for word in words):
        return False
    return all(spelt.capital(word) > spelt.small(word) for word in words)


def _is_noun(words: str, noun: str, told: Telling) -> bool:
    """Return whether an English word behind a name is a noun there, and no verb."""
    if not re.fullmatch(UNCLEAR, noun):
        return True
    everything = "\n".join((*told.titles, told.texts))
    found = re.escape(words)
    return bool(re.search(rf"\b{_DETERMINED} {found}(?![\w-])|{found} (?:is|was|has|will|[a-z]+[a-z]s)\b", everything))


def fixed(told: Telling) -> Iterator[str]:
    """Yield English phrases of two common nouns that the headline has and the texts repeat: "salt tax"."""
    if told.language != "en":
        return
    for found in compiled(r"(?<![\w’'-])(?=(([a-z]{3,}) ([a-z]{3,}))(?![\w’'-]))").finditer(told.headline):
        phrase, first, second = found.groups()
        if {first, second} & STOP_WORDS["en"] or first.endswith(("ly", "ed")) or second.endswith(_NOT_LAST):
            continue
        times = len(uses(phrase).findall(told.texts))
        rarer = min(len(uses(word).findall(told.texts)) for word in (first, second))
        rare = max((rarity(term) for term in terms(phrase)), default=0.0)
        determined = re.search(rf"\b{_DETERMINED} {phrase}\b", f"{told.headline}\n{told.texts}")
        if re.search(rf"\b(?:to|will|not|can|could|would) {phrase}\b", told.texts) or _continues(phrase, told):
            continue
        if determined and times >= _REPEATED and times >= _FIXED * rarer and rare >= _RARE:
            yield phrase[:1].upper() + phrase[1:]


def _continues(phrase: str, told: Telling) -> bool:
    """Return whether the texts mostly use a phrase as a part of one longer phrase."""
    behind = Counter(re.findall(rf"\b{phrase} (\w+)", told.texts)).most_common(1)
    before = Counter(re.findall(rf"(\w+) {phrase}\b", told.texts)).most_common(1)
    often = len(uses(phrase).findall(told.texts))
    return any(
        times > _LONGER * often and word not in STOP_WORDS["en"] for found in (behind, before) for word, times in found
    )
