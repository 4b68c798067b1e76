"""Dates of texts that a bench moves to another time: whole weeks, and both days of a range."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from bench.written import moved

ANCHOR = date(2019, 6, 1)


@pytest.mark.parametrize(
    ("language", "text", "weeks", "later"),
    [
        ("en", "on May 12", 3, "on June 2"),
        ("en", "on May 12-15", 3, "on June 2-5"),
        ("en", "on May 12-15", 20, "on September 29-October 2"),
        ("en", "from 30 to 31 August, 2019", 3, "from 20 to 21 September, 2019"),
        ("de", "vom 12. bis 15. Mai", 3, "vom 2. bis 5. Juni"),
        ("de", "vom 12. bis 15. Mai", 20, "vom 29. September bis 2. Oktober"),
        ("fr", "du 24 au 26 août", 16, "du 14 au 16 décembre"),
        ("fr", "les 9 et 13 mai", 3, "les 30 mai et 3 juin"),
        ("fr", "du mercredi 26 au vendredi 28 août", 3, "du mercredi 16 au vendredi 18 septembre"),
        ("fr", "du 27 juillet au 3 août", 3, "du 17 août au 24 août"),
        ("es", "del 12 al 15 de mayo", 3, "del 2 al 5 de junio"),
        ("en", "12 boats and 15 boats", 3, "12 boats and 15 boats"),
    ],
)
def test_both_days_of_a_range_move(language: str, text: str, weeks: int, later: str) -> None:
    assert moved(text, language, timedelta(weeks=weeks), ANCHOR) == later
