"""What a reader may see and change after a mailed link has proved who they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from digest.errors import NoEditionChosen

LONGEST_PAUSE = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """A reader's current choices. ``token`` allows the next change of them."""

    address: str
    language: str
    """The reader's language. Empty: each letter has the language of its edition."""
    zone: str
    """The reader's time zone. Empty: that of each edition."""
    editions: tuple[str, ...]
    """Names of the editions that the reader gets; empty when the reader has left."""
    paused_until: date | None
    """The first day with letters again. None: no pause."""
    since: datetime
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A reader's new choices. Without any edition, the reader leaves."""

    editions: tuple[str, ...]
    paused_until: date | None = None
    language: str = ""
    zone: str | None = None
    """The new time zone. None: it stays as it is."""


def checked_editions(wanted: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    """Return the wanted editions, each once, in the order of ``known``. Raises NoEditionChosen without any."""
    chosen = tuple(name for name in known if name in wanted)
    if not chosen:
        raise NoEditionChosen(f"choose at least one letter (there are: {', '.join(known)})")
    return chosen


def checked_pause(until: date | None, today: date) -> date | None:
    """Return the day on which the letters begin again, at most LONGEST_PAUSE from today. None: there is no pause.

    A day that is not after today means no pause.
    """
    if until is None or until <= today:
        return None
    return min(until, today + LONGEST_PAUSE)


def masked(address: str) -> str:
    """Return an address in a form that only its owner recognises: ``a…@e….org``."""
    local, _, domain = address.rpartition("@")
    name, dot, top = domain.rpartition(".")
    return f"{local[:1]}…@{name[:1]}…{dot}{top}" if dot else f"{local[:1]}…@{domain[:1]}…"
