"""Reads front pages: their article links (for sites without feed and news sitemap) and the feeds that they name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree
from lxml import html as lxml_html

from digest.fetch.raw import RawEntry, RawFeed
from digest.fetch.site_names import site_name
from digest.text.title import clean
from digest.text.urls import absolute, canonical, same_site

MOST_LINKS = 150
SHORTEST_HEADLINE = 15
"""Characters. A link with less text is a button or the name of a section."""

_FEED_TYPES = re.compile(r"application/(?:rss\+xml|atom\+xml|rdf\+xml|feed\+json|json)|text/xml", re.IGNORECASE)
_LINK_HEADER = re.compile(r"<([^<>]+)>([^<]*)")
_DATED = re.compile(r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2]|[a-z]{3})(?:[/-]|$)")
_NUMBERED = re.compile(r"(?:^|[^0-9])\d{5,}(?:[^0-9]|$)")
_SLUG = re.compile(r"[^/-]+(?:-[^/-]+){3,}")
_NOT_ARTICLES = re.compile(
    r"/(?:tags?|topics?|themen?|categor(?:y|ies)|authors?|autor(?:en)?|auteurs?|search|suche|login|signin|sign-in|"
    r"register|account|subscribe|newsletters?|about|contact|privacy|terms|cookies?|legal|imprint|impressum|jobs|"
    r"careers|advertis\w+|shop|store|rss|feeds?|podcasts?|page|wp-\w+)(?:[/.?-]|$)"
    r"|\.(?:jpe?g|png|gif|webp|svg|pdf|mp3|mp4|zip|xml|css|js)$",
    re.IGNORECASE,
)
_OUTSIDE = frozenset(("nav", "footer", "form"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPage:
    """A page as a source: its article links in page order, and the feeds that it names, the main one first."""

    feed: RawFeed
    feeds: tuple[str, ...] = ()


def read_front_page(text: str, url: str, link_header: str = "") -> FrontPage:
    """Return the article links and the feeds of the HTML page at ``url``. Both may be empty."""
    named = list(_in_header(link_header, url))
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), lxml_html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):  # an empty document
        return FrontPage(feed=RawFeed(), feeds=tuple(named))
    base = absolute(next(iter(root.xpath("//base/@href")), ""), url) or url
    named.extend(_named_feeds(root, base))
    title = site_name(root, url)
    return FrontPage(
        feed=RawFeed(title=title, site=url, entries=_articles(root, base)),
        feeds=tuple(dict.fromkeys(sorted(named, key=lambda link: "comment" in link.lower()))),
    )


def _in_header(header: str, url: str) -> list[str]:
    """Return the feeds that a ``Link`` header names (RFC 8288)."""
    named = (match for match in _LINK_HEADER.finditer(header[:8192]) if "alternate" in match[2])
    links = (absolute(match[1], url) for match in named if _FEED_TYPES.search(match[2]))
    return [link for link in links if link is not None]


def _named_feeds(root: lxml_html.HtmlElement, base: str) -> list[str]:
    nodes = root.xpath("//link[@href][contains(concat(' ', translate(@rel, 'ALTERN', 'altern'), ' '), ' alternate ')]")
    links = (absolute(node.get("href"), base) for node in nodes if _FEED_TYPES.fullmatch(node.get("type") or ""))
    return [link for link in links if link is not None and "/wp-json/" not in link]


def _articles(root: lxml_html.HtmlElement, base: str) -> tuple[RawEntry, ...]:
    """Return the links that look like articles, each once, with its longest text as the title."""
    titles: dict[str, str] = {}
    links: dict[str, str] = {}
    for node in root.iter("a"):
        link = absolute(node.get("href") or "", base)
        if link is None or not same_site(link, base) or not is_article(link) or is_outside(node):
            continue
        key = canonical(link)
        links.setdefault(key, link)
        text = headline(node)
        if len(text) > len(titles.get(key, "")):
            titles[key] = text
    headed = [(link, titles[key]) for key, link in links.items() if len(titles.get(key, "")) >= SHORTEST_HEADLINE]
    return tuple(RawEntry(link=link, title=title) for link, title in headed[:MOST_LINKS])


def headline(node: lxml_html.HtmlElement) -> str:
    """Return the heading inside a link that spans a whole teaser. Without a heading, return the link's text."""
    heading = next(node.iter("h1", "h2", "h3", "h4"), node)
    return clean(" ".join(heading.itertext()).replace("<", "&lt;"))


def is_article(link: str) -> bool:
    """Return whether an address looks like an article's: it contains a date, a number, or a headline."""
    parts = urlsplit(link)
    path = parts.path
    if len(path) <= 1 or _NOT_ARTICLES.search(path):
        return False
    return bool(_DATED.search(path) or _NUMBERED.search(f"{path}?{parts.query}") or _SLUG.search(path))


def is_outside(node: lxml_html.HtmlElement) -> bool:
    """Return whether a link is inside navigation, a footer or a form."""
    return any(ancestor.tag in _OUTSIDE for ancestor in node.iterancestors())
