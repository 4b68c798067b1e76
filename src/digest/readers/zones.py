"""Time zones of readers: IANA names."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from digest.errors import UnknownZone

_PLACES = frozenset(
    {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)
"""The regions whose zones a form offers; other names are old spellings and fixed offsets."""


@cache
def _known() -> dict[str, str]:
    """Return all names: in lower case -> as IANA writes them."""
    return {name.lower(): name for name in available_timezones()}


@cache
def offered_zones() -> tuple[str, ...]:
    """Return the zones that a form offers, in order: places, and UTC."""
    places = {name for name in available_timezones() if name.partition("/")[0] in _PLACES}
    return ("UTC", *sorted(places))


def zone_or_none(text: str) -> str | None:
    """Return the IANA name of a zone as somebody wrote it; empty for an empty text, None for an unknown name."""
    return _known().get(text.strip().replace(" ", "_").lower()) if text.strip() else ""


def checked_zone(text: str) -> str:
    """Return the IANA name of a zone; empty for an empty text. Raises UnknownZone."""
    found = zone_or_none(text)
    if found is None:
        raise UnknownZone(f"no time zone is called {text!r}: expected an IANA name such as Europe/Berlin")
    return found
