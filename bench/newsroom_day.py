"""A newsroom's day in ten minutes: sources that fail, a kill while composing, another while sending, a cut network.

    python bench/newsroom_day.py            200 sources, 1,000 readers, ten minutes
    python bench/newsroom_day.py --short    60 sources, 300 readers, three minutes

One `digest serve` at a time works on real time and loopback. A fifth of the answers of the sources fail at random. Two
editions are due; the process is killed (SIGKILL) while it composes the first and again while it sends it, and started
again; while the second is sent, relay and sources are cut off for a while. A third edition has too few stories on
purpose. In the end: both editions were begun in their windows, every reader has each exactly once or is accounted for,
the audits add up, memory is flat, no log line names a reader, and every alert came once by webhook and once by mail.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from digest.app import App, open_app
from digest.configuration import load
from digest.demo.sink import Sink
from digest.logs import redacted
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.control import audit
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition

PROGRAM = "from digest.cli.main import run; run()"
OPERATOR = "operator@paper.example"
FLAT = 0.10
"""Memory may grow by this share between the two looks."""
EXPECTED = Counter(
    {
        "raised edition-held gazette": 1,
        "cleared edition-held gazette": 1,
        "raised edition-skipped gazette": 1,
        "raised relay": 1,
        "cleared relay": 1,
    }
)
"""What the operator must hear, whatever the date and the port: each once."""
SYLLABLES = """
bra cor dun esk far gar hol in jar kel lor
mar nor or pen quil rath sel tor ul vey wen
yar zel
""".split()  # noqa: SIM905 - a list of words
WORDS = """
bridge harbour hospital museum railway reservoir bakery orchard theatre quarry lighthouse
brewery stadium library glacier vineyard airport cathedral mine forest ferry tunnel
archive laboratory shipyard mill prison zoo market dam
""".split()  # noqa: SIM905 - a list of words
SENTENCES = (
    (
        "{A} {w} closes after {n} years",
        "The {w} at {A} will close in {B} after {n} years, its owner {C} said on Monday.",
    ),
    (
        "{C} wins {n} million for the {w} of {A}",
        "A court in {A} gave {C} {n} million for the damage to the {w} in {B}.",
    ),
    ("Fire destroys the {w} in {A}", "A fire destroyed the {w} in {A} on Sunday night, and {n} people fled to {B}."),
    ("{A} builds a {w} for {n} million", "The town of {A} will build a {w} for {n} million beside the road to {B}."),
    (
        "Thieves take {n} paintings from the {w} of {A}",
        "Thieves took {n} paintings from the {w} of {A}, police in {B} said.",
    ),
    (
        "Strike stops the {w} at {A} for {n} days",
        "Workers stopped the {w} at {A} for {n} days, the union of {B} announced.",
    ),
    (
        "{C} finds {n} old coins under the {w} of {A}",
        "{C} found {n} old coins under the {w} of {A}, a few steps from {B}.",
    ),
    (
        "Flood reaches the {w} of {A}",
        "Water rose by {n} centimetres in {A} and reached the {w}, engineers from {B} reported.",
    ),
)
MORE = (
    "{C} had asked for it in a letter to {D}, which nobody answered for {m} weeks.",
    "In {B} about {m} people depend on it, according to a count that {D} published in spring.",
    "{D} called the decision of {A} a mistake and wants to bring it before the council of {E}.",
    "Experts from {E} will visit {A} within {m} days, and {C} expects their report before winter.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How large the day is, and when what happens, in seconds after the start."""

    sources: int
    articles: int
    readers: int
    per_second: int
    morning: int
    evening: int
    cut: int
    """How long the network is cut."""
    rest: int
    """How long it goes on after the evening."""


LONG = Plan(sources=200, articles=5, readers=1000, per_second=40, morning=200, evening=390, cut=30, rest=120)
SHORT = Plan(sources=60, articles=3, readers=300, per_second=15, morning=90, evening=150, cut=15, rest=40)


# --- the world --------------------------------------------------------------------------------------------------------


def story(number: int) -> tuple[str, tuple[str, ...]]:
    """Return an invented story: its headline and its sentences; the same number gives the same story."""
    chance = random.Random(number)  # noqa: S311 - invents news
    names = {letter: "".join(chance.sample(SYLLABLES, 3)).capitalize() for letter in "ABCDE"}
    told = {**names, "w": chance.choice(WORDS), "n": chance.randint(2, 90), "m": chance.randint(2, 40)}
    headline, first = SENTENCES[number % len(SENTENCES)]
    return headline.format(**told), tuple(each.format(**told) for each in (first, *chance.sample(MORE, 3)))


class Press:
    """The sources, and the webhook of the operator, on one port; ``edition`` says which news they print."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.edition = 0
        self.cut = False
        self.hooked: list[dict[str, str]] = []
        self.answers: Counter[str] = Counter()
        self._chance = random.Random(7)  # noqa: S311 - decides which answers fail
        press = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.client_address[0].startswith("127."):
                    press.answer(self)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if press.cut:
                    self.close_connection = True
                    return
                press.hooked.append(json.loads(body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Say nothing."""

        self._server = ThreadingHTTPServer(("", 0), Handler)  # each source has a loopback address of its own
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def host(self, source: int) -> str:
        """Return the address of a source: hosts are left alone one by one when they fail."""
        return f"127.1.{source // 250}.{source % 250 + 1}:{self.port}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer with a feed or an article, or fail."""
        kind, _, rest = request.path.strip("/").partition("/")
        if self.cut or (kind == "feed" and self._chance.random() < 0.2):  # noqa: PLR2004 - a fifth
            self.answers["cut" if self.cut else "failed"] += 1
            if not self.cut and self._chance.random() < 0.5:  # noqa: PLR2004 - half of those answer badly
                request.send_error(503)
            request.close_connection = True
            return
        self.answers[kind] += 1
        if kind not in {"feed", "page"}:  # robots.txt, and the source that has nothing
            request.send_error(404)
            return
        body = self.feed(int(rest)) if kind == "feed" else self.page(int(rest))
        request.send_response(200)
        request.send_header("Content-Type", "application/rss+xml" if kind == "feed" else "text/html; charset=utf-8")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        with suppress(OSError):
            request.wfile.write(body)

    def feed(self, source: int) -> bytes:
        """Return the feed of a source: some stories of its own, some that others tell as well."""
        items = []
        for edition in range(self.edition + 1):
            for place in range(self.plan.articles):
                told = edition * 10_000 + (place if place < 2 else source * 10 + place)  # noqa: PLR2004 - shared ones
                link = f"http://{self.host(source)}/page/{told * 1000 + source}"
                when = format_datetime(datetime.now(UTC) - timedelta(minutes=place + 1))
                items.append(
                    f"<item><title>{story(told)[0]}</title><link>{link}</link><pubDate>{when}</pubDate></item>"
                )
        return f'<rss version="2.0"><channel><title>S</title>{"".join(items)}</channel></rss>'.encode()

    def page(self, number: int) -> bytes:
        """Return the page of an article."""
        title, sentences = story(number // 1000)
        text = "".join(f"<p>{sentence}</p>" for sentence in sentences)
        return f"<html lang=en><title>{title}</title><article><h1>{title}</h1>{text}</article></html>".encode()


class Wire:
    """What leads to the relay, and can be cut."""

    def __init__(self, to: int) -> None:
        self.cut = False
        self._to = to
        self._open: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def sever(self) -> None:
        """Cut every connection, and take no new one."""
        self.cut = True
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            near, _ = self._listening.accept()
            if self.cut:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self._to))
            for one, other in ((near, far), (far, near)):
                self._open.add(one)
                threading.Thread(target=self._copy, args=(one, other), daemon=True).start()

    def _copy(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._open.discard(one)
        one.close()


# --- the newsroom -----------------------------------------------------------------------------------------------------


def configuration(plan: Plan, press: Press, wire: Wire, starts: datetime) -> str:
    """Return the configuration of the day."""
    due = {name: starts + timedelta(seconds=at) for name, at in (("morning", plan.morning), ("evening", plan.evening))}
    due["gazette"] = due["morning"]
    window = {"morning": (5, 30), "evening": (5, 30), "gazette": (1, 1)}
    more = {"morning": "", "evening": 'greeting = "evening"\nfollows = "morning"\n', "gazette": 'sources = ["Empty"]\n'}
    editions = "".join(
        f'[editions.{name}]\ntitle = "{name.title()} Update"\nat = "{at:%H:%M:%S}"\ncompose_minutes_before = 1\n'
        f"catch_up_minutes = {window[name][0]}\nexpires_minutes = {window[name][1]}\n{more[name]}"
        for name, at in due.items()
    )
    sources = "".join(
        f'[[sources]]\nname = "S{n}"\nurl = "http://{press.host(n)}/feed/{n}"\n' for n in range(plan.sources)
    )
    return f"""
[site]
postal_address = "1 Example Street"
[mail]
transport = "smtp://127.0.0.1:{wire.port}"
sender = "news@paper.example"
connections = 2
per_second = {plan.per_second}
[fetch]
allow_networks = ["127.0.0.0/8"]
host_pause_seconds = 0
fresh_minutes = 1
[alerts]
mail = ["{OPERATOR}"]
webhook = "http://127.0.0.1:{press.port}/hook"
allow_networks = ["127.0.0.0/8"]
relay_minutes = 0
late_minutes = 5
[log]
format = "json"
[keys]
current = "k"
[keys.ring]
k = "{"5a" * 32}"
{editions}
[[sources]]
name = "Empty"
url = "http://127.0.0.1:{press.port}/nothing/0"
{sources}"""


@dataclass(slots=True)
class Day:
    """One day of one newsroom."""

    plan: Plan
    folder: Path
    press: Press
    sink: Sink
    wire: Wire
    app: App
    process: subprocess.Popen[bytes] | None = None
    memory: list[tuple[float, int]] = field(default_factory=list)
    """(seconds after the start, bytes) of the process that serves."""
    began: float = field(default_factory=time.monotonic)
    notes: list[str] = field(default_factory=list)

    def start(self) -> None:
        """Start a process that serves."""
        command = [sys.executable, "-c", PROGRAM, "--config", str(self.folder / "config" / "digest.toml"), "serve"]
        path = os.pathsep.join(each for each in sys.path if each)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stderr=log, env={**os.environ, "PYTHONPATH": path})  # noqa: S603

    def kill(self, when: str) -> None:
        """End it as a power failure would, and start another."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.note(f"killed {when}")
        self.start()

    def note(self, words: str) -> None:
        """Say what happens, with the second."""
        line = f"{time.monotonic() - self.began:6.1f} s  {words}"
        self.notes.append(line)
        print(line, flush=True)

    def row(self, name: str) -> StoredEdition | None:
        """Return the row of an edition."""
        return next((row for row in self.app.stores.editions.latest() if row.key.name == name), None)

    def state(self, name: str) -> EditionState | None:
        """Return how far an edition has come."""
        row = self.row(name)
        return row.state if row else None

    def letters(self, title: str) -> int:
        """Return how many letters of an edition the relay has."""
        return len(self.recipients(title))

    def recipients(self, title: str) -> list[str]:
        """Return who has an edition, by the header of each letter that the relay has."""
        name = f"{title} Update".encode()
        letters = (each for each in self.sink.letters if name in each.raw.partition(b"\r\n\r\n")[0])
        return [letter.recipients[0] for letter in letters]

    def wait_until(self, done: Callable[[], bool], seconds: float, what: str) -> bool:
        """Wait until it is so; False, with a note, when that takes too long."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            if done():
                return True
            time.sleep(0.02)
        self.note(f"NOT within {seconds:.0f} s: {what}")
        return False

    def sample(self) -> None:
        """Note the process's memory."""
        assert self.process is not None
        with suppress(OSError, AttributeError):
            status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
            found = re.search(r"VmRSS:\s+(\d+) kB", status)
            if found:
                self.memory.append((time.monotonic() - self.began, int(found[1]) * 1024))


@contextmanager
def newsroom(plan: Plan) -> Iterator[Day]:
    """Give a newsroom before its day."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-")))
        press, sink = Press(plan), opened.enter_context(Sink())
        wire = Wire(sink.port)
        (folder / "config").mkdir()
        file = folder / "config" / "digest.toml"
        file.touch(mode=0o600)
        file.write_text(configuration(plan, press, wire, datetime.now(UTC)), encoding="utf-8")
        app = opened.enter_context(open_app(load(file, {})))
        for number in range(plan.readers):
            address = f"reader{number:04d}@readers.example"
            subscribe(
                app.stores, app.clock(), Subscription(address=address, editions=("morning", "evening", "gazette"))
            )
        day = Day(plan=plan, folder=folder, press=press, sink=sink, wire=wire, app=app)
        try:
            yield day
        finally:
            if day.process is not None:
                day.process.kill()
                day.process.wait()


def composes(day: Day) -> bool:
    """Tell whether the morning is composed at this moment: its work is in hand, and no fetch is."""
    names = day.app.stores.leases.in_hand(day.app.clock())
    return any(name.startswith("edition morning") for name in names) and "fetch" not in names


def live(day: Day) -> None:
    """Live through the day."""
    plan = day.plan
    day.start()
    if day.wait_until(lambda: composes(day), plan.morning, "morning is composed"):
        day.kill("while the morning was composed")
    day.wait_until(lambda: day.letters("Morning") >= plan.readers // 4, plan.morning + 120, "a quarter of the morning")
    day.kill("while the morning was sent")
    day.wait_until(lambda: day.state("morning") is EditionState.SENT, 240, "the morning is sent")
    day.note(f"the morning is {day.state('morning')}")
    day.press.edition = 1
    day.wait_until(lambda: day.letters("Evening") >= plan.readers // 4, plan.evening + 120, "a quarter of the evening")
    day.press.cut = True
    day.wire.sever()
    day.note("the network is cut")
    time.sleep(plan.cut)
    day.press.cut = day.wire.cut = False
    day.note("the network is back")
    day.wait_until(lambda: day.state("evening") is EditionState.SENT, 240, "the evening is sent")
    day.note(f"the evening is {day.state('evening')}")
    for _ in range(plan.rest):
        day.sample()
        time.sleep(1)
    day.wait_until(lambda: not list(unheard(day)), 60, "every alert is told")
    assert day.process is not None
    day.process.send_signal(signal.SIGTERM)
    day.process.wait(15)


# --- what it must have come to ----------------------------------------------------------------------------------------


def heard(day: Day) -> Counter[str]:
    """Return what the webhook was told, without dates and ports."""
    names = (f"{each['event']} {each['key']}".partition("/")[0] for each in day.press.hooked)
    return Counter(re.sub(r"relay 127.*", "relay", name) for name in names)


def mailed(day: Day) -> int:
    """Return how many alerts came by mail."""
    return sum(letter.recipients == (OPERATOR,) for letter in day.sink.letters)


def unheard(day: Day) -> Iterator[str]:
    """Yield what is wrong with the alerts: each is told once by each channel."""
    if heard(day) != EXPECTED:
        yield f"the webhook heard {dict(heard(day))}, and should have heard {dict(EXPECTED)}"
    if mailed(day) != EXPECTED.total():
        yield f"{mailed(day)} alerts by mail, and there should be {EXPECTED.total()}"


def problems(day: Day) -> Iterator[str]:
    """Yield what is wrong in the end."""
    for name in ("morning", "evening"):
        yield from edition_problems(day, name)
    yield from unheard(day)
    sizes = [size for _, size in day.memory]
    third = max(1, len(sizes) // 3)
    if sizes:
        before, after = statistics.median(sizes[:third]), statistics.median(sizes[-third:])
        print(f"memory after the evening {before / 1e6:.0f} MB, at the end {after / 1e6:.0f} MB")
        if after > before * (1 + FLAT):
            yield f"memory grew from {before / 1e6:.0f} to {after / 1e6:.0f} MB"
    lines = (day.folder / "log").read_text(encoding="utf-8").splitlines()
    print(f"{len(lines)} lines of log; answers of the sources: {dict(day.press.answers)}")
    for line in lines:
        told = {key: value for key, value in json.loads(line).items() if key != "timestamp"}
        text = json.dumps(told)
        if "@" in text or "5a5a5a" in text or any(redacted(v) != v for v in told.values() if isinstance(v, str)):
            yield f"a log line names somebody or opens something: {text[:200]}"


def edition_problems(day: Day, name: str) -> Iterator[str]:
    """Yield what is wrong with an edition."""
    row = day.row(name)
    if row is None or row.state is not EditionState.SENT:
        yield f"{name} is {row.state.value if row else 'missing'}"
        return
    (course,) = (c for c in day.app.stores.figures.courses(row.due, row.due + timedelta(seconds=1)) if c.key == row.key)
    late = (course.began - row.due).total_seconds() if course.began else None
    counts = Deliveries(day.app.stores.database, row.id).counts()
    print(f"{name}: begun {late} s after its time, { {s.value: n for s, n in counts.by_state} }")
    if late is None or not 0 <= late < 300:  # noqa: PLR2004 - its window
        yield f"{name} was begun {late} s after its time"
    yield from (f"{name}: {problem}" for problem in audit(day.app.runtime, str(row.key)).problems)
    got = Counter(day.recipients(name.title()))
    if twice := [address for address, number in got.items() if number > 1]:
        yield f"{len(twice)} readers have {name} twice"
    accounted = counts.of(DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN)
    if accounted != day.plan.readers or len(got) < counts.of(DeliveryState.ACCEPTED):
        yield f"{name}: {len(got)} readers have it, {accounted} of {day.plan.readers} are accounted for"


def main() -> int:
    """Live a day and judge it."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--short", action="store_true", help="three minutes in place of ten")
    options.add_argument("--keep-log", metavar="FILE", help="where to copy the log")
    asked = options.parse_args()
    with newsroom(SHORT if asked.short else LONG) as day:
        live(day)
        found = list(problems(day))
        if asked.keep_log:
            Path(asked.keep_log).write_bytes((day.folder / "log").read_bytes())
    for problem in found:
        print("PROBLEM", problem)
    print("not as it should be" if found else "all as it should be")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
