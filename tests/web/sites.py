"""A newsroom with public pages, readers and a letter that went out: what the pages are tried on."""

from __future__ import annotations

import email.policy
import http.client
import re
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import time, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from msgspec import structs
from starlette.types import ASGIApp
from tests.letters.editions import BRAND, SITE, samples

from digest.bookkeeping import Claim
from digest.model.edition import Edition
from digest.model.ids import EditionKey
from digest.model.reader import Reader
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.readers.personal_mails import PersonalMailSender
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.letters import Writer, freeze, ready_for_mail
from digest.pipeline.stores import Stores
from digest.readers.tokens import LinkPurpose, sign
from digest.settings import EditionSettings, KeySettings, MailSettings, Settings
from digest.storage.editions import Draft
from digest.storage.engine import Database
from digest.web.site import public_site

KEYS = KeySettings(current="k", ring={"k": "5a" * 32})
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ZONE = "Europe/Stockholm"
BOTH = ("evening", "morning")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


def ask(url: str, path: str, method: str = "GET", form: Mapping[str, str] | str | None = None, **headers: str) -> Reply:
    """Ask a server once; the words of header names are joined by underscores (``x_forwarded_for``)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = form if isinstance(form, str) or form is None else urlencode(form)
    if body is not None and "content-type" not in named:
        named |= FORM
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request(method, path, body=body, headers=named)
    answer = connection.getresponse()
    reply = Reply(status=answer.status, headers=answer.headers, body=answer.read())
    connection.close()
    return reply


def elsewhere(work: Callable[[], object]) -> None:
    """Run something in a thread of its own: a browser's driver has this thread's event loop, dispatch needs one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(work).result()


class Site:
    """One installation whose pages are public, with a clock to set."""

    def __init__(self, folder: Path, url: str = "http://127.0.0.1", database: Database | None = None) -> None:
        database = database or Database("sqlite:///digest.db", folder)
        database.require_schema()
        self.database = database
        self.now = samples()[0].edition.cut
        self.settings = Settings(
            folder=str(folder),
            site=structs.replace(SITE, url=url),
            brand=BRAND,
            mail=MailSettings(sender="news@example.com", reply_to="editors@example.com"),
            keys=KEYS,
            editions={
                "morning": EditionSettings(title="Morning Update", weekend_at=time(7, 30), zone=ZONE),
                "evening": EditionSettings(
                    title="Evening Update", greeting="evening", at=time(17), zone=ZONE, follows="morning"
                ),
            },
        )
        self.runtime = Runtime(settings=self.settings, stores=Stores(database), clock=lambda: self.now)

    def app(self) -> ASGIApp:
        """Return the pages."""
        return public_site(self.runtime)

    def reader(self, address: str = "anna.berg@receiver.test", name: str = "Anna Berg") -> Reader:
        """Return somebody who gets both letters."""
        subscribe(self.runtime.stores, self.now, Subscription(address=address, name=name, editions=BOTH))
        return self.stored(address)

    def stored(self, address: str = "anna.berg@receiver.test") -> Reader:
        """Return a reader as they are stored now."""
        found = self.runtime.stores.readers.find(address)
        assert found is not None
        return found.reader

    def token(self, reader: Reader, purpose: LinkPurpose = LinkPurpose.LEAVE, edition: str = "morning") -> str:
        """Return the token in a reader's letter."""
        return sign(self.settings.keys, purpose, reader.id, edition)

    def send(self, edition: Edition) -> EditionKey:
        """Freeze an edition's letter, as if it went out now."""
        editions = self.runtime.stores.editions
        row = editions.plan(edition.key, self.now, self.now + timedelta(hours=6), self.now)
        assert editions.draft(row.id, Draft(edition=edition, telling=(), seen={}), self.now)
        composed = editions.get(edition.key)
        assert composed is not None
        assert freeze(self.runtime, composed) is not None
        return edition.key

    def copy(self, key: EditionKey, reader: Reader) -> bytes:
        """Return a reader's copy of a letter that went out."""
        row = self.runtime.stores.editions.get(key)
        assert row is not None
        letter = self.runtime.stores.letters.get(row.id)
        assert letter is not None
        write = Writer(ready_for_mail(self.runtime, letter), self.settings, key)
        return write(Claim(reader_id=reader.id, address=reader.address, name=reader.name)).message

    def form(self, url: str, path: str = "/", **fields: str) -> dict[str, str]:
        """Return the form that a page shows, filled in, some seconds later."""
        found = re.search(r'name="stamp" value="([^"]+)"', ask(url, path).text)
        assert found is not None
        self.now += timedelta(seconds=5)
        return {"stamp": found[1], "memo": "", **fields}

    def mails(self) -> list[EmailMessage]:
        """Let what was asked for by mail go out; return all mails so far, the oldest first."""
        elsewhere(PersonalMailSender(self.runtime, threading.Event()).tick)
        files = sorted(
            Path(self.settings.folder).glob("outbox/mails-*/*.eml"), key=lambda file: file.stat().st_mtime_ns
        )
        parse = BytesParser(EmailMessage, policy=email.policy.default).parsebytes
        return [parse(file.read_bytes()) for file in files]

    def mailed(self, place: str) -> str:
        """Return the path that the newest mail's button leads to, such as ``/confirm/TOKEN``."""
        body = self.mails()[-1].get_body(("plain",))
        assert body is not None
        found = re.search(rf"{self.settings.site.url}(/{place}/[\w-]+)\s", body.get_content())
        assert found is not None, body.get_content()
        return found[1]

    def dump(self) -> bytes:
        """Return everything that is stored, to be compared."""
        with self.database.read() as connection:
            plain = connection.connection.driver_connection
            assert plain is not None
            return "\n".join(plain.iterdump()).encode()
