"""Speed of reading pages: this program against trafilatura (and newspaper4k), on the same pages in one run.

    PYTHONPATH=src:. python bench/extraction.py [--pages ../shared/eval/data/pages] [--rounds 3]

Prints pages a CPU second in one process; then, through the workers on one core and on two, pages a second of wall time
(the best of the rounds, since other programs can only slow it) and the CPU seconds, of the workers and of this process,
that it took against reading the same pages here: that ratio holds on a busy machine, too.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import importlib.util
import json
import logging
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import trafilatura

from digest.extract.article import extract
from digest.extract.workers import Job, Workers
from digest.model.article import Page
from digest.model.ids import SourceId
from digest.model.source import FeedEntry
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
    """Read a page with newspaper4k; a page that it fails on counts as read."""
    article = importlib.import_module("newspaper").Article(sample.url, fetch_images=False)
    with suppress(Exception):  # some languages want word lists that are not installed with it
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


@dataclass(frozen=True)
class Pace:
    """How fast pages went through the workers."""

    pages_a_second: float
    """Of wall time."""
    pages_a_cpu_second: float
    """Of the workers and of the process that feeds them."""


def pace(pages: Sequence[Sample], workers: int) -> Pace:
    """Return the pace of warm workers."""
    with Workers(ExtractSettings(workers=workers)) as pool:
        list(pool.extract_all(job(page) for page in pages[: 40 * workers]))  # until every worker has loaded all
        cpu, wall = cpu_seconds(), time.perf_counter()
        list(pool.extract_all(map(job, pages)))
        return Pace(len(pages) / (time.perf_counter() - wall), len(pages) / (cpu_seconds() - cpu))


def cpu_seconds() -> float:
    """Return what this process and all that descend from it have used so far, those that ended included."""
    fields = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            fields[int(stat.parent.name)] = stat.read_text("utf-8").rpartition(")")[2].split()
    family, grown = {os.getpid()}, True
    while grown:
        children = {pid for pid, stat in fields.items() if int(stat[1]) in family}
        grown = not children <= family
        family |= children
    return sum(int(ticks) for pid in family for ticks in fields[pid][11:15]) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=Path, default=Path("../shared/eval/data/pages"))
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--every", type=int, default=1, help="take each so-manieth page only")
    parser.add_argument("--no-workers", action="store_true", help="do not measure the workers")
    args = parser.parse_args()
    if not args.pages.is_dir():
        print(f"skipped: no pages at {args.pages}")
        return 0
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")  # of dates that newspaper4k cannot read
    pages = list(samples(args.pages))[:: args.every]
    readers: dict[str, Callable[[Sample], None]] = {"digest": ours, "trafilatura with metadata": theirs}
    if importlib.util.find_spec("newspaper"):
        readers["newspaper4k"] = newspaper
    else:
        print("newspaper4k is not installed, and left out")
    rates = cpu_rates(readers, pages, args.rounds)
    for name, rate in rates.items():
        print(f"{name:26} {rate:7.1f} pages a CPU second   digest is {rates['digest'] / rate:.2f} times that")
    if not args.no_workers:
        measure_workers(pages, args.rounds, rates["digest"], rates["trafilatura with metadata"])
    return 0


def measure_workers(pages: Sequence[Sample], rounds: int, ours: float, theirs: float) -> None:
    """Print the paces of one worker and of two against the given rates of one process; they take turns."""
    paces: dict[int, list[Pace]] = {1: [], 2: []}
    for _ in range(rounds):
        for workers, found in paces.items():
            found.append(pace(pages, workers))
    one = max(p.pages_a_second for p in paces[1])
    for workers, found in paces.items():
        best = max(p.pages_a_second for p in found)
        thrift = max(p.pages_a_cpu_second for p in found) / ours
        print(
            f"{workers} worker{'s'[: workers - 1]}: {best:.1f} pages/s, {best / one:.2f} times one worker's, "
            f"{best / ours:.2f} times ours in one process, {best / theirs:.2f} times trafilatura's; "
            f"CPU a page {1 / thrift:.2f} of that in one process"
        )


if __name__ == "__main__":
    sys.exit(main())
