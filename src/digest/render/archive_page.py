"""A letter's page in the archive: data for search engines and other sites, and the links to other letters."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

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
    """Other letters that the page links to: of the same edition before and after this one, and of the same day."""

    previous: EditionKey | None = None
    following: EditionKey | None = None
    same_day: tuple[Edition, ...] = ()
    """The other letters of the day, the earliest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedLetter:
    """A published letter: the key, title and language of its edition.

    ``edition`` is None when its stored form cannot be read any more. ``published`` is an instant in ISO 8601.
    """

    key: EditionKey
    title: str
    language: str
    edition: Edition | None = None
    published: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLetter:
    """A link to another letter, with its title in its own language."""

    link: str
    title: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """HTML that a page in the archive adds to a letter: in its head, above the letter, and below it."""

    head: str
    above: str
    below: str


def lead_headline(edition: Edition) -> str:
    """Return the headline of the lead story, else the subject."""
    lead = next((item for item in edition.items if item.place is Place.LEAD), None)
    return shown(lead.headline, HEADLINE) if lead else shown(edition.subject, HEADLINE)


def surroundings(letter: ArchivedLetter, near: Neighbours, site: SiteSettings, brand: BrandSettings) -> Surroundings:
    """Return what a page in the archive adds to a letter.

    Without ``letter.edition``, the head has no data for search engines.
    """
    words, door = catalogue(letter.language, brand.templates, "web"), page_environment(brand.templates)
    previous, following = (archive_link(site, one) if one else "" for one in (near.previous, near.following))
    key, here = letter.key, archive_link(site, letter.key)
    values: dict[str, object] = {
        "base": site_base(site),
        "here": here,
        "card": card_link(site, key),
        "previous": previous,
        "following": following,
        "same_day": tuple(_other(one, site) for one in near.same_day),
        "sign_up": f"{site_base(site)}/?{urlencode({'edition': key.name})}",
        "mistake": f"{here}/mistake" if site.takes_tips else "",
        "site": shown(site.name, NAME),
        "title": shown(letter.title, NAME),
        "locale": str(words.locale),
        "words": words,
        "letter_words": catalogue(letter.language, brand.templates),
        "direction": words.direction,
        "colours": palette(brand, evening=False),
    }
    style, top, nav = (fill(door, f"web/letter_{part}.html", **values) for part in ("style", "top", "nav"))
    head = ""
    if letter.edition is not None:
        about = {"edition": letter.edition, "headline": lead_headline(letter.edition), "published": letter.published}
        head = fill(door, "web/letter_head.html", **values, **about)
    return Surroundings(head=head + style, above=top, below=nav)


def _other(edition: Edition, site: SiteSettings) -> OtherLetter:
    link = archive_link(site, edition.key)
    return OtherLetter(link=link, title=shown(edition.title, NAME), language=edition.language)
