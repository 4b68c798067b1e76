"""What later editions remember of an edition that was sent."""

from __future__ import annotations

from collections.abc import Iterable

from digest.edition.memory import TOLD_CHARACTERS
from digest.model.edition import Edition, Item, Place, ToldStory
from digest.model.story import Story


def telling_of(edition: Edition, stories: Iterable[Story]) -> tuple[ToldStory, ...]:
    """Return one memory for each item of the edition, in the letter's order; ``stories`` hold the items' articles.

    A reminder tells nothing again: the edition before remembers its story.
    """
    by_id = {story.id: story for story in stories}
    return tuple(
        _remembered(edition, item, by_id[item.story_id]) for item in edition.items if item.place is not Place.MISSED
    )


def _remembered(edition: Edition, item: Item, story: Story) -> ToldStory:
    return ToldStory(
        edition=edition.key,
        story_id=story.id,
        anchor=item.anchor,
        headline=item.headline,
        urls=tuple(article.url for article in story.articles),
        titles=tuple(dict.fromkeys((item.headline, *(article.title for article in story.articles)))),
        text=story.articles[0].text[:TOLD_CHARACTERS],
        bullets=tuple(bullet.text for bullet in item.bullets),
        publishers=len(story.publishers),
        cut=edition.cut,
    )
