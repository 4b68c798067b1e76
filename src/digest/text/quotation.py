"""Finds the quotations of a text, and sentences that are only a part of one.

Marks of all languages are read by their position. A mark with a space before it and none after it opens. A mark with a
space only after it closes. With both or neither, the character itself decides.
"""
# ruff: noqa: RUF001 - quotation marks and dashes are the subject here

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import islice

from digest.text.patterns import compiled

_MARK = r"[\"“”„‟«»‹›「」『』‘’‚'](?:(?<![‘’‚'])|(?<!\w.)|(?!\w))"
"""A mark; a single one has no letter on one of its sides.

The pattern begins with the set of marks, because ``re`` looks for a set much faster than for alternatives."""
_ALWAYS_OPENS = "„‟「『‚"
_ALWAYS_CLOSES = "」』"
_OPENS = "“«‹‘"
_SINGLE = "‘’‚'"
_FAMILIES = ('“”„‟"', "«»", "‹›", "「」", "『』", _SINGLE)
_FAMILY = {mark: family for family in _FAMILIES for mark in family}
"""The marks that may close a quotation, by the opening mark."""
_BEFORE_OPENING = '([{–—―-/¿¡"“„«‹‘‚'
_BEHIND_CLOSING = '.,;:!?…)]}–—―-/。，、：；"”»›’'
_ENDS_WORDS = ".,!?…"
_ELISIONS = frozenset({"em", "n", "til", "tis", "twas", "cause", "bout", "round", "cos", "ere", "s", "t", "d"})
"""English and Dutch words that begin with an apostrophe."""
_WORD = r"[^\W\d_]+"

_SPEECH = r"(?:[–—―]\s?|-\s)(?=[^\W\d_]|[¿¡…])"
"""The dash that opens speech at the start of a line."""
_DASHED = frozenset(
    {
        "sv",
        "no",
        "nb",
        "nn",
        "da",
        "fi",
        "is",
        "fr",
        "es",
        "ca",
        "gl",
        "pt",
        "it",
        "ro",
        "ru",
        "uk",
        "be",
        "bg",
        "mk",
        "sr",
        "pl",
        "cs",
        "sk",
        "hu",
        "el",
        "tr",
        "et",
        "lv",
        "lt",
    }
)
"""Languages that open speech with a dash."""
_SAYS = (
    r"[,.!?…–—-]\s*[–—-]?\s*(?:säger|sade|sa|sier|siger|sagde|sanoo|sanoi|kertoo|toteaa|говорит|сказал\w*|заявил\w*"
    r"|отметил\w*|сообщил\w*|каже|сказа[вл]\w*|powiedział\w*|mówi|dodał\w*|a dit|dit|a déclaré|déclare|explique|dijo"
    r"|afirmó|explicó|aseguró|señaló|disse|afirmou|explicou|ha detto|spiega|dice|spus|řekl\w*|uvedl\w*|mondta|είπε|dedi"
    r"|fortel\w*|fortæller|uttalar|skriver|menar|mener|berättar|förklarar|forklarer|konstaterar|tilføjer)\b"
)
"""Verbs of speaking after the speech. A sentence of speech with one of them names its speaker."""
_CARRIED = 1500
"""An unclosed quotation may continue through the next paragraphs over this many characters."""
_MARKS_BETWEEN = 16
"""The closing mark of a quotation is looked for among this many marks."""
_DEEPEST = 8
"""Most levels of nested quotations."""
_SOME_BEHIND = 6
"""Most quotations of one sentence that are checked."""

Span = tuple[int, int]


def inside(text: str, start: int, end: int, language: str = "en") -> bool:
    """Return whether a sentence is only a part of a quotation: it begins inside one, or one continues after it.

    A sentence that contains a whole quotation is not a part of it. Straight marks, speech after a dash, and quotations
    of several paragraphs count, too. ``language`` is a BCP 47 primary tag.
    """
    spans = quotations(text, language)
    at = bisect_right(spans, (start, len(text))) - 1
    if at >= 0 and spans[at][0] < start < spans[at][1]:
        return True
    for opened, closed in spans[max(at, 0) : at + _SOME_BEHIND]:
        if start <= opened < end < closed and any(map(str.isalnum, text[end:closed])):
            return not (text[opened - 2 : opened].strip(" –—―-") == "" and compiled(_SAYS).search(text, start, end))
    return False


@lru_cache(maxsize=8)
def quotations(text: str, language: str = "en") -> tuple[Span, ...]:
    """Return the spans of a text's outermost quotations in order, from mark to mark (end exclusive).

    An unclosed quotation ends with its line, or where the next one opens. Speech after a dash ends with its line, too.
    """
    spans: list[Span] = []
    unclosed = -_CARRIED
    for line in compiled(r"\S[^\n]*").finditer(text):
        start, end = line.span()
        if language not in _DASHED and not compiled(_MARK).search(text, start, end):
            continue
        paragraph = _Paragraph(text, start, end)
        if paragraph.stray >= 0:  # its opening mark is in an earlier paragraph, or was lost
            begun = unclosed if start - unclosed < _CARRIED else start
            spans = [span for span in spans if span[1] <= begun]
            spans.append((begun, paragraph.stray + 1))
        spans += paragraph.spans
        if paragraph.spans or paragraph.stray >= 0:
            unclosed = paragraph.unclosed if paragraph.unclosed >= 0 else -_CARRIED
        if language in _DASHED:
            spans = _with_speech(spans, text, start, end)
    return tuple(spans)


def _with_speech(spans: list[Span], text: str, start: int, end: int) -> list[Span]:
    """Add a line of speech after a dash to the quotations, without its dash. It replaces the quotations inside it."""
    dash = compiled(_SPEECH).match(text, start, end)
    return [*(span for span in spans if span[0] < start), (dash.end(), end)] if dash else spans


class _Paragraph:
    """The quotations of one paragraph or line. Its marks are read from left to right.

    ``spans`` holds the outermost quotations. ``stray`` is the position of the last mark that closes none of them.
    ``unclosed`` is the position of an opening mark without a closing one. Both are -1 if there is none.
    """

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self.spans: list[Span] = []
        self.stray = self.unclosed = -1
        self._open: list[int] = []
        for mark in compiled(_MARK).finditer(text, start, end):
            self._take(mark.start())
        outermost = [at for at in self._open if text[at] not in _SINGLE]
        if outermost:
            self.unclosed = outermost[0]
            self.spans.append((outermost[0], end))

    def _take(self, at: int) -> None:
        family = _FAMILY[self.text[at]]
        depth = next((i for i in reversed(range(len(self._open))) if self.text[self._open[i]] in family), -1)
        if self._is_opening(at, opened=depth >= 0):
            if depth >= 0 and not depth:  # the earlier quotation was never closed
                self.spans.append((self._open[0], at))
                self._open.clear()
            if len(self._open) < _DEEPEST:
                self._open.append(at)
        elif depth >= 0 and self._is_closing(at):
            opened = self._open[depth]
            del self._open[depth:]
            if not self._open:
                self.spans.append((opened, at + 1))
        elif depth < 0 and not self._open and self._is_stray(at):
            self.stray = at
            self.spans.clear()

    def _around(self, at: int) -> tuple[bool, bool]:
        """Return whether the characters around a mark fit an opening mark, and whether they fit a closing one."""
        left = self.text[at - 1] if at > self.start else " "
        right = self.text[at + 1] if at + 1 < self.end else " "
        opens = (left.isspace() or left in _BEFORE_OPENING) and not (right.isspace() or right in ".,;:!?)")
        closes = not (left.isspace() or left in "([{") and (right.isspace() or right in _BEHIND_CLOSING)
        return opens, closes

    def _is_opening(self, at: int, *, opened: bool) -> bool:
        mark = self.text[at]
        if mark in _ALWAYS_OPENS:
            return mark != "‚" or self._has_partner(at)
        opens, closes = self._around(at)
        if mark in _ALWAYS_CLOSES or (closes and not opens):
            return False
        if mark in _SINGLE:
            return opens and not opened and self._is_quote(at) and self._has_partner(at)
        if mark == '"':
            return not opened and not self.text[at - 1 : at].isdigit()
        if mark in _OPENS:
            return opens or not opened
        return opens and not opened and self._has_partner(at)

    def _is_closing(self, at: int) -> bool:
        opens, closes = self._around(at)
        if self.text[at] not in _SINGLE:
            return closes or not opens
        plural = self.text[at - 1] == "s" and self.text[at + 1 : at + 3].strip()[:1].islower()
        return closes and not (plural and self._closes_next(at))

    def _is_stray(self, at: int) -> bool:
        _, closes = self._around(at)
        mark, left = self.text[at], self.text[at - 1 : at]
        if mark in _SINGLE or left.isdigit():
            return False
        return left in _ENDS_WORDS if mark == '"' else closes

    def _is_quote(self, at: int) -> bool:
        """Return whether a single mark is a quotation mark, not the apostrophe of a word that begins with one."""
        word = compiled(_WORD).match(self.text, at + 1)
        return not self.text[at + 1 : at + 2].isdigit() and not (word and word.group().lower() in _ELISIONS)

    def _closes_next(self, at: int) -> bool:
        """Return whether the next single mark closes a quotation. Then this one is an apostrophe."""
        marks = compiled(_MARK).finditer(self.text, at + 1, min(self.end, at + _CARRIED))
        following = next((mark.start() for mark in marks if mark.group() in _SINGLE), -1)
        return following >= 0 and self._around(following) == (False, True) and self.text[following - 1] in _ENDS_WORDS

    def _has_partner(self, at: int) -> bool:
        """Return whether a mark of the same family closes later in the paragraph, after the end of words."""
        family = _FAMILY[self.text[at]]
        marks = compiled(_MARK).finditer(self.text, at + 1, min(self.end, at + _CARRIED))
        return any(m.group() in family and self._around(m.start())[1] for m in islice(marks, _MARKS_BETWEEN))
