"""`digest serve` sends webhooks, alone in threads and as one of many machines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.conftest import Ready
from tests.receivers import added, receiving

from digest.app import App
from digest.machines import joined
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.serve import Service
from digest.settings import KeySettings, ServeSettings, Settings
from digest.storage.engine import Database

PATIENCE = 60.0
ALL = ("waiting", "delivered", "dead")


@pytest.fixture(params=["threads", "cluster"])
def service(request: pytest.FixtureRequest, ready: Ready, tmp_path: Path) -> Iterator[Service]:
    crew = request.param
    database = Database(ready("postgresql" if crew == "cluster" else "sqlite"))
    settings = Settings(
        folder=str(tmp_path),
        keys=KeySettings(current="k", ring={"k": "5a" * 32}),
        serve=ServeSettings(crew=crew),
        editions={},
    )
    app = App(runtime=Runtime(settings=settings, stores=Stores(database), clock=lambda: datetime.now(UTC)))
    machines = None
    if crew == "cluster":
        app, machines = joined(app)
    made = Service(app, machines=machines)
    made.schedule()
    yield made
    database.close()


def test_what_happens_while_it_serves_is_sent_soon(service: Service) -> None:
    runtime = service.app.runtime
    with receiving() as receiver, service.at_work() as all_ended:
        added(runtime, receiver)
        for name in ("ada", "ben"):
            subscribe(runtime.stores, runtime.clock(), Subscription(address=f"{name}@example.org", editions=("x",)))
            until = time.monotonic() + PATIENCE
            while not any(each.state == "delivered" for each in runtime.stores.webhooks.messages(None, ALL, 1)):
                assert time.monotonic() < until
                time.sleep(0.05)
        service.stop()
        assert all_ended()
    assert [each.type for each in receiver.got] == ["reader.confirmed"] * 2
