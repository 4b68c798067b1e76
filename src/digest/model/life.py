"""The life of an edition: its states, and which moves are allowed in each.

::

    planned, ready, held, approved  --->  sending, sent, paused, cancelled
    (nobody has it)         |   freeze    (readers have, or may have, it)
                            +---> skipped

``MOVES`` is the only table of the moves. Storage builds its SQL from it; the clock, the commands and the pages read
it. Once a letter is frozen (``FROZEN``), no move leads back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from digest.model.edition import EditionState

if TYPE_CHECKING:
    from digest.settings import EditionSettings

S = EditionState


class Cause(Enum):
    """Who or what brought an edition into its state, such as held or skipped; stored with the state."""

    NONE = ""
    STORIES = "stories"
    """Too few stories."""
    EDITOR = "editor"
    OPERATOR = "operator"
    CHECK = "check"
    """A check found something wrong that letters need: a key, a template, the disk."""
    CLOCK = "clock"
    """Its window closed before the edition was sent."""


PERSONS = frozenset({Cause.EDITOR, Cause.OPERATOR})
_ANY = frozenset(Cause)


class Move(Enum):
    """A change of an edition."""

    COMPOSE = "compose"
    EDIT = "edit"
    APPROVE = "approve"
    UNAPPROVE = "unapprove"
    """An approved edition cannot be rendered. It is a draft again, and is composed without the story that failed."""
    HOLD = "hold"
    STOP = "stop"
    """The check before sending found an error. The edition continues when the error is repaired."""
    SKIP = "skip"
    MISS = "miss"
    """The window of the edition closed, so the program skips it."""
    TAKE_UP = "take up"
    """Send an edition on purpose after its window has closed."""
    FREEZE = "freeze"
    """Make its letter and its audience final, and begin to send."""
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    FINISH = "finish"
    AMEND = "amend"
    """Replace the letter for the readers who have not received it yet."""
    RESEND = "resend"
    REOPEN = "reopen"
    """Letters were queued again after it was sent."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Where a move may start and where it leads; an empty ``to`` keeps the state."""

    sources: frozenset[EditionState]
    to: frozenset[EditionState] = frozenset()
    causes: frozenset[Cause] = _ANY
    """The move may start only when the state has one of these causes."""
    leaves: Cause = Cause.NONE
    """The cause that the move stores with the new state, if it always stores the same one."""

    def allows(self, state: EditionState, cause: Cause = Cause.NONE) -> bool:
        """Return whether the move is allowed in that state with that cause."""
        return state in self.sources and cause in self.causes


def _rule(*sources: EditionState, to: EditionState | None = None, by: Cause = Cause.NONE) -> Rule:
    return Rule(frozenset(sources), frozenset() if to is None else frozenset({to}), leaves=by)


MOVES: Mapping[Move, Rule] = {
    Move.COMPOSE: Rule(frozenset({S.PLANNED, S.READY, S.HELD}), frozenset({S.READY, S.HELD, S.SKIPPED})),
    Move.EDIT: _rule(S.PLANNED, S.READY, S.HELD),
    Move.APPROVE: _rule(S.READY, S.HELD, S.APPROVED, to=S.APPROVED),
    Move.UNAPPROVE: _rule(S.APPROVED, to=S.READY),
    Move.HOLD: _rule(S.READY, S.APPROVED, S.HELD, to=S.HELD, by=Cause.EDITOR),
    Move.STOP: Rule(
        frozenset({S.PLANNED, S.READY, S.APPROVED, S.HELD}),
        frozenset({S.HELD}),
        causes=_ANY - {Cause.EDITOR, Cause.STORIES},
        leaves=Cause.CHECK,
    ),
    Move.SKIP: _rule(S.PLANNED, S.READY, S.HELD, S.APPROVED, S.SKIPPED, to=S.SKIPPED, by=Cause.EDITOR),
    Move.MISS: Rule(
        frozenset({S.PLANNED, S.READY, S.HELD, S.APPROVED}),
        frozenset({S.SKIPPED}),
        causes=_ANY - {Cause.EDITOR},
        leaves=Cause.CLOCK,
    ),
    Move.TAKE_UP: Rule(frozenset({S.SKIPPED}), frozenset({S.PLANNED}), causes=frozenset({Cause.CLOCK})),
    Move.FREEZE: _rule(S.READY, S.APPROVED, to=S.SENDING),
    Move.PAUSE: _rule(S.SENDING, to=S.PAUSED, by=Cause.OPERATOR),
    Move.RESUME: _rule(S.PAUSED, to=S.SENDING),
    Move.CANCEL: _rule(S.SENDING, S.PAUSED, to=S.CANCELLED, by=Cause.OPERATOR),
    Move.FINISH: _rule(S.SENDING, to=S.SENT),
    Move.AMEND: _rule(S.PAUSED),
    Move.RESEND: _rule(S.SENDING, S.SENT, S.PAUSED),
    Move.REOPEN: _rule(S.SENT, to=S.SENDING),
}
UNSENT = frozenset({S.PLANNED, S.READY, S.HELD, S.APPROVED})
"""States of editions that no reader has received and that may still be sent.

The settings decide when they are due, and until when.
"""
FROZEN = frozenset({S.SENDING, S.SENT, S.PAUSED, S.CANCELLED})
"""States of editions whose letter and audience are final: readers have received the letter, or may have."""


def may(move: Move, state: EditionState, cause: Cause = Cause.NONE) -> bool:
    """Return whether the move is allowed in that state with that cause."""
    return MOVES[move].allows(state, cause)


def goes_by_itself(state: EditionState, cause: Cause = Cause.NONE) -> bool:
    """Return whether the program may send or skip an edition without an editor.

    An edition held by the editor waits for the editor.
    """
    return may(Move.MISS, state, cause)


def waits_for_stories(state: EditionState, cause: Cause) -> bool:
    """Return whether an edition is held for too few stories, or by the check.

    It is composed again, and may then be sent.
    """
    return state is S.HELD and cause is not Cause.EDITOR


def approved_until(plan: EditionSettings, due: datetime) -> datetime | None:
    """Return when an edition is sent without approval (UTC); None when it always needs approval."""
    minutes = plan.approval_deadline_minutes
    return due + timedelta(minutes=minutes) if minutes else None


def waits_for_approval(plan: EditionSettings, state: EditionState, due: datetime, now: datetime) -> bool:
    """Return whether an unsent edition still needs its editor's approval; ``due`` is from the settings."""
    if plan.approval == "auto" or state not in UNSENT - {S.APPROVED}:
        return False
    until = approved_until(plan, due)
    return until is None or now < until


def in_words(state: EditionState, cause: Cause, reason: str) -> str:
    """Return a state with its reason, as in ``held by the editor`` or ``held: 2 stories, and the floor is 3``."""
    return f"{state.value} {reason}" if cause in PERSONS else ": ".join(filter(None, (state.value, reason)))
