"""The operator is told what is wrong: once each, by mail and by webhook, and once more when it is over."""

from __future__ import annotations

import json
from collections.abc import Callable, MutableMapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from tests.pipeline.conftest import DUE, Newsroom

from digest.demo.sink import Sink
from digest.errors import ConnectionLost
from digest.model.edition import EditionState
from digest.model.life import Move
from digest.model.sign import RelayTrouble
from digest.pipeline.operations.alerting import Alerter, tell_trial
from digest.pipeline.operations.outlook import LetterCounts, facts
from digest.pipeline.operations.pulse import Pulse
from digest.pipeline.operations.readings import readings
from digest.pipeline.progress import unseen
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.deliver_edition import post
from digest.settings import AlertSettings, MailSettings

HOOK = "https://hooks.example/services/T0/secret-part"
MINUTE = timedelta(minutes=1)


class Hook:
    """What a webhook gets, and how it answers."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.status = 200
        self.away = False

    def __call__(self, url: str, body: bytes) -> int:
        if self.away:
            raise ConnectionLost(url, "the connection was refused")
        if self.status == 200:
            self.got.append(json.loads(body))
        return self.status

    @property
    def heard(self) -> list[tuple[str, str]]:
        return [(each["event"], each["key"]) for each in self.got]


@pytest.fixture
def hook() -> Hook:
    return Hook()


@pytest.fixture
def watched(newsroom: Newsroom, sink: Sink) -> Newsroom:
    """Give a newsroom whose operator is told by mail and by webhook."""
    alerts = AlertSettings(mail=("op@paper.example",), webhook=HOOK)
    mail = MailSettings(transport=f"smtp://127.0.0.1:{sink.port}", sender="news@paper.example", connections=1)
    newsroom.settings = structs.replace(newsroom.settings, alerts=alerts, mail=mail)
    newsroom.stores.editions.known_since("morning", newsroom.now)
    newsroom.stores.editions.known_since("evening", newsroom.now)
    return newsroom


def mails_to_operator(sink: Sink, since: int) -> list[str]:
    return [letter.raw.decode() for letter in sink.letters[since:] if letter.recipients[0] == "op@paper.example"]


def look_at(room: Newsroom, hook: Hook, *moments: datetime) -> None:
    for moment in moments:
        room.now = moment
        Alerter(room.runtime, hook).tick()


def test_an_edition_that_nobody_sends_is_told_as_not_started_and_then_as_missed_once_each(
    watched: Newsroom, hook: Hook, sink: Sink
) -> None:
    before = len(sink.letters)
    look_at(watched, hook, *(DUE + minutes * MINUTE for minutes in (0, 14, 15, 16, 60, 180, 181, 400)))
    key = "morning/2026-11-23"
    expected = [("raised", f"edition-not-started {key}"), ("raised", f"edition-skipped {key}")]
    assert hook.heard == expected
    mails = mails_to_operator(sink, before)
    assert len(mails) == 2
    assert "Subject: [digest] morning/2026-11-23 was due at 06:00 UTC" in mails[0]
    assert "Auto-Submitted: auto-generated" in mails[0]
    assert "digest status" in mails[0]


def test_a_relay_that_refuses_is_told_with_its_recovery(watched: Newsroom, hook: Hook) -> None:
    name = watched.settings.mail.transport.removeprefix("smtp://")
    pulse = Pulse(lambda: watched.now)
    pulse.relay(name, RelayTrouble.REFUSES)
    pulse.relay("replaced long ago", RelayTrouble.REFUSES)
    pulse.beat(watched.stores.heartbeats)
    look_at(watched, hook, watched.now, watched.now + MINUTE / 3)
    pulse.relay(name, RelayTrouble.NONE)
    pulse.beat(watched.stores.heartbeats)
    over = watched.now
    look_at(watched, hook, over + MINUTE / 3, over + 2 * MINUTE / 3)
    assert hook.heard == [("raised", f"relay {name}")]
    watched.now = over + MINUTE
    pulse.beat(watched.stores.heartbeats)
    look_at(watched, hook, over + MINUTE, over + 4 * MINUTE / 3)
    assert hook.heard == [("raised", f"relay {name}"), ("cleared", f"relay {name}")]
    assert hook.got[1]["words"] == f"the relay {name} takes letters again"


def test_a_relay_trouble_between_two_heartbeats_is_told_with_its_recovery(watched: Newsroom, hook: Hook) -> None:
    alerts = structs.replace(watched.settings.alerts, relay_minutes=0)
    watched.settings = structs.replace(watched.settings, alerts=alerts)
    name = watched.settings.mail.transport.removeprefix("smtp://")
    pulse, began = Pulse(lambda: watched.now), watched.now
    for seconds, trouble in enumerate((RelayTrouble.NONE, RelayTrouble.UNREACHABLE, RelayTrouble.NONE)):
        watched.now = began + timedelta(seconds=seconds)
        pulse.relay(name, trouble)
    pulse.certificate(name, began + timedelta(days=300))
    for _ in range(11):
        pulse.beat(watched.stores.heartbeats)
        look_at(watched, hook, watched.now + MINUTE / 3)
    assert hook.heard == [("raised", f"relay {name}"), ("cleared", f"relay {name}")]
    assert "could not be reached from" in hook.got[0]["words"]


def test_a_channel_that_fails_is_not_tried_again_in_the_same_check(watched: Newsroom) -> None:
    mail = structs.replace(watched.settings.mail, transport="file:outbox/")
    watched.settings = structs.replace(watched.settings, mail=mail)
    broken_source(watched)
    held_edition(watched)
    tried: list[str] = []

    def post_to(url: str, _body: bytes) -> int:
        tried.append(url)
        watched.now += timedelta(milliseconds=1)
        raise ConnectionLost(url, "the connection was refused")

    Alerter(watched.runtime, post_to).tick()
    assert len(tried) == 1


def test_what_cannot_be_told_is_told_later_and_the_webhooks_secret_is_not_logged(
    watched: Newsroom, hook: Hook, logged: list[MutableMapping[str, Any]]
) -> None:
    hook.away = True
    alerter = Alerter(watched.runtime, hook)
    for seconds in range(0, 300, 20):
        watched.now = DUE + timedelta(minutes=20, seconds=seconds)
        alerter = Alerter(watched.runtime, hook) if seconds == 0 else alerter
        alerter._runtime = watched.runtime
        alerter.tick()
    failures = [event for event in logged if event["event"] == "alert not told"]
    assert 2 <= len(failures) <= 4
    assert "secret-part" not in str(logged)
    hook.away = False
    watched.now += timedelta(minutes=30)
    alerter._runtime = watched.runtime
    alerter.tick()
    assert hook.heard == [("raised", "edition-not-started morning/2026-11-23")]


def test_a_webhook_that_answers_with_an_error_was_not_told(watched: Newsroom, hook: Hook) -> None:
    hook.status = 500
    look_at(watched, hook, DUE + 20 * MINUTE)
    assert hook.got == []
    hook.status = 200
    look_at(watched, hook, DUE + 21 * MINUTE)
    assert len(hook.got) == 1


def test_a_trial_tells_each_channel_and_what_went_wrong(watched: Newsroom, hook: Hook, sink: Sink) -> None:
    before = len(sink.letters)
    assert list(tell_trial(watched.runtime, hook).values()) == ["", ""]
    assert "this is a test" in mails_to_operator(sink, before)[0]
    hook.status = 404
    outcome = tell_trial(watched.runtime, hook)
    assert sorted(outcome.values()) == ["", "hooks.example answered with HTTP status 404"]


def test_alerts_become_files_where_letters_do(watched: Newsroom, hook: Hook) -> None:
    mail = structs.replace(watched.settings.mail, transport="file:outbox/")
    watched.settings = structs.replace(watched.settings, mail=mail)
    look_at(watched, hook, DUE + 20 * MINUTE)
    (file,) = Path(watched.settings.folder).glob("outbox/alerts-*/*.eml")
    assert b"was due at 06:00 UTC" in file.read_bytes()


def broken_source(room: Newsroom) -> None:
    stored = room.stores.sources.enabled()[0]
    state = {"failures": 9, "failing_since": (DUE - timedelta(days=4)).isoformat(), "last_result": "HTTP status 503"}
    room.stores.sources.record(stored.source.id, state, "HTTP status 503", room.now)


def mended_source(room: Newsroom) -> None:
    room.stores.sources.record(room.stores.sources.enabled()[0].source.id, {}, "200", room.now)


def held_edition(room: Newsroom) -> None:
    room.change(floor=99)
    room.compose()


def approved_edition(room: Newsroom) -> None:
    row = room.stores.editions.latest(1)[0]
    assert room.stores.editions.move(row.id, Move.APPROVE, room.now)


@pytest.mark.parametrize(
    ("wrong", "right", "kind"),
    [(broken_source, mended_source, "source-dead"), (held_edition, approved_edition, "edition-held")],
)
def test_what_ends_is_told_as_over(
    wrong: Callable[[Newsroom], None],
    right: Callable[[Newsroom], None],
    kind: str,
    watched: Newsroom,
    hook: Hook,
) -> None:
    wrong(watched)
    look_at(watched, hook, watched.now)
    right(watched)
    look_at(watched, hook, watched.now + MINUTE)
    assert [(event, key.split()[0]) for event, key in hook.heard] == [("raised", kind), ("cleared", kind)]


def test_an_edition_from_before_the_installation_is_not_missed(watched: Newsroom) -> None:
    watched.now = DUE + timedelta(hours=12)
    assert [str(each.key) for each in facts(watched.runtime).editions] == ["morning/2026-11-23", "evening/2026-11-23"]


def test_letters_of_a_sent_edition_are_counted_once_and_the_figures_follow_one_under_way(watched: Newsroom) -> None:
    for number in range(3):
        address = f"r{number}@readers.example"
        subscribe(watched.stores, watched.now, Subscription(address=address, editions=("morning",)))
    watched.now = DUE
    watched.freeze()
    counts = LetterCounts(watched.stores.figures)
    read = readings(watched.runtime, counts)
    assert read.letters == {("morning", "queued"): 3}
    assert read.editions == {"sending": 1}
    row = watched.stores.editions.latest(1)[0]
    post(watched.runtime, row, progress=unseen)
    read = readings(watched.runtime, counts)
    assert read.letters == {("morning", "accepted"): 3}
    assert watched.stores.editions.latest(1)[0].state is EditionState.SENT
    assert facts(watched.runtime, counts).returns is not None


def test_a_pulse_remembers_since_when_a_relay_is_in_trouble() -> None:
    moments = iter(datetime(2026, 11, 23, 6, minute, tzinfo=UTC) for minute in range(10))
    pulse = Pulse(lambda: next(moments))
    pulse.relay("mail", RelayTrouble.UNREACHABLE)
    pulse.relay("mail", RelayTrouble.UNREACHABLE)
    pulse.certificate("mail", DUE)
    state = pulse.sign().relays["mail"]
    assert (state.trouble, state.since.minute, state.certificate_ends) == (RelayTrouble.UNREACHABLE, 1, DUE)
    assert replace(state, certificate_ends=None).certificate_ends is None
