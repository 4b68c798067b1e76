"""Reads what a source lists: the entries of a feed, of a sitemap with its children, or of a front page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from digest.errors import Advice, FetchError, ItemSetAside, NotAFeed
from digest.fetch.charset import decode
from digest.fetch.client import ACCEPT_FEEDS, HttpAnswer
from digest.fetch.discovery import MOST_TRIES
from digest.fetch.entries import entries
from digest.fetch.feeds import parse_feed
from digest.fetch.front_page import read_front_page
from digest.fetch.polite_client import PoliteClient
from digest.fetch.raw import RawEntry, RawFeed
from digest.fetch.sitemaps import DEEPEST, MOST_URLS, is_sitemap, read_sitemap
from digest.model.quarantine import Guard, ItemKind
from digest.model.source import FeedEntry, Source, SourceKind
from digest.settings import FetchSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFeed:
    """A feed that a page names, as it was fetched."""

    url: str
    """The address that the page names."""
    answer: HttpAnswer
    entries: tuple[FeedEntry, ...]


class Listings:
    """Reads the entries of sources. Children of a sitemap and feeds named by a page are fetched through ``client``."""

    def __init__(self, client: PoliteClient, settings: FetchSettings, guard: Guard) -> None:
        self._client = client
        self._settings = settings
        self._guard = guard

    def of(self, source: Source, answer: HttpAnswer, now: datetime) -> tuple[FeedEntry, ...]:
        """Return what a source's answer lists. The content decides the format: operators mistake sitemaps for feeds.

        Raises:
            FetchError: One of its subclasses; NotAFeed when the answer is no list.
        """
        if source.kind is SourceKind.FRONT_PAGE:
            feed = read_front_page(decode(answer.body, answer.content_type), answer.url).feed
        elif is_sitemap(answer.body):
            feed = self._sitemap(answer, now, depth=1)
        else:
            return parse_feed(answer.body, answer.url, source.id, now, answer.content_type, guard=self._guard)
        return entries(feed, answer.url, source.id, now, self._guard)

    def named_by(self, page: HttpAnswer, source: Source, problem: NotAFeed, now: datetime) -> NamedFeed:
        """Return the first feed that a page names. The operator gave the page's address instead of the feed's.

        Raises:
            FetchError: A named feed failed and is worth a retry; ``problem`` when no named feed is one.
        """
        named = read_front_page(decode(page.body, page.content_type), page.url, page.link).feeds
        for url in named[:MOST_TRIES]:
            try:
                answer = self._client.successful(url, ACCEPT_FEEDS, self._settings.feed_bytes, now)
                return NamedFeed(url=url, answer=answer, entries=self.of(source, answer, now))
            except FetchError as broken:
                if broken.advice is Advice.RETRY:
                    raise
        raise problem

    def _sitemap(self, answer: HttpAnswer, now: datetime, depth: int) -> RawFeed:
        """Return the entries of a sitemap, or of all sitemaps of an index. A broken sitemap does not stop the others.

        Raises:
            FetchError: The error of the first failed sitemap, when no other gave entries.
        """
        sitemap = read_sitemap(answer.body, answer.url)
        if not sitemap.children or depth >= DEEPEST:
            return sitemap.feed
        found: list[RawEntry] = []
        problems: list[FetchError] = []
        for child in sitemap.children:
            try:
                found.extend(self._sitemap_at(child, now, depth + 1).entries)
            except FetchError as problem:
                problems.append(problem)
            except ItemSetAside:  # the other sitemaps still count
                continue
        if problems and not found:
            raise problems[0]
        newest = sorted(found, key=lambda entry: entry.published, reverse=True)
        return RawFeed(entries=tuple(newest[:MOST_URLS]))

    def _sitemap_at(self, url: str, now: datetime, depth: int) -> RawFeed:
        with self._guard(ItemKind.SITEMAP, url, b""):
            answer = self._client.successful(url, ACCEPT_FEEDS, self._settings.page_bytes, now)
            with self._guard(ItemKind.SITEMAP, url, answer.body):
                return self._sitemap(answer, now, depth)
