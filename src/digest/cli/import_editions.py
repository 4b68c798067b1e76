"""Which editions an import is for, and what came of that."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digest.cli.console import Console
from digest.cli.session import misused
from digest.errors import EditionsNotNamed

if TYPE_CHECKING:
    from digest.pipeline.readers.enrol import EnrolReport
    from digest.readers.roster_editions import EditionChoice


def choice_of(named: tuple[str, ...], known: tuple[str, ...]) -> EditionChoice:
    """Return which editions the operator names for the readers of a file; a name that is none is a misuse."""
    from digest.readers.roster_editions import chosen

    try:
        return chosen(named, known)
    except EditionsNotNamed as error:
        misused(str(error))


def asked_choice(error: EditionsNotNamed, known: tuple[str, ...], file: Path) -> EditionChoice:
    """Return what somebody at a terminal answers who was asked for it; without one it is a misuse to say nothing."""
    from digest.readers.roster_editions import EVERY

    if not sys.stdin.isatty():
        misused(f"{file}: {error}")
    question = f"Which editions do the readers of {file} get ({', '.join(known)}, or {EVERY})?"
    answer: str = click.prompt(question, err=True)
    return choice_of(tuple(answer.replace(",", " ").split()), known)


def plain_editions(report: EnrolReport) -> dict[str, Any]:
    """Return what came of the editions, for JSON."""
    unknown = {name: {"lines": lines, "first_line": first} for name, (lines, first) in report.no_such.items()}
    return {"editions": dict(report.editions), "unknown_editions": unknown}


def show_editions(console: Console, file: Path, report: EnrolReport) -> None:
    """Tell how many readers of the file get each edition, and which editions nobody knows."""
    from digest.readers.roster_editions import no_edition

    for name, readers in report.editions.items():
        console.result(f"{readers:>8}  get {name}")
    for name, (lines, first) in report.no_such.items():
        said = "1 line says so" if lines == 1 else f"{lines} lines say so"
        console.warn(f"{file}:{first}: {no_edition(name, tuple(report.editions))}; {said}")
