"""The editor's commands: acts on a draft, and approving, holding or skipping an edition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from digest.edition.acts import (
    Act,
    Drop,
    Merge,
    NoteAct,
    Order,
    OriginalTitle,
    Pin,
    Preheader,
    Restore,
    Retitle,
    StoryName,
    Subject,
    ToBlock,
    short_headline,
)
from digest.edition.calendar import Occurrence
from digest.edition.hand import Block
from digest.errors import EditionClosed, RefusedAct, UnknownEdition
from digest.logs import get_logger
from digest.model.ids import EditionKey, StoryId
from digest.model.life import MOVES, Move
from digest.pipeline.check.gate import gated, look
from digest.pipeline.editions.acting import do_acts, refuse_closed, require_draft, the_redo, the_undo
from digest.pipeline.editions.again import deeds_of
from digest.pipeline.editions.composing import BY_EDITOR, Composed, asked_for
from digest.pipeline.editions.history_lines import Step, steps
from digest.pipeline.editions.lookup import find_edition
from digest.pipeline.runtime import Runtime
from digest.storage.editions import StoredEdition

log = get_logger()

NEAR = 3
"""Number of stories that an error names when the editor's text matches no story or several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRequest:
    """The changes that the editor requests in one command. A story is named by part of its headline, or by its id."""

    note: str | None = None
    """The text of a note. An empty text removes an earlier note."""
    author: str = ""
    """The name under the note."""
    merge: tuple[tuple[str, str], ...] = ()
    retitle: tuple[tuple[str, str], ...] = ()
    """Pairs of a story and its new headline. An empty headline restores the original one."""
    pin: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    restore: tuple[str, ...] = ()
    """Stories to bring back that an editor had left out."""
    one_liner: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    subject: str | None = None
    preheader: str | None = None
    undo: int | None = None
    """The number of an act to undo; 0 for the newest in effect."""
    redo: int | None = None
    """The number of an act to redo; 0 for the one undone last."""


def edit(runtime: Runtime, reference: str, wish: EditRequest, by: str = "") -> Composed:
    """Store the editor's acts and compose the edition again with all acts in effect.

    ``reference`` is such as ``morning/2026-11-23``, or ``morning`` for today's; ``by`` is the editor. Nothing is stored
    unless every act can be done. Raises RefusedAct, UnknownEdition, EditionClosed when the edition is approved, sent or
    skipped, and NothingToTell before it is composed.
    """
    due, row = _edition(runtime, reference)
    refuse_closed(row)
    require_draft(row)
    return do_acts(runtime, due, row, _acts(runtime, row, wish), author=by)


def history(runtime: Runtime, reference: str) -> tuple[EditionKey, tuple[Step, ...]]:
    """Return the editor's acts on an edition as text, oldest first, and the edition's key. Raises UnknownEdition."""
    row = find_edition(runtime, reference)
    return row.key, steps(deeds_of(runtime.stores, row), row.seen.get("stories", ()), row.edition)


def approve(runtime: Runtime, reference: str, row: StoredEdition | None = None) -> StoredEdition:
    """Approve an edition as it is, even if it is held, and return it as stored; it is not composed again.

    ``row`` is the stored edition, if the caller has read it. Raises EditionClosed when the check finds an error: then
    the edition is held with that reason.
    """
    row = row or _edition(runtime, reference)[1]
    require_draft(row)
    looked = look(runtime, row.key.name)
    if looked.errors:
        gated(runtime, row, looked)
        raise EditionClosed(f"{row.key} cannot go: {'; '.join(looked.errors)}; mend it, then approve")
    for warning in looked.warnings:
        log.warning("check warns", edition=str(row.key), why=warning)
    return _move(runtime, row, Move.APPROVE)


def hold(runtime: Runtime, reference: str, row: StoredEdition | None = None) -> StoredEdition:
    """Hold an edition until it is approved, and return it as stored. It may be edited and composed again meanwhile.

    ``row`` is the stored edition, if the caller has read it.
    """
    row = row or _edition(runtime, reference)[1]
    require_draft(row)
    return _move(runtime, row, Move.HOLD, BY_EDITOR)


def skip(runtime: Runtime, reference: str, row: StoredEdition | None = None) -> StoredEdition:
    """Mark an edition as never to be sent, and return it as stored.

    ``reference`` is such as ``morning/2026-11-23``; ``row`` is the stored edition, if the caller has read it.
    """
    row = row or _edition(runtime, reference)[1]
    return _move(runtime, row, Move.SKIP, BY_EDITOR)


def _edition(runtime: Runtime, reference: str) -> tuple[Occurrence, StoredEdition]:
    """Return the edition that ``morning/2026-11-23`` names, or today's of ``morning``, with its row."""
    name, _, day = reference.partition("/")
    try:
        wanted = date.fromisoformat(day) if day else None
    except ValueError:
        raise UnknownEdition(f"{reference!r}: expected a name and a date, such as morning/2026-11-23") from None
    due = asked_for(runtime, name, wanted)
    return due, runtime.stores.editions.plan(due.key, due.due, due.expires, runtime.clock())


def _move(runtime: Runtime, row: StoredEdition, move: Move, reason: str = "") -> StoredEdition:
    editions = runtime.stores.editions
    done = editions.move(row.id, move, runtime.clock(), reason=reason)
    now = editions.get(row.key) or row
    if not done:
        (to,) = MOVES[move].to
        raise EditionClosed(f"{row.key} is {now.state.value} and cannot be {to.value} any more")
    log.info("edition moved", edition=str(row.key), before=row.state.value, move=move.name.lower())
    return now


def _acts(runtime: Runtime, row: StoredEdition, wish: EditRequest) -> tuple[Act, ...]:
    stories = _stories(row)

    def found(words: Iterable[str]) -> tuple[StoryName, ...]:
        return tuple(_find(stories, one) for one in words)

    try:
        acts: list[Act] = [] if wish.note is None else [NoteAct(text=wish.note, author=wish.author)]
        acts += [] if wish.subject is None else [Subject(text=wish.subject)]
        acts += [] if wish.preheader is None else [Preheader(text=wish.preheader)]
        acts += [Merge(story=_find(stories, one), other=_find(stories, other)) for one, other in wish.merge]
        acts += [_titled(_find(stories, words), headline) for words, headline in wish.retitle]
        acts += [Order(stories=found(wish.order))] if wish.order else []
    except ValueError as error:
        raise RefusedAct(f"{row.key}: {error}") from error
    acts += [Pin(story=name) for name in found(wish.pin)]
    acts += [ToBlock(story=name, block=Block.LINE) for name in found(wish.one_liner)]
    acts += [Restore(story=name) for name in found(wish.restore)]
    acts += [Drop(story=name) for name in found(wish.drop)]
    acts += [] if wish.undo is None else [the_undo(runtime, row, wish.undo or None)]
    acts += [] if wish.redo is None else [the_redo(runtime, row, wish.redo or None)]
    return tuple(acts)


def _titled(story: StoryName, headline: str) -> Act:
    return Retitle(story=story, headline=short_headline(headline)) if headline else OriginalTitle(story=story)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """A story with its headlines: the original one, and the one that the letter prints."""

    name: StoryName
    headlines: tuple[str, ...]

    def fits(self, words: str) -> bool:
        return any(words in headline.casefold() for headline in self.headlines) or self.name.story_id.startswith(words)

    def nearness(self, words: str) -> float:
        return max(SequenceMatcher(None, words, headline.casefold()).ratio() for headline in self.headlines)


def _stories(row: StoredEdition) -> tuple[_Listed, ...]:
    """Return the stories of the last draft that acts can name; those far down the ranking are missing."""
    printed = {item.story_id: item.headline for item in (row.edition.items if row.edition else ())}
    ready: Iterable[Mapping[str, Any]] = (story for story in row.seen.get("stories", ()) if story["memory"])
    return tuple(
        _Listed(
            name=StoryName(story_id=StoryId(story["id"]), urls=tuple(article["url"] for article in story["articles"])),
            headlines=tuple(dict.fromkeys((printed.get(story["id"], story["headline"]), story["headline"]))),
        )
        for story in ready
    )


def _find(stories: Sequence[_Listed], words: str) -> StoryName:
    """Return the only story that matches the text. Otherwise raise RefusedAct, which names similar stories."""
    wanted = " ".join(words.split()).casefold()
    found = [story for story in stories if wanted and story.fits(wanted)]
    if len(found) == 1:
        return found[0].name
    near = found or sorted(stories, key=lambda story: -story.nearness(wanted))
    listed = "".join(f"\n  {story.name.story_id}  {story.headlines[0]}" for story in near[:NEAR])
    what = f"{len(found)} stories fit {words!r}; say more, or the id" if found else f"no story is like {words!r}; near"
    raise RefusedAct(f"{what}:{listed}")
