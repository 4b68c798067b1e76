"""Sentences that quote a person who is named and introduced in the same sentence."""
# ruff: noqa: RUF001 - quotation marks are the subject here

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.model.finds import Find
from digest.summarise.finds.finder_words import CHARGES, COMPANY, OFFICES, PHRASES, SAYING, UNCLEAR
from digest.summarise.finds.study import Study, about_headline, best_first, find, is_personal
from digest.summarise.finds.word_pattern import pattern
from digest.summarise.guard import leanings
from digest.summarise.lexicon import lexicon
from digest.summarise.pointers import points_back
from digest.summarise.reading import Sentence
from digest.text.patterns import compiled
from digest.text.words import content_words, count_words, words

_MARKS = r"“([^“”]+)”|„([^„“”]+)[“”]|«([^«»]+)»|»([^«»]+)«|\"([^\"]+)\""
LEAST_QUOTED, MOST_QUOTED = 7, 34
"""Words in quotation marks."""
_LEAST_SHARE = 0.4
"""Least share of the sentence in quotation marks."""
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’-]+"
_NAME = (
    rf"(?<![\w.]){_CAPITAL}(?: [A-Z]\.)?"
    rf"(?: (?:van|von|de|del|de la|du|der|den|al|el|bin|zu|la|le))?(?: {_CAPITAL})+"
)
"""A name of at least two words."""
_OPENING = "\"'“„«» \u00a0\u202f‘"
_OF = r"(?:of|for|to|de|du|des|d['’]|del|von|vom|für|pour|por)"
"""Words before the name of somebody else: "the minister of Ida Lund"."""
_STOPS = (".", ",", "!")
_MARKS_INSIDE = ("?", "…", "...", "[", "(")
_OPENING_WORDS = 6
"""A pronoun among so many first quoted words means somebody whom the reader does not know."""
_GAP = (
    r"(?:(?!(?:in|on|at|to|during|from|after|when|by|for|as|about|über|sur|sobre|dans|lors|en|à|im|am|bei|zu)\b)"
    r"[^\s,.“”„\0]+\.? ){0,8}?"
)
_BEHIND = rf"\s(?P<gap>{_GAP})(?P<name>{_NAME})"
"""A name behind a verb of saying, with words of an office between, and no comma."""
_BEFORE = rf"(?P<name>{_NAME})(?:,[^,\0“”]{{3,90}},|\s\([^)]{{1,40}}\)|,)?\s(?:\w+ly\s)?"
"""A name before a verb of saying, perhaps with who it is between commas."""
_APPOSITION = r"\A\s?(?:\(|, )(?:\d\d, )?(?:an? |the |who |[a-zà-ÿ])"
_NOT_NAMES = frozenset(
    (
        *(
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
            "mr",
            "mrs",
            "ms",
            "herr",
            "frau",
            "pr",
            "dr",
            "prof",
            "mme",
        ),
        *(
            "fox",
            "news",
            "new",
            "york",
            "times",
            "post",
            "press",
            "associated",
            "the",
            "a",
            "an",
            "white",
            "house",
            "in",
        ),
        *("on", "at", "and", "council", "conseil", "committee", "association", "university", "institute", "department"),
        *("ministry", "union", "foundation", "group", "party", "agency", "commission", "company", "bank", "office"),
        *("team", "club", "police"),
    )
)
"""Words that are in no person's name."""
_LISTENERS = frozenset({"leur", "lui", "ihm", "ihnen"})
"""Pronouns for those to whom somebody speaks: the sentence does not say who they are."""
_MOST_NUMBERS, _MOST_COMMAS = 1, 2
"""A quotation with more numbers or commas is a list, or wanders."""
_LEAST_NEW = 4
"""A quotation has at least so many stems that the headline lacks."""
_NEAR = 60
"""The speaker's name is at most so many characters from the verb of saying."""


def quoted(studied: Study, source_name: str) -> tuple[Find, ...]:
    """Return the sentences that quote an introduced person, the best first. Empty for a language without lists."""
    return best_first(_quoting(studied, source_name)) if studied.language in SAYING else ()


def _quoting(studied: Study, source_name: str) -> Iterator[tuple[float, Find]]:
    for sentence in studied.sentences:
        said = _said(sentence)
        if said is None or is_personal(sentence, studied.language) or not _LISTENERS.isdisjoint(sentence.own):
            continue
        own = sentence.text[: said.start()] + " \0 " + sentence.text[said.end() :]
        speaker = _speaker(own, studied)
        if speaker and _is_clear(said, studied.language) and _is_worth_it(said, own, studied):
            late = sentence.start / max(1, len(studied.article.text))
            score = 2 * about_headline(sentence, studied.title) - late + 0.5 * sentence.quoted
            why = f"{speaker} is quoted"
            yield score, find(studied, sentence, source_name, speaker=speaker, why=why)


def _said(sentence: Sentence) -> re.Match[str] | None:
    """Return the only quotation of a sentence, if it is a whole statement."""
    spans = list(compiled(_MARKS).finditer(sentence.text))
    if len(spans) != 1:
        return None
    inside = _inside(spans[0])
    count = count_words(inside)
    ended = inside.endswith(_STOPS) or sentence.text[spans[0].end() :].lstrip().startswith((",", "."))
    first = spans[0].start() == 0
    whole = inside[:1].isupper() and (ended or not first) and LEAST_QUOTED <= count <= MOST_QUOTED
    return spans[0] if whole and len(inside) >= _LEAST_SHARE * len(sentence.text) else None


def _inside(said: re.Match[str]) -> str:
    return str(next(filter(None, said.groups()))).strip(_OPENING)


def _is_clear(said: re.Match[str], language: str) -> bool:
    """Return whether the quoted words are clear without others: no question, no pronoun for somebody unknown."""
    inside, known = _inside(said), lexicon(language)
    first = words(inside)[:_OPENING_WORDS]
    vague = known.pronouns | known.demonstratives | known.additives
    return (
        bool(first)
        and first[0] not in vague
        and known.subjects.isdisjoint(first)
        and known.persons.isdisjoint(words(inside))
        and not pattern(UNCLEAR[language]).search(inside)
        and not any(leanings(inside, language))
        and not points_back(inside, language)
        and not any(map(inside.__contains__, _MARKS_INSIDE))
    )


def _is_worth_it(said: re.Match[str], own: str, studied: Study) -> bool:
    """Return whether a quotation is one of the day: no charge, no voice of business, no set phrase and no list.

    ``own`` is the sentence without the quotation.
    """
    inside, language = _inside(said), studied.language
    new = frozenset(content_words(inside, language)) - studied.title
    return (
        not pattern(CHARGES[language]).search(f"{own} {inside}")
        and not pattern(COMPANY[language]).search(own)
        and not pattern(PHRASES[language]).search(inside)
        and len(compiled(r"\d+").findall(inside)) <= _MOST_NUMBERS
        and inside.count(",") <= _MOST_COMMAS
        and len(new) >= _LEAST_NEW
    )


def _speaker(own: str, studied: Study) -> str:
    """Return the full name beside the verb of saying; empty when it is missing, or when nothing says who it is.

    ``own`` is the sentence with NUL in place of the quotation.
    """
    for verb in pattern(SAYING[studied.language]).finditer(own):
        behind = None if verb.group().casefold() == "told" else compiled(_BEHIND).match(own, verb.end())
        before = [found for found in compiled(_BEFORE).finditer(own, 0, verb.start()) if found.end() == verb.start()]
        for found in filter(None, (behind, *before)):
            name = _without_office(found["name"], studied.language)
            if " " in name and not _NOT_NAMES & set(name.casefold().split()) and _is_introduced(own, found, studied):
                return name
    return ""


def _without_office(name: str, language: str) -> str:
    """Return the name of a person without the offices before it: "Mayor Ida Lund" -> "Ida Lund"."""
    tokens = name.split()
    offices = pattern(OFFICES[language])
    last = max((place for place, token in enumerate(tokens) if offices.fullmatch(token.strip("."))), default=-1)
    return " ".join(tokens[last + 1 :])


def _is_introduced(own: str, found: re.Match[str], studied: Study) -> bool:
    """Return whether a sentence says who a person is: an office or a trade beside the name, or an apposition."""
    gap = found.groupdict().get("gap", "").split()
    if gap and compiled(_OF).fullmatch(gap[-1]):
        return False
    start, end = found.span("name")
    near = own[max(0, start - _NEAR) : end + _NEAR]
    if " ".join(gap).islower():
        return True
    office = pattern(OFFICES[studied.language])
    return bool(office.search(near)) or bool(compiled(_APPOSITION).match(own[end:]))
