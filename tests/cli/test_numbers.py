"""An operator corrects, forgets, and counts."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest
from tests.cli.conftest import Digest

CONFIG = (
    '[editions.morning]\ntitle = "Morning"\n[editions.evening]\ntitle = "Evening"\ngreeting = "evening"\nat = "17:00"\n'
)


@pytest.fixture
def busy(digest: Digest) -> Digest:
    """Give a command on an installation with two readers, one of whom was removed."""
    for address in ("ada@x.example", "eve@x.example"):
        assert digest("readers", "add", address).exit_code == 0
    assert digest("readers", "remove", "eve@x.example").exit_code == 0
    return digest


def test_numbers_add_up_by_day_and_edition(busy: Digest) -> None:
    found = json.loads(busy("numbers", "--json").stdout)
    assert [(row["edition"], row["joined"], row["left"], row["left_by"]) for row in found] == [
        ("evening", 2, 1, {"operator": 1}),
        ("morning", 2, 1, {"operator": 1}),
    ]
    rows = list(csv.DictReader(StringIO(busy("numbers", "--csv", "--edition", "morning").stdout)))
    assert [(row["edition"], row["left_by"]) for row in rows] == [("morning", "1 operator")]
    last = busy("numbers").stdout.splitlines()[-1]
    assert last.split() == ["in", "all", "0", "4", "0", "2", "0", "0", "0", "0"]
    assert busy("numbers", "--json", "--csv").exit_code == 2


def test_a_reader_is_corrected_and_an_unknown_edition_is_a_misuse(busy: Digest) -> None:
    done = busy("readers", "edit", "ada@x.example", "--name", "Ada", "-e", "evening", "--json")
    assert json.loads(done.stdout) | {"since": ""} == {
        "id": "1",
        "address": "ada@x.example",
        "name": "Ada",
        "language": "",
        "zone": "",
        "editions": "evening",
        "state": "active",
        "since": "",
        "words": "",
    }
    assert busy("readers", "edit", "ada@x.example", "-e", "noon").exit_code == 2
    assert "nobody of the address" in str(busy("readers", "edit", "no@x.example", "--name", "x").exception)


def test_an_address_is_erased_after_a_question_or_at_a_word(busy: Digest) -> None:
    assert busy("readers", "erase", "ada@x.example", stdin="n\n").exit_code == 1
    assert busy("readers", "erase", "ada@x.example", "--yes").exit_code == 0
    assert "ada@x.example" not in busy("readers", "list", "--all").stdout
    assert "erased" in busy("readers", "show", "ada@x.example").stdout
    assert "erased already" in str(busy("readers", "erase", "ada@x.example", "--yes").exception)


def test_reasons_for_leaving_are_listed_and_exported(busy: Digest) -> None:
    (row,) = json.loads(busy("readers", "reasons", "--json").stdout)
    assert (row["address"], row["way"], row["words"]) == ("eve@x.example", "removed by the operator", "")
    exported = csv.DictReader(StringIO(busy("readers", "export").stdout))
    assert [(each["address"], each["state"], each["words"]) for each in exported] == [
        ("ada@x.example", "active", ""),
        ("eve@x.example", "left", ""),
    ]
