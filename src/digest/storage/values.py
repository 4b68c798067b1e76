"""Column types for values: a frozen dataclass is stored as JSON text and read back as the same value."""

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
"""Held while msgspec builds a decoder for a type, which is not thread-safe."""


@cache
def _known(kind: Any) -> msgspec.json.Decoder[Any]:  # noqa: ANN401 - any type that msgspec knows
    return msgspec.json.Decoder(kind)


def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:  # noqa: ANN401 - any type that msgspec knows
    with _LEARNING:
        return _known(kind)


Unreadable = Callable[[str, str, Exception], None]
"""Called for a row that cannot be read, with its key, its content and the error."""


def refuse(_key: str, _written: str, error: Exception) -> None:
    """Raise the error: the query fails at a row that cannot be read."""
    raise error


def readable(kind: Callable[..., T], rows: Iterable[tuple[str, str]], unreadable: Unreadable) -> Iterator[T]:
    """Yield the values in (key, JSON) rows; ``unreadable`` is called for rows that cannot be decoded."""
    for key, written in rows:
        try:
            value: T = _decoder(kind).decode(written)
        except (msgspec.MsgspecError, ValueError) as error:
            unreadable(key, written, error)
        else:
            yield value


class Value(TypeDecorator[T], Generic[T]):
    """A column with one value of ``kind``; the JSON is deterministic, with fields in the order of the class."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:  # noqa: ANN401 - a class, or a tuple[...] of one
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the value as JSON."""
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> T | None:  # noqa: ANN401, ARG002
        """Return the decoded value. Raises msgspec.ValidationError when the JSON does not fit the type."""
        return None if value is None else _decoder(self.kind).decode(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Segment:
    """A segment of a letter, in a form in which JSON distinguishes bytes (in base64) from slots."""

    data: bytes = b""
    slot: Slot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _StoredLetter:
    """A Letter as it is stored."""

    edition: EditionKey
    language: str
    subject: str
    html: str
    text: str
    segments: tuple[_Segment, ...]


class FrozenLetter(TypeDecorator[Letter]):
    """A column with a Letter; every byte is preserved."""

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
        """Return the stored letter."""
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
