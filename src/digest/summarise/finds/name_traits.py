"""How sure a name stands for its story: traits of the name in the headline and the texts, each with a weight."""
# ruff: noqa: RUF001 - apostrophes and dashes of several languages are the subject here

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from digest.summarise.finds.name_events import BESIDE, BROAD, VAGUE_EVENTS
from digest.summarise.finds.name_happened import is_background
from digest.summarise.finds.name_people import CAPITAL
from digest.summarise.finds.name_roles import roles
from digest.summarise.finds.name_words import HEADS, TITLES
from digest.summarise.finds.telling import Telling, before, count, has, places
from digest.text.patterns import compiled
from digest.text.similarity import terms

Kind = Literal["person", "name", "acronym", "word", "event", "phrase"]
"""A person in full, a name of several words, one word in capitals, another word, "Norrhaven trial", "salt tax"."""
WEIGHTS = {
    "always": -1.0,
    "person": 1.3,
    "name": 1.9,
    "acronym": 1.2,
    "word": -0.3,
    "event": 2.0,
    "phrase": 1.3,
    "begins": 0.5,
    "label": 0.7,
    "earlier names": -0.3,
    "shared": 0.3,
    "first lines": 0.4,
    "mentions": 0.9,
    "share": 1.9,
    "head of state": -0.6,
    "listed": -0.7,
    "beside": -1.8,
    "joined": -1.1,
    "not in the headline": -0.6,
    "everyday event": -1.0,
    "own fate": 0.7,
    "proposes": -1.0,
    "source": -2.0,
    "of a thing": -1.6,
    "with its words": 0.8,
    "office before it": -0.3,
    "beside the subject": -0.5,
    "vague noun": -1.8,
    "background": -1.0,
}
"""Log odds. For each of 315 names of stories, two readers judged it apart from each other; weights fitted to
both, and rounded."""
MOST_MENTIONS = 8
FEW_WORDS = 3
"""A person after so few words, and after no other name, is still the subject."""
_LIST = r"(?:,| and| und| et| y| &| or)"
_LABEL = r"^.{0,40}[:–—] "
_NEAR_TEXT = 3_000
"""So many characters of the texts are searched for sentences with a name."""
_USUAL = 0.5
"""A share of the headline's words that is usual in sentences with a name."""
_LEAST_BROAD = 5
"""Shorter names of everyday news are looked for as whole names only: "un" is in many words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name that could stand for a story: its words, as the headline or the texts have it, and its kind."""

    words: str
    run: str
    kind: Kind

    @property
    def key(self) -> str:
        """What other titles have of it: the surname of a person, the whole of an event."""
        return self.run if self.is_phrase else self.run.rsplit(maxsplit=1)[-1]

    @property
    def is_phrase(self) -> bool:
        """Whether a common noun is in it."""
        return self.kind in ("event", "phrase")

    @property
    def core(self) -> str:
        """What the texts count of it: the name of an event, else all of it."""
        if self.kind != "event":
            return self.run
        return next(word for word in reversed(self.run.split()) if word[:1].isupper()).split("-")[0]


def sureness(found: dict[str, float]) -> tuple[float, dict[str, float]]:
    """Return how sure a name with these traits is, from 0 to 1, and the log odds that each trait adds."""
    parts = {trait: WEIGHTS[trait] * value for trait, value in found.items() if value}
    odds = WEIGHTS["always"] + sum(parts.values())
    return 1 / (1 + math.exp(-odds)), parts


def traits(name: Name, told: Telling, runs: Sequence[str]) -> dict[str, float]:
    """Return the traits of a name. ``runs`` are the names of the headline, in their order."""
    at = told.headline.casefold().find(name.run.casefold())
    found = {name.kind: 1.0, "not in the headline": float(at < 0), **_uses(name, told)}
    if name.is_phrase:
        everyday = any(broad in name.run.casefold() for broad in BROAD if len(broad) >= _LEAST_BROAD)
        vague = compiled(rf"\b(?:{VAGUE_EVENTS})\b").search(name.run) and told.language == "en"
        return found | {
            "everyday event": float(everyday),
            "vague noun": float(bool(vague)),
            "background": float(is_background(name.run, told)),
        }
    found |= roles(name.key, told) | {"with its words": _with_its_words(name, told)}
    found["head of state"] = float(_is_head(name.key, told))
    return found if at < 0 else found | _place(name, at, told, runs) | _neighbours(name, at, told)


def _uses(name: Name, told: Telling) -> dict[str, float]:
    """Return how the other titles and the texts use a name."""
    others = told.titles[1:]
    having = sum(name.key.casefold() in title.casefold() for title in others)
    run, core = (name.run.casefold(), name.run.casefold()) if name.kind == "phrase" else (name.run, name.core)
    return {
        "shared": 2 * having / len(others) - 0.6 if others else 0.0,
        "mentions": min(count(told.texts, run), MOST_MENTIONS) / MOST_MENTIONS,
        "first lines": float(has(told.first_lines, core.rsplit(maxsplit=1)[-1])),
        "share": 0.3 if name.kind == "phrase" else min(1.0, count(told.texts, core) / told.most) - 0.4,
    }


def _with_its_words(name: Name, told: Telling) -> float:
    """Return which share of the headline's other words is in sentences with the name, less what is usual."""
    own = set(terms(told.headline)) - set(terms(name.words))
    beside: set[str] = set().union(*(words for line, words in _lines(told.texts[:_NEAR_TEXT]) if name.key in line))
    return len(own & beside) / len(own) - _USUAL if own else 0.0


@lru_cache(maxsize=8)
def _lines(texts: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the sentences of texts with their words; the names of a story are looked for one after another."""
    lines = compiled(r"(?<=[a-zà-ÿß\d][.!?”\"])\s|\n").split(texts)
    return tuple((line, frozenset(terms(line))) for line in lines)


def _is_head(surname: str, told: Telling) -> bool:
    """Return whether the texts name somebody as the head of a state or a church, or as a former one."""
    head = compiled(rf"(?<!vice )(?<!\w)(?i:{HEADS[told.language]})\s(?:{CAPITAL}\S*\s){{0,2}}\Z")
    return any(
        head.search(before(told.texts, at)) and not told.texts.startswith(" Jr", at + len(surname))
        for at in places(told.texts, surname)
    )


def _place(name: Name, at: int, told: Telling, runs: Sequence[str]) -> dict[str, float]:
    """Return where in the headline a name is."""
    led, behind = told.headline[:at], told.headline[at + len(name.run) :]
    words = compiled(_LABEL).sub("", led).split()
    earlier = [run for run in runs if run not in name.run and 0 <= told.headline.find(run) < at]
    first = name.kind == "person" and len(words) <= FEW_WORDS and not earlier
    last = words[-1].strip(".,").casefold() if words else ""
    titled = all(word.strip(".,").casefold() in TITLES or len(word) < 2 for word in words)  # noqa: PLR2004 - "M."
    return {
        "begins": float(titled or first),
        "office before it": float(last in TITLES),
        "label": float(not led and behind.lstrip(" \u202f\xa0").startswith(":")),
        "earlier names": float(min(2, sum(run.casefold() not in BROAD for run in earlier))),
    }


def _neighbours(name: Name, at: int, told: Telling) -> dict[str, float]:
    """Return what the words of the headline around a name say of it."""
    led, behind = told.headline[:at], told.headline[at + len(name.run) :]
    in_list = compiled(rf"{_LIST} {CAPITAL}").match(behind) or compiled(rf"{CAPITAL}[\w-]+{_LIST} \Z").search(led)
    described = compiled(rf"(?:['’]s?)? (?:\w+ )?(?:{BESIDE})\b").match(behind) if told.language == "en" else None
    return {
        "listed": float(bool(in_list)),
        "beside": float(bool(described)),
        "joined": float(told.language != "de" and bool(compiled(rf" {CAPITAL}").match(behind))),
    }
