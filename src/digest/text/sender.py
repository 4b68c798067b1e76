"""Checks the addresses and domains in the operator's settings. Problems are returned as messages."""

from __future__ import annotations

import re

from digest.text.header import a_labels

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
"""A dot-atom (RFC 5322, section 3.2.3)."""
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_LONGEST_LOCAL = 64
_LONGEST_DOMAIN = 253
_SELECTOR = re.compile(rf"{_LABEL.pattern}(?:\.{_LABEL.pattern})*", re.IGNORECASE)


_SLIPS = (
    (re.compile(r"\s*"), "is empty: leave the key out, or name an address such as news@example.com"),
    (
        re.compile(r".*[<>].*", re.DOTALL),
        "expected the address alone, such as news@example.com: the name beside it is the edition's title",
    ),
    (re.compile(r".*[,;].*", re.DOTALL), "expected one address alone, such as news@example.com"),
    (
        re.compile(r"mailto:.*", re.IGNORECASE | re.DOTALL),
        "expected the address alone, without mailto:, such as news@example.com",
    ),
    (
        re.compile(r".*\s.*", re.DOTALL),
        "expected an address such as news@example.com, without blanks or invisible characters",
    ),
    (re.compile(r"[^@]*|@.*|.*@.*@.*"), "expected an address such as news@example.com, with one @"),
)
"""Common mistakes in addresses, and messages with the correct form. The first match is reported."""


def address_problem(text: str) -> str:
    """Return the reason why a text is not one bare address for From; empty if it is one."""
    seen = text if text.isprintable() else f" {text}"
    slip = next((words for pattern, words in _SLIPS if pattern.fullmatch(seen)), "")
    if slip:
        return slip
    local, _, domain = text.rpartition("@")
    if not _LOCAL.fullmatch(local) or len(local) > _LONGEST_LOCAL:
        return "expected plain ASCII letters, digits and dots before the @, as in news@example.com (64 at most)"
    problem = "" if domain == "localhost" else domain_problem(domain)
    return problem and f"after the @: {problem}"


def domain_problem(text: str) -> str:
    """Return the reason why a text is not a bare domain name of the public DNS; empty if it is one."""
    expected = "expected a domain alone, such as example.com"
    for slip, words in (("@", "not an address"), ("/", "not a URL")):
        if slip in text:
            return f"{expected}, {words}"
    if not text.strip():
        return "is empty: leave the key out, or name a domain such as example.com"
    try:
        labels = a_labels(text).split(".")
    except ValueError as error:
        return f"{expected} ({error})"
    if not all(map(_LABEL.fullmatch, labels)) or len(text) > _LONGEST_DOMAIN:
        return f"{expected}: letters, digits and hyphens between single dots"
    known = len(labels) > 1 and not labels[-1].isdecimal()
    return "" if known else f"{expected}, with the dot and the ending that the DNS knows"


def selector_problem(text: str) -> str:
    """Return the reason why a text is not a DKIM selector (RFC 6376, section 3.1); empty if it is one."""
    if "_domainkey" in text.lower():
        return "expected what stands before ._domainkey alone, such as s2026"
    return "" if _SELECTOR.fullmatch(text) else "expected letters, digits and hyphens, such as s2026"
