"""Checks the DNS records of the sender's domain and describes them, for ``digest check``."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial

import dns.exception
import dns.resolver
import dns.reversename

from digest.deliver.dns.bimi import bimi
from digest.deliver.dns.dmarc import alignment, dmarc, policy_of
from digest.deliver.dns.records import Lookup, LookupFailed, tags_of
from digest.deliver.dns.spf import spf
from digest.deliver.message.dkim import key_bits, key_trouble
from digest.model.finding import Finding, Level
from digest.text.header import a_labels

__all__ = ["Finding", "Level", "Lookup", "LookupFailed"]


LEAST_BITS, GOOD_BITS = 1024, 2048
"""Length of an RSA key in bits: the least that receivers accept, and the least that they recommend."""
_INNER = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
TESTING = "in testing (t=y): receivers treat letters as unsigned; take it out when all passes"


def resolve(name: str, kind: str) -> Sequence[str]:
    """Return the records of that name and type, as the system's name servers give them; see Lookup."""
    try:
        answer = dns.resolver.resolve(name, kind, lifetime=5)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except dns.exception.DNSException as error:
        raise LookupFailed(f"{name} {kind}: {error}") from error
    if kind == "TXT":
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
    return [record.to_text() for record in answer]


def findings(
    domain: str, *, selector: str | None = None, lookup: Lookup = resolve, ours: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """Return what receivers will find about ``domain``: SPF, DMARC, MX, BIMI, and the DKIM key if a selector is given.

    ``ours`` maps the names of DKIM records to the values that our keys require.
    """
    domain = a_labels(domain)
    return (
        *envelope_findings(domain, lookup=lookup),
        *policy_findings(domain, lookup=lookup),
        *(key_findings(domain, selector, lookup=lookup, ours=ours or {}) if selector else ()),
    )


def envelope_findings(domain: str, *, lookup: Lookup = resolve) -> tuple[Finding, ...]:
    """Return what receivers find about the domain that gets the bounces: its SPF and MX records."""
    domain = a_labels(domain)
    return (
        _found(f"SPF of {domain}", lambda: spf(domain, lookup)),
        _found(f"MX of {domain}", lambda: _mx(domain, lookup(domain, "MX"), lookup)),
    )


def policy_findings(domain: str, *, lookup: Lookup = resolve) -> tuple[Finding, ...]:
    """Return what receivers find about the From domain: its DMARC record, and its logo if it has one."""
    domain = a_labels(domain)
    found = _found(f"DMARC of {domain}", lambda: dmarc(domain, lookup))
    try:
        policy = policy_of(domain, lookup)
        places = dict.fromkeys((domain, policy.at if policy else domain))  # its own logo, or its organisation's
        records = next(filter(None, (lookup(f"default._bimi.{name}", "TXT") for name in places)), ())
    except LookupFailed:
        records = ()
    return (found, bimi(f"BIMI of {domain}", records, policy)) if records else (found,)


def key_findings(
    domain: str, selector: str, *, lookup: Lookup = resolve, ours: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Return what receivers find where a DKIM key should be published: a usable key, and the one that signs.

    ``ours`` maps the names of DKIM records to the values that our keys require.
    """
    name = f"{selector}._domainkey.{a_labels(domain)}"
    names = tuple(ours) or (name,)
    found = [_found(f"DKIM key {one}", partial(_dkim, one, lookup, ours.get(one, ""))) for one in names]
    return (*found, *(one for each, was in zip(names, found, strict=True) for one in _testing(each, was, lookup)))


def _testing(name: str, found: Finding, lookup: Lookup) -> tuple[Finding, ...]:
    """Return a finding that a key is in test mode, where the main finding on that key reports something worse."""
    if found.level is not Level.ERROR:
        return ()
    with suppress(LookupFailed):
        if any("y" in tags_of(each).get("t", "").lower().split(":") for each in lookup(name, "TXT")):
            return (Finding(level=Level.WARNING, subject=f"DKIM key {name}", words=TESTING),)
    return ()


def aligned(domain: str, sender: str, what: str, *, lookup: Lookup = resolve) -> Finding:
    """Return whether the domain that signs (DKIM) or gets bounces (SPF) is aligned with the From domain."""
    domain, sender = a_labels(domain), a_labels(sender)
    return _found(f"alignment of {domain}", lambda: alignment(domain, sender, what, lookup))


def pointers(host: str, domain: str, *, lookup: Lookup = resolve) -> tuple[Finding, ...]:
    """Return for each address of a relay whether its name leads back to it, as receivers require (RFC 8601, 3).

    Receivers check the address that letters come from. A relay within the sender's ``domain`` is assumed to send from
    its own address; for other relays a wrong answer is only a warning, since a provider may send from other addresses.
    """
    subject = f"address of {host}"
    try:
        addresses = _addresses(host, lookup)
    except LookupFailed as error:
        return (Finding(level=Level.WARNING, subject=subject, words=_unanswered(error)),)
    if not addresses:
        words = "none: there is no A or AAAA record, so no letter can leave"
        return (Finding(level=Level.ERROR, subject=subject, words=words),)
    ours = f".{host}".lower().endswith(f".{domain}".lower())
    return tuple(_found(f"PTR of {ip}", lambda ip=ip: _ptr(ip, lookup, ours=ours)) for ip in addresses)  # type: ignore[misc]


def _addresses(host: str, lookup: Lookup) -> tuple[str, ...]:
    """Return the addresses of a host as the DNS writes them; ``host`` may be an address itself."""
    try:
        return (str(ipaddress.ip_address(host.strip("[]"))),)
    except ValueError:
        return (*lookup(host, "A"), *lookup(host, "AAAA"))


def _found(subject: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except LookupFailed as error:
        return Finding(level=Level.WARNING, subject=subject, words=_unanswered(error))


def _unanswered(error: LookupFailed) -> str:
    return f"no name server answered ({error}): try again"


def _dkim(name: str, lookup: Lookup, ours: str) -> Finding:
    subject = f"DKIM key {name}"
    keys = [found for found in map(tags_of, lookup(name, "TXT")) if "p" in found]
    level, words = _dkim_trouble(keys, tags_of(ours).get("p", ""))
    return Finding(level=level, subject=subject, words=words)


def _dkim_trouble(keys: Sequence[Mapping[str, str]], ours: str) -> tuple[Level, str]:
    """Return what is wrong with the keys published under one name (RFC 6376, section 3.6)."""
    if len(keys) != 1:
        several = f"{len(keys)} records, and receivers may take any of them (RFC 6376, 3.6.2.2): keep one"
        return Level.ERROR, several if keys else "missing: publish the record that `digest dkim new` prints"
    key = keys[0]
    published, kind = "".join(key["p"].split()), key.get("k", "rsa").lower()
    if wrong := _unused(key) or _mismatch(published, kind, ours):
        return Level.ERROR, wrong
    if "y" in key.get("t", "").lower().split(":"):
        return Level.WARNING, TESTING
    if (bits := key_bits(published)) and bits < GOOD_BITS:
        level = Level.ERROR if bits < LEAST_BITS else Level.WARNING
        return level, f"an RSA key of {bits} bits, and receivers ask for {GOOD_BITS} (RFC 8301): `digest dkim new`"
    return Level.OK, f"published ({kind})" + ("" if ours else "; whether it is the one that signs was not compared")


def _mismatch(published: str, kind: str, ours: str) -> str:
    """Return why the published key is not the key that signs; empty when they may be the same."""
    if not published:
        return "revoked (its p= is empty): publish the key, or sign with another selector"
    if ours and published != ours:
        return "the published key is not the one that signs: publish the record that `digest dkim new` prints"
    trouble = key_trouble(published, kind)
    return trouble and f"cannot be read as a key ({trouble}): publish the whole record, in pieces of 255 characters"


def _unused(key: Mapping[str, str]) -> str:
    """Return why receivers do not use a key, whatever its value (RFC 6376, section 3.6.1); empty when they may."""
    if "v" in key and (key["v"] != "DKIM1" or next(iter(key)) != "v"):
        return "the record does not begin with v=DKIM1, and receivers pass over it"
    if (kind := key.get("k", "rsa").lower()) not in {"rsa", "ed25519"}:
        return (
            f"k={kind!r:.40} is no kind of key: publish the record that `digest dkim new` prints, without backslashes"
        )
    if "sha256" not in key.get("h", "sha256").lower().split(":"):
        return f"h={key['h']!r:.40} does not allow sha256, which signs: take h= out"
    if not {"*", "email"} & set(key.get("s", "*").lower().split(":")):
        return f"s={key['s']!r:.40} is for another service than mail: take s= out"
    return ""


def _mx(domain: str, records: Sequence[str], lookup: Lookup) -> Finding:
    subject = f"MX of {domain}"
    if not records and (addresses := _addresses(domain, lookup)):
        words = f"none: mail goes to the domain's own address, {addresses[0]} (RFC 5321, 5.1)"
        return Finding(level=Level.OK, subject=subject, words=words)
    if not records:
        words = "missing: replies and bounces to your sender address will not arrive"
        return Finding(level=Level.WARNING, subject=subject, words=words)
    if any(record.split()[-1] == "." for record in records):
        words = "a null MX says that the domain takes no mail (RFC 7505): receivers may refuse its letters"
        return Finding(level=Level.ERROR, subject=subject, words=words)
    hosts = [record.split()[-1].rstrip(".").lower() for record in records]
    if named := next((host for host in hosts if host == "localhost" or _is_address(host)), ""):
        words = f"{named} is no name of a mail server (RFC 1035, 3.3.9): bounces and replies will not arrive"
        return Finding(level=Level.ERROR, subject=subject, words=words)
    return _servers(subject, records, hosts, lookup)


def _servers(subject: str, records: Sequence[str], hosts: Sequence[str], lookup: Lookup) -> Finding:
    """Return whether mail can reach the servers of a domain."""
    reached = {host: [each for each in _addresses(host, lookup) if not _leads_nowhere(each)] for host in hosts}
    if lost := [host for host in hosts if not reached[host]]:
        words = f"{lost[0]} has no address to which mail could go: give it an A record, or take it out"
        level = Level.ERROR if len(lost) == len(hosts) else Level.WARNING
        return Finding(level=level, subject=subject, words=words)
    if inner := next((each for found in reached.values() for each in found if _is_inner(each)), ""):
        words = f"{inner} is an address of a private network: see that others than this machine get a public one"
        return Finding(level=Level.WARNING, subject=subject, words=words)
    return Finding(level=Level.OK, subject=subject, words=", ".join(sorted(records)))


def _leads_nowhere(address: str) -> bool:
    """Return whether mail to an address stays on the sender's own machine (RFC 6890: loopback, unspecified)."""
    ip = ipaddress.ip_address(address)
    return ip.is_loopback or ip.is_unspecified


def _is_inner(address: str) -> bool:
    """Return whether an address is for private networks (RFC 1918, RFC 4193)."""
    return any(ipaddress.ip_address(address) in network for network in _INNER)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _ptr(ip: str, lookup: Lookup, *, ours: bool) -> Finding:
    subject, wrong = f"PTR of {ip}", Level.ERROR if ours else Level.WARNING
    if not ipaddress.ip_address(ip).is_global:
        words = "not a public address: receivers want a name for the address that your relay sends from; check it there"
        return Finding(level=Level.WARNING, subject=subject, words=words)
    names = lookup(dns.reversename.from_address(ip).to_text(), "PTR")
    elsewhere = "" if ours else " (unless your provider sends from another address)"
    if not names:
        words = "missing: many receivers refuse mail from an address without a name; ask whoever runs it for one"
        return Finding(level=wrong, subject=subject, words=words + elsewhere)
    kind = "AAAA" if ":" in ip else "A"
    leading_back = [name for name in names if ip in lookup(name, kind)]
    if not leading_back:
        words = f"{names[0]} does not lead back to {ip}: give the name an {kind} record"
        return Finding(level=wrong, subject=subject, words=words + elsewhere)
    return Finding(level=Level.OK, subject=subject, words=leading_back[0])
