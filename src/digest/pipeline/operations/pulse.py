"""What one process that serves knows of itself: that it lives, and how the relays met it."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from datetime import datetime, timedelta

from digest import __version__
from digest.model.meter import Meter, Unmetered
from digest.model.sign import RelayState, RelayTrouble, Sign
from digest.pipeline.runtime import Clock
from digest.storage.heartbeats import Heartbeats

FORGOTTEN_AFTER = timedelta(days=2)
"""A process that was not heard of for so long is no longer missed."""


class Pulse(Unmetered):
    """Takes note of relays as a Meter does, and stores signs of life; safe to share between threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._relays: dict[str, RelayState] = {}
        self._host = socket.gethostname()
        self._process = f"{self._host}-{os.getpid()}-{secrets.token_hex(3)}"
        self._started = clock()

    def relay(self, name: str, trouble: RelayTrouble) -> None:
        """Remember how a relay met us, and since when it does so."""
        with self._lock:
            before = self._relays.get(name)
            if before is None or before.trouble is not trouble:
                ends = before.certificate_ends if before else None
                self._relays[name] = RelayState(trouble=trouble, since=self._clock(), certificate_ends=ends)

    def certificate(self, relay: str, ends: datetime) -> None:
        """Remember when a relay's certificate ends."""
        with self._lock:
            before = self._relays.get(relay)
            trouble = before.trouble if before else RelayTrouble.NONE
            since = before.since if before else self._clock()
            self._relays[relay] = RelayState(trouble=trouble, since=since, certificate_ends=ends)

    def sign(self) -> Sign:
        """Return what there is to tell now."""
        with self._lock:
            relays = dict(self._relays)
        return Sign(
            process=self._process,
            host=self._host,
            version=__version__,
            started_at=self._started,
            beat_at=self._clock(),
            relays=relays,
        )

    def begin(self, store: Heartbeats) -> None:
        """Tell that the process lives, and forget those that are long gone."""
        store.forget(self._clock() - FORGOTTEN_AFTER)
        self.beat(store)

    def beat(self, store: Heartbeats) -> None:
        """Tell that the process lives."""
        store.beat(self.sign())

    def end(self, store: Heartbeats) -> None:
        """Tell that the process ends in good order."""
        store.stop(self._process, self._clock())


class Meters:
    """Several that take note of the same."""

    def __init__(self, *meters: Meter) -> None:
        self._meters = meters

    def composed(self, edition: str, seconds: float) -> None:
        """Let all take note; see Meter."""
        for each in self._meters:
            each.composed(edition, seconds)

    def fetched(self, articles: int, failed: int, seconds: float) -> None:
        """Let all take note; see Meter."""
        for each in self._meters:
            each.fetched(articles, failed, seconds)

    def answered(self, relay: str, fate: str, seconds: float, *, again: bool) -> None:
        """Let all take note; see Meter."""
        for each in self._meters:
            each.answered(relay, fate, seconds, again=again)

    def relay(self, name: str, trouble: RelayTrouble) -> None:
        """Let all take note; see Meter."""
        for each in self._meters:
            each.relay(name, trouble)

    def certificate(self, relay: str, ends: datetime) -> None:
        """Let all take note; see Meter."""
        for each in self._meters:
            each.certificate(relay, ends)
