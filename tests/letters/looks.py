"""Letters with everything that the settings can add: two brands, pictures, blocks, and each further language."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial

from tests.letters.editions import (
    BRAND,
    DAY,
    MAIL,
    QUAY,
    SITE,
    Sample,
    arabic,
    full_evening,
    full_morning,
    samples,
)
from tests.letters.languages import TOLD, in_language

from digest.blocks.fragment import clean
from digest.blocks.kinds import kind_of
from digest.blocks.shape import Question, ShownPicture
from digest.blocks.template import filled
from digest.data import data_folder
from digest.model.article import Image
from digest.model.block import Block, BlockPlace
from digest.model.edition import Edition, Place
from digest.model.letter import Picture
from digest.render.catalogue import catalogue
from digest.render.links import picture_link, safe_link
from digest.settings import BrandSettings, EditionSettings, IdentitySettings, MailSettings, brand_of, mail_of

LOGO = Picture(name="7e" * 32, width=400, height=80)
HOUSE = Picture(name="6d" * 32, width=1104, height=580)
WEATHER = {
    "places": [
        {"name": "Norrhaven", "sky": "showers", "high": 7, "low": 2},
        {"name": "Hallby", "sky": "snow", "high": 1, "low": -6},
    ]
}
MARKETS = {
    "rows": [
        {"name": "Norr 30", "value": 2461.3, "change": -0.42},
        {"name": "EUR/SEK", "value": 11.0475, "change": 0.08},
        {"name": "Oats (t)", "value": 1840, "change": 1.25},
    ],
    "as_of": "17:30",
}
CALENDAR = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART:20261124T190000
SUMMARY:Council meeting on the barrier
LOCATION:Town hall
URL:https://norrhaven.example/council
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261128
SUMMARY:Advent market
END:VEVENT
END:VCALENDAR
"""


def question(language: str = "en", **values: object) -> Question:
    """Return a question to a block on the day of the samples."""
    words = catalogue(language)
    phrases = {name: phrase for name, phrase in words.phrases.items() if isinstance(phrase, str)}
    asked: dict[str, object] = {"day": DAY, "language": language, "zone": "Europe/Stockholm", "phrases": phrases}
    return Question(**(asked | values))  # type: ignore[arg-type]


def made(kind: str, place: BlockPlace, ask: Question, picture: Picture | None = None) -> Block:
    """Return a block as its process makes it, made in this one."""
    found = kind_of(kind)
    value = found.value(ask)
    assert value is not None
    html, text = filled(kind, found, value, ask, [str(data_folder() / "templates")])
    shown = ask.picture.url if ask.picture else ""
    return Block(kind=kind, place=place, html=clean(html, safe_link, shown), text=text.strip(), picture=picture)


@cache
def blocks(language: str = "en") -> tuple[Block, ...]:
    """Return one block of every kind."""
    link = "https://courier.example.com/support?from=letter&kind=house"
    shot = ShownPicture(
        url=picture_link(SITE, HOUSE.name), width=552, height=290, alt="A reader with the paper on the quay"
    )
    line = question(
        language,
        text="Two tickets for the price of one, until Sunday.",
        link=link,
        sponsor="Ferries of Norr",
        picture=shot,
    )
    return (
        made("line", BlockPlace.LEAD, line, HOUSE),
        made("weather", BlockPlace.TOP, question(language, data=json.dumps(WEATHER).encode())),
        made("markets", BlockPlace.END, question(language, data=json.dumps(MARKETS).encode())),
        made("dates", BlockPlace.END, question(language, data=CALENDAR.encode())),
        made("donation", BlockPlace.END, question(language, text="The Courier belongs to its readers.", link=link)),
    )


def with_pictures(edition: Edition) -> tuple[Edition, Mapping[str, Picture]]:
    """Return an edition whose lead and top stories have pictures, and those of the top stories by anchor."""
    image = Image(
        url="https://gazette.example.com/quay.jpg",
        caption="The outer quay of Norrhaven at high tide. Photo: Ida Falk / Harbour Gazette",
        credit="Ida Falk / Harbour Gazette",
    )
    items = tuple(
        replace(item, image=image) if item.place in {Place.LEAD, Place.TOP} else item for item in edition.items
    )
    others = {item.anchor: QUAY for item in items if item.place is Place.TOP}
    return replace(edition, items=items), others


HERALD = IdentitySettings(
    sender="herald@example.com",
    reply_to="desk@example.com",
    wordmark="The Tarrow Herald",
    logo="config/herald.png",
    accent="#1f4d3a",
    headline_colour="#143026",
    label_colour="#8a3b12",
    link_colour="#0b5d4b",
    page_colour="#eef2ea",
    greeting="Good morning, Tarrow.",
    footer="The Tarrow Herald is owned by its readers.",
)
NIGHT = IdentitySettings(
    sender="night@example.com",
    wordmark="Norr bei Nacht",
    accent="#5a2a82",
    accent_dark="#c9a6f2",
    greeting="Was the day kind to you?",
)


def looks_of(identity: IdentitySettings) -> tuple[BrandSettings, MailSettings]:
    """Return brand and mail settings of an edition with its own identity."""
    plan = EditionSettings(title="Update", brand=identity)
    return brand_of(BRAND, plan), mail_of(MAIL, plan)


def all_on() -> Sample:
    """A full day with a picture for each story, all blocks, and a brand of its own with a logo."""
    edition, others = with_pictures(full_morning())
    brand, mail = looks_of(HERALD)
    return Sample(
        name="all-on",
        edition=replace(edition, blocks=blocks()),
        picture=QUAY,
        others=others,
        logo=LOGO,
        brand=brand,
        mail=mail,
    )


def second_brand() -> Sample:
    """An evening in the look of another brand."""
    brand, mail = looks_of(NIGHT)
    edition = replace(full_evening(), blocks=blocks()[1:3])
    return Sample(name="second-brand", edition=edition, earlier=full_morning(), brand=brand, mail=mail)


def arabic_with_blocks() -> Sample:
    """A letter from right to left with a picture and all blocks."""
    edition, _ = with_pictures(arabic())
    return Sample(name="arabic-blocks", edition=replace(edition, blocks=blocks("ar")), picture=QUAY)


def _spoken(tag: str) -> Sample:
    return Sample(name=f"language-{tag}", edition=replace(in_language(tag), blocks=blocks(tag)[1:3]))


LOOKS: Mapping[str, Callable[[], Sample]] = {
    "all-on": all_on,
    "second-brand": second_brand,
    "arabic-blocks": arabic_with_blocks,
    **{f"language-{tag}": partial(_spoken, tag) for tag in TOLD},
}
"""What makes each letter of this module, by its name: their blocks take half a second."""
NAMES = (*(sample.name for sample in samples()), *LOOKS)


@cache
def named(name: str) -> Sample:
    """Return one of all letters that are tried."""
    made = LOOKS.get(name)
    return made() if made else next(sample for sample in samples() if sample.name == name)


def all_samples() -> tuple[Sample, ...]:
    """Return every letter that is tried."""
    return tuple(map(named, NAMES))
