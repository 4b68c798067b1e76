from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import Refusal, SettingsError
from digest.readers.one_time_tokens import TOKEN, TokenPurpose, fresh_token, mailed_token, refusal, token_hash
from digest.settings import KeySettings

KEYS = KeySettings(current="k", ring={"k": "5a" * 32, "old": "6b" * 32})
NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def test_a_token_is_the_same_at_every_try_and_another_for_everything_else() -> None:
    cases = list(product(("k", "old"), TokenPurpose, (1, 2, 12), ("aa", "ab")))
    made = [mailed_token(KEYS, key, token_purpose, mail, nonce) for key, token_purpose, mail, nonce in cases]
    assert len(set(made)) == len(cases)
    assert made == [mailed_token(KEYS, key, token_purpose, mail, nonce) for key, token_purpose, mail, nonce in cases]
    assert all(TOKEN.fullmatch(token) for token in made)


def test_a_fresh_token_looks_like_any_other() -> None:
    assert TOKEN.fullmatch(fresh_token())
    assert fresh_token() != fresh_token()


def test_a_key_that_left_the_ring_makes_no_token() -> None:
    with pytest.raises(SettingsError, match="missing"):
        mailed_token(KEYS, "older", TokenPurpose.CONFIRM, 1, "aa")


@given(st.text(max_size=80))
def test_any_text_has_a_hash_and_only_tokens_have_one_of_their_own(text: str) -> None:
    nothing = sha256(b"").hexdigest()
    assert (token_hash(text) == nothing) == (TOKEN.search(text) is None)


@pytest.mark.parametrize("form", ["{}.", "{}>", "{}/", " {} ", "<{}>", "{}&gt;"])
def test_what_a_mail_program_leaves_around_a_mailed_token_is_no_part_of_it(form: str) -> None:
    token = fresh_token()
    assert token_hash(form.format(token)) == token_hash(token)
    assert token_hash(f"{token}a") != token_hash(token)


@pytest.mark.parametrize(
    ("purpose", "expires_in", "used", "reason"),
    [
        ("confirm", 1, False, None),
        ("confirm", 0, False, Refusal.EXPIRED),
        ("confirm", 1, True, Refusal.USED),
        ("confirm", -1, True, Refusal.USED),
        ("choose", 1, False, Refusal.UNKNOWN),
        ("choose", 1, True, Refusal.UNKNOWN),
    ],
)
def test_a_token_opens_its_own_errand_once_and_for_a_while(
    purpose: str, expires_in: int, *, used: bool, reason: Refusal | None
) -> None:
    expires = NOW + timedelta(seconds=expires_in)
    assert refusal(purpose, expires, NOW if used else None, TokenPurpose.CONFIRM, NOW) is reason
