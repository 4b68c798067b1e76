"""The demo's day, moved from SQLite into PostgreSQL by command: the same letters, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import make_url

from digest.app import App, open_app
from digest.bookkeeping import Claim
from digest.configuration import load
from digest.demo import run
from digest.demo.press import load_press
from digest.demo.server import PressServer
from digest.demo.sink import Sink
from digest.model.letter import Letter
from digest.pipeline.progress import unseen
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.letters import Writer, ready_for_mail
from digest.settings import Settings

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The installation in which the demo ran, and what its readers got: (edition, address) -> the mail."""

    settings: Settings
    received: Mapping[tuple[str, str], bytes]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """Run the demo's day, and keep its database."""
    home, into = tmp_path_factory.mktemp("demo"), tmp_path_factory.mktemp("letters")
    clock, papers = run._Clock(run.MOMENTS["morning"]), load_press()
    received: dict[tuple[str, str], bytes] = {}
    with PressServer(papers, clock) as server, Sink() as sink:
        settings = run.demo_settings(str(home), papers, f"smtp://127.0.0.1:{sink.port}")
        with open_app(settings, clock=clock, resolver=run.PaperNames(server.hosts)) as app:
            for address, name in run.READERS:
                subscribe(app.stores, clock(), Subscription(address=address, name=name, editions=run.EDITIONS))
            for edition in run.EDITIONS:
                before = len(sink.letters)
                run._edition(app, clock, edition, sink, into, unseen)
                received |= {(edition, mail.recipients[0]): mail.raw for mail in sink.letters[before:]}
    return Day(settings=settings, received=received)


def written_again(app: App, name: str) -> dict[tuple[str, str], bytes]:
    """Write each reader's copy of an edition from its frozen letter."""
    row = next(row for row in app.stores.editions.latest() if row.key.name == name)
    letter = app.stores.letters.get(row.id)
    assert letter is not None
    write = Writer(ready_for_mail(app.runtime, letter), app.settings, row.key)
    readers = app.stores.readers.subscribed(name, app.clock())
    claims = [Claim(reader_id=reader.id, address=reader.address, name=reader.name) for reader in readers]
    return {(name, claim.address): write(claim).message for claim in claims}


def letters(app: App) -> list[Letter | None]:
    return [app.stores.letters.get(row.id) for row in app.stores.editions.latest()]


def configured(room: Any, day: Day, database: str) -> Any:
    """Return the operator of the demo's folder, on a database."""
    room = replace(room, folder=Path(day.settings.folder))
    room.configure(
        f'[database]\nurl = "{database}"\n[editions.morning]\ntitle = "M"\nat = "06:00"\n'
        '[editions.evening]\ntitle = "E"\nat = "17:00"\n'
    )
    return room


def test_the_demos_letters_are_the_same_byte_for_byte_after_db_copy(
    day: Day, empty_room: Any, postgresql_url: str
) -> None:
    room = configured(empty_room, day, day.settings.database.url)
    done = room("db", "copy", postgresql_url, "--json")
    assert done.code == 0, done.err
    assert done.json["rows"]["deliveries"] == 2 * len(run.READERS)
    assert make_url(postgresql_url).database in done.json["target"]
    copy = structs.replace(day.settings, database=structs.replace(day.settings.database, url=postgresql_url))
    with open_app(day.settings) as old, open_app(copy) as new:
        assert letters(new) == letters(old)
        assert len(letters(new)) == len(run.EDITIONS)
        written = {key: mail for name in run.EDITIONS for key, mail in written_again(new, name).items()}
    assert written == day.received


def test_editions_are_rebuilt_and_audited_and_verified_on_the_copy(
    day: Day, empty_room: Any, postgresql_url: str
) -> None:
    assert configured(empty_room, day, day.settings.database.url)("db", "copy", postgresql_url).code == 0
    room = configured(empty_room, day, postgresql_url)
    for name in run.EDITIONS:
        rebuilt = room("rebuild", name, "--json")
        assert (rebuilt.code, rebuilt.json["same"]) == (0, True), rebuilt
        assert rebuilt.json["letter_bytes"] > 10_000
        assert room("audit", name).code == 0
        assert room("verify", name).code == 0


def test_a_second_copy_is_refused_and_says_what_to_do(day: Day, empty_room: Any, postgresql_url: str) -> None:
    room = configured(empty_room, day, day.settings.database.url)
    first = room("db", "copy", postgresql_url)
    assert first.code == 0
    assert f"{2 * len(run.READERS):>9}  deliveries" in first.out
    assert "database.url" in first.err
    again = room("db", "copy", postgresql_url)
    assert again.code == 1
    assert "is not empty" in again.err
    assert "name an empty database" in again.err


def test_a_target_that_is_no_database_is_a_misuse(day: Day, empty_room: Any) -> None:
    room = configured(empty_room, day, day.settings.database.url)
    assert room("db", "copy", "digest.db").code == 2


def test_a_database_that_is_worked_on_is_not_copied(day: Day, empty_room: Any, tmp_path: Path) -> None:
    room = configured(empty_room, day, day.settings.database.url)
    with open_app(load(room.config, {})) as app, app.stores.leases.hold("fetch", app.clock):
        busy = room("db", "copy", f"sqlite:///{tmp_path / 'copy.db'}")
    assert busy.code == 1
    assert "a process is at work (fetch)" in busy.err
    assert room("db", "copy", f"sqlite:///{tmp_path / 'copy.db'}").code == 0
