from __future__ import annotations

from dataclasses import replace

import pytest
from tests.extract.conftest import Press
from tests.extract.test_sections import linked_data

from digest.extract.article import from_feed

COMPLAINT = (
    "<p>Die Polizei nahm am Montag eine Anzeige gegen den Wirt des Gasthofs auf, der seine Gäste bedroht hat.</p>"
)


def test_feed_and_page_may_say_it(press: Press) -> None:
    data = linked_data({"@type": "AdvertiserContentArticle", "headline": press.title})
    assert press.read(press.html(head=data)).sponsored
    assert press.read(press.html(), replace(press.entry(), sections=("Sponsored",))).sponsored
    assert from_feed(replace(press.entry(), sections=("Sponsored",))).sponsored
    assert from_feed(replace(press.entry(), link="https://varn.example/brandvoice/gin")).sponsored
    assert not press.read(press.html()).sponsored


@pytest.mark.parametrize(
    "above",
    [
        "<p>Paid content</p>", "<p class='kicker'>Anzeige</p>", "<p class='text-label'>Werbung</p>",
        "<p>Sponsored by Tarrow Gin</p>", "<p class='eyebrow'>Publicité</p>", "<p>Contenido patrocinado</p>",
        "<p>Annonsørinnhold</p>", "<div class='badge'>Promoted</div>",
    ],
)  # fmt: skip
def test_a_label_beside_the_heading_tells_that_it_was_paid_for(press: Press, above: str) -> None:
    assert press.read(press.html(above=above)).sponsored


@pytest.mark.parametrize(
    "above",
    [
        "<div class='slot-1'>Advertisement</div>", "<p>In partnership with Varn Investigates</p>",
        "<p class='kicker'>Advertising</p>", "<p class='kicker'>Werbebranche</p>", "<p>Sponsored walk</p>",
    ],
)  # fmt: skip
def test_a_banners_label_a_topic_and_a_partner_in_reporting_are_no_label_of_paid_texts(
    press: Press, above: str
) -> None:
    assert not press.read(press.html(above=above)).sponsored


def test_a_label_behind_the_text_is_of_something_else(press: Press) -> None:
    assert not press.read(press.html(below="<div><p>Sponsored content</p><p>Gin</p></div>")).sponsored


def test_a_police_report_under_the_word_for_a_complaint_is_news(press: Press) -> None:
    report = press.html(above="<p class='kicker'>Anzeige</p>").replace("<p>", f"{COMPLAINT}<p>", 1)
    assert not press.read(report, replace(press.entry(), sections=("Anzeige",))).sponsored
