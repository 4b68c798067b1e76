"""Does an edition leave in its time while strangers hold connections open and a source drips?

    python bench/floods.py --idle 1270 --descriptors 1024 --drip-seconds 30

``digest serve`` runs as a process of its own with that limit of descriptors, soft and hard. Visitors open idle
connections to its pages and open them again whenever they are closed; one of its two sources gives each of its pages
in that many seconds. Prints how long after its time the first letter of the edition was there, what a visitor who asks
waits, and how much was logged; exits 1 when the edition is more than a minute late or an hour's log would pass 1 MB.
"""

from __future__ import annotations

import argparse
import os
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
PAGES = 12
READERS = 20
LATEST = 60.0
LOG_BYTES_AN_HOUR = 1_000_000
SUBJECTS = (
    *("ferry to the island", "library on the hill", "market in the square", "bridge over the weir"),
    *("school by the park", "museum of the coast", "hospital at the ring road", "orchard behind the mill"),
    *("tram along the quay", "theatre of the old town", "swimming bath", "fire station"),
)
TEXT = "The {} will close in {} for repairs that cost {} thousand pounds, the council said. "


class Paper(BaseHTTPRequestHandler):
    """Two papers: what stands below /slow comes drop by drop."""

    seconds = 0.0

    def do_GET(self) -> None:
        """Answer with a feed or an article."""
        slow, number = self.path.startswith("/slow/"), self.path.rpartition("/")[2]
        if number == "feed":
            self._give("application/rss+xml", self._feed("slow" if slow else "quick"), slow=False)
        elif number.isdecimal():
            self._give("text/html", _article(int(number), "slow" if slow else "quick"), slow=slow)
        else:
            self.send_error(404)

    def _feed(self, name: str) -> str:
        here = f"http://{self.headers['Host']}/{name}"
        items = "".join(f"<item><title>{_title(n, name)}</title><link>{here}/{n}</link></item>" for n in range(PAGES))
        return f"<rss version='2.0'><channel><title>{name}</title>{items}</channel></rss>"

    def _give(self, kind: str, body: str, *, slow: bool) -> None:
        data = body.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        pieces = int(self.seconds) if slow else 1
        length = -(-len(data) // max(pieces, 1))
        with suppress(OSError):
            for start in range(0, len(data), length):
                self.wfile.write(data[start : start + length])
                time.sleep(1.0 if slow else 0.0)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


def _title(number: int, paper: str) -> str:
    return f"Repairs of the {SUBJECTS[number]} begin, {paper} readers hear"


def _article(number: int, paper: str) -> str:
    sentences = "".join(f"<p>{TEXT.format(SUBJECTS[number], month, number * 7 + 3)}</p>" for month in ("May", "June"))
    head = f"<html lang=en><head><title>{_title(number, paper)}</title></head>"
    return f"{head}<body><article><h1>{_title(number, paper)}</h1>{sentences * 4}</article></body></html>"


@contextmanager
def papers(seconds: float) -> Iterator[tuple[str, str]]:
    """Give the addresses of both papers, the quick one and the slow one, each on a host of its own."""
    Paper.seconds = seconds
    servers = [ThreadingHTTPServer((host, 0), Paper) for host in ("127.0.0.1", "127.0.0.2")]
    for server in servers:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
    quick, slow = (f"http://127.0.0.{n}:{server.server_port}" for n, server in enumerate(servers, start=1))
    yield f"{quick}/quick/feed", f"{slow}/slow/feed"
    for server in servers:
        server.shutdown()


def configure(folder: Path, sources: tuple[str, str], pages: int, due: datetime) -> Path:
    """Write an installation whose edition is due then; return its configuration."""
    file = folder / "digest.toml"
    listed = "".join(
        f'[[sources]]\nname = "{name}"\nurl = "{url}"\n' for name, url in zip(("Quick", "Slow"), sources, strict=True)
    )
    file.write_text(
        f'[site]\nurl = "http://127.0.0.1:{pages}"\n[web]\nport = {pages}\n[mail]\ntransport = "file:outbox/"\n'
        'sender = "news@paper.example"\n[fetch]\nallow_networks = ["127.0.0.0/8"]\n[extract]\nworkers = 1\n'
        f'[keys]\ncurrent = "k"\n[keys.ring]\nk = "{"5a" * 32}"\n'
        f'[editions.morning]\ntitle = "Morning"\nfloor = 1\nat = "{due:%H:%M:%S}"\n{listed}'
    )
    roster = folder / "roster.csv"
    roster.write_text("address\n" + "".join(f"reader{n}@readers.example\n" for n in range(READERS)))
    subprocess.run([*_command(file), "readers", "import", str(roster)], check=True, env=_environment())  # noqa: S603
    return file


@contextmanager
def serving(config: Path, descriptors: int) -> Iterator[subprocess.Popen[bytes]]:
    """Give the process that serves, with so many descriptors; its log lies beside the configuration."""
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({descriptors}, {descriptors}))"
    code = f"{limited}; from digest.cli.main import run; run()"
    command = [sys.executable, "-c", code, "-c", str(config), "serve"]
    with (config.parent / "log").open("wb") as log:
        process = subprocess.Popen(command, stderr=log, env=_environment())  # noqa: S603 - our own program
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def hold(port: int, number: int, stop: threading.Event) -> None:
    """Hold so many idle connections open, and open those again that are closed."""
    idle: dict[int, socket.socket] = {}
    while not stop.wait(0.2):
        for place in range(number):
            if place in idle and not _is_closed(idle[place]):
                continue
            if place in idle:
                idle.pop(place).close()
            with suppress(OSError):
                made = socket.create_connection(("127.0.0.1", port), timeout=1)
                made.setblocking(False)
                idle[place] = made
    for each in idle.values():
        each.close()


def _is_closed(connection: socket.socket) -> bool:
    try:
        return not connection.recv(1)
    except BlockingIOError:
        return False
    except OSError:
        return True


def asked(url: str) -> float | None:
    """Return how long a visitor waits for the front page; None when it does not come in ten seconds."""
    before = time.monotonic()
    door = HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        door.request("GET", "/")
        return time.monotonic() - before if door.getresponse().status < 500 else None  # noqa: PLR2004 - RFC 9110, 15.6
    except (OSError, HTTPException):
        return None
    finally:
        door.close()


def _command(config: Path) -> list[str]:
    return [sys.executable, "-c", "from digest.cli.main import run; run()", "-c", str(config)]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "src")}


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--idle", type=int, default=1270)
    parser.add_argument("--descriptors", type=int, default=1024)
    parser.add_argument("--drip-seconds", type=float, default=30.0)
    parser.add_argument("--ahead", type=float, default=120.0, help="seconds from the start to the edition's time")
    given = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, given.idle + 500), hard))
    with tempfile.TemporaryDirectory() as folder, papers(given.drip_seconds) as sources, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
        free.close()
        due = (datetime.now(UTC) + timedelta(seconds=given.ahead)).replace(microsecond=0)
        config = configure(Path(folder), sources, port, due)
        began, stop = time.monotonic(), threading.Event()
        with serving(config, given.descriptors) as process:
            visitors = threading.Thread(target=hold, args=(port, given.idle, stop))
            visitors.start()
            waits, late = _watch(process, config, port, due)
            stop.set()
            visitors.join()
        log = (config.parent / "log").stat().st_size
        if late is None:
            print((config.parent / "log").read_text()[:20_000])
    hourly = log * 3600 / (time.monotonic() - began)
    came = sorted(wait for wait in waits if wait is not None)
    slowest = f"{came[-1]:.2f} s at most" if came else "no page came"
    print(f"the edition: {'did not leave' if late is None else f'first letter {late:.1f} s after its time'}")
    print(f"pages: {len(came)} of {len(waits)} came, {slowest}; log: {log} bytes, {hourly / 1e6:.2f} MB an hour")
    sys.exit(late is None or late > LATEST or hourly > LOG_BYTES_AN_HOUR)


def _watch(
    process: subprocess.Popen[bytes], config: Path, port: int, due: datetime
) -> tuple[list[float | None], float | None]:
    """Ask for a page every two seconds until the edition has left; return the waits, and how late it was (seconds)."""
    waits: list[float | None] = []
    while process.poll() is None and datetime.now(UTC) < due + timedelta(seconds=3 * LATEST):
        waits.append(asked(f"http://127.0.0.1:{port}"))
        if any(config.parent.glob("outbox/morning-*/*.eml")):
            return waits, (datetime.now(UTC) - due).total_seconds()
        time.sleep(2)
    return waits, None


if __name__ == "__main__":
    main()
