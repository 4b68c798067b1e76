"""Runs of names in a headline, and how the texts write them in full."""
# ruff: noqa: RUF001 - apostrophes and dashes of several languages are the subject here

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from digest.summarise.day_phrases import WEEKDAYS
from digest.summarise.finds.finder_words import FURTHER, MONTHS
from digest.summarise.finds.name_events import BROAD
from digest.summarise.finds.name_places import wide_places
from digest.summarise.finds.name_words import ADJECTIVES, GENERIC, TITLES
from digest.summarise.finds.telling import Telling, count, has, uses
from digest.summarise.finds.word_pattern import pattern
from digest.summarise.spelling import POSSESSIVE, small_words, spelling
from digest.text.patterns import compiled
from digest.text.words import STOP_WORDS

MOST_WORDS, MOST_CHARACTERS = 3, 28
_WORD = r"[^\W_]+(?:['’-][^\W_]+)*\.?(?:[A-Z]\.)*"
_OFTEN = 4
"""A word that is in lower case so many times less often than with a capital is a name."""
_PART = 0.5
"""A name that is a part of one longer name in this share of its uses is not complete."""
_WITH_ARTICLE = 0.15
"""A German word with an article in a larger share of its uses is a common noun, and no name."""
_ARTICLES = (
    r"der|die|das|dem|den|des|ein|eine|einen|einem|einer|eines|kein\w*|jede\w*|diese\w*|im|zum|zur|am|vom|beim|ins|ans"
    r"|sein\w*|ihr\w*|unser\w*"
)
_EN_ARTICLES = ("the", "a", "an")
_DESCRIBING = r"[a-zäöü]{3,}(?:e|en|er|es|em)"
"""An adjective, or a verb."""
_DESCRIBED = 0.5
_IN_PLACE = 0.12
"""A place has a preposition of places before it in a larger share of its uses."""
_FULL = 0.04
"""A surname is written in full in at least this share of its uses."""
_SAME_PERSON = 0.8
"""So large a share of the first names before a surname is the same: the texts speak of one person."""
_FIRST = r"[^\W\d_a-zà-ÿ]\w+(?:-[^\W\d_a-zà-ÿ]\w+)?"
INSIDE = {"en": "in|across|near", "de": "in|nach|bei|im", "fr": "à|en|au|dans les", "es": "en"}
"""Prepositions before a place."""
_LANDMARKS = frozenset({"mount", "mt", "lake", "cape", "fort", "mont", "lac", "monte", "lago"})
"""First words of names of places."""
_PART_OF_NAME = frozenset(
    {"prince", "princess", "king", "queen", "pope", "saint", "lady", "san", "papst", "papa", "pape"}
)
"""Titles before a first name, which names nobody alone."""
PARTICLES = ("de", "du", "del", "di", "da", "van", "von", "der", "den", "bin", "al", "la", "of")
"""Small words inside of names."""
_LONGEST_PARTICLE = 20
"""Characters before the end of a particle in which the word before it begins."""
_JUNIOR = frozenset({"jr", "sr"})
"""Words behind a name that keep their dot."""


def runs(told: Telling) -> list[str]:
    """Return the runs of name words in a headline, in their order."""
    found: list[list[str]] = [[]]
    end = 0
    last = ""
    for each in compiled(_WORD).finditer(told.headline):
        word = POSSESSIVE.sub("", each.group()).rstrip(".") or each.group()
        if word.casefold() in _JUNIOR and each.group().endswith("."):
            word = each.group()
        joined = told.headline[end : each.start()] == " " and end > 0
        if not joined:
            found.append([])
        pair = joined and bool(found[-1]) and word[:1].isupper() and has(told.texts, f"{last} {word}")
        if pair or _is_name(word, told, after_name=joined and bool(found[-1])):
            if joined and not found[-1] and _belongs(last, word, told):
                found[-1].append(last)
            found[-1].append(word)
        elif joined and found[-1] and word in PARTICLES and _goes_on(each.end(), found[-1], told):
            found[-1].append(word)
        else:
            found.append([])
        if word.casefold() in TITLES - _PART_OF_NAME:
            found.append([])
        last = word if word.casefold() not in TITLES else ""
        end = each.end() if word == each.group() or word.casefold() in TITLES else each.end() + len(told.headline)
    bare = (_without_titles(_without_article(run, told)) for run in found if run)
    return [_commonest(" ".join(run), told) for run in bare if run]


def _belongs(before: str, word: str, told: Telling) -> bool:
    """Return whether a headline's word with a capital is the first part of the name behind it."""
    if not before[:1].isupper() or before.casefold() in STOP_WORDS[told.language] | GENERIC[told.language]:
        return False
    inside = not told.headline.startswith(before) and not _is_plain(before, told)
    return has(told.texts, f"{before} {word}") or (inside and told.language != "de")


def _goes_on(end: int, run: list[str], told: Telling) -> bool:
    """Return whether a name goes on behind a particle, as the texts write it: "Ida van der Lund"."""
    behind = compiled(rf"(?: (?:{'|'.join(PARTICLES)}))* [^\W\d_a-zà-ÿ][\w-]+").match(told.headline, end)
    if behind is None:
        return False
    rest = told.headline[end - len(run[-1]) - _LONGEST_PARTICLE : behind.end()].rsplit(run[-1], 1)[-1]
    return has(told.texts, rest.strip())


def _without_article(run: list[str], told: Telling) -> list[str]:
    """Return a run without the article that opens a headline: "The Ospreys" -> "Ospreys"."""
    opens = told.headline.startswith(run[0]) and run[0].casefold() in STOP_WORDS[told.language] | GENERIC[told.language]
    return run[1:] if opens else run


def _without_titles(run: list[str]) -> list[str]:
    """Return a run of names without titles: "President Ek" -> "Ek", but "Queen Ida" stays."""
    bare = [word for word in run if word.casefold() not in TITLES]
    return run if len(bare) == 1 and run[0].casefold() in _PART_OF_NAME else bare


def _commonest(run: str, told: Telling) -> str:
    """Return the part of a run that the texts use as a name: "Norrhaven Agent Ida Ek" -> "Ida Ek"."""
    words = run.split()
    if len(words) <= 2 or len(uses(run).findall(told.texts)) > 1:  # noqa: PLR2004 - a first name and a surname
        return run
    parts = [" ".join(words[at : at + size]) for size in (3, 2) for at in range(len(words) - size + 1)]
    return max(parts, key=lambda part: (len(uses(part).findall(told.texts)), told.headline.find(part)))


def _is_name(word: str, told: Telling, *, after_name: bool) -> bool:
    """Return whether the texts write a headline's word as a name: with a capital, also inside of sentences."""
    if after_name and (word.isdigit() or word.rstrip(".").casefold() in _JUNIOR):
        return True
    if not word[:1].isupper() or len(word) < 2:  # noqa: PLR2004 - a letter is no name
        return False
    spelt = spelling(told.texts)
    capital, small = spelt.capital(word.casefold()), spelt.small(word.casefold())
    dated = word.casefold() in calendar(told.language) and not after_name
    return capital >= 1 and capital >= _OFTEN * small and not dated


def is_short(run: str) -> bool:
    """Return whether a name is short enough for a list."""
    return sum(word not in PARTICLES for word in run.split()) <= MOST_WORDS and len(run) <= MOST_CHARACTERS


def is_common(word: str, told: Telling) -> bool:
    """Return whether a German text uses a word as a common noun: with an article or an adjective before it."""
    if told.language != "de":
        return False
    before = re.findall(rf"(?<!\w)(\w+) {re.escape(word)}(?!\w)", told.texts)
    after_article = sum(bool(compiled(_ARTICLES, re.IGNORECASE).fullmatch(each)) for each in before)
    described = sum(bool(compiled(_DESCRIBING).fullmatch(each)) for each in before)
    often = max(1, len(before))
    return after_article > _WITH_ARTICLE * often or after_article + described > _DESCRIBED * often


def is_part(run: str, told: Telling) -> bool:
    """Return whether the texts mostly use a name as a part of one longer name ("Hong" of Hong Kong)."""
    if told.language == "de":
        return False
    found = list(uses(run).finditer(told.texts))
    after = Counter(
        told.texts[use.end() :].split(" ", 2)[1].strip(".,;:!?)'’”\"")
        for use in found
        if told.texts[use.end() : use.end() + 1] == " "
    )
    named = [times for word, times in after.items() if word[:1].isupper() and word.casefold() not in _JUNIOR]
    return max(named, default=0) > _PART * len(found)


def is_tail(name: str, told: Telling) -> bool:
    """Return whether the texts mostly have a longer name that ends so ("York City" of New York City)."""
    if told.language == "de":
        return False
    before = re.findall(rf"(?<!\w)([^\W\d_a-zà-ÿ][\w-]*) {re.escape(name)}(?!\w)", told.texts)
    longer = [word for word in before if word.casefold() not in TITLES | STOP_WORDS[told.language]]
    return len(longer) > _PART * len(uses(name).findall(told.texts))


def is_place(run: str, told: Telling) -> bool:
    """Return whether the texts say that something is in a place of this name, in a fair share of its uses."""
    if run.split(maxsplit=1)[0].casefold() in _LANDMARKS:
        return True
    inside = INSIDE[told.language] if " " not in run or told.language != "fr" else "en|au"
    inside = rf"\b(?i:{inside}) {re.escape(run)}(?!\w)(?! [A-ZÄÖÜ])"
    everything = f"{told.headline}\n{told.texts}"
    return len(re.findall(inside, everything)) > _IN_PLACE * len(uses(run).findall(everything))


def in_full(run: str, told: Telling) -> str:
    """Return a surname with the first name that the texts give before it: "Ek" -> "Ida Ek".

    Empty when the texts give several first names, or none to a person. Names of places and acronyms stay as they are.
    In German each noun has a capital, so that a word before a surname is no sure first name unless it recurs.
    """
    if " " in run or run.isupper() or is_place(run, told):
        return run
    firsts, unsure = _first_names(run, told)
    first = firsts.most_common(1)[0][0] if firsts else ""
    times = sum(often for each, often in firsts.items() if each[:1] == first[:1])
    sure = times >= _SAME_PERSON * (firsts.total() + unsure) and times >= _FULL * count(told.texts, run)
    if told.language == "en" and run.casefold() in small_words() and not is_person(run, told):
        return run
    if sure and _is_first_name(first, run, told):
        return f"{first} {run}"
    return "" if firsts or unsure or _has_title(run, told) else run


def _is_first_name(first: str, surname: str, told: Telling) -> bool:
    """Return whether the texts give the first name where they first use the surname, as news does, or twice."""
    whole = f"{first} {surname}"
    if is_place(first, told) or is_common(first, told):
        return False
    alone = len(uses(first).findall(told.texts)) - len(uses(whole).findall(told.texts))
    if told.language == "de" and alone > len(uses(whole).findall(told.texts)):
        return False
    use = uses(surname).search(told.texts)
    introduced = bool(use and told.texts[: use.start()].endswith(f"{first} "))
    return introduced or len(uses(whole).findall(told.texts)) > 1


def _first_names(run: str, told: Telling) -> tuple[Counter[str], int]:
    """Return the possible first names before a surname, and how often a longer name has it as its last word."""
    found: Counter[str] = Counter()
    unsure = 0
    language = told.language
    for before, first in re.findall(rf"(?:(\S+) )?(?<![\w.’'-])({_FIRST}) {re.escape(run)}(?!\w)", told.texts):
        word = first.casefold()
        if word in GENERIC[language] or (language == "en" and before.casefold() in _EN_ARTICLES):
            unsure += 1
            continue
        known = TITLES | ADJECTIVES[language] | STOP_WORDS[language]
        if word in known or _is_plain(first, told) or pattern(FURTHER[language]).fullmatch(word):
            continue
        office = before.casefold() in TITLES or _is_plain(before, told) or "-" in before or language == "de"
        longer = before[:1].isupper() and before[-1:].isalpha() and not office and not before.isupper()
        unsure += longer
        found[first] += not longer
    return +found, unsure


def _is_plain(word: str, told: Telling) -> bool:
    """Return whether a word with a capital is no name: the texts, or English news, write it in lower case."""
    key = word.casefold()
    spelt = spelling(told.texts)
    if spelt.small(key):
        return True
    if told.language == "en":
        return key in small_words() or key.endswith("ing")
    return not spelt.capital(key.split("-")[0])


def is_joined(run: str, told: Telling) -> bool:
    """Return whether a run is two names that a headline puts side by side: the texts use the first one alone."""
    words = run.split()
    if len(words) < 2 or words[0].casefold() in _PART_OF_NAME:  # noqa: PLR2004 - two names
        return False
    if words[0].casefold() in BROAD | wide_places(told.language):
        whole_place = run.casefold() in wide_places(told.language)
        return words[-1].casefold() not in _JUNIOR and not whole_place and not has(told.opening, run)
    whole, first = (len(uses(part).findall(told.texts)) for part in (run, words[0]))
    if first - whole <= max(1, whole):
        return False
    surname = re.search(rf"([^\W\d_a-zà-ÿ][\w-]+) {re.escape(words[0])}(?! {re.escape(words[1])})(?!\w)", told.texts)
    return bool(surname and not _is_plain(surname[1], told) and surname[1].casefold() not in TITLES)


def is_person(run: str, told: Telling) -> bool:
    """Return whether the texts put a title before a name, or let it speak, or have a family for it."""
    speaks = (
        rf"(?<!\w){re.escape(run)}['’]?s? (?:said|says|told|added|wrote|wife|husband|son|daughter)\b"
        rf"|(?<!\w){re.escape(run)} (?:dit|dijo|sagte|sagt)\b"
        rf"|(?:said|says|sagte|sagt|dijo) {re.escape(run)}\b"
    )
    return _has_title(run, told) or bool(re.search(speaks, told.texts))


def _has_title(run: str, told: Telling) -> bool:
    titled = re.findall(rf"(\w+)\.? {re.escape(run)}(?!\w)", told.texts)
    return any(word.casefold() in TITLES for word in titled)


def is_full_name(run: str, told: Telling) -> bool:
    """Return whether a run is the full name of a person: its last word is used alone later, or it speaks."""
    words = run.split()
    if len(words) < 2 or is_place(run, told) or not has(told.texts, run):  # noqa: PLR2004 - first name and surname
        return False
    if words[0].casefold() in ADJECTIVES[told.language] or words[-1].casefold() in GENERIC[told.language]:
        return False
    last = words[-1] if words[-1].rstrip(".").casefold() not in _JUNIOR else words[-2]
    whole, alone = len(uses(run).findall(told.texts)), len(uses(last).findall(told.texts))
    first = len(uses(words[0]).findall(told.texts))
    if is_person(run, told):
        return True
    if told.language == "en" and all(word.casefold() in small_words() for word in words):
        return False
    return first - whole <= max(1, whole) and (alone > whole or is_person(last, told))


@lru_cache(maxsize=8)
def calendar(language: str) -> frozenset[str]:
    """Return the names of days and months, without the marks of their patterns."""
    names = compiled(r"[()?:]").sub("", f"{WEEKDAYS[language]} {MONTHS[language]}")
    return frozenset(names.replace("|", " ").split())
