from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.languages import primary_tag, same_language


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("de_AT", "de"),
        ("EN-gb", "en"),
        ("eng", "en"),
        ("ger", "de"),
        ("pt_BR.UTF-8", "pt"),
        ("zh-Hant-TW", "zh"),
        ("gsw", "gsw"),
        ("", None),
        (None, None),
        ("und", None),
        ("zxx", None),
        ("english", None),
    ],
)
def test_the_shortest_code_of_the_primary_part_names_a_language(tag: str | None, expected: str | None) -> None:
    assert primary_tag(tag) == expected


@pytest.mark.parametrize(
    "tags",
    ["nb nn no nor nob nb-NO", "iw he heb he-IL", "fil tl tgl fil-PH", "in id ind", "en eng en-US", "fr fra fre"],
)
def test_all_tags_of_one_language_are_one(tags: str) -> None:
    assert len({primary_tag(tag) for tag in tags.split()}) == 1


def test_close_languages_stay_two() -> None:
    for one, other in (("da", "no"), ("cs", "sk"), ("id", "ms"), ("sr", "hr"), ("pt", "es")):
        assert not same_language(one, other)


def test_tags_that_name_no_language_are_the_same_only_when_they_are_equal() -> None:
    assert same_language("und", "UND")
    assert not same_language("und", "en")
    assert not same_language("klingon", "elvish")


@given(st.text(max_size=12))
def test_the_name_of_a_language_is_its_own_name(tag: str) -> None:
    found = primary_tag(tag)
    assert found is None or primary_tag(found) == found
