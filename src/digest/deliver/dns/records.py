"""How the DNS is asked, and how its records are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Lookup = Callable[[str, str], Sequence[str]]
"""(name, type) -> the records as text, TXT joined; empty when there are none; LookupFailed when nobody answers."""


class LookupFailed(Exception):  # noqa: N818 - it says what happened, and is caught beside where it is raised
    """The name servers gave no answer: that is no finding about the records."""


def tags_of(record: str) -> dict[str, str]:
    """Return the tags of a record of DKIM, DMARC or BIMI (RFC 6376, section 3.2), their names in lower case."""
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}
