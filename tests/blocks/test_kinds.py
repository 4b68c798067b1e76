"""What each kind of block shows for its data, and what it says when the data cannot be used."""

# ruff: noqa: RUF001 - the minus sign is meant

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from tests.letters.looks import CALENDAR, MARKETS, WEATHER, question

from digest.blocks.kinds import OURS, kind_of, known_kinds
from digest.blocks.shape import NoBlock
from digest.render.catalogue import languages

FORECAST = {
    "daily": {
        "time": ["2026-11-23", "2026-11-24"],
        "weather_code": [71, 0],
        "temperature_2m_max": [-1.4, 3.0],
        "temperature_2m_min": [-7.6, -0.2],
    }
}


def value(kind: str, language: str = "en", data: object = None, **asked: Any) -> Any:
    written = data if isinstance(data, str) else json.dumps(data)
    return kind_of(kind).value(question(language, data=written.encode() if data is not None else b"", **asked))


def test_our_kinds_are_all_known_and_can_be_loaded() -> None:
    assert set(OURS) <= set(known_kinds())
    assert all(kind_of(name).value for name in OURS)


def test_a_kind_that_nobody_wrote_is_named_with_those_that_there_are() -> None:
    with pytest.raises(NoBlock, match=r"no block is called 'horoscope' \(known: line, donation, dates"):
        kind_of("horoscope")


def test_the_weather_of_a_papers_own_table() -> None:
    rows = value("weather", "de", WEATHER)["rows"]
    assert rows[1] == {"name": "Hallby", "sky": "Schnee", "high": "1°", "low": "−6°"}


def test_the_weather_of_a_forecast_is_that_of_the_letters_day() -> None:
    rows = value("weather", "sv", FORECAST, options={"places": "Hallby"})["rows"]
    assert rows == [{"name": "Hallby", "sky": "Snö", "high": "−1°", "low": "−8°"}]
    two = [FORECAST, FORECAST]
    assert len(value("weather", "sv", two, options={"places": "Hallby, Almvik"})["rows"]) == 2


def test_negative_numbers_keep_their_sign_in_front_from_right_to_left() -> None:
    assert value("weather", "ar", WEATHER)["rows"][1]["low"] == "\N{LEFT-TO-RIGHT MARK}−6°"
    assert value("markets", "ar", MARKETS)["rows"][0]["change"].startswith("\N{LEFT-TO-RIGHT MARK}")


@pytest.mark.parametrize(
    ("data", "asked", "why"),
    [
        (None, {}, "set source to a file or an address"),
        ("<html>", {}, "holds no JSON"),
        ({"places": "Hallby"}, {}, "no list 'places' of tables"),
        ({"places": []}, {}, "has no places"),
        ({"places": [{"name": "Hallby"}]}, {}, "Hallby has neither a sky nor a temperature"),
        ({"places": [{"sky": "rain"}]}, {}, "a row of its source has no name"),
        (FORECAST, {}, "names 0 places, and its source has 1"),
        (FORECAST, {"options": {"places": "Hallby"}, "day": date(2026, 12, 1)}, "no values of 2026-12-01 for Hallby"),
    ],
)
def test_weather_that_cannot_be_used_says_why(data: object, asked: dict[str, Any], why: str) -> None:
    with pytest.raises(NoBlock, match=why):
        value("weather", data=data, **asked)


@pytest.mark.parametrize(
    ("language", "name", "shown", "change"),
    [
        ("en", "Norr 30", "2,461.30", "−0.4%"),
        ("fr", "Norr 30", "2\u202f461,30", "−0,4\xa0%"),
        ("de", "Norr 30", "2.461,30", "−0,4\xa0%"),
        ("tr", "Norr 30", "2.461,30", "−%0,4"),
    ],
)
def test_prices_are_written_as_the_language_writes_them(language: str, name: str, shown: str, change: str) -> None:
    row = value("markets", language, MARKETS)["rows"][0]
    assert (row["name"], row["value"], row["change"]) == (name, shown, change)


def test_a_rate_below_ten_has_four_digits_and_a_row_without_change_has_none() -> None:
    rows = value("markets", data={"rows": [{"name": "EUR/USD", "value": 1.0842}]})["rows"]
    assert rows == [{"name": "EUR/USD", "value": "1.0842", "change": ""}]


def test_a_price_that_is_no_number_says_whose_it_is() -> None:
    with pytest.raises(NoBlock, match="Norr 30 has no value that is a number"):
        value("markets", data={"rows": [{"name": "Norr 30", "value": "n/a"}]})


def test_dates_are_those_of_the_next_days_in_order() -> None:
    rows = value("dates", "en-GB", CALENDAR)["rows"]
    assert [row["when"] for row in rows] == ["Tue 24 Nov, 19:00", "Sat 28 Nov"]
    assert rows[0] | {"when": ""} == {
        "when": "",
        "what": "Council meeting on the barrier",
        "where": "Town hall",
        "link": "https://norrhaven.example/council",
    }
    assert len(value("dates", data=CALENDAR, options={"most": "1"})["rows"]) == 1


def test_a_calendar_without_dates_in_these_days_shows_nothing() -> None:
    assert value("dates", data=CALENDAR, day=date(2027, 3, 1)) is None


@pytest.mark.parametrize(
    ("data", "options", "why"),
    [(None, {}, "set source to a calendar"), ("{}", {}, "is no calendar"), (CALENDAR, {"days": "x"}, "from 1 to 31")],
)
def test_dates_that_cannot_be_used_say_why(data: str | None, options: dict[str, str], why: str) -> None:
    with pytest.raises(NoBlock, match=why):
        value("dates", data=data, options=options)


def test_a_sponsors_line_is_labelled_in_the_letters_language_and_cannot_take_the_label_off() -> None:
    assert (
        value("line", "fr", text="Deux billets.", sponsor="Les Bacs", title="News")["label"] == "Publicité · Les Bacs"
    )
    assert value("line", text="Two for one.", title="From the house")["label"] == "From the house"


def test_a_donation_needs_its_link() -> None:
    with pytest.raises(NoBlock, match="needs a text and a link"):
        value("donation", text="Give.")
    made = value("donation", "nl", text="Wij zijn van u.", link="https://courier.example.com/")
    assert made == {"title": "Steun ons werk", "text": "Wij zijn van u.", "button": "Doneer nu"}


@pytest.mark.parametrize(
    ("language", "as_of", "said"),
    [
        ("en", "17:30", "As of 5:30\N{NO-BREAK SPACE}PM"),
        ("de", "2026-11-23T17:30", "Stand: 17:30"),
        ("de", "2026-11-20T17:30", "Stand: Fr., 20. Nov., 17:30"),
        ("ar", "2026-11-20T17:30", "حتى الجمعة، 20 نوفمبر، 5:30\N{NO-BREAK SPACE}م"),
        ("en", "Close of trading", "Close of trading"),
        ("en", None, ""),
    ],
)
def test_prices_say_when_they_were_right(language: str, as_of: str | None, said: str) -> None:
    rows = [{"name": "Norr 30", "value": 2461.3}]
    assert value("markets", language, {"rows": rows, "as_of": as_of})["as_of"] == said


@pytest.mark.parametrize("language", languages())
def test_every_language_says_as_of(language: str) -> None:
    made = value("markets", language, {"rows": [{"name": "N", "value": 1}], "as_of": "17:30"})["as_of"]
    assert made.strip("0123456789:") != ""
    assert ("As of" in made) == (language == "en")
