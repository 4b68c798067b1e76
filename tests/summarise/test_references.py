from __future__ import annotations

from math import log, log1p

import pytest

from digest.summarise.reading import read
from digest.summarise.references import REFERENCES, references

TEXT = (
    "Orla Tennick, the mayor of Sandmere, opened a bridge over the Wend on Monday. "
    "Tennick said the bridge had cost 12 million pounds. "
    "She wants to build a tram, too. "
    "The old ferry will stop in May."
)


def seen(title: str, text: str = TEXT, language: str = "en") -> list[dict[str, float]]:
    return [dict(zip(REFERENCES, row, strict=True)) for row in references(read(text, title, language))]


def test_a_surname_whose_first_name_stands_in_another_sentence_is_seen() -> None:
    rows = seen("New bridge for Sandmere")
    assert [row["surname alone"] > 0 for row in rows] == [False, True, False, False]
    assert [row["opens with a surname"] for row in rows] == [0, 1, 0, 0]


def test_a_surname_of_the_headline_needs_no_introduction() -> None:
    assert not any(row["surname alone"] for row in seen("Tennick opens bridge"))


def test_a_pronoun_before_any_person_lacks_its_person() -> None:
    assert [row["pronoun without its person"] for row in seen("New bridge")] == [0, 0, 1, 0]


def test_a_definite_noun_that_was_introduced_before_is_told_from_a_new_one() -> None:
    rows = seen("News from Sandmere")
    assert rows[1]["definite nouns introduced before"] > 0
    assert rows[3]["definite nouns introduced before"] == 0
    assert rows[3]["definite nouns"] > 0


def test_a_definite_noun_of_the_headline_is_known() -> None:
    assert seen("Mayor opens bridge")[1]["definite nouns introduced before"] == 0


def test_first_words_that_are_also_written_small_are_no_names() -> None:
    rows = seen("", "Ulvik bakes bread. Bread is dear there. Most of it is white, and most people like it.")
    assert [row["opens with a name"] for row in rows] == [1, 0, 0]


def test_a_language_without_a_lexicon_gives_rows_all_the_same() -> None:
    assert len(seen("", "Uno tre kvar. Ses sep ok.", "eo")) == 2


def test_a_whole_name_is_new_though_a_part_of_it_is_known() -> None:
    rows = seen("News", "Orla Tennick spoke first. Then Orla Hale spoke. Then Orla Tennick spoke again.")
    assert [row["names in full, new"] for row in rows] == [log1p(1), log1p(1), 0]


def told(row: dict[str, float]) -> dict[str, float]:
    """Return the numbers of a row that are not zero."""
    return {name: value for name, value in row.items() if value}


def test_each_number_is_counted_from_names_pronouns_and_articles() -> None:
    rows = seen("New bridge for Sandmere", f"{TEXT} Rain fell in the valley.")
    assert [told(row) for row in rows] == [
        {
            "names in full, new": log1p(1),
            "single names, new": log1p(2),
            "names of the title": log1p(1),
            "opens with a name": 1.0,
            "opens with a new name": 1.0,
            "definite nouns": log1p(2),
            "generic noun": 1.0,
            "use of its names": log(2) / 5,
            "names used once": 4 / 14,
            "most used name": 2 / 5,
        },
        {
            "surname alone": log1p(1),
            "opens with a surname": 1.0,
            "opens with a name": 1.0,
            "definite nouns": log1p(1),
            "use of its names": log(2),
            "most used name": 2 / 5,
        },
        {"pronoun without its person": 1.0},
        {
            "single names, new": log1p(1),
            "definite nouns": log1p(1),
            "names used once": 1 / 7,
            "most used name": 1 / 5,
        },
        {
            "single names, new": log1p(1),
            "opens with a name": 1.0,
            "definite nouns": log1p(1),
            "names used once": 1 / 5,
            "most used name": 1 / 5,
        },
    ]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("The tram is late.", {"mentioned before": 1, "introduced before": 1, "opens": 1}),
        ("The council is late.", {"mentioned before": 1, "introduced before": 0, "opens": 1}),
        ("Nobody saw the tram.", {"mentioned before": 1, "introduced before": 1, "opens": 0}),
        ("The old tram is late.", {"mentioned before": 1, "introduced before": 1, "opens": 1}),
        ("The very old tram is late.", {"mentioned before": 0, "introduced before": 0, "opens": 0}),
        ("The queue of the tram is long.", {"mentioned before": 1, "introduced before": 1, "opens": 0}),
        ("The tram passed the council.", {"mentioned before": 2, "introduced before": 1, "opens": 1}),
    ],
)
def test_a_definite_noun_is_looked_for_in_the_two_words_behind_its_article(
    second: str, expected: dict[str, int]
) -> None:
    row = seen("News from Sandmere", f"Our council bought a tram. {second}")[1]
    assert {
        "mentioned before": row["definite nouns mentioned before"],
        "introduced before": row["definite nouns introduced before"],
        "opens": row["opens with a definite noun mentioned before"],
    } == {name: log1p(count) if name != "opens" else count for name, count in expected.items()}


@pytest.mark.parametrize(
    ("second", "alone", "unresolved"),
    [
        ("Tennick was late, and she knew.", 1, 0),
        ("The clerk saw Tennick when she left.", 1, 0),
        ("When she left, Tennick was late.", 1, 1),
        ("Orla Tennick was late.", 0, 0),
        ("The clerk saw it.", 0, 0),
    ],
)
def test_a_pronoun_has_its_person_where_the_person_comes_first(second: str, alone: int, unresolved: int) -> None:
    row = seen("News from Sandmere", f"Orla Tennick opened a bridge in Wend. Then Tennick left. {second}")[2]
    assert row["surname alone"] == log1p(alone)
    assert row["pronoun without its person"] == unresolved
