"""Explains the place of each story and the score of each sentence, from what composing stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from digest.errors import ItemSetAside, UnknownEdition
from digest.model.article import Article
from digest.model.block import Block, LostBlock
from digest.model.ids import ArticleId, EditionKey
from digest.model.quarantine import Guard, ItemKind
from digest.model.story import Factor
from digest.pipeline.editions.blocks import lost_in
from digest.pipeline.editions.history_lines import HISTORY
from digest.pipeline.editions.left_out import Refused, in_words, refused
from digest.pipeline.editions.lookup import find_edition
from digest.pipeline.editions.snapshot import readable_basis
from digest.pipeline.proofs.explain_finds import FindAccount, find_accounts
from digest.pipeline.quarantine import watching
from digest.pipeline.runtime import Runtime
from digest.storage.editions import StoredEdition
from digest.summarise.days import ReadingDay, Timing, timing
from digest.summarise.scorer import NOT_TOLD, score

RUNNERS_UP = 15
"""Number of stories left out of the letter that are shown when no story is named."""
_LEAST_SHOWN = 0.01
_TIMED = {
    Timing.WRONG: "it says today, or the like, of another day",
    Timing.PASSED: "unless nothing else is: its day has passed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceAccount:
    """A sentence with its score. ``bullet`` says whether the letter prints the sentence, or a part of it."""

    text: str
    score: float
    factors: tuple[Factor, ...]
    bullet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryAccount:
    """A story: its rank, its place or why it has none, and its score with the factors."""

    rank: int
    facts: Mapping[str, Any]
    """What composing stored about it: headline, place, left_out, memory, score, factors, articles."""
    sentences: tuple[SentenceAccount, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The explanation of an edition."""

    key: EditionKey
    state: str
    reason: str
    in_words: str
    """State and reason as text, in the same words as other commands."""
    stories: tuple[StoryAccount, ...]
    refused: tuple[Refused, ...] = ()
    """Articles that the settings excluded before the ranking."""
    history: tuple[Mapping[str, Any], ...] = ()
    """The editor's acts, as composing stored them."""
    blocks: tuple[Block, ...] = ()
    lost_blocks: tuple[LostBlock, ...] = ()
    """Blocks that could not be made, and why."""
    finds: tuple[FindAccount, ...] = ()
    """The finds of the letter, and why each was chosen."""

    def lines(self) -> Iterator[str]:
        """Yield the explanation as lines of text."""
        yield f"{self.key}: {self.in_words}"
        for step in self.history:
            back = " (taken back)" if step["taken_back"] else ""
            yield f"   by hand, no. {step['id']}, {step['author'] or 'somebody'}: {step['words']}{back}"
        for story in self.stories:
            yield from _story_lines(story)
        yield from self._block_lines()
        if self.finds:
            yield from ("", "Beside the stories:")
            yield from (f"   - {each.line}" for each in self.finds)
        if self.refused:
            yield ""
            yield f"Not in the running: {len(self.refused)} (each of them: digest articles --edition {self.key})"
            yield from (f"   - {line}" for line in in_words(self.refused))

    def _block_lines(self) -> Iterator[str]:
        if self.blocks or self.lost_blocks:
            yield ""
        for block in self.blocks:
            yield f"Block {block.kind}: shown ({block.place.value}), {len(block.html)} characters"
        for lost in self.lost_blocks:
            yield f"Block {lost.kind}: left out: {lost.why}"

    def plain(self) -> dict[str, Any]:
        """Return the explanation as values for JSON."""
        return {
            "edition": str(self.key),
            "state": self.state,
            "blocks": [{"kind": block.kind, "place": block.place.value, "left_out": ""} for block in self.blocks]
            + [{"kind": lost.kind, "place": "", "left_out": lost.why} for lost in self.lost_blocks],
            "history": [dict(step) for step in self.history],
            "stories": [
                {
                    "rank": story.rank,
                    **story.facts,
                    "sentences": [
                        {
                            "text": sentence.text,
                            "score": sentence.score,
                            "bullet": sentence.bullet,
                            "factors": {factor.name: factor.value for factor in sentence.factors},
                        }
                        for sentence in story.sentences
                    ],
                }
                for story in self.stories
            ],
            "finds": [{"what": each.what, "text": each.text, "why": each.why} for each in self.finds],
            "refused": [
                {"title": each.article.title, "link": each.article.link, "source": each.source}
                | {"cause": each.why.cause.value, "why": each.why.words}
                for each in self.refused
            ],
        }


def explain(runtime: Runtime, reference: str, story: str | None) -> Account:
    """Return the explanation of an edition; with ``story`` only that of stories and articles with it in their headline.

    Raises UnknownEdition when there is no such edition, or no such story in it.
    """
    row = find_edition(runtime, reference)
    ranked = list(enumerate(row.seen.get("stories", ()), start=1))
    kept_out = refused(runtime, row)
    if story is None:
        shown = [(n, facts) for n, facts in ranked if facts["place"]]
        shown += [(n, facts) for n, facts in ranked if not facts["place"]][:RUNNERS_UP]
        accounts = [StoryAccount(rank=n, facts=facts) for n, facts in shown]
    else:
        wanted = story.casefold()
        found = [(n, f) for n, f in ranked if wanted in f["headline"].casefold() or f["id"].startswith(wanted)]
        kept_out = tuple(each for each in kept_out if wanted in each.article.title.casefold())
        if not found and not kept_out:
            raise UnknownEdition(f"{row.key} saw no story like {story!r}: digest explain {reference}")
        with watching(runtime, f"explain {row.key}") as watch:
            made = (_sentences(runtime, row, facts, watch.item) for _, facts in found)
            accounts = [StoryAccount(rank=n, facts=f, sentences=s) for (n, f), s in zip(found, made, strict=True)]
    return Account(
        key=row.key,
        state=row.state.value,
        reason=row.reason,
        in_words=row.in_words,
        stories=tuple(accounts),
        refused=kept_out,
        history=tuple(row.seen.get(HISTORY, ())) if story is None else (),
        blocks=row.edition.blocks if row.edition and story is None else (),
        lost_blocks=lost_in(row.seen) if story is None else (),
        finds=_finds(row) if story is None else (),
    )


def _finds(row: StoredEdition) -> tuple[FindAccount, ...]:
    basis = readable_basis(row.seen)
    return find_accounts(row.edition, basis.plan if basis else None) if row.edition else ()


def _sentences(
    runtime: Runtime, row: StoredEdition, facts: Mapping[str, Any], guard: Guard
) -> tuple[SentenceAccount, ...]:
    """Return the sentences of the story's articles, scored as when the bullets were chosen.

    ``guard`` surrounds the work on each article; an article that it sets aside is left out.
    """
    articles = runtime.stores.articles.by_id([ArticleId(article["id"]) for article in facts["articles"]])
    bullets = [b for item in (row.edition.items if row.edition else ()) for b in item.bullets]
    found: list[SentenceAccount] = []
    for article in articles.values():
        spans = [(b.start, b.end) for b in bullets if b.article_id == article.id]
        with suppress(ItemSetAside), guard(ItemKind.ACCOUNT, article.id, article.title.encode("utf-8", "replace")):
            found += _scored(article, spans, _day(runtime, row))
    return tuple(found)


def _day(runtime: Runtime, row: StoredEdition) -> ReadingDay | None:
    """Return the day by which the articles of an edition are read; None for an edition that is not in the settings."""
    settings = runtime.settings.editions.get(row.key.name)
    return ReadingDay(row.key.date, ZoneInfo(settings.zone)) if settings else None


def _scored(article: Article, spans: list[tuple[int, int]], day: ReadingDay | None) -> Iterator[SentenceAccount]:
    written = day.written(article.published or article.first_seen) if day else None
    for sentence in score(article):
        text = article.text[sentence.start : sentence.end]
        timed = timing(text, article.language, written, day.read) if day and written else Timing.RIGHT
        passed = () if timed is Timing.RIGHT else (Factor(name=NOT_TOLD, value=0.0, note=_TIMED[timed]),)
        yield SentenceAccount(
            text=text,
            score=sentence.score,
            factors=(*passed, *sentence.factors),
            bullet=any(start < sentence.end and sentence.start < end for start, end in spans),
        )


def _why_there(facts: Mapping[str, Any]) -> str:
    """Return an explanation of a story's score in one sentence: its sources, its age, and the effect of each factor."""
    counted = {factor["name"]: factor for factor in facts["factors"] if factor["value"]}
    carried = counted.get("coverage", {}).get("note", "")
    notes = {name: factor["note"] for name, factor in counted.items() if name != "coverage" and factor["note"]}
    points = [
        f"{f['value']:+.2f} {name}" + (f" ({notes[name]})" if name in notes else "") for name, f in counted.items()
    ]
    seen = f"first seen {facts['first_seen']}"
    return f"{', '.join(filter(None, (carried, seen)))}; score {facts['score']:.2f}: {', '.join(points)}"


def _story_lines(story: StoryAccount) -> Iterator[str]:
    facts = story.facts
    place = facts["place"] or f"left out: {facts['left_out']}"
    memory = facts["memory"] if facts["memory"] not in facts["left_out"] else ""
    yield ""
    yield f"{story.rank}. {facts['headline']}"
    yield f"   {'; '.join(filter(None, (place, memory, facts.get('bullets', ''))))}"
    yield f"   {_why_there(facts)}"
    for article in facts["articles"]:
        yield f"   - {article['title']} <{article['link']}>"
    for sentence in story.sentences:
        mark = "*" if sentence.bullet else " "
        why = ", ".join(filter(None, map(_reason, sentence.factors)))
        yield f"   {mark} {sentence.score:+.2f}  {sentence.text}"
        yield f"             {why}"


def _reason(factor: Factor) -> str:
    """Return how a factor changed a sentence's score, or why it excluded the sentence; empty for a tiny effect."""
    if factor.name == NOT_TOLD:
        return f"{factor.name}: {factor.note}"
    return f"{factor.value:+.2f} {factor.name}" if abs(factor.value) >= _LEAST_SHOWN else ""
