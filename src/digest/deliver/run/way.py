"""A way for letters to leave: a transport with its share, its limits and its name."""

from __future__ import annotations

from dataclasses import dataclass, replace

from digest.deliver.pacing.rate_limits import Limit
from digest.deliver.protocol.smtp import Parcel
from digest.deliver.transports.relay import FILES
from digest.deliver.transports.transport import Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A transport and the settings of its route."""

    transport: Transport
    weight: float = 1.0
    """Its share of the letters; with 0 it gets letters only while no other route can take any."""
    limits: tuple[Limit, ...] = ()
    """How fast letters may leave by it."""
    name: str = ""
    """Its name in reports; if empty, the transport's name."""
    sender: str = ""
    """The envelope sender of its letters, where ``{token}`` identifies the letter; if empty, the letter's own."""

    @property
    def label(self) -> str:
        """Its name in reports."""
        return self.name or self.transport.name

    @property
    def counted_as(self) -> str:
        """Its name in statistics."""
        return FILES if self.label.startswith("file:") else self.label

    def addressed(self, parcel: Parcel) -> Parcel:
        """Return the letter with this route's envelope sender."""
        return replace(parcel, sender=self.sender.replace("{token}", parcel.token)) if self.sender else parcel
