"""The state of one reader's letter in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from digest.model.ids import EditionKey, ReaderId


class DeliveryState(Enum):
    """The state of one reader's letter in the ledger."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    ATTEMPTING = "attempting"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    EXPIRED = "expired"
    UNCERTAIN = "uncertain"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One row of the ledger: unique per (edition, reader)."""

    edition: EditionKey
    reader_id: ReaderId
    state: DeliveryState
    attempts: int = 0
    next_attempt: datetime | None = None
    reply: str = ""
    """The server's last reply."""
    relay: str = ""
    """The relay that accepted or refused it, or may have it; empty when no relay was asked."""
    letter: int = 1
    """Number of the edition's letter that this reader gets; 1 is the first, each replacement counts one more."""
