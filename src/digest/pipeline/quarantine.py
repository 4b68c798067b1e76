"""Isolates failures: an item at which the program fails unexpectedly is set aside, and the run continues.

item ─ set aside before? ─▶ skipped
     ─ did two processes end at it? ─▶ set aside
     ─ recorded ─▶ worked on ─▶ done
                           └─ an unexpected exception ─▶ set aside: stored, logged as an error, counted in the run

Before an item is worked on, the audit event ITEM_EVENT is raised with its kind and key (PEP 578). An audit hook that
raises an exception there makes the program fail at that item, so failures can be tested in a real process.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from digest.bookkeeping import Claim
from digest.errors import ItemSetAside, Mishandled
from digest.logs import get_logger
from digest.model.quarantine import MOST_STARTS, ItemKind, SetAside, is_items_fault, set_aside, short_key
from digest.pipeline.runtime import Runtime

MOST_INPUTS = 100
"""Number of inputs of one kind that a run stores. A fault that affects every item would otherwise fill the database."""
FROZEN = "a thread has been at work on it for minutes; it ends with its process"
ENDED = f"the process, or its connection, ended {MOST_STARTS} times while it was at work on it"

ITEM_EVENT = "digest.item"

Parcel = TypeVar("Parcel")
T = TypeVar("T")

log = get_logger()


class Watch:
    """Isolates the items of one run; safe to share between threads."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._store = runtime.stores.quarantine
        self._lock = threading.Lock()
        if runtime.attempts is not None:
            self._store.suspect(runtime.attempts.left_by_the_dead(), runtime.clock())
        self._held = set(self._store.held())
        self._suspects = self._store.suspects()
        self._inputs: Counter[ItemKind] = Counter()
        self.aside: list[SetAside] = []
        """What this run set aside."""
        self._set_aside_frozen()

    def holds(self, kind: ItemKind, key: str) -> bool:
        """Return whether an item is set aside and must not be worked on."""
        return (kind, short_key(key)) in self._held

    def held(self, kind: ItemKind) -> frozenset[str]:
        """Return the keys of a kind's items that are set aside."""
        return frozenset(key for known, key in self._held if known is kind)

    @contextmanager
    def item(self, kind: ItemKind, key: str, data: bytes) -> Iterator[None]:
        """Surround the work on one item; when ``data`` is given, the attempt is stored before the work begins.

        Raises ItemSetAside for an item that is set aside, now or before. Expected errors pass unchanged.
        """
        named = (kind, short_key(key))
        if named in self._held:
            raise ItemSetAside(kind.value, key, "before")
        if self._suspects.get(named, 0) >= MOST_STARTS:
            self._put(kind, key, data, RuntimeError(ENDED))
            raise ItemSetAside(kind.value, key, ENDED)
        try:
            with self._noted(named, needed=bool(data)):
                sys.audit(ITEM_EVENT, kind.value, key)
                yield
        except BaseException as error:
            if not is_items_fault(error):
                raise
            self._put(kind, key, data, error)
            raise ItemSetAside(kind.value, key, type(error).__name__) from error

    def _set_aside_frozen(self) -> None:
        """Set aside items at which a thread of this process hangs: the next thread would hang as well."""
        for kind, key in self._runtime.attempts.frozen() if self._runtime.attempts is not None else ():
            if (kind, key) not in self._held:
                self._put(kind, key, b"", RuntimeError(FROZEN))

    @contextmanager
    def _noted(self, named: tuple[ItemKind, str], *, needed: bool) -> Iterator[None]:
        attempts = self._runtime.attempts if needed else None
        if attempts is None:
            yield
            return
        attempts.begin(named)
        interrupted = False
        try:
            yield
        except (KeyboardInterrupt, SystemExit):  # a person stopped the program
            interrupted = True
            raise
        finally:
            if not interrupted:
                attempts.end(named)
        if self._suspects.pop(named, 0):
            self._store.release(*named)
            log.info("item passed after a crash", kind=named[0].value)

    def set_aside_records(self) -> None:
        """Set aside the database rows that could not be read since the last call."""
        for name, error in self._runtime.stores.database.take_unreadable().items():
            with suppress(ItemSetAside), self.item(ItemKind.RECORD, name, b""):
                raise Mishandled("a stored row cannot be read") from error

    def _put(self, kind: ItemKind, key: str, data: bytes, error: BaseException) -> None:
        with self._lock:
            self._inputs[kind] += 1
            kept = data if self._inputs[kind] <= MOST_INPUTS else b""
            item = set_aside(kind, key, kept, error, self._runtime.clock())
            if kind is not ItemKind.JOB:
                self._held.add((kind, item.key))
            self.aside.append(item)
        number = self._store.put(item)
        log.error("set aside", kind=kind.value, number=number, error=type(error).__name__)  # the trace is stored


@contextmanager
def watching(runtime: Runtime, work: str) -> Iterator[Watch]:
    """Yield a Watch for one run of ``work``.

    The items that it sets aside are recorded with the run, however the run ends.
    """
    started, watch = runtime.clock(), Watch(runtime)
    try:
        yield watch
    finally:
        watch.set_aside_records()
        if watch.aside:
            items = [{"kind": item.kind.value, "error": item.error} for item in watch.aside[:MOST_INPUTS]]
            report = {"work": work, "set_aside": len(watch.aside), "items": items}
            runtime.stores.runs.record("quarantine", started, runtime.clock(), report)


def watched(watch: Watch, kind: ItemKind, run: str, write: Callable[[Claim], Parcel]) -> Callable[[Claim], Parcel]:
    """Return a function that writes mails like ``write``, but raises ItemSetAside where ``write`` fails unexpectedly.

    So other mails are still sent. A mail is identified by ``run`` and its number; no data of the reader is stored.
    """

    def guarded(claim: Claim) -> Parcel:
        name = f"{run}/{claim.reader_id}"
        with watch.item(kind, name, name.encode()):
            return write(claim)

    return guarded


def set_aside_records(runtime: Runtime, work: str) -> None:
    """Set aside the database rows that ``work`` could not read, where no Watch does it.

    Without such a row the database is not used.
    """
    if runtime.stores.database.has_unreadable:
        with watching(runtime, work):
            pass


def set_aside_relays(watch: Watch, faults: Iterable[tuple[str, Exception]]) -> None:
    """Record relays at which the program failed in the quarantine. The next run still uses these relays."""
    for name, error in faults:
        with suppress(ItemSetAside), watch.item(ItemKind.JOB, f"relay {name}", b""):
            raise Mishandled("a relay cannot be spoken to") from error


class Jobs:
    """Runs scheduled jobs that must continue. An unexpected exception is stored, and the job is tried again."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._last: dict[str, str] = {}

    def run(self, name: str, work: Callable[[], object]) -> bool:
        """Run a job; return False when it failed unexpectedly. A repeated failure is stored and logged once."""
        try:
            sys.audit(ITEM_EVENT, ItemKind.JOB.value, name)
            work()
            set_aside_records(self._runtime, name)
        except BaseException as error:
            if not is_items_fault(error):
                raise
            said = f"{type(error).__name__}: {error}"
            if self._last.get(name) != said:
                self._last[name] = said
                self._keep(name, error)
            return False
        self._last.pop(name, None)
        return True

    def of(self, name: str, read: Callable[[], T], otherwise: T) -> T:
        """Return the result of ``read``, or ``otherwise`` when ``read`` failed unexpectedly."""
        found: list[T] = []
        return found[0] if self.run(name, lambda: found.append(read())) else otherwise

    @property
    def failing(self) -> bool:
        """Whether any job failed unexpectedly at its last run."""
        return bool(self._last)

    def _keep(self, name: str, failure: BaseException) -> None:
        try:
            with watching(self._runtime, name) as watch, watch.item(ItemKind.JOB, name, b""):
                raise failure
        except ItemSetAside:
            return
