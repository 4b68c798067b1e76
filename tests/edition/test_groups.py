"""The sections of a letter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from digest.edition.groups import group_of, in_groups
from digest.model.article import Article
from digest.model.edition import Item, Place
from digest.model.ids import StoryId
from digest.model.kind import TextKind
from digest.model.story import Story

NAMES = ("World", "Wirtschaft", "Sport", "Comment")


def item(number: int, group: str, place: Place = Place.TOP) -> Item:
    return Item(
        story_id=StoryId(f"s{number}"),
        place=place,
        anchor=f"a{number}",
        headline=f"Headline {number}",
        link="https://paper.example/1",
        source_name="Gazette",
        group=group,
    )


@pytest.mark.parametrize(
    ("sections", "kind", "group"),
    [
        (("International",), TextKind.NEWS, "World"),
        (("Business",), TextKind.NEWS, "Wirtschaft"),
        (("Politics",), TextKind.SPORT, "Sport"),
        (("Business",), TextKind.OPINION, "Comment"),
        (("Gardening",), TextKind.NEWS, ""),
    ],
)
def test_a_story_is_in_the_first_section_that_it_belongs_to(
    article: Callable[..., Article],
    story: Callable[..., Story],
    sections: tuple[str, ...],
    kind: TextKind,
    group: str,
) -> None:
    told = replace(story(1, article(1, sections=sections)), kind=kind)
    assert group_of(told, NAMES) == group


def test_stories_stand_in_the_order_of_the_sections_with_those_of_none_first() -> None:
    told = [
        item(0, "", Place.LEAD),
        item(1, "Sport"),
        item(2, ""),
        item(3, "World"),
        item(4, "Sport"),
        item(5, "", Place.ALSO),
    ]
    assert [each.story_id for each in in_groups(told, NAMES)] == ["s0", "s2", "s3", "s1", "s4", "s5"]


def test_without_sections_the_order_does_not_change() -> None:
    told = [item(0, "", Place.LEAD), item(1, ""), item(2, "", Place.ALSO)]
    assert in_groups(told, ()) == tuple(told)
