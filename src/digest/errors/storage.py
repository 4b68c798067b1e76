"""Errors of the database and of backups."""

from __future__ import annotations

from digest.errors.program import Advice, DigestError


class StorageError(DigestError):
    """The database cannot be used."""


class DatabaseBusy(StorageError):  # noqa: N818 - a leaf class is named after what happened
    """Another process held the write lock for longer than the lock timeout."""

    advice = Advice.RETRY


class DatabaseFull(StorageError):  # noqa: N818
    """The disk is full; everything stored before is intact."""


class InOtherHands(StorageError):  # noqa: N818
    """Another process took over this process's work; everything done so far is stored."""

    advice = Advice.RETRY


class RefusedValue(StorageError):  # noqa: N818
    """The database does not accept a value: a NUL character, a number that is too large, a broken constraint."""

    advice = Advice.SKIP


class SchemaMismatch(StorageError):  # noqa: N818
    """The schema is older or newer than the program."""


class TargetNotEmpty(StorageError):  # noqa: N818
    """The database that is to receive a copy already has rows."""


class LivingDatabase(StorageError):  # noqa: N818
    """Other processes are connected to the database that is to be replaced or copied."""


class BackupError(DigestError):
    """A backup cannot be made, or cannot be restored here; nothing was changed."""


class DamagedBackup(BackupError):  # noqa: N818
    """A file of the backup is missing, or differs from its manifest."""


class MissingTool(BackupError):  # noqa: N818
    """A program from another package is needed but not installed."""
