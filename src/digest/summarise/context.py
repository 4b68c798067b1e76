"""The place of a sentence in its article: its paragraph, its neighbours, and the style of the whole article."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from digest.summarise.lexicon import lexicon
from digest.summarise.reading import Reading, likeness

CONTEXT = (
    "opens a paragraph",
    "length of its paragraph",
    "like the one before",
    "like the one behind",
    "words of the one before",
    "sentences of the article",
    "first person of the article",
    "second person of the article",
    "quotations of the article",
    "questions of the article",
    "words a sentence",
    "first person of the article, at the top",
    "quotations of the article, by place",
    "words a sentence, by place",
    "words a sentence, first person",
    "second person of the article, first person",
)


def context(reading: Reading, places: Sequence[int] | None = None) -> Iterator[tuple[float, ...]]:
    """Yield for the sentences at some places, or for all, the numbers named in CONTEXT."""
    places = reading.chosen(places)
    told = reading.sentences
    count = len(told)
    first, second, quotations, questions, length = _manner(reading)
    sizes = Counter(sentence.paragraph for sentence in told)
    pairs = {i for place in places for i in (place - 1, place) if 0 <= i < count - 1}
    like_next = {i: likeness(told[i], told[i + 1]) for i in pairs}
    first_words = lexicon(reading.language).first_person
    for i in places:
        sentence = told[i]
        mine = float(not first_words.isdisjoint(sentence.own))
        yield (
            float(i == 0 or told[i - 1].paragraph != sentence.paragraph),
            float(sizes[sentence.paragraph]),
            like_next.get(i - 1, 0.0),
            like_next.get(i, 0.0),
            math.log1p(told[i - 1].words) if i else 0.0,
            math.log1p(count),
            first,
            second,
            quotations,
            questions,
            length,
            first * (i == 0),
            quotations * math.log1p(i),
            length * math.log1p(i),
            length * mine,
            second * mine,
        )


def _manner(reading: Reading) -> tuple[float, float, float, float, float]:
    """Return shares of the article: first person, second person (of words), quotations, questions, words / 20."""
    words = lexicon(reading.language)
    told = reading.sentences
    uses = list(chain.from_iterable(sentence.own for sentence in told))
    total, count = max(1, len(uses)), max(1, len(told))
    return (
        sum(map(words.first_person.__contains__, uses)) / total,
        sum(map(words.second_person.__contains__, uses)) / total,
        sum(sentence.quoted > _QUOTED for sentence in told) / count,
        sum("?" in sentence.text for sentence in told) / count,
        sum(sentence.words for sentence in told) / count / 20,
    )


_QUOTED = 0.3
"""From this share in quotation marks on, a sentence counts as a quotation."""
