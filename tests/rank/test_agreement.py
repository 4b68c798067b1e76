"""What speaks against one event in two articles: each sign by itself, and what an article is taken to name."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from digest.rank.agreement import Facts, Rarities, agreement, calendar, facts, unelided

ALLOWANCE = 1.2
TITLE_NAMES, FEW_NAMES, FULL_NAMES, NUMBERS = 2.8, 0.65, 0.77, 1.2
ONE_TITLE, OTHER_TITLE, ONE_WORD, NOTHING_TOLD, OTHER_THING = 1.27, 0.72, 1.7, 3.0, 4.0
"""What each sign weighs, as it was fitted: written out, so that another fit is seen here."""
Make = Callable[..., Any]
HARBOUR = frozenset({"harbour", "port", "vell", "crane", "flood", "reopen"})


EQUAL = Rarities(lambda _stem: 1.0, 1.0)


def told(**changes: Any) -> Facts:
    """Return what an article names that agrees with itself in everything."""
    values: dict[str, Any] = {
        "terms": HARBOUR,
        "title": frozenset({"harbour", "reopen"}),
        "names": frozenset({"port", "vell"}),
        "title_names": frozenset(),
        "runs": frozenset(),
        "numbers": frozenset(),
        "things": ({}, {}),
        "has_text": True,
    }
    return Facts(**(values | changes))


def against(one: Facts, other: Facts, rarity: Callable[[str], float] = lambda _stem: 1.0, rarest: float = 1.0) -> float:
    """Return what the signs against one event add up to; the same both ways."""
    found = ALLOWANCE - math.log(agreement(one, other, Rarities(rarity, rarest)))
    assert found == pytest.approx(ALLOWANCE - math.log(agreement(other, one, Rarities(rarity, rarest))))
    return found


def test_nothing_speaks_against_what_agrees() -> None:
    assert against(told(), told()) == pytest.approx(0.0)


def test_a_factor_below_the_least_that_matters_need_not_be_exact() -> None:
    one, other = told(numbers=frozenset({"1"})), told(numbers=frozenset({"2"}), title=frozenset({"elsewhere"}))
    exact = agreement(one, other, EQUAL)
    assert agreement(one, other, EQUAL, exact / 2) == exact
    assert exact <= agreement(one, other, EQUAL, 2 * exact) < 2 * exact
    assert agreement(told(), told(), EQUAL, 0.5) == agreement(told(), told(), EQUAL)


def test_of_two_bare_headlines_nothing_is_known_and_of_one_only_what_the_titles_say() -> None:
    bare = told(has_text=False, numbers=frozenset({"1"}))
    assert agreement(bare, told(has_text=False, numbers=frozenset({"2"})), EQUAL) == 1.0
    assert against(bare, told(numbers=frozenset({"2"}))) == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("mine", "theirs", "points"),
    [
        ({"1"}, {"2"}, NUMBERS),
        ({"1"}, {"1", "2"}, 0.0),
        ({"1"}, set(), 0.0),
        (set(), {"1"}, 0.0),
        (set(), set(), 0.0),
    ],
)
def test_numbers_speak_against_it_when_both_have_some_and_none_is_the_same(
    mine: set[str], theirs: set[str], points: float
) -> None:
    assert against(told(numbers=frozenset(mine)), told(numbers=frozenset(theirs))) == pytest.approx(points)


def test_a_name_in_each_title_that_the_other_article_lacks_speaks_against_it() -> None:
    mine = told(title_names=frozenset({"norde"}))
    assert against(mine, told()) == pytest.approx(0.0), "one title alone tells nothing"
    theirs = told(title_names=frozenset({"selby"}))
    assert against(mine, theirs) == pytest.approx(TITLE_NAMES)
    assert against(told(title_names=frozenset({"port"})), theirs) == pytest.approx(0.0), "the other has it"
    common = {"norde": 0.25, "selby": 0.5}
    assert against(mine, theirs, lambda stem: common.get(stem, 1.0)) == pytest.approx(0.25 * TITLE_NAMES)
    many = told(title_names=frozenset({"norde", "ulm", "graz"}))
    assert against(many, told(title_names=frozenset({"selby", "a", "b"}))) == pytest.approx(TITLE_NAMES), "no more"


def test_few_shared_names_speak_against_it() -> None:
    mine, theirs = told(names=frozenset({"norde", "ulm"})), told(names=frozenset({"selby"}))
    assert against(mine, theirs) == pytest.approx(FEW_NAMES)
    assert against(mine, told()) == pytest.approx(0.0), "one of the two finds its own"
    assert against(mine, told(names=frozenset())) == pytest.approx(0.0), "without a name nothing is known"
    nine = frozenset(f"n{number}" for number in range(9)) | {"port"}
    tenth = told(names=nine)
    assert against(tenth, tenth) == pytest.approx(FEW_NAMES * (1 - 0.1 / 0.18))


def test_other_full_names_speak_against_it() -> None:
    mine = told(names=frozenset({"anna", "norde", "port"}), runs=frozenset({("anna", "norde")}))
    theirs = told(names=frozenset({"jan", "selby", "port"}), runs=frozenset({("jan", "selby")}))
    assert against(mine, theirs) == pytest.approx(FULL_NAMES)
    assert against(mine, told()) == pytest.approx(0.0), "the other has no full name"
    same = told(
        terms=HARBOUR | {"norde"}, names=frozenset({"jan", "selby", "port"}), runs=frozenset({("jan", "selby")})
    )
    assert against(mine, same) == pytest.approx(0.0), "half of a name is found"
    few = frozenset({"anna", "norde", "ilse", "ulm"})
    four = told(names=few | {"port"}, runs=frozenset({("anna", "norde"), ("ilse", "ulm")}))
    one_of_four = told(terms=HARBOUR | {"ulm"}, names=theirs.names, runs=theirs.runs)
    assert against(four, one_of_four) == pytest.approx(0.0), "a quarter is found"
    five = told(names=four.names | {"eva", "graz"}, runs=four.runs | {("eva", "graz")})
    assert against(five, one_of_four) == pytest.approx(FULL_NAMES), "a sixth is not enough"


def test_titles_of_which_too_little_is_found_speak_against_it() -> None:
    strange = frozenset({"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"})
    assert against(told(title=strange), told(title=strange)) == pytest.approx(ONE_TITLE + OTHER_TITLE)
    assert against(told(title=strange), told()) == pytest.approx(OTHER_TITLE)
    some = frozenset({"harbour", "flood", "crane", *"abcdefg"})
    assert against(told(title=some), told(title=some)) == pytest.approx(ONE_TITLE * (1 - 0.3 / 0.65))
    assert against(told(title=frozenset()), told()) == pytest.approx(OTHER_TITLE)


def test_one_shared_word_is_not_enough() -> None:
    mine, theirs = told(terms=frozenset({"fire", "ulm"})), told(terms=frozenset({"fire", "graz"}))
    bare: dict[str, Any] = {"title": frozenset({"fire"}), "names": frozenset()}
    mine, theirs = replace(mine, **bare), replace(theirs, **bare)
    assert against(mine, theirs) == pytest.approx(ONE_WORD)
    two = told(terms=frozenset({"fire", "mill", "ulm"}), **bare)
    assert against(two, told(terms=frozenset({"fire", "mill"}), **bare)) == pytest.approx(0.0)
    weak = {"mill": 0.205}
    assert against(two, told(terms=frozenset({"fire", "mill"}), **bare), lambda s: weak.get(s, 1.0)) == pytest.approx(
        ONE_WORD / 2
    )
    none = told(terms=frozenset({"river"}), title=frozenset({"fire"}), names=frozenset())
    assert against(mine, none) == pytest.approx(ONE_WORD + NOTHING_TOLD + ONE_TITLE * 0 + OTHER_TITLE)


def test_the_rest_of_the_rarest_name_is_no_second_word() -> None:
    terms = frozenset({"port", "vell", "sant"})
    bare = {"title": frozenset({"port"}), "names": frozenset[str](), "terms": terms}
    apart = told(**bare)
    assert against(apart, apart) == pytest.approx(0.0)
    chained = told(**bare, runs=frozenset({("port", "vell"), ("sant", "vell")}))
    assert against(chained, chained) == pytest.approx(ONE_WORD)
    assert against(chained, apart) == pytest.approx(0.0), "only one of them says that it is one name"


def test_shared_words_of_which_none_is_rare_tell_nothing() -> None:
    def rarity(stem: str) -> float:
        return 0.46 if stem in HARBOUR else 1.0

    def telling(stem: str) -> float:
        return 0.47 if stem == "crane" else rarity(stem)

    assert against(told(), told(), rarity) == pytest.approx(NOTHING_TOLD)
    assert against(told(), told(), telling) == pytest.approx(0.0)


def named(article: Make, title: str, text: str, *names: str) -> Facts:
    said = {word.strip(".,\u201c\u201d").casefold() for word in f"{title} {text}".split()}
    return facts(article(0, title=title, text=text), said, names)


def test_a_name_opens_with_a_capital_inside_a_sentence_or_in_the_title_too(article: Make) -> None:
    found = named(article, "Ulm reopens", "Ulm is open. Ships came to Selby. Yachts came too.")
    assert {"ulm", "selby"} <= found.names
    assert "yachts" not in found.names
    assert "ships" not in found.names
    assert found.title_names == {"ulm"}


def test_what_stands_in_small_letters_as_well_is_no_name(article: Make) -> None:
    assert "mill" not in named(article, "Fire", "It reached the Mill by night. The old mill burnt.").names


def test_days_and_months_are_no_names_and_no_words(article: Make) -> None:
    found = named(article, "Monday in Selby", "It rained in Selby on Monday and in May.")
    assert not found.terms & calendar()
    assert not found.title & calendar()
    assert "selby" in found.names


def test_numbers_are_those_of_the_title_and_the_top_of_the_text(article: Make) -> None:
    found = named(article, "40 boats", f"It cost 1,200.50 pounds. {'x ' * 290} 77 {'y ' * 100} 88")
    assert {"40", "1,200.50"} <= found.numbers
    assert "88" not in found.numbers


def test_pairs_of_names_are_known_by_their_stems(article: Make) -> None:
    assert named(article, "A", "b", "port vell", "selby").runs == {("port", "vell")}
    assert named(article, "A", "b").has_text
    assert not named(article, "A", "").has_text


@pytest.mark.parametrize("before", ["", "“", "It sank. ", "It sank! “", "Did it sink? (", "It sank:\n", "It sank… « "])
def test_a_word_that_opens_a_sentence_is_no_name_by_its_capital(article: Make, before: str) -> None:
    assert "rain" not in named(article, "Fire", f"{before}Rain fell on Selby.").names
    assert "rain" in named(article, "Rain", f"{before}Rain fell on Selby.").names, "the title says it as well"


@pytest.mark.parametrize("before", ["to ", "-", "a (", "It sank, ", "It sank in “"])
def test_a_word_within_a_sentence_is_a_name_by_its_capital(article: Make, before: str) -> None:
    found = facts(article(0, title="Fire", text=f"{before}Selby burns."), {"selby", "burns"}, ())
    assert found.names == {"selby"}


def test_function_words_and_numbers_are_no_names(article: Make) -> None:
    found = named(article, "Fire", "He saw how The Mill of Selby and a Boeing 747 burnt.")
    assert {"mill", "selby"} <= found.names
    assert not found.names & {"the", "of", "747", "he"}


def test_elided_articles_are_set_apart_with_either_apostrophe() -> None:
    assert unelided("le plateau d'Aubrac dell'isola") == "le plateau d Aubrac dell isola"
    assert unelided("le plateau d\u2019Aubrac dell\u2019isola") == "le plateau d Aubrac dell isola"
    assert unelided("the dogs' home and O'Brien's") == "the dogs' home and O'Brien's"
    assert unelided("plain") == "plain"


def test_a_fifth_of_the_full_names_is_enough() -> None:
    mine = told(
        names=frozenset({"anna", "norde", "ulm", "ilse", "graz"}),
        runs=frozenset({("anna", "norde"), ("norde", "ulm"), ("ilse", "graz")}),
    )
    theirs = {"names": frozenset({"jan", "selby"}), "runs": frozenset({("jan", "selby")})}
    assert against(mine, told(terms=HARBOUR | {"ulm"}, **theirs)) == pytest.approx(0.0)


def test_another_number_of_the_same_thing_speaks_against_it_most() -> None:
    fourth, seventh = ({"ferry": frozenset({number})} for number in "47")
    assert against(told(things=(fourth, fourth)), told(things=(seventh, seventh))) == pytest.approx(OTHER_THING)
    known = {"ferry": frozenset({"4", "7"})}
    assert against(told(things=(fourth, fourth)), told(things=(seventh, known))) == pytest.approx(0.0)
