"""Notices: what in a text speaks of the site, its players, offers and feeds, and is not the article.

One rule for the text of pages and the text of feeds: what leaves here is what the article's author wrote.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from digest.extract.blocks import spaceless
from digest.extract.phrases import consent, phrases, syndicated

LONGEST_NOTICE = 500
"""Characters of a paragraph in which a notice is looked for; a longer one only ends with one."""
LONGEST_CALL = 90
"""Characters of a call to read on."""
LONGEST_REST = 60
"""Characters that are not worth a paragraph once its notice is gone."""
LAST_LINES = 3
"""Biographies at the end of a text, one for each author."""
FEWEST_LETTERS = 15
"""Letters from which a line that stands on a page more than once is a placeholder."""
OFTEN = 3
"""Times; a line that stands on a page so often is a placeholder. Twice is a copy, of which the first counts."""

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
_NAMED = re.compile(r"[^\W\d_a-zß-ÿ][\w.’'-]+(?: [^\W\d_]\.| [^\W\d_a-zß-ÿ][\w.’'-]+| d[aei]| v[ao]n| de){1,4},? ")  # noqa: RUF001
_SENTENCE_END = re.compile(r"(?<=[.!?…؟。])[\"'”’»)\]]*\s+(?=\S)|(?<=…)(?=\w)|\s*\n\s*")  # noqa: RUF001 - quotation marks
_DIGIT = re.compile(r"\d")
_CUT = re.compile(r"\s*(?:\[\s*(?:…|\.{2,4}|&hellip;)\s*\]|\(\s*(?:…|\.{3})\s*\)|\[\+\d+ chars\])\W*\Z")
_DOTS = re.compile(r"\s*(?:…|\.{3,})\s*\Z")
_STOP = re.compile(r".*[.!?؟。！？।](?:[\"'”’»)\]]+)?(?=\s)", re.DOTALL)  # noqa: RUF001 - the stops of other scripts


def own_text(paragraphs: Sequence[str], authors: Sequence[str] = (), *, from_feed: bool = False) -> list[str]:
    """Return the paragraphs of a text without notices in them, and without those that are nothing else.

    Args:
        paragraphs: of a page or a feed, in order.
        authors: names by which a biography at the end is known.
        from_feed: feeds cut their texts, so that a last paragraph which ends in dots is not whole.
    """
    kept = [own for paragraph in _told_once(paragraphs) if (own := own_part(paragraph))]
    for _ in range(LAST_LINES):
        if len(kept) > 1 and _is_biography(kept[-1], authors):
            kept.pop()
    if kept and (uncut := without_cut(kept[-1], dots=from_feed)) != kept[-1]:
        kept[-1:] = [uncut] if uncut else []
    return kept


def is_walled(paragraphs: Iterable[str]) -> bool:
    """Tell whether one of the paragraphs asks for money or an account before the rest of the text is shown."""
    pieces = (piece for line in paragraphs if len(line) <= LONGEST_NOTICE for piece in _split(line))
    return any(_WALL.match(piece.casefold()) for piece in pieces)


def own_part(paragraph: str) -> str:
    """Return a paragraph without the sentences that are notices; empty when what is left is no paragraph."""
    whole = paragraph.casefold()
    if len(paragraph) <= LONGEST_NOTICE and (_CORRECTION.match(whole) or _asks_consent(whole)):
        return ""
    pieces = _split(paragraph)
    kept = [piece for piece in pieces if not _is_notice(piece.casefold())]
    if len(kept) == len(pieces):
        return paragraph
    rest = " ".join(kept)
    return "" if len(rest) <= LONGEST_REST and len(rest) < len(paragraph) / 2 else rest


def without_cut(paragraph: str, *, dots: bool = False) -> str:
    """Return a paragraph without the sentence that a feed broke off (``... had […]``).

    A paragraph that is nothing but such a sentence stays, without the mark: its sentence has no end, and can be told
    from whole ones. ``dots``: bare dots are such a mark, too.
    """
    text = _CUT.sub("", paragraph)
    if dots and text == paragraph:
        text = _DOTS.sub("", paragraph)
    if text == paragraph:
        return paragraph
    whole = _STOP.match(text + " ") if text[-1:] not in ".!?" else None
    return whole[0].strip() if whole else text.strip()


def _split(paragraph: str) -> list[str]:
    """Return the sentences of a paragraph, roughly; of one that is too long for a notice, its head in one piece."""
    head = max(0, len(paragraph) - LONGEST_NOTICE)
    pieces, start = [], 0
    for end in _SENTENCE_END.finditer(paragraph, head):
        pieces.append(paragraph[start : end.start()] + end[0].rstrip())
        start = end.end()
    return [*pieces, paragraph[start:]]


def _is_notice(piece: str) -> bool:
    return any(kind.match(piece) for kind in (_NOTICE, _WALL, _OFFER))


def _asks_consent(paragraph: str) -> bool:
    return all(kind.search(paragraph) for kind in _CONSENT)


def _is_biography(line: str, authors: Sequence[str]) -> bool:
    """Tell whether a line begins with a name and goes on as the trade tells who an author is."""
    if len(line) > LONGEST_NOTICE:
        return False
    known = next((name for name in authors if name and line.startswith(name)), "")
    named = _NAMED.match(line)
    rest = line[len(known) :] if known else line[named.end() :] if named else ""
    return bool(rest) and _BIOGRAPHY.match(rest.strip(" ,").casefold()) is not None


def _told_once(paragraphs: Sequence[str]) -> list[str]:
    """Return the paragraphs without the copies that pages make for other screens, and without placeholders.

    Where most of a text stands there several times it is copied, and the first copy counts. Otherwise a line that
    stands there OFTEN is a placeholder, but for the dates and results of a list.
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
