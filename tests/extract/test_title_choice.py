from __future__ import annotations

import pytest
from tests.extract.conftest import PARAGRAPHS, Press

from digest.extract.title_choice import best_first, chosen, is_nobodys, without_tail

TEXT = "\n\n".join(PARAGRAPHS)
OWN = "Ferry to Port Ellen sails again from Monday"


@pytest.mark.parametrize(
    ("forms", "announced"),
    [
        (("News from the islands", OWN, OWN), OWN),
        (("Weather, sport and culture", "Weather, sport and culture", OWN), OWN),
        (("Weather, sport and culture",), OWN),
        ((f"Local news: {OWN}", OWN), ""),
        (("null", OWN), ""),
        (("Home",), OWN),
        (("Untitled Document", "undefined"), OWN),
        (("Ferry to Port Ellen sails again…", OWN), ""),
        (("Ferry to Port Ellen sails again ...",), OWN),
    ],
)
def test_a_title_of_the_site_or_of_nobody_never_wins(forms: tuple[str, ...], announced: str) -> None:
    assert chosen(forms, announced, TEXT)[0] == OWN


@pytest.mark.parametrize(
    ("forms", "announced"),
    [
        ((OWN, "Engineers mend both propeller shafts"), "Engineers mend both propeller shafts"),
        (("Port Ellen: the ferry is back", "Harbour board mends its ferry"), ""),
        ((f"Harbour board: {OWN}", OWN), ""),
    ],
)
def test_the_trusted_title_stays_where_it_tells_of_the_text(forms: tuple[str, ...], announced: str) -> None:
    assert chosen(forms, announced, TEXT)[0] == forms[0]


def test_other_forms_are_kept_but_not_those_with_a_tail_or_of_the_site() -> None:
    other = "Harbour board mends its ferry"
    forms = (OWN, f"{OWN} | Island papers", other, "Premier League " + OWN, "Weather, sport and culture")
    assert chosen(forms, OWN, TEXT) == (OWN, other)


def test_without_any_title_there_is_none() -> None:
    assert chosen(("null", ""), "", TEXT) == ()
    assert is_nobodys("Página principal") is False
    assert is_nobodys("— ")


def test_an_article_keeps_its_feeds_title_as_another_form(press: Press) -> None:
    page = press.html(head="<meta property='og:title' content='Ferry line returns'>")
    read = press.read(page, press.entry(title="Harbour board mends its ferry at last"))
    assert read.title == "Ferry line returns"
    assert "Harbour board mends its ferry at last" in read.titles


WORDS = "harbour ferry island sails monday engineer mends propeller"


@pytest.mark.parametrize(
    ("trusted", "other", "replaced"),
    [
        ("Alpha beta gamma harbour", "Harbour ferry delta epsilon zeta", False),
        ("Alpha beta gamma harbour", "Harbour ferry island epsilon zeta", True),
        ("Alpha beta gamma delta harbour", "Harbour ferry eta epsilon zeta", True),
        ("Alpha beta harbour ferry", "Harbour island sails monday", False),
        ("Who is it?", "Harbour ferry sails", True),
    ],
    ids=["a little more", "clearly more", "just more enough", "not doubtful", "without words of its own"],
)
def test_a_doubtful_title_goes_where_clearly_more_of_anothers_words_are_in_the_text(
    trusted: str, other: str, *, replaced: bool
) -> None:
    assert chosen((trusted, other), "", WORDS)[0] == (other if replaced else trusted)


def test_a_doubtful_title_stays_where_more_sources_have_it() -> None:
    assert (
        chosen(("Alpha beta gamma", "Alpha beta gamma delta", "Harbour ferry sails"), "", WORDS)[0]
        == "Alpha beta gamma"
    )
    assert (
        chosen(("Alpha beta gamma", "Harbour ferry sails", "Ferry sails harbour"), "", WORDS)[0] != "Alpha beta gamma"
    )


MENDS = "Engineer mends propeller"


@pytest.mark.parametrize(
    ("forms", "announced", "wins"),
    [
        (("Harbour ferry sails", MENDS, MENDS), MENDS, True),
        (("Harbour ferry sails", MENDS), MENDS, False),
        (("Harbour ferry sails", "Ferry sails", MENDS, MENDS), MENDS, False),
        (("Harbour ferry sails", MENDS, MENDS, MENDS), "", False),
        (("Harbour ferry sails monday island", "Harbour ferry sails alpha beta", MENDS, MENDS), MENDS, False),
    ],
    ids=["three", "two", "another for the trusted one", "not the feed", "another with three of five words"],
)
def test_three_sources_with_the_feed_win_against_a_single_one(
    forms: tuple[str, ...], announced: str, *, wins: bool
) -> None:
    assert chosen(forms, announced, WORDS)[0] == (MENDS if wins else forms[0])


@pytest.mark.parametrize(
    ("cut", "other", "whole"),
    [
        ("Ferries to islets…", "Ferries to islets sail again", True),
        ("Ferries to islet…", "Ferries to islet sails again", False),
        ("Ferries to islets…", "Ferries to islets", False),
        ("Ferries to islets…", "Ferries to islets sail again on…", False),
        ("Ferries to islets…", "The harbour board mends its ferry and piers", False),
    ],
    ids=["fifteen letters", "fourteen letters", "nothing more", "cut as well", "another title"],
)
def test_a_title_that_was_cut_is_replaced_by_its_whole_form(cut: str, other: str, *, whole: bool) -> None:
    assert chosen((cut, other), "", "")[0] == (other if whole else cut)


def test_a_form_without_its_tail_has_at_least_fifteen_characters() -> None:
    assert without_tail("Ferry returns 1 | Paper", ("Harbour", "Ferry returns 1")) == "Ferry returns 1"
    assert without_tail("Ferry returns | Paper", ("Ferry returns",)) == "Ferry returns | Paper"
    assert without_tail("Ferry returns 12", ("Ferry returns 1",)) == "Ferry returns 12"


def test_a_section_before_a_title_goes_where_the_text_does_not_have_its_words() -> None:
    assert chosen((f"Culture: {OWN}", OWN), "", TEXT)[0] == OWN
    assert chosen((f"Culture {OWN}", OWN), "", TEXT)[0] == f"Culture {OWN}"
    assert chosen(("Culture: Ferry sails", "Ferry sails"), "", TEXT)[0] == "Culture: Ferry sails"


def test_at_most_six_other_forms_are_kept() -> None:
    forms = tuple(f"{word} ferry harbour" for word in ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"))
    assert chosen(forms, "", WORDS) == forms[:7]


@pytest.mark.parametrize(
    ("forms", "seen", "first"),
    [
        ({"opengraph": "A", "title": "A", "json-ld": "B", "h1": "B"}, {"b"}, "json-ld"),
        ({"opengraph": "A", "title": "C", "json-ld": "B", "h1": "B"}, {"b"}, "opengraph"),
        ({"opengraph": "A", "title": "A", "json-ld": "A", "h1": "A"}, {"a"}, "opengraph"),
        ({"opengraph": "A", "title": "A", "json-ld": "B", "h1": "C"}, {"c"}, "opengraph"),
        ({"opengraph": "A", "title": "B", "h1": "B"}, {"b"}, "h1"),
        ({"opengraph": "A", "title": "B", "h1": "A"}, {"a"}, "opengraph"),
        ({"opengraph": "A", "title": "A paper", "h1": "B"}, {"b"}, "opengraph"),
        ({"opengraph": "A", "h1": "B"}, {"b"}, "opengraph"),
        ({"title": "A", "h1": "B"}, {"b"}, "title"),
    ],
    ids=[
        "for searches", "another title tag", "one title for all", "an h1 of its own", "alone", "also in the h1",
        "in the title tag", "no title tag", "no opengraph",
    ],
)  # fmt: skip
def test_opengraph_comes_first_unless_it_was_written_for_searches_or_is_alone(
    forms: dict[str, str], seen: set[str], first: str
) -> None:
    assert best_first([(title, source) for source, title in forms.items()], seen)[0][1] == first
