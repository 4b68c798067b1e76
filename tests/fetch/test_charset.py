from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.fetch.charset import decode

TEXT = "Fähre … «Ende»"
META = '<html><head><meta charset="{}"></head>' + TEXT


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (codecs.BOM_UTF8 + TEXT.encode(), "text/html; charset=iso-8859-1"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), None),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), None),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), None),
        (TEXT.encode("mac-roman"), "text/html; charset=macintosh"),
        (TEXT.encode("cp1252"), 'text/html; charset="ISO-8859-1"'),
        (TEXT.encode(), "text/html; charset=us-ascii"),
        (TEXT.encode(), "text/html; charset=zlib"),
        (TEXT.encode(), "text/html; charset=unicode-escape"),
        (TEXT.encode(), "text/html; charset=no-such"),
        (TEXT.encode(), "text/html"),
        (TEXT.encode("cp1252"), None),
        (TEXT.encode(), "text/html; charset=utf-16"),
    ],
)
def test_marks_headers_strict_utf8_and_windows_are_tried_in_order(body: bytes, content_type: str | None) -> None:
    assert decode(body, content_type) == TEXT


@pytest.mark.parametrize("label", ["windows-1252", "iso-8859-15", "utf-8", "macintosh", "utf-16"])
def test_the_documents_own_word_is_heard(label: str) -> None:
    text = META.format(label).replace("…", "-") if label == "iso-8859-15" else META.format(label)
    assert decode(text.encode("utf-8" if label == "utf-16" else label)) == text


def test_a_header_goes_before_the_document() -> None:
    text = META.format("windows-1251")
    assert decode(text.encode(), "text/html; charset=utf-8") == text


def test_a_declaration_that_the_bytes_contradict_is_passed_over() -> None:
    text = '<?xml version="1.0" encoding="utf-8"?><a>Fähre</a>'
    assert decode(text.encode("cp1252")) == text


def test_unmarked_utf16_is_known_by_its_first_bytes() -> None:
    assert decode("<?xml version='1.0'?>".encode("utf-16-le")) == "<?xml version='1.0'?>"


def test_a_broken_byte_does_not_spoil_the_rest_of_a_utf8_text() -> None:
    assert decode(("ä" * 50).encode() + b"\xff" + "ö".encode()) == "ä" * 50 + "\ufffd" + "ö"


@given(st.binary(max_size=200), st.none() | st.text(max_size=40).map("text/html; charset={}".format))
def test_all_bytes_have_a_text(body: bytes, content_type: str | None) -> None:
    assert isinstance(decode(body, content_type), str)


@given(st.text())
def test_utf8_comes_back_as_it_was(text: str) -> None:
    plain = text.encode("utf-8", "ignore").decode()
    assert decode(codecs.BOM_UTF8 + plain.encode()) == plain
