"""Stores acts, all of them or none, and composes the edition again with all acts in effect.

acts ─ checked against those stored since the editor loaded the draft ─▶ stored ─▶ composed from the same articles
"""

from __future__ import annotations

from collections.abc import Sequence

from digest.edition.acts import Act, Redo, Undo
from digest.edition.calendar import Occurrence
from digest.edition.history import Deed, clashes, last_done, last_undone, objection, read, written
from digest.errors import EditionClosed, LostRace, NothingToTell, RefusedAct
from digest.logs import get_logger
from digest.model.edition import EditionState
from digest.model.life import Move
from digest.pipeline.editions.again import deeds_of
from digest.pipeline.editions.composing import Composed, compose_edition
from digest.pipeline.editions.history_lines import steps
from digest.pipeline.runtime import Runtime
from digest.storage.desk import StoredAct
from digest.storage.editions import StoredEdition

log = get_logger()


def do_acts(
    runtime: Runtime,
    due: Occurrence,
    row: StoredEdition,
    acts: Sequence[Act],
    *,
    author: str = "",
    seen: int | None = None,
) -> Composed:
    """Store acts on an edition and compose it again from the same articles, with all acts in effect.

    ``author`` is who did them. ``seen`` is the number of the newest act that the editor saw; None skips the check for
    conflicts. Nothing is stored unless every act can be done. Raises RefusedAct for an undo or redo that is not
    possible, LostRace when somebody changed the same thing since ``seen``, EditionClosed when the edition is approved,
    sent or skipped, and NothingToTell before it is composed.
    """
    store_acts(runtime, row, acts, author=author, seen=seen)
    return compose_edition(runtime, due, fresh=False)


def store_acts(
    runtime: Runtime, row: StoredEdition, acts: Sequence[Act], *, author: str = "", seen: int | None = None
) -> None:
    """Store acts on an edition, all of them or none; see ``do_acts``."""
    require_draft(row)
    refuse_closed(row)

    def judge(_: StoredEdition, stored: Sequence[StoredAct]) -> None:
        deeds = tuple(Deed(id=one.id, act=read(one.act), author=one.author, at=one.at) for one in stored)
        for act in acts:
            _judge(row, act, deeds, seen)

    now = runtime.clock()
    if not runtime.stores.desk.add(row.id, tuple(map(written, acts)), now, author=author, judge=judge):
        refuse_closed(runtime.stores.editions.get(row.key) or row)
        raise EditionClosed(f"{row.key} was closed meanwhile, and nothing was changed")
    log.info("edition edited", edition=str(row.key), acts=len(acts))


def _judge(row: StoredEdition, act: Act, deeds: Sequence[Deed], seen: int | None) -> None:
    if problem := objection(act, deeds):
        raise RefusedAct(f"{row.key}: {problem}")
    since = [deed for deed in deeds if seen is not None and deed.id > seen]
    lost = clashes(act, since)
    if lost:
        told = steps(lost, row.seen.get("stories", ()), row.edition)
        words = "; ".join(f"{step.words} ({step.author or 'somebody'}, {step.at:%H:%M} UTC)" for step in told)
        raise LostRace(f"{row.key}: changed since you looked, so nothing was done: {words}")


def the_undo(runtime: Runtime, row: StoredEdition, number: int | None = None) -> Undo:
    """Return the act that undoes the act with this number, or without a number the newest in effect.

    Raises RefusedAct.
    """
    last = last_done(deeds_of(runtime.stores, row))
    if number is not None:
        return Undo(of=number)
    if last is None:
        raise RefusedAct(f"{row.key}: there is no act to take back")
    return Undo(of=last.id)


def the_redo(runtime: Runtime, row: StoredEdition, number: int | None = None) -> Redo:
    """Return the act that redoes the act with this number, or without a number the last undone one.

    Raises RefusedAct.
    """
    last = last_undone(deeds_of(runtime.stores, row))
    if number is not None:
        return Redo(of=number)
    if last is None:
        raise RefusedAct(f"{row.key}: no act was taken back")
    return Redo(of=last.id)


def require_draft(row: StoredEdition) -> None:
    """Raise NothingToTell when an edition was never composed, or has no story."""
    if row.edition is None:
        day = f"--edition {row.key.name} --date {row.key.date}"
        why = f"has no story to send ({row.in_words})" if row.reason else "is not composed yet"
        raise NothingToTell(f"{row.key} {why}: digest compose {day}")


def refuse_closed(row: StoredEdition) -> None:
    """Raise EditionClosed when the edition's state allows no editing."""
    if row.may(Move.EDIT) or row.may(Move.AMEND):
        return
    first = f"; to edit it: digest hold {row.key}" if row.state is EditionState.APPROVED else ""
    raise EditionClosed(f"{row.key} is {row.state.value} and cannot be edited{first}")
