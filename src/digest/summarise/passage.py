"""The text directive with which a link leads a browser to a passage (WICG, URL Fragment Text Directives)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote, unquote

from digest.text.patterns import compiled

_WHOLE = 80
"""A span up to this length in characters is given whole; a longer one by its first and last words."""
_IDEOGRAPHS = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_IDEOGRAPH = rf"[{_IDEOGRAPHS}]"
_UNIT = rf"{_IDEOGRAPH}|[^\s{_IDEOGRAPHS}]+"
_WHITE_BUT_SPACE = r"[^\S ]"
_ASCII_WHITE = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f"
"""The same of ASCII; to replace one after the other is faster than to look for the set."""
_PERCENT = {code: f"%{code:02X}" for code in range(128) if not chr(code).isalnum() and chr(code) not in "_.~"}
"""The encoding of ASCII characters. The table takes a quarter of the time of ``quote``."""
_EDGE_WORDS = (4, 6, 9)
_CONTEXT_WORDS = (2, 4, 8)
_CONTEXT_REACH = 200
"""The words of a prefix or suffix are taken from so many characters on either side."""


def fragment(text: str, start: int, end: int) -> str:
    """Return the directive for a span of an article, ``text=...``, percent-encoded, without the leading ``#:~:``.

    It gives the span whole, or a long one by its first and last words. It adds the words before or after it only when
    the span would otherwise be found earlier in the text. Empty when no directive leads to the span, for example when
    it occurs twice between the same words.
    """
    for parts in _directives(text, start, end):
        if _found(text, *parts) == (start, end):
            return _written(*parts)
    return ""


def resolve(text: str, directive: str) -> tuple[int, int] | None:
    """Return the span to which a browser would scroll, or None when it finds no match.

    The first match counts. Case and the kind of white space are ignored. Every part begins and ends at a word boundary.
    """
    parts = directive.removeprefix("text=").split(",")
    prefix = unquote(parts.pop(0)[:-1]) if parts[0].endswith("-") else ""
    suffix = unquote(parts.pop()[1:]) if parts and parts[-1].startswith("-") else ""
    if not 1 <= len(parts) <= 2 or not parts[0]:  # noqa: PLR2004 - a start, or a start and an end
        return None
    return _found(text, prefix, unquote(parts[0]), unquote(parts[1]) if len(parts) > 1 else "", suffix)


def _found(text: str, prefix: str, first: str, last: str, suffix: str) -> tuple[int, int] | None:
    """Return the span to which the parts of a directive lead, before they are encoded."""
    flat = _flat(text)
    prefix, first, last, suffix = map(_flattened, (prefix, first, last, suffix))
    for start in _starts(flat, prefix, first) if first else ():
        end = _end(flat, start + len(first), last, suffix)
        if end is not None:
            return start, end
    return None


@lru_cache(maxsize=8)
def _flat(text: str) -> str:
    """Return a text in lower case with a space for every white-space character: all offsets stay the same."""
    small = _small(text)
    if not small.isascii():
        return compiled(_WHITE_BUT_SPACE).sub(" ", small)
    for white in _ASCII_WHITE:
        small = small.replace(white, " ")
    return small


def _small(text: str) -> str:
    """Return a text in lower case with the same length; a text that would grow is returned unchanged."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def _flattened(part: str) -> str:
    return " ".join(_small(part).split())


def _starts(text: str, prefix: str, first: str) -> Iterator[int]:
    """Yield the places where ``first`` occurs, after ``prefix`` if there is one."""
    if not prefix:
        yield from _places(text, first, 0)
        return
    for place in _places(text, prefix, 0):
        start = _past_space(text, place + len(prefix))
        if _stands_at(text, first, start):
            yield start


def _end(text: str, at: int, last: str, suffix: str) -> int | None:
    """Return where a passage ends: after ``last``, before ``suffix``. Its first part ends at ``at``."""
    for end in (place + len(last) for place in _places(text, last, at)) if last else (at,):
        if not suffix or _stands_at(text, suffix, _past_space(text, end)):
            return end
    return None


def _places(text: str, part: str, at: int) -> Iterator[int]:
    place = text.find(part, at)
    while place >= 0:
        if _stands_at(text, part, place):
            yield place
        place = text.find(part, place + 1)


def _past_space(text: str, at: int) -> int:
    while text[at : at + 1] == " ":
        at += 1
    return at


def _stands_at(text: str, part: str, at: int) -> bool:
    """Return whether a part is at a place, between word boundaries; every ideograph has boundaries around it."""
    end = at + len(part)
    return text.startswith(part, at) and _is_edge(text, at) and _is_edge(text, end)


def _is_edge(text: str, at: int) -> bool:
    around = text[at - 1 : at + 1] if at else ""
    return not around.isalnum() or len(around) == 1 or bool(compiled(_IDEOGRAPH).search(around))


_Parts = tuple[str, str, str, str]
"""The prefix, the first and the last words of the span, and the suffix; all but the first words may be empty."""


def _directives(text: str, start: int, end: int) -> Iterator[_Parts]:
    """Yield the parts of the possible directives for a span, the shortest first."""
    cores = []
    for first, last in _cores(text[start:end]):
        cores.append((first, last))
        yield "", first, last, ""
    # A browser looks for a prefix or suffix within one block, so their words come from one paragraph.
    near_before = text[max(0, start - _CONTEXT_REACH) : start].rstrip().rpartition("\n\n")[2]
    near_behind = text[end : end + _CONTEXT_REACH].lstrip().partition("\n\n")[0]
    for words in _CONTEXT_WORDS:
        before = " ".join(compiled(_UNIT).findall(near_before)[-words:])
        behind = " ".join(compiled(_UNIT).findall(near_behind)[:words])
        if before:
            yield from ((before, first, last, "") for first, last in cores)
        if behind:
            yield from (("", first, last, behind) for first, last in cores)
        if before and behind:
            yield from ((before, first, last, behind) for first, last in cores)


def _cores(span: str) -> Iterator[tuple[str, str]]:
    """Yield a span as its first and last words, or whole: then the last words are empty."""
    if len(span) <= _WHOLE:
        yield span, ""
        return
    if span.isascii():
        words = span.split()
        yield from ((" ".join(words[:n]), " ".join(words[-n:])) for n in _EDGE_WORDS if len(words) >= 2 * n)
    else:
        units = list(compiled(_UNIT).finditer(span))
        ends = [(units[n - 1].end(), units[-n].start()) for n in _EDGE_WORDS if len(units) >= 2 * n]
        yield from ((span[:first], span[last:]) for first, last in ends)
    yield span, ""


def _written(prefix: str, first: str, last: str, suffix: str) -> str:
    """Return a directive with its parts encoded."""
    parts = (
        f"{_encoded(prefix)}-" if prefix else "",
        _encoded(first),
        _encoded(last),
        f"-{_encoded(suffix)}" if suffix else "",
    )
    return "text=" + ",".join(filter(None, parts))


def _encoded(text: str) -> str:
    """Return a part percent-encoded, including dashes, commas and ampersands, which are syntax in a directive."""
    plain = " ".join(text.split())
    return plain.translate(_PERCENT) if plain.isascii() else quote(plain, safe="").replace("-", "%2D")
