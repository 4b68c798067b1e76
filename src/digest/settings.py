"""The settings: one frozen value, a section for each room.

``configuration`` reads the file, the environment and the secret files, checks all of it at once, and builds this.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from typing import Annotated, Literal, TypeVar, dataclass_transform

from msgspec import Meta

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Text = Annotated[str, Meta(min_length=1, max_length=200)]
_Section = TypeVar("_Section")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def section(cls: type[_Section]) -> type[_Section]:
    """Make one table of the settings: frozen, every value named."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


@section
class SourceSettings:
    """One source that the operator wrote into the file."""

    url: Text
    name: Text
    publisher: str = ""
    """Who votes when stories are ranked; the site's registered name when empty."""
    kind: Literal["feed", "sitemap", "front-page"] = "feed"
    weight: Annotated[float, Meta(gt=0, le=10)] = 1.0
    section: str = ""
    language: str | None = None


@section
class FetchSettings:
    """How the fetcher behaves towards strangers' servers."""

    user_agent: Text = "digest/0.1 (+https://example.com/digest)"
    connections: Annotated[int, Meta(ge=1, le=200)] = 20
    """Fetches under way at once, over all hosts."""
    host_pause_seconds: Annotated[float, Meta(ge=0, le=60)] = 1.0
    """Least time between two requests to one host."""
    connect_timeout_seconds: Annotated[float, Meta(gt=0)] = 5.0
    total_timeout_seconds: Annotated[float, Meta(gt=0)] = 30.0
    feed_bytes: Annotated[int, Meta(gt=0)] = 2_000_000
    page_bytes: Annotated[int, Meta(gt=0)] = 5_000_000
    decoded_bytes: Annotated[int, Meta(gt=0)] = 10_000_000
    allow_networks: tuple[str, ...] = ()
    """Own networks (CIDR) that may be fetched from though they are not public."""
    proxy: str | None = None
    fresh_minutes: Annotated[int, Meta(ge=0)] = 30
    """``send`` fetches first when the last fetch is older."""


@section
class ExtractSettings:
    """Bounds of the worker processes that read strangers' pages."""

    workers: Annotated[int, Meta(ge=0, le=64)] = 0
    """Worker processes; 0 means one for each core."""
    page_seconds: Annotated[float, Meta(gt=0)] = 10.0
    memory_mb: Annotated[int, Meta(ge=256)] = 1024


@section
class RankSettings:
    """What makes a story important."""

    section_weights: dict[str, float] = field(default_factory=dict)
    section_quotas: dict[str, int] = field(default_factory=dict)
    """At most so many of a section's stories in one edition."""
    owners: dict[str, str] = field(default_factory=dict)
    """Publisher -> owner: publishers of one owner cast one vote."""
    coverage: Annotated[float, Meta(ge=0)] = 1.0
    """Points for each doubling of the independent outlets."""
    velocity: Annotated[float, Meta(ge=0)] = 0.15
    """Points for each doubling of the owners that joined within ``velocity_hours``."""
    velocity_hours: Annotated[float, Meta(gt=0)] = 6.0
    freshness: Annotated[float, Meta(ge=0)] = 0.3
    """Points of a story whose latest article is of this minute."""
    freshness_half_life_hours: Annotated[float, Meta(gt=0)] = 12.0
    prominence: Annotated[float, Meta(ge=0)] = 0.4
    """Points for the first place in a source's own order; fewer further down."""
    told: Annotated[float, Meta(ge=0)] = 1.0
    """Points that a story loses when an earlier edition told it."""
    diversity: Annotated[float, Meta(ge=0)] = 1.0
    """Points lost by a story in the very words of a better one; less by its likeness."""
    diversity_depth: Annotated[int, Meta(ge=1, le=1000)] = 60
    """How many of the best stories are compared with each other."""


@section
class EditionSettings:
    """One letter that readers can subscribe to."""

    title: Text
    greeting: Literal["morning", "evening"] = "morning"
    """Which template, greeting and colours the letter has."""
    at: time = time(6, 0)
    weekend_at: time | None = None
    """Another time on Saturday and Sunday; the same when missing."""
    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    zone: Text = "UTC"
    language: Text = "en"
    follows: str | None = None
    """Name of the edition of the same day whose stories this one updates."""
    sources: tuple[str, ...] = ()
    """Names of the sources it takes; all when empty."""
    sections: tuple[str, ...] = ()
    """Sections it takes; all when empty."""
    window_hours: Annotated[float, Meta(gt=0, le=72)] = 26.0
    """How far back an article may have been published."""
    catch_up_minutes: Annotated[int, Meta(ge=1)] = 180
    """How long after its time the edition may still start; later it is refused."""
    expires_minutes: Annotated[int, Meta(ge=1)] = 360
    """How long after its time a letter may still leave; later its delivery is expired."""
    compose_minutes_before: Annotated[int, Meta(ge=0, le=600)] = 20
    top_stories: Annotated[int, Meta(ge=1, le=12)] = 7
    also_stories: Annotated[int, Meta(ge=0, le=12)] = 6
    floor: Annotated[int, Meta(ge=1)] = 3
    """Fewer stories than this and the edition is held or skipped."""
    below_floor: Literal["hold", "skip"] = "hold"
    words: Annotated[int, Meta(ge=100)] = 650
    approval: Literal["auto", "required"] = "auto"
    approval_deadline_minutes: Annotated[int, Meta(ge=0)] = 0
    """With ``required``: so long after its time it goes anyway; 0 means never."""
    subject_prefix: str = ""


@section
class SiteSettings:
    """Who publishes the letters."""

    name: Text = "The Daily Digest"
    url: str | None = None
    """Public base URL (https) of ``digest serve``; no https leave link without it."""
    postal_address: str = ""


@section
class BrandSettings:
    """How the letters look; colours are ``#rrggbb`` and are checked for contrast."""

    wordmark: str = ""
    """The letter's ``h1``; the edition's title when empty."""
    accent: str | None = None
    accent_dark: str | None = None
    footer: str = ""
    templates: str | None = None
    """A folder whose templates override ours."""


@section
class MailSettings:
    """From whom the letters come and by which way they leave."""

    transport: Text = "file:outbox/"
    """``smtp+starttls://``, ``smtps://``, ``smtp://`` (loopback only) or ``file:FOLDER/``."""
    sender: Text = "news@localhost"
    """Address in From; the name is the edition's title."""
    reply_to: str | None = None
    envelope_domain: str | None = None
    """Domain of the VERP envelope sender; the sender's own when missing."""
    list_domain: str | None = None
    """Domain of the List-ID, steady for ever; the sender's own when missing."""
    insecure_plain: bool = False
    """Allow ``smtp://`` to a host that is not loopback."""
    connections: Annotated[int, Meta(ge=1, le=100)] = 10
    per_second: Annotated[float, Meta(ge=0)] = 0.0
    """Letters a second over all connections; 0 means as fast as the relay takes them."""
    on_uncertain: Literal["hold", "resend", "skip"] = "hold"
    dkim_domain: str | None = None
    dkim_selector: str | None = None
    dkim_key_file: str | None = None


@section
class DatabaseSettings:
    """Where everything is stored."""

    url: Text = "sqlite:///digest.db"


@section
class KeySettings:
    """Secret keys by key id, from the secrets file; made by ``digest init``."""

    current: str = ""
    """Id of the key that signs; the others still verify."""
    ring: dict[str, str] = field(default_factory=dict)
    """Key id -> 64 hexadecimal digits (256 bits)."""


@section
class WebSettings:
    """The public pages."""

    host: Text = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8025
    trusted_proxies: tuple[str, ...] = ()


def _default_editions() -> dict[str, EditionSettings]:
    return {
        "morning": EditionSettings(title="Morning Update", at=time(6, 0), weekend_at=time(7, 30)),
        "evening": EditionSettings(title="Evening Update", greeting="evening", at=time(17, 0), follows="morning"),
    }


@section
class Settings:
    """All of it; relative paths are taken from ``folder``, where the file stands."""

    folder: str = "."
    site: SiteSettings = SiteSettings()
    brand: BrandSettings = BrandSettings()
    database: DatabaseSettings = DatabaseSettings()
    fetch: FetchSettings = FetchSettings()
    extract: ExtractSettings = ExtractSettings()
    rank: RankSettings = field(default_factory=RankSettings)
    mail: MailSettings = MailSettings()
    web: WebSettings = WebSettings()
    keys: KeySettings = field(default_factory=KeySettings)
    editions: dict[str, EditionSettings] = field(default_factory=_default_editions)
    sources: tuple[SourceSettings, ...] = ()
