"""E-mail addresses: as given, as identities, and as keys for limits."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from digest.errors import BadAddress

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"
_PLAIN = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+([A-Za-z]{{2,63}}))\Z")
"""What nearly every address is. The library would take it unchanged (a test compares), and takes 50 times as long."""
_LONGEST_PART = 64
"""Octets of a local part (RFC 5321, 4.5.3.1.1); a domain of no more has no label that is too long."""
_REFUSED = frozenset({"arpa", "invalid", "local", "localhost", "onion"})
"""Last labels that the library refuses (RFC 6761)."""


_SAME_MAILBOX = {
    "googlemail.com": "gmail.com",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "pm.me": "proton.me",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "ya.ru": "yandex.ru",
    "yandex.com": "yandex.ru",
}
"""Domains of one provider under which a mailbox has the same name."""
_HYPHEN_TAGS = ("yahoo.", "ymail.")
"""Providers whose disposable addresses are a base, a hyphen and a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One mailbox: ``given`` is mailed, ``identity`` is unique, ``limit_key`` joins its many spellings."""

    given: str
    identity: str
    """NFC, local part case-folded, domain lower-case in IDNA: two spellings of one mailbox are one reader."""
    limit_key: str
    """The identity without plus tag and dots: what mail limits are counted by, never who a reader is."""


def parse_address(text: str) -> Address:
    """Return the address that ``text`` spells; raise BadAddress with the reason."""
    given = text.strip()
    local, domain = _plain_parts(given) or _parts(given)
    return Address(given=given, identity=f"{local}@{domain}", limit_key=_limit_key(local, domain))


def _limit_key(local: str, domain: str) -> str:
    """Return what the spellings of one mailbox have in common, as far as it is known of providers."""
    bare = local.split("+", 1)[0]
    if domain.startswith(_HYPHEN_TAGS):
        bare = bare.split("-", 1)[0]
    bare = bare.replace(".", "")
    return f"{bare or local}@{_SAME_MAILBOX.get(domain, domain)}"


def _plain_parts(given: str) -> tuple[str, str] | None:
    """Return local part and domain as they stand in an identity, of an address that needs no closer look."""
    found = _PLAIN.match(given)
    if found is None:
        return None
    local, domain, last = found.groups()
    if len(local) > _LONGEST_PART or len(domain) > _LONGEST_PART - 1 or last.lower() in _REFUSED:
        return None
    return local.lower(), domain.lower()


def _parts(given: str) -> tuple[str, str]:
    """Return local part and domain as they stand in an identity, of an address of any kind."""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - a tenth of a second, rarely needed

    try:
        parts = validate_email(given, check_deliverability=False, test_environment=True, globally_deliverable=False)
    except EmailNotValidError as error:
        raise BadAddress(f"{given!r:.120} is not an e-mail address: {error}") from None
    return unicodedata.normalize("NFC", parts.local_part).casefold(), parts.ascii_domain.lower()
