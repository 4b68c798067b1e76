"""Fit the weights with which ``digest.extract.clean`` judges lines, on labelled pages.

    PYTHONPATH=src:. python bench/fit_clean.py [--pages ../shared/eval/data/pages] [--write]

A logistic regression with an L2 penalty on lines of real pages; a line is residue when most of its shingles are not in
the page's truth. Lines weigh by their share of the page, pages of blogs and guides (wa) half as much as news. Before
anything is written it prints, for each corpus, what the text scores against the truth: the extractor's own, the text
that these weights leave on the very pages they were fitted on, and in five folds that of weights fitted on other hosts.
The pages of one host always stand in one fold, so that nothing is learnt of a host that is judged.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import numpy as np
from bench.residue import in_words, shingles, stands
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit

import digest.extract
from digest.extract.blocks import PageLayout, layout
from digest.extract.candidates import candidates
from digest.extract.clean import StoredWeights, Weights, clean, shipped_weights
from digest.extract.evidence import PLACES, Known, observe
from digest.extract.live import Update, with_updates
from digest.extract.markup import drop_machinery, parse
from digest.extract.metadata import read_metadata
from digest.extract.running_text import paragraphs

PENALTY = 6.0
LEAST_WEIGHT = 0.15
"""Smaller weights are left out and the rest is fitted again."""
FEWEST_HOSTS, FEWEST_HOSTS_IN_PLACE = 5, 10
"""An observation made on fewer hosts is not learnt from."""
FOLDS = 5
FACTORS = {"sh": 1.0, "fe": 1.0, "ft": 1.0, "wa": 0.5}
"""The corpora, and how much a line of each weighs."""
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Labelled:
    """One page: what the cleaner is given of it, and every text that counts as its truth."""

    corpus: str
    host: str
    lines: list[str]
    layout: PageLayout
    known: Known
    live: tuple[Update, ...]
    truths: list[str]

    def score(self, text: str) -> tuple[float, float]:
        """Return precision and recall of a text's shingles against the truth that it is nearest to."""
        return max((agreement(text, truth) for truth in self.truths), key=sum)


@dataclass(frozen=True)
class Example:
    """One line: what was observed, whether it is residue, and how much it weighs."""

    host: str
    seen: dict[str, float]
    taken: bool
    residue: bool
    weight: float


def pages(folder: Path) -> Iterator[Labelled]:
    """Yield the pages of a corpus, read as the program reads them."""
    now = datetime.now(UTC)
    with gzip.open(folder / "index.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            html = gzip.decompress((folder / "html" / f"{row['id']}.html.gz").read_bytes()).decode("utf-8", "replace")
            url = row.get("url") or f"https://{row['id']}.invalid/"
            tree = parse(html, url)
            found = read_metadata(tree, url, now)
            drop_machinery(tree)
            shown = layout(tree)
            yield Labelled(
                corpus=folder.name,
                host=".".join((urlsplit(url).hostname or "").split(".")[-2:]),
                lines=paragraphs(tree, shown, url),
                layout=shown,
                known=Known(
                    titles=found.titles,
                    subtitle=found.subtitle,
                    authors=found.authors,
                    site_name=found.site_name,
                    news=found.news,
                ),
                live=found.live,
                truths=truths(row["text"]),
            )


def truths(text: str) -> list[str]:
    """Return the truth with the paragraphs that it calls optional, which stand in brackets (fe), and without them."""
    needed = "\n\n".join(p for p in text.split("\n\n") if not (p.startswith("[") and p.endswith("]")))
    return [text.replace("[", "").replace("]", ""), needed]


def examples(page: Labelled) -> Iterator[Example]:
    """Yield the lines of a page."""
    lines = candidates(page.lines, page.layout.blocks)
    size = sum(len(line.text) for line in lines) or 1
    shingled, spoken = shingles(page.truths[0]), in_words(page.truths[0])
    for line, seen in zip(lines, observe(lines, page.layout, page.known), strict=True):
        yield Example(
            host=page.host,
            seen=seen | _in_places(seen),
            taken=line.taken,
            residue=not stands(line.text, shingled, spoken),
            weight=FACTORS[page.corpus] * (0.3 + min(3.0, 40 * len(line.text) / size)),
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


def agreement(text: str, truth: str) -> tuple[float, float]:
    """Return precision and recall of a text's shingles; a text without any is right where the truth has none."""
    got, true = shingles(text), shingles(truth)
    hits = (got & true).total()
    return (hits / got.total() if got else float(not true)), (hits / true.total() if true else 1.0)


def text_left(page: Labelled, weights: Weights) -> str:
    """Return the text that the program reads on a page with these weights."""
    return with_updates("\n\n".join(clean(page.lines, page.layout, page.known, weights=weights)), page.live)


def folds(given: Sequence[Labelled]) -> Iterator[set[str]]:
    """Yield the hosts of each fold."""
    hosts = sorted({page.host for page in given})
    Random(0).shuffle(hosts)  # noqa: S311 - folds need no secrecy
    yield from (set(hosts[fold::FOLDS]) for fold in range(FOLDS))


def on_other_hosts(given: Sequence[Labelled], lines: Sequence[Example]) -> Iterator[tuple[Labelled, str]]:
    """Yield each page with the text that weights fitted on other hosts leave."""
    for held in folds(given):
        weights = usable(fit([line for line in lines if line.host not in held]))
        yield from ((page, text_left(page, weights)) for page in given if page.host in held)


def show(what: str, texts: Iterable[tuple[Labelled, str]]) -> None:
    """Print recall and F1 (of the mean precision and the mean recall) of each corpus."""
    scores = defaultdict[str, list[tuple[float, float]]](list)
    for page, text in texts:
        scores[page.corpus].append(page.score(text))
    for corpus in FACTORS:
        precision, recall = (sum(column) / len(scores[corpus]) for column in zip(*scores[corpus], strict=True))
        f1 = 2 * precision * recall / (precision + recall)
        print(f"{what:24} {corpus}  recall {recall:.4f}  F1 {f1:.4f}")


def usable(weights: dict[str, float]) -> Weights:
    """Return the weights as the program reads them from its file."""
    return Weights.read(stored(weights))


def stored(weights: dict[str, float]) -> StoredWeights:
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
    given = [page for name in FACTORS for page in pages(args.pages / name)]
    lines = [line for page in given for line in examples(page)]
    print(f"{len(lines)} lines, {sum(line.residue for line in lines)} of them residue")
    weights = fit(lines)
    show("extractor", ((page, "\n\n".join(page.lines)) for page in given))
    show("shipped, same pages", ((page, text_left(page, shipped_weights())) for page in given))
    show("fitted, same pages", ((page, text_left(page, usable(weights))) for page in given))
    show("fitted on other hosts", on_other_hosts(given, lines))
    if args.write:
        target = Path(digest.extract.__path__[0]) / "weights.json"
        target.write_text(json.dumps(stored(weights), indent=1, ensure_ascii=False) + "\n", "utf-8")
        print(f"wrote {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
