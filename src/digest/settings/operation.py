"""How the service is run: where it stores, what it keeps, whom it tells."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from digest.settings.types import Text


class DatabaseSettings(Struct, frozen=True, kw_only=True):
    """Where everything is stored."""

    url: Text = "sqlite:///digest.db"
    """``sqlite:///FILE`` or ``postgresql+psycopg://user:password@host/name``."""


class ServeSettings(Struct, frozen=True, kw_only=True):
    """Who does the work of `digest serve`."""

    crew: Literal["threads", "cluster"] = "threads"
    """`threads` of one process, or processes on many machines (`cluster`: PostgreSQL and `digest-press[cluster]`)."""


class RetentionSettings(Struct, frozen=True, kw_only=True):
    """How many days things are kept; 0 keeps them for ever. Editions, letters, and what they quote and show, stay.

    `digest serve` takes out once a day what is older, and `digest prune` at once.
    """

    articles_days: Annotated[int, Meta(ge=0, le=36_500)] = 400
    """Versions of articles that no letter quotes. `digest rebuild` can make an edition again as long as what it was
    made from is kept: so long, less the days of its window; `digest verify` for ever."""
    entries_days: Annotated[int, Meta(ge=0, le=36_500)] = 180
    """Links that no source lists any more and of which no article is kept; one that comes again counts as new."""
    deliveries_days: Annotated[int, Meta(ge=0, le=36_500)] = 400
    """Who got an edition, and the server's words; at least 60. The sums stay: `digest audit` goes by them."""
    runs_days: Annotated[int, Meta(ge=0, le=36_500)] = 90
    """Reports of fetches and sendings, but the newest of each kind."""
    events_days: Annotated[int, Meta(ge=0, le=36_500)] = 90
    """Events that sending services posted; at least 7. What came of them is with the bounces."""
    pictures_days: Annotated[int, Meta(ge=0, le=36_500)] = 30
    """Pictures that no letter shows."""
    journals_days: Annotated[int, Meta(ge=0, le=36_500)] = 30
    """Hand-over journals of runs that ended in the middle; at least 7. What they prove is in the ledger since."""
    quarantine_days: Annotated[int, Meta(ge=0, le=36_500)] = 180
    """Items that were set aside, but sources; one that comes again is tried again."""
    audit_days: Annotated[int, Meta(ge=0, le=36_500)] = 400
    """What was done at the desk, by whom and from where (`digest log`)."""


class LogSettings(Struct, frozen=True, kw_only=True):
    """What is logged, to stderr; docs/logs.md lists the events."""

    level: Literal["error", "warning", "info", "debug"] | None = None
    """Least level that is written; without it `info` for `digest serve` and `digest web`, and nothing elsewhere."""
    format: Literal["text", "json"] = "text"
    """A line of text for each event, or a line of JSON; `digest --log-format` goes before it."""


class MonitorSettings(Struct, frozen=True, kw_only=True):
    """Where `digest serve` tells machines how it is: /health/live, /health/ready and /metrics (Prometheus)."""

    host: Text = "127.0.0.1"
    """Address on which it is told; whoever reaches it can read it, so keep it from the public."""
    port: Annotated[int, Meta(ge=0, le=65535)] = 0
    """Port of its own on which it is told; with 0 it is not."""


class AlertSettings(Struct, frozen=True, kw_only=True):
    """What the operator is told by `digest serve` without asking, once each and once more when it is over."""

    mail: tuple[str, ...] = ()
    """Addresses that are told by mail."""
    webhook: str | None = None
    """URL that is told by a POST with JSON; its ``text`` is what chat programs show."""
    allow_networks: tuple[str, ...] = ()
    """Own networks (CIDR) in which the webhook may stand though they are not public."""
    late_minutes: Annotated[int, Meta(ge=1, le=1440)] = 15
    """How long after its time an edition may begin."""
    relay_minutes: Annotated[int, Meta(ge=0, le=1440)] = 10
    """How long a relay may be out of reach; one that refuses us is told at once."""
    source_days: Annotated[int, Meta(ge=1, le=30)] = 3
    """How long a source may fail."""
    bounce_percent: Annotated[float, Meta(gt=0, le=100)] = 5.0
    """Share of the letters of three days that may be refused or bounce for good."""
    complaint_percent: Annotated[float, Meta(gt=0, le=100)] = 0.3
    """Share of the letters of three days that readers may complain of."""
    disk_percent: Annotated[int, Meta(ge=0, le=90)] = 10
    """Share of the disk that must be free; 0: it is not looked at."""
    certificate_days: Annotated[int, Meta(ge=0, le=90)] = 14
    """How long before its end a relay's TLS certificate is told of."""


class KeySettings(Struct, frozen=True, kw_only=True):
    """Secret keys by key id, from the secrets file; made by ``digest init``."""

    current: str = ""
    """Id of the key that signs; the others still verify."""
    ring: dict[str, str] = field(default_factory=dict)
    """Key id -> 64 hexadecimal digits (256 bits)."""
