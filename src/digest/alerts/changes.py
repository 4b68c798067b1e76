"""Compare the stored alerts with those found now: which to raise, which are over, and which to send. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.model.alert import EVENTS, Alert, Phase, StoredAlert

REMEMBERED = timedelta(days=3)
"""An event that was raised within this time is not raised again, even when it is found again."""
WORTH_TELLING = timedelta(hours=1)
"""An alert that ended before it could be sent is still sent for this long after its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What to store: new alerts, and the ids of those that are over."""

    raised: tuple[Alert, ...]
    cleared: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.raised or self.cleared)


def changes(known: Collection[StoredAlert], found: Collection[Alert]) -> Changes:
    """Return the new alerts and those that are over; ``known`` has the current ones and those within REMEMBERED."""
    going_on = {one.key for one in known if one.phase is Phase.RAISED}
    before = {one.key for one in known}
    keys = {one.key for one in found}
    raised = {one.key: one for one in found if one.key not in (before if one.kind in EVENTS else going_on)}
    cleared = tuple(one.id for one in known if one.phase is Phase.RAISED and one.key not in keys)
    return Changes(raised=tuple(raised.values()), cleared=cleared)


def to_tell(known: Collection[StoredAlert], channel: str, now: datetime) -> Iterator[tuple[StoredAlert, Phase]]:
    """Yield what to send to a channel: each alert once when it is raised and once when it is over, in this order."""
    for alert in known:
        told = alert.told.get(channel)
        if told is None and _is_recent(alert, now):
            yield alert, Phase.RAISED
            told = Phase.RAISED
        if told is Phase.RAISED and alert.phase is Phase.CLEARED and alert.kind not in EVENTS:
            yield alert, Phase.CLEARED


def _is_recent(alert: StoredAlert, now: datetime) -> bool:
    return alert.cleared_at is None or now - alert.cleared_at <= WORTH_TELLING
