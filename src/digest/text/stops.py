"""Decides whether a full stop or other mark ends a sentence."""
# ruff: noqa: RUF001 - the quotation marks, dashes and stops of many scripts are the subject here

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache, partial

from digest.text.abbreviations import Abbreviations, abbreviations
from digest.text.memory import Memory
from digest.text.patterns import compiled
from digest.text.words_at_stops import (
    BEFORE_ORDINAL,
    CORNERED,
    COUNTED,
    DAYS_AND_ZONES,
    LETTERED,
    LOW_CLOSING,
    MEASURES,
    NOON,
    ORDINALS,
    SPELLED_INITIALS,
    SPELLED_LETTERED,
    SUFFIXED,
    VOWEL_R_L,
)

_CAPITALS = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĒĘĚĞĢĪİĶĻŁŃŅŇŌŐŘŚŞŠȘŢȚŤŪŮŰŹŻŽА-ЯЁЇІЄҐЎЂЈЉЊЋЏΑ-ΩΆΈΉΊΌΎΏ"
_UNCASED = "\u05d0-\u05ea\u0620-\u064a\u066e-\u06d3"
"""Letters of Hebrew and Arabic. Before them, too, the space after a stop may be missing."""
_ARABIC_INITIAL = f"\u0648?[{_UNCASED}]"
"""A single letter of these scripts, alone or after the Arabic "and"."""
_QUOTES = "\"'“”„‟‘’‚«»‹›"
_OWN_STOPS = "。！？｡।॥።፧፨။។៕༎᠃᠉᱾᱿꯫"
"""Stops of scripts that need no space after them."""
STOPS = ".!?…؟۔։" + _OWN_STOPS + "།፡"
"""All characters that end sentences, of all scripts."""
_NEXT = r"""\s*["'“‘«„»‚›¿¡(\[–—-]*\s*([^\W_]+(?:['’-][^\W_]+)*)?"""
_DOTTED = r"[^\W\d_]{1,2}(?:\.-?[^\W\d_]{1,3})+"
_ROMAN = r"[IVX]+"
_DOMAIN = r"(?i:com|org|net|info|co|io|de|fr|es|uk|eu|us|tv)\b"
_SMALL_BEFORE_CAPITAL = r"[a-z]{1,2}[A-Z]|m?RNA\b"
"""Names that begin with a small letter, as iPhone and eBay."""
_DUTCH_SMALL = r"\s+['’][snt][ -][A-Z]"
"""Words at the start of a Dutch sentence after which the next word has the capital."""
_VOWELS = "aeiouyæœøåäöüáàâãéèêëíìîïóòôõúùûýÿāēīōūąęėįųůűőăıǐаеёиоуыэюяіїєўъαεηιουωάέήίόύώϊϋΐΰ"
_VOWELS_ASCII = frozenset("aeiouy")
_CONSONANTS = rf"(?![\W\d_])[^\W\d_{_VOWELS}]{{2,}}"
_CASED = r"[^\W\d_\u0590-\u1fff\u2c00-\uffff]+|[\u1f00-\u1fff\u0370-\u052f]+"
_GEORGIAN = ("\u10d0", "\u10ff")
"""Python takes Georgian letters for small ones. The script has no capitals in running text."""

_PARENTHESIS = 240
"""A stop inside a parenthesis is no end if the closing mark follows within this many characters."""
_LONGEST_PARENTHESIS = 2000
_BRACKET = 160
"""A stop in a Japanese or Chinese quotation is no end if the closing mark follows within this many characters."""
_WORDS_BEFORE = 48
"""The last two words before a stop are looked for in this many characters."""
_SHORTEST_GLUED = 3
"""A sentence ends without a space only after a word with more letters than this."""
_LONGEST_DOTTED = 4
"""Longest dotted abbreviation such as "U.K", in characters; a web address is longer."""
_LONGEST_NAME = 120
"""Longest name that ends in a mark, with the noun before it, in characters."""
_LONGEST_CLIPPED = 8
"""Longest abbreviation without a vowel, in letters."""
_LONGEST_FACULTY = 6
"""Longest word that continues a title, as in "Dr. techn.", in letters."""
_LONGEST_ORDINAL = 2
"""Most digits of an ordinal. Longer numbers are years and amounts, which may end a sentence."""
_OPENING = "\"'“‘([«„»‚—–-\u00a0"
_ELLIPSES = frozenset({"..", "...", "…"})
_GUILLEMET_GOES_ON = r"\s»\s*[,;:)–—a-zà-ÿ]"
_VICE = r"(?i:vice|vize|wice|sous|sub|ex|alt|erz)-?"
_WORK = (
    r"(?i:\b(?:films?|movies?|musicals?|shows?|series|sitcom|plays?|bands?|groups?|duo|albums?|songs?|singles?|books?"
    r"|novels?|magazines?|games?|podcasts?|program(?:me)?s?|documentar(?:y|ies)|comed(?:y|ies)|operas?|dramas?|hits?"
    r"|website|site|app|chain|retailer|store|brand|sequel))"
    r"(?: (?:[A-Z][\w'’]*|a|an|and|at|for|in|of|on|the|to|with|or|is|be|my|your|you)){0,9} [A-Z][\w'’-]*$"
)
"""A noun for a work or a company, and a name in capitals. A question or exclamation mark may belong to the name."""
_ASKED = (
    r"\s+(?!(?:{starters})\b)(?:(?:[A-Z][\w'’-]*|(?:Mr|Mrs|Ms|Dr|Prof|Sen|Gov|Rep|Gen|Lt|Sgt|Capt|Rev|St|Jr|[A-Z])\.)\s+"
    r"(?:(?:of|the|de|van|von|al|el|bin|la|der)\s+)?){{1,4}}"
    r"(?:(?:asked|asks|replied|shouted|cried|wondered|tweeted|yelled|screamed|exclaimed|quipped|joked|demanded"
    r"|recalled|mused|whispered|laughed|queried|tells?|told|posted|captioned)\b"
    r"|(?:said|says|wrote|added|continued|declared|announced|insisted|warned|responded|explained)\b"
    r"(?!\s+(?:the|a|an|no|nothing|more|in an?|that|he|she|it|they|there|his|her|their|who)\b))"
)
"""A speaker and a verb of speaking, after the mark that ends the speech."""
_CHINESE_SPEAKER = r"[^，。！？\s]{0,14}?(?:说|表示|称|指出|问|问道|说道|强调|写道|說|稱|問)[，。：；]"
_JAPANESE_GOES_ON = r"[とはがをのにもで、，]|など|って"
_SHAD_ENDS = r"(?:རེད|ཡོད|འདུག|སོང|བྱུང|ཡིན|མིན|མེད|ཐལ|ངོ|དོ|སོ|གོ|ནོ|བོ|མོ|འོ|རོ|ལོ|ཏོ)་?$"
"""Endings of a Tibetan clause that is a sentence."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a language for its stops."""

    language: str
    marks: re.Pattern[str]
    """A run of marks that may end a sentence. It is found fast; then ``stop`` must match."""
    stop: re.Pattern[str]
    """A stop. Group 1 is its marks, group 2 the closing marks after them. Both are None for _OWN_STOPS."""
    words: Abbreviations
    ordinals: bool
    plain: Memory[bool]
    """Whether a word before a full stop surely ends a sentence (see ``_is_plain``)."""
    asked: re.Pattern[str] | None


@lru_cache(maxsize=64)
def rules(language: str) -> Rules:
    """Return the rules of a language, by its BCP 47 primary tag."""
    words = abbreviations(language)
    asked = _ASKED.format(starters="|".join(s.capitalize() for s in sorted(words.start))) if language == "en" else ""
    return Rules(
        language=language,
        marks=compiled(f"[{STOPS}{_also(language)}]+"),
        stop=_pattern(_CLOSING_LOW if language in LOW_CLOSING else _CLOSING, _also(language)),
        words=words,
        ordinals=language in ORDINALS,
        plain=Memory(partial(_is_plain, language), most=1 << 14),
        asked=compiled(asked) if asked else None,
    )


_CLOSING = "\"'”’»)\\]›"
_CLOSING_LOW = "\"'“‘”’»«)\\]›‹"


def _also(language: str) -> str:
    """Return the marks that are stops in this language only: the Greek question mark, the Armenian colon."""
    return {"el": ";;", "hy": ":"}.get(language, "")


@cache
def _pattern(closing: str, also: str) -> re.Pattern[str]:
    opening = '“„«"‘¿¡'.translate({ord(c): None for c in closing})
    spaced_guillemet = r"[ \u00a0\u202f]»(?=[\s.,;:)–—«]|$)"
    either = _QUOTES if "«" in closing else _QUOTES.translate({ord("«"): None, ord("‹"): None})
    either = "".join(mark for mark in either if mark not in closing)  # a mark is read in one way alone
    facing_back = rf"[{either}](?=[\s{_QUOTES}.,;:!?)\]–—]|$)"
    closers = rf"(?:[{closing}]|{facing_back}|{spaced_guillemet}|\[\d{{1,3}}\])*"
    western = rf"([.!?…؟۔։{also}]+)({closers})(?=\s|[{_CAPITALS}{_UNCASED}{opening}]|$)"
    return re.compile(rf"{western}|(?:[{_OWN_STOPS}]+|፡፡+|།+)[」』”’»）)\"\]]*")


def ends(text: str, span: tuple[int, int], stop: re.Match[str], known: Rules) -> bool:
    """Return whether a sentence ends with this stop. ``span`` is from the sentence's start to the end of its line."""
    if _inside_parenthesis(text, span, stop.end()):
        return False
    return _ends_own(text, span, stop, known) if stop.group(1) is None else _ends_spaced(text, span, stop, known)


def _ends_spaced(text: str, span: tuple[int, int], stop: re.Match[str], known: Rules) -> bool:
    """Return whether a mark with a space after it ends a sentence (Latin, Cyrillic, Greek, Arabic, similar scripts)."""
    here, marks, closing = stop.end(), stop.group(1), stop.group(2)
    following, behind = _word_behind(text, here, span[1])
    if _goes_on(text, here, marks, following, known):
        return False
    previous, before = _words_before(text, span[0], stop.start())
    if not text[here].isspace():
        return _ends_glued(before, following, closed=bool(closing))
    if marks != "." or closing:
        return before[-1:] not in {"[", "("} and not _belongs_to_name(text, span, stop, following, known)
    if known.plain[before] and previous[-1:] != ".":
        return True
    judged = _ends_behind(previous, before, following, known)
    if judged is None:
        initial = len(following) == 1 and text.startswith(".", behind)
        judged = _starts(following, known.words) and not initial and not _is_dateline(text, here)
    return judged


def _is_dateline(text: str, here: int) -> bool:
    """Return whether a dash follows, as after the place in a dateline: "DALLAS, Tex. — "."""
    return text[here : here + 3].strip()[:1] in {"–", "—", "-"} and text[here : here + 3][-1:].isspace()


def _word_behind(text: str, here: int, end: int) -> tuple[str, int]:
    """Return the next word and where it ends. The word is empty if something else follows."""
    found = compiled(_NEXT).match(text, here, end)
    return (found.group(1) or "", found.end(1)) if found else ("", here)


def _goes_on(text: str, here: int, marks: str, following: str, known: Rules) -> bool:
    """Return whether a sentence surely continues after a stop: with a small letter, a closing mark, or Arabic dots."""
    first = following[:1]
    if text[here + 1 : here + 2] == "»" and compiled(_GUILLEMET_GOES_ON).match(text, here):
        return True
    if marks in _ELLIPSES and compiled(f"[{_UNCASED}]").match(first):
        return True
    if not first.islower() or _GEORGIAN[0] <= first <= _GEORGIAN[1]:
        return False
    if compiled(_SMALL_BEFORE_CAPITAL).match(following):
        return False
    return known.language != "nl" or not compiled(_DUTCH_SMALL).match(text, here)


def _words_before(text: str, start: int, stop: int) -> tuple[str, str]:
    """Return the last two words before a stop, without opening marks. The first may be empty."""
    words = text[max(start, stop - _WORDS_BEFORE) : stop].split()[-2:]
    if not words or text[stop - 1].isspace():
        return "", ""
    return words[0] if len(words) > 1 else "", words[-1].lstrip(_OPENING)


def _inside_parenthesis(text: str, span: tuple[int, int], here: int) -> bool:
    opening = text.rfind("(", max(span[0], here - _LONGEST_PARENTHESIS), here)
    if opening < 0 or text.find(")", opening, here) >= 0:
        return False
    return text.find(")", here, min(span[1], here + _PARENTHESIS)) >= 0


def _ends_own(text: str, span: tuple[int, int], stop: re.Match[str], known: Rules) -> bool:
    """Return whether a mark without a space ends a sentence. It does, except in a quotation inside a sentence."""
    here = stop.end()
    if "།" in stop.group():
        return len(stop.group()) > 1 or bool(
            compiled(_SHAD_ENDS).search(text, max(span[0], stop.start() - _WORDS_BEFORE), stop.start())
        )
    if known.language not in CORNERED:
        return True
    opening = max(text.rfind("「", span[0], here), text.rfind("『", span[0], here))
    if opening >= 0 and max(text.find("」", opening, here), text.find("』", opening, here)) < 0:
        return max(text.find("」", here, here + _BRACKET), text.find("』", here, here + _BRACKET)) < 0
    if stop.group()[-1] in "」』" and compiled(_JAPANESE_GOES_ON).match(text, here):
        return False
    return stop.group()[-1] not in "」』”" or not compiled(_CHINESE_SPEAKER).match(text, here)


def _ends_glued(before: str, following: str, *, closed: bool) -> bool:
    """Return whether a mark ends a sentence though the space is missing: a typing error, not a part of a name."""
    whole = len(before) > _SHORTEST_GLUED and before.isalpha() and not before[-1].isupper()
    if len(following) < 2 or not (whole or closed):  # noqa: PLR2004 - a letter is no sentence
        return False
    if compiled(f"[{_UNCASED}]").match(following):
        return compiled(f"[{_UNCASED}]").match(before[-1:]) is not None
    return following[1].islower() and not compiled(_DOMAIN).match(following)


def _ends_behind(previous: str, before: str, following: str, known: Rules) -> bool | None:
    """Return whether a full stop ends a sentence, by the words around it. None: only if a first word follows."""
    words = known.words
    word = _last_part(before)
    if _is_open(previous, word, before, words):
        return False
    if before in words.unit and _counts(previous, words):
        return following not in words.unit
    may = word in words.may or before in words.may or before in words.unit
    if (may or word in words.number) and _is_number(following):
        return False
    if before.lower() in NOON:
        return following.lower() not in DAYS_AND_ZONES
    if may or _looks_shortened(previous, before, word, following, known):
        return None
    return True


def _is_plain(language: str, word: str) -> bool:
    """Return whether a word before a full stop ends a sentence whatever is around it, if no stop is before it.

    It has small letters with a vowel among them, and no list of abbreviations has it.
    """
    if not (word.islower() and word.isascii() and word.isalpha()) or language in SUFFIXED or len(word) == 1:
        return False
    words = abbreviations(language)
    listed = word in words.open or word in words.may or word in words.unit or word in words.number
    return not listed and not compiled(_VICE).match(word) and not _VOWELS_ASCII.isdisjoint(word)


def _last_part(word: str) -> str:
    """Return the part of a word after its apostrophe, hyphen or inner full stop: "l'avv", "Dipl.-Ing"."""
    part = compiled("[’'./–—-]").split(word)[-1]
    return part if len(part) > 1 else word


def _is_open(previous: str, word: str, before: str, words: Abbreviations) -> bool:
    """Return whether something always follows a word: a title, one after "vice", or the continuation of a title."""
    if word in words.open or before in words.open:
        return not (word in MEASURES and previous[-1:].isdigit())
    if (vice := compiled(_VICE).match(word)) and word[vice.end() :] in words.open:
        return True
    return len(word) <= _LONGEST_FACULTY and word.islower() and previous[-1:] == "." and previous[:-1] in words.open


def _is_number(word: str) -> bool:
    return word[:1].isdigit() or (word != "I" and compiled(_ROMAN).fullmatch(word) is not None)


def _counts(previous: str, words: Abbreviations) -> bool:
    """Return whether the word before a unit is a number, or a word for one."""
    return previous[-1:].isdigit() or previous.rstrip(".") in words.unit


def _starts(following: str, words: Abbreviations) -> bool:
    first = following.lower().replace("’", "'")
    return first in words.start or first.partition("'")[0] in words.start


def _looks_shortened(previous: str, before: str, word: str, following: str, known: Rules) -> bool:
    """Return whether a word has the form of an abbreviation, initial or ordinal. Then the next word decides."""
    if before in known.words.word or f"{previous}{before}" in known.words.word:
        return False
    if "." in before and compiled(_DOTTED).fullmatch(before):
        return not compiled(_DOMAIN).match(before.rpartition(".")[2]) or len(before) <= _LONGEST_DOTTED
    if before.isdigit() or (known.ordinals and compiled(_ROMAN).fullmatch(before)):
        return known.ordinals and _is_ordinal(previous, before, known)
    if len(before) == 1 or before in SPELLED_INITIALS or compiled(_ARABIC_INITIAL).fullmatch(before):
        return _is_initial(previous, before)
    if _is_clipped(word, known):
        return True
    suffixed = SUFFIXED.get(known.language)
    return suffixed is not None and bool(compiled(f"(?:{suffixed})(?= )").match(f"{before} {following}"))


def _is_initial(previous: str, letter: str) -> bool:
    if letter in SPELLED_INITIALS:
        return previous not in SPELLED_INITIALS and previous not in SPELLED_LETTERED
    if compiled(_ARABIC_INITIAL).fullmatch(letter):
        return not previous[-1:].isdigit()
    if letter == "I" or not compiled(_CASED).fullmatch(letter):
        return False
    return not (letter.isupper() and previous.lower() in LETTERED)


def _is_ordinal(previous: str, number: str, known: Rules) -> bool:
    if not number.isdigit():
        return True
    if len(number) > _LONGEST_ORDINAL:
        return len(number) == _LONGEST_ORDINAL + 1 and known.language == "de" and previous.lower() in BEFORE_ORDINAL
    return previous.lower() not in COUNTED


def _is_clipped(word: str, known: Rules) -> bool:
    """Return whether a word has no vowel, so that it must be an abbreviation."""
    if len(word) > _LONGEST_CLIPPED:
        return False
    last = word.rpartition("-")[2]
    small = last.lower()
    if not last[1:].islower() or not compiled(_CONSONANTS).fullmatch(small):
        return False
    if known.language in VOWEL_R_L and ("r" in small or "l" in small or "р" in small):
        return False
    return compiled(_CASED).fullmatch(small) is not None


def _belongs_to_name(text: str, span: tuple[int, int], stop: re.Match[str], following: str, known: Rules) -> bool:
    """Return whether a question or exclamation mark ends only a name, or the words of a speaker named after it."""
    if stop.group(1) == "." or not following:
        return False
    if stop.group(2):
        return known.asked is not None and bool(known.asked.match(text, stop.end(), span[1]))
    _, last = _words_before(text, span[0], stop.end(1))
    if f"{last}_{following}" in known.words.name:
        return True
    if _starts(following, known.words):
        return False
    if last in known.words.name:
        return True
    return (
        known.language == "en"
        and compiled(_WORK).search(text, max(span[0], stop.start(1) - _LONGEST_NAME), stop.start(1)) is not None
    )
