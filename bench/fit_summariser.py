"""Fit the summariser's model to an editor's labels of sentences.

    PYTHONPATH=src:. python -m bench.fit_summariser           # fits, and says what the model is made of
    PYTHONPATH=src:. python -m bench.fit_summariser --write   # the same, and stores it

It needs LightGBM (``pip install -e '.[fit]'``) and the labelled data beside the checkout. Labels are graded: the best
sentence of an article 1.15, shown 1, accepted .85, weak .1, one at which a reader stumbles 0. A linear model and trees
regress the grade of every sentence that may be told at all; a score is their weighted mean. ``bench.crossvalidated``
scores models that never saw the fold they judge.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from bench.folds import FOLDS, LABELS, fold_of, labelled

from digest.summarise.features import NAMES, features
from digest.summarise.packing import packed, unpacked
from digest.summarise.reading import read
from digest.summarise.scorer import Model, loaded

WEIGHTS = Path(__file__).parent.parent / "src" / "digest" / "summarise" / "weights.json"
GRADES = {"best": 1.15, "pick": 1.0, "ok": 0.85, "weak": 0.1, "bad": 0.0}
FALLS = frozenset(
    (
        "pronoun",
        "connective",
        "points back",
        "first person",
        "second person",
        "subject pronoun",
        "exclamation",
        "label",
        "pronoun without its person",
        "opinions",
        "questions of the article",
        "demonstratives",
        "additives",
        "opens a quotation",
        "surname alone",
        "opens with a definite noun mentioned before",
        "years before the latest",
        "history",
        "general words",
        "year",
        "label in capitals",
        "second person of the article, first person",
        "share of signs",
        "opens with a clause",
        "like the one before",
    )
)
"""Features of which more never makes a sentence fitter, whatever a handful of examples says: the trees may not learn
it. With those of RISES this brings half a point of what an editor leaves (three ways to make folds)."""
RISES = frozenset(
    (
        "events",
        "names in full, new",
        "day",
        "title told, among its own",
        "modals",
        "letters of the title",
        "number",
        "central, among its own",
        "words not said before",
        "opens a paragraph",
        "recurring words",
        "opens with a name",
        "weight of words, among its own",
        "amount",
        "like the head, among its own",
    )
)
BAGS, TREES, LEAVES = 4, 200, 12
SETTINGS = {
    "objective": "regression",
    "learning_rate": 0.06,
    "num_leaves": LEAVES,
    "monotone_constraints": [-1 if name in FALLS else 1 if name in RISES else 0 for name in NAMES],
    "min_data_in_leaf": 20,
    "lambda_l2": 5.0,
    "feature_fraction_bynode": 0.2,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "deterministic": True,
    "num_threads": 1,
    "verbose": -1,
}
"""Four models, each of its own draw of sentences, are averaged. Swept: 4 to 16 leaves, rates of .02 to .06, 150 to 600
trees: differences are less than noise."""
RIDGE = 150.0
"""Of the linear half, on standardised features (swept 50-400: flat)."""
LINEAR = 0.5
"""Share of the linear half: by itself it is a point worse than the trees, and both together better than either (swept
.2-.5: bad 18.6 % with trees alone, 18.4, 18.3, 18.0)."""
REDUNDANCY = 0.05
"""Swept 0-.4: flat up to .1."""
PRICE = 0.006
"""Of each word beyond 24 (swept .003-.02 beyond 10-34). The frontier, three bullets, words and share that the editor
keeps: 27.5 and 75.4 (.01 beyond 34), 27.2 and 75.2, 26.6 and 75.5 but two bullets 78.3 instead of 79.5 (.007 beyond
18), 25.4 and 74.1 (.01 beyond 18), 24.4 and 72.6 (.015 beyond 20)."""

Example = tuple[tuple[float, ...], float]
FoldOf = Callable[[str, str], int]


def examples(row: Mapping[str, Any]) -> Iterator[Example]:
    """Yield the features and the grade of each sentence of a labelled article that may be told at all."""
    text = row["text"][: row["spans"][-1][1]]
    reading = read(text, row["title"], row["lang"])
    for sentence, found in zip(reading.sentences, features(reading), strict=True):
        if not sentence.objection:
            yield found, GRADES[_label(row, sentence.start, sentence.end)]


def _label(row: Mapping[str, Any], start: int, end: int) -> str:
    """Return the label of the labelled sentence that a span shares most characters with."""
    shared = [min(end, b) - max(start, a) for a, b in row["spans"]]
    number = max(range(len(shared)), key=shared.__getitem__) + 1
    if number in row["pick"]:
        return "best" if number == row["pick"][0] else "pick"
    if number in row["ok"]:
        return "ok"
    return "bad" if str(number) in row["bad"] else "weak"


@cache
def _examples() -> tuple[list[Example], ...]:
    return tuple(list(examples(row)) for row in labelled())


def fit(folds: Sequence[int], fold: FoldOf = fold_of) -> dict[str, Any]:
    """Return the model of the articles of some folds as it is stored; ``fold`` says in which an article is."""
    articles = zip(labelled(), _examples(), strict=True)
    rows = [each for row, found in articles if fold(row["title"], row["text"]) in folds for each in found]
    matrix, grades = np.array([row for row, _ in rows]), np.array([grade for _, grade in rows])
    boosters = [
        lightgbm.train({**SETTINGS, "seed": seed}, lightgbm.Dataset(matrix, grades), TREES) for seed in range(BAGS)
    ]
    trees = [_nodes(tree["tree_structure"]) for each in boosters for tree in each.dump_model()["tree_info"]]
    used = sorted({node[0] for tree in trees for node in tree if len(node) > 1})
    numbers = {feature: number for number, feature in enumerate(used)}
    return {
        "fitted on": {
            "set": "eye_dev",
            "sentences": len(rows),
            "sha256": hashlib.sha256(LABELS.read_bytes()).hexdigest(),
        },
        "redundancy": REDUNDANCY,
        "linear": linear(matrix, grades),
        "price of a word": PRICE,
        "features": [NAMES[feature] for feature in used],
        "trees": packed([[_renumbered(node, numbers) for node in tree] for tree in trees]),
    }


def linear(matrix: np.ndarray[Any, Any], grades: np.ndarray[Any, Any]) -> dict[str, Any]:
    """Return the linear half: ridge regression on standardised features, its weights as those of plain ones."""
    means, deviations = matrix.mean(0), matrix.std(0) + 1e-6
    rows = (matrix - means) / deviations
    usual = float(grades.mean())
    weights = np.linalg.solve(rows.T @ rows + RIDGE * np.eye(rows.shape[1]), rows.T @ (grades - usual))
    found = zip(NAMES, means, LINEAR * weights / deviations, strict=True)
    return {
        "constant": round(LINEAR * usual, 6),
        "features": {name: [_rounded(mean), _rounded(weight)] for name, mean, weight in found},
    }


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")


def _nodes(root: Mapping[str, Any]) -> list[list[Any]]:
    """Return the nodes of a tree from its root: [feature, threshold, left, right, value], a leaf [value]."""
    nodes: list[list[Any]] = []

    def add(node: Mapping[str, Any]) -> int:
        number = len(nodes)
        nodes.append([])
        if "leaf_value" in node:
            nodes[number] = [_share(node["leaf_value"])]
        else:
            left, right = add(node["left_child"]), add(node["right_child"])
            nodes[number] = [
                node["split_feature"],
                node["threshold"],
                left,
                right,
                _share(node["internal_value"]),
            ]
        return number

    add(root)
    return nodes


def _share(value: float) -> float:
    """Return what a node of one of the averaged models of trees brings to the whole."""
    return (1 - LINEAR) * value / BAGS


def _renumbered(node: list[Any], numbers: Mapping[int, int]) -> list[Any]:
    return node if len(node) == 1 else [numbers[node[0]], *node[1:]]


@cache
def model_without(left_out: int, fold: FoldOf = fold_of) -> Model:
    """Return the model of all folds but one."""
    return loaded(fit([other for other in range(FOLDS) if other != left_out], fold))


def main() -> None:
    """Fit on everything; with ``--write``, store the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="store the model")
    args = parser.parse_args()
    stored = fit(range(FOLDS))
    counted = stored["fitted on"]["sentences"], len(stored["features"]), len(unpacked(stored["trees"]))
    print("{} sentences, {} features, {} trees".format(*counted))
    if args.write:
        WEIGHTS.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
        print(f"wrote {WEIGHTS} ({WEIGHTS.stat().st_size} bytes)")


if __name__ == "__main__":
    main()
