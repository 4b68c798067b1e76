"""The tips (reports of mistakes) from readers about an edition, as its page at the desk shows them."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from digest.model.user import Role, User
from digest.pipeline.runtime import Runtime
from digest.settings import EditionSettings
from digest.storage.editions import StoredEdition


@dataclass(frozen=True, slots=True, kw_only=True)
class TipLine:
    """One tip from a reader. ``settled`` is the user who settled it, empty while the tip is open."""

    id: int
    words: str
    contact: str
    when: str
    settled: str
    can_settle: bool


def tip_lines(
    runtime: Runtime, row: StoredEdition | None, plan: EditionSettings | None, user: User
) -> tuple[TipLine, ...]:
    """Return the tips about an edition, the open ones first, with times in the edition's zone."""
    zone = ZoneInfo(plan.zone if plan else "UTC")
    return tuple(
        TipLine(
            id=tip.id,
            words=tip.words,
            contact=tip.contact,
            when=f"{tip.at.astimezone(zone):%d %b %H:%M}",
            settled=tip.settled_by if tip.settled_at else "",
            can_settle=tip.settled_at is None and user.may(Role.EDITOR),
        )
        for tip in (runtime.stores.tips.of(row.id) if row else ())
    )
