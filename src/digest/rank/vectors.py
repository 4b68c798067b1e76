"""Articles as sparse vectors, and which of them are near each other.

The heavy libraries are imported here alone in this room.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from digest.model.article import Article
from digest.rank.agreement import agreement, calendar, facts, unelided
from digest.rank.average_link import Edge
from digest.text.similarity import frequency, names, stem, terms

TITLE_WEIGHT = 3
"""A word of the title counts as so many of the text (FACTS of the project's measurements: 3 of 1-5)."""
TEXT_CHARACTERS = 2_000
"""News tells itself at the top; reading on adds background that other stories share."""
ROWS = 512
"""Rows of the likeness matrix that are in memory at once."""
Bag = Counter[str]
LEAST_NAMES, MOST_NAMES, SHORT, LONG = 0.15, 0.5, 30, 100
"""Share of names in a likeness: the least up to SHORT different terms (a headline may capitalise every word), from
there on more with the length (on a logarithmic scale) up to the most at LONG. The rest is terms."""
PRIOR_ARTICLES = 3_000
"""The table of common stems weighs as much as so many articles: a small day does not know what is common."""
GENRE_SHARE = 1 / 32
"""Share of articles in which a word of a kind of event is taken to stand: in a day of forty two fires are no story."""
DECAY_PER_DAY = 0.3
"""How fast a likeness fades with the days between two articles."""
WINDOW_HOURS = 72.0
"""Articles further apart are never neighbours."""
LIKENESS_AT_30 = 0.0926
"""Mean likeness at which articles of 30 different terms (a title and a short summary) tell one story."""
LENGTH_POWER = 0.2
"""How that likeness grows with the number of different terms: long texts share more by chance."""
FLOOR = 0.28
"""Neighbours whose likeness is under this share of what is needed count as strangers."""
LEAST_WEIGHT = 0.05
"""So do neighbours who were alike and disagree."""

ALIKE_ENOUGH = 4.0
"""Likeness, in shares of what is needed, beyond which more of it outweighs no disagreement: two notices of one template
are as alike as two copies, and the names and numbers in them decide."""
GLANCE = 0.04
"""Pairs whose rarer terms are less alike than this are strangers without a closer look."""
COMMON_ARTICLES, COMMON_SHARE = 300, 0.03
"""A term is common when more articles hold it than the first, and more than the second of all."""

Row = NDArray[np.float64]
Places = NDArray[np.int64]


def bags_of(article: Article) -> tuple[Bag, Bag]:
    """Return how often the article's opening says each term, and each name, its title weighing more."""
    opening, title = unelided(article.text[:TEXT_CHARACTERS]), unelided(article.title)
    said = Counter(terms(opening) + terms(title) * TITLE_WEIGHT)
    named = Counter(names(opening) + names(title) * TITLE_WEIGHT)
    return said, Counter({name: count for name, count in named.items() if stem(name) not in calendar()})


@cache
def genre_words() -> frozenset[str]:
    """Return the stems of words that belong to a kind of event and not to one event."""
    lines = files("digest.rank").joinpath("genre_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(stem(word) for line in lines if not line.startswith("#") for word in line.split())


@cache
def commonness(term: str) -> float:
    """Return the share of articles that hold a stem, before a day is read; of a name, that of its rarest word."""
    if " " in term:
        return min(map(commonness, term.split(" ")))
    known = stem(term)
    return max(frequency(known), GENRE_SHARE if known in genre_words() else 0.0)


def rarities(bags: Sequence[Bag]) -> dict[str, float]:
    """Return how much each term of the bags says: the logarithm of how seldom the tables and the day hold it."""
    held = Counter(chain.from_iterable(bags))
    everything = len(bags) + PRIOR_ARTICLES + 1
    prior = PRIOR_ARTICLES
    return {
        term: max(0.0, math.log(everything / (count + prior * commonness(term) + 0.5))) for term, count in held.items()
    }


def tf_idf(bags: Sequence[Bag], rarity: Mapping[str, float]) -> sparse.csr_matrix:
    """Return one row of unit length per bag, with sublinear frequencies; an empty bag is a row of zeros."""
    columns = {term: column for column, term in enumerate(sorted(rarity))}
    ends = np.cumsum([0, *map(len, bags)])
    counted = np.fromiter(chain.from_iterable(counts.values() for counts in bags), np.float32, ends[-1])
    indices = np.fromiter(map(columns.__getitem__, chain.from_iterable(bags)), np.int32, ends[-1])
    weights = np.array([rarity[term] for term in columns], dtype=np.float32)
    data = (1 + np.log(counted)) * weights[indices]
    matrix = sparse.csr_matrix((data, indices, ends), shape=(len(bags), len(columns)), dtype=np.float32)
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.where(lengths > 0, lengths, 1.0), dtype=np.float32) @ matrix)


def _sizes(bags: Sequence[Bag]) -> Row:
    return np.array([max(3, len(counts)) for counts in bags], dtype=np.float64)


def _name_share(sizes: Row) -> Row:
    """Return how much the names of an article count; a pair takes the geometric mean of both."""
    grown = np.log(sizes / SHORT) / math.log(LONG / SHORT)
    return LEAST_NAMES + (MOST_NAMES - LEAST_NAMES) * np.clip(grown, 0.0, 1.0)


def _rarer(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return the matrix without the terms that so many articles share that they point to no story."""
    held = np.bincount(matrix.indices, minlength=matrix.shape[1])
    return sparse.csr_matrix(matrix[:, held <= max(COMMON_ARTICLES, COMMON_SHARE * matrix.shape[0])])


def _candidates(matrix: sparse.csr_matrix) -> Iterator[tuple[Places, Places]]:
    """Yield row numbers of pairs worth a closer look, once each, lower first: a block of rows at a time."""
    turned = sparse.csr_matrix(matrix.T)
    for start in range(0, matrix.shape[0], ROWS):
        product = matrix[start : start + ROWS] @ turned
        kept = np.flatnonzero(product.data >= GLANCE)
        one = np.searchsorted(product.indptr, kept, side="right") - 1 + start
        other = product.indices[kept]
        once = one < other
        yield one[once], other[once]


def _cosines(matrix: sparse.csr_matrix, one: Places, other: Places) -> Row:
    """Return the cosine of each pair of rows, which have unit length."""
    return np.asarray(matrix[one].multiply(matrix[other]).sum(axis=1)).ravel()


def neighbours(articles: Sequence[Article], times: Sequence[float]) -> Iterator[Edge]:
    """Yield the pairs of articles that are alike and do not disagree, once each, lower index first.

    The weight is the likeness divided by what texts of that length need to tell one story: at 1 they do.
    ``times`` are hours.
    """
    said, named = zip(*map(bags_of, articles), strict=True) if articles else ((), ())
    rarity = rarities(said)
    told = {}
    rarest = max(rarity.values(), default=1.0) or 1.0
    for one, other, weight in _alike(said, named, rarity, times):
        for index in (one, other):
            if index not in told:
                told[index] = facts(articles[index], said[index], named[index])
        agreeing = agreement(told[one], told[other], rarity.__getitem__, rarest)
        agreed = agreeing * (weight if agreeing >= 1 else min(weight, ALIKE_ENOUGH))
        if agreed >= LEAST_WEIGHT:
            yield one, other, agreed


def _alike(
    said: Sequence[Bag], named: Sequence[Bag], rarity: Mapping[str, float], times: Sequence[float]
) -> Iterator[Edge]:
    """Yield the pairs whose words are alike, with their likeness divided by what it needs to be."""
    by_term, by_name = tf_idf(said, rarity), tf_idf(named, rarities(named))
    sizes, hours = _sizes(said), np.array(times)
    needed, share = np.sqrt(LIKENESS_AT_30 * (sizes / 30) ** LENGTH_POWER), np.sqrt(_name_share(sizes))
    for one, other in _candidates(_rarer(by_term)):
        apart = np.abs(hours[one] - hours[other])
        by_names = share[one] * share[other]
        likeness = (1 - by_names) * _cosines(by_term, one, other) + by_names * _cosines(by_name, one, other)
        weight = likeness * np.exp(-DECAY_PER_DAY * apart / 24) / (needed[one] * needed[other])
        near = (apart <= WINDOW_HOURS) & (weight >= FLOOR)
        yield from zip(one[near].tolist(), other[near].tolist(), weight[near].tolist(), strict=True)
