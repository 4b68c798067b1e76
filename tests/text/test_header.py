from __future__ import annotations

import email
import email.policy
from email.headerregistry import AddressHeader

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.header import clean, encoded_words, mailbox, unstructured

TRAPS = st.sampled_from(["=?utf-8?q?=0d=0a?=", "=?", "\r\n", "\0", "\u202e", '"', "\\", "<", "x" * 90])
CHARACTERS = st.characters(codec=None, categories=None)
ANYTHING = st.lists(TRAPS | st.text(CHARACTERS, max_size=20), max_size=6).map("".join)
SMUGGLED = "=?utf-8?q?=0d=0aBcc:_thief=40example.org?="


def parsed(raw: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(raw + b"\r\n\r\n", policy=email.policy.default)


def test_an_encoded_word_in_a_title_writes_no_header_of_its_own() -> None:
    raw = unstructured("Subject", SMUGGLED)
    assert raw.count(b"\r\n") == 1
    assert b"=?" not in raw
    assert parsed(raw).keys() == ["Subject"]
    assert "Bcc" not in parsed(raw.replace(b"=\x20?", b"=?"))


@given(ANYTHING)
def test_any_text_is_one_field_that_reads_back_as_it_was_cleaned(text: str) -> None:
    raw = unstructured("Subject", text)
    assert raw.isascii()
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    assert all(line.startswith(b" ") for line in raw.split(b"\r\n")[1:-1])
    message = parsed(raw)
    assert message.keys() == ["Subject"]
    assert " ".join(message["Subject"].split()) == " ".join(clean(text).split())


@given(ANYTHING)
def test_any_name_stands_before_its_address_and_reads_back(name: str) -> None:
    value = mailbox(name, "anna@example.com")
    assert value.isascii()
    assert all(len(line) <= 78 for line in f"Reply-To: {value}".split("\r\n"))
    header = parsed(f"To: {value}".encode())["To"]
    assert isinstance(header, AddressHeader)
    (address,) = header.addresses
    assert address.addr_spec == "anna@example.com"
    # The standard library keeps the blanks between encoded-words of a phrase, against RFC 2047, section 6.2.
    assert "".join(address.display_name.split()) == "".join(clean(name).split())


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=200))
def test_an_encoded_word_is_never_longer_than_it_may_be(text: str) -> None:
    words = encoded_words(text, first=40)
    assert all(len(word) <= 75 for word in words)
    assert len(words[0]) <= 40


def test_cyrillic_takes_the_shorter_way() -> None:
    assert encoded_words("Главное")[0].startswith("=?utf-8?b?")
    assert encoded_words("Übersicht heute")[0] == "=?utf-8?q?=C3=9Cbersicht_heute?="


@pytest.mark.parametrize(
    ("name", "address", "value"),
    [
        ("", "a@example.com", "a@example.com"),
        ("Anna Berg", "a@example.com", "Anna Berg <a@example.com>"),
        ('O"Neil, A.', "a@example.com", '"O\\"Neil, A." <a@example.com>'),
        ("Åsa", "a@exämple.com", "=?utf-8?b?w4VzYQ==?= <a@xn--exmple-cua.com>"),
    ],
)
def test_a_mailbox_is_written_as_readers_expect(name: str, address: str, value: str) -> None:
    assert mailbox(name, address) == value
