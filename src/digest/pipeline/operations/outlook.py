"""The state of the service: collects stored data, the calendar and the disk as facts for alerts and `status`."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from digest.alerts.facts import LOOK_BACK, RETURNS_WITHIN, Disk, Facts, Following, Planned, Receiver, Returns
from digest.deliver.transports.relay import label
from digest.edition.calendar import due_between, occurrence
from digest.fetch.politeness import SourceStanding, SourceState
from digest.model.course import Course
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.model.ids import EditionKey
from digest.model.life import waits_for_approval
from digest.model.sign import Sign
from digest.pipeline.quarantine import Jobs
from digest.pipeline.runtime import Runtime
from digest.settings import Settings
from digest.storage.figures import Figures
from digest.storage.sources import StoredSource
from digest.storage.webhooks import OPERATOR
from digest.text.credentials import WrongUrl

AHEAD = timedelta(hours=2)
"""Editions due within this time are included: one may be held before it is due."""
COUNTED_EVERY = timedelta(seconds=15)
"""Minimum time between two counts of the letters of an edition being sent."""
LARGEST_SHARE = 0.02
ENDED = frozenset({EditionState.SENT, EditionState.CANCELLED})
S = DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    """The cached letter counts of one edition: its state then, when they were counted, how long they are valid."""

    stage: tuple[EditionState, datetime]
    at: datetime
    serves: timedelta | None
    """How long the counts are valid. None: forever, since the edition has ended."""
    letters: Mapping[str, int]

    def holds(self, stage: tuple[EditionState, datetime], now: datetime) -> bool:
        """Return whether the cached count is still valid."""
        return self.stage == stage and (self.serves is None or timedelta() <= now - self.at < self.serves)


class LetterCounts:
    """How many letters of an edition are in each state. An edition that has ended is counted once, others repeatedly.

    Counting reads all rows of one edition. So it is done at most every COUNTED_EVERY, and takes at most LARGEST_SHARE
    of the time (measured by ``bench/figures.py``).
    """

    def __init__(self, figures: Figures, seconds: Callable[[], float] = time.monotonic) -> None:
        self._figures = figures
        self._seconds = seconds
        self._lock = threading.Lock()
        self._known: dict[int, _Count] = {}

    def of(self, course: Course, now: datetime) -> Mapping[str, int]:
        """Return the counts, possibly from the cache."""
        if course.began is None:
            return {}
        stage = (course.state, course.changed_at)
        with self._lock:
            known = self._known.get(course.id)
            if known is None or not known.holds(stage, now):
                began = self._seconds()
                letters = self._figures.letters(course.id)
                cost = timedelta(seconds=self._seconds() - began)
                serves = None if course.state in ENDED else max(COUNTED_EVERY, cost / LARGEST_SHARE)
                known = self._known[course.id] = _Count(stage=stage, at=now, serves=serves, letters=letters)
            return known.letters

    def keep(self, courses: Iterable[Course]) -> None:
        """Remove the cached counts of all editions that are not in ``courses``."""
        ids = {course.id for course in courses}
        with self._lock:
            self._known = {known: found for known, found in self._known.items() if known in ids}


def facts(runtime: Runtime, counts: LetterCounts | None = None, jobs: Jobs | None = None) -> Facts:
    """Return the present facts. Nothing is changed; with ``counts``, letters need not be counted again.

    Facts that the program fails to collect are missing; ``jobs`` reports the failures.
    """
    now, figures, jobs = runtime.clock(), runtime.stores.figures, jobs or Jobs(runtime)
    courses = figures.courses(now - RETURNS_WITHIN, now + AHEAD)
    counted = counts or LetterCounts(figures)
    counted.keep(courses)
    return Facts(
        now=now,
        editions=jobs.of("facts: editions", lambda: planned(runtime, courses, now), ()),
        signs=jobs.of("facts: signs of life", lambda: signs(runtime), ()),
        sources=jobs.of("facts: sources", lambda: following(runtime), ()),
        returns=jobs.of("facts: returns", lambda: _returns(runtime, courses, counted, now), None),
        disks=jobs.of("facts: disks", lambda: tuple(disks(runtime.settings)), ()),
        receivers=jobs.of("facts: webhooks", lambda: receivers(runtime), ()),
        lost=jobs.of("facts: names of editions", lambda: _lost(runtime), {}),
    )


def planned(runtime: Runtime, courses: Iterable[Course], now: datetime) -> tuple[Planned, ...]:
    """Return the editions between LOOK_BACK and AHEAD: those of the calendar, and those with a row."""
    since, until = now - LOOK_BACK, now + AHEAD
    known_since, found = runtime.stores.figures.known_since(), dict[EditionKey, Planned]()
    for name, plan in runtime.settings.editions.items():
        for due in due_between(name, plan, since, until) if name in known_since else ():
            if due.due >= known_since[name]:
                found[due.key] = Planned(key=due.key, due=due.due, closes=due.closes)
    for course in courses:
        if course.due >= since or course.key in found:
            found[course.key] = _with_course(runtime.settings, course, found.get(course.key), now)
    return tuple(sorted(found.values(), key=lambda each: (each.due, each.key.name)))


def _with_course(settings: Settings, course: Course, known: Planned | None, now: datetime) -> Planned:
    """Return an edition with the data of its row. If its sending has begun, the due time in the row counts."""
    plan = settings.editions.get(course.key.name)
    scheduled = occurrence(course.key.name, plan, course.key.date) if plan and course.began is None else None
    due = scheduled.due if scheduled else course.due
    closes = scheduled.closes if scheduled else (known.closes if known else course.expires)
    waits = plan is not None and waits_for_approval(plan, course.state, due, now)
    return Planned(key=course.key, due=due, closes=closes, course=course, waits_for_approval=waits)


def signs(runtime: Runtime) -> tuple[Sign, ...]:
    """Return the last heartbeat of each process, with only those relays that are in the settings."""
    mail = runtime.settings.mail
    try:
        names = {relay.name or label(relay.url) for relay in mail.relays} or {label(mail.transport)}
    except WrongUrl:  # `digest check` reports it
        names = set()
    found = runtime.stores.heartbeats.all()
    return tuple(replace(s, relays={n: state for n, state in s.relays.items() if n in names}) for s in found)


def following(runtime: Runtime) -> tuple[Following, ...]:
    """Return for each active source how its fetches went."""
    return tuple(_following(stored) for stored in runtime.stores.sources.enabled())


def _following(stored: StoredSource) -> Following:
    try:
        state = msgspec.convert(stored.state, SourceState)
    except msgspec.ValidationError:  # another version wrote it; the next fetch replaces it
        state = SourceState()
    return Following(
        name=stored.source.name,
        failing_since=state.failing_since,
        result=stored.last_result or state.last_result,
        given_up=state.standing is not SourceStanding.ACTIVE,
    )


def receivers(runtime: Runtime) -> tuple[Receiver, ...]:
    """Return the receivers of webhooks, without those that were disabled by command."""
    return tuple(
        Receiver(name=each.name, failing_since=each.failing_since, disabled_why=each.disabled_why)
        for each in runtime.stores.webhooks.all()
        if each.disabled_why != OPERATOR
    )


def _returns(runtime: Runtime, courses: Iterable[Course], counts: LetterCounts, now: datetime) -> Returns:
    moved = runtime.stores.figures.movement(now - RETURNS_WITHIN, now + AHEAD)
    accepted = refused = 0
    for course in courses:
        letters = counts.of(course, now)
        accepted += letters.get(S.ACCEPTED.value, 0)
        refused += letters.get(S.REJECTED.value, 0)
    return Returns(
        letters=accepted + refused,
        bounced=refused + moved.bounces.get("hard", 0),
        complaints=moved.bounces.get("complaint", 0),
    )


def disks(settings: Settings) -> Iterator[Disk]:
    """Return the free space where the database, the journals and letters as files are stored; each disk once."""
    seen = set()
    for place, folder in _places(settings):
        try:
            usage, device = shutil.disk_usage(folder), folder.stat().st_dev
        except OSError:  # the folder is created when it is needed
            continue
        if device not in seen:
            seen.add(device)
            yield Disk(place=place, free_bytes=usage.free, total_bytes=usage.total)


def _places(settings: Settings) -> Iterator[tuple[str, Path]]:
    home = Path(settings.folder)
    yield "the folder of the configuration", home
    scheme, _, file = settings.database.url.partition(":///")
    if scheme.startswith("sqlite") and file:
        yield "the database", (home / file).parent
    if settings.mail.transport.startswith("file:"):
        yield "the outbox", home / settings.mail.transport.removeprefix("file:").removeprefix("//")


def _lost(runtime: Runtime) -> Mapping[str, int]:
    """Return the number of readers of each edition that is not in the settings, by name."""
    return runtime.stores.edition_names.without_settings(runtime.settings.editions)
