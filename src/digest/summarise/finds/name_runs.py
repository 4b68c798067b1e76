"""Runs of names in a headline: "President Ida Ek visits Port Hallby" -> "Ida Ek", "Port Hallby"."""
# ruff: noqa: RUF001 - apostrophes and dashes of several languages are the subject here

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from digest.summarise.finds.name_people import CAPITAL, is_plain
from digest.summarise.finds.name_words import GENERIC, JUNIOR, PART_OF_NAME, PARTICLES, TITLES, calendar
from digest.summarise.finds.telling import Telling, has, places
from digest.summarise.spelling import POSSESSIVE
from digest.text.patterns import compiled
from digest.text.words import STOP_WORDS

MOST_WORDS, MOST_CHARACTERS = 3, 28
_WORD = r"[^\W_]+(?:['’-][^\W_]+)*\.?(?:[A-Z]\.)*"
_OFTEN = 4
"""A word that is in lower case so many times less often than with a capital is a name."""
_LONGEST = 20
"""Characters of a longest particle and the blanks around it."""


def runs(told: Telling) -> list[str]:
    """Return the runs of name words in a headline, in their order."""
    reading = _Reading(told)
    for word in compiled(_WORD).finditer(told.headline):
        reading.take(word)
    bare = (_without_titles(_without_article(run, told)) for run in reading.found if run)
    return [_commonest(" ".join(run), told) for run in bare if run]


def is_short(run: str) -> bool:
    """Return whether a name is short enough for a list."""
    return sum(word not in PARTICLES for word in run.split()) <= MOST_WORDS and len(run) <= MOST_CHARACTERS


@dataclass(slots=True)
class _Reading:
    """Reads a headline word by word and keeps the runs of its names; the last run may go on."""

    told: Telling
    found: list[list[str]] = field(default_factory=lambda: [[]])
    end: int = 0
    """Where the last word ends; behind the headline when nothing can go on, as after a possessive."""
    last: str = ""
    """The last word, if it is no title."""

    def take(self, found: re.Match[str]) -> None:
        """Read the next word of the headline."""
        word = _word(found.group())
        is_next = self.end > 0 and self.told.headline[self.end : found.start()] == " "
        if not is_next:
            self.found.append([])
        self.found[-1].extend(self._added(word, found.end(), is_next=is_next))
        title = word.casefold() in TITLES
        if title and word.casefold() not in PART_OF_NAME:
            self.found.append([])
        self.last = "" if title else word
        self.end = found.end() if title or word == found.group() else found.end() + len(self.told.headline)

    def _added(self, word: str, end: int, *, is_next: bool) -> Iterator[str]:
        """Yield what a word adds to the last run; a word that is no name ends it."""
        goes_on = is_next and bool(self.found[-1])
        if self._is_name(word, goes_on=goes_on):
            if is_next and not self.found[-1] and _belongs(self.last, word, self.told):
                yield from self._first_names(word)
                yield self.last
            yield word
        elif goes_on and word in PARTICLES and self._leads_on(end):
            yield word
        else:
            self.found.append([])

    def _first_names(self, surname: str) -> list[str]:
        """Take back the run before a middle name that the texts leave out: they have "Ida Lund" of "Ida Berg Lund"."""
        run = next((each for each in reversed(self.found) if each), [])
        whole = " ".join([*run, self.last, surname])
        if not run or whole not in self.told.headline or not has(self.told.texts, f"{run[-1]} {surname}"):
            return []
        self.found.remove(run)
        return run

    def _is_name(self, word: str, *, goes_on: bool) -> bool:
        """Return whether the texts write a word as a name: with a capital, also inside of sentences."""
        if goes_on and (word.isdigit() or word.rstrip(".").casefold() in JUNIOR):
            return True
        if not word[:1].isupper():
            return False
        if goes_on and has(self.told.texts, f"{self.last} {word}"):
            return True
        key = word.casefold()
        often = self.told.capital(key)
        dated = key in calendar(self.told.language) and not goes_on
        return len(word) > 1 and often >= 1 and often >= _OFTEN * self.told.small(key) and not dated

    def _leads_on(self, end: int) -> bool:
        """Return whether a name goes on behind a particle, as the texts write it: "Ida van der Lund"."""
        headline, name = self.told.headline, self.found[-1][-1]
        behind = compiled(rf"(?: (?:{'|'.join(PARTICLES)}))* {CAPITAL}[\w-]+").match(headline, end)
        if behind is None:
            return False
        rest = headline[max(0, end - len(name) - _LONGEST) : behind.end()].rsplit(name, 1)[-1]
        return has(self.told.texts, rest.strip())


def _word(found: str) -> str:
    """Return a word of a headline without its possessive and its full stop, but "Jr." with it."""
    if found.endswith(".") and found.rstrip(".").casefold() in JUNIOR:
        return found
    return POSSESSIVE.sub("", found).rstrip(".") or found


def _belongs(before: str, word: str, told: Telling) -> bool:
    """Return whether a headline's word with a capital is the first part of the name behind it."""
    if not before[:1].isupper() or _opens_headlines(before, told):
        return False
    inside = not told.headline.startswith(before) and not is_plain(before, told)
    return has(told.texts, f"{before} {word}") or (inside and told.language != "de")


def _without_article(run: list[str], told: Telling) -> list[str]:
    """Return a run without the article that opens a headline: "The Ospreys" -> "Ospreys"."""
    return run[1:] if told.headline.startswith(run[0]) and _opens_headlines(run[0], told) else run


def _opens_headlines(word: str, told: Telling) -> bool:
    """Return whether a word is an article, another small word or an everyday noun."""
    return word.casefold() in STOP_WORDS[told.language] or word.casefold() in GENERIC[told.language]


def _without_titles(run: list[str]) -> list[str]:
    """Return a run of names without titles: "President Ek" -> "Ek", but "Queen Ida" stays."""
    bare = [word for word in run if word.casefold() not in TITLES]
    return run if len(bare) == 1 and run[0].casefold() in PART_OF_NAME else bare


def _commonest(run: str, told: Telling) -> str:
    """Return the part of a run that the texts use as a name: "Norrhaven Agent Ida Ek" -> "Ida Ek".

    All of a name stays whose middle name the texts leave out. Of parts that are used equally often it is the longest,
    and of those the last.
    """
    words = run.split()
    if len(words) <= 2 or has(told.texts, run):  # noqa: PLR2004 - a first name and a surname
        return run
    if len(words) == MOST_WORDS and has(told.texts, f"{words[0]} {words[2]}"):
        return run  # "Ida Berg Lund", whom the texts also call "Ida Lund"
    parts = [words[at : at + size] for size in (3, 2) for at in range(len(words) - size + 1)]
    whole = [part for part in parts if part[0] not in PARTICLES and part[-1] not in PARTICLES]
    return max(
        map(" ".join, whole),
        key=lambda part: (len(places(told.texts, part)), len(part.split()), told.headline.find(part)),
        default=run,
    )
