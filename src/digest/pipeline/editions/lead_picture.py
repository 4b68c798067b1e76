"""The lead story's picture: fetched when the settings ask for pictures, stored, and shown in the letter.

A letter is complete without it: after any failure the letter has no picture, and the reason is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from digest.errors import BadPicture, FetchError, ItemSetAside
from digest.logs import get_logger
from digest.model.article import Image
from digest.model.edition import Edition, Item, Place
from digest.model.letter import Picture
from digest.model.quarantine import Guard, ItemKind, unguarded
from digest.pictures.fit import Fitted, fit
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.settings import Settings

TRY_AGAIN = timedelta(minutes=30)
"""Minimum time before a picture that could not be fetched is tried again, when the edition is composed again."""

log = get_logger()


def fetch_picture(runtime: Runtime, edition: Edition, guard: Guard = unguarded) -> None:
    """Fetch and store the picture of the edition's lead story, when the letter shows pictures and has none yet."""
    image = wanted(runtime.settings, edition)
    if image is None or runtime.picture is None:
        return
    now, pictures = runtime.clock(), runtime.stores.pictures
    known = pictures.of(image.url)
    if known is not None and (known.name or known.at + TRY_AGAIN > now):
        return
    try:
        made = _made(runtime.picture, image.url, guard)
    except ItemSetAside:
        return
    except (FetchError, BadPicture) as error:
        pictures.refuse(image.url, str(error), now)
        log.info("no picture", edition=str(edition.key), why=type(error).__name__)
    else:
        pictures.keep(image.url, made.data, made.width, made.height, now)


def _made(fetch: Callable[[str], bytes], url: str, guard: Guard) -> Fitted:
    with guard(ItemKind.PICTURE, url, b""):
        data = fetch(url)
        with guard(ItemKind.PICTURE, url, data):
            return fit(data)


def hung(stores: Stores, settings: Settings, edition: Edition) -> Picture | None:
    """Return the picture that the edition's letter shows; None when it shows no picture."""
    image = wanted(settings, edition)
    stored = stores.pictures.of(image.url) if image else None
    if stored is None or not stored.name:
        return None
    return Picture(name=stored.name, width=stored.width, height=stored.height)


def wanted(settings: Settings, edition: Edition) -> Image | None:
    """Return the picture address that the lead story's page names, when the settings allow letters to show it."""
    if settings.brand.images != "hosted" or not settings.site.url:
        return None
    lead = lead_of(edition)
    return lead.image if lead else None


def lead_of(edition: Edition) -> Item | None:
    """Return the edition's lead story; None when every item is one line."""
    return next((item for item in edition.items if item.place is Place.LEAD), None)
