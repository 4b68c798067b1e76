"""A process that has collected tests once: each mutant is a fork of it in which the code of one function is replaced.

To import the program and to collect the tests takes seconds, and most mutants are killed by tests of milliseconds. A
change in the body of a function needs neither again: whoever holds the function has the changed one when its
``__code__`` is replaced. What a function has remembered (``functools.cache``) is forgotten in the fork. Changes of
what runs during the import (constants, default values) are no matter of this module.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from bench.forks import STALE, Run, Tree, Watcher, leave, live, tested
from bench.mutations import Function

Cached: Any = type(cache(len))
REHEARSED = "lite_database"
"""A test with this fixture is run before the first fork: each fork has the database's tables then."""


@dataclass(slots=True)
class Loaded:
    """What has been imported of a program below ``folder``."""

    folder: Path
    functions: dict[tuple[str, Function], list[FunctionType]] = field(default_factory=lambda: defaultdict(list))
    caches: list[Any] = field(default_factory=list)

    def look(self) -> None:
        """Find all functions of the program and all that they remember."""
        gc.unfreeze()  # what is frozen is not among the objects
        for each in gc.get_objects():
            if self._is_own(each):
                code = each.__code__
                named = Function(code.co_qualname, code.co_firstlineno)
                self.functions[code.co_filename, named].append(each)
            elif type(each) is Cached and self._is_own(each.__wrapped__):
                self.caches.append(each)
        gc.freeze()

    def _is_own(self, function: object) -> bool:
        return type(function) is FunctionType and function.__code__.co_filename.startswith(str(self.folder))

    def replace(self, file: Path, function: Function) -> bool:
        """Replace a function by what its file says now; True unless its module is loaded without it."""
        held = self.functions.get((str(file), function), [])
        if not held:
            return all(path != str(file) for path, _function in self.functions)
        code = _code_of(compile(file.read_bytes(), str(file), "exec", dont_inherit=True), function)
        for each in held:
            each.__code__ = code
        for cached in self.caches:
            cached.cache_clear()
        return True


def _code_of(whole: CodeType, function: Function) -> CodeType:
    waiting = [whole]
    while waiting:
        code = waiting.pop()
        if Function(code.co_qualname, code.co_firstlineno) == function:
            return code
        waiting += [each for each in code.co_consts if isinstance(each, CodeType)]
    raise LookupError(function)


class Forking(Watcher):
    """A pytest plugin: instead of running what was collected, forks for each order that comes through a socket."""

    def __init__(self, tree: Tree, files: tuple[str, ...], orders: socket.socket) -> None:
        super().__init__(Run(files=files))
        self._tree = tree
        self._loaded = Loaded(tree.folder / "src")
        self._orders = orders

    def pytest_runtestloop(self, session: Any) -> None:
        """Fork for each order; return in the fork, so that pytest runs the chosen tests in it."""
        _rehearse(session.items)
        assert not self.failed, self.failed
        self._loaded.look()
        with self._orders.makefile("rw", encoding="utf-8") as channel:
            last = 0
            for line in channel:
                if last:
                    os.waitpid(last, 0)  # not before: its number must not be another process's
                last = os.fork()
                if not last:
                    os.setsid()
                    return self._become(json.loads(line), session)
                print(last, file=channel, flush=True)
        os._exit(0)

    def _become(self, order: dict[str, Any], session: Any) -> None:
        self.tests.clear()
        if not self._loaded.replace(Path(order["file"]), Function(*order["function"])):
            leave(self._tree, {"code": STALE, "tests": {}, "failed": "", "lines": {}})
            os._exit(STALE)
        place = {name: number for number, name in enumerate(order["chosen"])}
        self.limits = dict(zip(order["chosen"], order["limits"], strict=True))
        chosen = [item for item in session.items if item.nodeid in place]
        session.items[:] = sorted(chosen, key=lambda item: place[item.nodeid])


def _rehearse(items: list[Any]) -> None:
    for item in items[1:]:
        if REHEARSED in item.fixturenames and "postgresql" not in item.fixturenames:
            item.ihook.pytest_runtest_protocol(item=item, nextitem=items[0])
            return


@dataclass(slots=True)
class WarmTests:
    """The side of whoever gives the orders; collected in a tree, and asked by its ``started``."""

    tree: Tree
    pid: int
    orders: socket.socket

    def fork(self, run: Run) -> int:
        """Fork with a function of a changed file for a run; return the process, the leader of its own group."""
        assert run.change
        path, function = run.change
        file = str(self.tree.folder / path)
        order = {"file": file, "function": function, "chosen": run.chosen, "limits": run.limits}
        self.orders.sendall(json.dumps(order).encode() + b"\n")
        said = b""
        while not said.endswith(b"\n"):
            if not (more := self.orders.recv(16)):
                raise RuntimeError(f"tests were not collected: {self.tree.folder / 'output.txt'}")
            said += more
        return int(said)


@contextmanager
def warm(trees: Sequence[Tree], files: tuple[str, ...]) -> Iterator[None]:
    """Let a process in each tree collect these test files, for the runs that change a function."""
    for tree in trees:
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if not pid:
            ours.close()
            live(tree, partial(_collect, tree, files, theirs))
        theirs.close()
        tree.warm = WarmTests(tree, pid, ours)
    try:
        yield
    finally:
        for tree in trees:
            os.kill(tree.warm.pid, signal.SIGKILL)
            os.waitpid(tree.warm.pid, 0)
            tree.warm.orders.close()
            tree.warm = None


def _collect(tree: Tree, files: tuple[str, ...], orders: socket.socket) -> int:
    return tested(tree, Forking(tree, files, orders))
