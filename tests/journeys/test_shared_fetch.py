"""Two machines fetch some hosts together; one of them is killed, and no host is asked too often or at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.cluster_fetch import measure
from bench.delivery import free_port

PAUSE = 0.5


@pytest.mark.slow(because="two processes that serve, and one that is missed for half a minute")
def test_two_machines_share_a_fetch_and_one_is_killed(postgresql_url: str, tmp_path: Path) -> None:
    found = measure(postgresql_url, tmp_path / "fetch", 6, 2, PAUSE, free_port())
    assert found.articles == 12
    assert found.at_once == 0
    assert found.smallest_gap >= PAUSE
    assert found.most_times <= 2, "a page that the killed machine had fetched is fetched once more"
