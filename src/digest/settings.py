"""The settings: one frozen value, a section for each room.

``configuration`` reads the file, the environment and the secret files, checks all of it at once, and builds this.
The sections are Structs (``msgspec.structs.replace`` makes a changed one): every start of the program makes all of
these classes, and as dataclasses they took four times as long, twenty milliseconds (measured).
"""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Kind = Literal["news", "sport", "feature", "opinion", "guide", "review", "list", "live", "interview", "promo"]
Text = Annotated[str, Meta(min_length=1, max_length=200)]


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


class RankSettings(Struct, frozen=True, kw_only=True):
    """What makes a story important."""

    section_weights: dict[str, float] = field(default_factory=dict)
    """Section -> points added to the score of its stories, whatever language its name has."""
    section_quotas: dict[str, Annotated[int, Meta(ge=0)]] = field(default_factory=dict)
    """Section -> most of its stories in one edition."""
    sport_quota: Annotated[int, Meta(ge=0)] = 4
    """Most sport stories where no quota names sport; 0: no limit. An edition of sport, or mostly so, has none."""
    owners: dict[str, str] = field(default_factory=dict)
    """Publisher -> owner: publishers of one owner cast one vote."""
    coverage: Annotated[float, Meta(ge=0)] = 1.0
    """Points for each doubling of the independent outlets."""
    velocity: Annotated[float, Meta(ge=0)] = 0.15
    """Points for each doubling of the owners that joined within ``velocity_hours``."""
    velocity_hours: Annotated[float, Meta(gt=0)] = 6.0
    """How recent an outlet's joining must be to count for velocity."""
    freshness: Annotated[float, Meta(ge=0)] = 0.3
    """Points of a story whose latest article is of this minute."""
    freshness_half_life_hours: Annotated[float, Meta(gt=0)] = 12.0
    """Age at which freshness counts half."""
    prominence: Annotated[float, Meta(ge=0)] = 0.4
    """Points for the first place in a source's own order; fewer further down."""
    front_page: Annotated[float, Meta(ge=0)] = 1.0
    """Points between what leads a paper's front page and what is not on it; they order the articles of one paper."""
    told: Annotated[float, Meta(ge=0)] = 1.0
    """Points that a story loses when an earlier edition told it."""
    news_value: Annotated[float, Meta(ge=0)] = 3.0
    """Points for each degree of importance (of 3) that a story has by itself; fewer where independent outlets agree."""
    after_news: Annotated[float, Meta(ge=0)] = 2.0
    """Points that opinions, guides, reviews, lists and promotions lose."""
    diversity: Annotated[float, Meta(ge=0)] = 1.5
    """Points lost by a story in the very words of a better one; less by its likeness."""
    diversity_depth: Annotated[int, Meta(ge=1, le=1000)] = 60
    """How many of the best stories are compared with each other."""


class EditionSettings(Struct, frozen=True, kw_only=True):
    """One letter that readers can subscribe to."""

    title: Text
    """What the letter is called: its headline and its sender's name."""
    greeting: Literal["morning", "evening"] = "morning"
    """Which template, greeting and colours the letter has."""
    at: time = time(6, 0)
    """Wall time at which it goes out, in its zone."""
    weekend_at: time | None = None
    """Another time on Saturday and Sunday; the same when missing."""
    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    """Days of the week on which it comes."""
    kind: Literal["scheduled", "on_demand", "breaking"] = "scheduled"
    """``on_demand`` and ``breaking`` come when `digest send` asks for them; a ``breaking`` letter tells one story."""
    most_a_day: Annotated[int, Meta(ge=1, le=24)] = 3
    """Most letters of an edition on demand, or of breaking news, in one day of its zone; more are refused."""
    holidays: tuple[date, ...] = ()
    """Dates, such as 2026-12-25, on which it does not come as on other days."""
    holidays_file: str = ""
    """Calendar (.ics, RFC 5545) whose events are holidays as well; from the configuration's folder."""
    on_holidays: Literal["skip", "weekend"] = "skip"
    """What happens on a holiday: it does not come, or comes at ``weekend_at``."""
    zone: Text = "UTC"
    """IANA name of the zone of its times and dates."""
    language: Text = "en"
    """Language of the letter, and of the articles that it takes."""
    follows: str | None = None
    """Name of the edition of the same day whose stories this one updates."""
    sources: tuple[str, ...] = ()
    """Names of the sources it takes; all when empty."""
    exclude_sources: tuple[str, ...] = ()
    """Names of sources that it does not take."""
    sections: tuple[str, ...] = ()
    """Sections it takes, as articles or sources name them, in any language (sport takes Deportes); all when empty."""
    exclude_sections: tuple[str, ...] = ()
    """Sections it does not take."""
    include_words: tuple[str, ...] = ()
    """Words of which an article's title, subtitle or tags must have one; ``budget*`` means each that begins so."""
    exclude_words: tuple[str, ...] = ()
    """Words of which an article's title, subtitle or tags may have none."""
    include_authors: tuple[str, ...] = ()
    """Authors whose articles it takes; all when empty."""
    exclude_authors: tuple[str, ...] = ()
    """Authors whose articles it does not take."""
    exclude_kinds: tuple[Kind, ...] = ()
    """Kinds of texts that it does not take, such as opinion or live."""
    advertorials: Literal["leave_out", "label"] = "leave_out"
    """What becomes of texts that their publisher marks as advertising: left out, or told below the news, labelled."""
    paid: Literal["take", "leave_out"] = "take"
    """Whether it takes articles behind a paywall, of which only the beginning can be read."""
    section_weights: dict[str, float] = field(default_factory=dict)
    """Section -> points that its stories get here, in place of those of ``rank.section_weights``."""
    section_quotas: dict[str, Annotated[int, Meta(ge=0)]] = field(default_factory=dict)
    """Section -> most stories of it here, in place of those of ``rank.section_quotas``."""
    source_weights: dict[str, Annotated[float, Meta(gt=0, le=10)]] = field(default_factory=dict)
    """Source -> how much its word counts here, in place of its own ``weight``."""
    source_caps: dict[str, Annotated[int, Meta(ge=0)]] = field(default_factory=dict)
    """Source -> most stories here that its article leads; ``*`` means each that is not named."""
    must_have: tuple[str, ...] = ()
    """Names of sources of which the letter tells a story whenever they have one that was not told."""
    window_hours: Annotated[float, Meta(gt=0, le=72)] = 26.0
    """How far back an article may have been published."""
    window_days: Annotated[int, Meta(ge=0, le=31)] = 0
    """The same in days, for weekly letters, in which stories with several articles come first; 0: ``window_hours``."""
    catch_up_minutes: Annotated[int, Meta(ge=1)] = 180
    """How long after its time the edition may still start; later it is refused."""
    expires_minutes: Annotated[int, Meta(ge=1)] = 360
    """How long after its time a letter may still leave; later its delivery is expired."""
    compose_minutes_before: Annotated[int, Meta(ge=0, le=600)] = 20
    """How long before its time it is composed."""
    top_stories: Annotated[int, Meta(ge=1, le=12)] = 7
    """Most stories with bullets."""
    also_stories: Annotated[int, Meta(ge=0, le=12)] = 6
    """Most one-line stories."""
    in_depth_stories: Annotated[int, Meta(ge=0, le=3)] = 0
    """Most long reads, each with one bullet, after the top stories; 0 leaves the section out."""
    in_depth_minutes: Annotated[int, Meta(ge=1, le=60)] = 5
    """Reading time from which an article is a long read."""
    floor: Annotated[int, Meta(ge=1)] = 3
    """Fewer stories than this and the edition is held or skipped."""
    below_floor: Literal["hold", "skip"] = "hold"
    """What happens below the floor: hold it for the editor, or skip it."""
    words: Annotated[int, Meta(ge=100)] = 650
    """Most words of the letter."""
    approval: Literal["auto", "required"] = "auto"
    """Whether an editor must approve the edition before it goes."""
    approval_deadline_minutes: Annotated[int, Meta(ge=0)] = 0
    """With ``required``: so long after its time it goes anyway; 0 means never."""
    subject_prefix: str = ""
    """Words before the headline in the subject."""

    @property
    def window(self) -> timedelta:
        """How far back an article may have been published."""
        return timedelta(days=self.window_days) if self.window_days else timedelta(hours=self.window_hours)


class SiteSettings(Struct, frozen=True, kw_only=True):
    """Who publishes the letters."""

    name: Text = "The Daily Digest"
    """The publication's name, in the footer."""
    url: str | None = None
    """Public address of the pages where readers sign up, choose and leave, such as https://letters.example.com.

    None are served without it, and letters are left by mail."""
    postal_address: str = ""
    """Postal address in the footer; many laws ask for one."""


class BrandSettings(Struct, frozen=True, kw_only=True):
    """How the letters look; colours are ``#rrggbb`` and are checked for contrast."""

    wordmark: str = ""
    """The letter's ``h1``; the edition's title when empty."""
    accent: str | None = None
    """Colour of bar and button by day."""
    accent_dark: str | None = None
    """Colour of bar and button in the dark."""
    images: Literal["none", "hosted"] = "none"
    """``hosted`` shows the lead story's picture, fetched once, made light, and served by your site (``site.url``)."""
    footer: str = ""
    """A line of your own in the footer."""
    templates: str | None = None
    """A folder whose templates override ours, by its whole path."""


class RelaySettings(Struct, frozen=True, kw_only=True):
    """One of several mail servers that share the letters."""

    url: Text
    """As ``mail.transport``."""
    name: str = ""
    """What reports call it; host and port when empty."""
    weight: Annotated[float, Meta(ge=0, le=1000)] = 1.0
    """Its share of the letters beside the others' weights; with 0 it is used only when they fail."""
    envelope_sender: str | None = None
    """As ``mail.envelope_sender``, for letters by this relay; that one when missing."""
    token_command: tuple[str, ...] = ()
    """As ``mail.token_command``, for this relay."""
    connections: Annotated[int, Meta(ge=1, le=100)] = 10
    """Connections to it at once."""
    per_second: Annotated[float, Meta(ge=0)] = 0.0
    """Letters that it takes in any second; 0 means no limit."""
    per_hour: Annotated[int, Meta(ge=0)] = 0
    """Letters that it takes in any hour; 0 means no limit."""
    per_day: Annotated[int, Meta(ge=0)] = 0
    """Letters that it takes in any 24 hours; 0 means no limit."""


class DomainSettings(Struct, frozen=True, kw_only=True):
    """How fast letters may go to readers at one mail host."""

    name: Text
    """Domain of the readers' addresses; ``*`` means each that has no table of its own."""
    per_second: Annotated[float, Meta(ge=0)] = 0.0
    """Letters to it in any second; 0 means no limit."""
    per_hour: Annotated[int, Meta(ge=0)] = 0
    """Letters to it in any hour; 0 means no limit."""
    per_day: Annotated[int, Meta(ge=0)] = 0
    """Letters to it in any 24 hours; 0 means no limit."""


class MailSettings(Struct, frozen=True, kw_only=True):
    """From whom the letters come and by which way they leave."""

    transport: Text = "file:outbox/"
    """``smtp+starttls://``, ``smtps://``, ``smtp://`` (loopback only) or ``file:FOLDER/``.

    A server is written ``smtps://user:password@host:port``, with options after a question mark: ``auth=plain``,
    ``login`` or ``xoauth2`` fixes the way to log in, ``ca=FILE`` the certificates to trust, ``name=HOST`` our name in
    EHLO (the sender's domain, this machine's name, or its address), ``letters=1000`` how many go over one connection,
    ``pipelining=no`` forbids it. A password may hold any sign; ``%40`` is read as ``@``."""
    relays: tuple[RelaySettings, ...] = ()
    """Several mail servers in place of ``transport``: a table [[mail.relays]] for each."""
    domains: tuple[DomainSettings, ...] = ()
    """Limits of mail hosts: a table [[mail.domains]] for each."""
    sender: Text = "news@localhost"
    """Address in From; the name is the edition's title."""
    reply_to: str | None = None
    """Where answers go; the sender when missing."""
    leave_to: str | None = None
    """Where mails that leave go (List-Unsubscribe): a mailbox that is read, as by ``bounces.url``; ``reply_to``, or
    else the sender, when missing."""
    envelope_domain: str | None = None
    """Domain of the VERP envelope sender; the sender's own when missing."""
    envelope_sender: str | None = None
    """Envelope sender (MAIL FROM) in place of the VERP one, ``b-{token}@`` that domain, for relays that let an account
    send from its own address only: ``news@example.com``, or with ``{token}`` as in ``news+{token}@example.com``."""
    token_command: tuple[str, ...] = ()
    """Command and arguments that print an access token, to log in to ``transport`` with XOAUTH2 and no password."""
    list_domain: str | None = None
    """Domain of the List-ID, which must not change; the sender's own when missing."""
    insecure_plain: bool = False
    """Allow ``smtp://`` to a host that is not loopback."""
    connections: Annotated[int, Meta(ge=1, le=100)] = 10
    """Connections to ``transport`` at once."""
    per_second: Annotated[float, Meta(ge=0)] = 0.0
    """Letters in any second over all relays; 0 means as fast as they take them."""
    per_hour: Annotated[int, Meta(ge=0)] = 0
    """Letters in any hour over all relays; 0 means no limit."""
    per_day: Annotated[int, Meta(ge=0)] = 0
    """Letters in any 24 hours over all relays; 0 means no limit."""
    on_uncertain: Literal["hold", "resend", "skip"] = "hold"
    """What happens to letters whose fate cannot be known: hold, resend or skip."""
    dkim_domain: str | None = None
    """Domain that signs the letters; none are signed when missing."""
    dkim_selector: str | None = None
    """Selector of the DKIM key's DNS record."""
    dkim_key_file: str | None = None
    """File of the DKIM private key (PEM)."""


class SignupSettings(Struct, frozen=True, kw_only=True):
    """How often strangers may ask for mail on the public pages."""

    per_address_hour: Annotated[int, Meta(ge=1)] = 20
    """Requests an hour from one address of a visitor (one IPv4, or an IPv6 /64); more are refused."""
    per_network_hour: Annotated[int, Meta(ge=1)] = 100
    """Requests an hour from one network of visitors (an IPv4 /24, or an IPv6 /48); more are refused."""
    per_domain_hour: Annotated[int, Meta(ge=1)] = 200
    """Mails an hour that strangers cause to one recipient domain; more wait for the next hour."""
    per_hour: Annotated[int, Meta(ge=1)] = 2000
    """Mails an hour that strangers cause in all; more wait for the next hour."""


class BounceSettings(Struct, frozen=True, kw_only=True):
    """The mailbox that gets what comes back, read by IMAP."""

    url: str | None = None
    """``imaps://user:password@host/folder``, or ``imap+starttls://``; none is read without it."""
    token_command: tuple[str, ...] = ()
    """Command and arguments that print an access token, to log in with XOAUTH2 and no password."""
    every_minutes: Annotated[int, Meta(ge=1, le=1440)] = 5
    """How often `digest serve` looks into it."""
    done_folder: str = ""
    """Folder to which read bounces are moved; when empty they stay, marked as read."""
    most: Annotated[int, Meta(ge=1, le=10_000)] = 500
    """Most mails read in one run; the others wait for the next."""


class DatabaseSettings(Struct, frozen=True, kw_only=True):
    """Where everything is stored."""

    url: Text = "sqlite:///digest.db"
    """``sqlite:///FILE`` or ``postgresql+psycopg://user:password@host/name``."""


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
    pictures_days: Annotated[int, Meta(ge=0, le=36_500)] = 30
    """Pictures that no letter shows."""
    journals_days: Annotated[int, Meta(ge=0, le=36_500)] = 30
    """Hand-over journals of runs that ended in the middle; at least 7. What they prove is in the ledger since."""
    quarantine_days: Annotated[int, Meta(ge=0, le=36_500)] = 180
    """Items that were set aside, but sources; one that comes again is tried again."""


class WebSettings(Struct, frozen=True, kw_only=True):
    """Where the public pages listen; readers reach them at ``site.url``, which a proxy with TLS leads here."""

    host: Text = "127.0.0.1"
    """Address of this machine on which they are served."""
    port: Annotated[int, Meta(ge=1, le=65535)] = 8080
    """Port on which they are served."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks (CIDR) of our own proxies, whose X-Forwarded-For, Forwarded or X-Real-IP is believed; when
    empty, and ``host`` is the loopback, whoever asks from this machine."""


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


def _default_editions() -> dict[str, EditionSettings]:
    return {
        "morning": EditionSettings(title="Morning Update", at=time(6, 0), weekend_at=time(7, 30)),
        "evening": EditionSettings(title="Evening Update", greeting="evening", at=time(17, 0), follows="morning"),
    }


class Settings(Struct, frozen=True, kw_only=True):
    """All of it; relative paths are taken from ``folder``, where the file stands."""

    folder: str = "."
    site: SiteSettings = SiteSettings()
    brand: BrandSettings = BrandSettings()
    database: DatabaseSettings = DatabaseSettings()
    fetch: FetchSettings = FetchSettings()
    extract: ExtractSettings = ExtractSettings()
    rank: RankSettings = field(default_factory=RankSettings)
    mail: MailSettings = MailSettings()
    signup: SignupSettings = SignupSettings()
    bounces: BounceSettings = BounceSettings()
    retention: RetentionSettings = RetentionSettings()
    web: WebSettings = WebSettings()
    log: LogSettings = LogSettings()
    monitor: MonitorSettings = MonitorSettings()
    alerts: AlertSettings = AlertSettings()
    keys: KeySettings = field(default_factory=KeySettings)
    editions: dict[str, EditionSettings] = field(default_factory=_default_editions)
    sources: tuple[SourceSettings, ...] = ()
