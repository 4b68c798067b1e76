"""``digest check``: whatever can be looked at before a letter leaves, and what to set where it is not well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from msgspec import structs

from digest.deliver.dkim import configured_signer, dns_records
from digest.deliver.dns import aligned, envelope_findings, key_findings, pointers, policy_findings
from digest.deliver.records import DnsFinding, Level, Lookup
from digest.deliver.single import probe
from digest.errors import DigestError
from digest.model.ids import EditionKey
from digest.pipeline.house import House
from digest.pipeline.post import ways_out
from digest.render.headers import envelope_sender, sender_domain
from digest.render.letter import press
from digest.render.links import leave_address
from digest.settings import RelaySettings, Settings
from digest.text.credentials import WrongUrl, host_of, server_url

TOKEN = "check"  # noqa: S105 - no password, and no letter is called so
"""What stands for the token of a letter in the envelope that is tried."""
ANY_DAY = date(2000, 1, 1)
"""The date of the edition whose way out is tried; a letter as a file would get a folder of it."""


def check(house: House, lookup: Lookup) -> Iterator[DnsFinding]:
    """Yield a finding for each thing looked at, in the order in which a letter needs it."""
    settings = house.settings
    yield _finding("sources", lambda: _sources(house))
    yield _finding("keys", lambda: _keys(settings))
    for name, edition in settings.editions.items():
        yield _finding(f"templates of {name}", lambda e=edition: _look(settings, e.language, e.greeting))  # type: ignore[misc]
    yield _finding("readers", lambda: _readers(house))
    yield _leaving(settings)
    yield from _proxies(settings)
    yield _finding("signature", lambda: _signature(settings))
    yield from _relays(settings)
    if not _becomes_files(settings):
        yield from _records(settings, lookup)
        for host in _hosts(settings):
            yield from pointers(host, sender_domain(settings.mail), lookup=lookup)


def _records(settings: Settings, lookup: Lookup) -> Iterator[DnsFinding]:
    """Yield what receivers find of the domains in the envelope, in From and in the signature."""
    mail, sender = settings.mail, sender_domain(settings.mail)
    envelope = envelope_sender(mail, TOKEN).rpartition("@")[2]
    yield from envelope_findings(envelope, lookup=lookup)
    yield from policy_findings(sender, lookup=lookup)
    if envelope != sender:
        yield aligned(envelope, sender, "SPF", lookup=lookup)
        yield envelope_findings(sender, lookup=lookup)[1]
    if mail.dkim_domain and mail.dkim_selector:
        yield from key_findings(mail.dkim_domain, mail.dkim_selector, lookup=lookup, ours=_published(settings))
        yield aligned(mail.dkim_domain, sender, "DKIM", lookup=lookup)


def _published(settings: Settings) -> dict[str, str]:
    """Return the records that our keys want, by their names; none when no key can be read."""
    try:
        signer = configured_signer(settings.mail, Path(settings.folder))
    except DigestError:
        return {}
    return {record.name: record.text for record in dns_records(signer)} if signer else {}


def _finding(subject: str, look: Callable[[], str]) -> DnsFinding:
    try:
        return DnsFinding(level=Level.OK, subject=subject, words=look())
    except DigestError as error:
        return DnsFinding(level=Level.ERROR, subject=subject, words=str(error))


def _sources(house: House) -> str:
    stored = house.stores.sources.enabled()
    listed = {source.url for source in house.settings.sources} | {each.source.url for each in stored}
    if not listed:
        raise DigestError("none yet: add [[sources]] to config/digest.toml, or `digest sources add URL`")
    return f"{len(listed)}, and {sum(each.last_fetch is not None for each in stored)} of them fetched so far"


def _keys(settings: Settings) -> str:
    if not settings.keys.ring.get(settings.keys.current):
        raise DigestError("there is no secret key: `digest init` writes config/secrets.toml")
    return f"{settings.keys.current} signs, {len(settings.keys.ring)} verify"


def _look(settings: Settings, language: str, greeting: str) -> str:
    press(settings.brand, language, "evening" if greeting == "evening" else "morning")
    return f"found, in {language}"


def _readers(house: House) -> str:
    now = house.clock()
    counts = ((name, house.stores.editions.audience(name, now)) for name in house.settings.editions)
    return ", ".join(f"{count} get {name}" for name, count in counts)


def _leaving(settings: Settings) -> DnsFinding:
    by_mail = f"by mail to {leave_address(settings.mail)}"
    unread = (
        "" if settings.bounces.url else ", which nobody reads: set bounces.url, or pipe it into `digest bounces read`"
    )
    if settings.site.url:
        words = f"by one click at {settings.site.url} (RFC 8058), and {by_mail}{unread}"
        return DnsFinding(level=Level.WARNING if unread else Level.OK, subject="leaving", words=words)
    words = f"{by_mail} only{unread}; set site.url, and `digest serve` answers one click in the letter"
    return DnsFinding(level=Level.WARNING, subject="leaving", words=words)


def _proxies(settings: Settings) -> Iterator[DnsFinding]:
    """Yield whom the pages take for their visitors, where a proxy may hide them."""
    web = settings.web
    if not settings.site.url:
        return
    subject = "visitors of the pages"
    if web.trusted_proxies:
        words = f"as told by the proxies at {', '.join(web.trusted_proxies)} (X-Forwarded-For, Forwarded or X-Real-IP)"
        yield DnsFinding(level=Level.OK, subject=subject, words=words)
    elif web.host in {"127.0.0.1", "::1", "localhost"}:
        words = "as told by a proxy on this machine (X-Forwarded-For, Forwarded or X-Real-IP)"
        yield DnsFinding(level=Level.OK, subject=subject, words=words)
    else:
        words = "as who connects: if a proxy stands before the pages, all look like it, and share one limit of sign-ups"
        yield DnsFinding(level=Level.WARNING, subject=subject, words=f"{words}; set web.trusted_proxies to its address")


def _signature(settings: Settings) -> str:
    signer = configured_signer(settings.mail, Path(settings.folder))
    return "none: fine when the relay signs; else `digest dkim new`" if signer is None else f"signs as {signer.domain}"


def _relays(settings: Settings) -> Iterator[DnsFinding]:
    """Yield a finding for the transport, or for each relay by itself."""
    mail = settings.mail
    for each in mail.relays or (RelaySettings(url=mail.transport, token_command=mail.token_command),):
        alone = structs.replace(settings, mail=structs.replace(mail, relays=(each,))) if mail.relays else settings
        subject = f"relay {each.name or _safe(each.url)}" if mail.relays else f"transport {_safe(each.url)}"
        yield _finding(subject, lambda alone=alone: _transport(alone))  # type: ignore[misc]


def _transport(settings: Settings) -> str:
    (way,) = ways_out(settings, EditionKey(name="check", date=ANY_DAY))
    if _becomes_files(settings):
        return "letters become files"
    sender = settings.mail.sender
    envelope = way.sender or envelope_sender(settings.mail, TOKEN)
    probe(way.transport, envelope.replace("{token}", TOKEN), sender)
    return f"connected and logged in, and it takes letters from {envelope.replace(TOKEN, '...')} (tried with {sender})"


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
