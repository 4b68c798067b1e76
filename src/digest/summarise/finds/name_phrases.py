"""Phrases that name a story better than a name alone: "Norrhaven trial", "Brand in Norrhaven", "salt tax"."""
# ruff: noqa: RUF001 - apostrophes are the subject here

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from digest.summarise.finds.name_events import BROAD, CASES, EVENTS, LINKS, UNCLEAR, VAGUE
from digest.summarise.finds.name_runs import is_short
from digest.summarise.finds.name_words import ADJECTIVES, GENERIC, PLACES_OF_POWER, TITLES, calendar
from digest.summarise.finds.telling import Telling, before, count, has, places
from digest.text.patterns import compiled
from digest.text.similarity import rarity, terms
from digest.text.words import STOP_WORDS

_NAME = r"[^\W\d_a-zà-ÿß][\w.’'&-]*\w"
"""A word with a capital. A pattern."""
_DETERMINED = (
    r"\b(?i:the|an?|this|that|of|in|on|over|about|after|from|during|by|for|to|with|against|at|his|her|its|their) \Z"
)
"""What is before a noun, and not before a verb."""
_VERB_BEHIND = r" (?:is|was|has|will|[a-z]+[a-z]s)\b"
"""A verb behind a noun."""
_VERB_IN_TITLE = r" [a-z]+(?:s|ed) (?:the|an?|at|its|their|\d+|dozens|hundreds|thousands|several|many|two|three)\b"
"""A verb behind the place of an event, as in "Fire in Norrhaven destroys a mill"."""
BEGINNING = 2_000
"""So many characters of the texts are searched for phrases."""
RECURS = 2
"""Least uses in the texts of a phrase that no title has."""
_REPEATED = 3
"""Least uses of a phrase of two nouns in the texts."""
_FIXED = 0.5
"""The rarer of its words is in the phrase in at least this share of its uses."""
_RARE = 4.9
"""Least rarity of one of its words."""
_LONGER = 0.6
"""A phrase with the same word beside it in a larger share of its uses is a part of a longer one."""
_NOT_FIRST = ("ly", "ed")
_NOT_LAST = ("ly", "ed", "ing", "er", "est", "ous", "ive", "al", "ic", "ful", "able", "ish", "less")
"""Endings of words that are no nouns."""


def events(told: Telling) -> Iterator[str]:
    """Yield names with the noun of an event, as a title or the beginning of the text writes them.

    A phrase that no title has recurs in the texts, the headline has its name, and a title has its noun.
    """
    for text in told.titles:
        yield from _named_events(text, told)
        yield from _linked_events(text, told)
    if told.language != "de":
        beginning = told.texts[:BEGINNING]
        found = (*_named_events(beginning, told), *_linked_events(beginning, told))
        yield from (words for words in found if _is_about(words, told))


def _is_about(words: str, told: Telling) -> bool:
    """Return whether a phrase of the texts is what the story is about."""
    in_headline = any(part[:1].isupper() and has(told.headline, part) for part in words.split())
    written = {words, words[:1].lower() + words[1:]}
    if not in_headline or sum(len(places(told.texts, each)) for each in written) < RECURS:
        return False
    nouns = [part for part in words.split() if part.islower() and part not in STOP_WORDS[told.language]]
    noun = (nouns or words.split())[-1 if nouns else 0].casefold().rstrip("s")
    return any(noun in title.casefold() for title in told.titles)


def _named_events(text: str, told: Telling) -> Iterator[str]:
    """Yield "Norrhaven trial" (English), "Ekberg-Prozess" (German)."""
    if told.language == "de":
        for found in compiled(rf"(?<![\w-])([A-ZÄÖÜ]\w{{2,}})-(?:{EVENTS['de']})(?![\w-])").finditer(text):
            if found[1].casefold() not in GENERIC["de"] | BROAD | ADJECTIVES["de"] and count(told.texts, found[1]) > 1:
                yield found.group()
    elif told.language == "en":
        name = rf"(?<![\w’'-])((?:{_NAME} ){{1,2}})"
        for found in compiled(rf"{name}((?:{EVENTS['en']})|(?:{UNCLEAR}))(?![\w’'-])").finditer(text):
            words = found.group()
            if is_short(words) and _may_name(found[1].strip(), told) and _is_noun(words, found[2], told):
                yield words


def _linked_events(text: str, told: Telling) -> Iterator[str]:
    """Yield "Fire in Norrhaven", "Brand in Norrhaven", "Incendie de Norrhaven"."""
    link = rf"( (?:{LINKS[told.language]})(?: |(?<=['’]))|(?<![\w’'-])(?i:{CASES[told.language]}) )"
    for found in compiled(rf"{link}(?=({_NAME}(?: {_NAME})?)(?![\w-]))").finditer(text):
        led = _event_before(text, found.start(), told.language) if found[1].startswith(" ") else " "
        words = (led + found[1] + found[2]).strip()
        if led and is_short(words) and _is_end(text, found.end(2), told.language) and _may_name(found[2], told):
            yield words[:1].upper() + words[1:]


def _is_end(text: str, at: int, language: str) -> bool:
    """Return whether a phrase ends at a place, and no noun follows: "Fire in Norrhaven mill"."""
    behind = compiled(r" ([a-zà-ÿß]+)|[’']s").match(text, at)
    if behind is None or (behind[1] or "") in STOP_WORDS[language]:
        return True
    if language == "de":  # nouns have a capital
        return bool(behind[1])
    return language == "en" and bool(compiled(_VERB_IN_TITLE).match(text, at))


def _event_before(text: str, at: int, language: str) -> str:
    """Return the noun of an event that is before a preposition; empty without one."""
    nouns = EVENTS[language] + (f"|{UNCLEAR}" if language == "en" else "")
    noun = compiled(rf"(?<![\w’'-])(?i:{nouns})\Z").search(before(text, at))
    return noun.group() if noun else ""


def _may_name(name: str, told: Telling) -> bool:
    """Return whether the texts use these words as a name."""
    words = name.casefold().split()
    if name.casefold() in PLACES_OF_POWER or any(word.strip(".") in TITLES for word in words):
        return False
    common = (GENERIC[told.language], STOP_WORDS[told.language], calendar(told.language), VAGUE)
    if any(word in listed for word in words for listed in common) or set(words) <= ADJECTIVES[told.language]:
        return False
    return all(told.capital(word) > told.small(word) for word in words)


def _is_noun(words: str, noun: str, told: Telling) -> bool:
    """Return whether an English word behind a name is a noun there, and no verb."""
    if not compiled(UNCLEAR).fullmatch(noun):
        return True
    return any(
        compiled(_DETERMINED).search(before(text, at)) or compiled(_VERB_BEHIND).match(text, at + len(words))
        for text in (*told.titles, told.texts)
        for at in places(text, words)
    )


def fixed(told: Telling) -> Iterator[str]:
    """Yield English phrases of two common nouns that the headline has and the texts repeat: "salt tax"."""
    if told.language != "en":
        return
    for found in compiled(r"(?<![\w’'-])(?=(([a-z]{3,}) ([a-z]{3,}))(?![\w’'-]))").finditer(told.headline):
        phrase, first, second = found.groups()
        nouns = not ({first, second} & STOP_WORDS["en"] or first.endswith(_NOT_FIRST) or second.endswith(_NOT_LAST))
        if nouns and _is_repeated(phrase, told) and _stays_noun(phrase, told) and not _continues(phrase, told):
            yield phrase[:1].upper() + phrase[1:]


def _is_repeated(phrase: str, told: Telling) -> bool:
    """Return whether the texts repeat two words together, and seldom apart, and whether one of them is rare."""
    times = len(places(told.texts, phrase))
    if times < _REPEATED:
        return False
    rarer = min(len(places(told.texts, word)) for word in phrase.split())
    return times >= _FIXED * rarer and max((rarity(term) for term in terms(phrase)), default=0.0) >= _RARE


def _stays_noun(phrase: str, told: Telling) -> bool:
    """Return whether a phrase follows an article or a preposition, and no auxiliary verb."""
    led = [before(text, at) for text in (told.headline, told.texts) for at in places(text, phrase)]
    verb = compiled(r"\b(?:to|will|not|can|could|would) \Z")
    return any(map(compiled(_DETERMINED).search, led)) and not any(map(verb.search, led))


def _continues(phrase: str, told: Telling) -> bool:
    """Return whether the texts mostly use a phrase as a part of one longer phrase."""
    uses = places(told.texts, phrase)
    last, following = compiled(r"(\w+) \Z"), compiled(r" (\w+)")
    beside = [
        [last.search(before(told.texts, at)) for at in uses],
        [following.match(told.texts, at + len(phrase)) for at in uses],
    ]
    for words in beside:
        for word, times in Counter(found[1] for found in words if found).most_common(1):
            if times > _LONGER * len(uses) and word not in STOP_WORDS["en"]:
                return True
    return False
