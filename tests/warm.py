"""Processes of the program that start at once: forked from one that has imported it, and still killed one by one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

PARENT = """
import importlib, json, os, select, sys, traceback
from contextlib import contextmanager
from multiprocessing import resource_tracker

from tests import forks

for name in sys.argv[1:]:
    importlib.import_module(name)
running = {}


@contextmanager
def writing(to, instead_of):
    kept = os.dup(instead_of)
    os.dup2(to, instead_of)
    yield
    os.dup2(kept, instead_of)
    os.close(kept)


def start_fork_server():
    with open(os.devnull, "w") as nowhere, writing(nowhere.fileno(), instead_of=2):
        resource_tracker.ensure_running()  # it would tell what killed processes leave behind
    if not forks.adopt():
        with writing(2, instead_of=1):
            forks.share()
        forks.adopt()


if "digest.extract.preloaded" in sys.modules:
    start_fork_server()


def live(order):
    for number, path in enumerate(order["files"]):
        if path:
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), number + 1)
    if order["folder"]:
        os.chdir(order["folder"])
    if order["environment"]:
        os.environ.clear()
        os.environ.update(order["environment"])
    sys.argv = order["argv"]
    try:
        exec(order["code"], {"__name__": "__main__"})
    except SystemExit as ended:
        return ended.code or 0
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def start(order):
    pid = os.fork()
    if pid:
        running[os.pidfd_open(pid)] = pid
        return print(json.dumps([pid, None]), flush=True)
    os.close(0)
    os.dup2(2, 1)
    code = live(order)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def reap(door):
    pid = running.pop(door)
    os.close(door)
    print(json.dumps([pid, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])]), flush=True)


orders = b""
while True:
    for door in select.select([0, *running], [], [])[0]:
        if door:
            reap(door)
            continue
        more = os.read(0, 65536)
        if not more:
            sys.exit()
        *whole, orders = (orders + more).split(b"\\n")
        for order in whole:
            start(json.loads(order))
"""


@dataclass(slots=True)
class Warm:
    """A running process; asked and killed as a ``subprocess.Popen`` is."""

    pid: int
    returncode: int | None = None
    ended: threading.Event = field(default_factory=threading.Event)

    def poll(self) -> int | None:
        """Return how it ended; None while it runs."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; return its exit code, or the signal that killed it below zero."""
        if not self.ended.wait(timeout):
            raise TimeoutError(f"process {self.pid} still runs after {timeout} s")
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if not self.ended.is_set():
            with suppress(ProcessLookupError):  # it ended a moment ago
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it with -9."""
        self.send_signal(signal.SIGKILL)


class Stable:
    """The process that has imported everything, and those that were forked from it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._running: dict[int, Warm] = {}
        self._started: list[Warm] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def start(
        self,
        code: str,
        *argv: str | Path,
        out: Path | None = None,
        errors: Path | None = None,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Warm:
        """Run code as ``python -c`` would with these arguments.

        What it prints goes to the end of the files. Its folder and its environment are those of this process unless
        they are given.
        """
        files = [str(path) if path else "" for path in (out, errors)]
        order = {
            "code": code,
            "argv": ["-c", *map(str, argv)],
            "files": files,
            "folder": str(folder or ""),
            "environment": dict(environment or {}),
        }
        with self._news:
            self._orders.write(json.dumps(order).encode() + b"\n")
            self._orders.flush()
            assert self._news.wait_for(lambda: self._started, 60), "the process that forks does not answer"
            return self._started.pop()

    def close(self) -> None:
        """Kill what still runs, and end."""
        for process in tuple(self._running.values()):
            process.kill()
        self._process.terminate()
        self._process.wait()
        self._reader.join()
        self._orders.close()
        self._process.stdout.close()  # type: ignore[union-attr]

    @property
    def _orders(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            pid, code = json.loads(line)
            with self._news:
                if code is None:
                    self._running[pid] = Warm(pid)
                    self._started.append(self._running[pid])
                else:
                    ended = self._running.pop(pid)
                    ended.returncode = code
                    ended.ended.set()
                self._news.notify_all()


@contextmanager
def stable(*modules: str) -> Iterator[Stable]:
    """Give a process that has imported these modules, to fork from; all its children are killed at the end.

    With ``digest.extract.preloaded`` among them its children have one fork server, for the workers that read pages: to
    start one and load what reading needs takes a second of CPU.
    """
    path = os.pathsep.join(entry for entry in sys.path if entry)
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", PARENT, *modules],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},  # a process with threads is badly forked
    )
    made = Stable(process)
    try:
        yield made
    finally:
        made.close()
