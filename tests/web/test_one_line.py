"""Inputs of one line that anybody can send: each is refused or read, and nothing stops for it."""

from __future__ import annotations

import csv
import socket
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import ASGIApp
from tests.web.sites import Site, ask

from digest.cli.console import Console
from digest.edition.calendar import occurrence, upcoming
from digest.errors import NotAFeed
from digest.fetch.opml import read_opml
from digest.fetch.robots import LONGEST_DELAY, Rules, read
from digest.fetch.sitemaps import read_sitemap
from digest.readers.address import parse_address
from digest.readers.bounces import read_bounce
from digest.readers.roster import RosterLine, read_roster
from digest.readers.roster_editions import EditionChoice
from digest.readers.signup import MOST_LINKS_A_MONTH, Ask, MailKind, Sent, SignupLimits, Wanted, decide
from digest.readers.standing import ReaderStanding
from digest.readers.tokens import LinkPurpose, verify
from digest.settings import EditionSettings, KeySettings
from digest.text.cells import bare, guarded
from digest.text.urls import absolute

MORNING = EditionChoice(known=("morning",), default=("morning",))
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
KEYS = KeySettings(current="k1", ring={"k1": "5a" * 32})
ODD = ("é", "\N{FULLWIDTH LATIN CAPITAL LETTER A}", "\xa0", "\u0661", "\ud800", "\0")
Serve = Callable[[ASGIApp], str]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("token", ["lk1.1.{}", "lk1.{}.abc", "l{}.1.abc", "{}"])
def test_a_token_with_any_character_is_a_wrong_token(token: str, odd: str) -> None:
    assert verify(KEYS, LinkPurpose.LEAVE, token.format(odd), ("morning",)) is None


@given(st.text(max_size=40))
def test_any_text_is_a_wrong_token(text: str) -> None:
    assert verify(KEYS, LinkPurpose.LEAVE, f"lk1.1.{text}", ("morning",)) is None


@pytest.mark.parametrize("place", ["leave", "preferences", "choose", "confirm", "address"])
def test_a_page_of_such_a_token_is_no_error_of_ours(site: Site, serve: Serve, place: str) -> None:
    url = serve(site.app())
    for odd in ("é", "\xa0", "\N{FULLWIDTH LATIN CAPITAL LETTER A}"):
        for method in ("GET", "POST"):
            assert ask(url, f"/{place}/{quote(f'lk.1.{odd}')}", method).status in {400, 404, 410}, odd


def test_any_month_of_the_archive_is_a_page_or_none(site: Site, serve: Serve) -> None:
    url = serve(site.app())
    for month in ("9999-12", "9999-11", "0001-01", "2026-13", "\u0662026-01", "9" * 400):
        assert ask(url, f"/archive?month={quote(month)}").status in {200, 404}, month


@pytest.mark.parametrize("place", ["http://p.example/{}", "{}", "http://{}.example/", "//{}"])
def test_a_link_with_half_a_character_is_no_link(place: str) -> None:
    assert absolute(place.format("\udce6"), "https://p.example/") is None


def spent(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


@pytest.mark.parametrize(
    "text",
    [
        "AA:" + "\n" * 1 + (" " * 60 + "\n") * 8 + "x",
        "AA:b\nBB:c\n" + ("\t" * 200 + "\n") * 50 + "!",
        "Received:" * 2000,
        "<a " * 5000,
        "a@" + "b." * 5000,
        ">>> RCPT\n<<< 5" * 3000,
    ],
)
def test_a_mail_made_to_be_slow_is_read_at_once(text: str) -> None:
    raw = b"From: MAILER-DAEMON@mx.example\nSubject: failure\nContent-Type: {}\n\n"
    for kind in (b"text/plain", b"text/html"):
        mail = raw.replace(b"{}", kind) + text.encode()
        assert spent(lambda mail=mail: read_bounce(mail)) < 2  # type: ignore[misc]


def test_a_header_repeated_at_the_top_of_a_text_is_passed_over() -> None:
    report = (
        "From: a@b.example\nTo: c@d.example\n  continued\n\nYour mail could not be delivered: 550 5.1.1 User unknown"
    )
    mail = f"From: MAILER-DAEMON@mx.example\nSubject: failure\n\n{report}".encode()
    assert read_bounce(mail).bounces[0].words.startswith("550 5.1.1")


@pytest.mark.parametrize("digits", ["9" * 400, "9" * 5000, "1" + "0" * 400])
@pytest.mark.parametrize("line", ["Request-rate: 1/{}", "Request-rate: {}/1", "Request-rate: 1/{}s", "Crawl-delay: {}"])
def test_a_pace_of_any_length_is_a_bounded_delay(line: str, digits: str) -> None:
    rules = Rules(read(200, f"User-agent: *\n{line.format(digits)}\nDisallow: /{digits}\n", NOW), "digest/1")
    assert timedelta() <= rules.delay <= LONGEST_DELAY
    assert not rules.allows(f"https://p.example/{digits}")
    assert rules.allows("https://p.example/story")


def test_a_sitemap_with_a_prefix_that_nobody_declared_is_read() -> None:
    body = b"<sm:urlset><sm:url><sm:loc>https://p.example/1</sm:loc></sm:url></sm:urlset>"
    assert [entry.link for entry in read_sitemap(body, "https://p.example/map").feed.entries] == ["https://p.example/1"]
    index = b"<sm:sitemapindex><sm:sitemap><sm:loc>https://p.example/n</sm:loc></sm:sitemap></sm:sitemapindex>"
    assert read_sitemap(index, "https://p.example/map").children == ("https://p.example/n",)


def test_an_opml_file_with_a_prefix_that_nobody_declared_is_read() -> None:
    body = (
        b'<o:opml><o:body><o:outline text="A"><o:outline xmlUrl="https://p.example/f"/></o:outline></o:body></o:opml>'
    )
    (outline,) = read_opml(body)
    assert (outline.url, outline.section) == ("https://p.example/f", "A")


@given(st.binary(max_size=300))
def test_any_bytes_are_a_sitemap_or_none(body: bytes) -> None:
    for read_list in (lambda: read_sitemap(body, "https://p.example/"), lambda: read_opml(body)):
        try:
            read_list()
        except NotAFeed:
            continue


HOSTILE = "A \x9bclear\x9d title \x1b[2J\N{RIGHT-TO-LEFT OVERRIDE}evil"


def test_no_stranger_commands_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console()
    for tell in (console.result, console.say, console.warn):
        tell(HOSTILE)
    console.json({"title": HOSTILE, HOSTILE: [HOSTILE]})
    out, err = capsys.readouterr()
    seen = out + err
    assert not any(letter in seen for letter in "\x9b\x9d\N{RIGHT-TO-LEFT OVERRIDE}")
    assert "\x1b[2J" not in seen
    assert "A clear title" in seen
    assert "\\u009b" in out


@pytest.mark.parametrize(
    "cell", ["=cmd|'/C'!A0@p.example", "+1@p.example", "-2+3@p.example", "@SUM(A1)", "\t=1", "'=1"]
)
def test_no_cell_of_an_export_is_computed_and_each_comes_back(cell: str) -> None:
    assert guarded(cell)[0] == "'"
    assert bare(guarded(cell)) == cell
    assert bare(cell) == cell or cell.startswith("'")


@given(st.text(max_size=20))
def test_any_cell_comes_back_as_it_was(cell: str) -> None:
    assert bare(guarded(cell)) == cell or cell.startswith("'")
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_guarded_export_is_imported_as_it_was() -> None:
    file = StringIO()
    csv.writer(file).writerows([["address", "name"], [guarded("+1+1@p.example"), guarded("=HYPERLINK(1)")]])
    (line,) = read_roster(StringIO(file.getvalue()), MORNING)
    assert isinstance(line, RosterLine)
    assert (line.address.given, line.name) == ("+1+1@p.example", "=HYPERLINK(1)")


def test_a_request_with_two_lengths_is_answered_once_and_hung_up_on(site: Site, serve: Serve) -> None:
    host = urlsplit(serve(site.app()))
    assert host.hostname is not None
    with socket.create_connection((host.hostname, host.port or 80), timeout=10) as line:
        line.sendall(
            b"POST /preferences HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 60\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"0\r\n\r\nGET /privacy HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        )
        answer = b""
        while chunk := line.recv(65_536):
            answer += chunk
    assert answer.count(b"HTTP/1.1 ") == 1
    assert answer.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "spellings",
    [
        ("victim@gmail.com", "v.i.c.tim@gmail.com", "Victim+a@googlemail.com", "victim+b+c@GMAIL.com"),
        ("victim@proton.me", "victim+1@protonmail.com", "victim@pm.me"),
        ("victim@yahoo.com", "victim-news@yahoo.com"),
    ],
)
def test_the_spellings_of_one_mailbox_share_its_limits(spellings: tuple[str, ...]) -> None:
    assert len({parse_address(spelled).limit_key for spelled in spellings}) == 1


def test_a_reader_is_not_mailed_links_day_after_day_for_ever() -> None:
    sent: list[Sent] = []
    for day in range(60):
        now = NOW + timedelta(days=day)
        asks = [
            Ask(
                id=n,
                wanted=Wanted.LINK,
                limit_key="a@p",
                domain="p",
                standing=ReaderStanding.READER,
                expires=now + timedelta(1),
            )
            for n in range(9)
        ]
        limits = SignupLimits(per_domain=100, in_all=100, hour_ends=now + timedelta(hours=1))
        answers = decide(asks, sent, {}, limits, now)
        sent += [Sent(limit_key="a@p", kind=MailKind.CHOOSE, at=now) for answer in answers if answer.mail]
    assert len(sent) <= 2 * MOST_LINKS_A_MONTH + 3


@pytest.mark.parametrize("zone", ["America/Nuuk", "America/Scoresbysund"])
def test_an_edition_at_the_end_of_a_date_that_the_clocks_cut_short_is_due_at_the_jump(zone: str) -> None:
    plan = EditionSettings(title="Late", at=datetime(2026, 1, 1, 23, 59).time(), zone=zone)  # noqa: DTZ001 - a wall time
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    found = [occurrence("late", plan, day) for day in days]
    assert all(found)
    assert len({each.due for each in found if each}) == 365
    first = upcoming("late", plan, datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)), 365)
    assert [each.key.date for each in first] == days


def test_a_date_that_its_zone_never_had_has_no_edition() -> None:
    plan = EditionSettings(title="Early", zone="Pacific/Apia")
    assert occurrence("early", plan, date(2011, 12, 30)) is None
    assert occurrence("early", plan, date(2011, 12, 31)) is not None
