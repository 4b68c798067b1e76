"""The labelled articles of the dev half, and which of five folds each is in.

Near-duplicates and articles of one event are in one fold: a model that is scored on an article never saw its event.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

from bench.adapters import summarisable

from digest.model.article import Article
from digest.model.ids import ArticleId, SourceId
from digest.rank.group import group

EVAL = Path(__file__).parent.parent.parent / "shared" / "eval"
LABELS = EVAL / "data" / "eye_dev.jsonl.gz"
FOLDS = 5


def normalised(title: str) -> str:
    """Return a title in lower case, its words parted by one space."""
    return " ".join(re.findall(r"\w+", title.casefold()))


def article_of(row: Mapping[str, Any]) -> Article:
    """Return a labelled article as the corridor would hold it; a source of its own, no date."""
    url = row["url"] or f"https://example.org/{row['id']}"
    source, whole = SourceId(crc32(row["id"].encode())), summarisable(row["text"], row["title"], row["lang"])
    return replace(whole, id=ArticleId(row["id"]), source_id=source, url=url, link=url)


@cache
def labelled() -> tuple[Mapping[str, Any], ...]:
    """Return the labelled articles; exits when the data is missing."""
    if not LABELS.is_file():
        sys.exit(f"{LABELS} is missing: the labelled data does not come with the project")
    sys.path[:0] = [str(EVAL)]
    from _common import json_lines  # noqa: PLC0415 - comes with the data

    return tuple(json_lines(LABELS))


@cache
def _events() -> Mapping[str, str]:
    """Return for the title of each labelled article, or its text without one, the name of its event."""
    names: dict[str, str] = {}
    for articles in group([article_of(row) for row in labelled()]):
        event = min(normalised(article.title or article.text) for article in articles)
        for article in articles:
            names[normalised(article.title or article.text)] = min(
                event, names.get(normalised(article.title or article.text), event)
            )
    return names


def fold_by_title(title: str, text: str = "") -> int:
    """Return the fold of an article by its own title, or its text without one: a second way to share them out.

    What is better by one way alone is noise. Two articles of one event may be in two folds.
    """
    return crc32(normalised(title or text).encode()) % FOLDS


def fold_of(title: str, text: str = "") -> int:
    """Return the fold of an article: that of its event, or of its title (its text without one) when it is unknown."""
    name = normalised(title or text)
    return crc32(_events().get(name, name).encode()) % FOLDS
