"""Where articles come from, and how they are read."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from digest.settings.types import Text


class SourceSettings(Struct, frozen=True, kw_only=True):
    """One source that the operator wrote into the file."""

    url: Text
    """Address of its feed, news sitemap or front page."""
    name: Text
    """How letters and reports call it."""
    publisher: str = ""
    """Who votes when stories are ranked; the site's registered name when empty."""
    kind: Literal["feed", "sitemap", "front-page"] = "feed"
    """How it lists its articles."""
    weight: Annotated[float, Meta(gt=0, le=10)] = 1.0
    """How much its word counts when stories are ranked."""
    section: str = ""
    """Which section its articles belong to, such as sport."""
    language: str | None = None
    """Language that it writes (BCP 47), when it should not be guessed."""
    front_page: Annotated[str, Meta(pattern=r"^(auto|off|https?://\S+)$")] = "auto"
    """Where its paper's editors show what matters: "auto" reads the root of its site, "off" none, or an address."""


class FetchSettings(Struct, frozen=True, kw_only=True):
    """How the fetcher behaves towards strangers' servers."""

    user_agent: Text = "digest/0.1 (+https://example.com/digest)"
    """How we introduce ourselves: name/version (+URL where site owners can read about us)."""
    connections: Annotated[int, Meta(ge=1, le=200)] = 20
    """Fetches at the same time, over all hosts."""
    host_pause_seconds: Annotated[float, Meta(ge=0, le=60)] = 1.0
    """Least time between two requests to one host."""
    connect_timeout_seconds: Annotated[float, Meta(gt=0)] = 5.0
    """How long a server may take to accept a connection."""
    total_timeout_seconds: Annotated[float, Meta(gt=0)] = 30.0
    """How long one request may take in all, redirects included."""
    feed_bytes: Annotated[int, Meta(gt=0)] = 2_000_000
    """Most bytes of a feed on the wire."""
    page_bytes: Annotated[int, Meta(gt=0)] = 5_000_000
    """Most bytes of an article's page on the wire."""
    decoded_bytes: Annotated[int, Meta(gt=0)] = 10_000_000
    """Most bytes of any body once it is decompressed."""
    allow_networks: tuple[str, ...] = ()
    """Own networks (CIDR) that may be fetched from though they are not public."""
    proxy: str | None = None
    """URL of a proxy that all requests go through; none unless it is named here."""
    reserved: Literal["headline", "feed", "page"] = "headline"
    """What serves of an article whose page forbids excerpts (nosnippet, a short max-snippet, tdm-reservation):
    its headline only, the feed's own text, or the page all the same."""
    fresh_minutes: Annotated[int, Meta(ge=0)] = 30
    """``send`` fetches first when the last fetch is older."""
    send_seconds: Annotated[float, Meta(gt=0)] = 30.0
    """How long ``send``, and an edition whose time has come, waits for a fetch; the rest is fetched the next time."""


class ExtractSettings(Struct, frozen=True, kw_only=True):
    """Bounds of the worker processes that read strangers' pages."""

    workers: Annotated[int, Meta(ge=0, le=64)] = 0
    """Worker processes; 0 means one for each core."""
    page_seconds: Annotated[float, Meta(gt=0)] = 8.0
    """CPU and wall time that one page may take."""
    memory_mb: Annotated[int, Meta(ge=256)] = 1024
    """Memory that a worker may take."""
