"""What the program writes is for its owner alone, however wide the umask is."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from stat import S_IMODE

import pytest
from tests.journeys.conftest import digest

from digest.deliver.ledger.journal import Journal
from digest.deliver.protocol.smtp import Parcel
from digest.deliver.transports.files import FileTransport
from digest.model.ids import EditionKey
from digest.model.quarantine import ItemKind
from digest.pipeline.sending.sent_marks import note
from digest.private_files import make_folder, write_private
from digest.storage.attempts import AttemptLog
from digest.storage.engine import Database


@pytest.fixture(autouse=True)
def _wide_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return S_IMODE(path.stat().st_mode)


def modes(folder: Path) -> dict[str, int]:
    return {path.relative_to(folder).as_posix(): mode(path) for path in sorted(folder.rglob("*"))}


def test_a_new_database_and_what_sqlite_puts_beside_it_are_private(tmp_path: Path) -> None:
    database = Database("sqlite:///digest.db", tmp_path)
    database.require_schema()
    with database.read():
        assert set(modes(tmp_path)) >= {"digest.db", "digest.db-wal"}
        assert set(modes(tmp_path).values()) == {0o600}
    database.close()


def test_a_database_that_its_operator_opened_to_a_group_stays_open(tmp_path: Path) -> None:
    (tmp_path / "digest.db").touch(mode=0o660)
    database = Database("sqlite:///digest.db", tmp_path)
    database.require_schema()
    database.close()
    assert mode(tmp_path / "digest.db") == 0o660


def test_journals_attempts_and_marks_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "journals"
    attempts = AttemptLog(folder)
    attempts.begin((ItemKind.PAGE, "https://paper.example/1"))
    note(folder, EditionKey(name="morning", date=date(2026, 11, 27)), 20, datetime(2026, 11, 27, tzinfo=UTC))
    with Journal(folder):
        found = modes(tmp_path)
    attempts.close()
    assert found.pop("journals") == 0o700
    assert len(found) == 3
    assert set(found.values()) == {0o600}


class OneLetter:
    """Feeds a transport with one letter."""

    def __init__(self) -> None:
        self._parcels = [
            Parcel(id=1, sender="b@paper.example", token="t", recipient="ada@example.com", message=b"x", ready=True)
        ]

    async def more(self) -> bool:
        return bool(self._parcels)

    def take(self) -> Parcel | None:
        return self._parcels.pop() if self._parcels else None

    def settle(self, *_given: object) -> None:
        """Take note of nothing."""


def test_letters_as_files_are_private(tmp_path: Path) -> None:
    asyncio.run(FileTransport(tmp_path / "outbox" / "morning").carry(OneLetter()))  # type: ignore[arg-type]
    assert modes(tmp_path) == {
        "outbox": 0o700,
        "outbox/morning": 0o700,
        "outbox/morning/000001-ada@example.com.eml": 0o600,
    }


def test_what_init_writes_and_what_is_exported_is_private(tmp_path: Path) -> None:
    assert digest("init", tmp_path / "room").code == 0
    assert modes(tmp_path / "room") == {
        "config": 0o700,
        "config/digest.toml": 0o600,
        "config/secrets.toml": 0o600,
    }
    there = tmp_path / "room" / "config" / "digest.toml"
    assert digest("-c", there, "readers", "export", tmp_path / "readers.csv").code == 0
    assert mode(tmp_path / "readers.csv") == 0o600
    assert digest("-c", there, "sources", "list").code == 0


def test_a_file_is_replaced_as_a_whole_and_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    write_private(tmp_path / "a", b"1")
    write_private(tmp_path / "a", b"2")
    assert ((tmp_path / "a").read_bytes(), modes(tmp_path)) == (b"2", {"a": 0o600})
    with pytest.raises(OSError, match="a"):
        make_folder(tmp_path / "a")


NO_FOLDER = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # no file takes a byte, so no folder is fit for temporary ones
from digest.errors import NoTemporaryFolder
from digest.extract.workers import Workers
from digest.private_files import temporary_folder
from digest.readers.bounded import BoundedReader
from digest.settings import ExtractSettings

for work in (temporary_folder, lambda: Workers(ExtractSettings(workers=1)), lambda: BoundedReader()(b"a mail")):
    try:
        work()
    except NoTemporaryFolder as error:
        print(error)
"""


@pytest.mark.slow
def test_work_that_needs_temporary_files_names_tmpdir_when_no_folder_is_fit() -> None:
    done = subprocess.run([sys.executable, "-c", NO_FOLDER], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert done.stdout.count("set TMPDIR to one that can") == 3
