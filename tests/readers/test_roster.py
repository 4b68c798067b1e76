from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import ItemSetAside, ReaderError
from digest.model.quarantine import ItemKind
from digest.readers.exports import Status
from digest.readers.roster import NO_EDITION, SET_ASIDE, BadLine, RosterLine, read_roster
from digest.readers.roster_editions import EditionChoice

KNOWN = ("morning", "evening")
EVERY_EDITION = EditionChoice(known=KNOWN, default=KNOWN)


def read(text: str) -> list[RosterLine | BadLine]:
    return list(read_roster(StringIO(text), EVERY_EDITION))


@pytest.mark.parametrize("name", ["address", "E-Mail", " email ", "Email Address", "\ufeffaddress"])
def test_the_column_of_addresses_has_many_names(name: str) -> None:
    (line,) = read(f"{name}\nada@example.com\n")
    assert isinstance(line, RosterLine)
    assert line.address.given == "ada@example.com"


def test_columns_stand_in_any_order_and_others_are_passed_over() -> None:
    (line,) = read("city,Editions,name,email\nLeeds,evening,Ada,ada@example.com\n")
    assert isinstance(line, RosterLine)
    assert (line.name, line.editions, line.language) == ("Ada", ("evening",), "")


@pytest.mark.parametrize(("cell", "editions"), [("", KNOWN), ("morning; evening", KNOWN), ("evening", ("evening",))])
def test_an_empty_cell_means_the_default(cell: str, editions: tuple[str, ...]) -> None:
    (line,) = read(f"address,editions\nada@example.com,{cell}\n")
    assert isinstance(line, RosterLine)
    assert line.editions == editions


@pytest.mark.parametrize("name", ["zone", "Timezone", "TIME_ZONE", "Time Zone"])
@pytest.mark.parametrize(
    ("cell", "zone", "unknown"),
    [
        ("", "", ""),
        ("Europe/Berlin", "Europe/Berlin", ""),
        (" america/new_york ", "America/New_York", ""),
        ("GMT+1 (Paris)", "", "GMT+1 (Paris)"),
    ],
)
def test_a_time_zone_is_an_iana_name_and_anything_else_is_unknown(
    name: str, cell: str, zone: str, unknown: str
) -> None:
    (line,) = read(f"address,{name}\nada@example.com,{cell}\n")
    assert isinstance(line, RosterLine)
    assert (line.zone, line.unknown_zone) == (zone, unknown)


def test_a_time_zone_counts_in_whichever_column_it_is() -> None:
    (line,) = read("address,timezone,zone\nada@example.com,Asia/Tokyo,JST+9\n")
    assert isinstance(line, RosterLine)
    assert (line.zone, line.unknown_zone) == ("Asia/Tokyo", "")


def test_a_bad_line_is_numbered_as_in_the_file_and_the_others_go_on() -> None:
    lines = read("address,name\n\nada,Ada\nben@example.com\neve@example.com,Eve\n")
    assert [line.number for line in lines] == [3, 4, 5]
    assert [type(line) for line in lines] == [BadLine, RosterLine, RosterLine]


def test_a_line_that_wants_an_unknown_edition_is_bad() -> None:
    (line,) = read("address,editions\nada@example.com,noon\n")
    assert isinstance(line, BadLine)
    assert line.problem == "no edition is called 'noon' (known: morning, evening)"


@pytest.mark.parametrize("text", ["", "name\nAda\n", "Ada,Lovelace\n"])
def test_a_file_without_a_column_of_addresses_is_refused(text: str) -> None:
    with pytest.raises(ReaderError, match="expected a column called address or email"):
        read(text)


def test_a_long_first_line_is_quoted_by_its_beginning() -> None:
    with pytest.raises(ReaderError) as caught:
        read("x" * 500)
    assert str(caught.value).count("x") == 200 + "expected".count("x")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.emails(), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))), max_size=4
    )
)
def test_what_a_csv_writer_wrote_is_read_back(rows: list[tuple[str, str]]) -> None:
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerows([("address", "name"), *rows])
    file.seek(0)
    lines = list(read_roster(file, EVERY_EDITION))
    assert len(lines) == len(rows)
    for line, (_, name) in zip(lines, rows, strict=True):
        assert isinstance(line, BadLine) or not name.isprintable() or line.name == name.strip()[:200]


def test_a_name_is_one_printable_line_of_at_most_200_characters() -> None:
    lines = read(f"address,name\nada@example.com,Ada\x07\u200bLove\u2028lace\nben@example.com,{'x' * 201}\n")
    assert [line.name for line in lines if isinstance(line, RosterLine)] == ["Ada Love lace", "x" * 200]


@pytest.mark.parametrize("header", ["mail;", "mail;name", "sep=;\nmail;name", "SEP=,\nmail,name"])
def test_a_line_for_spreadsheets_is_the_first_one_that_begins_with_sep(header: str) -> None:
    (line,) = read(f"{header}\nada@example.com\n")
    assert isinstance(line, RosterLine)
    assert line.address.given == "ada@example.com"


def test_a_line_for_spreadsheets_names_what_separates_and_is_counted() -> None:
    good, bad = read("sep=|\nmail|name|one, two, three\nada@example.com|Ada, Ben|\nnobody|Eve|\n")
    assert isinstance(good, RosterLine)
    assert (good.number, good.name, good.address.given) == (3, "Ada, Ben", "ada@example.com")
    assert isinstance(bad, BadLine)
    assert bad.number == 4


def test_only_a_line_that_gets_letters_must_name_an_edition() -> None:
    file = StringIO("address,editions,status\nada@example.com,,active\nben@example.com,,unsubscribed\n")
    active, left = read_roster(file, EditionChoice(known=KNOWN))
    assert isinstance(active, BadLine)
    assert active.problem == NO_EDITION
    assert isinstance(left, RosterLine)
    assert (left.status, left.editions) == (Status.LEFT, ())


class Known(tuple[str, ...]):
    """Names of editions; whoever asks for one of them fails."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        """Fail at poison."""
        if name == "poison":
            raise ZeroDivisionError
        return super().__contains__(name)


def test_a_line_at_which_we_fail_is_guarded_and_the_others_are_read() -> None:
    guarded: list[ItemKind] = []

    @contextmanager
    def guard(kind: ItemKind, key: str, data: bytes) -> Iterator[None]:
        guarded.append(kind)
        try:
            yield
        except ZeroDivisionError as error:
            raise ItemSetAside(kind.value, key, repr(data)) from error

    text = "address,editions\na@p.example,morning\nb@p.example,poison\nc@p.example,evening\n"
    lines = list(read_roster(StringIO(text), EditionChoice(known=Known(KNOWN), default=KNOWN), guard))
    assert [isinstance(line, RosterLine) for line in lines] == [True, False, True]
    assert lines[1] == BadLine(number=3, problem=SET_ASIDE)
    assert guarded == [ItemKind.ROW]
