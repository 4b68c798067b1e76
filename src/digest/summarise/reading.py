"""An article split into sentences, each with the span that a bullet would use."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from digest.summarise.asides import is_aside
from digest.summarise.glue import joined_words
from digest.summarise.guard import (
    leanings,
    objection,
    quoted_share,
    speaker_is_unnamed,
    torn_at_initials,
    torn_at_number,
    unquoted,
)
from digest.summarise.pointers import points_back, refers_back
from digest.summarise.trim import trimmed
from digest.text.memory import Memory
from digest.text.quotation import inside
from digest.text.sentences import sentences
from digest.text.words import content_words, count_words, stems, tokens_and_words, words

LONGEST_ARTICLE = 30_000
"""The number of characters that are read: later text is never used."""

BEYOND_TITLE = 0.3
"""The minimum share of a sentence's stems that the headline does not have (an editor kept 2 of 9 with less)."""


def _shape(word: str) -> str:
    return "A" if word[0].isupper() else "0" if word[0].isdigit() else "a"


_SHAPES = Memory(_shape, most=1 << 16)


class Sentence(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A sentence of an article: its place, the span that a bullet would use, and counts over that span.

    It is a struct because one is made for each sentence: a frozen dataclass takes ten times as long to make. It holds
    no references to other values of its kind, so the garbage collector need not look for cycles (``gc=False``).
    """

    start: int
    end: int
    begin: int
    """Where it begins behind place and date, and behind text that was joined to it by mistake."""
    told_start: int
    told_end: int
    text: str
    """The span that a bullet would use."""
    words: int
    tokens: list[str]
    """Its words as written, in order."""
    small: list[str]
    """The same in lower case; overlapping pairs of characters where a script has no spaces."""
    shape: str
    """A letter for each of its words as written: A with a capital, 0 with a digit, a for all others."""
    vocabulary: frozenset[str]
    """Its words in lower case."""
    own: list[str]
    """Its words in lower case, in order, that are outside quotation marks."""
    stems: Mapping[str, int]
    """How often each stem occurs, without stop words."""
    norm: float
    """The length of the vector ``stems``."""
    quoted: float
    """The share of its characters that are in quotation marks."""
    opens_pronoun: bool
    """Whether it opens with a pronoun, or with a quotation whose speaker is a pronoun."""
    opens_connective: bool
    points_back: bool
    """Whether it opens with other words for something in the previous sentence ("The latter")."""
    refers_back: bool
    """Whether it opens with a person or an act that an earlier sentence names ("The woman was")."""
    paragraph: int
    """The number of its paragraph; every line counts as a paragraph, also without a blank line."""
    objection: str

    @property
    def leans(self) -> bool:
        """Whether a reader needs an earlier sentence to understand it."""
        return self.needs_previous or self.refers_back

    @property
    def needs_previous(self) -> bool:
        """Whether it opens with a pronoun, connective or pointer and so depends on the sentence directly before it."""
        return self.opens_pronoun or self.opens_connective or self.points_back


@dataclass(frozen=True, slots=True)
class Reading:
    """An article split into sentences; ``title`` holds the stems of its headline, empty without a headline."""

    language: str
    headline: str
    title: frozenset[str]
    sentences: tuple[Sentence, ...]

    def chosen(self, places: Sequence[int] | None) -> Sequence[int]:
        """Return these places of sentences, or the places of all."""
        return range(len(self.sentences)) if places is None else places


def read(text: str, title: str, language: str) -> Reading:
    """Return an article split into sentences, each with the span that a bullet would use."""
    about = frozenset(content_words(title, language))
    found, paragraph, end = [], 0, 0
    joined = joined_words(text[:LONGEST_ARTICLE])
    for span in sentences(text[:LONGEST_ARTICLE], language):
        paragraph += "\n" in text[end : span[0]]
        end = span[1]
        sentence = _sentence(text, span, language, about, paragraph)
        if any(sentence.told_start <= at < sentence.told_end for at in joined) and not sentence.objection:
            sentence = replace(sentence, objection="two words are joined")
        found.append(sentence)
    return Reading(language, title, about, tuple(found))


def _sentence(text: str, span: tuple[int, int], language: str, title: frozenset[str], paragraph: int) -> Sentence:
    whole = text[span[0] : span[1]]
    begin, start, end = trimmed(whole, language, title)
    told = whole[start:end]
    written, found = tokens_and_words(told)
    vocabulary = frozenset(found)
    bag = _counted(stems(found, language))
    count = count_words(told)
    quoted = quoted_share(told)
    own = unquoted(told) if quoted else told
    in_own_words = words(own) if quoted else found
    pronoun, connective = leanings(told, language)
    pronoun = pronoun or (quoted > 0 and speaker_is_unnamed(told, own, language))
    unfit = objection(told, vocabulary, whole, words=count, quoted=quoted)
    if not unfit and (torn_at_number(text, *span) or torn_at_initials(text, *span)):
        unfit = "a fragment"
    if not unfit and inside(text, *span, language):
        unfit = "a part of a longer quotation"
    if not unfit and is_aside(own, vocabulary, language):
        unfit = "the text speaks of itself"
    if not unfit and len(bag.keys() - title) < BEYOND_TITLE * len(bag):
        unfit = "the headline again"
    return Sentence(
        start=span[0],
        end=span[1],
        begin=span[0] + begin,
        told_start=span[0] + start,
        told_end=span[0] + end,
        text=told,
        words=count,
        tokens=written,
        small=found,
        shape="".join(map(_SHAPES.__getitem__, written)),
        vocabulary=vocabulary,
        own=in_own_words,
        stems=bag,
        norm=math.hypot(*bag.values()),
        quoted=quoted,
        opens_pronoun=pronoun,
        opens_connective=connective,
        points_back=points_back(told, language),
        refers_back=refers_back(told, language, title),
        paragraph=paragraph,
        objection=unfit,
    )


def _counted(found: Sequence[str]) -> Mapping[str, int]:
    """Return how often each stem occurs; most occur once, which needs no counting."""
    bag = dict.fromkeys(found, 1)
    if len(bag) < len(found):
        bag = dict.fromkeys(bag, 0)
        for stem in found:
            bag[stem] += 1
    return bag


def likeness(left: Sentence, right: Sentence) -> float:
    """Return the cosine of two sentences' stems, 0 to 1."""
    return cosine(left.stems, right.stems, left.norm * right.norm)


def compared(left: Sentence, right: Sentence) -> tuple[float, float]:
    """Return the likeness of two sentences and their overlap, in one pass."""
    ours, theirs = left.stems, right.stems
    products = [ours[stem] * theirs[stem] for stem in ours if stem in theirs]
    if not products:
        return 0.0, 0.0
    return sum(products) / (left.norm * right.norm), len(products) / min(len(ours), len(theirs))


def cosine(left: Mapping[str, int], right: Mapping[str, int], norms: float) -> float:
    """Return the cosine of two bags of stems; ``norms`` is the product of their norms."""
    product = sum([count * right[stem] for stem, count in left.items() if stem in right])
    return product / norms if product else 0.0


def overlap(left: Mapping[str, int], right: Mapping[str, int]) -> float:
    """Return the share of the smaller bag's stems that the other bag has too."""
    return len(left.keys() & right.keys()) / max(1, min(len(left), len(right)))
