"""One suite for each door of the storage, on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text

from digest.errors import SchemaMismatch, StorageError
from digest.model.article import Article, TextOrigin
from digest.model.edition import Edition, EditionState, ToldStory
from digest.model.ids import ArticleId, EditionKey, SourceId, StoryId
from digest.model.letter import Letter, Slot
from digest.model.life import Cause, Move
from digest.model.source import FeedEntry, Source
from digest.storage.articles import Articles, store
from digest.storage.editions import Draft, Editions
from digest.storage.engine import REVISION, Database
from digest.storage.entries import ATTEMPTS, Entries
from digest.storage.frozen_letters import FrozenLetters
from digest.storage.readers import Added, NewReader, Readers
from digest.storage.runs import Runs
from digest.storage.sources import Sources

NOW = datetime(2026, 10, 14, 4, 0, tzinfo=UTC)
KEY = EditionKey(name="morning", date=date(2026, 10, 14))


def source(number: int = 1) -> Source:
    return Source(
        id=SourceId(number), url=f"https://paper{number}.example/feed", name=f"Paper {number}", publisher=f"P{number}"
    )


def entry(slug: str, position: int = 0, source_id: int = 1) -> FeedEntry:
    url = f"https://paper.example/{slug}"
    return FeedEntry(
        source_id=SourceId(source_id), url=url, link=url, title=slug, published=NOW, position=position, seen_at=NOW
    )


def article(slug: str, text_: str = "One sentence.", seen: datetime = NOW) -> Article:
    url = f"https://paper.example/{slug}"
    return Article(
        id=ArticleId(f"{slug}-{len(text_)}"),
        source_id=SourceId(1),
        url=url,
        link=url,
        title=slug,
        text=text_,
        language="en",
        origin=TextOrigin.PAGE,
        first_seen=seen,
        authors=("Mara Ellery",),
        published=NOW,
    )


def edition() -> Edition:
    return Edition(
        key=KEY,
        title="Morning Update",
        language="en",
        zone="Europe/London",
        cut=NOW,
        subject="A ferry sails",
        preheader="And more",
        items=(),
    )


def told(headline: str = "A ferry sails") -> ToldStory:
    return ToldStory(
        edition=KEY,
        story_id=StoryId("s1"),
        anchor="a-ferry-sails",
        headline=headline,
        urls=("https://paper.example/ferry",),
        titles=(headline,),
        text="One sentence.",
        bullets=("One sentence.",),
        publishers=1,
        cut=NOW,
    )


def letter() -> Letter:
    return Letter(
        edition=KEY,
        language="en",
        subject="A ferry sails",
        html="<p>\u00e9</p>",
        text="\u00e9",
        segments=(b"To: ", Slot.TO, b"\r\n\r\nto \xc3\r\n"),
    )


def new_reader(name: str, *editions: str) -> NewReader:
    address = f"{name}@readers.example"
    return NewReader(address=address, identity=address, editions=editions or ("morning",), consent={"by": "operator"})


def test_an_empty_database_gets_its_tables_and_a_second_look_changes_nothing(database: Database) -> None:
    database.require_schema()
    with database.read() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == REVISION


@pytest.mark.parametrize(("revision", "advice"), [("0000", "digest db upgrade"), ("9999", "upgrade the program")])
def test_another_schema_is_named_with_what_to_do(database: Database, revision: str, advice: str) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})
    with pytest.raises(SchemaMismatch, match=advice):
        database.require_schema()


def test_a_write_that_fails_leaves_nothing_behind(database: Database) -> None:
    def broken() -> None:
        with database.write() as connection:
            connection.execute(text("INSERT INTO suppressions VALUES ('a', 'b', '2026-01-01')"))
            connection.execute(text("INSERT INTO nowhere VALUES (1)"))

    with pytest.raises(StorageError):
        broken()
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM suppressions")) == 0


def test_sources_follow_the_file_and_keep_their_history(database: Database) -> None:
    sources = Sources(database)
    sources.follow([source(1), source(2)])
    first = sources.all()[0]
    sources.record(first.source.id, {"etag": "x"}, "10 entries", NOW)
    sources.follow([source(1)])
    assert [(s.source.name, s.enabled) for s in sources.all()] == [("Paper 1", True), ("Paper 2", False)]
    assert sources.all()[0].state == {"etag": "x"}
    assert sources.all()[0].last_fetch == NOW
    sources.follow([source(1), source(2)])
    assert len(sources.enabled()) == 2


def test_a_source_that_a_command_added_is_not_the_files_to_take_away(database: Database) -> None:
    sources = Sources(database)
    added = sources.add(source(3)).source
    sources.follow([])
    assert [stored.source for stored in sources.enabled()] == [added]
    sources.enable(added.id, enabled=False)
    assert sources.enabled() == ()
    sources.remove(added.id)
    assert sources.all() == ()


def test_a_source_that_a_command_let_rest_rests_on_while_the_file_lists_it(database: Database) -> None:
    sources = Sources(database)
    sources.follow([source(1)])
    sources.enable(sources.all()[0].source.id, enabled=False)
    sources.follow([source(1)])
    assert sources.enabled() == ()
    sources.follow([])
    sources.follow([source(1)])
    assert len(sources.enabled()) == 1


def test_the_number_of_a_removed_source_is_never_given_to_another(database: Database) -> None:
    sources = Sources(database)
    removed = sources.add(source(1)).source.id
    sources.remove(removed)
    assert sources.add(source(2)).source.id > removed


def test_a_link_is_new_once_whichever_sources_show_it(database: Database) -> None:
    Sources(database).follow([source(1), source(2)])
    entries = Entries(database)
    assert entries.see([entry("a"), entry("b", 1)]) == 2
    assert entries.see([entry("b", source_id=2), entry("c", 1, source_id=2), entry("c", 2, source_id=2)]) == 1
    pending = entries.pending()
    assert [p.entry.title for p in pending] == ["a", "b", "c"]
    assert pending[1].entry.source_id == 1
    assert [p.entry.title for p in entries.pending(after=pending[0].id, limit=1)] == ["b"]
    assert entries.see([]) == 0


def test_a_page_that_keeps_failing_is_given_up(database: Database) -> None:
    Sources(database).follow([source()])
    entries = Entries(database)
    entries.see([entry("a"), entry("b")])
    first, second = entries.pending()
    entries.fail(second.id, "robots.txt", NOW, final=True)
    for _ in range(ATTEMPTS):
        assert [p.id for p in entries.pending()] == [first.id]
        entries.fail(first.id, "too slow", NOW, final=False)
    assert entries.pending() == ()


@pytest.mark.parametrize("read", ["window", "newest"])
def test_reading_the_articles_of_one_fetch_takes_steps_in_proportion_to_their_number(tmp_path: Path, read: str) -> None:
    database = Database(f"sqlite:///{tmp_path}/digest.db")
    database.require_schema()
    Sources(database).follow([source()])
    entries, articles = Entries(database), Articles(database)
    steps: list[int] = []
    for number in (40, 160):
        entries.see([entry(f"{number}-{each}") for each in range(number - 40 * len(steps))])
        with database.write() as connection:
            for pending in entries.pending():
                store(connection, pending.id, article(pending.entry.title), NOW)
        with counted_steps(database) as counted:
            found = articles.window(NOW, NOW) if read == "window" else articles.newest(1, number)
        assert len(found) == number
        steps.append(counted())
    assert steps[1] < 8 * steps[0], "four times as many articles; a join by the time of storing took 16 times the steps"


@contextmanager
def counted_steps(database: Database) -> Iterator[Callable[[], int]]:
    """Count the steps of SQLite's virtual machine, in tens."""
    steps = itertools.count()

    def count(driver: sqlite3.Connection, _record: object, _proxy: object) -> None:
        driver.set_progress_handler(lambda: next(steps) * 0, 10)

    event.listen(database.engine, "checkout", count)
    yield lambda: next(steps)
    event.remove(database.engine, "checkout", count)


def test_an_article_is_kept_in_versions_and_the_newest_by_the_cut_counts(database: Database) -> None:
    Sources(database).follow([source()])
    entries, articles = Entries(database), Articles(database)
    entries.see([entry("a")])
    (pending,) = entries.pending()
    later = NOW + timedelta(hours=1)
    assert articles.keep(pending.id, article("a"), NOW)
    assert not articles.keep(pending.id, article("a"), later)
    assert articles.keep(pending.id, article("a", "Another sentence."), later)
    assert entries.pending() == ()
    assert [a.text for a in articles.window(NOW, NOW)] == ["One sentence."]
    assert [a.text for a in articles.window(NOW, later)] == ["Another sentence."]
    assert articles.window(later, later) == ()
    assert articles.by_id([ArticleId("a-13")])[ArticleId("a-13")] == article("a")
    assert articles.latest_texts(1, 5) == ("Another sentence.",)


def test_an_article_that_was_stored_before_it_had_sections_is_read_as_it_was(database: Database) -> None:
    Sources(database).follow([source()])
    Entries(database).see([entry("a")])
    (waiting,) = Entries(database).pending()
    Articles(database).keep(waiting.id, article("a"), NOW)
    later = {"sections", "schema_types", "sponsored"}
    with database.write() as connection:
        for table, column in (("articles", "article"), ("entries", "entry")):
            stored = json.loads(connection.scalar(text(f"SELECT {column} FROM {table}")) or "")  # noqa: S608 - our names
            older = json.dumps({name: value for name, value in stored.items() if name not in later})
            connection.execute(text(f"UPDATE {table} SET {column} = :older"), {"older": older})  # noqa: S608
    assert Articles(database).latest(waiting.id) == article("a")
    assert Entries(database).announced([entry("a").url]) == {entry("a").url: entry("a")}


def test_one_row_for_each_name_and_date_whoever_plans_first(database: Database) -> None:
    editions = Editions(database)
    assert editions.get(KEY) is None
    first = editions.plan(KEY, NOW, NOW + timedelta(hours=6), NOW)
    again = editions.plan(KEY, NOW + timedelta(hours=1), NOW + timedelta(hours=7), NOW)
    assert (again.id, again.due - first.due) == (first.id, timedelta(hours=1))
    assert first.state is EditionState.PLANNED


def test_an_edition_is_composed_again_until_it_is_sent(database: Database) -> None:
    editions = Editions(database)
    row = editions.plan(KEY, NOW, NOW, NOW)
    draft = Draft(edition=edition(), telling=(told("Old"),), seen={"version": "0"})
    assert editions.draft(row.id, draft, NOW)
    assert editions.draft(row.id, Draft(edition=edition(), telling=(told(),), seen={"version": "1"}), NOW)
    stored = editions.get(KEY)
    assert stored is not None
    assert stored.edition == edition()
    assert stored.seen == {"version": "1"}
    assert editions.told_since(NOW, {"morning"}) == ()
    assert FrozenLetters(database).freeze(row.id, letter(), NOW) == 0
    assert not editions.draft(row.id, draft, NOW)
    assert editions.told_since(NOW, {"morning"}) == (told(),)
    assert editions.told_since(NOW, {"evening"}) == ()
    assert editions.told_since(NOW + timedelta(days=1), {"morning"}) == ()


def test_freezing_happens_once_and_takes_who_is_subscribed_then(database: Database) -> None:
    editions, readers = Editions(database), Readers(database)
    readers.add([new_reader("ada"), new_reader("ben", "evening"), new_reader("cleo", "morning", "evening")], NOW)
    readers.add([new_reader("dora")], NOW)
    readers.leave("dora@readers.example", "removed", NOW)
    row = editions.plan(KEY, NOW, NOW, NOW)
    assert FrozenLetters(database).freeze(row.id, letter(), NOW) is None
    editions.draft(row.id, Draft(edition=edition(), telling=(), seen={}), NOW)
    assert editions.audience("morning", NOW) == 2
    assert FrozenLetters(database).freeze(row.id, letter(), NOW) == 2
    assert FrozenLetters(database).freeze(row.id, letter(), NOW) is None
    assert FrozenLetters(database).get(row.id) == letter()


def test_states_move_only_from_where_they_may(database: Database) -> None:
    editions = Editions(database)
    row = editions.plan(KEY, NOW, NOW, NOW)
    assert not editions.move(row.id, Move.HOLD, NOW)
    assert editions.draft(row.id, Draft(edition=edition(), telling=(), seen={}), NOW)
    assert editions.move(row.id, Move.HOLD, NOW, reason="too thin")
    assert not editions.move(row.id, Move.FINISH, NOW)
    stored = editions.get(KEY)
    assert stored is not None
    assert (stored.state, stored.cause, stored.reason) == (EditionState.HELD, Cause.EDITOR, "too thin")
    assert [e.key for e in editions.latest(states={EditionState.HELD})] == [KEY]
    assert editions.latest(states={EditionState.SENT}) == ()


def test_a_reader_who_left_stays_away(database: Database) -> None:
    readers = Readers(database)
    assert readers.add([new_reader("ada"), new_reader("ada"), new_reader("ada", "evening")], NOW) == (
        Added.NEW,
        Added.REPEATED,
        Added.CHANGED,
    )
    assert readers.leave("ada@readers.example", "removed", NOW)
    assert not readers.leave("ada@readers.example", "removed", NOW)
    assert readers.add([new_reader("ada")], NOW + timedelta(minutes=1)) == (Added.LEFT,)
    stored = readers.find("ada@readers.example")
    assert stored is not None
    assert (stored.state, stored.reader.editions, stored.left_at) == ("left", (), NOW)
    assert readers.find("nobody@readers.example") is None
    assert list(readers.walk()) == []
    assert [s.reader.address for s in readers.walk(left=True)] == ["ada@readers.example"]


def test_readers_are_walked_page_by_page(database: Database) -> None:
    readers = Readers(database)
    readers.add([new_reader(f"r{n:04}") for n in range(1001)], NOW)
    assert sum(1 for _ in readers.walk()) == 1001


def test_runs_are_kept_newest_first(database: Database) -> None:
    runs = Runs(database)
    assert runs.last("fetch") is None
    runs.record("fetch", NOW, NOW + timedelta(seconds=5), {"entries": 3})
    runs.record("send", NOW, NOW + timedelta(seconds=9), {})
    assert runs.last("fetch") == NOW + timedelta(seconds=5)
    assert [run.kind for run in runs.latest()] == ["send", "fetch"]
