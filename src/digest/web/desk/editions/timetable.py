"""The list of editions: coming, in progress, sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from digest.edition.calendar import on_date, upcoming
from digest.model.edition import EditionState
from digest.model.ids import EditionKey
from digest.model.life import UNSENT, waits_for_approval
from digest.pipeline.runtime import Runtime
from digest.settings import EditionSettings
from digest.storage.editions import StoredEdition
from digest.web.desk.editions.state_words import STATES

MOST = 40
"""Most editions that are read for the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionLine:
    """One edition in the list."""

    key: EditionKey
    title: str
    day: str
    state: str
    kind: str
    subject: str
    due: datetime
    tips: int = 0
    """Number of tips from readers that no user has settled."""


def edition_lines(runtime: Runtime) -> tuple[tuple[EditionLine, ...], tuple[EditionLine, ...]]:
    """Return two lists: editions that may still be sent, the next one first, and the others, the newest first."""
    rows = {row.key: row for row in runtime.stores.editions.latest(MOST)}
    settings, now = runtime.settings.editions, runtime.clock()
    coming = {
        due.key: (due.due, rows.get(due.key))
        for name, plan in settings.items()
        for due in (*filter(None, (on_date(name, plan, now),)), *upcoming(name, plan, now, 1))
    }
    lines = [_line(key, due, row, settings.get(key.name), now) for key, (due, row) in coming.items()]
    rest = [_line(key, row.due, row, settings.get(key.name), now) for key, row in rows.items() if key not in coming]
    lines += [line for line in rest if line.kind in _UNSENT]
    tips = runtime.stores.tips.open_of([row.id for row in rows.values()])
    lines = [replace(line, tips=tips.get(row.id, 0) if (row := rows.get(line.key)) else 0) for line in lines]
    rest = [replace(line, tips=tips.get(rows[line.key].id, 0)) for line in rest]
    open_ = tuple(sorted((line for line in lines if line.kind in _UNSENT), key=lambda line: line.due))
    closed = [line for line in lines if line.kind not in _UNSENT] + [line for line in rest if line.kind not in _UNSENT]
    return open_, tuple(sorted(closed, key=lambda line: line.due, reverse=True))


_UNSENT = frozenset(state.value for state in UNSENT)


def _line(
    key: EditionKey, due: datetime, row: StoredEdition | None, plan: EditionSettings | None, now: datetime
) -> EditionLine:
    state, edition = row.state if row else EditionState.PLANNED, row.edition if row else None
    zone = ZoneInfo(plan.zone if plan else edition.zone if edition else "UTC")
    waits = plan is not None and state is EditionState.READY and waits_for_approval(plan, state, due, now)
    return EditionLine(
        key=key,
        title=plan.title if plan else edition.title if edition else key.name,
        day=f"{due.astimezone(zone):%a %d %b %Y, %H:%M}",
        state="Waits for approval" if waits else STATES[state],
        kind=state.value,
        subject=edition.subject if edition else "",
        due=due,
    )
