"""Names of people: how the texts write them in full, and what says that a name is a person's."""
# ruff: noqa: RUF001 - apostrophes and dashes of several languages are the subject here

from __future__ import annotations

from collections import Counter

from digest.summarise.finds.finder_words import FURTHER
from digest.summarise.finds.name_places import is_place
from digest.summarise.finds.name_words import ADJECTIVES, GENERIC, JUNIOR, TITLES, calendar
from digest.summarise.finds.telling import Telling, before, count, has, places
from digest.summarise.finds.word_pattern import pattern
from digest.summarise.spelling import small_words
from digest.text.patterns import compiled
from digest.text.words import STOP_WORDS

CAPITAL = r"[^\W\d_a-zà-ÿ]"
"""A letter with a capital. A pattern."""
_FIRST_NAME = rf"(?:(\S+) )?(?<![\w.’'-])({CAPITAL}\w+(?:-{CAPITAL}\w+)?) \Z"
_FULL = 0.04
"""A surname is written in full in at least this share of its uses."""
_SAME_PERSON = 0.8
"""So large a share of the first names before a surname is the same: the texts speak of one person."""
_SPEAKS = r"['’]?s? (?:said|says|told|added|wrote|wife|husband|son|daughter|dit|dijo|sagte|sagt)\b"
_SPOKEN = r"\b(?:said|says|sagte|sagt|dijo) \Z"
_EN_ARTICLES = ("the", "a", "an")
_ARTICLES = (
    r"der|die|das|dem|den|des|ein|eine|einen|einem|einer|eines|kein\w*|jede\w*|diese\w*|im|zum|zur|am|vom|beim|ins|ans"
    r"|sein\w*|ihr\w*|unser\w*"
)
_DESCRIBING = r"[a-zäöü]{3,}(?:e|en|er|es|em)"
"""A German adjective, or a verb."""
_WITH_ARTICLE = 0.15
"""A German word with an article in a larger share of its uses is a common noun, and no name."""
_DESCRIBED = 0.5
"""A German word with an article or an adjective in a larger share of its uses is a common noun, too."""


def in_full(run: str, told: Telling) -> str:
    """Return a surname with the first name that the texts give before it: "Ek" -> "Ida Ek".

    Empty when the texts give several first names, or none to a person. Names of places and acronyms stay as they are.
    In German each noun has a capital, so that a word before a surname is no sure first name unless it recurs.
    """
    if " " in run or run.isupper() or is_place(run, told):
        return run
    if told.language == "en" and run.casefold() in small_words() and not is_person(run, told):
        return run
    firsts, unsure = _first_names(run, told)
    first = firsts.most_common(1)[0][0] if firsts else ""
    times = sum(often for each, often in firsts.items() if each[:1] == first[:1])
    sure = times >= _SAME_PERSON * (firsts.total() + unsure) and times >= _FULL * count(told.texts, run)
    if first and sure and _is_first_name(first, run, told):
        return f"{first} {run}"
    return "" if firsts or unsure or _has_title(run, told) else run


def is_full_name(run: str, told: Telling) -> bool:
    """Return whether a run is the full name of a person: its last word is used alone later, or it speaks."""
    words = run.split()
    if len(words) < 2 or is_place(run, told) or not has(told.texts, run):  # noqa: PLR2004 - first name and surname
        return False
    if words[0].casefold() in ADJECTIVES[told.language] or words[-1].casefold() in GENERIC[told.language]:
        return False
    if is_person(run, told):
        return True
    if told.language == "en" and all(word.casefold() in small_words() for word in words):
        return False
    last = words[-1] if words[-1].rstrip(".").casefold() not in JUNIOR else words[-2]
    first, whole, alone = (len(places(told.texts, part)) for part in (words[0], run, last))
    return first - whole <= max(1, whole) and (alone > whole or is_person(last, told))


def is_person(run: str, told: Telling) -> bool:
    """Return whether the texts put a title before a name, or let it speak, or have a family for it."""
    speaks, spoken = compiled(_SPEAKS), compiled(_SPOKEN)
    return _has_title(run, told) or any(
        speaks.match(told.texts, at + len(run)) or spoken.search(before(told.texts, at))
        for at in places(told.texts, run)
    )


def is_plain(word: str, told: Telling) -> bool:
    """Return whether a word with a capital is no name: the texts, or English news, write it in lower case."""
    key = word.casefold()
    if told.small(key):
        return True
    if told.language == "en":
        return key in small_words() or key.endswith("ing")
    return not told.capital(key.split("-")[0])


def is_common(word: str, told: Telling) -> bool:
    """Return whether a German text uses a word as a common noun: with an article or an adjective before it."""
    if told.language != "de":
        return False
    last = compiled(r"(?<!\w)(\w+) \Z")
    found = [last.search(before(told.texts, at)) for at in places(told.texts, word)]
    words = [each[1] for each in found if each]
    after_article = sum(bool(compiled(_ARTICLES).fullmatch(each.casefold())) for each in words)
    described = 0 if is_person(word, told) else sum(bool(compiled(_DESCRIBING).fullmatch(each)) for each in words)
    often = max(1, len(words))
    return after_article > _WITH_ARTICLE * often or after_article + described > _DESCRIBED * often


def _is_first_name(first: str, surname: str, told: Telling) -> bool:
    """Return whether the texts give the first name where they first use the surname, as news does, or twice."""
    if is_place(first, told) or is_common(first, told):
        return False
    whole = len(places(told.texts, f"{first} {surname}"))
    if told.language == "de" and len(places(told.texts, first)) > 2 * whole:
        return False
    use = places(told.texts, surname)
    introduced = bool(use) and told.texts[: use[0]].endswith(f"{first} ")
    return introduced or whole > 1


def _first_names(run: str, told: Telling) -> tuple[Counter[str], int]:
    """Return the possible first names before a surname, and how often a longer name has it as its last word."""
    found: Counter[str] = Counter()
    unsure = 0
    language, further = told.language, pattern(FURTHER[told.language])
    known = (TITLES, ADJECTIVES[language], STOP_WORDS[language], calendar(language))
    for led, first in _words_before(run, told):
        word = first.casefold()
        if word in GENERIC[language] or (language == "en" and led.casefold() in _EN_ARTICLES):
            unsure += 1
        elif not (any(word in each for each in known) or is_plain(first, told) or further.fullmatch(word)):
            longer = _is_longer(led, told)
            unsure += longer
            found[first] += not longer
    return +found, unsure


def _words_before(run: str, told: Telling) -> list[tuple[str, str]]:
    """Return the words with a capital before a name, and what is before them."""
    found = (compiled(_FIRST_NAME).search(before(told.texts, at)) for at in places(told.texts, run))
    return [(each[1] or "", each[2]) for each in found if each]


def _is_longer(led: str, told: Telling) -> bool:
    """Return whether the word before a first name and a surname makes it another, longer name."""
    if not led[:1].isupper() or not led[-1:].isalpha() or led.isupper() or "-" in led or told.language == "de":
        return False
    return led.casefold() not in TITLES and not is_plain(led, told)


def _has_title(run: str, told: Telling) -> bool:
    titled = compiled(r"(\w+)\.? \Z")
    found = (titled.search(before(told.texts, at)) for at in places(told.texts, run))
    return any(each[1].casefold() in TITLES for each in found if each)
