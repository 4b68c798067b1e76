"""Features of a text as named numbers: its topics and its form. They serve for its kind and its news value.

Topics come from a table of general words in many languages (``topics.txt``). The other features come from marks with
the same meaning in all languages. Nothing here is fitted.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from importlib.resources import files
from itertools import chain
from types import MappingProxyType

from digest.text.folding import folded_words
from digest.text.languages import WRITTEN_TOGETHER
from digest.text.memory import Memory
from digest.text.patterns import compiled

HEAD_WORDS, BODY_WORDS = 60, 400
"""Number of words in the head of a text, and number of words that are read of all of it."""
CHARACTERS = 2_800
"""This many characters contain BODY_WORDS words in most languages."""
ENOUGH = (("title", 2), ("head", 4), ("body", 12))
"""With this many words of one topic, a place in the text has the full value for it."""
OWN_TOPICS = ("first", "second", "argument", "said", "opinion", "present", "past", "contrast", "evaluative")
"""Topics that are also counted outside quotations, because there they show how the writer speaks, and to whom."""
LEAST_STEM = 4
"""A shorter entry of the table matches whole words only."""
LEAST_PART, LEAST_COMPOUND, LEAST_FIRST_PART = 5, 10, 3
"""Shortest stem inside a compound, shortest compound, and shortest first part: "Bundesverfassungsgericht"."""
NEAR = 4
"""Most words between a number and a death that belong together."""
FEW = 2
"""A number up to this one beside a death does not make a disaster."""
COMPOUNDING = frozenset({"de", "nl", "sv", "nb"})
KIN = {"da": "nb", "nn": "nb", "no": "nb", "be": "ru", "gl": "pt", "ca": "es"}
"""Languages that use another language's table."""
LONGEST, VERY_LONG, SHORT = 20_000, 12_000, 120
"""Length has no effect above LONGEST characters. A very long text has VERY_LONG characters, a short one SHORT words."""

_OPEN, _CLOSE = r"\"\u201c\u201e\u00ab\u00bb\u2018", r"\"\u201d\u201c\u00bb\u00ab\u2019"
_QUOTED = rf"([{_OPEN}][^\"\u201c\u201d\u00ab\u00bb\u2019]{{2,400}}[{_CLOSE}])"
_ASKS = ("?", "\u061f", "\uff1f")
_ENDS = (".", "!", "\u3002", "\uff01", *_ASKS)
_MONEY = ("$", "\u00a3", "\u20ac", "\u00a5", "\u20b9", "euro", "EUR", "USD")
_PRICE = r"[$\u00a3\u20ac\u00a5\u20b9]\s?\d|\d\s?(?:[$\u00a3\u20ac]|euros?\b|EUR\b|USD\b)"
_DATELINE = (
    r"\A\W{0,3}(?:[^\W\d_]|[ .,/'-]){2,50}(?:\([^)]{2,40}\))?\s?[-\u2013\u2014]{1,2}\s|\A[^.]{0,60}\([A-Za-z]{2,10}\)"
)
_AGE = (
    r"\b\d{1,2}[- ](?:year|month|day)s?[- ]old|, \d{2}, |\(\d{2}\)"
    r"|\d{2}[- ]?(?:j\u00e4hrig|ans\b|a\u00f1os\b|anni\b|anos\b|jarige|\u00e5rig|\u043b\u0435\u0442\u043d)"
)
_SMALL_NUMBER = r"(?<![\d.,$\u00a3\u20ac])\b(?:[2-9]|[1-9]\d)\b(?![\d.,%:])"
_ARABIC_PREFIX = r"\A[\u0648\u0641]?(?:\u0627\u0644|\u0628\u0627\u0644|\u0644\u0644|\u0643\u0627\u0644)(?=\w{3})"

_CLOCK_TIME = r"\d(?<!\w\w)\d?[:.h]\d{2}\b"
"""It begins with a digit, not with ``\\b``, because ``re`` then finds it twice as fast."""

Topics = tuple[str, ...]
Table = Mapping[str, Topics]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tables:
    """The topics of one language."""

    stems: Table
    whole: Table
    """Entries that match whole words only."""
    lengths: Mapping[str, tuple[int, ...]]
    """The lengths of the stems that begin with two letters, in letters, the longest first."""


@cache
def _tables() -> Mapping[str, _Tables]:
    """Return the topics by language."""
    found: dict[str, tuple[dict[str, Topics], dict[str, Topics]]] = {}
    for topic, language, entry in _entries():
        words = folded_words(entry.removesuffix("."))
        word = words[0]
        short = len(word) < LEAST_STEM and language not in WRITTEN_TOGETHER
        table = found.setdefault(language, ({}, {}))[entry.endswith(".") or short]
        table[word] = tuple(dict.fromkeys((*table.get(word, ()), topic)))
    return {
        language: _Tables(stems=stems, whole=whole, lengths=_lengths(stems))
        for language, (stems, whole) in found.items()
    }


def _lengths(stems: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for stem in stems:
        found.setdefault(stem[:2], set()).add(len(stem))
    return {start: tuple(sorted(lengths, reverse=True)) for start, lengths in found.items()}


def _entries() -> Iterator[tuple[str, str, str]]:
    for line in files("digest.text").joinpath("topics.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            head, _, entries = line.partition(":")
            topic, language = head.split()
            yield from ((topic, language, entry) for entry in entries.split())


def _longest(word: str, tables: _Tables, start: int, least: int) -> Topics:
    """Return the topics of the longest stem in a word that begins at ``start``; ``least`` is two letters or more."""
    stems, most = tables.stems, len(word) - start
    for length in tables.lengths.get(word[start : start + 2], ()):
        if least <= length <= most and word[start : start + length] in stems:
            return stems[word[start : start + length]]
    return ()


def topics_of(word: str, language: str) -> Topics:
    """Return the topics of a folded word, each once. For a language without a table, all tables are used."""
    return _topics(KIN.get(language, language))[word]


@lru_cache(maxsize=64)
def _topics(language: str) -> Memory[Topics]:
    """Return a cache of the topics of each word. ``language`` must not be in KIN."""
    return Memory(partial(_looked_up, language), most=100_000)


def _looked_up(language: str, word: str) -> Topics:
    known = _tables()
    forms = (word,) if word.isascii() else dict.fromkeys((word, compiled(_ARABIC_PREFIX).sub("", word)))
    found: list[str] = []
    for name in (language, "any") if language in known else known:
        tables = known[name]
        for form in forms:
            found += tables.whole.get(form, ()) + _longest(form, tables, 0, 2)
        if language in COMPOUNDING and len(word) >= LEAST_COMPOUND:
            for start in range(LEAST_FIRST_PART, len(word) - LEAST_PART + 1):
                found += _longest(word, tables, start, LEAST_PART)
    return tuple(dict.fromkeys(found))


def _counted(told: Iterable[Sequence[str]]) -> Counter[str]:
    return Counter(chain.from_iterable(told))


def _about(place: str, enough: int, told: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return for each topic how strongly a place in a text is about it, up to 1. ``told`` has each word's topics."""
    full = math.log1p(enough)
    return {f"{place} {topic}": min(1.0, math.log1p(n) / full) for topic, n in _counted(told).items()}


def _casualties(words: Sequence[str], told: Sequence[Sequence[str]]) -> float:
    """Return 1 when a number of people is close to a word of death, otherwise 0."""
    deaths = [place for place, topics in enumerate(told) if "death" in topics]
    if not deaths:
        return 0.0
    pairs = enumerate(zip(words, told, strict=True))
    many = [place for place, (word, topics) in pairs if "number" in topics or _is_many(word)]
    return float(any(abs(one - other) <= NEAR for one in deaths for other in many))


def _is_many(word: str) -> bool:
    return word.isdecimal() and len(word) <= NEAR and int(word) > FEW


def _count(text: str, marks: Iterable[str]) -> int:
    return sum(map(text.count, marks))


def _title_shape(title: str) -> dict[str, float]:
    def has(pattern: str) -> float:
        return float(bool(compiled(pattern).search(title)))

    return {
        "title question": float(_count(title, _ASKS) > 0),
        "title exclamation": float("!" in title),
        "title colon": has(r": |\|"),
        "title quotation": has(_QUOTED),
        "title small number": has(_SMALL_NUMBER),
        "title number first": has(r"\A\W?\d{1,3}\b"),
        "title year": has(r"\b20[1-3]\d\b"),
        "title percent or money": has(_PRICE + "|%"),
        "no title": float(not title.strip()),
        "title words": min(1.0, len(title.split()) / 15),
    }


def _text_shape(text: str, words: Sequence[str], quoted: int) -> dict[str, float]:
    opening = text[:CHARACTERS]
    sentences = max(1, _count(opening, _ENDS))
    paragraphs = [part for part in opening.split("\n") if part.strip()]
    asked = sum(part.rstrip().endswith(_ASKS) for part in paragraphs)
    money = any(mark in opening for mark in _MONEY)
    return {
        "long": min(1.0, math.log1p(len(text)) / math.log(LONGEST)),
        "very long": float(len(text) > VERY_LONG),
        "short": float(len(words) < SHORT),
        "questions": min(1.0, 5 * _count(opening, _ASKS) / sentences),
        "paragraphs that ask": min(1.0, asked / 4),
        "exclamations": min(1.0, 5 * opening.count("!") / sentences),
        "quotations": min(1.0, 2 * quoted / max(1, len(opening))),
        "prices": min(1.0, len(compiled(_PRICE).findall(opening)) / 5) if money else 0.0,
        "numbers": min(1.0, 8 * sum(map(str.isdecimal, words)) / max(1, len(words))),
        "clock times": min(1.0, len(compiled(_CLOCK_TIME).findall(opening)) / 5),
        "dateline": float(bool(compiled(_DATELINE).search(opening))),
        "age": float(bool(compiled(_AGE).search(opening[:400]))),
        "short paragraphs": sum(len(part) < 60 for part in paragraphs) / max(1, len(paragraphs)),  # noqa: PLR2004
        "long sentences": min(1.0, len(words) / sentences / 30),
    }


@lru_cache(maxsize=2_048)
def traits(title: str, text: str, language: str) -> Mapping[str, float]:
    """Return features of a text's topics and form: names and numbers from 0 to 1, without zeros.

    ``language`` is a BCP 47 primary tag. For a language without a table, all tables are used.
    """
    parts = compiled(_QUOTED).split(text[:CHARACTERS])
    folded = list(map(folded_words, parts))
    topics = _topics(KIN.get(language, language)).__getitem__
    by_part = [list(map(topics, part)) for part in folded]
    words, told = list(chain(*folded))[:BODY_WORDS], list(chain(*by_part))[:BODY_WORDS]
    titled = folded_words(title)
    heading = list(map(topics, titled))
    own = _counted(chain(*by_part[::2]))
    found = {f"own {name}": min(1.0, 20 * own[name] / max(20, len(words))) for name in OWN_TOPICS}
    for (place, enough), said in zip(ENOUGH, (heading, told[:HEAD_WORDS], told), strict=True):
        found |= _about(place, enough, said)
    found["title casualties"] = _casualties(titled, heading)
    found["head casualties"] = _casualties(words[:HEAD_WORDS], told[:HEAD_WORDS])
    found |= _title_shape(title) | _text_shape(text, words, sum(map(len, parts[1::2])))
    return MappingProxyType({name: value for name, value in found.items() if value})
