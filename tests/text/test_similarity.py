from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.similarity import (
    bag_cosine,
    containment,
    frequency,
    names,
    rarity,
    shingles,
    stem,
    terms,
)


@pytest.mark.parametrize(
    ("one", "other"), [("talks", "talk"), ("raided", "raiding"), ("cities", "city"), ("Mueller\u2019s", "mueller")]
)
def test_forms_of_one_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize("word", ["bus", "glass", "crisis", "red", "sing"])
def test_endings_that_belong_to_the_word_stay(word: str) -> None:
    assert stem(word) == word


def test_function_words_say_nothing() -> None:
    assert terms("The mayor said that she will not resign") == ["mayor", stem("resign")]
    assert terms("Der Bürgermeister ist nicht zurückgetreten") == ["bürgermeister", "zurückgetreten"]


def test_a_script_without_spaces_becomes_pairs_of_characters() -> None:
    assert terms("洪水警報") == ["洪水", "水警", "警報"]


def test_names_are_capitalised_words_their_pairs_and_numbers() -> None:
    assert names("In Port Vell, Ana Ruiz\u2019s crew saved 14 people") == [
        "port", "vell", "port vell", "ana", "ruiz", "ana ruiz", "14",
    ]  # fmt: skip


def test_a_stop_parts_two_names() -> None:
    assert "vell ana" not in names("They left Port Vell. Ana stayed.")


def test_a_common_stem_says_less_than_a_rare_one() -> None:
    everyday, common, rare = stem("president"), stem("police"), stem("zeppelin")
    assert frequency(everyday) > frequency(common) > frequency(rare) == 0
    assert rarity(everyday) < rarity(common) < rarity(rare)


def test_an_exact_copy_contains_its_original_and_a_stranger_nothing() -> None:
    text = "The harbour of Port Vell reopened on Monday after nine days of floods"
    assert containment(shingles(text), shingles(text.upper() + " and more was said about it")) == 1
    assert containment(shingles(text), shingles("Nothing of this kind was heard anywhere else that day")) == 0


def test_shingles_are_the_same_in_every_process() -> None:
    code = "from digest.text.similarity import shingles; print(sum(shingles('one two three four five six seven')))"
    runs = {
        subprocess.run(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            check=True, capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(runs) == 1


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert all(terms(text))
    assert all(names(text))
    assert bool(shingles(text)) >= bool(terms(text))


BAGS = st.dictionaries(st.sampled_from("abcdef"), st.floats(0.1, 10), max_size=6)


@given(BAGS, BAGS)
def test_a_cosine_is_symmetric_and_between_0_and_1(one: dict[str, float], other: dict[str, float]) -> None:
    assert bag_cosine(one, other) == pytest.approx(bag_cosine(other, one))
    assert 0 <= bag_cosine(one, other) <= 1 + 1e-9
    assert bag_cosine(one, one) == pytest.approx(1 if one else 0)
