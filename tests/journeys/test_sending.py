"""Journeys of the operator who sends: once, again, too early, too late, for a look, and through a kill."""

from __future__ import annotations

import email
import signal
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import policy
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.journeys.conftest import PROGRAM

from digest.demo.sink import Sink

if TYPE_CHECKING:
    from tests.journeys.conftest import Furnish, Newsroom
    from tests.warm import Stable

SEND = ("send", "--edition", "morning")


def received(sink: Sink) -> Counter[str]:
    return Counter(recipient for letter in sink.letters for recipient in letter.recipients)


def day(ahead: int) -> str:
    return f"{datetime.now(UTC) + timedelta(days=ahead):%Y-%m-%d}"


def test_send_twice_gives_each_reader_one_letter(furnish: Furnish) -> None:
    with Sink() as sink:
        room = furnish(f"smtp://127.0.0.1:{sink.port}")
        readers = room.enrol(5)
        first, second = room(*SEND, "--now"), room(*SEND, "--now")
        assert received(sink) == dict.fromkeys(readers, 1)
    assert (first.code, second.code) == (0, 0)
    assert "sent. 5 readers: 5 accepted. Sent now: 5." in first.out
    assert "sent. 5 readers: 5 accepted. Sent now: 0." in second.out
    assert "Next: evening/" in first.out or "Next: morning/" in first.out


@pytest.mark.slow
def test_a_run_killed_in_the_middle_is_finished_by_the_next_and_names_what_is_uncertain(
    furnish: Furnish, programs: Stable
) -> None:
    with Sink() as sink:
        room = furnish(f"smtp://127.0.0.1:{sink.port}", more="per_second = 200")
        readers = room.enrol(200)
        process = programs.start(PROGRAM, "-q", "-c", room.config, *SEND, "--now")
        while len(sink.letters) < 40 and process.poll() is None:
            time.sleep(0.002)
        assert process.poll() is None
        process.kill()
        process.wait()
        before = len(sink.letters)
        again = room(*SEND, "--now", "--json")
        arrived = received(sink)
    report = again.json
    uncertain = {line.partition(":")[0] for line in report["unsettled"] if ": uncertain" in line}
    assert 40 <= before < 200
    assert max(arrived.values()) == 1
    assert set(arrived) | uncertain == set(readers)
    assert len(uncertain) == report["counts"].get("uncertain", 0) <= 2
    assert again.code == (3 if uncertain else 0)
    assert report["counts"].get("accepted", 0) + len(uncertain) == 200
    assert report["state"] == "sent"


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_asked_to_stop_finishes_what_is_under_way_and_the_next_goes_on(
    furnish: Furnish, programs: Stable, number: signal.Signals
) -> None:
    with Sink() as sink:
        room = furnish(f"smtp://127.0.0.1:{sink.port}", more="per_second = 200")
        readers = room.enrol(150)
        told = room.folder / "told.json"
        process = programs.start(PROGRAM, "-q", "-c", room.config, *SEND, "--now", "--json", out=told)
        while len(sink.letters) < 30 and process.poll() is None:
            time.sleep(0.002)
        process.send_signal(number)
        assert process.wait(30) == 3
        said = msgspec.json.decode(told.read_bytes())
        assert said["counts"]["accepted"] == said["sent_now"] == len(sink.letters) < 150
        assert said["counts"]["accepted"] + said["counts"]["queued"] == 150
        room(*SEND, "--now")
        assert received(sink) == dict.fromkeys(readers, 1)


@pytest.mark.slow
def test_letters_that_wait_for_the_hour_say_so_in_the_status(furnish: Furnish, programs: Stable) -> None:
    with Sink() as sink:
        room = furnish(f"smtp://127.0.0.1:{sink.port}", more="per_hour = 2")
        room.enrol(5)
        process = programs.start(PROGRAM, "-q", "-c", room.config, *SEND, "--now")
        while len(sink.letters) < 2 and process.poll() is None:
            time.sleep(0.002)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 3
    status = room("status")
    assert "waiting: 2 an hour reached, goes on at" in status.out, status
    assert len(sink.letters) == 2
    assert room("audit", f"morning/{day(0)}", "--json").json["frozen_for"] == 5


def test_several_relays_share_the_letters_and_the_ledger_names_them(furnish: Furnish) -> None:
    with Sink() as one, Sink() as two:
        relays = "".join(
            f'[[mail.relays]]\nurl = "smtp://127.0.0.1:{port}"\nname = "{name}"\nconnections = 1\n'
            for name, port in (("one", one.port), ("two", two.port), ("gone", 1))
        )
        room = furnish(more=relays)
        readers = room.enrol(30)
        sent = room(*SEND, "--now")
        checked = room("check")
    arrived = received(one) + received(two)
    assert arrived == dict.fromkeys(readers, 1)
    assert "127.0.0.1:1: no connection" in sent.err
    listed = room("deliveries", "--edition", "morning", "--json").json
    assert {row["relay"] for row in listed} == {"one", "two"}
    assert "relay gone" in checked.out + checked.err


def test_before_its_time_it_asks_for_now_and_past_it_for_late(newsroom: Newsroom) -> None:
    newsroom.enrol(1)
    early, late = newsroom(*SEND, "--date", day(+2)), newsroom(*SEND, "--date", day(-2))
    assert (early.code, late.code) == (1, 1)
    assert "--now" in early.err
    assert "12:00 to" in early.err
    ahead = newsroom(*SEND, "--date", day(+2), "--now")
    assert (ahead.code, "it is of a later day" in ahead.err) == (1, True)
    assert "--late" in late.err
    assert newsroom.letters() == []


def test_late_sends_and_the_letter_says_that_it_is_late(newsroom: Newsroom) -> None:
    newsroom.enrol(1)
    done = newsroom(*SEND, "--date", day(-1), "--late")
    (letter,) = newsroom.letters()
    text = email.message_from_bytes(letter.read_bytes(), policy=policy.default).get_body(("plain",))
    assert done.code == 0
    assert text is not None
    assert "late" in text.get_content().lower()


def test_a_dry_run_writes_every_letter_and_touches_no_ledger(newsroom: Newsroom) -> None:
    newsroom.enrol(3)
    rehearsed = newsroom(*SEND, "--dry-run")
    assert rehearsed.code == 0
    assert "3 letters in" in rehearsed.out
    assert len(list(newsroom.folder.glob("dry-run/*/*.eml"))) == 3
    assert newsroom.letters() == []
    assert "Sent now: 3." in newsroom(*SEND).out


def test_a_test_copy_goes_to_one_address_marked_and_with_inert_links(furnish: Furnish) -> None:
    with Sink() as sink:
        room = furnish(f"smtp://127.0.0.1:{sink.port}")
        room.enrol(2)
        done = room(*SEND, "--to", "editor@paper.example")
        (copy,) = sink.letters
        letter = email.message_from_bytes(copy.raw, policy=policy.default)
        assert copy.recipients == ("editor@paper.example",)
        assert "test" in str(letter["Subject"]).lower()
        assert "Sent now: 2." in room(*SEND).out
    assert (done.code, "editor@paper.example" in done.out) == (0, True)
    assert "reader000" not in copy.raw.decode()


def test_compose_never_touches_what_is_sent(newsroom: Newsroom) -> None:
    newsroom.enrol(1)
    assert newsroom("compose", "--edition", "morning").code == 0
    assert newsroom(*SEND).code == 0
    again = newsroom("compose", "--edition", "morning")
    assert again.code == 1
    assert "is sent and is not composed again" in again.err


def test_an_edition_with_too_little_to_tell_is_held_and_says_so_once(empty_room: Newsroom) -> None:
    empty_room.configure("")
    held = empty_room("compose", "--edition", "morning")
    assert held.code == 3
    assert "held: 0 stories, and the floor is 3" in held.out
    assert held.out.count("morning/") == 1


def test_explain_says_why_a_story_stands_where_it_does(newsroom: Newsroom) -> None:
    newsroom("compose", "--edition", "morning")
    everything, one = newsroom("explain", "morning"), newsroom("explain", "morning", "ferry", "--json")
    assert "score" in everything.out
    (story,) = one.json["stories"]
    assert any(sentence["bullet"] for sentence in story["sentences"])
    assert newsroom("explain", "morning", "no such story").code == 1


def test_the_letters_of_the_file_transport_are_whole_messages(newsroom: Newsroom) -> None:
    newsroom.enrol(2)
    newsroom(*SEND)
    letters = [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in newsroom.letters()]
    assert [str(letter["To"]) for letter in letters] == ["reader000@readers.example", "reader001@readers.example"]
    assert all(letter.get_body(("plain",)) and letter.get_body(("html",)) for letter in letters)
    assert len({str(letter["Message-ID"]) for letter in letters}) == 2


def test_two_orders_at_once_are_misuse(newsroom: Newsroom) -> None:
    assert newsroom(*SEND, "--dry-run", "--to", "a@paper.example").code == 2
    assert newsroom(*SEND, "--date", "soon").code == 2
    assert newsroom("send").code == 2
    assert newsroom("send", "--edition", "midnight").code == 1
    assert not Path(newsroom.folder / "outbox").exists()
