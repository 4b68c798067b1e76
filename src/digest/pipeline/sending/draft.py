"""A preview of an edition as it would be sent now: nothing is stored, fetched or sent.

what is stored ─ standing ─▶ DraftState ─ drafted ─▶ Drafted ─ proof ─▶ DraftProof
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from digest.deliver.message.splice import Prepared, ReaderFields, prepare
from digest.edition.acts import Act, StoryName, named
from digest.edition.calendar import Occurrence, on_date, upcoming
from digest.edition.history import Deed, in_effect, read
from digest.errors import SettingsError
from digest.model.edition import Edition, EditionState
from digest.model.ids import EditionKey
from digest.model.letter import Letter
from digest.model.life import Cause, Move, may
from digest.pipeline.editions.again import deeds_of, keeps_its_articles
from digest.pipeline.editions.blocks import known_blocks
from digest.pipeline.editions.composing import gathered, occasion
from digest.pipeline.editions.history_lines import headlines
from digest.pipeline.editions.inputs import make
from digest.pipeline.editions.snapshot import account_of, basis_of, readable_basis
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.dry_run import INERT
from digest.pipeline.sending.letters import letter_of, ready_for_mail
from digest.pipeline.sending.unnamed_persons import unnamed_persons
from digest.render.page import page
from digest.render.proof import LetterFinding, proofread
from digest.storage.editions import StoredEdition

SOMEBODY = "reader@example.com"
"""Address of the preview copy; it belongs to nobody (RFC 2606)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftState:
    """What is stored about an edition at present.

    If it is equal at two times, the draft under the same settings is, too.
    """

    due: Occurrence
    row: StoredEdition | None
    deeds: tuple[Deed, ...]
    """All acts of the editor, undone ones included."""
    fetched: datetime | None
    """When the last fetch ended; None before the first."""
    sources: int
    audience: int

    @property
    def acts(self) -> tuple[Act, ...]:
        """The acts in effect."""
        return tuple(deed.act for deed in in_effect(self.deeds))

    @property
    def state(self) -> EditionState:
        """The edition's state; planned when it has no row."""
        return self.row.state if self.row else EditionState.PLANNED

    @property
    def reason(self) -> str:
        """Why the edition is held or skipped, as text; empty otherwise."""
        return self.row.reason if self.row else ""

    @property
    def cause(self) -> Cause:
        """Who or what holds or skips the edition."""
        return self.row.cause if self.row else Cause.NONE

    def may(self, move: Move) -> bool:
        """Return whether this change of the edition is allowed in its present state."""
        return may(move, self.state, self.cause)


class Origin(Enum):
    """Where the edition that is shown comes from."""

    FROZEN = "frozen"
    """It is that of the frozen letter, which readers get or got."""
    STORED = "stored"
    """It is the draft as it was composed."""
    MADE = "made"
    """It was made for the preview, from what is stored now and the present settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """A story of the ranking, with its place in the letter, or why it has none."""

    id: str
    headline: str
    place: str
    """Empty when it is left out."""
    left_out: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedAct:
    """An act of the editor: its number, its stories, and whether it does nothing because they are missing."""

    id: int
    act: Act
    headlines: tuple[str, ...]
    idle: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """The edition that is shown. ``edition`` is None when there is no story; ``thin`` says when there are too few."""

    edition: Edition | None
    origin: Origin
    made_at: datetime | None
    thin: str
    stories: tuple[StoryLine, ...]
    """Ordered as in the ranking."""
    applied: tuple[AppliedAct, ...]
    frozen: Letter | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftProof:
    """The letter of a draft, one copy of it whose links do nothing, and the problems found in the letter."""

    letter: Letter
    page: str
    message: bytes
    findings: tuple[LetterFinding, ...]
    unsigned: str
    """Why the copy has no signature although the settings ask for one; empty otherwise."""


def standing(runtime: Runtime, name: str, day: date | None) -> DraftState:
    """Return what is stored about an edition: that of ``day``, or today's, or the next one when today has none.

    Raises UnknownEdition.
    """
    stores, now = runtime.stores, runtime.clock()
    due = _next(runtime, name, now) if day is None else occasion(runtime.settings, name, day, now)
    row = stores.editions.get(due.key)
    return DraftState(
        due=due,
        row=row,
        deeds=deeds_of(stores, row) if row else (),
        fetched=stores.runs.last("fetch"),
        sources=len(stores.sources.enabled()) or len(runtime.settings.sources),
        audience=stores.editions.audience(name, now),
    )


def _next(runtime: Runtime, name: str, now: datetime) -> Occurrence:
    plan = runtime.settings.editions.get(name)
    if plan is not None and on_date(name, plan, now) is None:
        for coming in upcoming(name, plan, now, 1):
            return coming
    return occasion(runtime.settings, name, None, now)


def drafted(runtime: Runtime, standing: DraftState) -> Drafted:
    """Return the frozen edition, or else the stored draft, or else a new one when something changed since the draft."""
    row = standing.row
    frozen = runtime.stores.letters.get(row.id) if row else None
    if row is None or row.edition is None or not (frozen or _is_current(runtime, standing, row)):
        return _made(runtime, standing)
    facts = row.seen.get("stories", ())
    return Drafted(
        edition=row.edition,
        origin=Origin.FROZEN if frozen else Origin.STORED,
        made_at=row.cut,
        thin="",
        stories=story_lines(facts),
        applied=applied_acts(standing.deeds, facts),
        frozen=frozen,
    )


def _is_current(runtime: Runtime, standing: DraftState, row: StoredEdition) -> bool:
    """Return whether a draft would be sent as it is: it takes no more changes, or none of its inputs has changed."""
    if not row.may(Move.COMPOSE):
        return True
    basis, settings = readable_basis(row.seen), runtime.settings
    fresh = row.cut is not None and (standing.fetched is None or standing.fetched <= row.cut)
    fresh = fresh or keeps_its_articles(row, standing.deeds)
    if basis is None or not fresh:
        return False
    now = (settings.editions[row.key.name], settings.rank, standing.acts)
    return now == (basis.plan, basis.rank, tuple(read(act) for act in basis.acts))


def _made(runtime: Runtime, standing: DraftState) -> Drafted:
    blocks = known_blocks(runtime, standing.due.key).made
    material = replace(gathered(runtime, standing.due, standing.row), blocks=blocks)
    making = make(material)
    facts = account_of(making, basis_of(material, standing.due.due))["stories"]
    return Drafted(
        edition=making.edition,
        origin=Origin.MADE,
        made_at=material.cut,
        thin=making.thin,
        stories=story_lines(facts),
        applied=applied_acts(standing.deeds, facts),
        frozen=None,
    )


def story_lines(facts: Sequence[Mapping[str, Any]]) -> tuple[StoryLine, ...]:
    """Return the stories of an edition in the order of the ranking."""
    return tuple(
        StoryLine(id=story["id"], headline=story["headline"], place=story["place"], left_out=story["left_out"])
        for story in facts
    )


def applied_acts(deeds: Sequence[Deed], facts: Sequence[Mapping[str, Any]]) -> tuple[AppliedAct, ...]:
    """Return the acts in effect, each with the stories that it names."""
    headline = headlines(facts)
    return tuple(_act(deed, headline) for deed in in_effect(deeds))


def _act(deed: Deed, headline: Callable[[StoryName], str]) -> AppliedAct:
    found = tuple(headline(name) for name in named(deed.act))
    return AppliedAct(id=deed.id, act=deed.act, headlines=found, idle="" in found)


def proof(runtime: Runtime, standing: DraftState, edition: Edition, frozen: Letter | None) -> DraftProof:
    """Return an edition's letter as it would be sent now, or its frozen letter, with the problems found in it.

    Raises TemplateError and SettingsError when it cannot be rendered.
    """
    late = standing.due.is_late(runtime.clock())
    letter = frozen or letter_of(runtime, replace(edition, late=late))
    prepared, unsigned = _prepared(runtime, letter)
    fields = ReaderFields(address=SOMEBODY, message_id=_message_id(edition.key), unsubscribe=INERT, preferences=INERT)
    return DraftProof(
        letter=letter,
        page=page(letter),
        message=prepared.splice(fields),
        findings=(*proofread(letter, edition), *unnamed_persons(runtime, edition)),
        unsigned=unsigned,
    )


def _prepared(runtime: Runtime, letter: Letter) -> tuple[Prepared, str]:
    try:
        return ready_for_mail(runtime, letter), ""
    except SettingsError as error:
        return prepare(letter), str(error)


def picture(runtime: Runtime, name: str) -> bytes | None:
    """Return the JPEG of this name from the pictures that letters show; None when there is none."""
    return runtime.stores.pictures.data(name)


def _message_id(key: EditionKey) -> str:
    return f"preview-{key.date:%Y%m%d}"
