"""The stories that an editor can merge into a story: those of the letter, and others that the program found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from digest.pipeline.editions.inputs import BY_EDITOR, PART_OF_ANOTHER
from digest.pipeline.sending.desk_sight import DeskSight


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """A group of stories to choose from: pairs of id and headline."""

    name: str
    stories: tuple[tuple[str, str], ...]


def others_of(sight: DeskSight, story_id: str) -> tuple[Choices, ...]:
    """Return the stories that can be merged into the story ``story_id``, in groups. Empty groups are left out."""
    items = sight.edition.items if sight.edition else ()
    printed = {item.story_id for item in items}
    inside = tuple((item.story_id, item.headline) for item in items if item.story_id != story_id and not item.own)
    outside = tuple(_outside(sight, {*printed, story_id}))
    groups = Choices(name="In the letter", stories=inside), Choices(name="Not in the letter", stories=outside)
    return tuple(group for group in groups if group.stories)


def _outside(sight: DeskSight, but: set[str]) -> Iterator[tuple[str, str]]:
    for facts in sight.facts:
        if facts["id"] not in but and facts["memory"] and _is_free(facts):
            yield facts["id"], facts["headline"]


def _is_free(facts: Mapping[str, Any]) -> bool:
    """Return whether a story outside the letter can be merged: no editor dropped it, and no other story contains it."""
    return facts["left_out"] not in {BY_EDITOR, PART_OF_ANOTHER}
