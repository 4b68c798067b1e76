"""A weighted sum of features: each feature counts by itself, independent of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """A linear model of a sentence's features, in the order of the rows that it scores."""

    constant: float
    """The value of a sentence whose features are all at their mean."""
    means: Floats
    weights: Floats

    def values(self, rows: Floats) -> Floats:
        """Return the value of each row; shape (rows, features) -> (rows,)."""
        found: Floats = self.constant + (rows - self.means) @ self.weights
        return found

    def parts(self, row: Sequence[float]) -> tuple[float, list[float]]:
        """Return the value of an average sentence, and what each feature of this one adds to it."""
        added = (np.asarray(row, dtype=float) - self.means) * self.weights
        return self.constant, [float(value) for value in added]


def weighted(stored: Mapping[str, Any], known: Sequence[str]) -> Linear:
    """Return the stored model: "constant", and for each feature's name its mean and its weight.

    ``known`` are the features of the rows to be scored. Raises ValueError for a stored feature that is not known.
    """
    features = stored["features"]
    if missing := set(features) - set(known):
        raise ValueError(f"the model asks for features that do not exist: {', '.join(sorted(missing))}")
    pairs = np.array([features.get(name, (0.0, 0.0)) for name in known], dtype=float)
    return Linear(constant=stored["constant"], means=pairs[:, 0], weights=pairs[:, 1])
