"""Journeys of the operator who starts: init, the readers, help, and results for machines."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from tests.journeys.conftest import digest

from digest import __version__
from digest.cli.main import app

if TYPE_CHECKING:
    from tests.journeys.conftest import Newsroom


def commands(group: click.Group, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command that does something."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield (*words, name)


@pytest.mark.parametrize("words", list(commands(app)), ids=" ".join)
def test_the_help_of_every_verb_shows_an_example(words: tuple[str, ...]) -> None:
    shown = digest(*words, "--help")
    assert shown.code == 0
    assert f"Example: digest {' '.join(words)}" in " ".join(shown.out.split())


def test_the_version_is_told() -> None:
    assert digest("--version").out == f"digest {__version__}\n"


def test_a_wrong_verb_is_misuse() -> None:
    wrong = digest("snd")
    assert (wrong.code, wrong.out) == (2, "")
    assert "snd" in wrong.err


def test_init_writes_a_configuration_that_works_and_keys_that_nobody_else_reads(empty_room: Newsroom) -> None:
    made = digest("init", empty_room.folder)
    secrets = empty_room.config.parent / "secrets.toml"
    assert made.code == 0
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    assert str(secrets) in made.out
    assert empty_room("readers", "list").code == 0
    assert empty_room.config.read_text(encoding="utf-8").count("[[sources]]") >= 5


def test_two_inits_make_two_keys(tmp_path: Path) -> None:
    for name in ("one", "two"):
        digest("init", tmp_path / name)
    keys = {(tmp_path / name / "config" / "secrets.toml").read_text(encoding="utf-8") for name in ("one", "two")}
    assert len(keys) == 2


def test_init_overwrites_nothing_and_writes_only_the_keys_that_are_missing(empty_room: Newsroom) -> None:
    digest("init", empty_room.folder)
    secrets = empty_room.config.parent / "secrets.toml"
    empty_room.config.write_text("# mine\n", encoding="utf-8")
    before = secrets.read_bytes()
    refused = digest("init", empty_room.folder)
    assert refused.code == 1
    assert "exists already and was not changed" in refused.err
    assert secrets.read_bytes() == before
    secrets.unlink()
    mended = digest("init", empty_room.folder)
    assert mended.code == 0
    assert empty_room.config.read_text(encoding="utf-8") == "# mine\n"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    assert secrets.read_bytes() != before


def test_a_reader_comes_is_listed_and_leaves_for_good(newsroom: Newsroom, tmp_path: Path) -> None:
    added = newsroom("readers", "add", "Ada@Readers.Example", "--name", "Ada", "--edition", "morning")
    (listed,) = newsroom("readers", "list", "--json").json
    removed = newsroom("readers", "remove", "ada@readers.example")
    roster = tmp_path / "roster.csv"
    roster.write_text("email,name\nada@readers.example,Ada\nben@readers.example,Ben\n", encoding="utf-8")
    imported = newsroom("readers", "import", roster, "--edition", "all", "--json")
    assert (added.code, removed.code) == (0, 0)
    assert (listed["address"], listed["name"], listed["editions"]) == ("Ada@Readers.Example", "Ada", "morning")
    assert imported.json["counts"] == {"left earlier: not subscribed": 1, "added": 1}
    assert [reader["address"] for reader in newsroom("readers", "list", "--json").json] == ["ben@readers.example"]
    assert newsroom("readers", "add", "ada@readers.example").code == 3


def test_an_import_names_its_bad_lines_and_takes_the_others(newsroom: Newsroom, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "Name,E-Mail,editions\nAda,ada@readers.example,morning;evening\nNobody,nowhere,\nEve,eve@readers.example,noon\n",
        encoding="utf-8",
    )
    rehearsed = newsroom("readers", "import", roster, "--edition", "all", "--dry-run")
    imported = newsroom("readers", "import", roster, "--edition", "all")
    assert (rehearsed.code, imported.code) == (3, 3)
    assert "1  added" in imported.out
    assert f"{roster}:3: 'nowhere' is not an e-mail address" in imported.err
    assert f"{roster}:4: no edition is called 'noon' (known: morning, evening)" in imported.err


def test_an_import_needs_a_column_of_addresses_and_a_file_that_can_be_read(newsroom: Newsroom, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("name\nAda\n", encoding="utf-8")
    assert (
        "expected a column called address or email; found: name"
        in newsroom("readers", "import", roster, "--edition", "all").err
    )
    roster.write_bytes("address\nZoë@readers.example\n".encode("latin-1"))
    assert (
        newsroom("readers", "import", roster, "--edition", "all").code,
        newsroom("readers", "import", tmp_path / "no").code,
    ) == (0, 2)
    assert [reader["address"] for reader in newsroom("readers", "list", "--json").json] == ["Zoë@readers.example"]


def test_an_export_comes_back_as_an_import(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.enrol(3)
    newsroom("readers", "remove", "reader001@readers.example")
    exported = newsroom("readers", "export")
    target = tmp_path / "export.csv"
    written = newsroom("readers", "export", target)
    again = newsroom("readers", "import", target, "--json")
    assert target.read_text(encoding="utf-8-sig").splitlines() == exported.out.splitlines()
    assert written.code == 0
    assert again.json["counts"] == {"already subscribed": 2, "left earlier: not subscribed": 1}


def test_an_export_to_where_nobody_may_write_is_an_error_with_the_name(newsroom: Newsroom, tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "export.csv"
    failed = newsroom("readers", "export", target)
    assert (failed.code, failed.err) == (1, f"digest: {target}: No such file or directory\n")


def test_wrong_readers_are_told_apart(newsroom: Newsroom) -> None:
    nobody, no_address = newsroom("readers", "remove", "x@readers.example"), newsroom("readers", "add", "ada")
    no_edition = newsroom("readers", "add", "ada@readers.example", "--edition", "noon")
    assert (nobody.code, no_address.code, no_edition.code) == (1, 1, 2)
    assert "nobody has the address x@readers.example" in nobody.err
    assert "'ada' is not an e-mail address" in no_address.err
    assert "known: morning, evening" in no_edition.err


def test_results_for_machines_parse(newsroom: Newsroom) -> None:
    newsroom.enrol(1)
    assert newsroom("fetch", "--json").json["pages"] == []
    assert newsroom("readers", "add", "ben@readers.example", "--json").json["outcome"] == "new"
    assert newsroom("compose", "--edition", "morning", "--json").json["state"] == "ready"
    assert newsroom("send", "--edition", "morning", "--json").json["counts"] == {"accepted": 2}
    assert newsroom("explain", "morning", "--json").json["state"] == "sent"
