"""The robots.txt rules and reservations of sites. They are fetched once a day and parsed once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from digest.errors import (
    ConnectionLost,
    FetchError,
    HttpStatus,
    ItemSetAside,
    NameNotFound,
    OutOfTime,
    TlsFailure,
    TooSlow,
)
from digest.fetch import robots, tdmrep
from digest.fetch.charset import decode
from digest.fetch.client import HttpAnswer
from digest.fetch.pace import Pace, host_of
from digest.model.quarantine import Guard, ItemKind
from digest.settings import FetchSettings

_OK, _NOT_FOUND, _UNAVAILABLE = 200, 404, 503
_UNANSWERED = (NameNotFound, TlsFailure, TooSlow, ConnectionLost)


class Ask(Protocol):
    """Fetches one small file at the pace that its host allows."""

    def __call__(self, url: str, accept: str, cap_bytes: int, *, cut: bool = False) -> HttpAnswer:
        """Return the answer, with ``cut`` only the beginning of a body that is too large; raise FetchError."""
        ...


class SiteRules:
    """The rules of sites. It may be used from many threads."""

    def __init__(self, ask: Ask, pace: Pace, shelf: robots.RobotsShelf, guard: Guard, settings: FetchSettings) -> None:
        """Fetch with ``ask``, store files in ``shelf``, and slow down ``pace`` where a site demands it."""
        self._get, self._pace, self._shelf, self._guard, self._settings = ask, pace, shelf, guard, settings
        self._known: dict[str, tuple[datetime, robots.Rules]] = {}
        self._lock = threading.Lock()

    def reserve(self, url: str) -> bool:
        """Return whether the page's site reserves the page. False when the site's file was not fetched."""
        with self._lock:
            known = self._known.get(robots.origin(url))
        return known is not None and known[1].reserves(url)

    def of(self, url: str, now: datetime) -> robots.Rules:
        """Return the rules of the page's site: already parsed, or stored, or fetched."""
        origin = robots.origin(url)
        with self._lock:
            known = self._known.get(origin)
        if known is not None and now < known[0]:
            return known[1]
        file, valid_until = self._robots_file(origin, now)
        rules = self._judged(origin, file, now)
        with self._lock:
            self._known[origin] = (valid_until, rules)
        self._pace.slow_down(host_of(url), rules.delay.total_seconds())
        return rules

    def _judged(self, origin: str, file: robots.RobotsFile, now: datetime) -> robots.Rules:
        """Return the rules of a robots.txt. If digest itself fails at it, the site is not read until a repair."""
        try:
            with self._guard(ItemKind.ROBOTS, origin, file.text.encode("utf-8", "replace")):
                return robots.Rules(file, self._settings.user_agent)
        except ItemSetAside:
            return robots.Rules(robots.read(_UNAVAILABLE, "", now), self._settings.user_agent)

    def _robots_file(self, origin: str, now: datetime) -> tuple[robots.RobotsFile, datetime]:
        """Return the robots.txt that applies to the site, stored or fetched, and when it has to be fetched again."""
        kept = self._shelf.robots(origin)
        if kept is not None and now < robots.valid_until(kept):
            return kept, robots.valid_until(kept)
        asked = self._asked_robots(origin, now)
        may_ask = self._settings.reserved != "page" and self._judged(origin, asked, now).allows(origin + tdmrep.PATH)
        if may_ask:
            asked = replace(asked, reserved=self._asked_reservations(origin))
        file = robots.better(kept, asked)
        self._shelf.keep_robots(origin, file)
        return file, robots.valid_until(asked)

    def _asked_robots(self, origin: str, now: datetime) -> robots.RobotsFile:
        """Return a site's robots.txt. If its redirects cannot be followed, it has none (RFC 9309, section 2.3.1.2)."""
        try:
            answer = self._get(f"{origin}/robots.txt", "text/plain, */*;q=0.1", robots.MOST_BYTES, cut=True)
        except (HttpStatus, OutOfTime):  # the request was not sent
            raise
        except FetchError as problem:
            if robots.origin(problem.url) != origin or not isinstance(problem, _UNANSWERED):
                return robots.read(_NOT_FOUND, "", now)
            if not isinstance(problem, TooSlow | ConnectionLost):  # the pages fail in the same way
                raise
            return robots.read(_UNAVAILABLE, "", now)
        return robots.read(answer.status, decode(answer.body, answer.content_type), now)

    def _asked_reservations(self, origin: str) -> str:
        """Return a site's file of reservations; empty when it has none or it cannot be fetched."""
        try:
            answer = self._get(f"{origin}{tdmrep.PATH}", "application/json, */*;q=0.1", tdmrep.MOST_BYTES)
        except OutOfTime:
            raise
        except FetchError:
            return ""
        text = decode(answer.body, answer.content_type).lstrip("\ufeff \t\r\n") if answer.status == _OK else ""
        return text if text.startswith("[") else ""
