"""Every line that an edition printed, so that each of them can be corrected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from digest.edition.parts import LABELS, Part
from digest.model.edition import Edition, Item
from digest.model.finds import Shown

NEXT = LABELS[Part.AHEAD]
"""The kind of a sentence on what comes next, under a story or in the closing block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLine:
    """One line of a letter."""

    kind: str
    """What it is, for the editor: ``Headline``, ``Bullet``."""
    text: str
    anchor: str = ""
    """The anchor of its story in the letter; empty for a line that belongs to no printed story."""
    headline: str = ""
    """The headline of its story; empty without one."""


def lines_of_item(item: Item) -> tuple[PrintedLine, ...]:
    """Return the lines of one item: headline, bullets, what comes next, and the texts of its picture."""
    texts = [("Headline", item.headline), *(("Bullet", bullet.text) for bullet in item.bullets)]
    if item.ahead is not None:
        texts.append((NEXT, item.ahead.passage.text))
    if item.image is not None:
        texts += [("Caption", item.image.caption), ("Credit of the picture", item.image.credit)]
    return tuple(
        PrintedLine(kind=kind, text=text, anchor=item.anchor, headline=item.headline) for kind, text in texts if text
    )


def other_lines(edition: Edition) -> tuple[PrintedLine, ...]:
    """Return the lines outside the items: subject, note, number, quotation, what comes next, blocks and others."""
    note = edition.note.text if edition.note else ""
    house = edition.house.text if edition.house else ""
    texts = [("Subject", edition.subject), ("Line after the subject", edition.preheader), ("Note", note)]
    texts += [("Line of the house or sponsor", house), *(("Still covered", one) for one in edition.still_covered)]
    texts += [("Block", line.strip()) for block in edition.blocks for line in block.text.splitlines()]
    plain = (PrintedLine(kind=kind, text=text) for kind, text in texts if text)
    return (*plain, *_finds(edition))


def printed_lines(edition: Edition) -> tuple[PrintedLine, ...]:
    """Return all lines of an edition."""
    return (*(line for item in edition.items for line in lines_of_item(item)), *other_lines(edition))


def _finds(edition: Edition) -> Iterator[PrintedLine]:
    finds = edition.finds
    shown = [(NEXT, one) for one in finds.coming]
    shown += [(kind, one) for kind, one in (("Number", finds.number), ("Quotation", finds.quote)) if one]
    anchors = {item.story_id: item.anchor for item in edition.items}
    for kind, one in shown:
        yield _find(kind, one, anchors.get(one.story_id, ""))


def _find(kind: str, shown: Shown, anchor: str) -> PrintedLine:
    return PrintedLine(kind=kind, text=shown.find.passage.text, anchor=anchor, headline=shown.headline)
