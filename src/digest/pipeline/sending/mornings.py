"""For editions that arrive at one local time everywhere: when each time zone's letters leave, and when they expire."""

from __future__ import annotations

from datetime import datetime, timedelta

from digest.edition.calendar import in_zone_of_reader
from digest.logs import get_logger
from digest.pipeline.runtime import Runtime
from digest.readers.zones import zone_or_none
from digest.settings import EditionSettings, Settings
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition
from digest.storage.reader_zones import LeavesAt

log = get_logger()


def leaves_at(settings: Settings, row: StoredEdition) -> LeavesAt | None:
    """Return a function from a zone to the time at which its letters leave; None when all letters leave at once."""
    plan = _plan(settings, row)
    return None if plan is None else lambda zone: _moment(plan, row, zone)


def expire_late_zones(runtime: Runtime, row: StoredEdition, ledger: Deliveries) -> datetime | None:
    """Expire the letters of zones whose time is over; return when the next zone's time is over, None without one.

    Each zone has the edition's ``expires_minutes`` from the time at which its own letters leave.
    """
    plan, now = _plan(runtime.settings, row), runtime.clock()
    if plan is None:
        return None
    lasts = timedelta(minutes=plan.expires_minutes)
    ends = {zone: max(_moment(plan, row, zone), row.due) + lasts for zone in ledger.zones()}
    late = [zone for zone, end in ends.items() if end <= now]
    if late and (number := ledger.expire(now, "its time in the reader's zone was over", late)):
        log.warning("letters of time zones expired", edition=str(row.key), zones=late, letters=number)
    return min((end for end in ends.values() if end > now), default=None)


def _plan(settings: Settings, row: StoredEdition) -> EditionSettings | None:
    plan = settings.editions.get(row.key.name)
    return plan if plan is not None and plan.reader_zone and plan.kind == "scheduled" else None


def _moment(plan: EditionSettings, row: StoredEdition, zone: str) -> datetime:
    """Return when the letters of a zone leave. For readers without a known zone, that is when the edition is due."""
    return in_zone_of_reader(row.due, plan.zone, zone) if zone_or_none(zone) else row.due
