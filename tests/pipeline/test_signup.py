"""Strangers ask, mails go, links confirm: through the relay into the sink, and back."""

from __future__ import annotations

import socket
import threading
from collections.abc import MutableMapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dkim
import pytest
from aiosmtpd.controller import Controller
from msgspec import structs
from sqlalchemy import func, select, text
from tests.pipeline.front import HOME, NOW, Front, text_of

from digest.bookkeeping import Step, Worker
from digest.deliver.message.dkim import new_key
from digest.errors import BadAddress, NoEditionChosen, Refusal, RefusedToken, StaleForm, TooManyAsks
from digest.model.delivery import DeliveryState
from digest.pipeline.readers.first_letters import FirstLetter
from digest.pipeline.readers.personal_mails import (
    PersonalMailSender,
    PersonalMailWriter,
    decide_requests,
    purge,
    send_mails,
)
from digest.pipeline.readers.registration import (
    Title,
    Visitor,
    ask_for_link_by_letter,
    confirm,
    confirmation,
    consent_words,
)
from digest.readers.forms import Form
from digest.readers.tokens import LinkPurpose, sign
from digest.settings import KeySettings, SignupSettings, SiteSettings
from digest.storage.readers import NewReader
from digest.storage.schema.mailing import outbox
from digest.storage.schema.people import tokens

ADA = "ada@example.org"


def count(front: Front, table: str) -> int:
    with front.stores.database.read() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608 - a constant


def everything(front: Front) -> list[str]:
    """Return all that readers and tokens are, for comparing."""
    with front.stores.database.read() as connection:
        return [
            repr(row)
            for table in ("readers", "subscriptions", "suppressions", "tokens")
            for row in connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 - constants
        ]


def test_a_stranger_becomes_a_reader(front: Front) -> None:
    front.ask("Ada@Example.org", editions=("evening", "morning"))
    assert count(front, "readers") == 0
    token = front.token("confirm")
    offer = confirmation(front.runtime, token)
    assert (offer.address, [edition.name for edition in offer.editions]) == ("Ada@Example.org", ["morning", "evening"])
    assert count(front, "readers") == 0
    front.later(hours=2)
    done = confirm(front.runtime, token, HOME)
    tomorrow = datetime(2026, 11, 24, 6, 0, tzinfo=ZoneInfo("UTC"))
    assert done.editions == (
        FirstLetter(name="morning", title="Morning Update", comes=tomorrow),
        FirstLetter(name="evening", title="Evening Update", comes=NOW.replace(hour=17, minute=0)),
    )
    assert done.latest is None
    stored = front.stores.readers.find(ADA)
    assert stored is not None
    assert (stored.state, stored.reader.editions) == ("active", ("evening", "morning"))


def test_the_consent_says_when_from_where_and_by_which_words(front: Front) -> None:
    front.signed_up()
    stored = front.stores.readers.find(ADA)
    assert stored is not None
    consent = dict(stored.consent)
    assert {"asked_at", "asked_from", "confirmed_at", "confirmed_from", "words", "language", "version"} <= set(consent)
    assert "192.0.2" not in repr(consent)
    assert len(consent["asked_from"]) == 16
    front.signed_up("ben@example.org", language="de", visitor=Visitor(address="192.0.2.200"))
    front.signed_up("cyd@example.org", visitor=Visitor(address="198.51.100.7"))
    ben, cyd = (front.stores.readers.find(f"{name}@example.org") for name in ("ben", "cyd"))
    assert ben is not None
    assert cyd is not None
    assert ben.consent["asked_from"] == consent["asked_from"] != cyd.consent["asked_from"]
    assert cyd.consent["words"] == consent["words"] != ben.consent["words"]
    assert consent_words(front.settings, "de") != consent_words(front.settings, "en")


def test_the_mail_is_in_the_page_s_language_and_holds_nothing_that_was_typed(front: Front) -> None:
    evil = '"buy-pills.example"@example.org'
    with pytest.raises(BadAddress):
        front.ask(evil)
    front.ask("buy.pills.now@example.org", language="de")
    front.tick()
    (mail,) = front.mails()
    assert mail["Subject"] == "Bitte bestätigen Sie Ihre Anmeldung bei The Lindau Courier"
    assert (mail["From"], mail["To"]) == ("The Lindau Courier <news@lindau.example>", "buy.pills.now@example.org")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    whole = mail.as_string().replace("To: buy.pills.now@example.org", "")
    assert "pills" not in whole
    assert "<html" in whole


@pytest.mark.parametrize("language", ["../../etc/passwd", "de\r\nBcc: x@example.org", "x" * 500, "", "tlh"])
def test_a_page_without_a_language_of_ours_mails_in_the_edition_s(front: Front, language: str) -> None:
    front.ask(ADA, language=language)
    front.tick()
    assert front.mails()[0]["Subject"] == "Confirm your subscription to The Lindau Courier"
    assert front.stores.outbox.mail(1).language in {"", "tlh"}


def test_what_the_visitor_can_mend_is_told(front: Front) -> None:
    for wrong in ("", "ada", "ada@", "a b@example.org", "ada@example.org\nBcc: eve@example.org"):
        with pytest.raises(BadAddress):
            front.ask(wrong)
    with pytest.raises(NoEditionChosen):
        front.ask(ADA, editions=())
    with pytest.raises(NoEditionChosen):
        front.ask(ADA, editions=("weekly",))
    with pytest.raises(StaleForm):
        front.ask(ADA, form=Form(stamp="k.1.2.3"))
    assert count(front, "outbox") == 0


def test_a_link_confirms_once_and_for_two_days(front: Front) -> None:
    front.ask(ADA)
    token = front.token("confirm")
    front.later(hours=48)
    before = everything(front)
    for act in (lambda: confirmation(front.runtime, token), lambda: confirm(front.runtime, token, HOME)):
        with pytest.raises(RefusedToken) as refused:
            act()
        assert refused.value.reason is Refusal.EXPIRED
    assert everything(front) == before
    front.ask(ADA)
    token = front.token("confirm")
    first = confirm(front.runtime, token, HOME)
    before = everything(front)
    assert confirm(front.runtime, token, HOME) == replace(first, again=True)
    assert everything(front) == before
    reader = front.stores.readers.find(ADA)
    assert reader is not None
    front.stores.readers.leave(ADA, "by themselves", front.now)
    with pytest.raises(RefusedToken) as refused:
        confirm(front.runtime, token, HOME)
    assert refused.value.reason is Refusal.USED


def test_forged_tokens_and_those_of_another_purpose_are_unknown(front: Front) -> None:
    front.signed_up()
    front.later(minutes=1)
    front.ask_for_link(ADA)
    link = front.token("choose")
    letter = sign(front.settings.keys, LinkPurpose.CHOOSE, front.stores.readers.find(ADA).reader.id, "morning")  # type: ignore[union-attr]
    before = everything(front)
    flipped = ("A" if link[0] != "A" else "B") + link[1:]
    for forged in ("", "x", "A" * 43, flipped, link[:-1], link + "A", letter, link, "\x00", "é" * 43):
        with pytest.raises(RefusedToken) as refused:
            confirm(front.runtime, forged, HOME)
        assert refused.value.reason is Refusal.UNKNOWN
    assert everything(front) == before


def test_no_token_stands_in_the_database(front: Front) -> None:
    front.ask(ADA)
    token = front.token("confirm")
    with front.stores.database.read() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    assert token not in dump
    assert "192.0.2" not in dump


def test_a_mail_that_is_tried_again_is_the_same_to_the_last_byte(front: Front) -> None:
    front.ask(ADA, editions=("morning", "evening"))
    decide_requests(front.runtime)
    (claim,) = front.stores.outbox.book(Worker("me", "h", "f"), Step(claim=9), front.now).claims
    first = PersonalMailWriter(front.runtime)(claim)
    front.later(hours=3)
    front.settings = structs.replace(
        front.settings, keys=KeySettings(current="new", ring={"new": "6b" * 32} | front.settings.keys.ring)
    )
    again = PersonalMailWriter(front.runtime)(claim)
    assert first.message == again.message
    assert first.message.count(b"\r\n.") == 0


def test_mails_are_signed_as_letters_are(front: Front, tmp_path: Path) -> None:
    made = new_key("lindau.example", "s1")
    (tmp_path / "dkim.pem").write_bytes(made.pem)
    signing = structs.replace(
        front.settings.mail, dkim_domain="lindau.example", dkim_selector="s1", dkim_key_file="dkim.pem"
    )
    front.settings = structs.replace(front.settings, mail=signing)
    front.ask(ADA)
    decide_requests(front.runtime)
    (claim,) = front.stores.outbox.book(Worker("me", "h", "f"), Step(claim=9), front.now).claims
    raw = PersonalMailWriter(front.runtime)(claim).message
    published = {f"{record.name}.".encode(): record.text.encode() for record in made.records}
    assert dkim.DKIM(raw).verify(0, dnsfunc=lambda name, timeout=5: published.get(name))  # noqa: ARG005 - dkimpy's


def test_a_reader_who_signs_up_again_gets_a_link_to_their_choices(front: Front) -> None:
    front.signed_up()
    front.later(days=1)
    front.ask("ADA@example.org")
    front.tick()
    assert front.mails()[-1]["Subject"] == "You get letters from The Lindau Courier already"
    assert front.mails()[-1]["To"] == ADA
    assert front.token("choose")


def test_a_reader_s_own_language_rules_their_mails(front: Front) -> None:
    front.signed_up(language="de")
    front.later(days=1)
    front.ask_for_link(ADA)
    front.ask(ADA, language="fr")
    front.tick()
    assert [mail["Subject"] for mail in front.mails()[1:]] == [
        "Ihre Auswahl bei The Lindau Courier",
        "Sie erhalten bereits Briefe von The Lindau Courier",
    ]


def test_who_left_may_come_back_and_who_complained_gets_nothing(front: Front) -> None:
    for name in ("ada", "ben"):
        who = NewReader(
            address=f"{name}@example.org", identity=f"{name}@example.org", editions=("morning",), consent={}
        )
        front.stores.readers.add([who], front.now)
    front.stores.readers.leave(ADA, "removed by the operator", front.now)
    front.stores.readers.leave("ben@example.org", "complaint", front.now)
    front.ask("ben@example.org")
    front.tick()
    assert front.mails() == []
    done = front.signed_up()
    assert done.address == ADA
    assert front.stores.editions.audience("morning", front.now) == 1


def test_a_link_does_not_bring_back_who_complained_meanwhile(front: Front) -> None:
    who = NewReader(address=ADA, identity=ADA, editions=("morning",), consent={})
    front.stores.readers.add([who], front.now)
    with front.stores.database.write() as connection:
        connection.execute(text("UPDATE readers SET state = 'left'"))
    front.ask(ADA)
    token = front.token("confirm")
    with front.stores.database.write() as connection:
        connection.execute(
            text("INSERT INTO suppressions VALUES ('ada@example.org', 'complaint', '2026-11-23 09:00:00')")
        )
    before = everything(front)
    with pytest.raises(RefusedToken) as refused:
        confirm(front.runtime, token, HOME)
    assert refused.value.reason is Refusal.WITHDRAWN
    assert everything(front) == before


def test_a_link_confirms_no_letter_that_nobody_asked_for(front: Front) -> None:
    front.ask(ADA, editions=("evening",))
    token = front.token("confirm")
    both = front.settings.editions
    front.settings = structs.replace(front.settings, editions={"morning": both["morning"]})
    with pytest.raises(RefusedToken) as refused:
        confirm(front.runtime, token, HOME)
    assert refused.value.reason is Refusal.WITHDRAWN
    front.settings = structs.replace(front.settings, editions=both)
    assert [edition.name for edition in confirm(front.runtime, token, HOME).editions] == ["evening"]


def test_the_reader_of_a_letter_can_be_mailed_a_link_without_naming_an_address(front: Front) -> None:
    front.signed_up()
    reader = front.stores.readers.find(ADA)
    assert reader is not None
    keys = front.settings.keys
    letter = sign(keys, LinkPurpose.CHOOSE, reader.reader.id, "morning")
    ask_for_link_by_letter(front.runtime, letter, "en", front.form(), HOME)
    front.tick()
    assert front.mails()[-1]["To"] == ADA
    assert front.token("choose")
    for wrong in (sign(keys, LinkPurpose.LEAVE, reader.reader.id, "morning"), letter[:-1], ""):
        with pytest.raises(RefusedToken):
            ask_for_link_by_letter(front.runtime, wrong, "en", front.form(), HOME)
    sent = len(front.mails())
    gone = sign(keys, LinkPurpose.CHOOSE, type(reader.reader.id)(4711), "morning")
    ask_for_link_by_letter(front.runtime, gone, "en", front.form(), HOME)
    front.tick()
    assert len(front.mails()) == sent
    assert count(front, "outbox") == sent + 1


def test_nothing_goes_without_public_pages_and_all_of_it_when_they_are_there(front: Front) -> None:
    site = front.settings.site
    front.settings = structs.replace(front.settings, site=SiteSettings())
    front.ask(ADA)
    assert send_mails(front.runtime) is None
    front.settings = structs.replace(front.settings, site=site)
    report = send_mails(front.runtime)
    assert report is not None
    assert len(front.mails()) == 1


def test_what_the_hour_has_no_room_for_goes_in_the_next(front: Front) -> None:
    front.settings = structs.replace(front.settings, signup=SignupSettings(per_domain_hour=2))
    front.room = front.mailroom()
    for n in range(4):
        front.ask(f"r{n}@example.org")
    front.ask("eve@other.example")
    front.tick()
    assert [mail["To"] for mail in front.mails()] == ["r0@example.org", "r1@example.org", "eve@other.example"]
    front.now = NOW.replace(hour=10, minute=0)
    front.tick()
    assert [mail["To"] for mail in front.mails()[3:]] == ["r2@example.org", "r3@example.org"]


def test_a_run_that_was_killed_is_settled_by_the_next_process(front: Front) -> None:
    front.ask(ADA)
    decide_requests(front.runtime)
    front.stores.outbox.book(Worker("dead", "elsewhere/boot", "gone.journal"), Step(claim=9), front.now)
    front.tick()
    assert front.mails() == []
    front.later(minutes=3)
    front.mailroom().tick()
    assert [mail["To"] for mail in front.mails()] == [ADA]


def test_a_folder_that_cannot_be_written_is_tried_again_in_a_minute(front: Front, tmp_path: Path) -> None:
    front.settings = structs.replace(front.settings, mail=structs.replace(front.settings.mail, transport="file:out/"))
    front.room = front.mailroom()
    (tmp_path / "out").write_text("in the way")
    front.ask(ADA)
    front.tick()
    (tmp_path / "out").unlink()
    front.later(seconds=59)
    front.tick()
    assert list(tmp_path.glob("out/*/*.eml")) == []
    front.later(seconds=2)
    front.tick()
    assert [file.name for file in tmp_path.glob("out/*/*.eml")] == ["000001-ada@example.org.eml"]


class Refusing:
    """Takes nothing from us, whoever it is for (RFC 3463: 5.7.1, a policy)."""

    asked = 0

    async def handle_RCPT(self, *_: object) -> str:  # noqa: N802 - aiosmtpd's own name
        """Refuse a recipient."""
        self.asked += 1
        return "550 5.7.1 no mail from you"


def test_a_relay_that_refuses_us_all_is_not_asked_again_and_again(front: Front) -> None:
    refusing = Refusing()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    relay = Controller(refusing, hostname="127.0.0.1", port=port)
    relay.start()
    here = structs.replace(front.settings.mail, transport=f"smtp://127.0.0.1:{port}")
    front.settings = structs.replace(front.settings, mail=here)
    front.room = front.mailroom()
    for n in range(3):
        front.ask(f"r{n}@example.org")
    for _ in range(5):
        front.tick()
        front.later(seconds=2)
    asked = refusing.asked
    front.later(minutes=1)
    front.tick()
    relay.stop()
    assert asked == 3  # so many refusals about us close a relay, and it rests for a minute
    assert refusing.asked == 6


def test_a_mailroom_that_was_told_to_stop_does_nothing(front: Front) -> None:
    stop = threading.Event()
    stop.set()
    front.ask(ADA)
    PersonalMailSender(front.runtime, stop).tick()
    assert front.mails() == []


def test_what_nobody_needs_any_more_is_taken_out(front: Front) -> None:
    front.ask(ADA)
    front.ask(ADA)
    front.tick()
    front.later(days=10)
    front.mailroom().tick()
    assert count(front, "tokens") == 0
    assert count(front, "tallies") == 0
    with front.stores.database.read() as connection:
        states = list(connection.scalars(select(outbox.c.state)))
    assert states == [DeliveryState.ACCEPTED.value]
    front.later(days=10)
    purge(front.runtime)
    with front.stores.database.read() as connection:
        assert connection.execute(select(outbox.c.address, outbox.c.reply)).one() == ("", "")
        assert connection.scalar(select(func.count()).select_from(tokens)) == 0


def test_one_network_may_ask_so_often_in_an_hour(front: Front) -> None:
    front.settings = structs.replace(front.settings, signup=SignupSettings(per_address_hour=2, per_network_hour=3))
    for n in range(2):
        front.ask(f"r{n}@example.org")
    with pytest.raises(TooManyAsks) as refused:
        front.ask("r3@example.org")
    assert timedelta(minutes=29) < refused.value.retry_after <= timedelta(minutes=30)
    front.ask("r4@example.org", visitor=Visitor(address="192.0.2.8"))
    with pytest.raises(TooManyAsks):
        front.ask_for_link("r5@example.org", visitor=Visitor(address="192.0.2.9"))
    front.ask("r6@example.org", visitor=Visitor(address="198.51.100.1"))
    front.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    front.ask("r7@example.org")


def test_the_mail_s_titles_are_those_of_the_settings(front: Front) -> None:
    front.ask(ADA, editions=("morning", "evening"))
    front.tick()
    assert "Morning Update and Evening Update" in " ".join(text_of(front.mails()[0]).split())
    assert confirmation(front.runtime, front.token("confirm")).editions[0] == Title(
        name="morning", title="Morning Update"
    )


def test_the_log_counts_requests_and_mails_and_names_nobody(
    front: Front, logged: list[MutableMapping[str, Any]]
) -> None:
    front.ask("ada@example.org")
    token = front.token("confirm")
    confirm(front.runtime, token, HOME)
    named = {event["event"]: event for event in logged}
    assert (named["mail asked for"]["kind"], named["mail asked for"]["taken"]) == ("sign-up", True)
    assert (named["requests decided"]["requests"], named["requests decided"]["mails"]) == (1, 1)
    assert named["requests answered"]["answers"] == {"confirm": 1}
    assert named["mails sent"]["replies"] == {"accepted": 1}
    assert named["sign-up confirmed"]["editions"] == ["morning"]
    assert "@" not in str(logged)
    assert token not in str(logged)
