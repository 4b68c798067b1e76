"""Codes of the second factor, what seals their secrets, and how long a failed try delays the next."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.model.desk_session import Failures
from digest.people.codes import (
    RECOVERY_CODES,
    app_address,
    new_secret,
    qr_drawing,
    recovery_codes,
    recovery_hash,
    step_of,
)
from digest.people.sealing import seal, unseal
from digest.people.throttle import FORGOTTEN, LONGEST, Limit, counted, delay, wait
from digest.people.tokens import form_token, is_form_of, new_token, token_hash
from digest.settings import KeySettings

NOW = datetime(2026, 11, 27, 5, 50, 10, tzinfo=UTC)
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
KEYS = KeySettings(current="new", ring={"new": "5a" * 32, "old": "a5" * 32})
LIMIT = Limit(scope="account", free=5, longest=LONGEST)


@pytest.mark.parametrize(("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_a_code_is_that_of_the_standard(seconds: int, code: str) -> None:
    """The test vectors of RFC 6238, appendix B, cut to six digits."""
    assert step_of(SECRET, code, datetime.fromtimestamp(seconds, UTC)) == seconds // 30


@pytest.mark.parametrize(("steps", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_the_codes_beside_the_present_one_count(*, steps: int, counts: bool) -> None:
    present = int(NOW.timestamp()) // 30
    code = pyotp.TOTP(SECRET).generate_otp(present + steps)
    assert step_of(SECRET, code, NOW) == (present + steps if counts else None)
    assert step_of(SECRET, f" {code[:3]} {code[3:]} ", NOW) == (present + steps if counts else None)


@settings(max_examples=30)
@given(st.text(max_size=40))
def test_no_other_text_is_a_code(text: str) -> None:
    if not re.fullmatch(r"[\s-]*(\d[\s-]*){6}", text):
        assert step_of(SECRET, text, NOW) is None


def test_an_app_can_read_the_drawing_of_its_secret() -> None:
    secret = new_secret()
    assert len(secret) == 32
    address = app_address(secret, "ana@paper.example", "The Harbour & Sons")
    found = pyotp.parse_uri(address)
    assert (found.secret, found.name, found.issuer) == (secret, "ana@paper.example", "The Harbour & Sons")
    drawing = qr_drawing(address)
    assert ET.fromstring(drawing).tag == "svg"  # noqa: S314 - our own
    assert "style" not in drawing


def test_recovery_codes_are_many_long_and_read_however_they_are_typed() -> None:
    codes = recovery_codes()
    assert len(set(codes)) == RECOVERY_CODES
    assert all(re.fullmatch(r"([a-z2-7]{4}-){3}[a-z2-7]{4}", code) for code in codes)
    assert recovery_hash(codes[0]) == recovery_hash(f" {codes[0].upper().replace('-', ' ')}\n")
    assert recovery_hash(codes[0]) != recovery_hash(codes[1])


def test_a_secret_is_opened_by_its_key_and_for_its_owner_alone() -> None:
    sealed = seal(KEYS, "ana", SECRET)
    assert SECRET not in sealed
    assert seal(KEYS, "ana", SECRET) != sealed
    assert unseal(KEYS, "ana", sealed) == SECRET
    assert unseal(KEYS, "bo", sealed) is None
    later = KeySettings(current="newer", ring={"newer": "11" * 32, "new": "5a" * 32})
    assert unseal(later, "ana", sealed) == SECRET, "an old key of the ring still opens"
    assert unseal(KeySettings(current="old", ring={"old": "a5" * 32}), "ana", sealed) is None
    assert unseal(KeySettings(current="new", ring={"new": "a5" * 32}), "ana", sealed) is None


def test_a_delay_doubles_and_has_an_end() -> None:
    delays = [delay(LIMIT, number).total_seconds() for number in (1, 4, 5, 6, 7, 8, 12, 13, 1000)]
    assert delays == [0, 0, 2, 4, 8, 16, 256, 300, 300]


def test_a_try_waits_for_the_slowest_of_its_limits() -> None:
    network = Limit(scope="network", free=1, longest=LONGEST)
    known = {"account": Failures(number=5, last_at=NOW), "network": Failures(number=4, last_at=NOW)}
    assert wait((LIMIT, network), known, NOW + timedelta(seconds=1)) == timedelta(seconds=15)
    assert wait((LIMIT,), known, NOW + timedelta(seconds=2)) == timedelta()
    assert wait((LIMIT, network), {}, NOW) == timedelta()


def test_failures_are_forgotten_after_a_day_without_one() -> None:
    known = {"account": Failures(number=50, last_at=NOW)}
    assert wait((LIMIT,), known, NOW + FORGOTTEN) == timedelta()
    assert counted((LIMIT,), known, NOW + FORGOTTEN)["account"].number == 1
    assert counted((LIMIT,), known, NOW + FORGOTTEN - timedelta(seconds=1))["account"].number == 51


def test_a_form_is_of_the_browser_that_holds_the_token() -> None:
    token = new_token()
    assert is_form_of(form_token(token), token)
    assert not is_form_of(form_token(token), new_token())
    assert not is_form_of(form_token(""), "")
    assert not is_form_of("", token)
    assert not is_form_of("é\ud800", token)
    assert token not in form_token(token)
    assert len(token_hash(token)) == 64
