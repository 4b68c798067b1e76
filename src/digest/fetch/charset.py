"""Bytes to text: byte order mark, HTTP header, the document's own declaration, strict UTF-8, Windows-1252."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like UTF-16's, so it is asked first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# XML 1.0, appendix F.1: "<" and "?" or a letter in the encodings that are not ASCII's kin.
_UNMARKED = (
    (re.compile(rb"<\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0<"), "utf-32-be"),
    (re.compile(rb"<\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0<\0[^\0]"), "utf-16-be"),
    (re.compile(rb"\x4c\x6f\xa7\x94"), "cp037"),
)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_XML_DECLARATION = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']?\s*([A-Za-z0-9._:-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta\s[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]+)", re.IGNORECASE)
_XML_START = re.compile(rb"\s*<(?:\?xml|rss|feed|rdf:rdf)", re.IGNORECASE)
_HEAD_BYTES = 8192
_FEW = 200
"""So many broken sequences in a UTF-8 text are mended one by one; more, and the text is no UTF-8."""

# What people mean by these labels (WHATWG Encoding, section 4.2), where Python means something narrower.
_MEANT = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "utf-16": "utf-16-le",
    "utf-32": "utf-32-le",
}
_TRUSTED_NAMES = (
    "utf-8 utf-16-le utf-16-be utf-32-le utf-32-be gb18030 hz big5hkscs euc_jp iso2022_jp cp932 cp949 johab cp874 "
    "cp866 koi8-r koi8-u mac-roman mac-cyrillic ptcp154 cp437 cp850 cp852 cp855"
)
_TRUSTED = frozenset(_TRUSTED_NAMES.split()).union(
    (f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    (f"cp{page}" for page in range(1250, 1259)),
)
_WIDE = ("utf-16", "utf-32")


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return the text of ``body``; ``content_type`` is the HTTP header's value, when there is one.

    Every body has a text: a declared encoding that the bytes contradict is passed over, and a UTF-8 text with a few
    broken bytes keeps the rest. A byte order mark is not part of the text.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for encoding in _declared(body, content_type):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return _undeclared(body)


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """Return the encodings that header and document name, in that order, as far as they can be true."""
    head = body[:_HEAD_BYTES]
    wide = next((encoding for start, encoding in _UNMARKED if start.match(head)), None)
    if wide is not None:
        return [wide]
    labels = []
    if content_type and (found := _IN_HEADER.search(content_type)):
        labels.append(found[1])
    inside = (_XML_DECLARATION if _XML_START.match(head) else _META).search(head)
    if inside:
        labels.append(inside[1].decode("ascii"))
    known = [known_as for label in labels if (known_as := _codec(label))]
    return [encoding for encoding in known if not encoding.startswith(_WIDE)]


def _codec(label: str) -> str | None:
    """Return Python's name for a label's encoding; None for what is no text encoding of the web."""
    bare = label.lower().removeprefix("x-")
    try:
        name = codecs.lookup({"sjis": "shift_jis", "unicode": "utf-16-le"}.get(bare, bare)).name
    except (LookupError, ValueError):
        return None
    name = _MEANT.get(name, name)
    return name if name in _TRUSTED else None


def _undeclared(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if not broken:
        return text
    if broken <= _FEW and 10 * broken < sum(1 for character in text if character > "\x7f"):
        return text
    return body.decode("cp1252", "replace")
