"""Write docs/reference.md: every command with its help, every setting with its default and its meaning.

    python bench/reference.py            write it
    python bench/reference.py --check    exit 1 when it is not what the code says

The words are the code's own: the help of the commands, and the docstrings of the settings.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from msgspec import NODEFAULT, Struct, structs

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
    """Return a field's default as TOML would write it, roughly."""
    if field.default is NODEFAULT:
        return "" if field.default_factory is NODEFAULT else f"`{field.default_factory()!r}`"
    return "" if field.default is None else f"`{field.default!r}`"


def settings_section(title: str, section: type[Struct]) -> str:
    """Return a table of one section's keys."""
    told = meanings(section)
    kinds = {name: annotation.replace("|", "or") for name, annotation in section.__annotations__.items()}
    rows = [
        f"| `{field.name}` | `{kinds[field.name]}` | {default_of(field)} | {told[field.name]} |"
        for field in structs.fields(section)
    ]
    doc = inspect.getdoc(section)
    return f"### [{title}]\n\n{doc}\n\n| key | type | default | meaning |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"


def page() -> str:
    """Return the whole page."""
    tables = {
        "site": settings.SiteSettings,
        "brand": settings.BrandSettings,
        "mail": settings.MailSettings,
        "[mail.relays]": settings.RelaySettings,
        "[mail.domains]": settings.DomainSettings,
        "bounces": settings.BounceSettings,
        "signup": settings.SignupSettings,
        "web": settings.WebSettings,
        "database": settings.DatabaseSettings,
        "log": settings.LogSettings,
        "retention": settings.RetentionSettings,
        "monitor": settings.MonitorSettings,
        "alerts": settings.AlertSettings,
        "fetch": settings.FetchSettings,
        "extract": settings.ExtractSettings,
        "rank": settings.RankSettings,
        "editions.NAME": settings.EditionSettings,
        "[sources]": settings.SourceSettings,
        "keys": settings.KeySettings,
    }
    parts = [HEAD, "## Commands\n", *(command_section(path, command) for path, command in commands(app, "digest"))]
    parts += [SETTINGS_HEAD, *(settings_section(title, section) for title, section in tables.items())]
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
