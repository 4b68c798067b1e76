from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.fetch import robots
from digest.fetch.robots import Asks, Rules

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
AGENT = "digest/0.1 (+https://press.example/)"
PAGE = "https://paper.example/private/a"


def rules(text: str, status: int = 200) -> Rules:
    return Rules(robots.read(status, text, NOW), AGENT)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow: /private", False),
        ("User-agent: digest\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: DIGEST\nDisallow: /", False),
        ("User-agent: other\nDisallow: /", True),
        ("User-agent: *\nDisallow: /private\nAllow: /private/a", True),
        ("<html>not found</html>", True),
        ("\n<?xml version='1.0'?>\n<!DOCTYPE html>\n<p>Example:\nUser-agent: *\nDisallow: /\n", True),
        ("<!-- the rules -->\nUser-agent: *\nDisallow: /", False),
        ("<!-- made by a system -->\n<html><pre>\nUser-agent: *\nDisallow: /\n</pre>", True),
        ("User-agent: digest/2.0\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        ("User-agent: dig\nDisallow: /", True),
        ("User-agent: digestive\nDisallow: /", True),
        ("User-agent: digest # ours\nDisallow: /", False),
        ("User-agent: other\rUser-agent: Digest\rDisallow: /private\r", False),
        ("\ufeffUser-agent: *\nDisallow: /private", False),
        (
            "User-agent: digest\nDisallow: /x\n\nUser-agent: *\nDisallow: /\n\nUser-agent: digest\nDisallow: /private",
            False,
        ),
    ],
)
def test_rules_are_those_for_us_or_for_all(text: str, allowed: bool) -> None:  # noqa: FBT001 - a column of the table
    assert rules(text).allows(PAGE) is allowed


@pytest.mark.parametrize(
    ("status", "asks"),
    [(200, Asks.RULES), (404, Asks.NOTHING), (403, Asks.NOTHING), (429, Asks.UNREACHABLE), (500, Asks.UNREACHABLE)],
)
def test_a_status_says_what_a_site_asks(status: int, asks: Asks) -> None:
    assert robots.read(status, "User-agent: *\nDisallow: /", NOW).asks is asks
    assert rules("User-agent: *\nDisallow: /", status).allows(PAGE) is (asks is Asks.NOTHING)


def test_old_rules_outlive_a_site_that_does_not_answer_for_thirty_days() -> None:
    old = robots.read(200, "User-agent: *\nDisallow: /", NOW)
    assert robots.better(old, robots.read(500, "", NOW + timedelta(days=29))) is old
    assert robots.better(old, robots.read(500, "", NOW + timedelta(days=31))) is not old
    assert robots.better(old, robots.read(404, "", NOW + timedelta(days=1))).asks is Asks.NOTHING


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0),
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nCrawl-delay: 86400", 60),
        ("User-agent: *\nCrawl-delay: never", 0),
        ("User-agent: *\nCrawl-delay: -5", 0),
        ("User-agent: *\nRequest-rate: 1/10", 10),
        ("User-agent: *\nRequest-rate: 0/0", 0),
    ],
)
def test_a_crawl_delay_is_heard_within_reason(text: str, seconds: float) -> None:
    assert rules(text).delay == timedelta(seconds=seconds)


@given(
    st.text()
    | st.lists(st.sampled_from(["User-agent: *", "Disallow: ", "/*$", "Crawl-delay: ", "9e999", "nan", "\n"])).map(
        "".join
    )
)
def test_any_text_is_rules(text: str) -> None:
    found = rules(text)
    assert found.allows(PAGE) in {True, False}
    assert timedelta() <= found.delay <= robots.LONGEST_DELAY
    assert isinstance(found.sitemaps, tuple)
