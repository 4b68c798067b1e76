"""The letter's own words and dates in the edition's language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from digest.data import data_folder
from digest.errors import TemplateError

FALLBACK = "en"
Phrase = str | dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The phrases of one language; called with a phrase's name, it returns the phrase filled in."""

    locale: Locale
    phrases: Mapping[str, Phrase]

    def __call__(self, name: str, **values: str) -> str:
        """Return the phrase ``name`` with its ``{places}`` filled."""
        phrase = self.phrases[name]
        if not isinstance(phrase, str):
            raise TypeError(f"the phrase {name} has plural forms: use count()")
        return phrase.format_map(values)

    def count(self, name: str, count: int, **values: str) -> str:
        """Return the phrase ``name`` in the plural form of ``count`` (CLDR plural rules)."""
        forms = self.phrases[name]
        if isinstance(forms, str):
            return forms.format(count=count, **values)
        form = forms.get(self.locale.plural_form(count), forms["other"])
        return form.format(count=count, **values)

    def day(self, when: date) -> str:
        """Return a date in full, with its day of the week."""
        return format_date(when, "full", locale=self.locale)

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""
        return "rtl" if self.locale.text_direction == "rtl" else "ltr"


def catalogue(language: str, folder: str | None = None) -> Catalogue:
    """Return the words of ``language`` (BCP 47), the operator's ``folder`` of templates before our own.

    A phrase that the language lacks is taken from English; an unknown language is English, with English dates.

    Raises:
        TemplateError: a catalogue is no TOML, or lacks no phrase but has one of the wrong shape.
    """
    try:
        locale = Locale.parse(language.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        locale = Locale.parse(FALLBACK)
    phrases = dict(_phrases(FALLBACK, folder))
    phrases.update(_phrases(locale.language, folder))
    return Catalogue(locale=locale, phrases=phrases)


@cache
def _phrases(language: str, folder: str | None) -> Mapping[str, Phrase]:
    """Return what the files of one language say, the operator's phrases over ours."""
    found: dict[str, Phrase] = {}
    for root in (data_folder() / "templates", *([Path(folder)] if folder else [])):
        file = root / "email" / "locale" / f"{language}.toml"
        if file.is_file():
            found.update(_read(file))
    return found


def _read(file: Path) -> dict[str, Phrase]:
    try:
        phrases = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TemplateError(f"{file}: {error}") from error
    for name, phrase in phrases.items():
        whole = isinstance(phrase, str) or (isinstance(phrase, dict) and isinstance(phrase.get("other"), str))
        if not whole:
            raise TemplateError(f"{file}: {name} must be a text, or a table of plural forms with 'other'")
    return phrases
