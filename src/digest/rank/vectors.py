"""Articles as sparse vectors, and their neighbours.

Only this module of the package imports the heavy libraries.
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
from digest.rank.agreement import Rarities, agreement, calendar, facts, unelided
from digest.rank.average_link import Edge
from digest.text.similarity import frequency, names, stem, terms

TITLE_WEIGHT = 3
"""A word of the title counts as this many words of the text (measured: 3 was best of 1 to 5)."""
TEXT_CHARACTERS = 2_000
"""News states the main facts first; more text adds background that other stories share."""
ROWS = 512
"""Rows of the similarity matrix that are in memory at once."""
Bag = Counter[str]
LEAST_NAMES, MOST_NAMES, SHORT, LONG = 0.15, 0.5, 30, 100
"""Share of names in a similarity. It is LEAST_NAMES up to SHORT different terms (a headline may capitalise every
word). From there it grows with the length (on a logarithmic scale) to MOST_NAMES at LONG. The rest is the share
of terms."""
PRIOR_ARTICLES = 3_000
"""The table of common stems weighs as much as this many articles: one small day does not show what is common."""
GENRE_SHARE = 1 / 32
"""Assumed share of articles with a word of a kind of event: two fires among forty articles are not one story."""
DECAY_PER_DAY = 0.3
"""Exponential decay of the similarity per day between two articles."""
WINDOW_HOURS = 72.0
"""Articles further apart than this are never neighbours."""
LIKENESS_AT_30 = 0.0926
"""Mean similarity above which articles of 30 different terms (a title and a short summary) are about one story."""
LENGTH_POWER = 0.2
"""How the needed similarity grows with the number of different terms: long texts share more by chance."""
FLOOR = 0.28
"""A pair with less than this share of the needed similarity is dropped."""
LEAST_WEIGHT = 0.05
"""A pair with less than this weight after the agreement factor is dropped too."""

ALIKE_ENOUGH = 4.0
"""Most similarity that counts when a pair disagrees, as a multiple of what is needed. Two notices from one template
are as similar as two copies, so their names and numbers must decide."""
GLANCE = 0.04
"""A pair with less similarity than this in its rarer terms is dropped at once."""
COMMON_ARTICLES, COMMON_SHARE = 300, 0.03
"""A term is common when more articles contain it than the first number and than the second share of all articles."""

MOST_COSINE = 1.001
"""No cosine is larger. Names are compared only where they can make a pair similar."""

Row = NDArray[np.float64]
Places = NDArray[np.int64]


def bags_of(article: Article) -> tuple[Bag, Bag]:
    """Return the counts of terms and of names in the article's opening; the title counts several times."""
    opening, title = unelided(article.text[:TEXT_CHARACTERS]), unelided(article.title)
    said = Counter(terms(opening) + terms(title) * TITLE_WEIGHT)
    named = Counter(names(opening) + names(title) * TITLE_WEIGHT)
    return said, Counter({name: count for name, count in named.items() if stem(name) not in calendar()})


@cache
def genre_words() -> frozenset[str]:
    """Return the stems of words that describe a kind of event, not one event."""
    lines = files("digest.rank").joinpath("genre_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(stem(word) for line in lines if not line.startswith("#") for word in line.split())


@cache
def commonness(term: str) -> float:
    """Return the expected share of articles with a stem, before a day is read; for a name, that of its rarest word."""
    if " " in term:
        return min(map(commonness, term.split(" ")))
    known = stem(term)
    return max(frequency(known), GENRE_SHARE if known in genre_words() else 0.0)


def rarities(bags: Sequence[Bag]) -> dict[str, float]:
    """Return the weight of each term: the logarithm of its rarity in the tables and in the day's articles."""
    held = Counter(chain.from_iterable(bags))
    everything = len(bags) + PRIOR_ARTICLES + 1
    prior = PRIOR_ARTICLES
    return {
        term: max(0.0, math.log(everything / (count + prior * commonness(term) + 0.5))) for term, count in held.items()
    }


def tf_idf(bags: Sequence[Bag], rarity: Mapping[str, float]) -> sparse.csr_matrix:
    """Return one row of unit length per bag, with sublinear frequencies; an empty bag gives a row of zeros."""
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
    """Return the weight of names by article size; a pair takes the geometric mean of both."""
    grown = np.log(sizes / SHORT) / math.log(LONG / SHORT)
    return LEAST_NAMES + (MOST_NAMES - LEAST_NAMES) * np.clip(grown, 0.0, 1.0)


def _candidates(matrix: sparse.csr_matrix) -> Iterator[tuple[Places, Places, Row]]:
    """Yield row numbers of pairs that share rarer terms, each once, lower first, and their cosines; in blocks of rows.

    Rows have unit length. Common terms occur in too many articles to point to a story. They are few, so their part of
    the cosines is a product of dense matrices.
    """
    held = np.bincount(matrix.indices, minlength=matrix.shape[1])
    is_common = held > max(COMMON_ARTICLES, COMMON_SHARE * matrix.shape[0])
    rarer, common = sparse.csr_matrix(matrix[:, ~is_common]), matrix[:, is_common].toarray()
    turned = sparse.csr_matrix(rarer.T)
    for start in range(0, matrix.shape[0], ROWS):
        product = rarer[start : start + ROWS] @ turned
        kept = np.flatnonzero(product.data >= GLANCE)
        row = np.searchsorted(product.indptr, kept, side="right") - 1
        once = row + start < product.indices[kept]
        kept, row = kept[once], row[once]
        other = product.indices[kept]
        yield row + start, other, product.data[kept] + (common[start : start + ROWS] @ common.T)[row, other]


def _cosines(matrix: sparse.csr_matrix, one: Places, other: Places) -> Row:
    """Return the cosine of each pair of rows; rows have unit length."""
    return np.asarray(matrix[one].multiply(matrix[other]).sum(axis=1)).ravel()


def neighbours(articles: Sequence[Article], times: Sequence[float]) -> Iterator[Edge]:
    """Yield the pairs of articles that are similar and do not disagree, each once, lower index first.

    The weight is the similarity divided by what texts of that length need to be about one story: from 1 on they are.
    ``times`` are in hours.
    """
    said, named = zip(*map(bags_of, articles), strict=True) if articles else ((), ())
    rarity = rarities(said)
    told = {}
    known = Rarities(rarity.__getitem__, max(rarity.values(), default=1.0) or 1.0)
    for one, other, weight in _alike(said, named, rarity, times):
        for index in (one, other):
            if index not in told:
                told[index] = facts(articles[index], said[index], named[index])
        least = LEAST_WEIGHT / min(weight, ALIKE_ENOUGH)
        agreeing = agreement(told[one], told[other], known, least)
        agreed = agreeing * (weight if agreeing >= 1 else min(weight, ALIKE_ENOUGH))
        if agreed >= LEAST_WEIGHT:
            yield one, other, agreed


def _alike(
    said: Sequence[Bag], named: Sequence[Bag], rarity: Mapping[str, float], times: Sequence[float]
) -> Iterator[Edge]:
    """Yield the pairs with similar words, and their similarity divided by the needed similarity."""
    by_term, by_name = tf_idf(said, rarity), tf_idf(named, rarities(named))
    sizes, hours = _sizes(said), np.array(times)
    needed, share = np.sqrt(LIKENESS_AT_30 * (sizes / 30) ** LENGTH_POWER), np.sqrt(_name_share(sizes))
    for one, other, cosines in _candidates(by_term):
        apart = np.abs(hours[one] - hours[other])
        by_names = share[one] * share[other]
        faded, least = np.exp(-DECAY_PER_DAY * apart / 24), needed[one] * needed[other]
        likeness = (1 - by_names) * cosines
        near = (apart <= WINDOW_HOURS) & ((likeness + MOST_COSINE * by_names) * faded / least >= FLOOR)
        first, second = one[near], other[near]
        likeness = likeness[near] + by_names[near] * _cosines(by_name, first, second)
        weight = likeness * faded[near] / least[near]
        alike = weight >= FLOOR
        yield from zip(first[alike].tolist(), second[alike].tolist(), weight[alike].tolist(), strict=True)
