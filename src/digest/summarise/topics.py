"""What an article is about, and how much each of its sentences says about it."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
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
    """How an article uses its stems: how often, in how many sentences, and in which sentence first."""

    counts: dict[str, int]
    holders: dict[str, int]
    first: dict[str, int]


def _usage(told: Sequence[Sentence]) -> _Usage:
    counts: dict[str, int] = {}
    holders: dict[str, int] = {}
    first: dict[str, int] = {}
    for place, sentence in enumerate(told):
        for stem, count in sentence.stems.items():
            if stem in counts:
                counts[stem] += count
                holders[stem] += 1
            else:
                counts[stem], holders[stem], first[stem] = count, 1, place
    return _Usage(counts, holders, first)


def topics(reading: Reading) -> Iterator[tuple[float, ...]]:
    """Yield the values named in TOPIC for each sentence: what it shares with the title, the opening and the article."""
    told, title = reading.sentences, reading.title
    usage = _usage(told)
    counts = usage.counts
    total = max(1, sum(counts.values()))
    recurring = {stem for stem, holders in usage.holders.items() if holders > 1}
    like_head = _like_the_head(told)
    centrality = _centrality(told, usage.holders)
    shares = _shares_found(_pieces(reading.headline), told)
    for i, sentence in enumerate(told):
        bag = sentence.stems
        size = max(1, len(bag))
        shared = len(title & bag.keys())
        weight = sum(map(counts.__getitem__, bag))
        yield (
            shared / max(1, len(title)),
            shared / size,
            shared / math.sqrt(size * max(1, len(title))),
            likeness(sentence, told[0]) if i else _LIKE_ITSELF,
            like_head[i],
            centrality[i],
            50 * weight / size / total,
            len(recurring & bag.keys()) / size,
            math.log1p(weight - sum(bag.values())),
            sum([usage.first[stem] == i for stem in bag]) / size,
            shares[i],
            math.log1p(len(bag) - shared),
            math.log1p(sum([usage.first[stem] == i and stem not in title for stem in bag])),
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


def _together(told: Sequence[Sentence]) -> Counter[str]:
    together: Counter[str] = Counter()
    for each in told:
        together.update(each.stems)
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
