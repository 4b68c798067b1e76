"""The people who get letters."""

from __future__ import annotations

from dataclasses import dataclass

from digest.model.ids import ReaderId


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A person who gets letters; ``address`` is used exactly as given."""

    id: ReaderId
    address: str
    name: str = ""
    language: str = ""
    zone: str = ""
    """IANA name of their time zone; empty when it is not known."""
    editions: tuple[str, ...] = ()
