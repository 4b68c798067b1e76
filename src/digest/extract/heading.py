"""Reads author and date from the visible texts around the heading, for pages whose data lack them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

from lxml import etree
from lxml.html import HtmlElement

from digest.extract.byline import plain
from digest.extract.markup import squeezed, text_of
from digest.text.timestamps import instant, instant_within

LONGEST_NOTE = 120
"""Characters. A longer text is a paragraph of the article; the texts after it belong to something else."""
_AFTER, _BEFORE = 30, 6
"""Numbers of texts that are read after the heading and before it."""
_NEAR = 8
"""A name with a date beside it is the author's only among this many texts."""
_LONGEST_NAME = 40
"""Longest name, in characters."""
_SHOWN = "[normalize-space()][not(parent::script or parent::style)]"
_FOLLOWING = etree.XPath(f"following::text(){_SHOWN}[position() <= {_AFTER}]", smart_strings=False)
_PRECEDING = etree.XPath(f"preceding::text(){_SHOWN}[position() <= {_BEFORE}]", smart_strings=False)
_SIGNED = re.compile(
    r"\s*(?:[Ww]ritten |[Ww]ords |[Ss]tory |[Pp]osted |[Pp]ublished )?"
    r"(?:[Bb]y|BY|Von|VON|Par|PAR|Por|POR|Di|Door|Av|Af|Text:)(?:\s*:\s*|\s+|\Z)"
)
_WORD_OF_NAME = r"[^\W\d_a-zß-ÿ][\w.’'-]*"  # noqa: RUF001 - the apostrophe of names
_NAME = re.compile(rf"(?:{_WORD_OF_NAME}|[a-z]{{2,3}})(?: (?:{_WORD_OF_NAME}|[a-z]{{2,3}})){{0,3}} {_WORD_OF_NAME}\Z")
_SAYING = re.compile(r"\w")
_NAMES = re.compile(r"\s*(?:,| and | und | et | e | y | & )\s*")


def notes(headings: Iterable[HtmlElement], titles: Iterable[str]) -> list[str]:
    """Return the short texts after the heading up to the article's first paragraph, then those before the heading.

    The heading is the h1 that contains the title. If none does, it is the only h1; with several, the result is empty.
    """
    known = {plain(title) for title in titles}
    given = [heading for heading in headings if text_of(heading)]
    found = next((h for h in given if plain(text_of(h)) in known), given[0] if len(given) == 1 else None)
    if found is None:
        return []
    behind: list[str] = []
    for text in map(squeezed, _FOLLOWING(found)):
        if len(text) > LONGEST_NOTE:
            break
        behind.append(text)
    return behind + [squeezed(text) for text in reversed(_PRECEDING(found))]


def signed(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the names in the first text with a byline's opening ("By"), or in the next text if it ends there."""
    waiting = False
    for text in texts:
        match = _SIGNED.match(text)
        rest = text if waiting else text[match.end() :] if match else ""
        waiting = match is not None and not rest
        names = tuple(name.strip(" ,.|") for name in _NAMES.split(rest.strip(" ,.|")) if name.strip(" ,.|"))
        if names and all(map(may_be_name, names)):
            return names
    return ()


def beside_a_date(texts: Iterable[str], now: datetime) -> str:
    """Return the first text with the form of a person's name and a date in the text after it; empty without one.

    A date long after ``now`` does not count.
    """
    said = [text for text in texts if _SAYING.search(text)][: _NEAR + 1]
    return next((name for name, date in pairwise(said) if may_be_name(name) and dated([date], now)), "")


def may_be_name(text: str) -> bool:
    """Return whether a text has the form of a name with two to five words, as most bylines do."""
    return len(text) <= _LONGEST_NAME and _NAME.match(text) is not None


def dated(texts: Iterable[str], now: datetime, *, month_first: bool = False) -> datetime | None:
    """Return the first instant in the texts, or None."""
    found = (
        instant(text, now, month_first=month_first) or instant_within(text, now, month_first=month_first)
        for text in texts
    )
    return next(filter(None, found), None)
