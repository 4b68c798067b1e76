"""Errors of fetching and extracting, and of the list of sources."""

from __future__ import annotations

from datetime import timedelta

from digest.errors.program import Advice, DigestError


class FetchError(DigestError):
    """Nothing usable was received from ``url``."""

    advice = Advice.SKIP

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class RefusedAddress(FetchError):  # noqa: N818
    """The URL leads to no public server; it is never retried."""


class ForbiddenByRobots(FetchError):  # noqa: N818
    """The site's robots.txt forbids this page to us."""


class Reserved(FetchError):  # noqa: N818
    """The page forbids quotation; ``headline_only`` says whether the feed's own text may not be used either."""

    def __init__(self, url: str, words: str, *, headline_only: bool) -> None:
        super().__init__(url, f"the page forbids excerpts ({words})")
        self.headline_only = headline_only


class TooLarge(FetchError):  # noqa: N818
    """The answer has more bytes than the limit, compressed or decompressed."""


class BadEncoding(FetchError):  # noqa: N818
    """The body is not encoded as its headers say, or has a content coding that we did not ask for."""


class RedirectLoop(FetchError):  # noqa: N818
    """The answer redirects more often than we follow; browsers would stop, too."""


class NotAFeed(FetchError):  # noqa: N818
    """The body is neither a feed nor a sitemap that any of our parsers understands."""


class NotAPage(FetchError):  # noqa: N818
    """The article has no page: the source links to none, or the link leads to a sound, a film, a picture or a PDF."""


class NotHtml(FetchError):  # noqa: N818
    """The link leads to data that is neither a page nor something that people read, hear or see."""


class TooSlow(FetchError):  # noqa: N818
    """The deadline of the request passed."""

    advice = Advice.RETRY


class OutOfTime(FetchError):  # noqa: N818
    """The time for the whole fetch was over before the answer arrived; this says nothing about the site."""

    advice = Advice.RETRY


class NameNotFound(FetchError):  # noqa: N818
    """The host name has no address."""

    advice = Advice.RETRY


class TlsFailure(FetchError):  # noqa: N818
    """The TLS handshake failed, or the certificate is for another name."""

    advice = Advice.RETRY


class ConnectionLost(FetchError):  # noqa: N818
    """The connection was refused, reset, or closed before the body was complete."""

    advice = Advice.RETRY


class HttpStatus(FetchError):  # noqa: N818
    """The server answered with a status that is not a success; 408, 425, 429 and 5xx are retried."""

    def __init__(self, url: str, status: int, retry_after: timedelta | None = None) -> None:
        super().__init__(url, f"HTTP status {status}")
        self.status = status
        self.retry_after = retry_after
        retried = status in {408, 425, 429} or status >= 500  # noqa: PLR2004 - RFC 9110, section 15
        self.advice = Advice.RETRY if retried else Advice.SKIP


class ExtractError(DigestError):
    """A page has no usable article."""

    advice = Advice.SKIP

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class Unreadable(ExtractError):  # noqa: N818
    """The page was hostile to parsers, too slow to parse, or empty."""


class Wordless(Unreadable):
    """The page is a video, a gallery or a live blog. It has no text of its own, and the feed has none either."""


class SourceError(DigestError):
    """A command or API call about one source cannot be carried out."""


class UnknownSource(SourceError):  # noqa: N818
    """No source has that number, name or address."""


class ListedInSettings(SourceError):  # noqa: N818
    """The settings file lists the source: a command cannot remove it, only disable it."""
