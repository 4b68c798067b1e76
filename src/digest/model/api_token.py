"""A token of the API, and the scopes that it can have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Scope(Enum):
    """What a token allows. This is the only table of the scopes."""

    READERS_READ = "readers:read"
    """List readers, read one, and export all data about one."""
    READERS_WRITE = "readers:write"
    """Add, change, unsubscribe and erase readers, and ask strangers to confirm a sign-up."""
    EDITIONS_READ = "editions:read"
    """Read editions, their letters, and the archive."""
    EDITIONS_WRITE = "editions:write"
    """Compose editions and hold them."""
    EDITIONS_SEND = "editions:send"
    """Approve editions, send them now, and send test letters."""
    SOURCES_READ = "sources:read"
    """List the sources."""
    SOURCES_WRITE = "sources:write"
    """Add, enable and disable sources."""
    ARTICLES_READ = "articles:read"
    """List the articles that were read."""
    ARTICLES_WRITE = "articles:write"
    """Push articles."""
    NUMBERS_READ = "numbers:read"
    """Read the numbers of readers and letters by day and edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A token of another program, without the token itself: only its hash is stored."""

    id: int
    name: str
    """Identifies the token in the audit log."""
    scopes: frozenset[Scope]
    made_at: datetime
    expires_at: datetime | None
    """None: it does not expire."""
    used_at: datetime | None
    """The last use, to the minute. None: never used."""
    revoked_at: datetime | None = None

    def works(self, now: datetime) -> bool:
        """Return whether the token is accepted now: neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)
