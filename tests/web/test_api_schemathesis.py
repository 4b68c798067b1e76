"""The whole API against its own OpenAPI document: requests that fit it, and requests that do not, by schemathesis.

Five seconds on SQLite, and on PostgreSQL with ``--long``. ``DIGEST_API_SECONDS=300`` makes it five minutes for both,
with other requests each time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from msgspec import structs
from starlette.types import ASGIApp
from tests.web.api_client import ARTICLE, BODIES, PATH, Program, make_token
from tests.web.conftest import Serve
from tests.web.desks import EditorsDesk

from digest.errors import NotAFeed
from digest.fetch.discovery import FoundSource
from digest.model.source import SourceKind
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.web.site import public_site

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("schemathesis") is None, reason="schemathesis is not installed"),
]
ASKED = os.environ.get("DIGEST_API_SECONDS", "")
SECONDS = round(float(ASKED or "10") / 2)
"""How long each of the two databases is tried."""
CONFIG = """
[dictionaries.readers]
values = [1, 2, 3, 4, 5, 6]
[dictionaries.sources]
values = [1, 2]
[dictionaries.names]
values = ["morning", "evening"]
[dictionaries.dates]
values = ["2026-11-23", "2026-11-24"]
[dictionaries.articles]
values = ["lighthouse", "harbour"]
[dictionaries.problems]
values = ["refused", "not-found"]

[dictionaries.cursors]
values = ["WzFd"]
[dictionaries.versions]
values = ["*"]

[parameters]
"path.reader" = { dictionary = "readers", probability = 0.8 }
"path.source" = { dictionary = "sources", probability = 0.8 }
"path.edition" = { dictionary = "names", probability = 0.9 }
"path.date" = { dictionary = "dates", probability = 0.9 }
"path.article" = { dictionary = "articles", probability = 0.5 }
"path.problem" = { dictionary = "problems", probability = 0.8 }
"query.after" = { dictionary = "cursors", probability = 0.5 }
"body.editions[*]" = { dictionary = "names", probability = 0.9 }
"header.If-Match" = { dictionary = "versions", probability = 0.7 }

[generation]
database = "none"

[output.truncation]
max-payload-size = 300

# 412: If-Match names an old version. 422: a rule refuses what fits the schema, such as an unknown edition.
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "304", "401", "403", "404", "409", "412", "422"]
# 428: an approval needs If-Match (RFC 6585).
[checks.missing_required_header]
expected-statuses = ["400", "401", "428"]
"""


def discover(url: str) -> FoundSource:
    """Find a feed at half of the sites."""
    if len(url) % 2:
        raise NotAFeed(url, "neither a feed nor a sitemap")
    return FoundSource(url=url, kind=SourceKind.FEED, title="Found", entries=3)


def filled(desk: EditorsDesk) -> ASGIApp:
    """Return the pages of a newsroom with readers and articles, whose tokens have budget enough."""
    desk.settings = structs.replace(desk.settings, api=structs.replace(desk.settings.api, per_minute=100_000))
    for number in range(6):
        wish = Subscription(address=f"reader{number}@reader.example", editions=("morning",))
        subscribe(desk.stores, desk.now, wish)
    return public_site(replace(desk.runtime, discover=discover))


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True)
def test_nothing_that_is_asked_is_answered_otherwise_than_documented(
    both_desks: EditorsDesk, serve: Serve, tmp_path: Path
) -> None:
    url, token = serve(filled(both_desks)), make_token(both_desks.runtime)
    program = Program(url, token)
    program("PUT", "/articles/lighthouse", ARTICLE)
    program("POST", "/readers", BODIES["POST", "/readers"])
    program.close()
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG, encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
    command += [f"{url}{PATH}/openapi.json", "--url", url + PATH, "--header", f"Authorization: Bearer {token}"]
    command += ["--checks", "all", "--max-time", str(SECONDS), "--continue-on-failure", "--no-color"]
    command += ["--request-timeout", "30", *(() if ASKED else ("--seed", "23"))]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS + 300, check=False)  # noqa: S603 - ours
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2000:]
    if ASKED:
        print(done.stdout[-3000:])  # noqa: T201 - a long run is read by somebody
