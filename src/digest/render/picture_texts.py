"""The pictures of a letter, with their texts: captions, credits, and descriptions for readers who do not see them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from digest.model.article import Image
from digest.model.edition import Edition, Place
from digest.model.letter import Picture
from digest.render.finds_view import HEADLINE
from digest.render.links import logo_link, picture_link
from digest.render.sentence import CLOSED, NAME
from digest.render.view import LetterView, PictureView, StoryView
from digest.settings import BrandSettings, SiteSettings
from digest.text.glyphs import shown

CAPTION = 240
"""Most characters of a picture's caption."""
DESCRIPTION_WORDS = 3
"""A description needs this many words: fewer, as in "image" or "Getty", describe no picture."""
_FILE_NAME = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)\b", re.IGNORECASE)
_CREDIT_START, _CREDIT_END = " (:[|/\N{EN DASH}\N{EM DASH}-", " .)]"
_CREDIT_WORD = re.compile(r"\W+(?:photo(?:graph)?|foto|image|picture|bild|credit)(?: by)?\Z", re.IGNORECASE)


def pictured(
    view: LetterView,
    edition: Edition,
    site: SiteSettings,
    *,
    lead: Picture | None = None,
    others: Mapping[str, Picture] | None = None,
) -> LetterView:
    """Return the letter with its pictures: ``lead`` in the lead story, ``others`` by the anchor of their story."""
    images = {item.anchor: item.image or Image(url="") for item in edition.items}
    first = next((item for item in edition.items if item.place is Place.LEAD), None)
    hung = {**(others or {}), **({first.anchor: lead} if first and lead else {})}

    def shown_in(stories: tuple[StoryView, ...]) -> tuple[StoryView, ...]:
        return tuple(
            replace(one, picture=_picture(hung[one.anchor], images[one.anchor], site)) if one.anchor in hung else one
            for one in stories
        )

    return replace(view, leads=shown_in(view.leads), top=shown_in(view.top))


def with_logo(view: LetterView, logo: Picture | None, brand: BrandSettings, site: SiteSettings) -> LetterView:
    """Return the letter with the brand's logo in place of the wordmark, if there is one."""
    if logo is None:
        return view
    alt = shown(brand.logo_alt, NAME) or view.wordmark
    url = logo_link(site, logo.name)
    return replace(view, logo=PictureView(url=url, width=logo.width // 2, height=logo.height // 2, alt=alt, credit=""))


def _picture(picture: Picture, image: Image, site: SiteSettings) -> PictureView:
    """Return a picture with its texts, shown at half its pixels, for screens with double resolution."""
    caption = _caption(image)
    return PictureView(
        url=picture_link(site, picture.name),
        width=picture.width // 2,
        height=picture.height // 2,
        alt=_alt(image, caption),
        credit=shown(image.credit, NAME),
        caption=caption,
    )


def _alt(image: Image, caption: str) -> str:
    """Return the page's description of a picture if it is a real description, else the caption."""
    alt = shown(image.alt, HEADLINE)
    described = len(alt.split()) >= DESCRIPTION_WORDS and not _FILE_NAME.search(alt)
    return alt if described or not caption else caption


def _caption(image: Image) -> str:
    """Return the caption as a sentence, without the credit at its end, which is printed separately."""
    caption, credit = shown(image.caption, CAPTION), shown(image.credit, NAME)
    bare = caption.rstrip(_CREDIT_END)
    if credit and bare.lower().endswith(credit.lower()):
        caption = _CREDIT_WORD.sub("", bare[: -len(credit)].rstrip(_CREDIT_START)).rstrip(_CREDIT_START)
    return caption if not caption or caption.endswith(CLOSED) else f"{caption}."
