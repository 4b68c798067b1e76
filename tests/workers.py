"""The workers of a whole run: processes that are forked when all tests are collected.

What is imported and collected is shared by all of them. The workers of pytest-xdist each import and collect eleven
thousand tests: 12 s of CPU for each of them, and 27 s in a new checkout, where each compiles everything.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Any, Literal

import pytest
from tests import forks

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a process with threads is badly forked
PATIENCE = 60
"""Seconds in which a worker closes what its tests opened."""
Packed = tuple[Literal["setup", "call", "teardown"], float, float, float] | dict[str, Any]
"""A report as it is sent: a passed phase is its name, its seconds, its begin and its end."""

Warned = tuple[str, str, str, tuple[str, int, str] | None]
"""A warning that is no error: its words, when it came, the test and the place."""


@dataclass(eq=False, slots=True, kw_only=True)
class Worker:
    """A process that runs tests.

    Attributes:
        number: From zero.
        process: What runs.
        line: Takes the numbers of tests; gives what became of them.
        part: The numbers of tests that are meant for it, in order: the rest of a module.
        given: The numbers that were sent to it: of the test that it runs, and of the next one.
        ends: Whether it was sent word that there is none left.
    """

    number: int
    process: ForkProcess
    line: Connection
    part: deque[int] = field(default_factory=deque)
    given: deque[int] = field(default_factory=deque)
    ends: bool = False


class Workers:
    """A pytest plugin that shares the collected tests among workers, a module at a time."""

    def __init__(self, number: int, longest: Sequence[str], prepare: Callable[[Path], object]) -> None:
        """Begin with the modules that ``longest`` names: their paths below the folder of all tests.

        ``prepare`` is called before the workers are forked, with a folder of this run: it loads what each would load
        for itself.
        """
        self._number = number
        self._prepare = prepare
        self._longest = {name: place for place, name in enumerate(longest)}
        self._workers: list[Worker] = []
        self._waiting = deque[deque[int]]()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Run all tests; leave it to pytest when there is nothing to share."""
        if session.testsfailed or session.config.option.collectonly or len(session.items) <= self._number:
            return None
        self._waiting.extend(self._parts(session.items))
        folders: Any = session.config._tmp_path_factory  # type: ignore[attr-defined]
        self._prepare(folders.getbasetemp())
        try:
            for number in range(self._number):
                self._start(session, number)
            self._listen(session)
        finally:
            self._end()
        return True

    def _parts(self, items: Iterable[pytest.Item]) -> list[deque[int]]:
        """Return the numbers of each module's tests; the modules with the longest tests come first."""
        modules: dict[str, deque[int]] = {}
        for number, item in enumerate(items):
            modules.setdefault(module(item), deque()).append(number)
        last = len(self._longest)
        return [modules[name] for name in sorted(modules, key=lambda name: self._longest.get(name, last))]

    def _start(self, session: pytest.Session, number: int) -> None:
        ours, its = multiprocessing.Pipe()
        others = [ours, *(worker.line for worker in self._workers)]
        process = multiprocessing.get_context("fork").Process(target=_live, args=(session, its, others, number))
        process.start()
        its.close()
        self._workers.append(worker := Worker(number=number, process=process, line=ours))
        self._give(worker)
        self._give(worker)

    def _give(self, worker: Worker) -> None:
        """Send the next test to a worker; None when there is none left, which lets it end."""
        if worker.ends:
            return
        if not worker.part:
            worker.part = self._waiting.popleft() if self._waiting else self._taken()
        number = worker.part.popleft() if worker.part else None
        worker.ends = number is None
        worker.given.extend([] if number is None else [number])
        with suppress(ConnectionError):  # it died: the line gives its end next
            worker.line.send(number)

    def _taken(self) -> deque[int]:
        """Take the second half of the longest part away from its worker."""
        longest = max((worker.part for worker in self._workers), key=len, default=deque[int]())
        taken = [longest.pop() for _ in range((len(longest) + 1) // 2)]
        return deque(reversed(taken))

    def _listen(self, session: pytest.Session) -> None:
        """Report what becomes of the tests until all workers have ended."""
        while self._workers:
            for line in wait([worker.line for worker in self._workers]):
                worker = next(worker for worker in self._workers if worker.line is line)
                if said := _received(worker.line):
                    self._report(session, worker.given.popleft(), *said)
                    self._give(worker)
                else:
                    self._replace(session, worker)

    def _report(self, session: pytest.Session, number: int, packed: Sequence[Packed], warned: Sequence[Warned]) -> None:
        for each in warned:
            _report_warning(session.config, *each)
        for report in packed:
            session.config.hook.pytest_runtest_logreport(report=_unpacked(session.items[number], report))
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)

    def _replace(self, session: pytest.Session, worker: Worker) -> None:
        """Forget a worker that has ended; if it died, its test has failed, and another worker does the rest."""
        self._workers.remove(worker)
        worker.process.join()
        if worker.given:
            item = session.items[worker.given.popleft()]
            words = f"worker {worker.number} died with {worker.process.exitcode} while it ran this test"
            report = pytest.TestReport(item.nodeid, item.location, {}, "failed", words, "call")
            session.config.hook.pytest_runtest_logreport(report=report)
            self._waiting.appendleft(deque([*worker.given, *worker.part]))
            self._start(session, worker.number)
        elif worker.process.exitcode:
            raise RuntimeError(f"worker {worker.number} ended with {worker.process.exitcode}")

    def _end(self) -> None:
        """Let those end that still run, because a test failed or somebody pressed Control-C."""
        for worker in self._workers:
            worker.line.close()
        for worker in self._workers:
            worker.process.join(PATIENCE)
            worker.process.kill()
            worker.process.join()


def module(item: pytest.Item) -> str:
    """Return the file of a test below the folder of all tests."""
    return item.nodeid.partition("::")[0].removeprefix("tests/")


def _received(line: Connection) -> tuple[list[Packed], list[Warned]] | None:
    """Return what a worker sends of a test; None when it has ended."""
    try:
        said: tuple[list[Packed], list[Warned]] = line.recv()
    except (EOFError, ConnectionError):
        return None
    return said


class _Records:
    """A worker's plugin: keeps what pytest reports until it is sent."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.reports: list[Packed] = []
        self.warned: list[Warned] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a report, in few words if there is nothing to say."""
        said = report.sections or report.user_properties or hasattr(report, "wasxfail")
        if report.passed and not said:
            self.reports.append((report.when, report.duration, report.start, report.stop))
        else:
            hook = self._config.hook
            self.reports.append(hook.pytest_report_to_serializable(config=self._config, report=report))

    def pytest_warning_recorded(
        self, warning_message: warnings.WarningMessage, when: str, nodeid: str, location: tuple[str, int, str] | None
    ) -> None:
        """Keep a warning that is no error."""
        kind = warning_message.category.__name__
        self.warned.append((f"{kind}: {warning_message.message}", when, nodeid, location))

    def taken(self) -> tuple[list[Packed], list[Warned]]:
        """Return what was kept, and forget it."""
        kept = self.reports, self.warned
        self.reports, self.warned = [], []
        return kept


def _unpacked(item: pytest.Item, packed: Packed) -> pytest.TestReport:
    if isinstance(packed, dict):
        config = item.config
        report: pytest.TestReport = config.hook.pytest_report_from_serializable(config=config, data=packed)
        return report
    when, duration, start, stop = packed
    return pytest.TestReport(
        item.nodeid, item.location, {}, "passed", None, when, duration=duration, start=start, stop=stop
    )


def _report_warning(config: pytest.Config, words: str, when: str, nodeid: str, location: Any) -> None:
    message = warnings.WarningMessage(UserWarning(words), UserWarning, *(location or ("", 0))[:2])
    config.hook.pytest_warning_recorded.call_historic(
        kwargs={"warning_message": message, "when": when, "nodeid": nodeid, "location": location}
    )


def _live(session: pytest.Session, line: Connection, others: Sequence[Connection], number: int) -> None:
    """Be a worker: run the tests whose numbers come, each when the next one's number is known.

    pytest closes after each test what the next one does not need.
    """
    for each in others:
        each.close()  # else nobody would see that the process died which gives the orders
    records = _Records(session.config)
    _settle(session.config, number, records)
    try:
        running = line.recv()
        while running is not None:
            following = line.recv()
            item, after = session.items[running], None if following is None else session.items[following]
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            line.send(records.taken())
            running = following
    except (EOFError, ConnectionError):
        pass  # the run was broken off
    finally:
        session._setupstate.teardown_exact(None)


def _settle(config: pytest.Config, number: int, records: _Records) -> None:
    """Give a worker its own place: it prints nothing, and shares no file with others."""
    plugins = config.pluginmanager
    plugins.unregister(name="terminalreporter")
    plugins.register(records)
    capture = plugins.getplugin("capturemanager")
    capture.stop_global_capturing()
    capture.start_global_capturing()
    capture.suspend_global_capture()
    folders: Any = config._tmp_path_factory  # type: ignore[attr-defined]
    folders._basetemp = Path(folders.getbasetemp()) / f"worker{number}"
    folders._basetemp.mkdir(exist_ok=True)
    random.seed()
    forks.adopt()
