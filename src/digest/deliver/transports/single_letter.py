"""Send one test copy, or check an envelope without a letter, outside any ledger."""

from __future__ import annotations

from collections.abc import Sequence

from digest.deliver.pacing.relay_health import in_words
from digest.deliver.protocol.replies import Fate, Verdict
from digest.deliver.protocol.smtp import Parcel
from digest.deliver.transports.event_loop import run
from digest.deliver.transports.transport import Transport
from digest.errors import RelayRefused, RelayUnreachable


class _Single:
    """Gives a transport one letter, and keeps the verdict on it."""

    def __init__(self, parcel: Parcel) -> None:
        self._waiting: Parcel | None = parcel
        self.verdict: Verdict | None = None

    def take(self) -> Parcel | None:
        taken, self._waiting = self._waiting, None
        return taken

    async def more(self) -> bool:
        return self._waiting is not None

    def handing_over(self, parcel: Parcel) -> None:
        """Do nothing: these letters (test copies, alerts) have no journal, and a duplicate does no harm."""

    def settle(self, parcel: Parcel, verdict: Verdict) -> None:  # noqa: ARG002 - there is one letter
        self.verdict = verdict


def send_one(transports: Sequence[Transport], parcel: Parcel) -> Verdict:
    """Send one letter by the first of ``transports`` that can be reached, and return the receiver's verdict.

    Raises DeliveryError when it could not be handed over.
    """
    first, *others = transports
    feed = _Single(parcel)
    try:
        run(first.carry(feed))
    except RelayUnreachable:
        if not others or feed.verdict is not None:
            raise
        return send_one(others, parcel)
    if feed.verdict is None:
        raise RelayUnreachable(f"{first.name}: the letter was not taken, and no reason was given")
    return feed.verdict


def probe(transport: Transport, sender: str, recipient: str) -> None:
    """Connect, start TLS, log in and give an envelope, but send no letter; raise DeliveryError when that fails.

    A relay that does not let us send from ``sender`` says so in its reply to MAIL or RCPT.
    """
    feed = _Single(Parcel(0, sender, recipient, b"", probe=True))
    run(transport.carry(feed))
    verdict = feed.verdict
    if verdict is not None and verdict.fate is not Fate.ACCEPTED:
        raise RelayRefused(f"{transport.name} would not take a letter from {sender} ({in_words(verdict)})")
