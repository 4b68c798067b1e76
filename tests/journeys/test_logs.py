"""What the log of a whole journey says: each step, and nothing that is a reader's or secret."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest
from tests.journeys.conftest import KEYS

from digest.demo.sink import Sink

if TYPE_CHECKING:
    from tests.journeys.conftest import Furnish

pytestmark = pytest.mark.slow
SEND = ("send", "--edition", "morning", "--now")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
TOKEN = re.compile(r"\b[lcbm]k\d?\.[0-9a-f]+\.[a-z2-7]{24}\b|[A-Za-z0-9_-]{43}")
STEPS = {
    "fetched",
    "page fetched",
    "article read",
    "fetch done",
    "edition composed",
    "edition frozen",
    "relay connected",
    "letters sent",
}


def events_of(log: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.splitlines()]


def secrets_in(log: str, known: Sequence[str] = ()) -> list[str]:
    queries = re.findall(r"https?://\S*\?\S*", log)
    return [*ADDRESS.findall(log), *TOKEN.findall(log), *queries, *(each for each in known if each in log)]


def test_a_run_from_fetch_to_last_letter_says_each_step_and_names_nobody(furnish: Furnish) -> None:
    with Sink() as sink:
        room = furnish(f"smtp://127.0.0.1:{sink.port}")
        addresses = room.enrol(5)
        fetch = room("-vv", "--log-format", "json", "fetch")
        send = room("-vv", "--log-format", "json", *SEND)
        tokens = {token for letter in sink.letters for token in TOKEN.findall(letter.raw.decode())}
    assert (fetch.code, send.code) == (0, 0)
    assert tokens
    log = fetch.err + send.err
    events = events_of("\n".join(line for line in log.splitlines() if line.startswith("{")))
    assert STEPS - {event["event"] for event in events} <= {"page fetched", "article read"}  # all was read before
    sent = next(event for event in events if event["event"] == "letters sent")
    assert (sent["accepted"], sent["replies"], sent["stopped"]) == (5, {"accepted": 5}, "")
    assert secrets_in(log, [*addresses, *tokens, KEYS.split('"')[-2]]) == []


def test_once_verbose_is_told_without_the_pages_and_without_the_option_nothing_is(furnish: Furnish) -> None:
    room = furnish()
    room.enrol(1)
    told, silent = room("-v", *SEND), room(*SEND)
    assert "letters sent" in told.err
    assert "page fetched" not in told.err
    assert silent.err == ""


def test_the_settings_choose_level_and_format(furnish: Furnish) -> None:
    room = furnish()
    room.enrol(1)
    text = room.config.read_text(encoding="utf-8")
    room.configure(f'[log]\nlevel = "info"\nformat = "json"\n{text}')
    events = events_of(room("-q", *SEND).err)
    assert {event["level"] for event in events} == {"info"}
    assert "edition frozen" in {event["event"] for event in events}
