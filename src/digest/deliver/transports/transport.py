"""What dispatch and a transport ask of each other."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, runtime_checkable

from digest.deliver.protocol.replies import Verdict
from digest.deliver.protocol.smtp import Parcel


class Feed(Protocol):
    """What a transport takes its letters from; every letter taken is settled exactly once."""

    def take(self) -> Parcel | None:
        """Return a letter that may leave at this moment; None when there is none now."""
        ...

    async def more(self) -> bool:
        """Wait until a letter may leave; False when no more will come."""
        ...

    def handing_over(self, parcel: Parcel) -> None:
        """Note that the letter is about to be the receiver's; it must not leave when this raises."""
        ...

    def settle(self, parcel: Parcel, verdict: Verdict) -> None:
        """Take note of a letter's fate."""
        ...


class Transport(Protocol):
    """A way by which letters leave."""

    @property
    def name(self) -> str:
        """Where they go, for messages; without secrets."""
        ...

    @property
    def lanes(self) -> int:
        """How many letters may be under way side by side."""
        ...

    async def carry(self, feed: Feed) -> None:
        """Carry letters until no more come, over one connection or several in turn.

        Raises RelayUnreachable (try again later) or RelayRefused and OutboxUnwritable (somebody must look); what
        was taken is settled before.
        """
        ...


@runtime_checkable
class Protected(Protocol):
    """A transport that may have seen a certificate."""

    @property
    def certificate_ends(self) -> datetime | None:
        """When the certificate of its last connection ends; None when there was none."""
        ...
