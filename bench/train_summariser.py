"""Fit the summariser's weights on the dev half, and say honestly how good they are.

    python bench/train_summariser.py --cv 5          # cross-validated figures, with and without trimming
    python bench/train_summariser.py --cv 5 --write  # the same, then weights from all of the dev half

A model is a linear score a sentence and a price on likeness; one of its features comes from a logistic regression of
its own, that of the words which the journalists' bullets have too. It is fitted to the measure itself (minimum risk
training): for every article all sets of three among its better sentences are scored by ROUGE-1 + ROUGE-2 against the
journalists' bullets, and the weights maximise the expected score of a set drawn by softmax. It
starts from a logistic regression on the greedy oracle and is held near it. A fold's model never sees the fold that it
is scored on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from adapters import summarisable, told_in_order
from digest.summarise.features import NAMES, features
from digest.summarise.reading import Reading, likeness, read
from digest.summarise.scorer import Model
from digest.summarise.topics import TRAITS, Keywords, traits
from digest.text.words import content_words

ROOT = Path(__file__).parent.parent
EVAL = ROOT.parent / "shared" / "eval"
WEIGHTS = ROOT / "src" / "digest" / "summarise" / "weights.json"
BULLETS = 3
POOL = 9
"""Sentences of an article, the best by logistic regression, among which sets are formed; the first three join them."""
ORACLE_RIDGE = 20.0
RIDGE = 3.0
"""How firmly the weights are held to the regression's; swept 0.5-8, flat between 1 and 8."""
WORDS_RIDGE = 5.0
FIRST_REDUNDANCY = 1.0
BIGRAMS = 1.0
"""Weight of ROUGE-2 beside ROUGE-1."""

FIRMNESS = 2.5
"""By what the fitted price on likeness is multiplied; swept 1-3.5 for a redundancy of at most .18."""
PRICE = 0.1
"""Price of a word; swept 0-.1 for at most 22 words a bullet, dR1 flat within .1."""
DESCENT = 0.5
"""Price of a later place where there is no title; swept 0-1.2 on articles without their titles, flat up to .5."""

Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass
class Sample:
    """One article of the dev half, taken apart, with what its sentences are worth."""

    row: dict[str, Any]
    reading: Reading
    traits: dict[str, tuple[float, ...]]
    told: frozenset[str]
    """Stems of the reference bullets."""
    eligible: list[int]
    unigrams: list[Counter[Any]]
    bigrams: list[Counter[Any]]
    reference: tuple[Counter[Any], Counter[Any]]
    cased: bool

    def reward(self, chosen: Sequence[int]) -> float:
        """Return ROUGE-1 + ROUGE-2 (F1, percent) of some of its sentences."""
        one = sum((self.unigrams[i] for i in chosen), Counter[Any]())
        two = sum((self.bigrams[i] for i in chosen), Counter[Any]())
        return 100 * (_f1(one, self.reference[0]) + BIGRAMS * _f1(two, self.reference[1]))

    def oracle(self) -> list[int]:
        """Return the sentences that greedily make the best summary."""
        chosen: list[int] = []
        while len(chosen) < BULLETS:
            rest = [i for i in self.eligible if i not in chosen]
            best = max(rest, key=lambda i: self.reward([*chosen, i]), default=None)
            if best is None or (chosen and self.reward([*chosen, best]) <= self.reward(chosen)):
                break
            chosen.append(best)
        return chosen

    def stands(self, chosen: Sequence[int]) -> bool:
        """Say whether each sentence that leans on another follows it."""
        return all(not self.reading.sentences[i].leans or i - 1 in chosen for i in chosen)


def _f1(left: Counter[Any], right: Counter[Any]) -> float:
    return 2 * (left & right).total() / max(1, left.total() + right.total())


def load(name: str, tokenize: Callable[[str], list[str]]) -> list[Sample]:
    """Read a set of the dev half."""
    return [sample(row, tokenize) for row in rows(name)]


def rows(name: str) -> list[dict[str, Any]]:
    """Return a set's articles that have reference bullets."""
    return [row for row in _common.json_lines(EVAL / "data" / f"{name}_dev.jsonl.gz") if row["highlights"]]


def sample(row: dict[str, Any], tokenize: Callable[[str], list[str]]) -> Sample:
    """Take an article apart."""
    reading = read(row["text"], row.get("title", ""), row["lang"])
    told = [tokenize(sentence.text) for sentence in reading.sentences]
    reference = [word for bullet in row["highlights"] for word in tokenize(bullet)]
    return Sample(
        row=row,
        reading=reading,
        traits=traits(reading),
        told=frozenset(stem for bullet in row["highlights"] for stem in content_words(bullet, row["lang"])),
        eligible=[i for i, sentence in enumerate(reading.sentences) if not sentence.objection],
        unigrams=[Counter(words) for words in told],
        bigrams=[Counter(pairwise(words)) for words in told],
        reference=(Counter(reference), Counter(pairwise(reference))),
        cased=row.get("case") == "cased",
    )


def fit(samples: Sequence[Sample]) -> Model:
    """Fit a model to some articles."""
    usable = [each for each in samples if each.eligible]
    keywords = fit_keywords(usable)
    rows = [np.array(features(each.reading, keywords)) for each in usable]
    matrix = np.vstack([described[each.eligible] for each, described in zip(usable, rows, strict=True)])
    means, deviations = matrix.mean(0), matrix.std(0) + 1e-9
    labels = np.concatenate([np.isin(each.eligible, each.oracle()) for each in usable]).astype(float)
    start = np.append(_logistic((matrix - means) / deviations, labels, ORACLE_RIDGE)[:-1], FIRST_REDUNDANCY)
    sets = [_sets(each, (row - means) / deviations, start) for each, row in zip(usable, rows, strict=True)]

    def loss(weights: Array) -> tuple[float, Array]:
        expected, gradient = 0.0, np.zeros_like(weights)
        for described, rewards in sets:
            logits = described @ weights
            chance = np.exp(logits - logits.max())
            chance /= chance.sum()
            mean = float(chance @ rewards)
            expected += mean
            gradient += described.T @ (chance * (rewards - mean))
        away = weights - start
        return -expected / len(sets) + RIDGE * float(away @ away) / 2, -gradient / len(sets) + RIDGE * away

    weights = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return Model(
        means=tuple(map(float, means)),
        deviations=tuple(map(float, deviations)),
        weights=tuple(map(float, weights[:-1])),
        keywords=keywords,
        price=PRICE,
        descent=DESCENT,
        redundancy=max(0.0, FIRMNESS * float(weights[-1])),
    )


def fit_keywords(samples: Sequence[Sample]) -> Keywords:
    """Fit how likely a word of an article is in the bullets of its journalist."""
    matrix = np.array([row for each in samples for row in each.traits.values()])
    labels = np.array([float(stem in each.told) for each in samples for stem in each.traits])
    means, deviations = matrix.mean(0), matrix.std(0) + 1e-9
    *weights, constant = _logistic((matrix - means) / deviations, labels, WORDS_RIDGE)
    slopes = np.array(weights) / deviations
    return Keywords(constant=float(constant - slopes @ means), weights=tuple(map(float, slopes)))


def _logistic(matrix: Array, labels: Array, ridge: float) -> Array:
    """Return the weights and, last, the constant of a logistic regression."""
    with_constant = np.column_stack([matrix, np.ones(len(matrix))])

    def loss(weights: Array) -> tuple[float, Array]:
        logits = with_constant @ weights
        held = np.append(weights[:-1], 0.0)
        value = np.logaddexp(0, logits) - labels * logits
        slope = with_constant.T @ (1 / (1 + np.exp(-logits)) - labels)
        return value.sum() + ridge * float(held @ held) / 2, slope + ridge * held

    found = minimize(loss, np.zeros(with_constant.shape[1]), jac=True, method="L-BFGS-B").x
    return np.asarray(found)


def _sets(each: Sample, standard: Array, start: Array) -> tuple[Array, Array]:
    """Return what describes each possible set (sums of features, likeness within), and its reward."""
    values = standard @ start[:-1]
    best = sorted(each.eligible, key=lambda i: -values[i])[:POOL]
    pool = sorted({*best, *each.eligible[:BULLETS]})
    possible = list(combinations(pool, min(BULLETS, len(pool))))
    sets = [chosen for chosen in possible if each.stands(chosen)] or possible
    described = [np.append(standard[list(chosen)].sum(0), -_likeness_within(each, chosen)) for chosen in sets]
    return np.array(described), np.array([each.reward(chosen) for chosen in sets])


def _likeness_within(each: Sample, chosen: Sequence[int]) -> float:
    """Return the likeness that greedy choice pays for: the set's closest pairs, one fewer than its sentences."""
    told = each.reading.sentences
    pairs = sorted(likeness(told[i], told[j]) for i, j in combinations(chosen, 2))
    return float(sum(pairs[-(len(chosen) - 1) :])) if len(chosen) > 1 else 0.0


def told(row: dict[str, Any], model: Model, count: int) -> tuple[list[str], list[str]]:
    """Return an article's bullets as the corridor would tell them, and the whole sentences they were cut from."""
    article = summarisable(row["text"], row.get("title", ""), row["lang"])
    bullets = told_in_order(article, count, model=model)
    spans = [(s.start, s.end) for s in read(article.text, article.title, article.language).sentences]
    whole = [next(article.text[a:b] for a, b in spans if a <= bullet.start < b) for bullet in bullets]
    return [bullet.text for bullet in bullets], whole


def cross_validate(samples: Sequence[Sample], folds: int, seed: int) -> list[Model]:
    """Return for each article the model of the folds that it is not in."""
    fold = np.empty(len(samples), int)
    fold[np.random.RandomState(seed).permutation(len(samples))] = np.arange(len(samples)) % folds
    models = [fit([each for each, f in zip(samples, fold, strict=True) if f != k]) for k in range(folds)]
    return [models[f] for f in fold]


def figures(name: str, data: Sequence[dict[str, Any]], outputs: Sequence[list[str]], count: int) -> dict[str, float]:
    """Print and return the differences to Lead, by the scorer's own rouge and bootstrap."""
    score = summaries.rouge(data, outputs)
    base = summaries.rouge(data, [lead.lead(row["text"], "", count) for row in data])
    difference = score - base
    low, _ = summaries.bootstrap(difference)
    read_ = summaries.reading(data, outputs)
    found = {"articles": len(data)}
    for i, measure in enumerate(("R1", "R2", "RLsum")):
        found |= {measure: score[:, i].mean(), f"d{measure}": difference[:, i].mean(), f"d{measure} low": low[i]}
    found |= {key: read_[key] for key in ("dangling %", "redundancy", "words a bullet")}
    print(f"{name:22}", "  ".join(f"{key} {value:.2f}" for key, value in found.items()), flush=True)
    return {key: round(float(value), 3) for key, value in found.items()}


def main() -> None:
    """Cross-validate; with ``--write``, fit on everything and store the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cv", type=int, default=5, help="folds")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="store the weights fitted on all of the dev half")
    args = parser.parse_args()
    started = time.process_time()
    samples = load("summ", summaries.Words("en").tokenize)
    models = cross_validate(samples, args.cv, args.seed)
    data = [each.row for each in samples]
    both = [told(row, model, BULLETS) for row, model in zip(data, models, strict=True)]
    report = {"trimmed": figures("trimmed", data, [bullets for bullets, _ in both], BULLETS)}
    report["whole sentences"] = figures("whole sentences", data, [whole for _, whole in both], BULLETS)
    cased = [i for i, each in enumerate(samples) if each.cased]
    report["cased"] = figures("cased", [data[i] for i in cased], [both[i][0] for i in cased], BULLETS)
    if args.write:
        write(fit(samples), report, args)
    print(f"{time.process_time() - started:.0f} s of CPU")


def write(model: Model, report: dict[str, dict[str, float]], args: argparse.Namespace) -> None:
    """Store the weights with what they were fitted on and how they scored."""
    digest = hashlib.sha256((EVAL / "data" / "summ_dev.jsonl.gz").read_bytes()).hexdigest()
    stored = {
        "fitted on": {"set": "summ_dev", "articles": report["trimmed"]["articles"], "sha256": digest},
        "cross-validation": {"folds": args.cv, "seed": args.seed, **report},
        "redundancy": round(model.redundancy, 4),
        "price of a word": model.price,
        "descent without a title": model.descent,
        "likely words": {
            "constant": round(model.keywords.constant, 4),
            **{name: round(weight, 4) for name, weight in zip(TRAITS, model.keywords.weights, strict=True)},
        },
        "features": {
            name: [round(value, 4) for value in row]
            for name, *row in zip(NAMES, model.means, model.deviations, model.weights, strict=True)
        },
    }
    lines = json.dumps(stored, indent=1)
    WEIGHTS.write_text(_compact(lines), encoding="utf-8")
    print(f"wrote {WEIGHTS} ({WEIGHTS.stat().st_size} bytes)")


def _compact(text: str) -> str:
    """Put each feature's three numbers on one line."""
    out = []
    for line in text.splitlines():
        if out and (out[-1].endswith("[") or (out[-1][-1] == "," and "[" in out[-1] and "]" not in out[-1])):
            out[-1] += ("" if out[-1].endswith("[") else " ") + line.strip()
        elif out and line.strip().startswith("]"):
            out[-1] += line.strip()
        else:
            out.append(line)
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    if not EVAL.is_dir():
        sys.exit(f"{EVAL} is missing: the labelled data does not come with the project")
    sys.path[:0] = [str(EVAL)]
    import _common
    import lead
    import summaries

    main()
