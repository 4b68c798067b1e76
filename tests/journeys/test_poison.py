"""One poisoned item of each kind, met by the command in processes of its own: all else goes on, and it is named.

The poison comes from outside: a trigger of the database that refuses a row, a template that a value breaks, or a hook
of the audit event that is raised before each item (PEP 578). Nothing of the program is replaced.
"""

from __future__ import annotations

import json
import shutil
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from tests.journeys.conftest import STORIES, Newsroom, article_page, configuration

from digest.app import App, open_app
from digest.configuration import load
from digest.data import data_folder
from digest.model.edition import EditionState
from digest.pipeline.readers.registration import SignupRequest, Visitor, ask, form_stamp
from digest.readers.forms import Form

if TYPE_CHECKING:
    from tests.journeys.conftest import Web
    from tests.warm import Stable

pytestmark = pytest.mark.slow

SPOILED = """
import json, os, re, signal, sys

spoiled, deadly, met = json.loads(sys.argv.pop(1)), json.loads(sys.argv.pop(1)), sys.argv.pop(1)


def fail_at_what_is_spoiled(event, given):
    if event != "digest.item":
        return
    with open(met, "a") as notes:
        notes.write(json.dumps(given) + "\\n")
    for one in deadly:
        if given[0] == one[0] and given[1].endswith(one[1]):
            one[2] -= 1
            if one[2] == 0 and one[3] == "dies":
                os.kill(os.getpid(), 9)
            while one[2] == 0 and one[3] == "loops":
                pass
            if one[2] == 0 and one[3] == "hangs in C":
                re.match("(a|aa)+$", "a" * 200 + "b")  # no other thread runs meanwhile
    if any(given[0] == kind and given[1].endswith(end) for kind, end in spoiled):
        raise RuntimeError("poison")


sys.addaudithook(fail_at_what_is_spoiled)
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background ignores it
from digest.cli.main import run

run()
"""
"""The command, which fails at the items named by kind and end of key; what it met is noted in a file."""
SITE = 'images = "hosted"\n[site]\nurl = "http://127.0.0.1:{port}"\n[web]\nport = {port}\n'
EVENT = {
    "notificationType": "Bounce",
    "bounce": {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": "ada@reader.example"}]},
    "mail": {"source": "news@paper.example"},
}
MAIL = b"From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail Returned to Sender\n\n<a@b.example>: 550 5.1.1 no\n"


@dataclass(slots=True)
class Spoiled:
    """A newsroom, and the command that fails at some of its items."""

    room: Newsroom
    programs: Stable
    items: list[tuple[str, str]] = field(default_factory=list)
    """Kind and end of the key of those at which it fails."""
    deadly: list[tuple[str, str, int, str]] = field(default_factory=list)
    """Those that end or freeze the process, when it meets them so many times, and how: dies, loops, hangs in C."""

    @property
    def _met(self) -> Path:
        return self.room.folder / "met"

    def start(self, *words: str | Path) -> Any:
        """Start the command in a process of its own."""
        self._met.unlink(missing_ok=True)
        log = self.room.folder / "log"
        given = (json.dumps(self.items), json.dumps(self.deadly), self._met, "-c", self.room.config, *words)
        return self.programs.start(SPOILED, *given, out=log, errors=log)

    def __call__(self, *words: str | Path) -> int:
        """Run the command to its end; return its exit code."""
        return int(self.start(*words).wait(120))

    def met(self, kind: str) -> list[str]:
        """The keys of the items of a kind that the last process worked on."""
        lines = map(json.loads, self._met.read_text().splitlines()) if self._met.exists() else ()
        return [key for met, key in lines if met == kind]

    def named(self) -> list[str]:
        """The kinds of what `digest quarantine list` names."""
        return sorted(item["kind"] for item in self.room("quarantine", "list", "--json").json)

    def log(self) -> str:
        """What the processes said."""
        return (self.room.folder / "log").read_text()

    @contextmanager
    def app(self) -> Iterator[App]:
        """Look into the installation."""
        with open_app(load(self.room.config, {})) as app:
            yield app

    def refuse(self, table: str, column: str, words: str) -> None:
        """Let the database refuse rows of a table with these words in a column."""
        with closing(sqlite3.connect(next(self.room.folder.rglob("digest.db")))) as database:
            database.execute(
                f"CREATE TRIGGER poison_{table} BEFORE INSERT ON {table} WHEN NEW.{column} LIKE '%{words}%' "
                "BEGIN SELECT RAISE(ABORT, 'poison'); END"
            )


@pytest.fixture
def spoiled(empty_room: Newsroom, programs: Stable) -> Spoiled:
    return Spoiled(room=empty_room, programs=programs)


def test_a_fetch_with_a_poisoned_source_robots_sitemap_entry_and_page(spoiled: Spoiled, web: Web) -> None:
    other = f"http://localhost:{web.port}"
    web.put("/robots.txt", "User-agent: *\nAllow: /\n", "text/plain")
    web.put("/poison/elsewhere", article_page("A page of the other site", list(STORIES[0][1:])))
    maps = "".join(f"<sitemap><loc>{web.url(f'/poison/news-{n}.xml')}</loc></sitemap>" for n in (1, 2))
    web.put("/poison/index.xml", f"<sitemapindex>{maps}</sitemapindex>", "text/xml")
    for number in (1, 2):
        page = web.put(f"/poison/mapped-{number}", article_page(f"Mapped {number}", list(STORIES[number][1:])))
        web.put(f"/poison/news-{number}.xml", f"<urlset><url><loc>{page}</loc></url></urlset>", "text/xml")
    spoiled.room.configure(
        configuration(
            [
                ("Good", web.paper("poison-good")),
                ("Bad", web.paper("poison-bad")),
                ("Maps", web.url("/poison/index.xml")),
                ("Other", web.feed("/poison/other.xml", [("Elsewhere", f"{other}/poison/elsewhere", "A summary.")])),
                ("Unstorable", web.feed("/poison/entries.xml", [("x", web.url("/poison/unstorable"), "A summary.")])),
            ]
        )
    )
    assert spoiled.room("sources", "list").code == 0
    spoiled.refuse("entries", "url", "unstorable")
    spoiled.items = [
        ("source", "/poison-bad/feed.xml"),
        ("robots", other),
        ("sitemap", "/poison/news-1.xml"),
        ("page", "/poison-good/2"),
    ]
    assert spoiled("fetch") == 3
    assert spoiled.named() == ["entry", "page", "robots", "sitemap", "source"]
    with spoiled.app() as app:
        now = datetime.now(UTC)
        read = {article.link for article in app.stores.articles.window(now - timedelta(days=2), now)}
    good = {web.url(f"/poison-good/{number}") for number in (0, 1, 3, 4)}
    assert read == good | {web.url("/poison/mapped-2")}

    met = {kind: spoiled.met(kind) for kind in ("source", "robots", "sitemap", "page")}
    assert all(any(key.endswith(end) for key in met[kind]) for kind, end in spoiled.items)
    with spoiled.app() as app, app.stores.database.write() as connection:
        connection.exec_driver_sql("UPDATE sources SET state = '{}'")  # all are due again
    spoiled("fetch")
    assert spoiled.met("source")
    assert not any(key.endswith(end) for kind, end in spoiled.items for key in spoiled.met(kind))
    assert spoiled.named() == ["entry", "page", "robots", "sitemap", "source"]


@pytest.fixture
def printing(spoiled: Spoiled, web: Web) -> Spoiled:
    """Give a newsroom that has fetched a paper with pictures, whose template fails at one of its stories."""
    drawn = BytesIO()
    Image.effect_noise((1200, 800), 40).convert("RGB").save(drawn, "JPEG")
    items = []
    for number, (title, *sentences) in enumerate(STORIES):
        picture = web.put(f"/printed/{number}.jpg", drawn.getvalue(), "image/jpeg")
        head = f'<head><meta property="og:image" content="{picture}">'
        page = article_page(title, sentences).replace("<head>", head)
        items.append((title, web.put(f"/printed/{number}", page), sentences[0]))
    templates = spoiled.room.folder / "templates"
    shutil.copytree(data_folder() / "templates" / "email", templates / "email")
    letter = templates / "email" / "letter.txt"
    # what an operator might write, and not try with every story
    letter.write_text(
        "{% macro cut(words) %}{{ 1 // (0 if 'lost map' in words else 1) }}{% endmacro %}" + letter.read_text()
    )
    body = letter.read_text().replace("told.headline", "told.headline ~ cut(told.headline)[:0]")
    letter.write_text(body)
    port = web.port
    more = f'[brand]\ntemplates = "{templates}"\n' + SITE.format(port=port)
    spoiled.room.configure(configuration([("Printed", web.feed("/printed/feed.xml", items))], more=more))
    spoiled.room.enrol(3)
    assert spoiled.room("fetch").code == 0, spoiled.log()
    return spoiled


def test_an_edition_with_a_poisoned_story_picture_and_letter_leaves(printing: Spoiled) -> None:
    with printing.app() as app:
        now = datetime.now(UTC)
        articles = app.stores.articles.window(now - timedelta(days=2), now)
    first = next(article.id for article in articles if "Nurses" in article.title)
    printing.items = [("story", first), ("picture", ".jpg"), ("letter", "/2")]
    assert printing("send", "--edition", "morning", "--now") == 3
    assert printing.named() == ["letter", "picture", "story", "story"]
    letters = printing.room.letters()
    assert len(letters) == 2
    text = letters[0].read_text()
    assert "lost map" not in text
    assert "Nurses" not in text
    assert "ferry" in text
    printing("send", "--edition", "morning", "--now")
    assert not printing.met("story")
    assert not printing.met("letter")
    assert printing.room.letters() == letters


def test_serve_with_a_poisoned_request_mail_and_job_sends_the_edition_and_the_other_mails(
    printing: Spoiled, web: Web
) -> None:
    free = closed_port()
    printing.room.config.write_text(
        printing.room.config.read_text().replace(
            f'{web.port}"\n[web]\nport = {web.port}', f'{free}"\n[web]\nport = {free}'
        )
    )
    with printing.app() as app:
        early = form_stamp(app.runtime)
    settings = load(printing.room.config, {})
    with open_app(settings, clock=lambda: datetime.now(UTC) + timedelta(seconds=9)) as app:
        for name in ("ada", "ben", "cyd"):
            wish = SignupRequest(address=f"{name}@reader.example", editions=("morning",), language="en")
            ask(app.runtime, wish, Form(stamp=early), Visitor(address="192.0.2.7"))
        with app.stores.database.write() as connection:
            connection.exec_driver_sql("UPDATE outbox SET kind = 'no such kind' WHERE address LIKE 'ada@%'")
            connection.exec_driver_sql("UPDATE subscriptions SET since = '2020-01-01 00:00:00.000000'")
            connection.exec_driver_sql("DELETE FROM edition_names")
    printing.items = [("mail", "/2"), ("job", "close")]
    process = printing.start("serve")
    ends = time.monotonic() + 90
    try:
        while time.monotonic() < ends and not (sent(printing) and mails(printing)):
            assert process.poll() is None, printing.log()
            time.sleep(0.2)
    finally:
        process.send_signal(15)
        process.wait(30)
    assert mails(printing) == ["cyd@reader.example"], printing.log()
    assert sent(printing), printing.log()
    assert printing.named() == ["job", "mail", "request", "story"]
    assert printing("mails", "send") == 0
    assert not printing.met("request")
    assert not any(key.endswith("/2") for key in printing.met("mail"))


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def sent(printing: Spoiled) -> bool:
    with printing.app() as app:
        return any(row.state is EditionState.SENT for row in app.stores.editions.latest())


def mails(printing: Spoiled) -> list[str]:
    """Return whom mails to one person were written to."""
    wrote = [file.read_text() for file in printing.room.folder.rglob("outbox/mails-*/*.eml")]
    return sorted(f"{name}@reader.example" for name in ("ada", "ben", "cyd") for text in wrote if f"{name}@" in text)


def test_imports_with_poisoned_rows_take_the_others(spoiled: Spoiled) -> None:
    spoiled.room.configure(configuration([]))
    assert spoiled.room("sources", "list").code == 0
    spoiled.refuse("readers", "address", "poison")
    spoiled.refuse("sources", "url", "poison")
    roster = spoiled.room.folder / "roster.csv"
    roster.write_text("address\nada@reader.example\npoison@reader.example\nben@reader.example\n")
    feeds = spoiled.room.folder / "feeds.opml"
    outlines = "".join(f'<outline text="{n}" xmlUrl="https://{n}.example/feed"/>' for n in ("one", "poison", "two"))
    feeds.write_text(f"<opml><body>{outlines}</body></opml>")
    assert spoiled("readers", "import", roster, "--edition", "all") == 3
    assert spoiled("sources", "import", feeds) == 3
    assert spoiled.named() == ["row", "row"]
    known = [reader["address"] for reader in spoiled.room("readers", "list", "--json").json]
    assert known == ["ada@reader.example", "ben@reader.example"]
    assert spoiled("sources", "import", feeds) == 3
    assert not any("poison" in key for key in spoiled.met("row"))
    assert "line" not in spoiled.log() or "roster.csv:3: set aside" in spoiled.log()


def test_returned_mails_of_which_two_are_poisoned_are_read(spoiled: Spoiled) -> None:
    spoiled.room.configure(configuration([]))
    event = json.dumps(EVENT).encode()
    files = []
    for number, raw in enumerate((MAIL, MAIL + b"two", event, event + b" ")):
        files.append(spoiled.room.folder / f"{number}.eml")
        files[-1].write_bytes(raw)
    spoiled.items = [("bounce", sha256(raw).hexdigest()) for raw in (MAIL, event)]
    assert spoiled("bounces", "read", *files) == 3
    assert spoiled.named() == ["bounce", "bounce"]
    assert "2  not ours" in spoiled.log()
    assert spoiled("bounces", "read", *files) == 3
    assert spoiled.met("bounce") == [sha256(raw).hexdigest() for raw in (MAIL + b"two", event + b" ")]


def dies(spoiled: Spoiled, *words: str | Path) -> list[int]:
    """Run a command three times; return how it ended each time.

    Between two starts passes as much time as what the dead one had in hand is kept for it: half a minute.
    """
    ends = []
    for _ in range(3):
        ends.append(spoiled(*words))
        lapse(spoiled)
    return ends


def lapse(spoiled: Spoiled) -> None:
    with spoiled.app() as app, app.stores.database.write() as connection:
        connection.exec_driver_sql("UPDATE leases SET until = '2020-01-01 00:00:00.000000'")


@pytest.mark.parametrize(
    ("kind", "end", "nth"),
    [("source", "/deadly-bad/feed.xml", 3), ("robots", "", 1), ("sitemap", "/map-1.xml", 2), ("page", "-good/2", 2)],
)
def test_what_takes_the_fetch_down_twice_is_left_alone_by_the_third_start(
    spoiled: Spoiled, web: Web, kind: str, end: str, nth: int
) -> None:
    web.put("/robots.txt", "User-agent: *\nAllow: /\n", "text/plain")
    for number in (1, 2):
        page = web.put(f"/deadly/{number}", article_page(f"Mapped {number}", list(STORIES[number][1:])))
        web.put(f"/deadly/map-{number}.xml", f"<urlset><url><loc>{page}</loc></url></urlset>", "text/xml")
    maps = "".join(f"<sitemap><loc>{web.url(f'/deadly/map-{n}.xml')}</loc></sitemap>" for n in (1, 2))
    spoiled.room.configure(
        configuration(
            [
                ("Good", web.paper("deadly-good")),
                ("Bad", web.paper("deadly-bad")),
                ("Map", web.put("/deadly/index.xml", f"<sitemapindex>{maps}</sitemapindex>", "text/xml")),
                ("Other", web.feed("/deadly/o.xml", [("x", f"http://localhost:{web.port}/deadly/1", "A summary.")])),
            ]
        )
    )
    spoiled.deadly = [(kind, end or f"localhost:{web.port}", nth, "dies")]
    assert dies(spoiled, "fetch") == [-9, -9, 3], spoiled.log()
    assert spoiled.named() == [kind]
    spoiled("fetch")
    assert spoiled.named() == [kind]


@pytest.mark.parametrize(("kind", "end"), [("story", ""), ("picture", ".jpg"), ("letter", "/2")])
def test_what_takes_an_edition_down_twice_is_left_alone_by_the_third_start(
    printing: Spoiled, kind: str, end: str
) -> None:
    with printing.app() as app:
        now = datetime.now(UTC)
        articles = app.stores.articles.window(now - timedelta(days=2), now)
    first = next(article.id for article in articles if "Nurses" in article.title)
    printing.deadly = [(kind, end or first, 2 if kind == "picture" else 1, "dies")]
    assert dies(printing, "send", "--edition", "morning", "--now") == [-9, -9, 3], printing.log()
    assert kind in printing.named()
    assert len(printing.room.letters()) == (2 if kind == "letter" else 3)


def test_a_mail_that_takes_its_reading_down_twice_is_left_alone_by_the_third_start(spoiled: Spoiled) -> None:
    spoiled.room.configure(configuration([]))
    file = spoiled.room.folder / "a.eml"
    file.write_bytes(MAIL)
    spoiled.deadly = [("bounce", sha256(MAIL).hexdigest(), 1, "dies")]
    assert dies(spoiled, "bounces", "read", file) == [-9, -9, 3], spoiled.log()
    assert spoiled.named() == ["bounce"]


@pytest.mark.parametrize(
    ("how", "given_up_with", "ends"),
    [("loops", signal.SIGINT, 130), ("loops", signal.SIGTERM, -signal.SIGTERM), ("hangs in C", signal.SIGABRT, -6)],
)
def test_what_freezes_the_fetch_twice_is_left_alone_by_the_third_start(
    spoiled: Spoiled, web: Web, how: str, given_up_with: signal.Signals, ends: int
) -> None:
    bad = ("Bad", web.paper("frozen-bad"))
    spoiled.room.configure(configuration([bad]))  # alone, so that nothing is being stored when it is given up
    spoiled.deadly = [("source", "/frozen-bad/feed.xml", 3, how)]
    for _ in range(2):
        process = spoiled.start("fetch")
        until = time.monotonic() + 60
        while len([key for key in spoiled.met("source") if "frozen-bad" in key]) < 3 and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(given_up_with)
        assert process.wait(60) == ends, spoiled.log()
        lapse(spoiled)
    spoiled.room.configure(configuration([("Good", web.paper("frozen-good")), bad]))
    assert spoiled("fetch") == 3
    assert spoiled.named() == ["source"]
    with spoiled.app() as app:
        read = app.stores.articles.window(datetime.now(UTC) - timedelta(days=2), datetime.now(UTC))
    assert len(read) == len(STORIES)
    assert all("frozen-good" in article.link for article in read)
