"""A text that speaks of itself or leads its reader through it tells nothing."""
# ruff: noqa: RUF001 - apostrophes are the subject here

from __future__ import annotations

import pytest

from digest.summarise.reading import read

ASIDES = {
    "en": [
        "This article looks at the history of the ferry and of its crew.",
        "In this guide, the harbour office explains how a berth is rented.",
        "We've rounded up the best ferries of the coast for a day in the sun.",
        "Today, we’re going to talk about how a harbour keeps its cranes.",
        "Let's take a look at what the council has said about the bridge.",
        "Here’s what the council said about the bridge over the river.",
        "Read on to learn how the town saved its old ferry from the fire.",
        "Whether you’re a sailor or a walker, the bay of Tarrow has a path for that.",
        "Learn how the old harbour was built on the bones of a whale.",
        "Find out why the ferry was painted red in the year of the flood.",
    ],
    "de": [
        "Dieser Artikel beschreibt die Geschichte der Fähre und ihrer Mannschaft.",
        "Wir zeigen Ihnen, wie der Hafen seine alten Kräne pflegt.",
        "Wie der Hafen seine Kräne rettet, weiß die Meisterin Nell Tarrant.",
        "Hier sind die schönsten Wege rund um die Bucht von Tarrau.",
    ],
    "fr": [
        "Cet article raconte l’histoire du bac et de son équipage.",
        "On vous explique comment le port garde ses vieilles grues.",
        "Voici ce qu’il faut savoir sur le nouveau pont du port.",
    ],
    "es": ["Te contamos cómo el puerto conserva sus viejas grúas.", "Este artículo cuenta la historia del barco."],
    "it": ["Ecco cosa sappiamo del nuovo ponte sul porto.", "In questo articolo si parla della nave."],
    "pt": ["Neste artigo falamos da história do barco.", "Confira os melhores caminhos da baía."],
}
TOLD = {
    "en": [
        "The council said this article of the treaty had been broken twice.",
        "The mayor said: “Let’s take a look at the bridge before we vote on it.”",
        "Here's how the scheme worked: the master took money and looked away.",
        "We will rebuild the pier before the winter, the mayor said.",
        "The guide of the museum was shot on the steps of the town hall.",
    ],
    "de": ["Der Artikel 5 des Vertrages wurde verletzt, sagte die Ministerin.", "Wir geben nicht auf, sagte der Wirt."],
    "fr": ["L’article 5 du traité a été violé, selon la ministre."],
    "xx": ["This article is of a language of which nothing is known."],
}


@pytest.mark.parametrize(("language", "text"), [(key, each) for key, texts in ASIDES.items() for each in texts])
def test_a_sentence_about_the_text_or_for_its_reader_is_an_aside(language: str, text: str) -> None:
    assert read(text, "", language).sentences[0].objection == "the text speaks of itself"


@pytest.mark.parametrize(("language", "text"), [(key, each) for key, texts in TOLD.items() for each in texts])
def test_what_is_said_in_quotation_marks_or_of_something_else_is_none(language: str, text: str) -> None:
    assert read(text, "", language).sentences[0].objection != "the text speaks of itself"


def test_words_in_quotation_marks_are_not_the_writers_own() -> None:
    (sentence,) = read("“I will not leave my ship,” the captain told the court on Monday.", "", "en").sentences
    assert sentence.own == ["the", "captain", "told", "the", "court", "on", "monday"]
    assert "i" in sentence.small
