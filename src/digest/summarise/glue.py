"""Two sentences that a page ran together: which of them is told."""
# ruff: noqa: RUF001 - letters and quotation marks of several languages are the subject here

from __future__ import annotations

from collections.abc import Callable

from digest.summarise.essentials import names_speaker
from digest.summarise.phrases import phrases
from digest.text.patterns import compiled

_STOP = r"[.!?](?=[«“„A-ZÀ-ÖØ-Þ-])"
_BEHIND = r"(?!(?:Com|Net|Org|Info|Co|Fr|De|Js|Tv)\b)(?:- )?[«“„]?[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ'’]+ "
_BEFORE = r"[^\W_][^\W_\s][)\"”»]?\Z"
"""A stop to which the next word is glued: the line break between them was lost; no web address, no initials."""
_HEADING_CLOSES = r"[^\W_]\s?[\"”»](?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ'’]*\s)"
"""A closing quotation mark to which the next sentence is glued: a heading ended with it."""
_PAIRED: dict[str, Callable[[str], bool]] = {
    '"': lambda text: text.count('"') % 2 == 0,
    "”": lambda text: text.count("“") == text.count("”"),
    "»": lambda text: text.count("«") == text.count("»"),
}
"""Whether the mark that ends a text closes a quotation; some languages open one with it."""
_LAST = 3
"""Characters at a sentence's end in which its own stop stands."""
_CAPITALS_EN = (
    *(
        " The ",
        " In ",
        " With ",
        " He ",
        " She ",
        " They ",
        " But ",
        " After ",
        " When ",
        " While ",
        " This ",
        " These ",
    ),
    " However, ",
)
_LETS_CAPITAL_FOLLOW = frozenset(
    ("of", "by", "in", "on", "at", "to", "as", "or", "and", "the", "for", "with", "from", "called", "a", "an")
)
"""Words behind which a title or a name begins with a capital."""
_SPEAKER_REACH = 30
"""Characters before a capital in which somebody may be named who says what follows."""
_LEAST_FIRST = 8
"""Words of a first sentence that may be told."""
_LEAST_SECOND = 6


def unglued(sentence: str, start: int, end: int, language: str) -> tuple[int, int]:
    """Return the span of one of two sentences that were run together, or the span as it was.

    It is the first one, unless it is a question, a few words, or points back with a pronoun. What has no stop at all
    before the next sentence's capital was a heading or a caption, and the second one is told (English only: elsewhere
    capitals do not tell).
    """
    inner = sentence[start : end - _LAST]
    stopped = "." in inner or "?" in inner or "!" in inner
    stop = _glued_stop(sentence, start, end) if stopped else 0
    if stop:
        first, behind = sentence[start:stop], sentence[stop:end]
        second = behind.lstrip("- ")
        points_back = phrases(language).opens_pronoun.match(first)
        short = first.count(" ") < (_LEAST_SECOND if behind.startswith("-") else _LEAST_FIRST)
        if first.endswith("?") or points_back or short:
            return (end - len(second), end) if second.count(" ") >= _LEAST_SECOND else (start, end)
        return start, stop
    heading = _quoted_heading_end(sentence, start, end)
    if heading == start and language == "en":
        heading = _heading_end(sentence, start, end)
    return (heading, end) if sentence.count(" ", heading, end) >= _LEAST_SECOND else (start, end)


def _glued_stop(sentence: str, start: int, end: int) -> int:
    """Return the end of the first stop to which a word is glued, 0 without one."""
    for found in compiled(_STOP).finditer(sentence, start, end):
        before = sentence[max(start, found.start() - _LAST) : found.start()]
        if compiled(_BEHIND).match(sentence, found.end(), end) and compiled(_BEFORE).search(before):
            return found.end()
    return 0


def _quoted_heading_end(sentence: str, start: int, end: int) -> int:
    """Return where the sentence behind a heading that ends with a quotation begins, or ``start``."""
    for found in compiled(_HEADING_CLOSES).finditer(sentence, start, end):
        heading = sentence[start : found.end()]
        if _PAIRED[heading[-1]](heading):
            return found.end()
    return start


def _heading_end(sentence: str, start: int, end: int) -> int:
    """Return where the sentence behind a glued heading begins, or ``start``."""
    for word in _CAPITALS_EN:
        at = sentence.find(word, start, end) if word in sentence else -1
        if at >= 0 and sentence[at + len(word) : at + len(word) + 1].islower() and _lacks_stop(sentence, at):
            return at + 1
    return start


def _lacks_stop(sentence: str, at: int) -> bool:
    """Say whether a sentence goes on at a blank behind a plain word, where no capital is due."""
    before = sentence[max(0, at - _SPEAKER_REACH) : at]
    word = before.rpartition(" ")[2].rstrip(')"”')
    plain = word.isalpha() and word.lower() not in _LETS_CAPITAL_FOLLOW
    return plain and not names_speaker(before, "en")
