"""The front pages of the sources: fetched once in a run, stored by their URL, and used when an edition is made.

new articles of a source ─ home_of ─▶ URL ─ fetch ─▶ places, stored ─ of the articles of an edition ─▶ ranking

A front page that cannot be fetched only leaves its places out of the ranking.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from digest.errors import ItemSetAside
from digest.fetch.home_page import home_of
from digest.model.article import Article
from digest.model.front import FrontPlace
from digest.model.quarantine import Guard, ItemKind, unguarded
from digest.model.source import Source
from digest.pipeline.stores import Stores
from digest.text.urls import canonical

if TYPE_CHECKING:
    from digest.fetch.fetcher import Fetcher  # httpx, which composing an edition does not need

LONGEST_AGE = timedelta(hours=12)
"""Maximum age of a stored front page when an edition is made; an older one belongs to another day."""


class _Kept(msgspec.Struct, frozen=True):
    at: datetime
    places: tuple[FrontPlace, ...]


def read_fronts(
    stores: Stores,
    fetcher: Fetcher,
    links: Mapping[Source, Sequence[str]],
    now: datetime,
    guard: Guard = unguarded,
) -> None:
    """Fetch the front pages of the sources that have new articles, and store the places of the articles on them.

    ``links`` are the new articles' links, by source. After a failed fetch the stored places stay; ``guard`` surrounds
    the work on each front page.
    """
    read_homes(stores, fetcher, homes_of(links, guard), now, guard)


def homes_of(links: Mapping[Source, Sequence[str]], guard: Guard = unguarded) -> frozenset[str]:
    """Return the URLs of the front pages of sources, given the links of their new articles."""
    return frozenset(_home(source, new, guard) for source, new in links.items()) - {""}


def read_homes(
    stores: Stores, fetcher: Fetcher, homes: Collection[str], now: datetime, guard: Guard = unguarded
) -> None:
    """Fetch front pages by their URLs, and store the places of the articles on them; see ``read_fronts``."""
    for url, places in fetcher.front_pages(sorted(homes), now):
        if places:
            with suppress(ItemSetAside), guard(ItemKind.FRONT_PAGE, url, b""):
                stores.hosts.learn(url, "front-page", msgspec.to_builtins(_Kept(now, places)), now)


def _home(source: Source, links: Sequence[str], guard: Guard) -> str:
    """Return the URL of a source's front page; empty when it has none, or when finding it fails."""
    with suppress(ItemSetAside), guard(ItemKind.FRONT_PAGE, source.url, b""):
        return home_of(source, links)
    return ""


def fronts_of(
    stores: Stores,
    articles: Sequence[Article],
    sources: Sequence[Source],
    cut: datetime,
    guard: Guard = unguarded,
) -> tuple[FrontPlace, ...]:
    """Return the places of articles on the front pages of their sources, each with the article's own URL.

    ``guard`` surrounds the work on each front page.
    """
    known = {source.id: source for source in sources}
    homes = {a.url: _home(known[a.source_id], (a.link,), guard) for a in articles if a.source_id in known}
    places: dict[str, dict[str, FrontPlace]] = {}
    for home in sorted(set(homes.values()) - {""}):
        with suppress(ItemSetAside), guard(ItemKind.FRONT_PAGE, home, b""):
            places[home] = dict(_kept(stores, home, cut))
    found: dict[str, FrontPlace] = {}
    for article in articles:
        listed = places.get(homes.get(article.url, ""), {})
        place = listed.get(article.url) or listed.get(canonical(article.link))
        if place is not None:
            found[article.url] = FrontPlace(url=article.url, place=place.place, prominence=place.prominence)
    return tuple(found.values())


def _kept(stores: Stores, home: str, cut: datetime) -> Iterator[tuple[str, FrontPlace]]:
    """Yield what is stored of a front page, if it dates from the hours before ``cut`` and can be read."""
    try:
        kept = msgspec.convert(stores.hosts.known(home, "front-page"), _Kept | None)
    except msgspec.ValidationError:
        return
    if kept is not None and cut - LONGEST_AGE <= kept.at <= cut:
        yield from ((place.url, place) for place in kept.places)
