"""Wire copies: publishers that print one agency's text share one vote."""

from __future__ import annotations

from collections.abc import Iterable

from digest.text.similarity import shingles

CHARACTERS = 2_000
"""How much of a text is compared: who prints an agency's text prints its beginning."""
LEAST_SHINGLES = 20
"""A shorter text says nothing about copying: two sentences are alike by chance, and it votes whole."""


def voices(told: Iterable[tuple[str, float]]) -> float:
    """Return how many independent tellings there are among texts, each given with the weight of its vote.

    A vote is spread evenly over its text's shingles, and a shingle that several print counts once, for the
    strongest: an exact copy adds nothing, one that adds a third of its own adds a third of a vote. One more text
    never lowers the sum.
    """
    votes = tuple(told)
    if len(votes) == 1:
        return votes[0][1]
    spread: dict[int, float] = {}
    whole = 0.0
    for text, weight in votes:
        printed = shingles(text[:CHARACTERS])
        if len(printed) < LEAST_SHINGLES:
            whole += weight
            continue
        share = weight / len(printed)
        for shingle in printed:
            spread[shingle] = max(spread.get(shingle, 0.0), share)
    return whole + sum(spread.values())
