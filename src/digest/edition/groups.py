"""The sections of a letter: headings under which its top stories stand, in the order of the settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from digest.model.edition import Item, Place
from digest.model.kind import TextKind
from digest.model.story import Story
from digest.text.sections import section_key, sections_of

GROUPED = frozenset({Place.TOP, Place.LEFT, Place.IN_DEPTH})
"""Places whose stories stand under the heading of their section."""
_KINDS = {TextKind.OPINION: "opinion", TextKind.SPORT: "sport"}
"""Kinds of texts that belong to the section of this key, whatever section their source names."""


def group_of(story: Story, names: Sequence[str]) -> str:
    """Return the first of the letter's sections to which a story belongs; empty when it belongs to none.

    The kind of an opinion or a sports report decides first; then the sections of the lead article count, and the
    section of the story.
    """
    kind = _KINDS.get(story.kind)
    here = sections_of(story.articles[0], None) | ({section_key(story.section)} if story.section else set())
    by_kind = (name for name in names if section_key(name) == kind)
    by_section = (name for name in names if section_key(name) in here)
    return next(iter((*by_kind, *by_section)), "")


def in_groups(items: Iterable[Item], names: Sequence[str]) -> tuple[Item, ...]:
    """Return the items with those of each place in the order of their sections; items without a section come first."""
    order = {name: place for place, name in enumerate(names, 1)}
    blocks: dict[Place, list[Item]] = {}
    for item in items:
        blocks.setdefault(item.place, []).append(item)
    return tuple(item for block in blocks.values() for item in sorted(block, key=lambda each: order.get(each.group, 0)))
