"""E-mail addresses: as given, as identities, and as keys for limits."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from digest.errors import BadAddress


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
    try:
        parts = validate_email(given, check_deliverability=False, test_environment=True, globally_deliverable=False)
    except EmailNotValidError as error:
        raise BadAddress(f"{given!r:.120} is not an e-mail address: {error}") from None
    local = unicodedata.normalize("NFC", parts.local_part).casefold()
    domain = parts.ascii_domain.lower()
    bare = local.split("+", 1)[0].replace(".", "")
    return Address(given=given, identity=f"{local}@{domain}", limit_key=f"{bare or local}@{domain}")
