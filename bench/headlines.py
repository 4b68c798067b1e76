"""List what becomes of the titles that an editor judged, and count it by his verdict.

    PYTHONPATH=src:. python bench/headlines.py ../shared/eval/data [--into headlines.txt]

Two walks: the judged title alone (``alone``), and, where the page is kept beside the data, the best of the page's and
the feed's titles (``page``). A line for each title that changes: verdict, walk, title, headline. Of a title without a
change nothing is listed. The counts say, for each verdict, how many titles there are, how many change, how many change
more than their letters' case and marks, and how many are longer than two lines.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from digest.errors import Unreadable
from digest.extract.article import extract
from digest.model.article import Page
from digest.model.ids import SourceId
from digest.model.source import FeedEntry
from digest.summarise.best_title import story_headline
from digest.summarise.headline import headline
from digest.text.ending import LONGEST_LINE, columns

READ_AT = datetime(2026, 11, 23, 6, tzinfo=UTC)
"""When the pages count as read: after the newest of them."""
NOWHERE = "https://page.invalid/article"
Row = dict[str, Any]


def alone(row: Row) -> str:
    """Return the headline that a judged title gives by itself."""
    host = urlsplit(row["url"]).hostname or ""
    return headline(row["title"], host=host, language=row["lang"], text=row["text"])


def page(row: Row, data: Path) -> str | None:
    """Return the headline that a page gives whose feed announces the judged title; None when no page is kept."""
    path = data / "pages" / row["set"] / "html" / f"{row['ref']}.html.gz"
    if not path.exists():
        return None
    url = row["url"] or NOWHERE
    html = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
    entry = FeedEntry(source_id=SourceId(1), url=url, link=url, title=row["title"], seen_at=READ_AT)
    try:
        return story_headline([extract(Page(url=url, html=html, fetched_at=READ_AT), entry)])
    except Unreadable:
        return None


def changes(rows: list[Row], data: Path) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield verdict, walk, identity, title and headline of each title, by each walk that it has."""
    for row in rows:
        title = " ".join(row["title"].split())
        yield row["title_verdict"], "alone", row["id"], title, alone(row)
        if (found := page(row, data)) is not None:
            yield row["title_verdict"], "page", row["id"], title, found


def main() -> None:
    """Write the list, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--into", type=Path, default=Path("headlines.txt"))
    arguments = parser.parse_args()
    with gzip.open(arguments.data / "eye_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    counts: dict[tuple[str, str], Counter[str]] = {}
    with arguments.into.open("w", encoding="utf-8") as listed:
        for verdict, walk, name, title, made in sorted(changes(rows, arguments.data)):
            count = counts.setdefault((walk, verdict), Counter())
            count.update(titles=1, ellipsis="…" in made, long=columns(made) > LONGEST_LINE)
            count.update(changed=made != title, other=_letters(made) != _letters(title))
            if made != title:
                listed.write(f"{verdict:9} {walk:5} {name}  {title}\n{'':23}{made}\n")
    print(f"{'walk':6}{'verdict':10}" + "".join(f"{name:>10}" for name in ("titles", "changed", "other", "long", "…")))
    for (walk, verdict), count in sorted(counts.items()):
        names = ("titles", "changed", "other", "long", "ellipsis")
        print(f"{walk:6}{verdict:10}" + "".join(f"{count[name]:10}" for name in names))


def _letters(line: str) -> str:
    return re.sub(r"[\W_]+", "", line).casefold()


if __name__ == "__main__":
    main()
