"""The name that stands for a story in a list: its headlines and texts share it."""
# ruff: noqa: RUF001 - apostrophes and dashes of several languages are the subject here

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digest.model.article import Article
from digest.summarise.finds.finder_words import LANGUAGES
from digest.summarise.finds.name_events import BROAD
from digest.summarise.finds.name_phrases import events, fixed
from digest.summarise.finds.name_runs import in_full, is_common, is_joined, is_full_name, is_part, is_place, is_short, runs
from digest.summarise.finds.name_traits import Kind, sureness, traits
from digest.summarise.finds.name_places import wide_places
from digest.summarise.finds.name_words import ADJECTIVES, GENERIC, PLACES_OF_POWER, TITLES
from digest.summarise.finds.telling import Telling, count, has, telling

LEAST_MENTIONS = 2
"""Least uses of the name in the text of a single article, besides its headline."""
LEAST = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryName:
    """The words that name a story, and why they were chosen; both empty when none are sure."""

    words: str = ""
    why: str = ""
    others: tuple[str, ...] = ()
    """Other names of its headline, best first, for a letter in which another story has that name."""


def story_name(headline: str, articles: Sequence[Article], outlets: frozenset[str]) -> StoryName:
    if articles[0].language not in LANGUAGES:
        return StoryName()
    told = telling(headline, articles, outlets)
    found = scored(told)
    sure = [each for each in found if each[0] >= LEAST]
    if not sure:
        return StoryName()
    value, words, kind, parts = sure[0]
    strongest = sorted(parts.items(), key=lambda part: -abs(part[1]))[:4]
    why = f"{value:.1f} {kind}: " + ", ".join(f"{n} {v:+.1f}" for n, v in strongest)
    return StoryName(words=words, why=why, others=tuple(w for _, w, _, _ in sure[1:]))


def scored(told: Telling):
    out = {}
    for run, words, kind in candidates(told):
        if words in out: continue
        t = traits(run, words, kind, told)
        value, parts = sureness(t)
        out[words] = (value, words, kind, parts)
    return sorted(out.values(), key=lambda e: -e[0])


def candidates(told: Telling):
    for run in runs(told):
        if not _is_fit(run, told): continue
        whole = in_full(run, told)
        if not whole or not is_short(whole): continue
        if whole.casefold() in wide_places(told.language): kind = "wide"
        elif is_full_name(whole, told) or whole != run: kind = "person"
        elif is_place(whole, told): kind = "place"
        elif " " in whole: kind = "name"
        else: kind = "word"
        yield run, whole, kind
    for words in events(told):
        if is_short(words): yield words, words, "event"
    for words in fixed(told):
        if is_short(words): yield words, words, "phrase"


def _is_fit(run: str, told: Telling) -> bool:
    """Return whether a name can stand for the story."""
    words = run.casefold().split()
    if not is_short(run) or run.casefold() in told.outlets | PLACES_OF_POWER:
        return False
    if len(words) == 1 and (words[0] in ADJECTIVES[told.language] or words[0] in GENERIC[told.language]):
        return False
    if words[-1] in ADJECTIVES[told.language] or words[-1] in TITLES or is_common(words[-1], told):
        return False
    if is_joined(run, told):
        return False
    often = count(told.texts, run) >= LEAST_MENTIONS or sum(has(each, run) for each in told.titles) > 1
    return often and has(told.opening, run.rsplit(maxsplit=1)[-1]) and not is_part(run, told)
