from __future__ import annotations

import pytest

from digest.readers.standing import ReaderStanding, shadow, shadows, standing
from digest.settings import KeySettings

KEYS = KeySettings(current="k", ring={"k": "5a" * 32})
S = ReaderStanding


@pytest.mark.parametrize(
    ("state", "suppressed", "where"),
    [
        (None, None, S.STRANGER),
        ("active", None, S.READER),
        ("left", None, S.LEFT),
        ("left", "removed by the operator", S.LEFT),
        ("active", "left", S.LEFT),
        (None, "left", S.LEFT),
        ("erased", None, S.ERASED),
        ("erased", "erased", S.ERASED),
        ("active", "rejected", S.AWAY),
        ("left", "complaint", S.AWAY),
        ("erased", "complaint", S.AWAY),
        (None, "a reason of tomorrow", S.AWAY),
    ],
)
def test_where_somebody_stands(state: str | None, suppressed: str | None, where: ReaderStanding) -> None:
    assert standing(state, suppressed) is where


def test_a_shadow_is_found_again_after_the_keys_turned_and_tells_no_address() -> None:
    left = shadow(KEYS, "ada@example.org")
    turned = KeySettings(current="l", ring={"l": "6b" * 32, "k": "5a" * 32})
    assert left in shadows(turned, "ada@example.org")
    assert shadow(turned, "ada@example.org") != left
    assert left not in shadows(turned, "eve@example.org")
    assert "ada" not in left
    assert "@" not in left
