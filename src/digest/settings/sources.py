"""The sources of articles, and how they are fetched and read."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from digest.settings.types import Text


class SourceSettings(Struct, frozen=True, kw_only=True):
    """One source, as written by the operator."""

    url: Text
    """URL of its feed, news sitemap or front page."""
    name: Text
    """Its name in letters and reports."""
    publisher: str = ""
    """Whose vote it is when stories are ranked; empty means the site's registered domain."""
    kind: Literal["feed", "sitemap", "front-page"] = "feed"
    """How the source lists its articles."""
    weight: Annotated[float, Meta(gt=0, le=10)] = 1.0
    """Weight of its vote when stories are ranked."""
    section: str = ""
    """Section of its articles, such as sport."""
    language: str | None = None
    """Language of its articles (BCP 47); when missing, it is detected."""
    front_page: Annotated[str, Meta(pattern=r"^(auto|off|https?://\S+)$")] = "auto"
    """URL of its paper's front page, which shows what matters; "auto": the root of its site; "off": none."""


class FetchSettings(Struct, frozen=True, kw_only=True):
    """How the fetcher accesses other servers."""

    user_agent: Text = "digest/0.1 (+https://example.com/digest)"
    """Our User-Agent: name/version (+URL of a page about us for site owners)."""
    connections: Annotated[int, Meta(ge=1, le=200)] = 20
    """Most fetches at the same time, over all hosts."""
    host_pause_seconds: Annotated[float, Meta(ge=0, le=60)] = 1.0
    """Least time between two requests to one host."""
    connect_timeout_seconds: Annotated[float, Meta(gt=0)] = 5.0
    """Time limit for connecting to a server."""
    total_timeout_seconds: Annotated[float, Meta(gt=0)] = 30.0
    """Time limit for one request in total, with redirects."""
    feed_bytes: Annotated[int, Meta(gt=0)] = 2_000_000
    """Most bytes of a feed as transferred."""
    page_bytes: Annotated[int, Meta(gt=0)] = 5_000_000
    """Most bytes of an article's page as transferred."""
    decoded_bytes: Annotated[int, Meta(gt=0)] = 10_000_000
    """Most bytes of any body after decompression."""
    allow_networks: tuple[str, ...] = ()
    """Private networks (CIDR) that may be fetched from."""
    proxy: str | None = None
    """URL of a proxy for all requests; when missing, no proxy is used."""
    reserved: Literal["headline", "feed", "page"] = "headline"
    """What to use of an article whose page forbids excerpts (nosnippet, a short max-snippet, tdm-reservation): only
    its headline, the feed's own text, or the page anyway."""
    fresh_minutes: Annotated[int, Meta(ge=0)] = 30
    """``send`` fetches first when the last fetch is older than this."""
    send_seconds: Annotated[float, Meta(gt=0)] = 30.0
    """How long ``send``, and an edition that is due, waits for a fetch; the rest is fetched the next time."""


class ExtractSettings(Struct, frozen=True, kw_only=True):
    """Limits of the worker processes that read pages."""

    workers: Annotated[int, Meta(ge=0, le=64)] = 0
    """Number of worker processes; 0 means one per core."""
    page_seconds: Annotated[float, Meta(gt=0)] = 8.0
    """Most CPU time and wall time for one page."""
    memory_mb: Annotated[int, Meta(ge=256)] = 1024
    """Most memory of a worker."""
