"""A transport outside any ledger: one test copy, or a knock at the door."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from digest.deliver.replies import Verdict
from digest.deliver.smtp import Parcel
from digest.deliver.transport import Transport
from digest.errors import RelayUnreachable


class _Single:
    """A feed of one letter."""

    def __init__(self, parcel: Parcel) -> None:
        self._waiting: Parcel | None = parcel
        self.verdict: Verdict | None = None

    def take(self) -> Parcel | None:
        taken, self._waiting = self._waiting, None
        return taken

    async def more(self) -> bool:
        return self._waiting is not None

    def handing_over(self, parcel: Parcel) -> None:
        """Note nothing: a test copy may come twice."""

    def settle(self, parcel: Parcel, verdict: Verdict) -> None:  # noqa: ARG002 - there is one letter
        self.verdict = verdict


def send_one(transports: Sequence[Transport], parcel: Parcel) -> Verdict:
    """Send one letter by the first of ``transports`` that can be reached, and return what the receiver said.

    Raises DeliveryError when it could not be handed over.
    """
    first, *others = transports
    feed = _Single(parcel)
    try:
        asyncio.run(first.carry(feed))
    except RelayUnreachable:
        if not others or feed.verdict is not None:
            raise
        return send_one(others, parcel)
    if feed.verdict is None:
        raise RelayUnreachable(f"{first.name}: the letter was not taken, and no reason was given")
    return feed.verdict


class _Knock:
    """A feed that has letters until it is asked for one: the transport connects, and finds nothing to carry."""

    def __init__(self) -> None:
        self._asked = False

    def take(self) -> Parcel | None:
        return None

    async def more(self) -> bool:
        first, self._asked = not self._asked, True
        return first

    def handing_over(self, parcel: Parcel) -> None:
        """Never called: nothing was taken."""

    def settle(self, parcel: Parcel, verdict: Verdict) -> None:
        """Never called: nothing was taken."""


def knock(transport: Transport) -> None:
    """Connect, protect the line and log in, and send nothing; raise DeliveryError when that fails."""
    asyncio.run(transport.carry(_Knock()))
