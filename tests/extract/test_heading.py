from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement

from digest.extract.heading import beside_a_date, dated, may_be_name, notes, signed
from digest.extract.markup import parse
from digest.extract.metadata import read_metadata
from digest.text.timestamps import EARLIEST

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
URL = "https://www.harbour-courier.example/news/ferry"
PARAGRAPH = f"<p>{'The ferry sails again from Monday, the harbour board said. ' * 3}</p>"


def page(body: str) -> HtmlElement:
    return parse(f"<html><head><title>Ferry returns</title></head><body>{body}</body></html>", URL)


def around(body: str, *titles: str) -> list[str]:
    tree = page(body)
    return notes(list(tree.iter("h1")), titles)


def test_the_short_texts_behind_the_heading_come_first_then_those_before_it() -> None:
    body = f"<p>News</p><h1>Ferry <b>returns</b></h1><p>By <a>Ian Rae</a></p>{PARAGRAPH}<p>Another note</p>"
    assert around(body) == ["By", "Ian Rae", "News", "Ferry returns"]


def test_the_heading_is_the_one_that_bears_the_title() -> None:
    body = f"<h1>Harbour Courier</h1><p>Since 1911</p><h1>Ferry returns</h1><p>By Ian Rae</p>{PARAGRAPH}"
    assert around(body, "Ferry Returns")[0] == "By Ian Rae"
    assert around(body, "Another title") == []


@pytest.mark.parametrize(
    ("texts", "names"),
    [
        (["News", "By Morag Sinclair"], ("Morag Sinclair",)),
        (["By", "Morag Sinclair", "Ian Rae"], ("Morag Sinclair",)),
        (["Written by Morag Sinclair and Ian Rae"], ("Morag Sinclair", "Ian Rae")),
        (["Von Anna Berg, Karl von Lund"], ("Anna Berg", "Karl von Lund")),
        (["BY JANE DOE"], ("JANE DOE",)),
        (["By Monday the ferry will sail again"], ()),
        (["Bye Morag Sinclair"], ()),
        (["By", "5 March 2026", "Morag Sinclair"], ()),
    ],
)
def test_names_are_read_from_what_begins_as_bylines_do(texts: list[str], names: tuple[str, ...]) -> None:
    assert signed(texts) == names


def test_a_name_beside_a_date_is_taken_for_the_authors() -> None:
    assert beside_a_date(["Share", "Morag Sinclair", "·", "March 1, 2026"], NOW) == "Morag Sinclair"
    assert beside_a_date(["Morag Sinclair", "Reporter", "March 1, 2026"], NOW) == ""


@pytest.mark.parametrize("text", ["March 1, 2026", "1. März 2026, 10:30 Uhr", "Updated: 2026-03-01", "01.03.2026"])
def test_a_date_is_read_from_a_note(text: str) -> None:
    found = dated(["News", text], NOW)
    assert found is not None
    assert found.date().isoformat() == "2026-03-01"


def test_the_heading_serves_where_the_data_says_nothing() -> None:
    found = read_metadata(page(f"<h1>Ferry returns</h1><div>By Ian Rae | March 1, 2026</div>{PARAGRAPH}"), URL, NOW)
    assert found.published == datetime(2026, 3, 1, tzinfo=UTC)
    assert dict(found.sources)["published"] == "heading"
    found = read_metadata(page(f"<h1>Ferry returns</h1><div>By <i>Ian Rae</i></div>{PARAGRAPH}"), URL, NOW)
    assert found.authors == ("Ian Rae",)


@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_texts_have_names_of_their_form_and_dates_within_reason(texts: list[str]) -> None:
    assert all(map(may_be_name, signed(texts)))
    assert may_be_name(beside_a_date(texts, NOW)) or not beside_a_date(texts, NOW)
    found = dated(texts, NOW)
    assert found is None or found >= EARLIEST
