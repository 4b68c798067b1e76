"""How the DNS is queried, and how its records are parsed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Lookup = Callable[[str, str], Sequence[str]]
"""Takes a name and a record type. Returns the records as text, TXT strings joined; empty when none exists.

Raises LookupFailed when there is no answer.
"""


class LookupFailed(Exception):  # noqa: N818 - it says what happened, and is caught beside where it is raised
    """The name servers gave no answer, so nothing is known about the records."""


def tags_of(record: str) -> dict[str, str]:
    """Return the tags of a DKIM, DMARC or BIMI record (RFC 6376, section 3.2), with tag names in lower case."""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}
