"""The words that name a story in a list."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from digest.model.article import Article
from digest.summarise.finds.story_name import story_name

Make = Callable[..., Article]

BARRIER = (
    "The council of Norrhaven approved the tidal barrier before midnight. Ships reach Norrhaven through a narrow sound."
    " Engineers say that Norrhaven has waited for eleven years."
)


def named(make: Make, headline: str, *texts: str, language: str = "en") -> str:
    articles = [make(text, title=headline, language=language) for text in texts]
    return story_name(headline, articles, frozenset({"harbour gazette"})).words


def test_a_name_of_headline_and_text_names_the_story(article: Make) -> None:
    assert named(article, "Council in Norrhaven votes for the barrier", BARRIER) == "Norrhaven"


@pytest.mark.parametrize(
    ("headline", "text", "why"),
    [
        ("Council votes for the barrier", BARRIER, "the headline has no name"),
        (
            "Swedish boats leave on Monday",
            "Many Swedish boats left. The Swedish crews waited for Swedish papers.",
            "a people",
        ),
        ("Hallby, Norrhaven vote for the barrier", BARRIER, "a list of names"),
        ("Hallby and Norrhaven vote for the barrier", BARRIER, "a list of names, too"),
        ("Norrhaven votes", "The council approved the barrier. It was a long night for everybody.", "not in the text"),
        (
            "Police close the bridge",
            "The Police closed the bridge. The Police said so. The Police left.",
            "every day's word",
        ),
    ],
)
def test_without_a_sure_name_there_is_none(article: Make, headline: str, text: str, why: str) -> None:
    assert named(article, headline, text) == "", why


def test_a_language_without_lists_has_no_names(article: Make) -> None:
    text = "Norrhaven röstade. Rådet i Norrhaven sade ja. I Norrhaven firade man."
    assert named(article, "Norrhaven röstar", text, language="sv") == ""


def test_a_noun_that_most_headlines_share_names_a_story_without_names(article: Make) -> None:
    titles = ("House opens the impeachment debate", "What the impeachment means", "A long day of impeachment talks")
    text = "Members spoke of the impeachment for hours. Many called the impeachment a duty."
    articles = [article(text, title=title) for title in titles]
    assert story_name(titles[0], articles, frozenset()).words == "impeachment"


MINE = "The salt mine of Hallby closes. Frida Ekberg said so on the quay. Later Ekberg left by boat for Norrhaven."


@pytest.mark.parametrize(
    ("headline", "text", "name"),
    [
        ("Ekberg closes the salt mine of the coast", MINE, "Frida Ekberg"),
        ("Ekberg closes the salt mine", MINE.replace("Later Ekberg", "Later Otto Ekberg"), ""),
        ("Ekberg closes the salt mine", MINE.replace("Frida Ekberg", "Mr Ekberg"), ""),
        ("Ekberg closes the salt mine", MINE.replace("Frida Ekberg", "President Frida Ekberg"), ""),
        ("Ekberg and Lund close the salt mine", MINE, ""),
        ("Former Ekberg aide closes the salt mine", MINE, ""),
        ("The old salt mine at the coast is at last closed by Ekberg", MINE, ""),
        ("Salt mine in Hallby closes its last shaft", f"{MINE} Nobody works in Hallby. Hallby is quiet.", "Hallby"),
        ("Hallby miner closes her salt mine", f"{MINE} Nobody works in Hallby. Hallby is quiet.", ""),
    ],
    ids=[
        "in full",
        "two persons",
        "a surname",
        "a head of state",
        "a list",
        "a description",
        "late",
        "place",
        "of a place",
    ],
)
def test_a_person_is_named_in_full_and_a_place_where_the_headline_says_it(
    article: Make, headline: str, text: str, name: str
) -> None:
    assert named(article, headline, text) == name
