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


TAIL = (
    " It was cold on that day, and nobody of the crews was on the quay, since the wind was too strong for all of them"
    " that night."
)
"""A text in lower case: lines with many capitals say nothing about names."""
FILLER = "the wind was cold on that day and nobody left the quay. " * 18


def used(name: str, times: int = 2) -> str:
    return f"We saw {name}. " * times


@pytest.mark.parametrize(
    ("text", "named_so"),
    [
        (used("Norrhaven"), True),
        (used("Norrhaven", 1), False),
        (FILLER[:980] + used("Norrhaven"), True),
        (FILLER[:1000] + used("Norrhaven"), False),
        (used("Norrhaven", 1) + FILLER * 5 + used("Norrhaven", 1), True),
        (used("Norrhaven", 1) + FILLER * 6 + used("Norrhaven", 1), False),
    ],
    ids=["twice", "once", "in the opening", "behind the opening", "again in the text", "again far behind"],
)
def test_a_name_is_used_twice_and_the_first_time_in_the_opening(article: Make, text: str, *, named_so: bool) -> None:
    assert named(article, "Council in Norrhaven votes", text + TAIL) == ("Norrhaven" if named_so else "")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Great Norr Haven", True),
        ("Great Old Norr Haven", False),
        (f"N{'o' * 13} H{'a' * 12}", True),
        (f"N{'o' * 13} H{'a' * 13}", False),
    ],
)
def test_a_name_has_at_most_three_words_and_twenty_eight_characters(article: Make, name: str, *, short: bool) -> None:
    assert named(article, f"Council in {name} votes", used(name) + TAIL) == (name if short else "")


@pytest.mark.parametrize(("capitals", "small", "is_name"), [(4, 1, True), (3, 1, False), (8, 2, True), (7, 2, False)])
def test_a_name_has_its_capital_at_least_four_times_as_often_as_not(
    article: Make, capitals: int, small: int, *, is_name: bool
) -> None:
    text = used("Wells", capitals) + "All wells are dry. " * small
    assert named(article, "Council in Wells votes", text + TAIL) == ("Wells" if is_name else "")


@pytest.mark.parametrize(("longer", "name"), [(1, "Norr"), (2, "")])
def test_a_name_that_is_mostly_a_part_of_a_longer_one_is_not_whole(article: Make, longer: int, name: str) -> None:
    text = "Many in Norr slept. " + "We left Norr Haven. " * longer
    assert named(article, "Council in Norr votes", text + TAIL) == name


@pytest.mark.parametrize(
    ("headline", "name", "early"),
    [
        ("All of the city see Norrhaven as a threat to other", "Norrhaven", True),
        ("All of the city sees Norrhaven as a threat to other", "Norrhaven", False),
        ("The council of the town has Port Hallby!", "Port Hallby", True),
        ("The council of the towns has Port Hallby!", "Port Hallby", False),
    ],
)
def test_a_name_is_early_in_the_headline_and_a_single_word_earlier(
    article: Make, headline: str, name: str, *, early: bool
) -> None:
    assert named(article, headline, used(name) + TAIL) == (name if early else "")


@pytest.mark.parametrize(
    ("headline", "names", "found"),
    [
        ("NATO closes its last ward", ["NATO"], "NATO"),
        ("NHS closes its last ward", ["NHS"], ""),
        ("Port Hallby and the bank close the mine", ["Port Hallby"], "Port Hallby"),
        ("Port Hallby and Norrhaven Bank close the mine", ["Port Hallby", "Norrhaven Bank"], ""),
        ("Port Hallby, Norrhaven Bank close the mine", ["Port Hallby", "Norrhaven Bank"], ""),
        ("The bakers and Port Hallby close the mine", ["Port Hallby"], "Port Hallby"),
        ("Bakers and Port Hallby close the mine", ["Port Hallby"], ""),
        ("An Ida Lund friend closes the mine", ["Ida Lund"], ""),
        ("President Ida Lund closes the mine", ["Ida Lund"], "Ida Lund"),
        ("Ida of Lund closes the mine", ["Ida"], ""),
        ("Norrhaven's harbour closes the mine", ["Norrhaven"], "Norrhaven"),
        ("Hallby Norrhaven closes the mine", ["Hallby"], ""),
        ("Apollo 13 leaves the mine of the coast", ["Apollo 13"], "Apollo 13"),
        ("Norrhaven President closes the mine", ["Norrhaven President"], ""),
    ],
)
def test_the_words_around_a_name_say_whether_it_is_the_subject(
    article: Make, headline: str, names: list[str], found: str
) -> None:
    assert named(article, headline, "".join(map(used, names)) + TAIL) == found


def test_the_name_of_a_paper_names_no_story(article: Make) -> None:
    told = article(used("Harbour Gazette") + TAIL)
    assert story_name("Harbour Gazette closes the mine", [told], frozenset({"harbour gazette"})).words == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (used("Ida Ekberg", 1) + used("Ekberg", 9), "Ida Ekberg"),
        (used("Ida Ekberg", 1) + used("Ekberg", 10), ""),
        (used("Ida Ekberg", 4) + used("Eva Ekberg", 1), "Ida Ekberg"),
        (used("Ida Ekberg", 3) + used("Eva Ekberg", 1), ""),
        (used("Ekberg"), "Ekberg"),
        (used("Ekberg", 1) + "It is dry, Ekberg said. ", ""),
        (used("Ekberg", 1) + "We saw Dr. Ekberg there. ", ""),
    ],
    ids=["one in ten", "one in eleven", "four of five", "three of four", "no person", "who speaks", "with a title"],
)
def test_a_surname_gets_the_first_name_that_its_texts_give_it(article: Make, text: str, name: str) -> None:
    assert named(article, "Ekberg closes the salt mine", text + TAIL) == name


@pytest.mark.parametrize(
    ("second", "words", "others"),
    [(3, "Norrhaven Bank", ("Port Hallby",)), (4, "", ()), (2, "Norrhaven Bank", ("Port Hallby",))],
)
def test_of_two_names_that_are_nearly_as_good_neither_is_sure(
    article: Make, second: int, words: str, others: tuple[str, ...]
) -> None:
    headline = "Norrhaven Bank leaves Port Hallby"
    told = article(used("Norrhaven Bank", 3) + used("Port Hallby", second) + TAIL, title=headline)
    found = story_name(headline, [told], frozenset())
    assert (found.words, found.others) == (words, others)


def test_a_name_says_how_many_headlines_and_places_of_the_text_have_it(article: Make) -> None:
    titles = ("Ekberg closes the mine", "A mine is closed by Ekberg", "A long day at the mine")
    articles = [article(used("Ida Ekberg", 3) + TAIL, title=title, source=n) for n, title in enumerate(titles)]
    found = story_name(titles[0], articles, frozenset())
    assert (found.words, found.why) == ("Ida Ekberg", "2 of 3 headlines and 9 places of the text have it")


BAY = "The fishers of Old Norrhaven wait. In Old Norrhaven nobody works. The ships left Old Norrhaven."


@pytest.mark.parametrize(
    ("headline", "name"),
    [
        ("Fire destroys a mill in Old Norrhaven", "Old Norrhaven"),
        ("Old Norrhaven votes on its harbour", "Old Norrhaven"),
        ("Old Norrhaven: the fishers wait", "Old Norrhaven"),
        ("Old Norrhaven fisher arrested after a fire", ""),
    ],
)
def test_a_place_of_several_words_that_only_describes_a_person_is_no_name(
    article: Make, headline: str, name: str
) -> None:
    assert named(article, headline, BAY + TAIL) == name


def test_a_word_that_once_stands_before_a_surname_is_no_first_name(article: Make) -> None:
    text = f"Ekberg closed the mine. Praising Ekberg was easy for everybody. Nobody saw Ekberg.{TAIL}"
    assert named(article, "Ekberg closes the mine", text) == ""
    assert named(article, "Ekberg closes the mine", text.replace("Ekberg closed", "Frida Ekberg closed")) == ""


def test_a_noun_names_no_story(article: Make) -> None:
    titles = ("Debate on the impeachment", "The impeachment begins", "A day of impeachment")
    text = "Members spoke of the impeachment for hours. Many called the impeachment a duty."
    articles = [article(text, title=title, source=n) for n, title in enumerate(titles)]
    assert story_name(titles[0], articles, frozenset()).words == ""
