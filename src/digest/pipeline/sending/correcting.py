"""Corrections of sent editions: stored, shown in the archive and the feed, and printed in the next edition."""

from __future__ import annotations

from digest.errors import EditionClosed, RefusedAct
from digest.logs import get_logger
from digest.model.edition import Correction
from digest.model.life import FROZEN, UNSENT, Move
from digest.pipeline.editions.composing import compose_edition
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.desk_sight import occasion_of
from digest.storage.editions import StoredEdition
from digest.text.words import count_words

MOST_WORDS = 60
"""Maximum words of a correction."""
NEWEST = 20
"""How many editions are searched for drafts that must print a correction."""

log = get_logger()


def correct(runtime: Runtime, row: StoredEdition, anchor: str, wrong: str, right: str, author: str) -> Correction:
    """Store a correction of a headline or bullet that an edition printed; its next draft prints the correction.

    Raises EditionClosed when the edition was not sent, and RefusedAct when it did not print this text or the correction
    is empty.
    """
    edition, right = row.edition, " ".join(right.split())
    if row.state not in FROZEN or edition is None:
        raise EditionClosed(f"{row.key} is {row.state.value}: only what went out is corrected")
    item = next((item for item in edition.items if item.anchor == anchor), None)
    if item is None or wrong not in {item.headline, *(bullet.text for bullet in item.bullets)}:
        raise RefusedAct(f"{row.key} did not print that")
    if not 0 < count_words(right) <= MOST_WORDS:
        raise RefusedAct(f"a correction says in 1 to {MOST_WORDS} words what is right")
    made = Correction(
        id=0,
        edition=row.key,
        title=edition.title,
        anchor=anchor,
        headline=item.headline,
        wrong=wrong,
        right=right,
        at=runtime.clock(),
    )
    number = runtime.stores.edition_corrections.add(row.id, made, author)
    log.info("edition corrected", edition=str(row.key), correction=number)
    _retell(runtime, row)
    return made


def withdraw(runtime: Runtime, row: StoredEdition, number: int, author: str) -> None:
    """Withdraw a correction; raises RefusedAct when there is none with this number."""
    corrections = runtime.stores.edition_corrections
    known = {one.id for one in corrections.of([row.key]).get(row.key, ())}
    if number not in known or not corrections.withdraw(number, author, runtime.clock()):
        raise RefusedAct(f"{row.key} has no correction {number}")
    log.info("correction withdrawn", edition=str(row.key), correction=number)
    _retell(runtime, row)


def _retell(runtime: Runtime, corrected: StoredEdition) -> None:
    """Compose drafts of the same name again from their own articles, so that they match the stored corrections."""
    for row in runtime.stores.editions.latest(NEWEST, UNSENT):
        if row.key.name == corrected.key.name and row.edition is not None and row.may(Move.COMPOSE):
            compose_edition(runtime, occasion_of(runtime, row.key, row), fresh=False)
