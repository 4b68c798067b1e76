"""A relay whose name cannot be resolved: a name server that does not answer holds nothing up."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from digest.deliver.transports.event_loop import run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it needs namespaces of Linux")

TRIAL = """
import socket, sys
from datetime import timedelta
from digest.deliver.protocol.smtp import Parcel, Security
from digest.deliver.transports.connection import Timeouts
from digest.deliver.transports.smtp_transport import SmtpTransport
from digest.deliver.transports.relay import Relay
from digest.deliver.transports.single_letter import send_one
from digest.errors import RelayUnreachable

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  # it takes each query and answers none
server.bind(("127.0.0.1", 53))
relay = Relay(host="relay.paper.example", port=25, security=Security.PLAIN)
transport = SmtpTransport(relay, timeouts=Timeouts(connect=timedelta(seconds=0.5)))
try:
    send_one((transport,), Parcel(1, "news@paper.example", "ann@readers.example", b""))
except RelayUnreachable as error:
    print(error)
server.setblocking(False)
print("asked:", b"relay" in server.recv(512))
"""
OWN_NETWORK = 'ip link set lo up && mount --bind "$1" /etc/resolv.conf && shift && exec "$@"'
"""Runs a command where the name server of a file is the only one, in a network of its own."""


def namespaces() -> list[str]:
    """Return the command that makes them; skip the test where that is not allowed."""
    command = ["unshare", "--mount", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    if not shutil.which("unshare") or not shutil.which("ip"):
        pytest.skip("unshare or ip is not installed (util-linux, iproute2)")
    trial = [*command, "sh", "-c", "ip link set lo up && mount --bind /dev/null /etc/resolv.conf"]
    if subprocess.run(trial, capture_output=True, check=False).returncode:  # noqa: S603
        pytest.skip("this machine allows no namespaces")
    return command


@pytest.mark.slow
def test_a_name_server_that_swallows_queries_does_not_delay_the_end(tmp_path: Path) -> None:
    """The resolver alone would wait for 150 s; the limit of 60 s is there for the defect, not for the measurement."""
    settings = tmp_path / "resolv.conf"
    settings.write_text("nameserver 127.0.0.1\noptions timeout:30 attempts:5\n", encoding="ascii")
    command = [*namespaces(), "sh", "-c", OWN_NETWORK, "sh", str(settings), sys.executable, "-c", TRIAL]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    assert told.stdout.splitlines() == [
        "relay.paper.example:25: no connection (no answer in time): is the relay up, host and port right?",
        "asked: True",
    ], told.stderr


def test_names_are_resolved_and_failures_are_raised() -> None:
    async def port_of(host: str) -> int:
        found = await asyncio.get_running_loop().getaddrinfo(host, 25, type=socket.SOCK_STREAM)
        return int(found[0][4][1])

    assert run(port_of("localhost")) == 25
    with pytest.raises(OSError, match=r"(?i)name|known|support"):
        run(port_of("a name with blanks"))
