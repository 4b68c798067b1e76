"""The file transport: every letter becomes a file, written completely or not at all."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

from digest.deliver.protocol.replies import Fate, Verdict
from digest.deliver.protocol.smtp import Parcel
from digest.deliver.transports.transport import Feed
from digest.errors import OutboxUnwritable
from digest.private_files import make_folder, private, sync_folder

_UNSAFE = re.compile(r"[^A-Za-z0-9@._+-]+")
_NAME_LENGTH = 80
WRITTEN = "written to "
"""Beginning of the reply for a letter that was written. The name of its file follows."""


class FileTransport:
    """A folder that gets one ``.eml`` file for each letter.

    The file name depends only on letter and recipient, and a retry writes the same bytes. Writing twice leaves one
    letter, so no letter of this transport is ever uncertain.
    """

    lanes = 1

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def name(self) -> str:
        """The folder."""
        return f"file:{self._folder}"

    async def carry(self, feed: Feed) -> None:
        """Write the feed's letters; see Transport."""
        while await feed.more():
            while (parcel := feed.take()) is not None:
                try:
                    path = await asyncio.to_thread(self._write, parcel)
                except OSError as error:
                    feed.settle(parcel, Verdict(Fate.RETURNED, reply=str(error.strerror)))
                    raise OutboxUnwritable(
                        f"{self._folder}: letters cannot be written there ({error.strerror}); make room or give rights"
                    ) from error
                feed.settle(parcel, Verdict(Fate.ACCEPTED, reply=f"{WRITTEN}{path.name}"))

    def _write(self, parcel: Parcel) -> Path:
        make_folder(self._folder)
        path = self._folder / file_name(parcel)
        draft = path.with_suffix(".part")
        try:
            with os.fdopen(private(draft), "wb") as file:
                file.write(parcel.message)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        sync_folder(self._folder)
        return path


def file_name(parcel: Parcel) -> str:
    """Return the file's name: the letter's number, then the recipient in characters that every file system accepts."""
    return f"{parcel.id:06d}-{_UNSAFE.sub('_', parcel.recipient)[:_NAME_LENGTH]}.eml"
