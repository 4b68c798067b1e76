from __future__ import annotations

import dataclasses
from collections.abc import Callable

from digest.model.article import Article
from digest.model.ids import ArticleId
from digest.model.story import Story
from digest.summarise.bullets import candidates
from digest.summarise.verify import verify


def test_a_bullet_that_was_touched_is_found_out(article: Callable[..., Article], story: Callable[..., Story]) -> None:
    source = article()
    bullet = candidates(story(source))[0]
    touched = dataclasses.replace
    assert verify(bullet, source) is None
    wrong = [
        touched(bullet, text=bullet.text.replace("140", "14")),
        touched(bullet, start=bullet.start + 1),
        touched(bullet, end=len(source.text) + 1),
        touched(bullet, article_id=ArticleId("f" * 64)),
        touched(bullet, fragment="text=Some%20320%20dockers"),
    ]
    reasons = [verify(each, source) for each in wrong]
    assert all(reasons)
    assert reasons[-1] == "its text fragment leads to another passage"


def test_a_bullet_without_a_fragment_can_still_be_proved(
    article: Callable[..., Article], story: Callable[..., Story]
) -> None:
    source = article()
    assert verify(dataclasses.replace(candidates(story(source))[0], fragment=""), source) is None
