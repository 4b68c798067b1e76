"""Removes notices: text about the site, its players, offers and feeds instead of the article's subject.

The same rule applies to the text of pages and of feeds. What remains was written by the article's author.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from digest.extract.blocks import spaceless
from digest.extract.phrases import consent, consent_words, phrases, syndicated

LONGEST_NOTICE = 500
"""Characters. Notices are looked for in paragraphs up to this length, and at the end of longer ones."""
LONGEST_CALL = 90
"""Longest call to read on, in characters."""
LONGEST_REST = 60
"""If a paragraph without its notice has at most this many characters, it is dropped."""
LAST_LINES = 3
"""Up to this many biographies at the end of a text are removed, one for each author."""
FEWEST_LETTERS = 15
"""A repeated line with at least this many letters is a placeholder."""
OFTEN = 3
"""A line that occurs this often on a page is a placeholder. Twice is a copy; then the first one is kept."""

_LEAD_IN = r"[\s>»▶►•*|↓→~_=()\[\]#-]*"
_ENDING = rf"(?=\W|\Z).{{0,{LONGEST_CALL}}}\Z"
_OPENINGS = ("related", "listed", "players", "placeholders", "affiliated")
_NOTICE = re.compile(
    rf"{_LEAD_IN}(?:"
    + "|".join(rf"(?:{opening})\b.{{1,300}}?(?<!\w){phrase}\W.{{0,120}}\Z" for opening, phrase in syndicated())
    + rf"|(?:{'|'.join(phrases('read on'))}){_ENDING}|{'|'.join('|'.join(phrases(kind)) for kind in _OPENINGS)})",
    re.DOTALL,
)
_WALL = re.compile(rf"{_LEAD_IN}(?:{'|'.join(phrases('walls'))})")
_OFFER = re.compile(rf"{_LEAD_IN}(?:{'|'.join(phrases('offers'))})")
_CORRECTION = re.compile(rf"{_LEAD_IN}(?:{'|'.join(phrases('corrections'))})")
_BIOGRAPHY = re.compile("|".join(phrases("biographies")))
_CONSENT = consent()
_CONSENT_WORDS = consent_words()
_NAMED = re.compile(r"[^\W\d_a-zß-ÿ][\w.’'-]+(?: [^\W\d_]\.| [^\W\d_a-zß-ÿ][\w.’'-]+| d[aei]| v[ao]n| de){1,4},? ")  # noqa: RUF001
_SENTENCE_END = re.compile(r"[.!?…؟。](?:[\"'”’»)\]]*\s+(?=\S)|(?<=…)(?=\w))|\s*\n\s*")  # noqa: RUF001 - quotation marks
_DIGIT = re.compile(r"\d")
_CUT = re.compile(
    r"\s*(?:\[\s*(?:…|\.{2,4}|&hellip;)\s*\]|\(\s*(?:…|\.{3})\s*\)|\[\+\d+ chars\]"
    r"|(?:…|\.{3})?\s*[\[(]\s*(?:read )?more\s*(?:…|\.{3})?\s*[\])])\W*\Z",
    re.IGNORECASE,
)
_DOTS = re.compile(r"\s*(?:…|\.{3,})\s*\Z")
_STOP = re.compile(r".*[.!?؟。！？।](?:[\"'”’»)\]]+)?(?=\s)", re.DOTALL)  # noqa: RUF001 - the stops of other scripts


def own_text(paragraphs: Sequence[str], authors: Sequence[str] = (), *, from_feed: bool = False) -> list[str]:
    """Return the paragraphs of a text without notices. Paragraphs that contain nothing else are left out.

    Args:
        paragraphs: Those of a page or a feed, in order.
        authors: Names by which a biography at the end is recognised.
        from_feed: The text is from a feed. Feeds cut texts, so a last paragraph that ends with dots is incomplete.
    """
    kept = [own for paragraph in _told_once(paragraphs) if (own := own_part(paragraph))]
    for _ in range(LAST_LINES):
        if len(kept) > 1 and _is_biography(kept[-1], authors):
            kept.pop()
    if kept and (uncut := without_cut(kept[-1], dots=from_feed)) != kept[-1]:
        kept[-1:] = [uncut] if uncut else []
    return kept


def is_walled(paragraphs: Iterable[str]) -> bool:
    """Return whether one of the paragraphs demands money or an account before the rest of the text is shown."""
    pieces = (piece for line in paragraphs if len(line) <= LONGEST_NOTICE for piece in _split(line))
    return any(_WALL.match(piece.casefold()) for piece in pieces)


def is_offer(paragraphs: Iterable[str]) -> bool:
    """Return whether one of the paragraphs demands or offers a subscription."""
    pieces = (piece for line in paragraphs if len(line) <= LONGEST_NOTICE for piece in _split(line))
    return any(_WALL.match(folded) or _OFFER.match(folded) for folded in map(str.casefold, pieces))


def own_part(paragraph: str) -> str:
    """Return a paragraph without the sentences that are notices; empty when too little remains."""
    whole = paragraph.casefold()
    if len(paragraph) <= LONGEST_NOTICE and (_CORRECTION.match(whole) or _asks_consent(whole)):
        return ""
    pieces = _split(paragraph)
    kept = [piece for piece in pieces if len(piece) > LONGEST_NOTICE or not _is_notice(piece.casefold())]
    if len(kept) == len(pieces):
        return paragraph
    rest = " ".join(kept)
    return "" if len(rest) <= LONGEST_REST and len(rest) < len(paragraph) / 2 else rest


def without_cut(paragraph: str, *, dots: bool) -> str:
    """Return a paragraph without the sentence that a feed cut off (``... had […]``).

    If the paragraph has only this sentence, it stays without the mark; it has no full stop, so it is known as
    incomplete. ``dots``: bare dots are such a mark, too.
    """
    text = _CUT.sub("", paragraph)
    if dots and text == paragraph:
        text = _DOTS.sub("", paragraph)
    if text == paragraph:
        return paragraph
    whole = _STOP.match(text + " ")
    return whole[0].strip() if whole else text.strip()


def _split(paragraph: str) -> list[str]:
    """Return the sentences of a paragraph, roughly. If it is too long for a notice, its beginning is one piece."""
    head = len(paragraph) - LONGEST_NOTICE
    pieces, start = [], 0
    for end in _SENTENCE_END.finditer(paragraph, max(0, head - 1)):
        pieces.append(paragraph[start : end.start()] + end[0].rstrip())
        start = end.end()
    return [*pieces, paragraph[start:]]


def _is_notice(piece: str) -> bool:
    return bool(_NOTICE.match(piece) or _WALL.match(piece) or _OFFER.match(piece))


def _asks_consent(paragraph: str) -> bool:
    asks = any(map(paragraph.__contains__, _CONSENT_WORDS))
    return asks and all(kind.search(paragraph) for kind in _CONSENT)


def _is_biography(line: str, authors: Sequence[str]) -> bool:
    """Return whether a line begins with a name and continues like an author's biography."""
    if len(line) > LONGEST_NOTICE:
        return False
    known = next((name for name in authors if name and line.startswith(name)), "")
    named = _NAMED.match(line)
    rest = line[len(known) :] if known else line[named.end() :] if named else ""
    return bool(rest) and _BIOGRAPHY.match(rest.strip(" ,").casefold()) is not None


def _told_once(paragraphs: Sequence[str]) -> list[str]:
    """Return the paragraphs without copies for other screen sizes, and without placeholders.

    If most of a text occurs several times, it is copied and the first copies are kept. Otherwise a line that occurs
    OFTEN is a placeholder, except the dates and results of a list.
    """
    counts = Counter(map(spaceless, paragraphs))
    copied = sum(counts.values()) - len(counts) >= len(counts) / 2
    seen: set[str] = set()
    kept = []
    for paragraph in paragraphs:
        key = spaceless(paragraph)
        listed = len(paragraph) <= LONGEST_CALL and _DIGIT.search(paragraph) and not copied
        if len(key) >= FEWEST_LETTERS and not listed and (key in seen or (counts[key] >= OFTEN and not copied)):
            continue
        seen.add(key)
        kept.append(paragraph)
    return kept
