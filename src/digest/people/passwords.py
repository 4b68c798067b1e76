"""Passwords: which ones may be chosen, and how they are stored.

Hashes are Argon2id with the second recommended option of RFC 9106, section 4 (three passes over 64 MiB, four lanes):
about 0.1 s for each. Before a password is hashed or compared, its blanks are unified (RFC 8265) and its characters are
normalized (NFKC; NIST SP 800-63B-4, section 3.1.1.2), so that it is the same from every keyboard.
"""

from __future__ import annotations

import re
import secrets
import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from digest.errors import BadPassword

SHORTEST, LONGEST = 15, 128
"""Limits in characters. NIST SP 800-63B-4, 3.1.1.2: at least 15 for a sign-in by password alone; 64 must be
accepted."""
FEWEST_OWN = 8
"""Characters that must remain when guessable words are taken out."""
FEWEST_DIFFERENT = 5
AT_ONCE = 2
"""How many passwords are hashed at the same time. Each takes 64 MiB; more could exhaust the memory."""
_ENDS = re.compile(r"\A[\W\d_]+|[\W\d_]+\Z")
"""Digits and signs at the ends of a password, such as a year or a row of exclamation marks."""


def prepared(password: str) -> str:
    """Return a password in the normalized form that is hashed.

    Raises BadPassword when it is too long or has a character that cannot be typed.
    """
    if len(password) > LONGEST:
        raise BadPassword(f"Choose a password of at most {LONGEST} characters.")
    spaced = "".join(" " if unicodedata.category(char) == "Zs" else char for char in password)
    mapped = unicodedata.normalize("NFKC", spaced)
    if any(unicodedata.category(char) in {"Cc", "Cs", "Cn"} for char in mapped):
        raise BadPassword("The password holds a character that cannot be typed, such as a tab or a line break.")
    return mapped


def check(password: str, known: Iterable[str]) -> str:
    """Check a new password, and return it in the normalized form that is hashed.

    ``known`` are words related to the user: name, address, the site's name. Raises BadPassword, which says what
    to choose instead.
    """
    mapped = prepared(password)
    if len(mapped) < SHORTEST:
        raise BadPassword(f"Choose a password of at least {SHORTEST} characters: four or five words, for example.")
    if len(set(mapped.casefold())) < FEWEST_DIFFERENT:
        raise BadPassword("Choose a password of more different characters.")
    if len(_own(mapped.casefold(), known)) < FEWEST_OWN:
        raise BadPassword(
            "That is too easy to guess: it is a common password, only digits, or made of your name or the site's."
        )
    return mapped


def _own(password: str, known: Iterable[str]) -> str:
    """Return a password without common words, the words of ``known``, repetitions, and digits at the ends."""
    words = {part for text in known for part in re.split(r"\W+", text.casefold()) if len(part) > 2}  # noqa: PLR2004 - "of"
    for word in sorted(words | _common(), key=lambda word: (-len(word), word)):
        password = password.replace(word, "")
    return _unit(_ENDS.sub("", password))


def _unit(text: str) -> str:
    """Return the shortest text of which ``text`` is a repetition, such as ``ab`` for ``ababab``."""
    found = (text + text).find(text, 1) if text else 0
    return text[:found]


@cache
def _common() -> frozenset[str]:
    lines = files("digest.people").joinpath("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a password is right. ``rehash`` says that its stored hash has old parameters and should be replaced."""

    right: bool
    rehash: bool = False


class Passwords:
    """Hashes and compares passwords. One object serves all threads."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._turn = threading.BoundedSemaphore(AT_ONCE)
        self._first = threading.Lock()
        self._nobodys = ""

    def hash(self, mapped: str) -> str:
        """Return the hash to store for a new password.

        ``mapped`` is the password as the function ``check`` returned it.
        """
        with self._turn:
            return self._hasher.hash(mapped)

    def verify(self, stored: str | None, password: str) -> Verdict:
        """Compare a password with a stored hash. ``stored`` is None when there is no such account.

        The hash of a random password is compared in that case. So the answer takes equally long whether or not the
        account exists.
        """
        nobodys = self._hash_of_nobody()
        try:
            mapped = prepared(password)
        except BadPassword:
            stored, mapped = None, ""
        right = self._compare(stored or nobodys, mapped) and stored is not None
        return Verdict(right=right, rehash=right and self._hasher.check_needs_rehash(stored or nobodys))

    def _compare(self, stored: str, mapped: str) -> bool:
        with self._turn:
            try:
                return self._hasher.verify(stored, mapped)
            except (VerificationError, InvalidHashError):
                return False

    def _hash_of_nobody(self) -> str:
        with self._first:
            self._nobodys = self._nobodys or self.hash(secrets.token_urlsafe())
            return self._nobodys
