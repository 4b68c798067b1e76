"""A user of the editors' desk, and what the user's role allows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NewType

UserId = NewType("UserId", int)


class Role(IntEnum):
    """A user's role; each role includes the rights of the roles before it."""

    VIEWER = 1
    """May see drafts and sent letters."""
    EDITOR = 2
    """May change drafts, and send a test letter to themselves."""
    PUBLISHER = 3
    """May approve, hold, skip, send, and correct sent letters."""
    ADMIN = 4
    """May manage users."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who may sign in; ``email`` gets test letters and drafts that wait for approval."""

    id: UserId
    name: str
    email: str
    role: Role
    disabled: bool = False

    def may(self, role: Role) -> bool:
        """Return whether the user has the rights of ``role``; a disabled user has none."""
        return not self.disabled and self.role >= role
