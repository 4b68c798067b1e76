"""Makes the content of the preview, and makes it again when the settings, a template or the stored draft changes."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from digest.app import App
from digest.data import data_folder
from digest.errors import DigestError, SettingsError, TemplateError
from digest.logs import get_logger
from digest.model.quarantine import is_items_fault
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.draft import Drafted, DraftProof, DraftState, drafted, picture, proof, standing
from digest.settings import Settings, brand_of

log = get_logger()

Load = Callable[[], Settings]
"""Reads the settings again. Raises SettingsError when they are wrong."""
Stamp = tuple[str, int, int]
"""The state of a file: its path, its modification time (nanoseconds), and its size in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The content of the preview. Missing parts are None, and ``problem`` gives the reason, with file and line."""

    version: str
    """A text that changes whenever the content changes, and with each start of the program."""
    settings: Settings | None = None
    standing: DraftState | None = None
    drafted: Drafted | None = None
    proof: DraftProof | None = None
    problem: str = ""
    other_database: bool = False
    """Whether the settings name another database than the one in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """Everything on which the content depends. The content is made again only when this changes."""

    settings: Settings | None
    standing: DraftState | None
    late: bool
    problem: str
    templates: tuple[Stamp, ...]

    @property
    def material(self) -> tuple[object, ...]:
        """The values on which the draft depends. The letter also depends on all others."""
        return (self.settings and (self.settings.editions, self.settings.rank), self.standing)


class Watch:
    """Gives the present preview of one edition. Threads may share it. Nothing is stored."""

    def __init__(self, app: App, load: Load, name: str, day: date | None) -> None:
        self._app = app
        self._load = load
        self._name = name
        self._day = day
        self._turn = threading.Lock()
        self._run = secrets.token_hex(4)
        self._count = 0
        self._seen: _Seen | None = None
        self._sight = Sight(version=self._run)

    def look(self) -> Sight:
        """Return the content of the preview. It is made again only if something changed since the last call."""
        with self._turn:
            seen = self._look_around()
            if seen != self._seen:
                before, self._seen = self._seen, seen
                self._count += 1
                self._sight = self._drawn(seen, before)
            return self._sight

    def now(self) -> datetime:
        """Return the current time."""
        return self._app.clock()

    def picture(self, name: str) -> bytes | None:
        """Return the file of the picture with this name. None when there is none."""
        return picture(self._app.runtime, name)

    def _look_around(self) -> _Seen:
        settings, found, problem = None, None, ""
        try:
            settings = self._load()
            found = standing(self._runtime(settings), self._name, self._day)
        except DigestError as error:
            problem = str(error)
        return _Seen(
            settings=settings,
            standing=found,
            late=found is not None and found.due.is_late(self.now()),
            problem=problem,
            templates=tuple(_stamps(templates_of(settings, self._name))),
        )

    def _runtime(self, settings: Settings) -> Runtime:
        return replace(self._app.runtime, settings=settings)

    def _drawn(self, seen: _Seen, before: _Seen | None) -> Sight:
        settings, found = seen.settings, seen.standing
        sight = Sight(version=f"{self._run}-{self._count}", settings=settings, standing=found, problem=seen.problem)
        if settings is None or found is None:
            return sight
        runtime = self._runtime(settings)
        sight = replace(sight, other_database=settings.database != self._app.settings.database)
        draft = self._sight.drafted
        try:  # errors are shown in place of the letter, and the next change makes a new attempt
            if draft is None or before is None or seen.material != before.material:
                draft = drafted(runtime, found)
            sight = replace(sight, drafted=draft)
            if draft.edition is not None:
                sight = replace(sight, proof=proof(runtime, found, draft.edition, draft.frozen))
        except (TemplateError, SettingsError) as error:
            sight = replace(sight, problem=str(error))
        except Exception as error:
            if not is_items_fault(error):
                raise
            log.exception("preview failed", edition=self._name)
            sight = replace(sight, problem=f"digest itself failed at it ({type(error).__name__}: {error})")
        return sight


def templates_of(settings: Settings | None, name: str) -> str | None:
    """Return the operator's folder of templates for an edition; None without one."""
    return brand_of(settings.brand, settings.editions.get(name)).templates if settings else None


def _stamps(folder: str | None) -> Iterator[Stamp]:
    """Yield the state of each file of the letter's templates: our own and those in the operator's folder."""
    for root in (data_folder() / "templates", *([Path(folder)] if folder else [])):
        for file in sorted((root / "email").rglob("*")):
            try:
                about = file.stat()
            except FileNotFoundError:
                continue  # an editor program's temporary file, deleted between listing and looking
            yield str(file), about.st_mtime_ns, about.st_size
