"""What the operator corrects or forgets, and the numbers of who came and went, on both kinds of database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from digest.bookkeeping import Counts
from digest.errors import ReaderError
from digest.model.ids import ReaderId
from digest.storage.bounces import Bounces, Consequence, NewBounce
from digest.storage.corrections import Correction, Corrections
from digest.storage.day_counts import DayCounts
from digest.storage.departures import Departure, Departures
from digest.storage.engine import Database
from digest.storage.outbox import Outbox
from digest.storage.readers import NewReader, Readers
from digest.storage.schema.mailing import outbox, tallies
from digest.storage.schema.people import readers, suppressions, tokens
from digest.storage.selfservice import NewChoice, SelfService, TokenUse
from digest.storage.signups import Confirmation, NewAsk, Signups
from digest.storage.tokens import NewToken, keep

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
BOTH = ("evening", "morning")


def enrol(database: Database, *names: str, editions: tuple[str, ...] = BOTH) -> Readers:
    doors = Readers(database)
    doors.add([NewReader(address=n, identity=n, editions=editions, consent={}) for n in names], NOW)
    return doors


def counted(database: Database) -> dict[tuple[str, str, str], int]:
    found = DayCounts(database).since(NOW - timedelta(days=1))
    assert {day for day, *_ in found} <= {TODAY}
    return {(edition, what, way): number for _, edition, what, way, number in found}


def test_what_is_named_is_corrected_and_all_else_stays(database: Database) -> None:
    doors, hand = enrol(database, "ada@x.example"), Corrections(database)
    assert hand.correct("ada@x.example", Correction(name="Ada", language="de"), NOW)
    assert hand.correct("ada@x.example", Correction(address="Eve@x.example", identity="eve@x.example"), NOW)
    assert doors.find("ada@x.example") is None
    stored = doors.find("eve@x.example")
    assert stored is not None
    reader = stored.reader
    assert (reader.address, reader.name, reader.language, reader.editions) == ("Eve@x.example", "Ada", "de", BOTH)


def test_editions_that_are_named_are_all_from_now_on(database: Database) -> None:
    doors, hand = enrol(database, "ada@x.example", editions=("morning",)), Corrections(database)
    assert hand.correct("ada@x.example", Correction(editions=("evening",)), NOW)
    stored = doors.find("ada@x.example")
    assert stored is not None
    assert stored.reader.editions == ("evening",)
    assert counted(database) == {
        ("evening", "joined", "operator"): 1,
        ("morning", "joined", "operator"): 1,
        ("morning", "left", "operator"): 1,
    }


def test_an_address_of_somebody_else_or_one_that_is_suppressed_is_refused(database: Database) -> None:
    doors, hand = enrol(database, "ada@x.example", "eve@x.example"), Corrections(database)
    doors.suppress("bad@x.example", "bounced", NOW)
    for other in ("eve@x.example", "bad@x.example"):
        with pytest.raises(ReaderError, match="nothing was changed"):
            hand.correct("ada@x.example", Correction(address=other, identity=other, name="X"), NOW)
    stored = doors.find("ada@x.example")
    assert stored is not None
    assert stored.reader.name == ""


def test_who_left_or_is_unknown_is_not_corrected(database: Database) -> None:
    doors, hand = enrol(database, "ada@x.example"), Corrections(database)
    doors.leave("ada@x.example", "left", NOW)
    assert not hand.correct("ada@x.example", Correction(name="X"), NOW)
    assert not hand.correct("nobody@x.example", Correction(name="X"), NOW)


def ask(database: Database, address: str) -> None:
    new = NewAsk(
        kind="subscribe",
        address=address,
        identity=address,
        limit_key="k",
        language="en",
        request={"words": address},
        nonce="n",
        expires=NOW + timedelta(days=1),
    )
    Signups(database).ask(new, (), NOW)


@pytest.mark.parametrize("known", ["reader", "left", "asked", "suppressed"])
def test_an_erased_address_is_nowhere_any_more_and_no_import_brings_it_back(database: Database, known: str) -> None:
    address, hand = "ada@x.example", Corrections(database)
    doors = enrol(database, "eve@x.example", *((address,) if known in {"reader", "left"} else ()))
    if known == "left":
        doors.leave(address, "left", NOW)
    if known == "asked":
        ask(database, address)
        with database.write() as connection:
            grant = {"identity": address, "address": address}
            keep(connection, NewToken(hash="h", purpose="confirm", expires=NOW, reader_id=None, grant=grant), NOW)
    if known == "suppressed":
        doors.suppress(address, "bounced", NOW)
    assert hand.erase(address, "erased:k:1", NOW)
    with database.read() as connection:
        everything = [connection.execute(select(t)).all() for t in (readers, suppressions, tokens, outbox, tallies)]
    assert address not in repr(everything)
    assert "eve@x.example" in repr(everything)
    new = NewReader(address=address, identity=address, editions=BOTH, consent={}, shadows=("erased:k:1",))
    assert doors.add([new], NOW)[0].name == "SUPPRESSED"
    assert not hand.erase(address, "erased:k:1", NOW)
    assert Outbox(database).counts() == Counts(())


def test_each_way_in_and_out_is_counted_once_by_edition(database: Database) -> None:
    doors = enrol(database, *(f"r{n}@x.example" for n in range(6)))
    enrol(database, "r0@x.example")
    departures = Departures(database)
    departures.book(Departure(reader_id=ReaderId(1), edition="morning", at=NOW))
    departures.book(Departure(reader_id=ReaderId(1), edition="morning", at=NOW))
    departures.book(Departure(reader_id=ReaderId(2), edition=None, at=NOW))
    departures.book(Departure(reader_id=ReaderId(3), edition="morning", at=NOW, pause_until=NOW))
    doors.leave("r2@x.example", "removed by the operator", NOW)
    doors.leave("r2@x.example", "removed by the operator", NOW)
    Corrections(database).erase("r3@x.example", "erased:k:1", NOW)
    gone = NewReader(address="r4@x.example", identity="r4@x.example", editions=(), consent={}, left=True)
    doors.add([NewReader(**{**{f: getattr(gone, f) for f in gone.__slots__}, "left_at": NOW + timedelta(1)})], NOW)
    assert counted(database) == {
        ("evening", "joined", "operator"): 6,
        ("morning", "joined", "operator"): 6,
        ("morning", "left", "link"): 2,
        ("evening", "left", "link"): 1,
        **{(edition, "left", way): 1 for edition in BOTH for way in ("operator", "erased", "import")},
    }


def test_confirming_and_choosing_are_counted(database: Database) -> None:
    with database.write() as connection:
        for number, purpose in enumerate(("confirm", "choose")):
            token = NewToken(hash=f"h{number}", purpose=purpose, expires=NOW + timedelta(1), reader_id=None, grant={})
            keep(connection, token, NOW)
    wish = Confirmation(
        token="h0",
        purpose="confirm",
        address="ada@x.example",
        identity="ada@x.example",
        aliases=(),
        limit_key="k",
        language="en",
        editions=("morning",),
        consent={},
        liftable=(),
    )
    reader = Signups(database).confirm(wish, NOW)
    assert reader is not None
    choice = NewChoice(editions={"evening": None}, known=BOTH, language="en", liftable=(), consent={})
    use = TokenUse(token="h1", purpose="choose")
    assert SelfService(database).choose(reader, use, choice, NOW)
    assert counted(database) == {
        ("morning", "joined", "confirmed"): 1,
        ("evening", "joined", "preferences"): 1,
        ("morning", "left", "preferences"): 1,
    }


def test_bounces_and_complaints_are_counted_from_what_came_back(database: Database) -> None:
    enrol(database, "ada@x.example", editions=("morning",))
    bounces = Bounces(database)
    for kind in ("soft", "hard", "complaint"):
        bounce = NewBounce(mail=kind, reader_id=ReaderId(1), edition="morning", kind=kind, status="", words="", at=NOW)
        gone = Consequence(why="bounced", most=1, since=NOW) if kind == "hard" else None
        bounces.file(bounce, gone)
    assert counted(database) == {
        ("morning", "joined", "operator"): 1,
        ("morning", "bounced", "hard"): 1,
        ("morning", "bounced", "soft"): 1,
        ("morning", "complained", "junk"): 1,
        ("morning", "left", "bounced"): 1,
    }
