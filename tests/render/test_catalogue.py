from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

import digest
from digest.data import data_folder
from digest.errors import TemplateError
from digest.render.catalogue import Kind, catalogue

LOCALES = data_folder() / "templates" / "email" / "locale"
LANGUAGES = sorted(file.stem for file in LOCALES.glob("*.toml"))


def phrases(language: str) -> dict[str, str | dict[str, str]]:
    return tomllib.loads((LOCALES / f"{language}.toml").read_text(encoding="utf-8"))


def places(phrase: str | dict[str, str]) -> set[str]:
    texts = [phrase] if isinstance(phrase, str) else phrase.values()
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name} - {"count"}


def test_the_four_promised_languages_are_there() -> None:
    assert {"en", "fr", "de", "es"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_phrase_with_the_same_places(language: str) -> None:
    ours, theirs = phrases("en"), phrases(language)
    assert set(theirs) == set(ours)
    assert {name: places(phrase) for name, phrase in theirs.items()} == {
        name: places(phrase) for name, phrase in ours.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_form_of_a_language_is_filled(language: str) -> None:
    words = catalogue(language)
    for count in (*range(25), 100, 101, 111):
        assert words.count("opening_morning", count).strip()
        assert "{" not in words.count("reported_more", count, first="A", second="B")


def test_counts_take_the_languages_own_plural_form() -> None:
    assert catalogue("ru").count("minutes", 3) == "3\u00a0минуты"  # noqa: RUF001 - Cyrillic
    assert catalogue("en").count("minutes", 1) == "1\u00a0minute"
    assert catalogue("fr").count("minutes", 0) == "0\u00a0minute"


def test_a_day_is_written_in_the_editions_language() -> None:
    day = date(2026, 11, 23)
    assert catalogue("de").day(day) == "Montag, 23. November 2026"
    assert catalogue("fr").day(day) == "lundi 23 novembre 2026"
    assert catalogue("es-MX").day(day) == "lunes, 23 de noviembre de 2026"


def test_arabic_runs_from_right_to_left() -> None:
    assert catalogue("ar").direction == "rtl"
    assert catalogue("en-GB").direction == "ltr"


@pytest.mark.parametrize("language", ["xx", "", "no such thing", "und"])
def test_an_unknown_language_speaks_english(language: str) -> None:
    assert catalogue(language)("hello_morning") == "Good morning."


def test_the_operator_adds_a_language_and_changes_a_phrase(tmp_path: Path) -> None:
    folder = tmp_path / "email" / "locale"
    folder.mkdir(parents=True)
    (folder / "da.toml").write_text('hello_morning = "God morgon."', encoding="utf-8")
    words = catalogue("da", str(tmp_path))
    assert (words("hello_morning"), words("also")) == ("God morgon.", "In brief")


@pytest.mark.parametrize("text", ["hello_morning = ", "hello_morning = 3", "[minutes]\none = 'x'", b"\xff"])
def test_a_broken_catalogue_is_named(tmp_path: Path, text: str | bytes) -> None:
    folder = tmp_path / "email" / "locale"
    folder.mkdir(parents=True)
    (folder / "da.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(TemplateError, match=r"da\.toml"):
        catalogue("da", str(tmp_path))


def test_braces_in_a_value_are_text() -> None:
    assert catalogue("en")("read_at", source="{0.__class__}") == "Read the story at {0.__class__}"


@pytest.mark.parametrize(
    "text", ['read_at = "See {paper}"', 'read_at = "See {"', 'read_at = "{source.x}"', '[read_at]\nother = "See"']
)
def test_a_phrase_of_the_operators_own_that_cannot_be_filled_is_named(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "email" / "locale"
    folder.mkdir(parents=True)
    (folder / "en.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TemplateError, match=r"^locale/en\.toml: read_at"):
        catalogue("en", str(tmp_path))("read_at", source="Paper")


def test_a_phrase_that_is_changed_on_the_disk_is_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "email" / "locale" / "en.toml"
    file.parent.mkdir(parents=True)
    for words in ("Rise and shine.", "Good day to you all."):
        file.write_text(f'hello_morning = "{words}"', encoding="utf-8")
        assert catalogue("en", str(tmp_path))("hello_morning") == words


def phrases_asked_for() -> re.Pattern[str]:
    """Return a pattern of the names by which code and templates ask for phrases, also those that are put together."""
    source = Path(digest.__file__).parent
    files = [*source.rglob("*.py"), *(data_folder() / "templates").rglob("*.*")]
    texts = "\n".join(file.read_text(encoding="utf-8") for file in files if file.suffix in {".py", ".html", ".txt"})
    names = {re.escape(name) for name in re.findall(r"""["']([a-z_]+)["']""", texts)}
    names |= {re.sub(r"\{[^}]*\}", r"\\w+", name) for name in re.findall(r'f"([a-z_]+\{[^}"]*\}[a-z_]*)"', texts)}
    names |= {f"{start}\\w+{end}" for start, end in re.findall(r'"([a-z_]+_)" ~ \w+(?: ~ "(_[a-z_]+)")?', texts)}
    ends = "|".join(sorted(set(re.findall(r'\w ~ "(_[a-z_]+)"', texts))))
    return re.compile(f"(?:{'|'.join(names)})(?:{ends})?")


@pytest.mark.parametrize("kind", ["email", "web"])
def test_each_phrase_is_asked_for_somewhere(kind: Kind) -> None:
    asked = phrases_asked_for()
    assert [name for name in catalogue("en", kind=kind).phrases if not asked.fullmatch(name)] == []
