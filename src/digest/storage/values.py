"""Values in columns: a frozen dataclass as JSON text, read back as the same value."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import Dialect, Text, TypeDecorator

from digest.model.ids import EditionKey
from digest.model.letter import Letter, Slot

T = TypeVar("T")


_LEARNING = threading.Lock()
"""Held while msgspec learns a type, which two threads must not do at once."""


@cache
def _known(kind: Any) -> msgspec.json.Decoder[Any]:  # noqa: ANN401 - any type that msgspec knows
    return msgspec.json.Decoder(kind)


def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:  # noqa: ANN401 - any type that msgspec knows
    with _LEARNING:
        return _known(kind)


Unreadable = Callable[[str, str, Exception], None]
"""Takes note of a row that cannot be read: its key, what is written in it, and why."""


def refuse(_key: str, _written: str, error: Exception) -> None:
    """Let a row that cannot be read end the question."""
    raise error


def readable(kind: Callable[..., T], rows: Iterable[tuple[str, str]], unreadable: Unreadable) -> Iterator[T]:
    """Yield the values that (key, JSON) rows tell; ``unreadable`` takes note of those that tell none."""
    for key, written in rows:
        try:
            value: T = _decoder(kind).decode(written)
        except (msgspec.MsgspecError, ValueError) as error:
            unreadable(key, written, error)
        else:
            yield value


class Value(TypeDecorator[T], Generic[T]):
    """A column that holds one value of ``kind``; the JSON is deterministic, fields in the order of the class."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:  # noqa: ANN401 - a class, or a tuple[...] of one
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the value as JSON."""
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> T | None:  # noqa: ANN401, ARG002
        """Return the value that the JSON tells; msgspec.ValidationError when another version wrote it differently."""
        return None if value is None else _decoder(self.kind).decode(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Segment:
    """A segment of a letter so that JSON tells bytes (in base64) from slots."""

    data: bytes = b""
    slot: Slot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _StoredLetter:
    """A Letter in the form in which it is stored."""

    edition: EditionKey
    language: str
    subject: str
    html: str
    text: str
    segments: tuple[_Segment, ...]


class FrozenLetter(TypeDecorator[Letter]):
    """A column that holds a Letter, byte for byte."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Letter | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the letter as JSON."""
        if value is None:
            return None
        segments = tuple(_Segment(slot=s) if isinstance(s, Slot) else _Segment(data=s) for s in value.segments)
        stored = _StoredLetter(
            edition=value.edition,
            language=value.language,
            subject=value.subject,
            html=value.html,
            text=value.text,
            segments=segments,
        )
        return msgspec.json.encode(stored).decode()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Letter | None:  # noqa: ANN401, ARG002
        """Return the letter that was stored."""
        if value is None:
            return None
        stored: _StoredLetter = _decoder(_StoredLetter).decode(value)
        return Letter(
            edition=stored.edition,
            language=stored.language,
            subject=stored.subject,
            html=stored.html,
            text=stored.text,
            segments=tuple(segment.data if segment.slot is None else segment.slot for segment in stored.segments),
        )
