"""``digest backup``: copies the database, the settings with their secrets, and the journals, and checks the copies.

A backup is written under a temporary name. It gets its final name after all of it was read again, so every backup with
a final name is complete. A backup can be made at any time, also while letters are sent. The journals are copied after
the database, and runs that end meanwhile keep theirs. So a letter that was sent in between is in a journal, and
restoring finds it there.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from digest import __version__
from digest.deliver.ledger.journal import kept
from digest.errors import BackupError
from digest.logs import get_logger
from digest.pipeline.keeping.manifest import (
    FORMAT,
    Manifest,
    SavedFile,
    backups,
    check_files,
    read_manifest,
    saved,
    write_manifest,
)
from digest.pipeline.sending.settling import JOURNALS
from digest.private_files import NEW, make_folder, private, sync_folder
from digest.settings import Settings, brand_of
from digest.storage.dump import FILES, check, dump
from digest.storage.dump import Dump as DumpOf
from digest.storage.engine import Database

PARTIAL = ".partial-"
"""Prefix of the name of a backup that is being written."""
GONE = ".gone-"
LOCK = ".lock"
PREFIX = "DIGEST_"
SECRETS = "secrets.toml"

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A backup that was made, and the older ones that were removed."""

    folder: Path
    manifest: Manifest
    removed: tuple[Path, ...]

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return sum(file.size for file in self.manifest.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What a backup contains: the settings, their file, the database. ``environment`` may override settings."""

    settings: Settings
    config: Path
    database: Database
    environment: Mapping[str, str]

    @property
    def home(self) -> Path:
        """The folder that relative paths start from."""
        return Path(self.settings.folder).resolve()


def back_up(installation: Installation, into: Path, now: datetime, keep: int | None = None) -> Made:
    """Write a backup into a new folder in ``into``. With ``keep``, only so many backups stay there, the newest.

    Raises BackupError, and OSError that names a file that cannot be read or written. After an error the unfinished
    backup is removed, and earlier backups stay.
    """
    name = f"digest-{now:%Y%m%dT%H%M%SZ}"
    make_folder(into)
    with _alone(into):
        for left in into.glob(f"{PARTIAL}*"):  # left by a killed run
            shutil.rmtree(left)
        if (into / name).exists():
            raise BackupError(f"{into / name}: exists already")
        draft = into / f"{PARTIAL}{name}"
        try:
            _write(installation, draft, now)
            draft.rename(into / name)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        sync_folder(into)
        removed = _thin_out(into, keep)
    made = Made(folder=into / name, manifest=read_manifest(into / name), removed=removed)
    log.info("backed up", bytes=made.size, files=len(made.manifest.files), removed=len(removed))
    return made


@contextmanager
def _alone(into: Path) -> Iterator[None]:
    """Hold the lock of the folder while the block runs, so that no other backup is made there."""
    handle = private(into / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise BackupError(f"{into}: another backup is being written there") from None
    finally:
        os.close(handle)


def _write(installation: Installation, draft: Path, now: datetime) -> None:
    make_folder(draft)
    with kept(installation.home / JOURNALS):
        dumped = dump(installation.database, draft)
        files = [saved(draft, FILES[dumped.kind], ""), *_copied(installation, draft)]
    manifest = Manifest(
        format=FORMAT,
        program=__version__,
        made_at=now,
        kind=dumped.kind,
        schema=dumped.schema,
        rows=dict(dumped.rows),
        config=_home_of(installation.config.resolve(), installation.home),
        environment=tuple(sorted(name for name in installation.environment if name.startswith(PREFIX))),
        files=tuple(files),
    )
    write_manifest(draft, manifest)
    check_backup(draft, manifest)
    for folder in {draft, *(path.parent for path in draft.rglob("*"))}:
        sync_folder(folder)


def check_backup(folder: Path, manifest: Manifest) -> None:
    """Read the whole backup and compare it with its manifest; raises DamagedBackup."""
    check_files(folder, manifest)
    found = DumpOf(kind=manifest.kind, schema=manifest.schema, rows=manifest.rows)
    check(folder / FILES[manifest.kind], found)


def _copied(installation: Installation, draft: Path) -> Iterator[SavedFile]:
    """Copy the files of an installation, and yield each.

    A journal that was deleted meanwhile is skipped: it is not needed.
    """
    home = installation.home
    for number, path in enumerate(dict.fromkeys(each.resolve() for each in _wanted(installation))):
        inside = path.is_relative_to(home)
        place = f"files/{path.relative_to(home).as_posix()}" if inside else f"elsewhere/{number}-{path.name}"
        with suppress(FileNotFoundError):
            _copy(path, draft / place)
            yield saved(draft, place, _home_of(path, home))


def _home_of(path: Path, home: Path) -> str:
    return path.relative_to(home).as_posix() if path.is_relative_to(home) else path.as_posix()


def _wanted(installation: Installation) -> Iterator[Path]:
    settings, home, config = installation.settings, installation.home, installation.config
    yield from (config, config.parent / SECRETS)
    if config.resolve().parent != home:  # a separate settings folder: all of it belongs to us
        yield from (path for path in sorted(config.parent.iterdir()) if path.is_file())
    if settings.mail.dkim_key_file:
        yield home / settings.mail.dkim_key_file
    yield from (home / plan.holidays_file for plan in settings.editions.values() if plan.holidays_file)
    own = (brand_of(settings.brand, plan) for plan in settings.editions.values())
    for look in (settings.brand, *own):
        if look.templates:
            yield from (path for path in sorted((home / look.templates).rglob("*")) if path.is_file())
        if look.logo:
            yield home / look.logo
    blocks = (block for plan in settings.editions.values() for block in plan.blocks)
    files = (file for block in blocks for file in (block.source, block.picture))
    yield from (home / file for file in files if file and "://" not in file)
    for kind in ("*.sent", "*.journal"):  # so the journals have every letter that a mark counts
        yield from sorted((home / JOURNALS).glob(kind))


def _copy(source: Path, target: Path) -> None:
    """Copy a file so that only its owner can read it, and write it to the disk."""
    with source.open("rb") as content:
        make_folder(target.parent)
        with os.fdopen(private(target, NEW), "wb") as out:
            shutil.copyfileobj(content, out)
            out.flush()
            os.fsync(out.fileno())


def _thin_out(into: Path, keep: int | None) -> tuple[Path, ...]:
    """Remove all but the newest ``keep`` backups, and return the removed ones.

    Each is renamed first, so that one that is removed in part does not look complete.
    """
    old = tuple(backups(into))[:-keep] if keep else ()
    for path in old:
        gone = path.rename(path.with_name(f"{GONE}{path.name}"))
        shutil.rmtree(gone)
    for left in into.glob(f"{GONE}*"):
        shutil.rmtree(left, ignore_errors=True)
    return old
