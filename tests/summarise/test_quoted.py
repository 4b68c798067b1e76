"""The quote of the day: a whole statement by a person who is named and introduced in its sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from digest.model.article import Article
from digest.model.kind import TextKind
from digest.summarise.finds.quoted import may_quote, quoted, saying_of, speaker_of
from digest.summarise.finds.study import study
from digest.summarise.reading import read

DAY = date(2026, 5, 4)
Make = Callable[..., Article]

QUOTES = [
    (
        "en",
        "“Nobody in this town believed that the ships would come back,” said Ida Lund, a pilot of the harbour.",
        "Ida Lund",
    ),
    ("en", "Mayor Ida Lund said: “The people of this country will thank us for every stone of this wall.”", "Ida Lund"),
    (
        "de",
        "„Unsere Enkel werden uns für jeden Stein der Mauer danken“, sagte Bürgermeisterin Ida Lund.",
        "Ida Lund",
    ),
    (
        "fr",
        "« Nos petits-enfants nous remercieront pour chaque pierre de ce mur », a déclaré Ida Lund, maire du port.",
        "Ida Lund",
    ),
    (
        "es",
        "“Nuestros nietos nos darán las gracias por cada piedra del muro”, dijo Ida Lund, alcaldesa del puerto.",
        "Ida Lund",
    ),
]
NO_QUOTES = [
    ("“Nobody in this town believed that the ships would come back,” she said on the quay.", "nobody is named"),
    ("“Nobody in this town believed that the ships would come back,” said Ida Lund.", "nobody says who she is"),
    ("“The council stole the money from every one of our children,” said Ida Lund, a pilot.", "it accuses somebody"),
    ("The pilot Ida Lund said that the ships were “a sign of hope for the whole of the coast”.", "it is a part"),
    ("“He never believed that the ships would come back to us,” said Ida Lund, a pilot.", "nobody knows who he is"),
    ("“Will the ships ever come back to this old harbour?” asked Ida Lund, a pilot.", "it is a question"),
    ("“Wonderful news,” said Ida Lund, a pilot of the harbour for thirty years.", "it is too short"),
    (
        "“The ships of this town will come back with the herring,” said Ida Lund, chief executive of Hallby Ships.",
        "firm",
    ),
    ("“The ships of this town will please all of our customers,” said Ida Lund, a pilot.", "it sells something"),
    ("“The ships sail to Hallby, Stenvik, Norrhaven, Rostholm and Brunvik,” said Ida Lund, a pilot.", "it is a list"),
    ("“ The ships of this town will come back , with herring ,” said Ida Lund , a pilot .", "its stops are loose"),
    ("“The ships will come back to the harbour,” said Ida Lund, a pilot, and “the town will see it in June.”", "two"),
]


def found(make: Make, text: str, language: str) -> list[tuple[str, str]]:
    told = make(text, title="Norrhaven", language=language)
    return [(each.speaker, each.passage.text) for each in quoted(study(told, DAY, DAY, TextKind.NEWS), "Gazette")]


@pytest.mark.parametrize(("language", "text", "speaker"), QUOTES)
def test_a_statement_of_an_introduced_person_may_be_printed(
    article: Make, language: str, text: str, speaker: str
) -> None:
    told = study(article(text, title="Norrhaven", language=language), DAY, DAY, TextKind.NEWS)
    assert [(who.name, sentence.text) for sentence, who, _ in may_quote(told)] == [(speaker, text)]


def test_a_weighty_statement_is_printed_with_its_reasons(article: Make) -> None:
    text = "Mayor Ida Lund said: “The people of this country will thank us for every stone of this wall.”"
    told = study(article(text, title="Norrhaven"), DAY, DAY, TextKind.NEWS)
    (one,) = quoted(told, "Gazette")
    assert one.passage.text == text
    assert one.why.startswith("Ida Lund is quoted; sure to 0.")


@pytest.mark.parametrize(("text", "why"), NO_QUOTES)
def test_another_quotation_is_left(article: Make, text: str, why: str) -> None:
    assert found(article, text, "en") == [], why


def speakers(make: Make, text: str) -> list[str]:
    """Return who is found to speak in a text below a headline with the surname Lund."""
    studied = study(make(text, title="Lund tells of the ships"), DAY, DAY, TextKind.NEWS)
    sayings = [(each, said) for each in studied.sentences if (said := saying_of(each))]
    return [
        speaker.name for speaker in (speaker_of(saying, studied, sentence) for sentence, saying in sayings) if speaker
    ]


def test_a_surname_of_the_headline_names_a_person_whose_first_name_or_title_the_article_has(article: Make) -> None:
    said = "“Nobody in this town believed that the ships would come back,” Lund told the council on Monday."
    assert speakers(article, f"The pilot Ida Lund has told the council of Norrhaven about the ships. {said}") == [
        "Lund"
    ]
    assert speakers(article, f"President Lund has told the council of Norrhaven about the ships. {said}") == ["Lund"]
    assert speakers(article, said) == []


SAID = {
    "en": "“Nobody in this town believed that the ships would come back,” Lund told the council on Monday.",
    "de": "„Niemand in dieser Stadt glaubte an die Rückkehr der Schiffe“, sagte Lund am Montag.",
    "fr": "« Personne dans cette ville ne croyait au retour des navires », a déclaré Lund lundi.",
    "es": "“Nadie en esta ciudad creía en el regreso de los barcos”, dijo Lund el lunes.",
}


@pytest.mark.parametrize(
    ("language", "before", "credit"),
    [
        ("en", "The council heard Ida Lund, a pilot of the harbour, on Monday.", "Ida Lund, a pilot of the harbour"),
        ("en", "The council has heard Mayor Ida Lund on Monday in Norrhaven.", "Mayor Ida Lund"),
        ("en", "The council has heard Secretary of State Ida Lund in Norrhaven.", "Secretary of State Ida Lund"),
        ("de", "Der Rat hörte am Montag in Hallby Bürgermeisterin Ida Lund an.", "Bürgermeisterin Ida Lund"),
        ("fr", "Le conseil a entendu Ida Lund, maire du port de Hallby, lundi.", "Ida Lund, maire du port de Hallby"),
        ("es", "El consejo escuchó el lunes a Ida Lund, alcaldesa de Hallby.", "Ida Lund, alcaldesa de Hallby"),
        ("en", "The council has heard Ida Lund on Monday in the old Norrhaven.", ""),
        ("en", "The council heard Ida Lund, a pilot, and Jon Lund, a baker, on Monday.", ""),
        ("en", "The council has met in the harbour on Monday, for the first time.", ""),
    ],
    ids=["apposition", "office", "office of two parts", "de", "fr", "es", "not said who", "two of a name", "unnamed"],
)
def test_a_surname_is_credited_as_its_article_introduces_it(
    article: Make, language: str, before: str, credit: str
) -> None:
    told = study(article(f"{before} {SAID[language]}", language=language), DAY, DAY, TextKind.NEWS)
    sentence = told.sentences[-1]
    saying = saying_of(sentence)
    assert saying
    speaker = speaker_of(saying, told, sentence)
    assert (speaker.credit if speaker else "") == credit


def test_who_is_introduced_only_later_has_no_credit(article: Make) -> None:
    text = f"{SAID['en']} The council heard Ida Lund, a pilot of the harbour, for hours."
    told = study(article(text, title="Ships"), DAY, DAY, TextKind.NEWS)
    saying = saying_of(told.sentences[0])
    assert saying
    assert speaker_of(saying, told, told.sentences[0]) is None


@pytest.mark.parametrize(("words", "is_statement"), [(4, False), (5, True), (36, True), (37, False)])
def test_a_statement_has_five_to_thirty_six_words(words: int, *, is_statement: bool) -> None:
    said = " ".join(["Ships", *["sail"] * (words - 1)])
    (sentence,) = read(f"“{said}.” Ida said.", "Norrhaven", "en").sentences[:1]
    assert (saying_of(sentence) is not None) is is_statement


def test_the_longest_whole_statement_of_a_sentence_is_taken_if_it_is_a_third_of_it() -> None:
    def taken(text: str) -> str:
        saying = saying_of(read(text, "Norrhaven", "en").sentences[0])
        return saying.inside if saying else ""

    long, short = "The ships of this town will come back.", "Nobody believed it in May."
    assert taken(f"Lund said “{short}” and “{long}”") == long
    assert taken(f"Lund said “{long}” and “{short}”") == long
    assert taken(f"Lund said that “the ships of this town” and {'the others and ' * 9}“{short}”") == ""
    assert taken("Lund said that “the ships of this town will come back to us in May” on Monday.") == ""
