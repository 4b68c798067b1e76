"""Which DNS queries an SPF record needs: those of its own terms, and those of the records that it includes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from digest.deliver.dns.records import Lookup

MOST_LOOKUPS = 10
"""Most terms that query the DNS, in all included records, and most mail servers of one mx term (RFC 7208, 4.6.4)."""
MOST_VOID = 2
"""Most terms for which the DNS has no answer (RFC 7208, section 4.6.4)."""
_ASKING = re.compile(r"[+?~-]?(?:a|mx|ptr|include|exists)\b|redirect=", re.IGNORECASE)
_NESTED = re.compile(r"[+?~-]?include:(\S+)|redirect=(\S+)", re.IGNORECASE)
_HOST = re.compile(r"[+?~-]?(a|mx|exists)(?::([^\s/]+))?(?:/.*)?", re.IGNORECASE)


@dataclass(slots=True)
class Needs:
    """What a record and all records that it includes need from the DNS. The search ends where receivers stop."""

    lookups: int = 0
    void: list[str] = field(default_factory=list)
    """Terms for which the DNS has no answer."""
    crowded: list[str] = field(default_factory=list)
    """Terms of domains with more than MOST_LOOKUPS mail servers."""
    missing: list[str] = field(default_factory=list)
    """Included domains that have no SPF record, or several."""
    circle: str = ""
    """A domain that includes itself, or one that includes it."""
    nested: list[tuple[str, str]] = field(default_factory=list)
    """The included domains and their records."""


def spf_records(records: Sequence[str]) -> list[str]:
    """Return the SPF records among the TXT records of a domain."""
    return [record for record in records if record.lower().split(" ")[0] == "v=spf1"]


def evaluated(terms: Sequence[str]) -> list[str]:
    """Return the terms that receivers evaluate: up to ``all``, and ``redirect=`` only if there is no ``all``."""
    last = next((place for place, term in enumerate(terms) if term.lstrip("+-~?") == "all"), None)
    if last is None:
        return list(terms)
    return [term for term in terms[: last + 1] if not term.startswith("redirect=")]


def needs_of(record: str, domain: str, lookup: Lookup) -> Needs:
    """Return what the evaluation of the record of ``domain`` needs."""
    needs = Needs()
    _add(record, domain, lookup, frozenset({domain}), needs)
    return needs


def _add(record: str, domain: str, lookup: Lookup, above: frozenset[str], needs: Needs) -> None:
    for term in evaluated(record.lower().split()[1:]):
        if not _ASKING.match(term):
            continue
        needs.lookups += 1
        if needs.lookups > MOST_LOOKUPS:
            continue
        if nested := _NESTED.fullmatch(term):
            _add_nested((nested[1] or nested[2]).rstrip("."), domain, lookup, above, needs)
        elif found := _HOST.fullmatch(term):
            _ask(term, found[1], (found[2] or domain).rstrip("."), lookup, needs)


def _add_nested(name: str, domain: str, lookup: Lookup, above: frozenset[str], needs: Needs) -> None:
    if "%" in name:  # a macro: it depends on the letter
        return
    if name in above:
        needs.circle = needs.circle or domain
        return
    found = spf_records(lookup(name, "TXT"))
    if len(found) != 1:
        needs.missing.append(name)
        return
    needs.nested.append((name, found[0]))
    _add(found[0], name, lookup, above | {name}, needs)


def _ask(term: str, kind: str, host: str, lookup: Lookup, needs: Needs) -> None:
    """Query the DNS for a term, and add what is wrong with the answer to ``needs``."""
    if "%" in host:
        return
    if kind == "mx":
        servers = lookup(host, "MX")
        if len(servers) > MOST_LOOKUPS:
            needs.crowded.append(term)
        if not servers:
            needs.void.append(term)
    elif not lookup(host, "A") and (kind == "exists" or not lookup(host, "AAAA")):
        needs.void.append(term)
