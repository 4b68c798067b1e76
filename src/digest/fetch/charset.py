"""Bytes to text: byte order mark, UTF-8 that proves itself, HTTP header, the document's own declaration, Windows-1252.

A label of one byte for a character fits any bytes, so it proves nothing; a text of many bytes that is UTF-8 throughout
is UTF-8 whatever its label says. A stray byte (a quotation mark of Windows in a text of UTF-8) costs itself alone.
"""

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
"""So many broken sequences in a text are mended one by one; more, and it is not in that encoding."""
_GOOD_FOR_EACH = 10
"""So many characters beyond ASCII for each broken sequence, at least, in a text that is in that encoding."""
_GOOD_FOR_EACH_IN_UTF8 = 0.2
"""As many where nothing else is declared: "ß”" of Windows is one character of UTF-8 by accident."""
_PROOF = 20
"""Characters beyond ASCII in a text that can be no accident, where the label is of several bytes for a character."""
_SEVERAL_BYTES = frozenset(("gb18030", "big5hkscs", "euc_jp", "cp932", "cp949", "euc_kr", "johab"))
_REPLACEMENT = "\ufffd".encode()
_STRAY = "digest.stray"
_CUT = (b"\xc2", b"\xc3", b"\xff")
"""Alone, the first halves of UTF-8's most frequent sequences, and a byte that fills gaps."""

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
_LABELS = {
    "sjis": "shift_jis",
    "unicode": "utf-16-le",
    "windows-31j": "cp932",
    "logical": "iso8859-8",
    "visual": "iso8859-8",
    "ansi": "cp1252",
}
"""Labels that Python does not know; those of Windows' code pages have many spellings."""
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
_SURROGATES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return the text of ``body``; ``content_type`` is the HTTP header's value, when there is one.

    Every body has a text: a declared encoding that the bytes contradict is passed over, and a text with a few broken
    bytes keeps the rest. A byte order mark is not part of the text.
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
    """Return the text of a body that is UTF-8 whatever its labels say; None when it does not prove that."""
    if labels and labels[0].startswith(_WIDE):
        return None
    body = _SURROGATES.sub(_paired, body)
    text = body.decode("utf-8", "replace")
    good, broken = _counts(text, body.count(_REPLACEMENT))
    needed = _PROOF if labels and labels[0] in _SEVERAL_BYTES else 1
    for_each = _GOOD_FOR_EACH if labels and "utf-8" not in labels else _GOOD_FOR_EACH_IN_UTF8
    if good < needed or broken > _FEW or broken * for_each > good:
        return None
    return body.decode("utf-8", _STRAY) if broken else text


def _paired(surrogates: re.Match[bytes]) -> bytes:
    """Return the character that two surrogates stand for, each written as UTF-8 by itself (CESU-8)."""
    return surrogates[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16").encode()


def _as_declared(body: bytes, labels: list[str]) -> str | None:
    for encoding in labels:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _as_declared_mostly(body: bytes, labels: list[str]) -> str | None:
    """Return the text in a declared encoding in which few of the bytes are broken."""
    for encoding in labels:
        text = body.decode(encoding, "replace")
        good, broken = _counts(text)
        if broken <= _FEW and broken * _GOOD_FOR_EACH <= good:
            return text
    return None


def _counts(text: str, written: int = 0) -> tuple[int, int]:
    """Return how many characters beyond ASCII are whole and broken; ``written`` are replacements of the author's."""
    broken = text.count("\ufffd") - written
    return len(text) - len(text.encode("ascii", "ignore")) - broken, broken


def _stray(problem: UnicodeError) -> tuple[str, int]:
    """Read a byte that is no UTF-8 as the character of Windows that somebody pasted; a cut sequence is lost."""
    if not isinstance(problem, UnicodeDecodeError):
        raise problem
    cut = problem.object[problem.start : problem.end]
    pasted = len(cut) == 1 and cut not in _CUT
    return cut.decode("cp1252", "replace") if pasted else "\ufffd", problem.end


codecs.register_error(_STRAY, _stray)


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """Return the encodings that header and document name, in that order, as far as they can be true."""
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
    """Return what texts in the document's language are mostly in, where nothing is declared (WHATWG HTML, 13.2.3.2)."""
    found = _LANGUAGE.search(head)
    tag = (found[1] or found[2]).decode("ascii").lower() if found else ""
    return tuple((_OF_LANGUAGE.get(tag) or _OF_LANGUAGE.get(tag.partition("-")[0], "")).split())


def _meta(head: bytes) -> re.Match[bytes] | None:
    """Return the declaration of a page; what a feed or a comment holds of one is not its own."""
    seen = _INERT.sub(b"", head)
    is_page = not _XML_START.match(head) or _HTML_START.search(seen)
    return _META.search(seen) if is_page else None


def _codec(label: str) -> str | None:
    """Return Python's name for a label's encoding; None for what is no text encoding of the web."""
    bare = label.lower().removeprefix("x-").removesuffix("-i").removesuffix("-e")
    windows = _OF_WINDOWS.fullmatch(bare)
    try:
        name = codecs.lookup(f"cp{windows[1]}" if windows else _LABELS.get(bare, bare)).name
    except (LookupError, ValueError):
        return None
    name = _MEANT.get(name, name)
    return name if name in _TRUSTED else None
