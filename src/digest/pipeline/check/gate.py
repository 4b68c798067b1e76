"""The last check before an edition is sent: errors hold it with their reason, warnings are reported."""

from __future__ import annotations

from dataclasses import dataclass

from digest.logs import get_logger
from digest.model.edition import EditionState
from digest.model.finding import Level
from digest.model.life import Cause, Move
from digest.pipeline.check.readiness import readiness
from digest.pipeline.runtime import Runtime
from digest.storage.editions import StoredEdition

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The errors and warnings of the check, as text."""

    errors: tuple[str, ...]
    warnings: tuple[str, ...]


def look(runtime: Runtime, name: str) -> Looked:
    """Check whether an edition of that name can be sent now, and return the errors and warnings."""
    found = [one for one in readiness(runtime.settings, name) if one.level is not Level.OK]
    told = {level: tuple(f"{f.subject}: {f.words}" for f in found if f.level is level) for level in Level}
    return Looked(errors=told[Level.ERROR], warnings=told[Level.WARNING])


def gated(runtime: Runtime, row: StoredEdition, looked: Looked) -> StoredEdition:
    """Return the edition, unchanged without errors.

    With errors it is held; it is checked again until there are none.
    """
    if not looked.errors or not row.may(Move.STOP):
        return row
    reason = f"check: {'; '.join(looked.errors)}"
    if row.reason != reason or row.cause is not Cause.CHECK:
        runtime.stores.editions.move(row.id, Move.STOP, runtime.clock(), reason=reason)
        log.error("edition held by the check", edition=str(row.key), why=reason)
    return runtime.stores.editions.get(row.key) or row


def still_stopped(runtime: Runtime, row: StoredEdition | None) -> bool:
    """Return whether the check holds an edition and still finds errors: then it need not be composed again."""
    if row is None or row.state is not EditionState.HELD or row.cause is not Cause.CHECK:
        return False
    looked = look(runtime, row.key.name)
    if looked.errors:
        gated(runtime, row, looked)
    return bool(looked.errors)
