"""Sentences that quote a person who is named and introduced in the same sentence."""
# ruff: noqa: RUF001 - quotation marks are the subject here

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from digest.model.finds import Find
from digest.summarise.finds.finder_words import CHARGES, OFFICES, SAYING
from digest.summarise.finds.study import Study, about_headline, best_first, find
from digest.summarise.guard import leanings
from digest.summarise.lexicon import lexicon
from digest.summarise.pointers import points_back
from digest.summarise.reading import Sentence
from digest.text.patterns import compiled
from digest.text.words import count_words, words

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
_APPOSITION = r"\A\s?(?:\(|, )(?:\d\d, )?(?:an? |the |who |[a-zà-ÿ])"
_NOT_NAMES = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "fox",
        "news",
        "new",
        "white",
        "house",
    ]
)
_NEAR = 60
"""The speaker's name is at most so many characters from the verb of saying."""


def quoted(studied: Study, source_name: str) -> tuple[Find, ...]:
    """Return the sentences that quote an introduced person, the best first. Empty for a language without lists."""
    return best_first(_quoting(studied, source_name)) if studied.language in SAYING else ()


def _quoting(studied: Study, source_name: str) -> Iterator[tuple[float, Find]]:
    for sentence in studied.sentences:
        said = _said(sentence)
        if said is None:
            continue
        own = sentence.text[: said.start()] + " \0 " + sentence.text[said.end() :]
        speaker = _speaker(own, studied)
        if (
            speaker
            and _is_clear(said, studied.language)
            and not _words(CHARGES[studied.language]).search(sentence.text)
        ):
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
    whole = inside[:1].isupper() and LEAST_QUOTED <= count <= MOST_QUOTED
    return spans[0] if whole and len(inside) >= _LEAST_SHARE * len(sentence.text) else None


def _inside(said: re.Match[str]) -> str:
    return next(filter(None, said.groups())).strip(_OPENING)


def _is_clear(said: re.Match[str], language: str) -> bool:
    """Return whether the quoted words are clear without the ones before them, and are no question."""
    inside = _inside(said)
    known = lexicon(language)
    first = words(inside)[:1]
    vague = known.pronouns | known.demonstratives | known.additives
    return (
        not any(leanings(inside, language))
        and not points_back(inside, language)
        and bool(first)
        and first[0] not in vague
        and "?" not in inside
        and "…" not in inside
        and "[" not in inside
        and "..." not in inside
    )


def _speaker(own: str, studied: Study) -> str:
    """Return the name of the speaker: a full name beside the verb of saying, with an office or the headline's word.

    ``own`` is the sentence with NUL in place of the quotation.
    """
    verbs = list(_words(SAYING[studied.language]).finditer(own))
    for found in compiled(_NAME).finditer(own):
        name = found.group()
        if _NOT_NAMES & set(map(str.lower, name.split())):
            continue
        near = any(
            abs(verb.start() - found.start()) <= _NEAR or abs(verb.start() - found.end()) <= _NEAR for verb in verbs
        )
        if near and _is_introduced(own, found, studied):
            return name
    return ""


def _is_introduced(own: str, name: re.Match[str], studied: Study) -> bool:
    """Return whether a sentence says who a person is, or the headline names the person."""
    office = _words(OFFICES[studied.language])
    before, behind = own[max(0, name.start() - _NEAR) : name.start()], own[name.end() :]
    if name.group().split()[-1] in studied.article.title:
        return True
    return bool(office.search(f"{before} {name.group()}")) or bool(compiled(_APPOSITION).match(behind))


@lru_cache(maxsize=16)
def _words(pattern: str) -> re.Pattern[str]:
    return compiled(rf"(?<![\w'’])(?:{pattern})(?!\w)", re.IGNORECASE)
