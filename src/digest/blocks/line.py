"""A line of the publisher or of a sponsor, with a picture if it has one.

A sponsor's line is labelled as advertisement.
"""

from __future__ import annotations

from collections.abc import Mapping

from digest.blocks.shape import BlockKind, NoBlock, Question


def value(ask: Question) -> Mapping[str, object]:
    """Return the label (for a sponsor's line: "advertisement" and the sponsor) and the text.

    Raises NoBlock without a text.
    """
    if not ask.text.strip():
        raise NoBlock("a line needs a text")
    label = f"{ask.phrases['advertisement']} · {ask.sponsor.strip()}" if ask.sponsor.strip() else ask.title.strip()
    return {"label": label, "text": " ".join(ask.text.split())}


KIND = BlockKind(value=value)
