"""The reference says what the program does: every command, every setting, every exit code."""

from __future__ import annotations

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
