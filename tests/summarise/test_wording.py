# ruff: noqa: RUF001 - Cyrillic words are words

from __future__ import annotations

import pytest

from digest.summarise.context import CONTEXT, context
from digest.summarise.reading import read
from digest.summarise.wording import WORDING, wording


def seen(text: str, language: str = "en") -> dict[str, float]:
    return dict(zip(WORDING, next(wording(read(text, "", language))), strict=True))


@pytest.mark.parametrize(
    ("text", "language", "trait"),
    [
        ("The two teams will also meet again in the final.", "en", "additives"),
        ("Er wurde am Abend auch noch befragt, sagte die Polizei.", "de", "additives"),
        ("In 2019 the town had three cinemas of its own.", "en", "opens with a time gone by"),
        ("Im vergangenen Jahr hatte die Stadt drei Kinos.", "de", "time gone by"),
        ("El año pasado la ciudad tenía tres cines propios.", "es", "time gone by"),
        ("Harbour views: Boats lie at anchor in the bay today.", "en", "label in capitals"),
        ("You should take your own bread to the harbour.", "en", "second person"),
        ("Мы не знали об этом до вчерашнего вечера.", "ru", "first person"),
        ("Perhaps it is simply the best view of the bay.", "en", "opinions"),
        ("“We lost it all,” said Nell Tarrant of the union.", "en", "opens a quotation"),
    ],
)
def test_a_sentence_shows_its_trait(text: str, language: str, trait: str) -> None:
    assert seen(text, language)[trait] > 0


def test_a_plain_report_shows_none_of_them() -> None:
    row = seen("Ulvik council approved a plan to close the harbour on Monday.")
    shown = ("additives", "opinions", "time gone by", "first person", "second person", "label", "opens a quotation")
    assert not any(row[trait] for trait in shown)


def test_the_first_sentence_of_a_line_opens_a_paragraph() -> None:
    text = "The harbour will close. It opened in 1880.\n\nThe ferry goes on.\nThe cranes are for sale."
    rows = [dict(zip(CONTEXT, row, strict=True)) for row in context(read(text, "", "en"))]
    assert [row["opens a paragraph"] for row in rows] == [1, 0, 1, 1]
    assert [row["length of its paragraph"] for row in rows] == [2, 2, 1, 1]
