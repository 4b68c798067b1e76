from __future__ import annotations

import dataclasses
from collections.abc import Callable
from importlib.resources import files

import pytest

from digest.model.article import Article
from digest.summarise.features import NAMES, features
from digest.summarise.reading import read
from digest.summarise.scorer import score, shipped, values

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
    assert short == pytest.approx([sentence.score for sentence in score(told)])


def test_an_article_without_text_has_no_sentences(article: Articles) -> None:
    assert score(article("")) == ()


def test_every_row_of_features_has_every_name(article: Articles) -> None:
    told = article()
    assert {len(row) for row in features(read(told.text, told.title, "en"), shipped().keywords)} == {len(NAMES)}
    assert len(set(NAMES)) == len(NAMES)


def test_the_shipped_weights_are_small_and_whole() -> None:
    assert len(shipped().weights) == len(NAMES)
    assert len(files("digest.summarise").joinpath("weights.json").read_bytes()) < 10_000


def test_a_model_with_too_few_weights_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="weights"):
        dataclasses.replace(shipped(), weights=(1.0,))
    with pytest.raises(ValueError, match="differs"):
        dataclasses.replace(shipped(), deviations=(0.0,) * len(NAMES))


def test_an_earlier_sentence_is_worth_more_when_all_else_is_equal(article: Articles) -> None:
    plain = "The council met again and put off the vote on the road near the old mill for a week. "
    first, *_, last = score(article(plain * 12, title=""))
    assert first.score > last.score


def test_each_word_has_its_price_beside_a_title_in_english(article: Articles) -> None:
    free = dataclasses.replace(shipped(), price=0.0)
    told = article()
    for cheap, dear in zip(score(told, free), score(told), strict=True):
        length = next(factor for factor in dear.factors if factor.name == "length")
        assert cheap.score - dear.score == pytest.approx(-length.value, abs=0.001)
        assert length.value < 0
    for untouched in (article(title=""), article(language="de")):
        assert score(untouched, free) == score(untouched)


def test_without_a_title_a_later_sentence_costs_more(article: Articles) -> None:
    level = dataclasses.replace(shipped(), descent=0.0)
    told = article(title="")
    tolls = [flat.score - each.score for flat, each in zip(score(told, level), score(told), strict=True)]
    assert tolls[0] == pytest.approx(0.0)
    assert tolls == sorted(tolls)
    assert tolls[-1] > 0
    assert score(article(), level) == score(article())
