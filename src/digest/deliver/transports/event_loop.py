"""The event loop of delivery: a host name that is never resolved does not delay the end of a run.

asyncio looks up names in its default executor, and ``asyncio.run`` waits for these threads for up to five minutes.
``socket.getaddrinfo`` has no timeout, and cannot be cancelled. With a name server that does not answer it takes 10 s
for each server and search domain by default (resolv.conf(5): ``timeout``, ``attempts``).
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")


class DeliveryLoop(asyncio.SelectorEventLoop):
    """An event loop that looks up each host name in a thread of its own.

    When the caller stops waiting, the thread is abandoned.
    """

    async def getaddrinfo(
        self,
        host: bytes | str | None,
        port: bytes | str | int | None,
        *,
        family: int = 0,
        type: int = 0,  # noqa: A002 - the base class's name
        proto: int = 0,
        flags: int = 0,
    ) -> list[tuple[Any, ...]]:
        """Return the addresses of a host; see ``socket.getaddrinfo``. Raises OSError."""
        answer: Future[list[tuple[Any, ...]]] = Future()
        look_up = partial(socket.getaddrinfo, host, port, family, type, proto, flags)
        threading.Thread(target=_settle, args=(answer, look_up), name=f"resolve {host!r}", daemon=True).start()
        return await asyncio.wrap_future(answer, loop=self)


def _settle(answer: Future[list[tuple[Any, ...]]], look_up: partial[list[tuple[Any, ...]]]) -> None:
    if not answer.set_running_or_notify_cancel():
        return
    try:
        answer.set_result(look_up())
    except Exception as error:  # noqa: BLE001 - raised where the answer is awaited
        answer.set_exception(error)


def run(work: Coroutine[Any, Any, T], loop: Callable[[], DeliveryLoop] = DeliveryLoop) -> T:
    """Run a coroutine to its end in a DeliveryLoop, and return its result."""
    with asyncio.Runner(loop_factory=loop) as runner:
        return runner.run(work)
