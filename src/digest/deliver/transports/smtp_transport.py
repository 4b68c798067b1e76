"""The transport that sends letters to one relay: it opens connections, secures them and opens new ones when needed."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property

from digest.deliver.protocol.login import Login
from digest.deliver.protocol.replies import Act, Stage, Verdict, reply_class
from digest.deliver.protocol.smtp import Security, Session
from digest.deliver.transports.connection import LONGEST_OPENING, SmtpConnection, Timeouts
from digest.deliver.transports.relay import Relay
from digest.deliver.transports.transport import Feed
from digest.errors import DeliveryError, DigestError, RelayBusy, RelayRefused, RelayUnreachable
from digest.logs import get_logger

log = get_logger()

ATTEMPT_DELAY = 0.25
"""Seconds until the next address of a relay is tried in parallel (RFC 8305, section 5)."""


class SmtpTransport:
    """Sends letters to one relay, over as many connections as dispatch opens lanes."""

    def __init__(self, relay: Relay, *, connections: int = 10, timeouts: Timeouts | None = None) -> None:
        self._relay = relay
        self._timeouts = timeouts or Timeouts()
        self._opening = self._timeouts.opening
        self.lanes = connections
        self.certificate_ends: datetime | None = None
        """When the certificate of the last TLS connection expires; None before the first."""

    @property
    def name(self) -> str:
        """Host and port."""
        return str(self._relay)

    async def carry(self, feed: Feed) -> None:
        """Send letters, with a new connection after every ``relay.letters``; see Transport."""
        while await feed.more():
            began, patience = asyncio.get_running_loop().time(), self._opening
            link = await self._connected(feed, patience)
            try:
                await self._admitted(link, began + patience.total_seconds())
                self.certificate_ends = link.certificate_ends or self.certificate_ends
                log.debug("relay connected", relay=self.name, security=self._relay.security.value)
                while link.usable and await feed.more():
                    await link.run()
            finally:
                self._learn(link, patience)
                await link.close(self._timeouts.goodbye)
                log.debug("relay disconnected", relay=self.name, why=reply_class(link.verdict) if link.verdict else "")
            if link.was_busy and link.verdict is not None and not self._renewed(link, link.verdict):
                raise trouble(self._relay, link.verdict)

    def _renewed(self, link: SmtpConnection, verdict: Verdict) -> bool:
        """Return whether to open a new connection at once: the relay asks for it, or took letters before it closed.

        Many relays close without a reply after some number of letters; a relay that is down refuses a new connection.
        """
        return verdict.act is Act.RENEW or (verdict.act is Act.BACK_OFF and link.delivered)

    def _learn(self, link: SmtpConnection, patience: timedelta) -> None:
        """Set the time for the next opening: doubled after a slow one, normal after one that took a letter."""
        if link.delivered:
            self._opening = self._timeouts.opening
        elif link.gave_up:
            self._opening = max(self._opening, min(patience * 2, LONGEST_OPENING))

    async def _connected(self, feed: Feed, patience: timedelta) -> SmtpConnection:
        """Connect; raises RelayUnreachable or RelayRefused."""
        relay = self._relay
        login = relay.login and await self._fresh(relay.login)
        session = Session(name=relay.own_name, security=relay.security, login=login, may_pipeline=relay.may_pipeline)
        loop = asyncio.get_running_loop()
        direct = self._tls if relay.security is Security.TLS else None
        try:
            async with asyncio.timeout(self._timeouts.connect.total_seconds()):
                _transport, link = await loop.create_connection(
                    lambda: SmtpConnection(session, feed, relay, self._timeouts, patience),
                    relay.host,
                    relay.port,
                    ssl=direct,
                    happy_eyeballs_delay=ATTEMPT_DELAY,
                    interleave=1,
                )
        except ssl.SSLError as error:
            raise _tls_refused(relay, error) from error
        except (OSError, TimeoutError) as error:
            reason = str(error) or "no answer in time"
            raise RelayUnreachable(
                f"{relay}: no connection ({reason}): is the relay up, host and port right?"
            ) from error
        return link

    async def _fresh(self, login: Login) -> Login:
        """Return the login with the secret that is valid now; the command that prints the secret may be slow."""
        if login.source is None:
            return login
        try:
            return replace(login, secret=await asyncio.to_thread(login.source))
        except DigestError as error:
            raise RelayRefused(f"{self._relay}: {error}") from error

    async def _admitted(self, link: SmtpConnection, ends: float) -> None:
        """Start TLS and log in; raises RelayUnreachable or RelayRefused."""
        relay = self._relay
        try:
            await link.opened(self._tls if relay.security is not Security.PLAIN else None, ends)
        except ssl.SSLError as error:
            raise _tls_refused(relay, error) from error
        except (OSError, TimeoutError) as error:
            raise RelayUnreachable(f"{relay}: the connection was lost before TLS stood ({error})") from error
        if link.verdict is not None:
            raise trouble(relay, link.verdict)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context(cafile=self._relay.authority)
        except OSError as error:
            raise RelayRefused(f"{self._relay}: the certificates of {self._relay.authority} cannot be read") from error
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


def trouble(relay: Relay, verdict: Verdict) -> DeliveryError:
    """Return the error that a session's end means for its relay."""
    if verdict.act is Act.STOP:
        return RelayRefused(f"{relay} refuses to take letters ({verdict.reply}): correct it, then send again")
    if verdict.act is Act.FEWER:
        return RelayBusy(f"{relay}: too many connections ({verdict.reply})")
    if verdict.reply.startswith(Stage.HELLO.value):
        return RelayUnreachable(f"{relay}: the connection ended ({verdict.reply}); `?name=HOST` sets our name in EHLO")
    return RelayUnreachable(f"{relay}: the connection ended ({verdict.reply})")


def _tls_refused(relay: Relay, error: ssl.SSLError) -> RelayRefused:
    why = getattr(error, "verify_message", "") or error.reason or str(error)
    return RelayRefused(
        f"{relay}: TLS failed ({why}): is the host named as in its certificate? (`?ca=FILE` trusts another)"
    )
