"""The parts of a letter that an editor may take out, and the edition without some of them.

They are taken out after the program chose them, so that no other sentence takes the place of one that is gone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from enum import Enum

from digest.model.edition import Edition, Item
from digest.model.finds import Finds


class Part(Enum):
    """A kind of part that is neither headline nor bullet. The values are stored in acts."""

    OPENING = "opening"
    """The names of the first stories in the opening."""
    NAME = "name"
    """The one to three words that name the story of a one-liner, printed before it."""
    AHEAD = "ahead"
    """What comes next in a story, under the story or in the closing block."""
    SO_FAR = "so-far"
    """Earlier tellings of a story."""
    NUMBER = "number"
    QUOTE = "quote"
    STILL = "still"
    """The "still covered" line: headlines of told stories without news."""
    CORRECTION = "correction"
    BLOCK = "block"
    """All blocks of one kind."""


LABELS: Mapping[Part, str] = {
    Part.OPENING: "Names in the opening",
    Part.NAME: "Name before it",
    Part.AHEAD: "What\N{RIGHT SINGLE QUOTATION MARK}s next",
    Part.SO_FAR: "The story so far",
    Part.NUMBER: "Number of the day",
    Part.QUOTE: "Quote of the day",
    Part.STILL: "Still in the news",
    Part.CORRECTION: "Correction",
    Part.BLOCK: "Block",
}
OF_STORY = frozenset({Part.NAME, Part.AHEAD, Part.SO_FAR})
"""Parts that belong to a story. Their key is the story's id."""
Named = tuple[Part, str]
"""A part with its key. The key is a story's id, the id of a correction, the kind of a block, or empty."""


def without(edition: Edition, gone: Collection[Named]) -> Edition:
    """Return an edition without these parts."""
    if not gone:
        return edition
    return replace(
        edition,
        items=tuple(_item_without(item, gone) for item in edition.items),
        still_covered=() if (Part.STILL, "") in gone else edition.still_covered,
        corrections=tuple(one for one in edition.corrections if (Part.CORRECTION, str(one.id)) not in gone),
        blocks=tuple(block for block in edition.blocks if (Part.BLOCK, block.kind) not in gone),
        finds=_finds_without(edition.finds, gone),
    )


def _item_without(item: Item, gone: Collection[Named]) -> Item:
    key = str(item.story_id)
    item = replace(item, slug="", slug_why="") if (Part.NAME, key) in gone else item
    item = replace(item, ahead=None) if (Part.AHEAD, key) in gone else item
    return replace(item, so_far=()) if (Part.SO_FAR, key) in gone else item


def _finds_without(finds: Finds, gone: Collection[Named]) -> Finds:
    return replace(
        finds,
        names=() if (Part.OPENING, "") in gone else finds.names,
        coming=tuple(one for one in finds.coming if (Part.AHEAD, str(one.story_id)) not in gone),
        number=None if (Part.NUMBER, "") in gone else finds.number,
        quote=None if (Part.QUOTE, "") in gone else finds.quote,
    )


def taken_out(wishes: Sequence[tuple[Named, bool]]) -> frozenset[Named]:
    """Return the parts that are out of the letter.

    Each wish is a part and whether to show it; the last one on a part counts.
    """
    return frozenset(name for name, shown in dict(wishes).items() if not shown)
