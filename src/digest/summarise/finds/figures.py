"""Sentences with one number that says how large, how many or how much: the number of the day."""
# ruff: noqa: RUF001 - apostrophes and dashes of several languages are the subject here

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from digest.model.finds import Find
from digest.summarise.day_phrases import WEEKDAYS
from digest.summarise.finds.dates import mentions
from digest.summarise.finds.finder_words import GRIM, PENALTIES
from digest.summarise.finds.study import Study, best_first, find
from digest.summarise.finds.sureness import judged
from digest.summarise.finds.trait_words import (
    CHANGES,
    COUNTED,
    GOALS,
    HEDGES,
    PARTS,
    POPULATIONS,
    POSSIBLE,
    RECORDS,
    REMAINDERS,
    SURVEYS,
    UNITS,
)
from digest.summarise.finds.traits import OPENING, common_traits, has_words, is_barred, size
from digest.summarise.finds.word_pattern import pattern
from digest.summarise.reading import Sentence
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
_COUNT = (
    r"(?<![\w.,:/$£€#–-])(?<!, )(?<!aged )(?<!les )(?<!le )(?<!am )(?P<number>\d{2,4})"
    r" (?!(?:am|pm|a\.m|p\.m|uhr|of|and|und|et|y|when|per|à|bis|to|janvier|février|mars|avril|mai|juin|juillet|août"
    r"|septembre|octobre|novembre|décembre|de (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto)|january|february"
    r"|march|april|may|june|july|august|september|october|november|december|januar|februar|märz|juni|juli)\b)"
    r"(?=[^\W\d_]{3})"
)
"""A number in a sentence that counts something: no age, no date and no time of day."""
_YEAR = r"(?:1[5-9]|20)\d\d"
_LEADING_ZERO = r"0\d(?![.,])"
_DASH = r"\s(?:--?|[–—])\s|—"
_RELATIVE = (
    r", (?:which|who|whose|where|when|qui|que|dont|où|quien|cuyo|cuya|donde|der|die|das|wo|deren|dessen)\b[^,]*\Z"
)
_BEFORE_SUBJECT = r"(?:At(?! least| most)|With|Bei|Mit|Avec|Con|A(?= l[ao]s? )|After|Nach|Après) (?:\w+ ){0,3}"
_MOST_NUMBERS = 5
"""A sentence with more numbers is a table in words."""
_CHANGE = (
    r"\bfrom \S*\d\S*(?: \w+){0,3} to \S*\d|\bvon \S*\d\S*(?: \w+){0,3} auf \S*\d"
    r"|\bde \S*\d\S*(?: \w+){0,3} à \S*\d|\bdel? \S*\d\S*(?: \w+){0,3} al? \S*\d"
)
"""A number that has changed ("from 12 per cent to 10") has two values, and no single one is the number of the day."""
_UNIT = rf"{_BEHIND}|{_CURRENCY}|%|percent|per cent|prozent|por ciento"
_NO_NOUN = {
    "en": r"of|in|on|at|to|and|or|from|by|with|for|as|than|a|an|the|this|that|these|those|its|his|her|their|have|has"
    r"|had|are|were|was|is|will|would|can|could|did|do|not|who|whose|which|others?",
    "de": r"der|die|das|dem|den|des|von|vom|in|im|an|am|auf|aus|bei|mit|und|oder|als|für|zu|zum|zur|haben|hatten|sind"
    r"|waren|wurden|werden|können|seien|davon",
    "fr": r"des|du|les|ses|leurs|ces|dans|sous|sans|vers|chez|ont|sont|fois|mais|plus|moins|après|dès|très",
    "es": r"los|las|sus|estos|estas|entre|tras|más|menos|veces",
}
"""Words behind a number that begin something else, or say that its noun is elsewhere: "48 others"."""
_SHORT_WORDS = r"(?:\s(?!(?:{no})\b)[^\W\d_][\w'’-]*){{0,2}}?"
_QUALITIES = {
    "fr": r"autres|nouve(?:aux|lles)|différents?e?s?|grand(?:e)?s|petit(?:e)?s|jeunes"
    r"|premi(?:ers|ères)|anciens|principaux",
    "es": r"nuev[oa]s|otr[oa]s|grandes|pequeñ[oa]s|jóvenes|primer[oa]s",
}
"""Adjectives that are before their noun."""
_NOUNS = {
    "en": rf"{_SHORT_WORDS}\s(?!(?:{{no}})\b)(?:[a-z][\w'’-]*[^\Wsu]s"
    r"|people|men|women|children|staff|police|troops|aircraft|fish|sheep)\b",
    "de": rf"{_SHORT_WORDS}\s[A-ZÄÖÜ][\w-]+",
    "fr": rf"(?:\sde|\sd['’])?(?:\s?(?:{_QUALITIES['fr']})\b)?\s?(?!(?:{{no}}|{_QUALITIES['fr']})\b)"
    r"[^\W\d_][\w'’-]+[sxz](?!\w)",
    "es": rf"(?:\sde)?(?:\s(?:{_QUALITIES['es']})\b)?\s(?!(?:{{no}}|{_QUALITIES['es']})\b)[^\W\d_][\w-]+s(?!\w)",
}
"""The words behind a count up to its noun: an English, French or Spanish plural, a German capital. A verb is none."""
_SCORE = r"\A(?: \w+)? (?:to|against|zu|gegen|à|contre|a|contra)\s\S*\d"
_SCORE_END = r"\d(?: \w+)? (?:to|against|zu|gegen|à|contre|a|contra)\s\Z"
"""A vote or a result has two numbers ("31 votes to 18"), and neither is the number of the day."""
_RANGE = r"\b(?:between|zwischen|entre)\s(?:\S*\d\S*\s(?:\w+\s)?(?:and|und|et|y)\s)?\Z"
"""A number of a range ("between 90 and 310"), the first or the second."""
_SPAN = r"\A\s?(?:-|–|to|bis|à|a|or|oder|ou|of|de) \S*\d"
_AGE = r"(?i)\d+[- ](?:years?[- ]old|jährige\w*|ans\b)|, \d\d,|\bÂgée? de"
_LARGE, _SMALL = 1e6, 1_000.0
_SMALL_SUM = 10_000
"""A smaller sum of money is a price."""
_YEARS_BACK = 2
"""A figure of a year before the last two is history."""
_IN_YEAR = r"\b(?:in|im jahr|en|fin|début|ende|anfang|late|early) ((?:1[5-9]|20)\d\d)\b"
_HISTORY = r"(?i)\b(?:since|seit|depuis|desde|ago|back in|vor \d|il y a|hace|founded|in (?:19|20)\d\d)\b"
_MOST_QUOTED = 0.25
_POSSIBLE_REACH = 50
"""A word of possibility within so many characters before a number makes it a possible one."""
_WORDS_BEHIND = 4
BARS = (
    "a unit",
    "a text of the kind sport",
    "speaks of itself",
    "from one to another",
    "a span",
    "loose pronoun",
    "a name from before",
    "demonstrative",
    "an age",
    "relative day",
    "elsewhere",
    "an aside",
    "possible",
    "opens with a connective",
    "opens with a further one",
    "a remainder",
    "colon or semicolon",
    "headline asks",
    "small money",
    "a small penalty",
    "an old year",
    "a population",
)
"""A sentence with one of these traits has no number of the day: of 100 an editor printed at most about ten."""
_SCALES = (
    (r"thousand|mil\b", 1e3),
    (r"mil millones|billion|bn|milliard\w*|mrd", 1e9),
    (r"trillion|tn|billion(?:en|es)", 1e12),
    (r"millón|million\w*|millones|mio|m\b", 1e6),
)


def figures(studied: Study, source_name: str) -> tuple[Find, ...]:
    """Return the sentences with a number of the news, the best first. Empty for a language without lists."""
    return best_first(_numbered(studied, source_name)) if studied.language in FIGURES else ()


def may_count(studied: Study) -> Iterator[tuple[Sentence, str, dict[str, float]]]:
    """Yield the sentences that may have a number of the day, each with the figure as it is shown and its traits."""
    for sentence in studied.sentences:
        found = figure_of(sentence, studied)
        figure = with_noun(sentence.text, found, studied.language) if found else ""
        traits = figure_traits(studied, sentence, found) if found and figure else {}
        if traits and not is_barred(traits, BARS):
            yield sentence, figure, traits


def _numbered(studied: Study, source_name: str) -> Iterator[tuple[float, Find]]:
    for sentence, figure, traits in may_count(studied):
        verdict = judged("number", traits)
        if verdict.printed:
            why = f"its number is {figure}; {verdict.why}"
            yield (
                verdict.value,
                find(studied, sentence, source_name, figure=figure, why=why, sureness=verdict.value),
            )


def with_noun(text: str, found: re.Match[str], language: str) -> str:
    """Return a figure as it is shown: with its unit, else with the words up to the noun that it counts.

    A bare figure says nothing ("31"). Empty when there is no noun close behind it.
    """
    figure = found.group().rstrip("., ")
    if compiled(_UNIT, re.IGNORECASE).search(figure):
        return figure
    end = found.start() + len(figure)
    noun = compiled(_NOUNS[language].format(no=_NO_NOUN[language])).match(text[end:])
    return figure + noun.group() if noun else ""


def figure_of(sentence: Sentence, studied: Study) -> re.Match[str] | None:
    """Return the headline's number, or the first one with a unit, or the first that counts something.

    None when there is no number, when there are too many, or when the sentence is mostly a quotation.
    """
    text = sentence.text
    if sentence.quoted > _MOST_QUOTED or text[:1].islower() or sentence.leans:
        return None
    if not 0 < len(compiled(_ANY_NUMBER).findall(text)) <= _MOST_NUMBERS:
        return None
    found = [*_figures(studied.language).finditer(text), *compiled(_COUNT, re.IGNORECASE).finditer(text)]
    found = [each for each in found if not _is_label(each, sentence, studied)]
    titled = [each for each in found if _digits(each.group()) in _numbers(studied.article.title)]
    return next(iter(titled or found), None)


def _is_label(found: re.Match[str], sentence: Sentence, studied: Study) -> bool:
    """Return whether a number is a year, or a part of a name ("Nikkei 225", "No 10", "H.R. 748", "001")."""
    if compiled(_YEAR).fullmatch(found.group().strip()) or compiled(_LEADING_ZERO).match(found.group()):
        return True
    before = sentence.text[: found.start()].split()
    if before and len(before[-1]) > 1 and before[-1].isupper():
        return True
    counted = found.group().strip().isdigit() and studied.language != "de"
    return counted and len(before) > 1 and before[-1].istitle()


def figure_traits(studied: Study, sentence: Sentence, found: re.Match[str]) -> dict[str, float]:
    """Return the traits of a sentence with its number."""
    text, language, figure = sentence.text, studied.language, found.group().rstrip("., ")
    before, behind = text[: found.start()], text[found.start() + len(figure) :]
    next_words = " ".join(behind.split()[:_WORDS_BEHIND])
    value, digits = _value(figure), _digits(figure)
    money = bool(compiled(rf"{_BEHIND}|{_CURRENCY}", re.IGNORECASE).search(figure))
    share = bool(compiled(r"%|percent|per cent|prozent|por ciento", re.IGNORECASE).search(figure))
    numbers = compiled(_ANY_NUMBER).findall(text)
    return (
        common_traits(studied, sentence)
        | {
            "number in the headline": float(digits in _numbers(studied.article.title)),
            "number in the opening": float(digits in _numbers(studied.article.text[:OPENING])),
            "number again": float(_numbers(studied.article.text).count(digits) > 1),
            "money": float(money),
            "share": float(share),
            "count": float(not money and not share),
            "size": size(value) if not share else 0.0,
            "small money": float(money and value < _SMALL_SUM),
            "large": float(value >= _LARGE and not share),
            "small count": float(not money and not share and value < _SMALL),
            "tiny share": float(share and value < 2),  # noqa: PLR2004 - a move of a market
            "small share": float(share and value <= 5),  # noqa: PLR2004 - a share of five in a hundred
            "all of it": float(share and value >= 100),  # noqa: PLR2004 - the whole
            "numbers": min(len(numbers), _MOST_NUMBERS) / _MOST_NUMBERS,
            "only number": float(len(numbers) == 1),
            "late in its sentence": found.start() / max(1, len(text)),
            "hedged": float(bool(pattern(HEDGES[language]).search(before[-25:]))),
            "what is counted": float(bool(pattern(COUNTED[language]).search(next_words))),
            "a unit": float(bool(pattern(UNITS[language]).match(behind.lstrip(" -")))),
            "change": has_words(CHANGES, studied, text),
            "from one to another": float(_is_changed(text, found)),
            "a span": float(bool(compiled(_SPAN).match(behind)) or _is_part(before, behind)),
            "an aside": float(_is_aside(before, behind)),
            "an age": float(bool(compiled(_AGE).search(text))),
            "history": float(bool(compiled(_HISTORY).search(text))),
            "a small penalty": float(value < _LARGE and not share and has_words(PENALTIES, studied, text)),
            "an old year": float(_is_of_old_year(text, studied)),
            "headline asks": float("?" in studied.article.title),
            "a calendar date": float(_has_date(text, studied)),
            "a goal": has_words(GOALS, studied, text),
            "a population": has_words(POPULATIONS, studied, text),
            "opens with the number": float(not found.start()),
            "a survey": has_words(SURVEYS, studied, text),
            "a part of those before": has_words(PARTS, studied, text),
            "a record": has_words(RECORDS, studied, text),
            "grim": has_words(GRIM, studied, text),
            "a remainder": float(bool(pattern(REMAINDERS[language]).match(text))),
            "numbers everywhere": _density(studied.article.text),
            "names a day": float(_names_day(text, language)),
            "counts people": float(bool(pattern(COUNTED[language]).search(text[found.start() : found.start() + 60]))),
            "second number behind": float(bool(compiled(_ANY_NUMBER).search(behind))),
            "possible": float(bool(pattern(POSSIBLE[language]).search(before[-_POSSIBLE_REACH:]))),
            "limit": float(bool(compiled(r"(?i)(?:up to|bis zu|jusqu'à|hasta)\s\Z").search(before))),
        }
    )


def _has_date(text: str, studied: Study) -> bool:
    """Return whether a sentence names a day of the calendar ("on 19 May")."""
    named = mentions(text, studied.language, studied.written, studied.read)
    return any(compiled(r"\d").search(text[each.start : each.end]) for each in named)


def _names_day(text: str, language: str) -> bool:
    return bool(pattern(WEEKDAYS[language].replace(" ", "|")).search(text))


@lru_cache(maxsize=64)
def _density(text: str) -> float:
    """Return how many numbers a text has for each hundred characters, at most 1: results and markets have many."""
    return min(1.0, 100 * len(compiled(_ANY_NUMBER).findall(text)) / max(1, len(text)))


def _value(figure: str) -> float:
    """Return the value of a figure; marks of decimals and of thousands are told apart by the digits behind them."""
    number = compiled(_ANY_NUMBER).search(figure)
    digits = re.sub(r"[\s\u00a0\u202f]", "", number.group()) if number else "0"
    digits = re.sub(r"[.,](?=\d{3}(?!\d))", "", digits).replace(",", ".")
    scale = next((by for words, by in _SCALES if compiled(rf"\d\s?(?:{words})", re.IGNORECASE).search(figure)), 1.0)
    return float(digits) * scale if digits.count(".") <= 1 else 0.0


def _digits(figure: str) -> str:
    return re.sub(r"\D", "", figure)


@lru_cache(maxsize=64)
def _numbers(text: str) -> tuple[str, ...]:
    """Return the digits of each number in a text."""
    return tuple(_digits(each) for each in compiled(r"\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?").findall(text))


def _is_part(before: str, behind: str) -> bool:
    """Return whether a number is one of two: of a score, of a vote, or of a range."""
    score = compiled(_SCORE, re.IGNORECASE).match(behind) or compiled(_SCORE_END, re.IGNORECASE).search(before)
    return bool(score or compiled(_RANGE, re.IGNORECASE).search(before))


def _is_of_old_year(text: str, studied: Study) -> bool:
    """Return whether a sentence tells of a year before the last two: "in 2019"."""
    years = compiled(_IN_YEAR, re.IGNORECASE).findall(text)
    return any(int(year) < studied.read.year - _YEARS_BACK for year in years)


def _is_changed(text: str, found: re.Match[str]) -> bool:
    """Return whether a number is one of two between which something changed."""
    changes = compiled(_CHANGE, re.IGNORECASE).finditer(text)
    return any(change.start() < found.start() <= change.end() for change in changes)


def _is_aside(before: str, behind: str) -> bool:
    """Return whether a number is in an aside: between dashes or brackets, in a relative clause, before the subject."""
    dashes = compiled(_DASH)
    between = len(dashes.findall(before)) % 2 == 1 and bool(dashes.search(behind))
    if compiled(_RELATIVE, re.IGNORECASE).search(before):
        return True
    return between or before.count("(") > before.count(")") or bool(compiled(_BEFORE_SUBJECT).fullmatch(before))


@lru_cache(maxsize=8)
def _figures(language: str) -> re.Pattern[str]:
    return compiled(rf"(?<![\w.,:/–-])(?:{FIGURES[language]})(?![\w/:-]|[.,]\d)", re.IGNORECASE)
