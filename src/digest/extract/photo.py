"""Chooses the article's photo from the pictures that a page names. Logos and placeholders are skipped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import unquote, urlsplit

from digest.extract.linked_data import Node, words

_BADGE = re.compile(
    r"(?<![a-z])(?:logos?|logotype|favicon|apple-?touch-?icon|icons?|sprite|placeholder|no-?(?:image|photo|picture)"
    r"|(?:default|fallback|generic|dummy)[-_]?(?:share|social|og|image|img|thumb(?:nail)?|picture|photo|card)?"
    r"|(?:share|social|og|opengraph|facebook|twitter)[-_]?(?:default|fallback|logo|card|share|sharing)|avatars?|gravatar|blank|pixel|spacer)"
    r"(?![a-z])"
)

_WORD = re.compile(r"[a-z]+")
_MOST_WORDS = 4
"""A file name with more words describes a photo, perhaps of a logo on a wall."""


def is_badge(url: str) -> bool:
    """Return whether a picture's file name is that of a site's logo or of a placeholder."""
    name = unquote(urlsplit(url).path).lower().rpartition("/")[2]
    is_short = len(_WORD.findall(name.rpartition(".")[0] or name)) <= _MOST_WORDS
    return (is_short and _BADGE.search(name) is not None) or name.endswith((".svg", ".ico"))


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
        return words(first.get("url") or first.get("contentUrl") or first.get("@id"))
    return first if isinstance(first, str) else ""


def photo(candidates: Sequence[str], site: frozenset[str]) -> str:
    """Return the first absolute URL that is neither a badge nor one of the site's logos; empty without one."""
    return next((url for url in candidates if url and url not in site and not is_badge(url)), "")
