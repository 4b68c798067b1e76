"""An edition as it would leave now, for somebody to look at: nothing is stored, fetched or sent.

what is stored ─ standing ─▶ Standing ─ drafted ─▶ Drafted ─ proof ─▶ Proof
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
from digest.pipeline.editions.composing import gathered, occasion
from digest.pipeline.editions.history_lines import headlines
from digest.pipeline.editions.inputs import make
from digest.pipeline.editions.snapshot import account_of, basis_of, readable_basis
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.dry_run import INERT
from digest.pipeline.sending.letters import letter_of, ready_for_mail
from digest.render.page import page
from digest.render.proof import LetterFinding, proofread
from digest.storage.editions import StoredEdition

SOMEBODY = "reader@example.com"
"""Whose copy is shown; nobody has this address (RFC 2606)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftState:
    """How far an edition has come; two equal ones have the same draft under the same settings."""

    due: Occurrence
    row: StoredEdition | None
    deeds: tuple[Deed, ...]
    """What was done to it by hand, also what was taken back."""
    fetched: datetime | None
    """When a fetch ended last; None when none did."""
    sources: int
    audience: int

    @property
    def acts(self) -> tuple[Act, ...]:
        """The acts that hold."""
        return tuple(deed.act for deed in in_effect(self.deeds))

    @property
    def state(self) -> EditionState:
        """Its state; planned when nobody asked for it yet."""
        return self.row.state if self.row else EditionState.PLANNED

    @property
    def reason(self) -> str:
        """Why it is held or skipped, in words; empty otherwise."""
        return self.row.reason if self.row else ""

    @property
    def cause(self) -> Cause:
        """Why it does not go by itself."""
        return self.row.cause if self.row else Cause.NONE

    def may(self, move: Move) -> bool:
        """Tell whether it may make the move from where it is."""
        return may(move, self.state, self.cause)


class Origin(Enum):
    """Where the edition that is shown comes from."""

    FROZEN = "frozen"
    """The letter that readers get, or got."""
    STORED = "stored"
    """The draft as it was composed."""
    MADE = "made"
    """Made to be looked at, from what is stored now and the settings as they are now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """A story of the ranking: where it stands in the letter, or why it does not."""

    id: str
    headline: str
    place: str
    """Empty when it is left out."""
    left_out: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedAct:
    """One of the editor's acts: what was done, to which stories, and whether they are still there to do it to."""

    id: int
    act: Act
    headlines: tuple[str, ...]
    idle: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """The edition that is shown; None when there is nothing to tell, and ``thin`` says when it is too little."""

    edition: Edition | None
    origin: Origin
    made_at: datetime | None
    thin: str
    stories: tuple[StoryLine, ...]
    """In the order of the ranking."""
    applied: tuple[AppliedAct, ...]
    frozen: Letter | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftProof:
    """The letter, one reader's copy of it with links that open nothing, and what a proofreader found."""

    letter: Letter
    page: str
    message: bytes
    findings: tuple[LetterFinding, ...]
    unsigned: str
    """Why the copy has no signature though the settings ask for one; empty otherwise."""


def standing(runtime: Runtime, name: str, day: date | None) -> DraftState:
    """Return how far an edition has come: that of ``day``, or today's, or the next on a day without one.

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
    """Return the edition as it is frozen, as it was drafted, or made anew when the draft is no longer what would go."""
    row = standing.row
    frozen = runtime.stores.editions.letter(row.id) if row else None
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
    """Tell whether a draft would go as it is: it is closed, or nothing that it was made from has changed since."""
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
    material = gathered(runtime, standing.due, standing.row)
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
    """Return the acts that hold, each with the stories that it names."""
    headline = headlines(facts)
    return tuple(_act(deed, headline) for deed in in_effect(deeds))


def _act(deed: Deed, headline: Callable[[StoryName], str]) -> AppliedAct:
    found = tuple(headline(name) for name in named(deed.act))
    return AppliedAct(id=deed.id, act=deed.act, headlines=found, idle="" in found)


def proof(runtime: Runtime, standing: DraftState, edition: Edition, frozen: Letter | None) -> DraftProof:
    """Return the letter of an edition as it would leave now, read as a proofreader would; the frozen one as it left.

    Raises TemplateError and SettingsError when it cannot be written.
    """
    late = standing.due.is_late(runtime.clock())
    letter = frozen or letter_of(runtime, replace(edition, late=late))
    prepared, unsigned = _prepared(runtime, letter)
    fields = ReaderFields(address=SOMEBODY, message_id=_message_id(edition.key), unsubscribe=INERT, preferences=INERT)
    return DraftProof(
        letter=letter,
        page=page(letter),
        message=prepared.splice(fields),
        findings=proofread(letter, edition),
        unsigned=unsigned,
    )


def _prepared(runtime: Runtime, letter: Letter) -> tuple[Prepared, str]:
    try:
        return ready_for_mail(runtime, letter), ""
    except SettingsError as error:
        return prepare(letter), str(error)


def picture(runtime: Runtime, name: str) -> bytes | None:
    """Return the JPEG of that name, which a letter may show; None when there is none."""
    return runtime.stores.pictures.data(name)


def _message_id(key: EditionKey) -> str:
    return f"preview-{key.date:%Y%m%d}"
