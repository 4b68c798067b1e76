"""What a seeing reader sees of a paragraph, and once."""

# ruff: noqa: RUF001 - invisible and ambiguous characters are what is tested

from __future__ import annotations

import pytest
from tests.extract.conftest import PARAGRAPHS, Press

from digest.extract.markup import parse
from digest.text.references import mended_references

START, END = (
    "The lighthouse of Varn",
    "was lit again on Sunday after a year of repairs, and the keepers came to see.",
)
SECRET = "The treasure of the island was sold on Sunday to a captain for ninety million crowns, a notary said."


def paragraphs_of(press: Press, first: str) -> list[str]:
    return press.read(press.html(paragraphs=(first, *PARAGRAPHS))).text.split("\n\n")


@pytest.mark.parametrize(
    "hidden",
    [
        '<a href="/v">it<span class="visually-hidden">, external</span></a>',
        '<a href="/v">it<span class="sr-only"> (opens in new tab)</span></a>',
        '<a href="/v">it<span class="screen-reader-text">opens elsewhere</span></a>',
        '<a href="/v">it<span class="VisuallyHidden__x7">, external</span></a>',
        'it<span style="display: none">HIDDEN</span>',
        'it<span style="position:absolute;left:-9999px">HIDDEN</span>',
        "it<span hidden>HIDDEN</span>",
    ],
)
def test_words_for_screen_readers_are_none_of_the_sentence(press: Press, hidden: str) -> None:
    assert f"{START} it {END}" in paragraphs_of(press, f"{START} {hidden} {END}")


@pytest.mark.parametrize(
    "how",
    [
        *("hidden", 'style="display:none"', 'style="font-size:0"', 'class="sr-only"', 'class="d-none"'),
        *('style="opacity:0"', 'style="Opacity: 0.0; margin: 0"', 'style="visibility: collapse"'),
    ],
)
def test_a_hidden_paragraph_is_not_told(press: Press, how: str) -> None:
    assert "treasure" not in press.read(press.html(above=f"<p {how}>{SECRET}</p>")).text


def test_a_paragraph_that_is_shown_on_wide_screens_is_told(press: Press) -> None:
    assert "treasure" in press.read(press.html(above=f"<p class='d-none d-md-block'>{SECRET}</p>")).text


@pytest.mark.parametrize(
    "style", ["opacity:0;transform:translateY(30px)", "opacity: 0; transition: opacity .3s", "opacity:0.9", "opacity:1"]
)
def test_a_paragraph_that_fades_in_is_told(press: Press, style: str) -> None:
    assert "treasure" in press.read(press.html(above=f"<p style='{style}'>{SECRET}</p>")).text


def test_a_page_that_hides_all_of_its_text_until_a_script_runs_is_read(press: Press) -> None:
    html = press.html().replace("<div class='article-body'>", "<div style='display:none'>")
    assert press.read(html).text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        (" <q>hello</q>", " “hello”"),
        (" <time datetime='2026-03-01'>today</time>", " today"),
        (" <label>lab</label>", " lab"),
        (" <ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", " 漢"),
        ("<span aria-hidden='true'>↗</span>", None),
        ("&lrm;", None),
        ("\ufeff", None),
        (" \ue000", None),
        (" 👨\u200d👩", None),
        (" &#8296;Bran&#8297;", None),
        ("&shy;", None),
        (" &#3;", None),
        (" <a href='/n'>at noon<br></a>", " at noon"),
    ],
)
def test_a_paragraph_stands_in_the_text_once_whatever_is_in_it(press: Press, inside: str, shown: str | None) -> None:
    found = [text for text in paragraphs_of(press, f"{START}{inside} {END}") if "lit again" in text]
    assert len(found) == 1
    assert found[0].startswith(START)
    assert shown is None or found == [f"{START}{shown} {END}"]


@pytest.mark.parametrize(
    "capital",
    [
        '<span class="dropcap">T</span>',
        '<span class="dropcap" aria-hidden="true">T</span>',
        '<span aria-hidden="true">T</span><span class="sr-only">T</span>',
        '<span class="dropcap">T</span> ',
        "<big>T</big>",
        '<img class="dropcap" src="/t.png" alt="T">',
    ],
)
def test_a_capital_that_is_set_apart_joins_its_word(press: Press, capital: str) -> None:
    assert f"{START} {END}" in paragraphs_of(press, f"{capital}{START[1:]} {END}")


def test_the_copy_for_another_screen_and_the_title_in_the_text_go(press: Press) -> None:
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    html = press.html(above=f"<p>{press.title} for the islands</p>", below=f"<div class='mobile'>{body}</div>")
    assert press.read(html, press.entry(title=f"{press.title} for the islands")).text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a&#3;b&#x1F;", "ab"),
        ("keeper&#146;s &#x96;", "keeper’s –"),
        ("&#55357;&#56832; &#xD83D;&#xDE00;", "😀 😀"),
        ("&#xD83D; &#xFFFF; &#99999999;", "  "),
        ("&#8217; &#10; &amp; &#x1F600;", "&#8217; &#10; &amp; &#x1F600;"),
    ],
)
def test_references_that_no_parser_takes_mean_what_browsers_show(written: str, meant: str) -> None:
    assert mended_references(written) == meant


def test_a_reference_to_a_control_loses_no_page() -> None:
    assert parse("<html><body><p>lit&#3; again</p></body></html>", "https://varn.example").text_content() == "lit again"
