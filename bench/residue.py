"""Residue: lines of an extractor's output that the truth does not have, per page, against trafilatura's.

    PYTHONPATH=src:. python bench/residue.py [--pages ../shared/eval/data/pages]

A line is residue when less than half of its four-word shingles (all of its words, where it has fewer) stand in the
truth. A title repeated in the text counts as residue, as it does for a reader.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import re
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import trafilatura

from digest.errors import Unreadable
from digest.extract.article import extract
from digest.model.article import Page
from digest.model.ids import SourceId
from digest.model.source import FeedEntry

SIZE = 4
CORPORA = ("sh", "fe", "ft")
_WORD = re.compile(r"\w+")


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return the runs of four words of a text."""
    words = _WORD.findall(text)
    return Counter(tuple(words[i : i + SIZE]) for i in range(len(words) - SIZE + 1))


def in_words(text: str) -> str:
    """Return a text's words with single blanks between and around them."""
    return f" {' '.join(_WORD.findall(text))} "


def residue(text: str, truth: str) -> int:
    """Return how many lines of the text are not in the truth."""
    known, spoken = shingles(truth), in_words(truth)
    return sum(not stands(line, known, spoken) for line in text.splitlines() if _WORD.search(line))


def stands(line: str, known: Counter[tuple[str, ...]], spoken: str) -> bool:
    """Tell whether a line is in the truth, whose shingles and whose words between single blanks are given."""
    pieces = shingles(line)
    if not pieces:
        return in_words(line) in spoken
    return 2 * (pieces & known).total() >= pieces.total()


def main() -> int:
    """Print lines of residue a page, for each corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, default=Path("../shared/eval/data/pages"))
    args = parser.parse_args()
    if not args.pages.is_dir():
        print(f"skipped: no pages at {args.pages}")
        return 0
    logging.disable(logging.CRITICAL)
    for corpus in CORPORA:
        ours, theirs, pages = measure(args.pages / corpus)
        print(
            f"{corpus}: digest {ours / pages:.2f} a page, trafilatura {theirs / pages:.2f}: {ours / theirs:.2f} of it"
        )
    return 0


def measure(folder: Path) -> tuple[int, int, int]:
    """Return the lines of residue that we leave, those that trafilatura leaves, and the number of pages."""
    now = datetime.now(UTC)
    ours = theirs = pages = 0
    with gzip.open(folder / "index.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            html = gzip.decompress((folder / "html" / f"{row['id']}.html.gz").read_bytes()).decode("utf-8", "replace")
            url = row.get("url") or "https://page.invalid/article"
            entry = FeedEntry(source_id=SourceId(1), url=url, link=url, title="", seen_at=now)
            try:
                text = extract(Page(url=url, html=html, fetched_at=now), entry).text
            except Unreadable:
                text = ""
            document = trafilatura.bare_extraction(html, url=url, include_comments=False)
            truth = row["text"].replace("[", "").replace("]", "")
            ours += residue(text, truth)
            theirs += residue(str(getattr(document, "text", "") or ""), truth)
            pages += 1
    return ours, theirs, pages


if __name__ == "__main__":
    sys.exit(main())
