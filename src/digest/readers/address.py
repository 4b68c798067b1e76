"""E-mail addresses: as given, as identities, and as keys for limits."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from digest.errors import BadAddress

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"(?!..--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PLAIN = re.compile(
    rf"(?=.{{1,64}}@)(?=.{{1,254}}\Z)({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+(?!(?:{{}})\Z)[A-Za-z]{{2,63}})\Z".replace(
        "{}", "arpa|invalid|local|localhost|onion"
    ),
    re.IGNORECASE,
)
"""What nearly every address is: the library would take it unchanged (a test compares), and takes 50 times as long.

Of the names that it refuses (RFC 6761) it knows the last label only."""


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
    plain = _PLAIN.match(given)
    local, domain = (plain[1].lower(), plain[2].lower()) if plain else _parts(given)
    bare = local.split("+", 1)[0].replace(".", "")
    return Address(given=given, identity=f"{local}@{domain}", limit_key=f"{bare or local}@{domain}")


def _parts(given: str) -> tuple[str, str]:
    """Return local part and domain as they stand in an identity, of an address of any kind."""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - a tenth of a second, rarely needed

    try:
        parts = validate_email(given, check_deliverability=False, test_environment=True, globally_deliverable=False)
    except EmailNotValidError as error:
        raise BadAddress(f"{given!r:.120} is not an e-mail address: {error}") from None
    return unicodedata.normalize("NFC", parts.local_part).casefold(), parts.ascii_domain.lower()
