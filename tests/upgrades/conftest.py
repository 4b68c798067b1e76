"""An installation as an earlier version of the program left it, loaded into either kind of database.

``schema_0002.json`` holds every row of an invented newsroom that the program wrote when its newest migration was 0002:
yesterday's morning edition sent (with a letter refused and one that expired), yesterday's evening edition held by its
editor, today's morning edition killed in the middle of its letters, with the hand-over journal of that run; readers,
sign-ups, bounces, pictures. Instants are ISO 8601 in UTC, bytes are base64, ``@HOST@`` stands for the machine.
"""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Date, DateTime, LargeBinary, MetaData, Table, func, insert, select
from tests.conftest import another

from digest.deliver.ledger.journal import here
from digest.demo.sink import Sink
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.settings import EditionSettings, KeySettings, MailSettings, Settings, SiteSettings, SourceSettings
from digest.storage.engine import Database
from digest.storage.migrations.run import upgrade

RECORDED = Path(__file__).parent / "schema_0002.json"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded: the rows, the journals, and what the relay and the readers had seen by then."""

    data: dict[str, Any]

    @classmethod
    def read(cls) -> Recorded:
        """Return the record, with this machine as the one on which it was made."""
        return cls(json.loads(RECORDED.read_text(encoding="utf-8").replace("@HOST@", here())))

    @property
    def now(self) -> datetime:
        """When it was recorded."""
        return datetime.fromisoformat(self.data["now"])

    def fill(self, database: Database) -> None:
        """Make the tables of that time, and put the rows into them."""
        upgrade(database.engine, self.data["revision"])
        tables = MetaData()
        with database.write() as connection:
            tables.reflect(connection)
            for table in tables.sorted_tables:
                rows = self.data["tables"].get(table.name)
                if rows:
                    connection.execute(insert(table), [_typed(table, row, sqlite=database.is_sqlite) for row in rows])
                    if not database.is_sqlite:
                        _number_on(connection, table)

    def write_journals(self, folder: Path) -> None:
        """Put the journals of that time where the program looks for them."""
        folder.mkdir()
        for name, content in self.data["journals"].items():
            (folder / name).write_text(content, encoding="utf-8")


def _typed(table: Table, row: dict[str, Any], *, sqlite: bool) -> dict[str, Any]:
    """Return a recorded row with the values that its columns take."""

    def value(name: str, recorded: Any) -> Any:
        kind = table.columns[name].type
        if recorded is None or isinstance(kind, JSON):
            return recorded
        if isinstance(kind, DateTime):
            instant = datetime.fromisoformat(recorded).astimezone(UTC)
            return instant.replace(tzinfo=None) if sqlite else instant
        if isinstance(kind, Date):
            return date.fromisoformat(recorded)
        return base64.b64decode(recorded) if isinstance(kind, LargeBinary) else recorded

    return {name: value(name, recorded) for name, recorded in row.items()}


def _number_on(connection: Any, table: Table) -> None:
    """Let PostgreSQL number new rows after those that were put in by number."""
    if "id" in table.columns and table.columns["id"].type.python_type is int:
        last = connection.scalar(select(func.max(table.columns["id"])))
        connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))


@dataclass(slots=True)
class Installation:
    """The recorded newsroom, upgraded to this version, with a clock to set and a relay that notes what it gets."""

    recorded: Recorded
    database: Database
    folder: Path
    relay: Sink
    now: datetime

    @property
    def runtime(self) -> Runtime:
        """The house as it stands now."""
        settings = Settings(
            folder=str(self.folder),
            site=SiteSettings(name="The Lindau Courier", url="https://letters.example"),
            mail=MailSettings(
                transport=f"smtp://127.0.0.1:{self.relay.port}", sender="news@lindau.example", connections=1
            ),
            keys=KeySettings(current="k", ring={"k": "5a" * 32}),
            editions={
                "morning": EditionSettings(title="Morning Update", at=time(6)),
                "evening": EditionSettings(title="Evening Update", greeting="evening", at=time(17), follows="morning"),
            },
            sources=tuple(SourceSettings(url=f"https://paper{n}.example/feed", name=f"Paper {n}") for n in (1, 2)),
        )
        return Runtime(settings=settings, stores=Stores(self.database), clock=lambda: self.now)

    def reader(self, address: str) -> int:
        """Return the id of the reader at an address."""
        found: int = next(row["id"] for row in self.recorded.data["tables"]["readers"] if row["address"] == address)
        return found


@pytest.fixture(params=["sqlite", "postgresql"])
def old_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """Give an opener of a database that holds the recorded rows, still with the schema of that time."""
    url = "sqlite:///digest.db" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    made: list[Database] = []

    def opened() -> Database:
        made.append(Database(url, tmp_path))
        if len(made) == 1:
            Recorded.read().fill(made[0])
        return made[-1]

    yield opened
    for each in made:
        each.close()


@pytest.fixture(scope="session")
def upgraded_once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Give the name of a database of either kind with the recorded rows, upgraded by this version, to be copied."""

    @cache
    def made(kind: str) -> str:
        file = tmp_path_factory.mktemp("upgraded") / "digest.db"
        url = f"sqlite:///{file}" if kind == "sqlite" else another(request.getfixturevalue("postgresql"), kept=True)
        database = Database(url)
        Recorded.read().fill(database)
        database.upgrade()
        database.require_schema()
        database.close()
        return str(database.url.database)

    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def upgraded(
    request: pytest.FixtureRequest, upgraded_once: Callable[[str], str], tmp_path: Path
) -> Iterator[Installation]:
    """Give the recorded installation, upgraded by this version of the program."""
    whole = upgraded_once(request.param)
    if request.param == "sqlite":
        url = f"sqlite:///{shutil.copy(whole, tmp_path / 'digest.db')}"
    else:
        url = another(request.getfixturevalue("postgresql"), whole)
    recorded, database = Recorded.read(), Database(url, tmp_path)
    recorded.write_journals(tmp_path / "journals")
    with Sink() as relay:
        yield Installation(recorded=recorded, database=database, folder=tmp_path, relay=relay, now=recorded.now)
    database.close()
