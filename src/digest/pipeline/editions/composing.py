"""Makes an edition from stored articles, and stores it as a draft with its reasons and its inputs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from digest.edition.calendar import Occurrence, occurrence, on_date, on_demand, why_none
from digest.edition.compose import words_in
from digest.edition.history import Deed, in_effect
from digest.edition.intake import refusal
from digest.edition.plan_filters import Cause as Kept
from digest.errors import EditionClosed, ItemSetAside, UnknownEdition
from digest.logs import get_logger
from digest.model.article import Article
from digest.model.edition import Edition, EditionState, ToldStory
from digest.model.ids import EditionKey
from digest.model.life import FROZEN, UNSENT, Cause, Move
from digest.model.quarantine import Guard, ItemKind, is_items_fault, unguarded
from digest.model.source import Source
from digest.pipeline.culprits import culprits
from digest.pipeline.editions.again import added_by_hand, deeds_of, made_again, remember, untold
from digest.pipeline.editions.blocks import LOST, in_record, make_blocks
from digest.pipeline.editions.history_lines import HISTORY, history_lines
from digest.pipeline.editions.inputs import Making, Material, Prepared, finished, make
from digest.pipeline.editions.lead_picture import fetch_pictures
from digest.pipeline.editions.left_out import ADVERTORIALS, Refused, in_lines, setting_aside
from digest.pipeline.editions.snapshot import MEMORY, account_of, basis_of, readable_basis
from digest.pipeline.editions.waiting import waiting_of
from digest.pipeline.gathering.front_pages import fronts_of
from digest.pipeline.quarantine import Watch, watching
from digest.pipeline.runtime import Runtime
from digest.pipeline.stores import Stores
from digest.settings import EditionSettings, Settings
from digest.storage.editions import Draft, StoredEdition

log = get_logger()

UNFINISHED = UNSENT | {EditionState.SENDING, EditionState.PAUSED}
"""States in which an edition on demand is not finished. In any other state, the next request begins another edition."""
TRIES = 20
"""Most tries to compose an edition when acts of several editors arrive meanwhile."""
BY_EDITOR = "by the editor"
"""The reason shown when the editor holds or skips an edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """An edition as stored after composing; ``edition`` is None when there were too few stories."""

    row: StoredEdition
    edition: Edition | None
    stories: int
    """Number of stories from which the edition could choose."""
    advertorials: tuple[str, ...] = ()
    """Articles left out as advertising, one line of text for each."""
    set_aside: int = 0
    """Stories and pictures at which the program itself failed; they are in the quarantine."""


def occasion(settings: Settings, name: str, day: date | None, now: datetime) -> Occurrence:
    """Return when the edition of that name is due: on ``day``, or today in its own time zone.

    Raises UnknownEdition when there is no such edition, or none on that day.
    """
    edition = settings.editions.get(name)
    if edition is None:
        raise UnknownEdition(f"no edition is called {name!r} (known: {', '.join(settings.editions)})")
    if edition.kind != "scheduled" and day is None:
        return on_demand(name, edition, now)
    found = on_date(name, edition, now) if day is None else occurrence(name, edition, day)
    if found is None:
        when = "today" if day is None else f"on {day:%A}, {day}"
        why = why_none(edition, day or now.astimezone(ZoneInfo(edition.zone)).date())
        why = why or "that date does not exist in its zone"
        why = f"it comes on demand (kind = {edition.kind!r})" if edition.kind != "scheduled" else why
        raise UnknownEdition(f"there is no {name} edition {when}: {why}")
    return found


def asked_for(runtime: Runtime, name: str, day: date | None) -> Occurrence:
    """Return when the requested edition is due: like ``occasion``, but an edition on demand gets the next free number.

    If today's last edition on demand is not finished, it is returned again; with ``day`` it is the last of that day.

    Raises UnknownEdition as ``occasion`` does, and EditionClosed when today has ``most_a_day`` of them.
    """
    settings, now = runtime.settings, runtime.clock()
    plan = settings.editions.get(name)
    if plan is None or plan.kind == "scheduled":
        return occasion(settings, name, day, now)
    today = now.astimezone(ZoneInfo(plan.zone)).date()
    rows = runtime.stores.editions.of_day(name, day or today)
    if rows and (day is not None or rows[-1].state in UNFINISHED):
        return replace(on_demand(name, plan, rows[-1].due, rows[-1].key.number), key=rows[-1].key)
    if day is not None and day != today:
        return occasion(settings, name, day, now)
    gone = sum(row.state in FROZEN for row in rows)
    if gone >= plan.most_a_day:
        raise EditionClosed(f"{name} went out {gone} times today, and its most_a_day is {plan.most_a_day}")
    return on_demand(name, plan, now, rows[-1].key.number + 1 if rows else 1)


def named_edition(runtime: Runtime, key: EditionKey) -> Occurrence:
    """Return when the edition with a key is due; the key must be the one that ``asked_for`` would return.

    For an edition on demand this is the last of its day, or the next one of today. Raises UnknownEdition and
    EditionClosed.
    """
    found = asked_for(runtime, key.name, key.date)
    if found.key.number < key.number:
        found = asked_for(runtime, key.name, None)
    if found.key != key:
        raise UnknownEdition(f"{key} is not the current edition of that day: it is {found.key}")
    return found


def compose_edition(runtime: Runtime, due: Occurrence, *, fresh: bool = True) -> Composed:
    """Compose an edition with the editor's acts and store it as a draft, replacing an earlier draft.

    With too few stories the edition is held, or skipped once it is due, as its settings say. Its row then has the
    reason and the draft, which the editor may approve. An edition that the editor holds stays held. Unless ``fresh``,
    the articles of an earlier draft are used again, and newer ones are not. Raises EditionClosed when the edition is
    sent, being sent, or skipped.
    """
    row = runtime.stores.editions.plan(due.key, due.due, due.expires, runtime.clock())
    for _ in range(TRIES):
        if not row.may(Move.COMPOSE):
            raise EditionClosed(f"{due.key} is {row.state.value} and is not composed again")
        composed = _composed(runtime, due, row, fresh=fresh)
        if composed is not None:
            return composed
        row = runtime.stores.editions.get(due.key) or row
    raise EditionClosed(f"{due.key} was changed while it was composed, {TRIES} times in a row: try again")


def _composed(runtime: Runtime, due: Occurrence, row: StoredEdition, *, fresh: bool) -> Composed | None:
    """Compose an edition once. None when somebody added an act or closed the edition meanwhile."""
    stores, now, began = runtime.stores, runtime.clock(), time.monotonic()
    deeds = deeds_of(stores, row)
    with watching(runtime, f"compose {due.key}") as watch:
        material, making = _made_of(runtime, due, row, deeds, watch, fresh=fresh)
        watch.set_aside_records()
        if making.edition is not None and not making.thin:
            fetch_pictures(runtime, making.edition, watch.item)
    seen = account_of(making, basis_of(material, due.due)) if making.edition else {}
    told_as_paid = material.advertorials or (() if fresh else tuple(row.seen.get(ADVERTORIALS, ())))
    seen |= {ADVERTORIALS: list(told_as_paid)} if told_as_paid else {}
    lost = in_record(material.lost_blocks) if material.lost_blocks else [] if fresh else list(row.seen.get(LOST, ()))
    seen |= {LOST: lost} if lost else {}
    seen |= {HISTORY: history_lines(deeds, seen.get("stories", ()))} if deeds else {}
    last = deeds[-1].id if deeds else 0
    waiting = waiting_of(runtime.settings, material.plan, due.key, due.due)
    plain = Draft(edition=making.edition, telling=making.telling, seen=seen, last_act=last, waiting=waiting)
    draft = _standing(plain, row, due, material.plan, making.thin, now)
    if not stores.editions.draft(row.id, draft, now):
        return None
    stored = stores.editions.get(due.key)
    told = None if making.thin else making.edition
    runtime.meter.composed(due.key.name, time.monotonic() - began)
    _log(due.key, draft.state, material, making)
    return Composed(
        row=stored or row,
        edition=told,
        stories=len(making.stories),
        advertorials=told_as_paid,
        set_aside=len(watch.aside),
    )


def _made_of(
    runtime: Runtime, due: Occurrence, row: StoredEdition, deeds: Sequence[Deed], watch: Watch, *, fresh: bool
) -> tuple[Material, Making]:
    basis = None if fresh else readable_basis(row.seen)
    while basis is not None:
        try:
            return made_again(runtime, row.key, basis, deeds, watch)
        except ItemSetAside:
            continue  # try again without the story that was set aside
        except LookupError:
            break  # an article is no longer stored: read all inputs again
    blocks = make_blocks(runtime, due.key, watch.item)
    gathered_now = replace(gathered(runtime, due, row, watch.item), blocks=blocks.made, lost_blocks=blocks.lost)
    material, prepared, making = _made(gathered_now, watch)
    remember(runtime, due.due, material, prepared, watch)
    return material, making


def _log(key: EditionKey, state: EditionState, material: Material, making: Making) -> None:
    if making.thin:
        log.warning("edition too thin", edition=str(key), state=state.value, why=making.thin)
    log.info(
        "edition composed",
        edition=str(key),
        state=state.value,
        articles=len(material.articles),
        stories=len(making.stories),
        told=len(making.edition.items) if making.edition else 0,
        left_out=len(making.layout.left_out),
        words=words_in(making.layout),
        acts=len(material.acts),
    )


def _made(material: Material, watch: Watch) -> tuple[Material, Prepared, Making]:
    """Make an edition. Return its inputs, the work that does not depend on acts, and the result.

    Articles at which the program fails are removed from the inputs.
    """
    while True:
        held = watch.held(ItemKind.STORY)
        material = replace(material, articles=tuple(a for a in material.articles if a.id not in held))
        try:
            prepared = Prepared(material, watch.item)
            making = finished(material, prepared)
        except ItemSetAside:
            continue
        except Exception as error:
            if not is_items_fault(error) or not _set_aside_culprits(material, watch):
                raise
        else:
            return material, prepared, making


def _set_aside_culprits(material: Material, watch: Watch) -> bool:
    """Set aside the articles at which composing fails; return whether there were any."""
    before = len(watch.aside)

    def work(articles: tuple[Article, ...]) -> object:
        return make(replace(material, articles=articles), watch.item)

    with suppress(ItemSetAside):
        for among in culprits(material.articles, work):
            data = among[-1].title.encode("utf-8", "backslashreplace")
            with suppress(ItemSetAside), watch.item(ItemKind.STORY, among[-1].id, data):
                work(among)
    return len(watch.aside) > before


def gathered(runtime: Runtime, due: Occurrence, row: StoredEdition | None, guard: Guard = unguarded) -> Material:
    """Return the inputs of an edition made now: stored articles, settings, stories told before, the editor's acts.

    Nothing is stored. With ``row`` None, the edition is not planned yet and has no acts.
    """
    settings, stores = runtime.settings, runtime.stores
    plan = settings.editions[due.key.name]
    cut = min(runtime.clock(), due.expires)
    sources = tuple(stored.source for stored in stores.sources.all())
    articles, kept_out = _window(stores, plan, sources, cut, guard)
    acts = tuple(deed.act for deed in in_effect(deeds_of(stores, row))) if row else ()
    return Material(
        key=due.key,
        plan=plan,
        rank=settings.rank,
        cut=cut,
        articles=articles,
        sources=sources,
        told=told_of_late(stores, settings, due, guard),
        earlier=_earlier(stores, plan, due.key),
        acts=acts,
        front=fronts_of(stores, articles, sources, cut, guard),
        advertorials=in_lines(each for each in kept_out if each.why.cause is Kept.ADVERTORIAL),
        added=added_by_hand(stores, acts),
        corrections=untold(stores, due.key),
    )


def _window(
    stores: Stores, plan: EditionSettings, sources: Sequence[Source], cut: datetime, guard: Guard
) -> tuple[tuple[Article, ...], list[Refused]]:
    """Return the stored articles of the edition's period: those that it may use, and the others with the reasons."""
    known = {source.id: source for source in sources}
    found: list[Article] = []
    kept_out: list[Refused] = []
    for article in stores.articles.window(cut - plan.window, cut, setting_aside(guard)):
        data = article.title.encode("utf-8", "backslashreplace")
        with suppress(ItemSetAside), guard(ItemKind.STORY, article.id, data):
            source = known.get(article.source_id)
            why = refusal(article, source, plan, cut)
            if why is None:
                found.append(article)
            else:
                kept_out.append(Refused.of(article, source, why))
    return tuple(found), kept_out


def told_of_late(
    stores: Stores, settings: Settings, due: Occurrence, guard: Guard = unguarded
) -> tuple[ToldStory, ...]:
    """Return the stories that recent editions told which share readers with this one, the oldest first.

    These are earlier editions of this name, those of the edition that it follows, and those of editions that follow it.
    """
    name = due.key.name
    family = {name, settings.editions[name].follows or name}
    family |= {other for other, edition in settings.editions.items() if edition.follows == name}
    return stores.editions.told_since(due.due - MEMORY, family, setting_aside(guard))


def _earlier(stores: Stores, plan: EditionSettings, key: EditionKey) -> EditionKey | None:
    """Return the edition of the same day that comes before this one, once its letter is frozen; else None."""
    if plan.follows is None:
        return None
    return stores.editions.frozen_under_any_name(EditionKey(name=plan.follows, date=key.date))


def _standing(
    draft: Draft, row: StoredEdition, due: Occurrence, plan: EditionSettings, thin: str, now: datetime
) -> Draft:
    """Return the draft with its state and reason. ``thin`` says that it has too few stories; empty if it has enough.

    Such a draft is only held before it is due, since more articles may arrive.
    """
    if row.state is EditionState.HELD and row.cause is Cause.EDITOR:
        reason = f"{BY_EDITOR}; {thin}" if thin else BY_EDITOR
        return replace(draft, state=EditionState.HELD, cause=Cause.EDITOR, reason=reason)
    if not thin:
        return draft
    if now > due.expires:
        thin += f"; it takes no articles after {due.expires.astimezone(ZoneInfo(plan.zone)):%H:%M} {plan.zone}"
    falls_out = plan.below_floor == "skip" and now >= due.due
    state = EditionState.SKIPPED if falls_out else EditionState.HELD
    return replace(draft, state=state, cause=Cause.STORIES, reason=thin)
