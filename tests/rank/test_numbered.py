"""Notices of one template are as many stories as they tell of; a number that grows is one story still."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import pytest

from digest.model.article import Article
from digest.rank.group import group
from digest.rank.numbered import conflict, things

Make = Callable[..., Any]
TOWNS = ("Ashcombe", "Brannoch", "Caldry", "Dunmere", "Elswick", "Farrow", "Gosling", "Harrowby")
DORFER = ("Altheim", "Brunnau", "Clausdorf", "Dornfeld", "Erlbach", "Finkental", "Grubing", "Hollern")

TEMPLATES = {
    "planning": (
        "en", TOWNS, "Planning notice for {}",
        ("The district council has received an application for planning permission in {}. Plans may be inspected at "
        "its offices during opening hours. Anyone who wishes to comment must write to the planners within 21 days. "
        "Comments are published with the name of the writer. A decision is expected by the end of next month."),
    ),
    "street": (
        "en", range(3, 60, 7), "Application: {} High Street, Ashcombe",
        ("An application was made for permission to build an extension at {} High Street, Ashcombe. Comments must be "
        "received within 21 days of the date of this notice. The plans may be seen at the town hall."),
    ),
    "road": (
        "en", range(31, 39), "A{} closed overnight for resurfacing",
        ("The A{} will be closed overnight on Friday for resurfacing. Drivers will be sent on a signed diversion. The "
        "work was planned for the quiet hours and should end by 5 am, the highways agency said."),
    ),
    "lot": (
        "en", range(11, 19), "Lot {} sold at auction",
        ("Lot {} was sold at the autumn auction of the house of Kettle. The buyer did not give a name. The auction "
        "goes on until Sunday, and the catalogue can be seen on the website of the house."),
    ),
    "ferry": (
        "en", range(8), "Ferry {} returns after repair",
        ("The ferry number {} to Brannoch sailed again after nine days ashore, its owner told the harbour board. "
        "Islanders had relied on fishing boats for bread, medicine and post since the breakdown."),
    ),
    "burglary": (
        "de", DORFER, "Einbruch in {}: Polizei sucht Zeugen",
        ("Unbekannte sind in der Nacht zum Freitag in ein Wohnhaus in {} eingebrochen. Sie hebelten ein Fenster auf "
        "und durchsuchten mehrere Räume. Was gestohlen wurde, steht noch nicht fest. Die Polizei sucht Zeugen."),
    ),
    "tram": (
        "de", range(1, 9), "Linie {} fährt wieder",
        ("Die Linie {} fährt nach den Bauarbeiten wieder auf ihrer ganzen Strecke, teilten die Verkehrsbetriebe mit. "
        "Fahrgäste hatten neun Wochen lang in Ersatzbusse umsteigen müssen."),
    ),
    "ligne": (
        "fr", range(1, 9), "La ligne {} du tramway reprend du service",
        ("La ligne {} du tramway a repris du service vendredi matin après neuf semaines de travaux, a annoncé la "
        "régie. Les voyageurs avaient dû emprunter des bus de remplacement."),
    ),
}  # fmt: skip
GROWING = {
    "kills": (
        "en", (12, 14, 19), "Quake kills {} in Brannoch",
        ("An earthquake killed {} people in Brannoch on Friday, rescuers said. Houses fell in the old quarter and the "
        "hospital was damaged. Hundreds slept in the open, and the government sent soldiers and tents to the island."),
    ),
    "rises": (
        "en", (12, 14, 19), "Death toll in Brannoch quake rises to {}",
        ("The death toll of the earthquake in Brannoch rose to {} on Friday, rescuers said. Houses fell in the old "
        "quarter and the hospital was damaged. Hundreds slept in the open, and soldiers brought tents."),
    ),
    "tote": (
        "de", (12, 14, 19), "Erdbeben in Brannau: {} Tote",
        ("Bei einem Erdbeben in Brannau sind am Freitag {} Menschen ums Leben gekommen, sagten Retter. Häuser stürzten "
        "in der Altstadt ein, das Krankenhaus wurde beschädigt. Hunderte schliefen im Freien."),
    ),
    "morts": (
        "fr", (12, 14, 19), "Séisme à Brannac : {} morts",
        ("Un séisme a fait {} morts vendredi à Brannac, ont indiqué les secours. Des maisons se sont effondrées dans "
        "la vieille ville et l'hôpital a été endommagé. Des centaines de personnes ont dormi dehors."),
    ),
}  # fmt: skip


def printed(make: Make, template: tuple[str, Sequence[Any], str, str]) -> list[Article]:
    """Return a template's articles, of one paper in the course of a day."""
    language, fillers, title, text = template
    dice = Random(1)  # noqa: S311 - hours of a day, no secret
    return [
        make(n, source=1, hours=12 * dice.random(), title=title.format(x), text=text.format(x), language=language)
        for n, x in enumerate(fillers)
    ]


@pytest.mark.parametrize("name", TEMPLATES)
def test_notices_of_one_template_are_as_many_stories(article: Make, name: str) -> None:
    notices = printed(article, TEMPLATES[name])
    assert len(group(notices)) == len(notices) >= 8


@pytest.mark.parametrize("name", GROWING)
def test_reports_of_one_event_with_a_growing_number_are_one_story(article: Make, name: str) -> None:
    assert len(group(printed(article, GROWING[name]))) == 1


@pytest.mark.parametrize(
    ("title", "text", "language", "found"),
    [
        ("Ferry 4 returns", "The ferry No. 4 sailed.", "en", {"ferry": {"4"}}),
        ("Crash on Highway 40", "A crash on Highway 40 hurt two.", "en", {"highway": {"40"}}),
        ("Fire at 12 High Street", "A fire broke out at 12 High Street on Monday.", "en", {"at high": {"12"}}),
        ("Stau auf der A12", "Auf der A12 steht der Verkehr.", "de", {"code A": {"12"}}),
        ("14 dead in quake", "An earthquake killed 14 people.", "en", {}),
        ("Quake kills 14", "The quake kills 14 people.", "en", {}),
        ("Another 14 arrested", "Another 14 people were arrested.", "en", {}),
        ("Budget 2026 passed", "The budget 2026 was passed.", "en", {}),
        ("Kettle Q4 profit rises", "Profit rose in Q4.", "en", {}),
        ("12 Tote bei Brand", "Am Montag starben 12 Menschen.", "de", {}),
        ("Vote on March 14", "The vote is on March 14.", "en", {}),
    ],
)
def test_a_number_names_a_thing_or_counts(title: str, text: str, language: str, found: dict[str, set[str]]) -> None:
    assert things(title, text, language)[0] == found


def test_articles_that_know_each_others_number_do_not_conflict() -> None:
    fourth = things("Ferry 4 returns", "The ferry 4 sailed.", "en")
    seventh = things("Ferry 7 returns", "The ferry 7 sailed.", "en")
    both = things("Ferry 7 returns", "The ferry 7 sailed, and so did ferry 4.", "en")
    assert conflict(fourth, seventh)
    assert not conflict(fourth, both)
    assert not conflict(fourth, things("Ferry returns", "The ferry 7 sailed.", "en"))
