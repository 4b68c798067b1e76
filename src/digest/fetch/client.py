"""The HTTP client: one request at a time, with limits, redirects and cookies, over the connections of ``transport``.

The client of httpx 0.28 reads the Location of a redirect even when it does not follow it, and fails on a hostile one.
So each request goes to the transport itself. Bodies are read raw and decoded here, because httpx has no limit for
decoded bytes.
"""

from __future__ import annotations

import math
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

import httpx

from digest.errors import (
    FetchError,
    RedirectLoop,
    RefusedAddress,
)
from digest.fetch import address_guard, refresh
from digest.fetch.body import BodySize, read_body
from digest.fetch.charset import decode
from digest.fetch.cookies import Jar
from digest.fetch.post_answer import PostAnswer
from digest.fetch.transport import HEADER_ALLOWANCE, Bounds, translated, transport, usual_trust
from digest.settings import FetchSettings
from digest.text.urls import absolute

MOST_REDIRECTS = 5
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PERMANENT = frozenset((301, 308))
_NOT_MODIFIED = 304
OK = 200
ACCEPT_FEEDS = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "text/html;q=0.5, */*;q=0.1"
)
ACCEPT_PAGES = "text/html, application/xhtml+xml, application/xml;q=0.8, */*;q=0.1"
ACCEPT_PICTURES = "image/jpeg, image/webp, image/png;q=0.9, image/gif;q=0.5"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """The last answer of a request. ``body`` is decoded; it is empty unless ``status`` is 200."""

    url: str
    """The address at the end of the redirects."""
    status: int
    body: bytes = b""
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    retry_after: str | None = None
    link: str = ""
    """The Link header (RFC 8288): a page may name its feed there."""
    refresh: str = ""
    """The Refresh header (HTML, section 7.5.2), as written."""
    robots_tags: tuple[str, ...] = ()
    """The X-Robots-Tag headers, as written."""
    tdm_reservation: str = ""
    moved_to: str | None = None
    """The address after the permanent redirects (301, 308) at the start of the chain. None: no such redirect."""

    @property
    def not_modified(self) -> bool:
        """Whether our stored copy is still current."""
        return self.status == _NOT_MODIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What an earlier answer sent for conditional requests (RFC 9110, section 8.8)."""

    etag: str | None = None
    last_modified: str | None = None
    url: str | None = None
    """The address that sent them. They are sent to no other address; None: to any."""

    def conditions(self, url: str) -> dict[str, str]:
        """Return the headers for a conditional request to ``url``. Values that could inject a header are left out."""
        if self.url not in {None, url}:
            return {}
        stored = (("if-none-match", self.etag), ("if-modified-since", self.last_modified))
        return {name: value for name, value in stored if value and value.isascii() and value.isprintable()}


NONE = Validators()


class Client:
    """Fetches within the limits of the settings. The program has one; it is safe to use from many threads at once."""

    def __init__(
        self,
        settings: FetchSettings,
        *,
        resolver: address_guard.Resolver | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        """Create the client. ``resolver`` defaults to the system's, ``ssl_context`` to certifi's authorities."""
        self._settings = settings
        self._bounds = Bounds()
        self._resolver = resolver or address_guard.SystemResolver()
        self._allowed = address_guard.networks(settings.allow_networks)
        trust = ssl_context or usual_trust()
        self._transport = transport(self._bounds, settings, self._resolver, self._allowed, trust)
        self._headers = {"user-agent": settings.user_agent, "accept-encoding": "gzip", "accept-language": "*"}
        connect, total = settings.connect_timeout_seconds, settings.total_timeout_seconds
        self._timeouts = httpx.Timeout(total, connect=connect, pool=None).as_dict()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._transport.close()

    def get(  # noqa: PLR0913 - what a request is made with
        self,
        url: str,
        *,
        accept: str,
        cap_bytes: int,
        cut: bool = False,
        validators: Validators = NONE,
        refreshes: bool = False,
        until: float = math.inf,
    ) -> HttpAnswer:
        """Return the answer to one GET request after its redirects, whatever its status.

        With ``validators`` the request is conditional, and the answer may be 304. ``cap_bytes`` limits the bytes
        received; a decoded body has at most ``decoded_bytes`` of the settings. With ``cut``, a body that is too large
        is cut there instead of refused. With ``refreshes``, a page that only forwards its visitors counts as a
        redirect. Cookies are kept for this chain of redirects alone. The request ends at the total timeout of the
        settings or at ``until`` (monotonic seconds), whichever is first.

        Raises:
            FetchError: One of its subclasses.
        """
        self._bounds.deadline = min(time.monotonic() + self._settings.total_timeout_seconds, until)
        moved_to: str | None = None
        permanent = True
        here = address_guard.destination(url)
        size = BodySize(received=cap_bytes, decoded=self._settings.decoded_bytes, cut=cut)
        jar = Jar()
        for _ in range(MOST_REDIRECTS + 1):
            headers = {"accept": accept, **validators.conditions(here.url)}
            if cookie := jar.header(here.url):
                headers["cookie"] = cookie
            answer, location = self._one(here, headers, size, jar)
            if location is None and refreshes:
                location = _sent_on(answer, again=jar.header(here.url) != cookie)
            if location is None:
                return answer if moved_to is None else replace(answer, moved_to=moved_to)
            permanent = permanent and answer.status in _PERMANENT
            here = _next(here, location)
            moved_to = here.url if permanent else moved_to
        raise RedirectLoop(url, f"more than {MOST_REDIRECTS} redirects")

    def post(self, url: str, body: bytes, headers: Mapping[str, str], read_bytes: int = 0) -> PostAnswer:
        """Return the answer to one POST request. Redirects are not followed.

        The first ``read_bytes`` of the body are read, unless the status is a success.

        Raises:
            FetchError: One of its subclasses, as in ``get``.
        """
        self._bounds.deadline = time.monotonic() + self._settings.total_timeout_seconds
        here = address_guard.destination(url)
        self._begin(here)
        with translated(here.url), self._response(here.url, dict(headers), read_bytes, "POST", body) as response:
            said = b""
            for piece in () if response.is_success or not read_bytes else response.iter_raw(read_bytes):
                said = (said + piece)[:read_bytes]
                if len(said) == read_bytes:
                    break
            return PostAnswer(response.status_code, said, response.headers.get("retry-after"))

    def _one(
        self, here: address_guard.Destination, headers: dict[str, str], size: BodySize, jar: Jar
    ) -> tuple[HttpAnswer, str | None]:
        """Return the answer to one request and, if it is a redirect, the address to which it leads."""
        self._begin(here)
        with translated(here.url), self._response(here.url, headers, size.received) as response:
            jar.keep(here.url, response.headers.get_list("set-cookie"), response.headers.get("date", ""))
            location = response.headers.get("location") if response.status_code in _REDIRECTS else None
            body = b""
            if response.status_code == OK:
                body = read_body(here.url, response.headers, response.iter_raw(), size)
            elif response.status_code == _NOT_MODIFIED:
                for _ in response.iter_raw():  # the connection is free again only after the answer is read to its end
                    pass
            return _answer(here.url, response, body), location

    @contextmanager
    def _response(
        self, url: str, headers: dict[str, str], cap_bytes: int, method: str = "GET", body: bytes | None = None
    ) -> Iterator[httpx.Response]:
        extensions = {"timeout": self._timeouts}
        request = httpx.Request(method, url, headers=self._headers | headers, content=body, extensions=extensions)
        response = self._transport.handle_request(request)
        self._bounds.bytes_left += cap_bytes
        try:
            yield response
        finally:
            response.close()

    def _begin(self, here: address_guard.Destination) -> None:
        """Begin a request. A proxy resolves names, perhaps some that we cannot: then the address is not checked."""
        self._bounds.url = here.url
        self._bounds.bytes_left = HEADER_ALLOWANCE
        if self._settings.proxy is None:
            return
        try:
            seconds = self._bounds.seconds_left(self._settings.connect_timeout_seconds)
            address_guard.targets(here.url, here.host, self._resolver, self._allowed, seconds)
        except RefusedAddress:
            raise
        except FetchError:
            return


def _next(here: address_guard.Destination, location: str) -> address_guard.Destination:
    """Return the checked destination of a redirect.

    Raises:
        RefusedAddress: It leads to an address that is not public, or from https to http.
    """
    link = absolute(location, here.url)
    if link is None:
        raise RefusedAddress(here.url, f"redirects to an address that is not http(s): {location!r:.200}")
    there = address_guard.destination(link.partition("#")[0])
    if here.scheme == "https" and there.scheme == "http":
        raise RefusedAddress(here.url, f"redirects from https to {there.url}")
    return there


def _sent_on(answer: HttpAnswer, *, again: bool) -> str | None:
    """Return where a page forwards its visitors, or None. A page may forward to itself only if ``again``."""
    if answer.status != OK or len(answer.body) > refresh.LONGEST_PAGE:
        return None
    link = refresh.target(decode(answer.body, answer.content_type), answer.refresh)
    there = None if link is None else absolute(link, answer.url)
    if there is None or (there.partition("#")[0] == answer.url and not again):
        return None
    return there


def _answer(url: str, response: httpx.Response, body: bytes) -> HttpAnswer:
    headers = response.headers
    return HttpAnswer(
        url=url,
        status=response.status_code,
        body=body,
        content_type=headers.get("content-type", ""),
        etag=headers.get("etag"),
        last_modified=headers.get("last-modified"),
        retry_after=headers.get("retry-after"),
        link=headers.get("link", ""),
        refresh=headers.get("refresh", ""),
        robots_tags=tuple(headers.get_list("x-robots-tag")),
        tdm_reservation=headers.get("tdm-reservation", ""),
    )
