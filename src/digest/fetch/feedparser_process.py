"""Runs the second parser, feedparser, in a separate process. It reads what the first cannot, but can take too long.

Measured: 50,000 attributes in one tag cost it 30 s, 50,000 items 14 s. So the process has a deadline and a limit of
memory. It starts with the first feed that needs it, parses one feed at a time, and is killed at the deadline.
"""

from __future__ import annotations

import atexit
import json
import os
import resource
import selectors
import struct
import subprocess
import sys
import threading
import time
from typing import IO, TypedDict

from digest.errors import NotAFeed
from digest.fetch.raw import MOST_CATEGORIES, RawEntry, RawFeed

SECONDS = 5.0
MEMORY_BYTES = 1 << 30
_FEEDS_PER_PROCESS = 500
"""After this many feeds the process is replaced, so that memory leaked by hostile feeds is freed."""
_START_SECONDS = 20.0
_LENGTH = struct.Struct(">I")
_PIECE_BYTES = 1 << 16
_READY = b"."
_PROGRAM = "from digest.fetch.feedparser_process import serve; serve()"


class _Entry(TypedDict):
    link: str
    id: str
    title: str
    summary_html: str
    content_html: str
    author: str
    published: str
    updated: str
    categories: list[str]


class _Found(TypedDict):
    title: str
    language: str
    site: str
    entries: list[_Entry]


class PatientReader:
    """Sends feeds to the process, one at a time. It may be called from many threads."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        """The time limit for the next feed."""
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._feeds = 0

    def read(self, xml: bytes, url: str, most: int) -> RawFeed:
        """Return the feed that feedparser finds in a UTF-8 document, with at most ``most`` entries.

        Raises:
            NotAFeed: It finds no feed, fails, or takes longer than ``seconds``.
        """
        with self._lock:
            try:
                answer = self._ask(xml, most)
            except TimeoutError as problem:
                self._end()
                raise NotAFeed(url, f"takes longer than {self.seconds:g} s to read") from problem
            except (OSError, EOFError) as problem:
                self._end()
                raise NotAFeed(url, "the parser process ended while it read the feed") from problem
        if isinstance(answer, str):
            raise NotAFeed(url, answer)
        entries = tuple(_raw(entry) for entry in answer["entries"])
        return RawFeed(title=answer["title"], site=answer["site"], language=answer["language"], entries=entries)

    def close(self) -> None:
        """End the process if it runs. A later read starts another."""
        with self._lock:
            self._end()

    def _ask(self, xml: bytes, most: int) -> _Found | str:
        process = self._running()
        stdin, stdout = _pipe(process.stdin), _pipe(process.stdout)
        self._feeds += 1
        stdin.write(_LENGTH.pack(most) + _LENGTH.pack(len(xml)) + xml)
        stdin.flush()
        deadline = time.monotonic() + self.seconds
        length = _LENGTH.unpack(_exactly(stdout, _LENGTH.size, deadline))[0]
        answer: _Found | str = json.loads(_exactly(stdout, length, deadline))
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._feeds >= _FEEDS_PER_PROCESS:
            self._end()
        if self._process is None:
            self._feeds = 0
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-c", _PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
            _exactly(_pipe(self._process.stdout), len(_READY), time.monotonic() + _START_SECONDS)
        return self._process

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.communicate()  # also closes both pipes
        self._process = None


def _raw(entry: _Entry) -> RawEntry:
    return RawEntry(
        link=entry["link"],
        id=entry["id"],
        title=entry["title"],
        summary_html=entry["summary_html"],
        content_html=entry["content_html"],
        author=entry["author"],
        published=entry["published"],
        updated=entry["updated"],
        categories=tuple(entry["categories"]),
    )


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    if end is None:
        raise AssertionError("the process was started with pipes")
    return end


def _exactly(pipe: IO[bytes], count: int, deadline: float) -> bytes:
    """Return the next ``count`` bytes; TimeoutError at the deadline, EOFError when the process has ended."""
    data = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while len(data) < count:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            piece = os.read(pipe.fileno(), min(_PIECE_BYTES, count - len(data)))
            if not piece:
                raise EOFError
            data += piece
    return bytes(data)


reader = PatientReader()
"""The instance that the whole program shares. Its process starts with the first feed."""
atexit.register(reader.close)


def serve() -> None:
    """Read feeds from stdin and write what they contain to stdout, until stdin ends. This is the process's program."""
    import feedparser  # noqa: F401, PLC0415 - takes 100 ms, before the first deadline begins

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    stdout.write(_READY)
    stdout.flush()
    while header := stdin.read(2 * _LENGTH.size):
        most, length = struct.unpack(">II", header)
        answer = json.dumps(_parsed(stdin.read(length), most)).encode()
        stdout.write(_LENGTH.pack(len(answer)) + answer)
        stdout.flush()


def _parsed(xml: bytes, most: int) -> _Found | str:
    """Return the contents of a feed, or the reason why it cannot be read."""
    import feedparser  # noqa: PLC0415 - only this process needs it

    try:
        feed = feedparser.parse(xml, sanitize_html=False, resolve_relative_uris=True)
    except Exception as problem:  # noqa: BLE001 - it fails on 2 of 100 fuzzed feeds, with errors of any type
        return f"cannot be read: {type(problem).__name__}"
    if not feed.version and not feed.entries:
        return "neither RSS, RDF, Atom nor JSON Feed"
    return {
        "title": _text(feed.feed.get("title")),
        "site": _text(feed.feed.get("link")),
        "language": _text(feed.feed.get("language")),
        "entries": [_entry(entry) for entry in feed.entries[:most]],
    }


def _entry(entry: dict[str, object]) -> _Entry:
    content = entry.get("content")
    first = content[0].get("value") if isinstance(content, list) and content else ""
    return {
        "link": _text(entry.get("link")),
        "id": _text(entry.get("id")),
        "title": _text(entry.get("title")),
        "summary_html": _text(entry.get("summary")),
        "content_html": _text(first),
        "author": _text(entry.get("author")),
        "published": _instant(entry.get("published_parsed") or entry.get("updated_parsed")),
        "updated": _instant(entry.get("updated_parsed")),
        "categories": _categories(entry.get("tags")),
    }


def _categories(tags: object) -> list[str]:
    listed = tags[:MOST_CATEGORIES] if isinstance(tags, list) else []
    return [_text(tag.get("label")) or _text(tag.get("term")) for tag in listed if isinstance(tag, dict)]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _instant(parsed: object) -> str:
    """Return feedparser's UTC time tuple as ISO 8601, or the empty string when there is none."""
    if not isinstance(parsed, tuple):
        return ""
    year, month, day, hour, minute, second = parsed[:6]
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{min(second, 59):02}+00:00"
