"""Asking, deciding and confirming, on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from digest.bookkeeping import Outcome, Step, Worker
from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId
from digest.storage.engine import Database
from digest.storage.outbox import Outbox
from digest.storage.readers import NewReader, Readers
from digest.storage.schema.people import suppressions
from digest.storage.signups import SCOPE, Acquaintance, Confirmation, Decided, NewAsk, Signups, Window
from digest.storage.tokens import NewToken, Tokens

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=48)
HOUR = NOW
CHOICE = ("left", "erased")
ASK = NewAsk(
    kind="sign-up",
    address="Ada@example.org",
    identity="ada@example.org",
    limit_key="hash",
    language="de",
    request={"editions": ["morning"]},
    nonce="n1",
    expires=NOW + timedelta(hours=24),
)
TOKEN = NewToken(hash="t" * 64, purpose="confirm", expires=LATER, grant={"address": "Ada@example.org"})
WISH = Confirmation(
    token=TOKEN.hash,
    purpose="confirm",
    address="Ada@example.org",
    identity="ada@example.org",
    aliases=("erased:k:1", "erased:old:2"),
    limit_key="hash",
    language="de",
    editions=("evening", "morning"),
    consent={"by": "reader"},
    liftable=CHOICE,
)


def going(number: int = 1, **more: object) -> Decided:
    decided = Decided(id=number, kind="confirm", address="Ada@example.org", expires=LATER, request={"key": "k"})
    return replace(decided, **more)  # type: ignore[arg-type]


def invited(database: Database) -> Signups:
    signups = Signups(database)
    signups.ask(ASK, (), NOW)
    assert signups.settle([going(token=TOKEN)], HOUR, NOW) == 1
    return signups


def suppress(database: Database, identity: str, why: str) -> None:
    with database.write() as connection:
        connection.execute(suppressions.insert(), [{"identity": identity, "why": why, "since": NOW}])


def suppressed(database: Database) -> list[str]:
    with database.read() as connection:
        return sorted(connection.scalars(select(suppressions.c.identity)))


def test_a_full_window_refuses_and_counts_no_further(database: Database) -> None:
    signups = Signups(database)
    near, wide = (Window(scope=f"{SCOPE}{name}", start=HOUR, most=most) for name, most in (("near", 2), ("wide", 5)))
    assert [signups.ask(ASK, (near, wide), NOW) for _ in range(4)] == [None, None, near, near]
    assert signups.counts((near.scope, wide.scope, "ask:nobody"), HOUR) == {near.scope: 2, wide.scope: 2}
    assert len(signups.waiting(NOW, 10)) == 2
    assert signups.ask(ASK, (replace(near, start=HOUR + timedelta(hours=1)), wide), NOW) is None


def test_counts_of_old_windows_are_taken_out_and_no_others(database: Database) -> None:
    signups = Signups(database)
    for start in (HOUR, HOUR + timedelta(hours=1)):
        signups.ask(ASK, (Window(scope=f"{SCOPE}near", start=start, most=9),), NOW)
    signups.ask(ASK, (Window(scope="relay:main", start=HOUR, most=9),), NOW)
    assert signups.purge(HOUR + timedelta(hours=1)) == 1
    assert signups.counts(("ask:near",), HOUR + timedelta(hours=1)) == {"ask:near": 1}
    assert signups.counts(("relay:main",), HOUR) == {"relay:main": 1}


def test_requests_wait_in_their_order_and_later_ones_until_their_time(database: Database) -> None:
    signups = Signups(database)
    for n in range(3):
        signups.ask(replace(ASK, nonce=str(n)), (), NOW)
    soon = NOW + timedelta(hours=1)
    assert signups.settle([Decided(id=1, later=soon, why="full")], HOUR, NOW) == 0
    assert [ask.id for ask in signups.waiting(NOW, 10)] == [2, 3]
    assert [ask.id for ask in signups.waiting(soon, 2)] == [1, 2]
    first = signups.waiting(soon, 1)[0]
    assert (first.kind, first.identity, first.language, first.nonce) == ("sign-up", "ada@example.org", "de", "0")
    assert first.request == {"editions": ["morning"]}


def test_a_request_is_decided_once(database: Database) -> None:
    signups = Signups(database)
    signups.ask(ASK, (), NOW)
    counted = going(token=TOKEN, scopes=("ask:domain", "ask:all"))
    assert signups.settle([counted], HOUR, NOW) == 1
    assert signups.settle([replace(counted, token=None)], HOUR, NOW) == 0
    assert signups.settle([Decided(id=1, why="too many")], HOUR, NOW) == 0
    assert signups.counts(("ask:domain", "ask:all"), HOUR) == {"ask:domain": 1, "ask:all": 1}
    assert [(mail.limit_key, mail.kind, mail.at) for mail in signups.mails(["hash"], NOW - timedelta(1))] == [
        ("hash", "confirm", NOW)
    ]


def test_a_request_that_gets_no_mail_counts_as_none(database: Database) -> None:
    signups = Signups(database)
    signups.ask(ASK, (), NOW)
    signups.settle([Decided(id=1, why="too many", scopes=("ask:all",))], HOUR, NOW)
    assert signups.mails(["hash"], NOW - timedelta(1)) == ()
    assert signups.waiting(NOW, 10) == ()
    assert signups.counts(("ask:all",), HOUR) == {}


def test_an_identity_is_known_by_its_row_its_shadow_and_its_suppression(database: Database) -> None:
    who = NewReader(
        address="Ada@example.org", identity="ada@example.org", language="de", editions=("morning",), consent={}
    )
    Readers(database).add([who], NOW)
    suppress(database, "erased:k:9", "erased")
    suppress(database, "ben@example.org", "complaint")
    asked = {"ada@example.org": ["erased:k:1"], "ben@example.org": ["erased:k:2"], "cyd@example.org": ["erased:k:9"]}
    found = Signups(database).acquaintances(asked | {"dan@example.org": []})
    assert found == {
        "ada@example.org": Acquaintance(
            reader_id=ReaderId(1), address="Ada@example.org", language="de", state="active"
        ),
        "ben@example.org": Acquaintance(suppressed="complaint"),
        "cyd@example.org": Acquaintance(suppressed="erased"),
        "dan@example.org": Acquaintance(),
    }


def test_confirming_makes_a_reader_once(database: Database) -> None:
    signups, readers = invited(database), Readers(database)
    number = signups.confirm(WISH, NOW)
    stored = readers.find("ada@example.org")
    assert stored is not None
    assert (stored.reader.id, stored.reader.address, stored.reader.language) == (number, "Ada@example.org", "de")
    assert (stored.state, stored.reader.editions, stored.consent) == (
        "active",
        ("evening", "morning"),
        {"by": "reader"},
    )
    assert signups.confirm(replace(WISH, editions=("noon",)), NOW) is None
    assert readers.find("ada@example.org") == stored
    spent = Tokens(database).find(TOKEN.hash)
    assert spent is not None
    assert (spent.used_at, spent.grant) == (NOW, {})


def test_a_token_that_is_late_or_of_another_purpose_confirms_nothing(database: Database) -> None:
    signups = invited(database)
    for wish, at in ((WISH, LATER), (replace(WISH, purpose="choose"), NOW), (replace(WISH, token="x" * 64), NOW)):
        assert signups.confirm(wish, at) is None
    assert Readers(database).find("ada@example.org") is None
    assert signups.confirm(WISH, LATER - timedelta(seconds=1)) is not None


def test_who_left_comes_back_by_confirming(database: Database) -> None:
    signups, readers = invited(database), Readers(database)
    who = NewReader(address="ada@example.org", identity="ada@example.org", editions=("noon",), consent={"by": "import"})
    readers.add([who], NOW - timedelta(days=30))
    readers.leave("ada@example.org", "left", NOW - timedelta(days=3))
    assert signups.confirm(WISH, NOW) == 1
    stored = readers.find("ada@example.org")
    assert stored is not None
    assert (stored.state, stored.left_at, stored.added_at) == ("active", None, NOW)
    assert (stored.reader.editions, stored.consent) == (("evening", "morning"), {"by": "reader"})
    assert suppressed(database) == []


def test_who_was_erased_comes_back_as_the_same_number_and_leaves_no_shadow(database: Database) -> None:
    signups, readers = invited(database), Readers(database)
    who = NewReader(address="", identity="erased:old:2", editions=(), consent={})
    readers.add([who], NOW)
    suppress(database, "erased:old:2", "erased")
    assert signups.confirm(WISH, NOW) == 1
    assert suppressed(database) == []
    assert readers.find("erased:old:2") is None


def test_who_complained_stays_away_and_the_token_is_kept(database: Database) -> None:
    signups = invited(database)
    suppress(database, "erased:k:1", "complaint")
    assert signups.confirm(WISH, NOW) is None
    found = Tokens(database).find(TOKEN.hash)
    assert found is not None
    assert found.used_at is None
    assert suppressed(database) == ["erased:k:1"]


def test_a_reader_who_confirms_again_keeps_what_they_had(database: Database) -> None:
    signups, readers = invited(database), Readers(database)
    who = NewReader(address="ada@example.org", identity="ada@example.org", editions=("noon",), consent={})
    readers.add([who], NOW - timedelta(days=30))
    assert signups.confirm(WISH, NOW) == 1
    stored = readers.find("ada@example.org")
    assert stored is not None
    assert (stored.reader.editions, stored.added_at) == (("evening", "morning", "noon"), NOW - timedelta(days=30))


def test_confirming_forgets_how_often_an_address_was_asked_before_today(database: Database) -> None:
    signups = Signups(database)
    long_ago = NOW - timedelta(days=40)
    me = Worker("me", "here", "me.journal")
    for at in (long_ago, NOW):
        signups.ask(replace(ASK, expires=at + timedelta(days=1)), (), at)
        number = signups.waiting(at, 1)[0].id
        token = TOKEN if at == NOW else None
        signups.settle([going(number, token=token, expires=at + timedelta(days=1))], HOUR, at)
        Outbox(database).book(me, Step(claim=1), at)
        Outbox(database).book(me, Step(attempt=(ReaderId(number),)), at)
        sent = Outcome(ReaderId(number), DeliveryState.ACCEPTED, 1)
        Outbox(database).book(me, Step(outcomes=(sent,)), at)
    assert len(signups.mails(["hash"], long_ago - timedelta(1))) == 2
    assert signups.confirm(WISH, NOW) is not None
    assert [mail.at for mail in signups.mails(["hash"], long_ago - timedelta(1))] == [NOW]


def test_tokens_are_purged_some_time_after_they_end(database: Database) -> None:
    invited(database)
    tokens = Tokens(database)
    assert tokens.purge(LATER) == 0
    assert tokens.purge(LATER + timedelta(seconds=1)) == 1
    assert tokens.find(TOKEN.hash) is None


def at_once(database: Database, work: Callable[[Signups], object], times: int) -> list[object]:
    """Do the work in as many threads as there are times, all at the same moment."""
    start = threading.Barrier(times)

    def one(_: int) -> object:
        start.wait()
        return work(Signups(database))

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_who_asks_at_the_same_moment_is_counted_one_by_one(database: Database) -> None:
    near, wide = Window(scope="ask:near", start=HOUR, most=20), Window(scope="ask:wide", start=HOUR, most=5)
    answers = at_once(database, lambda signups: signups.ask(ASK, (near, wide), NOW), 12)
    assert answers.count(None) == 5
    assert answers.count(wide) == 7
    assert Signups(database).counts((near.scope, wide.scope), HOUR) == {near.scope: 5, wide.scope: 5}
    assert len(Signups(database).waiting(NOW, 99)) == 5


def test_a_button_that_is_pressed_twice_at_the_same_moment_confirms_once(database: Database) -> None:
    invited(database)
    answers = at_once(database, lambda signups: signups.confirm(WISH, NOW), 6)
    assert sorted(map(str, answers)) == ["1", *["None"] * 5]
