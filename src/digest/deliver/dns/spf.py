"""How receivers evaluate an SPF record (RFC 7208): who may send, and whether the record can be evaluated at all."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence

from digest.deliver.dns.records import Lookup
from digest.model.finding import Finding, Level

MOST_LOOKUPS = 10
"""Terms that query the DNS, counted over all included records (RFC 7208, section 4.6.4)."""
_TERM = re.compile(
    r"[+?~-]?(?:all|(?:a|mx|ptr)(?::[^\s/]+)?(?:/\d{1,3})?(?://\d{1,3})?|(?:include|exists):\S+"
    r"|ip4:\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?|ip6:[0-9a-f:.]+(?:/\d{1,3})?)|[a-z][\w.-]*=\S+",
    re.IGNORECASE,
)
_ASKING = re.compile(r"[+?~-]?(?:a|mx|ptr|include|exists)\b|redirect=", re.IGNORECASE)
_QUOTES = "\"'\\ \N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
"""Characters that surround a record in a zone file; a provider's form would make them a part of the record."""
_NESTED = re.compile(r"[+?~-]?include:(\S+)|redirect=(\S+)", re.IGNORECASE)


def spf_records(records: Sequence[str]) -> list[str]:
    """Return the SPF records among the TXT records of a domain."""
    return [record for record in records if record.lower().split(" ")[0] == "v=spf1"]


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
    if {"+all", "all"} & set(terms):
        yield Level.ERROR, "+all lets anybody send in your name: end it with -all or ~all"
    if not any(term[0] not in "-~?" and not re.match(r"exp=|all$", term) for term in terms):
        yield Level.ERROR, f"{record}: nobody may send in your name: add include:YOUR-RELAY before the end"
    asked, missing = _lookups(record, lookup, frozenset({domain}))
    if asked > MOST_LOOKUPS:
        words = f"needs {asked} lookups, and receivers stop at {MOST_LOOKUPS} and use none of it (RFC 7208, 4.6.4)"
        yield Level.ERROR, f"{words}: take out what sends no more"
    yield from _troubles_of_includes(domain, record, lookup)
    if missing:
        words = f"includes {missing[0]}, which has not one SPF record, and receivers then use none of it"
        words = f"{words} (RFC 7208, 5.2): take it out, or correct the name"
        yield Level.ERROR, words
    yield from _slips(record, terms)


def _slips(record: str, terms: Sequence[str]) -> Iterator[tuple[Level, str]]:
    """Yield terms that are allowed but seldom intended."""
    last = next((place for place, term in enumerate(terms) if term.lstrip("+-~?") == "all"), len(terms))
    if any("=" not in term for term in terms[last + 1 :]):
        yield Level.WARNING, f"{record}: what stands behind {terms[last]} is not looked at: put it before"
    if "?all" in terms or not any(term.endswith("all") or term.startswith("redirect=") for term in terms):
        yield Level.WARNING, f"{record}: it says nothing of other senders: end it with -all or ~all"
    if any(re.fullmatch(r"[+?~-]?ptr(?::.*)?", term) for term in terms):
        yield Level.WARNING, f"{record}: receivers pass over ptr, or refuse for it (RFC 7208, 5.5): take it out"


def _troubles_of_includes(domain: str, record: str, lookup: Lookup) -> Iterator[tuple[Level, str]]:
    """Yield the includes that are void, or that let everybody send for the domain."""
    for name in _included(record):
        found = spf_records(lookup(name, "TXT"))
        if name == domain or _is_circle(name, lookup, frozenset({domain})):
            itself = f"includes {name}{' itself' if name == domain else ', which includes itself'}"
            yield Level.ERROR, f"{itself}, and receivers then use none of it (RFC 7208, 4.6.4): take it out"
        elif any({"+all", "all"} & set(each.lower().split()) for each in found):
            yield Level.ERROR, f"includes {name}, which lets anybody send: take it out"
        elif wrong := next(filter(None, (_wrong_term(each.lower().split()[1:]) for each in found)), ""):
            words = f"includes {name}, where {wrong!r:.60} is no term of SPF, and receivers then use none of it"
            yield Level.ERROR, f"{words} (RFC 7208, 4.6)"


def _is_circle(name: str, lookup: Lookup, above: frozenset[str]) -> bool:
    """Return whether the record of ``name`` includes one in ``above`` again, at most MOST_LOOKUPS includes deep."""
    if name in above or len(above) > MOST_LOOKUPS:
        return name in above
    found = spf_records(lookup(name, "TXT"))
    return len(found) == 1 and any(_is_circle(each, lookup, above | {name}) for each in _included(found[0]))


def _wrong_term(terms: Sequence[str]) -> str:
    """Return the first term that is not an SPF term; empty when all are."""
    return next((term for term in terms if not _TERM.fullmatch(term) or not _is_network(term)), "")


def _included(record: str) -> Iterator[str]:
    for nested in filter(None, map(_NESTED.fullmatch, record.lower().split()[1:])):
        name = (nested[1] or nested[2]).rstrip(".")
        if "%" not in name:
            yield name


def _is_network(term: str) -> bool:
    """Return whether a term's network is valid; true for a term without a network."""
    kind, _, network = term.lstrip("+-~?").partition(":")
    if kind not in {"ip4", "ip6"}:
        return True
    try:
        return ipaddress.ip_network(network, strict=False).version == int(kind[-1])
    except ValueError:
        return False


def _lookups(record: str, lookup: Lookup, above: frozenset[str]) -> tuple[int, list[str]]:
    """Return how many lookups a record and its included records need, and which included records are missing."""
    asked, missing = 0, list[str]()
    for term in record.lower().split()[1:]:
        asked += bool(_ASKING.match(term))
        nested = _NESTED.fullmatch(term)
        name = (nested[1] or nested[2]).rstrip(".") if nested else ""
        if not name or "%" in name or name in above or asked > MOST_LOOKUPS:
            continue
        found = spf_records(lookup(name, "TXT"))
        if len(found) != 1:
            missing.append(name)
            continue
        more, gone = _lookups(found[0], lookup, above | {name})
        asked, missing = asked + more, missing + gone
    return asked, missing
