"""Limits the rate of requests to each host. A slow host delays only its own requests."""

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
from typing import Generic, Protocol, TypeVar
from urllib.parse import urlsplit

LONGEST_HOLD_SECONDS = 60.0
"""A request is left for later when its host asks us to wait longer than this. Otherwise we wait."""
GRACE = 2.0
"""After the time limit, work in progress gets this many seconds to end."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def host_of(url: str) -> str:
    """Return the host of a URL as the key of the rate limit. A leading ``www.`` is removed."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


class Pace:
    """Knows when each host may be asked next. All threads share it. Times are seconds of the monotonic clock."""

    is_shared = False
    """Whether it holds over several machines."""

    def __init__(self, pause_seconds: float) -> None:
        self._pause = pause_seconds
        self._lock = threading.Lock()
        self._ready: dict[str, float] = {}
        self._pauses: dict[str, float] = {}

    def wait(self, host: str) -> None:
        """Wait until ``host`` may be asked, and record the request."""
        with self._lock:
            slot = max(time.monotonic(), self._ready.get(host, 0.0))
            self._ready[host] = slot + self.pause(host)
        time.sleep(max(0.0, slot - time.monotonic()))

    def pause(self, host: str) -> float:
        """Return the least seconds between two requests to ``host``."""
        return self._pauses.get(host, self._pause)

    def answered(self, host: str) -> None:
        """Note that a request to ``host`` has ended. Here, the pause counts from its beginning."""

    def slow_down(self, host: str, pause_seconds: float) -> None:
        """Leave at least ``pause_seconds`` between requests to ``host`` from now on."""
        with self._lock:
            self._pauses[host] = max(pause_seconds, self._pause)

    def hold(self, host: str, seconds: float) -> None:
        """Send no request to ``host`` for this many seconds."""
        with self._lock:
            self._ready[host] = max(self._ready.get(host, 0.0), time.monotonic() + seconds)

    def seconds_until(self, host: str) -> float:
        """Return the seconds until ``host`` may be asked; zero if it may be asked now."""
        with self._lock:
            return max(0.0, self._ready.get(host, 0.0) - time.monotonic())

    def seconds_until_turn(self, host: str) -> float:
        """Return the seconds until an item of ``host`` is taken up."""
        return self.seconds_until(host)


class HostTurns(Protocol):
    """Keeps the moments of requests for all machines."""

    def reserve(self, host: str, pause_seconds: float) -> float:
        """Reserve the next moment for a request to ``host``; return how many seconds away it is."""
        ...

    def hold(self, host: str, seconds: float) -> None:
        """Let no request reach ``host`` for so many seconds."""
        ...

    def seconds_until(self, host: str) -> float:
        """Return in how many seconds ``host`` may be asked."""
        ...


class SharedPace(Pace):
    """A pace that holds over all machines, by moments that are reserved in the database."""

    is_shared = True

    def __init__(self, pause_seconds: float, turns: HostTurns) -> None:
        super().__init__(pause_seconds)
        self._turns = turns

    def wait(self, host: str) -> None:
        """Wait until ``host`` may be asked, and record the request."""
        time.sleep(self._turns.reserve(host, self.pause(host)))

    def answered(self, host: str) -> None:
        """Let the pause begin anew: on the way to the host, requests of two machines may come nearer to each other."""
        self._turns.hold(host, self.pause(host))

    def hold(self, host: str, seconds: float) -> None:
        """Send no request to ``host`` for this many seconds."""
        self._turns.hold(host, seconds)

    def seconds_until(self, host: str) -> float:
        """Return the seconds until ``host`` may be asked; zero if it may be asked now."""
        return self._turns.seconds_until(host)

    def seconds_until_turn(self, host: str) -> float:
        """Return the seconds until an item of ``host`` is taken up; 0 for a long wait: the item is left for later."""
        wait = self.seconds_until(host)
        return wait if wait <= LONGEST_HOLD_SECONDS else 0.0


@dataclass(frozen=True, slots=True)
class _Broken:
    """An exception that ``work`` raised. An error that ``work`` returns is an ordinary result."""

    problem: BaseException


class Turns(Generic[Item, Result]):
    """Works through items in threads: one item per host at a time. No thread sleeps through a host's pause."""

    def __init__(self, pace: Pace, host_of: Callable[[Item], str], work: Callable[[Item], Result]) -> None:
        self._pace = pace
        self._host_of = host_of
        self._work = work
        self._waiting: dict[str, deque[Item]] = {}
        self._idle: list[tuple[float, int, str]] = []
        """Hosts with items and no thread at work: when they may be asked (monotonic), a tie-breaker, the host."""
        self._order = itertools.count()
        self._change = threading.Condition()
        self._left = 0
        self._until = math.inf
        self._room = threading.Semaphore(0)
        """A permit for each result that may wait for the caller. Without a limit, unread results would fill memory."""
        self._results: queue.SimpleQueue[tuple[Item, Result | _Broken]] = queue.SimpleQueue()

    def results(self, items: Iterable[Item], threads: int, until: float = math.inf) -> Iterator[tuple[Item, Result]]:
        """Yield each item with its result as it is done. When the caller stops early, the threads end cleanly.

        At ``until`` (monotonic seconds) no more items are started. Unfinished items are waited for until GRACE later.

        Raises:
            Exception: What ``work`` raised. It should return the problems of an item instead of raising them.
        """
        for item in items:
            self._waiting.setdefault(self._host_of(item), deque()).append(item)
        self._until = until
        self._left = count = sum(map(len, self._waiting.values()))
        for host in self._waiting:
            self._push(host)
        for _ in range(2 * threads):
            self._room.release()
        workers = [  # a thread that hangs at an item does not stop the process from ending
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
                    raise result.problem  # noqa: TRY301 - the workers are stopped below in any case
                yield item, result
        except BaseException:  # a caller who stops early does not wait for a thread that hangs
            until = min(until, time.monotonic())
            raise
        finally:
            self._stop(len(workers))
            for worker in workers:
                worker.join(_bounded(until + 2 * GRACE - time.monotonic()))

    def _push(self, host: str) -> None:
        ready = time.monotonic() + self._pace.seconds_until_turn(host)
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
            except BaseException as problem:  # noqa: BLE001 - the caller's thread raises it
                result = _Broken(problem)
            self._results.put((item, result))
            with self._change:
                if self._left and self._waiting[host]:
                    self._push(host)
                self._change.notify()

    def _next_turn(self) -> tuple[str, Item] | None:
        """Return the next host that may be asked, with its item. None: no item is left, or the time is over."""
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
    """Return a timeout as the threading module takes it: None for no limit."""
    return None if math.isinf(seconds) else max(0.0, seconds)
