"""The pages' words: every language has every phrase, and every phrase is used."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import digest.web
from digest.data import data_folder
from digest.errors import Refusal, TemplateError
from digest.render.catalogue import catalogue, languages
from digest.settings import BrandSettings, EditionSettings, Settings, SiteSettings
from digest.web.front import PROBLEMS
from digest.web.pages import TROUBLES, Pages
from digest.web.timetable import timetable
from digest.web.visit import Visit

FOLDER = data_folder() / "templates" / "web"
LANGUAGES = languages(kind="web")


def phrases(language: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / "locale" / f"{language}.toml").read_text(encoding="utf-8"))


def places(phrase: str | dict[str, str]) -> set[str]:
    texts = [phrase] if isinstance(phrase, str) else phrase.values()
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name} - {"count"}


def test_the_four_promised_languages_are_there() -> None:
    assert set(LANGUAGES) >= {"en", "fr", "de", "es"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_phrase_with_the_same_places(language: str) -> None:
    ours, theirs = phrases("en"), phrases(language)
    assert {name: places(phrase) for name, phrase in theirs.items()} == {
        name: places(phrase) for name, phrase in ours.items()
    }


def test_every_phrase_is_said_somewhere() -> None:
    code = "".join(path.read_text() for path in Path(digest.web.__file__).parent.glob("*.py"))
    said = set(re.findall(r"""["']([a-z_]+)["']""", code + "".join(p.read_text() for p in FOLDER.glob("*.html"))))
    made = {f"{name}_{part}" for name in (*TROUBLES.values(), "broken") for part in ("title", "text")}
    made |= {f"refused_{reason.value}_{part}" for reason in Refusal for part in ("title", "text")}
    made |= {f"voice_done_{done}" for done in ("counted", "again", "over", "test")}
    made |= {f"choose_{done}" for done in ("chosen", "moving")} | set(PROBLEMS.values())
    parts = ("who", "what", "why", "who_else", "how_long", "not", "rights")
    made |= {f"privacy_told_{what}" for what in ("address", "pseudonym")}
    made |= {f"privacy_{part}{end}" for part in parts for end in ("", "_title")}
    assert set(phrases("en")) - said - made == set()


@pytest.mark.parametrize(
    ("days", "weekend", "said"),
    [
        (("mon", "tue", "wed", "thu", "fri", "sat", "sun"), None, "Jeden Tag um 06:00\u00a0Uhr (Ortszeit Berlin)"),
        (("mon", "tue", "wed", "thu", "fri"), None, "Montag bis Freitag um 06:00\u00a0Uhr (Ortszeit Berlin)"),
        (("sun", "wed"), None, "Mittwoch und Sonntag um 06:00\u00a0Uhr (Ortszeit Berlin)"),
        (
            ("mon", "tue", "wed", "sat"),
            "07:30",
            "Montag bis Mittwoch um 06:00\u00a0Uhr, Samstag um 07:30\u00a0Uhr (Ortszeit Berlin)",
        ),
        (("sat",), "07:30", "Samstag um 07:30\u00a0Uhr (Ortszeit Berlin)"),
    ],
)
def test_when_a_letter_comes_is_said_in_words(days: Any, weekend: str | None, said: str) -> None:
    at = EditionSettings(title="x").weekend_at if weekend is None else EditionSettings(title="x").at.replace(7, 30)
    edition = EditionSettings(title="Morgen", days=days, weekend_at=at, zone="Europe/Berlin")
    assert timetable(edition, catalogue("de", kind="web")) == said


def test_a_broken_page_of_the_operators_is_told_before_anybody_asks_for_it(tmp_path: Path) -> None:
    own = tmp_path / "web"
    own.mkdir()
    (own / "asked.html").write_text("{% extends 'web/base.html' %}\n{% block main %}\n{% endfor %}", encoding="utf-8")
    with pytest.raises(TemplateError, match=r"asked\.html, line 3: "):
        Pages(Settings(brand=BrandSettings(templates=str(tmp_path))))


def test_the_operators_own_page_and_language_stand_before_ours(tmp_path: Path) -> None:
    own = tmp_path / "web" / "locale"
    own.mkdir(parents=True)
    (own / "nl.toml").write_text('front_title = "Het nieuws van de dag"', encoding="utf-8")
    (own.parent / "asked.html").write_text("<p>{{ words('front_title') }} {{ site.name }}</p>", encoding="utf-8")
    settings = Settings(brand=BrandSettings(templates=str(tmp_path)), site=SiteSettings(name="A & B"))
    answer = Pages(settings).show("asked.html", Visit(language="nl"))
    assert answer.body == b"<p>Het nieuws van de dag A &amp; B</p>"


def test_a_zone_without_a_place_is_named_as_it_is() -> None:
    assert timetable(EditionSettings(title="x"), catalogue("fr", kind="web")).endswith("(heure locale\u00a0: UTC)")
