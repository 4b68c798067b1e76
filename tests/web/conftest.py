"""What tests of pages may ask for: a browser, its judge, and a server on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from starlette.types import ASGIApp
from tests.browser import opened_chromium, violations

from digest.web.listen import Listener

Serve = Callable[[ASGIApp], str]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Give a running Chromium, one for all tests; skips where there is none."""
    with opened_chromium() as browser:
        yield browser


@pytest.fixture
def axe() -> Callable[[Any], list[str]]:
    """Give a function from an open page to its WCAG violations."""
    return violations


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Give a function that serves an app on a free port of loopback till the test ends, and returns its URL."""
    with ExitStack() as running:

        def started(app: ASGIApp) -> str:
            return running.enter_context(Listener(app, "127.0.0.1", 0).in_background()).url

        yield started
