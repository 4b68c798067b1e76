from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.letters.editions import BRAND, MAIL, SITE, arabic, cyrillic, full_morning

from digest.deliver.message.splice import ReaderFields, prepare, splice
from digest.errors import BadAddress
from digest.model.edition import Edition
from digest.model.letter import Letter, Slot
from digest.render.letter import render
from digest.render.links import leave_links
from digest.text.header import clean

DATE = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
READER = ReaderFields(address="anna@receiver.test", message_id="m1", unsubscribe="u1", preferences="p1")
ATOM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
TOKENS = st.text(ATOM + "-_", min_size=1, max_size=72)
NAMES = st.text(st.characters(codec=None, categories=None), max_size=80)
ADDRESSES = st.builds(
    "{}@{}.example".format, st.text(ATOM + "+-_'", min_size=1, max_size=30), st.text(ATOM, min_size=1, max_size=20)
)
READERS = st.builds(
    ReaderFields, address=ADDRESSES, name=NAMES, message_id=TOKENS, unsubscribe=TOKENS, preferences=TOKENS
)


def letter_of(edition: Edition) -> Letter:
    return render(edition, None, SITE, BRAND, MAIL, date=DATE)


EDITIONS = (full_morning, arabic, cyrillic)


@cache
def letters() -> tuple[Letter, ...]:
    """Render the letters once, and not while tests are collected."""
    return tuple(letter_of(edition()) for edition in EDITIONS)


def full(part: str, reader: ReaderFields) -> str:
    """Return a part as this reader gets it, made of the stored one by replacing the emptied links."""
    mine, nobody = leave_links(SITE, MAIL, reader.unsubscribe, reader.preferences), leave_links(SITE, MAIL, "", "")
    return part.replace(nobody.https, mine.https).replace(nobody.preferences, mine.preferences)


def built(letter: Letter, reader: ReaderFields) -> EmailMessage:
    """Return the same letter as the standard library builds it."""
    message = EmailMessage()
    leave = leave_links(SITE, MAIL, reader.unsubscribe, "")
    message["To"] = Address(clean(reader.name), addr_spec=reader.address)
    message["Subject"] = letter.subject
    message["Message-ID"] = f"<{reader.message_id}@example.com>"
    message["List-Unsubscribe"] = f"<{leave.https}>, <{leave.mailto}>"
    message.set_content(full(letter.text, reader), cte="base64")
    message.add_alternative(full(letter.html, reader), subtype="html", cte="base64")
    return email.message_from_bytes(
        message.as_bytes(policy=email.policy.SMTP.clone(max_line_length=0)), policy=email.policy.default
    )


@settings(max_examples=30, deadline=None)
@given(READERS, st.integers(0, len(EDITIONS) - 1))
@pytest.mark.slow
def test_a_spliced_letter_reads_as_the_one_that_the_standard_library_builds(reader: ReaderFields, which: int) -> None:
    letter = letters()[which]
    raw = splice(letter, reader)
    mine, theirs = email.message_from_bytes(raw, policy=email.policy.default), built(letter, reader)
    for name in ("Subject", "Message-ID", "List-Unsubscribe"):
        assert mine[name].strip() == theirs[name]
    assert mine["To"].addresses[0].addr_spec == reader.address
    assert "".join(mine["To"].addresses[0].display_name.split()) == "".join(clean(reader.name).split())
    for kind in ("plain", "html"):
        one, other = mine.get_body((kind,)), theirs.get_body((kind,))
        assert one is not None
        assert other is not None
        # The standard library leaves bare line feeds in base64, against RFC 2045, section 6.8.
        assert one.get_content().replace("\r\n", "\n") == other.get_content()


@settings(max_examples=30, deadline=None)
@given(READERS, st.integers(0, len(EDITIONS) - 1))
def test_no_copy_needs_dot_stuffing_or_has_a_line_too_long(reader: ReaderFields, which: int) -> None:
    letter = letters()[which]
    raw = splice(letter, reader)
    assert raw.endswith(b"\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    for line in raw.split(b"\r\n"):
        assert not line.startswith(b".")
        assert len(line) <= 998


def test_the_same_reader_gets_the_same_bytes() -> None:
    ready = prepare(letters()[0])
    assert ready.splice(READER) == ready.splice(READER) == splice(letter_of(full_morning()), READER)


def test_one_readers_token_stands_in_header_and_both_parts_and_nobody_elses_does() -> None:
    other = replace(READER, unsubscribe="other-token")
    raw = splice(letters()[0], READER)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    parts = [part.get_content() for part in message.iter_parts() if isinstance(part, EmailMessage)]
    assert all("/leave/u1" in part for part in parts)
    assert "/leave/u1>" in message["List-Unsubscribe"]
    assert b"other-token" not in raw
    assert raw.replace(b"u1", b"other-token") == splice(letters()[0], other)


def test_a_letter_holds_no_trace_of_its_marks() -> None:
    for letter in letters():
        assert {slot for slot in letter.segments if isinstance(slot, Slot)} >= {Slot.TO, Slot.UNSUBSCRIBE}
        assert "/leave/" not in letter.html + letter.text


@pytest.mark.parametrize("token", ["", "a b", "a\r\nBcc: x", ".a", "a.", "a" * 73, "a=b", "é"])
def test_a_token_that_could_break_a_line_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="a token must be"):
        replace(READER, unsubscribe=token)


@pytest.mark.parametrize(
    "address", ["", "a", "a@b\r\nBcc: x@y.z", "a b@c.d", "a@b, c@d", "<a@b.c>", "a@b@c", "x" * 251 + "@b.c"]
)
def test_an_address_that_could_write_a_header_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        replace(READER, address=address)


def test_a_name_in_another_script_and_an_international_domain_are_mailed() -> None:
    raw = splice(letters()[0], replace(READER, address="åsa@straße.example", name="Åsa"))
    assert "To: =?utf-8?b?w4VzYQ==?= <åsa@xn--strae-oqa.example>\r\n".encode() in raw
    with pytest.raises(BadAddress, match="no such domain"):
        replace(READER, address="a@ä\u2024\u2024b.example")
