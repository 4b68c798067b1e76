"""``digest restore``: restores a backup here or on another machine; restoring itself sends no mail."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from digest.errors import BackupError, SchemaMismatch
from digest.logs import get_logger
from digest.pipeline.keeping.backup import SECRETS, check_backup
from digest.pipeline.keeping.manifest import Manifest, SavedFile, read_manifest
from digest.pipeline.keeping.restored import Held, hold
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.private_files import make_folder, write_private
from digest.settings import Settings
from digest.storage.dump import Dump
from digest.storage.engine import REVISION, Database
from digest.storage.loading import loaded, require_target
from digest.storage.since_backup import keep_away, standings

JOURNAL = ".journal"
CUT = b"J restored\n"
"""First line of a restored journal.

It says that records in the journal are valid, but a missing record proves nothing.
"""

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """The result of restoring a backup."""

    folder: Path
    manifest: Manifest
    held: Held
    carried: int | None
    """How many changes of readers since the backup, such as leaving, came from the old database; None without one."""
    placed: tuple[str, ...]
    """Files that were restored."""
    kept: tuple[str, ...]
    """Files that existed with other contents, and were left as they are."""
    aside: tuple[Path, ...]
    """Files that were there before, under their new names."""
    missing: tuple[str, ...]
    """Environment variables that were set where the backup was made, and are not set now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a backup is restored: the installation's folder, its settings file, and whether to move old files aside.

    ``load`` reads a settings file together with the environment, as the program does.
    """

    config: Path
    home: Path
    replace: bool
    environment: Mapping[str, str]
    load: Callable[[Path], Settings]
    clock: Callable[[], datetime]


def restore(backup: Path, target: Target) -> Restored:
    """Restore a backup; everything is checked before anything is changed.

    Raises BackupError and StorageError (their subclasses say what prevents it), and OSError with a file's name.
    """
    manifest = read_manifest(backup)
    check_backup(backup, manifest)
    if manifest.schema > REVISION:
        raise SchemaMismatch(
            f"{backup} has schema {manifest.schema}, newer than this program ({REVISION}): upgrade the program, or use "
            f"digest {manifest.program}"
        )
    settings = _settings(backup, manifest, target)
    database = Database(settings.database.url, target.home)
    try:
        require_target(database, manifest.kind, replace=target.replace)
        _require_same_secrets(backup, manifest, target)
        return _restored(backup, manifest, target, settings, database)
    finally:
        database.close()


def _settings(backup: Path, manifest: Manifest, target: Target) -> Settings:
    """Return the settings of the restored installation: from the settings file there, or else from the backup."""
    there = target.config if target.config.exists() else backup / _entry(manifest, manifest.config).path
    return target.load(there)


def _entry(manifest: Manifest, home: str) -> SavedFile:
    found = next((entry for entry in manifest.files if entry.home == home), None)
    if found is None:
        raise BackupError(f"the backup has no {home}")
    return found


def _require_same_secrets(backup: Path, manifest: Manifest, target: Target) -> None:
    """Raise BackupError when the keys here differ from the backup's: links in sent letters would stop working."""
    for entry in manifest.files:
        place = _place(entry, manifest, target)
        asked = place.name == SECRETS and place.exists() and not target.replace
        if asked and place.read_bytes() != (backup / entry.path).read_bytes():
            raise BackupError(
                f"{place}: other keys than the backup's: links in letters that went out would break; "
                "--replace sets these aside"
            )


def _restored(backup: Path, manifest: Manifest, target: Target, settings: Settings, database: Database) -> Restored:
    stamp = f"before-restore-{target.clock():%Y%m%dT%H%M%SZ}"
    placed, kept, aside = _put_files(backup, manifest, target, stamp)
    old = _aside(database, target.home, stamp)
    expected = Dump(kind=manifest.kind, schema=manifest.schema, rows=manifest.rows)
    known = standings(database) if target.replace else None
    database.close()
    with loaded(database, backup, expected, old) as made:
        made.upgrade()
        made.require_schema()
        carried = keep_away(made, known, target.clock()) if known else None
        held = hold(Runtime(settings=settings, stores=Stores(made), clock=target.clock), manifest.made_at)
    log.info("restored", schema=manifest.schema, rows=sum(manifest.rows.values()), files=len(placed))
    return Restored(
        folder=backup,
        manifest=manifest,
        held=held,
        carried=carried,
        placed=tuple(placed),
        kept=tuple(kept),
        aside=(*aside, *((old,) if old.exists() else ())),
        missing=tuple(name for name in manifest.environment if name not in target.environment),
    )


def _aside(database: Database, home: Path, stamp: str) -> Path:
    return (
        database.file.with_name(f"{database.file.name}.{stamp}") if database.is_sqlite else home / f"database.{stamp}"
    )


def _put_files(backup: Path, manifest: Manifest, target: Target, stamp: str) -> tuple[list[str], list[str], list[Path]]:
    """Write the files of the backup. Return the written ones, those that stay as they are, and those that were renamed.

    Existing journals and marks are newer than the backup's, and stay.
    """
    placed: list[str] = []
    kept: list[str] = []
    aside: list[Path] = []
    for entry in manifest.files:
        if not entry.home:
            continue
        place, content = _place(entry, manifest, target), (backup / entry.path).read_bytes()
        if place.suffix == JOURNAL:
            content = CUT + content.partition(b"\n")[2]
        if place.exists():
            if place.suffix in {JOURNAL, ".sent"} or place.read_bytes() == content:
                continue
            if not (target.replace and place.name == SECRETS):
                kept.append(str(place))
                continue
            aside.append(place.with_name(f"{place.name}.{stamp}"))
            os.link(place, aside[-1])
        make_folder(place.parent)
        write_private(place, content)
        placed.append(str(place))
    return placed, kept, aside


def _place(entry: SavedFile, manifest: Manifest, target: Target) -> Path:
    """Return where a file of the backup belongs in the target.

    The settings file may have another name there, and the file of secrets is beside it.
    """
    if entry.home == manifest.config:
        return target.config
    if Path(entry.home).parent == Path(manifest.config).parent:
        return target.config.parent / Path(entry.home).name
    return target.home / entry.home  # `/` keeps an absolute path unchanged


def lines(done: Restored) -> Iterator[str]:
    """Yield what the operator needs to know."""
    made = done.manifest
    rows, files = sum(made.rows.values()), len(done.placed)
    yield f"Restored {done.folder.name}: {rows} rows, {files} files, made by digest {made.program}"
    for old in done.aside:
        yield f"Set aside: {old}"
    for path in done.kept:
        yield f"Left as it was, though the backup's is different: {path}"
    if done.missing:
        yield f"Set where the backup was made, and not here: {', '.join(done.missing)}"
    if done.held.mails:
        yield f"Not sent: {done.held.mails} mails to one person (confirmations, links); they may have gone before"
    if done.held.settled:
        yield f"{done.held.settled} letters left while the backup was made, or may have: nobody gets them again"
    for edition, word in done.held.editions:
        yield f"Held: {edition} may have gone since {made.made_at:%Y-%m-%d %H:%M} UTC. If it did not: {word}"
    if done.carried is not None:
        yield f"{done.carried} readers who left since the backup, or were suppressed, stay away as they were"
        yield f"{done.held.readers} readers get letters"
    else:
        yield (
            f"{done.held.readers} readers get letters as of the backup: who left or complained since is among them "
            "again; `digest readers remove` those that you know of"
        )
    yield "An edition that was sent ahead of its time since (send --now) goes out again: `digest skip` it"
