"""The name that stands for a story in a list: a person, a name, an event or a phrase of its headlines and texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digest.model.article import Article
from digest.summarise.finds.finder_words import LANGUAGES
from digest.summarise.finds.name_events import BROAD
from digest.summarise.finds.name_happened import took_place
from digest.summarise.finds.name_parts import is_joined, is_part, is_tail
from digest.summarise.finds.name_people import in_full, is_common, is_full_name
from digest.summarise.finds.name_phrases import events, fixed
from digest.summarise.finds.name_places import is_place, wide_places
from digest.summarise.finds.name_runs import is_short, runs
from digest.summarise.finds.name_traits import Kind, Name, sureness, traits
from digest.summarise.finds.name_words import ADJECTIVES, BODIES, GENERIC, PARTICLES, PLACES_OF_POWER, TITLES, is_media
from digest.summarise.finds.telling import Telling, count, has, places, telling

LEAST_MENTIONS = 2
"""Least uses of a name in the texts, unless two titles have it."""
LEAST_SURE = 0.93
"""A name that is less sure is not printed."""
MOST_REASONS = 4
"""So many traits of a name are told to an editor, the strongest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryName:
    """The words that name a story, and why they were chosen; both empty when none are sure."""

    words: str = ""
    why: str = ""
    others: tuple[str, ...] = ()
    """Other sure names, best first, for a letter in which another story has that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A name, how sure it is (0 to 1), and the log odds that each of its traits adds."""

    name: Name
    sureness: float
    parts: dict[str, float]

    @property
    def why(self) -> str:
        """The strongest traits."""
        strongest = sorted(self.parts.items(), key=lambda part: -abs(part[1]))[:MOST_REASONS]
        return f"{self.sureness:.2f} sure: " + ", ".join(f"{trait} {value:+.1f}" for trait, value in strongest)


def story_name(headline: str, articles: Sequence[Article], outlets: frozenset[str]) -> StoryName:
    """Return the words that name a story.

    Args:
        headline: the story's headline, in sentence case.
        articles: the story's articles, the lead first.
        outlets: names of sources in lower case; a paper's own name names no story.
    """
    if articles[0].language not in LANGUAGES:
        return StoryName()
    sure = [each for each in scored(telling(headline, articles, outlets)) if each.sureness >= LEAST_SURE]
    if not sure:
        return StoryName()
    best, *others = sure
    return StoryName(words=best.name.words, why=best.why, others=tuple(each.name.words for each in others))


def scored(told: Telling) -> list[Scored]:
    """Return the names that could stand for a story, the surest first."""
    found: dict[str, Scored] = {}
    in_headline = runs(told)
    for name in (*_names(in_headline, told), *_phrases(told)):
        if name.words not in found:
            sure, parts = sureness(traits(name, told, in_headline))
            found[name.words] = Scored(name=name, sureness=sure, parts=parts)
    return sorted(found.values(), key=lambda each: -each.sureness)


def _names(in_headline: Sequence[str], told: Telling) -> Iterator[Name]:
    """Yield the names of a headline that can stand for the story, written in full."""
    for run in in_headline:
        whole = in_full(run, told) if _is_fit(run, told) else ""
        if not whole or not is_short(whole) or _is_broad(run, whole, told):
            continue
        if whole != run and is_part(whole, told):
            continue
        kind = _kind(run, whole, told)
        if kind != "name" or not is_tail(whole, told):
            yield Name(words=whole, run=run, kind=kind)


def _phrases(told: Telling) -> Iterator[Name]:
    """Yield the phrases with an event, and those of two common nouns."""
    named = (words for words in events(told) if is_short(words) and took_place(words, told))
    yield from (Name(words=words, run=words, kind="event") for words in named)
    yield from (Name(words=words, run=words, kind="phrase") for words in fixed(told) if is_short(words))


def _kind(run: str, whole: str, told: Telling) -> Kind:
    if is_full_name(whole, told) or whole != run:
        return "person"
    if " " in whole:
        return "name"
    return "acronym" if whole.isupper() else "word"


def _is_broad(run: str, whole: str, told: Telling) -> bool:
    """Return whether many stories of a day could have this name: a place alone, or a name of everyday news."""
    names = (run.casefold(), whole.casefold())
    return any(name in BROAD or name in wide_places(told.language) for name in names) or is_place(whole, told)


def _is_number(run: str, told: Telling) -> bool:
    """Return whether the last word of a run is a number that counts what follows: "Norrhaven 10 minutes"."""
    _, found, behind = told.headline.partition(f"{run} ")
    counted = behind.split()[:1]
    if not run[-1].isdigit() or not found or not counted or not counted[0].isalpha():
        return False
    return all(told.texts.startswith(f" {counted[0]}", at + len(run)) for at in places(told.texts, run))


def _is_fit(run: str, told: Telling) -> bool:
    """Return whether a run of a headline is a name that the story is about."""
    words = run.casefold().split()
    if (
        not is_short(run)
        or len(words[0].strip(".")) == 1
        or run.casefold() in told.outlets
        or is_media(run)
        or _is_number(run, told)
        or run.casefold() in PLACES_OF_POWER
    ):
        return False
    if words[0] in GENERIC[told.language] and (len(words) == 1 or (told.language != "en" and words[1] in PARTICLES)):
        return False  # "Ville de Norrhaven"
    listed = (ADJECTIVES[told.language], TITLES, BODIES)
    if any(words[-1] in each for each in listed) or is_common(run.rsplit(maxsplit=1)[-1], told):
        return False
    if is_joined(run, told) or is_part(run, told):
        return False
    often = count(told.texts, run) >= LEAST_MENTIONS or sum(has(each, run) for each in told.titles) > 1
    return often and has(told.opening, run.rsplit(maxsplit=1)[-1])
