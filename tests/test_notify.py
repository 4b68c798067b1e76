"""The supervisor hears that the service is ready, lives, and ends."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from digest.notify import ALIVE, READY, tell, watchdog_seconds


@pytest.fixture(params=["path", "abstract"])
def supervisor(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, dict[str, str]]]:
    """Give a datagram socket as systemd has it, and the environment that names it."""
    name = str(tmp_path / "notify") if request.param == "path" else f"@digest-test-{os.getpid()}"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as door:
        door.settimeout(10)
        door.bind(name.replace("@", "\0", 1) if name.startswith("@") else name)
        yield door, {"NOTIFY_SOCKET": name}


def test_a_state_arrives_as_one_datagram(supervisor: tuple[socket.socket, dict[str, str]]) -> None:
    door, environment = supervisor
    tell(READY, environment)
    tell(ALIVE, environment)
    assert [door.recv(100), door.recv(100)] == [b"READY=1", b"WATCHDOG=1"]


def test_nobody_is_told_where_nobody_listens(tmp_path: Path) -> None:
    before = time.monotonic()
    for place in ({}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "elsewhere"}, {"NOTIFY_SOCKET": str(tmp_path / "no")}):
        tell(READY, place)
    assert time.monotonic() - before < 10


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({"WATCHDOG_USEC": "120000000"}, 120.0),
        ({"WATCHDOG_USEC": "500000", "WATCHDOG_PID": "ours"}, 0.5),
        ({"WATCHDOG_USEC": "500000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_waits_for_who_it_names(environment: dict[str, str], seconds: float | None) -> None:
    given = {name: str(os.getpid()) if value == "ours" else value for name, value in environment.items()}
    assert watchdog_seconds(given) == seconds
