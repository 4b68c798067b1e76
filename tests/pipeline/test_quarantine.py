"""One poisoned item costs itself: all others are worked on, it is named, and the next run leaves it alone."""

from __future__ import annotations

import errno
import math
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from msgspec import structs
from sqlalchemy import update
from tests.pipeline.conftest import DUE, STORIES, Newsroom
from tests.pipeline.front import Front, text_of

from digest.errors import DatabaseFull, FetchError, HttpStatus, ItemSetAside, Mishandled, TooSlow, Unreadable
from digest.extract.article import extract
from digest.extract.workers import Job, Workers
from digest.fetch.client import HttpAnswer
from digest.fetch.fetcher import Fetcher
from digest.model.article import Article, Image
from digest.model.quarantine import ItemKind
from digest.pipeline.editions.composing import compose_edition, occasion
from digest.pipeline.gathering.gather import gather
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.gathering.robots_cache import StoredRobots
from digest.pipeline.gathering.run import Tools
from digest.pipeline.gathering.source_list import follow
from digest.pipeline.progress import unseen
from digest.pipeline.quarantine import ENDED, MOST_INPUTS, Jobs, watching
from digest.pipeline.readers.bounce_handling import BounceEffect, BounceHandler
from digest.pipeline.readers.enrol import Subscription, enrol, subscribe
from digest.pipeline.readers.personal_mails import decide_requests
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.deliver_edition import post
from digest.pipeline.sending.letters import freeze
from digest.pipeline.stores import Stores
from digest.readers.bounces import Returned, read_bounce
from digest.readers.roster import SET_ASIDE
from digest.readers.roster_editions import EditionChoice
from digest.settings import (
    BrandSettings,
    EditionSettings,
    FetchSettings,
    KeySettings,
    Settings,
    SiteSettings,
    SourceSettings,
)
from digest.storage.articles import Articles
from digest.storage.attempts import FROZEN_SECONDS, AttemptLog
from digest.storage.engine import Database
from digest.storage.schema.mailing import outbox
from digest.storage.schema.people import readers

PAGES = range(6)
MORNING = EditionChoice(known=("morning",), default=("morning",))
TEXT = "The council of the harbour town decided on Monday that the old bridge will be closed until the spring. "


class PoisonError(Exception):
    """What nobody foresaw."""


class PoisonedBytes(bytes):
    """Bytes at which whoever reads them fails."""

    def decode(self, *_: object, **__: object) -> str:
        """Fail."""
        raise PoisonError("bytes")

    def __getitem__(self, _: object) -> Any:
        """Fail."""
        raise PoisonError("bytes")

    def startswith(self, *_: object) -> bool:
        """Fail."""
        raise PoisonError("bytes")


class PoisonedText(str):
    """Text at which whoever splits it fails."""

    __slots__ = ()

    def split(self, *_: object, **__: object) -> list[str]:
        """Fail."""
        raise PoisonError("text")

    def strip(self, *_: object) -> str:
        """Fail."""
        raise PoisonError("text")

    def __getitem__(self, _: object) -> str:
        """Fail."""
        raise PoisonError("text")

    def casefold(self) -> str:
        """Fail."""
        raise PoisonError("text")

    def replace(self, *_: object, **__: object) -> str:
        """Fail."""
        raise PoisonError("text")


def named(runtime: Runtime) -> dict[str, str]:
    """Return what is set aside: key -> the kind and the error's name."""
    return {item.key: f"{item.kind.value} {item.error.partition(':')[0]}" for item in runtime.stores.quarantine.all()}


# --- the watch over one item ------------------------------------------------------------------------------------------


def test_an_unforeseen_exception_is_set_aside_counted_and_not_met_again(newsroom: Newsroom) -> None:
    met: list[str] = []
    for _ in range(2):
        with watching(newsroom.runtime, "test") as watch:
            for key in ("one", "two", "three"):
                try:
                    with watch.item(ItemKind.PAGE, key, b"input"):
                        met.append(key)
                        if key == "two":
                            raise PoisonError
                except ItemSetAside:
                    continue
    assert met == ["one", "two", "three", "one", "three"]
    assert named(newsroom.runtime) == {"two": "page PoisonError"}
    (run,) = [run for run in newsroom.stores.runs.latest() if run.kind == "quarantine"]
    assert run.report["set_aside"] == 1


@pytest.mark.parametrize(
    "error",
    [
        KeyboardInterrupt(),
        SystemExit(1),
        DatabaseFull("no room"),
        OSError(errno.ENOSPC, "no room"),
        OSError(errno.EMFILE, "no descriptors"),
        FetchError("https://p.example/", "as it happens"),
    ],
)
def test_what_is_no_items_fault_passes_and_is_not_set_aside(newsroom: Newsroom, error: BaseException) -> None:
    with watching(newsroom.runtime, "test") as watch:
        with pytest.raises(type(error)), watch.item(ItemKind.PAGE, "one", b"input"):
            raise error
        assert watch.aside == []
    assert named(newsroom.runtime) == {}


def test_an_item_that_was_retried_is_met_again(newsroom: Newsroom) -> None:
    with (
        watching(newsroom.runtime, "test") as watch,
        pytest.raises(ItemSetAside),
        watch.item(ItemKind.PAGE, "one", b""),
    ):
        raise PoisonError
    newsroom.stores.quarantine.release(ItemKind.PAGE, "one")
    with watching(newsroom.runtime, "test") as watch, watch.item(ItemKind.PAGE, "one", b""):
        pass
    assert named(newsroom.runtime) == {}


def test_a_mistake_that_every_item_meets_does_not_fill_the_database(newsroom: Newsroom) -> None:
    with watching(newsroom.runtime, "test") as watch:
        for number in range(MOST_INPUTS + 20):
            with pytest.raises(ItemSetAside), watch.item(ItemKind.PAGE, str(number), b"x" * 70_000):
                raise PoisonError
    items = [newsroom.stores.quarantine.get(item.id) for item in newsroom.stores.quarantine.all()]
    assert sum(bool(item and item.data) for item in items) == MOST_INPUTS


def ended_at(folder: Path, key: str, *, killed: bool = True) -> None:
    """Let a process end while it is at work on an item."""
    end = "os.kill(os.getpid(), 9)" if killed else "log.end((ItemKind.STORY, sys.argv[2])); log.close()"
    code = (
        "import os, sys; from pathlib import Path; from digest.storage.attempts import AttemptLog; "
        "from digest.model.quarantine import ItemKind; log = AttemptLog(Path(sys.argv[1])); "
        f"log.begin((ItemKind.STORY, sys.argv[2])); {end}"
    )
    subprocess.run([sys.executable, "-c", code, folder, key], check=False)  # noqa: S603 - our own code


def starting(newsroom: Newsroom, folder: Path) -> Runtime:
    """Return the house of a process that starts now."""
    return replace(newsroom.runtime, attempts=AttemptLog(folder))


def test_what_took_its_process_down_twice_is_left_alone_by_the_third_start(newsroom: Newsroom, tmp_path: Path) -> None:
    met: list[int] = []
    for start in range(4):
        runtime = starting(newsroom, tmp_path / "notes")
        with (
            watching(runtime, "compose") as watch,
            suppress(ItemSetAside, KeyboardInterrupt),
            watch.item(ItemKind.STORY, "7f", b"a story"),
        ):
            met.append(start)
            raise KeyboardInterrupt  # stands in for the end of this process
        ended_at(tmp_path / "notes", "7f")
    assert met == [0, 1]
    assert named(newsroom.runtime) == {"7f": "story RuntimeError"}
    assert newsroom.stores.quarantine.all()[0].error.endswith(ENDED)


def test_of_items_within_one_another_the_innermost_is_the_suspect(newsroom: Newsroom, tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from digest.storage.attempts import AttemptLog; "
        "from digest.model.quarantine import ItemKind as K; log = AttemptLog(Path(sys.argv[1])); "
        "log.begin((K.SOURCE, 'index')); log.begin((K.SITEMAP, 'one')); log.end((K.SITEMAP, 'one')); "
        "log.begin((K.SITEMAP, 'two')); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, tmp_path / "notes"], check=False)  # noqa: S603 - our own code
    with watching(starting(newsroom, tmp_path / "notes"), "fetch"):
        assert newsroom.stores.quarantine.suspects() == {(ItemKind.SITEMAP, "two"): 1}


def test_what_outlived_its_process_in_the_end_is_no_suspect_any_more(newsroom: Newsroom, tmp_path: Path) -> None:
    ended_at(tmp_path / "notes", "7f")
    runtime = starting(newsroom, tmp_path / "notes")
    with watching(runtime, "compose") as watch, watch.item(ItemKind.STORY, "7f", b"a story"):
        assert runtime.stores.quarantine.suspects() == {(ItemKind.STORY, "7f"): 1}
    assert runtime.stores.quarantine.suspects() == {}


def test_a_process_that_ended_well_or_is_alive_suspects_nothing(newsroom: Newsroom, tmp_path: Path) -> None:
    ended_at(tmp_path / "notes", "7f", killed=False)
    alive = AttemptLog(tmp_path / "notes")
    alive.begin((ItemKind.STORY, "8a"))
    with watching(starting(newsroom, tmp_path / "notes"), "compose"):
        assert newsroom.stores.quarantine.suspects() == {}
    alive.end((ItemKind.STORY, "8a"))
    alive.close()
    assert list((tmp_path / "notes").iterdir()) == []


def test_what_froze_a_thread_of_a_process_that_was_asked_to_end_is_a_suspect(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    asked = AttemptLog(tmp_path / "notes")
    asked.begin((ItemKind.SOURCE, "9c"))
    asked.begin((ItemKind.PAGE, "done"))
    asked.end((ItemKind.PAGE, "done"))
    asked.close()
    with watching(starting(newsroom, tmp_path / "notes"), "fetch"):
        assert newsroom.stores.quarantine.suspects() == {(ItemKind.SOURCE, "9c"): 1}


def test_an_item_at_which_somebody_gave_up_waiting_is_a_suspect(newsroom: Newsroom, tmp_path: Path) -> None:
    met: list[int] = []
    for start in range(3):
        runtime = starting(newsroom, tmp_path / "notes")
        with (
            suppress(ItemSetAside, KeyboardInterrupt),
            watching(runtime, "fetch") as watch,
            watch.item(ItemKind.SOURCE, "9c", b"a feed"),
        ):
            met.append(start)
            raise KeyboardInterrupt
        assert runtime.attempts is not None
        runtime.attempts.close()
    assert met == [0, 1]
    assert set(named(newsroom.runtime).values()) == {"source RuntimeError"}


def test_what_froze_a_thread_of_this_process_is_not_met_by_another_thread(newsroom: Newsroom, tmp_path: Path) -> None:
    seconds = [0.0]
    runtime = replace(newsroom.runtime, attempts=AttemptLog(tmp_path / "notes", lambda: seconds[0]))
    assert runtime.attempts is not None
    runtime.attempts.begin((ItemKind.SOURCE, "9c"))
    for now, held in ((FROZEN_SECONDS - 1, False), (FROZEN_SECONDS + 1, True), (FROZEN_SECONDS + 2, True)):
        seconds[0] = now
        with watching(runtime, "fetch") as watch:
            assert watch.holds(ItemKind.SOURCE, "9c") is held
    assert len(newsroom.stores.runs.latest()) == 1
    runtime.attempts.end((ItemKind.SOURCE, "9c"))
    runtime.attempts.close()


def test_without_room_for_notes_the_work_goes_on(newsroom: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("a file where the folder should be")
    done = []
    runtime = starting(newsroom, tmp_path / "notes")
    with watching(runtime, "compose") as watch, watch.item(ItemKind.STORY, "7f", b"a story"):
        done.append(1)
    assert done == [1]


# --- fetching ---------------------------------------------------------------------------------------------------------


class Web:
    """The door to the web, with what stands behind it in a dictionary: URL -> an answer, or what goes wrong."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, HttpAnswer | Exception] = {}
        self.slow: set[str] = set()

    def put(self, url: str, body: bytes, content_type: str = "text/html") -> None:
        """Let something stand at a URL."""
        self.answers[url] = HttpAnswer(url=url, status=200, body=body, content_type=content_type)

    def get(self, url: str, *, until: float = math.inf, **_: object) -> HttpAnswer:
        """Return what stands there; a slow one is there when the time is up."""
        self.asked.append(url)
        if url in self.slow:
            time.sleep(min(30.0, max(0.0, until - time.monotonic())))
            raise TooSlow(url, "the total deadline passed")
        answer = self.answers.get(url, HttpStatus(url, 404))
        if url.endswith("/robots.txt") and isinstance(answer, HttpStatus):
            return HttpAnswer(url=url, status=404, body=b"", content_type="")
        if isinstance(answer, Exception):
            raise answer
        return answer


class Here(Workers):
    """Reads pages in this process, and fails at those that it is told."""

    def __init__(self, poison: str) -> None:
        """Start nothing; fail at the page with ``poison`` in its address."""
        self._poison = poison

    def extract_all(self, jobs: Iterable[Job]) -> Iterator[Article | Unreadable | Mishandled]:
        """Yield each page's article, or what went wrong."""
        for job in jobs:
            if self._poison in job.page.url:
                failure = Mishandled("reading failed")
                failure.__cause__ = PoisonError()
                yield failure
                continue
            yield extract(job.page, job.entry, job.furniture, job.language_hint)


def feed(host: str, links: Iterable[str]) -> bytes:
    items = "".join(f"<item><title>Story {link}</title><link>http://{host}/{link}</link></item>" for link in links)
    return f"<rss version='2.0'><channel><title>Paper</title>{items}</channel></rss>".encode()


def page(title: str) -> bytes:
    body = "".join(f"<p>{TEXT}That was said about {title}, part {n}.</p>" for n in range(6))
    return f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></html>".encode()


class Town:
    """A newsroom that fetches from an invented web."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.web = Web()
        self.settings = Settings(folder=str(folder), fetch=FetchSettings(host_pause_seconds=0))
        self.stores = Stores(database)
        self.now = DUE

    @property
    def runtime(self) -> Runtime:
        """The house as it stands now."""
        return Runtime(settings=self.settings, stores=self.stores, clock=lambda: self.now)

    def follows(self, *urls: str) -> None:
        """Follow sources."""
        self.settings = replace_sources(self.settings, urls)
        follow(self.stores, self.settings)

    def fetch(self, poison: str = "no such page", budget: timedelta | None = None) -> GatherReport:
        """Fetch an hour later; the workers fail at a page with ``poison`` in its address."""
        self.now += timedelta(hours=1)
        self.web.asked.clear()
        with watching(self.runtime, "fetch") as watch:
            web: Any = self.web  # a client in all that a fetcher asks of one
            shelf = StoredRobots(self.stores.hosts)
            fetcher = Fetcher(web, self.settings.fetch, shelf, guard=watch.item, budget=budget)

            tools = Tools(fetcher=fetcher, workers=Here(poison), watch=watch)
            return gather(self.stores, tools, self.now, timedelta(hours=26), unseen)

    @property
    def read(self) -> list[str]:
        """The links of the stored articles."""
        stored = self.stores.articles.window(DUE - timedelta(days=1), self.now)
        return sorted(article.link for article in stored)


def replace_sources(settings: Settings, urls: Iterable[str]) -> Settings:
    listed = tuple(SourceSettings(url=url, name=url) for url in urls)
    return structs.replace(settings, sources=listed)


@pytest.fixture
def town(tmp_path: Path, ready_sqlite: Path) -> Iterator[Town]:
    shutil.copy(ready_sqlite, tmp_path / "digest.db")
    database = Database(f"sqlite:///{tmp_path / 'digest.db'}")
    made = Town(database, tmp_path)
    made.web.put("http://good.example/feed", feed("good.example", map(str, PAGES)))
    for number in PAGES:
        made.web.put(f"http://good.example/{number}", page(f"Story {number}"))
    yield made
    database.close()


GOOD = [f"http://good.example/{number}" for number in PAGES]


def as_feed_fails(web: Web) -> None:
    web.answers["http://bad.example/feed"] = PoisonError()


def as_feed_cannot_be_parsed(web: Web) -> None:
    web.put("http://bad.example/feed", PoisonedBytes(feed("bad.example", ["1"])))


def as_robots(web: Web) -> None:
    web.put("http://bad.example/feed", feed("bad.example", ["1"]))
    web.answers["http://bad.example/robots.txt"] = PoisonError()


@pytest.mark.parametrize(
    ("poison", "key", "kind"),
    [
        (as_feed_fails, "http://bad.example/feed", "source"),
        (as_feed_cannot_be_parsed, "http://bad.example/feed", "source"),
        (as_robots, "https://bad.example/1", "page"),
    ],
)
def test_a_poisoned_source_costs_itself(town: Town, poison: Callable[[Web], None], key: str, kind: str) -> None:
    poison(town.web)
    town.follows("http://good.example/feed", "http://bad.example/feed")
    report = town.fetch()
    assert town.read == GOOD
    assert named(town.runtime) == {key: f"{kind} PoisonError"}
    assert (report.left_out, report.set_aside) == (True, 1)
    stored = next(each for each in town.stores.sources.all() if "bad" in each.source.url)
    assert not stored.state.get("failures")
    again = town.fetch()
    assert key not in town.web.asked
    assert again.set_aside == 0


def test_a_poisoned_entry_costs_itself(town: Town) -> None:
    town.web.put("http://good.example/feed", feed("good.example", ["0", "2"]))
    town.follows("http://good.example/feed")
    entries = town.stores.entries
    see = entries.see

    def failing(found: Any) -> int:
        if any(entry.link.endswith("/2") for entry in found):
            raise PoisonError
        return see(found)

    entries.see = failing  # type: ignore[method-assign]
    assert town.fetch().set_aside == 1
    assert town.read == ["http://good.example/0"]
    assert named(town.runtime) == {"https://good.example/2": "entry PoisonError"}
    assert town.fetch().set_aside == 0


def test_a_poisoned_sitemap_of_an_index_costs_itself(town: Town) -> None:
    loc = "<sitemap><loc>http://map.example/{}</loc></sitemap>"
    index = f"<sitemapindex>{loc.format('news-a')}{loc.format('news-b')}</sitemapindex>"
    town.web.put("http://map.example/index", index.encode(), "text/xml")
    town.web.answers["http://map.example/news-a"] = PoisonError()
    town.web.put(
        "http://map.example/news-b", b"<urlset><url><loc>http://map.example/1</loc></url></urlset>", "text/xml"
    )
    town.web.put("http://map.example/1", page("Story from the map"))
    town.follows("http://map.example/index")
    assert town.fetch().set_aside == 1
    assert town.read == ["http://map.example/1"]
    assert named(town.runtime) == {"http://map.example/news-a": "sitemap PoisonError"}
    town.fetch()
    assert "http://map.example/news-a" not in town.web.asked


def as_page_fails(town: Town) -> None:
    town.web.answers["http://good.example/3"] = PoisonError()


def as_page_cannot_be_decoded(town: Town) -> None:
    town.web.put("http://good.example/3", PoisonedBytes(page("Story 3")))


def as_article_cannot_be_stored(town: Town) -> None:
    articles = town.stores.articles
    keep = articles.keep

    def failing(entry_id: int, article: Article, now: datetime, problem: str = "") -> bool:
        if article.link.endswith("/3"):
            raise PoisonError
        return keep(entry_id, article, now, problem)

    articles.keep = failing  # type: ignore[method-assign]


@pytest.mark.parametrize("poison", [as_page_fails, as_page_cannot_be_decoded, as_article_cannot_be_stored])
def test_a_poisoned_page_costs_itself(town: Town, poison: Callable[[Town], None]) -> None:
    poison(town)
    town.follows("http://good.example/feed")
    assert town.fetch().set_aside == 1
    assert town.read == [link for link in GOOD if link != "http://good.example/3"]
    assert named(town.runtime) == {"https://good.example/3": "page PoisonError"}
    town.fetch()
    assert "http://good.example/3" not in town.web.asked


def test_a_page_at_which_a_worker_fails_costs_itself_and_is_read_after_a_retry(town: Town) -> None:
    town.follows("http://good.example/feed")
    assert town.fetch(poison="/3").set_aside == 1
    assert len(town.read) == len(GOOD) - 1
    item = town.stores.quarantine.get(town.stores.quarantine.all()[0].id)
    assert item is not None
    assert (item.key, item.error) == ("https://good.example/3", "PoisonError")
    assert b"Story 3" in item.data
    town.stores.quarantine.release(item.kind, item.key)
    town.fetch()
    assert town.read == GOOD


def poisoned(article: Article, field: str) -> Article:
    """Return an article at which whoever reads a field of it fails."""
    changed: dict[str, Any] = {field: PoisonedText(getattr(article, field))}
    return replace(article, **changed)


# --- composing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["text", "title"])
def test_a_poisoned_story_costs_itself(newsroom: Newsroom, field: str) -> None:
    class Shelf(Articles):
        """Gives an article at which whoever reads it fails."""

        def window(self, *given: Any, **named: Any) -> tuple[Article, ...]:
            found = super().window(*given, **named)
            return tuple(poisoned(a, field) if a.title.startswith("Otters") else a for a in found)

    class Poisoned(Stores):
        articles = Shelf(newsroom.stores.database)

    newsroom.stores = Poisoned(newsroom.stores.database)
    composed = newsroom.compose()
    assert composed.set_aside == 1
    assert composed.edition is not None
    assert len(composed.edition.items) == 4
    assert not any("Otters" in item.headline for item in composed.edition.items)
    assert set(named(newsroom.runtime).values()) == {"story PoisonError"}
    assert newsroom.compose().set_aside == 0


def test_an_article_that_fails_beside_another_costs_itself(newsroom: Newsroom) -> None:
    class Unlike(str):
        """A title that cannot be set beside another of its kind."""

        __slots__ = ()
        met: ClassVar[set[int]] = set()

        def __hash__(self) -> int:
            return super().__hash__()

        def __eq__(self, other: object) -> bool:
            if isinstance(other, Unlike) and other is not self:
                raise PoisonError
            return super().__eq__(other)

    class Shelf(Articles):
        """Gives two articles that have one title, which nobody can compare."""

        def window(self, *given: Any, **named: Any) -> tuple[Article, ...]:
            found = super().window(*given, **named)
            return tuple(replace(a, title=Unlike("Otters")) if n in {1, 3} else a for n, a in enumerate(found))

    class Poisoned(Stores):
        articles = Shelf(newsroom.stores.database)

    newsroom.stores = Poisoned(newsroom.stores.database)
    composed = newsroom.compose()
    assert composed.set_aside == 1
    assert composed.edition is not None
    assert len(composed.edition.items) == 4
    assert set(named(newsroom.runtime).values()) == {"story PoisonError"}


def test_a_poisoned_picture_costs_itself(lite_database: Database, tmp_path: Path) -> None:
    asked: list[str] = []

    def picture(url: str) -> bytes:
        asked.append(url)
        raise PoisonError

    newsroom = Newsroom(lite_database, tmp_path, stories=())
    newsroom.settings = structs.replace(
        newsroom.settings,
        site=SiteSettings(url="https://letters.example"),
        brand=BrandSettings(images="hosted"),
    )
    newsroom.picture = picture
    for number, (title, text) in enumerate(STORIES):
        newsroom.print_(title, text, image=Image(url=f"https://paper1.example/{number}.jpg"))
    first, second = newsroom.compose(), newsroom.compose()
    assert first.edition is not None
    assert (first.set_aside, second.set_aside, len(asked)) == (1, 0, 1)


# --- readers ----------------------------------------------------------------------------------------------------------


def test_a_poisoned_mail_of_the_bounce_box_costs_itself(newsroom: Newsroom) -> None:
    def read(raw: bytes) -> Returned:
        if b"poison" in raw:
            raise PoisonError
        return read_bounce(raw)

    mails = [b"Subject: one\n\none", b"Subject: two\n\npoison", b"Subject: three\n\nthree"]
    with watching(newsroom.runtime, "bounces") as watch:
        care = BounceHandler(newsroom.runtime, watch.item, read)
        assert [care.take(raw).effect for raw in mails] == [
            BounceEffect.OTHER,
            BounceEffect.SET_ASIDE,
            BounceEffect.OTHER,
        ]
        assert len(watch.aside) == 1
    with watching(newsroom.runtime, "bounces") as watch:
        assert BounceHandler(newsroom.runtime, watch.item, read).take(mails[1]).effect is BounceEffect.SET_ASIDE
        assert watch.aside == []


def change(runtime: Runtime, address: str, **values: Any) -> None:
    with runtime.stores.database.write() as connection:
        connection.execute(update(outbox).where(outbox.c.address == address).values(**values))


def test_a_poisoned_request_costs_itself(front: Front) -> None:
    for name in ("ada", "bob", "cyd"):
        front.ask(f"{name}@example.org")
    change(front.runtime, "bob@example.org", request={"no": "editions"}, kind="no such kind")
    front.tick()
    assert {mail["To"].addresses[0].addr_spec for mail in front.mails()} == {"ada@example.org", "cyd@example.org"}
    assert set(named(front.runtime).values()) == {"request ValueError"}
    front.tick()
    assert len(front.stores.quarantine.all()) == 1


def test_a_poisoned_mail_to_one_person_costs_itself(front: Front) -> None:
    for name in ("ada", "bob", "cyd"):
        front.ask(f"{name}@example.org")
    decide_requests(front.runtime)
    change(front.runtime, "bob@example.org", request={})
    front.tick()
    assert {mail["To"].addresses[0].addr_spec for mail in front.mails()} == {"ada@example.org", "cyd@example.org"}
    assert all("confirm" in text_of(mail) for mail in front.mails())
    assert set(named(front.runtime).values()) == {"mail KeyError"}
    front.tick()
    assert len(front.mails()) == 2


# --- jobs -------------------------------------------------------------------------------------------------------------


def test_a_job_that_fails_is_told_once_and_tried_again(newsroom: Newsroom) -> None:
    jobs, tries = Jobs(newsroom.runtime), []

    def work() -> None:
        tries.append(1)
        if len(tries) < 4:
            raise PoisonError

    assert [jobs.run("fetch", work) for _ in range(4)] == [False, False, False, True]
    assert named(newsroom.runtime) == {"fetch": "job PoisonError"}
    assert len([run for run in newsroom.stores.runs.latest() if run.kind == "quarantine"]) == 1


# --- a whole day ------------------------------------------------------------------------------------------------------


def test_forty_poisoned_items_stop_neither_the_edition_nor_each_other(town: Town) -> None:
    town.settings = structs.replace(
        town.settings,
        keys=KeySettings(current="k", ring={"k": "5a" * 32}),
        editions={"morning": EditionSettings(title="Morning Update", floor=1)},
    )
    sources = ["http://good.example/feed", "http://map.example/index"]
    for number in range(8):
        town.web.answers[f"http://dead{number}.example/feed"] = PoisonError()
        sources.append(f"http://dead{number}.example/feed")
    children = "".join(f"<sitemap><loc>http://map.example/news-{n}</loc></sitemap>" for n in range(6))
    town.web.put("http://map.example/index", f"<sitemapindex>{children}</sitemapindex>".encode(), "text/xml")
    for number in range(5):
        town.web.answers[f"http://map.example/news-{number}"] = PoisonError()
    listed = b"<urlset><url><loc>http://map.example/story</loc></url></urlset>"
    town.web.put("http://map.example/news-5", listed, "text/xml")
    town.web.put("http://map.example/story", page("Lighthouse keeper retires after thirty years on the rock"))
    town.web.put("http://mixed.example/feed", feed("mixed.example", [*map(str, range(18)), "fine"]))
    for number in range(18):
        body = PoisonedBytes(page("x")) if number % 2 else page("x")
        town.web.put(f"http://mixed.example/{number}", body)
        if number % 2 == 0:
            town.web.answers[f"http://mixed.example/{number}"] = PoisonError()
    town.web.put("http://mixed.example/fine", page("Bakery wins a prize for its rye bread"))
    town.follows(*sources, "http://mixed.example/feed")
    subscribe(town.stores, town.now, Subscription(address="ada@p.example", editions=("morning",)))
    subscribe(town.stores, town.now, Subscription(address="bob@p.example", editions=("morning",)))
    with town.stores.database.write() as connection:
        connection.execute(
            update(readers).where(readers.c.address == "bob@p.example").values(address="bob\r\nBcc: all@p.example")
        )

    assert town.fetch().set_aside == 31
    assert len(town.read) == len(GOOD) + 2

    mails = [f"Subject: n{n}\n\n{'poison' if n < 9 else 'fine'}".encode() for n in range(11)]
    with watching(town.runtime, "bounces") as watch:
        care = BounceHandler(town.runtime, watch.item, fails_at_poison)
        assert Counter(care.take(raw).effect for raw in mails) == {BounceEffect.SET_ASIDE: 9, BounceEffect.OTHER: 2}

    due = occasion(town.settings, "morning", None, town.now)
    composed = compose_edition(town.runtime, due)
    assert composed.edition is not None
    assert freeze(town.runtime, composed.row) == 2
    row = town.stores.editions.get(due.key)
    assert row is not None
    posted = post(town.runtime, row, progress=unseen)
    assert {state.value: number for state, number in posted.counts.by_state} == {"accepted": 1, "rejected": 1}

    kinds = Counter(told.partition(" ")[0] for told in named(town.runtime).values())
    assert kinds == {"source": 8, "sitemap": 5, "page": 18, "bounce": 9}
    assert kinds.total() == 40
    again = town.fetch()
    assert again.set_aside == 0
    assert not any("dead" in url or "news-0" in url for url in town.web.asked)


def fails_at_poison(raw: bytes) -> Returned:
    if b"poison" in raw:
        raise PoisonError
    return read_bounce(raw)


# --- imports ----------------------------------------------------------------------------------------------------------


def refuse(runtime: Runtime, table: str, column: str) -> None:
    """Let the database refuse rows with the word poison in a column."""
    with runtime.stores.database.write() as connection:
        connection.exec_driver_sql(
            f"CREATE TRIGGER poison_{table} BEFORE INSERT ON {table} WHEN NEW.{column} LIKE '%poison%' "
            "BEGIN SELECT RAISE(ABORT, 'poison'); END"
        )


def test_a_poisoned_row_of_an_import_costs_itself(newsroom: Newsroom) -> None:
    refuse(newsroom.runtime, "readers", "address")
    lines = ["address\n", *(f"{name}@example.org\n" for name in ("ada", "poison", "cyd"))]
    for _ in range(2):
        report = enrol(newsroom.runtime, lines, MORNING, dry_run=False, progress=unseen)
        assert (report.left_out, report.problems) == (1, ((3, SET_ASIDE),))
    assert {stored.reader.address for stored in newsroom.stores.readers.walk()} == {
        "ada@example.org",
        "cyd@example.org",
    }
    assert set(named(newsroom.runtime).values()) == {"row RefusedValue"}
    assert len(newsroom.stores.quarantine.all()) == 1


# --- what is stored ---------------------------------------------------------------------------------------------------


def test_a_source_whose_stored_state_cannot_be_read_costs_itself(town: Town) -> None:
    town.web.put("http://bad.example/feed", feed("bad.example", ["1"]))
    town.follows("http://good.example/feed", "http://bad.example/feed")
    bad = next(each.source for each in town.stores.sources.all() if "bad" in each.source.url)
    town.stores.sources.remember(bad.id, {"failures": "many"})
    assert town.fetch().set_aside == 1
    assert town.read == GOOD
    assert named(town.runtime) == {bad.url: "source ValidationError"}


def spoil(runtime: Runtime, table: str, column: str) -> None:
    """Cut what stands in a column of the table's first row."""
    first = f"(SELECT min({column}) FROM {table})"  # noqa: S608 - our own tables
    with runtime.stores.database.write() as connection:
        connection.exec_driver_sql(f"UPDATE {table} SET {column} = '{{' WHERE {column} = {first}")  # noqa: S608 - the same


def test_an_article_whose_row_cannot_be_read_costs_itself(newsroom: Newsroom) -> None:
    spoil(newsroom.runtime, "articles", "article")
    composed = newsroom.compose()
    assert composed.set_aside == 1
    assert composed.edition is not None
    assert len(composed.edition.items) == 4
    assert set(named(newsroom.runtime).values()) == {"story DecodeError"}
    assert newsroom.compose().set_aside == 0


def test_a_story_told_before_whose_row_cannot_be_read_costs_itself(newsroom: Newsroom) -> None:
    newsroom.freeze()
    spoil(newsroom.runtime, "told", "told")
    newsroom.now += timedelta(days=1)
    assert newsroom.compose().set_aside == 1
    assert set(named(newsroom.runtime).values()) == {"story DecodeError"}
    assert newsroom.compose().set_aside == 0


def test_a_kept_robots_file_that_cannot_be_read_is_asked_for_again(town: Town) -> None:
    town.follows("http://good.example/feed")
    town.stores.hosts.learn("http://good.example", "robots", {"text": 1}, town.now)
    assert town.fetch().set_aside == 0
    assert "http://good.example/robots.txt" in town.web.asked
    assert town.read == GOOD
