"""In which order sentences become bullets, and which never do, where their worth is given."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from digest.model.article import Article
from digest.model.ids import ArticleId, SourceId
from digest.model.story import ScoredSentence, Story
from digest.summarise.bullets import UNFIT, candidates
from digest.summarise.reading import compared, read
from digest.summarise.scorer import shipped

Articles = Callable[..., Article]
Stories = Callable[..., Story]
Worth = dict[str, float]
BRIDGE = "The mayor of Carrick opened the new bridge over the river on Monday morning."
POTATOES = "Farmers near Selby lost half of their potatoes after the long dry summer."
BAKERY = "A bakery in Graz will pay its apprentices four hundred pounds more a month."
SWIMMERS = "Two swimmers from Ulm won medals at the championship in the northern lakes."
THEY = "They were told by letter on Friday morning."


@pytest.fixture
def chosen(story: Stories, article: Articles) -> Callable[..., list[str]]:
    """Give what returns the bullets of articles, each given as its sentences with what they are worth."""

    def choose(*papers: Worth, redundancy: float = 0.0) -> list[str]:
        articles = [article(" ".join(one), title="Zorbit", source=n) for n, one in enumerate(papers, 1)]
        scores: dict[ArticleId, tuple[ScoredSentence, ...]] = {}
        for each, worth in zip(articles, papers, strict=True):
            starts = {each.text.index(text): value for text, value in worth.items()}
            scores[each.id] = tuple(ScoredSentence(start=at, end=at + 9, score=value) for at, value in starts.items())
        model = dataclasses.replace(shipped(), redundancy=redundancy)
        names = {SourceId(n): f"Paper {n}" for n in range(1, 9)}
        return [bullet.text for bullet in candidates(story(*articles), scores=scores, model=model, source_names=names)]

    return choose


def test_what_is_worth_most_comes_first_wherever_it_stands(chosen: Callable[..., list[str]]) -> None:
    assert chosen({BRIDGE: 0.5, POTATOES: 0.9, BAKERY: 0.7}) == [POTATOES, BAKERY, BRIDGE]


def test_what_is_like_a_bullet_loses_by_the_models_redundancy(chosen: Callable[..., list[str]]) -> None:
    like = "The mayor of Carrick sold eleven stolen bicycles behind the railway station."
    worth = {BRIDGE: 0.9, like: 0.6, BAKERY: 0.55}
    assert chosen(worth) == [BRIDGE, like, BAKERY]
    assert chosen(worth, redundancy=1.0) == [BRIDGE, BAKERY, like]


@pytest.mark.parametrize(
    ("other", "second", "places"), [(0.9, 0.4, 1), (0.9, 0.44, 2), (0.45, 0.35, 1), (0.45, 0.39, 2)]
)
def test_another_papers_best_stays_eight_hundredths_below_the_leads(
    chosen: Callable[..., list[str]], other: float, second: float, places: int
) -> None:
    assert chosen({BRIDGE: 0.5, BAKERY: second}, {POTATOES: other}).index(POTATOES) == places


def test_another_paper_speaks_alone_where_the_lead_says_nothing(chosen: Callable[..., list[str]]) -> None:
    assert chosen({"Why?": 0.9}, {POTATOES: 0.5, BAKERY: 0.6}) == [BAKERY, POTATOES]


def test_an_unfit_sentence_is_told_only_where_a_story_has_no_other(chosen: Callable[..., list[str]]) -> None:
    assert chosen({BRIDGE: 0.9, BAKERY: UNFIT, POTATOES: 0.29}) == [BRIDGE, BAKERY]
    assert chosen({BRIDGE: 0.9, BAKERY: 0.33}) == [BRIDGE, BAKERY]
    assert chosen({POTATOES: 0.01, BAKERY: 0.29}) == [BAKERY]


def test_what_leans_on_the_sentence_before_it_comes_behind_that_one(chosen: Callable[..., list[str]]) -> None:
    assert chosen({POTATOES: 0.6, THEY: 0.9, BRIDGE: 0.7}) == [BRIDGE, POTATOES, THEY]


def test_what_leans_on_a_sentence_that_is_not_told_is_not_told(chosen: Callable[..., list[str]]) -> None:
    assert chosen({BRIDGE: 0.7, POTATOES: 0.1, THEY: 0.9, BAKERY: 0.6}) == [BRIDGE, BAKERY]
    assert chosen({POTATOES: 0.1, THEY: 0.9, BAKERY: 0.6}, {SWIMMERS: 0.8}) == [SWIMMERS, BAKERY]
    assert chosen({BRIDGE: 0.7}, {POTATOES: 0.1, THEY: 0.9}) == [BRIDGE]


def test_sentences_of_two_papers_say_one_thing_from_a_smaller_share_on(chosen: Callable[..., list[str]]) -> None:
    one = "Farmers near Selby lost potatoes, barley and honey."
    other = "Farmers near Selby sold sheep, tractors and lambs."
    _, shared = compared(*(read(text, "", "en").sentences[0] for text in (one, other)))
    assert shared == pytest.approx(3 / 7)
    assert chosen({BRIDGE: 0.9, one: 0.8, other: 0.7}) == [BRIDGE, one, other]
    assert chosen({BRIDGE: 0.9, one: 0.8}, {other: 0.8}) == [BRIDGE, one]
