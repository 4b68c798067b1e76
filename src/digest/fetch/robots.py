"""Parses robots.txt (RFC 9309) into rules that can be stored, and decides what they allow. Pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol
from urllib.parse import urlsplit

from protego import Protego

from digest.fetch.tdmrep import reserves

KEPT_FOR = timedelta(hours=24)
UNREACHABLE_FOR = timedelta(hours=1)
"""A site whose robots.txt could not be fetched is asked for it again after this time."""
STALE_FOR = timedelta(days=30)
"""The last robots.txt is used for this long when a new one cannot be fetched (RFC 9309, section 2.3.1.4)."""
MOST_BYTES = 512_000
"""Only this much of a longer file is read. RFC 9309, section 2.5, asks for at least 500 KiB."""
LONGEST_DELAY = timedelta(seconds=60)
"""A longer crawl-delay is cut to this, because an edition has a deadline."""


_PACE = re.compile(r"^[ \t]*(?:crawl-delay|request-rate)[^\n]*", re.IGNORECASE | re.MULTILINE)
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?><!--.*?-->\s*)*<(?:!doctype\s|html\b|head\b|body\b)", re.IGNORECASE | re.DOTALL
)
_AGENT = re.compile(r"^([ \t]*user-agent[ \t]*:)[ \t]*([^\s#]*)[^\n]*", re.IGNORECASE | re.MULTILINE)
_TOKEN = re.compile(r"[\w-]+")
_LONG_NUMBER = re.compile(r"\d{7,}")


class Asks(Enum):
    """The meaning of a site's answer to the request for robots.txt."""

    RULES = "rules"
    NOTHING = "nothing"
    """4xx: everything public may be read."""
    UNREACHABLE = "patience"
    """429, 5xx, or no answer: nothing may be read until the site answers. Its value is stored in databases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsFile:
    """A site's robots.txt as last fetched. ``text`` is empty unless it has rules."""

    asks: Asks
    text: str
    fetched_at: datetime
    reserved: str = ""
    """The site's file of reservations (see ``tdmrep``), fetched together with robots.txt; empty when it has none."""


class RobotsShelf(Protocol):
    """A store of robots.txt files between runs. The key is the site's origin (``https://paper.example``)."""

    def robots(self, origin: str) -> RobotsFile | None:
        """Return the stored file of the site, or None."""
        ...

    def keep_robots(self, origin: str, file: RobotsFile) -> None:
        """Store ``file`` instead of the earlier one."""
        ...


class MemoryShelf:
    """A store that lasts as long as the process."""

    def __init__(self) -> None:
        self._files: dict[str, RobotsFile] = {}

    def robots(self, origin: str) -> RobotsFile | None:
        """Return the stored file of the site, or None."""
        return self._files.get(origin)

    def keep_robots(self, origin: str, file: RobotsFile) -> None:
        """Store ``file`` instead of the earlier one."""
        self._files[origin] = file


def origin(url: str) -> str:
    """Return the scheme and authority of an absolute URL. One robots.txt applies to all URLs with the same origin."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def read(status: int, text: str, now: datetime) -> RobotsFile:
    """Return the meaning of an answer to /robots.txt with ``status`` and ``text``. An HTML page contains no rules."""
    text = text.lstrip("\ufeff")
    if status == 200 and _PAGE.match(text):  # noqa: PLR2004
        return RobotsFile(asks=Asks.NOTHING, text="", fetched_at=now)
    if status == 200:  # noqa: PLR2004 - redirects were followed before
        return RobotsFile(asks=Asks.RULES, text=text, fetched_at=now)
    is_unreachable = status == 429 or status >= 500  # noqa: PLR2004 - RFC 9309, section 2.3.1
    return RobotsFile(asks=Asks.UNREACHABLE if is_unreachable else Asks.NOTHING, text="", fetched_at=now)


def valid_until(file: RobotsFile) -> datetime:
    """Return the time until which the file need not be fetched again."""
    return file.fetched_at + (UNREACHABLE_FOR if file.asks is Asks.UNREACHABLE else KEPT_FOR)


def better(old: RobotsFile | None, new: RobotsFile) -> RobotsFile:
    """Return which of the two files applies. An old one with rules still applies when the site does not answer."""
    if old is None or new.asks is not Asks.UNREACHABLE or old.asks is Asks.UNREACHABLE:
        return new
    return old if new.fetched_at - old.fetched_at < STALE_FOR else new


def _bounded(line: re.Match[str]) -> str:
    """Return the line of a rate with its numbers cut to six digits. Six digits are more than a week of seconds."""
    return _LONG_NUMBER.sub("999999", line[0][:200])


def _addressed(text: str, us: str) -> str:
    """Return a robots.txt in which each group is addressed to exactly ``us``, to all, or to another robot.

    A group is ours if its product token is ours (RFC 9309, section 2.2.1). The parser would compare parts of names.
    """

    def named(line: re.Match[str]) -> str:
        token = _TOKEN.match(line[2])
        if line[2] == "*":
            return f"{line[1]} *"
        return f"{line[1]} {us if token and token[0].lower() == us.lower() else 'not-' + us}"

    return _AGENT.sub(named, re.sub(r"\r\n?", "\n", text))


class Rules:
    """A robots.txt, parsed for one user agent."""

    def __init__(self, file: RobotsFile, user_agent: str) -> None:
        self._agent = user_agent.partition("/")[0].strip() or "*"
        self._asks = file.asks
        self._reserved = file.reserved
        self._parsed = Protego.parse(_PACE.sub(_bounded, _addressed(file.text, self._agent)))
        self.delay = self._delay()
        """The crawl-delay, or the interval of a request-rate; zero when the file names none."""

    def allows(self, url: str) -> bool:
        """Return whether the robot may read ``url``."""
        return not self.is_unreachable and bool(self._parsed.can_fetch(url, self._agent))

    def reserves(self, url: str) -> bool:
        """Return whether the site reserves ``url`` from text and data mining."""
        return bool(self._reserved) and reserves(self._reserved, url)

    @property
    def is_unreachable(self) -> bool:
        """Whether nothing may be read until the site's robots.txt can be fetched."""
        return self._asks is Asks.UNREACHABLE

    def _delay(self) -> timedelta:
        rate = self._parsed.request_rate(self._agent)
        pace = rate.seconds / rate.requests if rate is not None and rate.requests else 0.0
        seconds = max(float(self._parsed.crawl_delay(self._agent) or 0.0), pace)
        return timedelta(seconds=min(seconds, LONGEST_DELAY.total_seconds()))

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that the file names."""
        return tuple(self._parsed.sitemaps)
