"""Finds bullets that open with a pronoun such as "He" although nobody was named before, for the editor."""

from __future__ import annotations

from collections.abc import Iterator

from digest.model.edition import Edition, Item
from digest.model.ids import ArticleId
from digest.model.story import Bullet
from digest.pipeline.runtime import Runtime
from digest.render.proof import LetterFinding, Weight
from digest.summarise.unnamed import opens_with_person, unnamed


def unnamed_persons(runtime: Runtime, edition: Edition) -> Iterator[LetterFinding]:
    """Yield a finding for each bullet that opens with a pronoun although its story names no person before it.

    Only articles of bullets that open with such a pronoun are read from the database.
    """
    opening = [
        (item, at, bullet)
        for item in edition.items
        if not item.own
        for at, bullet in enumerate(item.bullets)
        if opens_with_person(bullet.text, edition.language)
    ]
    wanted = {ArticleId(bullet.article_id) for _, _, bullet in opening}
    articles = runtime.stores.articles.by_id(wanted) if wanted else {}
    for item, at, bullet in opening:
        article = articles.get(ArticleId(bullet.article_id))
        pronoun = unnamed(article, bullet, texts_before(item, at)) if article else ""
        if pronoun:
            yield LetterFinding(
                weight=Weight.LOOK,
                words=f"“{pronoun}”: nobody is named before it. Bullet {at + 1} of “{item.headline}”: "
                "add the sentence before it, or replace the bullet.",
                story_id=item.story_id,
                bullet=at,
            )


def texts_before(item: Item, at: int) -> tuple[str, ...]:
    """Return the headline of an item, and its bullets before the one with the index ``at``."""
    earlier: tuple[Bullet, ...] = item.bullets[:at]
    return (item.headline, *(bullet.text for bullet in earlier))
