"""What is found in the DNS, and how it is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

Lookup = Callable[[str, str], Sequence[str]]
"""(name, type) -> the records as text, TXT joined; empty when there are none; LookupFailed when nobody answers."""


class LookupFailed(Exception):  # noqa: N818 - it says what happened, and is caught beside where it is raised
    """The name servers gave no answer: that is no finding about the records."""


class Level(Enum):
    """How much a finding weighs."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsFinding:
    """One sentence about one record, with what to do when it is not well."""

    level: Level
    subject: str
    words: str


def tags_of(record: str) -> dict[str, str]:
    """Return the tags of a record of DKIM, DMARC or BIMI (RFC 6376, section 3.2), their names in lower case."""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}
