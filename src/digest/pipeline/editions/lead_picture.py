"""The pictures of a letter: the lead story's, those of top stories, and the logo, stored for our own site.

They are fetched when the settings ask for pictures. A letter is complete without them: after any failure it has no
picture there, and the reason is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from digest.errors import BadPicture, FetchError, ItemSetAside
from digest.logs import get_logger
from digest.model.article import Image
from digest.model.edition import Edition, Item, Place
from digest.model.letter import Picture
from digest.model.quarantine import Guard, ItemKind, unguarded
from digest.pictures.fit import Fitted, fit
from digest.pictures.logo import fit_logo
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.settings import BrandSettings, Settings, brand_of

TRY_AGAIN = timedelta(minutes=30)
"""Minimum time before a picture that could not be fetched is tried again, when the edition is composed again."""
MOST_LOGO_BYTES = 5_000_000

log = get_logger()


def fetch_pictures(runtime: Runtime, edition: Edition, guard: Guard = unguarded) -> None:
    """Fetch and store the pictures that the edition's letter would show and that are not stored yet."""
    for _, image in wanted(runtime.settings, edition):
        _fetch(runtime, edition, image, guard)


def _fetch(runtime: Runtime, edition: Edition, image: Image, guard: Guard) -> None:
    if runtime.picture is None:
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
    """Return the lead story's picture that the edition's letter shows; None when it shows none."""
    images = (image for item, image in wanted(settings, edition) if item.place is Place.LEAD)
    return next((found for image in images if (found := _stored(stores, image.url))), None)


def hung_beside(stores: Stores, settings: Settings, edition: Edition) -> dict[str, Picture]:
    """Return the pictures of top stories that the edition's letter shows, by anchor."""
    others = ((item.anchor, image) for item, image in wanted(settings, edition) if item.place is not Place.LEAD)
    found = ((anchor, _stored(stores, image.url)) for anchor, image in others)
    return {anchor: picture for anchor, picture in found if picture}


def _stored(stores: Stores, url: str) -> Picture | None:
    stored = stores.pictures.of(url)
    return Picture(name=stored.name, width=stored.width, height=stored.height) if stored and stored.name else None


def wanted(settings: Settings, edition: Edition) -> Iterator[tuple[Item, Image]]:
    """Yield the stories that may show a picture under the settings, each with the picture that its page names."""
    brand = brand_of(settings.brand, settings.editions.get(edition.key.name))
    if brand.images != "hosted" or not settings.site.url:
        return
    lead = lead_of(edition)
    told = [lead] if lead else []
    told += [item for item in edition.items if item.place is Place.TOP][: brand.story_pictures]
    yield from ((item, item.image) for item in told if item.image)


def lead_of(edition: Edition) -> Item | None:
    """Return the edition's lead story; None when every item is one line."""
    return next((item for item in edition.items if item.place is Place.LEAD), None)


def hung_logo(runtime: Runtime, brand: BrandSettings) -> Picture | None:
    """Return the stored logo of a brand. None when the brand has none, or when it cannot be shown.

    Without a logo the letter shows the wordmark.
    """
    if not brand.logo or not runtime.settings.site.url:
        return None
    try:
        return stored_logo(runtime, brand.logo)
    except BadPicture as error:
        log.warning("logo left out", file=brand.logo, why=str(error))
        return None


def stored_logo(runtime: Runtime, file: str) -> Picture:
    """Store the logo in a file, if it is not stored yet, and return it. Raises BadPicture."""
    try:
        with (Path(runtime.settings.folder) / file).open("rb") as opened:
            data = opened.read(MOST_LOGO_BYTES + 1)
    except OSError as error:
        raise BadPicture(f"it cannot be read: {error.strerror}") from error
    if len(data) > MOST_LOGO_BYTES:
        raise BadPicture(f"it has more than {MOST_LOGO_BYTES:,} bytes")
    name = f"logo:{sha256(data).hexdigest()}"
    if (known := _stored(runtime.stores, name)) is None:
        made = fit_logo(data)
        runtime.stores.pictures.keep(name, made.data, made.width, made.height, runtime.clock())
        known = _stored(runtime.stores, name)
    if known is None:
        raise BadPicture("it was removed while it was stored")
    return known
