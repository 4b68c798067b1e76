"""Reads a paper's front page as its editors arranged it: its articles, their order and their size.

HTML of the front page ─▶ article links ─▶ place, level of heading, size, box ─▶ FrontPlace, most prominent first
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import log2
from urllib.parse import urlsplit

from lxml import etree
from lxml import html as lxml_html

from digest.fetch.front_page import MOST_LINKS, SHORTEST_HEADLINE, headline, is_article, is_outside
from digest.model.front import FrontPlace
from digest.model.source import Source, SourceKind
from digest.text.urls import absolute, canonical, same_site

AUTO, OFF = "auto", "off"
FEWEST_ARTICLES = 5
"""A page with at least this many article links is a front page."""
MOST_ANCHORS = 5_000
"""At most this many links of a page are examined."""
NEAREST = 6
"""The names and headings of this many elements around a link are read."""
LEVELS = (1.0, 0.8, 0.65)
"""Weights of the heading levels on the page, the highest level first."""
BARE = 0.5
"""Weight of a link without a heading, where other links have one."""
LARGE, SMALL = 1.25, 0.8
"""Factors for a teaser that its markup calls large or small."""
BOXED = 0.1
"""Prominence of an article that is only in a box. Readers choose "most read"; the clock chooses "latest"."""

_BOX = re.compile(
    r"most-?(?:read|viewed|popular|shared|commented|recent)|popular|trending|meist-?gelesen|beliebt|les-?plus-?lus|plus-?lus"
    r"|mas-?(?:leidas?|vist[ao]s?)|piu-?(?:letti|lette)|mais-?lidas?|meest-?gelezen|side-?bar|ticker|latest|newest"
    r"|breaking-?news-?list|recommend|related|newsletter|sponsor|advert|promo|partner|comment|archive|pagination"
)
_LARGE = re.compile(
    r"\b(?:lead|leader|hero|splash|top-?story|main-?story|aufmacher|featured?|headline-?xl|xl|xxl|big|large|jumbo)\b"
)
_SMALL = re.compile(r"\b(?:small|mini|compact|tiny|secondary|xs|list-item|brief)\b")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    url: str
    level: int | None
    """Level of its heading, 1 the highest. None: no heading."""
    size: float
    boxed: bool


def home_of(source: Source, links: Sequence[str]) -> str:
    """Return the address of the front page of a source: from its settings, or the root of its articles' site.

    It is empty when the operator turned it off. It is also empty when the links lead to many sites: an aggregator has
    no front page.
    """
    if source.front_page == OFF:
        return ""
    if source.front_page != AUTO:
        return source.front_page
    if source.kind is SourceKind.FRONT_PAGE:
        return source.url
    sites = Counter(f"{parts.scheme}://{parts.netloc}/" for parts in map(urlsplit, links))
    home, number = next(iter(sites.most_common(1)), ("", 0))
    return home if 2 * number > len(links) else ""


def front_places(html: str, url: str) -> tuple[FrontPlace, ...]:
    """Return the articles of the front page at ``url``, most prominent first. Empty when it is no front page."""
    try:
        root = lxml_html.document_fromstring(html.encode("utf-8", "replace"), lxml_html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):  # an empty document
        return ()
    links = _chosen(_links(root, absolute(next(iter(root.xpath("//base/@href")), ""), url) or url))
    if len(links) < FEWEST_ARTICLES:
        return ()
    levels = sorted({link.level for link in links if link.level is not None and not link.boxed})
    main = [link for link in links if not link.boxed]
    placed = [_placed(link, place, levels) for place, link in enumerate(main)]
    placed += [FrontPlace(url=link.url, place=len(main), prominence=BOXED) for link in links if link.boxed]
    return tuple(sorted(placed, key=lambda each: (-each.prominence, each.place, each.url)))


def _placed(link: _Link, place: int, levels: list[int]) -> FrontPlace:
    by_level = 1.0
    if levels:
        by_level = BARE if link.level is None else LEVELS[min(levels.index(link.level), len(LEVELS) - 1)]
    prominence = min(1.0, by_level * link.size / log2(2 + place))
    return FrontPlace(url=link.url, place=place, prominence=round(prominence, 3))


def _chosen(links: Iterator[_Link]) -> list[_Link]:
    """Return each article once, at its first link outside a box. Its heading and size may come from another link."""
    found: dict[str, _Link] = {}
    for link in links:
        before = found.get(link.url)
        if before is None or (before.boxed and not link.boxed):
            found.pop(link.url, None)
            found[link.url] = link
        elif before.boxed == link.boxed:
            level = min(filter(None, (before.level, link.level)), default=None)
            size = before.size if before.size != 1 else link.size
            found[link.url] = _Link(url=link.url, level=level, size=size, boxed=link.boxed)
    return list(found.values())[:MOST_LINKS]


def _links(root: lxml_html.HtmlElement, base: str) -> Iterator[_Link]:
    for node in islice(root.iter("a"), MOST_ANCHORS):
        link = absolute(node.get("href") or "", base)
        if link is None or not same_site(link, base) or not is_article(link) or is_outside(node):
            continue
        near = [node, *islice(node.iterancestors(), NEAREST)]
        names = " ".join(f"{each.get('class', '')} {each.get('id', '')}" for each in near).lower().replace("_", "-")
        level = _level(node, near)
        pictured = next(node.iter("img", "picture"), None) is not None
        if level is None and len(headline(node)) < SHORTEST_HEADLINE and not pictured:
            continue
        boxed = _BOX.search(names) is not None or any(each.tag == "aside" for each in node.iterancestors())
        yield _Link(url=canonical(link), level=level, size=_size(names), boxed=boxed)


def _level(node: lxml_html.HtmlElement, near: list[lxml_html.HtmlElement]) -> int | None:
    inside = next(node.iter(*_HEADINGS), None)
    around = inside if inside is not None else next((each for each in near if each.tag in _HEADINGS), None)
    return None if around is None else int(str(around.tag)[1])


def _size(names: str) -> float:
    if _LARGE.search(names):
        return LARGE
    return SMALL if _SMALL.search(names) else 1.0
