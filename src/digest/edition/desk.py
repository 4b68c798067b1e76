"""The editor's acts on a draft. They are stored apart from what was computed, and applied at each composition.

An act names a story by its id and by the URLs it had then, so that it still finds the story when an earlier article
has joined it since and changed its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from digest.edition.memory import MemoryVerdict
from digest.edition.telling import Telling
from digest.model.edition import Note
from digest.model.ids import StoryId
from digest.model.story import Story
from digest.text.words import count_words

NOTE_WORDS = 60
HEADLINE_CHARACTERS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryName:
    """How an act names its story."""

    story_id: StoryId
    urls: tuple[str, ...] = ()
    """Canonical URLs of the story's articles when the editor acted."""

    def names(self, story: Story) -> bool:
        """Tell whether this is the story: the same id, or an article in common."""
        return story.id == self.story_id or any(article.url in self.urls for article in story.articles)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAct:
    """The editor's greeting, at most NOTE_WORDS words; an empty text takes an earlier one back."""

    text: str
    author: str = ""

    def __post_init__(self) -> None:
        if (count := count_words(self.text)) > NOTE_WORDS:
            raise ValueError(f"a note has at most {NOTE_WORDS} words, this one has {count}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Put a story first; of several pins the first made stands highest."""

    story: StoryName


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Leave a story out."""

    story: StoryName


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Tell ``other`` as a part of ``story``."""

    story: StoryName
    other: StoryName


@dataclass(frozen=True, slots=True, kw_only=True)
class Retitle:
    """Give a story another headline."""

    story: StoryName
    headline: str

    def __post_init__(self) -> None:
        if not 0 < len(self.headline.strip()) <= HEADLINE_CHARACTERS:
            raise ValueError(f"a headline has 1 to {HEADLINE_CHARACTERS} characters")


Act = NoteAct | Pin | Drop | Merge | Retitle
_KINDS: Mapping[str, type[Act]] = {"note": NoteAct, "pin": Pin, "drop": Drop, "merge": Merge, "retitle": Retitle}


def written(act: Act) -> dict[str, Any]:
    """Return an act in the form in which it is stored; :func:`read` gives it back."""
    kind = next(name for name, kind in _KINDS.items() if isinstance(act, kind))
    return {"act": kind, **msgspec.to_builtins(act)}


def read(stored: Mapping[str, Any]) -> Act:
    """Return the act that was written; msgspec.ValidationError when another version wrote it differently."""
    act: Act = msgspec.convert({name: value for name, value in stored.items() if name != "act"}, _KINDS[stored["act"]])
    return act


def note_of(acts: Iterable[Act]) -> Note | None:
    """Return the last note that the editor wrote; None without one, or when it was taken back."""
    notes = [act for act in acts if isinstance(act, NoteAct)]
    return Note(text=notes[-1].text.strip(), author=notes[-1].author) if notes and notes[-1].text.strip() else None


def edited(tellings: Sequence[Telling], acts: Iterable[Act]) -> tuple[Telling, ...]:
    """Return the tellings with the acts done to them in their order, pinned stories first.

    An act whose story is not there does nothing; :func:`idle` names those.
    """
    done = tuple(tellings)
    for act in acts:
        done = _do(act, done)
    return tuple(sorted(done, key=lambda telling: not telling.pinned))


def idle(tellings: Sequence[Telling], acts: Iterable[Act]) -> tuple[Act, ...]:
    """Return the acts whose story is not among the tellings, so that the editor can be told."""
    found: list[Act] = []
    done = tuple(tellings)
    for act in acts:
        if not isinstance(act, NoteAct) and not all(
            any(name.names(telling.story) for telling in done) for name in _named(act)
        ):
            found.append(act)
        done = _do(act, done)
    return tuple(found)


def _named(act: Pin | Drop | Merge | Retitle) -> tuple[StoryName, ...]:
    return (act.story, act.other) if isinstance(act, Merge) else (act.story,)


def _do(act: Act, tellings: tuple[Telling, ...]) -> tuple[Telling, ...]:
    match act:
        case NoteAct():
            return tellings
        case Pin(story=name):
            return _pinned(tellings, name)
        case Drop(story=name):
            return tuple(telling for telling in tellings if not name.names(telling.story))
        case Retitle(story=name, headline=headline):
            return tuple(
                replace(telling, headline=headline.strip()) if name.names(telling.story) else telling
                for telling in tellings
            )
        case Merge(story=name, other=other):
            return _merged(tellings, name, other)


def _pinned(tellings: tuple[Telling, ...], name: StoryName) -> tuple[Telling, ...]:
    """Return the tellings with the named ones after what was pinned before, and before all else."""
    before = tuple(telling for telling in tellings if telling.pinned)
    named = tuple(
        replace(telling, pinned=True) for telling in tellings if name.names(telling.story) and not telling.pinned
    )
    rest = tuple(telling for telling in tellings if not telling.pinned and not name.names(telling.story))
    return before + named + rest


def _merged(tellings: tuple[Telling, ...], name: StoryName, other: StoryName) -> tuple[Telling, ...]:
    target = next((telling for telling in tellings if name.names(telling.story)), None)
    taken = tuple(t for t in tellings if t is not target and other.names(t.story))
    if target is None:
        return tellings
    joined = target
    for telling in taken:
        joined = _joined(joined, telling)
    return tuple(joined if telling is target else telling for telling in tellings if telling not in taken)


def _joined(one: Telling, other: Telling) -> Telling:
    """Return one telling of both: its headline, lead and bullets first."""
    publishers = tuple(dict.fromkeys((*one.story.publishers, *other.story.publishers)))
    story = replace(
        one.story,
        articles=one.story.articles + other.story.articles,
        publishers=publishers,
        first_seen=min(one.story.first_seen, other.story.first_seen),
        score=max(one.story.score, other.story.score),
    )
    silent = one.recollection.verdict is MemoryVerdict.STILL_COVERED
    return replace(
        one,
        story=story,
        recollection=other.recollection if silent else one.recollection,
        bullets=one.bullets + other.bullets,
        pinned=one.pinned or other.pinned,
        credits=tuple(dict.fromkeys((*one.credits, *other.credits))),
        since=one.since or other.since,
    )
