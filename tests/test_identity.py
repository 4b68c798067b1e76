"""An edition's own look and sender: what holds where both say something, and what a setting may not be."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.letters.editions import MAIL, SITE, full_morning

from digest.configuration import load
from digest.edition.compose import subject_line, subject_pattern
from digest.errors import SettingsError
from digest.render.letter import render
from digest.settings import BrandSettings, EditionSettings, IdentitySettings, MailSettings, brand_of, mail_of

PAPER = BrandSettings(wordmark="The Paper", accent="#14213d", accent_dark="#e8c468", footer="Printed here.")


def plan(**own: object) -> EditionSettings:
    return EditionSettings(title="Update", brand=IdentitySettings(**own))  # type: ignore[arg-type]


def test_an_edition_without_its_own_look_has_the_papers() -> None:
    assert brand_of(PAPER, plan()) == brand_of(PAPER, None) == PAPER
    assert mail_of(MAIL, plan()) is mail_of(MAIL, None) is MAIL


def test_what_an_edition_sets_holds_and_the_rest_is_the_papers() -> None:
    made = brand_of(PAPER, plan(wordmark="Business", greeting="Good day.", footer=""))
    assert (made.wordmark, made.greeting, made.footer, made.accent) == ("Business", "Good day.", "", "#14213d")


def test_an_accent_of_its_own_is_not_shown_beside_the_papers_dark_accent() -> None:
    assert brand_of(PAPER, plan(accent="#5a2a82")).accent_dark is None
    assert brand_of(PAPER, plan(accent="#5a2a82", accent_dark="#c9a6f2")).accent_dark == "#c9a6f2"


def test_bounces_leaving_and_the_list_stay_with_the_paper() -> None:
    paper = MailSettings(sender="news@herald.example", reply_to="desk@herald.example")
    made = mail_of(paper, plan(sender="biz@letters.herald.example"))
    assert made.sender == "biz@letters.herald.example"
    assert (made.leave_to, made.envelope_domain, made.list_domain) == (
        "desk@herald.example",
        "herald.example",
        "herald.example",
    )


def test_a_letter_in_its_own_look_says_so_in_every_part() -> None:
    own = plan(sender="biz@example.com", wordmark="Business", greeting="Markets open at nine.", accent="#5a2a82")
    letter = render(
        full_morning(),
        None,
        SITE,
        brand_of(PAPER, own),
        mail_of(MAIL, own),
        date=datetime(2026, 11, 23, 5, tzinfo=UTC),
    )
    header = b"".join(part for part in letter.segments if isinstance(part, bytes)).partition(b"\r\n\r\n")[0]
    assert b"From: Morning Update <biz@example.com>" in header
    assert b"List-ID: Morning Update <morning.example.com>" in header
    for part in (letter.html, letter.text):
        assert "Business" in part
        assert "Markets open at nine." in part
        assert "Good morning." not in part
    assert "#5a2a82" in letter.html


@pytest.mark.parametrize(
    ("pattern", "prefix", "subject"),
    [
        ("", "", "{headline}"),
        ("", "Herald:", "Herald: {headline}"),
        ("{title}: {headline}", "", "Morning Update: {headline}"),
        ("{headline} | Herald", "", "{headline} | Herald"),
    ],
)
def test_the_subject_follows_its_pattern(pattern: str, prefix: str, subject: str) -> None:
    settings = EditionSettings(title="Morning Update", subject=pattern, subject_prefix=prefix)
    items = full_morning().items[1:2]
    made = subject_line(items, subject_pattern(settings), settings.title)
    assert made == subject.replace("{headline}", items[0].headline)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('subject = "News of today"', "editions.morning.subject: expected a text with {headline}"),
        ('subject = "{headline} {weather}"', "editions.morning.subject: expected a text with {headline}"),
        ('subject = "{headline}"\nsubject_prefix = "x"', "subject_prefix: leave it out"),
        ('[editions.morning.brand]\nsender = "biz@other.example"', "brand.sender: expected an address of localhost"),
        ('[editions.morning.brand]\nreply_to = "biz"', "brand.reply_to: expected an address"),
        ('[editions.morning.brand]\nlogo = "logo.png"', "brand.logo: expected site.url beside it"),
        ('[editions.morning.brand]\nheadline = "#fff"', "unknown key"),
        ('[[editions.morning.blocks]]\nkind = "line"', "blocks.0.text: is missing"),
        ('[[editions.morning.blocks]]\nkind = "weather"', "blocks.0.source: is missing"),
        ('[[editions.morning.blocks]]\nkind = "donation"\ntext = "x"', "blocks.0.link: is missing"),
        (
            '[[editions.morning.blocks]]\nkind = "dates"\nsource = "x"\nfirst = 2026-11-24\nlast = 2026-11-23',
            "blocks.0.last: expected a date that is not before first (2026-11-24)",
        ),
        ('[[editions.morning.blocks]]\nkind = "dates"\nsource = "x"\nsponsor = "y"', "blocks.0.sponsor: leave it out"),
        ('[[editions.morning.blocks]]\nkind = "dates"\nplace = "top right"', "blocks.0.place"),
    ],
)
def test_a_setting_that_cannot_work_is_named_with_what_would(tmp_path: Path, lines: str, said: str) -> None:
    file = tmp_path / "digest.toml"
    file.write_text(f'[editions.morning]\ntitle = "Morning"\n{lines}\n', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(file, {})
    assert any(said in problem for problem in caught.value.problems), caught.value.problems
