"""Repairs feeds that are not well-formed XML, where the meaning is clear, so that a parser does not drop content.

CDATA sections and comments are not changed, except for references that no parser accepts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.entities import html5
from urllib.parse import urljoin

from digest.fetch.inner_markup import with_closed_bodies, with_plain_titles, with_usual_dates
from digest.text.references import mended_references

_OPAQUE = re.compile(r"<!(?:\[CDATA\[|--)")
_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
"""An ampersand that does not begin a reference. It is a literal character."""
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")
"""A named reference that XML does not define."""
_LONE_BRACKET = re.compile(r"<(?![A-Za-z/!?])")
"""A bracket that does not begin a tag, such as a less-than sign in a title."""
_ROOT = re.compile(r"<(?:rss|feed|rdf:RDF)(?=[\s>])[^<>]*", re.IGNORECASE)
_PREFIXED = re.compile(r"\bxmlns:(\w+)\s*=\s*([\"'])[^\"'<>]*\2")
_HEAD = 8192
"""The root element is looked for in this many characters."""
_GUID = re.compile(r"(<guid\b[^<>]*(?<!/)>)(?!\s*(?:</|(?:<!\[CDATA\[\s*)(?:\]\]>|https?:)|https?:))", re.IGNORECASE)
"""A guid with a text that is no URL. An empty one stays empty: it identifies nothing."""
_HAS_GUID = re.compile(rb"<guid\b", re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY\s+([A-Za-z][A-Za-z0-9]{1,31})\s+([\"'])([^<&%\"']{0,200})\2\s*>")
"""An entity definition whose text contains no reference (XML 1.0, section 4.2)."""

_ENTRY_BASE = re.compile(r"<(entry|item)\s[^<>]*?\bxml:base\s*=\s*([\"'])([^\"'<>]+)\2[^<>]*>", re.IGNORECASE)
_LINK_BASE = re.compile(r"<link\s[^<>]*?\bxml:base\s*=\s*([\"'])([^\"'<>]+)\1[^<>]*>", re.IGNORECASE)
_HREF = re.compile(r"(<link\s[^<>]*?\bhref\s*=\s*[\"']|<link>\s*(?=[^<>\s]))([^\"'<>]*)", re.IGNORECASE)

_ITEM = re.compile(r"<(/?)item(?![^\s>])(?![^<>]*/>)", re.IGNORECASE)
"""The opening or closing tag of an item, unless the tag opens and closes it."""
_HAS_LINK = re.compile(r"</link>|</guid>|\bhref\s*=", re.IGNORECASE)

NO_DATE = "id "
"""A prefix for guids. Without it, the fast parser reads a guid such as ``2024`` as the date of an undated item."""

_NAMESPACES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
    "atom": "http://www.w3.org/2005/Atom",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "georss": "http://www.georss.org/georss",
    "thr": "http://purl.org/syndication/thread/1.0",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
}


def mended(text: str) -> str:
    """Return a feed with bare ampersands, HTML entities, markup in titles and undeclared prefixes repaired."""
    text = mended_references(text)
    own = _entities(text[:_HEAD])
    if "&" in text or _LONE_BRACKET.search(text):
        text = "".join(_resolvable(part, own) if open_ else part for part, open_ in _parts(text))
    text = with_usual_dates(with_closed_bodies(with_plain_titles(text)))
    return _declared(_based(_with_closed_items(text)))


def without_dates_in_guids(xml: bytes) -> bytes:
    """Return the document with NO_DATE before every guid that has a text and is no URL."""
    if not _HAS_GUID.search(xml):
        return xml
    return _GUID.sub(rf"\1{NO_DATE}", xml.decode()).encode()


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a document in order, each with whether its references are to be resolved."""
    place = 0
    while opening := _OPAQUE.search(text, place):
        yield text[place : opening.start()], True
        end = "]]>" if opening[0] == "<![CDATA[" else "-->"
        closing = text.find(end, opening.end())
        place = len(text) if closing < 0 else closing + len(end)
        yield text[opening.start() : place], False
    yield text[place:], True


def _entities(head: str) -> dict[str, str]:
    """Return the entities that the document's own type definition defines, by name."""
    return {name: meant for name, _, meant in _ENTITY.findall(head)} if "<!ENTITY" in head else {}


def _resolvable(text: str, own: Mapping[str, str]) -> str:
    def meant(match: re.Match[str]) -> str:
        found = own.get(match[1]) or html5.get(f"{match[1]};")
        return found if found and "<" not in found and "&" not in found else f"&amp;{match[0][1:]}"

    return _NAMED.sub(meant, _AMPERSAND.sub("&amp;", _LONE_BRACKET.sub("&lt;", text)))


def _with_closed_items(text: str) -> str:
    """Return an RSS feed in which every item ends before the next begins.

    The last of several items is left out if the document breaks off in it before its link: its title may be cut.
    """
    if text.count("<item>") + text.count("<item ") <= text.count("</item"):
        return text
    pieces: list[str] = []
    place, opened, several = 0, -1, False
    for at, closing in _item_tags(text):
        several = several or closing or opened >= 0
        if opened >= 0 and not closing:
            pieces += [text[place:at], "</item>"]
            place = at
        opened = -1 if closing else at
    cut = several and opened >= 0 and not _HAS_LINK.search(text, opened)
    return "".join((*pieces, text[place:opened] if cut else text[place:]))


def _item_tags(text: str) -> Iterator[tuple[int, bool]]:
    """Yield the position of each tag of an item, and whether it is a closing tag."""
    begins = 0
    for part, is_markup in _parts(text):
        for tag in _ITEM.finditer(part) if is_markup else ():
            yield begins + tag.start(), bool(tag[1])
        begins += len(part)


def _based(text: str) -> str:
    """Return the feed with links resolved against the ``xml:base`` of their entry or of themselves (XML Base)."""
    if "xml:base" not in text or not (_ENTRY_BASE.search(text) or _LINK_BASE.search(text)):
        return text
    pieces, place = [], 0
    for entry in _ENTRY_BASE.finditer(text):
        end = text.find(f"</{entry[1]}", entry.end())
        end = len(text) if end < 0 else end
        pieces += [text[place : entry.end()], _resolved(text[entry.end() : end], entry[3])]
        place = end
    return _LINK_BASE.sub(_resolved_alone, "".join((*pieces, text[place:])))


def _resolved(inside: str, base: str) -> str:
    return _HREF.sub(lambda link: f"{link[1]}{_joined(base, link[2])}", inside)


def _resolved_alone(link: re.Match[str]) -> str:
    return _HREF.sub(lambda found: f"{found[1]}{_joined(link[2], found[2])}", link[0])


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def _declared(text: str) -> str:
    """Return the feed with a declaration in its root for every usual prefix that is not declared anywhere."""
    root = _ROOT.search(text[:_HEAD])
    if root is None:
        return text
    missing = (name for name in _NAMESPACES if f"<{name}:" in text and f"xmlns:{name}" not in text)
    added = "".join(f' xmlns:{name}="{_NAMESPACES[name]}"' for name in missing)
    opening = _PREFIXED.sub(_usual, root[0])
    return text[: root.start()] + opening.removesuffix("/") + added + text[root.end() - root[0].endswith("/") :]


def _usual(declared: re.Match[str]) -> str:
    """Return the declaration of a usual prefix with its correct namespace, which some feeds misspell."""
    meant = _NAMESPACES.get(declared[1])
    return f'xmlns:{declared[1]}="{meant}"' if meant else declared[0]
