"""Which sentences give history, a definition or a general truth, rather than the news."""
# ruff: noqa: RUF001 - apostrophes are the subject here

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from digest.summarise.reading import Reading, Sentence
from digest.text.patterns import compiled

BACKGROUND = ("years before the latest", "definition", "history", "general words")
_YEAR = r"(?:1[6-9]|20)\d\d(?<![\d.,]\d{4})(?![\d.,]*\d)"
"""A year. The pattern begins with its digits, because ``re`` looks for a set of characters first."""
_DEFINITIONS = {
    "en": r"(?:\S+ ){1,8}?(?:is|are) (?:an?|the|one|not|also|now|still|among|known|considered|often|usually|generally"
    r"|part|home)\b",
    "de": r"(?:\S+ ){1,6}?(?:ist|sind|gilt|gelten|gehört|gehören) (?:eine?|einer|der|die|das|als|zu|auch|seit)\b",
    "fr": r"(?:\S+ ){1,6}?(?:est|sont) (?:une?|le|la|les|des|considérée?s?)\b",
    "es": r"(?:\S+ ){1,6}?(?:es|son) (?:una?|el|la|los|las|uno)\b",
}
"""A short subject followed by a form of "to be" and what it is."""
_DEFINING_WORDS = {
    "en": "is are",
    "de": "ist sind gilt gelten gehört gehören",
    "fr": "est sont",
    "es": "es son",
}
"""Words of which each definition has one."""
_HISTORY = {
    "en": r"founded|established|born (?:in|on)|known (?:as|for)|formerly|previously|since (?:19|20)\d\d|traditionally"
    r"|historically|originally|began in|first (?:began|started|opened|launched|introduced)|used to|for (?:years|decades"
    r"|centuries)|over the (?:years|past)|in the past",
    "de": r"gegründet|geboren|bekannt (?:als|für)|ehemals|ursprünglich|traditionell|seit (?:(?:19|20)\d\d|jahren"
    r"|jahrzehnten|langem)|früher",
    "fr": r"fondée?|née? (?:en|le|à)|connue? (?:comme|pour)|depuis (?:(?:19|20)\d\d|des années)|à l['’]origine"
    r"|autrefois",
    "es": r"fundad[oa]|nacid[oa]|conocid[oa] (?:como|por)|desde (?:(?:19|20)\d\d|hace años)|originalmente|antiguamente",
}
_HISTORY_WORDS = {
    "en": "founded established born known formerly previously since traditionally historically originally began first"
    " used years decades centuries past",
    "de": "gegründet geboren bekannt ehemals ursprünglich traditionell seit früher",
    "fr": "fondé fondée né née connu connue depuis origine autrefois",
    "es": "fundado fundada nacido nacida conocido conocida desde originalmente antiguamente",
}
_GENERAL = {
    "en": "many most some people often usually always never every any anyone everyone whether typically generally"
    " sometimes common",
    "de": "viele manche oft meist immer jeder menschen häufig",
    "fr": "souvent toujours beaucoup chaque généralement parfois certains",
    "es": "muchos siempre cada suele suelen generalmente algunos",
}
"""Words for what many do or what is usual."""


_YEAR_PAST = r"(?:1[6-9]\d\d|20[0-2]\d)"
_AGO_EN = r"(?:years?|months?|decades?|centur(?:y|ies)) (?:ago|earlier|before)\b"
_PAST_OPENING = {
    "en": rf"(?:(?:back|early|late|as early as|as far back as) )?(?:in|since|during|on) (?:(?:the|early|late|mid"
    rf"|mid-|summer|winter|spring|fall|autumn|of) ?)*(?:\w+ (?:\d{{1,2}},? )?)?{_YEAR_PAST}s?\b"
    r"|last (?:year|month|summer|winter|fall|autumn|spring|season)\b|earlier this (?:year|month|season)\b"
    rf"|(?:\w+ ){{1,3}}{_AGO_EN}|(?:previously|initially|originally|historically)\b"
    r"|(?:in|over|during) (?:the )?(?:recent|past|last) (?:\w+ )?(?:years|months|decades)\b"
    r"|(?:the last time|at the time|back then|(?:ever )?since then)\b",
    "de": rf"(?:(?:bereits|schon|erst|zuletzt) )?(?:im|am|seit|ende|anfang|mitte|zwischen) "
    rf"(?:(?:jahr|jahre|sommer|winter|frühjahr|herbst|\d{{1,2}}\.) )?(?:\w+ )?{_YEAR_PAST}\b"
    r"|(?:bereits |schon )?(?:vor|seit) \w+ (?:jahren|monaten|jahrzehnten|jahrhunderten)\b"
    r"|(?:im vergangenen|im letzten|letztes|im vorigen) (?:jahr|monat|sommer|winter|herbst|frühjahr)\b"
    r"|in den (?:vergangenen|letzten) (?:\w+ )?(?:jahren|monaten|jahrzehnten)\b|ursprünglich\b|damals\b",
    "fr": rf"(?:le|en|au|dès|depuis|fin|début|mi|courant|entre)[ -](?:\d{{1,2}} )?(?:\w+ )?{_YEAR_PAST}\b"
    r"|le \d{1,2} \w+ dernier\b|(?:en \w+|le mois|l['’](?:an|année|été|hiver|automne)) derni(?:er|ère)\b"
    r"|il y a (?:\w+ ){1,4}(?:ans?|mois|décennies|siècles?)\b|à l['’](?:époque|origine)\b"
    r"|(?:ces|au cours des) (?:\w+ )?(?:dernières|derniers) (?:\w+ )?(?:années|mois)\b",
    "es": rf"(?:en|el|desde|a|durante) (?:(?:principios|mediados|finales|fines) de )?(?:\d{{1,2}} de )?"
    rf"(?:\w+ (?:del? )?)?{_YEAR_PAST}\b|hace (?:\w+ ){{1,2}}(?:años?|meses|décadas|siglos?)\b"
    r"|(?:el|durante el) (?:año|mes|verano|invierno) pasado\b"
    r"|(?:en|durante) los últimos (?:\w+ )?(?:años|meses)\b|por entonces\b|en aquel entonces\b",
    "ru": rf"(?:ещё |еще )?(?:в|с|до|после)о? (?:\w+ )?{_YEAR_PAST}(?:[-–]\w+)? (?:году|года|годах|годов)\b"
    rf"|(?:\d{{1,2}} \w+ ){_YEAR_PAST} года\b|в прошлом (?:году|месяце|сезоне)\b"
    r"|(?:\w+ ){1,2}(?:лет|года|месяцев|месяца) назад\b|в последние (?:\w+ )?(?:годы|месяцы)\b|в то время\b"
    r"|изначально\b",
    "ar": rf"و?(?:في|منذ|خلال) (?:عام|سنة|العام) {_YEAR_PAST}\b|و?(?:في|منذ|خلال) \w+ (?:عام |من عام )?{_YEAR_PAST}\b"
    r"|و?قبل (?:\w+ ){1,2}(?:سنوات|أعوام|عاما|عامًا|سنة|أشهر|شهرا|شهرًا)\b|و?قبل (?:عام|عامين|سنة|سنتين)\b"
    r"|و?في (?:العام|الشهر|الموسم) الماضي\b|و?(?:العام|الشهر) الماضي\b|و?في السنوات (?:الأخيرة|الماضية)\b",
}
"""A past time at the start of a sentence. Of 29 such bullets an editor kept 11, of 19 six strict readers kept 5."""
_FUTURE = {
    "en": r"will|is to|are to|is due to|are due to",
    "de": r"wird|werden|soll|sollen",
    "fr": r"\w{2,}(?:er|ir|dr|aur|ser)(?:a|ont)|sera|seront|va|vont",
    "es": r"\w{2,}r(?:á|án)",
    "ru": r"будет|будут",
    "ar": r"سوف|سي(?:تم|كون|بدأ|جري|عقد|صدر|فتح|بيع)|ست(?:تم|كون|بدأ|جري|عقد|صدر|فتح|بيع)",
}
"""Words of a sentence about what is to come: the year that it opens with has not passed."""


@lru_cache(maxsize=512)  # each round of a choice asks again
def looks_back(text: str, language: str) -> bool:
    """Return whether a sentence opens with a time that has long gone by; known in six languages."""
    pattern = _past_opening(language)
    return pattern is not None and bool(pattern.match(text))


@cache
def _past_opening(language: str) -> re.Pattern[str] | None:
    opening = _PAST_OPENING.get(language)
    if opening is None:
        return None
    return compiled(rf"\W*(?:{opening})(?!.*\b(?:{_FUTURE[language]})\b)", re.IGNORECASE)


def background(reading: Reading, places: Sequence[int] | None = None) -> Iterator[tuple[float, ...]]:
    """Yield for the sentences at some places, or for all, the numbers named in BACKGROUND.

    Words are known in four languages, years in all.
    """
    years = [_years(sentence) for sentence in reading.sentences]
    latest = max((year for each in years for year in each), default=0)
    for place in reading.chosen(places):
        sentence, mentioned = reading.sentences[place], years[place]
        yield (
            math.log1p(latest - min(mentioned)) if mentioned else 0.0,
            float(_defines(sentence, reading.language)),
            float(_tells_history(sentence, reading.language)),
            _generality(sentence, reading.language),
        )


def _years(sentence: Sentence) -> list[int]:
    if "1" not in sentence.text and "20" not in sentence.text:
        return []
    return [int(year) for year in compiled(_YEAR).findall(sentence.text)]


def _generality(sentence: Sentence, language: str) -> float:
    general = _listed(_GENERAL.get(language, ""))
    if general.isdisjoint(sentence.vocabulary):
        return 0.0
    return math.log1p(sum([word in general for word in sentence.small]))


def _defines(sentence: Sentence, language: str) -> bool:
    pattern = _DEFINITIONS.get(language)
    if pattern is None or _listed(_DEFINING_WORDS[language]).isdisjoint(sentence.vocabulary):
        return False
    return bool(compiled(pattern).match(sentence.text))


def _tells_history(sentence: Sentence, language: str) -> bool:
    """Return whether a sentence has a phrase of history; a check of its words excludes most sentences."""
    pattern = _HISTORY.get(language)
    if pattern is None or _listed(_HISTORY_WORDS[language]).isdisjoint(sentence.vocabulary):
        return False
    return bool(compiled(rf"\b(?:{pattern})\b").search(sentence.text.lower()))


@cache
def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())
