from __future__ import annotations

from dataclasses import replace

import pytest
from tests.extract.conftest import Press
from tests.extract.test_sections import linked_data

from digest.extract.article import from_feed
from digest.extract.sponsored import is_paid


@pytest.mark.parametrize(
    "title",
    [
        "Sponsored: the gin of the moor", "[Ad] The gin of the moor", "The gin of the moor (Advertorial)",
        "Anzeige: Der Gin vom Moor", "Publireportage: Der Gin vom Moor", "Publicité : le gin de la lande",
        "Contenido patrocinado | La ginebra", "Pubblicità: il gin", "Conteúdo patrocinado: o gin",
        "Advertentie: de gin", "Artykuł sponsorowany: gin", "Реклама: джин", "Annons: ginen", "Annonse: ginen",
    ],
)  # fmt: skip
def test_a_label_in_the_title_tells_that_it_was_paid_for(title: str) -> None:
    assert is_paid([title], (), (), ())


@pytest.mark.parametrize(
    "title",
    [
        "Ad spending falls for a third year", "Adverts for gin are banned", "Sponsored walk raises 9,000 crowns",
        "Werbung im Netz wird teurer", "Ad astra: the rocket club of Varn", "Anzeigen gegen den Wirt",
    ],
)  # fmt: skip
def test_news_about_advertising_is_news(title: str) -> None:
    assert not is_paid([title], ("Advertising", "Media"), ("NewsArticle",), ("https://varn.example/media/ads-fall",))


@pytest.mark.parametrize("section", ["Sponsored", "Advertisement feature", "Partner Content", "Anzeige", "Advertorial"])
def test_a_section_for_paid_texts_holds_paid_texts(section: str) -> None:
    assert is_paid((), (section,), (), ())


@pytest.mark.parametrize(
    "path", ["/sponsored/gin", "/partner-content/gin", "/a/advertorial/gin", "/brandvoice/gin", "/anzeige/gin"]
)
def test_a_folder_for_paid_texts_holds_paid_texts(path: str) -> None:
    assert is_paid((), (), (), (f"https://varn.example{path}",))
    assert not is_paid((), (), (), ("https://varn.example/news/sponsored-walk-raises-money",))


def test_feed_and_page_may_say_it(press: Press) -> None:
    data = linked_data({"@type": "AdvertiserContentArticle", "headline": press.title})
    assert press.read(press.html(head=data)).sponsored
    assert press.read(press.html(), replace(press.entry(), sections=("Sponsored",))).sponsored
    assert from_feed(replace(press.entry(), sections=("Sponsored",))).sponsored
    assert not press.read(press.html()).sponsored


def test_a_label_beside_the_heading_counts_and_that_of_a_banner_does_not(press: Press) -> None:
    assert press.read(press.html(above="<p>Paid content</p>")).sponsored
    assert press.read(press.html(above="<p class='kicker'>Anzeige</p>")).sponsored
    assert not press.read(press.html(above="<div class='slot-1'>Advertisement</div>")).sponsored
    assert not press.read(press.html(below="<div><p>Sponsored content</p><p>Gin</p></div>")).sponsored
