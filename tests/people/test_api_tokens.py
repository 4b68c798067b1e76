"""Tokens of the API: their form, which is checked without a query, and lifetimes as they are written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model.api_token import ApiToken
from digest.people.api_tokens import PREFIX, is_well_formed, lifetime, new_api_token

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def test_every_new_token_is_another_and_has_the_form() -> None:
    made = {new_api_token() for _ in range(50)}
    assert len(made) == 50
    assert all(is_well_formed(token) and token.startswith(PREFIX) and len(token) == 55 for token in made)


@given(st.integers(min_value=0, max_value=54), st.sampled_from("abcXYZ019_-"))
def test_a_token_with_another_character_is_none(place: int, character: str) -> None:
    token = new_api_token()
    changed = token[:place] + character + token[place + 1 :]
    assert is_well_formed(changed) == (changed == token)


@given(st.text(max_size=80))
def test_no_text_is_taken_for_a_token_by_accident(text: str) -> None:
    assert not is_well_formed(text)
    assert not is_well_formed(PREFIX + text)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90d", timedelta(days=90)),
        ("12h", timedelta(hours=12)),
        ("6w", timedelta(weeks=6)),
        ("10y", timedelta(days=3650)),
        ("11y", None),
        ("9999d", None),
        ("0d", None),
        ("90", None),
        ("", None),
        ("90D", None),
    ],
)
def test_a_lifetime_is_a_number_and_a_unit(text: str, length: timedelta | None) -> None:
    assert lifetime(text) == length


def test_a_token_works_until_the_instant_at_which_it_expires() -> None:
    token = ApiToken(
        id=1, name="cms", scopes=frozenset(), made_at=NOW, expires_at=NOW + timedelta(days=1), used_at=None
    )
    assert [token.works(NOW + timedelta(days=1, seconds=s)) for s in (-1, 0, 1)] == [True, False, False]
