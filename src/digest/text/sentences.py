"""Splits a news text into paragraphs and sentences."""
# ruff: noqa: RUF001 - quotation marks and the scripts of many languages are the subject here

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from digest.text.patterns import compiled
from digest.text.stops import STOPS, Rules, ends, rules

_BLANK_LINES = r"\n[^\S\n]*\n\s*"
_LINE_END = r"[^\S\n]*\n\s*"
_LIST_MARK = r"(?:[•▪◦‣·*]|-(?=\s))\s*"
_CLOSING = "\"'”’»“‘)]› \u00a0」』"
_FINAL = frozenset(STOPS)
_SPACED = frozenset({"th", "lo"})
"""Languages that separate sentences by a space, and often clauses, too."""
_LEAST_THAI = 45
"""Shortest Thai sentence, in characters. A shorter piece is a clause of the next sentence."""
_LEAST_THAI_PIECE = 15
"""Shortest piece, in characters, on either side of a space that ends a Thai sentence."""
_LONGEST_THAI_TITLE = 40
_THAI_GOES_ON = (
    r"(?:และ|หรือ|แต่|ที่|ซึ่ง|โดย|เพื่อ|จาก|ใน|ของ|ว่า|กับ|ให้|เป็น|รวม|ตลอด|พร้อม|จึง|ก็|จน|ก่อน|หลัง"
    r"|เพราะ|เนื่อง|ด้วย|ทั้ง|เช่น|ແລະ|ຫຼື|ແຕ່|ທີ່|ຊຶ່ງ|ໂດຍ|ເພື່ອ|ຈາກ)"
)
"""Words that continue a clause after a space."""
_LONGEST_NUMBER = 4
"""The number of a list item has fewer digits than this."""


def paragraphs(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of the paragraphs, separated by blank lines, without white space at their ends."""
    spans = []
    at = 0
    for gap in (*compiled(_BLANK_LINES).finditer(text), None):
        end = gap.start() if gap else len(text)
        if span := _trimmed(text, at, end):
            spans.append(span)
        at = gap.end() if gap else end
    return tuple(spans)


def sentences(text: str, language: str = "en") -> tuple[tuple[int, int], ...]:
    """Return the spans (end exclusive) of a text's sentences, in order, without white space at their ends.

    Paragraphs are separated by blank lines. A heading or list item without a full stop is one sentence; a list's bullet
    belongs to none. A sentence may end inside a quotation, except between the corner brackets of Japanese and Chinese.
    ``language`` is a BCP 47 primary tag. Unknown languages are split by the rules for all languages.
    """
    known = rules(language)
    spans: list[tuple[int, int]] = []
    for start, end in paragraphs(text):
        for line_start, line_end in _lines(text, start, end):
            _split_line(text, line_start, line_end, known, spans)
    if language in _SPACED:
        return tuple(part for span in spans for part in _spaced(text, *span))
    return tuple(spans)


def _spaced(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split a line of a script without full stops at spaces after which no clause continues."""
    pieces = list(compiled(r"\S+").finditer(text, start, end))
    for piece, following in pairwise(pieces):
        if (
            piece.end() - start >= _LEAST_THAI
            and min(len(piece.group()), len(following.group())) >= _LEAST_THAI_PIECE
            and not compiled(_THAI_GOES_ON).match(following.group())
        ):
            yield start, piece.end()
            start = following.start()
    yield start, end


def is_finished(sentence: str) -> bool:
    """Return whether a sentence has its final stop. Thai and Lao have none; there a minimum length is enough."""
    last = sentence.rstrip(_CLOSING)[-1:]
    return last in _FINAL or ("\u0e00" <= last <= "\u0eff" and len(sentence) >= _LONGEST_THAI_TITLE)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    return (start, end) if start < end else None


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split a paragraph at its line breaks, except before a line that begins with a small letter."""
    if text.find("\n", start, end) < 0:
        return [(start, end)]
    lines = []
    at = start
    for gap in compiled(_LINE_END).finditer(text, start, end):
        if not text[gap.end() : gap.end() + 1].islower():
            lines.append((at, gap.start()))
            at = gap.end()
    return [*lines, (at, end)]


def _split_line(text: str, start: int, end: int, known: Rules, spans: list[tuple[int, int]]) -> None:
    mark = compiled(_LIST_MARK).match(text, start, end)
    line = start = mark.end() if mark else start
    for marks in known.marks.finditer(text, start, end):
        stop = known.stop.match(text, marks.start(), end)
        if stop is None:
            continue
        here = stop.end()
        if here >= end:
            break
        if ends(text, (start, end), stop, known) and not _is_list_number(text, line, stop):
            spans.append((start, here))
            start = here
            while text[start].isspace():
                start += 1
    if start < end and (span := _trimmed(text, start, end)):
        spans.append(span)


def _is_list_number(text: str, line: int, stop: re.Match[str]) -> bool:
    return stop.start() - line < _LONGEST_NUMBER and text[line : stop.start()].isdigit()
