"""Worker processes that read strangers' pages, one at a time. Time and memory are limited; late ones are killed."""

from __future__ import annotations

import ctypes
import gc
import math
import multiprocessing
import os
import resource
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessPool

from digest.errors import Mishandled, Unreadable, Wordless
from digest.extract.article import extract
from digest.model.article import Article, Page
from digest.model.ids import SourceId
from digest.model.source import FeedEntry
from digest.private_files import temporary_folder
from digest.settings import ExtractSettings

AHEAD = 4
"""Jobs queued for each worker: enough to keep it busy, few enough to keep memory small."""
PAGES_PER_WORKER = 500
"""A worker is replaced after this many pages, so that leaks of libraries do not accumulate."""
_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One page to read, and what is known about its entry and its host."""

    page: Page
    entry: FeedEntry
    furniture: frozenset[str] = frozenset()
    language_hint: str | None = None


@dataclass(frozen=True, slots=True)
class _Refusal:
    """An Unreadable in a form that can be sent between processes."""

    url: str
    reason: str
    wordless: bool = False
    """Whether it is a Wordless."""


_WARMING = Job(
    page=Page(
        url="https://page.invalid/",
        html=f"<html><body><article>{'<p>Warm up before the first page, please.</p>' * 5}</article></body></html>",
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    ),
    entry=FeedEntry(
        source_id=SourceId(0),
        url="https://page.invalid/",
        link="https://page.invalid/",
        title="",
        seen_at=datetime(2026, 1, 1, tzinfo=UTC),
    ),
)
"""An invented page, read before the first real one, because tables and models are loaded on first use. Its text is so
short that all extractors are asked for it."""


class Workers:
    """A pool of worker processes. Use it as a context manager, one for each run.

    The processes are started from a fork server, so they inherit no sockets and no locks. They end when this process
    ends.
    """

    def __init__(self, settings: ExtractSettings) -> None:
        """Start the processes with their first page. Raises NoTemporaryFolder when none can be started."""
        temporary_folder()
        self._settings = settings
        self.size = settings.workers or _cores()
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["digest.extract.preloaded"])
        self._pool = ProcessPool(
            max_workers=self.size,
            max_tasks=PAGES_PER_WORKER,
            initializer=_prepare,
            initargs=(settings.memory_mb,),
            context=context,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def extract_all(self, jobs: Iterable[Job]) -> Iterator[Article | Unreadable | Mishandled]:
        """Yield, in the order of the jobs, each page's article or the error that prevented it.

        Jobs are taken when workers become free, so a generator may fetch the next pages meanwhile. Unreadable is
        yielded, not raised, so that one page never stops a run. Mishandled is yielded if reading a page failed
        unexpectedly.
        """
        source = iter(jobs)
        waiting: deque[tuple[Job, Future[Article | _Refusal]]] = deque()
        while True:
            for job in islice(source, AHEAD * self.size - len(waiting)):
                waiting.append((job, self._schedule(job)))
            if not waiting:
                return
            yield self._outcome(*waiting.popleft())

    def _schedule(self, job: Job) -> Future[Article | _Refusal]:
        seconds = self._settings.page_seconds
        return self._pool.schedule(_read, args=(job, seconds), timeout=seconds)

    def _outcome(self, job: Job, future: Future[Article | _Refusal]) -> Article | Unreadable | Mishandled:
        try:
            result = future.result()
        except FutureTimeoutError:
            return Unreadable(job.page.url, f"not read in {self._settings.page_seconds:g} s")
        except ProcessExpired as error:
            return Unreadable(job.page.url, f"the worker died reading it (exit code {error.exitcode})")
        except Exception as error:  # noqa: BLE001 - any exception of the reading code in the worker
            return _mishandled(error)
        if isinstance(result, _Refusal):
            return (Wordless if result.wordless else Unreadable)(result.url, result.reason)
        return result


def _mishandled(error: Exception) -> Mishandled:
    failure = Mishandled("reading the page failed in its worker")
    failure.__cause__ = error
    return failure


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _prepare(memory_mb: int) -> None:
    """Tie the worker to its parent, limit its memory, and load what is loaded on first use."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the pool's own handler waits for C code, which may take long
    ctypes.CDLL(None, use_errno=True).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (memory_mb << 20, memory_mb << 20))
    warm_up()


def warm_up() -> None:
    """Load what is loaded on first use, which takes as long as a dozen pages. Later calls are quick."""
    with suppress(Unreadable):
        extract(_WARMING.page, _WARMING.entry)
    gc.freeze()  # loaded objects stay; checking them for garbage costs 4 % of a page's time


def _read(job: Job, seconds: float) -> Article | _Refusal:
    """Read one page with at most ``seconds`` of CPU time. Runs in a worker."""
    used = time_used()
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used + seconds), hard))
    try:
        return extract(job.page, job.entry, job.furniture, job.language_hint)
    except Unreadable as error:
        return _Refusal(error.url, error.reason, wordless=isinstance(error, Wordless))
    except MemoryError:
        return _Refusal(job.page.url, "it takes more memory than a page is given")


def time_used() -> float:
    """Return the CPU seconds that this process has used. RLIMIT_CPU counts from the start of the process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
