"""Front pages as editors make them, of invented papers: place, heading, size and box make prominence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.fetch.home_page import front_places, home_of
from digest.model.ids import SourceId
from digest.model.source import Source, SourceKind

HOME = "https://courier.example/"
HEADS = (
    "Harbour ferry returns after nine days of repair",
    "Council backs the tidal barrier at Wendle",
    "Nurses accept the pay offer of the trust",
    "Museum buys a lost map of Tarrow at auction",
    "Storm cuts power to homes in the valleys",
    "Otters breed again on the river Sallow",
)


def link(number: int) -> str:
    return f"{HOME}news/a-story-of-the-day-{number}"


def teaser(number: int, tag: str = "h3", names: str = "") -> str:
    return f"<article class='{names}'><a href='{link(number)}'><{tag}>{HEADS[number]}</{tag}></a></article>"


def page(*teasers: str, around: str = "") -> str:
    menu = "<nav><a href='/news/a-section-of-the-paper-1'>A section with a long name</a></nav>"
    return f"<html><body>{menu}<main>{''.join(teasers)}</main>{around}</body></html>"


def order(html: str) -> list[int]:
    return [int(place.url.rpartition("-")[2]) for place in front_places(html, HOME)]


def test_articles_of_one_size_stand_in_the_order_of_the_page() -> None:
    places = front_places(page(*map(teaser, (3, 1, 0, 5, 2, 4))), HOME)
    assert [place.url for place in places] == [link(number) for number in (3, 1, 0, 5, 2, 4)]
    assert places[0].prominence == 1.0
    assert [place.place for place in places] == list(range(6))


def test_a_higher_heading_and_a_larger_teaser_say_more_than_the_place() -> None:
    small = [teaser(number, "h4") for number in (0, 1)]
    assert order(page(*small, teaser(2, "h1"), *(teaser(number, "h4") for number in (3, 4, 5))))[0] in {0, 2}
    places = {
        place.url: place
        for place in front_places(page(teaser(0, "h4"), teaser(1, "h2"), *map(teaser, (2, 3, 4))), HOME)
    }
    assert places[link(0)].prominence < 1
    large = front_places(
        page(teaser(0), teaser(1, names="teaser teaser--small"), teaser(2, names="hero"), *map(teaser, (3, 4))), HOME
    )
    known = {place.url: place.prominence for place in large}
    assert known[link(2)] > known[link(1)]


@pytest.mark.parametrize("box", ["most-read", "meistgelesen", "les-plus-lus", "sidebar-latest", "trending_now"])
def test_a_box_of_the_most_read_says_nothing_of_the_editors_choice(box: str) -> None:
    boxed = f"<div class='{box}'>{teaser(5)}{teaser(4)}</div>"
    html = boxed + page(*map(teaser, (0, 1, 2, 3)), teaser(4))
    assert order(html) == [0, 1, 2, 3, 4, 5]
    assert front_places(html, HOME)[-1].prominence == 0.1


def test_an_aside_is_a_box_and_menus_and_footers_are_not_read() -> None:
    around = f"<aside>{teaser(5)}</aside><footer>{teaser(4)}</footer>"
    assert order(page(*map(teaser, (0, 1, 2, 3)), around=around)) == [0, 1, 2, 3, 5]


def test_an_article_that_is_linked_by_its_picture_and_its_heading_counts_once() -> None:
    twice = f"<a href='{link(0)}'><img src='/p.jpg' alt=''></a>{teaser(0, 'h2')}"
    places = front_places(page(twice, *map(teaser, (1, 2, 3, 4))), HOME)
    assert len(places) == 5
    assert places[0].url == link(0)
    assert places[0].prominence == 1.0


@pytest.mark.parametrize("html", ["", "<p>Nothing here</p>", page(teaser(0), teaser(1))])
def test_a_page_with_few_articles_is_no_front_page(html: str) -> None:
    assert front_places(html, HOME) == ()


@given(st.text())
def test_any_text_has_places_or_none(html: str) -> None:
    assert isinstance(front_places(html, HOME), tuple)


def source(front_page: str = "auto", kind: SourceKind = SourceKind.FEED) -> Source:
    return Source(
        id=SourceId(1),
        url="https://courier.example/list",
        name="Courier",
        publisher="c",
        kind=kind,
        front_page=front_page,
    )


def test_the_front_page_is_the_root_of_the_articles_site_or_what_the_operator_says() -> None:
    links = [link(0), link(1), "https://elsewhere.example/1"]
    assert home_of(source(), links) == HOME
    assert home_of(source("off"), links) == ""
    assert home_of(source("https://courier.example/today"), links) == "https://courier.example/today"
    assert home_of(source(kind=SourceKind.FRONT_PAGE), links) == "https://courier.example/list"


def test_who_links_to_many_papers_has_no_front_page() -> None:
    assert home_of(source(), [f"https://paper{number}.example/1" for number in range(4)]) == ""
    assert home_of(source(), []) == ""
