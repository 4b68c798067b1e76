"""What came back: only what proves to answer a letter of ours changes anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs
from tests.states import put

from digest.model.edition import EditionState
from digest.model.ids import EditionKey, ReaderId
from digest.pipeline.progress import unseen
from digest.pipeline.readers.bounce_handling import SOFT_LIMIT, BounceEffect, BounceHandler, take_all
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.readers.tokens import LinkPurpose, message_id, sign
from digest.render.headers import envelope_sender
from digest.settings import KeySettings, Settings
from digest.storage.engine import Database
from digest.text.bounce_codes import Kind

MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
KEYS = KeySettings(current="k2", ring={"k1": "1a" * 32, "k2": "2b" * 32})
TODAY = EditionKey(name="morning", date=date(2026, 11, 24))


class Desk:
    """One installation with one reader, Ada, and a clock to set."""

    def __init__(self, database: Database) -> None:
        self.now = MORNING
        self.settings = Settings(keys=KEYS)
        self.runtime = Runtime(settings=self.settings, stores=Stores(database), clock=lambda: self.now)
        subscribe(
            self.runtime.stores, self.now, Subscription(address="ada@reader.example", editions=("morning", "evening"))
        )
        found = self.runtime.stores.readers.find("ada@reader.example")
        assert found is not None
        self.ada = found.reader.id
        row = self.runtime.stores.editions.plan(TODAY, self.now, self.now + timedelta(hours=6), self.now)
        put(self.runtime.stores.database, row.id, EditionState.SENT)

    @property
    def gets(self) -> list[str]:
        """The editions that still go to Ada."""
        wanted = ("morning", "evening")
        return [name for name in wanted if list(self.runtime.stores.readers.subscribed(name, self.now))]

    def token(self, reader: int | None = None, edition: str = "morning", keys: KeySettings = KEYS) -> str:
        """Return what stands before the @ in a letter's envelope sender."""
        return sign(keys, LinkPurpose.BOUNCE, ReaderId(reader or self.ada), edition)

    def letter_id(self, keys: KeySettings = KEYS, key: EditionKey = TODAY) -> str:
        """Return the Message-ID of Ada's letter."""
        return f"{message_id(keys, key, self.ada)}@letters.example"

    def take(self, raw: bytes) -> BounceEffect:
        """Read one mail."""
        return BounceHandler(self.runtime).take(raw).effect


@pytest.fixture
def desk(lite_database: Database) -> Desk:
    return Desk(lite_database)


def bounce(  # noqa: PLR0913 - the fields of a report
    *,
    to: str = "news@letters.example",
    status: str = "5.1.1",
    words: str = "550 5.1.1 User unknown",
    recipient: str = "ada@reader.example",
    letter: str = "",
    action: str = "failed",
    addressed: str = "Ada <ada@reader.example>",
) -> bytes:
    return f"""From: MAILER-DAEMON@mx.reader.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=cut

--cut
Content-Type: message/delivery-status

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {words}

--cut
Content-Type: message/rfc822

From: news@letters.example
To: {addressed}
Message-ID: <{letter}>

--cut--
""".encode()


def complaint(to: str, kind: str = "abuse") -> bytes:
    return f"""From: fbl@provider.example
To: {to}
Content-Type: multipart/report; report-type=feedback-report; boundary=cut

--cut
Content-Type: message/feedback-report

Feedback-Type: {kind}
--cut--
""".encode()


def verp(desk: Desk, token: str | None = None) -> str:
    return envelope_sender(desk.settings.mail, token or desk.token())


def test_a_hard_bounce_to_the_letters_own_sender_takes_the_reader_off(desk: Desk) -> None:
    assert desk.take(bounce(to=verp(desk))) is BounceEffect.SUPPRESSED
    assert desk.gets == []
    (row,) = desk.runtime.stores.bounces.of(desk.ada)
    assert (row.kind, row.address, row.edition, row.status) == ("hard", "ada@reader.example", "morning", "5.1.1")
    assert row.words == "550 5.1.1 User unknown"


def test_a_complaint_takes_the_reader_off_at_once(desk: Desk) -> None:
    assert desk.take(complaint(verp(desk))) is BounceEffect.SUPPRESSED
    assert desk.gets == []


def test_a_servers_remark_on_our_signatures_is_no_readers_complaint(desk: Desk) -> None:
    assert desk.take(complaint(verp(desk), "auth-failure")) is BounceEffect.IGNORED
    assert desk.gets == ["morning", "evening"]


def test_soft_bounces_are_counted_and_the_fifth_within_thirty_days_counts_as_gone(desk: Desk) -> None:
    for number in range(1, SOFT_LIMIT):
        full = bounce(to=verp(desk), status="5.2.2", words=f"552 5.2.2 mailbox full ({number})")
        assert desk.take(full) is BounceEffect.COUNTED
        assert desk.gets == ["morning", "evening"]
        desk.now += timedelta(days=7)
    fifth = bounce(to=verp(desk), status="5.2.2", words="552 5.2.2 mailbox full (5)")
    assert desk.take(fifth) is BounceEffect.SUPPRESSED
    assert desk.gets == []


def test_an_outage_of_some_days_loses_no_reader(desk: Desk) -> None:
    for number in range(12):
        late = bounce(to=verp(desk), status="4.4.1", words=f"connection timed out ({number})")
        assert desk.take(late) is BounceEffect.COUNTED
        desk.now += timedelta(hours=12)
    assert desk.gets == ["morning", "evening"]


def test_five_bounces_of_one_day_are_one(desk: Desk) -> None:
    desk.take(bounce(to=verp(desk), status="5.2.2", words="552 5.2.2 mailbox full (long ago)"))
    desk.now += timedelta(days=20)
    for number in range(8):
        full = bounce(to=verp(desk), status="5.2.2", words=f"552 5.2.2 mailbox full ({number})")
        assert desk.take(full) is BounceEffect.COUNTED
        desk.now += timedelta(minutes=5)
    assert desk.gets == ["morning", "evening"]


@pytest.mark.parametrize("words", ["550 5.7.1 blocked as spam", "550 5.7.26 DMARC policy", "554 sender rejected"])
def test_what_servers_hold_against_us_is_never_counted_against_a_reader(desk: Desk, words: str) -> None:
    for number in range(10):
        refused = bounce(to=verp(desk), status="5.0.0", words=f"{words} ({number})")
        assert desk.take(refused) is BounceEffect.BLOCKED
        desk.now += timedelta(days=3)
    assert desk.gets == ["morning", "evening"]


NAMED = {"recipient": "ada@old.example", "addressed": "Ada <ada@old.example>"}
FORWARDED = {"recipient": "ada@elsewhere.example", "addressed": "ada@old.example"}
FINAL_ALONE = {"recipient": "ada@old.example", "addressed": ""}
"""A soft bounce that names a final recipient alone may be of a forwarding address: only a hard one is told by it."""


@pytest.mark.parametrize(
    ("words", "old"),
    [
        *(("550 5.1.1 User unknown", old) for old in (NAMED, FORWARDED, FINAL_ALONE)),
        *(("552 5.2.2 mailbox full", old) for old in (NAMED, FORWARDED)),
    ],
)
def test_a_bounce_of_an_address_that_the_reader_left_does_not_touch_the_new_one(
    desk: Desk, old: dict[str, str], words: str
) -> None:
    status = words.split()[1]
    assert desk.take(bounce(to=verp(desk), status=status, words=words, **old)) is BounceEffect.ELSEWHERE
    assert desk.gets == ["morning", "evening"]


def test_soft_bounces_of_long_ago_are_forgiven(desk: Desk) -> None:
    for number in range(2 * SOFT_LIMIT):
        full = bounce(to=verp(desk), status="5.2.2", words=f"552 5.2.2 mailbox full ({number})")
        assert desk.take(full) is BounceEffect.COUNTED
        desk.now += timedelta(days=8)
    assert desk.gets == ["morning", "evening"]


def test_one_mail_read_twice_counts_once(desk: Desk) -> None:
    full = bounce(to=verp(desk), status="5.2.2", words="552 5.2.2 mailbox full")
    assert [desk.take(full) for _ in range(7)] == [BounceEffect.COUNTED, *[BounceEffect.REPEATED] * 6]
    assert desk.gets == ["morning", "evening"]


def test_a_letter_is_known_by_its_message_id_and_the_address_it_went_to(desk: Desk) -> None:
    assert desk.take(bounce(letter=desk.letter_id())) is BounceEffect.SUPPRESSED
    assert desk.runtime.stores.bounces.of(desk.ada)[0].edition == "morning"


def test_a_letter_that_was_forwarded_on_is_known_by_whom_it_was_addressed_to(desk: Desk) -> None:
    assert desk.take(bounce(letter=desk.letter_id(), recipient="ada@elsewhere.example")) is BounceEffect.SUPPRESSED


def test_a_letter_of_an_older_key_is_still_ours(desk: Desk) -> None:
    old = structs.replace(KEYS, current="k1")
    assert desk.take(bounce(letter=desk.letter_id(old))) is BounceEffect.SUPPRESSED
    assert desk.take(bounce(to=verp(desk, desk.token(keys=old)))) is BounceEffect.KEPT


def test_a_relay_that_lower_cased_the_sender_is_understood(desk: Desk) -> None:
    assert desk.take(bounce(to=verp(desk).lower())) is BounceEffect.SUPPRESSED


@pytest.mark.parametrize(
    "forge",
    [
        lambda _: bounce(),
        lambda _: bounce(to="b-bk2.1.aaaaaaaaaaaaaaaaaaaaaaaa@letters.example"),
        lambda desk: bounce(to=verp(desk, desk.token(desk.ada + 1)).replace(f".{desk.ada + 1:x}.", f".{desk.ada:x}.")),
        lambda desk: bounce(to=verp(desk, sign(KEYS, LinkPurpose.LEAVE, desk.ada, "morning"))),
        lambda desk: bounce(to=verp(desk, desk.token(keys=KeySettings(current="k2", ring={"k2": "ff" * 32})))),
        lambda _: bounce(letter="aaaaaaaaaaaaaaaaaaaaaaaa@letters.example"),
        lambda desk: bounce(letter=desk.letter_id(KeySettings(current="k2", ring={"k2": "ff" * 32}))),
        lambda desk: bounce(letter=desk.letter_id(key=replace(TODAY, name="evening"))),
        lambda _: complaint("news@letters.example"),
    ],
)
def test_a_forged_bounce_is_listed_and_changes_nothing(desk: Desk, forge: Callable[[Desk], bytes]) -> None:
    assert desk.take(forge(desk)) is BounceEffect.NOT_OURS
    assert desk.gets == ["morning", "evening"]
    (row,) = desk.runtime.stores.bounces.latest(10)
    assert row.address == ""
    assert desk.runtime.stores.bounces.of(desk.ada) == ()


def test_a_letter_of_long_ago_is_known_by_its_envelope_only(desk: Desk) -> None:
    desk.now += timedelta(days=40)
    assert desk.take(bounce(letter=desk.letter_id())) is BounceEffect.NOT_OURS
    assert desk.take(bounce(to=verp(desk), letter=desk.letter_id())) is BounceEffect.SUPPRESSED


def test_a_token_of_a_reader_who_is_not_there_changes_nothing(desk: Desk) -> None:
    assert desk.take(bounce(to=verp(desk, desk.token(999)))) is BounceEffect.KEPT
    assert desk.gets == ["morning", "evening"]


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_a_warning_or_a_receipt_changes_nothing(desk: Desk, action: str) -> None:
    assert desk.take(bounce(to=verp(desk), action=action)) is BounceEffect.IGNORED
    assert desk.gets == ["morning", "evening"]
    assert desk.runtime.stores.bounces.latest(10) == ()


def leave(token: str, rest: str = "") -> bytes:
    return f"From: someone@else.example\nSubject: leave-{token}{rest}\n\n".encode()


def test_a_mail_with_a_letters_token_leaves_that_edition_or_all(desk: Desk) -> None:
    token = sign(KEYS, LinkPurpose.LEAVE, desk.ada, "morning")
    assert [desk.take(leave(token)), desk.take(leave(token))] == [BounceEffect.LEFT, BounceEffect.REPEATED]
    assert desk.gets == ["evening"]
    assert desk.take(leave(token, " all")) is BounceEffect.LEFT
    assert desk.gets == []


def test_who_answers_their_own_letter_with_the_wish_leaves_and_nobody_else_can(desk: Desk) -> None:
    mail = f"From: {{}}\nIn-Reply-To: <{desk.letter_id()}>\nSubject: Re: unsubscribe\n\n"
    assert desk.take(mail.format("eve@else.example").encode()) is BounceEffect.NOT_OURS
    assert (
        desk.take(mail.replace("unsubscribe", "Thank you").format("ada@reader.example").encode()) is BounceEffect.OTHER
    )
    assert desk.gets == ["morning", "evening"]
    assert desk.take(mail.format("ada@reader.example").encode()) is BounceEffect.LEFT
    assert desk.gets == ["evening"]


def test_a_mail_without_a_valid_token_leaves_nobody_and_is_listed(desk: Desk) -> None:
    for mail in (leave("lk2.1.aaaaaaaaaaaaaaaaaaaaaaaa"), b"From: ada@reader.example\nSubject: unsubscribe\n\n"):
        assert desk.take(mail) is BounceEffect.NOT_OURS
    assert desk.gets == ["morning", "evening"]
    assert {row.kind for row in desk.runtime.stores.bounces.latest(10)} == {"leave"}


def test_who_left_by_themselves_and_complained_stays_away_for_the_complaint(desk: Desk) -> None:
    desk.runtime.stores.readers.leave("ada@reader.example", "left", desk.now)
    assert desk.take(complaint(verp(desk))) is BounceEffect.SUPPRESSED
    assert desk.take(bounce(to=verp(desk))) is BounceEffect.KEPT


def test_many_mails_are_summed_up(desk: Desk) -> None:
    mails = [bounce(to=verp(desk)), bounce(), b"Subject: Hello\n\nHow are you?", bounce(to=verp(desk))]
    counts = take_all(desk.runtime, mails, unseen)
    assert counts == {
        BounceEffect.SUPPRESSED: 1,
        BounceEffect.NOT_OURS: 1,
        BounceEffect.OTHER: 1,
        BounceEffect.REPEATED: 1,
    }


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.text(max_size=60))
def test_whatever_comes_takes_nobody_off(desk: Desk, raw: bytes, token: str) -> None:
    desk.take(raw)
    desk.take(bounce(to=f"b-{token}@letters.example", letter=token))
    assert desk.gets == ["morning", "evening"]


def test_what_a_mail_is_is_told(desk: Desk) -> None:
    taken = BounceHandler(desk.runtime).take(bounce(to=verp(desk)))
    assert (taken.kind, taken.reader_id, taken.edition) == (Kind.HARD, desk.ada, "morning")
