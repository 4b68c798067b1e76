from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from msgspec import structs

from digest.edition.intake import admitted, one_publisher
from digest.model.ids import SourceId
from digest.model.source import Source
from digest.settings import EditionSettings

Make = Callable[..., Any]
DAILY = EditionSettings(title="T", language="en")
SOURCES = {
    SourceId(n): Source(
        id=SourceId(n), url=f"https://paper{n}.example/feed", name=f"Paper {n}", publisher=f"P{n}", section=section
    )
    for n, section in enumerate(("world", "sport", "world"))
}


def numbers(articles: tuple[Any, ...]) -> list[int]:
    return [article.source_id for article in articles]


def test_an_edition_takes_the_sources_and_sections_of_its_settings(article: Make, cut: datetime) -> None:
    three = [article(n) for n in range(3)]
    assert numbers(admitted(three, SOURCES, DAILY, cut)) == [0, 1, 2]
    assert numbers(admitted(three, SOURCES, structs.replace(DAILY, sections=("sport",)), cut)) == [1]
    assert numbers(admitted(three, SOURCES, structs.replace(DAILY, sources=("Paper 2",)), cut)) == [2]
    assert numbers(admitted([*three, article(7)], SOURCES, DAILY, cut)) == [0, 1, 2]


def test_an_article_outside_the_window_or_after_the_cut_is_not_in_it(article: Make, cut: datetime) -> None:
    assert admitted([article(0, hours=-27)], SOURCES, DAILY, cut) == ()
    assert admitted([article(0, hours=0.1)], SOURCES, DAILY, cut) == ()
    late = article(0, hours=-2, first_seen=article(0, hours=1).first_seen)
    assert admitted([late], SOURCES, DAILY, cut) == ()
    assert len(admitted([article(0, hours=-25)], SOURCES, DAILY, cut)) == 1


def test_an_edition_speaks_one_language_believes_the_source_and_takes_what_nobody_knows(
    article: Make, cut: datetime
) -> None:
    german = replace(SOURCES[SourceId(1)], language="de-AT")
    sources = {**SOURCES, SourceId(1): german}
    articles = [article(0, language="und"), article(1, language="und"), article(2, language="de")]
    assert numbers(admitted(articles, sources, DAILY, cut)) == [0]
    assert numbers(admitted(articles, sources, structs.replace(DAILY, language="de-DE"), cut)) == [0, 1, 2]


@pytest.mark.parametrize(
    ("edition", "written"), [("nb", "no"), ("nn-NO", "no"), ("iw", "he"), ("tl", "fil"), ("eng", "en")]
)
def test_the_names_of_one_language_are_one_on_both_sides(
    article: Make, cut: datetime, edition: str, written: str
) -> None:
    settings = structs.replace(DAILY, language=edition)
    assert numbers(admitted([article(0, language=written)], SOURCES, settings, cut)) == [0]
    unknown = {SourceId(0): replace(SOURCES[SourceId(0)], language=edition)}
    reversed_settings = structs.replace(DAILY, language=written)
    assert numbers(admitted([article(0, language="und")], unknown, reversed_settings, cut)) == [0]


def test_all_sources_of_one_publisher_or_a_single_one_make_an_edition_of_one_publisher() -> None:
    def made(*publishers: str) -> list[Source]:
        return [replace(SOURCES[SourceId(0)], id=SourceId(n), publisher=name) for n, name in enumerate(publishers)]

    assert one_publisher(made("gazette.example", "gazette.example"), DAILY)
    assert one_publisher(made("127.0.0.1"), DAILY)
    assert not one_publisher(made("gazette.example", "post.example"), DAILY)
    assert not one_publisher(made("127.0.0.1", "127.0.0.1"), DAILY)
    assert not one_publisher([], DAILY)
