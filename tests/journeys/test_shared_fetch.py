"""Two machines fetch some hosts together; one of them is killed, and no host is asked too often or at once."""

from __future__ import annotations

import importlib
import socket
from pathlib import Path

import pytest

PAUSE = 0.5


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.slow(because="two processes that serve, and one that is missed for half a minute")
def test_two_machines_share_a_fetch_and_one_is_killed(postgresql_url: str, tmp_path: Path) -> None:
    bench = importlib.import_module("bench.cluster_fetch")  # it finds its own neighbours by their folder
    found = bench.measure(postgresql_url, tmp_path / "fetch", 6, 2, PAUSE, free_port())
    assert found.articles == 12
    assert found.at_once == 0
    assert found.smallest_gap >= PAUSE
    assert found.most_times <= 2, "a page that the killed machine had fetched is fetched once more"
