"""The words that name a story in a list."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from digest.model.article import Article
from digest.summarise.finds.name_traits import WEIGHTS, Name, sureness, traits
from digest.summarise.finds.story_name import LEAST_SURE, scored, story_name
from digest.summarise.finds.telling import Telling, telling

Make = Callable[..., Article]

TAIL = (
    " It was cold on that day, and nobody of the crews was on the quay, since the wind was too strong for all of them"
    " that night."
)
"""A text in lower case: lines with many capitals say nothing about names."""
FILLER = "the wind was cold on that day and nobody left the quay. " * 18


def used(name: str, times: int = 2) -> str:
    return f"We saw {name}. " * times


def named(make: Make, headline: str, *texts: str, language: str = "en") -> str:
    articles = [make(text, title=headline, language=language) for text in texts]
    return story_name(headline, articles, frozenset({"harbour gazette"})).words


def candidates(make: Make, headline: str, text: str, language: str = "en") -> list[tuple[str, str]]:
    """Return the names that could stand for a story with their kinds, the surest first."""
    told = telling(headline, [make(text, title=headline, language=language)], frozenset({"harbour gazette"}))
    return [(each.name.words, each.name.kind) for each in scored(told)]


MINE = (
    "Frida Ekberg closes the salt mine of Hallby. She said so on the quay, and Ekberg left by boat for the town."
    " Later Ekberg said that nobody had asked her."
)
TRIAL = (
    "The Norrhaven trial begins this week with twelve jurors. Many followed the Norrhaven trial on the quay. In"
    " Norrhaven nobody spoke of it, and the people of Norrhaven stayed at home."
)
HOUSE = (
    "A fire in Norrhaven destroyed the old mill before midnight. Nobody in Norrhaven was hurt. The fire in Norrhaven"
    " was seen from the ships, and Norrhaven will build a new mill."
)
SALT = (
    "The council agreed on a salt tax before midnight. Fishers fear the salt tax, and bakers want a salt tax that is"
    " lower. The vote on the salt tax comes soon."
)

BRAND = (
    "Ein Brand in Norrhaven hat die alte Mühle zerstört. In Norrhaven wurde niemand verletzt. Der Brand in Norrhaven"
    " war weit zu sehen, und Norrhaven will eine neue Mühle bauen."
)
PROCES = (
    "Le procès dans l'affaire Ekberg a commencé sans témoin. On parle de l'affaire Ekberg depuis longtemps, mais selon"
    " Ekberg tout est faux. Après midi Ekberg est parti sans un mot."
)


@pytest.mark.parametrize(
    ("headline", "texts", "language", "name"),
    [
        ("Ekberg closes the salt mine", (MINE,), "en", "Frida Ekberg"),
        ("Norrhaven trial begins with twelve jurors", (TRIAL,), "en", "Norrhaven trial"),
        ("Fire in Norrhaven destroys the old mill", (HOUSE,), "en", "Fire in Norrhaven"),
        ("Bakers fear the salt tax", (SALT, SALT), "en", "Salt tax"),
        ("Harbour Bank of the coast closes its last branch", (used("Harbour Bank", 4) + TAIL,), "en", "Harbour Bank"),
        ("Brand in Norrhaven zerstört die alte Mühle", (BRAND,), "de", "Brand in Norrhaven"),
        ("Affaire Ekberg : le procès commence sans témoin", (PROCES,), "fr", "Affaire Ekberg"),
    ],
    ids=["person", "event", "event and place", "two nouns", "organisation", "German event", "French case"],
)
def test_each_kind_of_name_is_found(
    article: Make, headline: str, texts: tuple[str, ...], language: str, name: str
) -> None:
    assert named(article, headline, *texts, language=language) == name


@pytest.mark.parametrize(
    ("headline", "text", "language", "why"),
    [
        ("Council votes for the barrier", HOUSE, "en", "the headline has no name"),
        ("Norrhaven votes for a new mill", HOUSE, "en", "a place alone"),
        ("Mount Almvik is open again", used("Mount Almvik", 4) + TAIL, "en", "a place by its first word"),
        ("Salt Quay is open again", used("Salt Quay", 4) + TAIL, "en", "a place by its last word"),
        ("Bolivia counts its herrings", used("Bolivia", 4) + TAIL, "en", "a country"),
        ("Texas counts its herrings", used("Texas", 4) + TAIL, "en", "a part of a country"),
        ("Google counts its herrings", used("Google", 4) + TAIL, "en", "a name of everyday news"),
        ("Harbour Committee counts its herrings", used("Harbour Committee", 4) + TAIL, "en", "a body"),
        ("Harbour Gazette counts its herrings", used("Harbour Gazette", 4) + TAIL, "en", "the paper itself"),
        ("Swedish boats leave", "Many Swedish boats left. The Swedish crews waited." + TAIL, "en", "a people"),
        ("Police close the bridge", used("the Police", 4) + TAIL, "en", "an everyday word"),
        ("White House counts its herrings", used("White House", 4) + TAIL, "en", "a place of power"),
        ("Almvik News counts its herrings", used("Almvik News", 4) + TAIL, "en", "a broadcaster"),
        ("Almvik Tribune counts its herrings", used("Almvik Tribune", 4) + TAIL, "en", "a paper"),
        ("Almvik 10 minutes away", used("Almvik", 1) + "It is Almvik 10 minutes. " * 3 + TAIL, "en", "a counted thing"),
        ("N Almvik counts its herrings", used("N Almvik", 4) + TAIL, "en", "an initial"),
        ("Police de Norrhaven : une grève", "La Police de Norrhaven. " * 3, "fr", "an everyday word and a place"),
        (
            "Heringe kommen in den Hafen zurück",
            "Es heißt, dass die Heringe zurück sind. Viele sahen die Heringe, und der Hafen war voll.",
            "de",
            "a German common noun",
        ),
    ],
)
def test_what_many_stories_could_have_names_none(
    article: Make, headline: str, text: str, language: str, why: str
) -> None:
    assert candidates(article, headline, text, language) == [], why
    assert named(article, headline, text, language=language) == "", why


def test_a_language_without_lists_has_no_names(article: Make) -> None:
    text = "Frida Ekberg stängde gruvan. Senare sade Ekberg att hon var trött. Ekberg for till staden."
    assert named(article, "Ekberg stänger gruvan", text, language="sv") == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (used("Ida Ekberg", 1) + used("Ekberg", 9), "Ida Ekberg"),
        (used("Ida Ekberg", 1) + used("Ekberg", 30), ""),
        (used("Ida Ekberg", 4) + used("Eva Ekberg", 1), "Ida Ekberg"),
        (used("Ida Ekberg", 3) + used("Eva Ekberg", 2), ""),
        (used("Ekberg", 1) + "It is dry, Dr. Ekberg said. ", ""),
        ("Praising Ekberg was easy. " + used("Ekberg", 3), ""),
        ("They call it the Fast Ekberg. " + used("Ekberg", 3), ""),
        ("Said on Tuesday Ekberg was away. " + used("Ekberg", 3), ""),
    ],
    ids=[
        "one in ten",
        "one in many",
        "four of five",
        "three of five",
        "a title alone",
        "a verb before",
        "an article",
        "a day",
    ],
)
def test_a_surname_gets_the_first_name_that_its_texts_give_it(article: Make, text: str, name: str) -> None:
    found = [words for words, kind in candidates(article, "Ekberg closes the mine", text + TAIL) if kind == "person"]
    assert found == ([name] if name else [])


@pytest.mark.parametrize(
    ("headline", "text", "name"),
    [
        ("President Ida Lund closes the mine", used("Ida Lund"), "Ida Lund"),
        ("Ida Lund Jr. closes the mine", used("Ida Lund Jr.") + used("Lund"), "Ida Lund Jr."),
        ("Ida van der Lund closes the mine", used("Ida van der Lund", 3), "Ida van der Lund"),
        ("The Ospreys win the cup", used("the Ospreys", 3), "Ospreys"),
        ("Apollo 13 leaves the coast", used("Apollo 13", 3), "Apollo 13"),
        ("Norrhaven Agent Ida Lund leaves the coast", used("Ida Lund", 3), "Ida Lund"),
        ("Ida Berg Lund leaves the coast", used("Ida Berg Lund", 1) + used("Lund", 2), "Ida Berg Lund"),
        ("Chairman Ida Lund leaves the coast", used("Ida Lund"), "Ida Lund"),
        ("Actor Ida Lund leaves the coast", used("Actor Ida Lund") + used("Ida Lund"), "Ida Lund"),
        ("Ida Berg Lund leaves the coast", used("Ida Lund", 3), "Ida Berg Lund"),
        ("Lund leaves the coast", used("Almvik Lund Harbour Lodge", 3), ""),
        ("York Ferry leaves the coast", used("New York Ferry", 3), ""),
        ("Norr leaves the coast", used("Norr Haven", 3), ""),
        ("Great Old Norr Haven leaves the coast", used("Great Old Norr Haven", 3), ""),
    ],
    ids=[
        "title",
        "junior",
        "particles",
        "article",
        "number",
        "known part",
        "longest part",
        "office",
        "trade",
        "middle name",
        "first part of a longer name",
        "end of a name",
        "beginning of a name",
        "too long",
    ],
)
def test_a_name_is_whole_and_bare(article: Make, headline: str, text: str, name: str) -> None:
    assert [words for words, _ in candidates(article, headline, text + TAIL)] == ([name] if name else [])


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (used("Norr Ferry"), True),
        (used("Norr Ferry", 1), False),
        (FILLER[:978] + " " + used("Norr Ferry"), True),
        (FILLER[:1000] + used("Norr Ferry"), False),
    ],
    ids=["twice", "once", "in the opening", "behind the opening"],
)
def test_a_name_is_used_twice_and_the_first_time_in_the_opening(article: Make, text: str, *, is_one: bool) -> None:
    assert bool(candidates(article, "Norr Ferry leaves the coast", text + TAIL)) == is_one


@pytest.mark.parametrize(("capitals", "small", "is_one"), [(4, 1, True), (3, 1, False), (8, 2, True), (7, 2, False)])
def test_a_name_has_its_capital_at_least_four_times_as_often_as_not(
    article: Make, capitals: int, small: int, *, is_one: bool
) -> None:
    text = used("Wells", capitals) + "All wells are dry. " * small
    assert bool(candidates(article, "Wells closes the mine", text + TAIL)) == is_one


def test_a_verb_is_no_event(article: Make) -> None:
    headline, text = "Norrhaven vote today", "Norrhaven vote today. They saw Norrhaven vote." + TAIL
    assert "Norrhaven vote" not in [words for words, _ in candidates(article, headline, text)]
    noun = text.replace("saw Norrhaven", "saw the Norrhaven")
    assert "Norrhaven vote" in [words for words, _ in candidates(article, headline, noun)]


@pytest.mark.parametrize(
    ("headline", "is_one"),
    [
        ("Mill gone after Norrhaven saw a fire", True),
        ("Mill gone in Norrhaven", False),
        ("Mill gone after a fire", False),
    ],
    ids=["its name and its noun", "no noun", "no name"],
)
def test_an_event_of_the_texts_is_what_the_headline_is_about(article: Make, headline: str, *, is_one: bool) -> None:
    text = "The fire in Norrhaven was seen from the ships. Nobody spoke of the fire in Norrhaven." + TAIL
    assert ("Fire in Norrhaven" in [words for words, _ in candidates(article, headline, text)]) == is_one


@pytest.mark.parametrize(
    ("headline", "is_one"),
    [
        ("Fire in Norrhaven: the mill is gone", True),
        ("Fire in Norrhaven destroys a mill", True),
        ("Fire in Norrhaven mill", False),
        ("Fire in Norrhaven's mill", False),
    ],
)
def test_an_event_with_its_place_ends_there(article: Make, headline: str, *, is_one: bool) -> None:
    text = "The mill burned in Norrhaven. Nobody in Norrhaven was hurt." + TAIL
    assert ("Fire in Norrhaven" in [words for words, _ in candidates(article, headline, text)]) == is_one


def trait(headline: str, name: Name, text: str = "", titles: tuple[str, ...] = (), language: str = "en") -> set[str]:
    """Return the traits of a name that are not zero."""
    told = Telling(headline=headline, titles=(headline, *titles), texts=text, language=language)
    return {key for key, value in traits(name, told, [name.run]).items() if value}


LUND = Name(words="Ida Lund", run="Ida Lund", kind="person")


@pytest.mark.parametrize(
    ("headline", "expected", "missing"),
    [
        ("Ida Lund closes the mine", "begins", "label"),
        ("Ida Lund: the mine is closed", "label", "listed"),
        ("President Ida Lund closes the mine", "begins", "joined"),
        ("The mine in the north is closed by Ida Lund", "person", "begins"),
        ("Ida Lund, Otto Berg close the mine", "listed", "joined"),
        ("Otto Berg and Ida Lund close the mine", "listed", "joined"),
        ("Ida Lund's lawyer closes the mine", "beside", "listed"),
        ("Ida Lund Harbour closes", "joined", "listed"),
        ("The mine is closed", "not in the headline", "begins"),
    ],
)
def test_the_place_of_a_name_in_the_headline_is_a_trait(headline: str, expected: str, missing: str) -> None:
    found = trait(headline, LUND)
    assert expected in found
    assert missing not in found


def test_the_use_of_a_name_by_texts_and_titles_is_a_trait() -> None:
    told = Telling(
        headline="Ida Lund closes the mine",
        titles=("Ida Lund closes the mine", "A mine is closed by Lund", "A long day"),
        texts="President Ida Lund closes it. We saw Lund, and also Berg.",
        language="en",
    )
    found = traits(LUND, told, ["Ida Lund"])
    assert found["shared"] == pytest.approx(2 / 2 - 0.6)
    assert found["mentions"] == pytest.approx(2 / 8)
    assert found["first lines"] == 1.0
    assert found["head of state"] == 1.0
    assert found["share"] == pytest.approx(1.0 - 0.4)


def test_an_earlier_name_of_the_headline_is_a_trait_and_an_everyday_name_is_none() -> None:
    told = Telling(headline="Berg and Nato see Ida Lund", titles=(), texts="", language="en")
    assert traits(LUND, told, ["Berg", "Nato", "Ida Lund"])["earlier names"] == 1.0


def test_an_event_with_an_everyday_name_is_less_sure() -> None:
    event = Name(words="Google trial", run="Google trial", kind="event")
    assert "everyday event" in trait("Google trial begins", event)
    assert "everyday event" not in trait("Lund trial begins", Name(words="Lund trial", run="Lund trial", kind="event"))


def test_each_weight_is_of_a_trait() -> None:
    told = Telling(headline="Ida Lund closes the mine", titles=(), texts="", language="en")
    trial = Name(words="Lund trial", run="Lund trial", kind="event")
    found = set(traits(LUND, told, [])) | set(traits(trial, told, [])) | {"always", "name", "acronym", "word", "phrase"}
    assert found == set(WEIGHTS)


def test_sureness_is_between_zero_and_one_and_says_what_each_trait_adds() -> None:
    sure, parts = sureness({"person": 1.0, "begins": 1.0, "joined": 0.0})
    assert 0 < sure < 1
    assert parts == {"person": WEIGHTS["person"], "begins": WEIGHTS["begins"]}


def test_a_name_says_how_sure_it_is_and_why(article: Make) -> None:
    titles = ("Ekberg closes the mine", "A mine is closed by Ekberg", "A long day at the mine")
    articles = [article(MINE, title=title, source=n) for n, title in enumerate(titles)]
    found = story_name(titles[0], articles, frozenset())
    assert found.words == "Frida Ekberg"
    assert float(found.why.partition(" sure: ")[0]) >= LEAST_SURE
    assert "person +1.3" in found.why


def test_further_sure_names_are_kept_for_a_letter_that_has_the_first(article: Make) -> None:
    text = MINE + " " + used("Harbour Bank", 6) + "Ekberg leaves the Harbour Bank."
    headline = "Harbour Bank: Ekberg leaves"
    found = story_name(headline, [article(text, title=headline)], frozenset())
    assert (found.words, found.others) == ("Harbour Bank", ("Frida Ekberg",))


def test_a_less_sure_name_is_not_printed(article: Make) -> None:
    headline, text = "The crews, the bakers and the Lund boat wait", "We saw Lund. " + FILLER + "We saw Lund."
    assert candidates(article, headline, text) == [("Lund", "word")]
    assert named(article, headline, text) == ""
