"""A pool that gives each transaction another server session (PgBouncer), and databases that cannot hold every name."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url, text
from tests.conftest import another
from tests.contracts.test_ledger import IDS, frozen
from tests.contracts.test_storage import entry, new_reader, source

from digest.bookkeeping import Outcome, Step, Worker
from digest.errors import StorageError
from digest.model.delivery import DeliveryState as S
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database
from digest.storage.entries import Entries
from digest.storage.leases import Lease
from digest.storage.readers import Readers
from digest.storage.sources import Sources

NOW = datetime(2026, 10, 14, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.slow(because="a server")


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def pooled(postgresql: str, ready_postgresql: str) -> Iterator[str]:
    """Give the URL of a ready database behind a pool of two sessions, which change with every transaction."""
    pool = shutil.which("pgbouncer")
    if pool is None:
        pytest.skip("pgbouncer is not installed")
    server, port = make_url(another(postgresql, ready_postgresql)), free_port()
    place = server.query.get("host") or server.host
    folder = Path("/tmp") / f"pool-{uuid4().hex}"  # noqa: S108 - another user reads it; pytest's folders are ours alone
    folder.mkdir(mode=0o755)
    (folder / "pool.ini").write_text(
        f"[databases]\n{server.database} = host={place} user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
        f"listen_port = {port}\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 2\nunix_socket_dir =\n"
        "server_reset_query_always = 0\nignore_startup_parameters = extra_float_digits\n",
        encoding="utf-8",
    )
    command = [pool, "-q", "-u", Path(str(place)).owner(), str(folder / "pool.ini")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - of the system
    try:
        _await(port)
        yield f"postgresql://postgres@127.0.0.1:{port}/{server.database}"
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)


def _await(port: int) -> None:
    for _ in range(200):
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)):
            return
        time.sleep(0.05)
    pytest.skip("pgbouncer did not start")


def test_what_the_program_does_works_behind_a_pool_of_transactions(pooled: str) -> None:
    database = Database(pooled)
    database.require_schema()
    Sources(database).follow([source()])
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for turn in range(8):
                Entries(database).see([entry(f"{number}-{turn}-{n}") for n in range(5)])
                assert len(Entries(database).announced([f"https://paper.example/{number}-{turn}-0"])) == 1
                Readers(database).add([new_reader(f"r{number}x{turn}")], NOW)
                Lease(database, f"work-{number}-{turn}", "here", lambda: NOW).renew()
        except BaseException as error:  # noqa: BLE001 - the test reports what a thread met
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(Entries(database).pending()) == 6 * 8 * 5
    database.close()


def test_no_statement_is_prepared_in_a_pool_of_transactions(pooled: str) -> None:
    database = Database(pooled)
    frozen(database)
    failures: list[BaseException] = []

    def work(number: int) -> None:
        ledger, me = Deliveries(database, 1, lists=True), Worker(f"w{number}", "here/boot", f"w{number}.journal")
        try:
            for _ in range(20):
                claims = [claim.reader_id for claim in ledger.book(me, Step(claim=1), NOW).claims]
                assert ledger.book(me, Step(attempt=tuple(claims)), NOW).attempting == set(claims)
                ledger.book(me, Step(outcomes=tuple(Outcome(each, S.QUEUED, 0) for each in claims)), NOW)
        except BaseException as error:  # noqa: BLE001 - the test reports what a thread met
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Deliveries(database, 1).counts().of(S.QUEUED) == len(IDS)
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM pg_prepared_statements")) == 0
    database.close()


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1", "WIN1252", "EUC_JP"])
def test_a_database_in_another_encoding_is_refused_before_it_gets_tables(postgresql: str, encoding: str) -> None:
    name = f"t{uuid4().hex}"
    with psycopg.connect(postgresql.replace("+psycopg", "", 1), autocommit=True) as connection:
        made = f"CREATE DATABASE \"{name}\" ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
        connection.execute(made.encode())
    database = Database(make_url(postgresql).set(database=name).render_as_string(hide_password=False))
    for step in (database.require_schema, database.upgrade, database.require_encoding):
        with pytest.raises(StorageError, match=f"is encoded in {encoding}.*createdb --encoding=UTF8"):
            step()
    with database.read() as connection_:
        assert connection_.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")) == 0
    database.close()


def test_the_environments_encoding_of_clients_changes_nothing(
    postgresql: str, ready_postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    database = Database(another(postgresql, ready_postgresql))
    Sources(database).follow([source()])
    Entries(database).see([entry("паром-снова-ходит")])
    assert [waiting.entry.title for waiting in Entries(database).pending()] == ["паром-снова-ходит"]
    database.close()
