"""The way a letter leaves: what dispatch and a transport ask of each other, and the transport of a URL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from digest.deliver.replies import Verdict
from digest.deliver.smtp import Parcel
from digest.errors import SettingsError
from digest.text.credentials import WrongUrl


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


def transport(  # noqa: PLR0913 - what a relay's URL cannot say
    url: str,
    *,
    folder: Path,
    own_name: str = "",
    insecure_plain: bool = False,
    connections: int = 10,
    setting: str = "mail.transport",
    token: Callable[[], str] | None = None,
) -> Transport:
    """Return the transport that ``url`` names; relative paths are taken from ``folder``; see ``relay.relay``.

    Raises SettingsError, which names ``setting``.
    """
    if url.startswith("file:"):
        from digest.deliver.outbox import Outbox  # noqa: PLC0415 - one of the two is needed

        return Outbox(folder / (url.removeprefix("file:").removeprefix("//") or "."))
    from digest.deliver.connection import SmtpTransport  # noqa: PLC0415 - ssl and asyncio cost a tenth of a second
    from digest.deliver.relay import relay  # noqa: PLC0415

    try:
        to = relay(url, folder=folder, own_name=own_name, insecure_plain=insecure_plain, token=token)
    except WrongUrl as error:
        raise SettingsError((f"{setting}: {error}",)) from error
    return SmtpTransport(to, connections=connections)
