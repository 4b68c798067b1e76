"""Health and metrics of one serving process: heartbeats, figures, and whether it is alive and ready."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from digest.app import App
from digest.errors import StorageError
from digest.logs import get_logger
from digest.pipeline.operations.outlook import LetterCounts
from digest.pipeline.operations.pulse import Meters, Pulse
from digest.pipeline.operations.readings import Readings, readings
from digest.pipeline.quarantine import Jobs

if TYPE_CHECKING:
    from digest.web.metrics import Metrics

STUCK_SECONDS = 90.0
"""After this many seconds without a heartbeat the jobs do not run, and the process should be restarted."""
FRESH_SECONDS = 1.0
"""Figures are computed at most once in this time; more frequent requests get the same figures."""

log = get_logger()


class Monitor:
    """Keeps the heartbeat and the figures of one process, and serves its health and metrics over HTTP.

    Safe to share between threads.
    """

    def __init__(self, app: App, seconds: Callable[[], float] = time.monotonic) -> None:
        self.pulse = Pulse(app.clock)
        self.counts = LetterCounts(app.stores.figures)
        self._seconds = seconds
        self._beat_at = seconds()
        self._lock = threading.Lock()
        self._read_at = -FRESH_SECONDS
        self._last: Readings | None = None
        self._metrics = self._made() if app.settings.monitor.port else None
        meter = Meters(self.pulse, self._metrics) if self._metrics else self.pulse
        self.app = replace(app, runtime=replace(app.runtime, meter=meter))
        """The app with a meter that counts its work."""
        self._jobs = Jobs(self.app.runtime)

    def _made(self) -> Metrics:
        from digest.web.metrics import Metrics  # noqa: PLC0415 - nobody else needs prometheus_client

        return Metrics(self._readings)

    def begin(self) -> None:
        """Store the first heartbeat."""
        self.pulse.begin(self.app.stores.heartbeats)

    def beat(self) -> None:
        """Store a heartbeat. Raises StorageError when it cannot be stored; the process still counts as alive."""
        self._beat_at = self._seconds()
        self.pulse.beat(self.app.stores.heartbeats)

    def end(self) -> None:
        """Store that the process stops normally; do nothing when the database cannot be reached."""
        with suppress(StorageError):
            self.pulse.end(self.app.stores.heartbeats)

    def live(self) -> Mapping[str, str]:
        """Return why the process must be restarted, by part (such as ``jobs``); empty when it is alive."""
        silent = self._seconds() - self._beat_at
        return {"jobs": f"none ran for {silent:.0f} s"} if silent > STUCK_SECONDS else {}

    def ready(self) -> Mapping[str, str]:
        """Return why the process cannot work now, by part; empty when it can."""
        try:
            self.app.stores.runs.last("fetch")
        except StorageError:
            return {**self.live(), "database": "it does not answer"}
        return self.live()

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Serve health and metrics on ``monitor.port`` while the block runs; do nothing without a port."""
        if self._metrics is None:
            yield
            return
        from digest.web.health import health_app, health_listener  # noqa: PLC0415 - the same

        where = self.app.settings.monitor
        app = health_app(self.live, self.ready, self._metrics)
        with health_listener(app, where.host, where.port).in_background() as listener:
            log.info("health served", at=listener.url)
            yield

    def _readings(self) -> Readings:
        with self._lock:
            if self._last is None or self._seconds() - self._read_at >= FRESH_SECONDS:
                self._last = readings(self.app.runtime, self.counts, self._jobs)
                self._read_at = self._seconds()
            return self._last
