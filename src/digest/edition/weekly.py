"""A letter of several days: stories that were told several times come first."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from digest.model.story import Factor, Story

POINTS = 3.0
"""For each doubling of a story's articles: as many as a degree of importance brings (``rank.news_value``)."""


def several_first(stories: Iterable[Story]) -> tuple[Story, ...]:
    """Return the stories in a new order: each gets points, in a named part of its score, for its articles."""
    weighed = (_weighed(story) for story in stories)
    return tuple(sorted(weighed, key=lambda story: (-story.score, story.id)))


def _weighed(story: Story) -> Story:
    count = len(story.articles)
    value = POINTS * math.log2(count)
    factor = Factor(name="tellings", value=value, note=f"{count} articles" if count > 1 else "")
    return replace(story, score=story.score + value, factors=(*story.factors, factor))
