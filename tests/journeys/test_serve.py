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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import urlopen

import pytest

from digest.app import open_app
from digest.configuration import load
from digest.demo.sink import Sink
from digest.model import DeliveryState, EditionState, ReaderId
from digest.pipeline.enrol import Subscription, subscribe
from digest.readers.tokens import Purpose, sign
from digest.serve import schedule
from digest.storage.deliveries import Deliveries

pytestmark = pytest.mark.slow

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
    """A paper whose articles appeared a minute ago."""

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
        when = format_datetime(datetime.now(UTC) - timedelta(minutes=1))
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

    def __init__(self, folder: Path, paper: str, sink: Sink) -> None:
        self.folder = folder
        self.paper = paper
        self.sink = sink
        self.config = folder / "config" / "digest.toml"
        self.config.parent.mkdir()

    def write(self, *, due: datetime, readers: int, per_second: float = 0, port: int = 0) -> None:
        pages = f'[web]\nport = {port}\n[site]\nurl = "http://127.0.0.1:{port}"' if port else "[site]"
        self.config.write_text(
            f"""
{pages}
postal_address = "1 Example Street"
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
[editions.morning]
title = "Morning Update"
at = "{due:%H:%M:%S}"
[[sources]]
name = "Paper"
url = "{self.paper}"
""",
            encoding="utf-8",
        )
        with open_app(load(self.config, {})) as app:
            for number in range(readers):
                subscribe(
                    app.stores, app.clock(), Subscription(address=f"r{number}@example.com", editions=("morning",))
                )

    @contextmanager
    def serving(self, verb: str = "serve") -> Iterator[subprocess.Popen[bytes]]:
        code = "from digest.cli.main import run; run()"
        command = [sys.executable, "-c", code, "--config", str(self.config), verb]
        path = os.pathsep.join(entry for entry in sys.path if entry)
        with (self.folder / "log").open("ab") as log:
            environment = {**os.environ, "PYTHONPATH": path}
            process = subprocess.Popen(command, stderr=log, env=environment)  # noqa: S603 - our own command
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def states(self) -> tuple[EditionState | None, dict[DeliveryState, int]]:
        with open_app(load(self.config, {})) as app:
            rows = app.stores.editions.latest(1)
            if not rows:
                return None, {}
            return rows[0].state, dict(Deliveries(app.stores.database, rows[0].id).counts().by_state)

    def caught(self) -> Counter[str]:
        return Counter(letter.recipients[0] for letter in self.sink.letters)

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def wait_until(self, done: Callable[[], bool], seconds: float) -> None:
        ends = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < ends, self.log()
            time.sleep(0.05)


@pytest.fixture
def newsroom(tmp_path: Path, paper: str, sink: Sink) -> Newsroom:
    return Newsroom(tmp_path, paper, sink)


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def ended_within(process: subprocess.Popen[bytes], seconds: float) -> float:
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(seconds)
    return time.monotonic() - began


def test_an_edition_is_fetched_composed_and_sent_when_it_is_due_and_sigterm_ends_the_process(
    newsroom: Newsroom,
) -> None:
    due = soon(9)
    newsroom.write(due=due, readers=3)
    with newsroom.serving() as process:
        newsroom.wait_until(lambda: newsroom.states()[0] is EditionState.READY, 20)
        assert not newsroom.caught()
        newsroom.wait_until(lambda: newsroom.states()[0] is EditionState.SENT, 20)
        assert datetime.now(UTC) >= due
        assert ended_within(process, 10) < 10
        assert process.returncode == 0, newsroom.log()
    assert newsroom.caught() == Counter({f"r{number}@example.com": 1 for number in range(3)})


def test_killed_while_it_sends_and_started_again_each_reader_gets_one_letter(newsroom: Newsroom) -> None:
    newsroom.write(due=soon(-1), readers=60, per_second=20)
    with newsroom.serving() as first:
        newsroom.wait_until(lambda: len(newsroom.caught()) >= 10, 30)
        first.kill()
    with newsroom.serving():
        newsroom.wait_until(lambda: newsroom.states()[0] is EditionState.SENT, 30)
    _, counts = newsroom.states()
    caught = newsroom.caught()
    assert sum(counts.values()) == 60
    assert set(counts) <= {DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN}
    assert set(caught.values()) == {1}
    assert counts[DeliveryState.ACCEPTED] <= len(caught)
    assert counts.get(DeliveryState.UNCERTAIN, 0) <= 10


def test_two_processes_share_an_edition_and_sigterm_in_the_middle_loses_nothing(newsroom: Newsroom) -> None:
    newsroom.write(due=soon(-1), readers=60, per_second=15)
    with newsroom.serving() as first, newsroom.serving() as second:
        newsroom.wait_until(lambda: len(newsroom.caught()) >= 10, 30)
        assert ended_within(first, 10) < 10
        newsroom.wait_until(lambda: newsroom.states()[0] is EditionState.SENT, 30)
        assert ended_within(second, 10) < 10
    assert newsroom.states()[1] == {DeliveryState.ACCEPTED: 60}
    assert newsroom.caught() == Counter({f"r{number}@example.com": 1 for number in range(60)})


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_the_pages_are_served_and_end_with_the_process(newsroom: Newsroom) -> None:
    port = free_port()
    newsroom.write(due=soon(3600), readers=1, port=port)
    with newsroom.serving() as process:
        newsroom.wait_until(lambda: "pages served" in newsroom.log(), 20)
        with open_app(load(newsroom.config, {})) as app:
            token = sign(app.settings.keys, Purpose.LEAVE, ReaderId(1), "morning")
        link = f"http://127.0.0.1:{port}/leave/{token}"
        with urlopen(link, data=b"List-Unsubscribe=One-Click", timeout=5) as answer:
            assert answer.status == 200
        with open_app(load(newsroom.config, {})) as app:
            assert app.stores.editions.audience("morning", app.clock()) == 0
        assert ended_within(process, 10) < 10
        assert process.returncode == 0, newsroom.log()


@pytest.mark.parametrize("verb", ["serve", "web"])
def test_a_port_that_is_taken_is_named_and_nothing_runs(newsroom: Newsroom, verb: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        newsroom.write(due=soon(3600), readers=0, port=port)
        with newsroom.serving(verb) as process:
            assert process.wait(20) == 1
    assert f"127.0.0.1, port {port}: Address already in use" in newsroom.log()


def test_pages_without_an_address_are_refused(newsroom: Newsroom) -> None:
    newsroom.write(due=soon(3600), readers=0)
    with newsroom.serving("web") as process:
        assert process.wait(20) == 1
    assert "site.url: is missing" in newsroom.log()


def test_the_jobs_are_the_schedulers_and_a_late_one_runs_once(newsroom: Newsroom) -> None:
    newsroom.write(due=soon(3600), readers=0)
    with open_app(load(newsroom.config, {})) as app:
        scheduler = schedule(app, threading.Event())
        scheduler.start(paused=True)
        jobs = {job.id: job for job in scheduler.get_jobs()}
        scheduler.shutdown()
    assert set(jobs) == {"fetch", "tick"}
    for job in jobs.values():
        assert (job.max_instances, job.coalesce, job.misfire_grace_time) == (1, True, None)
