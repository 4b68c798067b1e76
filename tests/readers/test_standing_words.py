"""Who is not plainly active elsewhere gets no letters here, whatever system wrote the list."""

from __future__ import annotations

import pytest

from digest.readers.exports import Status
from digest.readers.roster import BadLine, RosterLine, read_roster
from digest.readers.standing_words import UnknownStanding, standing, standing_columns

A, L, B, C, U = Status.ACTIVE, Status.LEFT, Status.BOUNCED, Status.COMPLAINED, Status.UNCONFIRMED


@pytest.mark.parametrize(
    ("column", "cell", "status"),
    [
        ("status", "Active", A),
        ("subscriber status", "Unsubscribed", L),
        ("global status", "Inactive", L),
        ("status", "unreachable", B),
        ("status", "Soft bounced", B),
        ("status", "Marked as spam", C),
        ("state", "cancelled", L),
        ("status", "3", B),
        ("is this subscriber confirmed", "0", U),
        ("is this subscriber blacklisted", "1", L),
        ("email_blacklisted", "Yes", L),
        ("email_blacklisted", "No", A),
        ("email disabled", "true", L),
        ("donotcontact", "1", L),
        ("no bulk emails (user opt out)", "Yes", L),
        ("on hold", "On Hold Bounce", B),
        ("unsubscribed_at", "2024-05-01", L),
        ("unsubscribed_at", "", A),
        ("double_opt-in", "No", U),
        ("bounce count", "7", A),
        ("status", "abgemeldet", L),
        ("statut", "désabonné", L),
        ("estado", "pendiente", U),
    ],
)
def test_a_column_that_speaks_of_standing_is_understood(column: str, cell: str, status: Status) -> None:
    cells = dict.fromkeys(standing_columns((column,)), cell)
    assert standing(cells) is status


def test_the_gravest_of_several_columns_counts() -> None:
    assert standing({"status": "subscribed", "complained_at": "2024-01-02", "unsubscribed": "1"}) is C


def test_a_word_that_nobody_knows_is_told_and_its_line_is_left_out() -> None:
    with pytest.raises(UnknownStanding, match="dormouse"):
        standing({"status": "dormouse"})
    lines = ["email,status\n", "mara@brook.example,active\n", "tom@brook.example,dormouse\n"]
    first, second = read_roster(lines, ("morning",), ("morning",))
    assert isinstance(first, RosterLine)
    assert isinstance(second, BadLine)
    assert "'status' says 'dormouse'" in second.problem


def test_a_state_beside_a_city_is_a_place() -> None:
    assert standing_columns(("email", "city", "state")) == ()
    assert standing_columns(("email", "state")) == ("state",)
