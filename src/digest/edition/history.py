"""The history of the editor's acts on an edition: acts are only added, each with its number, author and time.

An undone act stays in the history, together with the act that undid it. So every step can be undone and redone, and the
record shows who did what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from digest.edition.acts import (
    Act,
    AddArticle,
    ChooseBullets,
    Drop,
    HouseLine,
    LinkTo,
    Merge,
    Move,
    NoteAct,
    Order,
    OriginalTitle,
    OwnItem,
    Photo,
    Pin,
    Preheader,
    Redo,
    Restore,
    Retitle,
    ShowPart,
    Split,
    StoryName,
    Subject,
    ToBlock,
    Undo,
    named,
)
from digest.model.checks import aware

_KINDS: Mapping[str, type[Act]] = {
    "note": NoteAct,
    "pin": Pin,
    "drop": Drop,
    "merge": Merge,
    "retitle": Retitle,
    "move": Move,
    "block": ToBlock,
    "order": Order,
    "restore": Restore,
    "split": Split,
    "original-title": OriginalTitle,
    "bullets": ChooseBullets,
    "link": LinkTo,
    "photo": Photo,
    "subject": Subject,
    "preheader": Preheader,
    "own": OwnItem,
    "add": AddArticle,
    "house": HouseLine,
    "part": ShowPart,
    "undo": Undo,
    "redo": Redo,
}
"""The name under which an act is stored. A name is never reused for another act."""
for _kind in _KINDS.values():
    msgspec.json.Decoder(_kind)  # msgspec learns a type at its first use, and crashes when two threads do so at once
_ORDERS = (Pin, Move, Order)
_WHOLE = (Drop, Restore, Merge, Split)
"""Acts that change everything that another act on the same story could change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """An act in the history, with its author and time. ``id`` increases from act to act, across all editions."""

    id: int
    act: Act
    author: str
    """Who did it. Empty when the author was not recorded."""
    at: datetime

    def __post_init__(self) -> None:
        aware("Deed.at", self.at)


def written(act: Act) -> dict[str, Any]:
    """Return an act in its stored form. :func:`read` is the inverse."""
    return {"act": kind_of(act), **msgspec.to_builtins(act)}


def kind_of(act: Act) -> str:
    """Return the name under which an act is stored."""
    return next(name for name, kind in _KINDS.items() if isinstance(act, kind))


def read(stored: Mapping[str, Any]) -> Act:
    """Return the act of a stored form. Raises msgspec.ValidationError when the form is not that of a known act."""
    act: Act = msgspec.convert({name: value for name, value in stored.items() if name != "act"}, _KINDS[stored["act"]])
    return act


def undone(deeds: Iterable[Deed]) -> frozenset[int]:
    """Return the numbers of the acts that are undone."""
    gone: set[int] = set()
    for deed in deeds:
        match deed.act:
            case Undo(of=number):
                gone.add(number)
            case Redo(of=number):
                gone.discard(number)
    return frozenset(gone)


def in_effect(deeds: Sequence[Deed]) -> tuple[Deed, ...]:
    """Return the acts in effect, in the order in which they were first done."""
    gone = undone(deeds)
    return tuple(deed for deed in deeds if not isinstance(deed.act, Undo | Redo) and deed.id not in gone)


def last_done(deeds: Sequence[Deed]) -> Deed | None:
    """Return the act that an undo without a number would undo: the newest in effect."""
    return next(reversed(in_effect(deeds)), None)


def last_undone(deeds: Sequence[Deed]) -> Deed | None:
    """Return the act that a redo without a number would redo: the one that was undone last."""
    gone = undone(deeds)
    numbers = [deed.act.of for deed in deeds if isinstance(deed.act, Undo) and deed.act.of in gone]
    return next((deed for deed in deeds if numbers and deed.id == numbers[-1]), None)


def objection(act: Act, deeds: Sequence[Deed]) -> str:
    """Return why an undo or a redo is impossible, as text. Empty when it is possible, and for every other act."""
    if not isinstance(act, Undo | Redo):
        return ""
    deed = next((deed for deed in deeds if deed.id == act.of), None)
    if deed is None or isinstance(deed.act, Undo | Redo):
        return f"no act has the number {act.of}"
    if isinstance(act, Undo) == (act.of in undone(deeds)):
        return f"act {act.of} is taken back already" if isinstance(act, Undo) else f"act {act.of} holds"
    return ""


def clashes(act: Act, since: Iterable[Deed]) -> tuple[Deed, ...]:
    """Return the acts of ``since``, done after the editor last loaded the draft, that conflict with this act.

    Acts conflict when they change the same thing. Acts on different stories, or on different parts of one story, do
    not.
    """
    return tuple(deed for deed in since if _clash(act, deed))


def _clash(act: Act, deed: Deed) -> bool:
    other = deed.act
    if isinstance(other, Undo | Redo):
        return isinstance(act, Undo | Redo) and act.of == other.of
    if isinstance(act, Undo | Redo):
        return False
    if isinstance(act, _ORDERS) and isinstance(other, _ORDERS):
        return isinstance(act, Order) or isinstance(other, Order) or _meet(named(act), named(other))
    if isinstance(act, ShowPart) and isinstance(other, ShowPart):
        return (act.part, act.key) == (other.part, other.key) and (act.story is None or _meet(named(act), named(other)))
    if not named(act):
        return type(act) is type(other) and not isinstance(act, OwnItem | AddArticle)
    alike = type(act) is type(other) or isinstance(act, _WHOLE) or isinstance(other, _WHOLE) or _both_titles(act, other)
    return alike and _meet(named(act), named(other))


def _both_titles(act: Act, other: Act) -> bool:
    return isinstance(act, Retitle | OriginalTitle) and isinstance(other, Retitle | OriginalTitle)


def _meet(ones: Iterable[StoryName], others: Sequence[StoryName]) -> bool:
    return any(one.meets(other) for one in ones for other in others)
