# ruff: noqa: RUF001 - dashes and quotation marks of print are meant

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


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        ("win-1251", "cp1251"),
        ("cp-1251", "cp1251"),
        ("windows-31j", "cp932"),
        ("no-such; charset=windows-1251", "cp1251"),
        ("iso-8859-8-i", "iso8859-8"),
    ],
)
def test_labels_have_many_spellings(label: str, encoding: str) -> None:
    text = {"cp1251": "Паром", "cp932": "①髙", "iso8859-8": "מעבורת"}[encoding]
    assert decode(text.encode(encoding), f"text/html; charset={label}") == text


def test_a_text_without_a_label_is_read_as_its_language_is_mostly_written() -> None:
    text = '<html class="x" lang="ru-RU"><p>Паром</p>'
    assert decode(text.encode("cp1251")) == text
    assert decode("<html lang=ja>東京の新聞".encode("cp932")).endswith("東京の新聞")
    assert decode("<html lang=de>Fähre".encode("cp1252")) == "<html lang=de>Fähre"


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


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1251", "windows-1252", "koi8-r", "iso-8859-15", "macintosh"])
def test_utf8_wins_over_a_label_that_fits_any_bytes(label: str) -> None:
    text = META.format(label)
    assert decode(text.encode()) == text
    assert decode(TEXT.encode(), f"text/html; charset={label}") == TEXT
    assert decode(b"plain words", f"text/html; charset={label}") == "plain words"


def test_utf8_under_a_label_of_several_bytes_needs_more_proof() -> None:
    short, long = "联通", "渡轮九天后再次驶向岛屿居民在码头欢呼学校重新开放面包和邮件也到了"
    assert decode(short.encode("gb18030"), "text/html; charset=gb2312") == short
    assert decode(long.encode("gb18030"), "text/html; charset=gb2312") == long
    assert decode(long.encode(), "text/html; charset=gb2312") == long
    assert decode(long.encode(), "text/html; charset=shift_jis") == long


@pytest.mark.parametrize("label", [None, "utf-8", "iso-8859-1", "windows-1251"])
def test_a_stray_byte_of_windows_in_a_utf8_text_is_read_for_itself(label: str | None) -> None:
    body = "Ähren über Öland – schön! ".encode() * 3 + b"It\x92s"
    assert decode(body, label and f"text/html; charset={label}") == "Ähren über Öland – schön! " * 3 + "It’s"


def test_one_stray_byte_beside_one_good_character_spoils_neither() -> None:
    assert decode("Fähre ".encode() + b"\x96 caf\xe9 open", "text/html; charset=utf-8") == "Fähre – café open"
    assert decode("é é ".encode() + b"caf\xe9 open", "text/html; charset=utf-8") == "é é café open"
    assert decode("é ".encode() + "…".encode()[:2] + b" end", "text/html; charset=utf-8") == "é \ufffd end"


@pytest.mark.parametrize("label", ["shift_jis", "euc-kr", "gb2312", "windows-1251", "big5"])
def test_a_stray_byte_does_not_spoil_a_text_of_another_encoding(label: str) -> None:
    texts = {"windows-1251": "Паром снова ушёл на остров. ", "euc-kr": "여객선이 다시 섬으로 떠났다. "}
    text = texts.get(label, "水上火山小人大木。") * 5
    stray = b"\x98" if label == "windows-1251" else b"\xff"
    found = decode(text.encode(label) + stray + b" end", f"text/html; charset={label}")
    assert found.startswith(text)
    assert found.endswith(" end")


def test_windows_text_without_a_label_keeps_its_quotation_marks() -> None:
    for text in ("Le « café » des îles – «café» d'été", "„Spaß” für die größten Mäuse, schön über Brücken"):
        assert decode(text.encode("cp1252")) == text
        assert decode(text.encode("cp1252"), "text/html; charset=utf-8") == text


@pytest.mark.parametrize(
    "inert",
    [
        '<!-- <meta charset="koi8-r"> -->',
        """<script>write('<meta charset="koi8-r">')</script>""",
        '<meta name="description" content="What charset=koi8-r means">',
    ],
)
def test_a_declaration_that_no_browser_reads_is_passed_over(inert: str) -> None:
    text = f'<html>{inert}<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>Паром'
    assert decode(text.encode("cp1251")) == text


def test_an_xhtml_page_declares_itself_in_its_head_but_a_feeds_content_declares_nothing() -> None:
    page = '<?xml version="1.0"?><!DOCTYPE html><html><meta charset="windows-1251"><p>Паром</p>'
    assert decode(page.encode("cp1251")) == page
    feed = '<?xml version="1.0"?><rss><![CDATA[<meta charset="windows-1251">]]>café'
    assert decode(feed.encode("cp1252")) == feed


@pytest.mark.parametrize("piece", [b"<meta ", b"<!--", b"<script", b"\xe9", b"\xc3\xa9\xff"])
def test_a_hostile_body_is_read_once(piece: bytes) -> None:
    assert decode(piece * 100_000)


@given(st.binary(max_size=200), st.none() | st.text(max_size=40).map("text/html; charset={}".format))
def test_all_bytes_have_a_text(body: bytes, content_type: str | None) -> None:
    assert isinstance(decode(body, content_type), str)


@given(st.text())
def test_utf8_comes_back_as_it_was(text: str) -> None:
    plain = text.encode("utf-8", "ignore").decode()
    assert decode(codecs.BOM_UTF8 + plain.encode()) == plain


def test_a_character_that_is_written_as_two_surrogates_in_utf8_is_one() -> None:
    body = "Café ".encode() + b"\xed\xa0\xbc\xed\xbf\x86 won"
    assert decode(body, "text/xml; charset=utf-8") == "Café \U0001f3c6 won"
    assert decode("화성".encode()) == "화성"
