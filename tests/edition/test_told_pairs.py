"""Invented mornings and evenings: what is told again in other words is no update, and what brings news is one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from digest.edition.memory import TOLD_THRESHOLD, MemoryVerdict, recall, told_already

Make = Callable[..., Any]
Told = tuple[str, str]
PRESS = Path(__file__).parent / "press"
MOST_WRONG = 0.1


def read(name: str) -> list[tuple[str, Told, Told]]:
    """Return (language, morning, evening) of each pair in a file; its first line is "= kind" or "= kind-language"."""
    found: list[tuple[str, Told, Told]] = []
    for block in ("\n" + (PRESS / f"{name}.txt").read_text(encoding="utf-8")).split("\n= ")[1:]:
        kind, told = block.split("\n", 1)
        language = kind.rpartition("-")[2] if kind.rpartition("-")[2] in {"de", "fr", "es"} else "en"
        one, other = (part.strip("\n").partition("\n") for part in told.split("\n--\n"))
        found.append((language, (one[0], one[2]), (other[0], other[2])))
    return found


@pytest.mark.parametrize(
    ("name", "verdict"), [("updates", MemoryVerdict.UPDATE), ("repeats", MemoryVerdict.STILL_COVERED)]
)
def test_nine_in_ten_evenings_are_judged_as_they_are(
    article: Make, story: Make, told: Make, name: str, verdict: MemoryVerdict
) -> None:
    pairs = read(name)
    wrong = []
    for language, (title, text), (later_title, later_text) in pairs:
        before = article(1, title=title, text=text, language=language)
        after = article(2, title=later_title, text=later_text, language=language, hours=6)
        found = recall(story(1, before, after), [told(story(1, before), bullets=(text,))])
        if found.verdict is not verdict:
            wrong.append(f"{later_title}: {found.reason}")
    assert len(pairs) >= 30
    assert len(wrong) <= MOST_WRONG * len(pairs), wrong


def test_a_repeat_in_other_words_is_known_and_stands_above_most_updates() -> None:
    scores = {
        name: sorted(told_already([one], other) for _, one, other in read(name)) for name in ("updates", "repeats")
    }
    repeats, updates = scores["repeats"], scores["updates"]
    assert sum(score >= TOLD_THRESHOLD for score in repeats) >= 0.9 * len(repeats)
    above = sum(repeat > update for repeat in repeats for update in updates)
    assert above >= 0.75 * len(repeats) * len(updates)
