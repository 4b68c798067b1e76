"""The crew of many machines: jobs are rows in one PostgreSQL, distributed by the engine procrastinate.

The engine's tables are in their own schema, SCHEMA. It is recreated when the engine's tables change, since jobs can
always be booked again from the ledger. A killed worker leaves its jobs unfinished. The engine notices this by the
missing heartbeat, and ``rescue`` gives the jobs to other workers. A job that killed its workers is split; see
``mourned``.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from digest.bookkeeping import Shard
from digest.crew.port import VERSION, Arguments, CrewStatus, Handler, Job, Mate, Periodic
from digest.errors import StorageError
from digest.logs import get_logger
from digest.storage.engine import Database

try:
    import procrastinate
    from procrastinate import jobs as engine_jobs
    from procrastinate import manager, sql
except ModuleNotFoundError as missing:
    raise StorageError("crew = \"cluster\" needs an engine: pip install 'digest-press[cluster]'") from missing

SCHEMA = "digest_crew"
STALLED = timedelta(seconds=20)
"""A worker without a heartbeat for this long counts as lost. See docs/howto/several-machines.md for the sum of all
delays until another has its job."""
SIGN = 5.0
"""Seconds between two heartbeats."""
POLL = 2.0
"""Seconds between two checks for jobs that became due. The engine is notified of new jobs at once."""
RESCUE = "rescue"
MOST_DEATHS = 3
"""After this many workers died while doing a job, the job is suspected as the cause."""
LOST_FIRST = 1
"""Priority of the jobs of lost workers: they are done before all others, whose priority is 0."""
SLOTS: Mapping[str, int] = {"letters": 1, "mails": 1, "plan": 3, "fetch": 1, "pages": 8}
"""Queue -> number of its jobs that one process does at a time. No queue uses another's slots. A process that sends
one shard at a time uses only the connections that its settings allow. "fetch" waits for the jobs of "pages"."""
NEWER = timedelta(seconds=30)
"""Delay before a job is retried that only a newer version of the program understands."""

log = get_logger()


class ClusterCrew:
    """Does the work of a crew on any number of machines. Safe to share between threads."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], slots: Mapping[str, int] | None = None
    ) -> None:
        """Work on a PostgreSQL database, by its clock. ``slots`` replaces numbers of SLOTS.

        Raises StorageError for another kind of database.
        """
        if database.is_sqlite:
            raise StorageError('crew = "cluster" needs PostgreSQL: set database.url to postgresql://...')
        self._database = database
        self._clock = clock
        self._slots = {**SLOTS, **(slots or {})}
        self._manager = manager.JobManager(procrastinate.SyncPsycopgConnector(conninfo=""))
        self._works: Mapping[str, Periodic] = {}
        self._handlers: Mapping[str, Handler] = {}

    # --- its tables -----------------------------------------------------------------------------------------------

    def prepare(self, *, replace_old: bool = False) -> None:
        """Create the engine's tables where they are missing. With ``replace_old``, recreate tables of another version.

        Raises StorageError when the tables are of another version and ``replace_old`` is false.
        """
        made = procrastinate.schema.SchemaManager.get_schema()
        mark = hashlib.sha256(made.encode()).hexdigest()[:16]
        with self._database.within("public") as driver, driver.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('digest crew'))")
            cursor.execute("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s", [SCHEMA])
            found = cursor.fetchone()
            if found is not None and found[0] == mark:
                return
            if found is not None and not replace_old:
                raise StorageError(
                    "the tables of the crew's engine are of another version of it: stop all workers, and run "
                    "`digest db upgrade`"
                )
            cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            cursor.execute(f"CREATE SCHEMA {SCHEMA}")
            cursor.execute(f"SET LOCAL search_path TO {SCHEMA}, public")
            cursor.execute(made)
            cursor.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{mark}'")

    # --- the verbs ------------------------------------------------------------------------------------------------

    def repeat(self, works: Mapping[str, Periodic]) -> None:
        """Do this periodic work from now on; see Crew. Only work with the names of the first call is repeated."""
        self._works = works

    def defer(self, *jobs: Job) -> None:
        """Add jobs to be done; see Crew."""
        with self._database.within(SCHEMA) as driver:
            self.book(driver, jobs)

    def book(self, driver: Any, jobs: Sequence[Job]) -> None:  # noqa: ANN401 - psycopg's connection
        """Add jobs that start once the transaction of a connection is committed.

        The search path of the connection must begin with SCHEMA. See ``defer``.
        """
        with driver.cursor() as cursor:
            names = [job.once for job in jobs if job.once]
            cursor.execute(
                "SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = ANY(%s)",
                [names],
            )
            waiting = {row[0] for row in cursor.fetchall()}
        new = [_engines(job) for job in jobs if job.once not in waiting]
        if new:
            self._manager.batch_defer_jobs(new, connection=driver)

    def run(self, handlers: Mapping[str, Handler], stop: threading.Event) -> None:
        """Work until ``stop`` is set and running jobs have ended; see Crew.

        The engine gives up when it loses the database. It is then restarted until ``stop`` is set.
        """
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
        self._handlers = handlers
        while not stop.is_set():
            try:
                asyncio.run(self._work(stop))
            except (procrastinate.exceptions.ConnectorException, OSError) as error:
                log.warning("crew without its database", why=type(error).__name__)
            stop.wait(POLL)

    def status(self) -> CrewStatus:
        """Return the workers and the waiting jobs; see Crew."""
        with self._database.within(SCHEMA) as driver, driver.cursor() as cursor:
            cursor.execute(
                "SELECT id, extract(epoch FROM now() - last_heartbeat) FROM procrastinate_workers ORDER BY id"
            )
            workers = cursor.fetchall()
            cursor.execute(
                "SELECT queue_name, status::text, args, worker_id FROM procrastinate_jobs "
                "WHERE status IN ('todo', 'doing') ORDER BY id"
            )
            rows = cursor.fetchall()
        doing: dict[int | None, list[str]] = defaultdict(list)
        waiting: dict[str, int] = defaultdict(int)
        for queue, state, arguments, worker in rows:
            if state == "doing":
                doing[worker].append(_in_words(arguments))
            else:
                waiting[queue] += 1
        alive = {number for number, silent in workers if silent < STALLED.total_seconds()}
        mates = tuple(Mate(str(number), float(silent), tuple(doing[number])) for number, silent in workers)
        stalled = tuple(words for worker, each in doing.items() if worker not in alive for words in each)
        return CrewStatus(mates=mates, waiting=dict(waiting), stalled=stalled)

    def booked(self, *kinds: str, due: bool = False) -> list[Arguments]:
        """Return the arguments of all jobs of some kinds that wait or run; with ``due``, not of those put off."""
        with self._database.within(SCHEMA) as driver, driver.cursor() as cursor:
            cursor.execute(
                "SELECT args->'arguments' FROM procrastinate_jobs WHERE args->>'kind' = ANY(%s) AND "
                "(status = 'doing' OR status = 'todo' AND (NOT %s OR COALESCE(scheduled_at, now()) <= now()))",
                [list(kinds), due],
            )
            return [row[0] for row in cursor.fetchall()]

    def lost_waits(self, kind: str) -> bool:
        """Return whether a job of this kind, whose worker was lost, waits for a free worker."""
        with self._database.within(SCHEMA) as driver, driver.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE status = 'todo' AND priority = %s AND "
                "args->>'kind' = %s AND COALESCE(scheduled_at, now()) <= now())",
                [LOST_FIRST, kind],
            )
            return bool(cursor.fetchone()[0])

    def rescue(self) -> int:
        """Give the jobs of lost workers to others. Return how many."""
        silent = int(STALLED.total_seconds())
        given = {"seconds_since_heartbeat": silent, "queue": None, "task_name": None}
        with self._database.within(SCHEMA) as driver, driver.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('digest crew rescue'))")
            cursor.execute(sql.queries["select_stalled_jobs_by_heartbeat"], given)
            columns = [column.name for column in cursor.description]
            found = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s)", [[row["id"] for row in found]])
            again = [job for row in found for job in mourned(_ours(row))]
            self.book(driver, again)
        for row in found:
            log.warning("job of a lost worker goes to others", job=_in_words(row["args"]))
        return len(found)

    # --- the engine -----------------------------------------------------------------------------------------------

    async def _work(self, stop: threading.Event) -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2 * sum(self._slots.values()), "crew"))
        connector = procrastinate.PsycopgConnector(
            conninfo=_conninfo(self._database),
            min_size=1,
            max_size=2 * len(self._slots),  # each queue listens for notifications on its own connection
            kwargs={"options": f"-c search_path={SCHEMA},public"},
        )
        app = procrastinate.App(connector=connector)
        plain = procrastinate.App(connector=connector)
        for each in (app, plain):
            each.task(name="digest")(self._do)
        self._set_clock(app, plain)
        async with app.open_async():
            workers = [
                asyncio.create_task(self._worker(app if queue == "plan" else plain, queue, slots))
                for queue, slots in self._slots.items()
            ]
            asked = asyncio.create_task(_set(stop))
            done, _ = await asyncio.wait({*workers, asked}, return_when=asyncio.FIRST_COMPLETED)
            for worker in workers:
                worker.cancel()  # the engine takes this as a request to stop: running jobs end first
            await asyncio.gather(*workers, return_exceptions=True)
            asked.cancel()
            for ended in done - {asked}:
                ended.result()

    async def _worker(self, app: Any, queue: str, slots: int) -> None:  # noqa: ANN401 - the engine's
        await app.run_worker_async(
            queues=[queue],
            name=queue,
            concurrency=slots,
            fetch_job_polling_interval=POLL,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=SIGN,
            stalled_worker_timeout=STALLED.total_seconds(),
        )

    def _set_clock(self, app: Any, plain: Any) -> None:  # noqa: ANN401 - the engine's
        """Let ``app`` schedule periodic work: once in the cluster, and never two runs at a time. Both can do it."""
        for name, each in self._works.items():
            lock = None if name == RESCUE else f"periodic {name}"

            def again(timestamp: int, name: str = name) -> None:  # noqa: ARG001 - the engine gives it
                if name in self._works:
                    self._works[name].work()

            named = f"periodic {name}"
            task, _ = (
                one.task(again, name=named, queue=each.queue, queueing_lock=named, lock=lock) for one in (app, plain)
            )
            app.periodic(cron=cron(each.every), periodic_id=name)(task)

    def _do(self, v: int, kind: str, arguments: dict[str, Any], queue: str, once: str, lock: str) -> None:
        """Do one job. It is scheduled again when its handler says so, or when it needs a newer program."""
        handler = self._handlers.get(kind) if v <= VERSION else None
        again = self._clock() + NEWER if handler is None else handler(arguments)
        if again is not None:
            self.defer(Job(queue=queue, kind=kind, arguments=arguments, once=once, lock=lock, at=again))


def mourned(job: Job) -> list[Job]:
    """Return the jobs that replace a job whose worker died.

    A job at which MOST_DEATHS workers died is split. Its parts are split as soon as one more worker dies. A job for
    a single reader is not split: it becomes a job of kind ``reject``. A periodic job is not replaced, since it is
    scheduled anyway.
    """
    if job.kind.startswith("periodic"):
        return []
    deaths = int(job.arguments.get("deaths", 0)) + 1
    first, last = job.arguments.get("first"), job.arguments.get("last")
    if deaths < MOST_DEATHS or first is None or last is None:
        return [replace(job, arguments={**job.arguments, "deaths": deaths})]
    parts = Shard(first, last).halves()
    if not parts:
        return [replace(job, kind="reject", once=f"reject {job.once}")]
    return [part(job, each.first, each.last, deaths=MOST_DEATHS - 1) for each in parts]


def part(job: Job, first: int, last: int, *, deaths: int = 0) -> Job:
    """Return the job for a part of its readers."""
    once = f"{job.kind} {job.arguments.get('edition')} {first}"
    return replace(job, arguments={**job.arguments, "first": first, "last": last, "deaths": deaths}, once=once)


def cron(every: timedelta) -> str:
    """Return an interval as a cron expression of the engine: seconds, minutes or hours."""
    seconds = max(1, int(every.total_seconds()))
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"* * * * * */{seconds}"
    if seconds < 3600:  # noqa: PLR2004 - an hour
        return f"*/{seconds // 60} * * * *"
    return f"0 */{min(23, seconds // 3600)} * * *"


def _engines(job: Job) -> engine_jobs.Job:
    given: dict[str, Any] = {"v": VERSION, "kind": job.kind, "arguments": dict(job.arguments)}
    return engine_jobs.Job(
        queue=job.queue,
        lock=job.lock or None,
        queueing_lock=job.once or None,
        task_name="digest",
        task_kwargs={**given, "queue": job.queue, "once": job.once, "lock": job.lock},
        scheduled_at=job.at,
        priority=LOST_FIRST if job.arguments.get("deaths") else 0,
    )


def _ours(row: Mapping[str, Any]) -> Job:
    given = row["args"]
    return Job(
        queue=row["queue_name"],
        kind=given.get("kind", "periodic"),
        arguments=given.get("arguments", {}),
        once=row["queueing_lock"] or "",
        lock=row["lock"] or "",
    )


def _in_words(given: Mapping[str, Any]) -> str:
    about = given.get("arguments", {})
    return " ".join([given.get("kind", "periodic"), *(f"{key}={value}" for key, value in about.items())])


async def _set(event: threading.Event) -> None:
    while not event.is_set():  # noqa: ASYNC110 - an event of threads, which no loop can wait for
        await asyncio.sleep(0.2)


def _conninfo(database: Database) -> str:
    return database.url.set(drivername="postgresql").render_as_string(hide_password=False)
