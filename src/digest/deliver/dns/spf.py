"""How receivers evaluate an SPF record (RFC 7208): who may send, and whether the record can be evaluated at all."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence

from digest.deliver.dns.records import Lookup
from digest.deliver.dns.spf_tree import MOST_LOOKUPS, MOST_VOID, Needs, evaluated, needs_of, spf_records
from digest.model.finding import Finding, Level

_TERM = re.compile(
    r"[+?~-]?(?:all|(?:a|mx|ptr)(?::[^\s/]+)?(?:/\d{1,3})?(?://\d{1,3})?|(?:include|exists):\S+"
    r"|ip4:\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?|ip6:[0-9a-f:.]+(?:/\d{1,3})?)|[a-z][\w.-]*=\S+",
    re.IGNORECASE,
)
_QUOTES = "\"'\\ \N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
"""Characters around a record in a zone file. Pasted into a provider's form, they become a part of the record."""


def spf(domain: str, lookup: Lookup) -> Finding:
    """Return what receivers will find about the SPF record of a domain."""
    subject = f"SPF of {domain}"
    records = lookup(domain, "TXT")
    found = spf_records(records)
    if not found and (quoted := next((record for record in records if spf_records([record.strip(_QUOTES)])), "")):
        words = f"{quoted:.100} has quotation marks in it, and receivers then see none: take them out"
        return Finding(level=Level.ERROR, subject=subject, words=words)
    if len(found) != 1:
        words = 'missing: add a TXT record such as "v=spf1 include:YOUR-RELAY -all"'
        words = words if not found else f"{len(found)} records, and receivers then use none (RFC 7208, 4.5): join them"
        return Finding(level=Level.ERROR, subject=subject, words=words)
    level, words = next(_troubles(domain, found[0], lookup), (Level.OK, found[0]))
    return Finding(level=level, subject=subject, words=words)


def _troubles(domain: str, record: str, lookup: Lookup) -> Iterator[tuple[Level, str]]:
    terms = record.lower().split()[1:]
    if wrong := _wrong_term(terms):
        yield Level.ERROR, f"{wrong!r:.60} is no term of SPF, and receivers then use none of it (RFC 7208, 4.6)"
    if any(sum(term.startswith(once) for term in terms) > 1 for once in ("redirect=", "exp=")):
        yield Level.ERROR, f"{record}: redirect= or exp= twice, and receivers then use none of it (RFC 7208, 6)"
    if anybody := _anybody(terms):
        yield Level.ERROR, f"{anybody} lets anybody send in your name: end it with -all or ~all"
    if not any(term[0] not in "-~?" and not re.match(r"exp=|all$", term) for term in evaluated(terms)):
        yield Level.ERROR, f"{record}: nobody may send in your name: add include:YOUR-RELAY before the end"
    needs = needs_of(record, domain, lookup)
    if needs.lookups > MOST_LOOKUPS:
        words = f"needs {needs.lookups} lookups, and receivers stop at {MOST_LOOKUPS} and use none of it"
        yield Level.ERROR, f"{words} (RFC 7208, 4.6.4): take out what sends no more"
    yield from _troubles_of_includes(domain, needs)
    if len(needs.void) > MOST_VOID:
        words = f"{', '.join(needs.void[: MOST_VOID + 1])} lead to no address, and receivers then use none of it"
        yield Level.ERROR, f"{words} (RFC 7208, 4.6.4): take them out"
    yield from _slips(record, terms)


def _slips(record: str, terms: Sequence[str]) -> Iterator[tuple[Level, str]]:
    """Yield terms of a record that are allowed but probably a mistake."""
    last = next((place for place, term in enumerate(terms) if term.lstrip("+-~?") == "all"), len(terms))
    if any("=" not in term for term in terms[last + 1 :]):
        yield Level.WARNING, f"{record}: what stands behind {terms[last]} is not looked at: put it before"
    if "?all" in terms or not any(term.endswith("all") or term.startswith("redirect=") for term in terms):
        yield Level.WARNING, f"{record}: it says nothing of other senders: end it with -all or ~all"
    if any(re.fullmatch(r"[+?~-]?ptr(?::.*)?", term) for term in terms):
        yield Level.WARNING, f"{record}: receivers pass over ptr, or refuse for it (RFC 7208, 5.5): take it out"


def _troubles_of_includes(domain: str, needs: Needs) -> Iterator[tuple[Level, str]]:
    """Yield the includes that are missing, circular or wrong, or that let everybody send for the domain."""
    if needs.circle:
        itself = " itself" if needs.circle == domain else ", which includes itself"
        words = f"includes {needs.circle}{itself}, and receivers then use none of it"
        yield Level.ERROR, f"{words} (RFC 7208, 4.6.4): take it out"
    for name, record in needs.nested:
        terms = record.lower().split()[1:]
        if _anybody(terms):
            yield Level.ERROR, f"includes {name}, which lets anybody send: take it out"
        if wrong := _wrong_term(terms):
            words = f"includes {name}, where {wrong!r:.60} is no term of SPF, and receivers then use none of it"
            yield Level.ERROR, f"{words} (RFC 7208, 4.6)"
    if needs.missing:
        words = f"includes {needs.missing[0]}, which has not one SPF record, and receivers then use none of it"
        yield Level.ERROR, f"{words} (RFC 7208, 5.2): take it out, or correct the name"
    if needs.crowded:
        words = f"{needs.crowded[0]} has more than {MOST_LOOKUPS} mail servers, and receivers then use none of it"
        yield Level.ERROR, f"{words} (RFC 7208, 4.6.4): name their addresses with ip4: and ip6:"


def _wrong_term(terms: Sequence[str]) -> str:
    """Return the first term that is not an SPF term; empty when all are."""
    return next((term for term in terms if not _TERM.fullmatch(term) or not _is_network(term)), "")


def _anybody(terms: Sequence[str]) -> str:
    """Return the term that lets everybody send; empty when there is none."""
    for term in terms:
        bare = term.removeprefix("+")
        if bare == "all" or re.fullmatch(r"(?:a|mx)(?::[^\s/]+)?(?:/0|//0|/0//0)", bare):
            return term
    networks = [network for term in terms if (network := _network(term.removeprefix("+")))]
    fours = [network for network in networks if isinstance(network, ipaddress.IPv4Network)]
    sixes = [network for network in networks if isinstance(network, ipaddress.IPv6Network)]
    whole = [one for one in ipaddress.collapse_addresses(fours) if one.prefixlen == 0]
    return "every address" if whole or any(one.prefixlen == 0 for one in ipaddress.collapse_addresses(sixes)) else ""


def _is_network(term: str) -> bool:
    """Return whether a term's network is valid; true for a term without a network."""
    return term.lstrip("+-~?").partition(":")[0] not in {"ip4", "ip6"} or _network(term.lstrip("+-~?")) is not None


def _network(term: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """Return the network of an ip4 or ip6 term without a qualifier; None for another term, or when it is wrong."""
    kind, _, written = term.partition(":")
    if kind not in {"ip4", "ip6"}:
        return None
    try:
        network = ipaddress.ip_network(written, strict=False)
    except ValueError:
        return None
    return network if network.version == int(kind[-1]) else None
