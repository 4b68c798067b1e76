"""Corrects a paused edition: readers who have not got their letter get a second frozen letter.

acts on a paused edition ─ amended ─▶ another edition ─ refreeze ─▶ letter no. 2, which every later claim gets
"""

from __future__ import annotations

from digest.errors import EditionClosed, RefusedAct
from digest.logs import get_logger
from digest.model.delivery import DeliveryState
from digest.pipeline.editions.again import deeds_of
from digest.pipeline.editions.history_lines import HISTORY, history_lines
from digest.pipeline.editions.lead_picture import fetch_pictures
from digest.pipeline.editions.snapshot import dressed, with_look
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.desk_sight import amended
from digest.pipeline.sending.letters import look_now
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition
from digest.storage.frozen_letters import Amended

log = get_logger()

WAITING = (DeliveryState.QUEUED, DeliveryState.DEFERRED)


def waiting_of(runtime: Runtime, row: StoredEdition) -> int:
    """Return how many readers still wait for their letter. Letters that a relay has already got are not counted."""
    counts = Deliveries(runtime.stores.database, row.id).counts()
    return sum(counts.of(state) for state in WAITING)


def refreeze(runtime: Runtime, row: StoredEdition, author: str = "") -> int:
    """Freeze a new letter, with all acts in effect, for the readers who still wait; return the letter's number.

    Raises RefusedAct when the acts change nothing, EditionClosed when the edition is not paused, and TemplateError.
    """
    deeds = deeds_of(runtime.stores, row)
    found = amended(runtime, row)
    if found is None or found[0].edition is None:
        raise RefusedAct(f"{row.key}: nothing was changed, so there is no other letter")
    making, account = found
    edition = found[0].edition
    fetch_pictures(runtime, edition)
    look = look_now(runtime, edition, late=edition.late)
    letter = dressed(edition, look, runtime.stores)
    seen = {**account, HISTORY: history_lines(deeds, account.get("stories", ()))}
    number = runtime.stores.letters.replace_for_queued(
        row.id,
        Amended(
            edition=edition,
            telling=making.telling,
            seen=with_look(seen, look),
            letter=letter,
            last_act=deeds[-1].id if deeds else 0,
        ),
        runtime.clock(),
        author,
    )
    if number is None:
        raise EditionClosed(f"{row.key} is not paused, or was changed meanwhile: look at it again")
    log.info("edition frozen again", edition=str(row.key), letter=number)
    return number
