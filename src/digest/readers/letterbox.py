"""Reads mails from files: one mail in a file, an mbox, a Maildir, or a folder of ``.eml`` files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from digest.readers.events import posted
from digest.readers.mime import MOST_BYTES

_LONGEST_LINE = 1_000_000
_ENVELOPE = re.compile(rb"From \S+ +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b")
"""The line before each mail of an mbox (RFC 4155): ``From``, sender and date.

The text of a mail may contain lines with ``From`` as well, but without a date.
"""


def mails_in(path: Path) -> Iterator[bytes]:
    """Yield the mails of a file or folder, each cut to MOST_BYTES bytes. Raises OSError.

    A file that begins with an envelope line is an mbox (RFC 4155). From a Maildir, the mails of ``new`` and ``cur`` are
    read. From another folder, the files with the ending ``.eml`` are read, in the order of their names.
    """
    if not path.is_dir():
        with path.open("rb") as file:
            yield from mails_of(file)
        return
    inner = [folder for folder in (path / "new", path / "cur") if folder.is_dir()]
    found = [file for folder in inner for file in sorted(folder.iterdir())] if inner else sorted(path.glob("*.eml"))
    for each in found:
        if each.is_file():
            with each.open("rb") as file:
                yield file.read(MOST_BYTES)


def mails_of(file: BinaryIO) -> Iterator[bytes]:
    """Yield the mails of an open file, which holds an mbox, a JSON list of events, or one mail.

    An empty file has none.
    """
    line = file.readline(_LONGEST_LINE)
    if _ENVELOPE.match(line):
        yield from _of_mbox(file)
    elif line:
        yield from posted((line + file.read(max(0, MOST_BYTES - len(line))))[:MOST_BYTES])


def _of_mbox(file: BinaryIO) -> Iterator[bytes]:
    mail, empty = bytearray(), False
    for line in iter(lambda: file.readline(_LONGEST_LINE), b""):
        if empty and _ENVELOPE.match(line):
            yield bytes(mail[:MOST_BYTES])
            mail.clear()
        elif len(mail) < MOST_BYTES:
            mail += line
        empty = not line.strip()
    yield bytes(mail[:MOST_BYTES])
