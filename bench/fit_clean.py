"""Fit the weights with which ``digest.extract.clean`` judges lines, on labelled pages.

    PYTHONPATH=src:. python bench/fit_clean.py [--pages ../shared/eval/data/pages] [--write]

A logistic regression with an L2 penalty on lines of real pages; a line is residue when most of its shingles are not in
the page's truth. Lines weigh by their share of the page, pages of blogs and guides (wa) half as much as news. Before
anything is written it prints five-fold figures: the pages of one host always stand in one fold, so that nothing is
learnt of a host that is judged.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import numpy as np
import trafilatura
from bench.residue import in_words, shingles, stands
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit

import digest.extract
from digest.extract.blocks import layout
from digest.extract.candidates import candidates
from digest.extract.clean import PASSED_RESIDUE, RESIDUE
from digest.extract.evidence import PLACES, Known, observe
from digest.extract.markup import parse
from digest.extract.metadata import read_metadata

PENALTY = 6.0
LEAST_WEIGHT = 0.15
"""Smaller weights are left out and the rest is fitted again."""
FEWEST_HOSTS, FEWEST_HOSTS_IN_PLACE = 5, 10
"""An observation made on fewer hosts is not learnt from."""
FOLDS = 5
NEWS_CORPORA, OTHER_CORPORA = ("sh", "fe", "ft"), ("wa",)
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """One line: what was observed, whether it is residue, and how much it weighs."""

    host: str
    seen: dict[str, float]
    taken: bool
    residue: bool
    weight: float


def examples(folder: Path, factor: float) -> Iterator[Example]:
    """Yield the lines of a corpus."""
    now = datetime.now(UTC)
    with gzip.open(folder / "index.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            html = gzip.decompress((folder / "html" / f"{row['id']}.html.gz").read_bytes()).decode("utf-8", "replace")
            url = row.get("url") or f"https://{row['id']}.invalid/"
            tree = parse(html, url)
            found, page = read_metadata(tree, url, now), layout(tree)
            known = Known(
                titles=found.titles,
                subtitle=found.subtitle,
                authors=found.authors,
                site_name=found.site_name,
                news=found.news,
            )
            document = trafilatura.bare_extraction(html, url=url, include_comments=False)
            text = str(getattr(document, "text", None) or "")
            lines = candidates([line.strip() for line in text.splitlines() if line.strip()], page.blocks)
            size = sum(len(line.text) for line in lines) or 1
            truth = row["text"].replace("[", "").replace("]", "")
            shingled, spoken = shingles(truth), in_words(truth)
            for line, seen in zip(lines, observe(lines, page, known), strict=True):
                yield Example(
                    host=".".join((urlsplit(url).hostname or "").split(".")[-2:]),
                    seen=seen | _in_places(seen),
                    taken=line.taken,
                    residue=not stands(line.text, shingled, spoken),
                    weight=factor * (0.3 + min(3.0, 40 * len(line.text) / size)),
                )


def _in_places(seen: dict[str, float]) -> dict[str, float]:
    return {f"{n} + {place}": v for place in PLACES if place in seen for n, v in seen.items() if n != place}


def learnable(lines: Sequence[Example]) -> list[str]:
    """Return the observations that enough hosts made."""
    hosts = defaultdict[str, set[str]](set)
    for line in lines:
        for name in line.seen:
            hosts[name].add(line.host)
    return sorted(n for n in hosts if len(hosts[n]) >= (FEWEST_HOSTS_IN_PLACE if " + " in n else FEWEST_HOSTS))


def fit(lines: Sequence[Example]) -> dict[str, float]:
    """Return the weights, small ones left out."""
    weights = _fit(lines, learnable(lines))
    return _fit(lines, [name for name, weight in weights.items() if abs(weight) >= LEAST_WEIGHT or name == "bias"])


def _fit(lines: Sequence[Example], names: Sequence[str]) -> dict[str, float]:
    place = {name: index for index, name in enumerate(names)}
    cells = [(row, place[n], v) for row, line in enumerate(lines) for n, v in line.seen.items() if n in place]
    rows, columns, values = zip(*cells, strict=True)
    matrix = sparse.csr_matrix((values, (rows, columns)), shape=(len(lines), len(names)))
    truth = np.array([float(line.residue) for line in lines])
    weight = np.array([line.weight for line in lines])
    penalty = np.array([0.0 if name == "bias" else PENALTY for name in names])

    def loss(b: Vector) -> tuple[float, Vector]:
        z = matrix @ b
        slope = matrix.T @ (weight * (expit(z) - truth)) + penalty * b
        return float(np.sum(weight * (np.logaddexp(0, z) - truth * z)) + np.sum(penalty * b * b) / 2), slope

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return dict(zip(names, map(float, best), strict=True))


def right(weights: dict[str, float], line: Example) -> bool:
    """Tell whether the verdict on a line is the truth's."""
    probability = expit(sum(weights.get(name, 0.0) * value for name, value in line.seen.items()))
    return bool(probability >= (RESIDUE if line.taken else PASSED_RESIDUE)) is line.residue


def cross_validate(lines: Sequence[Example]) -> float:
    """Return the share of the weight of all lines that is judged rightly by weights fitted on other hosts."""
    hosts = sorted({line.host for line in lines})
    Random(0).shuffle(hosts)  # noqa: S311 - folds need no secrecy
    good = 0.0
    for fold in range(FOLDS):
        held = set(hosts[fold::FOLDS])
        weights = fit([line for line in lines if line.host not in held])
        good += sum(line.weight for line in lines if line.host in held and right(weights, line))
    return good / sum(line.weight for line in lines)


def stored(weights: dict[str, float]) -> dict[str, object]:
    """Return the weights in the form of ``weights.json``."""
    everywhere = {name: round(weight, 2) for name, weight in weights.items() if " + " not in name}
    in_place: dict[str, dict[str, float]] = {place: {} for place in PLACES}
    for name, weight in weights.items():
        observation, joint, place = name.partition(" + ")
        if joint:
            in_place[place][observation] = round(weight, 2)
    return {"everywhere": everywhere, "in_place": in_place}


def main() -> int:
    """Fit, print the figures, and write the weights when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, default=Path("../shared/eval/data/pages"))
    parser.add_argument("--write", action="store_true", help="write the weights that the program ships")
    args = parser.parse_args()
    if not args.pages.is_dir():
        print(f"skipped: no pages at {args.pages}")
        return 0
    logging.disable(logging.CRITICAL)
    corpora = [(name, 1.0) for name in NEWS_CORPORA] + [(name, 0.5) for name in OTHER_CORPORA]
    lines = [line for name, factor in corpora for line in examples(args.pages / name, factor)]
    print(f"{len(lines)} lines, {sum(line.residue for line in lines)} of them residue")
    print(f"judged rightly on other hosts: {cross_validate(lines):.4f} of the weight")
    if args.write:
        target = Path(digest.extract.__path__[0]) / "weights.json"
        target.write_text(json.dumps(stored(fit(lines)), indent=1, ensure_ascii=False) + "\n", "utf-8")
        print(f"wrote {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
