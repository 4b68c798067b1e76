"""Do the pages stay quick while an edition goes out?

python bench/web.py [--readers N] [--seconds S] [--views RATE] [--leaves RATE]

One process on one core serves the public site and sends an edition to all readers at the same time, at a pace that
lasts as long as the measurement. From another core come views of the sign-up page and one-click leaves (RFC 8058), each
on a connection of its own, at fixed rates whatever the answers take: a late answer delays no later question, and the
time of each counts from when it was due. Prints percentiles, errors, and whether everybody who left has left; exits 1
when a bar is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import structs

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.letters.editions import samples  # noqa: E402 - after the path
from tests.web.sites import KEYS, Site  # noqa: E402

from digest.app import system_clock  # noqa: E402
from digest.model.ids import EditionKey, ReaderId  # noqa: E402
from digest.pipeline.progress import unseen  # noqa: E402
from digest.pipeline.sending.deliver_edition import post  # noqa: E402
from digest.readers.tokens import LinkPurpose, sign  # noqa: E402
from digest.storage.readers import NewReader  # noqa: E402
from digest.web.listen import Listener  # noqa: E402
from digest.web.site import LIMITS  # noqa: E402

SLOWEST = 0.4
"""Seconds that 99 of 100 answers may take at most."""
SINK_PORT = 2525
POSTFIX = ("/usr/sbin", "/usr/lib/postfix/sbin", "/usr/libexec/postfix")
WARM_UP = 1.0


@dataclass(slots=True)
class Tally:
    """What came back of one kind of request: seconds each took, and statuses."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    def percentile(self, part: float) -> float:
        """Return the time within which that part of the answers came."""
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(part * len(self.seconds)))]

    def line(self, name: str) -> str:
        """Return the tally in words."""
        parts = " ".join(f"p{part * 100:g} {self.percentile(part) * 1000:.0f} ms" for part in (0.5, 0.9, 0.99, 1))
        return f"{name}: {len(self.seconds)} asked, {dict(self.statuses)}, {parts}"


def newsroom(folder: Path, readers: int, pace: float) -> tuple[Site, EditionKey]:
    """Return a site with so many readers and an edition frozen for all of them; letters leave at that pace."""
    site = Site(folder)
    mail = structs.replace(
        site.settings.mail, transport=f"smtp://127.0.0.1:{SINK_PORT}", sender="news@example.com", per_second=pace
    )
    site.settings = structs.replace(site.settings, mail=mail)
    site.now = system_clock()
    site.runtime = replace(site.runtime, settings=site.settings, clock=system_clock)
    wanted = [
        NewReader(address=f"r{n}@x.example", identity=f"r{n}@x.example", editions=("morning",), consent={})
        for n in range(readers)
    ]
    site.runtime.stores.readers.add(wanted, site.now)
    return site, site.send(samples()[0].edition)


def serve(folder: Path, readers: int, pace: float) -> None:
    """Be the process under test: print the port, then send, until the parent says that it has seen enough."""
    os.sched_setaffinity(0, {0})
    site, key = newsroom(folder, readers, pace)
    row = site.runtime.stores.editions.get(key)
    assert row is not None
    stop = threading.Event()
    with Listener(site.app(), "127.0.0.1", 0, LIMITS).in_background() as listener:
        print(listener.url, flush=True)
        sys.stdin.readline()
        sending = threading.Thread(target=post, args=(site.runtime, row), kwargs={"progress": unseen, "stop": stop})
        began = time.process_time(), time.monotonic()
        sending.start()
        sys.stdin.readline()
        going = sending.is_alive()
        cpu, wall = time.process_time() - began[0], time.monotonic() - began[1]
        counts = site.runtime.stores.editions.audience("morning", system_clock())
        stop.set()
        sending.join()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{int(going)} {cpu / wall:.2f} {counts} {peak:.0f}", flush=True)


@contextmanager
def sink() -> Iterator[None]:
    """Let Postfix's smtp-sink take letters; SystemExit where there is none."""
    program = shutil.which("smtp-sink", path=os.pathsep.join((*POSTFIX, os.environ.get("PATH", ""))))
    if program is None:
        raise SystemExit("smtp-sink is missing: apt-get install postfix")
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    command = [program, *user, f"127.0.0.1:{SINK_PORT}", "256"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:  # noqa: S603 - our own command
        time.sleep(0.3)
        yield
        running.kill()


async def ask(host: str, port: int, request: bytes, due: float, tally: Tally) -> None:
    """Ask once at ``due`` (of the loop's clock), on a connection of its own; count from then."""
    loop = asyncio.get_running_loop()
    await asyncio.sleep(max(0.0, due - loop.time()))
    try:
        async with asyncio.timeout(20):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(request)
            answer = await reader.read()
            writer.close()
        status = answer[9:12].decode() if b"</html>" in answer else "cut short"
    except (OSError, TimeoutError) as error:
        status = type(error).__name__
    tally.seconds.append(loop.time() - due)
    tally.statuses[status] += 1


async def load(url: str, tokens: list[str], views: int, seconds: float) -> tuple[Tally, Tally]:
    """Ask for pages and leave at even paces for so long; return what came back."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 0
    head = f"Host: {host}:{port}\r\nAccept-Language: en\r\nConnection: close\r\n"
    view = f"GET / HTTP/1.1\r\n{head}\r\n".encode()
    form = "List-Unsubscribe=One-Click"
    about = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
    pages, leaves = Tally(), Tally()
    began = asyncio.get_running_loop().time() + WARM_UP
    number = int(views * seconds)
    await asyncio.gather(
        *(ask(host, port, view, began + n * seconds / number, pages) for n in range(number)),
        *(
            ask(
                host,
                port,
                f"POST /leave/{token} HTTP/1.1\r\n{head}{about}\r\n{form}".encode(),
                began + n * seconds / len(tokens),
                leaves,
            )
            for n, token in enumerate(tokens)
        ),
    )
    return pages, leaves


def measure(folder: Path, readers: int, seconds: float, views: int, leaves: int) -> bool:
    """Measure once; print, and return whether every bar was held."""
    pace = readers / (seconds + 2 * WARM_UP)
    command = [sys.executable, __file__, "--serve", str(folder), "--readers", str(readers), "--pace", str(pace)]
    with sink(), subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as tested:  # noqa: S603 - ourselves
        assert tested.stdin is not None
        assert tested.stdout is not None
        url = tested.stdout.readline().strip()
        os.sched_setaffinity(0, set(range(1, os.cpu_count() or 1)) or {0})
        tokens = [sign(KEYS, LinkPurpose.LEAVE, ReaderId(n), "morning") for n in range(1, int(leaves * seconds) + 1)]
        print("go", file=tested.stdin, flush=True)
        pages, left = asyncio.run(load(url, tokens, views, seconds))
        print("enough", file=tested.stdin, flush=True)
        going, cpu, audience, peak = tested.stdout.readline().split()
    print(pages.line("sign-up page"))
    print(left.line("one-click leave"))
    print(f"one core busy: {float(cpu):.0%}; memory {peak} MB; still sending at the end: {going == '1'}")
    print(f"left: {readers - int(audience)} of {len(tokens)} who wanted to")
    return (
        set(pages.statuses) == set(left.statuses) == {"200"}
        and max(pages.percentile(0.99), left.percentile(0.99)) < SLOWEST
        and readers - int(audience) == len(tokens)
        and going == "1"
    )


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--views", type=int, default=200)
    parser.add_argument("--leaves", type=int, default=100)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--pace", type=float, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.serve, asked.readers, asked.pace)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return 0 if measure(Path(folder), asked.readers, asked.seconds, asked.views, asked.leaves) else 1


if __name__ == "__main__":
    sys.exit(main())
