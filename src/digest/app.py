"""The doors, hung: settings and clock in, an app out. The only place that asks what time it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digest.pipeline.stores import Stores, open_stores
from digest.settings import Settings
from digest.storage.engine import Database

if TYPE_CHECKING:
    from digest.fetch.guard import Resolver

Clock = Callable[[], datetime]
"""Gives the present instant, aware."""


def system_clock() -> datetime:
    """Return the machine's time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What a command or a job works with."""

    settings: Settings
    stores: Stores
    clock: Clock
    resolver: Resolver | None = None
    """Who turns names into addresses; the system when None."""

    @property
    def folder(self) -> Path:
        """The folder that relative paths of the settings are taken from."""
        return Path(self.settings.folder)


@contextmanager
def open_app(settings: Settings, *, clock: Clock = system_clock, resolver: Resolver | None = None) -> Iterator[App]:
    """Open the database (made when it is missing) and give the app.

    Raises:
        StorageError: the database cannot be opened, or has another schema.
    """
    database = Database(settings.database.url, Path(settings.folder))
    try:
        database.require_schema()
        yield App(settings=settings, stores=open_stores(database), clock=clock, resolver=resolver)
    finally:
        database.close()
