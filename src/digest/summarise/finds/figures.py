"""Sentences with one number that says how large, how many or how much: the number of the day."""
# ruff: noqa: RUF001 - apostrophes and dashes of several languages are the subject here

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from digest.model.finds import Find
from digest.summarise.finds.dates import names_past_year
from digest.summarise.finds.finder_words import DOUBTS, EXPECTED, PENALTIES, PLANS, WEEKENDS
from digest.summarise.finds.study import (
    Study,
    about_headline,
    best_first,
    find,
    is_personal,
    opens_with_unknown,
    points_elsewhere,
)
from digest.summarise.finds.word_pattern import pattern
from digest.summarise.reading import Sentence
from digest.summarise.scorer import WEAK
from digest.text.patterns import compiled

_CURRENCY = (
    r"dollars?|euros?|pounds?|sterling|francs?|franken|crowns|kronor|yuan|yen|rupees|pesos|dólares|libras|rubles?"
)
_BEHIND = r"(?:US|A|C)?[$£€¥]"
_SCALE = r"(?:\s?(?:million|billion|trillion|bn|tn|m)\b)"
_MONEY = rf"{_BEHIND}\s?\d[\d.,]*\d{_SCALE}?|{_BEHIND}\s?\d{_SCALE}"
FIGURES = {
    "en": rf"{_MONEY}|\d[\d.,]*\s(?:million|billion|trillion)(?:\s(?:{_CURRENCY}))?|\d[\d.]*\s?(?:%|percent|per cent)"
    rf"|\d{{1,3}}(?:,\d{{3}})+(?:\s(?:{_CURRENCY}))?",
    "de": rf"\d+(?:,\d+)?\s(?:Millionen?|Milliarden?|Billionen?|Mio\.?|Mrd\.?)(?:\s(?:{_CURRENCY}))?"
    rf"|\d+(?:,\d+)?\s?(?:%|Prozent)|\d{{1,3}}(?:\.\d{{3}})+(?:\s(?:{_CURRENCY}))?",
    "fr": rf"\d+(?:,\d+)?\s(?:millions?|milliards?)(?:\s(?:de\s|d['’])(?:{_CURRENCY}))?|\d+(?:,\d+)?\s?%"
    rf"|\d{{1,3}}(?:[ \u00a0\u202f.]\d{{3}})+(?:\s(?:{_CURRENCY}))?",
    "es": rf"\d[\d.]*(?:,\d+)?\s(?:mil millones|millón|millones|billones)(?:\sde\s(?:{_CURRENCY}))?"
    rf"|\d+(?:,\d+)?\s?(?:%|por ciento)|\d{{1,3}}(?:\.\d{{3}})+(?:\s(?:{_CURRENCY}))?",
}
"""Numbers with their unit, by language: money, millions, shares, and counts of a thousand and more."""
_ANY_NUMBER = r"\d+(?:[.,\u00a0\u202f]\d+)*"
_HEADLINE_NUMBER = r"(?<![\w.,:/$£€#-])(?!(?:19|20)\d\d\b)\d{2,4}(?= [a-zà-ÿ]|(?<=\d) [A-ZÄÖÜ][a-zäöü])"
"""A number of a headline that counts something: no year, and a word follows."""
_COUNT = (
    r"(?<![\w.,:/$£€#-])(?<!, )(?<!aged )(?<!was )(?<!were )(?<!of )(?<!of the )"
    r"(?<!der )(?<!des )(?<!los )(?P<number>\d{2,4})"
    r" (?!(?:am|pm|a\.m|p\.m|uhr|ans|jahre|years?|años|minutes?|minuten"
    r"|hours?|stunden|heures|horas|per|of|and|und|et|y|when)\b)(?=[^\W\d_])"
)
"""A number in a sentence that counts something: no age and no time of day."""
_DASH = r"\s(?:--?|[–—])\s|—"
_RELATIVE = (
    r", (?:which|who|whose|where|when|qui|que|dont|où|quien|cuyo|cuya|donde|der|die|das|wo|deren|dessen)\b[^,]*\Z"
)
_SIZES = (
    r"(?: de| d['’])? ?(?:met(?:er|re)s?|mètres?|metros?|feet|foot|km[2²]?|kilomet(?:er|re)s?"
    r"|inhabitants|residents|people live|followers|subscribers|einwohner\w*|follower|abonnenten"
    r"|habitants|abonnés|habitantes|seguidores)\b"
)
_BEFORE_SUBJECT = r"(?:At|With|Bei|Mit|Avec|Con|A) (?:\w+ ){0,3}"
_MOST_NUMBERS = 3
"""A sentence with more numbers is a table in words."""
_SMALL = r"\D*\d{1,3}(?:[.,]\d\d?)?|[0-4](?:[.,]\d+)?\s?(?:%|percent|per cent|Prozent|por ciento)"
"""A price of less than a thousand, or a small share."""
_CHANGE = (
    r"\bfrom \S*\d\S*(?: \w+){0,3} to \S*\d|\bvon \S*\d\S*(?: \w+){0,3} auf \S*\d"
    r"|\bde \S*\d\S*(?: \w+){0,3} à \S*\d|\bdel? \S*\d\S*(?: \w+){0,3} al? \S*\d"
)
"""A number that has changed ("from 12 per cent to 10") has two values, and no single one is the number of the day."""
_LEAST_MONEY = 100_000
"""A smaller sum without a scale is a number of the day only if the headline has it."""
_NOT_TOLD = r"100\s?(?:%|percent|per cent|Prozent|por ciento)|1(?:10|000)\s?%"
_REACH = 0.6
"""The part of an article in which the number of its news is looked for."""
_LEAST_SHARED = 2
"""A sentence whose number belongs to the news has so many stems of the headline, or all of a shorter one."""
_YEARS_BACK = 2
"""A figure of a year before the last two is history."""


def figures(studied: Study, source_name: str) -> tuple[Find, ...]:
    """Return the sentences with a number of the news, the best first. Empty for a language without lists."""
    return best_first(_numbered(studied, source_name)) if studied.language in FIGURES else ()


def _numbered(studied: Study, source_name: str) -> Iterator[tuple[float, Find]]:
    for sentence in studied.sentences:
        figure = _figure(sentence, studied) if _is_plain(studied, sentence) else ""
        if figure:
            about = about_headline(sentence, studied.title)
            alone = len(compiled(_ANY_NUMBER).findall(sentence.text)) == 1
            late = sentence.start / max(1, len(studied.article.text))
            named = figure.split()[0] in studied.article.title
            score = 2 * about + 0.5 * alone - 1.5 * late + named
            yield score, find(studied, sentence, source_name, figure=figure, why=f"its number is {figure}")


def _is_plain(studied: Study, sentence: Sentence) -> bool:
    return (
        not sentence.quoted
        and not sentence.text[:1].islower()
        and studied.estimates.get(sentence.start, 0.0) >= WEAK
        and not opens_with_unknown(sentence, studied)
        and not _announces_weekend(sentence, studied.language)
        and sentence.start <= _REACH * len(studied.article.text)
        and len(sentence.stems.keys() & studied.title) >= min(_LEAST_SHARED, len(studied.title))
        and not names_past_year(sentence.text, studied.read, _YEARS_BACK)
        and not is_personal(sentence, studied.language)
        and not points_elsewhere(sentence, studied.language)
        and not pattern(f"{DOUBTS[studied.language]}|{EXPECTED[studied.language]}").search(sentence.text)
    )


def _announces_weekend(sentence: Sentence, language: str) -> bool:
    """Return whether a sentence announces something for a weekend or for a day relative to its own date."""
    relative = pattern(WEEKENDS[language]).search(sentence.text)
    return bool(relative) and bool(pattern(PLANS[language]).search(sentence.text))


def _is_small_penalty(figure: str, sentence: Sentence, language: str) -> bool:
    """Return whether a number without a scale, such as a million, is that of a fine."""
    return not compiled(r"[^\W\d_]{2}").search(_unit(figure)) and bool(
        pattern(PENALTIES[language]).search(sentence.text)
    )


def _is_small_sum(figure: str, studied: Study) -> bool:
    """Return whether a figure is money below LEAST_MONEY that the headline lacks."""
    money = compiled(rf"{_BEHIND}|{_CURRENCY}", re.IGNORECASE).search(figure)
    if not money or compiled(r"[^\W\d_]").search(_unit(figure)) or figure in studied.article.title:
        return False
    decimals = r"[.,]\d\d?(?!\d)"
    return int("0" + re.sub(r"\D", "", compiled(decimals).sub("", figure))) < _LEAST_MONEY


def _unit(figure: str) -> str:
    """Return the words behind a number, without its currency."""
    return compiled(_CURRENCY, re.IGNORECASE).sub("", figure)


def _figure(sentence: Sentence, studied: Study) -> str:
    """Return the headline's number, or the first number with a unit.

    Empty when there is none, or when there are too many numbers.
    """
    numbers = compiled(_ANY_NUMBER).findall(sentence.text)
    if len(numbers) > _MOST_NUMBERS or compiled(_CHANGE, re.IGNORECASE).search(sentence.text):
        return ""
    for found in _figures(studied.language).finditer(sentence.text):
        figure = found.group().rstrip(".,")
        told = not compiled(_SMALL).fullmatch(figure) and not compiled(_NOT_TOLD).fullmatch(figure)
        told = told and not _is_small_penalty(figure, sentence, studied.language) and not _is_small_sum(figure, studied)
        if told and not _is_aside(sentence.text, found):
            return figure
    titled = set(compiled(_HEADLINE_NUMBER).findall(studied.article.title))
    counted = compiled(_COUNT).finditer(sentence.text)
    return next((found["number"] for found in counted if found["number"] in titled), "")


def _is_aside(text: str, figure: re.Match[str]) -> bool:
    """Return whether a number is in an aside: between dashes or brackets, in a relative clause, before the subject.

    The size or height of a place, and how many follow somebody, are asides too.
    """
    before, behind = text[: figure.start()], text[figure.end() :]
    dashes = compiled(_DASH)
    between = len(dashes.findall(before)) % 2 == 1 and bool(dashes.search(behind))
    if compiled(_RELATIVE, re.IGNORECASE).search(before) or compiled(_SIZES, re.IGNORECASE).match(behind):
        return True
    return between or before.count("(") > before.count(")") or bool(compiled(_BEFORE_SUBJECT).fullmatch(before))


@lru_cache(maxsize=8)
def _figures(language: str) -> re.Pattern[str]:
    return compiled(rf"(?<![\w.,:/–-])(?:{FIGURES[language]})(?![\w/:-]|[.,]\d)", re.IGNORECASE)
