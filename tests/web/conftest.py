"""What tests of pages may ask for: a browser, its judge, and a server on loopback."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp
from tests.browser import opened_chromium, violations
from tests.conftest import Filled
from tests.web.desks import EditorsDesk, Newspaper, drafted
from tests.web.signed_in import SignedInUser, sign_in
from tests.web.sites import Site

from digest.demo.sink import Sink
from digest.model.user import Role
from digest.storage.engine import Database
from digest.web.listen import Listener

Judge = Callable[..., list[str]]
Serve = Callable[[ASGIApp], str]
SignIn = Callable[[Role], SignedInUser]


@pytest.fixture(scope="module")
def chromium(chromium_address: str) -> Iterator[Any]:
    """Give a running Chromium to a module whose tests all look through it; skips where there is none.

    Not one driver for all tests: while it runs, its event loop occupies the thread, and ours finds no room there.
    """
    with opened_chromium(chromium_address) as browser:
        yield browser


@pytest.fixture
def axe() -> Judge:
    """Give a function from an open page to its WCAG violations: ``axe(page)``, ``axe(page, contrast=False)``."""
    return violations


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Give a function that serves an app on a free port of loopback till the test ends, and returns its URL."""
    with ExitStack() as running:

        def started(app: ASGIApp) -> str:
            return running.enter_context(Listener(app, "127.0.0.1", 0).in_background()).url

        yield started


@pytest.fixture
def site(tmp_path: Path, ready_sqlite: Path) -> Iterator[Site]:
    """Give an installation with public pages, not yet served."""
    shutil.copy(ready_sqlite, tmp_path / "digest.db")
    made = Site(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def signed_in(site: Site, serve: Serve) -> SignIn:
    """Give a function from a role to a user of it who signed in at the desk; all are served at one URL."""
    url = serve(site.app())

    def entered(role: Role) -> SignedInUser:
        return sign_in(site, url, role)

    return entered


@pytest.fixture
def relay() -> Iterator[Sink]:
    """Give a relay that takes everything."""
    with Sink() as server:
        yield server


@pytest.fixture
def desk(tmp_path: Path, filled: Filled, relay: Sink) -> Iterator[EditorsDesk]:
    """Give a desk with a draft of this morning, an hour before it is due."""
    database = Database(filled("sqlite", drafted, tmp_path / "digest.db"))
    yield EditorsDesk(database, tmp_path, relay, is_drafted=True)
    database.close()


@pytest.fixture
def both_desks(database: Database, tmp_path: Path, relay: Sink) -> EditorsDesk:
    """Give the same on either kind of database."""
    return EditorsDesk(database, tmp_path, relay)


@pytest.fixture
def paper(tmp_path: Path, ready_sqlite: Path) -> Iterator[Newspaper]:
    """Give a newsroom with public pages, and nothing in it."""
    shutil.copy(ready_sqlite, tmp_path / "digest.db")
    database = Database("sqlite:///digest.db", tmp_path)
    yield Newspaper(database, tmp_path)
    database.close()


@pytest.fixture
def both_papers(database: Database, tmp_path: Path) -> Newspaper:
    """Give the same on either kind of database."""
    return Newspaper(database, tmp_path)
