"""The phrases of letters and pages in one language, and the dates as that language writes them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time

from digest.data import data_folder
from digest.errors import TemplateError
from digest.text.languages import primary_tag

FALLBACK = "en"
WRITTEN_AS = {"no": "nb", "nn": "nb"}
"""Languages whose phrases are those of another language: both forms of Norwegian have one catalogue."""
COLONS = {"fr": "\N{NO-BREAK SPACE}:", "ja": "\N{FULLWIDTH COLON}", "zh": "\N{FULLWIDTH COLON}"}
Phrase = str | dict[str, str]
Kind = Literal["email", "web"]
"""Whether the phrases are those of the letters or those of the pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The phrases of one language; calling it with a phrase's name returns the phrase with its values."""

    locale: Locale
    phrases: Mapping[str, Phrase]

    def __call__(self, name: str, **values: str) -> str:
        """Return the phrase ``name`` with its ``{places}`` filled.

        Raises TemplateError when the phrase has plural forms, or when a ``{place}`` has no value.
        """
        phrase = self.phrases[name]
        if not isinstance(phrase, str):
            raise TemplateError(f"locale/{self.locale.language}.toml: {name} is one text, it has no plural forms")
        return self._filled(name, phrase, values)

    def count(self, name: str, count: int, **values: str) -> str:
        """Return the phrase ``name`` in the plural form for ``count`` (CLDR rules), with its ``{places}`` filled.

        Raises TemplateError when a ``{place}`` has no value.
        """
        forms = self.phrases[name]
        form = forms if isinstance(forms, str) else forms.get(self.locale.plural_form(count), forms["other"])
        return self._filled(name, form, {"count": count, **values})

    def _filled(self, name: str, form: str, values: Mapping[str, object]) -> str:
        try:
            return form.format_map(values)
        except (LookupError, ValueError, AttributeError) as error:
            places = ", ".join(f"{{{place}}}" for place in values) or "none"
            raise TemplateError(
                f"locale/{self.locale.language}.toml: {name} = {form!r} cannot be filled; its places are: {places}"
            ) from error

    @property
    def colon(self) -> str:
        """The colon before an address on the next line, with the space that the language puts before a colon."""
        return COLONS.get(self.locale.language, ":")

    def day(self, when: date) -> str:
        """Return a date in full, with the day of the week."""
        return format_date(when, "full", locale=self.locale)

    def weekday(self, when: date) -> str:
        """Return the day of the week of a date."""
        return format_date(when, "EEEE", locale=self.locale)

    def hour(self, when: datetime) -> str:
        """Return a time of day in its own zone, as the language writes it."""
        return clock(when, self.locale)

    def spoken_hour(self, when: datetime) -> str:
        """Return a time of day for a sentence. German says "6 Uhr" without minutes that are zero."""
        if self.locale.language != "de":
            return self.hour(when)
        return format_time(when, "H:mm" if when.minute else "H", tzinfo=when.tzinfo, locale=self.locale)

    def weekday_and_hour(self, when: datetime) -> str:
        """Return the short day of the week and the time of day, in its own zone."""
        return f"{format_date(when.date(), 'EEE', locale=self.locale)} {self.hour(when)}"

    def month(self, when: date) -> str:
        """Return the month and year of a date."""
        return format_skeleton("yMMMM", when, locale=self.locale)

    @property
    def direction(self) -> str:
        """Direction of the script: ``ltr`` or ``rtl``."""
        return "rtl" if self.locale.text_direction == "rtl" else "ltr"


def clock(when: datetime, locale: Locale) -> str:
    """Return a time of day in its own zone, with a no-break space of normal width.

    CLDR uses a narrow one ("6:00 AM"), which many fonts lack: the reader then sees "6:00AM".
    """
    written = format_time(when, "short", tzinfo=when.tzinfo, locale=locale)
    return re.sub(r"\s", "\N{NO-BREAK SPACE}", written)


def _locale(language: str) -> Locale | None:
    try:
        return Locale.parse(language.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return None


def catalogue(language: str, folder: str | None = None, kind: Kind = "email") -> Catalogue:
    """Return the phrases of ``language`` (BCP 47). Those in the operator's ``folder`` of templates replace ours.

    A phrase that the language lacks is taken from English. An unknown language gives English phrases and dates.

    Raises:
        TemplateError: a catalogue is not valid TOML, or a phrase in it has the wrong type.
    """
    locale = _locale(language) or _locale(primary_tag(language) or FALLBACK) or Locale.parse(FALLBACK)
    phrases: dict[str, Phrase] = {}
    primary = primary_tag(locale.language) or FALLBACK
    for tag in dict.fromkeys((FALLBACK, written_as(primary), primary, locale.language)):
        phrases.update(_phrases(tag, folder, kind))
    return Catalogue(locale=locale, phrases=phrases)


def written_as(tag: str) -> str:
    """Return the language whose phrases are used for a language tag; both are primary tags."""
    return WRITTEN_AS.get(tag, tag)


def languages(folder: str | None = None, kind: Kind = "email") -> tuple[str, ...]:
    """Return the languages that have phrases (primary tags, sorted), including those in the operator's ``folder``."""
    return tuple(sorted({file.stem for root in _roots(folder) for file in (root / kind / "locale").glob("*.toml")}))


def _roots(folder: str | None) -> tuple[Path, ...]:
    return (data_folder() / "templates", *([Path(folder)] if folder else []))


def _phrases(language: str, folder: str | None, kind: Kind) -> Mapping[str, Phrase]:
    """Return the phrases in the files of one language. The operator's phrases replace ours."""
    found: dict[str, Phrase] = {}
    for root in _roots(folder):
        file = root / kind / "locale" / f"{language}.toml"
        if file.is_file():
            about = file.stat()
            found.update(_read(file, (about.st_mtime_ns, about.st_size)))
    return found


@lru_cache(maxsize=64)
def _read(file: Path, stamp: tuple[int, int]) -> Mapping[str, Phrase]:  # noqa: ARG001 - another stamp is another file
    """Return the phrases of a file.

    They are cached until ``stamp`` changes: the time of the last change, and the size.
    """
    try:
        phrases = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TemplateError(f"{file}: {error}") from error
    for name, phrase in phrases.items():
        whole = isinstance(phrase, str) or (isinstance(phrase, dict) and isinstance(phrase.get("other"), str))
        if not whole:
            raise TemplateError(f"{file}: {name} must be a text, or a table of plural forms with 'other'")
    return phrases
