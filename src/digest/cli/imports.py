"""The file of ``digest readers import``, the report of the import, and questions about unknown status words."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from digest.cli.console import Console
from digest.cli.import_editions import plain_editions, show_editions
from digest.cli.session import misused
from digest.errors import ReaderError
from digest.pipeline.readers.enrol import EnrolReport
from digest.readers.charset import GUESS, survey
from digest.readers.exports import Status
from digest.readers.unknown_words import UnknownWord

MOST_QUESTIONS = 20
"""Most unknown status words that are listed. With more, the column contains something else than a status."""
LONGEST_WORD = 60
STATUSES = {
    "subscribed": Status.ACTIVE,
    "unsubscribed": Status.LEFT,
    "bounced": Status.BOUNCED,
    "complained": Status.COMPLAINED,
    "unconfirmed": Status.UNCONFIRMED,
}
"""The meanings that the operator can give to a status word, by their names on the command line."""


class RosterFile:
    """The decoded lines of a file of readers. Each iteration opens the file again."""

    def __init__(self, path: Path) -> None:
        """Read the file once to find its encoding and its number of lines. Raises OSError."""
        self._path = path
        self._survey = survey(path)

    @property
    def encoding(self) -> str:
        """Return the encoding in which the file is read."""
        return self._survey.encoding

    @property
    def count(self) -> int:
        """Return how many lines the file has."""
        return self._survey.lines

    def __iter__(self) -> Iterator[str]:
        with self._path.open(encoding=self._survey.encoding, newline="", errors="replace") as lines:
            yield from lines


@contextmanager
def errors_name(file: Path) -> Iterator[None]:
    """Put the name of ``file`` before the message of errors that the block raises.

    A file that cannot be read is a usage error.
    """
    try:
        yield
    except OSError as error:
        misused(f"{file}: {error.strerror}")
    except ReaderError as error:
        raise ReaderError(f"{file}: {error}") from error


def statuses(options: Sequence[str]) -> dict[str, Status]:
    """Return the operator's meanings of status words, from options such as ``away=unsubscribed``.

    An option that cannot be parsed is a usage error.
    """
    told = {}
    for option in options:
        word, _, status = option.rpartition("=")
        if not word.strip() or status not in STATUSES:
            misused(f"--status {option}: expected a word, = and one of: {', '.join(STATUSES)}")
        told[word] = STATUSES[status]
    return told


def show_report(console: Console, file: Path, report: EnrolReport, *, as_json: bool) -> None:
    """Print the report of an import, or list the status words that stopped it."""
    if as_json:
        problems = [f"{file}:{number}: {problem}" for number, problem in report.problems]
        unknown = [asdict(word) for word in report.unknown]
        told = {"counts": report.counts, "problems": problems, "unknown_statuses": unknown}
        console.json(told | plain_editions(report))
    else:
        _show_counts(console, file, report)
    if report.unknown:
        _ask(console, file, report.unknown)


def tell_guess(console: Console, file: Path, lines: RosterFile) -> None:
    """Warn if the encoding of a file is only a guess: a file that is not UTF-8 is read as cp1252."""
    if lines.encoding == GUESS:
        console.warn(f"{file} is not UTF-8. It is read as {GUESS} (western European): look at a name with an accent.")


def _show_counts(console: Console, file: Path, report: EnrolReport) -> None:
    for words, count in report.counts.items():
        console.result(f"{count:>8}  {words}")
    if not report.unknown:
        show_editions(console, file, report)
    for number, problem in report.problems:
        console.warn(f"{file}:{number}: {problem}")
    if (more := report.left_out - report.told_of) > 0:
        console.warn(f"... and {more} more lines like these")


def _ask(console: Console, file: Path, unknown: Sequence[UnknownWord]) -> None:
    """Print the unknown status words, and the options by which the operator says what they mean."""
    lines = sum(word.count for word in unknown)
    console.warn(f"{file}: the status of {lines} line{'s' * (lines > 1)} is not known. Nothing was imported.")
    for word in unknown[:MOST_QUESTIONS]:
        console.warn(f"  {_shown(word.word)!r} in the column {word.column!r}, {_places(word)}")
    if len(unknown) > MOST_QUESTIONS:
        console.warn(f"  ... and {len(unknown) - MOST_QUESTIONS} more words")
    option = shlex.quote(_shown(unknown[0].word))
    console.warn("What does each word mean? Import again with your options, and one --status for each word:")
    console.warn(f"  digest readers import {shlex.quote(str(file))} ... --status {option}={'|'.join(STATUSES)}")
    console.warn("If a column does not say who gets letters, give it another name in the file.")


def _places(word: UnknownWord) -> str:
    listed = ", ".join(map(str, word.lines))
    if word.count == 1:
        return f"line {listed}"
    return f"{word.count} lines: {listed}{', ...' * (word.count > len(word.lines))}"


def _shown(word: str) -> str:
    """Return a status word, cut to its first LONGEST_WORD characters, with dots in place of e-mail addresses."""
    hidden = " ".join("..." if "@" in part else part for part in word.split())
    return hidden if len(hidden) <= LONGEST_WORD else f"{hidden[:LONGEST_WORD]}..."
