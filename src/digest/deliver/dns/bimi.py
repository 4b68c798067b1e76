"""How receivers evaluate a BIMI record, which names the logo that mail programs show beside a letter."""

from __future__ import annotations

from collections.abc import Sequence

from digest.deliver.dns.dmarc import Policy
from digest.deliver.dns.records import tags_of
from digest.model.finding import Finding, Level


def bimi(subject: str, records: Sequence[str], policy: Policy | None) -> Finding:
    """Return whether the logo in ``records`` is shown, under the DMARC policy that applies to the domain."""
    tags = tags_of(records[0])
    first = next(iter(tags), "")
    if len(records) > 1 or first != "v" or tags[first].upper() != "BIMI1":
        return Finding(level=Level.WARNING, subject=subject, words="expected one record that begins with v=BIMI1")
    logo, seal = tags.get("l", ""), tags.get("a", "").removeprefix("self")
    if "l" not in tags:
        return Finding(level=Level.WARNING, subject=subject, words="names no logo: add l=https://... with the SVG")
    if not logo:
        return Finding(level=Level.OK, subject=subject, words="declines (its l= is empty)")
    if trouble := _trouble(logo, seal) or _weakness(policy):
        return Finding(level=Level.WARNING, subject=subject, words=trouble)
    hint = "" if seal else " (without a certificate in a= some receivers, such as Gmail, show none)"
    return Finding(level=Level.OK, subject=subject, words=f"{logo}{hint}")


def _trouble(logo: str, seal: str) -> str:
    if not logo.lower().startswith("https://") or not logo.lower().partition("?")[0].endswith(
        (".svg", ".svgz", ".svg.gz")
    ):
        return "expected l=https://... with the logo as SVG Tiny PS"
    return "expected a=https://... with the certificate" if seal and not seal.lower().startswith("https://") else ""


def _weakness(policy: Policy | None) -> str:
    """Return why the policy is too weak for a logo; empty when it is strong enough.

    It must apply to all mail of the domain and its subdomains.
    """
    tags = policy.tags if policy else {}
    held = {tags.get("p", "none").lower(), tags.get("sp", tags.get("p", "none")).lower()}
    if "none" in held or tags.get("pct", "100") != "100" or tags.get("t", "").lower() == "y":
        return "shown by nobody before DMARC has p=quarantine or p=reject for all mail, and no sp=none"
    return ""
