"""Articles as sparse vectors, and which of them are near each other.

The heavy libraries are imported here alone in this room.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from digest.model import Article
from digest.rank.link import Edge
from digest.text.similarity import names, terms

TITLE_WEIGHT = 3
"""A word of the title counts as so many of the text (FACTS of the project's measurements: 3 of 1-5)."""
TEXT_CHARACTERS = 2_000
"""News tells itself at the top; reading on adds background that other stories share."""
ROWS = 512
"""Rows of the likeness matrix that are in memory at once."""
Bag = Counter[str]
NAME_SHARE = 0.3
"""Share of names in a likeness, the rest is terms."""
DECAY_PER_DAY = 0.15
"""How fast a likeness fades with the days between two articles."""
WINDOW_HOURS = 72.0
"""Articles further apart are never neighbours."""
LIKENESS_AT_30 = 0.10
"""Mean likeness at which articles of 30 different terms (a title and a short summary) tell one story."""
LENGTH_POWER = 0.2
"""How that likeness grows with the number of different terms: long texts share more by chance."""
FLOOR = 0.3
"""Neighbours whose likeness is under this share of what is needed count as strangers."""

Row = NDArray[np.float64]


def bag(article: Article, read: Callable[[str], list[str]]) -> Bag:
    """Return how often ``read`` finds each thing in the article, the title weighing more."""
    counts: Bag = Counter(read(article.text[:TEXT_CHARACTERS]))
    for found in read(article.title):
        counts[found] += TITLE_WEIGHT
    return counts


def tf_idf(bags: Sequence[Bag]) -> sparse.csr_matrix:
    """Return one row of unit length per bag, with sublinear frequencies; an empty bag is a row of zeros."""
    held = Counter(term for counts in bags for term in counts)
    columns = {term: column for column, term in enumerate(sorted(held))}
    rarity = {term: math.log((len(bags) + 1) / (count + 0.5)) for term, count in held.items()}
    data = [(1 + math.log(count)) * rarity[term] for counts in bags for term, count in counts.items()]
    indices = [columns[term] for counts in bags for term in counts]
    ends = np.cumsum([0, *map(len, bags)])
    matrix = sparse.csr_matrix((data, indices, ends), shape=(len(bags), len(columns)), dtype=np.float64)
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.where(lengths > 0, lengths, 1.0)) @ matrix)


def _needed(bags: Sequence[Bag]) -> Row:
    """Return for each bag the likeness that it asks of a neighbour of the same length."""
    sizes = np.array([max(3, len(counts)) for counts in bags], dtype=np.float64)
    return LIKENESS_AT_30 * (sizes / 30) ** LENGTH_POWER


def neighbours(articles: Sequence[Article], times: Sequence[float]) -> Iterator[Edge]:
    """Yield the pairs of articles that are alike, once each, lower index first.

    The weight is the likeness divided by what texts of that length need to tell one story: at 1 they do.
    ``times`` are hours.
    """
    bags = [bag(article, terms) for article in articles]
    by_term, by_name = tf_idf(bags), tf_idf([bag(article, names) for article in articles])
    needed, hours = np.sqrt(_needed(bags)), np.array(times)
    for start in range(0, len(articles), ROWS):
        rows = slice(start, start + ROWS)
        likeness = by_term[rows] @ by_term.T * (1 - NAME_SHARE) + by_name[rows] @ by_name.T * NAME_SHARE
        found = sparse.coo_matrix(likeness)
        one, other = found.row + start, found.col
        apart = np.abs(hours[one] - hours[other])
        weight = found.data * np.exp(-DECAY_PER_DAY * apart / 24) / (needed[one] * needed[other])
        near = (one < other) & (apart <= WINDOW_HOURS) & (weight >= FLOOR)
        yield from zip(one[near].tolist(), other[near].tolist(), weight[near].tolist(), strict=True)
