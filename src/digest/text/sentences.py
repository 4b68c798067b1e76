"""Where the sentences of a news text begin and end."""
# ruff: noqa: RUF001 - the quotation marks, dashes and stops of many scripts are the subject here

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from digest.text.patterns import compiled
from digest.text.words import STOP_WORDS


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BLANK_LINES = r"\n[^\S\n]*\n\s*"
_LINE_END = r"[^\S\n]*\n\s*"
_LIST_MARK = r"(?:[•▪◦‣·*]|-(?=\s))\s*"
_NEXT = r"""\s*["'“‘«„»‚›¿¡(\[–—-]*\s*([^\W_]+(?:['’-][^\W_]+)*)?"""
_DOTTED = r"[^\W\d_]{1,2}(?:\.-?[^\W\d_]{1,2})+"
_ROMAN = r"[IVX]+"
_DOMAIN = r"(?i:com|org|net|info|co|io|de|fr|es|uk|eu|us|tv)\b"
_CAPITALS = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĘĚĞİŁŃŇŌŐŘŚŞŠŤŪŮŰŹŻŽА-ЯЁЇІЄҐΑ-Ω"
_PARENTHESIS = 240
"""A stop inside a parenthesis ends nothing when the closing mark stands within so many characters."""
_SHORTEST_GLUED = 3
"""Letters that a word needs before its stop for a sentence to end there without a space."""

_LONGEST_NUMBER = 4
"""Digits of a list item's number, less one."""
_LONGEST_ORDINAL = 2
"""Digits of an ordinal: longer numbers are years and amounts, and may end a sentence."""
_OPENING = "\"'“‘([«„»‚—–\u00a0"
_NOON = frozenset({"a.m", "p.m"})

_LOW_CLOSING = _listed("de cs sk sl hr bg et lt lv is sq ka")
"""Languages that close a quotation with the mark with which English opens one."""
_ORDINALS = _listed("de da nb nn no cs sk sl hr sr bs fi et lv hu tr is pl lb")
"""Languages that write an ordinal number as a number and a stop."""


@cache
def _pattern(closing: str) -> re.Pattern[str]:
    opening = '“„«"‘¿¡'.translate({ord(c): None for c in closing})
    spaced_guillemet = r"[ \u00a0\u202f]»(?=\s|$)"
    western = rf"([.!?…؟۔।։።]+)((?:[{closing}]|{spaced_guillemet})*)(?=\s|[{_CAPITALS}{opening}]|$)"
    return re.compile(rf"{western}|[。！？｡]+[」』”’）]*")


_CLOSING = "\"'”’»)\\]›"
_CLOSING_LOW = "\"'“‘”’»«)\\]›‹"

_DAYS_AND_ZONES = _listed("""mon monday tue tuesday wed wednesday thu thursday fri friday sat saturday sun sunday jan
    january feb february mar march apr april may june july aug august sep sept september oct
    october nov november dec december et est edt ct cst cdt mt mst pt pst pdt gmt bst utc
    cet cest eastern central pacific""")


@dataclass(frozen=True, slots=True)
class _Rules:
    """A language's abbreviations, lower case and without their last stop."""

    stop: re.Pattern[str]
    never_end: frozenset[str]
    """No sentence ends behind these: titles, and what always has something after it."""
    may_end: frozenset[str]
    """A sentence ends behind these when a function word follows."""
    before_number: frozenset[str]
    starters: frozenset[str]
    """Function words: with a capital they open a sentence."""
    ordinals: bool


_NEVER_END = {
    "en": """mr mrs ms dr prof rev hon gen col lt sgt capt cpl pvt maj adm cmdr gov sen rep reps sens pres supt
        det insp messrs mme mlle vs v st mt ft e.g i.e eg ie cf viz al approx""",
    "fr": "m mm mme mmes mlle mlles dr pr prof me mgr st ste art al chap p pp cf env av apr éd vol",
    "de": """dr prof hr hrn fr nr bzw ca z.b d.h u.a o.ä z evtl ggf inkl exkl sog st abs art mio mrd tel vgl max
        min bzgl geb gest ing dipl mag jän feb okt dez hl lt""",
    "es": "sr sra srta sres dr dra d dña ud uds art núm num pág págs av avda excmo ee s p vol cap prof gral cnel",
    "it": "sig sigg sig.ra dott dott.ssa ing avv on prof art s pag dr",
    "pt": "sr sra dr dra prof exmo av art pág núm d",
    "nl": "dhr mevr mw dr mr ir drs prof bijv nr ca",
}
_MAY_END = {
    "en": """inc ltd corp co bros llc plc jr sr ph.d etc jan feb apr jun jul aug sep sept oct nov dec mon tue
        tues wed thu thur thurs fri ave blvd rd hwy univ assn dept est ariz calif colo conn fla ga kan ky
        mich minn mont neb nev okla penn tenn tex va vt wis wyo""",
    "fr": "etc janv févr juil sept oct nov déc bd fg cie",
    "de": "usw etc str jh jhdt co kg b a h std min uhr jan aug sept nov",
    "es": "etc uu c ca cía ene feb mar abr jun jul ago sept oct nov dic",
}
_BEFORE_NUMBER = {
    "en": "no nos p pp fig figs vol art sec ch",
    "fr": "n n° no nº t vol fig",
    "de": "nr s bd kap abb",
    "es": "n nº no t fig",
}


@lru_cache(maxsize=64)
def _rules(language: str) -> _Rules:
    known = language if language in _NEVER_END else "en"
    return _Rules(
        stop=_pattern(_CLOSING_LOW if language in _LOW_CLOSING else _CLOSING),
        never_end=_listed(_NEVER_END[known]),
        may_end=_listed(_MAY_END.get(known, "")),
        before_number=_listed(_BEFORE_NUMBER.get(known, "")),
        starters=STOP_WORDS.get(known, frozenset()),
        ordinals=language in _ORDINALS,
    )


def paragraphs(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of the paragraphs, parted by blank lines, without white space at their edges."""
    spans = []
    at = 0
    for gap in (*compiled(_BLANK_LINES).finditer(text), None):
        end = gap.start() if gap else len(text)
        if span := _trimmed(text, at, end):
            spans.append(span)
        at = gap.end() if gap else end
    return tuple(spans)


def sentences(text: str, language: str = "en") -> tuple[tuple[int, int], ...]:
    """Return the spans (end exclusive) of a text's sentences, in order, without white space at their edges.

    Paragraphs are parted by blank lines; a heading or list item without a stop is a sentence of its own, and a list's
    bullet belongs to none. A sentence ends inside a quotation where the quotation's own sentence ends.
    ``language`` is a BCP 47 primary tag; one that is not known is split by the rules of English.
    """
    rules = _rules(language)
    spans: list[tuple[int, int]] = []
    for start, end in paragraphs(text):
        for line_start, line_end in _lines(text, start, end):
            _split_line(text, line_start, line_end, rules, spans)
    return tuple(spans)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    return (start, end) if start < end else None


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Part a paragraph at its line ends, but not where a line goes on with a small letter."""
    if text.find("\n", start, end) < 0:
        return [(start, end)]
    lines = []
    at = start
    for gap in compiled(_LINE_END).finditer(text, start, end):
        if not text[gap.end() : gap.end() + 1].islower():
            lines.append((at, gap.start()))
            at = gap.end()
    return [*lines, (at, end)]


def _split_line(text: str, start: int, end: int, rules: _Rules, spans: list[tuple[int, int]]) -> None:
    mark = compiled(_LIST_MARK).match(text, start, end)
    line = start = mark.end() if mark else start
    for stop in rules.stop.finditer(text, start, end):
        here = stop.end()
        if here >= end:
            break
        if _ends(text, (start, end), stop, rules) and not _is_list_number(text, line, stop):
            spans.append((start, here))
            start = here
            while text[start].isspace():
                start += 1
    if start < end and (span := _trimmed(text, start, end)):
        spans.append(span)


def _is_list_number(text: str, line: int, stop: re.Match[str]) -> bool:
    return stop.start() - line < _LONGEST_NUMBER and text[line : stop.start()].isdigit()


def _ends(text: str, span: tuple[int, int], stop: re.Match[str], rules: _Rules) -> bool:
    """Say whether a sentence ends with this stop; ``span`` runs from its start to the end of its line."""
    here = stop.end()
    marks, closing = stop.group(1), stop.group(2)
    if marks is None:  # an ideographic stop is never anything else
        return True
    found = compiled(_NEXT).match(text, here, span[1])
    following = (found.group(1) or "") if found else ""
    if following[:1].islower() or _inside_parenthesis(text, span, here):
        return False
    before = text[max(text.rfind(" ", span[0], stop.start()) + 1, span[0]) : stop.start()].lstrip(_OPENING)
    if not text[here].isspace():
        return _ends_glued(before, following, closed=bool(closing))
    if marks != "." or closing:
        return not before or before[-1] not in "[("
    return _ends_behind(before, following, rules)


def _inside_parenthesis(text: str, span: tuple[int, int], here: int) -> bool:
    opening = text.rfind("(", span[0], here)
    if opening < 0 or text.find(")", opening, here) >= 0:
        return False
    return text.find(")", here, min(span[1], here + _PARENTHESIS)) >= 0


def _ends_glued(before: str, following: str, *, closed: bool) -> bool:
    """Judge a stop without a space behind it: a slip of the keyboard, or part of a name."""
    word = before.rpartition("\u00a0")[2]
    whole = len(word) > _SHORTEST_GLUED and word.isalpha() and word[-1].islower()
    return (
        (whole or closed) and len(following) > 1 and following[1].islower() and not compiled(_DOMAIN).match(following)
    )


def _ends_behind(before: str, following: str, rules: _Rules) -> bool:
    """Judge a single stop by the word before it and the word after it."""
    word = before.lower()
    if word in rules.never_end:
        return False
    if following[:1].isdigit() and (word in rules.before_number or word in rules.may_end):
        return False
    if word in _NOON:
        return following.lower() not in _DAYS_AND_ZONES
    if _may_end(before, word, rules):
        return following.lower() in rules.starters
    return True


def _may_end(before: str, word: str, rules: _Rules) -> bool:
    """Say whether a word is an abbreviation, an initial or an ordinal: only a function word after it tells."""
    if word in rules.may_end or compiled(_DOTTED).fullmatch(before):
        return True
    if not rules.ordinals or not before.isalnum():
        return len(before) == 1 and before.isupper() and before != "I"
    return (
        word.endswith("str")
        or bool(compiled(_ROMAN).fullmatch(before))
        or (before.isdigit() and len(before) <= _LONGEST_ORDINAL)
    )
