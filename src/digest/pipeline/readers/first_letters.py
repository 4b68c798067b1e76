"""When the first letter of each edition in a sign-up comes, by the edition's calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from digest.edition.calendar import upcoming
from digest.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLetter:
    """An edition in a sign-up; ``comes`` is the time of its first letter, in its zone, None when it has no days."""

    name: str
    title: str
    comes: datetime | None


def first_letters(settings: Settings, names: Iterable[str], now: datetime) -> tuple[FirstLetter, ...]:
    """Return the first letters of these editions after ``now``, in the order of the names.

    Days without an edition are passed over: weekdays that it does not have, and holidays that it skips.
    """
    return tuple(_first_letter(settings, name, now) for name in names)


def _first_letter(settings: Settings, name: str, now: datetime) -> FirstLetter:
    edition = settings.editions[name]
    following = upcoming(name, edition, now, 1)
    comes = following[0].due.astimezone(ZoneInfo(edition.zone)) if following else None
    return FirstLetter(name=name, title=edition.title, comes=comes)
