from __future__ import annotations

import base64
import hmac
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import SettingsError
from digest.model.ids import EditionKey, ReaderId
from digest.readers.tokens import LinkPurpose, edition_of_message_id, message_id, sign, verify
from digest.settings import KeySettings

KEYS = KeySettings(current="k2", ring={"k1": "1a" * 32, "k2": "2b" * 32})
EDITIONS = ("morning", "evening")
ADA = ReaderId(7)


@given(st.integers(1, 2**63 - 1), st.sampled_from(list(LinkPurpose)), st.sampled_from(EDITIONS))
def test_a_token_says_who_and_what_it_is_for(reader: int, purpose: LinkPurpose, edition: str) -> None:
    token = sign(KEYS, purpose, ReaderId(reader), edition)
    assert verify(KEYS, purpose, token, EDITIONS) == (reader, edition)
    assert token == token.lower()
    assert len(token) <= 64 - len("bounces+")


@given(st.text(max_size=80))
def test_no_made_up_token_opens_anything(text: str) -> None:
    assert all(verify(KEYS, purpose, text, EDITIONS) is None for purpose in LinkPurpose)


@given(st.data())
def test_a_token_changed_in_one_place_opens_nothing(data: st.DataObject) -> None:
    token = sign(KEYS, LinkPurpose.LEAVE, ADA, "morning")
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters(codec="ascii").filter(lambda c: c.lower() != token[place]))
    changed = token[:place] + letter + token[place + 1 :]
    assert verify(KEYS, LinkPurpose.LEAVE, changed, EDITIONS) is None


def test_a_token_for_one_thing_is_no_good_for_another() -> None:
    token = sign(KEYS, LinkPurpose.LEAVE, ADA, "morning")
    assert verify(KEYS, LinkPurpose.CHOOSE, token, EDITIONS) is None
    assert verify(KEYS, LinkPurpose.CHOOSE, "c" + token[1:], EDITIONS) is None
    assert verify(KEYS, LinkPurpose.LEAVE, token, ("evening",)) is None
    assert verify(KEYS, LinkPurpose.LEAVE, "c" + token[1:], EDITIONS) is None


@pytest.mark.parametrize("form", ["{}.", "{}>", "{}/", "{} ", "<{}>", "{}\u00a0", "{}&gt;", "{},"])
def test_what_a_mail_program_leaves_around_a_token_and_its_case_make_no_difference(form: str) -> None:
    token = sign(KEYS, LinkPurpose.LEAVE, ADA, "morning")
    assert verify(KEYS, LinkPurpose.LEAVE, form.format(token), EDITIONS) == (ADA, "morning")
    assert verify(KEYS, LinkPurpose.LEAVE, form.format(token.upper()), EDITIONS) == (ADA, "morning")


def test_old_keys_still_verify_and_lost_ones_do_not() -> None:
    old = sign(KeySettings(current="k1", ring=KEYS.ring), LinkPurpose.LEAVE, ADA, "morning")
    assert verify(KEYS, LinkPurpose.LEAVE, old, EDITIONS) == (ADA, "morning")
    assert verify(KeySettings(current="k2", ring={"k2": KEYS.ring["k2"]}), LinkPurpose.LEAVE, old, EDITIONS) is None


@pytest.mark.parametrize("keys", [KeySettings(), KeySettings(current="k", ring={"k": "short"})])
def test_without_a_key_nothing_is_signed(keys: KeySettings) -> None:
    with pytest.raises(SettingsError, match="digest init"):
        sign(keys, LinkPurpose.LEAVE, ADA, "morning")


def test_a_message_id_is_steady_and_different_for_each_reader_and_day() -> None:
    keys = [EditionKey(name="morning", date=date(2026, 11, day)) for day in (22, 23)]
    made = [message_id(KEYS, key, ReaderId(reader)) for key in keys for reader in (7, 8)]
    assert len(set(made)) == 4
    assert made[0] == message_id(KEYS, keys[0], ADA)


def signed_with(key: bytes, head: str) -> str:
    """Return a leave token for Ada's morning, made with another key, by another way."""
    mac = base64.b32encode(hmac.new(key, b"l\n7\nmorning", "sha256").digest()[:15]).decode().lower()
    return f"{head}.7.{mac}"


def test_a_token_is_made_as_the_documentation_says() -> None:
    assert sign(KEYS, LinkPurpose.LEAVE, ADA, "morning") == signed_with(bytes.fromhex("2b" * 32), "lk2")
    assert sign(KEYS, LinkPurpose.LEAVE, ReaderId(255), "morning").split(".")[1] == "ff"


@pytest.mark.parametrize("head", ["lk2", "lk3", "lnone"])
def test_a_token_of_an_empty_key_opens_nothing(head: str) -> None:
    assert verify(KEYS, LinkPurpose.LEAVE, signed_with(b"", head), EDITIONS) is None
    assert verify(KeySettings(), LinkPurpose.LEAVE, signed_with(b"", head), EDITIONS) is None


def test_the_case_of_a_keys_name_makes_no_difference() -> None:
    keys = KeySettings(current="Main", ring={"Other": "3c" * 32, "Main": "4d" * 32})
    token = sign(keys, LinkPurpose.LEAVE, ADA, "morning")
    for spelled in (token, token.lower(), token.upper()):
        assert verify(keys, LinkPurpose.LEAVE, spelled, EDITIONS) == (ADA, "morning")


@pytest.mark.parametrize(("digits", "enough"), [(62, False), (64, True), (66, True)])
def test_a_key_has_thirty_two_bytes_at_least(digits: int, *, enough: bool) -> None:
    keys = KeySettings(current="k", ring={"k": "a" * digits})
    if enough:
        assert verify(keys, LinkPurpose.LEAVE, sign(keys, LinkPurpose.LEAVE, ADA, "x"), ("x",)) == (ADA, "x")
    else:
        with pytest.raises(SettingsError, match="digest init"):
            sign(keys, LinkPurpose.LEAVE, ADA, "x")


def test_the_edition_of_a_letter_is_found_by_its_message_id_with_any_key_of_the_ring() -> None:
    days = [EditionKey(name="morning", date=date(2026, 11, day)) for day in range(1, 28)]
    editions = [(key, str(key).encode()) for key in days]
    old, new = "5a" * 32, "6b" * 32
    before = KeySettings(current="k", ring={"k": old})
    after = KeySettings(current="n", ring={"short": "aa", "k": old, "n": new})
    made = message_id(before, days[4], ReaderId(7))
    assert edition_of_message_id(after, made, ReaderId(7), editions) == days[4]
    assert edition_of_message_id(after, made.upper(), ReaderId(7), editions) == days[4]
    assert edition_of_message_id(after, made, ReaderId(8), editions) is None
    assert edition_of_message_id(after, made, ReaderId(7), editions[5:]) is None
    assert edition_of_message_id(KeySettings(current="n", ring={"n": new}), made, ReaderId(7), editions) is None


@pytest.mark.parametrize("wanted", ["", "x", "1" * 24, "a" * 23, "a" * 32, "\u017f" * 24, "\ud800", "a" * 10_000])
def test_what_is_no_message_id_of_ours_belongs_to_no_edition(wanted: str) -> None:
    editions = [(EditionKey(name="morning", date=date(2026, 11, 1)), b"morning/2026-11-01")]
    assert edition_of_message_id(KeySettings(current="k", ring={"k": "5a" * 32}), wanted, ReaderId(7), editions) is None
