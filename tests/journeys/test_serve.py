"""``digest serve`` as a process of its own: by the clock from a loopback press to a loopback relay, and killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.conftest import Ready
from tests.journeys.conftest import PROGRAM
from tests.warm import Stable, Warm

from digest.app import App, open_app
from digest.configuration import load
from digest.demo.sink import Sink
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.model.ids import ReaderId
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.readers.tokens import LinkPurpose, sign
from digest.serve import schedule
from digest.storage.deliveries import Deliveries

pytestmark = pytest.mark.slow
BEHIND = timedelta(minutes=10)
"""How far the clock of a clocked process is behind at first: an edition that is due now is composed, and waits."""
CLOCKED = """
import os, signal, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue

config, behind, asked = Path(sys.argv[1]), Path(sys.argv[2]), SimpleQueue()
signal.signal(signal.SIGTERM, lambda number, _frame: asked.put(number))

from digest.app import open_app
from digest.configuration import load
from digest.logs import set_up
from digest.serve import serve


def clock():
    return datetime.now(UTC) - timedelta(seconds=float(behind.read_text()))


set_up("info")
with open_app(load(config, {}), clock=clock) as app:
    if not serve(app, asked.get):
        os._exit(0)
"""
"""The service on a clock that a file sets back: the tests advance it, and wait for no edition's time."""

NEWS = {
    "Ferries stop as harbour engineers close the northern lock": (
        "Harbour engineers closed the northern lock after a diver found a crack in its gate.",
        "Ferries to the islands will not sail before Thursday, the port authority told passengers.",
        "A replacement gate is being welded at a shipyard forty kilometres upstream.",
    ),
    "Hospital nurses win shorter night shifts": (
        "Night shifts for hospital nurses become two hours shorter from January.",
        "The union had asked for the change since a study of tired wards appeared last spring.",
        "Managers expect to hire three hundred people to fill the gaps in the rota.",
    ),
    "Potato harvest halves after the dry summer": (
        "Farmers dug up half as many potatoes as in an ordinary autumn.",
        "No rain fell on the plain for eleven weeks, and wells ran dry in August.",
        "Shops expect prices to double before the first imports arrive from abroad.",
    ),
}


class Paper(BaseHTTPRequestHandler):
    """A paper whose articles appeared a while ago."""

    def do_GET(self) -> None:
        """Answer with the feed, an article, or nothing."""
        name = self.path.strip("/")
        titles = dict(enumerate(NEWS))
        if name == "feed":
            self._answer("application/rss+xml", self._feed())
        elif name.isdecimal() and int(name) in titles:
            self._answer("text/html; charset=utf-8", _page(titles[int(name)]))
        else:
            self.send_error(404)

    def _feed(self) -> str:
        here = f"http://{self.headers['Host']}"
        when = format_datetime(datetime.now(UTC) - 2 * BEHIND)
        items = "".join(
            f"<item><title>{title}</title><link>{here}/{number}</link><pubDate>{when}</pubDate></item>"
            for number, title in enumerate(NEWS)
        )
        return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'

    def _answer(self, kind: str, body: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
        """Say nothing."""


def _page(title: str) -> str:
    text = "".join(f"<p>{sentence}</p>" for sentence in NEWS[title])
    head = f"<html lang=en><head><title>{title}</title></head>"
    return f"{head}<body><article><h1>{title}</h1>{text}</article></body></html>"


@pytest.fixture
def paper() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Paper)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/feed"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as running:
        yield running


class Newsroom:
    """A folder with a configuration, and the processes that serve it."""

    def __init__(self, folder: Path, paper: str, sink: Sink, programs: Stable) -> None:
        self.folder = folder
        self.paper = paper
        self.sink = sink
        self.database = "sqlite:///digest.db"
        self.programs = programs
        self.config = folder / "config" / "digest.toml"
        self.config.parent.mkdir()
        self._behind = folder / "behind"
        self.set_back(BEHIND)
        self.opened = ExitStack()

    def write(self, due: datetime, per_second: float = 0, port: int = 0, health: int = 0, **readers: int) -> None:
        """Configure an edition for each name among the readers, due at the same moment, and subscribe its readers."""
        pages = f'[web]\nport = {port}\n[site]\nurl = "http://127.0.0.1:{port}"' if port else "[site]"
        editions = "".join(f'[editions.{name}]\ntitle = "{name}"\nat = "{due:%H:%M:%S}"\n' for name in readers)
        self.config.write_text(
            f"""
[monitor]
port = {health}
{pages}
postal_address = "1 Example Street"
[database]
url = "{self.database}"
[mail]
transport = "smtp://127.0.0.1:{self.sink.port}"
per_second = {per_second}
[fetch]
allow_networks = ["127.0.0.0/8"]
host_pause_seconds = 0
[extract]
workers = 1
[keys]
current = "k"
[keys.ring]
k = "{"5a" * 32}"
{editions}
[[sources]]
name = "Paper"
url = "{self.paper}"
""",
            encoding="utf-8",
        )
        stores, now = self.app.stores, self.app.clock() - BEHIND
        for name, count in readers.items():
            for address in addresses(name, count):
                subscribe(stores, now, Subscription(address=address, editions=(name,)))

    @cached_property
    def app(self) -> App:
        """The installation as it was configured, to look into while others serve it."""
        return self.opened.enter_context(open_app(load(self.config, {})))

    @contextmanager
    def serving(self, verb: str = "serve") -> Iterator[Warm]:
        """Give a process that serves; it is killed at the end if it still runs."""
        process = self.programs.start(PROGRAM, "--config", self.config, verb, errors=self.folder / "log")
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    @contextmanager
    def clocked(self) -> Iterator[Warm]:
        """Give a process that serves on a clock that ``set_back`` sets; it is killed at the end if it still runs."""
        process = self.programs.start(CLOCKED, self.config, self._behind, errors=self.folder / "log")
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def set_back(self, behind: timedelta) -> None:
        """Set the clocks of all clocked processes."""
        written = self._behind.with_suffix(".new")
        written.write_text(str(behind.total_seconds()), encoding="utf-8")
        written.replace(self._behind)

    def let_it_be_due(self, *names: str) -> None:
        """Wait until editions are composed, and advance the clocks to when they are due."""
        self.wait_until(lambda: all(self.state(name) is EditionState.READY for name in names))
        assert not self.caught()
        self.set_back(timedelta())

    @contextmanager
    def serving_from_nothing(self) -> Iterator[subprocess.Popen[bytes]]:
        """Give a process that serves, started as an operator would."""
        command = [sys.executable, "-c", PROGRAM, "--config", str(self.config), "serve"]
        path = os.pathsep.join(entry for entry in sys.path if entry)
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(command, stderr=log, env={**os.environ, "PYTHONPATH": path})  # noqa: S603 - our own command
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def watched(self) -> Watched:
        """Return what the rows say now."""
        rows = self.app.stores.editions.latest()
        ledgers = {row.key.name: Deliveries(self.app.stores.database, row.id).counts() for row in rows}
        return Watched(
            states={row.key.name: row.state for row in rows},
            letters={name: dict(counts.by_state) for name, counts in ledgers.items()},
        )

    def state(self, name: str = "morning") -> EditionState | None:
        return self.watched().states.get(name)

    def caught(self) -> Counter[str]:
        return Counter(letter.recipients[0] for letter in self.sink.letters)

    def log(self) -> str:
        file = self.folder / "log"
        return file.read_text() if file.exists() else ""

    def wait_until(self, done: Callable[[], bool], seconds: float = 180) -> None:
        ends = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < ends, self.log()
            time.sleep(0.02)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What the rows say of each edition, by its name."""

    states: Mapping[str, EditionState]
    letters: Mapping[str, Mapping[DeliveryState, int]]


@pytest.fixture
def newsroom(tmp_path: Path, paper: str, sink: Sink, programs: Stable, ready: Ready) -> Iterator[Newsroom]:
    ready("sqlite")
    room = Newsroom(tmp_path, paper, sink, programs)
    with room.opened:
        yield room


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, newsroom: Newsroom, ready: Ready) -> Newsroom:
    """Give a newsroom on each kind of database."""
    if request.param == "postgresql":
        newsroom.database = ready("postgresql")
    return newsroom


def addresses(name: str, count: int) -> list[str]:
    return [f"{name}{number}@example.com" for number in range(count)]


def once_each(name: str, count: int) -> Counter[str]:
    return Counter(addresses(name, count))


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def end(process: subprocess.Popen[bytes] | Warm) -> None:
    """Ask a process to end, and see that it does so in time, in good order."""
    process.send_signal(signal.SIGTERM)
    process.wait(90)
    assert process.returncode == 0


def test_due_in_twenty_seconds_and_stopped_before_during_and_after_each_reader_gets_one_letter(
    newsroom: Newsroom,
) -> None:
    due = soon(20)
    newsroom.write(due, per_second=20, morning=40)
    with newsroom.serving_from_nothing() as before:
        newsroom.wait_until(lambda: newsroom.state() is EditionState.READY)
        end(before)
    with newsroom.serving() as during:
        while datetime.now(UTC) < due:
            assert not newsroom.caught()
            time.sleep(0.05)
        newsroom.wait_until(lambda: len(newsroom.caught()) >= 5)
        end(during)
    assert newsroom.state() is EditionState.SENDING
    with newsroom.serving() as after:
        newsroom.wait_until(lambda: newsroom.state() is EditionState.SENT)
        end(after)
    with newsroom.serving() as once_more:
        newsroom.wait_until(lambda: newsroom.log().count("serving") == 4)
        time.sleep(1)
        end(once_more)
    assert newsroom.watched().letters == {"morning": {DeliveryState.ACCEPTED: 40}}
    assert newsroom.caught() == once_each("morning", 40)


@pytest.mark.parametrize("either", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True)
def test_killed_while_it_sends_and_started_again_each_reader_gets_one_letter(either: Newsroom) -> None:
    either.write(soon(0), per_second=20, morning=40)
    with either.clocked() as first:
        either.let_it_be_due("morning")
        either.wait_until(lambda: len(either.caught()) >= 10)
        first.kill()
    with either.clocked():
        either.wait_until(lambda: either.state() is EditionState.SENT)
    counts, caught = either.watched().letters["morning"], either.caught()
    assert sum(counts.values()) == 40
    assert set(counts) <= {DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN}
    assert set(caught.values()) == {1}
    assert counts[DeliveryState.ACCEPTED] <= len(caught)
    assert counts.get(DeliveryState.UNCERTAIN, 0) <= 10


def test_two_processes_share_an_edition_and_one_that_ends_in_the_middle_loses_nothing(either: Newsroom) -> None:
    either.write(soon(0), per_second=20, morning=50)
    with either.clocked() as first, either.clocked() as second:
        either.let_it_be_due("morning")
        either.wait_until(lambda: len(either.caught()) >= 10)
        end(first)
        either.wait_until(lambda: either.state() is EditionState.SENT)
        end(second)
    assert either.watched().letters == {"morning": {DeliveryState.ACCEPTED: 50}}
    assert either.caught() == once_each("morning", 50)


def test_an_edition_does_not_wait_for_the_letters_of_another_and_both_drain(newsroom: Newsroom) -> None:
    newsroom.write(soon(0), per_second=3, long=60, short=2)
    with newsroom.clocked() as process:
        newsroom.let_it_be_due("long", "short")
        newsroom.wait_until(lambda: newsroom.state("short") is EditionState.SENT)
        assert newsroom.state("long") is EditionState.SENDING
        end(process)
    assert once_each("short", 2) <= newsroom.caught()
    assert newsroom.state("long") is EditionState.SENDING


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_the_pages_are_served_and_end_with_the_process(newsroom: Newsroom) -> None:
    port = free_port()
    newsroom.write(soon(3600), port=port, morning=1)
    with newsroom.serving() as process:
        newsroom.wait_until(lambda: "pages served" in newsroom.log())
        token = sign(newsroom.app.settings.keys, LinkPurpose.LEAVE, ReaderId(1), "morning")
        link = f"http://127.0.0.1:{port}/leave/{token}"
        with urlopen(link, data=b"List-Unsubscribe=One-Click", timeout=20) as answer:
            assert answer.status == 200
        assert newsroom.app.stores.editions.audience("morning", newsroom.app.clock()) == 0
        end(process)


@pytest.mark.parametrize("verb", ["serve", "web"])
def test_a_port_that_is_taken_is_named_and_nothing_runs(newsroom: Newsroom, verb: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        newsroom.write(soon(3600), port=port, morning=0)
        with newsroom.serving(verb) as process:
            assert process.wait(90) == 1
    assert f"127.0.0.1, port {port}: Address already in use" in newsroom.log()


def test_pages_without_an_address_are_refused(newsroom: Newsroom) -> None:
    newsroom.write(soon(3600), morning=0)
    with newsroom.serving("web") as process:
        assert process.wait(90) == 1
    assert "site.url: is missing" in newsroom.log()


def test_the_pages_alone_take_up_a_changed_configuration_and_outlive_a_hangup(newsroom: Newsroom) -> None:
    port = free_port()
    newsroom.write(soon(3600), port=port, morning=0)

    def title() -> str:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
            return str(answer.read().decode())

    with newsroom.serving("web") as process:
        newsroom.wait_until(lambda: "Pages at" in newsroom.log(), 60)
        whole = newsroom.config.read_text(encoding="utf-8")
        newsroom.config.write_text(f'{whole}\n[editions.weekly]\ntitle = "The Week"\n', encoding="utf-8")
        process.send_signal(signal.SIGHUP)
        newsroom.wait_until(lambda: "configuration read" in newsroom.log(), 60)
        assert "The Week" in title()
        end(process)


def test_a_changed_configuration_takes_effect_a_mistake_does_not_and_health_is_told(newsroom: Newsroom) -> None:
    health = free_port()
    newsroom.write(soon(3600), health=health, morning=3)
    with newsroom.serving() as process:
        newsroom.wait_until(lambda: "serving" in newsroom.log())
        for path in ("health/live", "health/ready", "metrics"):
            with urlopen(f"http://127.0.0.1:{health}/{path}", timeout=20) as answer:
                assert answer.status == 200
        whole = newsroom.config.read_text(encoding="utf-8")
        newsroom.config.write_text(whole.replace('title = "morning"', "title = 7"), encoding="utf-8")
        process.send_signal(signal.SIGHUP)
        newsroom.wait_until(lambda: "configuration not taken" in newsroom.log())
        assert "editions.morning.title: expected text" in newsroom.log()
        newsroom.write(soon(1), health=health, morning=0)
        newsroom.wait_until(lambda: newsroom.state() is EditionState.SENT)
        assert "editions.morning.at: " in newsroom.log()
        end(process)
    assert newsroom.caught() == once_each("morning", 3)
    (sign,) = newsroom.app.stores.heartbeats.all()
    assert sign.stopped_at is not None


def test_the_jobs_are_the_schedulers_and_a_late_one_runs_once(newsroom: Newsroom) -> None:
    newsroom.write(soon(3600), morning=0, evening=0)
    scheduler = schedule(newsroom.app, threading.Event())
    scheduler.start(paused=True)
    jobs = {job.id: job for job in scheduler.get_jobs()}
    scheduler.shutdown()
    assert set(jobs) == {
        "fetch",
        "close",
        "mails",
        "prune",
        "alerts",
        "heartbeat",
        "webhooks",
        "edition morning",
        "edition evening",
    }
    for job in jobs.values():
        assert (job.max_instances, job.coalesce, job.misfire_grace_time) == (1, True, None)
