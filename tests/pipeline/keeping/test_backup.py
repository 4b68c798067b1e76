"""A backup is whole or it is none; one that is restored mails nobody again without a word."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from stat import S_IMODE

import msgspec
import pytest
from msgspec import structs
from sqlalchemy import select
from tests.pipeline.keeping.conftest import Keeping, Place, no_fetch
from tests.upgrades.conftest import Recorded

from digest.deliver.ledger.journal import Journal, here, read
from digest.errors import BackupError, DamagedBackup, LivingDatabase, MissingTool, SchemaMismatch, TargetNotEmpty
from digest.model.delivery import DeliveryState
from digest.model.edition import EditionState
from digest.model.ids import ReaderId
from digest.model.life import Cause
from digest.pipeline.editions.composing import occasion
from digest.pipeline.keeping.manifest import backups, newest, read_manifest
from digest.pipeline.progress import unseen
from digest.pipeline.proofs.rebuild import rebuild
from digest.pipeline.proofs.verify import verify_edition
from digest.pipeline.readers.personal_mails import send_mails
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.control import audit, resume
from digest.pipeline.sending.deliver_edition import post
from digest.pipeline.sending.send import Request, send_edition
from digest.pipeline.sending.tick import Ticker
from digest.readers.address import parse_address
from digest.storage.deliveries import Deliveries
from digest.storage.departures import Departure
from digest.storage.dump import FILES
from digest.storage.editions import StoredEdition
from digest.storage.engine import Database
from digest.storage.readers import NewReader
from digest.storage.schema.mailing import outbox
from digest.storage.signups import NewAsk

READERS = 40
MORNING = "morning/2026-11-23"


def row(runtime: Runtime, name: str = "morning") -> StoredEdition:
    due = occasion(runtime.settings, name, None, runtime.clock())
    found = runtime.stores.editions.get(due.key)
    assert found is not None
    return found


def tick(runtime: Runtime, times: int = 3) -> None:
    """Let the clock's job look, and the mails' too."""
    ticker = Ticker(runtime, no_fetch, threading.Event())
    for _ in range(times):
        ticker.tick()
        send_mails(runtime, recover=True)


def accepted(runtime: Runtime) -> int:
    return Deliveries(runtime.stores.database, row(runtime).id).counts().of(DeliveryState.ACCEPTED)


def sending(keeping: Keeping, pause_at: int, meanwhile: Callable[[], None]) -> None:
    """Send the morning edition, and do something else between its letters.

    The run waits meanwhile: how much it sends during a slow dump would decide what the backup knows.
    """
    mail = structs.replace(keeping.newsroom.settings.mail, per_second=40)
    keeping.newsroom.settings = structs.replace(keeping.newsroom.settings, mail=mail)
    keeping.newsroom.freeze()
    reached, over = threading.Event(), threading.Event()

    def watch(done: int, total: int, what: str) -> None:  # noqa: ARG001 - a Progress
        if done >= pause_at:
            reached.set()
            over.wait(60)

    runtime = keeping.newsroom.runtime
    run = threading.Thread(target=lambda: post(runtime, row(runtime), progress=watch))
    run.start()
    assert reached.wait(60)
    try:
        meanwhile()
    finally:
        over.set()
        run.join()


@pytest.mark.slow
def test_a_backup_made_while_letters_leave_mails_nobody_without_a_word(keeping: Keeping) -> None:
    everybody = keeping.enrol(READERS)
    keeping.newsroom.now += timedelta(hours=1, minutes=1)
    made: list[Path] = []
    sending(keeping, 5, lambda: made.append(keeping.back_up().folder))
    assert sorted(keeping.sent) == sorted(everybody)
    assert row(keeping.newsroom.runtime).state is EditionState.SENT

    keeping.newsroom.now += timedelta(minutes=10)
    place = keeping.elsewhere()
    done = keeping.restore(made[0], place)
    runtime = place.open()
    known = accepted(runtime)
    assert 0 < known < READERS
    tick(runtime)
    assert sorted(keeping.sent) == sorted(everybody)
    assert row(runtime).state is EditionState.PAUSED
    assert done.held.editions == ((MORNING, f"digest resume {MORNING}"),)
    assert (audit(runtime, MORNING).problems, verify_edition(runtime, MORNING).unproved) == ((), ())
    assert rebuild(runtime, MORNING).difference == ""
    assert runtime.stores.archive.letter(row(runtime).key) == keeping.newsroom.stores.letters.get(
        row(keeping.newsroom.runtime).id
    )

    resume(runtime, MORNING)
    tick(runtime)
    after = Deliveries(runtime.stores.database, row(runtime).id).counts()
    assert after.of(DeliveryState.ACCEPTED, DeliveryState.UNCERTAIN) == READERS
    again = set(keeping.sent[READERS:])
    assert len(again) == len(keeping.sent) - READERS <= READERS - known - after.of(DeliveryState.UNCERTAIN)


def test_an_edition_that_was_due_meanwhile_goes_at_a_word_only(keeping: Keeping) -> None:
    keeping.enrol(2)
    made = keeping.back_up()
    keeping.newsroom.now += timedelta(hours=1, minutes=30)
    place = keeping.elsewhere()
    done = keeping.restore(made.folder, place)
    assert [edition for edition, _ in done.held.editions] == [MORNING]
    runtime = place.open()
    tick(runtime)
    assert (row(runtime).state, row(runtime).cause, keeping.sent) == (EditionState.SKIPPED, Cause.CLOCK, [])
    assert "restored from a backup of 2026-11-23 05:00 UTC" in row(runtime).in_words
    send_edition(runtime, Request(name="morning", late=True), no_fetch, unseen)
    assert len(keeping.sent) == 2


def test_a_draft_whose_time_came_meanwhile_is_held_and_one_whose_time_comes_goes(keeping: Keeping) -> None:
    keeping.enrol(2)
    keeping.newsroom.compose()
    made = keeping.back_up()
    keeping.newsroom.now += timedelta(minutes=30)
    in_time = keeping.elsewhere()
    assert keeping.restore(made.folder, in_time).held.editions == ()
    keeping.newsroom.now += timedelta(hours=1)
    too_late = keeping.elsewhere()
    assert len(keeping.restore(made.folder, too_late).held.editions) == 1
    tick(too_late.open())
    assert keeping.sent == []
    tick(in_time.open())
    assert len(keeping.sent) == 2


def test_letters_that_expired_meanwhile_are_ended_and_the_books_add_up(keeping: Keeping) -> None:
    keeping.enrol(3)
    keeping.newsroom.now += timedelta(hours=1)
    keeping.newsroom.freeze()
    made = keeping.back_up()
    keeping.newsroom.now += timedelta(hours=7)
    place = keeping.elsewhere()
    assert keeping.restore(made.folder, place).held.editions == ()
    runtime = place.open()
    tick(runtime)
    assert (keeping.sent, audit(runtime, MORNING).problems) == ([], ())
    assert audit(runtime, MORNING).counts.of(DeliveryState.EXPIRED) == 3


def test_mails_to_one_person_that_were_under_way_are_not_sent_again(keeping: Keeping) -> None:
    parsed = parse_address("ada@quay.example")
    now = keeping.newsroom.now
    ask = NewAsk(
        kind="subscribe",
        address=parsed.given,
        identity=parsed.identity,
        limit_key="k",
        language="en",
        request={"editions": ["morning"], "consent": {}},
        nonce="n",
        expires=now + timedelta(days=1),
    )
    keeping.newsroom.stores.signups.ask(ask, (), now)
    made = keeping.back_up()
    place = keeping.elsewhere()
    assert keeping.restore(made.folder, place).held.mails == 1
    runtime = place.open()
    tick(runtime)
    with runtime.stores.database.read() as connection:
        states = connection.execute(select(outbox.c.state, outbox.c.reply)).all()
    assert [(state, "restored" in reply) for state, reply in states] == [("suppressed", True)]
    assert keeping.sent == []


def test_a_backup_is_private_and_has_all_that_an_installation_needs(keeping: Keeping, kind: str) -> None:
    journals = keeping.here.folder / "journals"
    with Journal(journals):
        made = keeping.back_up()
    found = {path.relative_to(made.folder).as_posix(): S_IMODE(path.stat().st_mode) for path in made.folder.rglob("*")}
    files = {name for name, mode in found.items() if mode == 0o600}
    assert {name for name, mode in found.items() if mode == 0o700} == {"files", "files/config", "files/journals"}
    assert files >= {FILES[kind], "manifest.json", "files/config/digest.toml", "files/config/secrets.toml"}
    assert len(files) == len(found) - 3
    assert S_IMODE(made.folder.stat().st_mode) == 0o700
    manifest = read_manifest(made.folder)
    assert manifest.rows["articles"] == 5
    assert manifest.environment == ("DIGEST_MAIL__SENDER",)


def test_a_restored_journal_proves_what_it_says_and_nothing_by_its_silence(keeping: Keeping) -> None:
    with Journal(keeping.here.folder / "journals") as journal:
        journal.begun(7, "relay")
        name = journal.path.name
        made = keeping.back_up()
    place = keeping.elsewhere()
    keeping.restore(made.folder, place)
    found = read(place.folder / "journals", here(), name)
    assert (found.whole, list(found.marks)) == (False, [7])


def test_only_so_many_backups_are_kept_and_what_a_killed_run_left_goes(keeping: Keeping) -> None:
    made = []
    for _ in range(4):
        made.append(keeping.back_up(keep=2).folder.name)
        keeping.newsroom.now += timedelta(minutes=1)
    (keeping.into / ".partial-digest-x").mkdir()
    assert [path.name for path in backups(keeping.into)] == made[2:]
    assert keeping.back_up(keep=2).removed == (keeping.into / made[2],)
    assert [path.name for path in keeping.into.iterdir() if path.name.startswith(".")] == [".lock"]


def test_a_second_backup_at_the_same_time_is_refused(keeping: Keeping) -> None:
    made = keeping.back_up()
    with pytest.raises(BackupError, match="exists already"):
        keeping.back_up()
    assert newest(keeping.into) == made.folder


@pytest.mark.parametrize("spoilt", ["database", "secrets", "missing", "manifest"])
def test_a_backup_that_was_damaged_is_refused_and_nothing_is_changed(keeping: Keeping, kind: str, spoilt: str) -> None:
    folder = keeping.back_up().folder
    name = {"database": FILES[kind], "manifest": "manifest.json"}.get(spoilt, "files/config/secrets.toml")
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 0xFF
    (folder / name).write_bytes(content)
    if spoilt == "missing":
        (folder / name).unlink()
    place = keeping.elsewhere()
    with pytest.raises(DamagedBackup):
        keeping.restore(folder, place)
    assert list(place.folder.iterdir()) == []


def test_a_database_with_rows_is_set_aside_at_a_word_only(keeping: Keeping, kind: str) -> None:
    keeping.enrol(3)
    made = keeping.back_up()
    place = keeping.elsewhere()
    keeping.restore(made.folder, place)
    with pytest.raises(TargetNotEmpty, match=r"readers 3.*--replace"):
        keeping.restore(made.folder, place)
    runtime = place.open()
    runtime.stores.readers.leave("reader0@quay.example", "left", runtime.clock())
    place.close()
    done = keeping.restore(made.folder, place, replace=True)
    assert len(list(place.open().stores.readers.walk())) == 2
    (aside,) = done.aside
    if kind == "sqlite":
        with closing(sqlite3.connect(aside)) as old:
            assert old.execute("SELECT count(*) FROM readers WHERE state = 'active'").fetchone() == (2,)
    else:
        assert (aside / FILES[kind]).stat().st_size > 1000


def test_who_left_since_the_backup_stays_away_where_the_database_that_goes_still_knows(keeping: Keeping) -> None:
    names = keeping.enrol(5)
    made = keeping.back_up()
    place = keeping.elsewhere()
    keeping.restore(made.folder, place)
    runtime = place.open()
    stores, now = runtime.stores, runtime.clock()
    stores.readers.leave(names[0], "left", now)
    stores.corrections.erase(names[1], "erased:k:1", now)
    stores.departures.book(Departure(reader_id=ReaderId(3), edition="morning", at=now))
    stores.readers.suppress(names[3], "complained", now)
    place.close()
    done = keeping.restore(made.folder, place, replace=True)
    stores = place.open().stores
    assert done.carried == 4
    assert [r.address for r in stores.readers.subscribed("morning", now)] == [names[4]]
    assert [r.address for r in stores.readers.subscribed("evening", now)] == [names[2], names[4]]
    assert stores.readers.find(names[1]) is None


def test_readers_of_another_installation_are_not_taken_for_ours(keeping: Keeping) -> None:
    keeping.enrol(2)
    made = keeping.back_up()
    place = keeping.elsewhere()
    runtime = place.open()
    runtime.stores.database.require_schema()
    later = runtime.clock() + timedelta(days=1)
    other = NewReader(address="x@other.example", identity="x@other.example", editions=("morning",), consent={})
    runtime.stores.readers.add([other], later)
    runtime.stores.readers.leave("x@other.example", "left", later)
    place.close()
    keeping.restore(made.folder, place, replace=True)
    assert len(list(place.open().stores.readers.walk())) == 2


def test_a_database_that_others_work_with_is_not_replaced(keeping: Keeping) -> None:
    made = keeping.back_up()
    place = keeping.elsewhere()
    keeping.restore(made.folder, place)
    assert place.open().stores.editions.latest() == ()
    with pytest.raises(LivingDatabase, match="stop `digest serve`"):
        keeping.restore(made.folder, place, replace=True)


def test_other_keys_and_settings_that_are_there_are_kept_unless_they_are_to_be_replaced(keeping: Keeping) -> None:
    made = keeping.back_up()
    place = keeping.elsewhere()
    place.config.parent.mkdir()
    place.config.write_text("# others\n", encoding="utf-8")
    secrets = place.config.with_name("secrets.toml")
    secrets.write_text("# other keys\n", encoding="utf-8")
    with pytest.raises(BackupError, match="other keys"):
        keeping.restore(made.folder, place)
    done = keeping.restore(made.folder, place, replace=True)
    assert (place.config.read_text(encoding="utf-8"), done.kept) == ("# others\n", (str(place.config),))
    assert secrets.read_bytes() == (keeping.here.folder / "config" / "secrets.toml").read_bytes()
    assert done.aside[0].read_text(encoding="utf-8") == "# other keys\n"
    assert done.missing == ("DIGEST_MAIL__SENDER",)


def test_the_marks_of_the_machine_that_sent_hold_a_second_time(keeping: Keeping) -> None:
    keeping.enrol(2)
    keeping.newsroom.now += timedelta(hours=1)
    made = keeping.back_up()
    send_edition(keeping.newsroom.runtime, Request(name="morning"), no_fetch, unseen)
    keeping.newsroom.stores.database.close()
    keeping.restore(made.folder, keeping.here, replace=True)
    runtime = keeping.here.open()
    tick(runtime)
    report = None
    with pytest.raises(Exception, match="2 letters left already"):
        report = send_edition(runtime, Request(name="morning", late=True), no_fetch, unseen)
    assert (report, len(keeping.sent)) == (None, 2)


def changed(folder: Path, **values: object) -> None:
    """Write other values into a backup's manifest."""
    manifest = structs.replace(read_manifest(folder), **values)
    (folder / "manifest.json").write_bytes(msgspec.json.encode(manifest))


def test_a_backup_of_a_newer_program_or_of_the_other_kind_is_refused(keeping: Keeping, kind: str) -> None:
    folder = keeping.back_up().folder
    place = keeping.elsewhere()
    other = Place(
        place.folder,
        "postgresql://nobody@127.0.0.1:1/x" if kind == "sqlite" else "sqlite:///x.db",
        place.settings,
        place.clock,
    )
    other.settings = structs.replace(other.settings, database=structs.replace(other.settings.database, url=other.url))
    with pytest.raises(BackupError, match="digest db copy"):
        keeping.restore(folder, other)
    changed(folder, schema="9999")
    with pytest.raises(SchemaMismatch, match="upgrade the program"):
        keeping.restore(folder, place)
    changed(folder, format=2)
    with pytest.raises(BackupError, match="format 2"):
        keeping.restore(folder, place)


def test_a_backup_of_an_older_schema_is_upgraded_when_it_is_restored(keeping: Keeping, tmp_path: Path) -> None:
    place, recorded = keeping.elsewhere(), Recorded.read()
    old = Database(place.url, place.folder)
    recorded.fill(old)
    keeping.newsroom.stores.database.close()
    keeping.newsroom.stores.database = old
    folder = keeping.back_up().folder
    old.close()
    assert read_manifest(folder).schema == "0002"
    target = keeping.elsewhere()
    keeping.newsroom.now = recorded.now
    done = keeping.restore(folder, target)
    assert [edition for edition, _ in done.held.editions] == [MORNING]
    assert audit(target.open(), "morning/2026-11-22").problems == ()
    shutil.rmtree(tmp_path / "backups")


def test_without_postgresqls_programs_the_error_says_what_to_install(
    keeping: Keeping, kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if kind == "sqlite":
        assert keeping.back_up().size > 0
        return
    with pytest.raises(MissingTool, match=r"pg_dump is not installed.*postgresql-client"):
        keeping.back_up()
    assert [path.name for path in keeping.into.iterdir()] == [".lock"]
