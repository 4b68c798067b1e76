"""Time zones of readers: IANA names."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from digest.errors import UnknownZone

_PLACES = frozenset(
    {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)
"""The first parts of the zone names that a form offers. Other names are old spellings and fixed offsets."""


@cache
def _known() -> dict[str, str]:
    """Return all IANA names of time zones: in lower case -> as IANA writes it."""
    return {name.lower(): name for name in available_timezones()}


@cache
def offered_zones() -> tuple[str, ...]:
    """Return the time zones that a form offers: UTC first, then the regions' zones by name."""
    places = {name for name in available_timezones() if name.partition("/")[0] in _PLACES}
    return ("UTC", *sorted(places))


def zone_or_none(text: str) -> str | None:
    """Return the IANA name of a time zone that somebody wrote: empty for an empty text, None for an unknown name."""
    return _known().get(text.strip().replace(" ", "_").lower()) if text.strip() else ""


def checked_zone(text: str) -> str:
    """Return the IANA name of a time zone that somebody wrote; empty for an empty text. Raises UnknownZone."""
    found = zone_or_none(text)
    if found is None:
        raise UnknownZone(f"no time zone is called {text!r}: expected an IANA name such as Europe/Berlin")
    return found
