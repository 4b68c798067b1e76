"""What holds on real articles, where the labelled data lies beside the checkout."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from digest.model.article import Article
from digest.model.story import Story
from digest.summarise.bullets import candidates
from digest.summarise.guard import leanings
from digest.summarise.verify import verify

DATA = Path(__file__).parents[3] / "shared" / "eval" / "data" / "summ_dev.jsonl.gz"
ARTICLES = 80


@pytest.fixture
def real(article: Callable[..., Article], story: Callable[..., Story]) -> list[Story]:
    if not DATA.is_file():
        pytest.skip(f"the labelled data is not at {DATA}")
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line, _ in zip(lines, range(ARTICLES), strict=False)]
    return [story(article(row["text"], title=row["title"], language=row["lang"])) for row in rows]


def test_every_bullet_of_real_articles_can_be_proved(real: list[Story]) -> None:
    proved = [verify(bullet, story.articles[0]) for story in real for bullet in candidates(story)]
    assert set(proved) == {None}
    assert len(proved) >= ARTICLES * 3


def test_bullets_lean_on_nothing_that_the_reader_has_not_seen(real: list[Story]) -> None:
    for story in real:
        told = sorted(candidates(story)[:3], key=lambda bullet: bullet.start)
        for before, bullet in zip([None, *told], told, strict=False):
            if any(leanings(bullet.text, "en")):
                assert before is not None
                assert len(story.articles[0].text[before.end : bullet.start].split()) < len(before.text.split()) + 40
