"""Whose an address is (a reader, a stranger, somebody who left ...), and the hash that remains of an erased one."""

from __future__ import annotations

from enum import Enum

from digest.readers.mac import FINGERPRINT, keyed
from digest.settings import KeySettings

USE = "erased"


class ReaderStanding(Enum):
    """Whose an address is, which decides what may be sent to it."""

    STRANGER = "stranger"
    """It is unknown, or somebody signed up with it and never confirmed."""
    READER = "reader"
    LEFT = "left"
    ERASED = "erased"
    AWAY = "away"
    """Its reader complained, its server says that it does not exist, or the operator suppressed it. It gets no mail."""


BY_CHOICE = frozenset({"left", "erased", "removed by the operator"})
"""Reasons of suppressions that readers may lift by signing up and confirming again. All others stay."""


def standing(state: str | None, suppressed: str | None) -> ReaderStanding:
    """Return whose an address is, from the state of its stored reader and the reason of its suppression.

    None means that there is no stored reader, or no suppression.

    ==========  ==============  ========
    state       suppressed      result
    ==========  ==============  ========
    any, none   not by choice   away
    active      no              reader
    active      by choice       left
    left        no, by choice   left
    erased      no, by choice   erased
    none        no              stranger
    none        by choice       left
    ==========  ==============  ========
    """
    if suppressed is not None and suppressed not in BY_CHOICE:
        return ReaderStanding.AWAY
    if state == "active":
        return ReaderStanding.READER if suppressed is None else ReaderStanding.LEFT
    if state == "erased":
        return ReaderStanding.ERASED
    return ReaderStanding.STRANGER if state is None and suppressed is None else ReaderStanding.LEFT


def shadow(keys: KeySettings, identity: str) -> str:
    """Return the hash that is kept of an erased reader's address (``Address.identity``), made with the current key.

    Without the key it does not reveal the address.
    """
    return _shadow(keys, keys.current, identity)


def shadows(keys: KeySettings, identity: str) -> tuple[str, ...]:
    """Return every hash that may have been kept of an erased reader's address: one for each key of the ring."""
    return tuple(_shadow(keys, key_id, identity) for key_id in keys.ring)


def _shadow(keys: KeySettings, key_id: str, identity: str) -> str:
    digest = keyed(bytes.fromhex(keys.ring[key_id]), USE, identity).hex()[:FINGERPRINT]
    return f"erased:{key_id}:{digest}"
