"""All data of one reader, as lines for people and as plain values for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from digest.cli.console import table

if TYPE_CHECKING:
    from digest.pipeline.readers.explain_reader import Explained


def as_lines(found: Explained) -> Iterator[str]:
    """Yield lines for the operator: first whether the reader gets letters and why, then the facts behind that."""
    dossier = found.dossier
    stored = dossier.reader
    yield f"{stored.reader.address if stored and stored.reader.address else found.identity} {found.verdict}."
    if stored is not None:
        known = filter(
            None,
            (
                f"reader {stored.reader.id}",
                stored.reader.name,
                stored.reader.language,
                stored.reader.zone,
                stored.state,
            ),
        )
        yield f"  {', '.join(known)}, since {stored.added_at:%Y-%m-%d}"
        yield f"  Consent: {'; '.join(f'{name}: {value}' for name, value in stored.consent.items()) or 'none known'}"
    for each in dossier.subscriptions:
        paused = f", paused until {each.paused_until:%Y-%m-%d}" if each.paused_until else ""
        yield f"  Subscribed to {each.edition} since {each.since:%Y-%m-%d}{paused}"
    if dossier.suppression is not None:
        yield f"  Suppressed since {dossier.suppression.since:%Y-%m-%d %H:%M} UTC: {dossier.suppression.why}"
    if found.bounces:
        yield from ("", "What came back:")
        rows = [(f"{b.at:%Y-%m-%d %H:%M}", b.kind, b.edition, b.status, b.words) for b in found.bounces]
        yield from table(rows, ("READ (UTC)", "KIND", "EDITION", "STATUS", "WORDS"))
    if dossier.letters:
        yield from ("", "The last letters:")
        yield from table(
            [(str(e.key), e.state, f"{e.at:%Y-%m-%d %H:%M}", e.reply) for e in dossier.letters],
            ("EDITION", "STATE", "AT (UTC)", "THE MAIL SERVER'S WORDS"),
        )
    if dossier.mails:
        yield from ("", "The last mails to this reader alone:")
        yield from table(
            [(m.kind, m.state, f"{m.at:%Y-%m-%d %H:%M}", m.reply) for m in dossier.mails],
            ("KIND", "STATE", "AT (UTC)", "THE MAIL SERVER'S WORDS"),
        )


def as_plain(found: Explained) -> dict[str, Any]:
    """Return the data of a reader as plain values, for JSON. Instants are in ISO 8601."""
    dossier = found.dossier
    stored, away = dossier.reader, dossier.suppression
    return {
        "address": stored.reader.address if stored else found.identity,
        "verdict": found.verdict,
        "reader": stored and stored.reader.id,
        "name": stored and stored.reader.name,
        "language": stored and stored.reader.language,
        "zone": stored and stored.reader.zone,
        "state": stored and stored.state,
        "added_at": stored and stored.added_at.isoformat(),
        "left_at": stored and stored.left_at and stored.left_at.isoformat(),
        "left_why": dossier.left_why,
        "consent": dict(stored.consent) if stored else {},
        "subscriptions": [_plain(each, "edition", "since", "paused_until") for each in dossier.subscriptions],
        "suppression": away and _plain(away, "why", "since"),
        "recent_soft_bounces": found.recent_soft,
        "bounces": [_plain(each, "at", "kind", "edition", "status", "words") for each in found.bounces],
        "letters": [
            {"edition": str(each.key), **_plain(each, "state", "attempts", "at", "reply")} for each in dossier.letters
        ],
        "mails": [_plain(each, "kind", "state", "at", "reply") for each in dossier.mails],
    }


def _plain(value: object, *names: str) -> dict[str, Any]:
    found = {name: getattr(value, name) for name in names}
    return {name: each.isoformat() if hasattr(each, "isoformat") else each for name, each in found.items()}
