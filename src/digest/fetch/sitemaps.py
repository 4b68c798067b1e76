"""Reads sitemaps (https://www.sitemaps.org/protocol.html) with Google's news extension, and sitemap indexes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain, zip_longest
from urllib.parse import urlsplit

from lxml import etree

from digest.errors import NotAFeed, TooLarge
from digest.fetch.charset import decode
from digest.fetch.entries import clamped
from digest.fetch.markup_names import children, local_name, text_of
from digest.fetch.mending import mended
from digest.fetch.raw import RawEntry, RawFeed
from digest.text.title import clean
from digest.text.urls import absolute

MOST_BYTES = 10_000_000
MOST_URLS = 5_000
"""Only the newest are read; a sitemap may have 50,000."""
MOST_CHILDREN = 8
"""At most this many sitemaps of an index are fetched: those most likely to contain news."""
DEEPEST = 2
"""An index may list sitemaps, but no further indexes."""

_STARTS = re.compile(
    r"^[^<]*(?>(?:<!--.*?-->|<[!?][^<>]*>)\s*)*<(?:[\w.-]+:)?(urlset|sitemapindex)\b", re.IGNORECASE | re.DOTALL
)
_HEAD_BYTES = 4096
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>\s*", re.IGNORECASE)
_ILLEGAL = bytes(set(range(32)) - {9, 10, 13})  # XML 1.0, section 2.2
_YEAR_OR_MONTH = re.compile(r"\s*(\d{4})(?:-(\d{2}))?\s*")
_DATE_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(?:[-_/.]?(0[1-9]|1[0-2])(?:[-_/.]?([0-3]\d))?)?(?!\d)")
_NUMBER = re.compile(r"\d{1,9}")
_FAR = datetime(9999, 1, 1, tzinfo=UTC)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """The contents of one file: articles, newest first, or further sitemaps, the likeliest to contain news first."""

    feed: RawFeed = field(default_factory=RawFeed)
    children: tuple[str, ...] = ()


def is_sitemap(body: bytes) -> bool:
    """Return whether the first tag of ``body`` is that of a sitemap or an index."""
    return _STARTS.match(decode(body[:_HEAD_BYTES])) is not None


def is_index(body: bytes) -> bool:
    """Return whether the first tag of ``body`` is that of an index of sitemaps."""
    found = _STARTS.match(decode(body[:_HEAD_BYTES]))
    return found is not None and found[1].lower() == "sitemapindex"


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """Return what the sitemap or index at ``url`` lists.

    If at least one article has news tags, those without are left out: they are not news.

    Raises:
        NotAFeed: The body is not a sitemap.
        TooLarge: It has more than MOST_BYTES.
    """
    if len(body) > MOST_BYTES:
        raise TooLarge(url, f"a sitemap of {len(body)} bytes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True, remove_pis=True)
    try:
        root = etree.fromstring(_utf8(body), parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise NotAFeed(url, f"not a sitemap: {problem}") from problem
    kind = "" if root is None else local_name(root)
    if kind == "urlset":
        return Sitemap(feed=RawFeed(title=_publication(root), entries=_articles(root)))
    if kind == "sitemapindex":
        return Sitemap(children=_children(root, url))
    raise NotAFeed(url, "neither a sitemap nor an index of sitemaps")


def _utf8(body: bytes) -> bytes:
    """Return the document as UTF-8 without its declaration, repaired in the same way as a feed."""
    written = decode(body)
    text = _DECLARATION.sub("", written[max(written.find("<"), 0) :], count=1)  # some servers print a warning first
    return mended(text).encode("utf-8", "replace").translate(None, _ILLEGAL)


def _publication(root: etree._Element) -> str:
    """Return the newspaper's name (``news:name``) if all articles have the same; empty otherwise."""
    names = {text_of(node, "news", "publication", "name") for node in children(root, "url")} - {""}
    return clean(names.pop()) if len(names) == 1 else ""


def _articles(root: etree._Element) -> tuple[RawEntry, ...]:
    found = [_article(node) for node in children(root, "url")]
    news = [entry for entry in found if entry.title]
    newest = sorted(news or found, key=lambda entry: _when(entry.published), reverse=True)
    return tuple(newest[:MOST_URLS])


def _article(node: etree._Element) -> RawEntry:
    return RawEntry(
        link=text_of(node, "loc"),
        title=text_of(node, "news", "title"),
        published=text_of(node, "news", "publication_date") or text_of(node, "lastmod"),
        updated=text_of(node, "lastmod"),
    )


def _children(root: etree._Element, url: str) -> tuple[str, ...]:
    """Return the sitemaps of an index: those with "news" in their path first, then the latest changed."""
    listed = [(text_of(node, "loc"), _when(text_of(node, "lastmod"))) for node in children(root, "sitemap")]
    changed = {link: when if when != _LONG_AGO else _named_time(link) for link, when in listed}
    newest = sorted(_by_turns(list(changed)), key=lambda link: changed[link], reverse=True)
    likeliest = sorted(newest, key=lambda link: "news" not in urlsplit(link).path.lower())
    links = (absolute(link, url) for link in likeliest[:MOST_CHILDREN])
    return tuple(link for link in links if link is not None)


def _named_time(link: str) -> datetime:
    """Return the day, month or year in a sitemap's address (``sitemap-2026-11.xml``); a date long ago without one."""
    found = _DATE_IN_NAME.search(link)
    if found is None:
        return _LONG_AGO
    year, month, day = (int(part or 1) for part in found.groups())
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return _LONG_AGO


def _by_turns(links: Sequence[str]) -> list[str]:
    """Return sitemaps so that each numbered series has its turn: its last, its first, the last but one, and so on.

    Some sites write new articles into the last sitemap of a series, others into the first.
    """
    series: dict[str, list[str]] = {}
    for link in links:
        series.setdefault(_NUMBER.sub("", link), []).append(link)
    rising = (sorted(each, key=_numbers) for each in series.values())
    inwards = ([link for pair in zip(each[::-1], each, strict=True) for link in pair] for each in rising)
    turns = chain.from_iterable(zip_longest(*inwards))
    return list(dict.fromkeys(filter(None, turns)))


def _numbers(link: str) -> tuple[int, ...]:
    return tuple(int(number) for number in _NUMBER.findall(link))


def _when(written: str) -> datetime:
    """Return a date in any notation as a datetime; a date long ago when ``written`` is not a date.

    A year or a month alone (W3C-DTF, which sitemaps use) means its first day.
    """
    first_day = _YEAR_OR_MONTH.fullmatch(written)
    return clamped(f"{first_day[1]}-{first_day[2] or '01'}-01" if first_day else written, _FAR) or _LONG_AGO
