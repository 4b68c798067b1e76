"""What newsrooms add before and after a headline: labels ("LIVE:"), rubrics ("HS Roundup:"), marks ("(Video)")."""
# ruff: noqa: RUF001 - dashes, bars and brackets of many scripts are the subject here

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from digest.text.patterns import compiled
from digest.text.title import is_site, squeezed


@cache
def _table() -> dict[str, frozenset[str]]:
    """Return labels and words of labels by section, from ``labels.txt``, in lower case."""
    sections: dict[str, set[str]] = {}
    for line in files("digest.summarise").joinpath("labels.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            held = sections.setdefault(line.strip("[]"), set())
        elif not line.startswith("#"):
            held.update(part for part in map(str.strip, line.split(",")) if part)
    return {name: frozenset(held) for name, held in sections.items()}


LABELS = _table()["labels"]
"""Whole labels, in lower case: they give the kind of text that follows, or ask for attention."""

RUBRIC_NOUNS = _table()["rubrics"]
"""Words at the end of a rubric ("Business Brief:", "Nahost-Ticker:")."""

WEAK_NOUNS = _table()["weak rubrics"]
"""Those of them that may follow a name, as in "Voss interview:"."""

TRAILING = _table()["trailing"]
"""Words after a topic ("Brit Awards Live: ..."); the topic is kept."""

_ANY = sorted(LABELS, key=len, reverse=True)
_TAIL = re.compile(
    rf"\s*(?:[\[(【（]\s*\+?\s*(?:{'|'.join(map(re.escape, _ANY))})(?:\s+inside)?\s*[\])】）]"
    rf"|\s[|–—-]\s(?:{'|'.join(map(re.escape, _ANY))}))\s*\Z",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"\A(?P<kicker>[^:|.!?–—»›】\]：।]{2,70}?(?:\d\.\d[^:|.!?–—»›】\]：]{0,10})?)"
    r"(?P<mark>\s*[:：|]\s*|\s+(?:[–—-]|//|>|»|›)\s+|[.!]+\s+)(?=\S)"
)
_BRACKET = re.compile(
    r"\A\s*(?:\[(?P<a>[^\[\]]{2,60})\]|\((?P<b>[^()]{2,30})\)|【(?P<c>[^【】]{1,30})】|<(?P<d>[^<>]{1,20})>)\s*[:：|–—-]?\s*"
)
_SIGNS = re.compile("\\A[\\s▶►●■◆★☆➤→🔴🚨⚡️📹📷🎧🎥‼❗️\u200d]+|[\\s▶►🔴🚨⚡️📹📷🎧🎥‼❗️]+\\Z")
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_NUMBERS = re.compile(r"[\s\d.,/#]+")
_BAR_TAIL = re.compile(r"\A(?P<before>.{12,}?)\s*[|｜]\s*(?P<tail>[^|｜]+)\Z")
_TICKER_TAIL = re.compile(r"\s+(?:im|in)\s+(?:News-?|Live-?)?(?:Ticker|Blog|Liveblog|Newsblog)\b.*\Z", re.IGNORECASE)
_POSSESSIVE_DAY = re.compile(r"\A(?:mon|tues|wednes|thurs|fri|satur|sun)day['’]s\b", re.IGNORECASE)
_VIEW_OF = re.compile(r"\A(?:the\s+)?(?P<site>[\w ]{2,30}?)(?:['’]s)?\s+(?:view|verdict|take)\s+on\s+", re.IGNORECASE)
_HEDGES = _table()["hedges"]
"""Words before a colon that change the meaning of the claim after it; they are kept."""
_MOST_WORDS = 5
_SHORTEST_SHOUT = 4
_ENOUGH_TEXT = 600
"""Only in a text of at least so many characters is a missing word evidence."""
_LEAST_LEFT, _LEAST_WORDS = 12, 3
_LEAST_WIDE = 4
_WIDE = re.compile("[\u2e80-\ud7af]")
_STEM = 5


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a headline's article: the names of its site, and its text."""

    names: frozenset[str] = frozenset()
    text: str = ""
    common: frozenset[str] = frozenset()
    """Words that the headline's language writes in lower case; in capitals they are shouted."""


def without_labels(title: str, about: About) -> str:
    """Return a headline without labels, rubrics and marks at either end; words that change its meaning are kept.

    It is not changed if hardly anything would be left.
    """
    for cut in (
        _without_signs,
        _without_tail,
        _without_bar_tail,
        _without_bracket,
        _without_kicker,
        _without_kicker,
        _without_ticker,
    ):
        shorter = cut(title, about).strip()
        if _enough(shorter, title):
            title = shorter
    return title


def _enough(shorter: str, title: str) -> bool:
    if _WIDE.search(shorter):
        return len(shorter) >= _LEAST_WIDE
    return len(shorter) >= _LEAST_LEFT or (len(shorter.split()) >= _LEAST_WORDS and 2 * len(shorter) >= len(title))


def _without_signs(title: str, _: About) -> str:
    return _SIGNS.sub("", title)


def _without_tail(title: str, _: About) -> str:
    return _TAIL.sub("", title)


def _without_bar_tail(title: str, _: About) -> str:
    """Remove a few words after a bar: a section, a series or a site; the headline is before them."""
    match = _BAR_TAIL.match(title)
    if match is None:
        return title
    before, tail = match["before"], match["tail"]
    whole = bool(_WIDE.search(before)) or len(before.split()) > _LEAST_WORDS
    return before if whole and len(tail.split()) <= _LEAST_WORDS and 2 * len(tail) < len(before) else title


def _without_ticker(title: str, _: About) -> str:
    return _TICKER_TAIL.sub("", title)


def _without_bracket(title: str, about: About) -> str:
    """Remove a label in brackets; move any other words in brackets to the front, before a colon or a dash."""
    match = _BRACKET.match(title)
    if match is None:
        return title
    words, rest = next(filter(None, match.groups())), title[match.end() :]
    if is_label(words, about) or match["b"] or match["d"]:
        return rest if is_label(words, about) or is_site(words, about.names) else title
    return f"{words} – {rest}" if ":" in words else f"{words}: {rest}"


def _without_kicker(title: str, about: About) -> str:
    view = _VIEW_OF.match(title)
    if view and is_site(view["site"], about.names):
        return _capital(title[view.end() :])
    match = _HEAD.match(title)
    if match is None:
        return title
    kicker, mark, rest = match["kicker"].strip(), match["mark"].strip(), title[match.end() :]
    if mark[:1] in {".", "!"}:
        drop = _is_whole_label(kicker) or _is_shout(kicker, about)
        return _capital(rest) if drop else title
    if mark in {"–", "—", "-", "//", ">", "»", "›"}:
        return _capital(rest) if _is_whole_label(kicker) or is_site(kicker, about.names) else title
    if is_label(kicker, about) or _is_unsaid(kicker, rest, about) or (mark in {"|", "｜"} and _is_shout(kicker, about)):
        return _capital(rest)
    topic = _without_trailing(kicker)
    return f"{topic}{title[match.end('kicker') :]}" if topic != kicker else title


def _capital(text: str) -> str:
    """Return a text with a capital at the start, unless its first word mixes both cases ("iPhone")."""
    first = text.split(" ", 1)[0]
    return text if any(c.isupper() for c in first) else text[:1].upper() + text[1:]


def is_label(kicker: str, about: About) -> bool:
    """Return whether the words before a headline's colon are a label or a rubric, and not its topic or its speaker."""
    if kicker.casefold().strip() in _HEDGES:
        return False
    return (
        _is_whole_label(kicker)
        or _is_rubric(kicker, about)
        or _is_shout(kicker, about)
        or _is_of_the_site(kicker, about)
    )


def _is_whole_label(kicker: str) -> bool:
    said = kicker.casefold().strip(" '\"“”«».!")
    return said in LABELS or _NUMBERS.sub(" ", said).strip() in LABELS


def _is_rubric(kicker: str, about: About) -> bool:
    """Return whether words are the name of a series: they end with a rubric's noun, and have no name of the text."""
    words = _WORD.findall(kicker)
    if not words or len(words) > _MOST_WORDS:
        return False
    if _POSSESSIVE_DAY.match(kicker):
        return True
    topic = _without_trailing(kicker)
    if topic != kicker and any(len(word) >= _LEAST_WORDS and word in about.text for word in _WORD.findall(topic)):
        return False
    last = re.split(r"[-–]", words[-1].casefold())
    first = words[0].casefold()
    if (len(last) > 1 and last[-1] in RUBRIC_NOUNS | TRAILING) or (len(words) > 1 and first == "chronique"):
        return True
    if last[-1] not in RUBRIC_NOUNS:
        return words[-1].islower() and len(words) > 1 and _hyped(words)
    return last[-1] not in WEAK_NOUNS or not any(_is_name(word, about.text) for word in words[:-1])


def _hyped(words: list[str]) -> bool:
    """Return whether words are a kicker such as "Superbike-Hammer erklärt"."""
    return any(part.casefold() in RUBRIC_NOUNS for word in words for part in word.split("-")[1:])


def _is_name(word: str, text: str) -> bool:
    """Return whether the text writes a word with a capital inside a sentence, and never in lower case."""
    return (
        word[:1].isupper()
        and compiled(rf"(?<=[\w,;] ){re.escape(word)}\b").search(text) is not None
        and not compiled(rf"\b{re.escape(word.lower())}\b").search(text)
    )


def _is_shout(kicker: str, about: About) -> bool:
    """Return whether words are all in capitals and are neither names nor acronyms of the text."""
    words = [word for word in _WORD.findall(kicker) if any(map(str.isalpha, word))]
    letters = [c for c in kicker if c.isalpha()]
    if not words or len(words) > _MOST_WORDS or not all(c.isupper() or not c.islower() for c in letters):
        return False
    if not any(c.isupper() for c in letters) or len(letters) < _SHORTEST_SHOUT:
        return False
    shouted = [word for word in words if len(word) >= _SHORTEST_SHOUT or word.lower() in about.common]
    if not shouted or any(compiled(rf"\b{re.escape(word)}\b").search(about.text) for word in shouted):
        return False
    return not any(_is_name(word.capitalize(), about.text) for word in words) and any(
        word.lower() in about.common or compiled(rf"\b{re.escape(word.lower())}\b").search(about.text) or len(words) > 1
        for word in shouted
    )


def _is_of_the_site(kicker: str, about: About) -> bool:
    words = kicker.split()
    sites = [n for n in range(1, len(words)) if squeezed(" ".join(words[:n])) in about.names]
    return (
        bool(sites) and len(words) - sites[0] <= _LEAST_WORDS and not any(map(str.isdigit, "".join(words[sites[0] :])))
    )


def _is_unsaid(kicker: str, rest: str, about: About) -> bool:
    """Return whether a single word before a question or exclamation is a series' name: the text does not have it."""
    if rest[-1:] not in {"!", "?"}:
        return False
    words = _WORD.findall(kicker)
    if len(words) != 1 or kicker != words[0] or not kicker.isalpha() or len(about.text) < _ENOUGH_TEXT:
        return False
    return kicker[:_STEM].casefold() not in about.text.casefold()


def _without_trailing(kicker: str) -> str:
    words = kicker.split()
    for count in (3, 2, 1):
        if len(words) > count and " ".join(words[-count:]).casefold() in TRAILING:
            return " ".join(words[:-count]).rstrip(" ,-–—")
    return kicker


_CUTS = (
    _without_signs,
    _without_tail,
    _without_bar_tail,
    _without_bracket,
    _without_kicker,
    _without_kicker,
    _without_ticker,
)
