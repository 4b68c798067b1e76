"""Feed the extraction room 5,000 broken pages: it may say Unreadable, and nothing else may come out of it.

    PYTHONPATH=src:. python -m bench.fuzz_pages [--runs 5000] [--seed 1] [--jobs 2] [--pages ../shared/eval/data/pages]

Each run takes a page (of the corpora, where they are, and two of our own) and breaks it in one to eight places: pieces
cut, doubled, moved, shuffled or taken from another page, tags and JSON-LD keys replaced, and what parsers stumble over
put in. A failure is written to the current folder, with its seed and number, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from digest.errors import Unreadable
from digest.extract.article import extract
from digest.model.article import Page
from digest.model.ids import SourceId
from digest.model.source import FeedEntry

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
CORPORA = ("sh", "fe", "ft", "wa")
LONGEST_CHARS = 120_000
"""Longer pages are left out: they cost time and break in no other way."""
SLOW_SECONDS = 10.0
OWN_TEXT = "".join(f"<p>The harbour board met on Sunday and decided on ferry {n}, it said.</p>" for n in range(9))
OWN = (
    (
        "<!doctype html><html lang='en'><head><title>Ferries return | Courier</title><meta property='og:title' "
        'content=\'Ferries return\'><script type=\'application/ld+json\'>{"@type": "NewsArticle", "headline": '
        '"Ferries return", "author": [{"name": "Jane Doe"}], "datePublished": "2026-11-23T05:00Z", "image": ["/a.png"]}'
        f"</script></head><body><nav><a href='/'>Home</a></nav><article><h1>Ferries return</h1>{OWN_TEXT}</article>"
        "<aside><a href='/b'>Read more</a></aside></body></html>"
    ),
    (
        "<html><body><table><tr><td><b>By Jane Doe</b><br>23.11.2026 05:00<br><img src='a' alt='b'>"
        f"{OWN_TEXT}<ul><li>One<li>Two</ul><blockquote>So it was said.</blockquote>"
        "<figure><img><figcaption>A ferry</figcaption></figure></table>"
    ),
)
STUMBLING = (
    "<", ">", '"', "'", "&", "&#0;", "&#xd800;", "&#x110000;", "&amp", "{", "}", "[", "]", "]]>", "<![CDATA[", "<!--",
    "-->", "<script>", "</script>", "<script type='application/ld+json'>", "<style>", "<body>", "</body>", "</html>",
    "<head>", "<h1>", "<title>", "<article>", "<table>", "<td>", "<li>", "<p>", "<br>", "<a href='http://['>", "<svg>",
    "<time datetime='9999-12-31T23:59:59-23:59'>", "<time datetime='0000-00-00'>", "<meta name='author' content='",
    "<base href='//'>", "<math><mi>", "<noscript>", "<template>", "<iframe>", "<plaintext>", "<textarea>", "<option>",
    "<?php", "<%", "\0", "\x1b", "\x85", "\u2028", "\u202e", "\ufeff", "\ufffe", "\U0010ffff", "\ud800", "\u0664",
    "1e999", "NaN", "\\ud800", "http://a:b:c/", "javascript:", "<html lang='", "<html xmlns='x:y' xml:lang=''>",
    "<x:y z:w='1'>", "<a" + " b" * 500 + ">",
)  # fmt: skip
KEYS = (
    '"@type"', '"headline"', '"author"', '"name"', '"datePublished"', '"image"', '"publisher"', "content=", "property=",
    "class=", "<div", "</div>", "<p", "</p>", "<body", "<head", "datetime=", "href=", "og:title", "canonical", "2",
)  # fmt: skip
VALUES = (
    "",
    "x",
    "null",
    "0",
    "-1",
    "[[",
    "{}",
    '"@graph"',
    "<div>",
    "</article>",
    "\u0664",
    "author",
    "=",
    "1e999",
    ":[",
)


def seeds(folder: Path) -> list[str]:
    """Return the pages to break."""
    found = list(OWN)
    for corpus in CORPORA if folder.is_dir() else ():
        with gzip.open(folder / corpus / "index.jsonl.gz", "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                raw = gzip.decompress((folder / corpus / "html" / f"{row['id']}.html.gz").read_bytes())
                found.append(raw.decode("utf-8", "replace"))
    return [page for page in found if len(page) <= LONGEST_CHARS]


def broken(chance: random.Random, pages: list[str]) -> str:
    """Return one page, broken in one to eight places."""
    page = chance.choice(pages)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(page) + 1)
        end = min(len(page), place + chance.choice((1, 10, 200, 5000)))
        before, piece, after = page[:place], page[place:end], page[end:]
        match chance.randrange(7):
            case 0:
                page = before + after
            case 1:
                page = before + chance.choice(STUMBLING) * chance.choice((1, 1, 1, 1, 300)) + piece + after
            case 2:
                page = before + piece * chance.choice((2, 2, 40)) + after
            case 3:
                other = chance.choice(pages)
                start = chance.randrange(len(other) + 1)
                page = before + other[start : start + len(piece)] + after
            case 4:
                page = page.replace(chance.choice(KEYS), chance.choice(VALUES), chance.choice((1, 3, 1000)))
            case 5:
                page = before + "".join(chance.sample(piece, len(piece))) + after
            case _:
                page = after + before
        page = page[: 4 * LONGEST_CHARS]
    return page


def outcome(html: str, number: int) -> str:
    """Return how reading a page went, in a word; anything unexpected is raised."""
    url = f"https://paper.example/2026/11/23/story-{number}"
    entry = FeedEntry(source_id=SourceId(1), url=url, link=url, title="Ferries return", seen_at=NOW)
    try:
        article = extract(Page(url=url, html=html, fetched_at=NOW), entry)
    except Unreadable:
        return "unreadable"
    article.text.encode()  # it must be storable
    return article.kind.value


def share(job: int, jobs: int, runs: int, seed: int, folder: Path) -> tuple[Counter[str], list[str]]:
    """Return the outcomes of the runs that are this job's, and a line for each that went wrong."""
    logging.disable(logging.CRITICAL)
    pages, counts, failures = seeds(folder), Counter[str](), list[str]()
    for number in range(job, runs, jobs):
        html = broken(random.Random(f"{seed}/{number}"), pages)  # noqa: S311 - a fuzzer wants to be repeated
        started, failure = time.process_time(), ""
        try:
            counts[outcome(html, number)] += 1
        except Exception as problem:  # noqa: BLE001 - what this program is looking for
            failure = f"run {number}: {problem!r:.200}"
        seconds = time.process_time() - started
        if seconds > SLOW_SECONDS:
            failure = failure or f"run {number}: {seconds:.1f} s"
        if failure:
            failures.append(failure)
            Path(f"fuzz-{seed}-{number}.html").write_bytes(html.encode("utf-8", "surrogatepass"))
    return counts, failures


def main() -> int:
    """Print the counts and every failure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--pages", type=Path, default=Path("../shared/eval/data/pages"))
    args = parser.parse_args()
    started = time.monotonic()
    work = partial(share, jobs=args.jobs, runs=args.runs, seed=args.seed, folder=args.pages)
    with ProcessPoolExecutor(args.jobs, mp_context=get_context("forkserver")) as pool:
        results = list(pool.map(work, range(args.jobs)))
    failures = [failure for _, found in results for failure in found]
    print(*failures, sep="\n", end="\n" if failures else "")
    counts = dict(sum((counts for counts, _ in results), Counter()))
    print(f"{args.runs} runs, {time.monotonic() - started:.0f} s, {counts}, {len(failures)} failures")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
