"""Sentences that name somebody or something which only an earlier sentence of the article introduced.

A find is read below its headline alone. A surname that the headline lacks, or "the show" of an earlier paragraph, means
nothing there. All words for it are compared in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digest.summarise.finds.finder_words import FIXED, FURTHER, MONTHS, OFFICES
from digest.summarise.finds.name_words import ADJECTIVES, TITLES
from digest.summarise.finds.trait_words import COMPARISONS
from digest.summarise.finds.word_pattern import pattern
from digest.summarise.lexicon import lexicon
from digest.summarise.reading import Reading, Sentence
from digest.summarise.references import REFERENCES, references
from digest.text.patterns import compiled
from digest.text.words import stem, tokens

_SURNAME = REFERENCES.index("surname alone")
_INTRODUCED = REFERENCES.index("definite nouns introduced before")
_REACH = 2
"""The noun is looked for in so many words after its article."""
_OPENING = 2
"""A word such as "more" among so many first words adds to something said before."""
_SUBJECT = 8
"""The subject of a sentence is among so many first words. Later nouns mostly have their explanation beside them."""
_APPOSITION = r", (?:\d\d, )?(?:an?|the|who|une?|qui|un|una|que|der|die|ein|eine) "
_NEAR = 60
"""An office within so many characters before or behind a name says who it is."""


@dataclass(frozen=True, slots=True)
class Dangling:
    """Where the sentences start that need an earlier one."""

    names: frozenset[int] = frozenset()
    """They name a person whom only an earlier sentence introduces, or add to something said before."""
    things: frozenset[int] = frozenset()
    """They have a definite article before a noun that only an earlier sentence has."""


def dangling(reading: Reading) -> Dangling:
    """Return the sentences that need an earlier sentence for a name or a thing.

    Empty for a language without lists.
    """
    if reading.language not in FURTHER:
        return Dangling()
    people = _people(reading)
    known: set[str] = set()
    named: set[str] = set()
    unnamed: set[int] = set()
    unknown: set[int] = set()
    title = {word.casefold() for word in tokens(reading.headline)}
    for sentence, row in zip(reading.sentences, references(reading), strict=True):
        if (
            row[_SURNAME]
            or adds(sentence, reading.language)
            or _names_known(sentence, people & named - title, reading.language)
        ):
            unnamed.add(sentence.start)
        if row[_INTRODUCED] or _has_known_noun(sentence, known - reading.title, reading.language):
            unknown.add(sentence.start)
        known.update(sentence.stems)
        named.update(map(str.casefold, sentence.tokens))
    return Dangling(frozenset(unnamed), frozenset(unknown))


def _runs(sentence: Sentence) -> Iterator[list[str]]:
    """Yield the runs of words with a capital; a run may be empty."""
    run: list[str] = []
    for word in sentence.tokens:
        if word[:1].isupper():
            run.append(word.casefold())
        else:
            yield run
            run = []
    yield run


def _people(reading: Reading) -> frozenset[str]:
    """Return the surnames of an article: last words of longer names that also come alone or after a title."""
    runs = [run for sentence in reading.sentences for run in _runs(sentence) if run]
    alone = {run[-1] for run in runs if len(run) == 1 or run[0] in TITLES}
    people = frozenset(run[-1] for run in runs if len(run) > 1) & alone
    month = pattern(MONTHS[reading.language].replace(" ", "|"))
    places = {run[-1] for run in runs if len(run) > 1 and run[0] in ADJECTIVES[reading.language]}
    return frozenset(name for name in people - places if not month.fullmatch(name))


def adds(sentence: Sentence, language: str) -> bool:
    """Return whether a sentence opens with words that add to the one before: "More orders", "A third candidate".

    "More than 400 people" adds nothing.
    """
    if compiled(rf"(?:{COMPARISONS[language]})\s?\S?\d", re.IGNORECASE).match(sentence.text):
        return False
    return any(pattern(FURTHER[language]).fullmatch(word) for word in sentence.small[:_OPENING])


def _names_known(sentence: Sentence, people: frozenset[str], language: str) -> bool:
    """Return whether a sentence names a person whom an earlier one introduced, and does not say who it is.

    An office beside the name says it, and an apposition behind it.
    """
    office = pattern(OFFICES[language])
    for word in sentence.tokens:
        if word[:1].isupper() and word.casefold() in people:
            place = sentence.text.find(word)
            end = place + len(word)
            beside = office.search(sentence.text[max(0, place - _NEAR) : end + _NEAR])
            if not beside and not compiled(_APPOSITION).match(sentence.text, end):
                return True
    return False


def _has_known_noun(sentence: Sentence, known: set[str], language: str) -> bool:
    """Return whether a definite article precedes a common noun that an earlier sentence has and the headline lacks.

    Nouns of which everybody knows one ("the government", "the week") do not count.
    """
    words = sentence.tokens
    definite = lexicon(language).definite
    return any(
        word.casefold() in definite and _is_known(words[place + 1 : place + 1 + _REACH], known, language)
        for place, word in enumerate(words[:_SUBJECT])
    )


def _is_known(behind: Sequence[str], known: set[str], language: str) -> bool:
    if not behind or (language != "de" and any(word[:1].isupper() for word in behind)):
        return False
    noun = next((word for word in behind if language != "de" or word[:1].isupper()), "")
    fixed = any(pattern(FIXED[language]).fullmatch(word) for word in behind)
    return bool(noun) and not fixed and stem(noun.casefold(), language) in known
