"""The steps of an edition's history, as its page lists them. All acts that one sent form stored are one step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from digest.edition.history import Deed, last_undone
from digest.pipeline.editions.history_lines import Step
from digest.web.desk.editions.marks import Mark

STEPS = 40
"""Most steps that a page lists."""
TAKEN_BACK_OR_AGAIN = (" — undone", " — done again")
"""The endings of the texts of steps that undo or repeat an earlier one (see ``pipeline/editions/history_lines``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A step of an edition's history. ``id`` is the number of its last act, ``ids`` are those of all its acts."""

    id: int
    words: str
    who: str
    at: datetime
    when: str
    taken_back: bool
    can_undo: bool
    can_redo: bool
    ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasts:
    """An edition's history as a page lists it: the latest steps (newest first), and what to undo or redo next."""

    latest: tuple[Past, ...]
    older: int
    """How many earlier steps are not listed."""
    last: Past | None
    """The step that an undo would take back; None without one."""
    again: Past | None
    """The step that was undone last and can be redone; None without one."""


def history_of(steps: Sequence[Step], deeds: Sequence[Deed], marks: Iterable[Mark], zone: ZoneInfo) -> Pasts:
    """Return the history of an edition: the steps of its editors, and the actions on the whole edition (``marks``).

    Times are in ``zone``.
    """
    pasts = pasts_of(steps, zone)
    history = sorted((*pasts, *_marked(marks, zone)), key=lambda past: past.at)
    return Pasts(
        latest=tuple(history[-STEPS:][::-1]),
        older=max(0, len(history) - STEPS),
        last=next((past for past in reversed(pasts) if past.can_undo), None),
        again=_again_of(deeds, pasts),
    )


def pasts_of(steps: Sequence[Step], zone: ZoneInfo) -> tuple[Past, ...]:
    """Return the steps of the history from single acts, the oldest first.

    Acts with the same author and the same time are one step.
    """
    pressed = groupby(steps, key=lambda step: (step.at, step.author, step.takes_back, step.taken_back))
    return tuple(_past(tuple(group), zone) for _, group in pressed)


def _past(steps: Sequence[Step], zone: ZoneInfo) -> Past:
    last = steps[-1]
    return Past(
        id=last.id,
        words=_joined([step.words for step in steps]),
        who=last.author or "somebody",
        at=last.at,
        when=f"{last.at.astimezone(zone):%H:%M}",
        taken_back=last.taken_back,
        can_undo=not last.takes_back and not last.taken_back,
        can_redo=last.taken_back,
        ids=tuple(step.id for step in steps),
    )


def _joined(words: Sequence[str]) -> str:
    """Join the texts of several acts. An ending that all have, such as " — undone", is kept once."""
    ending = next((one for one in TAKEN_BACK_OR_AGAIN if all(text.endswith(one) for text in words)), "")
    return "; ".join(text.removesuffix(ending) for text in words) + ending


def _marked(marks: Iterable[Mark], zone: ZoneInfo) -> Iterator[Past]:
    for mark in marks:
        yield Past(
            id=0,
            words=mark.words,
            who=mark.who,
            at=mark.at,
            when=f"{mark.at.astimezone(zone):%H:%M}",
            taken_back=False,
            can_undo=False,
            can_redo=False,
        )


def _again_of(deeds: Sequence[Deed], pasts: Sequence[Past]) -> Past | None:
    """Return the step that was undone last."""
    last = last_undone(deeds)
    return next((past for past in pasts if last is not None and last.id in past.ids and past.can_redo), None)
