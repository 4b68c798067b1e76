"""``digest status`` and ``digest alert``: whether something needs a hand, in words, in JSON and as an exit code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.cli.conftest import Digest

from digest.app import App, open_app
from digest.configuration import load
from digest.model.alert import Alert, AlertKind
from digest.model.sign import DEAD_AFTER, RelayState, RelayTrouble, Sign
from digest.pipeline.readers.enrol import Subscription, subscribe

CONFIG = """
[mail]
sender = "news@paper.example"
[alerts]
mail = ["op@paper.example"]
disk_percent = 0
[editions.morning]
title = "Morning Update"
at = "00:00"
catch_up_minutes = 1
expires_minutes = 1
[[sources]]
name = "Tarrow Herald"
url = "https://herald.example/feed"
"""
DAY = timedelta(days=1)


@pytest.fixture
def app(config: Path) -> Iterator[App]:
    with open_app(load(config, {})) as made:
        yield made


def sign(app: App, silent: timedelta = timedelta(), stopped: datetime | None = None, **relays: RelayState) -> None:
    now = app.clock()
    app.stores.heartbeats.beat(
        Sign(
            process="press-1-abc",
            host="press",
            version="1",
            started_at=now - DAY,
            beat_at=now - silent,
            stopped_at=stopped,
            relays=relays,
        )
    )


def test_a_new_installation_needs_no_hand(digest: Digest, app: App) -> None:
    shown = digest("status")
    assert shown.exit_code == 0
    assert "no process was heard of: digest serve" in shown.stdout
    told = json.loads(digest("status", "--json").stdout)
    assert (told["needs_a_hand"], told["serve"], told["missed"]) == ([], [], [])
    assert len(told["readers_by_day"]) == 7
    assert app.stores.alerts.known(app.clock()) == ()


def test_a_process_that_lives_is_shown_and_a_dead_one_needs_a_hand(digest: Digest, app: App) -> None:
    sign(app)
    alive = digest("status")
    assert alive.exit_code == 0
    assert "Serve     alive on press" in alive.stdout
    sign(app, silent=DEAD_AFTER)
    dead = digest("status")
    assert dead.exit_code == 1
    assert "Trouble   `digest serve` on press was last heard of" in dead.stdout
    told = json.loads(digest("status", "--json").stdout)
    assert (told["serve"][0]["state"], told["needs_a_hand"][0]["kind"]) == ("dead", "service-dead")
    assert told["serve"][0]["last_heard_seconds"] >= 60


def test_a_process_that_was_ended_in_good_order_needs_no_hand(digest: Digest, app: App) -> None:
    sign(app, silent=DAY, stopped=app.clock())
    shown = digest("status")
    assert (shown.exit_code, "stopped on press" in shown.stdout) == (0, True)


def test_a_missed_edition_needs_a_hand_though_no_process_noticed(digest: Digest, app: App) -> None:
    app.stores.editions.known_since("morning", app.clock() - 2 * DAY)
    shown = digest("status")
    assert shown.exit_code == 1
    assert "was not sent: its window closed" in shown.stdout
    (missed,) = json.loads(digest("status", "--json").stdout)["missed"]
    assert missed.startswith("morning/")


def test_how_the_relays_met_us_and_how_the_readership_moved_is_shown(digest: Digest, app: App) -> None:
    now = app.clock()
    sign(app, files=RelayState(trouble=RelayTrouble.REFUSES, since=now, certificate_ends=now + 90 * DAY))
    for number in range(3):
        subscribe(app.stores, now, Subscription(address=f"r{number}@example.org", editions=("morning",)))
    assert app.stores.readers.leave("r0@example.org", "left", now)
    shown = digest("status")
    assert shown.exit_code == 1
    assert "Relay     files refuses us since" in shown.stdout
    assert "its certificate ends" in shown.stdout
    assert "3 joined, 1 left, 0 bounced, 0 complained" in shown.stdout
    told = json.loads(digest("status", "--json").stdout)
    assert told["relays"]["files"]["trouble"] == "refuses us"
    assert next(iter(told["readers_by_day"].values()))["joined"] == 3


def test_a_trial_is_told_to_each_channel(digest: Digest, config: Path) -> None:
    tried = digest("alert", "test")
    assert (tried.exit_code, tried.stdout.startswith("ok")) == (0, True)
    (letter,) = (config.parent.parent / "outbox").glob("alerts-*/*.eml")
    assert b"this is a test" in letter.read_bytes()


def test_a_channel_that_cannot_be_told_fails_the_trial(digest: Digest, config: Path) -> None:
    text = config.read_text().replace("[alerts]", '[alerts]\nwebhook = "https://127.0.0.1:9000/hush"')
    config.write_text(text)
    tried = digest("alert", "test")
    assert tried.exit_code == 1
    assert "hush" not in tried.stdout
    assert "error" in tried.stdout


def test_a_trial_without_a_channel_is_a_misuse(digest: Digest, config: Path) -> None:
    config.write_text(config.read_text().replace('mail = ["op@paper.example"]', ""))
    assert digest("alert", "test").exit_code == 2


def test_alerts_are_listed_with_their_time(digest: Digest, app: App) -> None:
    assert digest("alert", "list").exit_code == 0
    relay = Alert(kind=AlertKind.RELAY, about="mail", words="it refuses us", over="it takes letters again")
    app.stores.alerts.change([relay], [], app.clock())
    assert "goes on      it refuses us" in digest("alert", "list").stdout
    (listed,) = json.loads(digest("alert", "list", "--json").stdout)
    assert (listed["key"], listed["cleared"]) == ("relay mail", None)
