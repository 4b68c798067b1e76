"""Metrics for Prometheus: the counts of this process, and figures that are read from the database on request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from digest import __version__
from digest.errors import StorageError
from digest.model.course import Movement
from digest.model.sign import RelayTrouble
from digest.pipeline.operations.readings import Readings

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
COMPOSING = (0.1, 0.3, 1, 2, 5, 10, 20, 40, 80, 160)
FETCHING = (1, 5, 10, 30, 60, 120, 300, 600)
ANSWERING = (0.001, 0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10, 60)
"""Bounds of the histograms for composing, fetching and answering, in seconds."""
Read = Callable[[], Readings]


class Metrics:
    """Counts what this process does (see ``model.meter.Meter``), and returns all counts and stored figures as text."""

    def __init__(self, read: Read) -> None:
        """Make the counters. ``read`` returns the figures of the database; it may raise StorageError."""
        self.registry = registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=registry)
        Gauge("digest_build_info", "The version that runs.", ["version"], registry=registry).labels(__version__).set(1)
        self._composing = Histogram(
            "digest_composing_seconds",
            "Seconds that composing an edition took.",
            ["edition"],
            buckets=COMPOSING,
            registry=registry,
        )
        self._fetching = Histogram(
            "digest_fetch_seconds", "Seconds that a fetch took.", buckets=FETCHING, registry=registry
        )
        self._articles = Counter("digest_fetched_articles", "Articles that fetches brought.", registry=registry)
        self._failures = Counter("digest_source_failures", "Fetches of one source that failed.", registry=registry)
        self._answering = Histogram(
            "digest_letter_seconds",
            "Seconds from a letter's envelope to the relay's answer.",
            ["relay"],
            buckets=ANSWERING,
            registry=registry,
        )
        self._letters = Counter(
            "digest_letters", "Letters and mails that a relay answered for.", ["relay", "fate"], registry=registry
        )
        self._retries = Counter(
            "digest_letter_retries", "Letters that had been tried before.", ["relay"], registry=registry
        )
        self._relays = Gauge("digest_relay_up", "1 when a relay takes letters, else 0.", ["relay"], registry=registry)
        self._certificates = Gauge(
            "digest_relay_certificate_end_timestamp_seconds",
            "When a relay's TLS certificate ends.",
            ["relay"],
            registry=registry,
        )
        self._webhooks = Counter(
            "digest_webhook_attempts", "Attempts to send a webhook.", ["endpoint", "result"], registry=registry
        )
        self._webhook_seconds = Histogram(
            "digest_webhook_seconds",
            "Seconds from a webhook to its receiver's answer.",
            ["endpoint"],
            buckets=ANSWERING,
            registry=registry,
        )
        registry.register(_Stored(read))

    def composed(self, edition: str, seconds: float) -> None:
        """Count a composed edition, and how long composing it took."""
        self._composing.labels(edition).observe(seconds)

    def fetched(self, articles: int, failed: int, seconds: float) -> None:
        """Count a fetch: the articles that it brought, the sources that failed, and how long it took."""
        self._fetching.observe(seconds)
        self._articles.inc(articles)
        self._failures.inc(failed)

    def answered(self, relay: str, fate: str, seconds: float, *, again: bool) -> None:
        """Count a letter that a relay answered: ``fate`` is the result, ``again`` whether it had been tried before."""
        self._answering.labels(relay).observe(seconds)
        self._letters.labels(relay, fate).inc()
        if again:
            self._retries.labels(relay).inc()

    def relay(self, name: str, trouble: RelayTrouble) -> None:
        """Set whether a relay takes letters."""
        self._relays.labels(name).set(trouble is RelayTrouble.NONE)

    def certificate(self, relay: str, ends: datetime) -> None:
        """Set when the TLS certificate of a relay expires."""
        self._certificates.labels(relay).set(ends.timestamp())

    def webhook(self, endpoint: str, result: str, seconds: float) -> None:
        """Count an attempt to send a webhook: ``result`` is ``delivered``, ``failed`` or ``dead``."""
        self._webhooks.labels(endpoint, result).inc()
        self._webhook_seconds.labels(endpoint).observe(seconds)

    def text(self) -> bytes:
        """Return all metrics in Prometheus' text format (0.0.4)."""
        return generate_latest(self.registry)


class _Stored(Collector):
    """The figures of the database and the disk, read at each request for the metrics."""

    def __init__(self, read: Read) -> None:
        self._read = read

    def describe(self) -> tuple[Metric, ...]:
        """Return nothing, because otherwise the registration would query the database."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Yield the figures. When the database fails, yield only the figure that says so."""
        try:
            found = self._read()
        except StorageError:
            yield _gauge("digest_database_up", "1 when the database answers, else 0.", 0)
            return
        yield _gauge("digest_database_up", "1 when the database answers, else 0.", 1)
        yield from _press(found)
        yield from _editions(found)
        yield from _people(found)
        yield from _webhooks(found)
        yield from _service(found)


def _press(found: Readings) -> Iterator[Metric]:
    yield _by("digest_sources", "Sources that are followed.", "state", found.sources)
    if found.articles is not None:
        yield _gauge("digest_articles_last_day", "Articles stored within a day.", found.articles)
    if found.entries is not None:
        yield _gauge("digest_entries_pending", "Announced pages that are not read yet.", found.entries)
    last = found.last_fetch.timestamp() if found.last_fetch else 0
    yield _gauge("digest_last_fetch_timestamp_seconds", "When the last fetch ended; 0 before the first.", last)


def _editions(found: Readings) -> Iterator[Metric]:
    yield _by("digest_editions", "Editions due within three days.", "state", found.editions)
    late = {name: length.total_seconds() for name, length in found.lateness.items()}
    yield _by("digest_edition_lateness_seconds", "How late the newest edition began, or is.", "edition", late)
    due = {name: moment.timestamp() for name, moment in found.next_due.items()}
    yield _by("digest_next_edition_timestamp_seconds", "When the next edition is due.", "edition", due)
    letters = GaugeMetricFamily(
        "digest_deliveries", "Letters of the newest edition that was begun.", labels=["edition", "state"]
    )
    for labels, number in sorted(found.letters.items()):
        letters.add_metric(labels, number)
    yield letters


def _people(found: Readings) -> Iterator[Metric]:
    if found.movement is not None:
        yield from _moved(found.movement)
    yield _by("digest_outbox_mails", "Mails to one person.", "state", found.outbox)


def _moved(moved: Movement) -> Iterator[Metric]:
    yield _gauge("digest_readers_joined_last_day", "Readers who joined within a day.", moved.joined)
    yield _gauge("digest_readers_left_last_day", "Readers who left within a day.", moved.left)
    yield _gauge("digest_readers_suppressed_last_day", "Addresses suppressed within a day.", moved.suppressed)
    yield _by("digest_bounces_last_day", "Mails that came back within a day.", "kind", moved.bounces)


def _webhooks(found: Readings) -> Iterator[Metric]:
    family = GaugeMetricFamily(
        "digest_webhook_messages", "Webhooks that wait, or were given up.", labels=["endpoint", "state"]
    )
    for labels, number in sorted(found.webhooks.items()):
        family.add_metric(labels, number)
    yield family
    yield _by("digest_webhook_endpoint_up", "1 when a receiver of webhooks accepts them.", "endpoint", found.endpoints)
    yield _gauge("digest_tips_open", "Tips of readers that no editor has settled.", found.tips)


def _service(found: Readings) -> Iterator[Metric]:
    yield _by("digest_set_aside", "Items at which the program failed.", "kind", found.set_aside)
    yield _by("digest_alerts", "Alerts that go on.", "kind", found.alerts)
    beats = {process: moment.timestamp() for process, moment in found.heartbeats.items()}
    yield _by("digest_heartbeat_timestamp_seconds", "The last sign of life of a process.", "process", beats)
    free = {disk.place: disk.free_bytes for disk in found.disks}
    yield _by("digest_disk_free_bytes", "Bytes that are free.", "place", free)
    yield _by(
        "digest_disk_size_bytes", "Bytes of the disk.", "place", {disk.place: disk.total_bytes for disk in found.disks}
    )


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _by(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in sorted(values.items()):
        family.add_metric([key], value)
    return family
