# ruff: noqa: RUF001 - dashes and bars are the point
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.title import LONGEST_TITLE, clean, repeated_ends, site_names, without_site


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("<b>Bold</b> move", "Bold move"),
        ("Why 1 < 2 and 3 > 2", "Why 1 < 2 and 3 > 2"),
        ("&lt;i&gt;Slanted&lt;/i&gt;", "Slanted"),
        ("Tea &amp;amp; cake", "Tea & cake"),
        ("The mayor&amp;#8217;s car", "The mayor’s car"),
        ("  a\n\t b\xa0c  ", "a b c"),
        ("a\x00\x1b[31m\u202eb\ufeff\u200bc", "a[31mbc"),
        ("Hafen\u00adgebühr \U0001f468\u200d\U0001f469", "Hafengebühr \U0001f468\u200d\U0001f469"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\ue001 Port reopens", "Port reopens"),
        ("<!-- x -->seen", "seen"),
        ("", ""),
    ],
)
def test_a_title_is_one_line_of_text(markup: str, text: str) -> None:
    assert clean(markup) == text


def test_a_post_given_as_title_ends_at_a_sentence() -> None:
    post = "The harbour of Tarrow closes on Monday for nine days. " * 20
    assert clean(post) == ("The harbour of Tarrow closes on Monday for nine days. " * 5).strip().removesuffix(".")


def test_a_title_without_end_is_cut_at_a_word() -> None:
    cut = clean("word " * 100)
    assert len(cut) <= LONGEST_TITLE
    assert cut.endswith("word")


@given(st.text(max_size=400))
def test_any_markup_gives_one_line_within_bounds(markup: str) -> None:
    line = clean(markup)
    assert len(line) <= LONGEST_TITLE
    assert line == " ".join(line.split())


@pytest.mark.parametrize(
    ("title", "site", "host", "left"),
    [
        ("Council closes the harbour | The Daily Pilot", "The Daily Pilot", "", "Council closes the harbour"),
        ("Council closes the harbour - Daily Pilot", "", "www.dailypilot.example", "Council closes the harbour"),
        ("Council closes the harbour - Pilot", "", "www.dailypilot.example", "Council closes the harbour - Pilot"),
        ("Council closes the harbour – Old Tarrow Courier", "", "courier.example", "Council closes the harbour"),
        ("Council closes the harbour | World news | The Pilot", "The Pilot", "", "Council closes the harbour"),
        ("Council closes the harbour - PilotPolitics", "Pilot", "", "Council closes the harbour"),
        ("Council closes the harbour -- Pilot Online", "The Pilot", "", "Council closes the harbour"),
        ("Council closes the harbour - tn24.example", "", "www.tn24.example", "Council closes the harbour"),
        ("NPS News – Council closes the harbour", "NPS News", "", "Council closes the harbour"),
        ("Council closes the harbour | NPS", "", "nps.example", "Council closes the harbour"),
        ("Council closes the harbour | North Port Sentinel", "", "nps.example", "Council closes the harbour"),
        ("Council closes - again - the harbour", "The Pilot", "", "Council closes - again - the harbour"),
        ("Budget | Taxes fall | The Pilot", "The Pilot", "", "Budget | Taxes fall"),
        ("港が閉鎖、月曜から｜港新聞", "港新聞", "", "港が閉鎖、月曜から"),
        ("The Pilot", "The Pilot", "", ""),
        ("The Pilot wins a prize", "The Pilot", "", "The Pilot wins a prize"),
    ],
)
def test_only_the_sites_own_name_is_taken_off(title: str, site: str, host: str, left: str) -> None:
    assert without_site(title, site_names(site, host)) == left


def test_what_most_titles_of_a_source_end_with_is_its_name() -> None:
    titles = [f"{title} - Hafenblatt" for title in ("Port closes", "Ferry sails", "Storm comes", "Pier breaks")]
    assert repeated_ends(titles) == {"hafenblatt"}
    assert repeated_ends(titles[:2]) == frozenset()
    spoken = [f"{title} - minister" for title in ("Port closes", "Ferry sails", "Storm comes")]
    assert repeated_ends([*spoken, "Pier breaks", "Council meets", "Rain falls"]) == frozenset()
