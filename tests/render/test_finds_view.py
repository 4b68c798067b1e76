"""What a letter shows beside its stories: in its own language and zone, with safe links."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.letters.editions import BRAND, MAIL, SITE, finds_evening, finds_morning, full_morning

from digest.model.edition import Edition
from digest.model.finds import Close
from digest.render.catalogue import catalogue, languages
from digest.render.finds_view import close_view, names_line, so_far_views
from digest.render.letter import render
from digest.settings import SiteSettings

WORDS = catalogue("en")
DATE = datetime(2026, 11, 23, 5, tzinfo=UTC)
HOSTILE = '"><script>alert(1)</script>&cc=thief@example.org\r\nBcc: thief@example.org'


def closing(edition: Edition, close: Close) -> Edition:
    return replace(edition, finds=replace(edition.finds, close=close))


def test_the_link_to_a_friend_holds_subject_and_page_of_the_letter() -> None:
    link = close_view(finds_morning(), WORDS, SITE, MAIL).share_link
    asked = parse_qs(urlsplit(link).query)
    assert urlsplit(link).path == ""
    assert asked["subject"] == [finds_morning().subject]
    assert asked["body"] == ["Morning Update\r\nhttps://courier.example.com/archive/morning/2026-11-23"]


def test_the_link_to_answer_goes_to_the_address_for_replies() -> None:
    link = urlsplit(close_view(finds_morning(), WORDS, SITE, MAIL).reply_link)
    assert parseaddr(link.path)[1] == "editors@example.com"


def test_the_text_part_shows_the_page_and_the_address_instead_of_links_that_write_a_mail() -> None:
    letter = render(finds_morning(), None, SITE, BRAND, MAIL, date=DATE)
    lines = letter.text.splitlines()
    assert lines[lines.index("Send it to a friend:") + 1] == "https://courier.example.com/archive/morning/2026-11-23"
    assert lines[lines.index("Tell us what you think:") + 1] == "editors@example.com"


def test_a_hostile_subject_stays_inside_its_part_of_the_link() -> None:
    link = close_view(replace(finds_morning(), subject=HOSTILE), WORDS, SITE, MAIL).share_link
    assert set(parse_qs(urlsplit(link).query)) == {"subject", "body"}
    assert not set('"<>\r\n') & set(link)


def test_without_a_public_site_there_is_no_link_to_a_friend() -> None:
    view = close_view(finds_morning(), WORDS, SiteSettings(), MAIL)
    assert (view.share_link, bool(view.reply_link)) == ("", True)


def test_an_older_edition_has_no_end() -> None:
    view = close_view(full_morning(), WORDS, SITE, MAIL)
    assert (view.next_letter, view.share_link, view.reply_link) == ("", "", "")


@pytest.mark.parametrize(
    ("days", "line"),
    [
        (1, "The next Morning Update comes on Tuesday at 6:00\N{NO-BREAK SPACE}AM."),
        (9, "The next Morning Update comes on Wednesday, December 2, 2026 at 6:00\N{NO-BREAK SPACE}AM."),
    ],
)
def test_the_next_letter_is_named_by_weekday_or_by_date_in_the_letters_zone(days: int, line: str) -> None:
    due = datetime(2026, 11, 23, 5, tzinfo=UTC) + timedelta(days=days)
    assert close_view(closing(finds_morning(), Close(next_letter=due)), WORDS, SITE, MAIL).next_letter == line


@pytest.mark.parametrize(("minute", "time"), [(0, "6"), (30, "6:30")])
def test_german_says_the_minutes_only_when_there_are_some(minute: int, time: str) -> None:
    due = datetime(2026, 11, 24, 5, minute, tzinfo=UTC)
    view = close_view(closing(finds_morning(), Close(next_letter=due)), catalogue("de"), SITE, MAIL)
    assert view.next_letter.endswith(f"am Dienstag um {time}\N{NO-BREAK SPACE}Uhr.")


@pytest.mark.parametrize("language", languages())
def test_every_language_names_the_edition_that_comes_next(language: str) -> None:
    edition = closing(
        replace(finds_morning(), language=language), Close(next_letter=datetime(2026, 11, 24, 5, tzinfo=UTC))
    )
    assert edition.title in close_view(edition, catalogue(language), SITE, MAIL).next_letter


def test_a_quiet_day_is_said_before_any_name() -> None:
    assert names_line(finds_morning(), WORDS) == "In this letter: Norrhaven, Stenvik, night trains."
    assert names_line(replace(finds_morning(), thin=True), WORDS) == ""


def test_earlier_headlines_have_their_day_and_hour_in_the_letters_zone() -> None:
    edition = finds_evening()
    views = so_far_views(edition.items[0], edition, catalogue("de"), SITE)
    assert [view.when for view in views] == ["05:40", "So. 05:40"]
    assert views[1].link == "https://courier.example.com/archive/morning/2026-11-22#story-lead-0"


@pytest.mark.parametrize("language", languages())
def test_every_language_has_all_phrases_of_finds(language: str) -> None:
    english, own = catalogue("en"), catalogue(language)
    names = ("whats_next", "coming_up", "number_of_day", "quote_of_day", "so_far", "light", "send_to_friend", "tell_us")
    same = [name for name in (*names, "subscribers_only") if language != "en" and own(name) == english(name)]
    assert same == []


def test_hostile_words_in_finds_are_text() -> None:
    told = finds_morning()
    number = told.finds.number
    assert number is not None
    wrong = replace(number, headline=HOSTILE, find=replace(number.find, figure=HOSTILE))
    items = tuple(replace(item, slug=HOSTILE, group=HOSTILE) for item in told.items)
    finds = replace(told.finds, number=wrong, names=(HOSTILE,) * 3)
    letter = render(replace(told, items=items, finds=finds), None, SITE, BRAND, MAIL, date=DATE)
    assert "<script" not in letter.html


def test_who_is_quoted_by_surname_is_introduced_below_the_quotation() -> None:
    letter = render(finds_evening(), None, SITE, BRAND, MAIL, date=DATE)
    assert "<br>— Ida Lund, a pilot of the harbour" in letter.html
    assert "on Monday. — Ida Lund, a pilot of the harbour" in " ".join(letter.text.split())
