"""When somebody who signs up gets the first letter of each edition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from digest.edition.calendar import upcoming
from digest.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLetter:
    """An edition of a sign-up.

    ``comes`` is the time of its first letter, in the edition's zone; None for an edition on demand.
    """

    name: str
    title: str
    comes: datetime | None


def first_letters(settings: Settings, names: Iterable[str], now: datetime) -> tuple[FirstLetter, ...]:
    """Return when the first letters of these editions come after ``now``, in the order of the names.

    Only dates with an edition count: other weekdays, and holidays that the edition skips, are passed over.
    """
    return tuple(_first_letter(settings, name, now) for name in names)


def _first_letter(settings: Settings, name: str, now: datetime) -> FirstLetter:
    edition = settings.editions[name]
    following = upcoming(name, edition, now, 1)
    comes = following[0].due.astimezone(ZoneInfo(edition.zone)) if following else None
    return FirstLetter(name=name, title=edition.title, comes=comes)
