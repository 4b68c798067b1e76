"""Chooses the article's photo from the pictures that a page names. Logos and placeholders are skipped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import unquote, urlsplit

from digest.extract.linked_data import Node
from digest.extract.linked_data import words as words_of

_BADGE = re.compile(
    r"(?<![a-z])(?:logos?|logotype|favicon|apple-?touch-?icon|icons?|sprite|placeholder|no-?(?:image|photo|picture)"
    r"|(?:default|fallback|generic|dummy)[-_]?(?:share|social|og|image|img|thumb(?:nail)?|picture|photo|card)?"
    r"|(?:share|social|og|opengraph|facebook|twitter)[-_]?(?:default|fallback|logo|card|share|sharing)|avatars?|gravatar|(?:blank|pixel|spacer)(?=[\d_.-]*\.\w+\Z))"
    r"(?![a-z])"
)
_SITE_WIDE = frozenset(
    ["og", "social", "share", "sharing", "brand", "branding", "masthead", "opengraph", "facebook", "twitter"]
)
_OF_A_PICTURE = _SITE_WIDE | frozenset(
    ["image", "img", "card", "preview", "thumbnail", "large", "meta", "header", "open", "graph"]
)
_PLACES = frozenset(
    ["img", "images", "image", "assets", "static", "public", "dist", "build", "theme", "themes", "resources", "files",
     "src", "media", "common", "shared", "global", "site", "icons", "graphics"]
)  # fmt: skip
"""Folders of a site's own files. Pictures of articles are in folders with a number or a name of their own."""

_WORD = re.compile(r"[a-z]+")
_MOST_WORDS = 4
"""A file name with more words describes a photo, perhaps of a logo on a wall."""


def is_badge(url: str) -> bool:
    """Return whether a picture's file name is that of a site's logo or of a placeholder."""
    *folders, name = unquote(urlsplit(url).path).lower().split("/")
    words = _WORD.findall(name.rpartition(".")[0] or name)
    named = len(words) <= _MOST_WORDS and _BADGE.search(name) is not None
    return named or _is_site_wide(words, folders) or name.endswith((".svg", ".ico"))


def _is_site_wide(words: Sequence[str], folders: Sequence[str]) -> bool:
    """Return whether a file's name only says that it is for social networks, and its folders are those of the site."""
    above = [folder for folder in folders if folder]
    if not above or not _PLACES.issuperset(above):
        return False
    return _OF_A_PICTURE.issuperset(words) and not _SITE_WIDE.isdisjoint(words)


def logos(nodes: Iterable[Node]) -> frozenset[str]:
    """Return the addresses of the logos in a page's data."""
    found = (node.get("logo") for node in nodes)
    publishers = (node.get("publisher") for node in nodes)
    nested = (publisher.get("logo") for publisher in publishers if isinstance(publisher, dict))
    return frozenset(filter(None, (address_of(logo) for logo in (*found, *nested))))


def address_of(picture: object) -> str:
    """Return the address of a picture in JSON-LD: a text, an ImageObject, or the first of a list. Empty otherwise."""
    first = picture[0] if isinstance(picture, list) and picture else picture
    if isinstance(first, dict):
        return words_of(first.get("url") or first.get("contentUrl") or first.get("@id"))
    return first if isinstance(first, str) else ""


def photo(candidates: Sequence[str], site: frozenset[str]) -> str:
    """Return the first absolute URL that is neither a badge nor one of the site's logos; empty without one."""
    return next((url for url in candidates if url and url not in site and not is_badge(url)), "")
