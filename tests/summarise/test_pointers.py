"""Openings that point back, in the languages of the letters, and what only looks like one."""
# ruff: noqa: RUF001 - letters of other scripts are the subject here

from __future__ import annotations

from collections.abc import Callable

import pytest

from digest.model.article import Article
from digest.model.story import Story
from digest.summarise.bullets import candidates
from digest.summarise.pointers import points_back, refers_back
from digest.summarise.reading import read
from digest.text.words import content_words


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The latter costs nine million pounds and is older than the town."),
        ("en", "One of them, a baker of 41, found the chest in Ellery on Monday."),
        ("en", "Another was sold in Grayport for the price of a small house."),
        ("en", "The other two ships lie in the harbour of Port Ellery."),
        ("en", "The pair opened a bakery in Pell Street in the spring of 1998."),
        ("en", "The second fell from the pier and was found by a fisherman."),
        ("en", "Three weeks later the treasurer sold his house and left the town."),
        ("en", "The following day the council met again behind closed doors."),
        ("en", "Here the road turns north and crosses the meadows of nine farms."),
        ("en", "More than half of these stand on the meadows behind the mill."),
        ("en", "Doing so costs nine million pounds, the treasurer said on Monday."),
        ("en", "62% say they never cross the river after nine in the evening."),
        ("en", "Cost aside, the council of Ellery wants the bridge by the summer."),
        ("de", "Letztere kostet neun Millionen Euro und ist älter als die Stadt."),
        ("de", "Drei Wochen später verkaufte der Kämmerer sein Haus in Ellern."),
        ("de", "Einer von ihnen fand die Truhe am Montag in einem Keller."),
        ("de", "Ein weiteres Schiff liegt seit Montag im Hafen von Ellern."),
        ("de", "Das ist die dritte Brücke über den Fluss in neun Jahren."),
        ("fr", "Les deux navires sont au port d’Ellery depuis lundi soir."),
        ("fr", "Trois semaines plus tard le trésorier a vendu sa maison."),
        ("fr", "L’un d’eux a trouvé le coffre lundi dans une cave."),
        ("fr", "D’autres ont quitté la ville à pied dans la nuit de lundi."),
        ("es", "Uno de ellos encontró el cofre el lunes en un sótano."),
        ("es", "Tres semanas después el tesorero vendió su casa de Ellery."),
        ("es", "Otros salieron de la ciudad a pie en la noche del lunes."),
        ("ru", "Один из них нашёл сундук в понедельник в подвале дома."),
        ("ru", "Спустя три дня казначей продал дом и уехал из города."),
        ("ru", "Обе лодки стоят в гавани с понедельника, сообщил порт."),
        ("ar", "أحدهم وجد الصندوق يوم الاثنين في قبو البيت القديم."),
        ("ar", "وفي اليوم التالي باع أمين الصندوق بيته وغادر المدينة."),
    ],
)
def test_an_opening_that_points_back_needs_the_sentence_before(language: str, text: str) -> None:
    assert points_back(text, language)
    assert read(text, "", language).sentences[0].needs_previous


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The latter half of the year brought nine ships to Port Ellery."),
        ("en", "The former mayor of Ellery was fined 900 pounds on Monday."),
        ("en", "The two years of work cost nine million pounds in all."),
        ("en", "The first bridge of Ellery was sold for a pound on Monday."),
        ("en", "The rest of the wall falls in March, the council of Ellery said."),
        ("en", "Later this week the council of Ellery votes on the bridge."),
        ("en", "Other than Ellery, no town on the river has a bridge of wood."),
        ("en", "Two weeks ago the council of Ellery sold the old mill."),
        ("en", "The same bridge that fell in March is open again, Ellery said."),
        ("de", "Die Demokraten von Ellern wählten am Montag einen Vorsitzenden."),
        ("de", "Die erste Brücke von Ellern wurde am Montag verkauft."),
        ("de", "Die drei Tage im Mai kosteten die Stadt neun Millionen Euro."),
        ("fr", "Les deux ans de travaux coûtent neuf millions d’euros."),
        ("es", "El resto de la muralla caerá en marzo, dijo el concejo."),
        ("ja", "町の議会は月曜日に新しい橋について投票した。"),
    ],
)
def test_what_only_looks_like_a_pointer_stands_alone(language: str, text: str) -> None:
    assert not points_back(text, language)


@pytest.mark.parametrize(
    ("language", "text", "titled"),
    [
        ("en", "The woman was taken to the hospital of Grayport on Monday.", "Woman falls from the pier"),
        ("en", "The 34-year-old denies that he sold the chest of Ellery.", "Trial of a 34-year-old opens"),
        ("en", "The decision came nine hours after the vote of the porters.", "Decision on the mill is near"),
        ("en", "Spokeswoman Ida Lund said the mill would open in March.", "Mill spokeswoman resigns"),
        ("de", "Der Mann wurde am Montag in einem Gasthof festgenommen.", "Mann stiehlt eine Truhe"),
        ("fr", "L’homme de 34 ans a été arrêté lundi dans une auberge.", "Un homme vole un coffre"),
        ("en", "Rennick, 45, said the chest had been empty for nine years.", "Rennick sells the chest"),
        ("de", "Rennick (45) leugnete am Montag, die Truhe verkauft zu haben.", "Rennick steht vor Gericht"),
        ("fr", "Rennick, 45 ans, a dit lundi que le coffre était vide.", "Rennick vend le coffre"),
        ("es", "La mujer fue llevada el lunes al hospital de Grayport.", "Una mujer cae del muelle"),
    ],
)
def test_a_person_or_an_act_that_the_headline_does_not_name_refers_back(language: str, text: str, titled: str) -> None:
    assert refers_back(text, language, frozenset(content_words("Ellery", language)))
    assert not refers_back(text, language, frozenset(content_words(titled, language)))
    assert read(text, "Ellery", language).sentences[0].leans


@pytest.mark.parametrize(
    "text",
    [
        "The woman who sold the chest was taken to Grayport on Monday.",
        "Ida Rennick, 45, said the chest had been empty for nine years.",
        "On Monday, 45 porters of the mill went home without their pay.",
        "The man from Ellery was arrested on Monday at an inn.",
        "A spokeswoman for the mill said it would open in March.",
        "The company behind the mill was sold for a pound on Monday.",
    ],
)
def test_a_person_that_the_sentence_itself_describes_stands_alone(text: str) -> None:
    assert not refers_back(text, "en", frozenset())


FOUND = "A chest of silver coins was found on Monday in a cellar below the old mill of Port Ellery, builders said."
WOMAN = "The woman was taken to the hospital of Grayport with a broken arm and two broken ribs after the accident."
ROAD = "Lorries will be sent over the northern road until the spring, which adds 22 kilometres to the journey."


def test_a_sentence_that_refers_back_is_told_only_after_an_earlier_one(
    story: Callable[..., Story], article: Callable[..., Article]
) -> None:
    chosen = candidates(story(article(f"{WOMAN} {FOUND} {ROAD}", title="Silver of Port Ellery")))
    assert WOMAN not in [bullet.text for bullet in chosen]
    chosen = candidates(story(article(f"{FOUND} {ROAD} {WOMAN}", title="Silver of Port Ellery")))
    told = [bullet.text for bullet in chosen]
    assert told.index(WOMAN) > 0
