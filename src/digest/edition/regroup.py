"""Merge two stories into one, and split one story into two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256

from digest.edition.hand import Hand
from digest.edition.memory import MemoryVerdict
from digest.edition.telling import Telling
from digest.model.article import Article
from digest.model.ids import StoryId
from digest.model.story import Bullet, Story


def joined(one: Telling, other: Telling) -> Telling:
    """Return one telling of both stories. The headline, lead article and bullets of ``one`` come first."""
    publishers = tuple(dict.fromkeys((*one.story.publishers, *other.story.publishers)))
    story = replace(
        one.story,
        articles=one.story.articles + other.story.articles,
        publishers=publishers,
        first_seen=min(one.story.first_seen, other.story.first_seen),
        score=max(one.story.score, other.story.score),
    )
    silent = one.recollection.verdict is MemoryVerdict.STILL_COVERED
    return replace(
        one,
        story=story,
        recollection=other.recollection if silent else one.recollection,
        bullets=one.bullets + other.bullets,
        pinned=one.pinned or other.pinned,
        credits=tuple(dict.fromkeys((*one.credits, *other.credits))),
        since=one.since or other.since,
    )


def parted(telling: Telling, urls: Sequence[str], tell: Callable[[Story], Telling]) -> tuple[Telling, Telling] | None:
    """Split a story: return its telling without the articles of these URLs, and a telling of those articles alone.

    None when one of the two would have no article. The editor's earlier decisions stay with the first story: headline,
    place and picture, and the link if its article remains. A bullet that the editor chose goes with its article.
    """
    story = telling.story
    taken = tuple(article for article in story.articles if article.url in urls)
    left = tuple(article for article in story.articles if article.url not in urls)
    if not taken or not left:
        return None
    before, rest = tell(story), tell(_of(story, left, story.id))
    headline = rest.headline if telling.headline == before.headline else telling.headline
    kept = replace(rest, headline=headline, pinned=telling.pinned, hand=_remaining(telling, left))
    part = tell(_of(story, taken, _id_of(taken)))
    return kept, replace(part, hand=replace(part.hand, bullets=_of_articles(telling.hand, taken)))


def _remaining(telling: Telling, left: Sequence[Article]) -> Hand:
    hand = telling.hand
    bullets = _of_articles(hand, left)
    if all(article.url != hand.linked for article in left):
        return replace(hand, bullets=bullets, linked="", credit="")
    return replace(hand, bullets=bullets)


def _of_articles(hand: Hand, articles: Sequence[Article]) -> tuple[Bullet, ...] | None:
    """Return the bullets that the editor chose from these articles. None without any: then the program chooses."""
    ids = {article.id for article in articles}
    return tuple(bullet for bullet in hand.bullets or () if bullet.article_id in ids) or None


def _of(story: Story, articles: tuple[Article, ...], story_id: StoryId) -> Story:
    """Return a story of some of the articles, with this id.

    Its publishers are empty, to be computed from its own articles.
    """
    first = min(article.first_seen for article in articles)
    return replace(story, id=story_id, articles=articles, publishers=(), first_seen=first)


def _id_of(articles: Sequence[Article]) -> StoryId:
    """Return the id of a story that was split off. The same articles give the same id."""
    return StoryId(sha256("\n".join(("split", *sorted(article.url for article in articles))).encode()).hexdigest()[:16])
