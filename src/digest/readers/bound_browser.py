"""Recognises the browser in which somebody signed up, by a value in a cookie.

The value is ``<key id>.<seconds>.<mac>``. The MAC covers the sign-up's random number, which is stored with the sign-up
and is not in the cookie. So the value says nothing, fits one sign-up, and cannot be made without the key. It allows
nothing by itself: whoever confirms needs the mailed token as well.
"""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import UTC, datetime, timedelta

from digest.readers.mac import current_key, keyed
from digest.settings import KeySettings

BOUND_FOR = timedelta(hours=1)
"""How long a browser is recognised. Most people confirm within minutes, and others may use the browser later."""
VALUE = re.compile(r"([A-Za-z0-9_-]{1,32})\.([0-9a-f]{8})\.([0-9a-f]{64})")
USE = "browser"


def new_binding() -> str:
    """Return a random number for a new sign-up, of 128 bits in hexadecimal."""
    return secrets.token_hex(16)


def bind(keys: KeySettings, binding: str, now: datetime) -> str:
    """Return the cookie's value for the browser that signs up at ``now``; ``binding`` is the sign-up's random number.

    Raises SettingsError without a secret key.
    """
    seconds = f"{int(now.timestamp()):08x}"
    return f"{keys.current}.{seconds}.{_mac(current_key(keys), binding, seconds)}"


def is_bound(keys: KeySettings, value: str, binding: str, now: datetime) -> bool:
    """Return whether a cookie's ``value`` was made for the sign-up with this ``binding``, at most BOUND_FOR ago."""
    found = VALUE.fullmatch(value)
    key = keys.ring.get(found[1], "") if found else ""
    if found is None or not key or not binding:
        return False
    if not hmac.compare_digest(_mac(bytes.fromhex(key), binding, found[2]), found[3]):
        return False
    return timedelta() <= now - datetime.fromtimestamp(int(found[2], 16), UTC) < BOUND_FOR


def _mac(key: bytes, binding: str, seconds: str) -> str:
    return keyed(key, USE, binding, seconds).hex()
