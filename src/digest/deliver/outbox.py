"""The file transport: every letter a file, written whole or not at all."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

from digest.deliver.replies import Fate, Verdict
from digest.deliver.smtp import Parcel
from digest.deliver.transport import Feed
from digest.errors import OutboxUnwritable

_UNSAFE = re.compile(r"[^A-Za-z0-9@._+-]+")
_NAME_LENGTH = 80


class Outbox:
    """A folder that gets one ``.eml`` file for each letter.

    The name follows from letter and recipient, and a retry writes the same bytes: writing twice leaves one letter,
    so this transport never hands over anything whose fate could be unknown.
    """

    lanes = 1

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def name(self) -> str:
        """The folder."""
        return f"file:{self._folder}"

    async def carry(self, feed: Feed) -> None:
        """Write what the feed gives; see Transport."""
        while await feed.more():
            while (parcel := feed.take()) is not None:
                try:
                    path = await asyncio.to_thread(self._write, parcel)
                except OSError as error:
                    feed.settle(parcel, Verdict(Fate.RETURNED, reply=str(error.strerror)))
                    raise OutboxUnwritable(
                        f"{self._folder}: letters cannot be written there ({error.strerror}); make room or give rights"
                    ) from error
                feed.settle(parcel, Verdict(Fate.ACCEPTED, reply=f"written to {path.name}"))

    def _write(self, parcel: Parcel) -> Path:
        self._make_folder()
        path = self._folder / file_name(parcel)
        draft = path.with_suffix(".part")
        try:
            with draft.open("wb") as file:
                file.write(parcel.message)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        _sync_folder(self._folder)
        return path

    def _make_folder(self) -> None:
        """Make the folder, and the one that it lies in, for us alone: the letters name their readers."""
        self._folder.parent.parent.mkdir(parents=True, exist_ok=True)
        for folder in (self._folder.parent, self._folder):
            folder.mkdir(mode=0o700, exist_ok=True)


def file_name(parcel: Parcel) -> str:
    """Return the file's name: the letter's number, then the recipient in characters that every disk takes."""
    return f"{parcel.id:06d}-{_UNSAFE.sub('_', parcel.recipient)[:_NAME_LENGTH]}.eml"


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power failure as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
