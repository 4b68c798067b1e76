"""Decides whether a page labels its article as paid for. The labels are those of ``text/advertorial``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from digest.extract.blocks import Block
from digest.text.advertorial import is_kicker, is_label, tells_of_complaint

LONGEST_LABEL = 40
"""Longest label beside the heading, in characters."""
RUNNING = 80
"""A block with this many characters begins the text. A label after it belongs to something else."""
_BEFORE, _AFTER = 4, 5
"""Numbers of blocks before and after the heading in which a label is looked for."""
_LABELLING = re.compile(r"label|kicker|eyebrow|sponsor|badge|rubric|overline|dachzeile|\btag\b|disclos|advertorial")


def is_labelled(blocks: Sequence[Block], text: str) -> bool:
    """Return whether a label near the heading says that the article was paid for.

    A bare "Advertisement" is also above banners. It counts only where the markup makes it the article's label. It does
    not count if ``text`` is about a criminal complaint, which has the same name in German.
    """
    heading = next((block.index for block in blocks if block.context.tag == "h1"), None)
    if heading is None:
        return False
    below = takewhile(lambda block: len(block.text) < RUNNING, blocks[heading : heading + _AFTER + 1])
    near = [*blocks[max(0, heading - _BEFORE) : heading], *below]
    short = [block for block in near if len(block.text) <= LONGEST_LABEL]
    if any(is_label(block.text) for block in short):
        return True
    kickers = (block for block in short if _LABELLING.search(block.context.names))
    return any(is_kicker(block.text) for block in kickers) and not tells_of_complaint(text)
