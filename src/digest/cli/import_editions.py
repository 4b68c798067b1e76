"""The editions for the readers of an imported file, and how many readers get each of them."""

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
    """Return the editions that the operator named by ``--edition`` for the readers of a file.

    An edition that is not in ``known`` is a usage error.
    """
    from digest.readers.roster_editions import chosen

    try:
        return chosen(named, known)
    except EditionsNotNamed as error:
        misused(str(error))


def asked_choice(error: EditionsNotNamed, known: tuple[str, ...], file: Path) -> EditionChoice:
    """Ask at the terminal which editions the readers of a file get, and return the answer.

    Without a terminal, end with a usage error that contains ``error``.
    """
    from digest.readers.roster_editions import EVERY

    if not sys.stdin.isatty():
        misused(f"{file}: {error}")
    question = f"Which editions do the readers of {file} get ({', '.join(known)}, or {EVERY})?"
    answer: str = click.prompt(question, err=True)
    return choice_of(tuple(answer.replace(",", " ").split()), known)


def plain_editions(report: EnrolReport) -> dict[str, Any]:
    """Return the number of readers by edition, and the unknown editions with their lines, for JSON."""
    unknown = {name: {"lines": lines, "first_line": first} for name, (lines, first) in report.no_such.items()}
    return {"editions": dict(report.editions), "unknown_editions": unknown}


def show_editions(console: Console, file: Path, report: EnrolReport) -> None:
    """Print how many readers of the file get each edition, and which names are no edition."""
    from digest.readers.roster_editions import no_edition

    for name, readers in report.editions.items():
        console.result(f"{readers:>8}  get {name}")
    for name, (lines, first) in report.no_such.items():
        said = "1 line says so" if lines == 1 else f"{lines} lines say so"
        console.warn(f"{file}:{first}: {no_edition(name, tuple(report.editions))}; {said}")
