"""Fit what kind of text an article is and how much it matters, on the editor's labels of the dev half.

    python -m bench.fit_value            # cross-validated figures
    python -m bench.fit_value --write    # the same, then weights from all of the dev half

Kinds are fitted by multinomial logistic regression, importance by ridge regression, both over the traits of title and
text alone: what a page says of itself adds points that are set by hand. A fold's model never sees the fold that it is
scored on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from bench.folds import FOLDS, LABELS, article_of, fold_of, labelled
from scipy.optimize import minimize

from digest.model.kind import AFTER_NEWS, TextKind
from digest.rank.value import ValueModel
from digest.rank.value import read_model as read_value
from digest.text.kind import KindModel, kind_of, likelihoods
from digest.text.kind import read_model as read_kinds
from digest.text.traits import traits

SOURCE = Path(__file__).parent.parent / "src" / "digest"
KIND_RIDGE = 40.0
"""Swept 10-100: the share of kinds named rightly is flat from 10 to 60."""
RARITY = 0.5
"""Power of its rarity by which an article of a rare kind weighs more: at 0 a third less of what is no news is found
(26 of 29 rightly, instead of 33 of 40), at 1 important articles are lost."""
VALUE_RIDGE = 20.0
"""For traits of a mean square of 1 in all; swept 2-40, NDCG@8 flat from 10."""
SPREAD = 0.2
"""Added to the deviation of each trait: one that few articles have gets no weight of a common one's size."""
SUMMARY, AS_SUMMARY, AS_TITLE = 300, 0.2, 0.1
"""Characters of a summary, and how much an article counts once more as summary and as title: at 0 the value of a title
alone says little (AUC .77 instead of .85), at 0.5 whole texts are ranked worse."""
STRETCH = 1.7
"""Slope of importance on cross-validated predictions: a firm ridge draws all of them to the mean."""
NO_NEWS = 1.5
"""Points of importance that a text loses which is surely no news; swept 0-3 for the first fourteen of a day."""
KINDS = tuple(kind for kind in TextKind if kind is not TextKind.UNKNOWN)

Array = np.ndarray[Any, np.dtype[np.float64]]
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Sample:
    """Standardised traits of articles, whole and cut short, with how much each row counts."""

    matrix: Array
    names: list[str]
    means: Array
    deviations: Array
    counts: Array
    rows: Rows


def sample(rows: Rows) -> Sample:
    """Return articles as feeds bring them: whole, as title and summary, and as a title alone."""
    cuts = [(row, row["text"], 1.0) for row in rows]
    cuts += [(row, row["text"][:SUMMARY], AS_SUMMARY) for row in rows]
    cuts += [(row, "", AS_TITLE) for row in rows if row["title"]]
    found = [traits(row["title"], text, row["lang"]) for row, text, _ in cuts]
    names = sorted({name for each in found for name in each})
    matrix = np.array([[each.get(name, 0.0) for name in names] for each in found])
    counts = np.array([count for _, _, count in cuts])
    means = np.average(matrix, axis=0, weights=counts)
    deviations = np.sqrt(np.average((matrix - means) ** 2, axis=0, weights=counts)) + SPREAD
    standard = (matrix - means) / deviations
    return Sample(standard, names, means, deviations, counts, [row for row, _, _ in cuts])


def fit_kinds(rows: Rows) -> dict[str, Any]:
    """Return constants and points by kind, as ``kind.json`` holds them."""
    known = sample([row for row in rows if row["kind"] in {kind.value for kind in KINDS}])
    truth = np.array([[row["kind"] == kind.value for kind in KINDS] for row in known.rows], float)
    rare = known.counts * (truth @ (truth.sum(0).max() / np.maximum(1, truth.sum(0))) ** RARITY)
    size = len(known.names) * len(KINDS)

    def loss(flat: Array) -> tuple[float, Array]:
        weights, constants = flat[:size].reshape(-1, len(KINDS)), flat[size:]
        logits = known.matrix @ weights + constants
        logits -= logits.max(1, keepdims=True)
        chance = np.exp(logits)
        chance /= chance.sum(1, keepdims=True)
        value = -(rare * np.log((chance * truth).sum(1) + 1e-12)).sum() + KIND_RIDGE * (weights**2).sum() / 2
        wrong = (chance - truth) * rare[:, None]
        slope = np.concatenate([(known.matrix.T @ wrong + KIND_RIDGE * weights).ravel(), wrong.sum(0)])
        return float(value), slope

    flat = minimize(loss, np.zeros(size + len(KINDS)), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    weights = flat[:size].reshape(-1, len(KINDS)) / known.deviations[:, None]
    constants = flat[size:] - known.means @ weights
    return {
        "constants": {kind.value: round(float(c), 3) for kind, c in zip(KINDS, constants, strict=True)},
        "points": {
            name: {kind.value: round(float(w), 3) for kind, w in zip(KINDS, row, strict=True)}
            for name, row in zip(known.names, weights, strict=True)
        },
    }


def fit_value(rows: Rows) -> dict[str, Any]:
    """Return the constant and the points by trait, as ``value.json`` holds them."""
    known = sample(rows)
    importance = np.array([float(row["importance"]) for row in known.rows])
    mean = float(np.average(importance, weights=known.counts))
    ridge = VALUE_RIDGE * float(np.average((known.matrix**2).sum(1), weights=known.counts))
    weighted = known.matrix * known.counts[:, None]
    held = weighted.T @ known.matrix + ridge * np.eye(len(known.names))
    weights = STRETCH * np.linalg.solve(held, weighted.T @ (importance - mean)) / known.deviations
    return {
        "constant": round(float(mean - known.means @ weights), 3),
        "no news": NO_NEWS,
        "points": {name: round(float(weight), 3) for name, weight in zip(known.names, weights, strict=True)},
    }


@cache
def models_without(fold: int | None) -> tuple[ValueModel, KindModel]:
    """Return the models fitted without a fold, or on all articles when it is None."""
    rows = [row for row in labelled() if fold_of(row["title"], row["text"]) != fold]
    return read_value(fit_value(rows)), read_kinds(fit_kinds(rows))


def figures() -> dict[str, float]:
    """Return cross-validated figures of the kinds, as far as title and text and address tell them."""
    tally: Counter[str] = Counter()
    for row in labelled():
        article, (_, kinds) = article_of(row), models_without(fold_of(row["title"], row["text"]))
        named, truth = kind_of(article, kinds), row["kind"]
        no_news = sum(likelihoods(article, kinds)[kind] for kind in AFTER_NEWS)
        after = truth in {kind.value for kind in AFTER_NEWS}
        tally.update(articles=1, named=named is not TextKind.UNKNOWN, right=named.value == truth)
        tally.update(after=after, called_after=named in AFTER_NEWS, rightly_after=after and named in AFTER_NEWS)
        tally["lost"] += named in AFTER_NEWS and row["importance"] >= 2  # noqa: PLR2004 - what matters to an editor
        tally["likely"] += no_news >= 0.5  # noqa: PLR2004
    return {
        "articles": tally["articles"],
        "named %": 100 * tally["named"] / tally["articles"],
        "right of named %": 100 * tally["right"] / tally["named"],
        "no news found %": 100 * tally["rightly_after"] / tally["after"],
        "no news, right %": 100 * tally["rightly_after"] / max(1, tally["called_after"]),
        "important called no news": tally["lost"],
    }


def main() -> None:
    """Cross-validate; with ``--write``, fit on everything and store the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="store the weights fitted on all of the dev half")
    args = parser.parse_args()
    found = {name: round(value, 1) for name, value in figures().items()}
    for name, value in found.items():
        print(f"{name:28} {value}")
    if args.write:
        digest = hashlib.sha256(LABELS.read_bytes()).hexdigest()
        fitted = {"fitted on": {"set": "eye_dev", "articles": len(labelled()), "sha256": digest}, "folds": FOLDS}
        write(SOURCE / "text" / "kind.json", fitted | {"cross-validation": found} | fit_kinds(labelled()))
        write(SOURCE / "rank" / "value.json", fitted | fit_value(labelled()))


def write(path: Path, stored: Mapping[str, Any]) -> None:
    """Store weights, a line for each trait."""
    lines = [
        f" {json.dumps(name)}: {_table(value) if name == 'points' else json.dumps(value)}"
        for name, value in stored.items()
    ]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"wrote {path} ({path.stat().st_size} bytes)")


def _table(rows: Mapping[str, Any]) -> str:
    return "{\n" + ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items()) + "\n }"


if __name__ == "__main__":
    main()
