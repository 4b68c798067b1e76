"""Values of mail headers: one cleaner for all, with our own encoded-words and folding.

Before CPython 3.11.10 the standard library lets an encoded-word inject a line break into a header (CVE-2024-6923). It
also folds values that must not be folded. All code that writes headers takes the values from here.
"""

from __future__ import annotations

import base64
import re

import idna

from digest.text.glyphs import shown

WIDTH = 78
"""Characters of a header line without its line break (RFC 5322, section 2.1.1)."""
WORD = 75
"""Characters of an encoded-word (RFC 2047, section 2)."""
LONGEST_VALUE = 300
LONGEST_NAME = WIDTH - len("Reply-To: ")
"""Longest name, in characters, that fits on the first line of the longest field with a name."""
ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~ ]+")
Q_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
"""Bytes that are literal in a Q encoded-word, in a phrase too (RFC 2047, section 5, rule 3)."""


def clean(value: str) -> str:
    """Return ``value`` on one line for a header, without invisible characters and without starts of encoded-words."""
    return shown(value, LONGEST_VALUE).replace("=?", "= ?")


def unstructured(name: str, value: str) -> bytes:
    """Return the header line or lines of a free text such as a subject, with CRLF at the end."""
    text = clean(value)
    plain = text.isascii() and all(len(word) < WIDTH - len(name) for word in text.split(" "))
    return _folded(name, text.split(" ") if plain else encoded_words(text, first=WIDTH - len(name) - 2))


def mailbox(name: str, address: str) -> str:
    """Return a name and an address in the form of From or To, folded if they are long.

    ``address`` must be valid, because nothing in it is escaped. A non-ASCII domain becomes A-labels (see ``a_labels``).
    """
    bare = ascii_address(address)
    plain = clean(name)
    return _joined([*_phrase(plain), f"<{bare}>"], LONGEST_NAME) if plain else bare


def ascii_address(address: str) -> str:
    """Return an address with its domain in A-labels. The part before the @ is unchanged."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{a_labels(domain)}"


def _phrase(plain: str) -> list[str]:
    """Return a display name as words between which a line may be folded (RFC 5322, section 3.2.5)."""
    if ATOMS.fullmatch(plain) and all(len(word) <= LONGEST_NAME for word in plain.split(" ")):
        return plain.split(" ")
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    if plain.isascii() and len(escaped) <= LONGEST_NAME - 2:
        return [f'"{escaped}"']
    return encoded_words(plain, first=LONGEST_NAME)


def a_labels(domain: str) -> str:
    """Return a domain in ASCII (RFC 5891, mapped by UTS 46). Raises idna.IDNAError, a ValueError, if there is none."""
    return domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")


def encoded_words(text: str, first: int = WORD) -> list[str]:
    """Return ``text`` as encoded-words of whole characters (RFC 2047). The first has at most ``first`` characters."""
    quoted = sum(1 if byte in Q_SAFE or byte == 0x20 else 3 for byte in text.encode())  # noqa: PLR2004 - a space is "_"
    encode = _q if quoted <= len(text.encode()) * 4 / 3 else _b
    words, held, room = [], "", min(first, WORD)
    for char in text:
        if held and len(encode(held + char)) > room:
            words.append(encode(held))
            held, room = "", WORD
        held += char
    return [*words, encode(held)]


def _q(text: str) -> str:
    body = "".join(chr(byte) if byte in Q_SAFE else "_" if byte == 0x20 else f"={byte:02X}" for byte in text.encode())  # noqa: PLR2004
    return f"=?utf-8?q?{body}?="


def _b(text: str) -> str:
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


def _joined(words: list[str], room: int) -> str:
    """Return ``words`` joined by spaces, or by CRLF and a space where a line would become too long."""
    made = words[0]
    left = room - len(words[0])
    for word in words[1:]:
        fits = len(word) < left
        made += f" {word}" if fits else f"\r\n {word}"
        left = left - len(word) - 1 if fits else WIDTH - 1 - len(word)
    return made


def _folded(name: str, words: list[str]) -> bytes:
    return f"{name}: {_joined(words, WIDTH - len(name) - 2)}\r\n".encode()
