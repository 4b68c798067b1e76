"""Figures from the database and the disk, read on request; the cost of a request is bounded.

Letters are counted by ``LetterCounts``, and everything else since yesterday by indexes on time. With 200,000 letters in
the newest edition and as many readers the first reading takes 140 ms of CPU time, later ones 12 ms (SQLite,
``bench/figures.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from digest.alerts.facts import RETURNS_WITHIN, Disk
from digest.edition.calendar import upcoming
from digest.model.alert import Phase
from digest.model.course import Course, Movement
from digest.model.life import UNSENT
from digest.pipeline.operations.outlook import AHEAD, LetterCounts, disks, following
from digest.pipeline.quarantine import Jobs
from digest.pipeline.runtime import Runtime
from digest.storage.webhooks import DEAD, WAITING, Endpoint

A_DAY = timedelta(days=1)
_NONE: Mapping[str, int] = {}
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """The figures at ``now``."""

    now: datetime
    sources: Mapping[str, int]
    """State (answering, failing, given up) -> number of active sources in it."""
    articles: int | None
    """Articles stored within a day. This field and others are None when the number cannot be determined."""
    entries: int | None
    """Announced entries whose pages are not read yet."""
    editions: Mapping[str, int]
    """State -> number of editions due within three days, past or soon."""
    lateness: Mapping[str, timedelta]
    """Edition's name -> how late the sending of its newest edition began, or how late it is now if it has not begun."""
    next_due: Mapping[str, datetime]
    letters: Mapping[tuple[str, str], int]
    """(edition's name, state) -> number of letters, of the newest edition of that name whose sending has begun."""
    movement: Movement | None
    """Changes in the number of readers within a day."""
    outbox: Mapping[str, int]
    set_aside: Mapping[str, int]
    webhooks: Mapping[tuple[str, str], int]
    """(receiver, ``waiting`` or ``dead``) -> number of webhooks."""
    endpoints: Mapping[str, int]
    """Receiver of webhooks -> 1 when it is enabled and its last answer was a success, else 0."""
    tips: int
    """Tips that no editor has handled."""
    alerts: Mapping[str, int]
    """Kind -> number of active alerts."""
    heartbeats: Mapping[str, datetime]
    """Process -> the time of its last heartbeat."""
    last_fetch: datetime | None
    disks: tuple[Disk, ...]


def readings(runtime: Runtime, counts: LetterCounts, jobs: Jobs | None = None) -> Readings:
    """Return the present figures, without those that the program fails to read; ``jobs`` reports these.

    Raises StorageError when the database does not answer.
    """
    now, stores, figures = runtime.clock(), runtime.stores, runtime.stores.figures
    watched, none = jobs or Jobs(runtime), tuple[Course, ...]()

    def of(name: str, read: Callable[[], T], otherwise: T) -> T:
        return watched.of(f"figure: {name}", read, otherwise)

    receivers = of("webhooks", stores.webhooks.all, tuple[Endpoint, ...]())
    courses = of("editions", lambda: figures.courses(now - RETURNS_WITHIN, now + AHEAD), none)
    return Readings(
        now=now,
        sources=of("sources", lambda: _sources(runtime), _NONE),
        articles=of("articles", lambda: figures.articles(now - A_DAY), None),
        entries=of("entries", figures.pending_entries, None),
        editions=Counter(course.state.value for course in courses),
        lateness=of("lateness", lambda: _lateness(courses, now), {}),
        next_due=of("next editions", lambda: _next_due(runtime, now), {}),
        letters=of("letters", lambda: _letters(courses, counts, now), {}),
        movement=of("readers", lambda: figures.movement(now - A_DAY, now + A_DAY), None),
        outbox=of("mails", figures.outbox, _NONE),
        webhooks={pair: number for each in receivers for pair, number in _messages(each)},
        endpoints={each.name: int(not each.failures and each.disabled_at is None) for each in receivers},
        tips=of("tips", stores.tips.open, 0),
        set_aside=of("quarantine", lambda: _set_aside(runtime), _NONE),
        alerts=of("alerts", lambda: _alerts(runtime, now), _NONE),
        heartbeats=of("signs of life", lambda: _heartbeats(runtime), {}),
        last_fetch=of("last fetch", lambda: stores.runs.last("fetch"), None),
        disks=of("disks", lambda: tuple(disks(runtime.settings)), ()),
    )


def _next_due(runtime: Runtime, now: datetime) -> Mapping[str, datetime]:
    coming = {name: upcoming(name, plan, now, 1) for name, plan in runtime.settings.editions.items()}
    return {name: found[0].due for name, found in coming.items() if found}


def _messages(endpoint: Endpoint) -> Iterator[tuple[tuple[str, str], int]]:
    yield (endpoint.name, WAITING), endpoint.waiting
    yield (endpoint.name, DEAD), endpoint.dead


def _set_aside(runtime: Runtime) -> Mapping[str, int]:
    return {kind.value: number for kind, number in runtime.stores.quarantine.counts().items()}


def _alerts(runtime: Runtime, now: datetime) -> Mapping[str, int]:
    return Counter(one.kind.value for one in runtime.stores.alerts.known(now) if one.phase is Phase.RAISED)


def _heartbeats(runtime: Runtime) -> Mapping[str, datetime]:
    return {sign.process: sign.beat_at for sign in runtime.stores.heartbeats.all() if sign.stopped_at is None}


def _sources(runtime: Runtime) -> Mapping[str, int]:
    states = Counter({"answering": 0, "failing": 0, "given up": 0})
    for each in following(runtime):
        states["given up" if each.given_up else "failing" if each.failing_since else "answering"] += 1
    return states


def _lateness(courses: Iterable[Course], now: datetime) -> Mapping[str, timedelta]:
    late = dict[str, timedelta]()
    for course in courses:  # oldest first, so the newest overwrites
        if course.began is not None:
            late[course.key.name] = max(timedelta(), course.began - course.due)
        elif course.state in UNSENT and course.due <= now:
            late[course.key.name] = now - course.due
    return late


def _letters(courses: Iterable[Course], counts: LetterCounts, now: datetime) -> Mapping[tuple[str, str], int]:
    newest = {course.key.name: course for course in courses if course.began is not None}
    return {(name, state): n for name, course in newest.items() for state, n in counts.of(course, now).items()}
