"""One fork server for all workers of a run and the processes that their tests start.

To start one and to load what reading pages needs takes two seconds of CPU, which each worker of tests would spend, and
each process that the program is forked from.
"""

from __future__ import annotations

import os
from multiprocessing import forkserver
from typing import Any

PRELOADED = ["digest.extract.preloaded", "digest.readers.bounded"]
SHARED = "TESTS_FORK_SERVER"
"""Environment variable: the path of its socket."""
_OURS: Any = vars(forkserver)["_forkserver"]
"""The fork server of this process. The standard library has no public way to name another one."""


def share() -> None:
    """Start it for those that this process starts, with all that any test loads. It ends with this process.

    Else the first test that forks a process decides what is loaded, and each pool of the others loads the rest.
    """
    forkserver.set_forkserver_preload(PRELOADED)
    forkserver.ensure_running()
    os.environ[SHARED] = _OURS._forkserver_address


def adopt() -> bool:
    """Use the one that another process shares, if there is one."""
    address = os.environ.get(SHARED)
    if address is None:
        return False
    _OURS._forkserver_address = address
    _OURS._forkserver_alive_fd = os.open(os.devnull, os.O_RDONLY)
    _OURS.ensure_running = int  # it runs, and is no child of this process
    return True
