"""The quick way must be left for the thorough one where it misses the article, and furniture may hold an article."""

from __future__ import annotations

import pytest

from digest.extract.blocks import layout
from digest.extract.markup import parse
from digest.extract.running_text import paragraphs

URL = "https://harbour-courier.example/news/ferry"
STORY = [
    f"The {number} ferry of the week reached the harbour of Port Ellen in heavy rain, with sheep, letters and a doctor "
    f"on board, and its captain said that the next one would follow when the wind allowed it."
    for number in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
]
TEASER = (
    "The harbour board asks its readers for patience while the new timetable is printed, and thanks all who wrote to "
    "it about the old one, which had been pinned to the door of the waiting room since the spring of the year before "
    "last and was no longer true of any ship."
)


def read(body: str) -> list[str]:
    tree = parse(f"<html><head><title>Ferry</title></head><body>{body}</body></html>", URL)
    return paragraphs(tree, layout(tree), URL)


def in_paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def test_an_article_is_read_without_the_furniture_around_it() -> None:
    nav = "<nav><p>All the ferries of the island, their captains, their cargoes and their hours, in one list.</p></nav>"
    assert read(f"{nav}<article>{in_paragraphs(STORY)}</article><footer><p>{TEASER}</p></footer>") == STORY


def test_a_text_that_is_little_of_the_page_is_looked_for_again() -> None:
    found = read(f"<article><p>{TEASER}</p></article><div><div>{in_paragraphs(STORY)}</div></div>")
    assert [line for line in found if line in STORY] == STORY


@pytest.mark.parametrize("tag", ["nav", "aside", "footer", "fieldset"])
def test_an_article_inside_the_furniture_is_found(tag: str) -> None:
    found = " ".join(read(f"<{tag}><h1>Ferries</h1><article>{in_paragraphs(STORY)}</article></{tag}>"))
    assert [text for text in STORY if text in found] == STORY


def test_a_page_without_text_has_no_paragraphs() -> None:
    assert read("<nav><img src='ferry.jpg' alt='Ferry'></nav>") == []


def test_a_short_text_is_kept() -> None:
    assert read(f"<article><p>{STORY[0]}</p></article>") == [STORY[0]]


def test_loose_text_that_is_joined_to_one_line_is_looked_for_again() -> None:
    found = read(f"<p>News of the island and its ships.</p><nav><article>{in_paragraphs(STORY)}</article></nav>")
    assert [line for line in found if line in STORY] == STORY
