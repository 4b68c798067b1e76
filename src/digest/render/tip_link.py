"""The link below a letter in the archive that leads to the tip line."""

from __future__ import annotations

from digest.model.ids import EditionKey
from digest.render.catalogue import catalogue
from digest.render.environment import fill, page_environment
from digest.render.links import archive_link
from digest.render.palette import palette
from digest.settings import BrandSettings, SiteSettings


def tip_link(key: EditionKey, language: str, site: SiteSettings, brand: BrandSettings) -> str:
    """Return the link as HTML, in the letter's language."""
    words, door = catalogue(language, brand.templates, "web"), page_environment(brand.templates)
    link = f"{archive_link(site, key)}/mistake"
    return fill(door, "web/tip_link.html", link=link, words=words, colours=palette(brand, evening=False))
