"""How many events of a sending service does one core take?

python bench/events.py [--events N] [--batch N]

Posts signed events over HTTP to the public site, one request after the other, and takes them as ``digest serve`` does.
Prints events per second of CPU, for receiving and for both together; exits 1 below the bar.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import structs

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.readers.service_posts import sendgrid  # noqa: E402 - after the path
from tests.web.sites import Site  # noqa: E402

from digest.pipeline.readers.enrol import Subscription, subscribe  # noqa: E402
from digest.pipeline.readers.service_events import take_events  # noqa: E402
from digest.settings import EventSettings  # noqa: E402
from digest.web.listen import Listener  # noqa: E402

BAR = 500
"""Events a second that one core must take."""


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=5000)
    parser.add_argument("--batch", type=int, default=10, help="events of one request; SendGrid posts hundreds")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        received, both = measured(Path(folder), given.events, given.batch)
    print(f"received {received:.0f} events per CPU second, received and taken {both:.0f} (bar {BAR})")
    sys.exit(both < BAR)


def measured(folder: Path, events: int, batch: int) -> tuple[float, float]:
    """Return events per second of CPU: received alone, and taken as well."""
    site = Site(folder)
    sample = sendgrid()
    site.now = sample.post.at
    settings = EventSettings(service="sendgrid", secret=sample.signer.secret)
    site.runtime = replace(site.runtime, settings=structs.replace(site.settings, events={"sendgrid": settings}))
    for number in range(0, events, 7):
        known = Subscription(address=f"reader{number}@reader.example", editions=("morning",))
        subscribe(site.runtime.stores, site.now, known)
    posts = [sendgrid(*bounced(range(at, min(at + batch, events)))).post for at in range(0, events, batch)]
    with Listener(site.app(), "127.0.0.1", 0).in_background() as listener:
        connection, started = http.client.HTTPConnection(urlsplit(listener.url).netloc, timeout=30), time.process_time()
        for post in posts:
            connection.request("POST", "/events/sendgrid", body=post.body, headers=dict(post.headers))
            answer = connection.getresponse()
            if answer.status != http.client.OK:
                raise SystemExit(f"answered {answer.status}: {answer.read().decode()}")
            answer.read()
        received = time.process_time() - started
        take_events(site.runtime, threading.Event())
        both = time.process_time() - started
        connection.close()
    counts = site.runtime.stores.service_events.counts()
    if counts != {("sendgrid", "taken"): events}:
        raise SystemExit(f"not all were taken: {counts}")
    return events / received, events / both


def bounced(numbers: range) -> list[dict[str, object]]:
    """Return permanent bounces, of people of whom we know every seventh."""
    return [
        {
            "email": f"reader{number}@reader.example",
            "event": "bounce",
            "type": "bounce",
            "status": "5.1.1",
            "reason": "550 5.1.1 no such user",
            "sg_event_id": f"e{number}",
            "smtp-id": f"<{json.dumps(number)}@letters.example>",
        }
        for number in numbers
    ]


if __name__ == "__main__":
    main()
