"""Feeds that are not quite XML, mended as far as it is plain what was meant, before a parser drops what it cannot read.

Nothing inside CDATA sections and comments is touched, but for references that no parser takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from urllib.parse import urljoin

from digest.text.references import mended_references

_OPAQUE = re.compile(r"<!(?:\[CDATA\[|--)")
_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
"""An ampersand that begins no reference, so stands for itself."""
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")
"""A reference by a name that XML does not know."""
_TITLE = re.compile(
    r"(<title(?:\s[^<>]*)?>)((?:[^<]|<(?!/title\s*>|!\[CDATA\[)){0,2000}?)(?=</title\s*>)", re.IGNORECASE
)
_MARKED_TITLE = re.compile(r"<title(?:\s[^<>]*)?>[^<]*<(?!/title|!\[CDATA\[)", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_XHTML = re.compile(r"(\btype\s*=\s*[\"'])xhtml([\"'])", re.IGNORECASE)
_ROOT = re.compile(r"<(?:rss|feed|rdf:RDF)(?=[\s>])[^<>]*", re.IGNORECASE)
_HEAD = 8192
"""Characters in which the root is looked for."""
_GUID = re.compile(r"(<guid\b[^<>]*>)(?!\s*(?:<!\[CDATA\[\s*)?https?:)", re.IGNORECASE)

_ENTRY_BASE = re.compile(r"<entry\s[^<>]*?\bxml:base\s*=\s*([\"'])([^\"'<>]+)\1[^<>]*>", re.IGNORECASE)
_LINK_BASE = re.compile(r"<link\s[^<>]*?\bxml:base\s*=\s*([\"'])([^\"'<>]+)\1[^<>]*>", re.IGNORECASE)
_HREF = re.compile(r"(<link\s[^<>]*?\bhref\s*=\s*[\"'])([^\"'<>]*)", re.IGNORECASE)

NO_DATE = "id "
"""Set before a guid: the fast parser takes ``2024`` for a date, where an item has none."""

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
    """Return a feed in which bare ampersands, HTML's entities, markup in titles and undeclared prefixes are mended."""
    text = mended_references(text)
    if "&" in text:
        text = "".join(_resolvable(part) if open_ else part for part, open_ in _parts(text))
    if _MARKED_TITLE.search(text):
        text = _TITLE.sub(_plain_title, text)
    return _declared(_based(text))


def without_dates_in_guids(xml: bytes) -> bytes:
    """Return the document with NO_DATE before every guid that is no URL."""
    if b"<guid" not in xml:
        return xml
    return _GUID.sub(rf"\1{NO_DATE}", xml.decode()).encode()


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a document in order, each with whether references in it are resolved."""
    place = 0
    while opening := _OPAQUE.search(text, place):
        yield text[place : opening.start()], True
        end = "]]>" if opening[0] == "<![CDATA[" else "-->"
        closing = text.find(end, opening.end())
        place = len(text) if closing < 0 else closing + len(end)
        yield text[opening.start() : place], False
    yield text[place:], True


def _resolvable(text: str) -> str:
    return _NAMED.sub(_reference, _AMPERSAND.sub("&amp;", text))


def _reference(match: re.Match[str]) -> str:
    meant = html5.get(f"{match[1]};")
    return meant if meant and "<" not in meant and "&" not in meant else f"&amp;{match[0][1:]}"


def _plain_title(match: re.Match[str]) -> str:
    opening, inside = match.groups()
    if "<" not in inside:
        return match[0]
    return _XHTML.sub(r"\1text\2", opening) + " ".join(_TAG.sub("", inside).split())


def _based(text: str) -> str:
    """Return the feed with links resolved against the ``xml:base`` of their entry or of themselves (XML Base)."""
    if "xml:base" not in text or not (_ENTRY_BASE.search(text) or _LINK_BASE.search(text)):
        return text
    pieces, place = [], 0
    for entry in _ENTRY_BASE.finditer(text):
        end = text.find("</entry", entry.end())
        end = len(text) if end < 0 else end
        pieces += [text[place : entry.end()], _resolved(text[entry.end() : end], entry[2])]
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
    """Return the feed with a declaration in its root for every usual prefix that has none anywhere."""
    root = _ROOT.search(text[:_HEAD])
    if root is None:
        return text
    missing = (name for name in _NAMESPACES if f"<{name}:" in text and f"xmlns:{name}" not in text)
    added = "".join(f' xmlns:{name}="{_NAMESPACES[name]}"' for name in missing)
    end = root.end() - root[0].endswith("/")
    return text[:end] + added + text[end:]
