"""A draft that waits for approval is told once, by mail, to everybody who may approve it."""

from __future__ import annotations

import email.policy
import threading
from datetime import timedelta
from email.message import EmailMessage
from email.parser import BytesParser

import pytest
from msgspec import structs
from tests.pipeline.conftest import Newsroom

from digest.demo.sink import CaughtLetter, Sink
from digest.model.edition import EditionState
from digest.model.user import Role
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.sending.tick import Ticker
from digest.settings import MailSettings, SiteSettings
from digest.storage.users import NewUser

PEOPLE = {"vera": Role.VIEWER, "eddi": Role.EDITOR, "pat": Role.PUBLISHER, "ada": Role.ADMIN}


@pytest.fixture
def room(newsroom: Newsroom, sink: Sink) -> Newsroom:
    newsroom.settings = structs.replace(
        newsroom.settings,
        mail=MailSettings(transport=f"smtp://127.0.0.1:{sink.port}", sender="news@paper.example", connections=1),
        site=SiteSettings(name="The Paper", url="https://paper.example"),
    )
    newsroom.change(approval="required", approval_deadline_minutes=30)
    for name, role in PEOPLE.items():
        address = f"{name}@paper.example"
        newsroom.stores.users.add(NewUser(name=name, email=address, identity=address, role=role), newsroom.now)
    return newsroom


def tick(room: Newsroom) -> None:
    def gather() -> GatherReport:
        return GatherReport(sources=(), articles=0, pages=())

    Ticker(room.runtime, gather, threading.Event()).tick()


def read(letter: CaughtLetter) -> EmailMessage:
    return BytesParser(EmailMessage, policy=email.policy.default).parsebytes(letter.raw)


def test_who_may_approve_is_told_once_with_the_link_and_the_deadline(room: Newsroom, sink: Sink) -> None:
    before = len(sink.letters)
    room.now = room.due().compose_at
    for _ in range(3):
        tick(room)
        room.now += timedelta(minutes=2)
    mails = sink.letters[before:]
    assert sorted(mail.recipients[0] for mail in mails) == ["ada@paper.example", "pat@paper.example"]
    message = read(mails[0])
    assert message["Subject"] == "Morning Update waits for approval, until 06:30"
    body = message.get_content()
    assert "https://paper.example/desk/editions/morning/2026-11-23" in body
    assert "Without approval it goes at 06:30 (UTC)." in body
    row = room.stores.editions.get(room.due().key)
    assert row is not None
    assert row.state is EditionState.READY


def test_one_who_was_not_reached_is_told_later_and_the_other_not_again(room: Newsroom, sink: Sink) -> None:
    before = len(sink.letters)
    room.now = room.due().compose_at
    good = room.settings
    bad = structs.replace(good.mail, transport="smtp://127.0.0.1:1")
    room.settings = structs.replace(good, mail=bad)
    tick(room)
    assert sink.letters[before:] == ()
    room.settings = good
    room.now += timedelta(minutes=2)
    tick(room)
    tick(room)
    assert len(sink.letters[before:]) == 2


def test_an_edition_that_needs_no_approval_tells_nobody(room: Newsroom, sink: Sink) -> None:
    before = len(sink.letters)
    room.change(approval="auto")
    room.now = room.due().compose_at
    tick(room)
    assert sink.letters[before:] == ()
