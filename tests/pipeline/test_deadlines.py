"""A fetch for an edition ends in its time: what slow hosts still owe waits, and the report says so."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.pipeline.test_quarantine import GOOD, feed, page, town

from digest.edition.calendar import time_to_fetch
from digest.pipeline.gathering.report import Owed
from digest.settings import EditionSettings

if TYPE_CHECKING:
    from tests.pipeline.test_quarantine import Town

__all__ = ["town"]
SLOW = "http://slow.example/feed"
BUDGET = timedelta(seconds=3)
LEAST, MARGIN = timedelta(seconds=45), timedelta(minutes=1)


def slow_source(town: Town, pages: int) -> None:
    town.web.put(SLOW, feed("slow.example", map(str, range(pages))))
    for number in range(pages):
        town.web.put(f"http://slow.example/{number}", page(f"Slow story {number}"))
    town.follows("http://good.example/feed", SLOW)


@pytest.mark.slow
def test_a_site_that_asks_for_long_pauses_holds_no_others_edition(town: Town) -> None:
    slow_source(town, 6)
    town.web.put("http://slow.example/robots.txt", b"User-agent: *\nCrawl-delay: 30\n", "text/plain")
    began = time.monotonic()
    report = town.fetch(budget=BUDGET)
    assert time.monotonic() - began < 20
    assert [link for link in town.read if "good" in link] == GOOD
    assert report.owed in {(Owed(source=SLOW, pages=number),) for number in (5, 6)}
    assert report.left_out
    assert report.pages == ()
    assert {each.state.get("failures") or 0 for each in town.stores.sources.all()} == {0}


@pytest.mark.slow
def test_what_was_owed_is_fetched_the_next_time(town: Town) -> None:
    slow_source(town, 3)
    town.web.slow = {f"http://slow.example/{number}" for number in range(3)}
    report = town.fetch(budget=BUDGET)
    assert report.owed == (Owed(source=SLOW, pages=3),)
    assert len(town.read) == len(GOOD)
    town.web.slow.clear()
    again = town.fetch()
    assert again.owed == ()
    assert len(town.read) == len(GOOD) + 3


def test_a_source_that_drips_is_owed_and_is_no_bad_source(town: Town) -> None:
    slow_source(town, 1)
    town.web.slow = {SLOW}
    report = town.fetch(budget=BUDGET)
    assert report.owed == (Owed(source=SLOW, pages=0),)
    assert town.read == GOOD
    stored = next(each for each in town.stores.sources.all() if each.source.url == SLOW)
    assert not stored.state.get("failures")


def test_the_time_to_fetch_ends_before_the_next_edition() -> None:
    editions = {"morning": EditionSettings(title="M"), "evening": EditionSettings(title="E")}
    six = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    for before, budget in (
        (timedelta(minutes=20), timedelta(minutes=19)),
        (timedelta(minutes=1), LEAST),
        (timedelta(seconds=1), LEAST),
    ):
        assert time_to_fetch(editions, six - before, LEAST, MARGIN) == budget
    assert time_to_fetch({}, six, LEAST, MARGIN) is None
