"""Writes the audit log: who did what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from digest.model.desk_session import AuditEntry
from digest.model.user import User
from digest.pipeline.runtime import Runtime

COMMAND_LINE = "command line"
NOBODY = "nobody"
"""Name recorded when no user is known."""
LONGEST = 200
"""Maximum length of a stored value, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who makes a change, and from where."""

    who: User | str
    client: str = ""


def note(
    runtime: Runtime,
    who: User | str,
    what: str,
    about: Mapping[str, object] | None = None,
    *,
    client: str = "",
    refused: bool = False,
) -> None:
    """Add an entry to the audit log; long values are cut. ``about`` must hold no password, code or token."""
    user = who if isinstance(who, User) else None
    entry = AuditEntry(
        at=runtime.clock(),
        who=who.email if isinstance(who, User) else who,
        user_id=user.id if user else None,
        what=what,
        about={name: str(value)[:LONGEST] for name, value in (about or {}).items()},
        client=client,
        refused=refused,
    )
    runtime.stores.audit.add(entry)
