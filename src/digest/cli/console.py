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
"""Most characters of the text beside the progress bar that says what is being done."""


class Console:
    """Prints results on stdout and messages on stderr.

    With ``quiet``, only results, warnings and errors are printed.
    """

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
        """Print a line of the result that begins with a level such as ``error``, coloured on a terminal.

        Unsafe characters are removed.
        """
        click.echo(f"{click.style(f'{printable(level):<8}', fg=colour)} {printable(words)}")

    def json(self, value: Mapping[str, Any] | Sequence[Any]) -> None:
        """Print the result as JSON."""
        click.echo(UNSHOWN.sub(_escaped, json.dumps(value, ensure_ascii=False, indent=2, default=str)))

    @contextmanager
    def progress(self, title: str) -> Iterator[Progress]:
        """Show a progress bar while the block runs; it does so only if stderr is a terminal.

        Yields a function that is called with the number of finished steps, of all steps, and the present step in words.
        """
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
    """Return the matched character as a JSON escape (a backslash, ``u`` and four hexadecimal digits)."""
    return json.dumps(found[0])[1:-1]


def table(rows: Sequence[Sequence[str]], header: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a table, with aligned columns, beginning with the header.

    The last column may have any width.
    """
    widths = [max(len(row[n]) for row in (header, *rows)) for n in range(len(header))]
    for row in (header, *rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
