"""Ranking for a letter about several days: stories with many articles come first."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from digest.model.story import Factor, Story

POINTS = 3.0
"""Points for each doubling of a story's articles: as many as one degree of importance gives (``rank.news_value``)."""


def several_first(stories: Iterable[Story]) -> tuple[Story, ...]:
    """Return the stories in a new order, with points for the number of their articles added to their scores."""
    weighed = (_weighed(story) for story in stories)
    return tuple(sorted(weighed, key=lambda story: (-story.score, story.id)))


def _weighed(story: Story) -> Story:
    count = len(story.articles)
    value = POINTS * math.log2(count)
    factor = Factor(name="tellings", value=value, note=f"{count} articles" if count > 1 else "")
    return replace(story, score=story.score + value, factors=(*story.factors, factor))
