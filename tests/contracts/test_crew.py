"""One suite for whoever does the work: threads of one process, and an engine on PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest
from tests.conftest import another

from digest.crew.cluster import MOST_DEATHS, SCHEMA, ClusterCrew, cron, mourned
from digest.crew.port import VERSION, Arguments, Crew, Handler, Job, Periodic
from digest.crew.threads import ThreadCrew
from digest.errors import StorageError
from digest.storage.engine import Database

PATIENCE = 30.0
JOB = Job(queue="letters", kind="note", arguments={"n": 1})

pytestmark = pytest.mark.slow(because="a server, and an engine that starts")


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def database(postgresql: str, ready_postgresql: str) -> Iterator[Database]:
    made = Database(another(postgresql, ready_postgresql))
    yield made
    made.close()


@pytest.fixture
def cluster(database: Database) -> ClusterCrew:
    crew = ClusterCrew(database, now)
    crew.prepare()
    return crew


@pytest.fixture(params=["threads", "cluster"])
def crew(request: pytest.FixtureRequest) -> Crew:
    made: Crew = ThreadCrew(now) if request.param == "threads" else request.getfixturevalue("cluster")
    return made


@contextmanager
def at_work(crew: Crew, **handlers: Handler) -> Iterator[None]:
    """Let a crew work while the block runs."""
    stop = threading.Event()
    thread = threading.Thread(target=crew.run, args=(handlers, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def noting(heard: SimpleQueue[Arguments]) -> Callable[[Arguments], None]:
    return heard.put


def test_a_job_is_done_once_with_its_arguments(crew: Crew) -> None:
    heard: SimpleQueue[Arguments] = SimpleQueue()
    with at_work(crew, note=noting(heard)):
        crew.defer(JOB)
        assert heard.get(timeout=PATIENCE) == {"n": 1}
        with pytest.raises(Empty):
            heard.get(timeout=0.5)


def test_of_jobs_that_wait_under_one_name_there_is_one(crew: Crew) -> None:
    heard: SimpleQueue[Arguments] = SimpleQueue()
    soon = now() + timedelta(seconds=1)
    with at_work(crew, note=noting(heard)):
        for n in range(3):
            crew.defer(Job(queue="letters", kind="note", arguments={"n": n}, once="a", at=soon))
        assert crew.status().waiting == {"letters": 1}
        assert heard.get(timeout=PATIENCE) == {"n": 0}
        assert now() >= soon
        with pytest.raises(Empty):
            heard.get(timeout=0.5)


def test_a_job_comes_again_when_its_handler_says_so(crew: Crew) -> None:
    moments: SimpleQueue[datetime] = SimpleQueue()
    pause, times = timedelta(seconds=1), iter(range(1))

    def twice(_arguments: Arguments) -> datetime | None:
        moments.put(now())
        return now() + pause if next(times, None) is not None else None

    with at_work(crew, note=twice):
        crew.defer(Job(queue="letters", kind="note", arguments={}, once="b", lock="b"))
        first, second = moments.get(timeout=PATIENCE), moments.get(timeout=PATIENCE)
        assert second - first >= pause
        with pytest.raises(Empty):
            moments.get(timeout=1.5)


def test_of_jobs_with_one_lock_one_runs_at_a_time(crew: Crew) -> None:
    inside, most, done = threading.Semaphore(1), [True], SimpleQueue[int]()

    def alone(_arguments: Arguments) -> None:
        most.append(inside.acquire(blocking=False))
        threading.Event().wait(0.2)
        inside.release()
        done.put(1)

    with at_work(crew, note=alone):
        for n in range(3):
            crew.defer(Job(queue="plan", kind="note", arguments={"n": n}, lock="host"))
        for _ in range(3):
            done.get(timeout=PATIENCE)
    assert all(most)


@pytest.mark.parametrize("queue", ["plan", "fetch", "mails"])
def test_periodic_work_is_repeated(crew: Crew, queue: str) -> None:
    heard: SimpleQueue[int] = SimpleQueue()
    crew.repeat({"work": Periodic(queue, lambda: heard.put(1), timedelta(seconds=1))})
    with at_work(crew):
        for _ in range(2):
            heard.get(timeout=PATIENCE)
        assert len(crew.status().mates) >= 1


def test_jobs_are_booked_in_the_transaction_of_who_freezes_an_edition(cluster: ClusterCrew, database: Database) -> None:
    with suppress(RuntimeError), database.within(SCHEMA) as driver:
        cluster.book(driver, [JOB])
        raise RuntimeError
    assert cluster.status().waiting == {}
    with database.within(SCHEMA) as driver:
        cluster.book(driver, [JOB])
    assert cluster.status().waiting == {"letters": 1}
    assert cluster.booked("note") == [{"n": 1}]


def test_the_job_of_a_lost_worker_goes_to_others(cluster: ClusterCrew, database: Database) -> None:
    cluster.defer(JOB)
    with database.within(SCHEMA) as driver:
        driver.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')")
        driver.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = 1")
    assert cluster.status().stalled == ("note n=1",)
    assert cluster.rescue() == 1
    assert cluster.rescue() == 0
    heard: SimpleQueue[Arguments] = SimpleQueue()
    with at_work(cluster, note=noting(heard)):
        assert heard.get(timeout=PATIENCE) == {"n": 1, "deaths": 1}


def test_the_job_of_a_lost_worker_is_done_before_all_that_wait(cluster: ClusterCrew, database: Database) -> None:
    cluster.defer(Job(queue="letters", kind="note", arguments={"n": 1}))
    assert not cluster.lost_waits("note")
    with database.within(SCHEMA) as driver:
        driver.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '21 seconds')")
        driver.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = 1")
    cluster.defer(Job(queue="letters", kind="note", arguments={"n": 2}))
    cluster.rescue()
    assert cluster.lost_waits("note")
    assert not cluster.lost_waits("other")
    heard: SimpleQueue[Arguments] = SimpleQueue()
    with at_work(cluster, note=noting(heard)):
        assert [heard.get(timeout=PATIENCE)["n"] for _ in range(2)] == [1, 2]
    assert not cluster.lost_waits("note")


def test_a_job_that_only_a_newer_program_understands_is_left_to_it(cluster: ClusterCrew, database: Database) -> None:
    cluster.defer(JOB)
    with database.within(SCHEMA) as driver:
        driver.execute("UPDATE procrastinate_jobs SET args = jsonb_set(args, '{v}', to_jsonb(%s::int))", [VERSION + 1])
    heard: SimpleQueue[Arguments] = SimpleQueue()
    with at_work(cluster, note=noting(heard)), pytest.raises(Empty):
        heard.get(timeout=3)
    assert cluster.status().waiting == {"letters": 1}


def test_the_tables_of_another_version_of_the_engine_ask_for_the_upgrade(
    cluster: ClusterCrew, database: Database
) -> None:
    cluster.prepare()
    with database.write() as connection:
        connection.exec_driver_sql(f"COMMENT ON SCHEMA {SCHEMA} IS 'older'")
    with pytest.raises(StorageError, match="digest db upgrade"):
        cluster.prepare()
    cluster.prepare(replace_old=True)
    cluster.prepare()


def test_a_shard_at_which_its_workers_die_is_split_down_to_one_reader() -> None:
    shard = Job(queue="letters", kind="letters", arguments={"edition": 7, "first": 1, "last": 4}, once="letters 7 1")
    for deaths in range(1, MOST_DEATHS):
        (shard,) = mourned(shard)
        assert (shard.kind, shard.arguments["deaths"], shard.arguments["last"]) == ("letters", deaths, 4)
    halves = mourned(shard)
    assert [(each.arguments["first"], each.arguments["last"], each.once) for each in halves] == [
        (1, 2, "letters 7 1"),
        (3, 4, "letters 7 3"),
    ]
    (one, _other) = mourned(halves[1])
    assert (one.arguments["first"], one.arguments["last"]) == (3, 3)
    (gone,) = mourned(one)
    assert (gone.kind, gone.arguments["first"]) == ("reject", 3)


@pytest.mark.parametrize(
    ("every", "rhythm"),
    [
        (timedelta(seconds=2), "* * * * * */2"),
        (timedelta(minutes=5), "*/5 * * * *"),
        (timedelta(hours=2), "0 */2 * * *"),
    ],
)
def test_a_rhythm_is_written_as_the_engine_takes_it(every: timedelta, rhythm: str) -> None:
    assert cron(every) == rhythm


def test_a_cluster_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="postgresql://"):
        ClusterCrew(Database("sqlite:///digest.db", tmp_path), now)
    program = "import sys; sys.modules['procrastinate'] = None; import digest.crew.cluster"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)  # noqa: S603
    assert "pip install 'digest-press[cluster]'" in said.stderr
