"""``digest check``: checks everything that can be checked before a letter is sent, and says which setting to change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec import structs

from digest.alerts.rules import lost_words
from digest.deliver.dns.domain import aligned, envelope_findings, key_findings, pointers, policy_findings
from digest.deliver.dns.records import Lookup
from digest.deliver.message.dkim import configured_signer, dns_records
from digest.deliver.transports.single_letter import probe
from digest.deliver.transports.transport import Protected
from digest.errors import DigestError, FetchError, HttpStatus, NameNotFound, RefusedAddress
from digest.model.finding import Finding, Level
from digest.model.ids import EditionKey
from digest.model.life import UNSENT
from digest.model.source import Source
from digest.pipeline.check import identity
from digest.pipeline.check.readiness import ANY_DAY, finding, findings, keys, letters, modes, room, signature
from digest.pipeline.check.specimen import require_mails
from digest.pipeline.gathering.reading import GONE
from digest.pipeline.gathering.source_list import follow
from digest.pipeline.relays import ways_out
from digest.pipeline.runtime import Runtime
from digest.private_files import temporary_folder
from digest.render.headers import envelope_sender, sender_domain
from digest.render.links import leave_address
from digest.settings import RelaySettings, Settings
from digest.text.credentials import WrongUrl, host_of, server_url

MOST_DRAFTS = 6
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
TOKEN = "check"  # noqa: S105 - no password, and no letter is called so
"""The token in the envelope that is tested, in place of a real letter's token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Functions that reach the web and the public pages. A check is left out when its field is None."""

    sources: Callable[[Sequence[Source]], Iterable[tuple[Source, str]]] | None = None
    """Fetches sources; yields each with its problem, empty when its list was fetched."""
    links: Callable[[Sequence[str]], Iterable[tuple[str, FetchError | None]]] | None = None
    """Fetches addresses; yields each with its error, None when it opened."""
    pages: Callable[[], str] | None = None
    """Renders the public pages; returns a summary, and raises DigestError."""
    blocks: identity.Blocks | None = None
    """Makes the blocks of an edition, to see whether they can be made."""
    config: Path | None = None
    """The settings file."""


def check(runtime: Runtime, lookup: Lookup, doors: Doors | None = None) -> Iterator[Finding]:
    """Yield a finding for each check, in the order in which the sending of a letter depends on them."""
    settings, doors = runtime.settings, doors or Doors()
    yield finding("sources", lambda: _sources(runtime))
    yield from findings("sources opened", lambda: _opened(runtime, doors))
    yield finding("keys", lambda: keys(settings))
    for name in settings.editions:
        yield finding(f"templates of {name}", lambda name=name: letters(settings, name))  # type: ignore[misc]
    yield finding("templates of mails", lambda: _mails(settings))
    if doors.pages is not None and settings.site.url:
        yield finding("templates of pages", doors.pages)
    yield from findings("logo", lambda: identity.logos(settings))
    yield from findings("names", lambda: identity.names(settings))
    if doors.blocks is not None:
        make = doors.blocks
        yield from findings("blocks", lambda: identity.blocks(settings, make))
    yield from findings("links", lambda: _links(runtime, doors))
    yield finding("readers", lambda: _readers(runtime))
    yield from findings("names of editions", lambda: _lost(runtime))
    yield from findings("leaving", lambda: (_leaving(settings),))
    yield from findings("visitors of the pages", lambda: _proxies(settings))
    yield from findings("alerts", lambda: _watched(settings))
    yield from findings("disk", lambda: (room(settings),))
    yield finding("temporary files", lambda: f"in {temporary_folder()}")
    yield from findings("modes of files", lambda: modes(settings, *_secret_files(settings, doors.config)))
    yield finding("signature", lambda: signature(settings))
    yield from findings("relays", lambda: _relays(settings))
    if not _becomes_files(settings):
        yield from _records(settings, lookup)
        for host in _hosts(settings):
            said = f"names of {host}"
            yield from findings(said, lambda host=host: pointers(host, sender_domain(settings.mail), lookup=lookup))  # type: ignore[misc]


def _records(settings: Settings, lookup: Lookup) -> Iterator[Finding]:
    """Yield findings about the DNS records of the domains in the envelope, the From header and the signature."""
    mail = settings.mail
    envelope = envelope_sender(mail, TOKEN).rpartition("@")[2]
    yield from findings(f"records of {envelope}", lambda: envelope_findings(envelope, lookup=lookup))
    domain, selector = mail.dkim_domain, mail.dkim_selector
    if domain and selector:
        ours = _published(settings)
        yield from findings("DKIM key", lambda: key_findings(domain, selector, lookup=lookup, ours=ours))
    for sender in identity.sender_domains(settings):
        yield from _sender_records(sender, envelope, domain if selector else None, lookup)


def _sender_records(sender: str, envelope: str, signing: str | None, lookup: Lookup) -> Iterator[Finding]:
    """Yield findings about the domain in the From header of some letters."""
    policy = findings(f"policy of {sender}", lambda: policy_findings(sender, lookup=lookup))
    yield from policy
    yield identity.avatar(sender, policy)
    if envelope != sender:
        yield from findings("SPF", lambda: (aligned(envelope, sender, "SPF", lookup=lookup),))
        yield from findings(f"records of {sender}", lambda: (envelope_findings(sender, lookup=lookup)[1],))
    if signing:
        yield from findings("DKIM", lambda: (aligned(signing, sender, "DKIM", lookup=lookup),))


def _published(settings: Settings) -> dict[str, str]:
    """Return the DNS records that our keys need: the text by name; empty when no key can be read."""
    try:
        signer = configured_signer(settings.mail, Path(settings.folder))
    except DigestError:
        return {}
    return {record.name: record.text for record in dns_records(signer)} if signer else {}


def _sources(runtime: Runtime) -> str:
    follow(runtime.stores, runtime.settings)
    stored = runtime.stores.sources.enabled()
    listed = {source.url for source in runtime.settings.sources} | {each.source.url for each in stored}
    if not listed:
        raise DigestError("none yet: add [[sources]] to config/digest.toml, or `digest sources add URL`")
    return f"{len(listed)}, and {sum(each.last_fetch is not None for each in stored)} of them fetched so far"


def _opened(runtime: Runtime, doors: Doors) -> Iterator[Finding]:
    """Fetch the list of every active source, and yield an error for each one that fails."""
    followed = [stored.source for stored in runtime.stores.sources.enabled()]
    if doors.sources is None or not followed:
        return
    failed = [(source, problem) for source, problem in doors.sources(followed) if problem]
    for source, problem in failed:
        yield Finding(level=Level.ERROR, subject=f"source {source.name}", words=problem)
    if not failed:
        yield Finding(level=Level.OK, subject="sources opened", words=f"all {len(followed)} gave a list")


def _mails(settings: Settings) -> str:
    languages = sorted({edition.language for edition in settings.editions.values()})
    for language in languages:
        require_mails(settings, language)
    return f"filled, in {', '.join(languages)}" if settings.site.url else "not needed without site.url"


def _links(runtime: Runtime, doors: Doors) -> Iterator[Finding]:
    """Yield the links of waiting drafts that cannot be opened: an error when the page is gone, else a warning."""
    drafts = runtime.stores.editions.latest(MOST_DRAFTS, UNSENT) if doors.links is not None else ()
    for row in drafts:
        urls = tuple(dict.fromkeys(item.link for item in row.edition.items)) if row.edition else ()
        if not urls or doors.links is None:
            continue
        broken = [(url, error) for url, error in doors.links(urls) if error is not None]
        for url, error in broken:
            level = Level.ERROR if _leads_nowhere(error) else Level.WARNING
            yield Finding(level=level, subject=f"link of {row.key}", words=f"{url}: {error.reason}")
        if not broken:
            yield Finding(level=Level.OK, subject=f"links of {row.key}", words=f"all {len(urls)} open")


def _leads_nowhere(error: FetchError) -> bool:
    return isinstance(error, RefusedAddress | NameNotFound) or (isinstance(error, HttpStatus) and error.status in GONE)


def _watched(settings: Settings) -> Iterator[Finding]:
    """Yield warnings when no alert channel is set, and when other machines can read the figures."""
    if not settings.alerts.mail and not settings.alerts.webhook:
        words = "nobody is told of trouble: set alerts.mail or alerts.webhook, and try them with `digest alert test`"
        yield Finding(level=Level.WARNING, subject="alerts", words=words)
    monitor = settings.monitor
    if monitor.port and monitor.host not in LOOPBACK:
        words = f"whoever reaches {monitor.host}, port {monitor.port}, can read them: keep it from the public"
        yield Finding(level=Level.WARNING, subject="health and figures", words=words)


def _secret_files(settings: Settings, config: Path | None) -> Iterator[Path]:
    """Yield the settings file when it contains a secret, and the file of the keys."""
    if config is None:
        return
    try:
        text = config.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return
    if any(secret in text for secret in _secrets(settings)):
        yield config
    yield config.parent / "secrets.toml"


def _secrets(settings: Settings) -> Iterator[str]:
    """Yield the values that hold a password or a key."""
    mail, relays_ = settings.mail, settings.mail.relays
    urls = (mail.transport, *(relay.url for relay in relays_), settings.database.url, settings.bounces.url or "")
    yield from (url for url in (*urls, settings.fetch.proxy or "") if "@" in url)
    yield from filter(None, (settings.alerts.webhook, *settings.keys.ring.values()))


def _readers(runtime: Runtime) -> str:
    now = runtime.clock()
    counts = ((name, runtime.stores.editions.audience(name, now)) for name in runtime.settings.editions)
    return ", ".join(f"{count} get {name}" for name, count in counts)


def _lost(runtime: Runtime) -> Iterator[Finding]:
    for name, readers in runtime.stores.edition_names.without_settings(runtime.settings.editions).items():
        yield Finding(level=Level.ERROR, subject=f"readers of {name}", words=lost_words(name, readers))


def _leaving(settings: Settings) -> Finding:
    by_mail = f"by mail to {leave_address(settings.mail)}"
    unread = (
        "" if settings.bounces.url else ", which nobody reads: set bounces.url, or pipe it into `digest bounces read`"
    )
    if settings.site.url:
        words = f"by one click at {settings.site.url} (RFC 8058), and {by_mail}{unread}"
        return Finding(level=Level.WARNING if unread else Level.OK, subject="leaving", words=words)
    words = f"{by_mail} only{unread}; set site.url, and `digest serve` answers one click in the letter"
    return Finding(level=Level.WARNING, subject="leaving", words=words)


def _proxies(settings: Settings) -> Iterator[Finding]:
    """Yield how the public pages find a visitor's IP address, and a warning where a proxy may hide it."""
    web = settings.web
    if not settings.site.url:
        return
    subject = "visitors of the pages"
    if web.trusted_proxies:
        words = f"as named by the proxies at {', '.join(web.trusted_proxies)} (X-Forwarded-For, Forwarded or X-Real-IP)"
        yield Finding(level=Level.OK, subject=subject, words=words)
    elif web.host in LOOPBACK:
        words = "as named by a proxy on this machine (X-Forwarded-For, Forwarded or X-Real-IP)"
        yield Finding(level=Level.OK, subject=subject, words=words)
    elif settings.site.url.startswith("https:"):  # the pages have no TLS, so a proxy must provide it
        words = "the pages are behind a proxy: all visitors seem to have its address, and share one limit of sign-ups"
        yield Finding(level=Level.WARNING, subject=subject, words=f"{words}; set web.trusted_proxies to its address")
    else:
        words = "by their connection: behind a proxy, all seem to have its address, and share one limit of sign-ups"
        yield Finding(level=Level.WARNING, subject=subject, words=f"{words}; set web.trusted_proxies to its address")


def _relays(settings: Settings) -> Iterator[Finding]:
    """Yield a finding for the transport, or one for each relay."""
    mail = settings.mail
    for each in mail.relays or (RelaySettings(url=mail.transport, token_command=mail.token_command),):
        alone = structs.replace(settings, mail=structs.replace(mail, relays=(each,))) if mail.relays else settings
        subject = f"relay {each.name or _safe(each.url)}" if mail.relays else f"transport {_safe(each.url)}"
        yield finding(subject, lambda alone=alone: _transport(alone))  # type: ignore[misc]


def _transport(settings: Settings) -> str:
    (way,) = ways_out(settings, EditionKey(name="check", date=ANY_DAY))
    if _becomes_files(settings):
        return "letters become files"
    sender = settings.mail.sender
    envelope = way.sender or envelope_sender(settings.mail, TOKEN)
    probe(way.transport, envelope.replace("{token}", TOKEN), sender)
    ends = way.transport.certificate_ends if isinstance(way.transport, Protected) else None
    lasts = f"; its certificate ends {ends:%Y-%m-%d}" if ends else ""
    taken = f"it takes letters from {envelope.replace(TOKEN, '...')} (tried with {sender})"
    return f"connected and logged in, and {taken}{lasts}"


def _becomes_files(settings: Settings) -> bool:
    urls = [each.url for each in settings.mail.relays] or [settings.mail.transport]
    return all(url.startswith("file:") for url in urls)


def _hosts(settings: Settings) -> tuple[str, ...]:
    """Return the names of the relays, each once."""
    urls = [each.url for each in settings.mail.relays] or [settings.mail.transport]
    return tuple(dict.fromkeys(filter(None, map(host_of, urls))))


def _safe(url: str) -> str:
    """Return a transport's URL without user and password."""
    if url.startswith("file:"):
        return url
    try:
        return server_url(url).safe
    except WrongUrl:
        return f"{url.partition(':')[0]}://..."
