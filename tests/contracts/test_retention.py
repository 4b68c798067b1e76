"""What is old goes, and what an edition needs stays, on both kinds of database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import func, select, update
from tests.conftest import Filled
from tests.pipeline.conftest import DUE, Newsroom
from tests.states import put

from digest.deliver.ledger.journal import Journal
from digest.model.delivery import DeliveryState
from digest.model.desk_session import AuditEntry, Origin
from digest.model.edition import EditionState
from digest.model.ids import SourceId
from digest.model.quarantine import ItemKind, SetAside
from digest.model.source import FeedEntry
from digest.model.user import Role
from digest.pipeline.keeping.prune import Gone, prune, prune_daily
from digest.pipeline.progress import unseen
from digest.pipeline.proofs.rebuild import rebuild
from digest.pipeline.proofs.verify import verify_edition
from digest.pipeline.readers.enrol import Subscription, subscribe
from digest.pipeline.sending.control import audit
from digest.pipeline.sending.deliver_edition import post
from digest.storage.engine import Database
from digest.storage.retention import BATCH
from digest.storage.schema.mailing import deliveries
from digest.storage.schema.press import articles, entries
from digest.storage.user_sessions import NewSession
from digest.storage.users import NewUser

READERS = 3
MORNING = "morning/2026-11-23"


def sent(database: Database) -> None:
    """Fill a database with a morning that was sent, as files."""
    with TemporaryDirectory() as folder:
        send(Newsroom(database, Path(folder)))


def send(newsroom: Newsroom) -> None:
    """Let readers subscribe, and send the morning's edition to them."""
    for number in range(READERS):
        wish = Subscription(address=f"reader{number}@quay.example", editions=("morning",))
        subscribe(newsroom.stores, newsroom.now, wish)
    newsroom.now = DUE
    newsroom.freeze()
    row = newsroom.stores.editions.get(newsroom.due().key)
    assert row is not None
    post(newsroom.runtime, row, progress=unseen)


@pytest.fixture(params=["sqlite", "postgresql"])
def room(request: pytest.FixtureRequest, filled: Filled, tmp_path: Path) -> Iterator[Newsroom]:
    """Give a newsroom whose morning edition was sent."""
    database = Database(filled(request.param, sent, tmp_path / "digest.db"))
    newsroom = Newsroom(database, tmp_path, stories=())
    newsroom.now = DUE
    yield newsroom
    database.close()


def kept(room: Newsroom, **days: int) -> None:
    """Keep some things for so many days, and everything else for ever."""
    nothing = dict.fromkeys(room.settings.retention.__struct_fields__, 0)
    retention = structs.replace(room.settings.retention, **nothing | {f"{name}_days": n for name, n in days.items()})
    room.settings = structs.replace(room.settings, retention=retention)


def pruned(room: Newsroom, *, dry: bool = False) -> dict[str, int]:
    return {each.name: each.number for each in prune(room.runtime, dry=dry) if each.number}


def count(room: Newsroom, table: Any) -> int:
    with room.stores.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def test_deliveries_go_and_their_sums_stay_so_that_the_audit_still_adds_up(room: Newsroom) -> None:
    kept(room, deliveries=400)
    before = audit(room.runtime, MORNING)
    room.now += timedelta(days=399)
    assert pruned(room) == {}
    room.now += timedelta(days=2)
    assert pruned(room, dry=True) == {"deliveries": READERS}
    assert count(room, deliveries) == READERS
    assert pruned(room) == {"deliveries": READERS}
    after = audit(room.runtime, MORNING)
    assert count(room, deliveries) == 0
    assert (after.counts, after.audience, after.problems) == (before.counts, READERS, ())
    assert before.counts.of(DeliveryState.ACCEPTED) == READERS
    assert pruned(room) == {}


def test_a_pruning_that_was_killed_in_the_middle_loses_no_sum(room: Newsroom) -> None:
    from digest.storage.retention import Retention  # noqa: PLC0415

    row = room.stores.editions.latest()[0]
    Retention(room.stores.database)._keep_sums(row.id)
    with room.stores.database.write() as connection:
        connection.execute(deliveries.delete().where(deliveries.c.reader_id == 1))
    kept(room, deliveries=60)
    room.now += timedelta(days=61)
    assert pruned(room) == {"deliveries": READERS - 1}
    assert audit(room.runtime, MORNING).counts.audience == READERS


@pytest.mark.parametrize("state", [EditionState.SENDING, EditionState.PAUSED])
def test_an_edition_that_has_not_ended_keeps_its_deliveries(room: Newsroom, state: EditionState) -> None:
    put(room.stores.database, room.stores.editions.latest()[0].id, state)
    kept(room, deliveries=60)
    room.now += timedelta(days=100)
    assert pruned(room) == {}


def test_articles_that_a_letter_quotes_stay_and_the_edition_can_be_verified_for_ever(room: Newsroom) -> None:
    room.print_("A notice that no letter quoted", "Nobody ever read this notice of the harbour office. " * 3)
    kept(room, articles=400, entries=400)
    assert rebuild(room.runtime, MORNING).difference == ""
    room.now += timedelta(days=401)
    assert pruned(room) == {"articles": 1, "entries": 1}
    proof = verify_edition(room.runtime, MORNING)
    assert (proof.unproved, proof.bullets > 0) == ((), True)
    assert count(room, articles) == count(room, entries) == 5


def test_more_old_articles_than_a_batch_all_go(room: Newsroom) -> None:
    for number in range(7):
        room.print_(f"Notice {number}", f"Nobody ever read notice {number} of the harbour office. " * 3)
    kept(room, articles=10)
    room.now += timedelta(days=11)
    before = BATCH
    import digest.storage.retention as module  # noqa: PLC0415

    module.BATCH = 2
    try:
        assert pruned(room) == {"articles": 7}
    finally:
        module.BATCH = before


def test_a_link_that_is_still_listed_stays_and_does_not_come_again_as_new(room: Newsroom) -> None:
    def listed(slug: str) -> FeedEntry:
        url = f"https://paper1.example/{slug}"
        return FeedEntry(source_id=SourceId(1), url=url, link=url, title=slug, published=None, seen_at=room.now)

    room.stores.entries.see([listed("evergreen"), listed("gone")])
    for waiting in room.stores.entries.pending():
        room.stores.entries.fail(waiting.id, "no article", room.now, final=True)
    kept(room, entries=180)
    room.now += timedelta(days=170)
    room.stores.entries.see([listed("evergreen")])
    room.now += timedelta(days=11)
    assert pruned(room) == {"entries": 1}
    assert room.stores.entries.see([listed("evergreen")]) == 0
    assert room.stores.entries.see([listed("gone")]) == 1


def test_an_entry_that_waits_is_never_pruned(room: Newsroom) -> None:
    url = "https://paper1.example/waits"
    waits = FeedEntry(source_id=SourceId(1), url=url, link=url, title="x", published=None, seen_at=room.now)
    room.stores.entries.see([waits])
    kept(room, entries=10)
    room.now += timedelta(days=1000)
    assert pruned(room) == {}


def test_pictures_that_a_letter_shows_stay(room: Newsroom) -> None:
    pictures, row = room.stores.pictures, room.stores.editions.latest()[0]
    pictures.keep("https://paper1.example/shown.jpg", b"shown", 4, 3, room.now)
    pictures.keep("https://paper1.example/other.jpg", b"other", 4, 3, room.now)
    pictures.refuse("https://paper1.example/bad.jpg", "too small", room.now)
    shown = pictures.of("https://paper1.example/shown.jpg")
    assert shown is not None
    look = {**row.seen["look"], "picture": {"name": shown.name, "width": 4, "height": 3}}
    from digest.storage.schema.editions import editions  # noqa: PLC0415

    with room.stores.database.write() as connection:
        connection.execute(update(editions).where(editions.c.id == row.id).values(seen={**row.seen, "look": look}))
    kept(room, pictures=30)
    room.now += timedelta(days=31)
    assert pruned(room) == {"pictures": 2}
    assert pictures.data(shown.name) == b"shown"


def test_old_runs_go_but_the_newest_of_each_kind(room: Newsroom) -> None:
    runs, long_ago = room.stores.runs, room.now - timedelta(days=100)
    runs.record("fetch", long_ago, long_ago, {})
    runs.record("fetch", long_ago, long_ago, {})
    kept(room, runs=90)
    assert pruned(room) == {"runs": 1}
    assert runs.last("fetch") == long_ago


def test_what_was_set_aside_goes_but_sources(room: Newsroom) -> None:
    for kind in (ItemKind.PAGE, ItemKind.SOURCE):
        item = SetAside(kind=kind, key="k", error="ValueError", trace="", data=b"", at=room.now)
        room.stores.quarantine.put(item)
    kept(room, quarantine=180)
    room.now += timedelta(days=181)
    assert pruned(room) == {"quarantine": 1}
    assert [item.kind for item in room.stores.quarantine.all()] == [ItemKind.SOURCE]


def test_a_journal_of_a_run_that_is_alive_stays(room: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / "journals"
    left = Journal(folder)
    left.close(remove=False)
    kept(room, journals=30)
    room.now = datetime.now(UTC) + timedelta(days=31)
    with Journal(folder) as alive:
        assert pruned(room) == {"journals": 1}
        assert [path.name for path in folder.glob("*.journal")] == [alive.path.name]


def test_it_runs_once_a_day_in_pieces_and_never_while_letters_leave(room: Newsroom) -> None:
    kept(room, deliveries=60)
    room.now += timedelta(days=100)
    row, stop = room.stores.editions.latest()[0], threading.Event()
    put(room.stores.database, row.id, EditionState.SENDING)
    prune_daily(room.runtime, stop)
    assert room.stores.runs.last("prune") is None
    put(room.stores.database, row.id, EditionState.SENT)
    prune_daily(room.runtime, stop)
    assert (count(room, deliveries), room.stores.runs.last("prune")) == (0, room.now)
    room.now += timedelta(hours=23)
    prune_daily(room.runtime, stop)
    assert len([run for run in room.stores.runs.latest() if run.kind == "prune"]) == 1


def test_one_run_takes_out_no_more_batches_than_it_may(room: Newsroom) -> None:
    for number in range(3):
        room.stores.runs.record("fetch", room.now, room.now, {"number": number})
    kept(room, runs=10, deliveries=60)
    room.now += timedelta(days=100)
    found = {each.name: each for each in prune(room.runtime, most=1)}
    assert isinstance(found["runs"], Gone)
    assert (found["runs"].number, found["runs"].whole) == (2, False)


def test_nothing_goes_where_everything_is_kept_for_ever(room: Newsroom) -> None:
    kept(room)
    room.now += timedelta(days=10_000)
    assert pruned(room) == {}


def test_a_run_ends_after_a_batch_when_letters_begin_to_leave(room: Newsroom) -> None:
    kept(room, deliveries=60, runs=10)
    room.stores.runs.record("fetch", room.now, room.now, {})
    room.stores.runs.record("fetch", room.now, room.now, {})
    room.now += timedelta(days=100)
    found = {each.name: each for each in prune(room.runtime, go_on=lambda: False)}
    assert (found["deliveries"].number, found["deliveries"].whole) == (READERS, False)


def test_the_log_of_the_desk_goes_by_its_days_and_what_signing_in_left_behind_goes_with_it(room: Newsroom) -> None:
    stores = room.stores
    ana = NewUser(name="Ana", email="a@b.example", identity="a@b.example", role=Role.EDITOR)
    user_id = stores.users.add(ana, room.now)
    assert user_id is not None
    for days in (0, 31):
        at = room.now - timedelta(days=days)
        stores.audit.add(AuditEntry(at=at, who="a@b.example", what="signed in"))
        ends = at + timedelta(hours=24)
        new = NewSession(hash=f"{days}", user_id=user_id, ends_at=ends, how="password", origin=Origin())
        stores.user_sessions.open(new, at)
    stores.sign_in.know("old", user_id, room.now - timedelta(days=181))
    kept(room, audit=30)
    assert pruned(room, dry=True) == {"audit": 1}
    assert len(stores.user_sessions.of(user_id)) == 2
    assert pruned(room) == {"audit": 1}
    assert [entry.at for entry in stores.audit.entries()] == [room.now]
    assert stores.user_sessions.find("31") is None
    assert stores.user_sessions.find("0") is not None
    assert not stores.sign_in.is_known("old", user_id)
