"""``digest tokens``: tokens of the API are made, shown once, listed and revoked."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.cli.conftest import Digest

from digest.app import open_app
from digest.cli.tokens import SCOPES
from digest.configuration import load
from digest.model.api_token import Scope
from digest.pipeline.people.api_tokens import token_of

CONFIG = ""
TOKEN = re.compile(r"^dgt_[A-Za-z0-9_-]{43}[0-9a-f]{8}$", re.MULTILINE)


def test_the_help_names_the_scopes_of_the_table() -> None:
    assert list(SCOPES) == [scope.value for scope in Scope]


def test_a_token_is_printed_once_and_only_its_hash_is_stored(digest: Digest, config: Path) -> None:
    done = digest("tokens", "add", "cms", "--scope", "articles:write", "--scope", "editions:read")
    assert done.exit_code == 0
    (token,) = TOKEN.findall(done.stdout)
    with open_app(load(config, {})) as app:
        found = token_of(app.runtime, token)
        assert found is not None
        assert (found.name, found.scopes) == ("cms", frozenset({Scope.ARTICLES_WRITE, Scope.EDITIONS_READ}))
        with app.stores.database.read() as connection:
            dump = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    assert token not in dump
    assert token[4:30] not in dump
    assert token not in digest("tokens", "list").output + digest("tokens", "list", "--json").output


def test_a_token_expires(digest: Digest) -> None:
    done = json.loads(digest("tokens", "add", "cms", "--scope", "numbers:read", "--expires", "90d", "--json").stdout)
    assert TOKEN.fullmatch(done["token"])
    left = datetime.fromisoformat(done["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=89) < left <= timedelta(days=90)
    (line,) = json.loads(digest("tokens", "list", "--json").stdout)
    assert (line["name"], line["scopes"], line["used_at"], line["revoked_at"]) == ("cms", ["numbers:read"], None, None)


@pytest.mark.parametrize("time", ["90", "d", "0d", "-1d", "90 d", "11y", "1.5h", "٩d"])
def test_a_time_that_is_none_is_refused(digest: Digest, time: str) -> None:
    assert digest("tokens", "add", "cms", "--scope", "numbers:read", "--expires", time).exit_code == 2
    assert json.loads(digest("tokens", "list", "--json").stdout) == []


def test_a_token_needs_a_scope_that_exists_and_a_name_of_its_own(digest: Digest) -> None:
    assert digest("tokens", "add", "cms").exit_code == 2
    assert digest("tokens", "add", "cms", "--scope", "everything").exit_code == 2
    assert digest("tokens", "add", "two words", "--scope", "numbers:read").exit_code == 1
    assert digest("tokens", "add", "cms", "--scope", "numbers:read").exit_code == 0
    again = digest("tokens", "add", "cms", "--scope", "numbers:read")
    assert (again.exit_code, "already" in str(again.exception)) == (1, True)


def test_a_revoked_token_stays_in_the_list_and_in_the_log(digest: Digest, config: Path) -> None:
    token = digest("tokens", "add", "cms", "--scope", "numbers:read").stdout.strip().splitlines()[-1]
    assert "revoked" in digest("tokens", "revoke", "cms").stdout
    assert "already" in digest("tokens", "revoke", "cms").stdout
    assert digest("tokens", "revoke", "other").exit_code == 1
    with open_app(load(config, {})) as app:
        assert token_of(app.runtime, token) is None
    assert "revoked" in digest("tokens", "list").stdout
    told = json.loads(digest("log", "--json").stdout)
    assert [(entry["what"], entry["about"]["token"]) for entry in told] == [
        ("API token added", "cms"),
        ("API token revoked", "cms"),
    ]
    assert token not in digest("log", "--json").stdout


def test_without_public_pages_there_is_no_api_and_the_command_says_so(digest: Digest) -> None:
    done = digest("tokens", "add", "cms", "--scope", "numbers:read")
    assert (done.exit_code, "site.url" in done.output) == (0, True)
