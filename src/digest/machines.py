"""One of several machines that serve one installation.

The machine does its share of the work as jobs from a shared queue.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from digest.app import App
from digest.bookkeeping import Shard
from digest.crew.fetching import SharedFetch
from digest.crew.port import Arguments, Job
from digest.errors import DigestError
from digest.logs import get_logger
from digest.pipeline.progress import Progress
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.deliver_edition import Posted
from digest.pipeline.sending.shards import AGAIN, reject_reader, send_shard, settle_own, supervise
from digest.storage.database_clock import DatabaseClock
from digest.storage.editions import StoredEdition
from digest.storage.engine import searching

if TYPE_CHECKING:
    from digest.crew.cluster import ClusterCrew
    from digest.fetch.address_guard import Resolver

RESCUE_EVERY = timedelta(seconds=5)
PLAN_EVERY = timedelta(seconds=5)
LETTERS, REJECT = "letters", "reject"

Work = Mapping[str, tuple[Callable[[], object], timedelta]]

log = get_logger()


class Machines:
    """What this machine does of the work on a shared database."""

    def __init__(self, crew: ClusterCrew, clock: DatabaseClock, resolver: Resolver | None = None) -> None:
        """Take jobs from ``crew``, and use the database's ``clock``. ``resolver`` finds the addresses of web hosts."""
        self.crew = crew
        self.clock = clock
        self.fetching = SharedFetch(crew, resolver)
        self.stop = threading.Event()
        """Set to end the work of this machine."""
        self._name = socket.gethostname()
        self._runtime: Runtime | None = None
        self._draining = threading.Event()

    def work_on(self, runtime: Runtime, draining: threading.Event) -> None:
        """Use these settings from now on. When ``draining`` is set, running work ends soon."""
        self._runtime, self._draining = runtime, draining
        self.fetching.work_on(runtime, draining)

    def begin(self) -> threading.Thread:
        """Settle the letters of earlier processes by their journals here, then start to work.

        Return the thread that works.
        """
        self.settle()
        works = {LETTERS: self._send, REJECT: self._reject, **self.fetching.works}
        handlers = {kind: partial(self._done, work) for kind, work in works.items()}

        def run() -> None:
            self.crew.run(handlers, self.stop)
            self.fetching.close()

        thread = threading.Thread(target=run, name="crew", daemon=True)
        thread.start()
        return thread

    def settle(self) -> None:
        """Settle the letters of runs that were interrupted on this machine, by their journals."""
        if self._runtime is not None:
            settle_own(self._runtime)

    def shared(self, found: Work) -> Work:
        """Return the periodic work in the form in which machines share it.

        The work on all editions is combined into one "plan" task, since separate jobs send the letters.
        """
        editions = [work for name, (work, _every) in found.items() if name.startswith("edition ")]
        close, _every = found["close"]

        def plan() -> None:
            close()
            for work in editions:
                work()

        others = {name: each for name, each in found.items() if name != "close" and not name.startswith("edition ")}
        return {"plan": (plan, PLAN_EVERY), "rescue": (self.crew.rescue, RESCUE_EVERY), **others}

    def supervised(
        self,
        runtime: Runtime,
        row: StoredEdition,
        *,
        progress: Progress,  # noqa: ARG002 - Deliver's
        stop: threading.Event | None,  # noqa: ARG002 - the same
    ) -> Posted:
        """Check the jobs that send an edition: book missing ones, or finish an edition that is sent; see Deliver."""
        return supervise(runtime, row, self._booked, self._book)

    def share_out(self, connection: Any, edition_id: int, shards: Sequence[Shard]) -> None:  # noqa: ANN401 - ShareOut
        """Store the jobs that send an edition, in the transaction that freezes the edition; see ShareOut."""
        from digest.crew.cluster import SCHEMA  # noqa: PLC0415 - the engine

        with searching(connection, SCHEMA) as driver:
            self.crew.book(driver, [_job(edition_id, shard) for shard in shards])

    def _booked(self, edition_id: int) -> list[Shard]:
        given = (*self.crew.booked(LETTERS), *self.crew.booked(REJECT))
        return [Shard(each["first"], each["last"]) for each in given if each["edition"] == edition_id]

    def _book(self, edition_id: int, shards: Sequence[Shard]) -> None:
        self.crew.defer(*(_job(edition_id, shard) for shard in shards))

    def _done(self, work: Callable[[Runtime, Arguments], datetime | None], arguments: Arguments) -> datetime | None:
        """Do a job, and return when to do it again.

        A job that fails is scheduled again, since the queue would forget it.
        """
        runtime = self._runtime
        if runtime is None:
            return None
        about = " ".join(f"{key}={value}" for key, value in arguments.items())
        try:
            return work(runtime, arguments)
        except DigestError as error:
            log.error("job failed, done again soon", job=about, why=str(error))  # noqa: TRY400 - the words say it all
        except Exception:
            log.exception("job failed unforeseen, done again soon", job=about)
        return runtime.clock() + AGAIN

    def _send(self, runtime: Runtime, arguments: Arguments) -> datetime | None:
        lost_waits = partial(self.crew.lost_waits, LETTERS)
        return send_shard(runtime, arguments["edition"], _shard(arguments), self._draining, self._name, lost_waits)

    def _reject(self, runtime: Runtime, arguments: Arguments) -> datetime | None:
        return reject_reader(runtime, arguments["edition"], _shard(arguments))


def joined(app: App) -> tuple[App, Machines]:
    """Return the app set up for work on one of several machines, with the database's clock, and this machine.

    Raises StorageError.
    """
    from digest.crew.cluster import ClusterCrew  # noqa: PLC0415 - an extra

    clock = DatabaseClock(app.stores.database, app.clock)
    clock.measure()
    crew = ClusterCrew(app.stores.database, clock, {"pages": app.settings.fetch.connections})
    crew.prepare()
    machines = Machines(crew, clock, app.resolver)
    runtime = replace(app.runtime, clock=clock, share_out=machines.share_out)
    return replace(app, runtime=runtime, shared_gather=machines.fetching.gather), machines


def _job(edition_id: int, shard: Shard) -> Job:
    about = {"edition": edition_id, "first": shard.first, "last": shard.last}
    once = f"{LETTERS} {edition_id} {shard.first}"
    return Job(queue="letters", kind=LETTERS, arguments=about, once=once, lock=once)


def _shard(arguments: Arguments) -> Shard:
    return Shard(int(arguments["first"]), int(arguments["last"]))
