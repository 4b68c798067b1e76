"""How many events of a sending service does one core take?

python bench/events.py [--events N] [--batch N] [--postgresql]

Posts signed events over HTTP to the public site, one request after the other, and takes them as ``digest serve`` does.
Two loads: bounces, of readers of whom we know every seventh; and events of five kinds, all of known readers. Sixty
editions went out in the last month. Prints events per second of CPU, for receiving and for both together, and the CPU
of an event; with ``--postgresql`` the server's CPU counts too. Exits 1 below the bar.
"""

from __future__ import annotations

import argparse
import http.client
import sys
import tempfile
import threading
import time
from base64 import b32encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import structs

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.letters.editions import samples  # noqa: E402 - after the path
from tests.readers.service_posts import sendgrid  # noqa: E402 - after the path
from tests.web.sites import Site  # noqa: E402

from digest.pipeline.readers.enrol import Subscription, subscribe  # noqa: E402
from digest.pipeline.readers.service_events import take_events  # noqa: E402
from digest.settings import EventSettings  # noqa: E402
from digest.storage.engine import Database  # noqa: E402
from digest.web.listen import Listener  # noqa: E402

BAR = 500
"""Events a second that one core must take."""
EDITIONS = 60
"""Editions of the last month: an event's Message-ID is looked for among their letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Events to be taken: the kinds that come in turn, and how many of the readers we know (one of ``known``)."""

    name: str
    kinds: tuple[str, ...]
    known: int


LOADS = (
    Load(name="bounces, every seventh of a known reader", kinds=("bounce",), known=7),
    Load(
        name="five kinds, all of known readers",
        kinds=("bounce", "spamreport", "unsubscribe", "deferred", "delivered"),
        known=1,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds of CPU: of receiving the events, and of taking them."""

    received: float
    taken: float


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=5000)
    parser.add_argument("--batch", type=int, default=10, help="events of one request; SendGrid posts hundreds")
    parser.add_argument("--postgresql", action="store_true", help="use a PostgreSQL server instead of a SQLite file")
    given = parser.parse_args()
    slowest = min(told(load, given) for load in LOADS)
    sys.exit(slowest < BAR)


def told(load: Load, given: argparse.Namespace) -> float:
    """Measure a load and print its figures; return events per second of CPU, received and taken."""
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder), postgresql=given.postgresql) as (made, spent):
        cost = measured(Site(Path(folder), database=made), load, given.events, given.batch, spent)
    received, both = given.events / cost.received, given.events / (cost.received + cost.taken)
    each = [f"{1000 * seconds / given.events:.3f} ms" for seconds in (cost.received, cost.taken)]
    print(f"{load.name}: received {received:.0f} events per CPU second, received and taken {both:.0f} (bar {BAR})")
    print(f"  CPU of an event: receiving {each[0]}, taking {each[1]}")
    return both


@contextmanager
def databases(folder: Path, *, postgresql: bool) -> Iterator[tuple[Database, Callable[[], float]]]:
    """Yield an empty database, and a function that returns the seconds of CPU spent so far."""
    if not postgresql:
        yield Database("sqlite:///digest.db", folder), time.process_time
        return
    from postgresql import server  # noqa: PLC0415 - needs the wheel of the server

    with server(folder / "postgresql") as host:
        yield Database(host.database()), lambda: time.process_time() + host.cpu()


def measured(site: Site, load: Load, events: int, batch: int, spent: Callable[[], float]) -> Cost:
    """Return the CPU that so many events of a load cost."""
    sample = sendgrid()
    site.now = sample.post.at
    settings = EventSettings(service="sendgrid", secret=sample.signer.secret)
    site.runtime = replace(site.runtime, settings=structs.replace(site.settings, events={"sendgrid": settings}))
    edition = samples()[0].edition
    for day in range(EDITIONS):
        site.send(replace(edition, key=replace(edition.key, date=edition.key.date - timedelta(days=day))))
    joined = site.now - timedelta(days=9)
    for number in range(0, events, load.known):
        known = Subscription(address=f"reader{number}@reader.example", editions=("morning",))
        subscribe(site.runtime.stores, joined, known)
    requests = (range(at, min(at + batch, events)) for at in range(0, events, batch))
    posts = [sendgrid(*(event_of(load, number) for number in numbers)).post for numbers in requests]
    with Listener(site.app(), "127.0.0.1", 0).in_background() as listener:
        connection, started = http.client.HTTPConnection(urlsplit(listener.url).netloc, timeout=30), spent()
        for post in posts:
            connection.request("POST", "/events/sendgrid", body=post.body, headers=dict(post.headers))
            answer = connection.getresponse()
            if answer.status != http.client.OK:
                raise SystemExit(f"answered {answer.status}: {answer.read().decode()}")
            answer.read()
        received = spent()
        take_events(site.runtime, threading.Event())
        taken = spent()
        connection.close()
    counts = site.runtime.stores.service_events.counts()
    if counts != {("sendgrid", "taken"): events}:
        raise SystemExit(f"not all were taken: {counts}")
    return Cost(received=received - started, taken=taken - received)


def event_of(load: Load, number: int) -> dict[str, object]:
    """Return the event of that number. Its Message-ID is spelled as ours and is of no letter: all are searched."""
    spelled = b32encode(number.to_bytes(15)).decode().lower()
    return {
        "email": f"reader{number}@reader.example",
        "event": load.kinds[number % len(load.kinds)],
        "type": "bounce",
        "status": "5.1.1",
        "reason": "550 5.1.1 no such user",
        "sg_event_id": f"e{number}",
        "smtp-id": f"<{spelled}@letters.example>",
    }


if __name__ == "__main__":
    main()
