"""The invented press has pictures: drawn alike each time, and shown at the demo's desk and in its letter."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from digest.demo.desk import demo_desk
from digest.demo.drawings import DRAWINGS, HEIGHT, SEAS, SKIES, WIDTH, drawing
from digest.demo.press import load_press
from digest.pipeline.progress import unseen
from digest.pipeline.sending.desk_sight import sight
from digest.pipeline.sending.story_sight import story_sight


def test_each_drawing_is_a_light_jpeg_that_is_the_same_every_time() -> None:
    assert DRAWINGS.keys() == SKIES.keys() == SEAS.keys()
    for name in DRAWINGS:
        made = drawing(name)
        drawing.cache_clear()
        assert drawing(name) == made
        assert len(made) < 40_000
        assert Image.open(BytesIO(made)).size == (WIDTH, HEIGHT)


def test_every_article_with_a_picture_names_a_drawing() -> None:
    named = {article.drawing for paper in load_press() for article in paper.articles if article.drawing}
    assert named == DRAWINGS.keys()


@pytest.mark.slow
def test_the_demos_desk_shows_a_picture_to_choose_and_one_in_the_letter(tmp_path: Path) -> None:
    with demo_desk(tmp_path, None, unseen) as demo:
        (row,) = (row for row in demo.app.stores.editions.latest(5) if row.edition is not None)
        assert row.edition is not None
        seen = [story_sight(demo.app.runtime, row, item.story_id, judged=False) for item in row.edition.items]
        images = [one.article.image for story in seen if story for one in story.articles if one.article.image]
        assert len(images) >= 2
        assert all(image.caption and image.credit for image in images)
        shown = sight(demo.app.runtime, row.key).proof
        assert shown is not None
        assert "/pictures/" in shown.letter.html
