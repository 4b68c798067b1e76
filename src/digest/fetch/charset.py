"""Decodes bytes to text.

In this order count: the byte order mark, proof that the bytes are UTF-8, the HTTP header, the document's own
declaration, Windows-1252. A label of a single-byte encoding fits any bytes, so it proves nothing. A text with many
multi-byte characters that is valid UTF-8 throughout is decoded as UTF-8, whatever its label says. A stray byte (a
Windows quotation mark in a UTF-8 text) damages only its own character.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins with the mark of UTF-16, so it is tried first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# XML 1.0, appendix F.1: "<" followed by "?" or a letter, in encodings that do not contain ASCII.
_UNMARKED = (
    (re.compile(rb"<\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0<"), "utf-32-be"),
    (re.compile(rb"<\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0<\0[^\0]"), "utf-16-be"),
    (re.compile(rb"\x4c\x6f\xa7\x94"), "cp037"),
)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_XML_DECLARATION = re.compile(
    rb"^\s*(?:<!--.{0,500}?-->\s*)?<\?xml[^>]{0,200}?encoding\s*=\s*[\"']?\s*([A-Za-z0-9._:-]+)",
    re.IGNORECASE | re.DOTALL,
)
_LANGUAGE = re.compile(
    rb"<html\b[^>]{0,300}?\slang\s*=\s*[\"']?\s*([A-Za-z-]{2,12})|<(?:dc:)?language>\s*([A-Za-z-]{2,12})", re.IGNORECASE
)
_META = re.compile(
    rb"<meta\s(?![^>]{0,300}?\b(?:name|property|itemprop)\s*=)[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]+)",
    re.IGNORECASE,
)
_INERT = re.compile(rb"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1|\Z)", re.DOTALL | re.IGNORECASE)
_HTML_START = re.compile(rb"<(?:!doctype\s+)?html\b", re.IGNORECASE)
_XML_START = re.compile(rb"\s*<(?:\?xml|rss|feed|rdf:rdf)", re.IGNORECASE)
_HEAD_BYTES = 8192
_FEW = 200
"""A text with up to this many broken sequences is repaired. With more, it is not in that encoding."""
_GOOD_FOR_EACH = 10
"""Whole non-ASCII characters needed for each broken sequence, at least, to accept an encoding."""
_GOOD_FOR_EACH_IN_UTF8 = 0.2
"""The same where no other encoding is declared: "ß”" in Windows-1252 is one valid UTF-8 character by accident."""
_PROOF = 20
"""Non-ASCII characters that prove UTF-8 when the label names a multi-byte encoding."""
_SEVERAL_BYTES = frozenset(("gb18030", "big5hkscs", "euc_jp", "cp932", "cp949", "euc_kr", "johab"))
_REPLACEMENT = "\ufffd".encode()
_STRAY = "digest.stray"
_CUT = (b"\xc2", b"\xc3", b"\xff")
"""Bytes that are lost when they are alone: first halves of UTF-8's most frequent sequences, and a filler byte."""

# What writers mean by these labels (WHATWG Encoding, section 4.2). Python gives them a narrower meaning.
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
_LABELS = {
    "sjis": "shift_jis",
    "unicode": "utf-16-le",
    "windows-31j": "cp932",
    "logical": "iso8859-8",
    "visual": "iso8859-8",
    "ansi": "cp1252",
}
"""Labels that Python does not know. For those of Windows code pages, which have many spellings, see below."""
_OF_WINDOWS = re.compile(r"(?:cp|win|windows|ms)[-_ ]?(125[0-8]|874|932|949)")
_OF_LANGUAGE = {
    **dict.fromkeys(("ru", "uk", "be", "bg", "sr", "mk"), "cp1251"),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "sl", "hr", "ro"), "cp1250"),
    **dict.fromkeys(("lt", "lv", "et"), "cp1257"),
    **dict.fromkeys(("ar", "fa"), "cp1256"),
    "ja": "euc_jp cp932",
    "zh-tw": "big5hkscs",
    "zh-hk": "big5hkscs",
    "zh": "gb18030",
    "ko": "cp949",
    "el": "cp1253",
    "tr": "cp1254",
    "he": "cp1255",
    "vi": "cp1258",
    "th": "cp874",
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
_FIRST_OF_SURROGATE = b"\xed"
_SURROGATES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return the text of ``body``. ``content_type`` is the value of the HTTP header, if any.

    Every body can be decoded. A declared encoding that the bytes contradict is skipped. If few bytes are broken, the
    rest of the text is kept. The byte order mark is removed.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    labels = _declared(body, content_type)
    for form in (_as_utf8, _as_declared, _as_declared_mostly):
        text = form(body, labels)
        if text is not None:
            return text
    return body.decode("cp1252", "replace")


def _as_utf8(body: bytes, labels: list[str]) -> str | None:
    """Return the text of a body that is UTF-8, whatever its labels say. None: the bytes do not prove UTF-8."""
    if labels and labels[0].startswith(_WIDE):
        return None
    if _FIRST_OF_SURROGATE in body:  # rare, and much quicker to see than a whole one
        body = _SURROGATES.sub(_paired, body)
    needed = _PROOF if labels and labels[0] in _SEVERAL_BYTES else 1
    if needed == 1:
        with suppress(UnicodeDecodeError):  # most pages are whole: nothing to count
            return None if body.isascii() else body.decode("utf-8")
    text = body.decode("utf-8", "replace")
    good, broken = _counts(text, body.count(_REPLACEMENT))
    for_each = _GOOD_FOR_EACH if labels and "utf-8" not in labels else _GOOD_FOR_EACH_IN_UTF8
    if good < needed or broken > _FEW or broken * for_each > good:
        return None
    return body.decode("utf-8", _STRAY) if broken else text


def _paired(surrogates: re.Match[bytes]) -> bytes:
    """Return the character of a surrogate pair in which each half was encoded as UTF-8 (CESU-8)."""
    return surrogates[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16").encode()


def _as_declared(body: bytes, labels: list[str]) -> str | None:
    for encoding in labels:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _as_declared_mostly(body: bytes, labels: list[str]) -> str | None:
    """Return the text in the first declared encoding in which few bytes are broken, or None."""
    for encoding in labels:
        text = body.decode(encoding, "replace")
        good, broken = _counts(text)
        if broken <= _FEW and broken * _GOOD_FOR_EACH <= good:
            return text
    return None


def _counts(text: str, written: int = 0) -> tuple[int, int]:
    """Return the numbers of whole and of broken non-ASCII characters. ``written`` U+FFFD are the author's own."""
    broken = text.count("\ufffd") - written
    return len(text) - len(text.encode("ascii", "ignore")) - broken, broken


def _stray(problem: UnicodeError) -> tuple[str, int]:
    """Replace one invalid byte in UTF-8 by its Windows-1252 character, and a cut sequence by U+FFFD."""
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    cut = problem.object[problem.start : problem.end]
    pasted = len(cut) == 1 and cut not in _CUT
    return cut.decode("cp1252", "replace") if pasted else "\ufffd", problem.end


codecs.register_error(_STRAY, _stray)


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """Return the encodings that header and document name, in that order, without those that cannot be true."""
    head = body[:_HEAD_BYTES]
    wide = next((encoding for start, encoding in _UNMARKED if start.match(head)), None)
    if wide is not None:
        return [wide]
    labels = []
    labels += _IN_HEADER.findall(content_type or "")
    if inside := _XML_DECLARATION.search(head) or _meta(head):
        labels.append(inside[1].decode("ascii"))
    known = [known_as for label in labels if (known_as := _codec(label))]
    usual = () if known else _usual(head)
    return [encoding for encoding in (*known, *usual) if not encoding.startswith(_WIDE)]


def _usual(head: bytes) -> tuple[str, ...]:
    """Return the usual encodings of the document's language, for a text that declares none (WHATWG HTML, 13.2.3.2)."""
    found = _LANGUAGE.search(head)
    tag = (found[1] or found[2]).decode("ascii").lower() if found else ""
    return tuple((_OF_LANGUAGE.get(tag) or _OF_LANGUAGE.get(tag.partition("-")[0], "")).split())


def _meta(head: bytes) -> re.Match[bytes] | None:
    """Return the encoding declaration of a page. Declarations inside a feed or a comment do not count."""
    seen = _INERT.sub(b"", head)
    is_page = not _XML_START.match(head) or _HTML_START.search(seen)
    return _META.search(seen) if is_page else None


def _codec(label: str) -> str | None:
    """Return Python's name for the encoding of a label, or None for a label that is not a web text encoding."""
    bare = label.lower().removeprefix("x-").removesuffix("-i").removesuffix("-e")
    windows = _OF_WINDOWS.fullmatch(bare)
    try:
        name = codecs.lookup(f"cp{windows[1]}" if windows else _LABELS.get(bare, bare)).name
    except (LookupError, ValueError):
        return None
    name = _MEANT.get(name, name)
    return name if name in _TRUSTED else None
