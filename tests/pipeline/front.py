"""A front door with a clock to set, and a sink behind it: what strangers and readers do with their mails."""

from __future__ import annotations

import email
import email.policy
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from digest.demo.sink import Sink
from digest.pipeline.readers.personal_mails import PersonalMailSender
from digest.pipeline.readers.registration import (
    Confirmed,
    SignupRequest,
    Visitor,
    ask,
    ask_for_link,
    confirm,
    form_stamp,
)
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.readers.forms import Form
from digest.settings import KeySettings, MailSettings, Settings, SiteSettings
from digest.storage.engine import Database

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
HOME = Visitor(address="192.0.2.7")
TOKEN = re.compile(r"https://letters\.example/(\w+)/([A-Za-z0-9_-]{43})\s")


class Front:
    """One installation whose pages are asked by function."""

    def __init__(self, database: Database, folder: Path, sink: Sink) -> None:
        self.now = NOW
        self._sink, self._before = sink, len(sink.letters)
        self.settings = Settings(
            folder=str(folder),
            site=SiteSettings(name="The Lindau Courier", url="https://letters.example"),
            mail=MailSettings(transport=f"smtp://127.0.0.1:{sink.port}", sender="news@lindau.example", connections=1),
            keys=KeySettings(current="k", ring={"k": "5a" * 32}),
        )
        self.stores = Stores(database)
        self.room = self.mailroom()

    @property
    def runtime(self) -> Runtime:
        """The house as it stands now."""
        return Runtime(settings=self.settings, stores=self.stores, clock=lambda: self.now)

    def mailroom(self) -> PersonalMailSender:
        """Return the mails' job of a process that starts now."""
        return PersonalMailSender(self.runtime, threading.Event())

    def later(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)

    def form(self) -> Form:
        """Return a form that somebody has filled in with care."""
        shown = Form(stamp=form_stamp(self.runtime))
        self.later(seconds=5)
        return shown

    def ask(self, address: str, *, visitor: Visitor = HOME, form: Form | None = None, **wish: object) -> None:
        """Send the sign-up form."""
        wanted = SignupRequest(address=address, editions=("morning",), language="en")
        ask(self.runtime, replace(wanted, **wish), form or self.form(), visitor)  # type: ignore[arg-type]

    def ask_for_link(self, address: str, visitor: Visitor = HOME) -> None:
        """Send the form that asks for a link."""
        ask_for_link(self.runtime, address, "en", self.form(), visitor)

    def tick(self) -> None:
        """Let the mails' job run."""
        self.room.tick()

    def mails(self) -> list[EmailMessage]:
        """Return all mails that arrived, oldest first."""
        parse: Callable[[bytes], EmailMessage] = lambda raw: email.message_from_bytes(  # noqa: E731 - its type
            raw, policy=email.policy.default
        )
        return [parse(letter.raw) for letter in self._sink.letters[self._before :]]

    def token(self, place: str) -> str:
        """Return the token in the newest mail, whose button opens that page."""
        self.tick()
        text = text_of(self.mails()[-1])
        found = TOKEN.search(text)
        assert found is not None, text
        assert found[1] == place
        return found[2]

    def signed_up(self, address: str = "ada@example.org", **wish: object) -> Confirmed:
        """Let somebody sign up and confirm."""
        self.ask(address, **wish)  # type: ignore[arg-type]
        return confirm(self.runtime, self.token("confirm"), HOME)


def text_of(mail: EmailMessage) -> str:
    """Return the text part of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text
