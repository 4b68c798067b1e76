"""Pages that were built to hurt, or that say wrong things of themselves, through a worker with its shipped limits.

    PYTHONPATH=src:. python -m bench.hostile_pages

Prints for each page the seconds of wall time, the most memory that a worker held while it was read, and what became of
it: its words, or why it is unreadable. The exit code is 1 when one took more than 10 s or 1 GB, when an honest text in
a strange encoding did not come out as it was written, or when the page after it was not read.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from digest.errors import Mishandled, Unreadable
from digest.extract.workers import Job, Workers
from digest.fetch.charset import decode
from digest.model.article import Article, Page
from digest.model.ids import SourceId
from digest.model.source import FeedEntry
from digest.settings import ExtractSettings

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
MOST_SECONDS = 10.0
MOST_MB = 1024
SENTENCE = "The harbour board met on Sunday and decided that the ferry will sail again in spring, paragraph {}. "
TEXT = "".join(f"<p>{SENTENCE.format(n) * 2}</p>" for n in range(6))
CYRILLIC = "Совет гавани решил в воскресенье, что паром снова пойдёт весной, сказал председатель совета жителям. "
CHINESE = "港务局星期日决定渡轮将在春季恢复航行，主席对居民说这让大家都松了一口气。"  # noqa: RUF001 - its comma
JAPANESE = "港湾局は日曜日、フェリーが春に再び運航すると決め、局長は住民に皆が安堵したと語った。"


def page(body: str, head: str = "") -> str:
    """Return a whole page."""
    return f"<!doctype html><html><head>{head}<title>Ferry</title></head><body>{body}</body></html>"


def told(sentence: str, charset: str, declared: str) -> bytes:
    """Return an article of a language in its encoding, with what the page says of it."""
    text = "".join(f"<p>{sentence * 4}</p>" for _ in range(4))
    return page(f"<article>{text}</article>", f"<meta charset='{declared}'>" if declared else "").encode(charset)


@dataclass(frozen=True)
class Hostile:
    """A page as it comes over the wire; ``sentence`` must stand in what is read, where there is one."""

    body: Callable[[], bytes]
    content_type: str = "text/html"
    sentence: str = ""


def _made(html: Callable[[], str], sentence: str = "") -> Hostile:
    return Hostile(lambda: html().encode(), sentence=sentence)


HOSTILE: Mapping[str, Hostile] = {
    "100,000 attributes": _made(lambda: page(f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>x</p>{TEXT}")),
    "100,000 attributes behind a quoted <": _made(
        lambda: page(f"<p b='<' {' '.join(f'a{n}' for n in range(100_000))}>x</p>{TEXT}")
    ),
    "20,000 attributes in ten tags": _made(
        lambda: page("".join(f"<p {' '.join(f'a{n}=1' for n in range(1_999))}>x</p>" for _ in range(10)) + TEXT)
    ),
    "200,000 paragraphs": _made(lambda: page("<p>The ferry sails again.</p>" * 200_000)),
    "50,000 paragraphs": _made(lambda: page("<p>The ferry sails again, the harbour board said.</p>" * 50_000)),
    "a 10 MB word": _made(lambda: page(f"<p>{'a' * 9_990_000}</p>")),
    "a 10 MB space": _made(lambda: page(f"<p>{' ' * 9_900_000}</p>{TEXT}")),
    "NUL bytes": Hostile(lambda: page(TEXT).replace("o", "o\0").encode(), sentence="The harbour board met"),
    "nested 100,000 deep": _made(lambda: page("<div>" * 100_000 + TEXT)),
    "inline, nested 100,000 deep": _made(lambda: page("<p>" + "<b>" * 100_000 + TEXT)),
    "tables, nested 3,000 deep": _made(lambda: page("<table><tr><td>" * 3_000 + TEXT)),
    "100,000 links": _made(lambda: page("<a href='#'>word</a> " * 100_000 + TEXT)),
    "2,000,000 angles": _made(lambda: "<" * 2_000_000),
    "100,000 open quotes": _made(lambda: "<p a='" * 100_000),
    "JSON, nested 200,000 deep": _made(
        lambda: page(TEXT, f"<script type='application/ld+json'>{'[' * 200_000}</script>"), "The harbour board met"
    ),
    "50,000 authors": _made(lambda: page(TEXT, "<meta name='author' content='A B and C D'>" * 50_000)),
    "20,000 dates": _made(lambda: page("<span class='date'>1 2 3 4 5 6 7 8 9</span>" * 20_000 + TEXT)),
    "a title of 1 MB": _made(lambda: page(TEXT, f"<meta property='og:title' content='{'A - ' * 250_000}'>")),
    "a lying charset": Hostile(
        lambda: told(SENTENCE.format("ä"), "utf-8", ""), "text/html; charset=utf-16", SENTENCE.format("ä").strip()
    ),
    "a charset that nobody knows": Hostile(lambda: told(SENTENCE, "utf-8", "x-none"), "text/html; charset=x", "ferry"),
    "gbk": Hostile(lambda: told(CHINESE, "gbk", "gbk"), sentence=CHINESE),
    "shift-jis": Hostile(lambda: told(JAPANESE, "shift_jis", "Shift_JIS"), sentence=JAPANESE),
    "koi8-r": Hostile(lambda: told(CYRILLIC, "koi8-r", "KOI8-R"), sentence=CYRILLIC.strip()),
    "windows-1251": Hostile(
        lambda: told(CYRILLIC, "cp1251", ""), "text/html; charset=windows-1251", CYRILLIC.strip()
    ),
    "not HTML": Hostile(lambda: bytes(range(256)) * 4_000),
    "nothing": Hostile(lambda: b""),
}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """How the reading of a page went; ``problem`` says what should not have happened."""

    seconds: float
    memory_mb: float
    result: Article | Unreadable
    problem: str


def read(workers: Workers, name: str, hostile: Hostile) -> Reading:
    """Read a hostile page, then a good one."""
    job, good = _job(name, hostile.body(), hostile.content_type), _job("good", page(TEXT).encode())
    started = time.monotonic()
    with peak_memory_mb() as memory:
        (result,) = workers.extract_all([job])
    seconds = time.monotonic() - started
    (after,) = workers.extract_all([good])
    if isinstance(result, Mishandled):
        raise result
    problems = {
        f"more than {MOST_SECONDS:g} s": seconds > MOST_SECONDS,
        f"more than {MOST_MB} MB": memory() > MOST_MB,
        "its sentence is not in it": isinstance(result, Unreadable) or hostile.sentence not in result.text,
        "the next page was not read": not isinstance(after, Article),
    }
    if not hostile.sentence:
        problems.pop("its sentence is not in it")
    return Reading(seconds, memory(), result, ", ".join(problem for problem, holds in problems.items() if holds))


def _job(name: str, body: bytes, content_type: str = "text/html") -> Job:
    url = f"https://paper.example/{'-'.join(name.split())}"
    entry = FeedEntry(source_id=SourceId(1), url=url, link=url, title="Ferry", seen_at=NOW)
    return Job(page=Page(url=url, html=decode(body, content_type), fetched_at=NOW), entry=entry)


@contextmanager
def peak_memory_mb() -> Iterator[Callable[[], float]]:
    """Give the most resident memory that one process of those that descend from us held meanwhile, in MB."""
    ours, most, done = _descendants(), [0.0], threading.Event()
    for pid in ours:
        with suppress(OSError):
            Path(f"/proc/{pid}/clear_refs").write_text("5", "utf-8")  # the peak so far is another page's

    def watch() -> None:
        while not done.wait(0.02):
            most.append(max(map(_peak_mb, _descendants()), default=0.0))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield lambda: max(most)
    finally:
        most.append(max(map(_peak_mb, _descendants()), default=0.0))
        done.set()
        watcher.join()


def _descendants() -> set[int]:
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text("utf-8").rpartition(")")[2].split()[1])
    family, grown = {os.getpid()}, True
    while grown:
        children = {pid for pid, parent in parents.items() if parent in family}
        grown = not children <= family
        family |= children
    return family - {os.getpid()}


def _peak_mb(pid: int) -> float:
    with suppress(OSError, StopIteration):
        status = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024
    return 0.0


def main() -> int:
    """Print the figures."""
    failed = False
    with Workers(ExtractSettings(workers=1)) as workers:
        read(workers, "warming up", Hostile(page(TEXT).encode))
        for name, hostile in HOSTILE.items():
            reading = read(workers, name, hostile)
            result = reading.result
            became = f"{result.word_count} words" if isinstance(result, Article) else f"unreadable: {result.reason:.70}"
            print(
                f"{name:38} {reading.seconds:5.1f} s {reading.memory_mb:5.0f} MB  {became}  {reading.problem.upper()}"
            )
            failed |= bool(reading.problem)
    return failed


if __name__ == "__main__":
    sys.exit(main())
