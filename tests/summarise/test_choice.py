"""Which sentences are told together, where the model thinks the same of all."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from digest.model.article import Article
from digest.model.story import Story
from digest.summarise.bullets import candidates
from digest.summarise.scorer import Model, shipped

Articles = Callable[..., Article]
Stories = Callable[..., Story]

MILL = "A miller from Grayport bought nine sacks of oats at the fair of Wendle on Saturday for 90 pounds."
BRIDGE = "Ellery closes the bridge over the river after the storm, which costs the town two million pounds in tolls."
LORRIES = "Lorries take the northern road through the valley until spring, a detour of about 22 kilometres."
AGAIN = "Wooden planks of the council are for repairs while lorries cross the northern valley by day."
TITLE = "Ellery council closes wooden bridge for repairs after storm"


@pytest.fixture
def flat() -> Model:
    """Return a model that finds every sentence equally fit to be told."""
    trees, linear = shipped().trees, shipped().linear
    return dataclasses.replace(
        shipped(),
        trees=dataclasses.replace(trees, value=np.zeros_like(trees.value)),
        linear=dataclasses.replace(linear, constant=0.6, weights=np.zeros_like(linear.weights)),
        price=0.0,
    )


def told(story: Story, model: Model) -> list[str]:
    return [bullet.text for bullet in candidates(story, model=model)]


def test_the_first_bullet_is_nearest_to_the_headline(story: Stories, article: Articles, flat: Model) -> None:
    text = f"{MILL} {LORRIES} {BRIDGE}"
    assert told(story(article(text, title=TITLE)), flat)[0] == BRIDGE
    assert told(story(article(text, title="Oats of Grayport miller are dear")), flat)[0] == MILL


def test_the_headline_does_not_put_another_article_before_the_lead(
    story: Stories, article: Articles, flat: Model
) -> None:
    lead = article(f"{MILL} {LORRIES}", title=TITLE)
    assert told(story(lead, article(BRIDGE, title=TITLE, source=2)), flat)[0] in {MILL, LORRIES}


def test_what_only_repeats_headline_and_bullets_together_is_left_out(
    story: Stories, article: Articles, flat: Model
) -> None:
    text = f"{BRIDGE} {LORRIES} {AGAIN} {MILL}"
    assert told(story(article(text, title=TITLE)), flat) == [BRIDGE, LORRIES, MILL]
    assert AGAIN in told(story(article(f"{AGAIN} {MILL}", title="Oats")), flat)
