"""An article is read once: what an assessment holds, and that bullets and finds made from it are the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from digest.model.article import Article
from digest.model.finds import Sought, StoryFinds
from digest.model.kind import TextKind
from digest.model.story import Story
from digest.summarise.assessment import Assess, Assessment, assess, assess_for
from digest.summarise.bullets import bullets_of, candidates
from digest.summarise.days import ReadingDay, Timing
from digest.summarise.features import features
from digest.summarise.finds.story import story_finds
from digest.summarise.reading import read
from digest.summarise.scorer import shipped, values

Articles = Callable[..., Article]
Stories = Callable[..., Story]
WRITTEN, READ = date(2026, 5, 4), date(2026, 5, 5)
DAY = ReadingDay(READ, ZoneInfo("UTC"))
SLIDE = (
    "The slide beside the stairs of Norrhaven has cost 4.8 million crowns, the council said. "
    "Norrhaven has built a slide of steel beside the stairs of the old market. "
    "The new slide law of Norrhaven is expected to take effect at noon on Thursday. "
    "“The people of this town deserve a country that is free and open to everybody, not only to people who climb,” said"
    " Ida Lund, the mayor of Norrhaven. "
    "The bakers of Norrhaven will bake a cake of steel-grey sugar for the market today."
)
TITLE = "Norrhaven gets a slide beside its stairs"
NOTHING = Sought(names=False, coming=False, numbers=False, quotes=False, light=False)


@pytest.fixture
def slide(article: Articles, story: Stories) -> Story:
    """A story of news with something for each kind of find, written on the day before it is read."""
    told = replace(article(SLIDE, title=TITLE), first_seen=datetime(2026, 5, 4, 6, tzinfo=UTC))
    return replace(story(told), kind=TextKind.NEWS)


def counting(day: ReadingDay) -> tuple[list[str], Assess]:
    """Return the assessments of a day and a list of the articles that they were asked for."""
    asked: list[str] = []

    def assessed(article: Article) -> Assessment:
        asked.append(article.id)
        return assess_for(article, day)

    return asked, assessed


def test_an_assessment_has_the_estimates_of_the_model(slide: Story) -> None:
    told = slide.articles[0]
    assert assess(told).estimates == values(read(told.text, told.title, "en"), shipped())


def test_estimates_that_were_made_before_are_kept(slide: Story) -> None:
    assert assess(slide.articles[0], estimates={0: 0.5}).estimates == {0: 0.5}


def test_an_assessment_knows_which_day_words_are_wrong_for_the_reader(slide: Story) -> None:
    found = assess(slide.articles[0], WRITTEN, READ)
    wrong = [each.text for each in found.reading.sentences if found.timing(each) is Timing.WRONG]
    assert wrong == ["The bakers of Norrhaven will bake a cake of steel-grey sugar for the market today."]


def test_an_article_without_a_date_was_written_when_it_was_first_seen(slide: Story) -> None:
    told = slide.articles[0]
    assert told.published is None
    for made in (told, replace(told, published=told.first_seen, first_seen=datetime(2026, 5, 5, 4, tzinfo=UTC))):
        assert Timing.WRONG in assess_for(made, DAY).timings.values()


def test_on_the_day_of_the_article_and_without_a_day_every_day_word_is_right(slide: Story) -> None:
    told = slide.articles[0]
    for found in (assess(told, WRITTEN, WRITTEN), assess(told, WRITTEN), assess_for(told, None)):
        assert {found.timing(each) for each in found.reading.sentences} == {Timing.RIGHT}


def test_bullets_from_an_assessment_are_those_of_the_article(slide: Story) -> None:
    assert bullets_of(slide, lambda article: assess_for(article, DAY)) == candidates(slide, day=DAY)


def test_finds_from_an_assessment_are_those_of_the_article(slide: Story) -> None:
    asked, assessed = counting(DAY)
    finds = story_finds(slide, TITLE, {}, DAY, assessed)
    assert finds == story_finds(slide, TITLE, {}, DAY)
    assert finds.coming
    assert finds.numbers
    assert asked == [slide.articles[0].id]


@pytest.mark.parametrize(
    ("sought", "kept"),
    [
        (replace(NOTHING, coming=True), "coming"),
        (replace(NOTHING, numbers=True), "numbers"),
        (replace(NOTHING, quotes=True), "quotes"),
    ],
)
def test_only_what_is_sought_is_looked_for(slide: Story, sought: Sought, kept: str) -> None:
    every = story_finds(slide, TITLE, {}, DAY)
    finds = story_finds(slide, TITLE, {}, DAY, sought=sought)
    assert getattr(finds, kept) == getattr(every, kept) != getattr(StoryFinds(), kept)
    others = {"coming", "numbers", "quotes", "slug"} - {kept}
    assert all(getattr(finds, other) == getattr(StoryFinds(), other) for other in others)


def test_a_letter_without_such_sentences_reads_no_article_for_them(slide: Story) -> None:
    asked, assessed = counting(DAY)
    story_finds(slide, TITLE, {}, DAY, assessed, replace(NOTHING, names=True, light=True))
    assert asked == []


def test_features_of_some_sentences_are_their_rows_among_all(article: Articles) -> None:
    told = article()
    reading = read(told.text, told.title, "en")
    places = [0, 3, 5, len(reading.sentences) - 1]
    every = features(reading)
    assert features(reading, places) == [every[place] for place in places]
    assert features(reading, []) == []
