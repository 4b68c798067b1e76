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
        ("en", "It costs $3 trillion.", ("money", 3e12)),
        ("en", "It costs $1 million.", ("money", 1e6)),
        ("en", "It costs $1,000,000.", ("money", 1e6)),
        ("en", "It costs $3 bn.", ("money", 3e9)),
        ("en", "It costs $3 m.", ("money", 3e6)),
        ("en", "It costs $4,000 thousand.", ("money", 4e6)),
        ("de", "Der Damm kostet 3 Millionen Euro.", ("money", 3e6)),
        ("de", "Der Damm kostet 1 Milliarde Euro.", ("money", 1e9)),
        ("fr", "La digue coûte 2,5 milliards d'euros.", ("money", 2.5e9)),
        ("fr", "La digue coûte 1 milliard d'euros.", ("money", 1e9)),
        ("fr", "La digue coûte 3 millions d'euros.", ("money", 3e6)),
        ("es", "El dique cuesta 3 millones de euros.", ("money", 3e6)),
        ("es", "El dique cuesta 2 mil millones de euros.", ("money", 2e9)),
        ("es", "El dique cuesta 1 millón de euros.", ("money", 1e6)),
        ("en", "The fire killed one.", ("dead", 1)),
    ],
)
def test_what_is_counted_is_read_with_its_number(language: str, text: str, fact: tuple[str, float]) -> None:
    assert fact in facts_of(text, language)


def test_a_sum_of_money_below_a_million_is_no_fact() -> None:
    assert facts_of("It costs $999,999.", "en") == frozenset()


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


FIRST = "The ferry burned for six hours off the Stenvik pier. "
SECOND = "Rescuers left at noon with what they could carry. "
THIRD = "Nobody in the town slept while the smoke drifted over its roofs. "


def credited(make: Make, texts: list[str], said: str) -> tuple[str, ...]:
    """Return the outlets that a bullet of the first text names."""
    articles = [told(make, number, text) for number, text in enumerate(texts, 1)]
    return with_credits([bullet(articles[0], said)], articles, OUTLETS)[0].credited


def test_the_first_two_outlets_that_agree_are_named(article: Make) -> None:
    said = "The fire killed 12 people on deck."
    assert credited(article, [FIRST + said, SECOND + said, THIRD + said], said) == ("Gazette", "Post")
    other = said.replace("12", "14")
    assert credited(article, [FIRST + said, SECOND + other, THIRD + said], said) == ("Gazette", "Voice")


@pytest.mark.parametrize(
    ("others", "names"),
    [
        (["14", "15"], ("Gazette",)),
        (["14", "14"], ()),
        (["many", "14"], ("Gazette",)),
        (["many", "some"], ()),
    ],
    ids=["three numbers", "two agree against it", "one gives none", "nobody else gives one"],
)
def test_outlets_differ_when_no_two_of_them_agree(article: Make, others: list[str], names: tuple[str, ...]) -> None:
    said = "The fire killed 12 people on deck."
    texts = [
        FIRST + said,
        *(text + said.replace("12", each) for text, each in zip((SECOND, THIRD), others, strict=True)),
    ]
    assert credited(article, texts, said) == names


def test_of_votes_an_event_has_several_numbers(article: Make) -> None:
    said = "The plan passed with 31 votes to 18 in the evening."
    assert credited(article, [FIRST + said, SECOND + said.replace("31", "32")], said) == ()


def test_numbers_far_behind_the_opening_are_not_read(article: Make) -> None:
    said = "The fire killed 12 people on deck."
    long = THIRD * 40
    assert credited(article, [FIRST + said, long[:2450] + said], said) == ("Gazette", "Post")
    assert credited(article, [FIRST + said, long[:2500] + said], said) == ()


@pytest.mark.parametrize(
    ("text", "changes", "place"),
    [
        ("The fire killed 12 people on deck.", {}, 1),
        ("The fire killed 12 people on deck.", {"doubtful": True}, 2),
        ("It killed 12 people on deck.", {}, 2),
    ],
    ids=["clear", "doubtful", "depends on the one before"],
)
def test_an_agreed_number_moves_up_where_it_is_clear(
    article: Make, text: str, changes: dict[str, object], place: int
) -> None:
    one, two = told(article, 1, f"{FIRST}{text}"), told(article, 2, f"{SECOND}In the end 12 people died.")
    bullets = [bullet(one, "The ferry burned."), bullet(one, "Boats came."), bullet(one, text, **changes)]
    made = with_credits(bullets, [one, two], OUTLETS)
    assert [bool(each.credited) for each in made].index(True) == place
    assert len(made) == 3


def test_an_agreed_number_among_the_first_two_stays_where_it_is(article: Make) -> None:
    said = "The fire killed 12 people on deck."
    one, two = told(article, 1, FIRST + said), told(article, 2, SECOND + said)
    bullets = [bullet(one, said), bullet(one, "Boats came."), bullet(one, said)]
    assert [each.text for each in with_credits(bullets, [one, two], OUTLETS)] == [said, "Boats came.", said]


def test_a_source_that_nobody_named_is_called_by_its_site(article: Make) -> None:
    said = "The fire killed 12 people on deck."
    one, two = told(article, 1, FIRST + said), told(article, 9, SECOND + said)
    assert with_credits([bullet(one, said)], [one, two], OUTLETS)[0].credited == ("Gazette", "Paper 9")
    nameless = replace(two, site_name="")
    assert with_credits([bullet(one, said)], [one, nameless], OUTLETS)[0].credited == ()
