"""A notice to the operator: a short mail, or the fields of a webhook's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from digest.model.alert import Alert, AlertKind, Phase, StoredAlert

LONGEST_SUBJECT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What the operator is told, by mail or webhook, when an alert is raised or cleared."""

    kind: AlertKind
    phase: Phase
    key: str
    words: str
    since: datetime
    until: datetime | None = None

    @property
    def subject(self) -> str:
        """The notice in one line."""
        return f"[digest] {'' if self.phase is Phase.RAISED else 'Over: '}{self.words}"[:LONGEST_SUBJECT]


def notice(alert: StoredAlert, phase: Phase) -> Notice:
    """Return the notice for an alert."""
    over = phase is Phase.CLEARED
    return Notice(
        kind=alert.kind,
        phase=phase,
        key=alert.key,
        words=alert.over if over and alert.over else alert.words,
        since=alert.raised_at,
        until=alert.cleared_at if over else None,
    )


def trial(now: datetime) -> Notice:
    """Return the notice that `digest alert test` sends."""
    alert = Alert(kind=AlertKind.TEST, about="by hand", words="this is a test: alerts reach you here")
    return Notice(kind=alert.kind, phase=Phase.RAISED, key=alert.key, words=alert.words, since=now)


def mail_text(said: Notice, site: str) -> str:
    """Return the text of the mail as plain lines."""
    ended = [f"Over:   {said.until:%Y-%m-%d %H:%M:%S} UTC"] if said.until else []
    lines = [
        said.words,
        "",
        f"Paper:  {site}",
        f"Kind:   {said.kind.value}",
        f"Since:  {said.since:%Y-%m-%d %H:%M:%S} UTC",
    ]
    return "\n".join([*lines, *ended, "", "Everything that needs attention now: digest status", ""])


def payload(said: Notice, site: str) -> Mapping[str, str | None]:
    """Return the JSON fields for a webhook; chat programs show ``text``."""
    return {
        "text": said.subject,
        "event": said.phase.value,
        "kind": said.kind.value,
        "key": said.key,
        "words": said.words,
        "site": site,
        "since": said.since.isoformat(),
        "until": said.until.isoformat() if said.until else None,
    }
