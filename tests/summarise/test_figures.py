"""The number of the day: one sentence with a number of the news."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from digest.model.article import Article
from digest.model.kind import TextKind
from digest.summarise.finds.figures import figures, may_count, with_noun
from digest.summarise.finds.study import study

DAY = date(2026, 5, 4)
Make = Callable[..., Article]

NUMBERS = [
    ("en", "Barrier cost", "The cost of the barrier has risen to $2.4 billion, the region said.", "$2.4 billion"),
    (
        "en",
        "Night train fares",
        "Some 140,000 night train passengers can claim back their fares.",
        "140,000 night train passengers",
    ),
    ("en", "Cod quota falls", "The cod quota of the northern coast falls by 12 percent in January.", "12 percent"),
    ("de", "Kosten des Damms", "Die Kosten des Damms sind auf 2,4 Milliarden Euro gestiegen.", "2,4 Milliarden Euro"),
    (
        "fr",
        "Le coût de la digue",
        "Le coût de la digue atteint désormais 2,4 milliards d'euros.",
        "2,4 milliards d'euros",
    ),
    ("es", "El coste del dique", "El coste del dique asciende a 2.400 millones de euros.", "2.400 millones de euros"),
    (
        "en",
        "Night train fares",
        "More than 140,000 night train passengers can claim back their fares.",
        "140,000 night train passengers",
    ),
    (
        "de",
        "Nachtzüge",
        "Mehr als 140.000 Fahrgäste der Nachtzüge können ihr Geld zurückverlangen.",
        "140.000 Fahrgäste",
    ),
    (
        "fr",
        "Trains de nuit",
        "Plus de 140.000 passagers des trains de nuit peuvent réclamer leur argent.",
        "140.000 passagers",
    ),
    (
        "es",
        "Trenes nocturnos",
        "Más de 140.000 pasajeros de los trenes nocturnos pueden reclamar su dinero.",
        "140.000 pasajeros",
    ),
    ("en", "Harbour fire", "At least 4,800 people were rescued from the burning harbour of Norrhaven.", "4,800 people"),
    (
        "en",
        "Barrier law",
        "The council approved a $2.4 billion plan that raises the age of pilots from 18 to 21.",
        "$2.4 billion",
    ),
    (
        "en",
        "Barrier cost",
        "The cost of the barrier has risen to $2.4 billion, the most since 2019, the region said.",
        "$2.4 billion",
    ),
    (
        "en",
        "Pier strike",
        "The Ministry of Norrhaven says it will spend $2.4 billion on the barrier.",
        "$2.4 billion",
    ),
]
NO_NUMBERS = [
    ("en", "Barrier cost", "The cost of the barrier could rise to $2.4 billion by next year.", "it is a doubt"),
    ("en", "Barrier cost", "The cost of the barrier was set at $2.4 billion in 2019 by the council.", "it looks back"),
    ("en", "Barrier cost", "A ticket to see the barrier will cost $12 for grown-ups from May.", "it is a price"),
    ("en", "Barrier cost", "Its cost rose by 12 percent, 14 percent, 9 percent and 30 percent in turn.", "a table"),
    ("en", "Barrier vote", "“The cost of the barrier is $2.4 billion,” said Mayor Ida Lund of Norrhaven.", "quoted"),
    ("en", "Barrier strike", "The owners of the barrier were given a fine of 250,000 crowns on Friday.", "a fine"),
    ("en", "Barrier cost", "The cost of a walk on the barrier rose to $2,000 for each of its owners.", "a small sum"),
    (
        "en",
        "Barrier share",
        "The share of the barrier rose from 12 percent to 14 percent in a year.",
        "it has two values",
    ),
    ("en", "Barrier cost", "A third barrier will have a cost of $2.4 billion, the region said.", "two are unknown"),
    (
        "en",
        "Barrier cost",
        "The barrier will spend the weekend closed at a cost of $2.4 billion.",
        "the weekend is over",
    ),
    (
        "en",
        "Barrier vote",
        "The council approved the barrier by 310 votes to 180 on the day.",
        "a vote has two numbers",
    ),
    ("en", "Barrier vote", "The council rejected the barrier with 180 votes against 310 of them.", "a vote, too"),
    (
        "en",
        "Night train fares",
        "Between 90,000 and 140,000 night train passengers can claim back their fares.",
        "a range",
    ),
    ("en", "Barrier cost", "Experts had expected a cost of the barrier of about $2.4 billion.", "it was a forecast"),
    ("de", "Kosten des Damms", "Die Kosten des Damms dürften auf 2,4 Milliarden Euro steigen.", "it is a doubt"),
    ("fr", "Le coût de la digue", "Le coût de la digue devrait atteindre 2,4 milliards d'euros.", "it is a doubt"),
    ("es", "El coste del dique", "El coste del dique podría ascender a 2.400 millones de euros.", "it is a doubt"),
    ("en", "Barrier cost", "In 2019, the cost of the barrier rose to $2.4 billion, the region said.", "it looks back"),
    ("de", "Kosten des Damms", "Im Jahr 2019 stiegen die Kosten des Damms auf 2,4 Milliarden Euro.", "it looks back"),
    ("fr", "Le coût de la digue", "En 2019, le coût de la digue a atteint 2,4 milliards d'euros.", "it looks back"),
    ("es", "El coste del dique", "En 2019 el coste del dique ascendió a 2.400 millones de euros.", "it looks back"),
    ("en", "Night trains", "More night trains will carry 140,000 passengers to the coast of Norrhaven.", "it adds"),
    ("en", "Barrier cost", "The cost of the barrier has risen to $2.4 billion in the region of...", "it is torn"),
    ("en", "Barrier law", "The region repeals the barrier tax by H.R. 748 passed in the council.", "it is a name"),
    ("en", "Pilot boats", "The pilots of Norrhaven have bought the new LC 500 boats for the harbour.", "it is a name"),
    ("ru", "Плотина", "Стоимость плотины выросла до 2,4 миллиарда крон, сообщил регион.", "no lists"),
    ("ar", "السد", "ارتفعت كلفة السد إلى 2.4 مليار كرونة بحسب المنطقة.", "no lists"),
    ("sv", "Barriären", "Kostnaden för barriären har stigit till 140 000 kronor enligt regionen.", "no lists"),
]


def found(make: Make, title: str, text: str, language: str) -> list[tuple[str, str]]:
    told = make(text, title=title, language=language)
    return [(each.figure, each.passage.text) for each in figures(study(told, DAY, DAY, TextKind.NEWS), "Gazette")]


@pytest.mark.parametrize(("language", "title", "text", "figure"), NUMBERS)
def test_a_number_of_the_news_may_be_printed_with_its_unit(
    article: Make, language: str, title: str, text: str, figure: str
) -> None:
    told = study(article(text, title=title, language=language), DAY, DAY, TextKind.NEWS)
    assert [(shown, sentence.text) for sentence, shown, _ in may_count(told)] == [(figure, text)]


@pytest.mark.parametrize(("language", "title", "text", "figure"), [NUMBERS[0], *NUMBERS[3:6]])
def test_a_number_of_the_headlines_matter_is_printed(
    article: Make, language: str, title: str, text: str, figure: str
) -> None:
    assert found(article, title, text, language) == [(figure, text)]


@pytest.mark.parametrize(("language", "title", "text", "why"), NO_NUMBERS)
def test_another_number_is_left(article: Make, language: str, title: str, text: str, why: str) -> None:
    assert found(article, title, text, language) == [], why


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("en", "140,000 night train passengers", "140,000 night train passengers"),
        ("en", "140,000 of the passengers", ""),
        ("en", "140,000 have seen losses", ""),
        ("en", "140,000 others wait", ""),
        ("de", "140.000 junge alte Leute", "140.000 junge alte Leute"),
        ("de", "140.000 der Leute", ""),
        ("de", "140.000 waren im Haus", ""),
        ("fr", "140.000 passagers", "140.000 passagers"),
        ("fr", "140.000 nouveaux passagers", "140.000 nouveaux passagers"),
        ("fr", "140.000 estiment", ""),
        ("fr", "140.000 autres sont", ""),
        ("fr", "140.000 des gens", ""),
        ("es", "140.000 nuevos viajeros", "140.000 nuevos viajeros"),
        ("es", "140.000 piensan", ""),
        ("es", "140.000 más", ""),
    ],
)
def test_a_count_is_shown_with_the_noun_that_it_counts(language: str, text: str, shown: str) -> None:
    number = re.match(r"[\d.,]+", text)
    assert number
    assert with_noun(text, number, language) == shown


def test_numbers_of_an_article_come_surest_first_each_with_its_reasons(article: Make) -> None:
    text = (
        "The cost of the barrier has risen to $2.4 billion, the region said. "
        "The cost of the barrier for the town has risen to $1.6 billion, the region said."
    )
    told = article(text, title="Cost of the barrier", language="en")
    ranked = figures(study(told, DAY, DAY, TextKind.NEWS), "Gazette")
    assert len(ranked) == 2
    assert ranked[0].sureness > ranked[1].sureness > 0.5
    assert all("sure to 0." in each.why for each in ranked)
