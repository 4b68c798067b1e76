"""The service under a supervisor: it says when it is ready, that its jobs run, and that it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tests.journeys.conftest import KEYS, PROGRAM

pytestmark = pytest.mark.slow
PATIENCE = 180


def test_a_supervisor_hears_that_the_service_is_ready_lives_and_ends(tmp_path: Path) -> None:
    config = tmp_path / "config" / "digest.toml"
    config.parent.mkdir()
    config.write_text('[editions.morning]\ntitle = "Morning"\nat = "06:00"\n', encoding="utf-8")
    (tmp_path / "config" / "secrets.toml").write_text(KEYS, encoding="utf-8")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as door:
        door.settimeout(PATIENCE)
        door.bind(str(tmp_path / "notify"))
        environment = os.environ | {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "3000000"}
        words = [sys.executable, "-c", PROGRAM, "-c", str(config), "serve"]
        path = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        service = subprocess.Popen(words, env=environment | path, stderr=subprocess.DEVNULL)  # noqa: S603 - our own command
        try:
            heard = {door.recv(100), door.recv(100), door.recv(100)}
            service.send_signal(signal.SIGTERM)
            while (last := door.recv(100)) == b"WATCHDOG=1":
                pass
            assert service.wait(PATIENCE) == 0
        finally:
            service.kill()
            service.wait()
    assert heard == {b"READY=1", b"WATCHDOG=1"}
    assert last == b"STOPPING=1"
