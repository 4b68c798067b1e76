from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from digest.model.article import Article
from digest.summarise.best_title import story_headline
from digest.text.title import repeated_ends

Make = Callable[..., Article]
OWN = "Port Ellery to close its harbour on Monday"


def test_the_leads_own_title_is_kept_where_another_is_no_better(article: Make) -> None:
    other = article(source=2, title="Harbour of Port Ellery to close for good on Monday")
    assert story_headline([article(title=OWN), other]) == OWN


@pytest.mark.parametrize(
    "withholding",
    [
        "What will become of the dockers now?",
        "Here's what the council decided on Thursday",
        "He has loaded ships for forty years",
        "“It is a black day for all of us”",
        "A black day",
    ],
)
def test_a_title_that_withholds_gives_way_to_another_form_on_the_page(article: Make, withholding: str) -> None:
    page = replace(article(title=withholding), titles=(OWN,))
    assert story_headline([page]) == OWN


def test_a_title_that_withholds_gives_way_to_another_papers(article: Make) -> None:
    other = article(source=2, title=OWN)
    assert story_headline([article(title="Why this town will never be the same"), other]) == OWN


def test_of_two_whole_titles_the_one_that_fits_is_taken(article: Make) -> None:
    long = (
        "Council of Port Ellery decides late on Thursday to close the harbour for good on Monday and to sell all of "
        "its land to a housing firm from Carrick"
    )
    assert story_headline([replace(article(title=long), titles=(OWN,))]) == OWN


def test_a_title_of_the_newest_state_is_preferred(article: Make) -> None:
    old = article(title="Council of Port Ellery meets over harbour")
    new = replace(article(source=2, title=OWN), first_seen=old.first_seen + timedelta(hours=6))
    assert story_headline([old, new]) == OWN


def test_a_title_in_another_language_is_never_taken(article: Make) -> None:
    other = article(source=2, title="Port Ellery schließt am Montag den Hafen", language="de")
    assert story_headline([article(title="What now?"), other]) == "What now?"


def test_what_a_sources_titles_end_with_again_and_again_is_taken_off(article: Make) -> None:
    titles = [
        f"{title} | Hafenblatt am guten alten Morgen" for title in (OWN, "Ferry sails again", "Storm over Port Ellery")
    ]
    one = article(title=titles[0])
    assert story_headline([one], {one.source_id: repeated_ends(titles)}) == OWN
    assert story_headline([one], {one.source_id: repeated_ends(titles[:2])}) == titles[0]


def test_without_a_title_the_text_speaks(article: Make) -> None:
    assert story_headline([article(title="")]).startswith("The harbour of Port Ellery will close for good")
