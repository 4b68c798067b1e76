"""``digest quarantine``: what is set aside is listed, shown with its input, and tried again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.conftest import Digest

from digest.app import open_app
from digest.configuration import load
from digest.model.quarantine import ItemKind, set_aside

CONFIG = '[editions.morning]\ntitle = "Morning Update"\n[[sources]]\nname = "Paper"\nurl = "https://p.example/feed"\n'
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@pytest.fixture
def number(config: Path) -> int:
    """Give the number of a page that is set aside."""
    with open_app(load(config, {})) as app:
        item = set_aside(ItemKind.PAGE, "https://p.example/1", b"<p>\x9b\xff", ZeroDivisionError("by zero"), NOW)
        made = app.stores.quarantine.put(item)
        app.stores.runs.record(
            "quarantine", NOW, NOW, {"work": "fetch", "set_aside": 1, "items": [{"kind": "page", "error": "x"}]}
        )
    return made


def test_what_is_set_aside_is_listed_and_shown(digest: Digest, number: int) -> None:
    listed = digest("quarantine", "list")
    assert "https://p.example/1" in listed.stdout
    assert "ZeroDivisionError: by zero" in listed.stdout
    (plain,) = json.loads(digest("quarantine", "list", "--json").stdout)
    assert (plain["number"], plain["kind"]) == (number, "page")
    shown = digest("quarantine", "show", str(number))
    assert "ZeroDivisionError" in shown.stdout
    assert "5 bytes" in shown.stdout
    assert json.loads(digest("quarantine", "show", str(number), "--json").stdout)["error"].startswith("ZeroDivision")


def test_status_and_runs_tell_of_it(digest: Digest, number: int) -> None:
    assert number
    assert "Set aside 1 page" in digest("status").stdout
    assert json.loads(digest("status", "--json").stdout)["set_aside"] == {"page": 1}
    assert "fetch: 1 set aside (page)" in digest("runs").stdout


def test_an_item_is_retried_by_its_number_or_all_are(digest: Digest, number: int) -> None:
    assert digest("quarantine", "retry").exit_code == 2
    assert digest("quarantine", "retry", str(number + 9)).exit_code == 1
    assert digest("quarantine", "retry", str(number)).exit_code == 0
    assert json.loads(digest("quarantine", "list", "--json").stdout) == []
    assert digest("quarantine", "show", str(number)).exit_code == 1
    assert digest("quarantine", "retry", "--all").exit_code == 0
    assert "Set aside" not in digest("status").stdout
