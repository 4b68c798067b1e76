"""Finds what a site calls itself, by what its page says of it; the title of a page adds a motto or the page's name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from digest.text.title import clean, squeezed

LONGEST_NAME = 100
_META = (
    "//meta[@property='og:site_name' or @name='og:site_name']/@content",
    "//meta[@name='application-name']/@content",
    "//meta[@name='apple-mobile-web-app-title']/@content",
)
_ORGANIZATIONS = frozenset({"NewsMediaOrganization", "WebSite", "Newspaper", "Organization", "RadioStation"})
"""Types of https://schema.org that stand for a site as a whole."""
_LONGEST_SCRIPT = 200_000
_JOINT = re.compile(r"\s+[|\u2013\u2014\u00b7\u2022:»-]+\s+|\s*\|\s*|:\s+")
_SAYS_NOTHING = re.compile(
    r"(?:rss|atom|main|default|news|all)?(?:feeds?|rss(?:20|2)?|atom|news|articles|posts)?(?:rss|feed)?"
    r"|latest(?:news|articles)?|home(?:page)?|index|welcome|untitled|front ?page|blog|start ?seite|portada|principal"
    r"|accueil|inicio|aktuell(?:es|enachrichten)?|nachrichten|actualites|noticias|notizie|nieuws"
)
"""Titles of feeds and pages that name no site, in the form of ``squeezed``."""


def names_a_site(title: str) -> bool:
    """Return whether the title of a feed or page may be the name of a site."""
    return _SAYS_NOTHING.fullmatch(squeezed(title)) is None


def site_name(root: HtmlElement, url: str) -> str:
    """Return the name of the site that the page at ``url`` belongs to; empty when the page does not give one."""
    names = (*_declared(root), _in_title(clean(root.findtext(".//title") or ""), url))
    return next((name for name in names if names_a_site(name)), "")[:LONGEST_NAME]


def _declared(root: HtmlElement) -> Iterator[str]:
    for path in _META:
        yield from map(clean, root.xpath(path))
    for script in root.xpath("//script[@type='application/ld+json']/text()"):
        yield from _organizations(str(script)[:_LONGEST_SCRIPT])


def _organizations(script: str) -> Iterator[str]:
    try:
        found = json.loads(script)
    except (ValueError, RecursionError):
        return
    nodes = found.get("@graph", [found]) if isinstance(found, dict) else found
    for node in nodes if isinstance(nodes, list) else []:
        kinds = node.get("@type") if isinstance(node, dict) else None
        named = {kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)}
        name = node.get("name") if named & _ORGANIZATIONS else None
        if isinstance(name, str):
            yield clean(name)


def _in_title(title: str, url: str) -> str:
    """Return the part of a title that is the name of its host; else the only part that names something, or all."""
    parts = [part.strip() for part in _JOINT.split(title) if part.strip()]
    host = squeezed((urlsplit(url).hostname or "").removeprefix("www."))
    its_host = [part for part in parts if len(squeezed(part)) > 2 and squeezed(part) in host]  # noqa: PLR2004 - letters
    telling = [part for part in parts if names_a_site(part)]
    if its_host:
        return max(its_host, key=len)
    return telling[0] if len(telling) == 1 else title
