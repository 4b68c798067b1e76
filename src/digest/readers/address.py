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
"""Top-level domains that email_validator rejects (special-use names, RFC 6761)."""


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


_LONGEST_TEXT = 1000
_FULL_WIDTH = frozenset(map(chr, range(0xFF01, 0xFF5F)))
"""ASCII as East Asian keyboards write it (Unicode block Halfwidth and Fullwidth Forms)."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Categories of what cannot be seen: controls, marks of direction, zero widths, soft hyphens."""
_AROUND = '"`\u00b4\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a()[]<>,;:. '
_SCHEME = re.compile(r"^(?:mailto|smtp|e-?mail):\s*|(?<=\w)\?(?:subject|body|cc|bcc)=.*$", re.IGNORECASE)
_BRACKETED = re.compile(r"([^<>]*)<([^<>@]+@[^<>@]+)>([^<>]*)")
_PARTED = re.compile(r"([^\s@]+)\s*@\s*([^\s@]+)")
_COMMENT = re.compile(r"\([^()@]*\)")
"""A remark beside an address (RFC 5322, section 3.2.2)."""
_ADDRESSES = re.compile(r"[^\s@<>,;\"'()]+@[^\s@<>,;\"'()]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One mailbox: ``given`` is mailed, ``identity`` is unique, ``limit_key`` joins its many spellings."""

    given: str
    identity: str
    """NFC, local part case-folded, domain lower-case in IDNA: two spellings of one mailbox are one reader."""
    limit_key: str
    """The identity without plus tag and dots: what mail limits are counted by, never who a reader is."""


def parse_address(text: str) -> Address:
    """Return the address that ``text`` spells, as people write them: see ``lone_address``.

    Raises:
        BadAddress: it spells none, or more than one; with the reason.
    """
    given = text.strip()
    if (parts := _plain_parts(given)) is None:
        given = lone_address(given)
        parts = _plain_parts(given) or _parts(given)
    local, domain = parts
    return Address(given=given, identity=f"{local}@{domain}", limit_key=_limit_key(local, domain))


def lone_address(text: str) -> str:
    """Return the one address in a text of an address book, a spreadsheet or a phone, without what stands around it.

    That may be blanks, quotes or brackets of any kind, a stop or a comma, ``mailto:``, or a name before an address in
    angle brackets. Characters that nobody sees are taken out. A text with no address, or with several, stays none: a
    bare word beside an address is as likely a part of it, torn off by a slip.
    """
    seen = "".join(_seen(char) for char in text[:_LONGEST_TEXT]).strip()
    if found := _BRACKETED.fullmatch(seen):
        others = {word.lower() for word in _ADDRESSES.findall(f"{found[1]} {found[3]}")}
        return _unwrapped(found[2]) if others <= {found[2].strip().lower()} else seen
    if parted := _PARTED.fullmatch(seen):
        return _unwrapped(f"{parted[1]}@{parted[2]}")
    return _unwrapped(_COMMENT.sub(" ", seen))


def _seen(char: str) -> str:
    """Return a character as it stands in an address: full width as ASCII, blanks as one, what is invisible as none."""
    if char in _FULL_WIDTH:
        return chr(ord(char) - 0xFEE0)
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in _UNSEEN else char


def _unwrapped(word: str) -> str:
    """Return a word without quotes, brackets, stops and the scheme around it."""
    word = _SCHEME.sub("", word.strip().strip(_AROUND).strip())
    if word.startswith("'") and word.endswith("'"):  # by itself it may be a part of the address
        word = word[1:-1]
    return word.strip(_AROUND)


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
