"""A line that asks readers for a donation."""

from __future__ import annotations

from collections.abc import Mapping

from digest.blocks.shape import BlockKind, NoBlock, Question


def value(ask: Question) -> Mapping[str, object]:
    """Return the heading, the text and the label of the button; ``options.button`` replaces the usual label.

    Raises NoBlock when the settings have no text or no link.
    """
    if not ask.text.strip() or not ask.link:
        raise NoBlock("a donation needs a text and a link")
    return {
        "title": ask.title.strip() or ask.phrases["donation"],
        "text": " ".join(ask.text.split()),
        "button": ask.options.get("button", "").strip() or ask.phrases["donate"],
    }


KIND = BlockKind(value=value)
