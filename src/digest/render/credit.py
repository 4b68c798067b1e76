"""The credit line of a story: who reported it, how long it takes to read, and whether it is for subscribers."""

from __future__ import annotations

import unicodedata

from digest.model.edition import Item, Place
from digest.render.catalogue import Catalogue
from digest.render.sentence import NAME
from digest.text.glyphs import shown

JOINT = "\N{NO-BREAK SPACE}· "
"""Text between the parts of a credit line. The no-break space keeps the dot at the end of a line."""
AGAINST = {"ltr": ({"R", "AL"}, "\N{LEFT-TO-RIGHT MARK}"), "rtl": ({"L"}, "\N{RIGHT-TO-LEFT MARK}")}
"""For each direction of a line: the bidirectional classes that run against it, and the mark that restores it."""


def credit_line(item: Item, words: Catalogue, *, own: bool) -> tuple[str, str, str]:
    """Return the text before the linked source, the source, and the text after it; each may be empty.

    ``own`` is true in a letter with one publisher, whose credit lines name the author or the section.
    """
    names = _own_names(item, words) if own else _names(item, words)
    before, _, after = (_signed(item, words) if own else _credit(words, names)).partition("\0")
    walled = words("subscribers_only") if item.walled else ""
    source = names[0] if names else ""
    parts = (after if source or not own else "", _minutes(item, words), walled)
    return before, source, _dotted(parts, opened=bool(source or before))


def _names(item: Item, words: Catalogue) -> tuple[str, ...]:
    """Return the names that the item credits, the linked article's source first."""
    all_names = (kept(shown(name, NAME), words.direction) for name in (item.source_name, *item.publishers))
    return tuple(dict.fromkeys(name for name in all_names if name))


def _own_names(item: Item, words: Catalogue) -> tuple[str, ...]:
    """Return the name for an item in a letter with one publisher: the author, else the section, else none."""
    name = shown(item.author, NAME) or ("" if item.place is Place.LEAD else shown(item.section, NAME))
    return (kept(name, words.direction),) if name else ()


def _signed(item: Item, words: Catalogue) -> str:
    return words("by", author="\0") if shown(item.author, NAME) else "\0"


def _minutes(item: Item, words: Catalogue) -> str:
    """Return the reading time; empty for one minute, which most stories take."""
    return words.count("min", item.minutes) if item.minutes > 1 else ""


def _dotted(parts: tuple[str, ...], *, opened: bool) -> str:
    """Return the end of a credit line, its parts joined by dots. No line begins with a dot.

    The first part follows the name directly. ``opened`` is true when the line already has text, so that a dot also
    separates that text from the parts.
    """
    after, *rest = parts
    added = [part for part in rest if part]
    return JOINT.join([after, *added] if opened or after else added)


def _credit(words: Catalogue, names: tuple[str, ...]) -> str:
    """Return the credit text. A NUL stands for the first name, which is linked separately."""
    if len(names) <= 1:
        return words("reported_one", first="\0")
    if len(names) == 2:  # noqa: PLR2004 - two are named
        return words("reported_two", first="\0", second=names[1])
    if len(names) == 3:  # noqa: PLR2004 - "and 1 more" is as long as the third name
        return words("reported_three", first="\0", second=names[1], third=names[2])
    return words.count("reported_more", len(names) - 2, first="\0", second=names[1])


def kept(name: str, direction: str) -> str:
    """Return a name.

    If it runs against the line's direction, a mark follows, so that a number after it stays in place.
    """
    classes, mark = AGAINST[direction]
    return name + mark if any(unicodedata.bidirectional(char) in classes for char in name) else name
