"""Every bullet is proved by the stored article, and every tampering is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from digest.errors import UnknownEdition
from digest.model.article import Article
from digest.model.ids import ArticleId
from digest.model.story import Bullet
from digest.pipeline.proofs.verify import verify_edition
from digest.pipeline.stores import Stores
from digest.storage.articles import Articles
from digest.storage.editions import Draft


def tamper(newsroom: Any, change: dict[str, Any]) -> None:
    """Change the first bullet of the stored edition."""
    row = newsroom.compose().row
    item = row.edition.items[0]
    bullets = (replace(item.bullets[0], **change), *item.bullets[1:])
    edition = replace(row.edition, items=(replace(item, bullets=bullets), *row.edition.items[1:]))
    newsroom.stores.editions.draft(row.id, Draft(edition=edition, telling=(), seen=row.seen), newsroom.now)


def first_bullet(newsroom: Any) -> Bullet:
    bullet: Bullet = newsroom.compose().edition.items[0].bullets[0]
    return bullet


def test_an_edition_as_composed_is_proved_bullet_by_bullet(newsroom: Any) -> None:
    edition = newsroom.compose().edition
    proof = verify_edition(newsroom.runtime, "morning")
    assert proof.bullets == sum(len(item.bullets) for item in edition.items) >= 10
    assert proof.articles == 5
    assert proof.unproved == ()
    assert list(proof.lines()) == [
        f"morning/2026-11-23: {proof.bullets} of {proof.bullets} bullets are in the 5 stored articles, word for word"
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"text": "Nobody said this."}, "the article says something else at"),
        ({"start": 1}, "the article says something else at"),
        ({"end": 100_000}, "lie outside the article's"),
        ({"fragment": "text=Engineers"}, "its text fragment leads to another passage"),
        ({"article_id": ArticleId("f" * 64)}, f"no article {'f' * 64} is stored"),
    ],
)
def test_a_bullet_that_was_tampered_with_is_named(newsroom: Any, change: dict[str, Any], problem: str) -> None:
    tamper(newsroom, change)
    (failure,) = verify_edition(newsroom.runtime, "morning/2026-11-23").unproved
    assert problem in failure.problem


def test_an_article_that_was_changed_in_the_store_proves_nothing(newsroom: Any) -> None:
    bullet = first_bullet(newsroom)
    articles = newsroom.stores.articles
    stored = articles.by_id([bullet.article_id])[bullet.article_id]
    forged: Article = replace(stored, title="Another title")

    class Forged(Articles):
        def by_id(self, ids: Any) -> dict[ArticleId, Article]:
            return {**articles.by_id(ids), forged.id: forged}

    class Tampered(Stores):
        articles = Forged(newsroom.stores.database)

    runtime = replace(newsroom.runtime, stores=Tampered(newsroom.stores.database))
    failures = verify_edition(runtime, "morning").unproved
    assert bullet.text in {failure.text for failure in failures}
    assert {failure.problem for failure in failures} == {
        f"the stored article {forged.id} was changed: its content has another hash"
    }


def test_what_was_not_composed_cannot_be_proved(newsroom: Any) -> None:
    with pytest.raises(UnknownEdition, match="digest compose --edition morning"):
        verify_edition(newsroom.runtime, "morning")
    newsroom.now += timedelta(days=2)
    newsroom.compose()
    with pytest.raises(UnknownEdition, match="is held and was not composed"):
        verify_edition(newsroom.runtime, "morning/2026-11-25")
