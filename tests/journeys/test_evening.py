"""An evening after a morning: what is new, what was left out, whom an update credits; and a paper's own letter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.conftest import Newsroom, Web, article_page, configuration

MORNING = (
    ("Salt Quay warehouse burns down in Port Sennet", "A fire destroyed the warehouse on Salt Quay in Port Sennet.",
     "Forty families were led to safety while sixty firefighters fought the flames on Salt Quay.",
     "The roof of the warehouse fell in before dawn and smoke was seen across the bay."),
    ("Songbook lost for centuries found in Wendle church", "A songbook lost for centuries lay in a Wendle church.",
     "Choirmaster Elin Strand found the songbook under boxes of candles in the sacristy.",
     "Singers will perform eleven songs from it in spring with the county orchestra."),
)  # fmt: skip
LEFT_OUT = (
    "Ferry to Brannoch sails again after repair", "The ferry to Brannoch sailed again after nine days ashore.",
    "Islanders had relied on two fishing boats for bread, medicine and post since the breakdown.",
    "Captain Morag Bell said the crossing was smooth and that all 84 seats were taken.",
)  # fmt: skip
ARREST = (
    "Police arrest man over Salt Quay warehouse fire in Port Sennet",
    "Police in Port Sennet arrested a man of 31 on suspicion of setting fire to the Salt Quay warehouse.",
    "Detective Ruth Calder said officers found 4 petrol cans and a map of the docks in the boot of his car on Sunday.",
    "Prosecutors will bring the former night watchman before the county court on Thursday, a spokesman said.",
)
FRESH = (
    "Nurses at Wendle General accept pay offer", "Nurses at Wendle General accepted a rise of 4.5% after a ballot.",
    "Union secretary Paul Onari said staff still wanted safer rotas on the children's ward.",
    "Managers will hire 60 more midwives and porters by June under the agreement.",
)  # fmt: skip


def publish(
    web: Web, name: str, told: list[tuple[datetime, tuple[str, ...]]], author: str = "", language: str = "en"
) -> str:
    """Let a paper with these articles stand below ``name``; return its feed's URL."""
    items = ""
    for number, (when, (title, *sentences)) in enumerate(told):
        page = article_page(title, list(sentences)).replace("lang=en", f"lang={language}")
        if author:
            page = page.replace("</head>", f'<meta name="author" content="{author}"></head>')
        link = web.put(f"/{name}/{len(told) - number}", page)
        items += (
            f"<item><title>{escape(title)}</title><link>{link}</link><description>{escape(sentences[0])}</description>"
            f"<pubDate>{format_datetime(when)}</pubDate></item>"
        )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'
    return web.put(f"/{name}/feed.xml", body, "application/rss+xml")


def text_of(letter: Path) -> str:
    """Return the text part of a letter in the outbox."""
    part: Any = message_from_bytes(letter.read_bytes(), policy=policy.default).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def section(text: str, title: str, following: tuple[str, ...]) -> str:
    """Return what a letter says between a section's title and the first of the following ones."""
    rest = text.split(title, 1)[1]
    ends = [rest.index(one) for one in following if one in rest]
    return rest[: min(ends)] if ends else rest


def test_the_evening_parts_what_is_new_from_what_the_morning_left_out(web: Web, empty_room: Newsroom) -> None:
    now = datetime.now(UTC)
    before = now - timedelta(hours=2)
    sources = [("Sennet Post", publish(web, "sennet", [(before, told) for told in MORNING])),
               ("Wendle Courier", publish(web, "wendle", [(before, LEFT_OUT)]))]  # fmt: skip
    small = configuration(sources).replace(
        'title = "Morning Update"\nat = "12:00"',
        'title = "Morning Update"\nat = "11:00"\nsources = ["Sennet Post"]\nfloor = 1',
    )
    empty_room.configure(small.replace('title = "Evening Update"', 'title = "Evening Update"\nfloor = 1'))
    empty_room.enrol(1)
    assert empty_room("fetch").code == 0
    assert empty_room("send", "--edition", "morning").code == 0
    (morning,) = empty_room.letters()
    later = datetime.now(UTC) + timedelta(seconds=1)  # a feed has whole seconds, and the cut may be in this one
    publish(web, "wendle", [(later, ARREST), (later, FRESH), (before, LEFT_OUT)])
    assert empty_room("fetch").code == 0
    assert empty_room("send", "--edition", "evening").code == 0
    (evening,) = (letter for letter in empty_room.letters() if letter != morning)
    text = " ".join(text_of(evening).split())
    updates = section(text, "Updates to this morning", ("Top story", "In brief"))
    assert ARREST[0] in updates
    assert "Wendle Courier" in updates
    assert "Sennet Post" not in updates
    assert FRESH[0] in section(text, "Top story", ("In brief", "If you missed it"))
    assert LEFT_OUT[0] in section(text, "In brief", ("If you missed it",))
    assert LEFT_OUT[0] not in text.split("In brief")[0]


def test_one_papers_own_letter_names_authors_and_not_the_paper(web: Web, empty_room: Newsroom) -> None:
    before = datetime.now(UTC) - timedelta(hours=2)
    url = publish(web, "own", [(before, told) for told in (*MORNING, LEFT_OUT, FRESH)], author="Anwen Price")
    empty_room.configure(configuration([("The Gazette of Wendle", url)]))
    empty_room.enrol(1)
    assert empty_room("fetch").code == 0
    assert empty_room("send", "--edition", "morning").code == 0
    (letter,) = empty_room.letters()
    message: Any = message_from_bytes(letter.read_bytes(), policy=policy.default)
    html = message.get_body(("html",)).get_content()
    for part in (text_of(letter), html):
        assert "Reported by" not in part
        assert "The Gazette of Wendle" not in part
        assert "Anwen Price" in part
    assert "Read the story" in html


NORWEGIAN = tuple(
    (f"{name} åpner ny bro over fjorden", f"{name} kommune åpnet mandag en ny bro over fjorden etter fire års arbeid.",
     f"Ordføreren i {name} sa at broen er den viktigste saken for bygda på mange år.",
     f"Ferjen ved {name} slutter å gå når broen er i bruk, og prisen blir den samme for alle.")
    for name in ("Almvik", "Hallby", "Stenvik", "Norrvåg")
)  # fmt: skip
HEBREW = (
    ("העירייה פותחת גשר חדש מעל הנהר", "העירייה פתחה ביום שני גשר חדש מעל הנהר אחרי ארבע שנים של עבודה.",
     "ראש העיר אמר שהגשר הוא הדבר החשוב ביותר לתושבים זה שנים רבות.", "המעבורת הישנה תפסיק לפעול בשבוע הבא."),
    ("האחיות בבית החולים קיבלו העלאת שכר", "האחיות בבית החולים הצביעו בעד העלאת שכר של ארבעה אחוזים וחצי.",
     "נציגת האיגוד דרשה גם משמרות בטוחות יותר במחלקת הילדים.", "ההנהלה תגייס שישים מיילדות נוספות עד יוני."),
    ("המוזיאון קנה מפה עתיקה במכירה פומבית", "המוזיאון המחוזי שילם סכום גבוה עבור מפה משנת 1714.",
     "על הקלף מצוירות טחנת רוח ושתי אכסניות שאינן מוזכרות בשום מקום אחר.", "המפה תוצג לקהל באולם החדש ממרץ."),
    ("סערה ניתקה את החשמל במאות בתים", "סערה הפילה קווי חשמל בעמקים והשאירה תשע מאות בתים בחושך.",
     "משבי הרוח היו החזקים ביותר מזה אחת עשרה שנים.", "צוותי התיקון החזירו את האספקה לשלושה כפרים לפני הזריחה."),
)  # fmt: skip


@pytest.mark.parametrize(("tag", "declared", "told"), [("nb", "no", NORWEGIAN), ("he", "iw", HEBREW)])
def test_an_edition_finds_its_language_by_any_of_its_names(
    web: Web, empty_room: Newsroom, tag: str, declared: str, told: tuple[tuple[str, ...], ...]
) -> None:
    before = datetime.now(UTC) - timedelta(hours=2)
    url = publish(web, f"paper-{tag}", [(before, one) for one in told], language=declared)
    text = configuration([("Paper", url)])
    empty_room.configure(text.replace('title = "Morning Update"', f'title = "Morning Update"\nlanguage = "{tag}"'))
    empty_room.enrol(1)
    assert empty_room("fetch").code == 0
    assert empty_room("send", "--edition", "morning").code == 0
    (letter,) = empty_room.letters()
    assert sum(one[0] in " ".join(text_of(letter).split()) for one in told) >= 3
