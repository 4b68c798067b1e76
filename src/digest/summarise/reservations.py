"""What a reader has against a sentence as a bullet, where they meet it, in units of the model's estimate.

    sentence, headline, bullets printed before ─ reservations ─▶ sum of the costs

The model sees each sentence alone. The costs come from a logistic regression of what seven strict readers kept of 961
bullets, on the estimate and these signs (AUC on a reader left out .70 with the estimate alone, .75 with the signs and
the chance of news). Of 100 bullets with a sign they kept so many, and so many were expected from the estimate: a
surname 18 (59), a time gone by 12 (58), an opening definite noun 46 (57), a demonstrative 31 (51), little that is new
31 (68), fewer than eight new words 28 (48), the writer's "I" 20 (39), late in the article 31 (39), a cut at the start
40 (50). Of 9 sentences with a time gone by the editor kept 2 where 7 were expected.
"""
# ruff: noqa: RUF001 - apostrophes are the subject here

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from types import MappingProxyType

from digest.summarise.background import looks_back
from digest.summarise.guard import unquoted
from digest.summarise.reading import Reading, Sentence
from digest.summarise.unclear import opens_with_known_noun, points, surnames_alone
from digest.text.patterns import compiled

SURNAME, LOOKS_BACK, POINTS, NOUN = 0.3, 0.5, 0.2, 0.15
REPEATS, FEW, ASIDE, WRITER, LATE, CUT = 0.2, 0.25, 0.1, 0.2, 0.15, 0.1
MOSTLY_KNOWN = 0.5
"""A sentence repeats if less than this share of its stems is new."""
FEW_NEW = 8
"""A sentence says little if fewer of its stems are new."""
OF_HEADLINE = 0.34
"""A first bullet is aside from the news if it has less than this share of the headline's stems."""
_SINGULAR: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "en": frozenset(("i", "me", "my", "mine", "myself")),
        "de": frozenset(("ich", "mich", "mir", "mein", "meine", "meinen", "meinem", "meiner")),
        "fr": frozenset(("je", "j", "me", "moi", "mon", "ma", "mes")),
        "es": frozenset(("yo", "me", "mi", "mis")),
    }
)
"""Words by which writers speak of themselves alone."""
_WRITER_EN = r"(?:^|(?<![\w'’])[a-z][\w'’]*[,;:]? )I\b"
"""The English pronoun; behind a capitalised word it is a number ("World War I")."""
LATE_FROM = 13
"""Number of sentences before one that is late."""


def unintroduced(text: str, reading: Reading, place: int, said: Sequence[Sentence]) -> float:
    """Return the costs of what a sentence looks back to, or names without an introduction.

    ``text`` is the article's, ``place`` the number of the sentence; ``said`` are the bullets that a reader sees before
    it.
    """
    sentence = reading.sentences[place]
    return (
        SURNAME * any(surnames_alone(text, reading, sentence, said))
        + LOOKS_BACK * looks_back(sentence.text, reading.language)
        + POINTS * points(sentence.text, reading.language)
    )


def reservations(text: str, reading: Reading, place: int, said: Sequence[Sentence], known: AbstractSet[str]) -> float:
    """Return the sum of all costs; ``known`` are the stems of the headline and of all other bullets."""
    sentence = reading.sentences[place]
    stems = sentence.stems.keys()
    new = len(stems - known)
    return (
        unintroduced(text, reading, place, said)
        + NOUN * opens_with_known_noun(reading, place, said)
        + REPEATS * (new < MOSTLY_KNOWN * len(stems))
        + FEW * (new < FEW_NEW)
        + ASIDE * (not said and len(stems & reading.title) < OF_HEADLINE * len(reading.title))
        + WRITER * speaks_of_writer(sentence, reading.language)
        + LATE * (place >= LATE_FROM)
        + CUT * (sentence.told_start > sentence.begin)
    )


def speaks_of_writer(sentence: Sentence, language: str) -> bool:
    """Return whether the writer speaks of himself alone outside quotation marks; known in four languages."""
    found = _SINGULAR.get(language, frozenset()).intersection(sentence.own)
    if language == "en" and found == {"i"}:
        return bool(compiled(_WRITER_EN).search(unquoted(sentence.text)))
    return bool(found)
