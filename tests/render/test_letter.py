from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html as lxml_html
from tests.letters.editions import BRAND, MAIL, SITE, arabic, full_evening, full_morning, late_evening, thin_morning

from digest.errors import SettingsError, TemplateError
from digest.model.edition import Edition, HouseNote, Note, Place
from digest.model.kind import TextKind
from digest.model.letter import Letter, Slot
from digest.render import markup
from digest.render.letter import boundary_of, render
from digest.render.page import page, visitors_page
from digest.render.sentence import spoken
from digest.render.view import Greeting
from digest.settings import BrandSettings, SiteSettings

DATE = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def letter_of(edition: Edition, earlier: Edition | None = None, site: SiteSettings = SITE) -> Letter:
    return render(edition, earlier, site, BRAND, MAIL, date=DATE)


def words_of(part: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{3,}", part.lower()))


def shown_text(html: str) -> str:
    body = lxml_html.document_fromstring(html).find("body")
    assert body is not None
    return body.text_content()


def test_the_same_edition_gives_the_same_bytes() -> None:
    assert letter_of(full_morning()) == letter_of(full_morning())


def test_the_style_sheet_is_written_into_the_elements_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    inlined = markup.inlined

    def counted(html: str) -> str:
        calls.append(len(html))
        return inlined(html)

    monkeypatch.setattr(markup, "inlined", counted)
    letter_of(full_morning())
    assert len(calls) == 1


def test_a_full_day_is_at_most_32_kilobytes_and_its_head_small() -> None:
    html = letter_of(full_morning()).html
    assert len(html.encode()) <= 32 * 1024
    assert "#:~:text=" in html
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert len(style) <= 1536


def test_dark_rules_survive_with_their_weight() -> None:
    html = letter_of(full_morning()).html
    for hook in ('name="color-scheme"', ":root{color-scheme", "(prefers-color-scheme:dark)", "[data-ogsc] .ink{"):
        assert hook in html
    assert re.search(r"prefers-color-scheme:dark\)\{\.ink\{color:#dfe3ea!important\}", html)


@pytest.mark.parametrize("edition", [full_morning(), full_evening(), thin_morning()])
def test_the_text_part_says_what_the_html_says(edition: Edition) -> None:
    letter = letter_of(edition, full_morning())
    html, text = words_of(shown_text(letter.html)), words_of(letter.text)
    assert len(html & text) >= 0.9 * len(html)
    assert not re.search(r"&[a-z]+;|&#", letter.text)
    assert all(len(line) <= 72 for line in letter.text.splitlines() if "://" not in line)


def test_the_text_follows_the_order_of_the_html() -> None:
    letter = letter_of(full_evening(), full_morning())
    html = shown_text(letter.html)
    headlines = [item.headline for item in full_evening().items]
    places = [html.index(headline, 200) for headline in headlines]
    assert places == sorted(places)
    text = " ".join(letter.text.split())
    assert [text.index(headline) for headline in headlines] == sorted(text.index(headline) for headline in headlines)


def test_the_evening_updates_the_morning_and_links_to_what_it_told() -> None:
    evening = letter_of(full_evening(), full_morning())
    for phrase in (
        "Good evening.",
        "Updates to this morning’s stories",  # noqa: RUF001 - the apostrophe is meant
        "If you missed it",
        "No change since our last report",
    ):
        assert phrase in evening.html
        assert phrase in " ".join(evening.text.split())
    assert 'href="https://courier.example.com/archive/morning/2026-11-23#story-lead-0"' in evening.html
    assert 'id="story-lead-0"' in letter_of(full_morning()).html


def test_an_update_without_the_earlier_edition_links_to_nothing() -> None:
    assert "What we reported this morning" not in letter_of(full_evening()).html


def test_morning_and_evening_differ_in_more_than_words() -> None:
    morning, evening = letter_of(full_morning()), letter_of(full_evening(), full_morning())
    assert "#5b2a4a" in evening.html
    assert "#5b2a4a" not in morning.html


def test_a_thin_day_and_a_late_edition_say_so() -> None:
    assert "It is a quiet day, with only 3 main stories." in letter_of(thin_morning()).text
    assert "This edition comes later than usual." in letter_of(late_evening()).text


def test_an_edition_of_one_liners_alone_does_not_count_its_stories() -> None:
    edition = thin_morning()
    items = tuple(replace(item, place=Place.ALSO) for item in edition.items)
    letter = letter_of(replace(edition, items=items, note=None))
    assert " 0 " not in letter.text.partition("In brief")[0]


def test_with_a_site_readers_leave_by_https_and_without_one_by_mail() -> None:
    with_site, without = letter_of(full_morning()), letter_of(full_morning(), site=SiteSettings(name="C"))
    assert 'href="https://courier.example.com/leave"' in with_site.html
    assert 'href="mailto:editors@example.com?subject=leave"' in without.html
    assert not re.search(r"archive|preferences|View in browser", without.html)
    header = without.segments[4]
    assert isinstance(header, bytes)
    assert b"One-Click" not in header


def test_a_test_copy_says_so_and_its_links_leave_nobody() -> None:
    letter = render(full_morning(), None, SITE, BRAND, MAIL, date=DATE, test=True)
    assert letter.subject.startswith("[Test] Norrhaven votes")
    assert {segment for segment in letter.segments if isinstance(segment, Slot)} <= {Slot.TO, Slot.MESSAGE_ID}
    assert "/leave/test-copy" in b"".join(s for s in letter.segments if isinstance(s, bytes)).decode()


def test_the_page_has_the_letter_without_its_hidden_line() -> None:
    letter = letter_of(full_morning())
    assert "preheader" in letter.html
    assert "preheader" not in page(letter)
    assert 'style="display:none' not in page(letter)
    assert "Norrhaven votes" in page(letter)


def test_a_letter_too_large_loses_one_liners_first_and_then_bullets() -> None:
    morning = full_morning()
    many = tuple(
        replace(
            item, anchor=f"{item.anchor}-{copy}", bullets=tuple(replace(b, text="word " * 100) for b in item.bullets)
        )
        for copy in range(7)
        for item in morning.items
        if item.place is not Place.LEAD
    )
    letter = letter_of(replace(morning, items=(morning.items[0], *many)))
    assert len(letter.html.encode()) <= 80_000
    assert "In brief" not in letter.html
    assert "In brief" not in letter.text
    assert letter.text.count("Grid operator warns") == 7


def test_the_boundary_belongs_to_the_edition_and_stands_in_no_part() -> None:
    letter = letter_of(full_morning())
    whole = b"".join(segment for segment in letter.segments if isinstance(segment, bytes))
    assert whole.count(boundary_of(letter.edition).encode()) == 4


@pytest.mark.parametrize("greeting", ["morning", "evening"])
def test_a_letter_prints_all_its_stories_whatever_its_greeting_is(greeting: Greeting) -> None:
    left = [replace(one, place=Place.LEFT) if one.place is Place.TOP else one for one in full_evening().items]
    edition = replace(full_evening(), items=tuple(left))
    assert {Place.UPDATE, Place.LEAD, Place.LEFT} <= {one.place for one in edition.items}
    letter = render(edition, full_morning(), SITE, BRAND, MAIL, date=DATE, greeting=greeting)
    html, text = shown_text(letter.html), " ".join(letter.text.split())
    printed = [one.place for one in edition.items if one.headline in html and one.headline in text]
    assert printed == [one.place for one in edition.items]


def test_a_note_stands_in_the_greeting_and_is_signed() -> None:
    letter = letter_of(replace(full_morning(), note=Note(text="Two lines\nof <ours>.", author="Maja Ek")))
    assert "Good morning. Two lines of <ours>." in letter.text
    assert "Good morning. Two lines of &lt;ours&gt;." in letter.html
    assert "— Maja Ek" in letter.text


def test_a_broken_template_of_the_operator_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "email").mkdir()
    (tmp_path / "email" / "morning.html").write_text(
        "{% extends 'email/base.html' %}\n{{ nothing }}\n{% block stories %}\n{{ letter.x }}\n{% endblock %}"
    )
    with pytest.raises(TemplateError, match=r"email/morning\.html, line 4: .*x"):
        render(full_morning(), None, SITE, BrandSettings(templates=str(tmp_path)), MAIL, date=DATE)


def test_a_brand_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"brand\.accent"):
        render(full_morning(), None, SITE, BrandSettings(accent="#ffff00"), MAIL, date=DATE)


@pytest.mark.parametrize(
    ("span", "start", "end", "sentence"),
    [
        ("the council met.", False, False, "The council met."),
        ("the council met", True, True, "… The council met…"),
        ("The council met,", False, True, "The council met…"),
        ("The council met.", False, True, "The council met."),
        ("iPhone sales fell.", False, False, "iPhone sales fell."),
        ("“the council met”", False, True, "“The council met”"),
        ("élections tenues", False, False, "Élections tenues"),
        ("12 people met.", False, False, "12 people met."),
        ("<script>x</script>", False, False, "<script>x</script>"),
        ("(the rest", False, False, "(The rest"),
        ("", False, False, ""),
    ],
)
def test_a_span_gets_a_capital_and_its_cuts_are_marked(span: str, start: bool, end: bool, sentence: str) -> None:  # noqa: FBT001
    assert spoken(span, cut_start=start, cut_end=end) == sentence


def test_a_number_after_a_name_of_the_other_direction_stays_in_its_place() -> None:
    morning = full_morning()
    lead = replace(morning.items[0], source_name="جريدة الميناء", publishers=("راديو",))
    assert "راديو\N{LEFT-TO-RIGHT MARK}\N{NO-BREAK SPACE}· 2" in letter_of(replace(morning, items=(lead,))).text
    assert "Tidewater Post\N{RIGHT-TO-LEFT MARK}" in letter_of(arabic()).html


@pytest.mark.parametrize(
    ("publishers", "credit"),
    [
        (("B",), "Reported by A and B"),
        (("B", "C"), "Reported by A, B and C"),
        (("B", "C", "D"), "Reported by A, B and 2 more"),
    ],
)
def test_three_outlets_are_named_and_more_are_counted(publishers: tuple[str, ...], credit: str) -> None:
    item = replace(full_morning().items[0], source_name="A", publishers=publishers)
    text = letter_of(replace(full_morning(), items=(item,))).text.replace("\N{NO-BREAK SPACE}", " ")
    assert f"{credit} · " in text


@pytest.mark.parametrize(("minutes", "said"), [(1, ""), (3, "3\N{NO-BREAK SPACE}min read")])
def test_a_reading_time_of_one_minute_is_left_out(minutes: int, said: str) -> None:
    item = replace(full_morning().items[0], minutes=minutes, source_name="A", publishers=())
    line = next(one for one in letter_of(replace(full_morning(), items=(item,))).text.splitlines() if "by A" in one)
    assert line == (f"Reported by A\N{NO-BREAK SPACE}· {said}" if said else "Reported by A")


def test_an_update_is_called_so_by_its_heading_alone() -> None:
    evening = letter_of(full_evening(), full_morning())
    assert not re.search(r"^Update:", evening.text, re.MULTILINE)
    assert ">Update</span>" not in evening.html


def test_a_headline_without_news_leads_to_its_story_in_the_earlier_letter() -> None:
    morning = full_morning()
    still = (morning.items[0].headline, "A headline of another day")
    html = letter_of(replace(full_evening(), still_covered=still), morning).html
    assert f'href="https://courier.example.com/archive/morning/2026-11-23#{morning.items[0].anchor}"' in html
    assert ">A headline of another day</a>" not in html


def test_words_of_the_other_direction_are_isolated() -> None:
    english = "Two tickets for the price of one, until Sunday."
    html = letter_of(replace(arabic(), house=HouseNote(text=english, sponsor="", link=""))).html
    assert f'<p dir="ltr" style="margin:0;padding-bottom:11px">{english}' in html
    assert 'dir="ltr" style' not in letter_of(full_morning()).html


@pytest.mark.parametrize("place", [Place.LEAD, Place.TOP, Place.IN_DEPTH, Place.ALSO])
def test_an_opinion_has_its_own_label_in_both_parts(place: Place) -> None:
    edition = full_morning()
    headline = "We should have built the barrier long ago"
    column = replace(edition.items[0], place=place, headline=headline, kind=TextKind.OPINION, anchor="column")
    letter = letter_of(replace(edition, items=(*edition.items[1:], column), note=None))
    assert re.search(rf"Opinion(?: · Region)?\s+{headline}", shown_text(letter.html))
    assert f"Opinion: {headline}" in letter.text.replace("\n", " ")


def test_a_report_has_no_label() -> None:
    letter = letter_of(full_morning())
    assert "Opinion" not in shown_text(letter.html) + letter.text


def test_an_opinion_is_labelled_in_the_letters_language() -> None:
    edition = replace(arabic(), items=tuple(replace(item, kind=TextKind.OPINION) for item in arabic().items))
    assert "رأي" in shown_text(letter_of(edition).html)


def test_a_footer_of_an_unknown_form_is_shown_to_visitors_as_it_is() -> None:
    html = '<title>News</title><body><tr><td class="foot"><p>Only words.</p></td></tr></body>'
    made = visitors_page(replace(letter_of(full_morning()), html=html), "A & B")
    assert made == html.replace("News<", "News \N{EN DASH} A &amp; B<")


def test_a_page_for_visitors_keeps_the_lines_of_the_house_and_leaves_out_those_of_subscribers() -> None:
    html = (
        '<title>News</title><body><tr><td class="foot rule"><p>You get this.</p><p><a href="/leave">Leave</a></p>'
        "<p>14 Quay Street</p></td></tr></body>"
    )
    made = visitors_page(replace(letter_of(full_morning()), html=html), "Courier")
    assert '<td class="foot rule"><p>14 Quay Street</p></td>' in made
