"""The state of an edition in words: what happens to it, when, and by whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from digest.model.edition import EditionState
from digest.model.life import FROZEN, PERSONS, UNSENT, approved_until, waits_for_approval
from digest.pipeline.sending.desk_sight import DeskSight
from digest.settings import EditionSettings
from digest.web.desk.editions.marks import Mark

STATES = {
    EditionState.PLANNED: "Not composed",
    EditionState.READY: "Draft",
    EditionState.APPROVED: "Approved",
    EditionState.HELD: "Held",
    EditionState.SENDING: "Being sent",
    EditionState.SENT: "Sent",
    EditionState.SKIPPED: "Not sent",
    EditionState.PAUSED: "Paused",
    EditionState.CANCELLED: "Cancelled",
}


def held_by_hand(sight: DeskSight) -> bool:
    """Return whether a person held the edition."""
    return sight.standing.state is EditionState.HELD and sight.standing.cause in PERSONS


def state_of(sight: DeskSight, plan: EditionSettings | None, now: datetime) -> str:
    """Return the state of the edition in a word or two."""
    standing = sight.standing
    if (
        plan
        and standing.state is EditionState.READY
        and waits_for_approval(plan, standing.state, standing.due.due, now)
    ):
        return "Waits for approval"
    return STATES[standing.state]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueWords:
    """When an edition is due or was sent, as a sentence in three parts. The page counts the middle part down."""

    before: str
    left: str = ""
    """The time until the edition is due; empty when that does not matter any more."""
    seconds: int = 0
    """The time until the edition is due, in seconds."""
    after: str = ""


def when_of(sight: DeskSight, zone: ZoneInfo, now: datetime, plan: EditionSettings | None) -> DueWords:
    """Return a sentence about when the edition is due or was sent, and to how many readers."""
    due, standing = sight.standing.due, sight.standing
    at = f"{due.due.astimezone(zone):%a %d %b, %H:%M}"
    to = f"to {standing.audience:,} {'reader' if standing.audience == 1 else 'readers'}"
    if standing.state in FROZEN:
        went = "and went " if standing.state is EditionState.SENT else ""
        return DueWords(before=f"Was due {at} ({zone.key}), {went}{to}.")
    if standing.state is EditionState.SKIPPED:
        return DueWords(before=f"Would have gone {at} ({zone.key}).")
    if standing.state is EditionState.HELD and standing.cause in PERSONS:
        return DueWords(before=f"It does not go until you approve it. Was to go at {at} ({zone.key}), {to}.")
    until = approved_until(plan, due.due) if plan else None
    waits = plan is not None and waits_for_approval(plan, standing.state, due.due, now)
    deadline = f" Without approval it goes at {until.astimezone(zone):%H:%M}." if waits and until else ""
    deadline = " It goes only when it is approved." if waits and not until else deadline
    if now < due.due:
        left = due.due - now
        goes = "Is to go" if waits and not until else "Goes"
        before, after = f"{goes} {at} ({zone.key}), in ", f", {to}.{deadline}"
        return DueWords(before=before, left=span(left), seconds=round(left.total_seconds()), after=after)
    return DueWords(before=f"Was due {at} ({zone.key}), {span(now - due.due)} ago; {to}.{deadline}")


def promise_of(sight: DeskSight, how: str) -> str:
    """Return sentences about an approved edition; empty for others. ``how`` is the sentence about how to change it."""
    return f"It goes as you see it. {how}" if sight.standing.state is EditionState.APPROVED else ""


def span(time: timedelta) -> str:
    """Return a duration as text, in days or in hours and minutes."""
    minutes = max(1, round(time.total_seconds() / 60))
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:  # noqa: PLR2004 - two days
        return f"{hours // 24} days"
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "")))


def notices_of(sight: DeskSight, zone: ZoneInfo) -> Iterator[str]:
    """Yield what an editor should know about the edition, as sentences."""
    standing = sight.standing
    if standing.reason and not held_by_hand(sight):
        words = f"{standing.state.value} {standing.reason}" if standing.cause in PERSONS else standing.reason
        yield f"{words[:1].upper()}{words[1:]}."
    if sight.amended:
        yield "This is the corrected letter for those who still wait. It is not used until you say so."
    elif standing.state in FROZEN:
        yield "This is the letter as it left. What readers have is never changed: mark what is wrong, and correct it."
    if sight.drafted.made_at is not None and standing.state in UNSENT:
        yield f"Composed at {sight.drafted.made_at.astimezone(zone):%H:%M}."
    if sight.proof is not None and sight.proof.unsigned:
        yield f"The copy is not signed: {sight.proof.unsigned}"


def by_whom(sight: DeskSight, marks: Sequence[Mark]) -> str:
    """Return who approved or held the edition, as in `` by Ana Ruiz``. Empty when that is not known."""
    wanted = {EditionState.APPROVED: "approve", EditionState.HELD: "hold"}.get(sight.standing.state)
    last = next((mark for mark in reversed(marks) if mark.what in {"approve", "hold"}), None)
    return f" by {last.who}" if last is not None and last.what == wanted and last.who else ""
