"""The sections of a letter: headings with the stories of each section below them, in the order of the settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from digest.model.edition import Item, Place
from digest.model.kind import TextKind
from digest.model.story import Story
from digest.text.sections import section_key, sections_of

GROUPED = frozenset({Place.TOP, Place.LEFT, Place.IN_DEPTH})
"""Places whose stories are under the heading of their section."""
_KINDS = {TextKind.OPINION: "opinion", TextKind.SPORT: "sport"}
"""Kinds of texts with a section key of their own. The key counts more than the section that the source names."""


def group_of(story: Story, names: Sequence[str]) -> str:
    """Return the first of the letter's sections (``names``) to which a story belongs; empty when it belongs to none.

    An opinion or a sports report belongs to the section of its kind. Otherwise the sections of the lead article count,
    and the section of the story.
    """
    kind = _KINDS.get(story.kind)
    here = sections_of(story.articles[0], None) | ({section_key(story.section)} if story.section else set())
    by_kind = (name for name in names if section_key(name) == kind)
    by_section = (name for name in names if section_key(name) in here)
    return next(iter((*by_kind, *by_section)), "")


def in_groups(items: Iterable[Item], names: Sequence[str]) -> tuple[Item, ...]:
    """Return the items ordered by section within each place. In each place, items without a section come first."""
    order = {name: place for place, name in enumerate(names, 1)}
    blocks: dict[Place, list[Item]] = {}
    for item in items:
        blocks.setdefault(item.place, []).append(item)
    return tuple(item for block in blocks.values() for item in sorted(block, key=lambda each: order.get(each.group, 0)))
