"""What holds for every letter: valid HTML, sizes, and what mail programs cannot show."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser

import pytest
from tests.letters.editions import BRAND, MAIL, QUAY, SITE, full_morning
from tests.letters.looks import NAMES, named

from digest.model.article import Image
from digest.render.letter import render

VOID = {"meta", "br", "img", "hr"}
SAMPLES = pytest.mark.parametrize("name", NAMES)


class Outline(HTMLParser):
    """Reads a page strictly: every element closed in its turn, every attribute once."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.tables_without_role = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        self.faults += [f"{tag} has {name} twice" for name in names if names.count(name) > 1]
        self.faults += [f"{name} of {tag} is bare" for name, value in attrs if value is None]
        self.ids += [value for name, value in attrs if name == "id" and value]
        table = tag == "table" and ("role", "presentation") not in attrs and ("class", "rows") not in attrs
        self.tables_without_role += table
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"{tag} closed out of turn")


@cache
def html_of(name: str) -> str:
    date = datetime(2026, 11, 23, 5, tzinfo=UTC)
    return named(name).rendered(date).html


@SAMPLES
def test_every_letter_is_well_formed(name: str) -> None:
    html = html_of(name)
    outline = Outline()
    outline.feed(html)
    outline.close()
    assert html.startswith("<!DOCTYPE html>")
    assert (outline.faults, outline.open) == ([], [])
    assert len(set(outline.ids)) == len(outline.ids)
    assert outline.tables_without_role == 0


@SAMPLES
def test_headings_go_down_by_one_step_from_one_first(name: str) -> None:
    outline = Outline()
    outline.feed(html_of(name))
    assert outline.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False))


@SAMPLES
def test_no_letter_holds_what_mail_programs_cut_or_refuse(name: str) -> None:
    html = html_of(name)
    assert len(html.encode()) <= 80_000
    style = " ".join(re.findall(r"style=[\"']([^\"']*)", html))
    assert not re.search(
        r"font-size:\s*0|position:|float:|display:\s*flex|@import|rgb\(|var\(", html.split("<body", 1)[1]
    )
    assert "url(" not in style
    sizes = [int(size) for size in re.findall(r"font-size:\s*(\d+)px", html)]
    assert min(sizes) >= 13


@SAMPLES
def test_language_and_direction_stand_on_the_page_and_on_the_letter(name: str) -> None:
    language = named(name).edition.language
    direction = "rtl" if language == "ar" else "ltr"
    assert html_of(name).count(f'lang="{language}" dir="{direction}"') == 2


@pytest.mark.parametrize(
    ("caption", "credit", "below"),
    [
        ("Water over the lowest steps.", "Ida Falk", "Water over the lowest steps. Picture: Ida Falk"),
        (
            "Water over the steps. Photo: Ida Falk / Gazette",
            "Ida Falk / Gazette",
            "Water over the steps. Picture: Ida Falk / Gazette",
        ),
        ("The quay (Ida Falk)", "Ida Falk", "The quay. Picture: Ida Falk"),
        ("Ida Falk", "Ida Falk", "Picture: Ida Falk"),
        ("The quay", "", "The quay."),
        ("", "Ida Falk", "Picture: Ida Falk"),
    ],
)
def test_the_caption_of_a_picture_stands_beside_its_credit(caption: str, credit: str, below: str) -> None:
    lead, *others = full_morning().items
    image = Image(url="https://gazette.example.com/b.jpg", alt="The quay", caption=caption, credit=credit)
    edition = replace(full_morning(), items=(replace(lead, image=image), *others))
    letter = render(edition, None, SITE, BRAND, MAIL, date=datetime(2026, 11, 23, 5, tzinfo=UTC), picture=QUAY)
    (shown,) = re.findall(r"<p class=\"meta taken\"[^>]*>([^<]*)</p>", letter.html)
    assert shown == below
    assert (f"[{below}]" in " ".join(letter.text.split())) is bool(caption.removeprefix("Ida Falk"))
