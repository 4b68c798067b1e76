"""Values in columns: a frozen dataclass as JSON text, read back as the same value."""

from __future__ import annotations

from functools import cache
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import Dialect, Text, TypeDecorator

T = TypeVar("T")


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:  # noqa: ANN401 - any type that msgspec knows
    return msgspec.json.Decoder(kind)


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
