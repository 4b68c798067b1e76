"""Fit the table of common stems (src/digest/text/frequencies.txt) on the openings of labelled articles.

    PYTHONPATH=src python bench/frequencies.py ../shared/eval/data > src/digest/text/frequencies.txt

English comes from four sets that are mixed by weight, so that no one period or desk decides what is common; French and
German from one set each. A stem is listed with the power of two nearest to its share of openings.
"""

from __future__ import annotations

import gzip
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from digest.text.similarity import terms

OPENING = 350
"""Characters of the text that are read after the title."""
ENGLISH = {"summ": 0.2, "summ_llm": 0.2, "basil": 0.1, "allsides": 0.5}
LEAST = {"en": 0.003, "fr": 0.01, "de": 0.06}
"""A stem in a smaller share of openings is not common; the smaller the set, the more it takes to tell."""
RAREST_BAND, LONGEST_NUMBER = 9, 4
HEADER = (
    "# Stems that stand in 1 of 2**n openings of news (title and 350 characters), n before the colon;"
    " fitted by bench/frequencies.py"
)
Rows = list[dict[str, str]]


def read(data: Path, name: str) -> Rows:
    """Return the rows of one labelled set."""
    with gzip.open(data / f"{name}_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def shares(rows: Rows) -> dict[str, float]:
    """Return the share of openings that hold each stem."""
    held = Counter(term for row in rows for term in set(terms(f"{row['title'] or ''} {row['text'][:OPENING]}")))
    return {term: count / len(rows) for term, count in held.items()}


def mixed(sets: Iterable[tuple[float, Rows]], least: float) -> dict[str, float]:
    """Return the weighted mean of the shares in several sets, without those under ``least``."""
    total: dict[str, float] = defaultdict(float)
    for weight, rows in sets:
        for term, share in shares(rows).items():
            total[term] += weight * share
    return {term: share for term, share in total.items() if share >= least}


def bands(tables: Iterable[Mapping[str, float]]) -> dict[int, list[str]]:
    """Return the stems by the power of two nearest to their greatest share, without long numbers."""
    greatest: dict[str, float] = {}
    for table in tables:
        for term, share in table.items():
            greatest[term] = max(share, greatest.get(term, 0.0))
    found: dict[int, list[str]] = defaultdict(list)
    for term, share in sorted(greatest.items()):
        if not (term.isdigit() and len(term) > LONGEST_NUMBER):
            found[min(RAREST_BAND, max(2, round(-math.log2(share))))].append(term)
    return found


def main() -> None:
    """Print the table."""
    data = Path(sys.argv[1])
    stories = read(data, "cluster")
    english = {name: [row for row in stories if row["set"] == name] for name in ("basil", "allsides")}
    english |= {name: read(data, name) for name in ("summ", "summ_llm")}
    german = [row for row in read(data, "summ_multi") if row["lang"] == "de"]
    tables = (
        mixed(((weight, english[name]) for name, weight in ENGLISH.items()), LEAST["en"]),
        mixed([(1.0, read(data, "summ_fr"))], LEAST["fr"]),
        mixed([(1.0, german)], LEAST["de"]),
    )
    print(HEADER)
    for band, held in sorted(bands(tables).items()):
        print(f"{band}: {' '.join(held)}")


if __name__ == "__main__":
    main()
