"""Fit the list of how English news writes its words (src/digest/summarise/small_words.txt) on the texts of articles.

    PYTHONPATH=src:. python bench/small_words.py ../shared/eval/data > src/digest/summarise/small_words.txt

Words stand in sections. "small": written small in at least SMALL of the places inside sentences; "mostly": in at least
MOSTLY; "rare": always, but seldom seen; "names": in less than NAMES, though another form of the word is listed as
small ("stone", "stones"). The articles whose titles are judged (eye_dev) are not read.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from digest.summarise.spelling import relatives

SETS = ("summ", "summ_llm", "cluster")
LEAST, SMALL, MOSTLY, NAMES = 3, 0.97, 0.6, 0.3
SHORTEST_RARE = 5
"""Letters of a rare word that is listed."""
SHORTEST_LINE, MOST_CAPITALS = 6, 0.5
"""Words of a line that is read, and the share of capitals from which it is a heading."""
HEADER = "# How news writes English words inside a sentence; fitted by bench/small_words.py"
_INSIDE = re.compile(r"(?<=[\w,;] )([^\W\d_]{2,})")


def lines(data: Path) -> Iterator[str]:
    """Yield the running lines of the English articles, each article once."""
    seen = set()
    for name in SETS:
        with gzip.open(data / f"{name}_dev.jsonl.gz", "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                if row.get("lang", "en") == "en" and (text := row["text"] or "")[:200] not in seen:
                    seen.add(text[:200])
                    yield from filter(_runs, text.split("\n"))


def _runs(line: str) -> bool:
    words = line.split()
    return len(words) >= SHORTEST_LINE and sum(w[:1].isupper() for w in words) <= MOST_CAPITALS * len(words)


def main() -> None:
    """Print the list."""
    small: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for line in lines(Path(sys.argv[1])):
        for word in _INSIDE.findall(line):
            every[word.lower()] += 1
            small[word.lower()] += word.islower()
    plain = {w for w, n in small.items() if n >= LEAST and n >= SMALL * every[w]}
    mostly = {w for w, n in small.items() if n >= LEAST and n >= MOSTLY * every[w]} - plain
    others = {w for w, n in every.items() if n >= LEAST and small[w] < NAMES * n}
    names = {w for w in others if any(form in plain for form in relatives(w))}
    seldom = {w for w, n in small.items() if n == every[w] < LEAST and len(w) >= SHORTEST_RARE and w.isascii()}
    rare = {w for w in seldom if not any(form in plain for form in relatives(w))}
    print(HEADER)
    for name, found in (("small", plain), ("mostly", mostly), ("rare", rare), ("names", names)):
        print(f"[{name}]")
        print("\n".join(textwrap.wrap(" ".join(sorted(found)), 120)))


if __name__ == "__main__":
    main()
