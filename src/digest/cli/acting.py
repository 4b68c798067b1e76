"""Commands that act on an edition: each is recorded in the audit log, a refused one too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from digest.cli.session import session
from digest.errors import DigestError, StorageError

if TYPE_CHECKING:
    from digest.app import App

FORMS = frozenset({"as_json"})
"""Options that are not recorded in the audit log, since they only change what is printed."""


@dataclass(slots=True)
class Acting:
    """A running command that acts on an edition."""

    app: App
    edition: str
    """The edition as the user named it. The command replaces it by the edition's full key, once that is known."""


@contextmanager
def acting(context: click.Context, edition: str) -> Iterator[Acting]:
    """Open the app for a command that acts on an edition. When the command has ended, record it in the audit log.

    ``edition`` is what the user typed. A refused command is recorded too. Nothing is recorded when the database fails.
    """
    from digest.pipeline.people.audit import note

    what, about = context.info_name or "", _given(context)
    with session(context).app() as app:
        doing = Acting(app, edition)
        try:
            yield doing
        except StorageError:
            raise
        except DigestError as error:
            entry = {**about, "edition": doing.edition, "why": str(error)}
            note(app.runtime, command_line(), what, entry, refused=True)
            raise
        note(app.runtime, command_line(), what, {**about, "edition": doing.edition})


def operator() -> str:
    """Return the operating system's name for the user who runs the command. Empty when it has none."""
    from getpass import getuser

    try:
        return getuser()
    except (KeyError, OSError, ImportError):
        return ""


def command_line() -> str:
    """Return the name under which the audit log records the user who runs the command."""
    from digest.pipeline.people.audit import COMMAND_LINE

    name = operator()
    return f"{COMMAND_LINE} ({name})" if name else COMMAND_LINE


def _given(context: click.Context) -> dict[str, object]:
    """Return the arguments and options that the user gave, as text."""
    given = {
        name: value
        for name, value in context.params.items()
        if name not in FORMS and context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }
    return {name: _as_text(value) for name, value in given.items()}


def _as_text(value: object) -> str:
    """Return an option's value as text. The values of an option that was given several times are separated by ``;``."""
    if not isinstance(value, tuple):
        return str(value)
    return "; ".join(": ".join(one) if isinstance(one, tuple) else str(one) for one in value)
