"""Speed of reading pages: this program against trafilatura (and newspaper4k), on the same pages in one run.

    PYTHONPATH=src:. python bench/extraction.py [--pages ../shared/eval/data/pages] [--rounds 3]

Prints pages a CPU second in one process, and pages a second of wall time through the workers, on one core and on two.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import importlib.util
import json
import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import trafilatura

from digest.extract.article import extract
from digest.extract.workers import Job, Workers
from digest.model import FeedEntry, Page, SourceId
from digest.settings import ExtractSettings

NOW = datetime.now(UTC)
CORPORA = ("sh", "fe", "ft")


@dataclass(frozen=True)
class Sample:
    """One real page and its address."""

    html: str
    url: str


def samples(folder: Path) -> Iterator[Sample]:
    """Yield the pages of the news corpora."""
    for corpus in CORPORA:
        with gzip.open(folder / corpus / "index.jsonl.gz", "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                raw = gzip.decompress((folder / corpus / "html" / f"{row['id']}.html.gz").read_bytes())
                yield Sample(raw.decode("utf-8", "replace"), row.get("url") or "https://page.invalid/article")


def job(sample: Sample) -> Job:
    """Return what a worker is handed."""
    entry = FeedEntry(source_id=SourceId(1), url=sample.url, link=sample.url, title="", seen_at=NOW)
    return Job(page=Page(url=sample.url, html=sample.html, fetched_at=NOW), entry=entry)


def ours(sample: Sample) -> None:
    """Read a page as a worker does."""
    given = job(sample)
    extract(given.page, given.entry)


def theirs(sample: Sample) -> None:
    """Read a page with trafilatura, with metadata."""
    trafilatura.bare_extraction(sample.html, url=sample.url, with_metadata=True)


def newspaper(sample: Sample) -> None:
    """Read a page with newspaper4k."""
    article = importlib.import_module("newspaper").Article(sample.url, fetch_images=False)
    article.download(input_html=sample.html)
    article.parse()


def cpu_rates(
    readers: Mapping[str, Callable[[Sample], None]], pages: Sequence[Sample], rounds: int
) -> dict[str, float]:
    """Return pages a CPU second: readers take turns page by page, so that the machine's moods hit all alike."""
    spent = dict.fromkeys(readers, 0.0)
    for read in readers.values():
        for page in pages[:20]:
            read(page)  # imports and lazy tables are not the pages' cost
    for _ in range(rounds):
        for page in pages:
            for name, read in readers.items():
                started = time.process_time()
                read(page)
                spent[name] += time.process_time() - started
    return {name: rounds * len(pages) / seconds for name, seconds in spent.items()}


def wall_rate(pages: Sequence[Sample], workers: int) -> float:
    """Return pages a second through warm workers."""
    with Workers(ExtractSettings(workers=workers)) as pool:
        list(pool.extract_all(job(page) for page in pages[: 4 * workers]))
        started = time.perf_counter()
        list(pool.extract_all(map(job, pages)))
        return len(pages) / (time.perf_counter() - started)


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, default=Path("../shared/eval/data/pages"))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--workers", action="store_true", help="measure the workers too")
    args = parser.parse_args()
    if not args.pages.is_dir():
        print(f"skipped: no pages at {args.pages}")
        return 0
    logging.disable(logging.CRITICAL)
    pages = list(samples(args.pages))
    readers: dict[str, Callable[[Sample], None]] = {"digest": ours, "trafilatura with metadata": theirs}
    if importlib.util.find_spec("newspaper"):
        readers["newspaper4k"] = newspaper
    rates = cpu_rates(readers, pages, args.rounds)
    for name, rate in rates.items():
        print(f"{name:26} {rate:7.1f} pages a CPU second   digest is {rates['digest'] / rate:.2f} times that")
    if args.workers:
        one, two = wall_rate(pages, 1), wall_rate(pages, 2)
        print(f"workers: {one:.1f} pages/s with one, {two:.1f} with two: {two / one:.2f} times")
    return 0


if __name__ == "__main__":
    sys.exit(main())
