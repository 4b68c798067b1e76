"""Protects public forms by a stamp with the time of the page, and by a field that only programs fill in.

A stamp is ``<key id>.<seconds>.<nonce>.<mac>``, all hexadecimal but the id. It does not prove a person. It forces a
program to request a page and to wait, from a network whose rate limits then apply.
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

FASTEST = timedelta(seconds=1)
"""The shortest time between showing and sending a form. A browser that fills in the address lets a reader press the
button in little more than a second. What hinders a program is the request for the page, which the rate limits count;
a longer wait adds little."""
LONGEST = timedelta(hours=2)
USES = 5
"""How often one shown form may be sent. People correct mistakes; programs send it again and again."""
STAMP = re.compile(r"([A-Za-z0-9_-]{1,32})\.([0-9a-f]{8})\.([0-9a-f]{16})\.([0-9a-f]{32})")
USE = "form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The hidden values of a form: its stamp (a signed time), and the content of the field that people do not see."""

    stamp: str
    trap: str = ""

    @property
    def is_trapped(self) -> bool:
        """Whether the hidden field was filled in: by a bot, or by a person's password manager."""
        return bool(self.trap.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """The contents of a form's valid stamp: a random number for the shown form, and the time when it was shown."""

    nonce: str
    made: datetime


def stamp(keys: KeySettings, now: datetime) -> str:
    """Return the stamp (signed time) for a form that is shown at ``now``. Raises SettingsError without a secret key."""
    said = (f"{int(now.timestamp()):x}", secrets.token_hex(8))
    return ".".join((keys.current, *said, _mac(current_key(keys), *said)))


def check(keys: KeySettings, form: Form, now: datetime) -> Stamp:
    """Check the hidden values of a sent form, and return its stamp.

    Raises:
        FilledTrap: A program filled in the hidden field. A person sends the form again with that field empty.
        StaleForm: The stamp is not ours, too old, or too new.
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
        raise StaleForm("the form was sent at once: send it again")
    return Stamp(nonce=found[3], made=made)


def _mac(key: bytes, seconds: str, nonce: str) -> str:
    return keyed(key, USE, seconds, nonce).hex()[:32]
