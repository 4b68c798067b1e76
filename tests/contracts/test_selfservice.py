"""What readers change of their own data, on SQLite and on PostgreSQL: all of it for one token, or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from digest.model.ids import ReaderId
from digest.storage.engine import Database
from digest.storage.partitions import make
from digest.storage.readers import NewReader, Readers
from digest.storage.schema.editions import editions
from digest.storage.schema.mailing import bounces, deliveries
from digest.storage.schema.people import suppressions
from digest.storage.schema.whole import METADATA
from digest.storage.selfservice import NewChoice, SelfService, TokenUse
from digest.storage.signups import NewAsk, Signups, Window
from digest.storage.tokens import NewToken, Tokens, keep

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
REST = datetime(2026, 12, 1, tzinfo=UTC)
ADA, BEN = ReaderId(1), ReaderId(2)
FIRST = NewToken(hash="1" * 64, purpose="choose", expires=NOW + timedelta(hours=1), reader_id=ADA, grant={})
SECOND = replace(FIRST, hash="2" * 64)
USE = TokenUse(token=FIRST.hash, purpose="choose", change=SECOND)
CHOICE = NewChoice(
    editions={"morning": None, "evening": REST},
    known=("morning", "evening", "noon"),
    language="fr",
    liftable=("left",),
    consent={"by": "reader", "how": "came back"},
)
MOVE = NewAsk(
    kind="move",
    address="ada@new.example",
    identity="ada@new.example",
    limit_key="hash",
    language="fr",
    request={"reader_id": 1},
    nonce="n",
    expires=NOW + timedelta(hours=24),
)
TODAY = Window(scope="ask:move", start=NOW, most=1)
SHADOW = "erased:k:1"


@pytest.fixture
def desk(database: Database) -> SelfService:
    """Give two readers, a letter to each, and a token for the first of them."""
    consent = {"by": "reader"}
    wanted = [
        NewReader(
            address=f"{name}@example.org", identity=f"{name}@example.org", editions=("noon", "old"), consent=consent
        )
        for name in ("ada", "ben")
    ]
    Readers(database).add(wanted, NOW)
    edition = {"id": 7, "name": "noon", "date": date(2026, 11, 22), "state": "sent", "reason": ""}
    with database.write() as connection:
        connection.execute(editions.insert(), [edition | {"due": NOW, "expires": NOW, "changed_at": NOW}])
        make(connection, [7])
        for reader in (ADA, BEN):
            reply = f"250 <{reader}@example.org> ok"
            row = {"edition_id": 7, "reader_id": reader, "state": "accepted", "reply": reply, "updated_at": NOW}
            connection.execute(deliveries.insert(), [row])
        bounce = {"mail": "b" * 64, "reader_id": ADA, "kind": "soft", "words": "ada@example.org is full", "at": NOW}
        connection.execute(bounces.insert(), [bounce])
        keep(connection, FIRST, NOW)
    return SelfService(database)


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in METADATA.sorted_tables
        }


def suppress(database: Database, why: str) -> None:
    with database.write() as connection:
        row = {"identity": "ada@example.org", "why": why, "since": NOW}
        connection.execute(suppressions.insert(), [row])


def test_a_choice_is_stored_and_leaves_gone_editions_alone(database: Database, desk: SelfService) -> None:
    assert desk.choose(ADA, USE, CHOICE, NOW)
    file = desk.file(ADA)
    assert file is not None
    assert (file.language, file.state) == ("fr", "active")
    assert desk.everything(ADA)["reader"]["consent"] == {"by": "reader"}
    assert file.subscriptions == {"morning": None, "evening": REST, "old": None}
    ben = desk.file(BEN)
    assert ben is not None
    assert ben.subscriptions == {"noon": None, "old": None}
    assert Tokens(database).find(SECOND.hash) is not None


def test_the_next_choice_costs_the_next_token(desk: SelfService) -> None:
    assert desk.choose(ADA, USE, CHOICE, NOW)
    again = replace(USE, token=SECOND.hash, change=None)
    assert desk.choose(ADA, again, replace(CHOICE, editions={"evening": None}), NOW)
    file = desk.file(ADA)
    assert file is not None
    assert file.subscriptions == {"evening": None, "old": None}


@pytest.mark.parametrize("fault", ["used", "late", "forged", "of another purpose"])
def test_a_token_that_is_no_good_changes_nothing_at_all(database: Database, desk: SelfService, fault: str) -> None:
    use, now = USE, NOW
    if fault == "used":
        assert desk.choose(ADA, USE, CHOICE, NOW)
        use = replace(USE, change=replace(SECOND, hash="3" * 64))
    elif fault == "late":
        now = FIRST.expires
    elif fault == "forged":
        use = replace(USE, token="f" * 64)
    else:
        use = replace(USE, purpose="address")
    before = everything(database)
    other = replace(CHOICE, editions={"noon": REST}, language="es")
    assert not desk.choose(ADA, use, other, now)
    assert not desk.ask_to_move(use, MOVE, TODAY, now)
    assert not desk.move(ADA, use, "x@new.example", "x@new.example", MOVE, now)
    assert not desk.erase(ADA, use, SHADOW, now)
    assert everything(database) == before


def test_who_chooses_nothing_has_left_and_may_choose_again(database: Database, desk: SelfService) -> None:
    nothing = replace(CHOICE, editions={}, known=("noon", "old"))
    assert desk.choose(ADA, USE, nothing, NOW)
    file = desk.file(ADA)
    assert file is not None
    assert (file.state, file.subscriptions) == ("left", {})
    suppress(database, "left")
    assert desk.choose(ADA, replace(USE, token=SECOND.hash, change=None), CHOICE, NOW)
    file = desk.file(ADA)
    assert file is not None
    assert file.state == "active"
    assert desk.everything(ADA)["reader"]["consent"] == {"by": "reader", "how": "came back"}
    assert everything(database)["suppressions"] == []


def test_a_choice_does_not_lift_what_was_not_chosen(database: Database, desk: SelfService) -> None:
    suppress(database, "complaint")
    assert desk.choose(ADA, USE, CHOICE, NOW)
    assert len(everything(database)["suppressions"]) == 1


def test_moving_changes_the_address_and_tells_the_old_one(database: Database, desk: SelfService) -> None:
    assert desk.ask_to_move(USE, MOVE, TODAY, NOW)
    (wish,) = Signups(database).waiting(NOW, 10)
    assert (wish.kind, wish.request) == ("move", {"reader_id": 1})
    tell = replace(MOVE, kind="tell-moved", address="ada@example.org")
    use = TokenUse(token=SECOND.hash, purpose="choose")
    assert desk.move(ADA, use, "Ada@new.example", "ada@new.example", tell, NOW)
    file = desk.file(ADA)
    assert file is not None
    assert (file.address, file.identity) == ("Ada@new.example", "ada@new.example")
    assert [ask.kind for ask in Signups(database).waiting(NOW, 10)] == ["move", "tell-moved"]


def test_a_reader_may_name_so_many_new_addresses_a_day(database: Database, desk: SelfService) -> None:
    assert desk.ask_to_move(USE, MOVE, TODAY, NOW)
    again = TokenUse(token=SECOND.hash, purpose="choose", change=replace(SECOND, hash="3" * 64))
    assert desk.ask_to_move(again, MOVE, TODAY, NOW)
    assert len(Signups(database).waiting(NOW, 10)) == 1
    assert Tokens(database).find("3" * 64) is not None


@pytest.mark.parametrize("who", ["ben@example.org", "away@example.org"])
def test_nobody_moves_to_an_address_that_is_taken_or_suppressed(
    database: Database, desk: SelfService, who: str
) -> None:
    with database.write() as connection:
        row = {"identity": "away@example.org", "why": "complaint", "since": NOW}
        connection.execute(suppressions.insert(), [row])
    before = everything(database)
    assert not desk.move(ADA, replace(USE, change=None), who, who, MOVE, NOW)
    assert everything(database) == before


def test_erasing_leaves_a_number_and_a_shadow(database: Database, desk: SelfService) -> None:
    Signups(database).ask(replace(MOVE, address="ada@example.org", identity="ada@example.org"), (), NOW)
    assert desk.erase(ADA, replace(USE, change=None), SHADOW, NOW)
    assert desk.file(ADA) is None
    stored = everything(database)
    assert "ada@" not in repr(stored)
    assert "ben@" in repr(stored)
    assert [row[:2] for row in stored["deliveries"]] == [(7, ADA), (7, BEN)]
    assert [row[:2] for row in stored["suppressions"]] == [(SHADOW, "erased")]
    assert Signups(database).waiting(NOW, 10) == ()
    assert not desk.erase(ADA, replace(USE, change=None), SHADOW, NOW)


def test_erasing_keeps_why_somebody_must_stay_away(database: Database, desk: SelfService) -> None:
    suppress(database, "complaint")
    assert desk.erase(ADA, replace(USE, change=None), SHADOW, NOW)
    assert [row[:2] for row in everything(database)["suppressions"]] == [(SHADOW, "complaint")]


def test_an_export_holds_all_that_is_known_and_nothing_of_others(database: Database, desk: SelfService) -> None:
    Signups(database).ask(replace(MOVE, identity="ada@example.org"), (), NOW)
    suppress(database, "left")
    found = desk.everything(ADA)
    assert found["reader"]["address"] == "ada@example.org"
    assert [row["edition"] for row in found["subscriptions"]] == ["noon", "old"]
    assert [(row["name"], row["state"]) for row in found["letters"]] == [("noon", "accepted")]
    assert [row["why"] for row in found["suppressions"]] == ["left"]
    assert [row["kind"] for row in found["mails"]] == ["move"]
    assert [row["words"] for row in found["bounces"]] == ["ada@example.org is full"]
    assert "ben" not in repr(found)
