"""The manifest of a backup: a list of its files with their checksums, written last and read first."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from digest.errors import BackupError, DamagedBackup
from digest.private_files import write_private

NAME = "manifest.json"
FORMAT = 1
BACKUP = re.compile(r"digest-\d{8}T\d{6}Z")
"""Form of a backup's name: the second (UTC) in which the backup was begun. So names sort by age."""


class SavedFile(Struct, frozen=True, kw_only=True):
    """One file of a backup."""

    path: str
    """Its path in the backup."""
    home: str
    """Where the file belongs: relative to the installation's folder, or an absolute path; empty for the database."""
    size: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """All that is stored about a backup."""

    format: int
    program: str
    """Version of the program that made it."""
    made_at: datetime
    """When the backup was begun. The database is copied at this moment or slightly later."""
    kind: str
    """Kind of the database: sqlite or postgresql."""
    schema: str
    rows: dict[str, int]
    config: str
    """Where the settings file belongs."""
    environment: tuple[str, ...]
    """Names of the environment variables that also set something; their values are not in the backup."""
    files: tuple[SavedFile, ...]


def saved(folder: Path, path: str, home: str) -> SavedFile:
    """Return the manifest's entry for the file ``path`` of a backup; ``home`` is where the file belongs."""
    file = folder / path
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256")
    return SavedFile(path=path, home=home, size=file.stat().st_size, sha256=digest.hexdigest())


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, which completes a backup."""
    write_private(folder / NAME, msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup; raises BackupError when it is missing, DamagedBackup when it cannot be read."""
    try:
        content = (folder / NAME).read_bytes()
    except FileNotFoundError:
        raise BackupError(f"{folder}: no backup lies there (no {NAME})") from None
    try:
        found = msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DamagedBackup(f"{folder / NAME}: {error}") from error
    if found.format != FORMAT:
        raise BackupError(f"{folder}: a backup of format {found.format}; digest {found.program} can restore it")
    return found


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compare every file with the manifest; raises DamagedBackup at the first that differs."""
    for entry in manifest.files:
        if (folder / entry.path).resolve().is_relative_to(folder.resolve()) and (folder / entry.path).is_file():
            if saved(folder, entry.path, entry.home) != entry:
                raise DamagedBackup(f"{folder / entry.path}: differs from what was saved: restore another backup")
        else:
            raise DamagedBackup(f"{folder / entry.path}: is missing: restore another backup")


def backups(folder: Path) -> Iterator[Path]:
    """Yield the complete backups in a folder, the oldest first."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if BACKUP.fullmatch(path.name) and (path / NAME).is_file():
            yield path


def newest(place: Path) -> Path:
    """Return the backup at this path, or the newest in this folder; raises BackupError when there is none."""
    found = place if (place / NAME).is_file() else next(reversed(tuple(backups(place))), None)
    if found is None:
        raise BackupError(f"{place}: no backup lies there")
    return found
