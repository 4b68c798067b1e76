"""A paper's own front page orders its articles, and gains it nothing over a paper whose front page is unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from digest.model.article import Article
from digest.model.front import FrontPlace
from digest.model.story import Story
from digest.rank.front import standings
from digest.rank.score import rank
from digest.settings import RankSettings

Make = Callable[..., Any]
TITLES = (
    "Council of Ashcombe votes on the tidal barrier",
    "Nurses in Brannoch accept the offer of the trust",
    "Museum of Caldry buys a map at auction",
    "Storm in Dunmere cuts power to the valleys",
)


def listed(article: Article, place: int, prominence: float) -> FrontPlace:
    return FrontPlace(url=article.url, place=place, prominence=prominence)


@pytest.fixture
def printed(article: Make) -> list[Article]:
    return [article(number, source=1, title=title) for number, title in enumerate(TITLES)]


def ranked(articles: list[Article], make: Make, now: Any, front: Mapping[str, FrontPlace], **weights: Any) -> Any:
    sources = {article.source_id: make(article.source_id) for article in articles}
    return rank([[article] for article in articles], sources, RankSettings(**weights), now, front=front)


def said(story: Story) -> tuple[float, str]:
    return next((factor.value, factor.note) for factor in story.factors if factor.name == "front page")


def test_what_leads_the_front_page_leads_the_papers_articles_and_explain_says_why(
    printed: list[Article], source: Make, now: Any
) -> None:
    front = {printed[2].url: listed(printed[2], 0, 1.0), printed[0].url: listed(printed[0], 6, 0.2)}
    stories = ranked(printed, source, now, front, news_value=0.0, after_news=0.0)
    assert stories[0].articles[0] is printed[2]
    value, note = said(stories[0])
    assert value == pytest.approx(0.7)
    assert note == "place 1 on its paper's front page, prominence 1.00, its paper's mean 0.30"
    assert said(stories[-1])[1].startswith("not on its paper's front page")


def test_the_standings_of_a_paper_sum_to_nothing_and_one_without_a_front_page_has_none(
    printed: list[Article], article: Make
) -> None:
    other = article(9, source=2, title="Rovers return to the first division")
    found = standings([*printed, other], {printed[1].url: listed(printed[1], 0, 1.0)})
    assert sum(standing.value for standing in found.values()) == pytest.approx(0)
    assert other.url not in found


def test_without_a_front_page_the_factor_counts_nothing(printed: list[Article], source: Make, now: Any) -> None:
    assert {said(story) for story in ranked(printed, source, now, {})} == {(0.0, "")}


def test_a_front_page_never_outweighs_what_a_degree_of_importance_does() -> None:
    assert RankSettings().front_page < RankSettings().news_value
