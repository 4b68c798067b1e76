"""Advertising is known by its publisher's marks, and by nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.text.test_sections import filed

from digest.model.kind import TextKind
from digest.text.advertorial import paid_mark
from digest.text.kind import kind_of


def titled(title: str, **changes: Any) -> str:
    return paid_mark(replace(filed(), title=title, **changes))


@pytest.mark.parametrize(
    "title",
    [
        "Sponsored: How a mattress changed my week",
        "Anzeige: So schlafen Sie besser",
        "A week of better sleep (Advertorial)",
        "[Ad] A week of better sleep",
        "Sponsored by Kettle & Sons: a week of better sleep",
        "A week of better sleep | Paid content",
        "Publireportaje: dormir mejor",
        "(Werbung) Besser schlafen",
        "【PR】よく眠るために",
        "Annonsørinnhold: Slik sover du bedre",
        "Реклама | Как лучше спать",
        "So schlafen Sie besser | Anzeige",
        "Artykuł sponsorowany: jak lepiej spać",
        "Advertentie: beter slapen",
        "Annons: sov bättre",
        "Conteúdo patrocinado: dormir melhor",
        "Dormir mieux (publicité)",
    ],
)
def test_a_label_of_the_title_marks_advertising(title: str) -> None:
    assert titled(title).startswith("its title says")


@pytest.mark.parametrize(
    "title",
    [
        "Sponsored walk raises £5,000 for the lifeboat",
        "Werbung: Der Werberat rügt zwei Kampagnen",
        "Publicité : la télévision perd des annonceurs",
        "Promoted: Wendle Rovers return to the first division",
        "The minister's advertisement was misleading, court says",
        "Council (Labour) backs barrier",
        "Nach Anzeige gegen Wirt: Polizei ermittelt",
        "Ad spending falls: what it means for papers",
        "Pubblicità: il mercato cresce del sei per cento",
        "Publicidad: el sector pierde anunciantes",
        "Ohne Führerschein und betrunken am Steuer: Anzeige",
        "Streit um einen Hund im Stadtpark - Anzeige",
        "Anzeige: Polizei sucht Zeugen nach Unfallflucht",
        "Homem é preso em Lagoa Seca (PR)",
        "Advertisement for a new dean: how the search went wrong",
        "Ad astra: the rocket club of Varn",
        "Partner content with life after the lottery",
        "إعلان: حالة الطوارئ في المدينة",
    ],
)
def test_news_about_advertising_is_news(title: str) -> None:
    assert titled(title) == ""


def test_a_section_a_folder_a_type_and_extraction_mark_advertising_too() -> None:
    assert paid_mark(filed("Advertisement feature")) == "its section is 'Advertisement feature'"
    assert paid_mark(filed("Anzeige")) == "its section is 'Anzeige'"
    assert (
        paid_mark(filed(link="https://quay.example/partner-content/sleep")) == "its address lies in 'partner content'"
    )
    assert "AdvertiserContentArticle" in paid_mark(filed(schema_types=("AdvertiserContentArticle",)))
    assert paid_mark(filed(sponsored=True))


COMPLAINT = "Ein Mann erstattete am Montag Anzeige gegen den Wirt. Die Polizei ermittelt wegen Bedrohung."


@pytest.mark.parametrize(
    ("sections", "link"),
    [
        (("Anzeige",), "https://quay.example/1"),
        (("Anzeige", "Polizei"), "https://quay.example/1"),
        (("Blaulicht", "Anzeige"), "https://quay.example/1"),
        ((), "https://quay.example/anzeige/wirt"),
    ],
)
def test_a_report_of_a_complaint_is_news_wherever_the_word_for_it_stands(sections: tuple[str, ...], link: str) -> None:
    report = replace(filed(*sections, link=link), title="Streit im Gasthof eskaliert", text=COMPLAINT)
    assert paid_mark(report) == ""
    assert kind_of(report) is not TextKind.PROMO
    assert paid_mark(replace(report, sections=("Advertorial",))), "what is plain stays plain"


def test_the_first_folder_of_an_address_may_be_that_of_advertising() -> None:
    assert paid_mark(filed(link="https://quay.example/anzeige/gin")) == "its address lies in 'anzeige'"
    assert paid_mark(filed(link="https://quay.example/news/anzeige/gin")) == ""
    assert paid_mark(filed(link="https://quay.example/news/paidpost/gin"))


def test_a_tag_of_a_police_report_and_the_publishers_own_podcast_are_no_advertising() -> None:
    assert paid_mark(filed("Polizei", "Anzeige")) == ""
    assert paid_mark(filed("Podcasts", link="https://quay.example/podcasts/morning")) == ""
    assert paid_mark(filed(link="https://quay.example/news/sponsored-walk-raises-thousands")) == ""


def test_what_is_paid_for_is_a_promotion_by_its_kind() -> None:
    assert kind_of(filed("Advertisement feature")) is TextKind.PROMO
