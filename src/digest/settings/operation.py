"""How the service runs: its database, what it keeps, its logs, monitoring, alerts and keys."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from digest.settings.types import Text


class DatabaseSettings(Struct, frozen=True, kw_only=True):
    """The database of everything."""

    url: Text = "sqlite:///digest.db"
    """``sqlite:///FILE`` or ``postgresql+psycopg://user:password@host/name``."""


class ServeSettings(Struct, frozen=True, kw_only=True):
    """How `digest serve` distributes its work."""

    crew: Literal["threads", "cluster"] = "threads"
    """`threads` of one process, or processes on many machines (`cluster`: PostgreSQL and `digest-press[cluster]`)."""


class RetentionSettings(Struct, frozen=True, kw_only=True):
    """How many days data is kept; 0 means for ever. Editions, letters, and what they quote and show, always stay.

    `digest serve` deletes older data once a day, and `digest prune` at once.
    """

    articles_days: Annotated[int, Meta(ge=0, le=36_500)] = 400
    """Versions of articles that no letter quotes. `digest rebuild` can make an edition again while its articles are
    kept: this many days less its window. `digest verify` works for ever."""
    entries_days: Annotated[int, Meta(ge=0, le=36_500)] = 180
    """Links that no source lists any more and that have no stored article; one that returns counts as new."""
    deliveries_days: Annotated[int, Meta(ge=0, le=36_500)] = 400
    """The deliveries of an edition, with the server's replies; at least 60. The sums stay: `digest audit` uses them."""
    runs_days: Annotated[int, Meta(ge=0, le=36_500)] = 90
    """Reports of fetches and sendings, except the newest of each kind."""
    events_days: Annotated[int, Meta(ge=0, le=36_500)] = 90
    """Events posted by sending services; at least 7. Their results stay with the bounces."""
    webhooks_days: Annotated[int, Meta(ge=0, le=36_500)] = 30
    """Webhooks that were delivered or given up; at least 3. So long, `digest webhooks resend` can send them again."""
    tips_days: Annotated[int, Meta(ge=0, le=36_500)] = 400
    """Readers' tips that an editor has settled."""
    pictures_days: Annotated[int, Meta(ge=0, le=36_500)] = 30
    """Pictures that no letter shows."""
    journals_days: Annotated[int, Meta(ge=0, le=36_500)] = 30
    """Journals of runs that were interrupted; at least 7. The ledger already holds what they prove."""
    quarantine_days: Annotated[int, Meta(ge=0, le=36_500)] = 180
    """Quarantined items except sources; one that comes again is tried again."""
    audit_days: Annotated[int, Meta(ge=0, le=36_500)] = 400
    """The audit log of the desk: who did what, and from where (`digest log`)."""


class ApiSettings(Struct, frozen=True, kw_only=True):
    """The API for other programs at /api/v1 of the public pages; it answers when there is a token (`digest tokens`)."""

    off: bool = False
    """Turn the API off, even if there are tokens."""
    per_minute: Annotated[int, Meta(ge=1, le=100_000)] = 300
    """Most requests a minute with one token; more are refused until the minute is over."""


class LogSettings(Struct, frozen=True, kw_only=True):
    """The log on stderr; docs/logs.md lists the events."""

    level: Literal["error", "warning", "info", "debug"] | None = None
    """Lowest level that is logged; when missing, `info` for `digest serve` and `digest web`, and nothing for others."""
    format: Literal["text", "json"] = "text"
    """One line per event, as text or as JSON; `digest --log-format` overrides it."""


class MonitorSettings(Struct, frozen=True, kw_only=True):
    """Monitoring of `digest serve`: /health/live, /health/ready and /metrics (Prometheus)."""

    host: Text = "127.0.0.1"
    """Address to listen on. Everybody who can reach it can read it, so do not make it public."""
    port: Annotated[int, Meta(ge=0, le=65535)] = 0
    """Port for monitoring only; 0 turns it off."""


class AlertSettings(Struct, frozen=True, kw_only=True):
    """Alerts that `digest serve` sends to the operator, once each, and once more when they are over."""

    mail: tuple[str, ...] = ()
    """Addresses that get alerts by mail."""
    webhook: str | None = None
    """URL that gets alerts by POST as JSON; chat programs show its ``text``."""
    allow_networks: tuple[str, ...] = ()
    """Private networks (CIDR) in which the webhook may be."""
    late_minutes: Annotated[int, Meta(ge=1, le=1440)] = 15
    """Alert when an edition begins this long after its time, or has not begun."""
    relay_minutes: Annotated[int, Meta(ge=0, le=1440)] = 10
    """Alert when a relay cannot be reached for this long; one that refuses us is reported at once."""
    source_days: Annotated[int, Meta(ge=1, le=30)] = 3
    """Alert when a source fails for this long."""
    bounce_percent: Annotated[float, Meta(gt=0, le=100)] = 5.0
    """Alert above this share of letters that were refused or bounced permanently within three days."""
    complaint_percent: Annotated[float, Meta(gt=0, le=100)] = 0.3
    """Alert above this share of letters that readers complained about within three days."""
    disk_percent: Annotated[int, Meta(ge=0, le=90)] = 10
    """Alert below this share of free disk space; 0 turns it off."""
    certificate_days: Annotated[int, Meta(ge=0, le=90)] = 14
    """Alert this long before a relay's TLS certificate ends."""
    webhook_hours: Annotated[int, Meta(ge=1, le=72)] = 6
    """Alert when a receiver of webhooks (`digest webhooks`) has failed for this long."""


class KeySettings(Struct, frozen=True, kw_only=True):
    """Secret keys by key id, from the secrets file; made by ``digest init``."""

    current: str = ""
    """Id of the key that signs; the other keys still verify."""
    ring: dict[str, str] = field(default_factory=dict)
    """Key id -> 64 hexadecimal digits (256 bits)."""
