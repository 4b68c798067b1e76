"""The pace at which hosts are asked: turns, one host at a time, so that a slow host holds nobody but itself."""

from __future__ import annotations

import heapq
import itertools
import math
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlsplit

GRACE = 2.0
"""Seconds for which what is under way is waited for when the time is up."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def host_of(url: str) -> str:
    """Return the host of a URL under which it is paced: ``www`` before it makes no other."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


class Pace:
    """When each host may be asked next; shared by all threads. Times are of the monotonic clock, in seconds."""

    def __init__(self, pause_seconds: float) -> None:
        self._pause = pause_seconds
        self._lock = threading.Lock()
        self._ready: dict[str, float] = {}
        self._pauses: dict[str, float] = {}

    def wait(self, host: str) -> None:
        """Return when ``host`` may be asked, and count that as asked."""
        with self._lock:
            slot = max(time.monotonic(), self._ready.get(host, 0.0))
            self._ready[host] = slot + self._pauses.get(host, self._pause)
        time.sleep(max(0.0, slot - time.monotonic()))

    def slow_down(self, host: str, pause_seconds: float) -> None:
        """Leave at least ``pause_seconds`` between requests to ``host`` from now on."""
        with self._lock:
            self._pauses[host] = max(pause_seconds, self._pause)

    def hold(self, host: str, seconds: float) -> None:
        """Do not ask ``host`` for so long."""
        with self._lock:
            self._ready[host] = max(self._ready.get(host, 0.0), time.monotonic() + seconds)

    def seconds_until(self, host: str) -> float:
        """Return how long ``host`` may not be asked yet; zero when it may."""
        with self._lock:
            return max(0.0, self._ready.get(host, 0.0) - time.monotonic())


@dataclass(frozen=True, slots=True)
class _Broken:
    """What ``work`` raised: an error that it returns is a result like others."""

    problem: BaseException


class Turns(Generic[Item, Result]):
    """Works off items in threads: never two of one host at once, and never a thread waiting for a host's pause."""

    def __init__(self, pace: Pace, host_of: Callable[[Item], str], work: Callable[[Item], Result]) -> None:
        self._pace = pace
        self._host_of = host_of
        self._work = work
        self._waiting: dict[str, deque[Item]] = {}
        self._idle: list[tuple[float, int, str]] = []
        """Hosts with work and nobody at it: when they may be asked (monotonic), a tie-breaker, the host."""
        self._order = itertools.count()
        self._change = threading.Condition()
        self._left = 0
        self._until = math.inf
        self._room = threading.Semaphore(0)
        """A result may be waiting for the caller for each permit: what is fetched faster than it is read is memory."""
        self._results: queue.SimpleQueue[tuple[Item, Result | _Broken]] = queue.SimpleQueue()

    def results(self, items: Iterable[Item], threads: int, until: float = math.inf) -> Iterator[tuple[Item, Result]]:
        """Yield each item with its result as it is done; ends early, cleanly, when the caller stops listening.

        At ``until``, in monotonic seconds, nothing more is begun; what is not done GRACE later is not waited for.

        Raises:
            Exception: what ``work`` raised: it is to return what went wrong with its item.
        """
        for item in items:
            self._waiting.setdefault(self._host_of(item), deque()).append(item)
        self._until = until
        self._left = count = sum(map(len, self._waiting.values()))
        for host in self._waiting:
            self._push(host)
        for _ in range(2 * threads):
            self._room.release()
        workers = [  # a thread that hangs at an item does not keep its process from ending
            threading.Thread(target=self._serve, name=f"fetch {n}", daemon=True) for n in range(min(threads, count))
        ]
        for worker in workers:
            worker.start()
        try:
            for _ in range(count):
                try:
                    item, result = self._results.get(timeout=_bounded(until + GRACE - time.monotonic()))
                except queue.Empty:
                    return
                self._room.release()
                if isinstance(result, _Broken):
                    raise result.problem  # noqa: TRY301 - whoever raises it here, the workers are stopped below
                yield item, result
        except BaseException:  # whoever stops early waits no longer for an item at which a thread hangs
            until = min(until, time.monotonic())
            raise
        finally:
            self._stop(len(workers))
            for worker in workers:
                worker.join(_bounded(until + 2 * GRACE - time.monotonic()))

    def _push(self, host: str) -> None:
        ready = time.monotonic() + self._pace.seconds_until(host)
        heapq.heappush(self._idle, (ready, next(self._order), host))

    def _stop(self, workers: int) -> None:
        for _ in range(workers):
            self._room.release()
        with self._change:
            self._left = 0
            self._idle.clear()
            self._change.notify_all()

    def _serve(self) -> None:
        while (turn := self._next_turn()) is not None:
            host, item = turn
            try:
                result: Result | _Broken = self._work(item)
            except BaseException as problem:  # noqa: BLE001 - handed to the caller's thread, which raises it
                result = _Broken(problem)
            self._results.put((item, result))
            with self._change:
                if self._left and self._waiting[host]:
                    self._push(host)
                self._change.notify()

    def _next_turn(self) -> tuple[str, Item] | None:
        """Return the next host that may be asked, with its item; None when everything is taken."""
        self._room.acquire()
        with self._change:
            while self._left and time.monotonic() < self._until:
                wait = self._idle[0][0] - time.monotonic() if self._idle else None
                if wait is not None and wait <= 0:
                    host = heapq.heappop(self._idle)[2]
                    self._left -= 1
                    if not self._left:
                        self._change.notify_all()
                    return host, self._waiting[host].popleft()
                left = _bounded(self._until - time.monotonic())
                self._change.wait(left if wait is None else wait if left is None else min(wait, left))
            return None


def _bounded(seconds: float) -> float | None:
    """Return how long to wait as the threading module takes it: None for ever."""
    return None if math.isinf(seconds) else max(0.0, seconds)
