"""Which editions the readers of a list get."""

from __future__ import annotations

import pytest

from digest.errors import EditionsNotNamed
from digest.readers.roster_editions import chosen, no_edition

BOTH = ("morning", "evening")


@pytest.mark.parametrize(
    ("named", "known", "default"),
    [
        ((), ("morning",), ("morning",)),
        ((), BOTH, None),
        (("all",), BOTH, BOTH),
        (("all",), ("all", "morning"), ("all",)),
        (("evening", "evening"), BOTH, ("evening",)),
    ],
)
def test_the_only_edition_needs_no_naming_and_all_is_each_of_them(
    named: tuple[str, ...], known: tuple[str, ...], default: tuple[str, ...] | None
) -> None:
    assert chosen(named, known).default == default


def test_a_name_of_no_edition_is_refused_and_a_column_is_an_answer() -> None:
    with pytest.raises(EditionsNotNamed, match="did you mean morning"):
        chosen(("Mornings",), BOTH)
    chosen((), BOTH).require_answer(has_column=True)
    with pytest.raises(EditionsNotNamed, match="--edition all"):
        chosen((), BOTH).require_answer(has_column=False)
    assert "mean" not in no_edition("zzz", BOTH)
