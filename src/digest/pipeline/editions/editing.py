"""The editor's desk: acts on a draft, and the word that lets an edition go, holds it, or skips it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from digest.edition.calendar import Occurrence
from digest.edition.desk import Act, Drop, Merge, NoteAct, Pin, Retitle, StoryName, written
from digest.errors import EditionClosed, NothingToTell, RefusedAct, UnknownEdition
from digest.logs import get_logger
from digest.model.edition import EditionState
from digest.model.ids import StoryId
from digest.model.life import MOVES, Move
from digest.pipeline.check.gate import gated, look
from digest.pipeline.editions.composing import BY_EDITOR, Composed, asked_for, compose_edition
from digest.pipeline.runtime import Runtime
from digest.storage.editions import StoredEdition

log = get_logger()

NEAR = 3
"""Stories that are named to an editor whose words fit none or several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRequest:
    """What the editor asked for in one command; a story is named by a part of its headline, or by its id."""

    note: str | None = None
    """An empty one takes an earlier note back."""
    author: str = ""
    merge: tuple[tuple[str, str], ...] = ()
    retitle: tuple[tuple[str, str], ...] = ()
    pin: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


def edit(runtime: Runtime, reference: str, wish: EditRequest) -> Composed:
    """Store the editor's acts and compose the edition again with all acts so far.

    Nothing is stored unless every act can be done. Raises RefusedAct, UnknownEdition, EditionClosed when the edition
    is approved, sent or skipped, and NothingToTell before it is composed.
    """
    due, row = _edition(runtime, reference)
    if not row.may(Move.EDIT):
        first = f"; to edit it: digest hold {row.key}" if row.state is EditionState.APPROVED else ""
        raise EditionClosed(f"{row.key} is {row.state.value} and cannot be edited{first}")
    _require_draft(row)
    for act in _acts(row, wish):
        runtime.stores.desk.add(row.id, written(act), runtime.clock())
    return compose_edition(runtime, due)


def approve(runtime: Runtime, reference: str) -> StoredEdition:
    """Let an edition go as it stands, also one that was held; it is not composed again.

    Raises EditionClosed when the check finds an error: then the edition is held with that reason.
    """
    _, row = _edition(runtime, reference)
    _require_draft(row)
    looked = look(runtime, row.key.name)
    if looked.errors:
        gated(runtime, row, looked)
        raise EditionClosed(f"{row.key} cannot go: {'; '.join(looked.errors)}; mend it, then approve")
    for warning in looked.warnings:
        log.warning("check warns", edition=str(row.key), why=warning)
    return _move(runtime, row, Move.APPROVE)


def hold(runtime: Runtime, reference: str) -> StoredEdition:
    """Keep an edition from going until it is approved; it may be edited and composed again meanwhile."""
    _, row = _edition(runtime, reference)
    _require_draft(row)
    return _move(runtime, row, Move.HOLD, BY_EDITOR)


def skip(runtime: Runtime, reference: str) -> StoredEdition:
    """Let an edition fall out; for good."""
    _, row = _edition(runtime, reference)
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


def _require_draft(row: StoredEdition) -> None:
    if row.edition is None:
        day = f"--edition {row.key.name} --date {row.key.date}"
        why = f"has no story to send ({row.in_words})" if row.reason else "is not composed yet"
        raise NothingToTell(f"{row.key} {why}: digest compose {day}")


def _move(runtime: Runtime, row: StoredEdition, move: Move, reason: str = "") -> StoredEdition:
    editions = runtime.stores.editions
    done = editions.move(row.id, move, runtime.clock(), reason=reason)
    now = editions.get(row.key) or row
    if not done:
        (to,) = MOVES[move].to
        raise EditionClosed(f"{row.key} is {now.state.value} and cannot be {to.value} any more")
    log.info("edition moved", edition=str(row.key), before=row.state.value, move=move.name.lower())
    return now


def _acts(row: StoredEdition, wish: EditRequest) -> tuple[Act, ...]:
    stories = _stories(row)
    try:
        acts: list[Act] = [] if wish.note is None else [NoteAct(text=wish.note, author=wish.author)]
        acts += [Merge(story=_find(stories, one), other=_find(stories, other)) for one, other in wish.merge]
        acts += [Retitle(story=_find(stories, words), headline=headline) for words, headline in wish.retitle]
    except ValueError as error:
        raise RefusedAct(f"{row.key}: {error}") from error
    acts += [Pin(story=_find(stories, words)) for words in wish.pin]
    acts += [Drop(story=_find(stories, words)) for words in wish.drop]
    return tuple(acts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """A story as the editor sees it: with the headline of its own, and the one that the letter prints."""

    name: StoryName
    headlines: tuple[str, ...]

    def fits(self, words: str) -> bool:
        return any(words in headline.casefold() for headline in self.headlines) or self.name.story_id.startswith(words)

    def nearness(self, words: str) -> float:
        return max(SequenceMatcher(None, words, headline.casefold()).ratio() for headline in self.headlines)


def _stories(row: StoredEdition) -> tuple[_Listed, ...]:
    """Return the stories of the last draft that acts can reach; one far down the ranking was not made ready."""
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
    """Return the only story that the words fit; RefusedAct names the near ones otherwise."""
    wanted = " ".join(words.split()).casefold()
    found = [story for story in stories if wanted and story.fits(wanted)]
    if len(found) == 1:
        return found[0].name
    near = found or sorted(stories, key=lambda story: -story.nearness(wanted))
    listed = "".join(f"\n  {story.name.story_id}  {story.headlines[0]}" for story in near[:NEAR])
    what = f"{len(found)} stories fit {words!r}; say more, or the id" if found else f"no story is like {words!r}; near"
    raise RefusedAct(f"{what}:{listed}")
