"""A letter's page in the archive: what machines read in its head, and the links to other letters below it."""

from __future__ import annotations

from dataclasses import dataclass

from digest.model.edition import Edition, Place
from digest.model.ids import EditionKey
from digest.render.catalogue import catalogue
from digest.render.environment import fill, page_environment
from digest.render.links import archive_link, card_link, site_base
from digest.render.palette import palette
from digest.settings import BrandSettings, SiteSettings
from digest.text.glyphs import shown

HEADLINE, NAME = 300, 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The letters of the same edition before and after one; None where there is none."""

    previous: EditionKey | None = None
    following: EditionKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """HTML around a letter on its page in the archive."""

    head: str
    below: str


def lead_headline(edition: Edition) -> str:
    """Return the headline of the lead story, else the subject."""
    lead = next((item for item in edition.items if item.place is Place.LEAD), None)
    return shown(lead.headline, HEADLINE) if lead else shown(edition.subject, HEADLINE)


def surroundings(
    edition: Edition, published: str, neighbours: Neighbours, site: SiteSettings, brand: BrandSettings
) -> Surroundings:
    """Return what is around the letter of an edition; ``published`` is an instant in ISO 8601."""
    words, door = catalogue(edition.language, brand.templates, "web"), page_environment(brand.templates)
    near = (neighbours.previous, neighbours.following)
    previous, following = (archive_link(site, key) if key else "" for key in near)
    values: dict[str, object] = {
        "base": site_base(site),
        "here": archive_link(site, edition.key),
        "card": card_link(site, edition.key),
        "previous": previous,
        "following": following,
        "site": shown(site.name, NAME),
        "edition": edition,
        "title": shown(edition.title, NAME),
        "headline": lead_headline(edition),
        "published": published,
        "locale": str(words.locale),
        "words": words,
        "direction": words.direction,
        "colours": palette(brand, evening=False),
    }
    head, below = (fill(door, f"web/letter_{part}.html", **values) for part in ("head", "nav"))
    return Surroundings(head=head, below=below)
