"""Two sentences that a page joined by mistake: which of them is used."""
# ruff: noqa: RUF001 - letters and quotation marks of several languages are the subject here

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from digest.summarise.essentials import names_speaker
from digest.summarise.phrases import phrases
from digest.text.patterns import compiled
from digest.text.words import words

_STOP = r"[.!?](?=[«“„A-ZÀ-ÖØ-Þİ-])"
_BEHIND = r"(?!(?:Com|Net|Org|Info|Co|Fr|De|Js|Tv)\b)(?:- )?[«“„]?[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ'’]+ "
_HEADING_BEHIND = r"[A-ZÀ-ÖØ-Þİ]{3,}[ ,]"
"""A heading in capitals after a full stop; the word before the stop is in lower case ("ASP.NET" is a name)."""
_BEFORE_HEADING = r"[a-zß-öø-ÿı]{3}\Z"
_BEFORE = r"[^\W_][^\W_\s][)\"”»]?\Z"
_BEFORE_MARK = r"[^\W_] ?\Z"
"""The same before a question or exclamation mark, which French separates by a space."""
"""A full stop directly followed by a word: the line break was lost; web addresses and initials do not match."""
_HEADING_CLOSES = r"[\"”»](?=[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ'’]*\s)(?:(?<=[^\W_].)|(?<=[^\W_]\s.))"
"""A closing quotation mark directly followed by the next sentence: a heading ended with it.

The pattern begins with the mark, because ``re`` looks for a set of characters much faster than for a letter."""
_PAIRED: dict[str, Callable[[str], bool]] = {
    '"': lambda text: text.count('"') % 2 == 0,
    "”": lambda text: text.count("“") == text.count("”"),
    "»": lambda text: text.count("«") == text.count("»"),
}
"""Whether the last mark of a text closes a quotation; some languages open one with the same mark."""
_LAST = 3
"""A stop within so many characters of a sentence's end is its own."""
_OPENERS = {
    "en": (
        *("The", "In", "With", "He", "She", "They", "But", "After", "When", "While", "This", "These", "However,", "It"),
        *("A", "An", "There", "His", "Her", "Their", "We", "According", "Despite", "Although", "If", "As"),
    ),
    "fr": (
        *("Le", "La", "Les", "Un", "Une", "Il", "Elle", "Ils", "Elles", "Ce", "Cette", "Ces", "Dans", "Pour", "Si"),
        *("Selon", "Mais", "Après", "Depuis", "Son", "Sa", "Ses", "Lors", "Avec", "Aujourd'hui,", "Aujourd’hui,"),
        *("Cependant,", "Toutefois,", "Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche"),
    ),
    "es": (
        *("El", "La", "Los", "Las", "Un", "Una", "En", "Según", "Este", "Esta", "Con", "Pero", "Tras", "Para", "Por"),
        *("Su", "Sus", "Además,", "Desde"),
    ),
}
"""Small words with a capital that begin a sentence when they follow a plain word (in German nouns have capitals)."""
_LETTER_A = frozenset(
    words(
        "vitamin hepatitis plan grade group class type category serie part section level influenza option point exhibit"
        " appendix schedule team side figure table pavilion"
    )
)
"""Words after which "A" is a letter."""
_LETS_CAPITAL_FOLLOW = {
    "en": frozenset(
        words(
            "of by in on at to as or and the for with from called a an film movie song book novel show series titled"
            " entitled named album single"
        )
    ),
    "fr": frozenset(
        words(
            "de du des à au aux et ou le la les par dans sur en pour titre intitulé intitulée film livre roman chanson"
            " série journal quotidien magazine"
        )
    ),
    "es": frozenset(
        words(
            "de del en y e o el la los las por a al con para titulado titulada película libro novela canción serie"
            " diario periódico revista programa"
        )
    ),
}
"""Words after which a title or a name begins with a capital."""
_CAMEL = {
    "en": r"(?:The|With|He|She|They|But|After|When|While|This|These|There|His|Her|Their)",
    "de": r"(?:Der|Die|Das|Ein|Eine|Im|Mit|Nach|Für|Von|Er|Sie|Wir|Auch|Doch|Dabei|Denn|Seit|Bei|Auf)",
    "fr": r"(?:Le|La|Les|Un|Une|Il|Elle|Ils|Ce|Cette|Ces|Dans|Pour|Selon|Mais|Après|Depuis|Des|Son|Sa)",
    "es": r"(?:El|La|Los|Las|Un|Una|Según|Este|Esta|Con|Pero|Tras|Para|Por|Su|Desde)",
}
"""Small words that do not end a name, unlike "In" in LinkedIn and "It" in TripIt."""
_CAPITAL_INSIDE = r"[A-Z](?<=[a-zß-öø-ÿ]{2}.)"
"""What each of them begins with."""
_GLUED_OPENER = r"{opener} (?=[\w\"“„«'‘])"
"""A small word with a capital that directly follows the small letters of another word ("autumnThe mayor")."""
_JOINT = r"[A-ZÀ-ÖØ-Þ](?<=[a-zß-öø-ÿ]{3}.)[a-zß-öø-ÿ]{2}"
"""The second word of two that are joined. The pattern begins with a set of capitals, which ``re`` finds fast."""
_JOINED = r"([A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]{3,})([A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{2,})\b"
_WORD = r"\w+"
_SPEAKER_REACH = 30
"""Characters before a capital in which a speaker of the following words may be named."""
_LEAST_FIRST = 8
"""Minimum number of words in a first sentence that may be used."""
_LEAST_SECOND = 6


def joined_words(text: str) -> tuple[int, ...]:
    """Return the places of two words of a text that a page joined by mistake ("CultureRoland").

    Both are also words of their own in the text, in the same letters, and the joined word occurs once: a name with a
    capital inside ("MacBook") occurs more often, or its parts do not.
    """
    found = [_around(text, inner.start()) for inner in compiled(_JOINT).finditer(text)]
    once = [each for each in found if each and text.count(each.group()) == 1]
    alone = set(compiled(_WORD).findall(text)) if once else set()
    return tuple(each.start() for each in once if alone.issuperset(each.groups()))


def _around(text: str, at: int) -> re.Match[str] | None:
    """Return the word that has a capital at ``at`` inside, its parts as groups; None for another sort of word."""
    start = at
    while start and text[start - 1].isalpha():
        start -= 1
    return compiled(_JOINED).match(text, start)


def unglued(sentence: str, start: int, end: int, language: str) -> tuple[int, int]:
    """Return the span of one of two joined sentences, or the given span if no sentences are joined.

    It is the first one, unless it is a question, is only a few words, or points back with a pronoun. Text without any
    stop before the next sentence's capital was a heading or a caption; then it is the second one.
    """
    inner = sentence[start : end - _LAST]
    stopped = "." in inner or "?" in inner or "!" in inner
    stop = _glued_stop(sentence, start, end) if stopped else 0
    if stop:
        first, behind = sentence[start:stop], sentence[stop:end]
        second = behind.lstrip("- ")
        points_back = phrases(language).opens_pronoun.match(first.lower())
        short = first.count(" ") < (_LEAST_SECOND if behind.startswith("-") else _LEAST_FIRST)
        if first.endswith("?") or points_back or short:
            return (end - len(second), end) if second.count(" ") >= _LEAST_SECOND else (start, end)
        return start, stop
    heading = _quoted_heading_end(sentence, start, end)
    if heading == start and language in _CAMEL:
        heading = _glued_opener(sentence, start, end, language)
    if heading == start and language in _OPENERS:
        heading = _heading_end(sentence, start, end, language)
    return (heading, end) if sentence.count(" ", heading, end) >= _LEAST_SECOND else (start, end)


def _glued_stop(sentence: str, start: int, end: int) -> int:
    """Return the end of the first full stop that is directly followed by a word; 0 without one."""
    for found in compiled(_STOP).finditer(sentence, start, end):
        before = sentence[max(start, found.start() - _LAST) : found.start()]
        if _is_glued(sentence, found.end(), end, before):
            return found.end()
    return 0


def _is_glued(sentence: str, at: int, end: int, before: str) -> bool:
    """Return whether the words around a full stop that ends at ``at`` belong to two sentences."""
    if compiled(_BEHIND).match(sentence, at, end):
        return bool(compiled(_BEFORE if sentence[at - 1] == "." else _BEFORE_MARK).search(before))
    return bool(compiled(_HEADING_BEHIND).match(sentence, at, end) and compiled(_BEFORE_HEADING).search(before))


def _quoted_heading_end(sentence: str, start: int, end: int) -> int:
    """Return where the sentence begins after a heading that ends with a quotation; ``start`` without such a heading."""
    for found in compiled(_HEADING_CLOSES).finditer(sentence, start, end):
        heading = sentence[start : found.end()]
        if _PAIRED[heading[-1]](heading):
            return found.end()
    return start


def _glued_opener(sentence: str, start: int, end: int, language: str) -> int:
    """Return where a capitalised small word begins that directly follows another word; ``start`` without one."""
    if not compiled(_CAPITAL_INSIDE).search(sentence, start, end):
        return start
    capitals = compiled(_CAPITAL_INSIDE).finditer(sentence, start, end)
    opener = _glued_openers(language)
    return next((each.start() for each in capitals if opener.match(sentence, each.start(), end)), start)


@cache
def _glued_openers(language: str) -> re.Pattern[str]:
    return compiled(_GLUED_OPENER.format(opener=_CAMEL[language]))


def _heading_end(sentence: str, start: int, end: int, language: str) -> int:
    """Return where the sentence begins after a heading that is joined to it; ``start`` without such a heading."""
    if not compiled(_opener(language)).search(sentence, start + 1, end):
        return start
    openers = compiled(_opener(language)).finditer(sentence, start + 1, end)
    return next((each.start() for each in openers if _lacks_stop(sentence, each, language)), start)


@cache
def _opener(language: str) -> str:
    """Return a pattern of the openers. It begins with their first letters, not with the space before them."""
    return rf"(?:{'|'.join(_OPENERS[language])})(?= [a-zß-öø-ÿ0-9])"


def _lacks_stop(sentence: str, opener: re.Match[str], language: str) -> bool:
    """Return whether a new sentence begins after a space and a plain word, where no capital is expected."""
    at = opener.start() - 1
    if sentence[at] != " ":
        return False
    before = sentence[max(0, at - _SPEAKER_REACH) : at]
    word = before.rpartition(" ")[2].rstrip(')"”»')
    if opener.group() == "A" and (word.lower() in _LETTER_A or not word.islower()):
        return False
    plain = word.isalpha() and word.lower() not in _LETS_CAPITAL_FOLLOW[language]
    return plain and not names_speaker(before, language)
