"""A site's own file of reservations."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.fetch.tdmrep import reserves


def rules(*listed: tuple[object, object]) -> str:
    return json.dumps([{"location": location, "tdm-reservation": value} for location, value in listed])


@pytest.mark.parametrize(
    ("text", "path", "reserved"),
    [
        (rules(("/", 1)), "/news/a", True),
        (rules(("/*", "1")), "/news/a", True),
        (rules(("/news/", 1)), "/sport/a", False),
        (rules(("news/", 1)), "/news/a", True),
        (rules(("/free/*", 0), ("/*", 1)), "/free/a", False),
        (rules(("/*", 1), ("/free/*", 0)), "/free/a", True),
        (rules(("*/archive/*.html$", 1)), "/x/archive/a.html", True),
        (rules(("*/archive/*.html$", 1)), "/x/archive/a.html?b", False),
        (rules(("/a.b", 1)), "/axb", False),
        (rules(("/", 2)), "/", False),
        (rules((1, 1), (None, 1)), "/", False),
        ("\ufeff" + rules(("/", 1)), "/", True),
        ("[1, {}]", "/", False),
        ('{"location": "/", "tdm-reservation": 1}', "/", False),
        ("<html>", "/", False),
        ("", "/", False),
    ],
)
def test_the_first_rule_that_matches_counts(text: str, path: str, *, reserved: bool) -> None:
    assert reserves(text, f"https://paper.example{path}") is reserved


@given(st.text(max_size=50), st.text("*/a$.", max_size=60))
def test_any_text_is_a_file_or_none(text: str, location: str) -> None:
    assert reserves(text, "https://paper.example/a") in {True, False}
    assert reserves(rules((location, 1)), f"https://paper.example/{'a' * 200}") in {True, False}
