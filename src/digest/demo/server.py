"""A web server on loopback for all invented papers; the Host header selects the paper."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType, TracebackType
from typing import Self
from urllib.parse import urlsplit

from digest.demo.drawings import DRAWINGS, PATH, drawing
from digest.demo.newsfeeds import CONTENT_TYPES, feed
from digest.demo.pages import article_page
from digest.demo.press import Access, Paper

Clock = Callable[[], datetime]

HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The server's answer to one request."""

    status: HTTPStatus
    content_type: str = PLAIN
    body: bytes = b""

    @property
    def etag(self) -> str:
        """The body's strong entity tag (RFC 9110, section 8.8.3)."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


def answer(paper: Paper, target: str, now: datetime) -> Answer:
    """Return the answer of ``paper`` to a request for ``target`` at ``now``; unpublished articles are not found."""
    path = urlsplit(target).path
    if path == "/robots.txt" and paper.robots:
        return Answer(status=HTTPStatus.OK, body=paper.robots.encode())
    if path == paper.feed_path:
        return Answer(status=HTTPStatus.OK, content_type=CONTENT_TYPES[paper.feed_format], body=feed(paper, now))
    drawn = path.removeprefix(PATH).removesuffix(".jpg")
    if path == f"{PATH}{drawn}.jpg" and drawn in DRAWINGS:
        return Answer(status=HTTPStatus.OK, content_type="image/jpeg", body=drawing(drawn))
    article = paper.at(target, now)
    if article is None:
        return Answer(status=HTTPStatus.NOT_FOUND, body=b"There is nothing at this address.\n")
    if article.access is Access.GONE:
        return Answer(status=HTTPStatus.GONE, body=b"This article has been taken down.\n")
    return Answer(status=HTTPStatus.OK, content_type=HTML, body=article_page(paper, article))


class PressServer:
    """The papers' server on one loopback port, running inside ``with``; ``clock`` decides what is published."""

    def __init__(self, papers: tuple[Paper, ...], clock: Clock) -> None:
        self._papers = {paper.host: paper for paper in papers}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._papers, clock))
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="demo-press", daemon=True
        )

    @property
    def port(self) -> int:
        """The port, chosen by the operating system."""
        return self._server.server_port

    @property
    def hosts(self) -> Mapping[str, tuple[str, int]]:
        """Host name of each paper -> the server's address and port, for the demo's resolver."""
        return MappingProxyType(dict.fromkeys(self._papers, ("127.0.0.1", self.port)))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(papers: Mapping[str, Paper], clock: Clock) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            now = clock()
            paper = papers.get(self.headers.get("Host", "").partition(":")[0].lower())
            if paper is None:
                self._send(Answer(status=HTTPStatus.MISDIRECTED_REQUEST, body=b"No paper of that name.\n"), now)
                return
            found = answer(paper, self.path, now)
            known = [tag.strip().removeprefix("W/") for tag in self.headers.get("If-None-Match", "").split(",")]
            fresh = found.status is HTTPStatus.OK and found.etag in known
            self._send(found, now, HTTPStatus.NOT_MODIFIED if fresh else found.status)

        def _send(self, found: Answer, now: datetime, status: HTTPStatus | None = None) -> None:
            status = status or found.status
            body = b"" if status is HTTPStatus.NOT_MODIFIED else found.body
            self.send_response_only(status)
            self.send_header("Date", format_datetime(now.astimezone(UTC), usegmt=True))
            self.send_header("Content-Type", found.content_type)
            if status is not HTTPStatus.NOT_MODIFIED:
                self.send_header("Content-Length", str(len(body)))
            if found.status is HTTPStatus.OK:
                self.send_header("ETag", found.etag)
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
            """Log nothing: the demo itself reports what it fetched."""

    return Handler
