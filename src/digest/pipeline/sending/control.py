"""The operator's commands for an edition being sent: pause, resume, cancel, send uncertain letters again, audit.

A sending run reads the edition's state in every transaction, so a command takes effect within a batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from digest.bookkeeping import Counts
from digest.errors import EditionClosed, TooLate
from digest.logs import get_logger
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.model.ids import EditionKey
from digest.model.life import FROZEN, MOVES, Move
from digest.pipeline.editions.lookup import find_edition
from digest.pipeline.runtime import Runtime
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition

log = get_logger()

BY_HAND = "by the operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Steered:
    """An edition after a command: its state, its letters, and how many of them the command itself changed."""

    key: EditionKey
    state: EditionState
    counts: Counts
    changed: int = 0


def pause(runtime: Runtime, reference: str) -> Steered:
    """Stop sending an edition; letters under way are finished. Raises EditionClosed."""
    row = _moved(runtime, reference, Move.PAUSE)
    return _standing(runtime, row)


def resume(runtime: Runtime, reference: str) -> Steered:
    """Resume a paused edition at the next ``send`` or tick. Raises EditionClosed, and TooLate past its expiry."""
    row = find_edition(runtime, reference)
    _refuse_expired(runtime, row)
    return _standing(runtime, _moved(runtime, reference, Move.RESUME))


def cancel(runtime: Runtime, reference: str) -> Steered:
    """Cancel an edition: letters that still wait are never sent. Raises EditionClosed when it is not being sent."""
    row = _moved(runtime, reference, Move.CANCEL)
    ended = Deliveries(runtime.stores.database, row.id).expire(runtime.clock(), f"cancelled {BY_HAND}")
    log.info("letters cancelled", edition=str(row.key), letters=ended)
    return _standing(runtime, row, ended)


def resend(runtime: Runtime, reference: str, *, rejected: bool = False, since: datetime | None = None) -> Steered:
    """Queue every letter with an uncertain result again: some readers may get it twice.

    With ``rejected``, queue instead the letters that a relay refused at ``since`` or later: no reader has got these.

    Raises EditionClosed unless the edition is sent, being sent or paused; TooLate past its expiry.
    """
    row = find_edition(runtime, reference)
    if not row.may(Move.RESEND):
        raise EditionClosed(f"{row.key} is {row.state.value}: there is nothing to send again")
    _refuse_expired(runtime, row)
    state = DeliveryState.REJECTED if rejected else DeliveryState.UNCERTAIN
    again = Deliveries(runtime.stores.database, row.id).resend(runtime.clock(), state, since)
    log.info("letters queued again", edition=str(row.key), letters=again, were=state.value)
    if _standing(runtime, row).counts.unfinished:
        runtime.stores.editions.move(row.id, Move.REOPEN, runtime.clock())
    return _standing(runtime, row, again)


def _moved(runtime: Runtime, reference: str, move: Move) -> StoredEdition:
    row, rule = find_edition(runtime, reference), MOVES[move]
    if not runtime.stores.editions.move(row.id, move, runtime.clock(), reason=BY_HAND):
        wanted = " or ".join(state.value for state in EditionState if state in rule.sources)
        raise EditionClosed(f"{row.key} is {row.state.value}: `digest {move.value}` is for one that is {wanted}")
    log.info("edition moved", edition=str(row.key), before=row.state.value, move=move.name.lower())
    return row


def _refuse_expired(runtime: Runtime, row: StoredEdition) -> None:
    if runtime.clock() >= row.expires:
        raise TooLate(f"{row.key} expired at {row.expires:%Y-%m-%d %H:%M} UTC: its letters are not sent any more")


def _standing(runtime: Runtime, row: StoredEdition, changed: int = 0) -> Steered:
    now = runtime.stores.editions.get(row.key) or row
    counts = Deliveries(runtime.stores.database, row.id).counts()
    return Steered(key=row.key, state=now.state, counts=counts, changed=changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The totals of one edition, computed from its rows; ``problems`` is empty when they are consistent."""

    key: EditionKey
    state: EditionState
    counts: Counts
    audience: int | None
    """Number of readers when it was frozen; None when it was not frozen, or the number was not stored."""
    problems: tuple[str, ...]


def audit(runtime: Runtime, reference: str) -> Audit:
    """Check the letters of an edition: each reader of its audience has one state, which fits the edition's state.

    The number of rows is compared with the number stored at freezing, so a deleted row is noticed. Raises
    UnknownEdition.
    """
    row = find_edition(runtime, reference)
    counts = Deliveries(runtime.stores.database, row.id).counts()
    frozen = runtime.stores.letters.get(row.id) is not None
    problems = tuple(_problems(runtime, row, counts, frozen=frozen))
    return Audit(key=row.key, state=row.state, counts=counts, audience=row.audience, problems=problems)


def _problems(runtime: Runtime, row: StoredEdition, counts: Counts, *, frozen: bool) -> Iterator[str]:
    if row.audience is not None and row.audience != counts.audience:
        yield f"it was frozen for {row.audience} readers, but the states add up to {counts.audience}"
    if counts.audience and not frozen:
        yield "letters are booked, but none was frozen"
    if frozen and row.state not in FROZEN:
        yield f"a letter was frozen, but the edition is {row.state.value}"
    if counts.unfinished and row.state in {EditionState.SENT, EditionState.CANCELLED}:
        yield f"it is {row.state.value}, but {counts.unfinished} letters are unfinished"
    elif counts.unfinished and runtime.clock() >= row.expires:
        yield f"it has expired, but {counts.unfinished} letters are unfinished: `digest serve` ends them"
