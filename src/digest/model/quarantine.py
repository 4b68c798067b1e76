"""What is set aside: one item of many at which the program itself failed, kept until somebody has looked at it."""

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
"""Of an item's input that are kept."""
MOST_KEY_CHARACTERS = 500
MOST_ERROR_CHARACTERS = 500
MOST_TRACE_CHARACTERS = 20_000
MOST_STARTS = 2
"""How often an item may take its process down with it; the next start leaves it alone."""
_MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EIO, errno.EROFS, errno.ENOMEM})


class ItemKind(Enum):
    """What the corridor takes one by one."""

    SOURCE = "source"
    """The key is its address."""
    ROBOTS = "robots"
    """The key is the origin whose robots.txt it is."""
    FRONT_PAGE = "front-page"
    SITEMAP = "sitemap"
    ENTRY = "entry"
    PAGE = "page"
    STORY = "story"
    """The key is the id of the article that leads it."""
    PICTURE = "picture"
    BOUNCE = "bounce"
    """A mail from the bounce box; the key is the SHA-256 of its bytes."""
    REQUEST = "request"
    """A sign-up that waits for its mail."""
    MAIL = "mail"
    """A mail to one person."""
    LETTER = "letter"
    """One reader's copy of an edition."""
    ROW = "row"
    """A line of an imported file: a reader, or a feed of an OPML file."""
    FURNITURE = "furniture"
    """The lines that a source repeats, as they are learnt; the key is its address."""
    RECORD = "record"
    """A row of the database that cannot be read; the key is its table and its number."""
    ISSUE = "issue"
    """An edition as the archive and its feed show it."""
    ACCOUNT = "account"
    """An article as a report explains or checks it."""
    JOB = "job"
    """A scheduled piece of work. It is tried again in its time: an edition that is due is not given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """An item that was set aside, and what went wrong with it."""

    kind: ItemKind
    key: str
    error: str
    """One line."""
    trace: str
    data: bytes
    """The beginning of its input, MOST_INPUT_BYTES at most; empty when it was not in hand, or not kept."""
    at: datetime
    id: int = 0
    """Its number in the quarantine; 0 before it is stored."""


Guard = Callable[[ItemKind, str, bytes], AbstractContextManager[None]]
"""Surrounds the work on one item, named by its kind and key, with its input (empty before it is in hand).

Raises ItemSetAside when an unforeseen exception leaves the block, and for an item set aside before.
"""


def unguarded(_kind: ItemKind, _key: str, _data: bytes) -> AbstractContextManager[None]:
    """Surround the work with nothing: unforeseen exceptions pass."""
    return nullcontext()


def machines_fault(error: BaseException | None) -> OSError | None:
    """Return the full disk, or the lack of descriptors or memory, that an exception comes from; None when none is."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _MACHINE:
            return error
        error = error.__cause__ or error.__context__
    return None


def is_items_fault(error: BaseException) -> bool:
    """Tell whether an exception costs only the item at hand.

    What is foreseen has its own handling; a lost database, a full disk, no free descriptors, and a request to stop
    are nobody's fault, and the whole run has to know of them. A value that the database refuses is the item's.
    """
    if isinstance(error, OSError) and error.errno in _MACHINE:
        return False
    return isinstance(error, RefusedValue) or (isinstance(error, Exception) and not isinstance(error, DigestError))


def set_aside(kind: ItemKind, key: str, data: bytes, error: BaseException, at: datetime) -> SetAside:
    """Return an item as it is set aside for an exception: bounded, and in characters that every database takes."""
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
    """Return an item's key as it is stored: an index takes no address of thousands of characters."""
    plain = storable(key)
    if len(plain) <= MOST_KEY_CHARACTERS:
        return plain
    return f"{plain[: MOST_KEY_CHARACTERS - 70]}...{sha256(plain.encode()).hexdigest()}"


def storable(text: str) -> str:
    """Return ``text`` without what no database takes: surrogates and NUL are written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
