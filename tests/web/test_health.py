"""What machines are told: alive, ready, and figures that Prometheus' own parser reads, each of which moves."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert
from tests.web.sites import ask

from digest.alerts.facts import Disk
from digest.app import App
from digest.model.alert import AlertKind
from digest.model.course import Movement
from digest.model.sign import RelayTrouble
from digest.monitoring import STUCK_SECONDS, Monitor
from digest.pipeline.operations.readings import Readings
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.settings import MonitorSettings, Settings
from digest.storage.engine import Database
from digest.storage.schema.press import sources
from digest.web.health import LIVE, METRICS, READY, health_app
from digest.web.listen import Listener
from digest.web.metrics import Metrics

DOCS = Path(__file__).parents[2] / "docs"
NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
NOTHING = Readings(
    now=NOW,
    sources={"answering": 0},
    articles=0,
    entries=0,
    editions={"sent": 0},
    lateness={"morning": timedelta()},
    next_due={"morning": NOW},
    letters={("morning", "accepted"): 0},
    movement=Movement(joined=0, left=0, suppressed=0, bounces={"hard": 0}),
    outbox={"queued": 0},
    set_aside={"page": 0},
    webhooks={("crm", "waiting"): 0},
    endpoints={"crm": 0},
    tips=0,
    alerts={"relay": 0},
    heartbeats={"press-1": NOW},
    last_fetch=None,
    disks=(Disk(place="x", free_bytes=0, total_bytes=0),),
)
LATER = NOW + timedelta(hours=1)
MOVED = replace(
    NOTHING,
    sources={"answering": 1},
    articles=1,
    entries=1,
    editions={"sent": 1},
    lateness={"morning": timedelta(minutes=1)},
    next_due={"morning": LATER},
    letters={("morning", "accepted"): 1},
    movement=Movement(joined=1, left=1, suppressed=1, bounces={"hard": 1}),
    outbox={"queued": 1},
    set_aside={"page": 1},
    webhooks={("crm", "waiting"): 1},
    endpoints={"crm": 1},
    tips=1,
    alerts={"relay": 1},
    heartbeats={"press-1": LATER},
    last_fetch=NOW,
    disks=(Disk(place="x", free_bytes=1, total_bytes=1),),
)
STEADY = {"digest_build_info", "digest_database_up"}
"""These say what is, and move with the version and the database alone."""


def samples(text: bytes) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    found = {}
    for family in text_string_to_metric_families(text.decode()):
        for sample in family.samples:
            if not sample.name.endswith("_created"):
                found[sample.name, tuple(sorted(sample.labels.items()))] = sample.value
    return found


def work(metrics: Metrics) -> None:
    metrics.composed("morning", 2.5)
    metrics.fetched(7, 1, 12.0)
    metrics.answered("mail", "deferred", 0.04, again=True)
    metrics.relay("mail", RelayTrouble.REFUSES)
    metrics.certificate("mail", LATER)
    metrics.webhook("crm", "delivered", 0.2)


def test_every_metric_moves_with_what_it_tells_of() -> None:
    told = {"now": NOTHING}
    metrics = Metrics(lambda: told["now"])
    work(metrics)
    metrics.relay("mail", RelayTrouble.NONE)
    metrics.certificate("mail", NOW)
    before = samples(metrics.text())
    told["now"] = MOVED
    work(metrics)
    after = samples(metrics.text())
    assert before.keys() == after.keys()
    ours = {name for name, _ in after if name.startswith("digest_")}
    moved = {name for name, labels in after if after[name, labels] != before[name, labels]}
    assert {name for name in ours - moved if not name.endswith("_bucket")} == STEADY
    assert len(ours) > 25


def test_fates_and_retries_are_counted_by_relay() -> None:
    metrics = Metrics(lambda: NOTHING)
    metrics.answered("mail", "accepted", 0.02, again=False)
    metrics.answered("mail", "accepted", 0.02, again=True)
    found = samples(metrics.text())
    assert found["digest_letters_total", (("fate", "accepted"), ("relay", "mail"))] == 2
    assert found["digest_letter_retries_total", (("relay", "mail"),)] == 1
    assert found["digest_letter_seconds_count", (("relay", "mail"),)] == 2


@pytest.fixture
def app(tmp_path: Path, ready_sqlite: Path) -> Iterator[App]:
    shutil.copy(ready_sqlite, tmp_path / "digest.db")
    database = Database(f"sqlite:///{tmp_path / 'digest.db'}")
    settings = Settings(folder=str(tmp_path), monitor=MonitorSettings(port=9))
    yield App(runtime=Runtime(settings=settings, stores=Stores(database), clock=lambda: NOW))
    database.close()


class Seconds:
    """A steady clock to set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def monitor(app: App, seconds: Seconds) -> Monitor:
    made = Monitor(app, seconds)
    made.begin()
    return made


@pytest.fixture
def url(monitor: Monitor) -> Iterator[str]:
    assert monitor._metrics is not None
    served = health_app(monitor.live, monitor.ready, monitor._metrics)
    with Listener(served, "127.0.0.1", 0).in_background() as listener:
        yield listener.url


def test_a_process_that_works_is_alive_and_ready_and_tells_its_figures(url: str) -> None:
    for path in (LIVE, READY):
        answer = ask(url, path)
        assert (answer.status, json.loads(answer.text)) == (200, {"status": "ok", "problems": {}})
    figures = ask(url, METRICS)
    assert figures.status == 200
    assert figures.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    found = samples(figures.body)
    assert found["digest_database_up", ()] == 1
    assert found["process_resident_memory_bytes", ()] > 0
    assert [value for (name, _), value in found.items() if name == "digest_heartbeat_timestamp_seconds"] == [
        NOW.timestamp()
    ]


def test_a_process_whose_jobs_stand_still_should_be_started_again(url: str, monitor: Monitor, seconds: Seconds) -> None:
    seconds.now = STUCK_SECONDS + 1
    assert ask(url, LIVE).status == 503
    assert "jobs" in json.loads(ask(url, READY).text)["problems"]
    monitor.beat()
    assert ask(url, LIVE).status == 200


def without_database(app: App) -> None:
    path = Path(app.settings.folder) / "digest.db"
    app.stores.database.close()
    path.unlink()
    path.mkdir()


def test_without_its_database_it_is_alive_but_not_ready_and_says_so_in_its_figures(
    url: str, app: App, seconds: Seconds
) -> None:
    without_database(app)
    seconds.now = 10
    assert ask(url, LIVE).status == 200
    assert ask(url, READY).status == 503
    found = samples(ask(url, METRICS).body)
    assert found["digest_database_up", ()] == 0
    assert not any(name == "digest_sources" for name, _ in found)


def test_nothing_there_can_be_changed_or_leads_elsewhere(url: str) -> None:
    assert ask(url, METRICS, "POST").status == 405
    assert ask(url, "/").status == 404


def stored_source(app: App) -> None:
    row = {
        "url": "https://paper.example/feed",
        "name": "Paper",
        "publisher": "",
        "kind": "feed",
        "weight": 1.0,
        "section": "",
        "managed": True,
        "enabled": True,
        "state": {},
    }
    with app.stores.database.write() as connection:
        connection.execute(insert(sources), [row])


def test_figures_of_the_database_are_read_when_asked_but_no_oftener_than_once_a_second(
    url: str, app: App, seconds: Seconds
) -> None:
    def answering() -> float:
        return samples(ask(url, METRICS).body)["digest_sources", (("state", "answering"),)]

    change: Callable[[App], None] = stored_source
    assert answering() == 0
    change(app)
    assert answering() == 0
    seconds.now = 1
    assert answering() == 1


def families_of_ours() -> dict[str, str]:
    metrics = Metrics(lambda: NOTHING)
    work(metrics)
    found = text_string_to_metric_families(metrics.text().decode())
    return {each.name: each.type for each in found if each.name.startswith("digest_") and "_created" not in each.name}


def page() -> str:
    return (DOCS / "monitoring.md").read_text(encoding="utf-8")


def test_the_page_lists_every_metric_with_its_type_and_no_other() -> None:
    assert dict(re.findall(r"^\| (digest_\w+) \| (\w+) \|", page(), re.MULTILINE)) == families_of_ours()


def test_the_page_lists_every_kind_of_alert() -> None:
    assert {kind for kind in AlertKind if f"\n| {kind.value} | " not in page()} == {AlertKind.TEST}


def test_the_dashboard_shows_every_metric_and_no_other() -> None:
    board = json.loads((DOCS / "grafana.json").read_text(encoding="utf-8"))
    asked = " ".join(target["expr"] for panel in board["panels"] for target in panel["targets"])
    shown, ours = set(re.findall(r"digest_\w+", asked)), families_of_ours()
    endings = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
    known = {name: {name + end for end in endings[kind]} for name, kind in ours.items()}
    assert {name for name, series in known.items() if not series & shown} == set()
    assert shown - set().union(*known.values()) == set()
