"""Feed the feed reader 20,000 broken feeds: it may say NotAFeed or TooLarge, and nothing else may come out of it.

    python -m bench.fuzz_feeds [--runs 20000] [--seed 1] [--corpus ../shared/eval/data/feeds_dev.tar.xz]

Each run takes a feed (of the corpus, where there is one; otherwise of a handful of our own) and breaks it in a few
places: bytes flipped, cut, doubled, swapped with another feed's, or replaced by what parsers stumble over. A failure
is written to the current folder, with its seed and number, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import collections
import random
import sys
import tarfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from digest.errors import NotAFeed, TooLarge
from digest.fetch.feeds import MOST_ENTRIES, parse_feed
from digest.fetch.sitemaps import is_sitemap, read_sitemap
from digest.model.ids import SourceId

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
URL = "http://paper.example/feed"
LONGEST_SEED_BYTES = 30_000
SLOW_SECONDS = 10.0
OWN = (
    (
        b"<?xml version='1.0'?><rss version='2.0'><channel><title>a</title><item><title>b &amp; c</title>"
        b"<link>/1</link><pubDate>Mon, 23 Nov 2026 05:00:00 GMT</pubDate><description>&lt;p&gt;d</description></item>"
        b"</channel></rss>"
    ),
    (
        b"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://b.example/'><title>a</title><entry>"
        b"<title type='html'>b</title><link href='1'/><id>tag:1</id><updated>2026-11-23T05:00:00Z</updated>"
        b"<content type='xhtml'><div>c</div></content></entry></feed>"
    ),
    (
        b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
        b"<item rdf:about='http://b.example/1'><title>a</title><link>http://b.example/1</link></item></rdf:RDF>"
    ),
    (
        b'{"version": "https://jsonfeed.org/version/1.1", "title": "a", "items": [{"id": "1", "url": "/1",'
        b' "title": "b", "content_html": "<p>c", "authors": [{"name": "d"}],'
        b' "date_published": "2026-11-23T05:00:00Z"}]}'
    ),
    (
        b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/"
        b"sitemap-news/0.9'><url><loc>http://b.example/1</loc><news:news><news:title>a</news:title></news:news></url>"
        b"</urlset>"
    ),
)
STUMBLING = (
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&", b"&#0;", b"&#x110000;", b"&lt;", b"<", b">", b"</", b"/>",
    b"<item>", b"<entry>", b"<link>", b"<link href='", b"<?xml version='1.0' encoding='utf-16'?>",
    b"<!DOCTYPE rss [", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc3", b"http://[",
    b"http://a:b:c/", b"javascript:", b"//", b"31 Dec 9999 23:59:59 -9999", b"0000-00-00", b"{", b"}", b"[",
    b"]", b'"', b"null", b"1e999", b"'", b" xmlns:a='b'", b" xml:base='http://['", b"<a:b>", b" rdf:about='",
    b"<guid isPermaLink='true'>", b"&nbsp;", b"<title type='xhtml'>",
)  # fmt: skip


def seeds(corpus: Path) -> list[bytes]:
    """Return the feeds to break, the long ones cut."""
    found = list(OWN)
    if corpus.exists():
        with tarfile.open(corpus) as tar:
            bodies = (tar.extractfile(member) for member in tar)
            found.extend(body.read(LONGEST_SEED_BYTES) for body in bodies if body is not None)
    return found


def broken(chance: random.Random, feeds: list[bytes]) -> bytes:
    """Return one feed, broken in one to eight places."""
    body = bytearray(chance.choice(feeds))
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(body) + 1)
        end = min(len(body), place + chance.choice((1, 2, 8, 100, 2000)))
        match chance.randrange(6):
            case 0:
                body[place:end] = b""
            case 1:
                body[place:place] = chance.choice(STUMBLING) * chance.choice((1, 1, 1, 50))
            case 2:
                body[place:place] = body[place:end]
            case 3:
                other = chance.choice(feeds)
                there = chance.randrange(len(other) + 1)
                body[place:end] = other[there : there + end - place]
            case 4:
                body[place:end] = bytes(byte ^ (1 << chance.randrange(8)) for byte in body[place:end])
            case _:
                body[place:end] = chance.randbytes(end - place)
    return bytes(body)


def outcome(body: bytes) -> str:
    """Return how reading ``body`` went, in a word; anything unexpected is raised."""
    try:
        if is_sitemap(body):
            read_sitemap(body, URL)
            return "sitemap"
        found = parse_feed(body, URL, SourceId(1), NOW)
    except (NotAFeed, TooLarge) as problem:
        return type(problem).__name__
    assert len(found) <= MOST_ENTRIES
    return "entries" if found else "empty"


def failures(runs: int, seed: int, feeds: list[bytes], counts: collections.Counter[str]) -> Iterator[str]:
    """Yield a line for each run that went wrong, and count the others by their outcome."""
    for run in range(runs):
        chance = random.Random(f"{seed}/{run}")  # noqa: S311 - a fuzzer wants to be repeated
        body = broken(chance, feeds)
        started = time.monotonic()
        try:
            counts[outcome(body)] += 1
        except Exception as problem:  # noqa: BLE001 - what this program is looking for
            Path(f"fuzz-{seed}-{run}.feed").write_bytes(body)
            yield f"run {run}: {problem!r:.200}"
        if time.monotonic() - started > SLOW_SECONDS:
            Path(f"fuzz-{seed}-{run}.feed").write_bytes(body)
            yield f"run {run}: {time.monotonic() - started:.1f} s"


def main() -> None:
    """Print the counts and every failure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/eval/data/feeds_dev.tar.xz"))
    args = parser.parse_args()
    counts: collections.Counter[str] = collections.Counter()
    started = time.monotonic()
    found = 0
    for line in failures(args.runs, args.seed, seeds(args.corpus), counts):
        print(line)
        found += 1
    print(f"{args.runs} runs, {time.monotonic() - started:.0f} s, {dict(counts)}, {found} failures")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
