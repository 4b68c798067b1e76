"""E-mail addresses in three forms: as written, as the key of a reader, and as a key for rate limits."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from digest.errors import BadAddress

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"
_PLAIN = re.compile(rf"({_ATOM}(?:\.{_ATOM})*)@((?:{_LABEL}\.)+([A-Za-z]{{2,63}}))\Z")
"""The form of nearly every address. The library ``email_validator`` returns such addresses unchanged (a test compares).

Checking them with the library would take 50 times longer.
"""
_LONGEST_PART = 64
"""Longest local part in octets (RFC 5321, 4.5.3.1.1). A domain up to this length has no label that is too long."""
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
"""Further domains of mail providers -> their main domain. A mailbox name means the same mailbox under both."""
_HYPHEN_TAGS = ("yahoo.", "ymail.")
"""Beginnings of the domains whose disposable addresses consist of a base name, a hyphen and a word."""


_LONGEST_TEXT = 1000
_FULL_WIDTH = frozenset(map(chr, range(0xFF01, 0xFF5F)))
"""ASCII characters in full width, as East Asian keyboards write them (Unicode block U+FF00)."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories of invisible characters: controls, directional marks, zero-width characters, soft hyphens."""
_AROUND = '"`\u00b4\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a()[]<>,;:. '
_SCHEME = re.compile(r"^(?:mailto|smtp|e-?mail):\s*|(?<=\w)\?(?:subject|body|cc|bcc)=.*$", re.IGNORECASE)
_BRACKETED = re.compile(r"([^<>]*)<([^<>@]+@[^<>@]+)>([^<>]*)")
_PARTED = re.compile(r"([^\s@]+)\s*@\s*([^\s@]+)")
_COMMENT = re.compile(r"\([^()@]*\)")
"""A comment in brackets beside an address (RFC 5322, section 3.2.2)."""
_ADDRESSES = re.compile(r"[^\s@<>,;\"'()]+@[^\s@<>,;\"'()]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The address of one mailbox. ``given`` is the address to which mail is sent."""

    given: str
    identity: str
    """The key under which the reader is stored: the same for all spellings of one mailbox.

    The local part is in NFC and case-folded, the domain in lower case and IDNA.
    """
    limit_key: str
    """A key for rate limits on mails: ``identity`` without dots and without what follows a plus sign.

    Two readers may have the same one.
    """


def parse_address(text: str) -> Address:
    """Return the address in ``text``. People may have written it in many ways (see ``lone_address``).

    Raises:
        BadAddress: The text contains no address, or several. The message says why.
    """
    given = text.strip()
    if (parts := _plain_parts(given)) is None:
        given = lone_address(given)
        parts = _plain_parts(given) or _parts(given)
    local, domain = parts
    return Address(given=given, identity=f"{local}@{domain}", limit_key=_limit_key(local, domain))


def lone_address(text: str) -> str:
    """Return the only address in a text from an address book, spreadsheet or phone, without the characters around it.

    Removed are blanks, quotes, brackets, a full stop or comma, ``mailto:``, and a name before an address in angle
    brackets. Invisible characters are removed, too. For a text with no address or several, the result is no valid
    address. The same holds for an address beside a bare word, since the word may be a part of the address.
    """
    seen = "".join(_seen(char) for char in text[:_LONGEST_TEXT]).strip()
    if found := _BRACKETED.fullmatch(seen):
        others = {word.lower() for word in _ADDRESSES.findall(f"{found[1]} {found[3]}")}
        return _unwrapped(found[2]) if others <= {found[2].strip().lower()} else seen
    if parted := _PARTED.fullmatch(seen):
        return _unwrapped(f"{parted[1]}@{parted[2]}")
    return _unwrapped(_COMMENT.sub(" ", seen))


def _seen(char: str) -> str:
    """Return a character as addresses have it: full width as ASCII, white space as a blank, invisible ones omitted."""
    if char in _FULL_WIDTH:
        return chr(ord(char) - 0xFEE0)
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in _UNSEEN else char


def _unwrapped(word: str) -> str:
    """Return a word without surrounding quotes, brackets and stops, and without a scheme such as ``mailto:``."""
    word = _SCHEME.sub("", word.strip().strip(_AROUND).strip())
    if word.startswith("'") and word.endswith("'"):  # a single quote on one side only may be a part of the address
        word = word[1:-1]
    return word.strip(_AROUND)


def _limit_key(local: str, domain: str) -> str:
    """Return the key for rate limits: the same for all spellings that a known provider delivers to one mailbox."""
    bare = local.split("+", 1)[0]
    if domain.startswith(_HYPHEN_TAGS):
        bare = bare.split("-", 1)[0]
    bare = bare.replace(".", "")
    return f"{bare or local}@{_SAME_MAILBOX.get(domain, domain)}"


def _plain_parts(given: str) -> tuple[str, str] | None:
    """Return the local part and the domain of a reader's key. None when the address does not have the common form."""
    found = _PLAIN.match(given)
    if found is None:
        return None
    local, domain, last = found.groups()
    if len(local) > _LONGEST_PART or len(domain) > _LONGEST_PART - 1 or last.lower() in _REFUSED:
        return None
    return local.lower(), domain.lower()


def _parts(given: str) -> tuple[str, str]:
    """Return the local part and the domain of a reader's key, for any address. Raises BadAddress."""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - takes 0.1 s, rarely needed

    try:
        parts = validate_email(given, check_deliverability=False, test_environment=True, globally_deliverable=False)
    except EmailNotValidError as error:
        raise BadAddress(f"{given!r:.120} is not an e-mail address: {error}") from None
    return unicodedata.normalize("NFC", parts.local_part).casefold(), parts.ascii_domain.lower()
