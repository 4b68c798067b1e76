"""Whether two addresses name one picture: sites serve the same file in many sizes, crops and formats."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

MOST_SEGMENTS = 40
"""Of a path, and parameters; an address with more names no picture."""
LONGEST_ADDRESS = 2_000
"""Characters."""
SHORTEST_ID = 5
"""Digits of a file's name that tell it from all others; three or four are a width, fewer a place in a series."""

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
"""Names that only say in which size or for which place a picture is: what stands before them tells which one it is."""
_SIZES = frozenset(
    ["w", "h", "width", "height", "q", "quality", "s", "size", "crop", "fit", "format", "fm", "auto", "dpr", "rect",
     "resize", "mode", "v", "ver", "version", "t", "hash", "sig", "fp-x", "fp-y", "ar", "imwidth", "impolicy"]
)  # fmt: skip


def same_picture(one: str, other: str) -> bool:
    """Tell whether two addresses, absolute or relative, name one picture apart from size, crop, format and host."""
    name = _name(one)
    return bool(name) and name == _name(other)


def _name(address: str) -> tuple[str, ...]:
    """Return what tells a picture from others; empty when nothing does."""
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
    """Return the path of an address that stands in a parameter of another, in small letters."""
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
