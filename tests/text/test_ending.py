# ruff: noqa: E501, RUF001 - long lines, quotation marks and dashes are the point
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.ending import LONGEST_LINE, columns, ended


@pytest.mark.parametrize(
    ("line", "end"),
    [
        (
            "Storms tear the old pier of Tarrow in two, leaving ninety islanders of Brannoch without bread, post and medicine",
            "Storms tear the old pier of Tarrow in two",
        ),
        (
            "The council of Tarrow closes the harbour for nine days. Fishermen from the island go to court over it",
            "The council of Tarrow closes the harbour for nine days",
        ),
        (
            "Der Rat von Tarrow schließt den Hafen für neun Tage, nachdem ein Sturm die alte Mole in zwei Teile gerissen hat",
            "Der Rat von Tarrow schließt den Hafen für neun Tage",
        ),
        (
            "Le conseil de Tarrow ferme tout le vieux port du nord après la tempête qui a coupé en deux la jetée de pierre",
            "Le conseil de Tarrow ferme tout le vieux port du nord",
        ),
        (
            "El consejo de Tarrow cierra todo el viejo puerto norte tras el temporal que partió en dos el muelle de piedra",
            "El consejo de Tarrow cierra todo el viejo puerto norte",
        ),
        (
            "Совет Тарроу закрывает порт на девять дней, после того как буря разорвала старый северный причал на две части",
            "Совет Тарроу закрывает порт на девять дней",
        ),
        (
            "مجلس تارو يغلق الميناء تسعة أيام أمام جميع السفن والقوارب، فيما ينتظر سكان الجزيرة وصول الخبز والدواء والبريد من المدينة",
            "مجلس تارو يغلق الميناء تسعة أيام أمام جميع السفن والقوارب",
        ),
        (
            "Sturm über der alten Hafenstadt: Neunzig Menschen auf der Insel Brannoch warten auf Brot, Post und Arznei",
            "Neunzig Menschen auf der Insel Brannoch warten auf Brot, Post und Arznei",
        ),
    ],
)
def test_a_line_that_is_too_long_ends_at_a_clause(line: str, end: str) -> None:
    assert ended(line) == end


@pytest.mark.parametrize(
    "line",
    [
        "The builder of the new harbour hall in Tarrow paid the mayor for nine years in cash and wine, a witness says in court",
        "The harbour of Tarrow will open again in spring for all the ships of the island, but the ferry will not sail before June",
        "Morag Sinclair of Tarrow: the builder of the new harbour hall paid for nine years and nobody in the council asked",
        "The harbour board – which had closed the old pier for want of money in the autumn – pays for nine days of bread and post",
        "The old north pier of Tarrow breaks in two and the ferry to Brannoch stays in the harbour only days after a new roof",
        "Ninety islanders of Brannoch ask the harbour board of Tarrow for the money that they lost while the ferry lay at the pier",
    ],
)
def test_a_speaker_a_turn_or_a_clause_is_never_lost(line: str) -> None:
    assert ended(line) == line


def test_a_short_line_stays_as_it_is() -> None:
    assert ended("Storms tear the pier in two. Islanders wait") == "Storms tear the pier in two. Islanders wait"


def test_characters_of_wide_scripts_take_two_columns() -> None:
    assert columns("港が閉鎖") == 8
    assert columns("Port") == 4


@given(st.text(max_size=300))
def test_any_line_ends_within_itself_and_says_no_more(line: str) -> None:
    end = ended(line)
    assert len(end) <= len(line) + 1  # a first letter may be two in capitals
    assert "…" not in end or "…" in line
    if columns(line) <= LONGEST_LINE:
        assert end == line
