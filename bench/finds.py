"""What letters of invented days show beside their stories: what comes next, numbers, quotations, names.

python bench/finds.py DATA OUT [--days 20] [--seed 0] [--sets fe,ft,sh] [--more NAME,...] [--fresh OLD]

DATA is a folder with ``eye_dev.jsonl.gz`` and ``pages/SET/index.jsonl.gz``: articles with id, title, text, lang, url.
SETS are the sets of pages that are used, by default those of news sites: ``wa`` holds texts of all kinds of sites.
NAMES are further files of articles in DATA, without ``.jsonl.gz``.
A day is 40 of them in one language from five outlets, written on the day before the letter or in its night. Texts keep
their weekday: they move by whole weeks, and the dates that they name move with them (see ``written``). The day is
composed as the corridor composes an edition, with the shipped settings and every find on.
OUT/finds_KIND.txt gets one item in a block: headline, date of the edition, sentence; a reader judges them. With OLD,
the sentences of an earlier run's folder are left out. Printed: the share of letters with each kind, and its number of
different sentences.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench.written import moved, written_on

from digest.model.article import Article, TextOrigin
from digest.model.edition import Edition, Item, Place
from digest.model.finds import Shown
from digest.model.ids import ArticleId, EditionKey, SourceId
from digest.model.source import Source
from digest.pipeline.editions.inputs import Material, make
from digest.settings import EditionSettings, RankSettings
from digest.summarise.finds.finder_words import LANGUAGES
from digest.text.words import STOP_WORDS, words

SIZE, OUTLETS = 40, 5
HALF_DAY = timedelta(hours=12)
LEAST_WORDS = 120
"""A shorter text is no article."""
SMALL_WORDS = 0.25
"""A text in a language has at least this share of its small words."""
FIRST_DAY = datetime(2026, 11, 2, 6, tzinfo=UTC)
TURNS = ("en", "en", "de", "en", "fr", "en", "en", "de", "en", "es")
"""Languages of the days, in turn; a language with too few articles gives its turn to English."""
KINDS = ("next", "number", "quote", "slugs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An article of the data."""

    title: str
    text: str
    url: str
    written: date | None
    """The date on which it was written, if anything tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One found sentence, with what a reader needs to judge it."""

    kind: str
    headline: str
    day: str
    text: str
    about: str = ""

    def lines(self) -> str:
        """Return the block as text."""
        return f"headline: {self.headline}\ndate of the edition: {self.day}\n{self.kind}: {self.text}\n{self.about}"


def guessed(text: str) -> str:
    """Return the language whose small words a text uses most; empty when none is clear."""
    found = Counter(words(text[:3000]))
    shares = {tag: sum(found[word] for word in STOP_WORDS[tag]) / max(1, found.total()) for tag in LANGUAGES}
    best = max(shares, key=lambda tag: shares[tag])
    return best if shares[best] > SMALL_WORDS else ""


def texts(data: Path, sets: Sequence[str], more: Sequence[str]) -> dict[str, list[Text]]:
    """Return the articles by language, each text once."""
    found: dict[str, list[Text]] = {tag: [] for tag in LANGUAGES}
    seen: set[str] = set()
    files = [data / "pages" / name / "index.jsonl.gz" for name in sets]
    files += [data / f"{name}.jsonl.gz" for name in ("eye_dev", *more)]
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                row = row.get("evening", row)  # noqa: PLW2901 - a pair of letters: its new article
                text, title = row["text"], row.get("title", "")
                opening = " ".join(text.split())[:120]
                tag = row.get("lang") if row.get("lang") in found else guessed(text)
                if title and tag and opening not in seen and len(text.split()) >= LEAST_WORDS:
                    seen.add(opening)
                    folder, name = row.get("set", file.parent.name), row.get("ref", row.get("id"))
                    written = written_on(row, tag, data / "pages" / folder / "html" / f"{name}.html.gz")
                    found[tag].append(Text(title=title, text=text, url=row.get("url") or "", written=written))
    return found


def moved_to(row: Text, language: str, day: date) -> Text:
    """Return a text as if it had been written on a day; its weekday is that of the day, or unknown."""
    if row.written is None:
        return row
    by = day - row.written
    title, text = (moved(each, language, by, row.written) for each in (row.title, row.text))
    return replace(row, title=title, text=text, written=day)


def article(row: Text, language: str, source: int, place: int, published: datetime) -> Article:
    """Return a text as an article of that outlet, published then."""
    name = hashlib.sha256((row.title + row.text).encode()).hexdigest()
    url = row.url if row.url.startswith("http") else f"https://example.org/{name[:16]}"
    return Article(
        id=ArticleId(name),
        source_id=SourceId(source),
        url=url,
        link=url,
        title=row.title,
        text=row.text,
        language=language,
        origin=TextOrigin.PAGE,
        first_seen=published,
        published=published,
        word_count=len(row.text.split()),
        position=place,
    )


def _fitting(rows: Sequence[Text], now: datetime) -> list[Text]:
    """Return the texts that were written on the weekday of a letter or of the day before."""
    weekdays = {now.weekday(), (now - timedelta(days=1)).weekday()}
    return [row for row in rows if row.written is None or row.written.weekday() in weekdays]


def _printed(row: Text, language: str, source: int, place: int, now: datetime, part: float) -> Article:
    """Return a text as an article of the letter's night, or of the half day before it."""
    midnight = now.replace(hour=0)
    tonight = row.written is not None and row.written.weekday() == now.weekday()
    published = now - part * (now - midnight) if tonight else midnight - part * HALF_DAY - timedelta(seconds=1)
    return article(moved_to(row, language, published.date()), language, source, place, published)


def days(rows: Mapping[str, list[Text]], count: int, seed: int) -> Iterator[Material]:
    """Yield what invented days are composed from."""
    rnd = random.Random(seed)  # noqa: S311 - a sample, no secret
    sources = tuple(
        Source(id=SourceId(n), url=f"https://example.org/{n}", name=f"Outlet {n}", publisher=f"Outlet {n}")
        for n in range(1, OUTLETS + 1)
    )
    for number in range(count):
        now = FIRST_DAY + timedelta(days=number)
        wanted = TURNS[number % len(TURNS)]
        language = wanted if len(_fitting(rows[wanted], now)) >= SIZE else "en"
        chosen = rnd.sample(_fitting(rows[language], now), SIZE)
        told = tuple(
            _printed(row, language, rnd.randrange(OUTLETS) + 1, place, now, rnd.random())
            for place, row in enumerate(chosen)
        )
        plan = EditionSettings(
            title="Morning",
            language=language,
            opening_names=True,
            one_liner_names=True,
            whats_next="stories",
            number_of_day=True,
            quote_of_day=True,
        )
        key = EditionKey(name="morning", date=now.date())
        yield Material(
            key=key, plan=plan, rank=RankSettings(), cut=now, articles=told, sources=sources, told=(), earlier=None
        )


def blocks(edition: Edition) -> Iterator[Block]:
    """Yield what a letter shows beside its stories."""
    day = f"{edition.key.date:%A}, {edition.key.date}"
    for item in edition.items:
        if item.ahead:
            yield Block(kind="next", headline=item.headline, day=day, text=item.ahead.passage.text)
    for shown in edition.finds.coming:
        yield Block(kind="next", headline=shown.headline, day=day, text=shown.find.passage.text)
    for kind, one in (("number", edition.finds.number), ("quote", edition.finds.quote)):
        if one is not None:
            yield Block(kind=kind, headline=one.headline, day=day, text=one.find.passage.text, about=_about(one))
    first = [item for item in edition.items if item.place in {Place.LEAD, Place.UPDATE, Place.TOP}][:3]
    for name in edition.finds.names:
        about = next((item for item in first if name.split()[-1] in item.headline), None)
        if about is not None:
            yield _named(name, about, day)
    for item in edition.items:
        if item.slug:
            yield _named(item.slug, item, day)


def _named(name: str, item: Item, day: str) -> Block:
    told = item.bullets[0].text if item.bullets else ""
    return Block(kind="slugs", headline=item.headline, day=day, text=name, about=f"first bullet: {told}\n")


def _about(shown: Shown) -> str:
    find = shown.find
    told = (("figure", find.figure), ("speaker", find.credit or find.speaker))
    return "".join(f"{what}: {value}\n" for what, value in told if value)


def main() -> None:
    """Compose the days, write the blocks, print the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--days", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sets", default="fe,ft,sh")
    parser.add_argument("--more", default="")
    parser.add_argument("--fresh", type=Path)
    asked = parser.parse_args()
    rows = texts(asked.data, asked.sets.split(","), asked.more.split(",") if asked.more else ())
    old = {kind: (asked.fresh / f"finds_{kind}.txt") for kind in KINDS} if asked.fresh else {}
    known = {kind: file.read_text(encoding="utf-8") for kind, file in old.items() if file.is_file()}
    found: dict[str, dict[str, Block]] = {kind: {} for kind in KINDS}
    letters, total = Counter[str](), 0
    for material in days(rows, asked.days, asked.seed):
        edition = make(material).edition
        if edition is None:
            continue
        total += 1
        these = list(blocks(edition))
        letters.update({block.kind for block in these})
        for block in these:
            name = f"{block.kind}: {block.text}\n" if block.kind != "slugs" else f"headline: {block.headline}\n"
            if name not in known.get(block.kind, ""):
                found[block.kind].setdefault(name, block)
    asked.out.mkdir(parents=True, exist_ok=True)
    for kind, each in found.items():
        (asked.out / f"finds_{kind}.txt").write_text(
            "\n".join(block.lines() for block in each.values()), encoding="utf-8"
        )
        print(f"{kind}: in {letters[kind]} of {total} letters, {len(each)} different", file=sys.stdout)
    print({tag: len(each) for tag, each in rows.items()})


if __name__ == "__main__":
    main()
