"""Fits the models that choose what comes next, the number of the day and the quote of the day.

python -m bench.fit_finds LABELLED [--write] [--strength number=200,...] [--least number=.8,...]

LABELLED is a file of JSON lines, one article in each: "title", "text", "lang", "url", the dates "written" and "read",
and "labels": for each kind of find ("next", "number", "quote") the start of each judged sentence in the text, with the
verdicts of its readers: 1 for one that he would print, 0 for one that he would not, .5 for one where he hesitates.

Each kind has a logistic model with an L2 penalty (STRENGTH, on traits of unit variance), fitted to the mean verdict
on the sentences that pass the bars of the finder. The estimates printed are cross-validated by headline: for several
thresholds, the share of the sentences that the finder would print that is right, and not wrong, for each reader.
With --write the models replace ``src/digest/summarise/finds/weights.json``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
from bench.adapters import summarisable

from digest.model.article import Article
from digest.model.ids import ArticleId
from digest.summarise.finds import announcements, figures, quoted
from digest.summarise.finds.study import Study, study
from digest.summarise.finds.traits import is_barred
from digest.text.kind import kind_of

FOLDS = 10
ROUNDS = 40
HESITANT = 0.4
"""The target of a sentence where a reader hesitates."""
THRESHOLDS = (0.5, 0.6, 0.65, 0.7, 0.74, 0.76, 0.78, 0.8, 0.82)
WEIGHTS = Path(__file__).parents[1] / "src/digest/summarise/finds/weights.json"
LIMITS: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "number": (figures.BARS, ()),
    "quote": (quoted.BARS, quoted.NEEDS),
    "next": (announcements.BARS, announcements.NEEDS),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence with its traits and the verdicts of its readers."""

    title: str
    traits: Mapping[str, float]
    verdicts: tuple[float, ...]


def article(row: Mapping[str, Any]) -> Article:
    """Return a row as an article, written at noon of its day."""
    name = hashlib.sha256((row["title"] + row["text"]).encode()).hexdigest()
    url = row["url"] if row["url"].startswith("http") else f"https://example.org/{name[:16]}"
    seen = datetime.combine(date.fromisoformat(row["written"]), time(12), UTC)
    whole = summarisable(row["text"], row["title"], row["lang"])
    words = len(row["text"].split())
    return replace(whole, id=ArticleId(name), url=url, link=url, first_seen=seen, published=seen, word_count=words)


def candidates(studied: Study) -> Iterator[tuple[str, int, Mapping[str, float]]]:
    """Yield the kind, start and traits of each sentence that a finder would judge."""
    for sentence in studied.sentences:
        figure = figures.figure_of(sentence, studied)
        if figure and figures.with_noun(sentence.text, figure, studied.language):
            yield "number", sentence.start, figures.figure_traits(studied, sentence, figure)
        saying = quoted.saying_of(sentence)
        speaker = quoted.speaker_of(saying, studied, sentence) if saying else None
        if saying and speaker:
            yield "quote", sentence.start, quoted.quote_traits(studied, sentence, saying, speaker)
        named = announcements.mentions_in(sentence, studied)
        ahead = announcements.event_of(sentence, studied, named)
        if ahead:
            yield "next", sentence.start, announcements.next_traits(studied, sentence, named, ahead)


def rows_of(path: Path) -> dict[str, list[Row]]:
    """Return the labelled candidates that pass the bars, by kind."""
    found: dict[str, list[Row]] = {kind: [] for kind in LIMITS}
    with path.open(encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            read, written = date.fromisoformat(line["read"]), date.fromisoformat(line["written"])
            told = article(line)
            for kind, start, traits in candidates(study(told, written, read, kind_of(told))):
                label = line["labels"].get(kind, {}).get(str(start))
                if label is not None and not is_barred(traits, *LIMITS[kind]):
                    found[kind].append(Row(line["title"], traits, tuple(label)))
    return found


def fitted(values: np.ndarray, targets: np.ndarray, strength: float) -> np.ndarray:
    """Return the constant and the weights of a logistic model with an L2 penalty, by Newton's method."""
    design = np.c_[np.ones(len(values)), values]
    penalty = np.eye(design.shape[1]) * strength
    penalty[0, 0] = 1e-6
    weights = np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        odds = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        slope = design.T @ (odds - targets) + penalty @ weights
        bend = (design * (odds * (1 - odds))[:, None]).T @ design + penalty
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < 1e-6:  # noqa: PLR2004 - converged
            break
    return weights


def target(verdicts: Sequence[float]) -> float:
    """Return the mean verdict of the readers."""
    return sum({0.5: HESITANT}.get(each, each) for each in verdicts) / len(verdicts)


def fit(kind: str, rows: Sequence[Row], strength: float, least: float) -> dict[str, Any]:
    """Return the model of one kind, and print how it does on articles that it has not seen."""
    names = sorted(rows[0].traits)
    raw = np.array([[row.traits[name] for name in names] for row in rows])
    means, spread = raw.mean(0), raw.std(0)
    spread[spread < 1e-9] = 1  # noqa: PLR2004 - a trait that never varies
    values, targets = (raw - means) / spread, np.array([target(row.verdicts) for row in rows])
    fold = np.array([int(hashlib.sha256(row.title.encode()).hexdigest(), 16) % FOLDS for row in rows])
    unseen = np.zeros(len(rows))
    for number in range(FOLDS):
        known = fold != number
        weights = fitted(values[known], targets[known], strength)
        unseen[~known] = 1 / (1 + np.exp(-(weights[0] + values[~known] @ weights[1:])))
    print(f"{kind}: {len(rows)} judged sentences pass the bars")
    for threshold in THRESHOLDS:
        shown = np.array([row.verdicts for row, value in zip(rows, unseen, strict=True) if value >= threshold])
        if len(shown):
            right, kept = (shown == 1).mean(0).round(2), (shown > 0).mean(0).round(2)
            print(f"  from {threshold}: {len(shown)} printed; by reader, right {right}, not wrong {kept}")
    weights = fitted(values, targets, strength)
    bars, needs = LIMITS[kind]
    return stored(names, weights, means, spread, (*bars, *needs), least)


def stored(
    names: Sequence[str],
    weights: np.ndarray,
    means: np.ndarray,
    spread: np.ndarray,
    fixed: Sequence[str],
    least: float,
) -> dict[str, Any]:
    """Return a model as JSON, without the traits that the bars decide: they are the same in all rows."""
    scaled = dict(zip(names, zip(means, weights[1:] / spread, strict=True), strict=True))
    for name in fixed:
        del scaled[name]
    return {
        "constant": round(float(weights[0]), 3),
        "least": least,
        "traits": {name: [round(float(mean), 3), round(float(weight), 3)] for name, (mean, weight) in scaled.items()},
    }


def by_kind(text: str) -> dict[str, float]:
    """Return the numbers of an argument such as "number=.75,quote=.8"."""
    return {kind: float(value) for kind, value in (pair.split("=") for pair in text.split(","))}


def main() -> None:
    """Fit the models; write them if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--strength", default="number=200,quote=40,next=40")
    parser.add_argument("--least", default="number=.75,quote=.78,next=.8")
    asked = parser.parse_args()
    least, strength = by_kind(asked.least), by_kind(asked.strength)
    rows = rows_of(asked.labelled)
    models = {kind: fit(kind, rows[kind], strength[kind], least[kind]) for kind in rows}
    if asked.write:
        WEIGHTS.write_text(json.dumps(models, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
