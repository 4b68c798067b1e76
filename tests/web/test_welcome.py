"""The welcome letter: one mail after a confirmation, never a letter that the reader has or will get."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import delete, insert, select
from tests.letters.editions import samples
from tests.web.sites import BOTH, Site

from digest.pipeline.readers.leave_links import LeaveLinks
from digest.pipeline.readers.registration import SignupRequest, Visitor, ask, confirm, form_stamp
from digest.pipeline.sending.control import cancel, pause, resume
from digest.readers.forms import Form
from digest.readers.tokens import LinkPurpose
from digest.settings import KeySettings, SignupSettings
from digest.storage.engine import Database
from digest.storage.schema.editions import letters as frozen
from digest.storage.schema.mailing import outbox
from digest.storage.schema.people import readers

ADDRESS = "ines@receiver.test"
SUBJECT = samples()[0].edition.subject
Confirm = Callable[..., list[EmailMessage]]


@pytest.fixture
def site(tmp_path: Path, database: Database) -> Site:
    made = Site(tmp_path, database=database)
    greet(made)
    made.send(samples()[0].edition)
    return made


def greet(site: Site, *, welcome: bool = True) -> None:
    """Set whether the site sends welcome letters."""
    site.settings = structs.replace(site.settings, signup=SignupSettings(welcome_letter=welcome))
    site.runtime = site.runtime.__class__(settings=site.settings, stores=site.runtime.stores, clock=lambda: site.now)


def signed_up(site: Site, *editions: str) -> str:
    """Ask for letters; return the token that confirms it."""
    stamp = form_stamp(site.runtime)
    site.now += timedelta(seconds=5)
    ask(
        site.runtime, SignupRequest(address=ADDRESS, editions=editions), Form(stamp=stamp), Visitor(address="192.0.2.1")
    )
    return site.mailed("confirm").split("/")[2]


def joined(site: Site, *editions: str) -> None:
    confirm(site.runtime, signed_up(site, *editions), Visitor(address="192.0.2.1"))


def letters(site: Site) -> list[EmailMessage]:
    """Let mails go out; return those that are letters."""
    return [mail for mail in site.mails() if mail["List-Unsubscribe"]]


def test_who_confirms_gets_the_latest_letter_with_their_own_links(site: Site) -> None:
    joined(site, "morning")
    (letter,) = letters(site)
    reader = site.stored(ADDRESS)
    leave = site.token(reader)
    assert (letter["To"], letter["Subject"]) == (ADDRESS, SUBJECT)
    assert leave in letter["List-Unsubscribe"]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    body = letter.get_body(("plain",))
    assert body is not None
    assert site.token(reader, LinkPurpose.CHOOSE) in body.get_content()
    link = LeaveLinks(site.runtime).leave_link(leave)
    assert link is not None
    LeaveLinks(site.runtime).leave(link)
    assert site.stored(ADDRESS).editions == ()


def test_without_the_setting_no_letter_comes(site: Site) -> None:
    greet(site, welcome=False)
    joined(site, "morning")
    assert letters(site) == []


def test_a_letter_comes_once_however_often_its_reader_confirms(site: Site) -> None:
    token = signed_up(site, "morning")
    for _ in range(3):
        confirm(site.runtime, token, Visitor(address="192.0.2.1"))
    assert len(letters(site)) == 1
    link = LeaveLinks(site.runtime).leave_link(site.token(site.stored(ADDRESS)))
    assert link is not None
    LeaveLinks(site.runtime).leave(link)
    site.now += timedelta(days=2)
    joined(site, "morning")
    assert len(letters(site)) == 1


def test_who_is_in_the_audience_of_a_letter_does_not_get_it_twice(site: Site) -> None:
    """They sign up, are added by the publisher, an edition goes out to them, and only then they confirm."""
    token = signed_up(site, *BOTH)
    site.reader(ADDRESS)
    key = site.send(samples()[1].edition)
    assert key.name == "evening"
    confirm(site.runtime, token, Visitor(address="192.0.2.1"))
    assert [mail["Subject"] for mail in letters(site)] == [SUBJECT]  # the morning's only


def test_each_chosen_edition_greets(site: Site) -> None:
    site.send(samples()[1].edition)
    joined(site, *BOTH)
    found = letters(site)
    assert len({mail["Message-ID"] for mail in found}) == len(found) == 2
    assert len({mail["List-ID"] for mail in found}) == 2


def test_an_old_letter_does_not_greet(site: Site) -> None:
    site.now += timedelta(days=9)
    joined(site, "morning")
    assert letters(site) == []


def test_who_leaves_before_the_letter_goes_out_does_not_get_it(site: Site) -> None:
    joined(site, "morning")
    link = LeaveLinks(site.runtime).leave_link(site.token(site.stored(ADDRESS)))
    assert link is not None
    LeaveLinks(site.runtime).leave(link, everything=True)
    assert letters(site) == []
    with site.database.read() as connection:
        rows = connection.execute(select(outbox.c.state).where(outbox.c.kind == "welcome")).scalars().all()
    assert rows == ["expired"]


def fate(site: Site) -> list[tuple[str, str]]:
    """Return the states of all welcome letters, with their replies."""
    with site.database.read() as connection:
        rows = connection.execute(select(outbox.c.state, outbox.c.reply).where(outbox.c.kind == "welcome"))
        return [(row.state, row.reply) for row in rows]


MORNING = str(samples()[0].edition.key)


def test_a_letter_whose_edition_is_cancelled_greets_nobody(site: Site) -> None:
    joined(site, "morning")
    cancel(site.runtime, MORNING)
    assert letters(site) == []
    assert fate(site) == [("expired", "its edition was cancelled")]


def test_a_letter_whose_edition_is_paused_waits_and_greets_after_it_is_resumed(site: Site) -> None:
    joined(site, "morning")
    pause(site.runtime, MORNING)
    for _ in range(3):
        assert letters(site) == []
        assert fate(site) == [("deferred", "its edition is paused")]
        site.now += timedelta(minutes=5)
    resume(site.runtime, MORNING)
    assert [letter["To"] for letter in letters(site)] == [ADDRESS]
    site.now += timedelta(minutes=5)
    assert len(letters(site)) == 1


def test_a_pause_that_outlasts_the_greeting_ends_it(site: Site) -> None:
    joined(site, "morning")
    pause(site.runtime, MORNING)
    assert letters(site) == []
    site.now += timedelta(hours=6)
    assert letters(site) == []
    assert fate(site) == [("expired", "it could not be sent in time")]


def test_other_mails_go_out_while_a_greeting_waits(site: Site) -> None:
    joined(site, "morning")
    pause(site.runtime, MORNING)
    stamp = form_stamp(site.runtime)
    site.now += timedelta(seconds=5)
    wish = SignupRequest(address="olaf@receiver.test", editions=("evening",))
    ask(site.runtime, wish, Form(stamp=stamp), Visitor(address="192.0.2.2"))
    assert site.mails()[-1]["To"] == "olaf@receiver.test"


def test_a_new_key_greets_nobody_twice(site: Site) -> None:
    joined(site, "morning")
    assert len(letters(site)) == 1
    link = LeaveLinks(site.runtime).leave_link(site.token(site.stored(ADDRESS)))
    assert link is not None
    LeaveLinks(site.runtime).leave(link)
    keys = KeySettings(current="n", ring=site.settings.keys.ring | {"n": "6b" * 32})
    site.settings = structs.replace(site.settings, keys=keys)
    site.runtime = replace(site.runtime, settings=site.settings)
    site.now += timedelta(days=2)
    joined(site, "morning")
    assert len(letters(site)) == 1


def test_a_letter_that_is_no_longer_stored_does_not_hold_up_other_mails(site: Site) -> None:
    joined(site, "morning")
    with site.database.write() as connection:
        connection.execute(delete(frozen))
    stamp = form_stamp(site.runtime)
    site.now += timedelta(seconds=5)
    wish = SignupRequest(address="olaf@receiver.test", editions=("evening",))
    ask(site.runtime, wish, Form(stamp=stamp), Visitor(address="192.0.2.2"))
    assert "olaf@receiver.test" in [mail["To"] for mail in site.mails()]
    ((state, reply),) = fate(site)
    assert (state, "no longer stored" in reply) == ("rejected", True)


def test_the_mail_has_a_message_id_of_its_own(site: Site) -> None:
    joined(site, "morning")
    (letter,) = letters(site)
    assert re.fullmatch(r"<[\w.-]+@[\w.-]+>", letter["Message-ID"])
    copy = site.copy(samples()[0].edition.key, site.stored(ADDRESS))
    assert letter["Message-ID"].encode() not in copy


def test_who_is_added_by_another_way_at_the_same_moment_confirms_all_the_same(site: Site) -> None:
    """The other transaction has added the reader, and ends while the confirmation waits for it."""
    token, failed = signed_up(site, "morning"), list[Exception]()

    def other() -> None:
        try:
            confirm(site.runtime, token, Visitor(address="192.0.2.1"))
        except Exception as error:  # noqa: BLE001 - the test shows it
            failed.append(error)

    row = {"address": ADDRESS, "identity": ADDRESS, "name": "Ines", "state": "active", "added_at": site.now}
    with site.database.write() as connection:
        connection.execute(insert(readers), row | {"language": "", "consent": {}, "left_why": ""})
        waiting = threading.Thread(target=other)
        waiting.start()
        waiting.join(0.5)
    waiting.join(20)
    assert failed == []
    assert site.stored(ADDRESS).editions == ("morning",)
    assert len(letters(site)) == 1
