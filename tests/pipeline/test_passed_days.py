"""An edition knows the day on which it is read, by the calendar of its own zone."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from digest.pipeline.proofs.explain import explain

FERRY = (
    "Ferry to Kelder sails again",
    (
        "The ferry to Kelder sailed again today after nine days ashore with a broken shaft, the port office said. "
        "Islanders had relied on two fishing boats for bread, medicine and post since the shaft broke. "
        "The school on the island stayed closed, and 14 patients were flown to the mainland for treatment."
    ),
)


def told(newsroom: Any) -> str:
    edition = newsroom.compose().edition
    return " ".join(bullet.text for item in edition.items for bullet in item.bullets if "erry" in item.headline)


def test_today_of_the_day_before_is_not_told_and_the_rest_of_the_article_is(newsroom: Any) -> None:
    newsroom.now -= timedelta(hours=9)
    newsroom.print_(*FERRY)
    newsroom.now += timedelta(hours=9)
    assert "today" not in told(newsroom)
    assert "14 patients" in told(newsroom)
    account = "\n".join(explain(newsroom.runtime, "morning", "ferry").lines())
    assert account.count("not told: it says today, or the like, of another day") == 1


def test_today_of_the_same_local_day_is_told(newsroom: Any) -> None:
    newsroom.now -= timedelta(hours=9)
    newsroom.print_(*FERRY)
    newsroom.now += timedelta(hours=9)
    newsroom.change(zone="Asia/Tashkent", at=time(12))
    assert "sailed again today" in told(newsroom)
