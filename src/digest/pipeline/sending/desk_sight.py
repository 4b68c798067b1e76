"""An edition as the desk shows it: the draft, its letter, the edits, and newer articles.

row, acts ─ sight ─▶ DeskSight: progress, edition, proof, history; cached while its version is the same
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from digest.edition.calendar import Occurrence, occurrence, on_demand
from digest.edition.intake import refusal
from digest.errors import SettingsError, TemplateError, UnknownEdition
from digest.model.edition import Correction, Edition, EditionState
from digest.model.ids import EditionKey
from digest.model.life import FROZEN, UNSENT, Move
from digest.pipeline.editions.again import deeds_of, made_again
from digest.pipeline.editions.history_lines import Step, steps
from digest.pipeline.editions.inputs import Making
from digest.pipeline.editions.snapshot import account_of, basis_of, readable_basis
from digest.pipeline.quarantine import watching
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.draft import (
    Drafted,
    DraftProof,
    DraftState,
    Origin,
    applied_acts,
    proof,
    story_lines,
)
from digest.storage.editions import StoredEdition

SIGHT = "sight"
"""Key for cached views of editions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What changed since a draft was composed and is not in it."""

    articles: int = 0
    """Number of new articles that the edition may use."""
    changed: tuple[str, ...] = ()
    """Headlines of stories in the letter that have a changed article."""

    def __bool__(self) -> bool:
        """Return whether anything changed."""
        return bool(self.articles or self.changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSight:
    """An edition as the desk shows it. When its letter cannot be rendered, ``problem`` says why."""

    version: str
    """A text that changes whenever the view changes; newer articles do not count."""
    last_act: int
    standing: DraftState
    drafted: Drafted
    proof: DraftProof | None
    problem: str
    steps: tuple[Step, ...]
    facts: tuple[Mapping[str, Any], ...]
    """The stories as composing stored them."""
    corrections: tuple[Correction, ...]
    amended: bool = False
    """Whether the letter differs from the frozen one: it is then for the readers who still wait."""

    @property
    def edition(self) -> Edition | None:
        """The edition that the desk shows; None when there is none."""
        return self.drafted.edition


def occasion_of(runtime: Runtime, key: EditionKey, row: StoredEdition | None) -> Occurrence:
    """Return when an edition is due: by the settings, else by its row. Raises UnknownEdition when it is in neither."""
    plan = runtime.settings.editions.get(key.name)
    found = None
    if plan is not None and plan.kind == "scheduled":
        found = occurrence(key.name, plan, key.date)
    elif plan is not None and row is not None:
        found = replace(on_demand(key.name, plan, row.due, key.number), key=key)
    if found is not None and key == found.key:
        return found
    if row is None:
        raise UnknownEdition(f"there is no edition {key}")
    return Occurrence(key=key, compose_at=row.due, due=row.due, closes=row.expires, expires=row.expires)


def planned(runtime: Runtime, key: EditionKey) -> StoredEdition:
    """Return the row of an edition, which is created if there is none. Raises UnknownEdition."""
    row = runtime.stores.editions.get(key)
    if row is None or row.state in UNSENT:
        due = occasion_of(runtime, key, row)
        row = runtime.stores.editions.plan(due.key, due.due, due.expires, runtime.clock())
    return row


def version_of(runtime: Runtime, row: StoredEdition | None, last_act: int) -> str:
    """Return the version of an edition's view. It changes with state, draft, acts, settings, and whether it is late."""
    if row is None:
        return "none"
    late = runtime.clock() > row.due
    told = f"{row.id} {row.changed_at.isoformat()} {row.state.value} {last_act} {row.letter} {row.reason} {late}"
    return sha256(told.encode()).hexdigest()[:16]


def sight(runtime: Runtime, key: EditionKey) -> DeskSight:
    """Return the present view of an edition; a cached view with the same version is used again.

    Raises UnknownEdition.
    """
    stores = runtime.stores
    row = stores.editions.get(key)
    due = occasion_of(runtime, key, row)
    deeds = deeds_of(stores, row) if row else ()
    last = deeds[-1].id if deeds else 0
    corrections = stores.edition_corrections.of([key]).get(key, ()) if row and row.state in FROZEN else ()
    version = version_of(runtime, row, last) + (f"-{corrections[-1].id}x{len(corrections)}" if corrections else "")
    standing = DraftState(
        due=due,
        row=row,
        deeds=deeds,
        fetched=stores.runs.last("fetch"),
        sources=len(stores.sources.enabled()),
        audience=row.audience
        if row and row.audience is not None
        else stores.editions.audience(key.name, runtime.clock()),
    )
    known = key, version, runtime.settings
    made: DeskSight | None = runtime.kept.get(SIGHT, known)
    if made is None:
        made = _made(runtime, version, standing, corrections)
        runtime.kept.put(SIGHT, known, made)
    return replace(made, standing=standing)


def _made(runtime: Runtime, version: str, standing: DraftState, corrections: tuple[Correction, ...]) -> DeskSight:
    row = standing.row
    drafted_now, facts, amended = _drafted(runtime, standing)
    found, problem = None, ""
    if drafted_now.edition is not None:
        try:
            found = proof(runtime, standing, drafted_now.edition, drafted_now.frozen)
        except (TemplateError, SettingsError) as error:
            problem = str(error)
    return DeskSight(
        version=version,
        last_act=standing.deeds[-1].id if standing.deeds else 0,
        standing=standing,
        drafted=drafted_now,
        proof=found,
        problem=problem,
        steps=steps(standing.deeds, facts, drafted_now.edition),
        facts=facts,
        corrections=corrections,
        amended=amended and row is not None,
    )


def _drafted(runtime: Runtime, standing: DraftState) -> tuple[Drafted, tuple[Mapping[str, Any], ...], bool]:
    row = standing.row
    if row is None or row.edition is None:
        empty = Drafted(edition=None, origin=Origin.STORED, made_at=None, thin="", stories=(), applied=(), frozen=None)
        return empty, (), False
    if row.may(Move.AMEND) and (making := amended(runtime, row)) is not None:
        basis = readable_basis(row.seen)
        facts = account_of(making[0], basis)["stories"] if basis else ()
        shown = Drafted(
            edition=making[0].edition,
            origin=Origin.MADE,
            made_at=row.cut,
            thin=making[0].thin,
            stories=story_lines(facts),
            applied=applied_acts(standing.deeds, facts),
            frozen=None,
        )
        return shown, tuple(facts), True
    facts = tuple(row.seen.get("stories", ()))
    frozen = runtime.stores.letters.get(row.id) if row.state in FROZEN else None
    shown = Drafted(
        edition=row.edition,
        origin=Origin.FROZEN if frozen else Origin.STORED,
        made_at=row.cut,
        thin=row.reason if row.state is EditionState.HELD else "",
        stories=story_lines(facts),
        applied=applied_acts(standing.deeds, facts),
        frozen=frozen,
    )
    return shown, facts, False


def amended(runtime: Runtime, row: StoredEdition) -> tuple[Making, Mapping[str, Any]] | None:
    """Return a paused edition made again with the acts that are in effect now, and the record to be stored with it.

    None when its letter was frozen with the same acts, or when it cannot be made again.
    """
    basis, deeds = readable_basis(row.seen), deeds_of(runtime.stores, row)
    if basis is None or row.edition is None:
        return None
    with watching(runtime, f"amend {row.key}") as watch:
        try:
            material, making = made_again(runtime, row.key, basis, deeds, watch)
        except LookupError:
            return None
    making = replace(making, edition=replace(making.edition, late=row.edition.late) if making.edition else None)
    if making.edition is None or making.edition == row.edition:
        return None
    return making, account_of(making, basis_of(material, basis.due))


def news(runtime: Runtime, row: StoredEdition | None) -> News:
    """Return newer articles and changes that a draft lacks; none for an edition that takes no more changes."""
    if row is None or row.edition is None or row.cut is None or not row.may(Move.EDIT):
        return News()
    basis, now = readable_basis(row.seen), runtime.clock()
    plan = runtime.settings.editions.get(row.key.name)
    if basis is None or plan is None:
        return News()
    known, sources = frozenset(basis.articles), {source.id: source for source in basis.sources}
    since = runtime.stores.articles.stored_since(row.cut, now)
    fresh = [a for a in since if a.id not in known and refusal(a, sources.get(a.source_id), plan, now) is None]
    told = {article["url"]: story["headline"] for story in row.seen.get("stories", ()) for article in story["articles"]}
    printed = {
        article["url"] for story in row.seen.get("stories", ()) if story["place"] for article in story["articles"]
    }
    changed = tuple(dict.fromkeys(told[a.url] for a in fresh if a.url in printed))
    return News(articles=len({a.url for a in fresh if a.url not in told}), changed=changed)
