"""From 1,200 pages of real size to a composed edition: CPU seconds of this source and of another, by turns.

    python bench/first_edition.py --pages FOLDER [--against CHECKOUT] [--number 1200] [--rounds 2] [--workers 0]

Each round makes a new installation for each source, runs `digest fetch` and `digest compose` in it, and takes the
CPU seconds of these commands with their workers: they hold on a busy machine, too. FOLDER has one folder or more with
an ``index.jsonl.gz`` (``id``, ``url``) and ``html/ID.html.gz``. A process of its own serves the pages on loopback,
twenty to a feed, with their ISO dates moved to today; where there are too few, they are printed again by other papers.
Exit code 1 when this source takes more CPU than the other one.
"""

from __future__ import annotations

import argparse
import ctypes
import gzip
import json
import multiprocessing
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, islice
from multiprocessing.connection import Connection
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
PROGRAM = "from digest.cli.main import run; run()"
A_FEED = 20
"""Pages that one feed announces."""
ISO_DATE = re.compile(rb"\b20[0-2]\d-[01]\d-[0-3]\d(?=T|\s?\d\d:|\")")
TITLE = re.compile(r"<title[^>]*>([^<]+)", re.IGNORECASE)
COMMANDS = (("fetch",), ("compose", "--edition", "morning"))
STORY = "\n  lead "
"""Stands before the first headline where an edition was composed."""
PR_SET_CHILD_SUBREAPER = 36
"""Of <linux/prctl.h>: processes that lost their parent become ours, with the CPU time they took."""
LEFT_OUT = 3
"""Exit code of a command that left something out: some of the pages have no text."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One page as it is served."""

    title: str
    html: bytes


def printed(folders: Sequence[Path], today: str) -> Iterator[Printed]:
    """Yield the pages of the folders, with their dates moved to ``today`` (ISO 8601)."""
    for folder in folders:
        with gzip.open(folder / "index.jsonl.gz", "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                raw = gzip.decompress((folder / "html" / f"{row['id']}.html.gz").read_bytes())
                titled = TITLE.search(raw[:20_000].decode("utf-8", "replace"))
                yield Printed(titled[1].strip() if titled else row["id"], ISO_DATE.sub(today.encode(), raw))


def host(feed: int, port: int) -> str:
    """Return the loopback address of a paper."""
    return f"127.2.{feed // 250}.{feed % 250 + 1}:{port}"


def serve(folders: Sequence[Path], number: int, told: Connection) -> None:
    """Serve the pages until the process is ended; send the port, and how many bytes all pages have."""
    now = datetime.now(UTC)
    pages = list(islice(cycle(printed(folders, f"{now:%Y-%m-%d}")), number))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, _, which = self.path.strip("/").partition("/")
            body = b""
            if kind == "feed":
                body = feed(int(which), pages, now, self.server.server_port)  # type: ignore[attr-defined]
            elif kind == "page":
                body = pages[int(which)].html
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/rss+xml" if kind == "feed" else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    server = ThreadingHTTPServer(("", 0), Handler)  # each paper has a loopback address of its own
    server.daemon_threads = True
    told.send((server.server_port, sum(len(page.html) for page in pages)))
    server.serve_forever()


def feed(number: int, pages: Sequence[Printed], now: datetime, port: int) -> bytes:
    """Return the feed of a paper."""
    items = "".join(
        f"<item><title>{escape(pages[place].title)}</title><link>http://{host(number, port)}/page/{place}</link>"
        f"<pubDate>{format_datetime(now - timedelta(minutes=place % A_FEED + 1))}</pubDate></item>"
        for place in range(number * A_FEED, min(len(pages), (number + 1) * A_FEED))
    )
    return f'<rss version="2.0"><channel><title>Paper {number}</title>{items}</channel></rss>'.encode()


def configuration(number: int, port: int, workers: int) -> str:
    """Return settings that both sources understand. The edition is due later today, so that today's news is in it."""
    now = datetime.now(UTC)
    due = min(now + timedelta(hours=2), now.replace(hour=23, minute=59))
    sources = "".join(
        f'[[sources]]\nname = "Paper {each}"\nurl = "http://{host(each, port)}/feed/{each}"\n'
        for each in range(-(-number // A_FEED))
    )
    return f"""
[fetch]
allow_networks = ["127.0.0.0/8"]
host_pause_seconds = 0
[extract]
workers = {workers}
[editions.morning]
title = "Morning"
zone = "UTC"
at = "{due:%H:%M}"
weekend_at = "{due:%H:%M}"
{sources}"""


def spent(source: Path, settings: str) -> dict[str, tuple[float, float]]:
    """Return (CPU seconds, wall seconds) of each command, in a new installation."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="first-edition-") as folder:
        file = Path(folder, "config", "digest.toml")
        file.parent.mkdir()
        file.write_text(settings, encoding="utf-8")
        keys = file.with_name("secrets.toml")
        keys.touch(mode=0o600)
        keys.write_text(f'[keys]\ncurrent = "k"\n[keys.ring]\nk = "{"5a" * 32}"\n', encoding="utf-8")
        for command in COMMANDS:
            started, said = time.monotonic(), Path(folder, command[0])
            with said.open("wb") as written:
                process = subprocess.Popen(  # noqa: S603 - one of the two sources
                    [sys.executable, "-c", PROGRAM, "--config", str(file), *command],
                    env={**os.environ, "PYTHONPATH": str(source / "src")},
                    cwd=folder,
                    stdout=written,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            process.returncode, cpu = ended(process.pid)
            words = said.read_text(encoding="utf-8", errors="replace")
            if process.returncode not in {0, LEFT_OUT} or (command[0] == "compose" and STORY not in words):
                sys.exit(f"{source}: {' '.join(command)} failed: {words[-2000:]}")
            found[command[0]] = cpu, time.monotonic() - started
    return found


def ended(group: int) -> tuple[int, float]:
    """Wait for a command and every process it left; return its exit code and the CPU seconds of all of them."""
    code, seconds = 0, 0.0
    while True:
        try:
            pid, status, used = os.wait4(-group, 0)
        except ChildProcessError:
            return code, seconds
        seconds += used.ru_utime + used.ru_stime
        if pid == group:
            code = os.waitstatus_to_exitcode(status)


def measure(sources: Sequence[Path], settings: str, rounds: int) -> list[float]:
    """Print each round, and return the median CPU seconds of each source."""
    taken: list[list[float]] = [[] for _ in sources]
    for turn in range(rounds):
        places = range(len(sources))
        for place in places if turn % 2 == 0 else reversed(places):
            found = spent(sources[place], settings)
            taken[place].append(sum(cpu for cpu, _ in found.values()))
            parts = "  ".join(f"{name} {cpu:.1f} s CPU, {wall:.1f} s" for name, (cpu, wall) in found.items())
            print(f"{sources[place].name:>12}  {parts}", flush=True)
    return [statistics.median(each) for each in taken]


def main() -> int:
    """Measure, and compare."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--pages", type=Path, required=True)
    options.add_argument("--against", type=Path, help="the folder of another checkout")
    options.add_argument("--number", type=int, default=1200)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--workers", type=int, default=0)
    asked = options.parse_args()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    folders = sorted(each.parent for each in asked.pages.rglob("index.jsonl.gz"))
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(folders, asked.number, theirs), daemon=True)
    server.start()
    port, size = ours.recv()
    print(f"{asked.number} pages, {size / 1e6:.0f} MB, from {len(folders)} folders")
    settings = configuration(asked.number, port, asked.workers)
    medians = measure([HERE, *([asked.against.resolve()] if asked.against else [])], settings, asked.rounds)
    server.terminate()
    for name, cpu in zip(("this source", "the other"), medians, strict=False):
        print(f"{name}: {cpu:.1f} s CPU")
    if len(medians) > 1:
        print(f"ratio {medians[0] / medians[1]:.2f}")
    return int(len(medians) > 1 and medians[0] > medians[1])


if __name__ == "__main__":
    sys.exit(main())
