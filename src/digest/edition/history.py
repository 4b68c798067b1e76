"""What was done to an edition by hand: append-only, each act with its number, its author and its time.

An act that is taken back stays in the history, with the act that took it back: so every step can be undone and done
again by anybody, and the record tells who did what.
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
    "undo": Undo,
    "redo": Redo,
}
"""The name under which an act is stored. Names are never given to another act."""
for _kind in _KINDS.values():
    msgspec.json.Decoder(_kind)  # msgspec learns a type at its first use, and crashes when two threads do so at once
_ORDERS = (Pin, Move, Order)
_WHOLE = (Drop, Restore, Merge, Split)
"""Acts that change all that another act on the same story could change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """An act as it was done; ``id`` grows from act to act, also over editions."""

    id: int
    act: Act
    author: str
    """Who did it; empty where that was not noted."""
    at: datetime

    def __post_init__(self) -> None:
        aware("Deed.at", self.at)


def written(act: Act) -> dict[str, Any]:
    """Return an act in the form in which it is stored; :func:`read` gives it back."""
    return {"act": kind_of(act), **msgspec.to_builtins(act)}


def kind_of(act: Act) -> str:
    """Return the name under which an act is stored."""
    return next(name for name, kind in _KINDS.items() if isinstance(act, kind))


def read(stored: Mapping[str, Any]) -> Act:
    """Return the act that was written; msgspec.ValidationError when another version wrote it differently."""
    act: Act = msgspec.convert({name: value for name, value in stored.items() if name != "act"}, _KINDS[stored["act"]])
    return act


def undone(deeds: Iterable[Deed]) -> frozenset[int]:
    """Return the numbers of the acts that are taken back."""
    gone: set[int] = set()
    for deed in deeds:
        match deed.act:
            case Undo(of=number):
                gone.add(number)
            case Redo(of=number):
                gone.discard(number)
    return frozenset(gone)


def in_effect(deeds: Sequence[Deed]) -> tuple[Deed, ...]:
    """Return the acts that hold, in the order in which they were done first."""
    gone = undone(deeds)
    return tuple(deed for deed in deeds if not isinstance(deed.act, Undo | Redo) and deed.id not in gone)


def last_done(deeds: Sequence[Deed]) -> Deed | None:
    """Return the act that an undo without a number takes back: the newest that holds."""
    return next(reversed(in_effect(deeds)), None)


def last_undone(deeds: Sequence[Deed]) -> Deed | None:
    """Return the act that a redo without a number does again: the one that was taken back last."""
    gone = undone(deeds)
    numbers = [deed.act.of for deed in deeds if isinstance(deed.act, Undo) and deed.act.of in gone]
    return next((deed for deed in deeds if numbers and deed.id == numbers[-1]), None)


def objection(act: Act, deeds: Sequence[Deed]) -> str:
    """Return why an undo or a redo cannot be done, in words; empty when it can, and for every other act."""
    if not isinstance(act, Undo | Redo):
        return ""
    deed = next((deed for deed in deeds if deed.id == act.of), None)
    if deed is None or isinstance(deed.act, Undo | Redo):
        return f"no act has the number {act.of}"
    if isinstance(act, Undo) == (act.of in undone(deeds)):
        return f"act {act.of} is taken back already" if isinstance(act, Undo) else f"act {act.of} holds"
    return ""


def clashes(act: Act, since: Iterable[Deed]) -> tuple[Deed, ...]:
    """Return those of the acts done ``since`` the editor looked that change what this act changes, too.

    Acts on different stories, and on different things of one story, do not disturb each other.
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
    if not named(act) or not named(other):
        return type(act) is type(other) and not isinstance(act, OwnItem | AddArticle)
    alike = type(act) is type(other) or isinstance(act, _WHOLE) or isinstance(other, _WHOLE) or _both_titles(act, other)
    return alike and _meet(named(act), named(other))


def _both_titles(act: Act, other: Act) -> bool:
    return isinstance(act, Retitle | OriginalTitle) and isinstance(other, Retitle | OriginalTitle)


def _meet(ones: Iterable[StoryName], others: Sequence[StoryName]) -> bool:
    return any(one.meets(other) for one in ones for other in others)
