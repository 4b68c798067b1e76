"""Where somebody stands with us, and the shadow that stays of who was erased."""

from __future__ import annotations

from enum import Enum

from digest.readers.mac import FINGERPRINT, keyed
from digest.settings import KeySettings

USE = "erased"


class ReaderStanding(Enum):
    """What an address is to us."""

    STRANGER = "stranger"
    """Never heard of, or asked and never confirmed."""
    READER = "reader"
    LEFT = "left"
    ERASED = "erased"
    AWAY = "away"
    """It complained, its server says that it does not exist, or the operator suppressed it: nothing is sent there."""


BY_CHOICE = frozenset({"left", "erased", "removed by the operator"})
"""Why a suppression is there that a reader may lift by signing up, and confirming, again; all others stay."""


def standing(state: str | None, suppressed: str | None) -> ReaderStanding:
    """Return where somebody stands: by the state of their row and why they are suppressed, each None when missing.

    ==========  ==============  ========
    row         suppressed      standing
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
    """Return what is kept of an identity that was erased: it tells the address to nobody without the key."""
    return _shadow(keys, keys.current, identity)


def shadows(keys: KeySettings, identity: str) -> tuple[str, ...]:
    """Return every shadow that an identity may have left, one for each key of the ring."""
    return tuple(_shadow(keys, key_id, identity) for key_id in keys.ring)


def _shadow(keys: KeySettings, key_id: str, identity: str) -> str:
    digest = keyed(bytes.fromhex(keys.ring[key_id]), USE, identity).hex()[:FINGERPRINT]
    return f"erased:{key_id}:{digest}"
