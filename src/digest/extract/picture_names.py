"""Decides whether two addresses name the same picture. Sites serve a file in many sizes, crops and formats."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

MOST_SEGMENTS = 40
"""Most path segments, and most parameters. An address with more of them does not name a picture."""
LONGEST_ADDRESS = 2_000
"""Longest address, in characters."""
SHORTEST_ID = 5
"""Digits of a file name that identify it. Three or four digits are a width, fewer a place in a series."""

_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|avif|gif|tiff?|heic|jxl)\Z")
_SCRIPT = re.compile(r"\.(?:php|ashx|aspx?|cgi|jsp|do)\Z")
_EXTENSION = re.compile(r"\.[a-z]{2,5}\Z")
_SIZE = (
    r"(?:\d{1,4}[x\u00d7]\d{1,4}|\d{2,4}(?:w|h|px)|[wh]\d{2,4}|\dx|scaled|x?large|small|medium|thumb(?:nail)?|original|full"
    r"|master|wide|square|crop(?:ped)?|landscape|portrait|teaser|retina)"
)
_MADE_BY_TYPO3 = re.compile(r"\Acsm_(.+)_[0-9a-f]{10}\Z")
_SIZE_AT_END = re.compile(rf"(?:[-_.@~]{_SIZE})+\Z")
_SIDE = "(?:w|h|c|q|x|y|s|ar|dpr)"
_NO_NAME = re.compile(
    rf"(?:{_SIZE}|image|img|photo|foto|bild|pic|picture|default|main|lead|hero|preview|social|og|alternates"
    rf"|(?:{_SIDE}[_-]?)?\d+(?:[_,x:-](?:{_SIDE}[_-]?)?\d+)*)\Z"
)
"""Names for a size or a place of use only. The segment before them identifies the picture."""
_SIZES = frozenset(
    ["w", "h", "width", "height", "q", "quality", "s", "size", "crop", "fit", "format", "fm", "auto", "dpr", "rect",
     "resize", "mode", "v", "ver", "version", "t", "hash", "sig", "fp-x", "fp-y", "ar", "imwidth", "impolicy"]
)  # fmt: skip


def same_picture(one: str, other: str) -> bool:
    """Return whether two addresses name one picture. They may be relative; size, crop, format and host may differ."""
    return may_name(one, other) and _name(one) == _name(other)


def may_name(one: str, text: str) -> bool:
    """Return whether a text may contain an address of the same picture: a quick question for most texts."""
    name = _name(one)
    return bool(name) and ("%" in text or name[0] in text.casefold())


@lru_cache(maxsize=256)
def _name(address: str) -> tuple[str, ...]:
    """Return the parts of an address that identify the picture; empty if none do."""
    if len(address) > LONGEST_ADDRESS:
        return ()
    try:
        parts = urlsplit(address.strip())
        parameters = parse_qsl(parts.query, max_num_fields=MOST_SEGMENTS)
    except ValueError:
        return ()
    if parts.scheme not in {"", "http", "https"}:
        return ()
    inner = next((value for _, value in parameters if _PICTURE.search(_path_of(value))), "")
    path = _path_of(inner) if inner else unquote(parts.path).casefold()
    segments = [segment for segment in path.split("/") if segment]
    if not segments or len(segments) > MOST_SEGMENTS:
        return ()
    if not inner and parameters and (_SCRIPT.search(segments[-1]) or not _EXTENSION.search(segments[-1])):
        return (*segments, *(f"{key}={value}" for key, value in sorted(parameters) if key.lower() not in _SIZES))
    return _file_name(segments)


def _path_of(address: str) -> str:
    """Return the path of an address in a parameter of another address, in small letters."""
    return unquote(address.partition("?")[0]).casefold()


def _file_name(segments: list[str]) -> tuple[str, ...]:
    last = _MADE_BY_TYPO3.sub(r"\1", _EXTENSION.sub("", segments[-1]))
    last = _SIZE_AT_END.sub("", last)
    if last.isdigit() and len(last) >= SHORTEST_ID:
        return (last,)
    if last and not _NO_NAME.match(last):
        return (last,)
    before = next((s for s in reversed(segments[:-1]) if not _NO_NAME.match(_EXTENSION.sub("", s))), "")
    in_series = last.isdigit() and len(last) < len("100")
    return ((before, last) if in_series else (before,)) if before else ()
