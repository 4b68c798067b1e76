"""The box with corrections that the archive shows above a letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from digest.model.edition import Correction
from digest.render.catalogue import catalogue
from digest.render.environment import fill, page_environment
from digest.render.palette import palette
from digest.settings import BrandSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A correction with its date and time, in the edition's zone."""

    correction: Correction
    at: str
    iso: str


def box(corrections: Sequence[Correction], language: str, zone: str, brand: BrandSettings) -> str:
    """Return the corrections as HTML, the newest first; empty when there are none."""
    if not corrections:
        return ""
    words = catalogue(language, brand.templates)
    here = ZoneInfo(zone)
    dated = tuple(
        Dated(
            correction=one,
            at=f"{words.day(one.at.astimezone(here).date())}, {one.at.astimezone(here):%H:%M}",
            iso=one.at.astimezone(here).isoformat(timespec="minutes"),
        )
        for one in reversed(corrections)
    )
    door = page_environment(brand.templates)
    return fill(door, "web/corrections.html", corrections=dated, words=words, colours=palette(brand, evening=False))
