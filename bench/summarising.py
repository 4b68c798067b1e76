"""Speed of the summaries: the splitter, articles a CPU second, and what importing the room costs.

    PYTHONPATH=src:. python bench/summarising.py [--rounds 5] [--articles FILE]

FILE has a JSON object a line; without it, the articles are those of the labelled data beside the checkout. Each figure
is the best of the rounds, since other programs can only slow it; the import's is CPU time in a fresh interpreter, less
that of the standard library's modules which it needs.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.adapters import summarise

from digest.text.sentences import sentences

ARTICLES = Path(__file__).parents[2] / "shared" / "eval" / "data" / "summ_dev.jsonl.gz"
STANDARD = "import dataclasses, datetime, enum, json, pathlib, re, string, typing, urllib.parse"
ROOM = f"{STANDARD}, digest.summarise.bullets"
BULLETS = 3


def best_of(rounds: int, work: Callable[[], object]) -> float:
    """Return the least CPU time in seconds that the work took."""
    times = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return min(times)


def interpreter_seconds(code: str) -> float:
    """Return the CPU time that a fresh interpreter takes to run the code, its own start not counted."""
    timed = f"import time; began = time.process_time(); {code}; print(time.process_time() - began)"
    done = subprocess.run([sys.executable, "-c", timed], check=True, capture_output=True, text=True)  # noqa: S603
    return float(done.stdout)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--articles", type=Path, default=ARTICLES)
    asked = parser.parse_args(arguments)
    rounds = asked.rounds
    with gzip.open(asked.articles, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["highlights"]]

    size = sum(len(row["text"].encode()) for row in rows)
    split = best_of(rounds, lambda: [sentences(row["text"], row["lang"]) for row in rows])
    told = best_of(rounds, lambda: [summarise(row["text"], row["title"], BULLETS, row["lang"]) for row in rows])
    standard, room = (min(interpreter_seconds(code) for _ in range(3 * rounds)) for code in (STANDARD, ROOM))
    print(f"splitter                 {size / split / 1e6:6.1f} MB a CPU second")
    print(f"summaries                {len(rows) / told:6.0f} articles a CPU second")
    print(f"import                   {1000 * (room - standard):6.1f} ms of CPU")
    print(f"its standard library     {1000 * standard:6.1f} ms of CPU")


if __name__ == "__main__":
    main()
