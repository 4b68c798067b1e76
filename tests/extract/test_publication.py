from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.extract.conftest import Press
from tests.extract.test_sections import linked_data

from digest.text.timestamps import instant, is_exact, is_month_first

FEED = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


def meta(value: str) -> str:
    return f'<meta property="article:published_time" content="{value}">'


WEAK = {
    "a day": meta("2026-03-01"),
    "midnight": meta("2026-03-01T00:00:00+01:00"),
    "a time without a zone": meta("2026-03-02T19:00:00"),
    "a time to come": meta("2026-03-02T21:00:00Z"),
    "a film's date": linked_data(
        {
            "@type": "Review",
            "headline": "Ferry line returns",
            "about": {"@type": "Movie", "datePublished": "2019"},
        }
    ),
    "a book's date": linked_data({"@type": "Book", "datePublished": "1998-01-01T10:00:00Z"}),
}


@pytest.mark.parametrize("kind", WEAK)
def test_the_feeds_date_beats_what_a_page_says_less_exactly(press: Press, kind: str) -> None:
    article = press.read(press.html(head=WEAK[kind]), replace(press.entry(), published=FEED))
    assert article.published == FEED


@pytest.mark.parametrize(
    "above",
    [
        "<div class='ticker'><time datetime='2026-02-20T10:00Z'>last week</time></div>",
        "<div class='comments'><time datetime='2024-01-01T10:00Z'>2 years ago</time></div>",
        "<p class='date'>01.03.2026</p>",
    ],
)
def test_the_feeds_date_beats_what_may_be_anothers(press: Press, above: str) -> None:
    assert press.read(press.html(above=above), replace(press.entry(), published=FEED)).published == FEED


def test_a_pages_own_exact_date_beats_the_feeds(press: Press) -> None:
    article = press.read(press.html(head=meta("2026-03-02T09:30:00+01:00")), replace(press.entry(), published=FEED))
    assert article.published == datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def test_without_a_feeds_date_a_day_may_be_any_time_of_it_and_the_future_is_now(press: Press) -> None:
    day = press.read(press.html(head=meta("2026-03-01"))).published
    assert day == datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
    assert press.read(press.html(head=meta("2026-03-02"))).published == press.now
    assert press.read(press.html(head=meta("2026-03-02T20:00:00Z"))).published == press.now


def test_an_update_is_later_than_the_publication_that_was_believed(press: Press) -> None:
    head = meta("2026-03-01") + '<meta property="article:modified_time" content="2026-03-02T10:00:00Z">'
    assert press.read(press.html(head=head), replace(press.entry(), published=FEED)).updated is None
    earlier = replace(press.entry(), published=FEED - timedelta(hours=3))
    assert press.read(press.html(head=head), earlier).updated == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tag", "host", "expected"),
    [
        ("en-US", "paper.example", True),
        ("en", "paper.example", True),
        ("en", "paper.co.uk", False),
        ("en-GB", "paper.example", False),
        ("de", "paper.example", False),
        ("es_US", "paper.example", True),
    ],
)
def test_the_order_of_a_dates_numbers_is_that_of_the_pages_language(tag: str, host: str, *, expected: bool) -> None:
    assert is_month_first(tag, host) is expected


def test_numbers_are_read_in_the_order_that_is_possible() -> None:
    now = datetime(2026, 11, 5, 15, tzinfo=UTC)
    assert instant("11/05/2026", now, month_first=True) == datetime(2026, 11, 5, tzinfo=UTC)
    assert instant("11/05/2026", now) == datetime(2026, 5, 11, tzinfo=UTC)
    assert instant("12/10/2026", now, month_first=True) == datetime(2026, 10, 12, tzinfo=UTC)
    assert instant("11/5/2026 8:00 PM", now + timedelta(days=1)) == datetime(2026, 11, 5, 20, tzinfo=UTC)
    assert instant("05.11.2026", now, month_first=True) == datetime(2026, 11, 5, tzinfo=UTC)


def test_a_date_is_exact_when_it_says_time_and_zone() -> None:
    assert is_exact("2026-11-05T08:00:00-05:00")
    assert is_exact("Nov. 5, 2026 at 8:00 AM EST")
    assert is_exact("Thu, 05 Nov 2026 13:00:00 GMT")
    assert not is_exact("2026-11-05T08:00:00")
    assert not is_exact("2026-11-05")
    assert not is_exact("Nov. 5, 2026 at 8:00 AM")
    now = datetime(2026, 11, 6, tzinfo=UTC)
    assert instant("Nov. 5, 2026 at 8:00 AM EST", now) == datetime(2026, 11, 5, 13, tzinfo=UTC)
    assert instant("Thu 5 Nov 2026 13.00 GMT", now) == datetime(2026, 11, 5, 13, tzinfo=UTC)


def shown(day: int, **attributes: str) -> str:
    named = " ".join(f'{name.removesuffix("_")}="{value}"' for name, value in attributes.items())
    return f'<time datetime="2026-02-{day:02}T10:00:00Z" {named}></time>'


@pytest.mark.parametrize(
    ("above", "below", "day"),
    [
        (shown(3), "", 3),
        (shown(3) + shown(4, class_="published"), "", 4),
        (shown(3), shown(4, itemprop="datePublished"), 4),
        (shown(3) + shown(4), "", 3),
    ],
)
def test_of_several_times_the_one_that_says_so_is_the_publication(
    press: Press, above: str, below: str, day: int
) -> None:
    article = press.read(press.html(above=above, below=below))
    assert article.published == datetime(2026, 2, day, 10, tzinfo=UTC)


def test_a_time_behind_the_heading_comes_before_one_above_it(press: Press) -> None:
    html = press.html(above=shown(5)).replace("<main>", f"<main>{shown(3)}")
    assert press.read(html).published == datetime(2026, 2, 5, 10, tzinfo=UTC)
