"""A process that is killed in the middle loses no message: the next one sends it again, with the same id."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

from tests.pipeline.conftest import Newsroom
from tests.receivers import Got, added, receiving

from digest.app import App, webhook_client
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.webhooks.sending import deliver_all
from digest.storage.engine import Database

SENDER = """
import sys, threading
from datetime import UTC, datetime
from pathlib import Path

from digest.app import App, webhook_client
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.pipeline.webhooks.sending import deliver_all
from digest.settings import KeySettings, Settings
from digest.storage.engine import Database

settings = Settings(keys=KeySettings(current="k", ring={"k": "5a" * 32}))
now = datetime.fromisoformat(sys.argv[2])
runtime = Runtime(settings=settings, stores=Stores(Database(sys.argv[1])), clock=lambda: now)
deliver_all(runtime, webhook_client(App(runtime=runtime)), threading.Event())
"""


def test_a_killed_process_loses_nothing_and_its_message_comes_again_with_the_same_id(
    database: Database, tmp_path: Path
) -> None:
    room = Newsroom(database, tmp_path, stories=())
    with receiving() as receiver:
        added(room.runtime, receiver)
        for number in range(6):
            wanted = Subscription(address=f"reader{number}@example.org", editions=("morning",))
            subscribe(room.stores, room.now, wanted)
        third, killed = threading.Event(), threading.Event()

        def hang(_: Got) -> None:
            if len(receiver.got) == 2 and not killed.is_set():
                third.set()
                killed.wait(60)

        receiver.on_message = hang
        url = database.url.render_as_string(hide_password=False)
        process = subprocess.Popen([sys.executable, "-c", SENDER, url, room.now.isoformat()])  # noqa: S603 - ours
        assert third.wait(60)
        process.send_signal(signal.SIGKILL)
        process.wait(20)
        killed.set()
        room.now += timedelta(minutes=1)
        deliver_all(room.runtime, webhook_client(App(runtime=room.runtime)), threading.Event())
    names = [each.name for each in receiver.got]
    assert len(set(names)) == 6
    assert [name for name in set(names) if names.count(name) > 1] == [names[2]]
    assert {each.state for each in room.stores.webhooks.messages(None, ("waiting", "delivered"), 10)} == {"delivered"}
    twice = [each.body for each in receiver.got if each.name == names[2]]
    assert twice[0] == twice[1]
