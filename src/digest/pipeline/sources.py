"""The sources of the settings file, as the database follows them."""

from __future__ import annotations

from urllib.parse import urlsplit

from tld import get_fld

from digest.model import Source, SourceId, SourceKind
from digest.pipeline.stores import Stores
from digest.settings import Settings, SourceSettings

UNSTORED = SourceId(0)


def follow(stores: Stores, settings: Settings) -> None:
    """Make the database hold the sources that the settings list; those that left rest, and keep their history."""
    stores.sources.follow([source_of(listed) for listed in settings.sources])


def source_of(listed: SourceSettings) -> Source:
    """Return a source as the settings describe it, not stored yet."""
    return Source(
        id=UNSTORED,
        url=listed.url,
        name=listed.name,
        publisher=listed.publisher or registered_name(listed.url),
        kind=SourceKind(listed.kind),
        weight=listed.weight,
        section=listed.section,
        language=listed.language,
    )


def registered_name(url: str) -> str:
    """Return the registered domain of a URL (``bbc.co.uk``): who publishes, where nobody says; the host at worst."""
    return get_fld(url, fail_silently=True) or urlsplit(url).hostname or url
