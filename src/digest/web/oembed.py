"""Finds the edition of an archived letter by its URL, and describes the letter's page for other sites (oEmbed 1.0)."""

from __future__ import annotations

from datetime import date
from urllib.parse import unquote

from digest.model.ids import EditionKey
from digest.pictures.card import HEIGHT, WIDTH
from digest.pipeline.editions.published import Issue
from digest.render.archive_page import lead_headline
from digest.render.links import card_link, site_base
from digest.settings import SiteSettings
from digest.text.glyphs import shown

CACHE_SECONDS = 3600


def key_of(name: str, day: str) -> EditionKey | None:
    """Return the key of the edition with this name and day, which are parts of a URL. None when they are not valid."""
    iso, _, _ = day.partition(".")
    if "\0" in name:  # PostgreSQL would refuse to look it up
        return None
    try:
        return EditionKey.read(name, day) if date.fromisoformat(iso) and len(iso) == len("2026-11-23") else None
    except ValueError:
        return None


def archived_key(url: str, site: SiteSettings) -> EditionKey | None:
    """Return the key of the edition whose archived letter has this URL; None for any other URL."""
    start = f"{site_base(site)}/archive/"
    if not url.startswith(start):
        return None
    name, slash, day = url.removeprefix(start).partition("#")[0].partition("?")[0].partition("/")
    return key_of(unquote(name), day.rstrip("/")) if slash else None


def preview_of(issue: Issue, site: SiteSettings, most: tuple[int | None, ...]) -> dict[str, str | int]:
    """Return the oEmbed description of a letter.

    ``most`` is the largest width and height of a picture; None means any.
    """
    key = issue.edition.key
    about: dict[str, str | int] = {
        "version": "1.0",
        "type": "link",
        "title": lead_headline(issue.edition),
        "author_name": shown(issue.edition.title),
        "provider_name": shown(site.name),
        "provider_url": f"{site_base(site)}/",
        "cache_age": CACHE_SECONDS,
    }
    fits = all(limit is None or size <= limit for size, limit in zip((WIDTH, HEIGHT), most, strict=True))
    picture: dict[str, str | int] = {"thumbnail_url": card_link(site, key)}
    picture |= {"thumbnail_width": WIDTH, "thumbnail_height": HEIGHT}
    return about | picture if fits else about
