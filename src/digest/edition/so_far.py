"""The earlier headlines of a story, for a reader who missed the letters that told it."""

from __future__ import annotations

from collections.abc import Iterable

from digest.edition.memory import MemoryVerdict
from digest.edition.telling import Telling
from digest.model.edition import ToldStory
from digest.model.finds import Earlier
from digest.model.story import Story


def story_so_far(telling: Telling, told: Iterable[ToldStory], most: int) -> tuple[Earlier, ...]:
    """Return the earlier tellings of an update, the newest first, each headline once; empty for other stories.

    These are the telling that the memory found, and each one that used an article of this story or of that telling. The
    rule is strict, since a headline of another event would confuse a reader.
    """
    recollection = telling.recollection
    if recollection.verdict is not MemoryVerdict.UPDATE or recollection.told is None:
        return ()
    known = {recollection.told.edition: recollection.told}
    urls = frozenset(recollection.told.urls)
    for each in sorted(told, key=lambda one: one.cut, reverse=True):
        if each.edition not in known and _is_same(each, telling.story, urls):
            known[each.edition] = each
    newest = sorted(known.values(), key=lambda one: one.cut, reverse=True)
    by_headline = {each.headline: each for each in reversed(newest) if each.headline != telling.headline}
    chosen = [each for each in newest if by_headline.get(each.headline) is each]
    return tuple(
        Earlier(edition=each.edition, anchor=each.anchor, headline=each.headline, at=each.cut) for each in chosen[:most]
    )


def _is_same(told: ToldStory, story: Story, urls: frozenset[str]) -> bool:
    """Return whether a telling is of the same story: it has the same id, a URL of the story, or one of ``urls``."""
    mine = {article.url for article in story.articles} | urls
    return told.story_id == story.id or not mine.isdisjoint(told.urls)
