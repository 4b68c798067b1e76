"""Numbers that several outlets give of one event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from digest.model.article import Article
from digest.model.ids import SourceId
from digest.model.story import Bullet
from digest.summarise.finds.agreed import facts_of, with_credits

Make = Callable[..., Article]
OUTLETS: Mapping[SourceId, str] = {SourceId(1): "Gazette", SourceId(2): "Post", SourceId(3): "Voice"}


def bullet(article: Article, text: str, **changes: object) -> Bullet:
    made = Bullet(article_id=article.id, link=article.link, source_name="", text=text, start=0, end=len(text))
    return replace(made, **changes)  # type: ignore[arg-type]


def told(make: Make, source: int, text: str) -> Article:
    return make(text, title="Ferry fire at Stenvik", source=source)


@pytest.mark.parametrize(
    ("language", "text", "fact"),
    [
        ("en", "At least 12 people were killed in the fire.", ("dead", 12)),
        ("en", "The fire killed seven.", ("dead", 7)),
        ("en", "The plan passed with 31 votes to 18.", ("votes", 31)),
        ("en", "It costs $2.4 billion.", ("money", 2.4e9)),
        ("de", "Bei dem Brand wurden 12 Menschen verletzt.", ("hurt", 12)),
        ("de", "Der Damm kostet 2,4 Milliarden Euro.", ("money", 2.4e9)),
        ("fr", "Le bilan est de 12 morts.", ("dead", 12)),
        ("es", "El incendio dejó doce muertos.", ("dead", 12)),
    ],
)
def test_what_is_counted_is_read_with_its_number(language: str, text: str, fact: tuple[str, float]) -> None:
    assert fact in facts_of(text, language)


def test_a_language_without_lists_has_no_facts() -> None:
    assert facts_of("Branden dödade 12 personer.", "sv") == frozenset()


def test_two_outlets_that_agree_are_named_and_their_sentence_comes_first(article: Make) -> None:
    one = told(article, 1, "The ferry burned for six hours off the Stenvik pier. The fire killed 12 people on deck.")
    two = told(article, 2, "Rescuers left at noon with what they could carry. In the end 12 people died in the flames.")
    bullets = [
        bullet(one, "The ferry burned."),
        bullet(one, "Boats came."),
        bullet(one, "The fire killed 12 people on deck."),
    ]
    made = with_credits(bullets, [one, two], OUTLETS)
    assert [each.credited for each in made] == [(), ("Gazette", "Post"), ()]
    assert made[1].text == "The fire killed 12 people on deck."


def test_where_outlets_differ_each_number_is_its_outlets_own(article: Make) -> None:
    one = told(article, 1, "The ferry burned for six hours off the Stenvik pier. The fire killed 12 people on deck.")
    two = told(article, 2, "Rescuers left at noon with what they could carry. In the end 14 people died in the flames.")
    made = with_credits([bullet(one, "The fire killed 12 people on deck.")], [one, two], OUTLETS)
    assert made[0].credited == ("Gazette",)


def test_a_copy_and_an_outlets_second_article_are_no_witnesses(article: Make) -> None:
    text = (
        "The ferry burned for six hours off the Stenvik pier before noon. The fire killed 12 people on deck that day."
    )
    one, copy = told(article, 1, text), told(article, 2, text + " More follows.")
    again = told(article, 1, "Another report of the day says 12 people died.")
    made = with_credits([bullet(one, "The fire killed 12 people on deck that day.")], [one, copy, again], OUTLETS)
    assert made[0].credited == ()
