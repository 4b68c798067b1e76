"""How grouping and ranking grow: CPU seconds and memory for 1,000 to 10,000 invented articles.

    PYTHONPATH=src python bench/stories.py [1000 2000 5000 10000]

Each size runs in a process of its own (peak memory never falls). Articles have 330 words from a vocabulary with Zipf's
frequencies; three in ten tell a story with others, from a list of the story's own words.
"""

from __future__ import annotations

import math
import random
import resource
import subprocess
import sys
import time
from bisect import bisect
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from digest.model.article import Article, TextOrigin
from digest.model.ids import ArticleId, SourceId
from digest.model.source import Source
from digest.rank.group import group
from digest.rank.score import rank
from digest.settings import RankSettings

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SIZES = ("1000", "2000", "5000", "10000")
BARS = {5000: 5.0, 10000: 12.0}
MOST_MB = {5000: 400}
WORDS, TITLE_WORDS, VOCABULARY, OUTLETS = 330, 9, 40_000, 200
SHARED, ABOUT = 0.3, 0.15
"""Share of articles that tell a story with others, and of their words that are the story's own."""
FUNCTIONAL = 0.4
FUNCTION_WORDS = ("the", "of", "to", "and", "a", "in", "that", "for", "is", "on", "with", "as", "was", "by", "at", "he")
SYLLABLES = [a + b for a in "bdfgklmnprst" for b in ("a", "e", "i", "o", "u", "an", "er", "is")]


class Press:
    """An invented press: the same articles for the same number, whatever the machine."""

    def __init__(self, number: int) -> None:
        self.dice = random.Random(number)  # noqa: S311 - invented words, no secret
        self.number = number
        self.words = ["".join(self.dice.choices(SYLLABLES, k=2 + place % 3)) for place in range(VOCABULARY)]
        self.shares = list(accumulate(1 / (place + 10) for place in range(VOCABULARY)))
        stories = max(1, int(number * SHARED / 5))
        self.themes = [[word.capitalize() for word in self.meant(20)] for _ in range(stories)]

    def said(self, count: int) -> list[str]:
        """Return so many words, four in ten of them function words, as in English prose."""
        return [
            self.dice.choice(FUNCTION_WORDS) if self.dice.random() < FUNCTIONAL else word for word in self.meant(count)
        ]

    def meant(self, count: int) -> list[str]:
        """Return so many words that carry meaning."""
        return [self.words[bisect(self.shares, self.dice.random() * self.shares[-1])] for _ in range(count)]

    def written(self, count: int, theme: list[str], share: float) -> str:
        """Return a text of so many words, a share of them from the theme, if there is one."""
        words = self.said(count)
        for place in range(count):
            if theme and self.dice.random() < share:
                words[place] = self.dice.choice(theme)
        return " ".join(words).capitalize() + "."

    def article(self, place: int) -> Article:
        """Return the article of that number, on a story of the press or on nothing that others write of."""
        theme = self.dice.choice(self.themes) if self.dice.random() < SHARED else []
        when = NOW - timedelta(minutes=self.dice.randrange(26 * 60))
        url = f"https://paper{place % OUTLETS}.example/{place}"
        return Article(
            id=ArticleId(f"{place:064x}"),
            source_id=SourceId(place % OUTLETS),
            url=url,
            link=url,
            title=self.written(TITLE_WORDS, theme, 0.5),
            text=self.written(WORDS, theme, ABOUT),
            language="en",
            origin=TextOrigin.PAGE,
            first_seen=when,
            published=when,
            word_count=WORDS,
        )

    def print(self) -> list[Article]:
        """Return all articles."""
        return [self.article(place) for place in range(self.number)]


def measure(number: int) -> None:
    """Print one line for one size; exit 1 when it is over a bar."""
    articles = Press(number).print()
    sources = {
        SourceId(n): Source(id=SourceId(n), url=f"https://paper{n}.example/feed", name=f"Paper {n}", publisher=f"P{n}")
        for n in range(OUTLETS)
    }
    started = time.process_time()
    groups = group(articles)
    grouped = time.process_time()
    stories = rank(groups, sources, RankSettings(), NOW)
    ranked = time.process_time()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    several = sum(len(story.articles) > 1 for story in stories)
    total = ranked - started
    print(
        f"{number:6} articles  group {grouped - started:6.2f} s  rank {ranked - grouped:5.2f} s"
        f"  total {total:6.2f} s CPU"
        f"  {peak_mb:5.0f} MB  {len(stories)} stories, {several} of several articles",
        flush=True,
    )
    sys.exit(total > BARS.get(number, math.inf) or peak_mb > MOST_MB.get(number, math.inf))


def main() -> None:
    """Measure every size named, each in its own process."""
    if sys.argv[1:2] == ["--one"]:
        measure(int(sys.argv[2]))
    sizes = sys.argv[1:] or SIZES
    failed = []
    for size in sizes:
        done = subprocess.run([sys.executable, __file__, "--one", size], check=False)  # noqa: S603 - ourselves
        if done.returncode:
            failed.append(size)
    if failed:
        sys.exit(f"over the bar: {', '.join(failed)} articles")


if __name__ == "__main__":
    main()
