"""Mails everybody who may approve a draft, once, that it waits for approval."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from digest.edition.calendar import Occurrence
from digest.errors import DeliveryError
from digest.logs import get_logger
from digest.model.edition import EditionState
from digest.model.life import approved_until, waits_for_approval
from digest.model.user import Role, User
from digest.pipeline.editions.waiting import desk_page, waiting_of
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.operator_mail import OneMail, mail_one
from digest.settings import EditionSettings
from digest.storage.editions import StoredEdition

FOLDER = "approvals"
"""Name of the folder into which the file transport writes a day's mails."""

log = get_logger()


def ask_for_approval(runtime: Runtime, due: Occurrence) -> bool:
    """Mail to those who may approve a draft that it waits; return False when a mail must be tried again later."""
    row, plan = runtime.stores.editions.get(due.key), runtime.settings.editions[due.key.name]
    if row is None or not _waits(plan, row, due, runtime.clock()):
        return True
    with runtime.stores.leases.hold(f"approval {due.key}", runtime.clock) as lease:
        row = runtime.stores.editions.get(due.key)
        if lease is None or row is None:
            return True
        if (waiting := waiting_of(runtime.settings, plan, row.key, due.due)) is not None:
            runtime.stores.editions.announce_waiting(row.id, waiting, runtime.clock())
        return _told(runtime, row, plan, due)


def _waits(plan: EditionSettings, row: StoredEdition, due: Occurrence, now: datetime) -> bool:
    waits = waits_for_approval(plan, row.state, due.due, now)
    return waits and row.state is EditionState.READY and row.edition is not None


def _told(runtime: Runtime, row: StoredEdition, plan: EditionSettings, due: Occurrence) -> bool:
    told, well = set(row.approval_told), True
    for stored in runtime.stores.users.all():
        user = stored.user
        if not user.may(Role.PUBLISHER) or user.id in told:
            continue
        try:
            mail_one(runtime, user.email, _mail(runtime, row, plan, due, user))
        except DeliveryError as error:
            log.warning("approval not asked for", edition=str(row.key), user=user.id, why=type(error).__name__)
            well = False
            continue
        told.add(user.id)
        runtime.stores.editions.note_told(row.id, told)
        log.info("approval asked for", edition=str(row.key), user=user.id)
    return well


def _mail(runtime: Runtime, row: StoredEdition, plan: EditionSettings, due: Occurrence, user: User) -> OneMail:
    zone, settings = ZoneInfo(plan.zone), runtime.settings
    until = approved_until(plan, due.due)
    deadline = f"Without approval it goes at {until.astimezone(zone):%H:%M} ({plan.zone})." if until else ""
    link = desk_page(settings, row.key)
    lines = [
        f"{plan.title} of {row.key.date:%A} {row.key.date.day} {row.key.date:%B %Y} waits for your approval.",
        f"It is due at {due.due.astimezone(zone):%H:%M} ({plan.zone}). "
        + (deadline or "Without approval it does not go."),
        *(f"- {item.headline}" for item in (row.edition.items if row.edition else ())[:5]),
        f"Look at it, change it, approve it: {link}" if link else f"To approve it: digest approve {row.key}",
    ]
    name = f"approval-{sha256(f'{row.key} {user.id}'.encode()).hexdigest()[:12]}"
    at = f"{(until or due.due).astimezone(zone):%H:%M}"
    subject = f"{plan.title} waits for approval, until {at}" if until else f"{plan.title} waits for approval"
    return OneMail(subject=subject, text="\n\n".join(lines), name=name, folder=FOLDER)
