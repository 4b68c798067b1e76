"""What an edition's settings keep out, each with the words that name the setting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from msgspec import structs

from digest.edition.intake import refusal
from digest.edition.plan_filters import Cause
from digest.model.ids import SourceId
from digest.model.source import Source
from digest.settings import EditionSettings

Make = Callable[..., Any]
PLAN = EditionSettings(title="T", language="en")
QUAY = Source(id=SourceId(0), url="https://quay.example/feed", name="Quay", publisher="Quay")


@pytest.mark.parametrize(
    ("settings", "changes", "cause", "setting"),
    [
        ({"sources": ("Pier",)}, {}, Cause.SOURCE, "(sources)"),
        ({"exclude_sources": ("Quay",)}, {}, Cause.SOURCE, "(exclude_sources)"),
        ({"sections": ("politics",)}, {"sections": ("Sport",)}, Cause.SECTION, "(sections)"),
        ({"exclude_sections": ("sport",)}, {"sections": ("Deportes",)}, Cause.SECTION, "(exclude_sections)"),
        ({"include_words": ("harbour",)}, {"title": "Council votes"}, Cause.WORD, "(include_words)"),
        ({"exclude_words": ("Horoscope",)}, {"title": "Your horoscope today"}, Cause.WORD, "(exclude_words)"),
        ({"exclude_words": ("election*",)}, {"title": "Elections in May"}, Cause.WORD, "(exclude_words)"),
        ({"exclude_words": ("tidal barrier",)}, {"sections": ("Tidal Barrier",)}, Cause.WORD, "(exclude_words)"),
        ({"exclude_words": ("選挙",)}, {"title": "市長選挙の結果"}, Cause.WORD, "(exclude_words)"),
        ({"include_authors": ("Ida Brandt",)}, {"authors": ("Huw Kettle",)}, Cause.AUTHOR, "(include_authors)"),
        ({"exclude_authors": ("José Ruiz",)}, {"authors": ("By Jose Ruiz",)}, Cause.AUTHOR, "(exclude_authors)"),
        ({"exclude_kinds": ("opinion",)}, {"sections": ("Opinion",)}, Cause.KIND, "(exclude_kinds)"),
        ({}, {"sponsored": True}, Cause.ADVERTORIAL, "(advertorials)"),
        ({"paid": "leave_out"}, {"paywalled": True}, Cause.PAID, "(paid)"),
        ({}, {"language": "de"}, Cause.LANGUAGE, "(language)"),
    ],
)
def test_what_a_setting_keeps_out_is_refused_in_words_that_name_it(
    article: Make, cut: datetime, settings: dict[str, Any], changes: dict[str, Any], cause: Cause, setting: str
) -> None:
    refused = refusal(article(0, **changes), QUAY, structs.replace(PLAN, **settings), cut)
    assert refused is not None
    assert refused.cause is cause
    assert setting in refused.words


@pytest.mark.parametrize(
    ("settings", "changes"),
    [
        ({"sections": ("sport",)}, {"sections": ("Fußball",)}),
        ({"sections": ("Deportes",)}, {"link": "https://quay.example/sport/cup/final"}),
        ({"exclude_sections": ("sport",)}, {"sections": ("Politics", "Budget", "Council", "Sport")}),
        ({"exclude_words": ("art",)}, {"title": "Party starts in the harbour"}),
        ({"include_words": ("HARBOUR",)}, {"title": "Harbour reopens"}),
        ({"include_authors": ("Ida Brandt",)}, {"authors": ("Ida Brandt", "Huw Kettle")}),
        ({"advertorials": "label"}, {"sponsored": True}),
        ({}, {"paywalled": True}),
        ({"window_days": 7}, {"hours": -100}),
    ],
)
def test_what_the_settings_want_is_taken(
    article: Make, cut: datetime, settings: dict[str, Any], changes: dict[str, Any]
) -> None:
    assert refusal(article(0, **changes), QUAY, structs.replace(PLAN, **settings), cut) is None


def test_a_date_outside_the_window_is_said_in_the_editions_zone(article: Make, cut: datetime) -> None:
    plan = structs.replace(PLAN, zone="Asia/Kathmandu")
    old = refusal(article(0, hours=-30), QUAY, plan, cut)
    assert old is not None
    assert old.words == "dated 2026-11-22 05:25, before its window from 2026-11-22 09:25 (window_hours)"
