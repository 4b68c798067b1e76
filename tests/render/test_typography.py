"""The spaces that languages set: French, Polish, Russian; and lines of Chinese and Japanese."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.letters.editions import SITE
from tests.letters.languages import in_language

from digest.render.letter import render
from digest.render.plain import COLUMNS, lines
from digest.render.typography import typeset
from digest.settings import BrandSettings, MailSettings
from digest.text.ending import columns


@pytest.mark.parametrize(
    ("language", "written", "set_"),
    [
        ("fr", "« Non ! » dit-elle : pourquoi ?", "«\u00a0Non\u202f!\u00a0» dit-elle\u00a0: pourquoi\u202f?"),
        ("fr-CA", "Non! dit-elle", "Non! dit-elle"),
        ("fr", "https://a.example/?a=1;b", "https://a.example/?a=1;b"),
        ("pl", "Rada i sąd w Almvik", "Rada i\u00a0sąd w\u00a0Almvik"),
        ("pl", "Ala i o nas", "Ala i\u00a0o\u00a0nas"),
        ("ru", "Москва — город", "Москва\u00a0— город"),
        ("uk-UA", "Київ — місто", "Київ\u00a0— місто"),
        ("en", "No ! Really : yes", "No ! Really : yes"),
    ],
)
def test_spaces_are_set_as_the_language_sets_them(language: str, written: str, set_: str) -> None:
    assert typeset((written,), language) == (set_,)


def test_french_spaces_are_in_html_and_text() -> None:
    letter = render(
        in_language("fr"), None, SITE, BrandSettings(), MailSettings(), date=datetime(2026, 11, 23, 5, tzinfo=UTC)
    )
    for part in (letter.html, letter.text):
        plain = part.replace("&nbsp;", "\u00a0").replace("&#8239;", "\u202f")
        assert "«\u00a0Onze" in plain
        assert "assez\u202f!\u00a0»" in plain
        assert " ;" not in letter.text


def test_lines_of_chinese_and_japanese_are_as_wide_as_others_and_begin_with_no_closing_sign() -> None:
    text = "市議会は深夜0時前、賛成31、反対18で防潮堤の建設を可決し、11年に及ぶ論争に終止符を打った。" * 4
    made = lines(text, "* ", "  ").splitlines()
    assert "".join(line[2:] for line in made) == text
    assert all(columns(line) <= COLUMNS for line in made)
    assert all(line[2] not in "、。" for line in made)


def test_a_long_word_within_japanese_stays_whole() -> None:
    text = "日本" * 30 + "https://courier.example.com/archive/morning"
    assert lines(text).splitlines()[-1] == "https://courier.example.com/archive/morning"
