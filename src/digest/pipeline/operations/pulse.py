"""What one serving process reports about itself: that it runs, and how relays answered it."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from dataclasses import replace
from datetime import datetime, timedelta

from digest import __version__
from digest.model.meter import Meter, Unmetered
from digest.model.sign import PastTrouble, RelayState, RelayTrouble, Sign
from digest.pipeline.runtime import Clock
from digest.storage.heartbeats import Heartbeats

FORGOTTEN_AFTER = timedelta(days=2)
"""A process without a heartbeat for this long is deleted from the database."""


class Pulse(Unmetered):
    """The state of this process. It records relay results like a Meter, and stores heartbeats.

    Safe to share between threads.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._relays: dict[str, RelayState] = {}
        self._host = socket.gethostname()
        self._process = f"{self._host}-{os.getpid()}-{secrets.token_hex(3)}"
        self._started = clock()

    def relay(self, name: str, trouble: RelayTrouble) -> None:
        """Record how a relay answered, and since when it has answered so."""
        with self._lock:
            before = self._relays.get(name)
            if before is None:
                self._relays[name] = RelayState(trouble=trouble, since=self._clock())
            elif before.trouble is not trouble:
                self._relays[name] = _changed(before, trouble, self._clock())

    def certificate(self, relay: str, ends: datetime) -> None:
        """Record when a relay's certificate expires."""
        with self._lock:
            before = self._relays.get(relay) or RelayState(trouble=RelayTrouble.NONE, since=self._clock())
            self._relays[relay] = replace(before, certificate_ends=ends)

    def sign(self) -> Sign:
        """Return the present heartbeat."""
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
        """Store the first heartbeat, and delete processes that ended long ago."""
        store.forget(self._clock() - FORGOTTEN_AFTER)
        self.beat(store)

    def beat(self, store: Heartbeats) -> None:
        """Store a heartbeat: the process is running."""
        store.beat(self.sign())

    def end(self, store: Heartbeats) -> None:
        """Store that the process stops normally."""
        store.stop(self._process, self._clock())


def _changed(before: RelayState, trouble: RelayTrouble, now: datetime) -> RelayState:
    """Return the new state of a relay. A problem that is over becomes its past trouble."""
    past = before.past
    if before.trouble is not RelayTrouble.NONE:
        past = PastTrouble(trouble=before.trouble, since=before.since, until=now)
    return replace(before, trouble=trouble, since=now, past=past)


class Meters:
    """Several meters used as one."""

    def __init__(self, *meters: Meter) -> None:
        self._meters = meters

    def composed(self, edition: str, seconds: float) -> None:
        """Forward to all meters; see Meter."""
        for each in self._meters:
            each.composed(edition, seconds)

    def fetched(self, articles: int, failed: int, seconds: float) -> None:
        """Forward to all meters; see Meter."""
        for each in self._meters:
            each.fetched(articles, failed, seconds)

    def answered(self, relay: str, fate: str, seconds: float, *, again: bool) -> None:
        """Forward to all meters; see Meter."""
        for each in self._meters:
            each.answered(relay, fate, seconds, again=again)

    def relay(self, name: str, trouble: RelayTrouble) -> None:
        """Forward to all meters; see Meter."""
        for each in self._meters:
            each.relay(name, trouble)

    def certificate(self, relay: str, ends: datetime) -> None:
        """Forward to all meters; see Meter."""
        for each in self._meters:
            each.certificate(relay, ends)

    def webhook(self, endpoint: str, result: str, seconds: float) -> None:
        """Forward to all meters; see Meter."""
        for each in self._meters:
            each.webhook(endpoint, result, seconds)
