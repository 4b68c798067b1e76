"""What the DNS says of the domain that letters come from, as findings in words, for ``digest check``."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

import dns.exception
import dns.resolver
import dns.reversename

Lookup = Callable[[str, str], Sequence[str]]
"""(name, type) -> the records as text, TXT joined; empty when there are none; LookupFailed when nobody answers."""


class LookupFailed(Exception):  # noqa: N818 - it says what happened, and stays in this module
    """The name servers gave no answer: that is no finding about the records."""


class Level(Enum):
    """How much a finding weighs."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsFinding:
    """One sentence about one record, with what to do when it is not well."""

    level: Level
    subject: str
    words: str


def resolve(name: str, kind: str) -> Sequence[str]:
    """Ask the system's name servers; see Lookup."""
    try:
        answer = dns.resolver.resolve(name, kind, lifetime=5)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except dns.exception.DNSException as error:
        raise LookupFailed(f"{name} {kind}: {error}") from error
    if kind == "TXT":
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
    return [record.to_text() for record in answer]


def findings(domain: str, *, selector: str | None = None, lookup: Lookup = resolve) -> tuple[DnsFinding, ...]:
    """Return what receivers will find about ``domain``: SPF, DMARC, MX, and the DKIM key where one is named."""
    checks: list[tuple[str, Callable[[], DnsFinding]]] = [
        (f"SPF of {domain}", lambda: _spf(domain, lookup(domain, "TXT"))),
        (f"DMARC of {domain}", lambda: _dmarc(domain, lookup(f"_dmarc.{domain}", "TXT"))),
        (f"MX of {domain}", lambda: _mx(domain, lookup(domain, "MX"))),
    ]
    if selector:
        name = f"{selector}._domainkey.{domain}"
        checks.append((f"DKIM key {name}", lambda: _dkim(name, lookup(name, "TXT"))))
    return tuple(_found(subject, check) for subject, check in checks)


def pointers(host: str, domain: str, *, lookup: Lookup = resolve) -> tuple[DnsFinding, ...]:
    """Return of each address of a relay whether it has a name that leads back to it, as receivers want (RFC 8601, 3).

    They ask about the address that letters leave from. A relay within the sender's ``domain`` is taken for that; of
    another a wrong answer is a warning, since a provider may send from elsewhere.
    """
    subject = f"address of {host}"
    try:
        addresses = _addresses(host, lookup)
    except LookupFailed as error:
        return (DnsFinding(level=Level.WARNING, subject=subject, words=_unanswered(error)),)
    if not addresses:
        words = "none: there is no A or AAAA record, so no letter can leave"
        return (DnsFinding(level=Level.ERROR, subject=subject, words=words),)
    ours = f".{host}".lower().endswith(f".{domain}".lower())
    return tuple(_found(f"PTR of {ip}", lambda ip=ip: _ptr(ip, lookup, ours=ours)) for ip in addresses)  # type: ignore[misc]


def _addresses(host: str, lookup: Lookup) -> tuple[str, ...]:
    """Return the addresses of a host, spelled as the DNS spells them; a host may be an address itself."""
    try:
        return (str(ipaddress.ip_address(host.strip("[]"))),)
    except ValueError:
        return (*lookup(host, "A"), *lookup(host, "AAAA"))


def _found(subject: str, check: Callable[[], DnsFinding]) -> DnsFinding:
    try:
        return check()
    except LookupFailed as error:
        return DnsFinding(level=Level.WARNING, subject=subject, words=_unanswered(error))


def _unanswered(error: LookupFailed) -> str:
    return f"no name server answered ({error}): try again"


def _spf(domain: str, records: Sequence[str]) -> DnsFinding:
    subject = f"SPF of {domain}"
    found = [record for record in records if record.lower().split(" ")[0] == "v=spf1"]
    if not found:
        words = 'missing: add a TXT record such as "v=spf1 include:YOUR-RELAY -all"'
        return DnsFinding(level=Level.ERROR, subject=subject, words=words)
    if len(found) > 1:
        words = f"{len(found)} records, and receivers then use none (RFC 7208, 4.5): join them"
        return DnsFinding(level=Level.ERROR, subject=subject, words=words)
    if "+all" in found[0].lower().split():
        words = "+all lets anybody send in your name: end it with -all or ~all"
        return DnsFinding(level=Level.ERROR, subject=subject, words=words)
    return DnsFinding(level=Level.OK, subject=subject, words=found[0])


def _dmarc(domain: str, records: Sequence[str]) -> DnsFinding:
    subject = f"DMARC of {domain}"
    found = [record for record in records if record.lower().replace(" ", "").startswith("v=dmarc1")]
    if len(found) != 1:
        words = 'missing: Gmail and Yahoo want one from who mails many; begin with "v=DMARC1; p=none"'
        words = words if not found else f"{len(found)} records, and receivers then use none: keep one"
        return DnsFinding(level=Level.ERROR, subject=subject, words=words)
    if "p=none" in found[0].lower().replace(" ", ""):
        words = f"{found[0]} (it only watches: when all your mail passes, go on to p=quarantine)"
        return DnsFinding(level=Level.WARNING, subject=subject, words=words)
    return DnsFinding(level=Level.OK, subject=subject, words=found[0])


def _dkim(name: str, records: Sequence[str]) -> DnsFinding:
    subject = f"DKIM key {name}"
    tags = [
        {tag.strip(): value.strip() for tag, _, value in (part.partition("=") for part in record.split(";"))}
        for record in records
    ]
    keys = [found for found in tags if "p" in found]
    if not keys:
        words = "missing: publish the record that `digest dkim` prints"
        return DnsFinding(level=Level.ERROR, subject=subject, words=words)
    if not keys[0]["p"]:
        words = "revoked (its p= is empty): publish the key, or sign with another selector"
        return DnsFinding(level=Level.ERROR, subject=subject, words=words)
    return DnsFinding(level=Level.OK, subject=subject, words=f"published ({keys[0].get('k', 'rsa')})")


def _mx(domain: str, records: Sequence[str]) -> DnsFinding:
    subject = f"MX of {domain}"
    if not records:
        words = "missing: replies and bounces to your sender address will not arrive"
        return DnsFinding(level=Level.WARNING, subject=subject, words=words)
    if any(record.split()[-1] == "." for record in records):
        words = "a null MX says that the domain takes no mail (RFC 7505): receivers may refuse its letters"
        return DnsFinding(level=Level.ERROR, subject=subject, words=words)
    return DnsFinding(level=Level.OK, subject=subject, words=", ".join(sorted(records)))


def _ptr(ip: str, lookup: Lookup, *, ours: bool) -> DnsFinding:
    subject, wrong = f"PTR of {ip}", Level.ERROR if ours else Level.WARNING
    if not ipaddress.ip_address(ip).is_global:
        words = "not a public address: see that the one which your letters leave from has a name that leads back to it"
        return DnsFinding(level=Level.WARNING, subject=subject, words=words)
    names = lookup(dns.reversename.from_address(ip).to_text(), "PTR")
    elsewhere = "" if ours else " (unless your provider sends from another address)"
    if not names:
        words = "missing: many receivers refuse mail from an address without a name; ask whoever runs it for one"
        return DnsFinding(level=wrong, subject=subject, words=words + elsewhere)
    kind = "AAAA" if ":" in ip else "A"
    leading_back = [name for name in names if ip in lookup(name, kind)]
    if not leading_back:
        words = f"{names[0]} does not lead back to {ip}: give the name an {kind} record"
        return DnsFinding(level=wrong, subject=subject, words=words + elsewhere)
    return DnsFinding(level=Level.OK, subject=subject, words=leading_back[0])
