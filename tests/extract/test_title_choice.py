from __future__ import annotations

import pytest
from tests.extract.conftest import PARAGRAPHS, Press

from digest.extract.title_choice import chosen, is_nobodys

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
