"""Two machines fetch many web hosts together: how near requests to one host come, and what a killed machine costs.

python bench/cluster_fetch.py [--hosts 200] [--pages 3] [--pause 1.0]

The hosts are addresses of 127.0.0.0/8 with one server behind them, which notes each request.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "bench")]

from sqlalchemy import text  # noqa: E402 - the paths come first

from digest.app import open_app  # noqa: E402
from digest.crew.cluster import SLOTS  # noqa: E402
from digest.machines import joined  # noqa: E402
from digest.pipeline.progress import unseen  # noqa: E402
from digest.reconfigure import Configuration  # noqa: E402
from digest.storage.engine import Database  # noqa: E402
from postgresql import server  # noqa: E402

PATIENCE = 600.0
LATENCY = 0.05
SETTINGS = """
[database]
url = "{url}"
[serve]
crew = "cluster"
[fetch]
host_pause_seconds = {pause}
allow_networks = ["127.0.0.0/8"]
[mail]
transport = "file:letters"
sender = "news@paper.example"
[editions.morning]
title = "Morning Update"
[keys]
current = "k1"
[keys.ring]
k1 = "{key}"
{sources}
"""
SOURCE = """
[[sources]]
url = "http://{host}:{port}/feed"
name = "Paper {n}"
"""
SENTENCE = "The council of harbour {host} decided on Monday to open gate {n} again, after {m} weeks of repairs. "


@dataclass(frozen=True, slots=True)
class Figures:
    """What was found."""

    hosts: int
    articles: int
    requests: int
    seconds: float
    by_machine: tuple[int, ...]
    """Parts of the fetch that each machine did before one was killed."""
    at_once: int
    """Requests that began while another to the same host was being answered."""
    too_near: int
    smallest_gap: float
    most_times: int
    """How often the page that was fetched most often was fetched."""
    again: int
    """Pages that were fetched twice."""


def address(n: int) -> str:
    """Return the address of a host."""
    return f"127.0.{1 + n // 200}.{1 + n % 200}"


class Hosts:
    """Answers for all hosts, and writes each request into a file: when it began and ended, its host and its path."""

    def __init__(self, pages: int, log: Path) -> None:
        self._pages = pages
        self._log = log.open("a", buffering=1, encoding="utf-8")

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                began, path = time.time(), head.split()[1]
                host = head.lower().partition("\r\nhost: ")[2].partition("\r\n")[0].partition(":")[0]
                await asyncio.sleep(LATENCY)
                body, kind = self._body(host, path)
                status = "200 OK" if body else "404 Not Found"
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                )
                writer.write(body)
                self._log.write(f"{began} {time.time()} {host} {path}\n")
                await writer.drain()
        writer.close()

    def _body(self, host: str, path: str) -> tuple[bytes, str]:
        if path == "/feed":
            return self._feed(host), "application/rss+xml"
        if path.startswith("/2026/"):
            n = int(path.rpartition("-")[2])
            sentences = "".join(f"<p>{SENTENCE.format(host=host, n=n, m=m) * 3}</p>" for m in range(2, 8))
            page = (
                f"<html><head><title>Gate {n} of {host} opens again</title></head><body><article>{sentences}</article>"
            )
            return f"{page}</body></html>".encode(), "text/html"
        return b"", "text/plain"

    def _feed(self, host: str) -> bytes:
        now = format_datetime(datetime.now(UTC) - timedelta(minutes=10))
        items = "".join(
            f"<item><title>Gate {n} of {host} opens again</title><link>/2026/11/gate-{n}</link>"
            f"<guid>{host}/{n}</guid><pubDate>{now}</pubDate></item>"
            for n in range(self._pages)
        )
        start = '<?xml version="1.0"?><rss version="2.0"><channel>'
        return f"{start}<title>Paper of {host}</title>{items}</channel></rss>".encode()


def _listen(port: int, pages: int, log: Path) -> None:
    async def run() -> None:
        made = await asyncio.start_server(Hosts(pages, log).answer, "0.0.0.0", port, backlog=1000)  # noqa: S104
        await made.serve_forever()

    asyncio.run(run())


@contextmanager
def hosts(port: int, pages: int, log: Path) -> Iterator[None]:
    """Let all hosts answer in a process of their own."""
    process = multiprocessing.get_context("spawn").Process(target=_listen, args=(port, pages, log), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()


def machine(folder: Path, settings: str) -> subprocess.Popen[bytes]:
    """Start a machine with a folder of its own."""
    (folder / "config").mkdir(parents=True)
    (folder / "config" / "digest.toml").write_text(settings, encoding="utf-8")
    command = [sys.executable, "-c", "from digest.cli.main import run; run()", "serve"]
    with (folder / "log").open("ab") as log:
        environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)  # noqa: S603


@contextmanager
def ordered(folder: Path) -> Iterator[float]:
    """Order a fetch as soon as both machines work; give the moment of the order, in monotonic seconds."""
    settings = Configuration(folder / "config" / "digest.toml", {}).load()
    with open_app(settings) as opened:
        app, machines = joined(opened)
        machines.work_on(app.runtime, threading.Event())
        until = time.monotonic() + PATIENCE
        while len(machines.crew.status().mates) < 2 * len(SLOTS):
            assert time.monotonic() < until, machines.crew.status()
            time.sleep(0.2)
        order = threading.Thread(target=app.gather, args=(unseen,), daemon=True)
        began = time.monotonic()
        order.start()
        yield began
        order.join(PATIENCE)
        machines.fetching.close()


def requests(log: Path) -> list[tuple[float, float, str, str]]:
    """Return the requests in the order in which they began."""
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    found = [line.split(" ", 3) for line in lines]
    return sorted((float(began), float(ended), host, path) for began, ended, host, path in found)


def wait_for_articles(database: Database, number: int) -> None:
    """Wait until so many articles are stored."""
    began = time.monotonic()
    while (found := count(database, "SELECT count(*) FROM articles")) < number:
        assert time.monotonic() - began < PATIENCE, f"{found} articles of {number}"
        time.sleep(0.2)


def count(database: Database, question: str) -> int:
    """Return the number that a question is answered with."""
    with database.read() as connection:
        return int(connection.scalar(text(question)) or 0)


def politeness(found: list[tuple[float, float, str, str]], pause: float) -> tuple[int, int, float]:
    """Return how many requests to a host were sent at once and too near, and the smallest gap between two."""
    by_host: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for began, ended, host, _path in found:
        by_host[host].append((began, ended))
    pairs = [pair for each in by_host.values() for pair in pairwise(each)]
    at_once = sum(later[0] < earlier[1] for earlier, later in pairs)
    gaps = [later[0] - earlier[0] for earlier, later in pairs]
    return at_once, sum(gap < pause for gap in gaps), round(min(gaps), 3)


def measure(url: str, folder: Path, number: int, pages: int, pause: float, port: int) -> Figures:
    """Let two machines with an empty database fetch all hosts, and kill one when a third of the articles is read."""
    folder.mkdir(exist_ok=True)
    database, log = Database(url), folder / "requests"
    database.require_schema()
    listed = "".join(SOURCE.format(host=address(n), port=port, n=n) for n in range(number))
    settings = SETTINGS.format(url=url, pause=pause, key="7e" * 32, sources=listed)
    with hosts(port, pages, log):
        machines = [machine(folder / f"machine{n}", settings) for n in range(2)]
        try:
            with ordered(folder / "machine0") as began:
                wait_for_articles(database, number * pages // 3)
                shares = tuple(
                    (folder / f"machine{n}" / "log").read_text(encoding="utf-8").count("fetched source=")
                    for n in range(2)
                )
                machines[0].send_signal(signal.SIGKILL)
                machines[0].wait()
                wait_for_articles(database, number * pages)
                took = time.monotonic() - began
        finally:
            for each in machines:
                each.kill()
                each.wait()
    found = requests(log)
    times = Counter((server, path) for _b, _e, server, path in found if path.startswith("/2026/"))
    at_once, too_near, smallest = politeness(found, pause)
    articles = count(database, "SELECT count(*) FROM articles")
    database.close()
    return Figures(
        hosts=number,
        articles=articles,
        requests=len(found),
        seconds=round(took, 1),
        by_machine=shares,
        at_once=at_once,
        too_near=too_near,
        smallest_gap=smallest,
        most_times=max(times.values()),
        again=sum(each > 1 for each in times.values()),
    )


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--pages", type=int, default=3)
    parser.add_argument("--pause", type=float, default=1.0)
    parser.add_argument("--port", type=int, default=18080)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, server(Path(scratch) / "postgresql") as host:
        place = Path(scratch) / "fetch"
        found = measure(host.database(), place, chosen.hosts, chosen.pages, chosen.pause, chosen.port)
    for name, value in asdict(found).items():
        print(f"{name}: {value}")
    sys.exit(bool(found.at_once or found.too_near or found.most_times > 2))  # noqa: PLR2004 - once more at most


if __name__ == "__main__":
    main()
