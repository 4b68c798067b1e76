"""What says that a run of a headline is not one whole name: it is a part of one, or two names side by side."""

from __future__ import annotations

from collections import Counter

from digest.summarise.finds.name_events import BROAD
from digest.summarise.finds.name_people import CAPITAL, is_plain
from digest.summarise.finds.name_places import wide_places
from digest.summarise.finds.name_words import JUNIOR, PART_OF_NAME, TITLES
from digest.summarise.finds.telling import Telling, before, has, places
from digest.text.patterns import compiled
from digest.text.words import STOP_WORDS

_PART = 0.5
"""A name that is a part of one longer name in a larger share of its uses is not complete."""
_MARKS = ".,;:!?)'\N{RIGHT SINGLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}\""


def is_part(run: str, told: Telling) -> bool:
    """Return whether the texts mostly use a name as a part of one longer name ("Hong" of Hong Kong)."""
    if told.language == "de":
        return False
    uses = places(told.texts, run)
    behind = (compiled(r" ([^ ]+)").match(told.texts, at + len(run)) for at in uses)
    after = Counter(word[1].strip(_MARKS) for word in behind if word)
    longer = [times for word, times in after.items() if word[:1].isupper() and word.casefold() not in JUNIOR]
    return max(longer, default=0) > _PART * len(uses)


def is_tail(name: str, told: Telling) -> bool:
    """Return whether the texts mostly have a longer name that ends so ("York City" of New York City)."""
    if told.language == "de":
        return False
    uses = places(told.texts, name)
    led = (compiled(rf"(?<!\w)({CAPITAL}[\w-]*) \Z").search(before(told.texts, at)) for at in uses)
    known = TITLES | STOP_WORDS[told.language]
    return sum(bool(word) and word[1].casefold() not in known for word in led if word) > _PART * len(uses)


def is_joined(run: str, told: Telling) -> bool:
    """Return whether a run is two names that a headline puts side by side: the texts use the first one alone."""
    words = run.split()
    if len(words) < 2 or words[0].casefold() in PART_OF_NAME:  # noqa: PLR2004 - two names
        return False
    wide = wide_places(told.language)
    if words[0].casefold() in BROAD or words[0].casefold() in wide:
        return words[-1].casefold() not in JUNIOR and run.casefold() not in wide and not has(told.opening, run)
    whole, first = (len(places(told.texts, part)) for part in (run, words[0]))
    return first - whole > max(1, whole) and _is_surname(words[0], words[1], told)


def _is_surname(word: str, following: str, told: Telling) -> bool:
    """Return whether the texts have a first name before a word, where another word than this one follows."""
    for at in places(told.texts, word):
        led = compiled(rf"({CAPITAL}[\w-]+) \Z").search(before(told.texts, at))
        if led and not told.texts.startswith(f" {following}", at + len(word)):
            return not is_plain(led[1], told) and led[1].casefold() not in TITLES
    return False
