"""The catalogues: every language of letters has its pages, every phrase, and every plural form that it needs."""

# ruff: noqa: RUF001 - letters of many scripts are meant

from __future__ import annotations

import tomllib
from string import Formatter
from typing import Any

import pytest
from babel import Locale

from digest.data import data_folder
from digest.render.catalogue import Kind, catalogue, languages

PROMISED = {"ar", "de", "en", "es", "fr", "ja", "nb", "nl", "pl", "pt", "ru", "sv", "tr", "uk", "zh"}
KINDS: tuple[Kind, ...] = ("email", "web")
EACH = pytest.mark.parametrize(
    ("kind", "language"), [(kind, language) for kind in KINDS for language in languages(kind=kind)]
)
COUNTS = range(1000)
SPACE_BEFORE = (" ;", " :", " !", " ?", " »", "« ")
"""What French sets with spaces at which no line breaks."""


def phrases(kind: str, language: str) -> dict[str, Any]:
    file = data_folder() / "templates" / kind / "locale" / f"{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def texts(phrase: str | dict[str, str]) -> tuple[str, ...]:
    return (phrase,) if isinstance(phrase, str) else tuple(phrase.values())


def places(phrase: str | dict[str, str]) -> set[str]:
    return {name for text in texts(phrase) for _, name, _, _ in Formatter().parse(text) if name} - {"count"}


@pytest.mark.parametrize("kind", KINDS)
def test_letters_and_pages_come_in_the_same_languages(kind: Kind) -> None:
    assert set(languages(kind=kind)) == PROMISED


@EACH
def test_every_language_has_every_phrase_with_the_same_places(kind: Kind, language: str) -> None:
    assert {name: places(phrase) for name, phrase in phrases(kind, language).items()} == {
        name: places(phrase) for name, phrase in phrases(kind, "en").items()
    }


@EACH
def test_a_phrase_with_plural_forms_has_each_that_a_whole_number_can_need(kind: Kind, language: str) -> None:
    plural = Locale.parse(language).plural_form
    needed = {plural(count) for count in COUNTS}
    for name, phrase in phrases(kind, language).items():
        if isinstance(phrase, dict) and set(phrase) != {"other"}:
            assert needed <= set(phrase), name
            assert set(phrase) <= set(plural.rules) | {"other"}, name


@EACH
def test_no_phrase_is_the_english_one(kind: Kind, language: str) -> None:
    if language == "en":
        return
    english = phrases(kind, "en")
    same = {name for name, phrase in phrases(kind, language).items() if phrase == english[name] and name not in ALIKE}
    assert same == set()


ALIKE = {
    "voice_no",  # the Spanish one
    "why_button",
    "list_joint",
    "opening_names",
    "navigation",
    "feeds",
    "opinion",
    "test",
    "update",
    "min",
    "minutes",
    "archive",
    "privacy",
    "dates",
    "by",
}
"""Phrases that some languages share with English."""


@pytest.mark.parametrize("kind", KINDS)
def test_french_phrases_break_at_no_wrong_space(kind: Kind) -> None:
    wrong = [
        name
        for name, phrase in phrases(kind, "fr").items()
        for text in texts(phrase)
        if any(sign in text for sign in SPACE_BEFORE)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("no", "God morgen."),
        ("nn-NO", "God morgen."),
        ("nb", "God morgen."),
        ("pt-BR", "Bom dia."),
        ("zh-TW", "早上好。"),
    ],
)
def test_a_language_is_found_under_its_other_names(language: str, said: str) -> None:
    assert catalogue(language)("hello_morning") == said


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("pl", 1, "1\u00a0minuta"),
        ("pl", 3, "3\u00a0minuty"),
        ("pl", 12, "12\u00a0minut"),
        ("uk", 21, "21\u00a0хвилина"),
        ("uk", 5, "5\u00a0хвилин"),
        ("ar", 2, "دقيقتان"),
        ("ja", 3, "3分"),
    ],
)
def test_a_number_takes_the_form_of_its_language(language: str, count: int, said: str) -> None:
    assert catalogue(language).count("minutes", count) == said
