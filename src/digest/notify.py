"""Reports to the service's supervisor (sd_notify(3)) that the process is ready, alive or stopping.

The supervisor names a datagram socket in the environment. Without one, nothing is sent, and this is no error.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import suppress

READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"
MICROSECONDS = 1_000_000


def tell(state: str, environment: Mapping[str, str] = os.environ) -> None:
    """Send a state to the supervisor; ignore a socket that does not accept it."""
    place = environment.get("NOTIFY_SOCKET", "")
    if place.startswith(("/", "@")):
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
            door.settimeout(1)
            door.sendto(state.encode(), f"\0{place[1:]}" if place.startswith("@") else place)


def watchdog_seconds(environment: Mapping[str, str] = os.environ) -> float | None:
    """Return within how many seconds this process must report that it is alive; None when no watchdog waits for it."""
    with suppress(ValueError):
        seconds = int(environment.get("WATCHDOG_USEC", "")) / MICROSECONDS
        if seconds > 0 and environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid()):
            return seconds
    return None
