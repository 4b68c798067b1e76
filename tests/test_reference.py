"""The reference says what the program does: every command, every setting, every exit code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from msgspec import structs

from digest.cli.main import app
from digest.settings import Settings

reference = pytest.importorskip("bench.reference", reason="the benches run from the checkout")
PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference.md"


def test_the_reference_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference.page(), "run: python bench/reference.py"


def test_every_section_of_the_settings_has_its_table() -> None:
    text = PAGE.read_text(encoding="utf-8")
    sections = {field.name for field in structs.fields(Settings)} - {"folder"}
    assert {name for name in sections if f"### [{name}" not in text and f"### [[{name}" not in text} == set()


def every_command() -> list[tuple[str, click.Command]]:
    return list(reference.commands(app, "digest"))


@pytest.mark.parametrize(("path", "command"), every_command(), ids=str)
def test_every_command_shows_an_example_that_calls_it(path: str, command: click.Command) -> None:
    assert f"Example: {path}" in (command.help or "")


def groups(group: click.Group, path: str) -> Iterator[tuple[str, click.Group]]:
    yield path, group
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if isinstance(command, click.Group):
            yield from groups(command, f"{path} {name}")


@pytest.mark.parametrize(("path", "group"), list(groups(app, "digest")), ids=str)
def test_each_command_is_listed_with_a_whole_sentence(path: str, group: click.Group) -> None:
    context = click.Context(group, info_name=path, terminal_width=80, max_content_width=80)
    listed = group.get_help(context).partition("Commands:\n")[2]
    assert listed
    assert [line for line in listed.splitlines() if "..." in line or not line.endswith(".")] == []
    assert len(listed.splitlines()) == len(group.list_commands(context)), "one line each on a terminal of 80 columns"


@pytest.mark.parametrize(
    ("key", "takes"),
    [
        ("connections", "whole number, 1 to 200"),
        ("total_timeout_seconds", "number, above 0"),
        ("days", "list of one of `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`"),
        ("section_quotas", "table: name = whole number, at least 0"),
        ("weekend_at", "time of day"),
        ("holidays", "list of dates"),
        ("user_agent", "text"),
    ],
)
def test_the_reference_says_in_words_what_a_key_takes(key: str, takes: str) -> None:
    assert f"| `{key}` | {takes} |" in PAGE.read_text(encoding="utf-8")
