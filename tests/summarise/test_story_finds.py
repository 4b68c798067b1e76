"""What is found in a whole story, by its kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from digest.model.article import Article
from digest.model.finds import Sought, StoryFinds
from digest.model.kind import TextKind
from digest.model.story import Story
from digest.summarise.days import ReadingDay
from digest.summarise.finds.story import story_finds

DAY = ReadingDay(date(2026, 5, 4), ZoneInfo("UTC"))
TITLE = "Norrhaven gets a slide beside its stairs"
SLIDE = (
    "The slide beside the stairs of Norrhaven has cost 4.8 million crowns, the council said. "
    "Norrhaven has built a slide of steel beside the stairs of the old market. "
    "The new slide law of Norrhaven is expected to take effect at noon on Thursday. "
    "“The people of this town deserve a country that is free and open to everybody, not only to people who climb,” said"
    " Ida Lund, the mayor of Norrhaven."
)


def found(article: Callable[..., Article], story: Callable[..., Story], text: str, kind: TextKind) -> StoryFinds:
    told = replace(story(article(text, title=TITLE)), kind=kind)
    return story_finds(told, TITLE, {}, DAY)


@pytest.mark.parametrize(
    ("kind", "sentences"),
    [
        (TextKind.NEWS, (1, 1, 1)),
        (TextKind.FEATURE, (1, 1, 1)),
        (TextKind.INTERVIEW, (0, 0, 1)),
        (TextKind.UNKNOWN, (1, 1, 1)),
        (TextKind.OPINION, (0, 0, 0)),
        (TextKind.PROMO, (0, 0, 0)),
    ],
)
def test_a_kind_of_story_has_its_kinds_of_sentences(
    article: Callable[..., Article], story: Callable[..., Story], kind: TextKind, sentences: tuple[int, int, int]
) -> None:
    finds = found(article, story, SLIDE, kind)
    assert (len(finds.coming), len(finds.numbers), len(finds.quotes)) == sentences


@pytest.mark.parametrize(
    ("kind", "name"), [(TextKind.NEWS, "Norr Bank"), (TextKind.UNKNOWN, "Norr Bank"), (TextKind.OPINION, "")]
)
def test_a_story_of_news_has_a_name(
    article: Callable[..., Article], story: Callable[..., Story], kind: TextKind, name: str
) -> None:
    text = "Norr Bank closes its last branch. The crews of Norr Bank said so, and Norr Bank sold its boats."
    told = replace(story(article(text, title="Norr Bank closes its last branch")), kind=kind)
    assert story_finds(told, "Norr Bank closes its last branch", {}, DAY).slug == name
    others = Sought(names=False)
    assert story_finds(told, "Norr Bank closes its last branch", {}, DAY, sought=others).slug == ""


@pytest.mark.parametrize(
    ("text", "kind", "verdict"),
    [
        (SLIDE, TextKind.FEATURE, "light"),
        (SLIDE, TextKind.NEWS, "news"),
        (f"{SLIDE} One man was killed at its opening.", TextKind.FEATURE, "grim"),
    ],
)
def test_a_feature_without_a_grim_word_is_light(
    article: Callable[..., Article], story: Callable[..., Story], text: str, kind: TextKind, verdict: str
) -> None:
    assert found(article, story, text, kind).light is (verdict == "light")


def test_advertising_has_no_sentences(article: Callable[..., Article], story: Callable[..., Story]) -> None:
    told = replace(story(replace(article(SLIDE, title=TITLE), sponsored=True)), kind=TextKind.NEWS)
    finds = story_finds(told, TITLE, {}, DAY)
    assert (finds.coming, finds.numbers, finds.quotes) == ((), (), ())
