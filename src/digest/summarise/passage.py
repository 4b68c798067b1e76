"""The text directive that leads a browser to a passage (WICG, URL Fragment Text Directives)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

_WHOLE = 80
"""Characters up to which a span is named whole; a longer one by its first and last words."""
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_UNIT = re.compile(rf"{_IDEOGRAPH.pattern}|(?:(?!{_IDEOGRAPH.pattern})\S)+")
_EDGE_WORDS = (4, 6, 9)
_CONTEXT_WORDS = (2, 4, 8)
_CONTEXT_REACH = 200
"""Characters on either side in which the words of a prefix or suffix are looked for."""


def fragment(text: str, start: int, end: int) -> str:
    """Return the directive for a span of an article, ``text=...``, percent-encoded, without the leading ``#:~:``.

    It names the span whole, or a long one by its first and last words, and adds the words before or behind it only
    where the span would otherwise be found earlier in the text. Empty when no directive leads to the span, as for
    one that stands twice between the same words.
    """
    for directive in _directives(text, start, end):
        if resolve(text, directive) == (start, end):
            return directive
    return ""


def resolve(text: str, directive: str) -> tuple[int, int] | None:
    """Return the span to which a browser would scroll, or None when it finds nothing.

    The first match counts; case and the kind of white space do not; every part begins and ends at a word's edge.
    """
    parts = directive.removeprefix("text=").split(",")
    prefix = parts.pop(0)[:-1] if parts[0].endswith("-") else ""
    suffix = parts.pop()[1:] if parts and parts[-1].startswith("-") else ""
    if not 1 <= len(parts) <= 2 or not parts[0]:  # noqa: PLR2004 - a start, or a start and an end
        return None
    before = _quoted(prefix) + r"\s*" if prefix else ""
    behind = r"\s*" + _quoted(suffix) if suffix else ""
    found = re.compile(rf"{before}({r'(?s:.*?)'.join(map(_quoted, parts))}){behind}", re.IGNORECASE).search(text)
    return found.span(1) if found else None


def _directives(text: str, start: int, end: int) -> Iterator[str]:
    """Yield the ways of naming a span, the shortest first."""
    cores = list(_cores(text[start:end]))
    yield from ("text=" + core for core in cores)
    for words in _CONTEXT_WORDS:
        before = _encoded(" ".join(_UNIT.findall(text[max(0, start - _CONTEXT_REACH) : start])[-words:]))
        behind = _encoded(" ".join(_UNIT.findall(text[end : end + _CONTEXT_REACH])[:words]))
        if before:
            yield from (f"text={before}-,{core}" for core in cores)
        if behind:
            yield from (f"text={core},-{behind}" for core in cores)
        if before and behind:
            yield from (f"text={before}-,{core},-{behind}" for core in cores)


def _cores(span: str) -> Iterator[str]:
    if len(span) <= _WHOLE:
        yield _encoded(span)
        return
    units = list(_UNIT.finditer(span))
    for count in _EDGE_WORDS:
        if len(units) >= 2 * count:
            yield f"{_encoded(span[: units[count - 1].end()])},{_encoded(span[units[-count].start() :])}"
    yield _encoded(span)


def _encoded(text: str) -> str:
    """Percent-encode a part; a dash, comma or ampersand of the text must not look like the directive's own."""
    return quote(" ".join(text.split()), safe="").replace("-", "%2D")


def _quoted(part: str) -> str:
    """Return the pattern of one part: any white space between its words, and a word's edge at both ends."""
    text = unquote(part)
    words = r"\s+".join(map(re.escape, text.split()))
    left = r"(?<!\w)" if text[:1].isalnum() and not _IDEOGRAPH.match(text) else ""
    right = r"(?!\w)" if text[-1:].isalnum() and not _IDEOGRAPH.match(text[-1]) else ""
    return left + words + right
