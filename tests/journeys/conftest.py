"""An operator at the command line, a small web of sources on loopback, and a newsroom that reads them."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.warm import Stable, stable

from digest.cli.main import run

KEYS = f'[keys]\ncurrent = "k1"\n\n[keys.ring]\nk1 = "{"7e" * 32}"\n'
STORIES = (
    (
        "Harbour ferry returns after repair",
        "The ferry to Brannoch sailed again on Monday after nine days ashore with a broken shaft.",
        "Islanders had relied on two fishing boats for bread, medicine and post since the breakdown.",
        "Captain Morag Bell said the crossing was smooth and that all 84 seats were taken by eight o'clock.",
        "The operator will refund season tickets for the lost days, a spokeswoman told passengers on the quay.",
    ),
    (
        "Council backs tidal barrier",
        "Councillors voted 31 to 12 on Monday for a tidal barrier that will cost £48 million.",
        "Opponents had asked for higher embankments instead, which engineers judged too weak for spring floods.",
        "Construction may begin next autumn if the government pays two thirds of the sum.",
        "Leader Anwen Price called it the most expensive decision that the chamber ever took.",
    ),
    (
        "Nurses accept hospital pay offer",
        "Members of the nurses' union at Wendle General accepted a pay rise of 4.5% on Monday.",
        "The ballot ends a dispute in which three strikes closed the outpatient clinic last winter.",
        "Union secretary Paul Onari said staff still wanted safer rotas on the children's ward.",
        "Managers will hire 60 more midwives and porters by June under the agreement.",
    ),
    (
        "Museum buys a lost map of Tarrow",
        "The county museum paid £19,000 at auction on Monday for a map of Tarrow drawn in 1714.",
        "Its parchment shows a windmill, two inns and a chapel that no other record mentions.",
        "Curator Elin Strand believes a surveyor's widow sold it to a bookseller in Leiden.",
        "Visitors can see the map from March in the new gallery beside the pottery collection.",
    ),
    (
        "Storm cuts power to 900 homes",
        "A storm brought down electricity lines on Monday and left 900 homes in the valleys dark.",
        "Gusts of 97 miles an hour were measured on Gallow Hill, the strongest in eleven years.",
        "Repair crews restored the supply to three villages before dawn, the network company said.",
        "Farmer Huw Kettle lost a barn roof and 40 bales of hay to the gale.",
    ),
)
"""(title, four sentences)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as JSON."""
        return msgspec.json.decode(self.out)


def digest(*words: str | Path) -> Outcome:
    """Run the command as the shell would, in this process."""
    out, err, arguments = StringIO(), StringIO(), sys.argv
    sys.argv = ["digest", *map(str, words)]
    try:
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            run()
    finally:
        sys.argv = arguments
    code = ended.value.code
    assert code is None or isinstance(code, int)
    return Outcome(code=code or 0, out=out.getvalue(), err=err.getvalue())


PROGRAM = "from digest.cli.main import run; run()"
"""The command in a process of its own."""


@pytest.fixture(scope="session")
def programs() -> Iterator[Stable]:
    """Give a process that has imported the program, to fork from."""
    with stable() as made:
        yield made


class Listening(ThreadingHTTPServer):
    """A server that says nothing of clients that are killed."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tell of every other failure on stderr."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@dataclass(slots=True)
class Web:
    """What stands on loopback: path -> (status, content type, body)."""

    port: int = 0
    files: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)

    def url(self, path: str) -> str:
        """Return where a path stands."""
        return f"http://127.0.0.1:{self.port}{path}"

    def put(self, path: str, body: bytes | str, kind: str = "text/html; charset=utf-8", status: int = 200) -> str:
        """Let something stand at a path; return its URL."""
        self.files[path] = (status, kind, body.encode() if isinstance(body, str) else body)
        return self.url(path)

    def feed(self, path: str, items: list[tuple[str, str, str]]) -> str:
        """Let an RSS feed of (title, link, summary) stand at a path; return its URL."""
        moment = datetime.now(UTC) - timedelta(hours=1)
        listed = "".join(
            f"<item><title>{escape(title)}</title><link>{escape(link)}</link><description>{escape(summary)}"
            f"</description><pubDate>{format_datetime(moment - timedelta(minutes=n))}</pubDate></item>"
            for n, (title, link, summary) in enumerate(items)
        )
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title>{listed}</channel></rss>'
        return self.put(path, body, "application/rss+xml")

    def paper(self, name: str) -> str:
        """Let a paper with all the stories stand below ``name``; return its feed's URL."""
        items = []
        for number, (title, *sentences) in enumerate(STORIES):
            items.append((title, self.put(f"/{name}/{number}", article_page(title, sentences)), sentences[0]))
        return self.feed(f"/{name}/feed.xml", items)


def article_page(title: str, sentences: list[str]) -> str:
    """Return the page of an article, a paragraph for each sentence."""
    text = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    return (
        f"<!doctype html><html lang=en><head><title>{escape(title)}</title></head><body><nav><a href=/>Home</a></nav>"
        f"<article><h1>{escape(title)}</h1>{text}</article></body></html>"
    )


@pytest.fixture(scope="session")
def web() -> Iterator[Web]:
    """Give a web server on loopback."""
    pages = Web()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, kind, body = pages.files.get(self.path, (404, "text/plain", b"Nothing here."))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except ConnectionError:
                self.close_connection = True  # the client had enough: a body over its cap

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Keep the tests' output clean."""

    server = Listening(("127.0.0.1", 0), Handler)
    pages.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield pages
    server.shutdown()
    thread.join()
    server.server_close()


def noon() -> str:
    """Return a zone in which it is between twelve and one now, so that an edition of twelve is always in time."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}"


def configuration(sources: list[tuple[str, str]], transport: str = "file:outbox/", more: str = "") -> str:
    """Return a configuration of (name, URL) sources whose editions are due now."""
    listed = "".join(f'[[sources]]\nname = "{name}"\nurl = "{url}"\n' for name, url in sources)
    return f"""\
[mail]
transport = "{transport}"
sender = "news@paper.example"
connections = 2
{more}
[fetch]
allow_networks = ["127.0.0.0/8"]
host_pause_seconds = 0
[extract]
workers = 1
[editions.morning]
title = "Morning Update"
at = "12:00"
zone = "{noon()}"
[editions.evening]
title = "Evening Update"
greeting = "evening"
at = "12:00"
zone = "{noon()}"
follows = "morning"
{listed}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """One installation, and the operator in it."""

    folder: Path

    def __call__(self, *words: str | Path) -> Outcome:
        """Run a command on its configuration."""
        return digest("-c", self.config, *words)

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.folder / "config" / "digest.toml"

    def configure(self, text: str) -> None:
        """Write the configuration, and keys beside it."""
        self.config.parent.mkdir(parents=True, exist_ok=True)
        self.config.write_text(text, encoding="utf-8")
        (self.config.parent / "secrets.toml").write_text(KEYS, encoding="utf-8")

    def enrol(self, count: int) -> tuple[str, ...]:
        """Subscribe so many readers to everything; return their addresses."""
        addresses = tuple(f"reader{n:03d}@readers.example" for n in range(count))
        roster = self.folder / "roster.csv"
        roster.write_text("address\n" + "\n".join(addresses) + "\n", encoding="utf-8")
        assert self("readers", "import", roster, "--edition", "all").code == 0
        return addresses

    def letters(self) -> list[Path]:
        """Return what stands in the outbox."""
        return sorted(self.folder.glob("outbox/*/*.eml"))


Furnish = Callable[..., Newsroom]


@pytest.fixture(scope="session")
def fetched(web: Web, tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    """Give a newsroom that has just fetched one paper, to be copied."""
    room = Newsroom(folder=tmp_path_factory.mktemp("fetched"))
    room.configure(configuration([("Daily Tarrow", web.paper("tarrow"))]))
    done = room("fetch")
    assert (done.code, done.err) == (0, "")
    assert "1 of 1 sources fetched, 5 new entries, 5 articles." in done.out
    return room


@pytest.fixture
def furnish(fetched: Newsroom, web: Web, tmp_path: Path) -> Furnish:
    """Make newsrooms that have fetched already: ``furnish(transport=..., more=...)``."""

    def made(transport: str = "file:outbox/", more: str = "") -> Newsroom:
        room = Newsroom(folder=tmp_path / "newsroom")
        shutil.copytree(fetched.folder, room.folder)
        room.configure(configuration([("Daily Tarrow", web.url("/tarrow/feed.xml"))], transport, more))
        return room

    return made


@pytest.fixture
def newsroom(furnish: Furnish) -> Newsroom:
    """Give a newsroom that has fetched already, whose letters become files."""
    return furnish()


@pytest.fixture
def empty_room(tmp_path: Path) -> Newsroom:
    """Give a newsroom that has nothing yet, not even a configuration."""
    return Newsroom(folder=tmp_path / "empty")
