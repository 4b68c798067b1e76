"""The archive, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.conftest import another
from tests.letters.editions import samples
from tests.states import put

from digest.model.edition import Edition, EditionState
from digest.model.ids import EditionKey
from digest.model.letter import Letter
from digest.storage.archive import Archive
from digest.storage.editions import Draft, Editions
from digest.storage.engine import Database
from digest.storage.frozen_letters import FrozenLetters
from digest.text.folding import folded, folded_words

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
FULL = samples()[0].edition


def told(headline: str, day: date, name: str = "morning") -> Edition:
    items = (replace(FULL.items[0], headline=headline, bullets=()),)
    return replace(FULL, key=EditionKey(name=name, date=day), items=items, subject=headline)


def sent(database: Database, edition: Edition, hour: int = 6) -> None:
    doors, due = Editions(database), datetime.combine(edition.key.date, NOW.time(), UTC).replace(hour=hour)
    row = doors.plan(edition.key, due, due, due)
    doors.draft(row.id, Draft(edition=edition, telling=(), seen={}), due)
    letter = Letter(
        edition=edition.key, language="en", subject="", html=f"<p>{edition.subject}</p>", text="", segments=()
    )
    assert FrozenLetters(database).freeze(row.id, letter, due) == 0


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Give the archive of forty mornings and an evening, which nobody changes."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("archive") / "digest.db"
        shutil.copy(request.getfixturevalue("ready_sqlite"), file)
        database = Database(f"sqlite:///{file}")
    else:
        server, ready = request.getfixturevalue("postgresql"), request.getfixturevalue("ready_postgresql")
        database = Database(another(server, ready, kept=True))
    for back in range(40):
        sent(database, told(f"Séance number{back} of the Council", NOW.date() - timedelta(days=back)))
    sent(database, told("Évêque resigns", NOW.date(), "evening"), hour=17)
    yield Archive(database)
    database.close()


def keys(found: tuple[object, ...]) -> list[str]:
    return [str(one.edition.key) for one in found]  # type: ignore[attr-defined]


def test_the_newest_come_first(archive: Archive) -> None:
    assert keys(archive.latest(2)) == ["evening/2026-11-23", "morning/2026-11-23"]
    assert keys(archive.latest(2, "morning")) == ["morning/2026-11-23", "morning/2026-11-22"]
    assert archive.latest(1)[0].frozen_at == NOW.replace(hour=17)


def test_days_and_what_was_told_on_them(archive: Archive) -> None:
    days = archive.days()
    assert (len(days), days[0], days[-1]) == (40, NOW.date(), NOW.date() - timedelta(days=39))
    assert len(archive.between(date(2026, 11, 1), date(2026, 11, 30))) == 24
    assert archive.between(date(2026, 12, 1), date(2026, 12, 31)) == ()


@pytest.mark.parametrize(
    ("query", "count"), [("eveque", 1), ("ÉVÊQUE", 1), ("seance counc", 40), ("ouncil", 0), ("number7", 1), ("%", 41)]
)
def test_words_are_found_by_how_they_begin_without_case_and_accents(archive: Archive, query: str, count: int) -> None:
    assert len(archive.search(folded_words(query), 100)) == count


def test_older_findings_follow_the_last_one_shown(archive: Archive) -> None:
    first = archive.search(["council"], 15)
    second = archive.search(["council"], 15, first[-1].id)
    rest = archive.search(["council"], 15, second[-1].id)
    assert [len(page) for page in (first, second, rest)] == [15, 15, 10]
    assert keys((*first, *second, *rest)) == keys(archive.search(["council"], 100))


def test_what_no_reader_has_is_not_in_the_archive(database: Database) -> None:
    archive = Archive(database)
    sent(database, told("Évêque resigns", NOW.date(), "evening"), hour=17)
    doors, key = Editions(database), EditionKey(name="morning", date=date(2027, 1, 1))
    row = doors.plan(key, NOW, NOW, NOW)
    doors.draft(row.id, Draft(edition=told("Draft", key.date), telling=(), seen={}), NOW)
    assert archive.letter(key) is None
    assert archive.letter(EditionKey(name="nobody", date=key.date)) is None
    assert "morning/2027-01-01" not in keys(archive.latest(100))
    letter = archive.letter(EditionKey(name="evening", date=NOW.date()))
    assert letter is not None
    assert letter.html == "<p>Évêque resigns</p>"
    evening = doors.get(EditionKey(name="evening", date=NOW.date()))
    assert evening is not None
    put(database, evening.id, EditionState.HELD)
    assert archive.letter(evening.key) is None


def test_folding_leaves_letters_and_numbers() -> None:
    assert folded("Straße, ﬁn: 2.4 Mrd. (ÅNGSTRÖM)") == " strasse fin 2 4 mrd angstrom"
    assert folded_words("%_'\"") == []


def test_the_neighbours_of_a_letter_are_those_of_its_edition(archive: Archive) -> None:
    def near(day: date, name: str = "morning") -> list[str]:
        found = archive.published(EditionKey(name=name, date=day))
        assert found is not None
        return [str(key) for key in archive.neighbours(found)]

    assert near(date(2026, 11, 22)) == ["morning/2026-11-21", "morning/2026-11-23"]
    assert near(NOW.date()) == ["morning/2026-11-22", "None"]
    assert near(NOW.date() - timedelta(days=39)) == ["None", "morning/2026-10-16"]
    assert near(NOW.date(), "evening") == ["None", "None"]
    assert archive.published(EditionKey(name="morning", date=date(2027, 1, 1))) is None
