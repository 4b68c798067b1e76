"""A letter is shown in one scheme for good, and the colours of its words are those that a browser would show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.letters.editions import BRAND, MAIL, SITE, Sample, samples

from digest.render.letter import render
from digest.render.palette import contrast
from digest.render.scheme_preview import SCHEMES, in_scheme, rules_of, wordings


def page(head: str, body: str = "<p>words</p>") -> str:
    return f"<!DOCTYPE html>\n<html><head>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("query", "light", "dark"),
    [
        ("(prefers-color-scheme:dark)", "(max-width:0)", "(min-width:0)"),
        ("( Prefers-Color-Scheme : light )", "(min-width:0)", "(max-width:0)"),
        ("(prefers-color-scheme)", "(min-width:0)", "(min-width:0)"),
        (
            "screen and (max-width:600px) and (prefers-color-scheme:dark)",
            "screen and (max-width:600px) and (max-width:0)",
            "screen and (max-width:600px) and (min-width:0)",
        ),
    ],
)
def test_a_query_for_a_scheme_holds_always_or_never(query: str, light: str, dark: str) -> None:
    sheet = f"<style>@media {query}{{p{{color:#fff}}}}</style>"
    assert light in in_scheme(page(sheet), "light")
    assert dark in in_scheme(page(sheet), "dark")
    assert "prefers-color-scheme" not in in_scheme(page(sheet), "dark").lower()


def test_a_sheet_for_a_scheme_holds_always_or_never() -> None:
    sheet = '<style media="(prefers-color-scheme: dark)">p{color:#fff}</style>'
    assert 'media="(max-width:0)"' in in_scheme(page(sheet), "light")
    assert [wording.ink for wording in wordings(page(sheet), "light")] == ["#000000"]
    assert [wording.ink for wording in wordings(page(sheet), "dark")] == ["#ffffff"]


def test_the_page_declares_the_scheme_and_words_about_schemes_stay() -> None:
    head = (
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        "<style>:root{color-scheme:light dark;supported-color-schemes:light dark}</style>"
    )
    words = "<p>@media (prefers-color-scheme: dark) in a headline</p>"
    shown = in_scheme(page(head, words), "dark")
    assert shown.count('content="dark"') == 2
    assert ":root{color-scheme:dark;supported-color-schemes:light dark}" in shown
    assert words in shown


@given(st.text(alphabet="ab{}@;/*() :", max_size=60))
def test_any_style_sheet_can_be_read(css: str) -> None:
    assert all("{" not in selectors for selectors, _ in rules_of(css))


def colours(
    head: str, body: str, scheme: Literal["light", "dark"] = "light"
) -> list[tuple[str, str | None, str | None]]:
    return [(wording.text, wording.ink, wording.ground) for wording in wordings(page(head, body), scheme)]


def test_colours_are_inherited_and_the_nearest_ground_counts() -> None:
    cells = '<td style="color:#123456"><b>one</b></td><td style="background:#abc">two</td>'
    body = f'<table bgcolor="#eeeeee"><tr>{cells}</tr></table>'
    assert colours("", body) == [("one", "#123456", "#eeeeee"), ("two", "#000000", "#aabbcc")]


@pytest.mark.parametrize(
    ("rules", "ink"),
    [
        ("p{color:#111}", "#222222"),
        ("p{color:#111!important}", "#111111"),
        (".a{color:#111!important}p{color:#333!important}", "#111111"),
        ("p{color:#111!important}p{color:#333!important}", "#333333"),
        ("@media print{p{color:#111!important}}", "#222222"),
        ("@import url(x);p{color:#111!important}", "#111111"),
        ("/* p{color:#111!important} */", "#222222"),
        ("p:hover,.a::-moz-x{color:#111!important}", "#222222"),
    ],
)
def test_the_heaviest_declaration_wins(rules: str, ink: str) -> None:
    body = '<p class="a" style="color:#222">words</p>'
    assert colours(f"<style>{rules}</style>", body)[0][1] == ink


def test_words_that_nobody_sees_have_no_colours() -> None:
    body = '<div style="display:none;color:#fff">pre</div><p>\n</p><!-- no --><p>seen&nbsp;</p>'
    assert [text for text, _, _ in colours("", body)] == ["seen"]


def test_a_link_without_a_colour_has_the_browsers_own() -> None:
    assert colours("", '<a href="https://x.example">go</a>', "dark") == [("go", "#9e9eff", "#121212")]


def test_a_colour_that_is_written_in_another_way_is_not_guessed() -> None:
    assert colours("", '<p style="color:rgb(1 2 3)">words</p>') == [("words", None, "#ffffff")]


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_the_words_of_every_letter_have_a_contrast_of_seven_in_both_schemes(sample: Sample) -> None:
    date = datetime(2026, 11, 23, 5, tzinfo=UTC)
    html = render(sample.edition, sample.earlier, SITE, BRAND, MAIL, date=date).html
    for scheme in SCHEMES:
        found = list(wordings(html, scheme))
        assert len(found) > 30
        assert all(wording.ink and wording.ground and contrast(wording.ink, wording.ground) >= 7 for wording in found)
