"""Forms that strangers send: a stamp of when the page was made, and a field that only machines fill in.

A stamp is ``<key id>.<seconds>.<nonce>.<mac>``, all hexadecimal but the id. It is no proof of a person: it makes a
machine ask for a page, wait, and come from somewhere, where the limits of its network hold.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from digest.errors import FilledTrap, StaleForm
from digest.readers.mac import current_key, keyed
from digest.settings import KeySettings

FASTEST = timedelta(seconds=2)
"""Nobody reads a form and types an address in less."""
LONGEST = timedelta(hours=2)
USES = 5
"""How often one form may be sent: mistakes are mended, machines replay."""
STAMP = re.compile(r"([A-Za-z0-9_-]{1,32})\.([0-9a-f]{8})\.([0-9a-f]{16})\.([0-9a-f]{32})")
USE = "form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a form brings beside what was typed: its stamp, and what stood in the field that people do not see."""

    stamp: str
    trap: str = ""

    @property
    def is_trapped(self) -> bool:
        """Whether a program filled it in: a machine, or a password manager for a person; nobody can tell which."""
        return bool(self.trap.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a good stamp says: which form it is, and when it was shown."""

    nonce: str
    made: datetime


def stamp(keys: KeySettings, now: datetime) -> str:
    """Return the stamp of a form that is shown now; raise SettingsError without a secret key."""
    said = (f"{int(now.timestamp()):x}", secrets.token_hex(8))
    return ".".join((keys.current, *said, _mac(current_key(keys), *said)))


def check(keys: KeySettings, form: Form, now: datetime) -> Stamp:
    """Return the stamp of a form that we made and that comes in its time.

    Raises:
        FilledTrap: a program filled in what people do not see; a person sends the form again, empty there.
        StaleForm: it is none of ours, or too old, or too fast.
    """
    if form.is_trapped:
        raise FilledTrap("a program filled in a field that people do not see: send the form again")
    found = STAMP.fullmatch(form.stamp)
    key = keys.ring.get(found[1], "") if found else ""
    if found is None or not key or not hmac.compare_digest(_mac(bytes.fromhex(key), found[2], found[3]), found[4]):
        raise StaleForm("the form is none of this page: fill in the new one")
    made = datetime.fromtimestamp(int(found[2], 16), UTC)
    age = now - made
    if age >= LONGEST:
        raise StaleForm("the form has been open for too long: send it again")
    if age < FASTEST:
        raise StaleForm("that was faster than a person types: send it again")
    return Stamp(nonce=found[3], made=made)


def _mac(key: bytes, seconds: str, nonce: str) -> str:
    return keyed(key, USE, seconds, nonce).hex()[:32]
