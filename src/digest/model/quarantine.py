"""Quarantined items: digest itself failed on them. They are kept until somebody has looked at them."""

from __future__ import annotations

import errno
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from hashlib import sha256

from digest.errors import DigestError, Mishandled, RefusedValue

MOST_INPUT_BYTES = 65_536
"""Number of bytes that are kept of an item's input."""
MOST_KEY_CHARACTERS = 500
MOST_ERROR_CHARACTERS = 500
MOST_TRACE_CHARACTERS = 20_000
MOST_STARTS = 2
"""An item may crash its process in this many starts. The next start skips the item."""
_MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EIO, errno.EROFS, errno.ENOMEM})


class ItemKind(Enum):
    """The kinds of items that the pipeline processes one by one."""

    SOURCE = "source"
    """The key is the source's address."""
    ROBOTS = "robots"
    """The key is the origin of the robots.txt."""
    FRONT_PAGE = "front-page"
    SITEMAP = "sitemap"
    ENTRY = "entry"
    PAGE = "page"
    STORY = "story"
    """The key is the id of the story's lead article."""
    PICTURE = "picture"
    BLOCK = "block"
    """A block of a letter; the key is the edition and the block's kind."""
    BOUNCE = "bounce"
    """A mail from the bounce mailbox; the key is the SHA-256 of its bytes."""
    REQUEST = "request"
    """A sign-up whose mail is not yet sent."""
    MAIL = "mail"
    """A mail to one person."""
    LETTER = "letter"
    """One reader's copy of an edition."""
    ROW = "row"
    """A line of an imported file: a reader, or a feed of an OPML file."""
    FURNITURE = "furniture"
    """The lines that a source repeats on every page. The key is the source's address."""
    RECORD = "record"
    """A row of the database that cannot be read; the key is its table and its number."""
    ISSUE = "issue"
    """An edition in the public archive and in the archive's feed."""
    ACCOUNT = "account"
    """An article in a report of the commands that explain or check it."""
    JOB = "job"
    """A scheduled job. It is tried again at its next time, so no edition that is due is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A quarantined item, with its error and its input."""

    kind: ItemKind
    key: str
    error: str
    """The error in one line."""
    trace: str
    data: bytes
    """The beginning of its input, at most MOST_INPUT_BYTES; empty when it was not available or not kept."""
    at: datetime
    id: int = 0
    """Its number in the quarantine; 0 before it is stored."""


Guard = Callable[[ItemKind, str, bytes], AbstractContextManager[None]]
"""A context manager around the work on one item: kind, key and input (empty while it is not available).

Raises ItemSetAside when an unforeseen exception leaves the block, and for an item that is already quarantined.
"""


def unguarded(_kind: ItemKind, _key: str, _data: bytes) -> AbstractContextManager[None]:
    """Do nothing around the work on an item: unforeseen exceptions pass through."""
    return nullcontext()


def machines_fault(error: BaseException | None) -> OSError | None:
    """Return the operating system's error behind an exception (disk full, no descriptors, no memory); else None."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _MACHINE:
            return error
        error = error.__cause__ or error.__context__
    return None


def is_items_fault(error: BaseException) -> bool:
    """Return whether an exception is the fault of the current item only.

    Foreseen errors have their own handling. A lost database, a full disk, missing descriptors and a request to stop
    concern the whole run. A value that the database refuses is the item's fault.
    """
    if isinstance(error, OSError) and error.errno in _MACHINE:
        return False
    return isinstance(error, RefusedValue) or (isinstance(error, Exception) and not isinstance(error, DigestError))


def set_aside(kind: ItemKind, key: str, data: bytes, error: BaseException, at: datetime) -> SetAside:
    """Return a quarantined item for an exception, with limited lengths and characters that every database accepts."""
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, Mishandled) and error.__cause__ is not None:
        error = error.__cause__
    words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return SetAside(
        kind=kind,
        key=short_key(key),
        error=storable(" ".join(words.split()))[:MOST_ERROR_CHARACTERS],
        trace=storable(trace)[-MOST_TRACE_CHARACTERS:],
        data=bytes(data)[:MOST_INPUT_BYTES],
        at=at,
    )


def short_key(key: str) -> str:
    """Return an item's key as it is stored: shortened, since an index accepts no address of thousands of characters."""
    plain = storable(key)
    if len(plain) <= MOST_KEY_CHARACTERS:
        return plain
    return f"{plain[: MOST_KEY_CHARACTERS - 70]}...{sha256(plain.encode()).hexdigest()}"


def storable(text: str) -> str:
    """Return ``text`` with surrogates and NUL as escapes, since no database accepts them."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
