"""No message is lost within a day, whatever its receiver does; none goes to a private address; none holds others up."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import func
from tests.conftest import Filled
from tests.pipeline.conftest import Newsroom
from tests.receivers import Got, Receiver, added, receiving, self_signed

from digest.app import App, webhook_client
from digest.errors import (
    FetchError,
    NameNotFound,
    RefusedAddress,
    TlsFailure,
    TooSlow,
    WebhookError,
)
from digest.fetch.address_guard import Target
from digest.fetch.post_answer import PostAnswer
from digest.model.webhook import Held
from digest.pipeline.operations.alerting import Alerter
from digest.pipeline.operations.outlook import facts
from digest.pipeline.webhooks.port import OpenPost, Post
from digest.pipeline.webhooks.receivers import MOST_ENDPOINTS, Wanted, add, found, rotate, secrets_of
from digest.pipeline.webhooks.sending import WebhookSender, deliver_all, deliver_to, send_ping
from digest.settings import AlertSettings, KeySettings
from digest.storage.announce_editions import announce_edition
from digest.storage.engine import Database
from digest.storage.schema.webhooks import webhook_endpoints
from digest.storage.webhooks import Endpoint
from digest.webhooks.schedule import PAUSES
from digest.webhooks.signing import secret_text, signature

HOUR = timedelta(hours=1)
ALL = ("waiting", "delivered", "dead")


class Names:
    """A resolver whose answers a test sets, one after the other; the last one stays."""

    def __init__(self, *answers: tuple[str, int | None]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def resolve(self, host: str, timeout_seconds: float) -> tuple[Target, ...]:
        del host, timeout_seconds
        self.asked += 1
        address, port = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return (Target(address=ip_address(address), port=port),)


def composed(database: Database) -> None:
    """Fill a database with the stories of the night and the draft of the morning."""
    Newsroom(database, Path()).compose()


@pytest.fixture
def room(tmp_path: Path, filled: Filled) -> Iterator[Newsroom]:
    database = Database(filled("sqlite", composed, tmp_path / "digest.db"))
    yield Newsroom(database, tmp_path, stories=())
    database.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def happen(room: Newsroom, times: int = 1) -> None:
    """Let something happen that receivers are notified of."""
    (row,) = room.stores.editions.latest(1)
    with room.stores.database.write() as connection:
        for number in range(times):
            announce_edition(connection, row.id, Held(cause="editor", reason=str(number)), room.now)


def deliver(room: Newsroom, names: Names | None = None, connect: OpenPost | None = None) -> None:
    connect = connect or webhook_client(App(runtime=room.runtime, resolver=names))
    deliver_all(room.runtime, connect, threading.Event())


def pass_time(room: Newsroom, length: timedelta, connect: OpenPost | None = None) -> None:
    """Let time pass, and send whatever becomes due on the way."""
    until = room.now + length
    while True:
        deliver(room, connect=connect)
        upcoming = [each.next_attempt for each in room.stores.webhooks.messages(None, ("waiting",), 1000)]
        rests = [each.rests_until for each in room.stores.webhooks.all() if each.rests_until and not each.disabled_at]
        following = min((at for at in (*upcoming, *rests) if at > room.now), default=until)
        if following >= until:
            break
        room.now = following
    room.now = until


def wait_for(sender: WebhookSender) -> None:
    for thread in sender.at_work():
        thread.join(20)


def states(room: Newsroom) -> list[str]:
    return sorted(each.state for each in room.stores.webhooks.messages(None, ALL, 1000))


def crm(room: Newsroom) -> Endpoint:
    return found(room.runtime, "crm")


def test_a_message_is_signed_with_the_secret_that_was_shown(room: Newsroom, receiver: Receiver) -> None:
    secret = added(room.runtime, receiver)
    happen(room)
    deliver(room)
    (got,) = receiver.got
    assert got.headers["webhook-signature"] == signature(secret, got.name, int(room.now.timestamp()), got.body)
    assert got.headers["content-type"] == "application/json"
    (stored,) = room.stores.webhooks.messages(None, ALL, 10)
    assert (stored.state, stored.status, stored.attempts, stored.name) == ("delivered", 200, 1, got.name)
    with room.stores.database.read() as connection:
        assert secret not in str(
            connection.connection.driver_connection and list(connection.connection.driver_connection.iterdump())
        )


@pytest.mark.parametrize("trouble", ["dead", "redirecting", "failing", "busy"])
def test_nothing_is_lost_by_a_receiver_that_is_away_for_most_of_a_day(
    room: Newsroom, receiver: Receiver, trouble: str
) -> None:
    with receiving() as elsewhere:
        added(room.runtime, receiver)
        receiver.status = {"redirecting": 307, "busy": 429}.get(trouble, 503)
        receiver.headers = {"redirecting": {"location": elsewhere.url}, "busy": {"retry-after": "900"}}.get(trouble, {})
        port = receiver.port
        if trouble == "dead":
            receiver.close()
        happen(room, 3)
        pass_time(room, timedelta(hours=23))
        assert states(room) == ["waiting"] * 3
        tries = max(each.attempts for each in room.stores.webhooks.messages(None, ALL, 10))
        assert 5 <= tries < len(PAUSES)
        assert elsewhere.got == []
        with ExitStack() as stack:
            if trouble == "dead":
                receiver = stack.enter_context(receiving())
                move(room, port, receiver)
            receiver.status, receiver.headers = 200, {}
            before = len(receiver.got)
            pass_time(room, timedelta(hours=3))
            assert states(room) == ["delivered"] * 3
            assert len({each.name for each in receiver.got[before:]}) == 3
        assert crm(room).failing_since is None


@pytest.mark.parametrize("trouble", [TooSlow, TlsFailure, NameNotFound, RefusedAddress])
def test_nothing_is_lost_by_a_receiver_that_cannot_be_spoken_to_for_most_of_a_day(
    room: Newsroom, receiver: Receiver, trouble: type[FetchError]
) -> None:
    """Too slow, wrong in TLS, without a name, or with a private address: each may be repaired in time."""
    added(room.runtime, receiver)
    real, repaired = webhook_client(App(runtime=room.runtime)), room.now + timedelta(hours=23)

    @contextmanager
    def connect(*, private: bool) -> Iterator[Post]:
        with real(private=private) as post:

            def posted(url: str, body: bytes, given: Mapping[str, str]) -> PostAnswer:
                if room.now < repaired:
                    raise trouble(url, "not today")
                return post(url, body, given)

            yield posted

    happen(room, 3)
    pass_time(room, timedelta(hours=23), connect)
    assert states(room) == ["waiting"] * 3
    pass_time(room, timedelta(hours=3), connect)
    assert states(room) == ["delivered"] * 3
    assert len(receiver.got) == 3


def move(room: Newsroom, port: int, receiver: Receiver) -> None:
    """Let a receiver listen elsewhere."""
    with room.stores.database.write() as connection:
        url = func.replace(webhook_endpoints.c.url, f":{port}/", f":{receiver.port}/")
        connection.execute(webhook_endpoints.update().values(url=url))


def test_after_a_day_a_message_is_given_up_and_kept_and_can_be_sent_again(room: Newsroom, receiver: Receiver) -> None:
    added(room.runtime, receiver)
    receiver.status, receiver.answer = 500, b"out of\norder"
    happen(room)
    began = room.now
    pass_time(room, timedelta(hours=24))
    assert states(room) == ["waiting"]
    pass_time(room, timedelta(hours=10))
    (dead,) = room.stores.webhooks.messages(None, ALL, 10)
    assert (dead.state, dead.status, dead.attempts) == ("dead", 500, len(PAUSES) + 1)
    assert dead.answer == "HTTP status 500: out of order"
    assert room.now - began > timedelta(hours=24)
    first = receiver.got[0].name
    receiver.status = 204
    assert room.stores.webhooks.resend_dead("crm", room.now) == 1
    deliver(room)
    assert states(room) == ["delivered"]
    assert receiver.got[-1].name == first
    assert room.stores.webhooks.resend([dead.id, 999], room.now) == 1
    deliver(room)
    assert receiver.got[-1].name == first


def test_a_receiver_that_fails_rests_and_is_not_asked_for_each_message(room: Newsroom, receiver: Receiver) -> None:
    added(room.runtime, receiver)
    receiver.status = 503
    happen(room, 20)
    deliver(room)
    deliver(room)
    assert len(receiver.got) == 1
    room.now += timedelta(seconds=3)
    deliver(room)
    assert len(receiver.got) == 2
    pass_time(room, HOUR)
    assert len(receiver.got) < 70


def test_one_message_that_its_receiver_refuses_does_not_stop_the_others(room: Newsroom, receiver: Receiver) -> None:
    added(room.runtime, receiver)
    happen(room, 5)
    poisoned = room.stores.webhooks.messages(None, ALL, 10)[-1].name

    def judge(got: Any) -> None:
        receiver.status = 400 if got.name == poisoned else 200

    receiver.on_message = judge
    pass_time(room, timedelta(seconds=10))
    assert states(room) == ["delivered"] * 4 + ["waiting"]


def test_a_slow_receiver_holds_up_nobody(room: Newsroom, receiver: Receiver) -> None:
    """Nine receivers answer at once while one takes its time: they have everything long before it has one message."""
    with ExitStack() as stack:
        quick = [stack.enter_context(receiving()) for _ in range(9)]
        gate = threading.Event()

        def wait(_: Got) -> None:
            gate.wait(30)

        receiver.on_message = wait
        added(room.runtime, receiver, "slow")
        for number, each in enumerate(quick):
            added(room.runtime, each, f"quick{number}")
        happen(room, 5)
        sender = WebhookSender(room.runtime, webhook_client(App(runtime=room.runtime)), threading.Event())
        until = time.monotonic() + 30
        while sum(len(each.got) for each in quick) < 45 and time.monotonic() < until:
            sender.tick()
            time.sleep(0.02)
        assert [len(each.got) for each in quick] == [5] * 9
        assert receiver.got == []
        happen(room)
        while sum(len(each.got) for each in quick) < 54 and time.monotonic() < until:
            sender.tick()
            time.sleep(0.02)
        assert [len(each.got) for each in quick] == [6] * 9
        gate.set()
        wait_for(sender)
        assert len(receiver.got) == 6


PRIVATE = ("127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1", "100.64.0.1")


@pytest.mark.parametrize("address", PRIVATE)
def test_nothing_goes_to_a_name_that_leads_to_a_private_address(
    room: Newsroom, receiver: Receiver, address: str
) -> None:
    add(room.runtime, Wanted(name="crm", url="https://hook.example/in"))
    happen(room)
    deliver(room, Names((address, receiver.port)))
    (stored,) = room.stores.webhooks.messages(None, ALL, 10)
    assert (stored.state, stored.status) == ("waiting", None)
    assert "not a public address" in stored.answer
    assert receiver.got == []


def test_a_name_that_changes_its_address_gains_nothing(room: Newsroom, receiver: Receiver) -> None:
    """DNS rebinding: a name is looked up once for a connection, which goes to the address that was checked."""
    names = Names(("127.0.0.1", receiver.port), ("169.254.169.254", receiver.port))
    add(room.runtime, Wanted(name="crm", url="http://hook.example/in", allow_private=True))
    happen(room)
    deliver(room, names)
    assert (names.asked, len(receiver.got)) == (1, 1)
    happen(room)
    deliver(room, names)
    assert (names.asked, len(receiver.got)) == (2, 1)
    assert states(room) == ["delivered", "waiting"]


@pytest.mark.parametrize("url", ["https://127.0.0.1/x", "https://[::1]/x", "https://10.0.0.1/x", "https://0x7f.1/x"])
def test_a_private_address_in_a_url_is_never_connected_to(room: Newsroom, url: str) -> None:
    try:
        add(room.runtime, Wanted(name="crm", url=url))
    except RefusedAddress:
        return
    happen(room)
    deliver(room)
    assert "not a public address" in room.stores.webhooks.messages(None, ALL, 10)[0].answer


def test_even_with_private_networks_a_clouds_metadata_is_not_reached(room: Newsroom, receiver: Receiver) -> None:
    add(room.runtime, Wanted(name="crm", url="http://meta.example/latest", allow_private=True))
    happen(room)
    deliver(room, Names(("169.254.169.254", receiver.port)))
    assert "not a public address" in room.stores.webhooks.messages(None, ALL, 10)[0].answer


def test_the_networks_that_may_be_fetched_from_do_not_count(room: Newsroom, receiver: Receiver) -> None:
    fetch = structs.replace(room.settings.fetch, allow_networks=("127.0.0.0/8",))
    room.settings = structs.replace(room.settings, fetch=fetch)
    add(room.runtime, Wanted(name="crm", url="https://hook.example/in"))
    happen(room)
    deliver(room, Names(("127.0.0.1", receiver.port)))
    assert "not a public address" in room.stores.webhooks.messages(None, ALL, 10)[0].answer


def test_a_certificate_that_nobody_vouches_for_is_refused(room: Newsroom, own_tls: ssl.SSLContext) -> None:
    with receiving(own_tls) as receiver:
        add(room.runtime, Wanted(name="crm", url=f"https://127.0.0.1:{receiver.port}/", allow_private=True))
        happen(room)
        deliver(room)
        assert receiver.got == []
    (stored,) = room.stores.webhooks.messages(None, ALL, 10)
    assert stored.state == "waiting"
    assert "certificate" in stored.answer


@pytest.fixture
def own_tls(tmp_path: Path) -> ssl.SSLContext:
    return self_signed(tmp_path)


def test_a_receiver_that_is_gone_is_disabled_at_once_and_keeps_what_waits(
    room: Newsroom, receiver: Receiver, logged: list[MutableMapping[str, Any]]
) -> None:
    added(room.runtime, receiver)
    receiver.status = 410
    happen(room, 3)
    pass_time(room, HOUR)
    assert len(receiver.got) == 1
    assert crm(room).disabled_why == "gone"
    assert any(event["event"] == "receiver of webhooks disabled" for event in logged)
    happen(room)
    assert states(room) == ["waiting"] * 3
    receiver.status = 200
    assert room.stores.webhooks.enable("crm")
    pass_time(room, HOUR)
    assert states(room) == ["delivered"] * 3


def test_a_receiver_that_fails_for_days_is_disabled_and_the_operator_is_alerted_once(
    room: Newsroom, receiver: Receiver
) -> None:
    room.settings = structs.replace(room.settings, alerts=AlertSettings(webhook="https://hooks.example/x"))
    alerts: list[str] = []

    def hook(_url: str, body: bytes) -> int:
        alerts.append(body.decode())
        return 200

    alerter = Alerter(room.runtime, hook)

    def look() -> list[str]:
        alerter.tick()
        return [each for each in alerts if "receiver of webhooks crm" in each]

    added(room.runtime, receiver)
    receiver.status = 500
    for hours in (1, 6, 24, 24, 24, 24):
        happen(room)
        pass_time(room, hours * HOUR)
        look()
    assert crm(room).disabled_why == "failing"
    assert len(look()) == 1
    assert "has failed since" in look()[0]
    answered = len(receiver.got)
    pass_time(room, 24 * HOUR)
    assert len(receiver.got) == answered
    receiver.status = 200
    assert room.stores.webhooks.enable("crm")
    pass_time(room, 3 * HOUR)
    assert any('"cleared"' in each for each in look())
    assert {each.name for each in facts(room.runtime).receivers} == {"crm"}
    assert room.stores.webhooks.disable("crm", room.now)
    assert facts(room.runtime).receivers == ()


def test_while_a_secret_rotates_both_sign_and_later_the_new_one_alone(room: Newsroom, receiver: Receiver) -> None:
    old = added(room.runtime, receiver)
    new = rotate(room.runtime, "crm", both_for=timedelta(hours=24))
    happen(room)
    deliver(room)
    made = receiver.got[0]
    stamp = int(made.headers["webhook-timestamp"])
    both = [signature(secret, made.name, stamp, made.body) for secret in (new, old)]
    assert made.headers["webhook-signature"].split(" ") == both
    room.now += timedelta(hours=25)
    assert secrets_of(room.runtime, crm(room)) == (new,)


def test_a_secret_whose_key_is_gone_fails_in_words_and_loses_nothing(room: Newsroom, receiver: Receiver) -> None:
    added(room.runtime, receiver)
    happen(room)
    room.settings = structs.replace(room.settings, keys=KeySettings(current="n", ring={"n": "6b" * 32}))
    deliver(room)
    (stored,) = room.stores.webhooks.messages(None, ALL, 10)
    assert (stored.state, stored.answer) == (
        "waiting",
        "the key of its secret is not in keys.ring: digest webhooks rotate crm",
    )
    rotate(room.runtime, "crm")
    pass_time(room, HOUR)
    assert states(room) == ["delivered"]


def test_a_message_at_which_the_program_fails_is_set_aside_and_the_others_go_on(
    room: Newsroom, receiver: Receiver
) -> None:
    added(room.runtime, receiver)
    happen(room, 2)
    with room.stores.database.write() as connection:
        connection.exec_driver_sql("UPDATE webhook_events SET details = '{\"cause\": 5}' WHERE id = 2")
    pass_time(room, HOUR)
    assert states(room) == ["delivered", "waiting"]
    bad = next(each for each in room.stores.webhooks.messages(None, ALL, 10) if each.state == "waiting")
    assert "digest quarantine list" in bad.answer
    assert room.stores.quarantine.counts()


def test_two_processes_do_not_send_to_one_receiver_at_the_same_time(room: Newsroom, receiver: Receiver) -> None:
    added(room.runtime, receiver)
    happen(room)
    connect = webhook_client(App(runtime=room.runtime))
    with room.stores.leases.hold(f"webhook {crm(room).id}", lambda: room.now):
        assert deliver_to(room.runtime, connect, crm(room).id, threading.Event()) == {}
    assert deliver_to(room.runtime, connect, crm(room).id, threading.Event()) == {"delivered": 1}


def test_a_sender_that_is_asked_to_stop_ends_after_the_message_under_way(room: Newsroom, receiver: Receiver) -> None:
    added(room.runtime, receiver)
    happen(room, 10)
    stop = threading.Event()
    receiver.on_message = lambda _: stop.set()
    sender = WebhookSender(room.runtime, webhook_client(App(runtime=room.runtime)), stop)
    sender.tick()
    wait_for(sender)
    assert len(receiver.got) == 1
    sender.tick()
    wait_for(sender)
    assert len(receiver.got) == 1


def test_a_ping_is_answered_and_stored_nowhere(room: Newsroom, receiver: Receiver) -> None:
    added(room.runtime, receiver)
    connect = webhook_client(App(runtime=room.runtime))
    answer = send_ping(room.runtime, connect, crm(room))
    assert (answer.accepted, answer.words, receiver.got[0].type) == (True, "HTTP status 200", "ping")
    receiver.status, receiver.answer = 403, b"who \x1b[31m are\0 you" + b"x" * 5000
    answer = send_ping(room.runtime, connect, crm(room))
    assert not answer.accepted
    assert answer.words.startswith("HTTP status 403: who")
    assert len(answer.words) == 200
    assert answer.words.isprintable()
    assert states(room) == []


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (Wanted(name="Crm", url="https://hook.example/"), "is no name"),
        (Wanted(name="crm", url="http://hook.example/"), "use https"),
        (Wanted(name="crm", url="https://hook.example/#part"), "never sees"),
        (Wanted(name="crm", url="https://hook.example/", events=("reader.sold",)), "is no type of events"),
        (Wanted(name="crm", url="https://hook.example/", secret="guess me"), "24 to 64"),
        (Wanted(name="crm", url="ftp://hook.example/"), "only http"),
        (Wanted(name="crm", url="https://user:pass@hook.example/"), "a login"),
    ],
)
def test_a_receiver_that_cannot_work_is_refused(room: Newsroom, wanted: Wanted, why: str) -> None:
    with pytest.raises((WebhookError, RefusedAddress), match=why):
        add(room.runtime, wanted)
    assert room.stores.webhooks.all() == ()


def test_a_name_is_given_once_and_there_is_a_limit(room: Newsroom) -> None:
    one = Wanted(name="crm", url="https://hook.example/", secret=secret_text(bytes(32)))
    assert add(room.runtime, one) == secret_text(bytes(32))
    with pytest.raises(WebhookError, match="already"):
        add(room.runtime, one)
    for number in range(MOST_ENDPOINTS - 1):
        add(room.runtime, replace(one, name=f"crm{number}"))
    with pytest.raises(WebhookError, match="remove one first"):
        add(room.runtime, replace(one, name="one-more"))


def test_old_messages_go_and_waiting_ones_stay(room: Newsroom, receiver: Receiver) -> None:
    added(room.runtime, receiver)
    happen(room, 2)
    deliver(room)
    room.now += timedelta(days=40)
    receiver.status = 500
    happen(room)
    deliver(room)
    before = room.now - timedelta(days=30)
    assert sum(room.stores.webhooks.prune(before, dry=True)) == 2
    assert sum(room.stores.webhooks.prune(before, dry=False)) == 2
    assert states(room) == ["waiting"]
    with room.stores.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM webhook_events").scalar() == 1


def test_a_receiver_that_is_disabled_or_removed_meanwhile_gets_no_further_message(room: Newsroom) -> None:
    posted: list[str] = []

    @contextmanager
    def opened(*, private: bool) -> Iterator[Post]:
        del private

        def post(url: str, body: bytes, headers: Mapping[str, str]) -> PostAnswer:
            del body, headers
            posted.append(url)
            if len(posted) == 1:
                room.stores.webhooks.disable("crm", room.now)
            else:
                room.stores.webhooks.remove("crm")
            return PostAnswer(200, b"", None)

        yield post

    add(room.runtime, Wanted(name="crm", url="https://crm.example/in"))
    happen(room, times=4)
    deliver(room, connect=opened)
    assert len(posted) == 1
    room.stores.webhooks.enable("crm")
    deliver(room, connect=opened)
    assert len(posted) == 2
