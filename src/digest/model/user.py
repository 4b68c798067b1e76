"""A person who may work at the desk, and what the person's role allows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NewType

UserId = NewType("UserId", int)


class Role(IntEnum):
    """What a user may do; each role may do what the ones before it may."""

    VIEWER = 1
    """Look at drafts and at what was sent."""
    EDITOR = 2
    """Change drafts, and send a test letter to themselves."""
    PUBLISHER = 3
    """Approve, hold, skip, send, and correct what was sent."""
    ADMIN = 4
    """Manage users."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may sign in; ``email`` is where drafts that wait for approval and test letters go."""

    id: UserId
    name: str
    email: str
    role: Role
    disabled: bool = False

    def may(self, role: Role) -> bool:
        """Tell whether the user may do what ``role`` may."""
        return not self.disabled and self.role >= role
