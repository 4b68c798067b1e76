"""Processes of the program that start at once: forked from one that has imported it, and still killed one by one."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

SHARED = "TESTS_WARM_PARENT"
"""Environment variable: the path of the socket at which the process of a run takes orders."""
MODULES = (
    *("digest.cli.main", "digest.cli.editions", "digest.cli.serve", "digest.serve", "digest.web.site"),
    *("digest.pipeline.sending.send", "digest.pipeline.gathering.gather", "digest.extract.workers"),
    *("digest.deliver.run.dispatch", "digest.deliver.transports.transport", "digest.storage.deliveries"),
    *("psycopg", "alembic.command", "dns.resolver", "digest.extract.preloaded"),
)
"""What it imports."""
PATIENCE = 180
"""Seconds in which it has imported them, on a busy machine."""
PARENT = """
import importlib, json, os, select, signal, socket, sys, traceback
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker

door = socket.socket(fileno=int(sys.argv[1]))
clients = {}  # socket -> what it has said of its next order
running = {}  # door of a process -> (its number, who ordered it)


@contextmanager
def writing(to, instead_of):
    kept = os.dup(instead_of)
    os.dup2(to, instead_of)
    yield
    os.dup2(kept, instead_of)
    os.close(kept)


def load():
    from tests import forks

    for name in sys.argv[2:]:
        importlib.import_module(name)
    with open(os.devnull, "w") as nowhere, writing(nowhere.fileno(), instead_of=2):
        resource_tracker.ensure_running()  # it would tell what killed processes leave behind
    if not forks.adopt():
        forks.share()
        forks.adopt()


def live(order):
    for number, path in enumerate(order["files"]):
        os.dup2(os.open(path or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), number + 1)
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


def start(order, client):
    pid = os.fork()
    if pid:
        running[os.pidfd_open(pid)] = (pid, client)
        return tell(client, pid, None)
    os.close(0)
    for each in (door, *clients):
        each.close()
    code = live(order)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def tell(client, *news):
    with suppress(OSError):  # it is gone
        client.sendall(json.dumps(news).encode() + b"\\n")


def reap(handle):
    pid, client = running.pop(handle)
    os.close(handle)
    tell(client, pid, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def hear(client):
    try:
        more = client.recv(65536)
    except OSError:
        more = b""
    if not more:
        del clients[client]
        return kill(client)
    *whole, clients[client] = (clients[client] + more).split(b"\\n")
    for order in whole:
        start(json.loads(order), client)


def kill(*whose):
    for pid, client in running.values():
        if client in whose:
            os.kill(pid, signal.SIGKILL)


def accept():
    if "digest" not in sys.modules:
        load()
    clients[door.accept()[0]] = b""


while True:
    for ready in select.select([0, door, *clients, *running], [], [])[0]:
        if ready == 0:
            kill(*(client for _, client in running.values()))
            sys.exit()
        elif ready is door:
            accept()
        elif ready in running:
            reap(ready)
        else:
            hear(ready)
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
    """What starts processes that are forked from the one that has imported everything, and kills them at the end."""

    def __init__(self, address: str) -> None:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(address)
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

        What it prints goes to the end of the files, if they are given. Its folder and its environment are those of the
        process that it is forked from unless they are given.
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
            self._line.sendall(json.dumps(order).encode() + b"\n")
            assert self._news.wait_for(lambda: self._started, PATIENCE), "the process that forks does not answer"
            return self._started.pop()

    def close(self) -> None:
        """Kill what still runs, and end."""
        self._line.shutdown(socket.SHUT_RDWR)
        self._reader.join()
        self._line.close()

    def _listen(self) -> None:
        for line in self._line.makefile("rb"):
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
def warm_parent() -> Iterator[str]:
    """Give the address at which a process takes orders while the block runs; it imports the program for the first one.

    Its children have one fork server, for the workers that read pages.
    """
    path = os.pathsep.join(entry for entry in sys.path if entry)
    environment = {"PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}  # a process with threads is badly forked
    with TemporaryDirectory(prefix="warm-") as folder, socket.socket(socket.AF_UNIX) as door:
        address = str(Path(folder) / "orders")
        door.bind(address)
        door.listen()
        process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", PARENT, str(door.fileno()), *MODULES],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=os.environ | environment,
            pass_fds=[door.fileno()],
        )
        assert process.stdin is not None
        try:
            yield address
        finally:
            process.stdin.close()
            process.wait()


@contextmanager
def stable() -> Iterator[Stable]:
    """Give what starts processes of the program: from the one of this run, or from one of its own."""
    with ExitStack() as started:
        made = Stable(os.environ.get(SHARED) or started.enter_context(warm_parent()))
        try:
            yield made
        finally:
            made.close()
