"""Separates the credit of a picture from its caption."""

from __future__ import annotations

import re

from digest.extract.markup import squeezed

LONGEST_CREDIT = 100
MOST_WORDS = 12
"""A credit has at most this many words. A longer text is a sentence."""
MOST_SMALL = 3
"""Most words in small letters in a credit with a label ("Photo: the harbour office")."""

_PICTURE_WORDS = (
    r"photo(?:graph|graphy|graphie|grapher)?s?|images?|pictures?|pic|illustrations?|(?:archiv|symbol|agentur|beispiel)?"
    r"(?:foto|bild)(?:s|er|graf|grafie|grafía|grafia|quelle|nachweis|rechte|credit)?|imagen|imagem|immagine|kuva|kép|fotó"
    r"|zdjęcie|fot\.|фото|grafik|graphic|写真|撮影|提供|图片|圖片|摄影|攝影|사진"
)
_CREDIT_WORDS = (
    r"credit[so]?|crédit[so]?|crediti|copyright|sources?|quelle|fuente|fonte|bron|källa|kilde|źródło|источник"
    r"|来源|來源|出典|출처"
)
_LABEL = rf"(?:{_PICTURE_WORDS}|{_CREDIT_WORDS})(?:[\s/]+(?:{_PICTURE_WORDS}|{_CREDIT_WORDS}))?"
_WITH_COLON = re.compile(
    rf"(?:(?:file|archive|stock|handout) )?{_LABEL}\s?[:\uff1a]\s*|image source,\s+", re.IGNORECASE
)
"""A label before the name. The form with a comma is that of the BBC."""
_SIGN = re.compile(
    r"(?:(?:copyright\s*)?(?:©|\(c\))|copyright\b)\s*(?:by\s+)?(?:(?:19|20)\d\d\b[\s,/\u2013-]*)*", re.IGNORECASE
)
_BY = re.compile(rf"(?:{_LABEL})\s+(?:by|von|par|de|d[\u2019']|di|door|del|av|af)(?:\s+|(?<=[\u2019']))", re.IGNORECASE)
_COURTESY = re.compile(
    rf"(?:(?:{_LABEL})\s+)?(?:courtesy(?: of)?|avec l[\u2019']aimable autorisation de|cortesía de)\s+", re.IGNORECASE
)
_BARE_LABEL = re.compile(rf"(?:{_LABEL})\s+", re.IGNORECASE)
_AGENCY = re.compile(
    r"(?<!\w)(?:AP|AFP|Reuters|dpa|EPA|EFE|ANSA|APA|Keystone|Getty(?: Images)?|Alamy|Belga|Lusa|ANP|NTB|Ritzau|PAP"
    r"|Xinhua|[Ii]mago|picture[ -]alliance|[Ss]hutterstock|iStock|Unsplash|Pixabay|Bloomberg|Magnum|AAP|ZUMA|SIPA"
    r"|MAXPPP|ddp|Europa Press|PA (?:Wire|Media|Images)|AdobeStock|Adobe Stock|Wikimedia(?: Commons)?)(?!\w)"
)
_PARTICLES = frozenset(
    (
        *(
            "a",
            "an",
            "and",
            "the",
            "of",
            "for",
            "via",
            "by",
            "with",
            "de",
            "la",
            "le",
            "les",
            "du",
            "des",
            "von",
            "van",
        ),
        *("der", "den", "zu", "di", "da", "do", "dos", "del", "della", "y", "e", "et", "und", "&", "i", "in"),
        *("dpa", "ddp", "epa", "apa", "picture", "alliance", "imago", "images", "zb", "afp", "ap"),
    )
)
_BOUNDARY = re.compile(
    r"\A|(?<=[.!?…”»\"'\u2019)\]])\s+(?![(\[])|(?<=[.!?…])(?=[A-ZÀ-Ý©])|\s*[|·•]\s*|\s+[\u2013—/-]\s+|\s*[(\[]\s*|\s*(?=©)"
    r"|\s+(?=(?-i:[A-ZÉФŹ])\w*[\w\s]{0,14}\s?:)"
    r"|(?<=。)|\s+(?=image source, )",
)
_CAPTION_LABEL = re.compile(r"image caption,\s+", re.IGNORECASE)
_CLOSING = {"(": ")", "[": "]"}
_SENTENCE_ENDS = re.compile(r"\w{3}[.!?…]\s")
_EDGES = " .,;:|/\u2013—-"
_START = "start"
_SEPARATORS = frozenset(["|", "/"])
"""Only these marks separate a caption from a bare name. After a dash any text may follow."""


def parted(text: str) -> tuple[str, str]:
    """Return a caption without the credit at its end, and the credit without its label. Either may be empty."""
    text = _CAPTION_LABEL.sub("", squeezed(text), count=1)
    for boundary in _BOUNDARY.finditer(text):
        if len(text) - boundary.end() > LONGEST_CREDIT:
            continue
        mark = boundary[0].strip() if boundary.end() else _START
        credit = _credit(_inside(mark, text[boundary.end() :]), mark)
        if credit:
            return text[: boundary.start()].rstrip(" |\u2013—-·•,;:"), credit
    return text, ""


def is_credit(text: str) -> bool:
    """Return whether a text only says who made a picture."""
    caption, credit = parted(text)
    return bool(credit) and not caption


def bare_credit(text: str) -> str:
    """Return the text of a credit without its label and its copyright sign."""
    text = _unwrapped(squeezed(text))
    for label in (_WITH_COLON, _SIGN, _COURTESY, _BY):
        text = text[match.end() :] if (match := label.match(text)) else text
    return _unwrapped(text)


def _unwrapped(text: str) -> str:
    """Return a text without marks at its ends, and without brackets around all of it."""
    text = text.strip(_EDGES)
    for opening, closing in _CLOSING.items():
        if text.startswith(opening) and text.endswith(closing):
            text = text[1:-1].strip(_EDGES)
        if text.count(closing) != text.count(opening):
            text = text.strip(opening + closing + _EDGES)
    return text


def _inside(opening: str, rest: str) -> str:
    """Return the content of the brackets at the end of a text; empty if text follows them."""
    closing = _CLOSING.get(opening)
    if closing is None:
        return rest
    inner, _, behind = rest.partition(closing)
    return "" if behind.strip(_EDGES) else inner


def _credit(rest: str, mark: str) -> str:
    """Return the credit if the text after a mark is one, otherwise the empty string."""
    rest = rest.strip(_EDGES)
    if (label := _WITH_COLON.match(rest) or _SIGN.match(rest) or _COURTESY.match(rest)) is not None:
        return who if _names(who := bare_credit(rest[label.end() :]), MOST_SMALL) else ""
    if (label := _BY.match(rest)) is not None:
        return who if _names(who := rest[label.end() :].strip(_EDGES), 0) else ""
    if mark in _CLOSING and (label := _BARE_LABEL.match(rest)) is not None and _names(who := rest[label.end() :], 0):
        return who
    if "©" in rest or ":" in rest or (mark == _START and _SENTENCE_ENDS.search(rest)):
        return ""
    rest = without if (label := _BARE_LABEL.match(rest)) and _names(without := rest[label.end() :], 0) else rest
    is_signed = _AGENCY.search(rest) or ("/" in rest and mark != _START) or (mark in _SEPARATORS and " " in rest)
    return rest if is_signed and _names(rest, 0) else ""


def _names(text: str, most_small: int) -> bool:
    """Return whether a text may name people and agencies: nearly all words are names or join names."""
    found = [word.strip("()[].,;:\u2019'\"") for word in re.split(r"[\s/|]+", text)]
    small = [word for word in found if _is_small(word)]
    return 0 < len(found) <= MOST_WORDS and any(found) and len(small) <= most_small


def _is_small(word: str) -> bool:
    """Return whether a word begins with a digit, or with a small letter and does not join names."""
    return word[:1].isdigit() or (word[:1].islower() and word.lower() not in _PARTICLES)
