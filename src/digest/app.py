"""The doors, hung: settings and clock in, an app out. The only place that asks what time it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from digest.errors import SettingsError
from digest.pipeline.house import Clock, House
from digest.pipeline.stores import Stores, open_stores
from digest.settings import Settings
from digest.storage.engine import Database

if TYPE_CHECKING:
    from digest.fetch.guard import Resolver
    from digest.pipeline.gather import GatherReport
    from digest.pipeline.progress import Progress
    from digest.pipeline.send import Request, SendReport


def system_clock() -> datetime:
    """Return the machine's time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What a command or a job works with; the heavy rooms are opened when a verb needs them."""

    house: House
    resolver: Resolver | None = None
    """Who turns names into addresses; the system when None."""

    @property
    def settings(self) -> Settings:
        """The settings that it was opened on."""
        return self.house.settings

    @property
    def stores(self) -> Stores:
        """The doors to what is stored."""
        return self.house.stores

    @property
    def clock(self) -> Clock:
        """What tells the time."""
        return self.house.clock

    def gather(self, progress: Progress) -> GatherReport:
        """Fetch what is due and read what is new; SettingsError when there is no source at all."""
        from digest.extract.workers import Workers  # noqa: PLC0415 - trafilatura, half a second
        from digest.fetch.client import Client  # noqa: PLC0415 - httpx
        from digest.fetch.fetcher import Fetcher  # noqa: PLC0415 - lxml
        from digest.pipeline.gather import gather  # noqa: PLC0415 - all of these
        from digest.pipeline.shelf import StoredShelf  # noqa: PLC0415 - protego
        from digest.pipeline.sources import follow  # noqa: PLC0415 - the list of public suffixes

        started, settings = self.clock(), self.settings
        follow(self.stores, settings)
        if not self.stores.sources.enabled():
            raise SettingsError((f"{settings.folder}: no sources yet: add [[sources]] to config/digest.toml",))
        window = timedelta(hours=max(edition.window_hours for edition in settings.editions.values()))
        with Workers(settings.extract) as workers, Client(settings.fetch, resolver=self.resolver) as client:
            fetcher = Fetcher(client, settings.fetch, StoredShelf(self.stores.hosts))
            report = gather(self.stores, fetcher, workers, started, window, progress)
        self.stores.runs.record("fetch", started, self.clock(), msgspec.to_builtins(report))
        return report

    def send(self, request: Request, progress: Progress) -> SendReport:
        """Do what is missing of an edition, from the fetch to the last letter."""
        from digest.pipeline.send import send_edition  # noqa: PLC0415 - numpy, jinja2, premailer: a second

        return send_edition(self.house, request, lambda: self.gather(progress), progress)


@contextmanager
def open_app(settings: Settings, *, clock: Clock = system_clock, resolver: Resolver | None = None) -> Iterator[App]:
    """Open the database (made when it is missing) and give the app.

    Raises:
        StorageError: the database cannot be opened, or has another schema.
    """
    database = Database(settings.database.url, Path(settings.folder))
    try:
        database.require_schema()
        house = House(settings=settings, stores=open_stores(database), clock=clock)
        yield App(house=house, resolver=resolver)
    finally:
        database.close()
