"""The middle of the walk: stored articles -> stories -> tellings -> an edition, stored as a draft with its reasons.

articles ─ admitted ─▶ groups ─ rank ─▶ stories ─ recall ─▶ tellings ─ compose ─▶ edition
                                               headline, candidates
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from digest import __version__
from digest.edition.calendar import Occurrence, occurrence, on_date
from digest.edition.compose import compose, planned
from digest.edition.intake import admitted
from digest.edition.layout import Layout
from digest.edition.memory import Recollection, recall
from digest.edition.telling import Telling
from digest.edition.told import telling_of
from digest.errors import EditionClosed, NothingToTell, UnknownEdition
from digest.model import Edition, EditionKey, EditionState, Source, SourceId, Story, ToldStory
from digest.pipeline.house import House
from digest.pipeline.stores import Stores
from digest.rank.group import group
from digest.rank.score import rank
from digest.settings import EditionSettings, Settings
from digest.storage.editions import OPEN, TOLD, Draft, StoredEdition
from digest.summarise.bullets import candidates
from digest.summarise.headline import headline

MEMORY = timedelta(hours=48)
"""How far back editions count as told: a story of three days ago is new again."""
TOLD_ABOUT = 60
"""Stories of the ranking that are made ready for telling; an edition has a dozen places."""
WORDS_A_MINUTE = 230
"""Silent reading of English non-fiction is 238 words a minute on average (Brysbaert, 2019)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """An edition as stored after composing; ``edition`` is None when there was too little to tell."""

    row: StoredEdition
    edition: Edition | None
    stories: int
    """How many stories were in its window."""


def occasion(settings: Settings, name: str, day: date | None, now: datetime) -> Occurrence:
    """Return when the edition of that name is due: on ``day``, or today in its zone.

    Raises UnknownEdition when there is no such edition, or none on that day.
    """
    edition = settings.editions.get(name)
    if edition is None:
        raise UnknownEdition(f"no edition is called {name!r} (known: {', '.join(settings.editions)})")
    found = on_date(name, edition, now) if day is None else occurrence(name, edition, day)
    if found is None:
        when = "today" if day is None else f"on {day:%A}, {day}"
        raise UnknownEdition(f"there is no {name} edition {when}: its days are {', '.join(edition.days)}")
    return found


def compose_edition(house: House, due: Occurrence) -> Composed:
    """Compose an edition and store it as a draft, in place of an earlier draft.

    Too few stories hold or skip the edition, as its settings say; the row has the reason.
    Raises EditionClosed when it is sent, being sent, or skipped.
    """
    settings, stores, now = house.settings, house.stores, house.clock()
    plan = settings.editions[due.key.name]
    row = stores.editions.plan(due.key, due.due, due.expires, now)
    if row.state not in OPEN:
        raise EditionClosed(f"{due.key} is {row.state.value} and is not composed again")
    cut = min(now, due.expires)
    told = _told(stores, settings, due)
    sources = {stored.source.id: stored.source for stored in stores.sources.all()}
    stories = _stories(stores, settings, plan, sources, told, cut)
    tellings = [_telling(story, told, sources) for story in stories[:TOLD_ABOUT]]
    earlier = _earlier(stores, plan, due.key)
    layout = planned(plan, tellings, earlier)
    seen = _seen(stories, tellings, layout)
    try:
        edition = compose(due.key, plan, tellings, cut, earlier)
    except NothingToTell as error:
        return _too_thin(stores, row, plan, str(error), now, len(stories))
    draft = Draft(edition=edition, telling=telling_of(edition, stories), seen=seen)
    if not stores.editions.draft(row.id, draft, now):
        raise EditionClosed(f"{due.key} was closed while it was composed: another process sends it")
    stored = stores.editions.get(due.key)
    return Composed(row=stored or row, edition=edition, stories=len(stories))


def _told(stores: Stores, settings: Settings, due: Occurrence) -> tuple[ToldStory, ...]:
    """Return what this edition, the one that it follows, and those that follow it told of late."""
    name = due.key.name
    family = {name, settings.editions[name].follows or name}
    family |= {other for other, edition in settings.editions.items() if edition.follows == name}
    return stores.editions.told_since(due.due - MEMORY, due.due, family)


def _stories(
    stores: Stores,
    settings: Settings,
    plan: EditionSettings,
    sources: Mapping[SourceId, Source],
    told: Sequence[ToldStory],
    cut: datetime,
) -> tuple[Story, ...]:
    articles = stores.articles.window(cut - timedelta(hours=plan.window_hours), cut)
    groups = group(admitted(articles, sources, plan, cut))
    return rank(groups, sources, settings.rank, cut, told, plan.language)


def _telling(story: Story, told: Sequence[ToldStory], sources: Mapping[SourceId, Source]) -> Telling:
    memory = recall(story, told)
    told_bullets = tuple(text for earlier in told for text in earlier.bullets)
    about = _what_is_new(story, memory)
    lead = about.articles[0]
    names = {source.id: source.name for source in sources.values()}
    host = urlsplit(lead.url).hostname or ""
    return Telling(
        story=story,
        recollection=memory,
        headline=headline(lead.title, site_name=lead.site_name, host=host, language=lead.language, text=lead.text),
        bullets=candidates(about, told_bullets, source_names=names),
        minutes=max(1, round(lead.word_count / WORDS_A_MINUTE)),
    )


def _what_is_new(story: Story, memory: Recollection) -> Story:
    """Return the part of a story that may be told: of an update, the articles that nobody told yet."""
    return replace(story, articles=memory.new_articles) if memory.new_articles else story


def _earlier(stores: Stores, plan: EditionSettings, key: EditionKey) -> EditionKey | None:
    """Return the edition of the same day that this one follows up, when readers have it."""
    if plan.follows is None:
        return None
    row = stores.editions.get(EditionKey(name=plan.follows, date=key.date))
    return row.key if row is not None and row.state in TOLD else None


def _too_thin(
    stores: Stores, row: StoredEdition, plan: EditionSettings, reason: str, now: datetime, stories: int
) -> Composed:
    state = EditionState.HELD if plan.below_floor == "hold" else EditionState.SKIPPED
    stores.editions.move(row.id, state, now, allowed=OPEN, reason=reason)
    return Composed(row=replace(row, state=state, reason=reason), edition=None, stories=stories)


def _seen(stories: Sequence[Story], tellings: Sequence[Telling], layout: Layout) -> dict[str, Any]:
    """Return what the edition was made from, and why each story stands where it does: what ``explain`` reads."""
    places = {placed.telling.story.id: placed.place.value for placed in layout.placed}
    out = {left.story_id: left.reason for left in layout.left_out}
    memory = {telling.story.id: telling for telling in tellings}
    return {
        "version": __version__,
        "stories": [
            {
                "id": story.id,
                "headline": memory[story.id].headline if story.id in memory else story.articles[0].title,
                "place": places.get(story.id, ""),
                "left_out": out.get(story.id, "" if story.id in places else "too far down the ranking"),
                "memory": memory[story.id].recollection.reason if story.id in memory else "",
                "score": round(story.score, 4),
                "factors": [{"name": f.name, "value": round(f.value, 4), "note": f.note} for f in story.factors],
                "articles": [
                    {"id": a.id, "source": a.source_id, "title": a.title, "link": a.link} for a in story.articles
                ],
            }
            for story in stories
        ],
    }
