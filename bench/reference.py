"""Write docs/reference.md: every command with its help, every setting with its default and its meaning.

    python bench/reference.py            write it
    python bench/reference.py --check    exit 1 when it is not what the code says

The words are the code's own: the help of the commands, and the docstrings of the settings.
"""

from __future__ import annotations

import ast
import inspect
import sys
import types
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal, Union, get_args, get_origin, get_type_hints

import click
from msgspec import NODEFAULT, Meta, Struct, structs

from digest import settings
from digest.cli.main import app

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference.md"
HEAD = """# Reference

Written by `python bench/reference.py` from the program's own words.

## Exit codes

| code | meaning |
|---|---|
| 0 | done |
| 1 | failed: the message names the thing and what to do |
| 2 | misused: an option or an argument is wrong |
| 3 | done, with something left out: the report names it |
| 130 | stopped by Ctrl-C; what was done is stored |
"""
KINDS: dict[object, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
    time: "time of day",
    date: "date",
}
PLURALS = {"text": "texts", "date": "dates", "table": "tables"}
SETTINGS_HEAD = """## Settings

`config/digest.toml`, secret keys in `config/secrets.toml` beside it. Every key can also be set in the environment
(`DIGEST_MAIL__TRANSPORT=...`), or from a file that holds the value (`DIGEST_MAIL__TRANSPORT_FILE=...`). Relative paths
are taken from the folder that holds `config/`. All mistakes are reported at once, each with file, line and key.
"""


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command below a group with the words that call it, in alphabetical order."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def command_section(path: str, command: click.Command) -> str:
    """Return a command's help as a section."""
    context = click.Context(command, info_name=path, max_content_width=100, help_option_names=["-h", "--help"])
    return f"### {path}\n\n```\n{command.get_help(context)}\n```\n"


def meanings(section: type) -> dict[str, str]:
    """Return what the docstrings under a section's fields say, by field."""
    body = ast.parse(inspect.getsource(section)).body[0]
    assert isinstance(body, ast.ClassDef)
    found: dict[str, str] = {}
    for field, following in zip(body.body, body.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(following, ast.Expr):
            found[field.target.id] = " ".join(str(ast.literal_eval(following.value)).split())
    return found


def default_of(field: structs.FieldInfo) -> str:
    """Return a field's default as TOML writes it, or that it must be given; empty for what is left out by default."""
    value = field.default if field.default_factory is NODEFAULT else field.default_factory()
    if value is NODEFAULT:
        return "must be given"
    return "" if value is None else f"`{in_toml(value)}`"


def in_toml(value: object) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, time):
        return f'"{value:%H:%M}"'
    if isinstance(value, tuple):
        return f"[{', '.join(map(in_toml, value))}]"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Struct):
        return "{}"
    return str(value)


def kind_of(annotation: object) -> str:
    """Return what a key takes in an operator's words, such as "whole number, at least 1" or "list of texts"."""
    if (origin := get_origin(annotation)) is Annotated:
        inner, *notes = get_args(annotation)
        return f"{kind_of(inner)}{''.join(map(bounds, notes))}"
    if origin is Literal:
        return "one of " + ", ".join(f"`{value}`" for value in get_args(annotation))
    if origin is tuple:
        return f"list of {PLURALS.get(kind_of(get_args(annotation)[0]), kind_of(get_args(annotation)[0]))}"
    if origin is dict:
        return f"table: name = {kind_of(get_args(annotation)[1])}"
    if origin in {Union, types.UnionType}:
        return kind_of(next(each for each in get_args(annotation) if each is not types.NoneType))
    return KINDS.get(annotation, "table")


def bounds(note: object) -> str:
    """Return the bounds of a number, as words that follow its kind; empty for a text, which is only not empty."""
    if not isinstance(note, Meta) or note.min_length is not None:
        return ""
    low = f"at least {note.ge:g}" if note.ge is not None else f"above {note.gt:g}" if note.gt is not None else ""
    high = f"at most {note.le:g}" if note.le is not None else ""
    if note.ge is not None and note.le is not None:
        return f", {note.ge:g} to {note.le:g}"
    return "".join(f", {bound}" for bound in (low, high) if bound)


def settings_section(title: str, section: type[Struct]) -> str:
    """Return a table of one section's keys."""
    told = meanings(section)
    kinds = get_type_hints(section, include_extras=True)
    rows = [
        f"| `{field.name}` | {kind_of(kinds[field.name])} | {default_of(field)} | {told[field.name]} |"
        for field in structs.fields(section)
    ]
    doc = inspect.getdoc(section)
    return (
        f"### [{title}]\n\n{doc}\n\n| key | what it takes | default | meaning |\n|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def sections_of(section: type[Struct], path: str = "") -> Iterator[tuple[str, type[Struct]]]:
    """Yield (title, section) of every table below a section, in the settings' order; a repeated one in ``[]``."""
    for name, kind in get_type_hints(section, include_extras=True).items():
        title, inner = f"{path}{name}", kind
        if get_origin(kind) is tuple:
            title, inner = f"[{title}]", get_args(kind)[0]
        elif get_origin(kind) is dict:
            title, inner = f"{title}.NAME", get_args(kind)[1]
        if isinstance(inner, type) and issubclass(inner, Struct):
            yield title, inner
            yield from sections_of(inner, f"{title}.")


def page() -> str:
    """Return the whole page."""
    tables = sections_of(settings.Settings)
    parts = [HEAD, "## Commands\n", *(command_section(path, command) for path, command in commands(app, "digest"))]
    parts += [SETTINGS_HEAD, *(settings_section(title, section) for title, section in tables)]
    return "\n".join(parts)


def main() -> None:
    """Write the page, or check it."""
    if "--check" in sys.argv:
        sys.exit(
            0 if PAGE.read_text(encoding="utf-8") == page() else "docs/reference.md is old: python bench/reference.py"
        )
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
