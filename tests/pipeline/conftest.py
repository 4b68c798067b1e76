"""A newsroom whose articles are already read: what the steps after the fetch work with."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from msgspec import structs
from tests.conftest import Filled
from tests.pipeline.front import Front

from digest.demo.sink import Sink
from digest.edition.calendar import Occurrence
from digest.extract.article import article_id
from digest.model.article import Article, Image, TextOrigin
from digest.model.ids import SourceId
from digest.model.source import FeedEntry
from digest.pipeline.editions.composing import Composed, compose_edition, occasion
from digest.pipeline.gathering.source_list import follow
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.letters import freeze
from digest.pipeline.stores import Stores
from digest.settings import EditionSettings, KeySettings, Settings, SourceSettings
from digest.storage.engine import Database
from digest.text.words import count_words

DUE = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
STORIES = (
    (
        "Harbour bridge at Lindau closes for repairs until spring",
        (
            "The harbour bridge at Lindau will close on Friday until the spring, the town council said on Monday. "
            "Engineers found cracks in 14 of its 60 bearings during a routine inspection in October. "
            "Lorries will be sent over the northern road, which adds 22 kilometres to the journey."
        ),
    ),
    (
        "Nurses at Wendle General accept a pay offer of 4.5 per cent",
        (
            "Nurses at Wendle General hospital have accepted a pay offer of 4.5 per cent after a vote in the union. "
            "Paul Onari, secretary of the union, said 1,900 members went on strike for two days in September. "
            "Managers said the cost of 3.1 million would be met from the reserve of the trust."
        ),
    ),
    (
        "Museum in Tarrow buys a map that was lost for a century",
        (
            "The county museum in Tarrow has bought a map of the coast by Edward Hale that was believed lost since "
            "1911, the council said on Sunday. "
            "A farmer found the sheet behind a cupboard and sold it at auction in Wendle for 19,000 pounds. "
            "Visitors will be able to see it in the hall from the first of December, director Ines Holm said."
        ),
    ),
    (
        "Storm cuts power to 900 homes in the northern valleys",
        (
            "A storm cut the power to 900 homes in the northern valleys during the night, the grid operator said. "
            "Engineers restored three of the four lines before dawn on Monday and expect to finish by noon. "
            "Gusts of 112 kilometres an hour were measured on the pass, the highest since 2019."
        ),
    ),
    (
        "Otters breed again on the Sallow after forty years",
        (
            "Otters are breeding on the river Sallow for the first time in forty years, biologists reported. "
            "Cameras filmed a female with two cubs near the weir at Marsh End on three nights in November. "
            "Anglers will leave 3 kilometres of the bank to the animals until June, their club said on Monday."
        ),
    ),
)


class Newsroom:
    """One installation with a clock to set and articles to put into its store."""

    def __init__(self, database: Database, folder: Path, stories: Sequence[tuple[str, str]] = STORIES) -> None:
        self.now = DUE - timedelta(hours=1)
        self.picture: Callable[[str], bytes] | None = None
        self.settings = Settings(
            folder=str(folder),
            keys=KeySettings(current="k", ring={"k": "5a" * 32}),
            editions={
                "morning": EditionSettings(title="Morning Update", at=time(6)),
                "evening": EditionSettings(title="Evening Update", greeting="evening", at=time(17), follows="morning"),
            },
            sources=tuple(SourceSettings(url=f"https://paper{n}.example/feed", name=f"Paper {n}") for n in (1, 2)),
        )
        self.stores = Stores(database)
        follow(self.stores, self.settings)
        for title, text in stories:
            self.print_(title, text)

    @property
    def runtime(self) -> Runtime:
        """The house as it stands now."""
        return Runtime(settings=self.settings, stores=self.stores, clock=lambda: self.now, picture=self.picture)

    def change(self, name: str = "morning", **changes: object) -> None:
        """Give an edition other settings."""
        edition = structs.replace(self.settings.editions[name], **changes)
        self.settings = structs.replace(self.settings, editions=self.settings.editions | {name: edition})

    def print_(self, title: str, text: str, source: int = 1, image: Image | None = None) -> Article:
        """Let a paper print an article, fetched and read now."""
        slug = "-".join(title.casefold().split())
        url = f"https://paper{source}.example/{slug}"
        entry = FeedEntry(
            source_id=SourceId(source), url=url, link=url, title=title, published=self.now, seen_at=self.now
        )
        article = Article(
            id=article_id(url, title, text),
            source_id=SourceId(source),
            url=url,
            link=url,
            title=title,
            text=text,
            language="en",
            origin=TextOrigin.PAGE,
            first_seen=self.now,
            published=self.now,
            word_count=count_words(text),
            image=image,
        )
        self.stores.entries.see([entry])
        waiting = next(one for one in self.stores.entries.pending(0) if one.entry.url == url)
        self.stores.articles.keep(waiting.id, article, self.now)
        return article

    def due(self, name: str = "morning") -> Occurrence:
        """Return today's edition of that name."""
        return occasion(self.settings, name, None, self.now)

    def compose(self, name: str = "morning") -> Composed:
        """Compose today's edition."""
        return compose_edition(self.runtime, self.due(name))

    def freeze(self, name: str = "morning") -> None:
        """Compose today's edition and freeze its letter."""
        assert freeze(self.runtime, self.compose(name).row) is not None


def printed(database: Database) -> None:
    """Fill a database with the stories of the night."""
    Newsroom(database, Path())


@pytest.fixture
def newsroom(tmp_path: Path, filled: Filled) -> Iterator[Newsroom]:
    """Give a newsroom at five in the morning, with five stories of the night."""
    database = Database(filled("sqlite", printed, tmp_path / "digest.db"))
    yield Newsroom(database, tmp_path, stories=())
    database.close()


@pytest.fixture(scope="session")
def sink() -> Iterator[Sink]:
    """Give a relay that takes everything."""
    with Sink() as server:
        yield server


@pytest.fixture
def front(tmp_path: Path, ready_sqlite: Path, sink: Sink) -> Iterator[Front]:
    """Give a front door on an empty database."""
    shutil.copy(ready_sqlite, tmp_path / "digest.db")
    database = Database(f"sqlite:///{tmp_path / 'digest.db'}")
    yield Front(database, tmp_path, sink)
    database.close()
