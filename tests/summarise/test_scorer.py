from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from importlib.resources import files

import pytest

from digest.model.article import Article
from digest.model.kind import TextKind
from digest.model.story import Story
from digest.summarise.bullets import UNFIT, candidates
from digest.summarise.features import NAMES, features
from digest.summarise.fitness import LEAST, news_odds, share_left
from digest.summarise.reading import read
from digest.summarise.scorer import NOT_TOLD, loaded, score, shipped, values

Articles = Callable[..., Article]


def test_every_sentence_is_scored_in_order(article: Articles) -> None:
    told = article()
    sentences = score(told)
    assert [s.start for s in sentences] == sorted(s.start for s in sentences)
    assert told.text[sentences[0].start : sentences[0].end].endswith("late on Thursday.")
    assert len(sentences) == 10


def test_the_factors_add_up_to_the_score(article: Articles) -> None:
    for sentence in score(article()):
        assert sum(factor.value for factor in sentence.factors) == pytest.approx(sentence.score, abs=0.01)


def test_a_sentence_that_is_never_told_says_why(article: Articles) -> None:
    told = article()
    notes = {s.start: factor.note for s in score(told) for factor in s.factors if factor.name == "not told"}
    assert notes == {
        told.text.index("Photo:"): "a heading or an unfinished line",
        told.text.index("Who will"): "a question",
        told.text.index("Sign up"): "a promotion",
    }


def test_the_short_way_gives_the_same_scores(article: Articles) -> None:
    told = article()
    short = values(read(told.text, told.title, told.language), shipped())
    usable = {each.start: each.score for each in score(told) if all(factor.name != NOT_TOLD for factor in each.factors)}
    assert short == pytest.approx(usable)
    assert usable


def test_an_article_without_text_has_no_sentences(article: Articles) -> None:
    assert score(article("")) == ()


def test_every_row_of_features_has_every_name(article: Articles) -> None:
    told = article()
    assert {len(row) for row in features(read(told.text, told.title, "en"))} == {len(NAMES)}
    assert len(set(NAMES)) == len(NAMES)


def test_the_shipped_model_is_small() -> None:
    assert len(files("digest.summarise").joinpath("weights.json").read_bytes()) < 200_000


def test_a_model_that_asks_for_an_unknown_feature_is_refused() -> None:
    stored = json.loads(files("digest.summarise").joinpath("weights.json").read_text("utf-8"))
    with pytest.raises(ValueError, match="unheard of"):
        loaded({**stored, "features": ["unheard of", *stored["features"][1:]]})


def test_an_earlier_sentence_is_worth_more_when_all_else_is_equal(article: Articles) -> None:
    plain = "The council met again and put off the vote on the road near the old mill for a week. "
    first, *_, last = score(article(plain * 12, title=""))
    assert first.score > last.score


def test_a_sentence_that_is_not_fit_is_told_only_where_there_is_no_other(
    story: Callable[..., Story], article: Articles
) -> None:
    told = story(article())
    bullets = candidates(told)
    assert len(bullets) > 1
    assert all(bullet.score >= UNFIT for bullet in bullets[1:])
    unfit = min(bullet.score for bullet in bullets) - UNFIT + 0.01
    trees = shipped().trees
    lowered = dataclasses.replace(
        shipped(), trees=dataclasses.replace(trees, value=trees.value - unfit / len(trees.roots))
    )
    assert len(candidates(told, model=lowered)) == len(bullets) - 1


def test_a_bullet_is_doubtful_by_the_models_own_estimate(story: Callable[..., Story], article: Articles) -> None:
    told = dataclasses.replace(story(article()), kind=TextKind.NEWS)
    found = candidates(told)
    assert not all(bullet.doubtful for bullet in found)
    assert all(bullet.doubtful for bullet in found if share_left(bullet.score, news_odds(told.kind, None)) < LEAST)
    trees = shipped().trees
    doubting = dataclasses.replace(shipped(), trees=dataclasses.replace(trees, value=trees.value - 1.0))
    assert [bullet.doubtful for bullet in candidates(told, model=doubting)] == [True]
