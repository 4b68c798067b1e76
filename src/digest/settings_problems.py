"""Checks the values of the settings: what cannot work by itself, and what contradicts another setting.

The configuration file has been read and each value has its type when these checks run. They yield the path of a key
and the expected value; ``configuration`` says where the key is written.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digest.identity_problems import Problem, block_problems, identity_problems
from digest.public_addresses import desk_problems, embed_problems, public_problem
from digest.settings import EditionSettings, KeySettings, MailSettings, Settings
from digest.text.credentials import host_of
from digest.text.languages import primary_tag
from digest.text.sections import section_key
from digest.text.sender import address_problem, domain_problem, selector_problem

SCHEMES = ("smtp", "smtps", "smtp+starttls", "file")
MAILBOXES = ("imaps://", "imap+starttls://")
DATABASES = ("sqlite", "postgresql")
KEY_NAME = re.compile(r"[A-Za-z0-9_-]{1,20}")
"""The form of a key's name.

The name is part of an address's local part (at most 64 octets), beside a number and a MAC.
"""

LEAST_DAYS = {"deliveries_days": 60, "journals_days": 7, "events_days": 7, "webhooks_days": 3}
"""Least number of days for data that the program needs: how often an address was refused lately, what a killed run was
sending, and which events are known when they are posted again."""

LEAST_SECRET = 16
"""Least number of characters of a sending service's secret. Whoever guesses the secret can unsubscribe readers."""


def impossible(settings: Settings) -> Iterator[Problem]:
    """Yield the key path and the expected value for each value that is well-formed but cannot work."""
    for number, source in enumerate(settings.sources):
        if source.url and not _is_web_address(source.url):
            yield ("sources", str(number), "url"), f"expected an http(s) URL (it is {source.url!r:.80})"
    for name, edition in settings.editions.items():
        if not _zone_exists(edition.zone):
            expected = f"expected an IANA time zone such as Europe/Berlin (it is {edition.zone!r})"
            yield ("editions", name, "zone"), expected
        yield from _empty_words(("editions", name), edition)
        if not edition.days and edition.kind == "scheduled":
            yield ("editions", name, "days"), "expected at least one day, such as ['mon']"
    for network in settings.fetch.allow_networks:
        if not _is_network(network):
            yield ("fetch", "allow_networks"), f"expected networks such as 10.0.0.0/8 (one is {network!r})"
    yield from _languages(settings)
    yield from _transport(settings)
    yield from _keys(settings.keys)
    if settings.database.url.partition(":")[0].partition("+")[0] not in DATABASES or "://" not in settings.database.url:
        yield ("database", "url"), "expected sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME"
    yield from _pages(settings)
    yield from embed_problems(settings)
    yield from desk_problems(settings)
    yield from _kept(settings)
    yield from _alerts(settings)
    yield from _events(settings)


def _events(settings: Settings) -> Iterator[Problem]:
    """Yield the settings that are missing to verify the events of a sending service."""
    for name, event in settings.events.items():
        if not re.fullmatch(r"[a-z0-9-]{1,40}", name):
            yield ("events", name), "expected a name of small letters, digits and -: it is part of an address"
        if event.service == "ses" and not event.topic.startswith("arn:"):
            yield ("events", name, "topic"), "expected the ARN of the SNS topic (arn:aws:sns:...)"
        if event.service != "ses" and len(event.secret) < LEAST_SECRET:
            yield (
                ("events", name, "secret"),
                f"expected the secret that proves the sender, at least {LEAST_SECRET} characters",
            )


def _kept(settings: Settings) -> Iterator[Problem]:
    for name, least in LEAST_DAYS.items():
        if 0 < (days := getattr(settings.retention, name)) < least:
            yield ("retention", name), f"expected at least {least} days, or 0 to keep them for ever (it is {days})"


def _alerts(settings: Settings) -> Iterator[Problem]:
    """Yield what is wrong with the targets of alerts."""
    alerts = settings.alerts
    for address in alerts.mail:
        if problem := address_problem(address):
            yield ("alerts", "mail"), f"{problem} (one is {address!r:.80})"
    if alerts.webhook is not None and not _is_web_address(alerts.webhook):
        yield ("alerts", "webhook"), "expected an http(s) URL"
    for network in alerts.allow_networks:
        if not _is_network(network):
            yield ("alerts", "allow_networks"), f"expected networks such as 10.0.0.0/8 (one is {network!r})"


def _empty_words(key: tuple[str, ...], edition: EditionSettings) -> Iterator[Problem]:
    for setting in ("include_words", "exclude_words", "include_authors", "exclude_authors"):
        if any(not word.strip(" *") for word in getattr(edition, setting)):
            yield (*key, setting), "expected words (one is empty)"


def contradictions(settings: Settings) -> Iterator[Problem]:
    """Yield (key path, expected value) for settings that contradict each other."""
    names = {source.name for source in settings.sources}
    yield from _relays(settings.mail)
    if (url := settings.bounces.url) is not None and not (url.startswith(MAILBOXES) and host_of(url)):
        yield ("bounces", "url"), "expected a mailbox, as in imaps://user:password@mail.example.com/INBOX"
    for name, edition in settings.editions.items():
        yield from _edition(name, edition, settings, names)
        yield from identity_problems(("editions", name), edition, settings.mail)
        yield from block_problems(("editions", name), edition)


def _edition(name: str, edition: EditionSettings, settings: Settings, sources: set[str]) -> Iterator[Problem]:
    key = ("editions", name)
    if edition.follows is not None and (edition.follows not in settings.editions or edition.follows == name):
        yield (*key, "follows"), f"expected the name of another edition (it is {edition.follows!r})"
    if edition.expires_minutes < edition.catch_up_minutes:
        yield (*key, "expires_minutes"), f"expected at least catch_up_minutes ({edition.catch_up_minutes})"
    yield from _unknown_sources(key, edition, sources)
    yield from _not_taken(key, edition)
    if edition.kind != "scheduled" and edition.follows is not None:
        yield (*key, "follows"), f"leave it out: a letter of kind {edition.kind!r} follows no other letter"
    for other, plan in settings.editions.items():
        if plan.follows == name and edition.kind != "scheduled":
            yield ("editions", other, "follows"), f"{name!r} comes on demand only (kind)"


def _not_taken(key: tuple[str, ...], edition: EditionSettings) -> Iterator[Problem]:
    """Yield contradictions in one edition: what one setting requires or includes and another one excludes."""
    for name in edition.must_have:
        if name in edition.exclude_sources or (edition.sources and name not in edition.sources):
            yield (*key, "must_have"), f"the edition does not take {name!r}: see its sources and exclude_sources"
    out = set(map(section_key, edition.exclude_sections))
    for name in edition.sections:
        if section_key(name) in out:
            yield (*key, "exclude_sections"), f"{name!r} is in its sections too"


def _unknown_sources(key: tuple[str, ...], edition: EditionSettings, sources: set[str]) -> Iterator[Problem]:
    named: dict[str, Iterable[str]] = {
        "sources": edition.sources,
        "exclude_sources": edition.exclude_sources,
        "source_weights": edition.source_weights,
        "source_caps": edition.source_caps.keys() - {"*"},
        "must_have": edition.must_have,
    }
    for setting, names in named.items():
        for unknown in sorted(set(names) - sources) if sources else ():
            yield (*key, setting), f"no source is called {unknown!r}"


def _pages(settings: Settings) -> Iterator[Problem]:
    url = settings.site.url
    if url is not None and (problem := public_problem(url)):
        yield ("site", "url"), f"{problem} (it is {url!r:.80})"
    looks = {("brand",): settings.brand} | {("editions", n, "brand"): e.brand for n, e in settings.editions.items()}
    expected = "expected site.url beside it: readers' mail programs load the pictures from there"
    for key, look in looks.items():
        for setting in ("images", "logo") if url is None else ():
            if getattr(look, setting) not in {None, "", "none"}:
                yield (*key, setting), expected
    for proxy in settings.web.trusted_proxies:
        if not _is_network(proxy):
            expected = f"expected addresses or networks such as 10.0.0.1 or 10.0.0.0/8 (one is {proxy!r})"
            yield ("web", "trusted_proxies"), expected


def _transport(settings: Settings) -> Iterator[Problem]:
    mail = settings.mail
    urls: dict[tuple[str, ...], str] = {("transport",): mail.transport}
    urls |= {("relays", str(number), "url"): relay.url for number, relay in enumerate(mail.relays)}
    for key, url in urls.items():
        scheme = url.partition(":")[0].lower()
        if scheme not in SCHEMES:
            yield ("mail", *key), f"expected a URL that starts with one of {', '.join(s + ':' for s in SCHEMES)}"
        elif scheme != "file" and not host_of(url):
            yield ("mail", *key), "expected a host, as in smtp+starttls://user:password@mail.example.com:587"
    yield from _envelope_senders(mail)
    yield from _senders(mail)


def _senders(mail: MailSettings) -> Iterator[Problem]:
    """Yield what is wrong with the addresses and domains in the header of every letter."""
    checks: tuple[tuple[str, str | None, Callable[[str], str]], ...] = (
        ("sender", mail.sender, address_problem),
        ("reply_to", mail.reply_to, address_problem),
        ("leave_to", mail.leave_to, address_problem),
        ("envelope_domain", mail.envelope_domain, domain_problem),
        ("list_domain", mail.list_domain, domain_problem),
        ("dkim_domain", mail.dkim_domain, domain_problem),
        ("dkim_selector", mail.dkim_selector, selector_problem),
    )
    for key, value, problem_of in checks:
        if value is not None and (problem := problem_of(value)):
            yield ("mail", key), f"{problem} (it is {value!r:.80})"


def _envelope_senders(mail: MailSettings) -> Iterator[Problem]:
    given: list[tuple[tuple[str, ...], str | None]] = [(("mail",), mail.envelope_sender)]
    given += [(("mail", "relays", str(number)), each.envelope_sender) for number, each in enumerate(mail.relays)]
    for key, sender in given:
        if sender is not None and address_problem(sender.replace("{token}", "t", 1)):
            expected = f"expected news@example.com or news+{{token}}@example.com (it is {sender!r:.80})"
            yield (*key, "envelope_sender"), expected


def _relays(mail: MailSettings) -> Iterator[Problem]:
    """Yield conflicts between relays. Names must be unique, since limits are counted by name."""
    if mail.relays and mail.transport != MailSettings().transport:
        yield ("mail", "transport"), "leave it out: the relays of [[mail.relays]] take its place"
    names = [relay.name or _place(relay.url) for relay in mail.relays]
    for number, name in enumerate(names):
        if name in names[:number]:
            yield ("mail", "relays", str(number)), f"another relay is called {name!r} as well: give each a name"
    domains = [each.name.lower() for each in mail.domains]
    for number, name in enumerate(domains):
        if name in domains[:number]:
            yield ("mail", "domains", str(number)), f"{name!r} has limits already"


def _place(url: str) -> str:
    """Return host and port of a relay's URL, without user and password."""
    return url.partition("://")[2].rpartition("@")[2].partition("?")[0]


def _keys(keys: KeySettings) -> Iterator[Problem]:
    spelled = [name.lower() for name in keys.ring]
    for name, key in keys.ring.items():
        if not KEY_NAME.fullmatch(name) or spelled.count(name.lower()) > 1:
            expected = "expected a name of letters, digits, - and _ (20 at most), unique even when case is ignored"
            yield ("keys", "ring", name), f"{expected} (it is {name!r:.40}): it is part of links and addresses"
        if not re.fullmatch(r"[0-9a-fA-F]{64,}", key) or len(key) % 2:
            yield ("keys", "ring", name), "expected 64 hexadecimal digits, as `digest init` writes them"
    if keys.ring and keys.current not in keys.ring:
        yield ("keys", "current"), f"expected the name of a key of the ring (it is {keys.current!r})"


def _is_web_address(url: str) -> bool:
    return url.partition(":")[0].lower() in {"http", "https"} and bool(_host(url))


def _host(url: str) -> str:
    """Return the host of a URL; empty when it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _languages(settings: Settings) -> Iterator[Problem]:
    """Yield invalid language tags of sources and editions: no article would ever match them."""
    places = [(("sources", str(n), "language"), source.language) for n, source in enumerate(settings.sources)]
    places += [(("editions", name, "language"), edition.language) for name, edition in settings.editions.items()]
    for place, tag in places:
        if tag and primary_tag(tag) is None:
            yield place, f"expected a language tag (BCP 47) such as en or pt-BR (it is {tag!r:.80})"


def _zone_exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True
