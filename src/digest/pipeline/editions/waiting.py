"""The event that announces a draft waiting for approval: its deadline, and where to approve it."""

from __future__ import annotations

from datetime import datetime

from digest.model.ids import EditionKey
from digest.model.life import approved_until
from digest.model.webhook import Waiting
from digest.render.links import desk_link
from digest.settings import EditionSettings, Settings


def desk_page(settings: Settings, key: EditionKey) -> str:
    """Return the address of an edition's page at the desk; empty without a public site."""
    return desk_link(settings, f"/editions/{key.name}/{key.day}") if settings.site.url else ""


def waiting_of(settings: Settings, plan: EditionSettings, key: EditionKey, due: datetime) -> Waiting | None:
    """Return the event for a draft of the edition due at ``due`` (UTC); None when it needs no approval."""
    if plan.approval == "auto":
        return None
    return Waiting(deadline=approved_until(plan, due), link=desk_page(settings, key))
