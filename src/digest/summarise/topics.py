"""What an article is about, and how much each of its sentences says about it."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from digest.summarise.reading import Reading, Sentence, cosine, likeness
from digest.text.words import words

HEAD = 3
"""The number of sentences at the top of an article that show its topic."""
TOPIC = (
    "title told",
    "share of title",
    "like the title",
    "like the lead",
    "like the head",
    "central",
    "usual words",
    "recurring words",
    "weight of words",
    "new words",
    "letters of the title",
    "words beyond the title",
    "words not said before",
)
_PIECE = 4
"""Letters in a piece of the title: long enough to have a meaning, short enough to be found in compounds."""
_LIKE_ITSELF = 0.3
"""The first sentence's value for likeness to the head, which is itself: the value of a good second sentence."""


@dataclass(frozen=True, slots=True)
class _Usage:
    """How an article uses its stems: how often, in how many sentences, and which are new in each sentence."""

    counts: dict[str, int]
    holders: dict[str, int]
    fresh: list[list[str]]


def _usage(told: Sequence[Sentence]) -> _Usage:
    counts: dict[str, int] = {}
    holders: dict[str, int] = {}
    fresh = []
    for sentence in told:
        new = []
        for stem, count in sentence.stems.items():
            if stem in counts:
                counts[stem] += count
                holders[stem] += 1
            else:
                counts[stem] = count
                holders[stem] = 1
                new.append(stem)
        fresh.append(new)
    return _Usage(counts, holders, fresh)


def topics(reading: Reading, places: Sequence[int] | None = None) -> Iterator[tuple[float, ...]]:
    """Yield the values named in TOPIC for each sentence: what it shares with the title, the opening and the article.

    With ``places`` the letters of the title are counted in those sentences only; in the others they are 0.
    """
    told, title = reading.sentences, reading.title
    usage = _usage(told)
    counts, holders = usage.counts, usage.holders
    total = max(1, sum(counts.values()))
    like_head = _like_the_head(told)
    centrality = _centrality(told, holders)
    chosen = reading.chosen(places)
    found = _shares_found(_pieces(reading.headline), [told[place] for place in chosen])
    shares = dict(zip(chosen, found, strict=True))
    for i, (sentence, fresh) in enumerate(zip(told, usage.fresh, strict=True)):
        bag = sentence.stems
        size = max(1, len(bag))
        shared = len(title.intersection(bag))
        recurring = len(bag) - [holders[stem] for stem in fresh].count(1)
        weight = sum(map(counts.__getitem__, bag))
        yield (
            shared / max(1, len(title)),
            shared / size,
            shared / math.sqrt(size * max(1, len(title))),
            likeness(sentence, told[0]) if i else _LIKE_ITSELF,
            like_head[i],
            centrality[i],
            50 * weight / size / total,
            recurring / size,
            math.log1p(weight - sum(bag.values())),
            len(fresh) / size,
            shares.get(i, 0.0),
            math.log1p(len(bag) - shared),
            math.log1p(sum([stem not in title for stem in fresh])),
        )


def _pieces(title: str) -> list[str]:
    """Return the overlapping pieces of a title's letters, including blanks."""
    plain = f" {' '.join(words(title))} "
    return [plain[i : i + _PIECE] for i in range(len(plain) - _PIECE + 1)]


def _shares_found(pieces: Sequence[str], told: Sequence[Sentence]) -> list[float]:
    """Return the share of the pieces in each sentence. All sentences are searched at once, which is faster."""
    plain = [f" {' '.join(sentence.small)} \n" for sentence in told]
    together, ends = "".join(plain), list(accumulate(map(len, plain)))
    found = [0] * len(told)
    for piece in pieces:
        at = together.find(piece)
        while at >= 0:
            place = bisect_right(ends, at)
            found[place] += 1
            at = together.find(piece, ends[place])
    return [count / max(1, len(pieces)) for count in found]


def _like_the_head(told: Sequence[Sentence]) -> list[float]:
    """Return the cosine of each sentence and the head; a sentence of the head is compared with the rest of the head."""
    head = told[:HEAD]
    found = [_like_all(each, [other for other in head if other is not each]) for each in head]
    bag = _together(head)
    norm = math.hypot(*bag.values())
    return [*found, *(cosine(each.stems, bag, each.norm * norm) for each in told[HEAD:])]


def _like_all(sentence: Sentence, others: Sequence[Sentence]) -> float:
    bag = _together(others)
    return cosine(sentence.stems, bag, sentence.norm * math.hypot(*bag.values()))


def _together(told: Sequence[Sentence]) -> Mapping[str, int]:
    together: dict[str, int] = {}
    for each in told:
        for stem, count in each.stems.items():
            together[stem] = together.get(stem, 0) + count
    return together


def _centrality(told: Sequence[Sentence], holders: Mapping[str, int]) -> list[float]:
    """Return the sum of each sentence's cosines to all others: the degree of LexRank (Erkan and Radev, 2004).

    The sum of cosines is the cosine with the sum, so this takes one pass and not a matrix.
    """
    by_count = [math.log((len(told) + 1) / (count + 0.5)) for count in range(len(told) + 1)]
    rarity = {stem: by_count[count] for stem, count in holders.items()}
    centre = dict.fromkeys(holders, 0.0)
    vectors = []
    for sentence in told:
        weighted = [count * rarity[stem] for stem, count in sentence.stems.items()]
        norm = math.hypot(*weighted) or 1.0
        vector = [value / norm for value in weighted]
        for stem, value in zip(sentence.stems, vector, strict=True):
            centre[stem] += value
        vectors.append(vector)
    scale = math.sqrt(max(1, len(told) - 1))
    return [
        (sum([value * centre[stem] for stem, value in zip(sentence.stems, vector, strict=True)]) - 1) / scale
        for sentence, vector in zip(told, vectors, strict=True)
    ]
