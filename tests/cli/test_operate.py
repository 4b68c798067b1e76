"""The operator's questions and orders, as commands."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from digest.app import open_app
from digest.bookkeeping import Outcome, Step, Worker
from digest.cli.main import app as front_door
from digest.configuration import load
from digest.edition.calendar import upcoming
from digest.model.delivery import DeliveryState
from digest.model.edition import Edition, EditionState
from digest.model.ids import EditionKey, ReaderId
from digest.model.letter import Letter
from digest.model.life import Move
from digest.pipeline.progress import unseen
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.deliver_edition import post
from digest.storage.deliveries import Deliveries
from digest.storage.editions import Draft

CONFIG = f"""
[keys]
current = "k"
[keys.ring]
k = "{"5a" * 32}"
[editions.morning]
title = "Morning Update"
at = "06:00"
zone = "Asia/Kathmandu"
[[sources]]
name = "Tarrow Herald"
url = "https://herald.example/feed"
"""
KEY = EditionKey(name="morning", date=date(2026, 11, 23))
NAME = "morning/2026-11-23"


@pytest.fixture
def config(ready_folder: Path) -> Path:
    """Give an installation with one edition under way: two letters accepted, one rejected, one waiting."""
    file = ready_folder / "config" / "digest.toml"
    file.write_text(CONFIG, encoding="utf-8")
    edition = Edition(
        key=KEY,
        title="Morning Update",
        language="en",
        zone="Asia/Kathmandu",
        cut=datetime(2026, 11, 23, tzinfo=UTC),
        subject="Hello",
        preheader="",
        items=(),
    )
    mail = b"Subject: Hello\r\n\r\nHello.\r\n"
    letter = Letter(edition=KEY, language="en", subject="Hello", html="", text="", segments=(mail,))
    with open_app(load(file, {})) as app:
        stores, now = app.stores, app.clock()
        for number in range(1, 5):
            subscribe(stores, now, Subscription(address=f"r{number}@example.org", editions=("morning",)))
        row = stores.editions.plan(KEY, now, now + timedelta(hours=6), now)
        stores.editions.draft(row.id, Draft(edition=edition, telling=(), seen={"version": "1"}), now)
        stores.letters.freeze(row.id, letter, now)
        ledger, me = Deliveries(stores.database, row.id), Worker("me", "host", "file")
        ids = tuple(claim.reader_id for claim in ledger.book(me, Step(claim=3), now).claims)
        ledger.book(me, Step(attempt=ids), now)
        fates = {ReaderId(1): DeliveryState.ACCEPTED, ReaderId(2): DeliveryState.ACCEPTED}
        outcomes = [Outcome(each, fates.get(each, DeliveryState.REJECTED), 1, "550 5.7.1 No thanks") for each in ids]
        ledger.book(me, Step(outcomes=tuple(outcomes)), now)
        stores.runs.record("fetch", now, now + timedelta(seconds=3), {"articles": 7, "sources": [], "pages": []})
    return file


def ask(config: Path, *words: str) -> Result:
    return CliRunner().invoke(front_door, ["--config", str(config), *words])


@pytest.fixture
def at_home_in_lisbon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Lisbon")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("at_home_in_lisbon")
def test_what_is_coming_is_told_in_the_editions_zone_and_in_ones_own(config: Path) -> None:
    lines = ask(config, "editions", "next", "--count", "2").stdout.splitlines()
    assert len(lines) == 3
    assert "06:00 Asia/Kathmandu" in lines[1]
    assert "00:15 WE" in lines[1] or "01:15 WE" in lines[1]  # winter or summer in Lisbon
    found = json.loads(ask(config, "editions", "next", "--json").stdout)
    assert [each["due"][11:16] for each in found] == ["00:15"] * 3


def test_past_editions_are_listed_with_where_their_letters_stand(config: Path) -> None:
    shown = ask(config, "editions", "list").stdout
    assert NAME in shown
    assert "1 queued, 2 accepted, 1 rejected" in shown
    listed = json.loads(ask(config, "editions", "list", "--json").stdout)
    assert listed[0]["counts"] == {"queued": 1, "accepted": 2, "rejected": 1}


def test_who_got_it_and_who_did_not_is_a_table_or_csv_or_json(config: Path) -> None:
    rejected = ask(config, "deliveries", "--edition", "morning", "--state", "rejected").stdout.splitlines()
    assert len(rejected) == 2
    assert "r3@example.org" in rejected[1]
    assert "550 5.7.1 No thanks" in rejected[1]
    rows = list(csv.DictReader(io.StringIO(ask(config, "deliveries", "--edition", NAME, "--csv").stdout)))
    assert [row["state"] for row in rows] == ["accepted", "accepted", "rejected", "queued"]
    assert json.loads(ask(config, "deliveries", "--edition", NAME, "--json").stdout) == rows
    assert ask(config, "deliveries", "--edition", NAME, "--json", "--csv").exit_code == 2


def test_one_screen_tells_the_sources_the_next_and_the_last_edition_and_what_failed(config: Path) -> None:
    shown = ask(config, "status").stdout
    assert "1 followed" in shown
    assert "06:00 Asia/Kathmandu" in shown
    assert f"Look at   {NAME}: 1 letters rejected" in shown
    told = json.loads(ask(config, "status", "--json").stdout)
    assert told["last"][0]["troubles"] == ["1 letters rejected"]


def test_letters_that_wait_for_their_readers_time_are_told_and_are_no_trouble(config: Path) -> None:
    key = EditionKey(name="morning", date=date(2026, 11, 24))
    letter = Letter(edition=key, language="en", subject="Hello", html="", text="", segments=(b"",))
    with open_app(load(config, {})) as app:
        stores, now = app.stores, app.clock()
        for number in (5, 6):
            wish = Subscription(address=f"r{number}@example.org", editions=("morning",), zone="America/New_York")
            subscribe(stores, now, wish)
        row = stores.editions.plan(key, now, now + timedelta(hours=6), now)
        stores.editions.draft(row.id, Draft(edition=None, telling=(), seen={"version": "1"}), now)
        moment = now + timedelta(hours=3)
        stores.letters.freeze(row.id, letter, now, leaves_at=lambda _zone: moment)
    shown = ask(config, "status").stdout
    assert f"Waits     {key}  2 letters for the time in their readers' zones: 2 at {moment:%Y-%m-%d %H:%M}" in shown
    assert f"{key}: 2 letters deferred" not in shown
    last = json.loads(ask(config, "status", "--json").stdout)["last"]
    assert [each["later"] for each in last] == [[{"at": moment.isoformat(), "letters": 2}], []]


def test_runs_are_listed_with_what_they_brought(config: Path) -> None:
    assert "7 articles" in ask(config, "runs").stdout
    assert json.loads(ask(config, "runs", "--json").stdout)[0]["report"]["articles"] == 7


def test_the_tables_are_brought_up_to_date_as_often_as_one_likes(config: Path) -> None:
    for _ in range(2):
        assert "schema" in ask(config, "db", "upgrade").stdout


def test_an_edition_is_paused_resumed_and_cancelled_and_then_adds_up(config: Path) -> None:
    assert "paused" in ask(config, "pause", "morning").stdout
    assert "it is paused" in ask(config, "status").stdout
    assert json.loads(ask(config, "resume", NAME, "--json").stdout)["state"] == EditionState.SENDING.value
    assert "1 letters changed" in ask(config, "cancel", NAME).stdout
    added_up = ask(config, "audit", NAME)
    assert added_up.exit_code == 0
    assert "4  readers in its audience" in added_up.stdout


def test_acts_by_command_are_in_the_audit_log_refused_ones_too(config: Path) -> None:
    assert ask(config, "pause", "morning").exit_code == 0
    assert ask(config, "resume", NAME, "--json").exit_code == 0
    assert ask(config, "edit", NAME, "--note", "Hello.", "--drop", "ferry", "--drop", "map").exit_code == 1
    *others, edit = json.loads(ask(config, "log", "--json").stdout)
    assert [(each["what"], each["about"], each["refused"]) for each in others] == [
        ("pause", {"edition": NAME}, False),
        ("resume", {"edition": NAME}, False),
    ]
    assert edit["about"].pop("why") == f"{NAME} is sending and cannot be edited"
    assert (edit["about"], edit["refused"]) == ({"edition": NAME, "note": "Hello.", "drop": "ferry; map"}, True)
    assert edit["who"].startswith("command line")


def test_an_audit_that_does_not_add_up_exits_with_1(config: Path) -> None:
    with open_app(load(config, {})) as app:
        row = app.stores.editions.latest(1)[0]
        app.stores.editions.move(row.id, Move.FINISH, app.clock())
    added_up = ask(config, "audit", NAME, "--json")
    assert added_up.exit_code == 1
    assert json.loads(added_up.stdout)["problems"] == ["it is sent, but 1 letters are unfinished"]


def test_uncertain_letters_are_queued_again_by_a_command(config: Path) -> None:
    with open_app(load(config, {})) as app:
        row = app.stores.editions.latest(1)[0]
        ledger, me, now = Deliveries(app.stores.database, row.id), Worker("me", "host", "file"), app.clock()
        ids = tuple(claim.reader_id for claim in ledger.book(me, Step(claim=1), now).claims)
        ledger.book(me, Step(attempt=ids), now)
        ledger.book(me, Step(outcomes=(Outcome(ids[0], DeliveryState.UNCERTAIN, 1),)), now)
    done = json.loads(ask(config, "resend", NAME, "--json").stdout)
    assert (done["changed"], done["counts"]["queued"]) == (1, 1)
    again = ask(config, "resend", NAME)
    assert (again.exit_code, "No letter is uncertain: nothing to send again." in again.stdout) == (0, True)


def test_an_edition_that_was_skipped_ahead_of_its_time_is_told_as_coming_and_hides_no_other(config: Path) -> None:
    with open_app(load(config, {})) as app:
        (due,) = upcoming("morning", app.settings.editions["morning"], app.clock(), 1)
    assert ask(config, "skip", str(due.key)).exit_code == 0
    (_, line) = ask(config, "editions", "next", "--count", "1").stdout.splitlines()
    assert line.endswith("skipped by the editor")
    shown = ask(config, "status").stdout
    assert f"Last      {due.key}" not in shown
    assert "Last      morning/2026-11-23  sending  1 queued, 2 accepted, 1 rejected" in shown
    assert "r1@example.org" in ask(config, "deliveries", "--edition", "morning").stdout


def test_what_waits_for_somebody_is_told_with_what_to_do(config: Path) -> None:
    assert ask(config, "pause", NAME).exit_code == 0
    assert (
        f"Look at   {NAME}: it is paused by the operator; to go on: digest resume {NAME}"
        in ask(config, "status").stdout
    )


def test_a_run_of_sending_is_kept_with_what_became_of_the_letters(config: Path) -> None:
    with open_app(load(config, {})) as app:
        row = app.stores.editions.get(KEY)
        assert row is not None
        for _ in range(2):
            post(app.runtime, row, progress=unseen)
    listed = json.loads(ask(config, "runs", "--json").stdout)
    assert [run["kind"] for run in listed] == ["send", "fetch"]
    assert f"{NAME}: 1 accepted" in ask(config, "runs", "--count", "1").stdout


def test_before_anything_was_done_the_lists_say_how_to_begin(tmp_path: Path) -> None:
    file = tmp_path / "digest.toml"
    file.write_text(CONFIG, encoding="utf-8")
    for words, advice in ((("runs",), "digest fetch"), (("editions", "list"), "digest compose --edition")):
        asked = ask(file, *words)
        assert (asked.exit_code, asked.stdout) == (0, "")
        assert advice in asked.stderr
