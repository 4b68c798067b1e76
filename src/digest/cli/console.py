"""Output of the command line: results on stdout, messages and progress on stderr."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click

from digest.pipeline.progress import Progress, unseen
from digest.text.glyphs import UNSHOWN, printable

LONGEST_WORDS = 70
"""Most characters of the task description beside the progress bar."""


class Console:
    """Prints to the operator. ``quiet`` leaves only results, warnings and errors."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet

    def say(self, words: str) -> None:
        """Print a message that is not part of the result."""
        if not self.quiet:
            click.echo(printable(words), err=True)

    def warn(self, words: str) -> None:
        """Print a warning, even with ``quiet``."""
        click.secho(printable(words), err=True, fg="yellow")

    def result(self, words: str) -> None:
        """Print the result, or a line of it."""
        click.echo(printable(words))

    def finding(self, level: str, words: str, *, colour: str) -> None:
        """Print a result after its level. The level is coloured on a terminal, after unsafe characters are removed."""
        click.echo(f"{click.style(f'{printable(level):<8}', fg=colour)} {printable(words)}")

    def json(self, value: Mapping[str, Any] | Sequence[Any]) -> None:
        """Print the result as JSON."""
        click.echo(UNSHOWN.sub(_escaped, json.dumps(value, ensure_ascii=False, indent=2, default=str)))

    @contextmanager
    def progress(self, title: str) -> Iterator[Progress]:
        """Show a progress bar while the block runs, if the output is a terminal."""
        if self.quiet or not sys.stderr.isatty():
            yield unseen
            return
        from rich.console import Console as RichConsole
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[what]}"),
        )
        with Bar(*columns, console=RichConsole(stderr=True), transient=True) as bar:
            task = bar.add_task(title, total=None, what="", rate="")

            def show(done: int, total: int, what: str) -> None:
                speed = bar.tasks[0].speed
                rate = f"{speed:,.0f}/s" if speed else ""
                bar.update(task, completed=done, total=total or None, what=printable(what)[:LONGEST_WORDS], rate=rate)

            yield show


def _escaped(found: re.Match[str]) -> str:
    """Return a character in JSON's ASCII notation."""
    return json.dumps(found[0])[1:-1]


def table(rows: Sequence[Sequence[str]], header: Sequence[str]) -> Iterator[str]:
    """Yield aligned lines of a table with a header. The last column may have any width."""
    widths = [max(len(row[n]) for row in (header, *rows)) for n in range(len(header))]
    for row in (header, *rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
