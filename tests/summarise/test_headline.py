# ruff: noqa: RUF001 - dashes are the point
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.summarise.headline import LONGEST, headline


@pytest.mark.parametrize(
    ("title", "site_name", "host", "clean"),
    [
        (
            "Council votes to close the harbour | The Daily Pilot",
            "The Daily Pilot",
            "",
            "Council votes to close the harbour",
        ),
        (
            "Council votes to close the harbour - Pilot",
            "",
            "www.dailypilot.example",
            "Council votes to close the harbour - Pilot",
        ),
        (
            "Council votes to close the harbour - Daily Pilot",
            "",
            "www.dailypilot.example",
            "Council votes to close the harbour",
        ),
        (
            "Council votes to close the harbour | World news | The Pilot",
            "The Pilot",
            "",
            "Council votes to close the harbour",
        ),
        ("NPS News – Council votes to close the harbour", "NPS News", "", "Council votes to close the harbour"),
        (
            "Council votes - again - to close the harbour",
            "The Pilot",
            "",
            "Council votes - again - to close the harbour",
        ),
        ("LIVE: Council votes to close the harbour", "", "", "Council votes to close the harbour"),
        ("Watch | Council votes to close the harbour", "", "", "Council votes to close the harbour"),
        ("[VIDEO] Council votes to close the harbour", "", "", "Council votes to close the harbour"),
        ("EILMELDUNG – Der Rat schließt den Hafen", "", "", "Der Rat schließt den Hafen"),
        ("EN DIRECT. Le port ferme lundi matin", "", "", "EN DIRECT. Le port ferme lundi matin"),
        ("EN DIRECT : le port ferme lundi matin", "", "", "le port ferme lundi matin"),
        ("BUDGET 3.0 | Council votes to close the harbour", "", "", "Council votes to close the harbour"),
        ("Graz | Council votes to close the harbour", "", "", "Graz | Council votes to close the harbour"),
        ("Live music returns to the pier", "", "", "Live music returns to the pier"),
        (
            "Tea &amp;amp; cake:\n  the har\u00adbour&#39;s <b>new</b>\u200b deal",
            "",
            "",
            "Tea & cake: the harbour's new deal",
        ),
        ("Why 3 < 5 > 2 puzzles readers", "", "", "Why 3 < 5 > 2 puzzles readers"),
        ("Video: yes", "", "", "Video: yes"),
    ],
)
def test_a_title_is_cleaned(title: str, site_name: str, host: str, clean: str) -> None:
    assert headline(title, site_name=site_name, host=host) == clean


def test_a_shouted_title_is_spelt_as_the_article_spells_it() -> None:
    text = "On Monday the NATO envoy met Lena Voss in Graz, where the talks went on."
    assert headline("NATO ENVOY MEETS LENA VOSS IN GRAZ", text=text) == "NATO envoy meets Lena Voss in Graz"


def test_a_shouted_title_without_text_gets_capitals_like_a_title() -> None:
    assert headline("POLICE FIND BOAT IN THE RIVER") == "Police Find Boat in the River"


def test_a_word_shouted_within_a_title_is_calmed() -> None:
    text = "On Monday the plan was shot down by the council, and thousands of dockers cheered."
    assert headline("Plan for harbour SHOT DOWN by council", text=text) == "Plan for harbour shot down by council"
    assert headline("THOUSANDS of dockers cheer in the rain", text=text) == "Thousands of dockers cheer in the rain"


def test_capitals_that_the_text_has_too_or_has_not_at_all_stay() -> None:
    text = "On Monday the UNESCO envoy met the council, where the talks went on."
    assert headline("What UNESCO wants of IKEA and the town", text=text) == "What UNESCO wants of IKEA and the town"


def test_a_name_in_capitals_is_no_shout() -> None:
    assert headline("NATO and UNESCO agree on a bridge") == "NATO and UNESCO agree on a bridge"
    assert headline("OPEC+ cuts") == "OPEC+ cuts"


def test_a_long_title_is_cut_at_a_word() -> None:
    cut_title = headline("The council of the old harbour town " * 5)
    assert len(cut_title) <= LONGEST
    assert cut_title.endswith("council of…")


def test_without_a_title_the_first_good_sentence_serves() -> None:
    assert headline("", text="Photo.\n\nThe harbour closes on Monday. Ships leave.") == "The harbour closes on Monday"
    assert headline("", text="") == ""


@given(st.text(max_size=300), st.text(max_size=30), st.text(max_size=200))
def test_any_title_gives_one_line_within_bounds(title: str, site_name: str, text: str) -> None:
    line = headline(title, site_name=site_name, text=text)
    assert len(line) <= LONGEST
    assert "\n" not in line
    assert "\u200b" not in line
