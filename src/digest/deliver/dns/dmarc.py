"""How receivers evaluate the DMARC records of a domain and its parents, and which domains belong together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from digest.deliver.dns.records import Lookup, tags_of
from digest.model.finding import Finding, Level

POLICIES = ("none", "quarantine", "reject")
MOST_LABELS = 8
"""From a name with more labels, the walk goes directly to its last seven labels (DMARCbis, section 4.10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The DMARC record that applies to a domain.

    ``at`` is the name that has the record, ``records`` the number of DMARC records there.
    """

    at: str
    tags: dict[str, str]
    text: str
    records: int = 1


def walk(domain: str) -> Iterator[str]:
    """Yield the names that may have the record that applies to a domain: the domain, then its parents, nearest first.

    By these names (DMARCbis, section 4.10) the organisational domain is found without a list of public suffixes. The
    top-level label alone is never queried.
    """
    labels = domain.split(".")
    yield domain
    above = labels[1:] if len(labels) <= MOST_LABELS else labels[-(MOST_LABELS - 1) :]
    for start in range(len(above) - 1):
        yield ".".join(above[start:])


def policy_of(domain: str, lookup: Lookup) -> Policy | None:
    """Return the DMARC record that applies to a domain, or None.

    It is the domain's own record, otherwise that of its organisational domain, otherwise that of a public suffix above
    (DMARCbis, section 4.10.1). A record at a name between the two does not apply.
    """
    for name in dict.fromkeys((domain, _organisation(domain, lookup), *walk(domain))):
        found = [each for each in lookup(f"_dmarc.{name}", "TXT") if _is_policy(each)]
        if found:
            return Policy(at=name, tags=tags_of(found[0]), text=found[0], records=len(found))
    return None


def dmarc(domain: str, lookup: Lookup) -> Finding:
    """Return what receivers will find about the policy of a domain."""
    subject = f"DMARC of {domain}"
    found = policy_of(domain, lookup)
    if found is None:
        near = next((each for each in lookup(f"_dmarc.{domain}", "TXT") if "dmarc1" in each.lower()), "")
        if near:
            words = f"{near!r:.120} does not begin with v=DMARC1, and receivers pass over it (RFC 7489, 6.3)"
            return Finding(level=Level.ERROR, subject=subject, words=words)
        words = 'missing: Gmail and Yahoo want one from who mails many; begin with "v=DMARC1; p=none"'
        return Finding(level=Level.ERROR, subject=subject, words=words)
    if found.records > 1:
        words = f"{found.records} records at {found.at}, and receivers then use none: keep one"
        return Finding(level=Level.ERROR, subject=subject, words=words)
    where = "" if found.at == domain else f" (the record of {found.at} holds, RFC 7489, 6.6.3)"
    level, words = _judged(found, below=found.at != domain)
    if level is Level.OK and (unheard := _unheard(found, lookup)):
        level, words = Level.WARNING, f"{found.text} ({unheard})"
    return Finding(level=level, subject=subject, words=words + where)


def _is_policy(record: str) -> bool:
    """Return whether a record is a DMARC record, which begins with its version (RFC 7489, section 6.3)."""
    return next(iter(tags_of(record).items()), None) == ("v", "DMARC1")


def _unheard(found: Policy, lookup: Lookup) -> str:
    """Return why an address in the record gets no reports (RFC 7489, section 7.1); empty when all of them do."""
    named = ((tag, each.strip()) for tag in ("rua", "ruf") for each in found.tags.get(tag, "").split(","))
    for tag, each in (pair for pair in named if pair[1]):
        address = each.lower().removeprefix("mailto:").partition("!")[0]
        if not each.lower().startswith("mailto:") or "@" not in address:
            return f"{tag}= names {each!r:.60}, and no report comes: write mailto: before the address"
        host = address.rpartition("@")[2]
        if _organisation(host, lookup) == _organisation(found.at, lookup):
            continue
        allowed = f"{found.at}._report._dmarc.{host}"
        if not any(map(_is_policy, lookup(allowed, "TXT"))):
            return f"{host} does not say that it takes your reports: it wants v=DMARC1 at {allowed}"
    return ""


def _judged(found: Policy, *, below: bool) -> tuple[Level, str]:
    policy = found.tags.get("p", "").lower()
    if policy not in POLICIES:
        said = f"p={policy!r:.40} is none" if policy else "p= is missing"
        return Level.ERROR, f"{found.text}: no policy ({said}): add p=none, p=quarantine or p=reject"
    held = found.tags.get("sp", policy).lower() if below else policy
    if held == "none":
        return Level.WARNING, f"{found.text} (it only watches: when all your mail passes, go on to p=quarantine)"
    if (below_it := found.tags.get("sp", policy).lower()) not in POLICIES:
        return Level.WARNING, f"{found.text} (sp={below_it!r:.40} is no policy: take it out, or correct it)"
    if found.tags.get("t", "").lower() == "y":
        return Level.WARNING, f"{found.text} (t=y: receivers take it one step down, as a test)"
    if found.tags.get("pct", "100") != "100":
        return Level.WARNING, f"{found.text} (pct= holds for a part of your mail only: take it out when all passes)"
    return Level.OK, found.text


def alignment(domain: str, sender: str, what: str, lookup: Lookup) -> Finding:
    """Return whether the domain that signs, or gets bounces, is aligned with the From domain (RFC 7489, section 3.1).

    ``what`` is DKIM or SPF.
    """
    subject = f"alignment of {domain}"
    domain, sender = domain.lower(), sender.lower()
    policy = policy_of(sender, lookup)
    strict = policy is not None and policy.tags.get("adkim" if what == "DKIM" else "aspf", "r").lower() == "s"
    if domain == sender or (not strict and _organisation(domain, lookup) == _organisation(sender, lookup)):
        return Finding(level=Level.OK, subject=subject, words=f"aligned with {sender} in From ({what})")
    why = f"{domain} is not aligned with {sender} in From{' (strict)' if strict else ''}"
    return Finding(level=Level.WARNING, subject=subject, words=f"DMARC fails by {what}: {why}")


def _organisation(domain: str, lookup: Lookup) -> str:
    """Return the organisational domain of a domain (DMARCbis, section 4.10.2), to which its subdomains belong.

    From the domain upwards, a record can say that its name is one (psd=n), or that it is a public suffix (psd=y): then
    it is the name below. Otherwise it is the highest name with a record. A name on the list of public suffixes is never
    an organisational domain. Without any record, the list gives the registered domain.
    """
    names = list(walk(domain.lower()))
    highest = ""
    for place, name in enumerate(names):
        records = [tags_of(each) for each in lookup(f"_dmarc.{name}", "TXT") if _is_policy(each)]
        declared = records[0].get("psd", "").lower() if records else ""
        if declared == "n":
            return name
        if declared == "y" and place:
            return names[place - 1]
        if records and (not place or not _is_public_suffix(name)):
            highest = name
    return highest or _registered(domain.lower()) or names[-1]


def _registered(domain: str) -> str:
    from tld import get_fld  # noqa: PLC0415 - a list of a thousand lines, for `digest check` alone

    return get_fld(f"https://{domain}", fail_silently=True, search_private=True) or ""


def _is_public_suffix(name: str) -> bool:
    from tld import is_tld  # noqa: PLC0415 - the same

    return is_tld(name, search_private=True)
