from __future__ import annotations

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
