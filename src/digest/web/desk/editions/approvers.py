"""Sentences that say who may approve and hold an edition, for users who may not."""

from __future__ import annotations

from collections.abc import Sequence

from digest.model.user import Role, User
from digest.pipeline.runtime import Runtime

MOST = 4
"""Most people whose names are listed."""
NOBODY = "Nobody may approve yet. An administrator gives somebody the right: digest users role EMAIL publisher."


def approvers(runtime: Runtime) -> tuple[str, ...]:
    """Return the names of the active users who may approve, in alphabetical order."""
    users = (stored.user for stored in runtime.stores.users.all())
    return tuple(sorted(user.name or user.email for user in users if user.may(Role.PUBLISHER)))


def who_approves(user: User, names: Sequence[str]) -> str:
    """Return a sentence that says who may approve. Empty for a user who may do so, and for one who may only look.

    ``names`` are the users who may.
    """
    if user.may(Role.PUBLISHER) or not user.may(Role.EDITOR):
        return ""
    return f"Only a publisher approves: {_named(names, 'and')}." if names else NOBODY


def how_to_change(user: User, names: Sequence[str]) -> str:
    """Return a sentence that tells a user how to change an approved edition.

    ``names`` are the users who may hold it.
    """
    if user.may(Role.PUBLISHER):
        return "To change it, hold it."
    return f"To change it, ask a publisher to hold it: {_named(names, 'or')}." if names else "Nobody may hold it."


def _named(names: Sequence[str], joint: str) -> str:
    more = len(names) - MOST
    shown = list(names[:MOST]) if more <= 0 else [*names[:MOST], f"{more} more"]
    return f" {joint} ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
