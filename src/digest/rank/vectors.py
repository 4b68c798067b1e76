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
from digest.text.similarity import frequency, names, terms

TITLE_WEIGHT = 3
"""A word of the title counts as so many of the text (FACTS of the project's measurements: 3 of 1-5)."""
TEXT_CHARACTERS = 2_000
"""News tells itself at the top; reading on adds background that other stories share."""
ROWS = 512
"""Rows of the likeness matrix that are in memory at once."""
Bag = Counter[str]
MOST_NAMES, SHORT, LONG = 0.5, 30, 100
"""Share of names in a likeness: none up to SHORT different terms (a headline capitalises every word), from there on
more with the length (on a logarithmic scale) up to MOST_NAMES at LONG. The rest is terms."""
PRIOR_ARTICLES = 300
"""The table of common stems weighs as much as so many articles: a small day does not know what is common."""
DECAY_PER_DAY = 0.3
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


def tf_idf(bags: Sequence[Bag], prior: float = 0.0) -> sparse.csr_matrix:
    """Return one row of unit length per bag, with sublinear frequencies; an empty bag is a row of zeros.

    ``prior`` is how many articles the table of common stems stands for beside these.
    """
    held = Counter(term for counts in bags for term in counts)
    columns = {term: column for column, term in enumerate(sorted(held))}
    all_bags = len(bags) + prior + 1
    rarity = {term: max(0.0, math.log(all_bags / (n + prior * frequency(term) + 0.5))) for term, n in held.items()}
    data = [(1 + math.log(count)) * rarity[term] for counts in bags for term, count in counts.items()]
    indices = [columns[term] for counts in bags for term in counts]
    ends = np.cumsum([0, *map(len, bags)])
    matrix = sparse.csr_matrix((data, indices, ends), shape=(len(bags), len(columns)), dtype=np.float64)
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.where(lengths > 0, lengths, 1.0)) @ matrix)


def _sizes(bags: Sequence[Bag]) -> Row:
    return np.array([max(3, len(counts)) for counts in bags], dtype=np.float64)


def _name_share(sizes: Row) -> Row:
    """Return how much the names of an article count; a pair takes the geometric mean of both."""
    grown = np.log(sizes / SHORT) / math.log(LONG / SHORT)
    return MOST_NAMES * np.clip(grown, 0.0, 1.0)


def neighbours(articles: Sequence[Article], times: Sequence[float]) -> Iterator[Edge]:
    """Yield the pairs of articles that are alike, once each, lower index first.

    The weight is the likeness divided by what texts of that length need to tell one story: at 1 they do.
    ``times`` are hours.
    """
    bags = [bag(article, terms) for article in articles]
    by_term = tf_idf(bags, PRIOR_ARTICLES)
    by_name = tf_idf([bag(article, names) for article in articles])
    sizes, hours = _sizes(bags), np.array(times)
    needed = np.sqrt(LIKENESS_AT_30 * (sizes / 30) ** LENGTH_POWER)
    share = np.sqrt(_name_share(sizes))
    by_name = sparse.csr_matrix(sparse.diags(share) @ by_name)
    for start in range(0, len(articles), ROWS):
        rows = slice(start, start + ROWS)
        said = sparse.coo_matrix(by_term[rows] @ by_term[start:].T)
        said.data *= 1 - share[said.row + start] * share[said.col + start]
        found = sparse.coo_matrix(said.tocsr() + by_name[rows] @ by_name[start:].T)
        one, other = found.row + start, found.col + start
        apart = np.abs(hours[one] - hours[other])
        weight = found.data * np.exp(-DECAY_PER_DAY * apart / 24) / (needed[one] * needed[other])
        near = (one < other) & (apart <= WINDOW_HOURS) & (weight >= FLOOR)
        yield from zip(one[near].tolist(), other[near].tolist(), weight[near].tolist(), strict=True)
