"""What a sentence refers to: new names, persons and things, and those that an earlier sentence introduced.

A surname, a definite noun or a pronoun that is introduced in another sentence is unclear in a bullet, unless the
headline names it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import chain

from digest.summarise.lexicon import Lexicon, lexicon
from digest.summarise.reading import Reading, Sentence
from digest.text.patterns import compiled
from digest.text.words import stems_by_word, tokens

REFERENCES = (
    "surname alone",
    "opens with a surname",
    "names in full, new",
    "single names, new",
    "names of the title",
    "opens with a name",
    "opens with a new name",
    "pronoun without its person",
    "definite nouns",
    "definite nouns mentioned before",
    "definite nouns introduced before",
    "opens with a definite noun mentioned before",
    "generic noun",
    "use of its names",
    "names used once",
    "most used name",
)
_NOUN_REACH = 2
"""The noun is looked for in so many words after its article."""
_SURNAME_AT_MOST = 1


@dataclass(slots=True)
class _Known:
    """What the sentences so far have named; it grows with each sentence."""

    names: set[str] = field(default_factory=set)
    in_full: set[str] = field(default_factory=set)
    """Words of names with two words or more."""
    stems: set[str] = field(default_factory=set)
    introduced: set[str] = field(default_factory=set)
    """Stems of nouns that came after an indefinite article."""


@dataclass(frozen=True, slots=True)
class _Article:
    """The data that is the same for all sentences."""

    words: Lexicon
    stems: Mapping[str, str]
    """The stem of each word."""
    title: frozenset[str]
    """Words of the headline, in lower case."""
    title_stems: frozenset[str]
    runs: tuple[tuple[tuple[str, ...], ...], ...]
    """The names in each sentence; each name is a sequence of capitalised words, given in lower case."""
    uses: Counter[str]
    persons: frozenset[str]
    """Surnames: the last words of names with several words that also occur alone."""


def references(reading: Reading, places: Sequence[int] | None = None) -> Iterator[tuple[float, ...]]:
    """Yield for the sentences at some places, in order, or for all, the numbers named in REFERENCES."""
    article = _article(reading)
    known = _Known()
    wanted = frozenset(reading.chosen(places))
    for place, sentence in enumerate(reading.sentences):
        small, runs = sentence.small, article.runs[place]
        if place in wanted:
            yield (
                *_names(article, known, runs, small),
                _unresolved(article, sentence),
                *_definites(article, known, sentence),
                float(not article.words.generic.isdisjoint(sentence.vocabulary)),
                *_uses(article, runs, len(reading.sentences), len(small)),
            )
        _learn(article, known, sentence, small, runs)


def _article(reading: Reading) -> _Article:
    words = lexicon(reading.language)
    written = frozenset().union(*[sentence.tokens for sentence in reading.sentences])
    runs = tuple([_runs(sentence, written, words) for sentence in reading.sentences])
    flat = [run for of_sentence in runs for run in of_sentence]
    alone = {run[0] for run in flat if len(run) == _SURNAME_AT_MOST}
    return _Article(
        words=words,
        stems=stems_by_word(reading.language),
        title=frozenset(word.lower() for word in tokens(reading.headline)),
        title_stems=reading.title,
        runs=runs,
        uses=Counter(chain.from_iterable(flat)),
        persons=frozenset(run[-1] for run in flat if len(run) > _SURNAME_AT_MOST) & alone,
    )


def _runs(sentence: Sentence, written: AbstractSet[str], words: Lexicon) -> tuple[tuple[str, ...], ...]:
    """Return the sequences of capitalised words; a first word that the article also writes in lower case is no name."""
    tokens, shape = sentence.tokens, sentence.shape
    first = int(shape.startswith("A") and _is_common(tokens[0].lower(), written, words))
    found = compiled("A+").finditer(shape, first)
    return tuple([tuple(map(str.lower, tokens[run.start() : run.end()])) for run in found])


def _is_common(word: str, written: AbstractSet[str], words: Lexicon) -> bool:
    """Return whether a word in lower case is no name: the article writes it so, or it is a small word."""
    return (word in written and word[0].islower()) or any(
        word in listed for listed in (words.definite, words.indefinite, words.pronouns, words.subordinators)
    )


def _names(
    article: _Article, known: _Known, runs: Sequence[tuple[str, ...]], small: Sequence[str]
) -> tuple[float, ...]:
    surnames = in_full = single = titled = 0
    for run in runs:
        of_title = not article.title.isdisjoint(run)
        titled += of_title
        if len(run) == _SURNAME_AT_MOST:
            surnames += run[0] in known.in_full and not of_title
            single += run[0] not in known.names and not of_title
        else:
            in_full += not all(word in known.names or word in article.title for word in run)
    first = runs[0] if runs and small[: len(runs[0])] == list(runs[0]) else ()
    alone = len(first) == _SURNAME_AT_MOST
    return (
        math.log1p(surnames),
        float(alone and first[0] in known.in_full and first[0] not in article.title),
        math.log1p(in_full),
        math.log1p(single),
        math.log1p(titled),
        float(bool(first)),
        float(len(first) > _SURNAME_AT_MOST and not all(word in known.names for word in first)),
    )


def _unresolved(article: _Article, sentence: Sentence) -> float:
    """Return 1 when a person's pronoun comes before any person of the article is named in the sentence."""
    if article.words.persons.isdisjoint(sentence.vocabulary):
        return 0.0
    first = next(word for word in sentence.small if word in article.persons or word in article.words.persons)
    return float(first not in article.persons)


def _definites(article: _Article, known: _Known, sentence: Sentence) -> tuple[float, ...]:
    """Count the nouns after a definite article, and those of them that earlier sentences mention."""
    count = mentioned = introduced = opens = 0
    definite, small = article.words.definite, sentence.small
    if definite.isdisjoint(sentence.vocabulary):
        return 0.0, 0.0, 0.0, 0.0
    stems = article.stems
    for place in [place for place, word in enumerate(small) if word in definite]:
        count += 1
        nouns = {stems[noun] for noun in small[place + 1 : place + 1 + _NOUN_REACH]}
        nouns -= article.title_stems
        before = not nouns.isdisjoint(known.stems)
        mentioned += before
        introduced += not nouns.isdisjoint(known.introduced)
        opens |= place == 0 and before
    return math.log1p(count), math.log1p(mentioned), math.log1p(introduced), float(opens)


def _uses(article: _Article, runs: Sequence[tuple[str, ...]], sentences: int, words: int) -> tuple[float, float, float]:
    uses = [article.uses[word] for run in runs for word in run]
    if not uses:
        return 0.0, 0.0, 0.0
    return sum(map(math.log, uses)) / len(uses), uses.count(1) / max(1, words), max(uses) / sentences


def _learn(
    article: _Article, known: _Known, sentence: Sentence, small: Sequence[str], runs: Sequence[tuple[str, ...]]
) -> None:
    for run in runs:
        known.names.update(run)
        if len(run) > _SURNAME_AT_MOST:
            known.in_full.update(run)
    known.stems.update(sentence.stems)
    if article.words.indefinite.isdisjoint(sentence.vocabulary):
        return
    indefinite, stems = article.words.indefinite, article.stems
    for place in [place for place, word in enumerate(small) if word in indefinite]:
        nouns = small[place + 1 : place + 1 + _NOUN_REACH]
        known.introduced.update([stems[noun] for noun in nouns if len(noun) > _NOUN_REACH])
