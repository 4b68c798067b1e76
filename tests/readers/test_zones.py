"""Names of time zones as readers and operators write them."""

from __future__ import annotations

import pytest

from digest.errors import UnknownZone
from digest.readers.zones import checked_zone, offered_zones, zone_or_none


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (" america/new york ", "America/New_York"),
        ("utc", "UTC"),
        ("", ""),
        ("  ", ""),
        ("Berlin", None),
    ],
)
def test_a_zone_is_known_in_any_case_and_with_blanks(written: str, name: str | None) -> None:
    assert zone_or_none(written) == name
    if name is None:
        with pytest.raises(UnknownZone, match="'Berlin'"):
            checked_zone(written)
    else:
        assert checked_zone(written) == name


def test_a_form_offers_utc_and_the_zones_of_places_in_order() -> None:
    offered = offered_zones()
    assert offered[0] == "UTC"
    assert list(offered[1:]) == sorted(offered[1:])
    assert {"Europe/Berlin", "Pacific/Auckland", "Indian/Maldives", "Arctic/Longyearbyen"} <= set(offered)
    assert {"EST", "Etc/GMT+5", "US/Eastern", "Zulu"}.isdisjoint(offered)
