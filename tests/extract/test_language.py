from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.extract.article import from_feed
from digest.extract.language import identify
from digest.model.ids import SourceId
from digest.model.source import FeedEntry
from digest.text.languages import UNKNOWN

TEXTS = {
    "en": "The government said on Monday that it would pay the farmers before the end of the year.",
    "de": "Die Regierung teilte am Montag mit, dass sie die Bauern noch vor dem Jahresende bezahlen werde.",
    "fr": "Le gouvernement a déclaré lundi qu'il paierait les agriculteurs avant la fin de l'année.",
    "es": "El gobierno dijo el lunes que pagaría a los agricultores antes de que termine el año.",
    "ru": "Правительство сообщило в понедельник, что заплатит фермерам до конца года.",
    "ja": "政府は月曜日、年末までに農家に支払うと発表した。これは初めての措置である。",
    "ko": "정부는 월요일에 연말까지 농민들에게 지급하겠다고 발표했다.",
}


@pytest.mark.parametrize("tag", TEXTS)
def test_a_plain_text_is_told(tag: str) -> None:
    assert identify(TEXTS[tag]) == tag


def test_a_page_that_declares_another_language_than_it_writes_is_not_believed() -> None:
    assert identify(TEXTS["de"] * 3, "en") == "de"


def test_tibetan_is_not_taken_for_the_other_language_of_its_script() -> None:
    text = "གྲུ་གཟིངས་དེ་ཉིན་དགུའི་རྗེས་སུ་གཟའ་ཟླ་བའི་ཉིན་ཡང་བསྐྱར་འགྲོ་འགོ་བཙུགས་པ་རེད།"
    for length in (1, 6):
        assert (identify(text * length), identify(text * length, "bo"), identify(text * length, "dz")) == (
            "bo",
            "bo",
            "dz",
        )


def test_a_declared_language_that_the_classifier_does_not_know_is_believed_unless_the_text_is_a_common_one() -> None:
    guarani = (
        "Tetã rerekua he'i arakõi omeẽta viru chokokue kuérape ary opa mboyve, ha upéicha oñepytyvõta ichupe kuéra. "
    )
    assert identify(guarani * 4, "gn") == "gn"
    assert identify(TEXTS["de"] * 4, "gn") == "de"


def test_a_hint_decides_for_a_short_text_and_without_one_it_is_unknown() -> None:
    assert identify("Ja!", "nl-NL") == "nl"
    assert identify("Ja!") == UNKNOWN
    assert identify("", "zz9") == UNKNOWN


@given(st.text(max_size=300), st.none() | st.text(max_size=8))
def test_the_same_text_gives_the_same_language(text: str, hint: str | None) -> None:
    first = identify(text, hint)
    assert first == identify(text, hint)
    assert first == UNKNOWN or 2 <= len(first) <= 3


@pytest.mark.parametrize(
    "headline",
    [
        "Sánchez and Puigdemont meet in Brussels over Catalan amnesty",
        "Macron, Scholz discuss Ukraine in Weimar",
        "Erdoğan congratulates İmamoğlu on Istanbul win",
        "El Niño ends, La Niña looms",
        "Der Spiegel to cut 50 jobs in Hamburg",
        "São Paulo: Corinthians, Palmeiras fans clash",
    ],
)
@pytest.mark.parametrize("hint", [None, "en"])
def test_an_english_headline_full_of_foreign_names_is_not_taken_for_another_language(
    headline: str, hint: str | None
) -> None:
    assert identify(headline, hint) in {"en", UNKNOWN}


@pytest.mark.parametrize(
    ("tag", "headline"),
    [
        ("de", "Fähre fährt wieder"),
        ("de", "Sturm zerreißt alte Mole über dem Hafen"),
        ("fr", "Le conseil ferme le port jusqu'au printemps"),
        ("es", "El consejo cierra el puerto hasta la primavera"),
        ("ru", "Совет закрыл порт до весны"),
    ],
)
def test_a_foreign_headline_alone_is_told_by_its_small_words(tag: str, headline: str) -> None:
    assert identify(headline) == tag


def test_without_a_page_the_feeds_declared_language_decides() -> None:
    entry = FeedEntry(
        source_id=SourceId(1),
        url="https://courrier.example/port",
        link="https://courrier.example/port",
        title="Stellis ferme le port",
        language="fr-FR",
        seen_at=datetime(2026, 5, 4, tzinfo=UTC),
    )
    assert from_feed(entry).language == "fr"
    assert from_feed(entry, "de").language == "de"
