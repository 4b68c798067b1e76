"""One run of the command line: its global options, and the app that a command opens when it needs it."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from digest.cli.console import Console
from digest.logs import Format, Level, set_up

if TYPE_CHECKING:
    from digest.app import App
    from digest.settings import Settings

LEFT_OUT = 3
"""Exit code: done, with something left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The global options of one run of the command line."""

    config: Path | None
    quiet: bool
    verbose: int
    """How often the option ``-v`` was given: once logs info, twice debug."""
    log_format: Format | None = None

    @property
    def console(self) -> Console:
        """Return the console for output."""
        return Console(quiet=self.quiet)

    def log(self, level: Level | None = None, form: Format = "text") -> None:
        """Log events from ``level`` on in the format ``form``, unless the global options say otherwise.

        Without a level, nothing is logged.
        """
        asked: Level | None = ("info" if self.verbose == 1 else "debug") if self.verbose else level
        set_up(asked, self.log_format or form)

    @contextmanager
    def app(self, usual_level: Level | None = None, read: Callable[[], Settings] | None = None) -> Iterator[App]:
        """Open the app on the configuration.

        Events are logged as the configuration says, or else from ``usual_level`` on. ``read`` returns the settings; it
        is given by commands that will read the configuration again.

        Raises SettingsError and StorageError, which describe the problem.
        """
        with _loading():
            from digest.app import open_app
            from digest.configuration import load

        settings = read() if read else load(self.config, os.environ)
        self.log(settings.log.level or usual_level, settings.log.format)
        with open_app(settings) as app:
            yield app


@contextmanager
def draining() -> Iterator[threading.Event]:
    """Yield an event that is set by Ctrl-C and SIGTERM, so that the caller can finish its work.

    A second signal ends the program at once.
    """
    asked = threading.Event()

    def ask(_number: int, _frame: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _loading() -> Iterator[None]:
    """Switch garbage collection off for the imports in the block, and exclude the imported modules from it later.

    Garbage collection during imports and at the exit takes a fifth of a small command's time (measured).
    """
    gc.disable()
    try:
        yield
    finally:
        _keep_loaded()
        gc.enable()


@cache
def _keep_loaded() -> None:
    """Exclude all loaded objects from garbage collection.

    It is done once per process, since a later call might keep garbage of an earlier command.
    """
    gc.freeze()


def session(context: click.Context) -> Session:
    """Return the global options of this run, which the main command stored in click's context."""
    found = context.obj
    if not isinstance(found, Session):
        raise TypeError("a command runs below the front door only")
    return found


def local_date(text: str | None) -> date | None:
    """Return the date that an option gives, such as ``2026-11-23``; None without the option.

    A wrong date is a usage error.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        misused(f"{text!r} is not a date such as 2026-11-23")


def misused(words: str) -> NoReturn:
    """End with exit code 2: the command was called wrongly."""
    raise click.UsageError(words)


def failed() -> NoReturn:
    """End with exit code 1: nothing was done, and the reason was printed."""
    raise click.exceptions.Exit(1)


def left_out() -> NoReturn:
    """End with exit code 3: done, with something left out."""
    raise click.exceptions.Exit(LEFT_OUT)
