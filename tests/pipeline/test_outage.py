"""A lost database costs one line of log, and one more when it is back."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from digest.app import App
from digest.errors import DatabaseBusy, InOtherHands, MailboxUnreachable, RefusedValue, StorageError
from digest.pipeline.outage import Outage, is_outage
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.serve import schedule
from digest.settings import EditionSettings, KeySettings, Settings, SiteSettings
from digest.storage.engine import Database

Events = list[MutableMapping[str, Any]]
DUE = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
LOST = "database lost, tried again until it is back"
NAMES = ("morning", "noon", "evening")


class Mortal(Database):
    """A database that can be taken away."""

    lost = False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Refuse while it is lost."""
        self._refuse()
        with super().read() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Refuse while it is lost."""
        self._refuse()
        with super().write() as connection:
            yield connection

    def _refuse(self) -> None:
        if self.lost:
            raise StorageError("server closed the connection unexpectedly")


@pytest.fixture
def database(tmp_path: Path, ready_sqlite: Path) -> Iterator[Mortal]:
    shutil.copy(ready_sqlite, tmp_path / "digest.db")
    made = Mortal("sqlite:///digest.db", tmp_path)
    yield made
    made.close()


def told(events: Events) -> list[str]:
    """Return the phrases that were logged since the last look."""
    said = [event["event"] for event in events]
    events.clear()
    return said


def test_all_jobs_of_a_process_tell_of_a_lost_database_in_one_line_and_of_its_return_in_another(
    database: Mortal, tmp_path: Path, logged: Events
) -> None:
    settings = Settings(
        folder=str(tmp_path),
        keys=KeySettings(current="k", ring={"k": "5a" * 32}),
        site=SiteSettings(url="https://letters.example"),
        editions={name: EditionSettings(title=name.title(), at=time(6)) for name in NAMES},
    )
    now = [DUE - timedelta(hours=3)]
    runtime = Runtime(settings=settings, stores=Stores(database), clock=lambda: now[0])
    jobs = [job for job in schedule(App(runtime=runtime), threading.Event()).get_jobs() if job.id != "fetch"]
    assert len(jobs) == len(NAMES) + len(("close", "mails", "prune", "alerts", "heartbeat", "webhooks"))
    database.lost = True
    for _ in range(60):
        now[0] += timedelta(minutes=1)
        for job in jobs:
            job.func()
    assert told(logged) == [LOST]
    database.lost = False
    for _ in range(3):
        for job in jobs:
            job.func()
    assert "database back" in told(logged)


def failing(error: Exception) -> None:
    raise error


def test_an_error_that_is_about_one_value_or_one_mailbox_is_no_outage() -> None:
    assert is_outage(StorageError("gone"))
    assert is_outage(DatabaseBusy("locked"))
    for error in (RefusedValue("NUL"), InOtherHands("another process"), MailboxUnreachable("away")):
        assert not is_outage(error)
        with pytest.raises(type(error)):
            Outage().run("job", partial(failing, error))


def test_a_job_that_did_not_meet_the_outage_does_not_tell_that_it_is_over(logged: Events) -> None:
    outage, gone = Outage(), StorageError("gone")
    outage.run("close", partial(failing, gone))
    outage.run("idle", lambda: None)
    outage.run("mails", partial(failing, gone))
    assert len(told(logged)) == 1
    outage.run("mails", lambda: None)
    assert "database back" in told(logged)[0]
