"""Explains one address: which editions it gets, or why it gets nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from digest.pipeline.readers.bounce_handling import SOFT_LIMIT, SOFT_WINDOW
from digest.pipeline.runtime import Runtime
from digest.readers.address import parse_address
from digest.readers.standing import shadows
from digest.storage.bounces import StoredBounce
from digest.storage.dossiers import Dossier

WORDS = {
    "bounced": "the mail server says that the address does not exist, or soft bounces came again and again",
    "rejected": "the mail server refused the address while the letter was being sent",
    "complained": "the reader called a letter junk",
    "left": "the reader left",
    "removed by the operator": "the operator removed the reader",
    "suppressed by the operator": "the operator suppressed the address",
    "erased": "the reader had their data erased",
}
"""Why nothing is sent to an address, as a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What is stored about an address. ``verdict`` says in one sentence whether letters are sent to it."""

    identity: str
    verdict: str
    dossier: Dossier
    bounces: tuple[StoredBounce, ...]
    """The newest first."""
    recent_soft: int
    """Number of soft bounces that still count; SOFT_LIMIT of them suppress the address."""


def explain_reader(runtime: Runtime, address: str) -> Explained:
    """Return what is stored about an address, which may be unknown. Raises BadAddress when it is invalid."""
    identity = parse_address(address).identity
    dossier = runtime.stores.dossiers.of(identity)
    if dossier.reader is None and dossier.suppression is None:
        erased = (runtime.stores.dossiers.of(shadow) for shadow in shadows(runtime.settings.keys, identity))
        dossier = next((found for found in erased if found.suppression is not None), dossier)
    now = runtime.clock()
    bounces = runtime.stores.bounces.of(dossier.reader.reader.id) if dossier.reader else ()
    soft = sum(bounce.kind == "soft" and bounce.at >= now - SOFT_WINDOW for bounce in bounces)
    return Explained(
        identity=identity,
        verdict=_verdict(dossier, now, soft),
        dossier=dossier,
        bounces=bounces,
        recent_soft=soft,
    )


def _verdict(dossier: Dossier, now: datetime, soft: int) -> str:
    reader, away = dossier.reader, dossier.suppression
    if away is not None:
        return f"gets nothing: {WORDS.get(away.why, away.why)} ({away.since:%Y-%m-%d})"
    if reader is None:
        return "is not known here"
    if reader.state != "active":
        since = f" on {reader.left_at:%Y-%m-%d}" if reader.left_at else ""
        why = f': "{dossier.left_why}"' if dossier.left_why else ""
        return f"gets nothing: the reader left{since}{why}"
    resting = {each.edition for each in dossier.subscriptions if each.paused_until and each.paused_until > now}
    wanted = [each.edition for each in dossier.subscriptions if each.edition not in resting]
    if not wanted:
        return (
            "gets nothing now: all subscriptions are paused" if resting else "gets nothing: no edition is subscribed to"
        )
    counted = f"; {soft} of {SOFT_LIMIT} soft bounces in {SOFT_WINDOW.days} days" if soft else ""
    return f"gets {', '.join(wanted)}{counted}"
