"""Corrections of sent editions: stored, shown in the archive and the feed, and printed in the next edition."""

from __future__ import annotations

from digest.edition.printed import printed_lines
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
"""Number of newest editions that are searched for drafts which must print a correction."""

log = get_logger()


def checked(runtime: Runtime, row: StoredEdition, anchor: str, wrong: str, right: str) -> Correction:
    """Return a correction of a line that an edition printed, without storing it.

    ``anchor`` is that of the line's story, empty for a line that belongs to no story. Raises EditionClosed when the
    edition was not sent, and RefusedAct when no line was chosen, when the line was not printed, or when the correction
    is empty.
    """
    edition, right = row.edition, _flat(right)
    if row.state not in FROZEN or edition is None:
        raise EditionClosed(f"{row.key} is {row.state.value}: only what went out is corrected")
    if not wrong:
        raise RefusedAct("choose which line is wrong: none is chosen")
    lines = (line for line in printed_lines(edition) if line.anchor == anchor and _flat(line.text) == _flat(wrong))
    line = next(lines, None)
    if line is None:
        raise RefusedAct(f"{row.key} did not print that")
    if not 0 < count_words(right) <= MOST_WORDS:
        raise RefusedAct(f"a correction says in 1 to {MOST_WORDS} words what is right")
    return Correction(
        id=0,
        edition=row.key,
        title=edition.title,
        anchor=anchor,
        headline=line.headline or edition.title,
        wrong=_flat(line.text),
        right=right,
        at=runtime.clock(),
    )


def correct(runtime: Runtime, row: StoredEdition, anchor: str, wrong: str, right: str, author: str) -> Correction:
    """Store a correction of a line that an edition printed. The next edition of that name prints the correction.

    Raises what :func:`checked` raises.
    """
    made = checked(runtime, row, anchor, wrong, right)
    number = runtime.stores.edition_corrections.add(row.id, made, author)
    log.info("edition corrected", edition=str(row.key), correction=number)
    _retell(runtime, row)
    return made


def _flat(text: str) -> str:
    """Return a text on one line: browsers change the line breaks in the fields of a form."""
    return " ".join(text.split())


def withdraw(runtime: Runtime, row: StoredEdition, number: int, author: str) -> None:
    """Withdraw a correction; raises RefusedAct when there is none with this number."""
    corrections = runtime.stores.edition_corrections
    known = {one.id for one in corrections.of([row.key]).get(row.key, ())}
    if number not in known or not corrections.withdraw(number, author, runtime.clock()):
        raise RefusedAct(f"{row.key} has no correction {number}")
    log.info("correction withdrawn", edition=str(row.key), correction=number)
    _retell(runtime, row)


def _retell(runtime: Runtime, corrected: StoredEdition) -> None:
    """Compose the drafts of the same name again from their own articles, so that they print the present corrections."""
    for row in runtime.stores.editions.latest(NEWEST, UNSENT):
        if row.key.name == corrected.key.name and row.edition is not None and row.may(Move.COMPOSE):
            compose_edition(runtime, occasion_of(runtime, row.key, row), fresh=False)
