"""Readers, what came back from them, and what is known of an address: on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from digest.model.ids import EditionKey, ReaderId
from digest.storage.bounces import Bounces, Consequence, Filed, Filing, NewBounce
from digest.storage.departures import Departure, Departures
from digest.storage.dossiers import Dossiers
from digest.storage.editions import Editions
from digest.storage.engine import Database
from digest.storage.partitions import make
from digest.storage.readers import Added, NewReader, Readers, StoredReader
from digest.storage.schema.mailing import deliveries

NOW = datetime(2026, 10, 14, 4, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
BOTH = ("morning", "evening")


def new(name: str, *editions: str, left: bool = False, suppressed: str = "", by: str = "operator") -> NewReader:
    return NewReader(
        address=f"{name}@Reader.example",
        identity=f"{name}@reader.example",
        name=name.title(),
        language="de",
        editions=editions or ("morning",),
        consent={"by": by, "how": "a test"},
        left=left,
        suppressed=suppressed,
    )


def gets(database: Database, edition: str = "morning", now: datetime = LATER) -> list[str]:
    return [reader.address.split("@")[0] for reader in Readers(database).subscribed(edition, now)]


def number(database: Database, name: str = "ada") -> ReaderId:
    found = Readers(database).find(f"{name}@reader.example")
    assert found is not None
    return found.reader.id


def stored(database: Database, name: str) -> StoredReader | None:
    return Readers(database).find(f"{name}@reader.example")


def test_a_batch_says_what_came_of_each_in_its_order(database: Database) -> None:
    readers = Readers(database)
    readers.add([new("ada"), new("ben"), new("cleo")], NOW)
    readers.leave("ben@reader.example", "removed by the operator", NOW)
    readers.suppress("cleo@reader.example", "bounced", NOW)
    wanted = [new("ada"), new("ada", *BOTH), new("ben"), new("cleo"), new("dora"), new("dora"), new("dora", "evening")]
    expected = (
        Added.KNOWN,
        Added.CHANGED,
        Added.LEFT,
        Added.SUPPRESSED,
        Added.NEW,
        Added.REPEATED,
        Added.CHANGED,
    )
    assert readers.foresee(wanted, LATER) == expected
    assert readers.find("dora@reader.example") is None
    assert readers.add(wanted, LATER) == expected
    assert gets(database) == ["ada", "dora"]
    assert gets(database, "evening") == ["ada", "dora"]


def test_what_is_stored_is_what_was_given(database: Database) -> None:
    Readers(database).add([new("zo\u00eb'\"\\", *BOTH)], NOW)
    stored = Readers(database).find("zo\u00eb'\"\\@reader.example")
    assert stored is not None
    assert stored.reader.address == "zo\u00eb'\"\\@Reader.example"
    assert (stored.reader.name, stored.reader.language) == ("Zo\u00eb'\"\\", "de")
    assert (set(stored.reader.editions), stored.state, stored.suppressed) == (set(BOTH), "active", "")
    assert (stored.consent, stored.added_at, stored.left_at) == ({"by": "operator", "how": "a test"}, NOW, None)


def test_who_left_or_bounced_elsewhere_is_kept_away(database: Database) -> None:
    readers = Readers(database)
    away = [new("ada", left=True), new("ben", suppressed="bounced"), replace(new("cleo", left=True), left_at=NOW)]
    assert readers.add(away, LATER) == (Added.KEPT_AWAY,) * 3
    assert readers.add([new("ada"), new("ben"), new("cleo")], LATER + timedelta(days=1)) == (Added.LEFT,) * 3
    assert gets(database) == []
    stored = {each.reader.name: each for each in readers.walk(left=True)}
    assert {name: (each.state, each.suppressed) for name, each in stored.items()} == {
        "Ada": ("left", ""),
        "Ben": ("left", "bounced"),
        "Cleo": ("left", ""),
    }
    assert (stored["Ada"].left_at, stored["Cleo"].left_at) == (LATER, NOW)


def test_who_left_elsewhere_since_is_taken_off_and_who_signed_up_here_since_is_not(database: Database) -> None:
    readers = Readers(database)
    readers.add([new("ada"), new("ben"), new("cleo", by="reader"), new("dora", by="reader"), new("eve")], NOW)
    left = [
        new("ada", left=True),
        replace(new("ben", left=True), left_at=NOW - timedelta(days=9)),
        new("cleo", left=True),
        replace(new("dora", left=True), left_at=NOW + timedelta(days=1)),
        new("eve", suppressed="complained"),
    ]
    expected = (Added.TAKEN_OFF, Added.STAYS, Added.STAYS, Added.TAKEN_OFF, Added.TAKEN_OFF)
    assert readers.foresee(left, LATER) == expected
    assert readers.add(left, LATER) == expected
    assert gets(database) == ["ben", "cleo"]
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT reader_id FROM subscriptions").scalars().all()
    assert number(database, "ada") not in rows


def test_who_is_named_twice_in_one_file_and_left_once_is_away(database: Database) -> None:
    readers = Readers(database)
    assert readers.add([new("ada"), new("ada", left=True)], NOW) == (Added.NEW, Added.TAKEN_OFF)
    assert readers.add([new("ben", left=True), new("ben")], NOW) == (Added.KEPT_AWAY, Added.REPEATED)
    assert gets(database) == []


def test_who_was_erased_does_not_come_back_by_a_list(database: Database) -> None:
    readers = Readers(database)
    assert not readers.knows_erased()
    readers.suppress("erased:k1:abc", "erased", NOW)
    assert readers.knows_erased()
    shadowed = [replace(new("ada"), shadows=("erased:k0:x", "erased:k1:abc"))]
    shadowed.append(replace(new("ben", left=True), shadows=("erased:k1:abc",)))
    assert readers.add(shadowed, NOW) == (Added.SUPPRESSED, Added.SUPPRESSED)
    assert list(readers.walk(left=True)) == []


def test_pages_follow_each_other_by_number(database: Database) -> None:
    readers = Readers(database)
    readers.add([new(f"r{n}") for n in range(7)], NOW)
    readers.leave("r3@reader.example", "left", NOW)
    first = readers.page(0, 4)
    second = readers.page(first[-1].reader.id, 4)
    assert [each.reader.name for each in (*first, *second)] == ["R0", "R1", "R2", "R4", "R5", "R6"]
    assert len(readers.page(0, 9, left=True)) == 7
    assert readers.page(second[-1].reader.id, 4) == ()


def test_an_address_is_suppressed_and_let_in_again(database: Database) -> None:
    readers = Readers(database)
    readers.add([new("ada")], NOW)
    assert [readers.suppress("ada@reader.example", "by hand", NOW) for _ in range(2)] == [True, False]
    assert gets(database) == []
    assert [readers.unsuppress("ada@reader.example") for _ in range(2)] == ["by hand", ""]
    assert gets(database) == ["ada"]


def bounced(mail: str, reader_id: int | None, kind: str = "soft", at: datetime = NOW) -> NewBounce:
    return NewBounce(
        mail=mail,
        reader_id=None if reader_id is None else ReaderId(reader_id),
        edition="morning",
        kind=kind,
        status="5.2.2",
        words="full",
        at=at,
    )


@pytest.mark.parametrize(("most", "filed"), [(1, Filed.SUPPRESSED), (2, Filed.COUNTED)])
def test_a_bounce_leads_to_what_was_agreed(database: Database, most: int, filed: Filed) -> None:
    Readers(database).add([new("ada")], NOW)
    bounces, ada = Bounces(database), number(database)
    agreed = Consequence(why="bounced", most=most, since=NOW - timedelta(days=30), stronger_than=("left",))
    assert bounces.file(bounced("a", ada, "hard", NOW - timedelta(days=31)), None) is Filed.KEPT
    assert bounces.file(bounced("b", ada, "hard"), agreed) is filed
    assert bounces.file(bounced("b", ada, "hard"), agreed) is Filed.REPEATED
    assert [row.at for row in bounces.of(ada)] == [NOW, NOW - timedelta(days=31)]
    assert (gets(database) == []) is (filed is Filed.SUPPRESSED)


def test_a_stronger_reason_takes_the_place_of_a_weaker_one_only(database: Database) -> None:
    readers, bounces = Readers(database), Bounces(database)
    readers.add([new("ada")], NOW)
    ada = number(database)
    readers.suppress("ada@reader.example", "left", NOW)
    complained = Consequence(why="complained", most=1, since=NOW, stronger_than=("left",))
    assert bounces.file(bounced("a", ada, "complaint"), complained) is Filed.SUPPRESSED
    assert bounces.file(bounced("b", ada, "hard"), replace(complained, why="bounced")) is Filed.KEPT
    assert readers.unsuppress("ada@reader.example") == "complained"


def test_what_is_about_nobody_is_listed_without_a_reader(database: Database) -> None:
    bounces = Bounces(database)
    agreed = Consequence(why="bounced", most=1, since=NOW)
    assert bounces.file(bounced("a", None), agreed) is Filed.KEPT
    assert bounces.file(bounced("b", 77), agreed) is Filed.KEPT
    assert [(row.address, row.kind) for row in bounces.latest(5)] == [("", "soft"), ("", "soft")]
    assert len(bounces.latest(1)) == 1


def test_everything_about_an_address_is_found_together(database: Database) -> None:
    readers = Readers(database)
    readers.add([new("ada", *BOTH)], NOW)
    ada = number(database)
    Departures(database).book(Departure(reader_id=ada, edition="evening", at=NOW, pause_until=LATER))
    row = Editions(database).plan(EditionKey(name="morning", date=date(2026, 10, 14)), NOW, LATER, NOW)
    with database.write() as connection:
        make(connection, [row.id])
        connection.exec_driver_sql(
            "INSERT INTO deliveries (edition_id, reader_id, state, attempts, reply, updated_at)"  # noqa: S608 - numbers
            f" VALUES ({row.id}, {ada}, 'rejected', 1, '550 no', '2026-10-14 05:00:00.000000')"
        )
    readers.suppress("ada@reader.example", "rejected", NOW)
    found = Dossiers(database).of("ada@reader.example")
    assert found.reader is not None
    assert found.reader.suppressed == "rejected"
    assert [(each.edition, each.paused_until) for each in found.subscriptions] == [
        ("evening", LATER),
        ("morning", None),
    ]
    assert found.suppression is not None
    assert [(each.key.name, each.state, each.reply) for each in found.letters] == [("morning", "rejected", "550 no")]
    (refused,) = Bounces(database).refused(5)
    assert (refused.kind, refused.edition, refused.words) == ("refused", "morning", "550 no")
    nobody = Dossiers(database).of("nobody@reader.example")
    assert (nobody.reader, nobody.suppression, nobody.letters, nobody.mails) == (None, None, (), ())


def test_what_the_server_said_is_looked_up_in_the_sixty_newest_editions(database: Database) -> None:
    readers, editions, bounces = Readers(database), Editions(database), Bounces(database)
    readers.add([new("ada")], NOW)
    keys = [EditionKey(name="morning", date=date(2026, 8, 1) + timedelta(days=n)) for n in range(61)]
    first, *others = (editions.plan(key, NOW, LATER, NOW) for key in keys[:60])
    assert len(others) == 59
    with database.write() as connection:
        make(connection, [first.id])
        said = {"state": "rejected", "attempts": 1, "reply": "550 no", "updated_at": NOW}
        row = {"edition_id": first.id, "reader_id": number(database)} | said
        connection.execute(deliveries.insert(), [row])
    readers.suppress("ada@reader.example", "rejected", NOW)
    assert [refused.words for refused in bounces.refused(5)] == ["550 no"]
    editions.plan(keys[60], NOW, LATER, NOW)
    assert [refused.words for refused in bounces.refused(5)] == [""]


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("days_ago", "kinds", "filed"),
    [
        ((2, 1, 0), ("soft",) * 3, Filed.SUPPRESSED),
        ((2, 0, 0), ("soft",) * 3, Filed.COUNTED),  # two on one day count once
        ((1, 0), ("soft",) * 2, Filed.COUNTED),
        ((30, 1, 0), ("soft",) * 3, Filed.SUPPRESSED),  # from the very moment on
        ((31, 1, 0), ("soft",) * 3, Filed.COUNTED),
        ((2, 1, 0), ("soft", "hard", "soft"), Filed.COUNTED),
    ],
)
def test_bounces_of_one_kind_count_by_the_days_on_which_they_came(
    database: Database, days_ago: tuple[int, ...], kinds: tuple[str, ...], filed: Filed
) -> None:
    Readers(database).add([new("ada"), new("bea")], NOW)
    bounces, ada = Bounces(database), number(database)
    agreed = Consequence(why="bounced", most=3, since=NOW - 30 * DAY)
    came = [
        bounces.file(bounced(f"m{n}", ada, kind, NOW - ago * DAY), agreed)
        for n, (ago, kind) in enumerate(zip(days_ago, kinds, strict=True))
    ]
    assert came == [*[Filed.COUNTED] * (len(came) - 1), filed]


@pytest.mark.parametrize(("first", "filed"), [(timedelta(), Filed.SUPPRESSED), (timedelta(seconds=1), Filed.COUNTED)])
def test_the_first_bounce_must_be_as_old_as_was_agreed(database: Database, first: timedelta, filed: Filed) -> None:
    Readers(database).add([new("ada")], NOW)
    bounces, ada = Bounces(database), number(database)
    agreed = Consequence(why="bounced", most=2, since=NOW - 30 * DAY, first_before=NOW - 3 * DAY)
    assert bounces.file(bounced("a", ada, at=NOW - 3 * DAY + first), agreed) is Filed.COUNTED
    assert bounces.file(bounced("b", ada), agreed) is filed


def test_the_newest_twenty_bounces_of_a_reader_are_told_unless_more_are_asked_for(database: Database) -> None:
    Readers(database).add([new("ada")], NOW)
    bounces, ada = Bounces(database), number(database)
    for n in range(21):
        bounces.file(bounced(f"m{n}", ada, at=NOW + n * DAY), None)
    assert [row.at for row in bounces.of(ada)] == [NOW + n * DAY for n in range(20, 0, -1)]
    assert len(bounces.of(ada, 30)) == 21
    assert [row.address for row in bounces.latest(1)] == ["ada@Reader.example"]


GONE = Consequence(why="bounced", most=1, since=NOW - 30 * DAY, stronger_than=("left",))
FULL = Consequence(why="bounced", most=2, since=NOW - 30 * DAY)


def test_bounces_filed_together_end_as_one_after_the_other(database: Database) -> None:
    readers, bounces = Readers(database), Bounces(database)
    readers.add([new(name) for name in ("ada", "ben", "cleo", "dora", "eve")], NOW)
    ada, ben, cleo, dora, eve = (number(database, name) for name in ("ada", "ben", "cleo", "dora", "eve"))
    readers.suppress("ben@reader.example", "left", NOW)
    readers.suppress("cleo@reader.example", "complained", NOW)
    bounces.file(bounced("before", dora, at=NOW - DAY), FULL)
    told: list[tuple[NewBounce, Consequence | None, Filed]] = [
        (bounced("1", ada, "hard"), GONE, Filed.SUPPRESSED),
        (bounced("1", ada, "hard"), GONE, Filed.REPEATED),
        (bounced("2", ada, "complaint"), replace(GONE, why="complained"), Filed.KEPT),
        (bounced("3", ben, "hard"), GONE, Filed.SUPPRESSED),
        (bounced("4", cleo, "hard"), GONE, Filed.KEPT),
        (bounced("before", dora), FULL, Filed.REPEATED),
        (bounced("5", dora), FULL, Filed.SUPPRESSED),
        (bounced("6", eve), FULL, Filed.COUNTED),
        (bounced("7", eve), FULL, Filed.COUNTED),
        (bounced("8", eve, "blocked"), None, Filed.KEPT),
        (bounced("9", None, "hard"), GONE, Filed.KEPT),
        (bounced("10", 4711, "hard"), GONE, Filed.KEPT),
    ]
    leaving = Departure(reader_id=eve, edition=None, at=NOW)
    done = bounces.file_all([Filing(bounce=one, consequence=agreed) for one, agreed, _ in told], [leaving, leaving])
    assert done.filed == tuple(expected for _, _, expected in told)
    assert done.left == (True, False)
    why = {name: found.suppressed for name in ("ada", "ben", "cleo", "dora") if (found := stored(database, name))}
    assert why == {"ada": "bounced", "ben": "bounced", "cleo": "complained", "dora": "bounced"}
    again = bounces.file_all([Filing(bounce=one, consequence=agreed) for one, agreed, _ in told])
    assert set(again.filed) == {Filed.REPEATED}
    assert len(bounces.latest(50)) == 11


def test_nothing_of_a_batch_is_stored_when_one_of_it_is_refused(database: Database) -> None:
    Readers(database).add([new("ada")], NOW)
    bounces, ada = Bounces(database), number(database)
    poison = replace(bounced("b", ada, "hard"), words="\ud800")
    with pytest.raises(Exception, match="surrogates"):
        bounces.file_all([Filing(bounce=bounced("a", ada, "hard"), consequence=GONE), Filing(bounce=poison)])
    assert (bounces.latest(5), gets(database)) == ((), ["ada"])


def test_readers_are_known_by_their_addresses_and_since_their_newest_subscription(database: Database) -> None:
    readers = Readers(database)
    readers.add([new("ada"), new("ben")], NOW)
    readers.add([new("ada", "evening")], LATER)
    readers.leave("ben@reader.example", "left", LATER)
    known = readers.known([f"{name}@reader.example" for name in ("ada", "ben", "nobody")])
    assert {identity: (one.id, one.since) for identity, one in known.items()} == {
        "ada@reader.example": (number(database, "ada"), LATER),
        "ben@reader.example": (number(database, "ben"), None),
    }
    assert readers.known([]) == {}
