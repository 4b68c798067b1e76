"""Journeys through the kinds of editions: weekly, breaking, in other languages, and on a holiday."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from tests.journeys.conftest import STORIES, configuration, noon
from tests.journeys.test_articles import feed, plain_text, printed

from digest.demo.sink import Sink

if TYPE_CHECKING:
    from tests.journeys.conftest import Furnish, Newsroom, Web

TITLE = 'title = "Morning Update"\n'
RULING = (
    "The county court ruled that the ferry company must pay 3 million pounds to the islanders of Brannoch.",
    "Judge Orla Finch said the company had known of the broken shaft for a month before the breakdown.",
    "The company will appeal against the ruling on the Brannoch ferry, its lawyer told reporters.",
)
NORWEGIAN = (
    "Fergen til Brannoch seilte igjen på mandag etter ni dager på land med en ødelagt aksling, sa rederiet.",
    "Innbyggerne på øya hadde brukt to fiskebåter for å hente brød, medisiner og post siden havariet.",
    "Kapteinen fortalte at overfarten var rolig, og at alle åttifire plassene var opptatt klokken åtte.",
)
HEBREW = (
    "המעבורת לאי ברנוך הפליגה שוב ביום שני לאחר תשעה ימים של תיקונים במספנה, כך מסרה החברה לנוסעים.",
    "תושבי האי נעזרו בשתי סירות דיג כדי להביא לחם, תרופות ודואר מאז התקלה, סיפרה ראשת המועצה המקומית.",
    "רב החובל אמר כי ההפלגה הייתה שקטה וכי כל שמונים וארבעה המקומות נתפסו כבר בשעות הבוקר המוקדמות.",
)


def today() -> datetime:
    """Return the time in the zone of the editions."""
    return datetime.now(ZoneInfo(noon()))


def test_a_sunday_letter_tells_the_week_and_first_what_was_told_several_times(web: Web, empty_room: Newsroom) -> None:
    again = "Court rules on the Brannoch ferry"
    items = [
        *(
            printed(web, f"/week/{n}", title, tuple(text), hours=30 + 24 * n)
            for n, (title, *text) in enumerate(STORIES)
        ),
        printed(web, "/week/court1", again, RULING, hours=60),
        printed(web, "/week/court2", f"{again}: company will appeal", RULING, hours=40),
    ]
    rules = f'window_days = 7\ndays = ["{today():%a}"]\n'.lower()
    with Sink() as sink:
        source = feed(web, "/week/feed.xml", items)
        text = configuration([("Daily Tarrow", source)], f"smtp://127.0.0.1:{sink.port}")
        empty_room.configure(text.replace(TITLE, f'title = "The Week"\n{rules}'))
        empty_room.enrol(1)
        assert empty_room("send", "--edition", "morning").code == 0
        letter = plain_text(sink.letters[0])
    assert again in letter.splitlines()[0]
    assert STORIES[4][0] in letter
    assert "tellings" in empty_room("explain", "morning", again).out


def test_a_breaking_letter_tells_one_story_and_is_refused_beyond_its_number_a_day(furnish: Furnish) -> None:
    with Sink() as sink:
        room = furnish(f"smtp://127.0.0.1:{sink.port}")
        text = room.config.read_text(encoding="utf-8")
        room.configure(
            text.replace(TITLE, 'title = "Breaking"\nkind = "breaking"\nmost_a_day = 2\n').replace(
                'follows = "morning"\n', ""
            )
        )
        room.enrol(1)
        codes = [room("send", "--edition", "morning").code for _ in range(2)]
        third = room("send", "--edition", "morning")
        letters = [plain_text(letter) for letter in sink.letters]
    assert (codes, third.code, len(letters)) == ([0, 0], 1, 2)
    told = [[title for title, *_ in STORIES if title in letter] for letter in letters]
    assert [len(titles) for titles in told] == [1, 1]
    assert told[0] != told[1]
    assert "went out 2 times today, and its most_a_day is 2" in third.err
    assert room("explain", f"morning/{today():%Y-%m-%d}.2").code == 0


def test_an_edition_does_not_come_on_a_holiday_of_a_calendar_file(furnish: Furnish) -> None:
    with Sink() as sink:
        room = furnish(f"smtp://127.0.0.1:{sink.port}")
        events = f"BEGIN:VEVENT\nDTSTART;VALUE=DATE:{today():%Y%m%d}\nSUMMARY:Founders' Day\nEND:VEVENT\n"
        (room.folder / "holidays.ics").write_text(f"BEGIN:VCALENDAR\n{events}END:VCALENDAR\n", encoding="utf-8")
        text = room.config.read_text(encoding="utf-8")
        room.configure(text.replace(TITLE, f'{TITLE}holidays_file = "holidays.ics"\n'))
        room.enrol(1)
        refused = room("send", "--edition", "morning")
        assert refused.code == 1
        assert "it is a holiday (holidays, on_holidays)" in refused.err
        assert sink.letters == ()
        assert room("send", "--edition", "evening").code == 0
        assert len(sink.letters) == 1


@pytest.mark.parametrize(
    ("edition", "written", "title", "sentences"),
    [("nb", "no", "Fergen til Brannoch seiler igjen", NORWEGIAN), ("he", "iw", "המעבורת לברנוך שבה לים", HEBREW)],
)
def test_an_edition_takes_its_language_by_each_of_its_names(
    web: Web, empty_room: Newsroom, edition: str, written: str, title: str, sentences: tuple[str, ...]
) -> None:
    with Sink() as sink:
        source = feed(web, f"/{edition}/feed.xml", [printed(web, f"/{edition}/1", title, sentences)])
        page = web.files[f"/{edition}/1"]
        web.files[f"/{edition}/1"] = (*page[:2], page[2].replace(b"lang=en", f"lang={written}".encode()))
        text = configuration([("Tarrow", source)], f"smtp://127.0.0.1:{sink.port}")
        empty_room.configure(text.replace(TITLE, f'{TITLE}language = "{edition}"\nfloor = 1\n'))
        empty_room.enrol(1)
        assert empty_room("send", "--edition", "morning").code == 0
        assert title in plain_text(sink.letters[0])
