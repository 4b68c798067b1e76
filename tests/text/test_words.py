from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.words import STOP_WORDS, content_words, count_words, stem, words


def test_words_are_small_letters_and_numbers_in_order() -> None:
    assert words("The U.N.'s 3 envoys_left") == ["the", "u", "n", "s", "3", "envoys", "left"]


def test_ideographs_give_overlapping_pairs() -> None:
    assert words("橋を閉鎖 now") == ["橋を", "を閉", "閉鎖", "now"]


def test_signs_of_vowels_belong_to_their_word() -> None:
    assert words("पुल बंद है।") == ["पुल", "बंद", "है"]
    assert words("שָׁלוֹם") == ["שָׁלוֹם"]


def test_scripts_without_spaces_give_overlapping_pairs() -> None:
    assert words("ปิดถนน") == ["ปิ", "ิด", "ดถ", "ถน", "นน"]


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("", 0, 0),
        ("The bridge is shut.", 4, 4),
        ("首相は大阪", 2, 2),
        ("AI 首相は大阪に 。", 4, 4),
        ("市は老朽化した橋を来月から閉鎖する", 6, 10),
        ("สะพานเก่าของเมืองถูกปิดตั้งแต่วันจันทร์", 6, 12),
        ("ស្ពានចាស់របស់ទីក្រុងត្រូវបានបិទ", 5, 9),
        ("ཟམ་པ་རྙིང་པ་དེ་བཀག་པ་རེད", 3, 6),
    ],
)
def test_words_are_counted_where_no_space_parts_them(text: str, least: int, most: int) -> None:
    assert least <= count_words(text) <= most


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "strikes", "striking"),
        ("en", "parties", "party"),
        ("fr", "journaux", "journal"),
        ("fr", "arrêtée", "arrêtés"),
        ("de", "Häuser", "Hauses"),
        ("de", "Wahlen", "Wahl"),
        ("es", "heridos", "herida"),
        ("pl", "wyborach", "wyborami"),
    ],
)
def test_forms_of_one_word_share_a_stem(language: str, one: str, other: str) -> None:
    assert stem(one.lower(), language) == stem(other.lower(), language)


@pytest.mark.parametrize(("one", "other"), [("bus", "bu"), ("police", "polish"), ("2024", "202"), ("class", "clas")])
def test_different_words_keep_different_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_content_words_leave_out_the_language_s_own_function_words() -> None:
    assert content_words("Der Rat tagt, die Stadt wartet", "de") == ["rat", "tagt", "stadt", "wartet"]
    assert "der" in content_words("Der Rat", "en")


def test_stop_words_are_words_as_words_gives_them() -> None:
    for listed in STOP_WORDS.values():
        assert all(words(word) == [word] for word in listed)


@given(st.text(max_size=40), st.sampled_from(["en", "fr", "de", "es", "und"]))
def test_no_word_loses_its_last_letter(text: str, language: str) -> None:
    assert all(stem(word, language) for word in words(text))
