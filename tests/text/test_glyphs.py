from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.glyphs import cut, shown

UNSHOWN = (
    "\0\x1b\x7f\x85\u2028\u2029\u200b\u2060\ufeff\ud800\udfff\ufdd0\uffff\U000e0041"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
ANYTHING = st.text(st.characters(codec=None, categories=None), max_size=200)


@pytest.mark.parametrize("char", UNSHOWN, ids=ascii)
def test_what_cannot_be_shown_is_taken_out(char: str) -> None:
    assert shown(f"a{char}b") == "a b"


@given(ANYTHING)
def test_what_is_shown_is_one_line_of_valid_text(text: str) -> None:
    line = shown(text)
    line.encode("utf-8")
    assert not {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(char) for char in line}
    assert not {unicodedata.bidirectional(char) for char in line} & {
        "LRE",
        "RLE",
        "LRO",
        "RLO",
        "PDF",
        "LRI",
        "RLI",
        "FSI",
        "PDI",
    }


@given(ANYTHING)
def test_text_that_was_made_fit_stays_as_it_is(text: str) -> None:
    assert shown(shown(text)) == shown(text)


def test_joiners_and_marks_that_scripts_need_stay() -> None:
    for needed in ("می\u200cخواهم", "क्\u200dष", "(ا)\u200f", "👩\u200d🚀"):  # noqa: RUF001 - Arabic letters
        assert shown(needed) == needed


def test_a_line_is_cut_at_a_word() -> None:
    assert cut("The council approved the barrier", 20) == "The council…"
    assert cut("The council approved the barrier", 21) == "The council approved…"
    assert cut("x" * 300, 10) == "x" * 9 + "…"
    assert cut("short", 5) == "short"


def test_a_megabyte_is_cut_before_it_is_read() -> None:
    assert shown("y" * 1_000_000, 300) == "y" * 299 + "…"


@given(ANYTHING, st.integers(2, 100))
def test_a_cut_line_fits_and_says_that_it_was_cut(line: str, limit: int) -> None:
    short = cut(line, limit)
    assert len(short) <= limit
    assert short == line or (short.endswith("…") and line.startswith(short.removesuffix("…")))
