"""The history of an edition as text: stored with it, listed by ``edit --list`` and shown at the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from digest.edition.act_words import in_words
from digest.edition.acts import OriginalTitle, Redo, Retitle, StoryName, Undo
from digest.edition.history import Deed, kind_of, undone
from digest.model.edition import Edition

HISTORY = "history"
"""Key of the history in the stored record of an edition."""
Facts = Sequence[Mapping[str, Any]]
"""The stories in the stored record of an edition: what is known of each, as composing stored it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One act as text. ``taken_back`` means that it is undone at present."""

    id: int
    words: str
    author: str
    at: datetime
    taken_back: bool
    takes_back: bool
    """Whether it is itself an undo or a redo, which is shown and cannot be undone."""


def steps(deeds: Sequence[Deed], facts: Facts, edition: Edition | None = None) -> tuple[Step, ...]:
    """Return the acts as text, oldest first.

    Stories are named by the headlines in ``edition``, or else by those in ``facts``.
    """
    gone, words = undone(deeds), _words(deeds, facts, edition)
    return tuple(
        Step(
            id=deed.id,
            words=words[deed.id],
            author=deed.author,
            at=deed.at,
            taken_back=deed.id in gone,
            takes_back=isinstance(deed.act, Undo | Redo),
        )
        for deed in deeds
    )


def _words(deeds: Sequence[Deed], facts: Facts, edition: Edition | None) -> dict[int, str]:
    """Return the text of each act by its number.

    An undo and a redo name their act; a new headline names the first one.
    """
    printed = {item.story_id: item.headline for item in (edition.items if edition else ())}
    first = headlines(facts)
    now = headlines([{**story, "headline": printed.get(story["id"], story["headline"])} for story in facts])
    words: dict[int, str] = {}
    for deed in deeds:
        match deed.act:
            case Undo(of=number) if number in words:
                words[deed.id] = f"{words[number]} — undone"
            case Redo(of=number) if number in words:
                words[deed.id] = f"{words[number]} — done again"
            case Retitle() | OriginalTitle():
                words[deed.id] = in_words(deed.act, first)
            case _:
                words[deed.id] = in_words(deed.act, now)
    return words


def history_lines(deeds: Sequence[Deed], facts: Facts) -> list[dict[str, Any]]:
    """Return the history in the form in which it is stored with an edition."""
    kinds = {deed.id: kind_of(deed.act) for deed in deeds}
    return [
        {
            "id": step.id,
            "act": kinds[step.id],
            "words": step.words,
            "author": step.author,
            "at": step.at.isoformat(),
            "taken_back": step.taken_back,
        }
        for step in steps(deeds, facts)
    ]


def headlines(facts: Facts) -> Callable[[StoryName], str]:
    """Return a function that finds the headline of a story which an act names; empty when the story is gone."""
    ready = [(story["id"], frozenset(_urls(story)), story["headline"]) for story in facts if story["memory"]]

    def headline(name: StoryName) -> str:
        found = next((title for story_id, _, title in ready if story_id == name.story_id), "")
        return found or next((title for _, urls, title in ready if not urls.isdisjoint(name.urls)), "")

    return headline


def _urls(story: Mapping[str, Any]) -> Iterable[str]:
    return (article["url"] for article in story["articles"])
