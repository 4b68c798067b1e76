"""The interface between a sending run and a transport."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, runtime_checkable

from digest.deliver.protocol.replies import Verdict
from digest.deliver.protocol.smtp import Parcel


class Feed(Protocol):
    """Where a transport gets its letters from. The transport settles every letter that it takes exactly once."""

    def take(self) -> Parcel | None:
        """Return a letter that may leave now, or None."""
        ...

    async def more(self) -> bool:
        """Wait until a letter may leave; False when no more will come."""
        ...

    def handing_over(self, parcel: Parcel) -> None:
        """Note that the whole letter is about to be handed to the receiver.

        If this raises, the letter must not leave.
        """
        ...

    def settle(self, parcel: Parcel, verdict: Verdict) -> None:
        """Note what became of a letter."""
        ...


class Transport(Protocol):
    """A relay or a folder to which letters are sent."""

    @property
    def name(self) -> str:
        """Return where letters go, for messages; without secrets."""
        ...

    @property
    def lanes(self) -> int:
        """How many letters can be sent at the same time."""
        ...

    async def carry(self, feed: Feed) -> None:
        """Send letters until no more come, over one connection or several, one after the other.

        Raises RelayUnreachable (try again later), or RelayRefused and OutboxUnwritable (somebody must look). Before
        it raises, every letter taken is settled.
        """
        ...


@runtime_checkable
class Protected(Protocol):
    """A transport that may use TLS, and knows the certificate of its relay."""

    @property
    def certificate_ends(self) -> datetime | None:
        """When the certificate of its last connection expires; None when there was none."""
        ...
