"""An import says who gets which edition: by its column, by --edition, or by an answer; never everybody everything."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from tests.cli.conftest import Digest

CONFIG = """
[editions.morning]
title = "Morning Update"
[editions.evening]
title = "Evening Update"
"""
TWO = "email\nada@reader.example\nben@reader.example\n"


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    return tmp_path / "readers.csv"


def editions(digest: Digest) -> dict[str, str]:
    table = csv.DictReader(StringIO(digest("readers", "export").stdout))
    return {row["address"].partition("@")[0]: row["editions"] for row in table}


def test_an_import_that_does_not_say_who_gets_what_is_refused_and_stores_nobody(digest: Digest, roster: Path) -> None:
    roster.write_text(TWO)
    refused = digest("readers", "import", roster)
    assert refused.exit_code == 2
    assert "which editions do its readers get? --edition NAME (morning, evening)" in refused.stderr
    assert editions(digest) == {}


@pytest.mark.parametrize(
    ("words", "got"),
    [
        (("--edition", "morning"), "morning"),
        (("-e", "evening", "-e", "morning"), "evening;morning"),
        (("--edition", "all"), "evening;morning"),
    ],
)
def test_readers_get_the_editions_that_are_named(
    digest: Digest, roster: Path, words: tuple[str, ...], got: str
) -> None:
    roster.write_text(TWO)
    assert digest("readers", "import", roster, *words).exit_code == 0
    assert editions(digest) == {"ada": got, "ben": got}


def test_the_column_says_more_than_the_option(digest: Digest, roster: Path) -> None:
    roster.write_text("email,editions\nada@reader.example,evening\nben@reader.example,\n")
    without = digest("readers", "import", roster)
    assert (without.exit_code, editions(digest)) == (3, {"ada": "evening"})
    assert f"{roster}:3: names no edition: --edition NAME says what such lines get" in without.stderr
    assert digest("readers", "import", roster, "--edition", "morning").exit_code == 0
    assert editions(digest) == {"ada": "evening", "ben": "morning"}


def test_a_rehearsal_says_how_many_get_what_and_who_stays_away(digest: Digest, roster: Path) -> None:
    roster.write_text(
        "email,editions,state\nada@r.example,morning,\nben@r.example,morning;evening,\ncyd@r.example,morning,left\n"
    )
    rehearsed = digest("readers", "import", roster, "--dry-run")
    assert rehearsed.exit_code == 0
    lines = [line.split(maxsplit=1) for line in rehearsed.stdout.splitlines()]
    assert ["2", "added"] in lines
    assert ["1", "left or bounced there: not subscribed"] in lines
    assert lines[-2:] == [["2", "get morning"], ["1", "get evening"]]
    assert editions(digest) == {}


def test_an_edition_that_does_not_exist_is_told_once_with_the_name_that_was_meant(digest: Digest, roster: Path) -> None:
    lines = [f"r{n}@reader.example,mornin\n" for n in range(400)]
    roster.write_text(f"email,editions\nada@reader.example,morning\n{''.join(lines)}")
    done = digest("readers", "import", roster)
    assert done.exit_code == 3
    (told,) = done.stderr.splitlines()
    assert f"{roster}:3: no edition is called 'mornin' (did you mean morning? known: morning, evening)" in told
    assert "400 lines say so" in told
    assert editions(digest) == {"ada": "morning"}
    plain = json.loads(digest("readers", "import", roster, "--json").stdout)
    assert plain["unknown_editions"] == {"mornin": {"lines": 400, "first_line": 3}}
    assert (plain["editions"], plain["problems"]) == ({"morning": 1, "evening": 0}, [])


def test_an_option_that_names_no_edition_is_a_misuse(digest: Digest, roster: Path) -> None:
    roster.write_text(TWO)
    refused = digest("readers", "import", roster, "--edition", "evning")
    assert refused.exit_code == 2
    assert "no edition is called 'evning' (did you mean evening?" in refused.stderr
    assert editions(digest) == {}


def test_an_import_in_portions_goes_on_where_the_last_one_ended(digest: Digest, roster: Path) -> None:
    roster.write_text("email,state\n" + "".join(f"r{n}@x.example,{'left' * (n == 1)}\n" for n in range(6)))
    portion = ("readers", "import", roster, "--edition", "morning", "--most", "2", "--json")
    rehearsed = json.loads(digest(*portion, "--dry-run").stdout)["counts"]
    first = json.loads(digest(*portion).stdout)["counts"]
    assert (
        rehearsed == first == {"not yet: more than --most": 3, "added": 2, "left or bounced there: not subscribed": 1}
    )
    assert [name for name, got in editions(digest).items() if got] == ["r0", "r2"]
    digest(*portion)
    digest(*portion)
    assert [name for name, got in editions(digest).items() if got] == ["r0", "r2", "r3", "r4", "r5"]
