"""An item that the editor wrote, as a telling. Its lines are its bullets. It has no article of a source."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import urlsplit

from digest.edition.acts import OwnItem
from digest.edition.hand import Block, Hand
from digest.edition.memory import MemoryVerdict, Recollection
from digest.edition.telling import Telling
from digest.model.article import Article, TextOrigin
from digest.model.ids import ArticleId, SourceId
from digest.model.story import Bullet, Story

NOWHERE = "https://own.invalid/"
"""A URL for items without a link, where code needs one (RFC 2606). It is never shown."""
NO_SOURCE = SourceId(0)
"""A source id that no source has."""
SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def own_telling(act: OwnItem) -> Telling:
    """Return the telling of an item that the editor wrote. The same act always gives the same telling."""
    link = act.link or f"{NOWHERE}{act.story_id}"
    article_id = ArticleId(sha256(f"{act.story_id}\n{act.headline}\n{act.text}\n{link}".encode()).hexdigest())
    article = Article(
        id=article_id,
        source_id=NO_SOURCE,
        url=link,
        link=link,
        title=act.headline.strip(),
        text="\n\n".join(act.lines),
        language="und",
        origin=TextOrigin.NONE,
        first_seen=SOME_TIME,
        site_name=act.credit.strip() or _host(act.link),
    )
    bullets, credit = tuple(_bullets(act, article)), article.site_name
    story = Story(
        id=act.story_id, articles=(article,), publishers=(credit,) if credit else (), first_seen=SOME_TIME, score=0.0
    )
    return Telling(
        story=story,
        recollection=Recollection(verdict=MemoryVerdict.NEW, reason="the editor's own"),
        headline=article.title,
        bullets=bullets,
        hand=Hand(block=Block.FULL if bullets else Block.LINE, bullets=bullets or None, own=True),
    )


def _bullets(act: OwnItem, article: Article) -> list[Bullet]:
    made, at = list[Bullet](), 0
    for line in act.lines:
        made.append(
            Bullet(
                article_id=article.id,
                link=act.link,
                source_name=article.site_name,
                text=line,
                start=at,
                end=at + len(line),
            )
        )
        at += len(line) + len("\n\n")
    return made


def _host(link: str) -> str:
    return (urlsplit(link).hostname or "").removeprefix("www.")
