"""A mistake of ours in one item of each kind: the others are worked on, it is named, and met again after a retry alone.

The mistake comes from outside: an audit hook that raises at the item (PEP 578), or a row that was spoiled. Nothing of
the program is replaced. Kinds whose items are not stored (a figure, a rule, a step) are tried again each time, and are
set aside once.
"""

from __future__ import annotations

import shutil
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from PIL import Image as Drawing
from starlette.types import ASGIApp
from tests.letters.editions import samples
from tests.pipeline.conftest import DUE, STORIES, Newsroom
from tests.pipeline.front import Front
from tests.pipeline.test_quarantine import Town, feed, page
from tests.web.sites import Site, ask

from digest.demo.sink import Sink
from digest.fetch.opml import read_opml
from digest.model.article import Article, Image
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.pipeline.editions.fates import editions_of, readings
from digest.pipeline.editions.left_out import refused
from digest.pipeline.gathering.source_list import accounts, take_outlines
from digest.pipeline.keeping.prune import prune
from digest.pipeline.operations.alerting import Alerter
from digest.pipeline.operations.outlook import LetterCounts
from digest.pipeline.operations.readings import readings as figures
from digest.pipeline.operations.retry import retry
from digest.pipeline.progress import unseen
from digest.pipeline.proofs.explain import explain
from digest.pipeline.proofs.verify import verify_edition
from digest.pipeline.quarantine import ITEM_EVENT, watching
from digest.pipeline.readers.bounce_handling import BounceEffect, take_all
from digest.pipeline.readers.enrol import Subscription, enrol, subscribe
from digest.pipeline.readers.personal_mails import purge
from digest.pipeline.sending.deliver_edition import post
from digest.pipeline.sending.freezing import frozen
from digest.pipeline.sending.tick import Ticker
from digest.readers.roster_editions import EditionChoice
from digest.settings import AlertSettings, BrandSettings, MailSettings, SiteSettings
from digest.storage.engine import Database
from digest.web.listen import Listener
from digest.web.site import public_site


class PoisonError(Exception):
    """What nobody foresaw."""


class Poison:
    """What the hook fails at: items of a kind whose key ends so; it notes how often it was met, and what else was."""

    def __init__(self) -> None:
        self.others: Counter[str] = Counter()
        self.reset()

    def reset(self) -> None:
        self.kind, self.end, self.met = "", "", 0
        self.others.clear()

    def __call__(self, event: str, given: tuple[Any, ...]) -> None:
        if event != ITEM_EVENT or not self.kind:
            return
        if given[0] == self.kind and given[1].endswith(self.end):
            self.met += 1
            raise PoisonError
        self.others[given[0]] += 1


POISON = Poison()
sys.addaudithook(POISON)


@pytest.fixture(autouse=True)
def poison() -> Iterator[Poison]:
    """Give the poison, without effect until a kind is set."""
    POISON.reset()  # one hook serves the whole process, and cannot be taken back
    yield POISON
    POISON.kind = ""


@dataclass
class Rooms:
    """The places in which items are worked on, each made when it is asked for."""

    folder: Path
    empty: Path
    sink: Sink
    stack: ExitStack

    def serve(self, app: ASGIApp) -> str:
        return self.stack.enter_context(Listener(app, "127.0.0.1", 0).in_background()).url

    def database(self) -> Database:
        shutil.copy(self.empty, self.folder / "digest.db")
        made = Database(f"sqlite:///{self.folder / 'digest.db'}")
        self.stack.callback(made.close)
        return made


@pytest.fixture
def rooms(tmp_path: Path, ready_sqlite: Path, sink: Sink) -> Iterator[Rooms]:
    with ExitStack() as stack:
        yield Rooms(tmp_path, ready_sqlite, sink, stack)


@dataclass(kw_only=True)
class Place:
    """A place where items are taken one by one."""

    runtime: Callable[[], Any]
    run: Callable[[], bool]
    """Take all items once; tell whether something was left out (exit 3, or the like)."""
    done: Callable[[], object]
    """What came of the other items: the same with the poison as it has to be."""
    expected: object
    end: str = ""
    """The end of the poisoned item's key, where the table cannot know it."""


# --- places -----------------------------------------------------------------------------------------------------------


def fetch(rooms: Rooms) -> tuple[Town, Place]:
    """A town of two papers, a sitemap and another host; each fetch finds a page more in each."""
    town = Town(rooms.database(), rooms.folder)
    loc = "<sitemap><loc>http://map.example/{}</loc></sitemap>"
    index = f"<sitemapindex>{loc.format('bad')}{loc.format('fine')}</sitemapindex>"
    town.web.put("http://map.example/index", index.encode(), "text/xml")
    town.follows("http://good.example/feed", "http://bad.example/feed", "http://map.example/index")
    numbers: list[int] = []

    def run() -> bool:
        numbers.append(len(numbers))
        for host in ("good", "bad"):
            town.web.put(f"http://{host}.example/feed", feed(f"{host}.example", map(str, numbers)))
            town.web.put(f"http://{host}.example/{numbers[-1]}", page(f"Story {host} {numbers[-1]}"))
        for name in ("bad", "fine"):
            link = f"http://map.example/{name}-{numbers[-1]}"
            town.web.put(link, page(f"Story {name} {numbers[-1]}"))
            listed = f"<urlset><url><loc>{link}</loc></url></urlset>"
            town.web.put(f"http://map.example/{name}", listed.encode(), "text/xml")
        return town.fetch().left_out

    def done() -> object:
        stored = town.stores.articles.window(DUE - timedelta(days=1), town.now, unreadable=lambda *_: None)
        return sorted(article.link.removeprefix("http://") for article in stored if article.link.endswith("0"))

    return town, Place(runtime=lambda: town.runtime, run=run, done=done, expected=None)


ALL = ["bad.example/0", "good.example/0", "map.example/bad-0", "map.example/fine-0"]


def fetching(lost: str = "", spoil: str = "") -> Callable[[Rooms], Place]:
    """Fetch; ``lost`` begins the link that does not come, ``spoil`` is SQL that runs after a first fetch."""

    def made(rooms: Rooms) -> Place:
        town, place = fetch(rooms)
        if spoil:
            place.run()
            sql(town.runtime, spoil)
        place.expected = [link for link in ALL if not lost or not link.startswith(lost)]
        return place

    return made


def sql(runtime: Any, statement: str) -> None:
    with runtime.stores.database.write() as connection:
        connection.exec_driver_sql(statement)


def composing(spoil: str = "", *, lost: int = 1) -> Callable[[Rooms], Place]:
    """Compose the morning's edition of five stories."""

    def made(rooms: Rooms) -> Place:
        room = Newsroom(rooms.database(), rooms.folder)
        if spoil:
            sql(room.runtime, spoil)
        told: list[int] = []

        def run() -> bool:
            composed = room.compose()
            told[:] = [len(composed.edition.items) if composed.edition else 0]
            return composed.set_aside > 0

        otters = next(stored for stored in window(room) if "Otters" in stored.title) if not spoil else None
        return Place(
            runtime=lambda: room.runtime,
            run=run,
            done=lambda: told,
            expected=[len(STORIES) - lost],
            end=otters.id if otters else "",
        )

    return made


def window(room: Newsroom) -> tuple[Article, ...]:
    return room.stores.articles.window(room.now - timedelta(days=1), room.now)


def picturing(rooms: Rooms) -> Place:
    room = Newsroom(rooms.database(), rooms.folder, stories=())
    drawn = BytesIO()
    Drawing.effect_noise((1200, 800), 40).convert("RGB").save(drawn, "JPEG", exif=b"Exif\0\0poison")
    site, brand = SiteSettings(url="https://letters.example"), BrandSettings(images="hosted")
    room.settings = structs.replace(room.settings, site=site, brand=brand)
    room.picture = lambda _url: drawn.getvalue()
    for number, (title, text) in enumerate(STORIES):
        room.print_(title, text, image=Image(url=f"https://paper1.example/{number}/ferry.jpg"))
    made: list[bool] = []

    def run() -> bool:
        composed = room.compose()
        made[:] = [composed.edition is not None]
        return composed.set_aside > 0

    return Place(runtime=lambda: room.runtime, run=run, done=lambda: made, expected=[True])


def sending(rooms: Rooms) -> Place:
    """Freeze and send the morning's edition to three readers, again and again."""
    room = Newsroom(rooms.database(), rooms.folder)
    mail = MailSettings(transport="file:outbox", sender="news@paper.example")
    room.settings = structs.replace(room.settings, mail=mail)
    for name in ("ada", "ben", "cyd"):
        wish = Subscription(address=f"{name}@readers.example", editions=("morning",))
        subscribe(room.stores, room.now - timedelta(days=1), wish)
    row = frozen(room.runtime, room.due(), room.compose().row)
    letters: list[int] = []

    def run() -> bool:
        counts = post(room.runtime, row, progress=unseen).counts
        letters[:] = [counts.of(DeliveryState.ACCEPTED)]
        return counts.of(DeliveryState.REJECTED) > 0

    return Place(runtime=lambda: room.runtime, run=run, done=lambda: letters, expected=[2])


def ticking(rooms: Rooms) -> Place:
    """Skip what was missed: of two editions that nobody sent, and whose day is over."""
    room = Newsroom(rooms.database(), rooms.folder)
    for name in ("morning", "evening"):
        room.compose(name)
    sql(room.runtime, "UPDATE editions SET edition = '{' WHERE name = 'morning'")

    def run() -> bool:
        before = len(room.stores.quarantine.all())
        room.now += timedelta(days=1)
        Ticker(room.runtime, lambda: pytest.fail("nothing is fetched"), threading.Event()).close()
        return len(room.stores.quarantine.all()) > before

    def done() -> object:
        return [row.state for row in room.stores.editions.of_day("evening", room.due().key.date - timedelta(days=1))]

    return Place(runtime=lambda: room.runtime, run=run, done=lambda: done()[:1], expected=[EditionState.SKIPPED])  # type: ignore[index]


def closing(rooms: Rooms) -> Place:
    """Skip what was missed, name by name."""
    room = Newsroom(rooms.database(), rooms.folder)
    for name in ("morning", "evening"):
        room.compose(name)

    def run() -> bool:
        before = len(room.stores.quarantine.all())
        room.now += timedelta(days=3)
        Ticker(room.runtime, lambda: pytest.fail("nothing is fetched"), threading.Event()).close()
        return len(room.stores.quarantine.all()) > before

    def done() -> object:
        return {row.state for row in room.stores.editions.latest() if row.key.name == "evening"}

    return Place(runtime=lambda: room.runtime, run=run, done=done, expected={EditionState.SKIPPED})


def bouncing(rooms: Rooms) -> Place:
    room = Newsroom(rooms.database(), rooms.folder)
    mails = [f"Subject: n{n}\n\nWords {n}".encode() for n in range(3)]
    effects: list[Counter[BounceEffect]] = []

    def run() -> bool:
        effects.append(take_all(room.runtime, mails, unseen))
        return bool(effects[-1][BounceEffect.SET_ASIDE])

    return Place(
        runtime=lambda: room.runtime,
        run=run,
        done=lambda: effects[0][BounceEffect.OTHER],
        expected=len(mails) - 1,
        end=sha256(mails[1]).hexdigest(),
    )


def asking(spoil: str = "", asked: int = 3) -> Callable[[Rooms], Place]:
    """Decide on three requests, and send the mails."""

    def made(rooms: Rooms) -> Place:
        front = Front(rooms.database(), rooms.folder, rooms.sink)

        def run() -> bool:
            before = len(front.stores.quarantine.all())
            for name in ("ada", "bob", "cyd"):
                front.ask(f"{name}{before}@example.org")
            if spoil:
                sql(front.runtime, spoil)
            front.tick()
            return len(front.stores.quarantine.all()) > before

        return Place(
            runtime=lambda: front.runtime, run=run, done=lambda: len(front.mails()[: asked - 1]), expected=asked - 1
        )

    return made


def steps(work: Callable[[Newsroom], object], kind: str) -> Callable[[Rooms], Place]:
    """Work of several steps, which are counted by the hook."""

    def made(rooms: Rooms) -> Place:
        room = Newsroom(rooms.database(), rooms.folder)
        mail = MailSettings(transport=f"smtp://127.0.0.1:{rooms.sink.port}", sender="news@paper.example", connections=1)
        alerts = AlertSettings(mail=("op@paper.example",), webhook="https://hooks.example/x")
        room.settings = structs.replace(room.settings, alerts=alerts, mail=mail)
        for name in ("morning", "evening"):
            room.stores.editions.known_since(name, room.now - timedelta(days=2))

        def run() -> bool:
            before = len(room.stores.runs.latest())
            POISON.others.clear()
            work(room)
            return len(room.stores.runs.latest()) > before

        return Place(runtime=lambda: room.runtime, run=run, done=lambda: POISON.others[kind] >= 2, expected=True)

    return made


def alerting(room: Newsroom) -> None:
    Alerter(room.runtime, lambda _url, _body: 200).tick()


def telling(room: Newsroom) -> None:
    room.now += timedelta(hours=4)
    alerting(room)


def importing(rooms: Rooms) -> Place:
    room = Newsroom(rooms.database(), rooms.folder)
    sql(
        room.runtime,
        "CREATE TRIGGER poison BEFORE INSERT ON readers WHEN NEW.address LIKE '%poison%' "
        "BEGIN SELECT RAISE(ABORT, 'poison'); END",
    )
    lines = ["address\n", *(f"{name}@example.org\n" for name in ("ada", "poison", "cyd"))]

    def run() -> bool:
        choice = EditionChoice(known=("morning",), default=("morning",))
        return enrol(room.runtime, lines, choice, dry_run=False, progress=unseen).left_out > 0

    return Place(runtime=lambda: room.runtime, run=run, done=lambda: names(room), expected=["ada", "cyd"])


def names(room: Newsroom) -> list[str]:
    return [stored.reader.address.partition("@")[0] for stored in room.stores.readers.walk(left=True)]


def outlining(rooms: Rooms) -> Place:
    room = Newsroom(rooms.database(), rooms.folder)
    listed = "".join(f'<outline text="{n}" xmlUrl="https://{n}.example/feed"/>' for n in ("one", "poison", "two"))
    outlines = read_opml(f"<opml><body>{listed}</body></opml>".encode())

    def run() -> bool:
        with watching(room.runtime, "sources import") as watch:
            report = take_outlines(room.stores, outlines, guard=watch.item)
        return any(outcome.name == "SET_ASIDE" for _, outcome in report)

    def done() -> object:
        return sorted(a.stored.source.url for a in accounts(room.stores) if "paper" not in a.stored.source.url)

    expected = ["https://one.example/feed", "https://two.example/feed"]
    return Place(runtime=lambda: room.runtime, run=run, done=done, expected=expected)


def reading(spoil: str, read: Callable[[Newsroom], object], expected: object) -> Callable[[Rooms], Place]:
    """Read rows, of which one cannot be read any more."""

    def made(rooms: Rooms) -> Place:
        room = Newsroom(rooms.database(), rooms.folder)
        for name in ("ada", "ben", "cyd"):
            subscribe(room.stores, room.now, Subscription(address=f"{name}@readers.example", editions=("morning",)))
        room.freeze()
        sql(room.runtime, spoil)
        found: list[object] = []

        def run() -> bool:
            found[:] = [read(room)]
            with watching(room.runtime, "reading") as watch:
                watch.set_aside_records()
                return bool(watch.aside)

        return Place(runtime=lambda: room.runtime, run=run, done=lambda: found[0], expected=expected)

    return made


def reporting(report: Callable[[Newsroom], int], lost: int) -> Callable[[Rooms], Place]:
    """Report on the articles of an edition that was composed; ``lost`` articles are missing in it."""

    def made(rooms: Rooms) -> Place:
        room = Newsroom(rooms.database(), rooms.folder)
        room.compose()
        whole = report(room)
        shown: list[int] = []

        def run() -> bool:
            before = len(room.stores.quarantine.all())
            shown.append(report(room))
            return len(room.stores.quarantine.all()) > before

        bridge = next(stored for stored in window(room) if "bridge" in stored.title)
        end = bridge.url if report is listed else bridge.id
        return Place(runtime=lambda: room.runtime, run=run, done=lambda: whole - shown[0], expected=lost, end=end)

    return made


def explained(room: Newsroom) -> int:
    account = explain(room.runtime, "morning", "o")
    return sum(bool(story.sentences) for story in account.stories)


def verified(room: Newsroom) -> int:
    proof = verify_edition(room.runtime, "morning")
    return len({bullet.headline for bullet in proof.unproved}) * -1


def listed(room: Newsroom) -> int:
    return len(readings(room.runtime, editions_of(room.runtime, "morning"), room.now - timedelta(days=1)))


def kept_out(room: Newsroom) -> int:
    """Return how many articles were refused, of an edition that takes none."""
    row = room.stores.editions.get(room.due().key)
    assert row is not None
    no_basis = replace(row, seen={}, expires=room.now)
    room.change(language="de")
    return len(refused(room.runtime, no_basis))


def archive(rooms: Rooms) -> Place:
    """The feed of two editions that went out."""
    shutil.copy(rooms.empty, rooms.folder / "digest.db")
    site = Site(rooms.folder)
    rooms.stack.callback(site.database.close)
    edition = samples()[0].edition
    for day in (22, 23):
        site.send(replace(edition, key=replace(edition.key, date=edition.key.date.replace(day=day))))
    url = rooms.serve(public_site(site.runtime))
    entries: list[int] = []

    def run() -> bool:
        before = len(site.runtime.stores.quarantine.all())
        entries.append(ask(url, f"/feeds/{edition.key.name}.atom").text.count("<entry>"))
        return len(site.runtime.stores.quarantine.all()) > before

    return Place(runtime=lambda: site.runtime, run=run, done=lambda: entries[0], expected=1)


# --- the table --------------------------------------------------------------------------------------------------------

SPOILT = ""
"""The item was spoiled where it is stored: the hook has nothing to do."""

KINDS: dict[str, tuple[str, str, Callable[[Rooms], Place]]] = {
    "a source": ("source", "bad.example/feed", fetching(lost="bad.example")),
    "a robots file": ("robots", "//bad.example", fetching(lost="bad.example")),
    "a sitemap of an index": ("sitemap", "map.example/bad", fetching(lost="map.example/bad")),
    "an entry of a feed": ("entry", "bad.example/0", fetching(lost="bad.example/0")),
    "a page": ("page", "good.example/0", fetching(lost="good.example/0")),
    "a front page": ("front-page", "http://good.example/", fetching()),
    "the furniture of a source": ("furniture", "good.example/feed", fetching()),
    "a source's row": ("record", "sources/2", fetching(spoil="UPDATE sources SET kind = 'x' WHERE id = 2")),
    "an entry's row": (
        "record",
        "entries/1",
        fetching(spoil="UPDATE entries SET entry = '{', state = 'pending' WHERE id = 1"),
    ),
    "an article's row among those of its source": (
        "record",
        "",
        fetching(lost="good.example", spoil="UPDATE articles SET article = '{' WHERE article LIKE '%good.example/0%'"),
    ),
    "a story": ("story", "", composing()),
    "an article's row": (
        "story",
        SPOILT,
        composing("UPDATE articles SET article = '{' WHERE article LIKE '%Otters%' AND 1 = 1"),
    ),
    "a source's row, composing": (
        "record",
        "sources/2",
        composing("UPDATE sources SET kind = 'x' WHERE id = 2", lost=0),
    ),
    "a picture": ("picture", "ferry.jpg", picturing),
    "a letter of one reader": ("letter", "/2", sending),
    "an edition's row": ("record", "", ticking),
    "the editions of a name": ("job", "skip what was missed of morning", closing),
    "a mail of the bounce box": ("bounce", "", bouncing),
    "a request's row": (
        "record",
        "",
        asking("UPDATE outbox SET request = '{' WHERE address LIKE 'bob%' AND state = 'asked'"),
    ),
    "a mail to one person": ("mail", "/2", asking()),
    "a step of pruning": ("job", "prune articles", steps(lambda room: prune(room.runtime), "job")),
    "a step of purging": ("job", "purge tokens", steps(lambda room: purge(room.runtime), "job")),
    "a rule of the alerts": ("job", "alert rule: source Paper 1", steps(alerting, "job")),
    "a fact of the alerts": ("job", "facts: disks", steps(alerting, "job")),
    "a way to tell an alert": ("job", "alert by webhook", steps(telling, "job")),
    "a figure": ("job", "figure: disks", steps(lambda r: figures(r.runtime, LetterCounts(r.stores.figures)), "job")),
    "a line of a roster": ("row", SPOILT, importing),
    "a feed of an OPML file": ("row", "poison.example/feed", outlining),
    "a reader's row": (
        "record",
        "readers/2",
        reading("UPDATE readers SET consent = '{' WHERE id = 2", names, ["ada", "cyd"]),
    ),
    "a published edition's row": (
        "record",
        "editions/1",
        reading("UPDATE editions SET edition = '{'", lambda room: len(room.stores.archive.latest(9)), 0),
    ),
    "a sign of life's row": (
        "record",
        "heartbeats/b",
        reading(
            "INSERT INTO heartbeats (process, host, version, started_at, beat_at, relays) VALUES "
            "('a', 'h', '1', '2026-11-23 00:00:00', '2026-11-23 00:00:00', '{}'), "
            "('b', 'h', '1', '2026-11-23 00:00:00', '2026-11-23 00:00:00', '7')",
            lambda room: [sign.process for sign in room.stores.heartbeats.all()],
            ["a"],
        ),
    ),
    "an alert's row": (
        "record",
        "alerts/2",
        reading(
            "INSERT INTO alerts (id, key, kind, words, over, raised_at, told) VALUES "
            "(1, 'disk', 'disk', 'x', '', '2026-11-23 00:00:00', '{}'), "
            "(2, 'x', 'no such kind', 'x', '', '2026-11-23 00:00:00', '{}')",
            lambda room: [alert.id for alert in room.stores.alerts.known(room.now)],
            [1],
        ),
    ),
    "a row of the quarantine": (
        "record",
        "",
        reading(
            "INSERT INTO quarantine (kind, key, error, trace, data, starts, at) "
            "VALUES ('no such kind', 'x', 'x', '', '', 0, '2026-11-23 00:00:00')",
            lambda room: len(room.stores.quarantine.held()),
            0,
        ),
    ),
    "an article that is explained": ("account", "", reporting(explained, 1)),
    "an article that is refused": ("account", "", reporting(kept_out, 1)),
    "a bullet that is verified": ("account", "", reporting(verified, 1)),
    "an article that is listed": ("account", "", reporting(listed, 1)),
    "an edition in a feed of the archive": ("issue", "/2026-11-22", archive),
}
TRIED_AGAIN = {"job"}
"""Kinds that are not left alone: the work has to be done at its next time."""


@pytest.mark.parametrize("name", KINDS)
def test_one_item_of_a_kind_costs_itself(name: str, rooms: Rooms, poison: Poison) -> None:
    kind, end, made = KINDS[name]
    place = made(rooms)
    end = place.end or end
    poison.kind, poison.end = kind if end and kind != "record" else "nothing", end
    store = place.runtime().stores.quarantine

    assert place.run(), "something was left out"
    assert place.done() == place.expected
    assert {item.kind.value for item in store.all()} == {kind}
    assert all(item.key.endswith(end) for item in store.all())
    put, met = len(store.all()), poison.met

    place.run()
    assert len(store.all()) == put, "a second start sets nothing aside"
    if kind not in TRIED_AGAIN:
        assert poison.met == met, "a second start does not meet it"

    for item in store.all():
        retry(place.runtime(), item)
    place.run()
    assert {item.kind.value for item in store.all()} == {kind}, "a retry meets it"
