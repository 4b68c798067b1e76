"""Finds how a site lists its articles: by a feed, by a news sitemap, or by the links of its front page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from digest.errors import FetchError, NotAFeed, RefusedAddress
from digest.fetch.charset import decode
from digest.fetch.client import HttpAnswer
from digest.fetch.feeds import read_feed
from digest.fetch.front_page import FrontPage, read_front_page
from digest.fetch.site_names import names_a_site
from digest.fetch.sitemaps import is_sitemap, read_sitemap
from digest.model.source import SourceKind
from digest.text.title import clean

FEWEST_LINKS = 5
"""A page with at least this many article links is a front page."""
MOST_TRIES = 4
"""At most this many feeds of one page are tried."""
_USUAL_FEEDS = ("feed", "rss.xml", "feed.xml", "atom.xml")
_USUAL_SITEMAPS = ("news-sitemap.xml", "sitemap-news.xml", "sitemap_news.xml", "sitemap.xml")

Get = Callable[[str], HttpAnswer]
"""Fetches a URL politely. Raises FetchError, also for every status but 200."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSource:
    """A source that was found: its address, kind and title, and how many articles it lists now."""

    url: str
    kind: SourceKind
    title: str
    entries: int


def discover(url: str, get: Get, sitemaps_in_robots: Callable[[str], tuple[str, ...]]) -> FoundSource:
    """Return the best source at ``url``, which may be a feed, a sitemap, or any page of a site.

    ``sitemaps_in_robots`` returns the sitemaps that the robots.txt of a URL's site names.

    Raises:
        FetchError: ``url`` cannot be fetched. NotAFeed if it can, but offers no source.
    """
    answer = get(url)
    direct = _listing(answer)
    if direct is not None:
        return direct
    page = read_front_page(decode(answer.body, answer.content_type), answer.url, answer.link)
    for found in _elsewhere(answer.url, page, get, sitemaps_in_robots):
        return found if names_a_site(found.title) else replace(found, title=page.feed.title)
    if len(page.feed.entries) >= FEWEST_LINKS:
        count = len(page.feed.entries)
        return FoundSource(url=answer.url, kind=SourceKind.FRONT_PAGE, title=page.feed.title, entries=count)
    raise NotAFeed(url, "no feed, no news sitemap, and too few article links for a front page")


def _elsewhere(
    url: str, page: FrontPage, get: Get, sitemaps_in_robots: Callable[[str], tuple[str, ...]]
) -> Iterator[FoundSource]:
    """Yield the sources that the page and its site offer, best first: named feeds, usual feed paths, news sitemaps."""
    yield from _tried(page.feeds[:MOST_TRIES], get)
    yield from _tried(tuple(urljoin(url, f"/{name}") for name in _USUAL_FEEDS), get)
    named = tuple(link for link in sitemaps_in_robots(url) if "news" in link.lower())[:MOST_TRIES]
    usual = tuple(urljoin(url, f"/{name}") for name in _USUAL_SITEMAPS)
    for found in _tried(tuple(dict.fromkeys(named + usual)), get):
        if found.kind is SourceKind.SITEMAP:
            yield found


def _tried(links: tuple[str, ...], get: Get) -> Iterator[FoundSource]:
    for link in links:
        try:
            found = _listing(get(link))
        except RefusedAddress:
            raise
        except FetchError:
            continue
        if found is not None and found.entries:
            yield found


def _listing(answer: HttpAnswer) -> FoundSource | None:
    """Return an answer as a feed or news sitemap, or None when it is neither."""
    try:
        if is_sitemap(answer.body):
            sitemap = read_sitemap(answer.body, answer.url)
            count = len(sitemap.feed.entries) + len(sitemap.children)
            return FoundSource(url=answer.url, kind=SourceKind.SITEMAP, title=clean(sitemap.feed.title), entries=count)
        feed = read_feed(answer.body, answer.url, answer.content_type)
    except NotAFeed:
        return None
    return FoundSource(url=answer.url, kind=SourceKind.FEED, title=clean(feed.title), entries=len(feed.entries))
