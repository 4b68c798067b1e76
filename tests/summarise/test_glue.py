"""Headings and captions that a page ran together with the sentence behind them."""
# ruff: noqa: RUF001 - letters and quotation marks of several languages are the subject here

from __future__ import annotations

import pytest

from digest.summarise.glue import joined_words
from digest.summarise.reading import read
from digest.summarise.trim import trim


@pytest.mark.parametrize(
    ("language", "heading", "sentence"),
    [
        (
            "en",
            "Jane Doe leaves the court of Ellery after the hearing ",
            "Her decision split the council in two on Monday.",
        ),
        (
            "en",
            "The mayor of Ellery waves from the new bridge ",
            "A crowd of nine hundred had waited since the morning.",
        ),
        ("en", "The ferry passes the lighthouse on its way home ", "It was the third voyage of the ferry in a week."),
        ("en", "New bridge for the autumn", "The mayor of Ellery opened the bridge on Monday."),
        ("de", "Neue Brücke im Herbst", "Der Bürgermeister eröffnete die Brücke am Montag in Ellern."),
        ("fr", "Un nouveau pont à la rentrée", "Les travaux du pont ont commencé lundi près du vieux moulin."),
        ("fr", "Un geste pour toute la ville ", "Le maire du village a ouvert le pont lundi matin."),
        ("fr", "Un geste pour chaque citoyen ", "Si le pont ferme lundi, le village perd sa route de la vallée."),
        ("fr", "Neuf personnes concernées ", "Aujourd’hui, le pont du village ferme une heure par jour."),
        ("es", "Un puente para toda la ciudad ", "El alcalde del pueblo abrió el puente el lunes por la mañana."),
    ],
)
def test_a_heading_before_a_small_word_with_a_capital_goes(language: str, heading: str, sentence: str) -> None:
    start, end = trim(heading + sentence, language)
    assert (heading + sentence)[start:end] == sentence


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The doctors of Ellery found that vitamin A helps the eyes of children more than carrots do."),
        ("en", "The cinema of Ellery shows the film As good as gold until the end of the week."),
        ("en", "The mayor of Ellery said The plan of the council was never a good one for the town."),
        ("en", "The council of Ellery bought nine iPhones and a MacBook for the pupils of the school on Monday."),
        ("fr", "Le maire d’Ellery a lu dans le journal Le petit matin que le pont serait fermé lundi."),
        ("es", "El alcalde leyó en el diario La mañana de Ellery que el puente se cerraría el lunes."),
        ("en", "The council of Ellery put the plans of the bridge on its LinkedIn page before the vote on Monday."),
        ("de", "Der Rat von Ellern hat die Pläne der Brücke auf seiner LinkedIn Seite gezeigt und am Montag gewählt."),
        ("de", "Der Bürgermeister hat am Montag die Brücke eröffnet, wie Die Zeitung von Ellern berichtet."),
        ("en", "The council of Ellery bought nine letters of the poet P.Tennick for the museum on Monday."),
    ],
)
def test_a_capital_inside_a_sentence_is_no_heading(language: str, text: str) -> None:
    assert trim(text, language) == (0, len(text))


@pytest.mark.parametrize(
    ("language", "first", "behind"),
    [
        ("fr", "Le pont bientôt fermé ?", "Outre le vieux moulin, le conseil d’Ellery ferme la route de la vallée."),
        ("tr", "Kasabanın meclisi pazartesi günü eski köprünün kapanmasına karar verdi.", "KÖPRÜ, EVLER VE YOL"),
        (
            "en",
            "The council of Ellery voted on Monday to close the old bridge.",
            "ROADS AND MILLS Nine roads lead to it.",
        ),
    ],
)
def test_of_two_sentences_that_were_run_together_one_is_told(language: str, first: str, behind: str) -> None:
    start, end = trim(first + behind, language)
    assert (first + behind)[start:end] == (behind if first.endswith("?") else first)


@pytest.mark.parametrize(
    "stray",
    ["' Finally, the mayor of Ellery opened the bridge.", "” The mayor of Ellery opened the bridge on Monday."],
)
def test_a_mark_that_closed_the_quotation_before_goes(stray: str) -> None:
    start, _ = trim(stray, "en")
    assert stray[start:].startswith(("the mayor", "The mayor"))


@pytest.mark.parametrize(
    "stamp",
    [
        "24 4 : 33 AM EST ",
        "17 September 2013 - 21 : 29 ",
        "17 September 2013 – 21:29 ",
        "14 : 25 Sun Sep 15 2013 ",
        "November 12 , 2007 - - 18 : 19 GMT ( 10 : 19 PST ) ",
        "Updated: ",
        "Posted on January 5 , 2011 at 3 : 39 PM Updated Wednesday , Jan 5 at 5 : 53 PM ",
    ],
)
def test_a_stamp_before_the_sentence_goes(stamp: str) -> None:
    text = f"{stamp}The mayor of Ellery opened the bridge on Monday."
    assert text[trim(text, "en")[0] :].startswith("The mayor")


@pytest.mark.parametrize(
    ("language", "text", "leans"),
    [
        ("en", "“We have nothing to hide from anybody in Ellery,” the doctors stated in the letter.", True),
        ("en", "“We have nothing to hide from anybody in the town,” Mayor Jane Doe of Ellery stated.", False),
        ("fr", "« Nous n’avons rien à cacher », assure le directeur d’une école de la ville.", True),
        ("fr", "« Nous n’avons rien à cacher », assure Jeanne Durand, maire d’Ellery, dans une lettre.", False),
        ("de", "„Wir haben nichts zu verbergen“, sagte der Direktor einer Schule der Stadt am Montag.", False),
    ],
)
def test_a_quotation_of_nobody_with_a_name_leans(language: str, text: str, leans: bool) -> None:  # noqa: FBT001
    assert read(text, "", language).sentences[0].leans is leans


def test_a_sentence_that_only_says_the_headline_again_is_not_told() -> None:
    text = "Ellery opens its new bridge over the river on Monday."
    assert read(text, "Ellery opens new bridge over river Monday", "en").sentences[0].objection == "the headline again"
    assert read(text, "Nine million pounds for Ellery", "en").sentences[0].objection == ""


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "fr",
            "La Culture parle du moulin de Roland Moss. Le chef de la |CultureRoland Moss a ouvert le moulin lundi.",
        ),
        ("en", "Gov. Nell Tarrant spoke. The governor of the state, |TarrantNell, defended the new bridge of Ellery."),
        ("de", "Der Rat tagt. Ada Moss leitet ihn. Am Montag hat der |RatMoss die Brücke im Hafen geschlossen."),
    ],
)
def test_a_sentence_with_two_words_that_a_page_joined_is_not_used(language: str, text: str) -> None:
    at, text = text.index("|"), text.replace("|", "")
    assert (at in joined_words(text)) is (language != "de")
    told = [each.objection for each in read(text, "Zorbit", language).sentences]
    assert ("two words are joined" in told) is (language != "de")


def test_a_name_with_a_capital_inside_is_one_word() -> None:
    text = (
        "Mac sales rose. The Book fair opened. The MacBook sold well, and the MacBook sold out. An AirPods case fell."
    )
    assert joined_words(text) == ()
