"""What became of each article that was read: its edition and place, or why it was left out.

entries, articles, quarantine ─┐
                               ├─ fate, for each article and edition ─▶ Reading
what each edition stored ──────┘
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from digest.edition.intake import refusal
from digest.edition.plan_filters import Cause
from digest.errors import ItemSetAside, UnknownEdition
from digest.model.article import Article, TextOrigin
from digest.model.ids import SourceId
from digest.model.life import Cause as LifeCause
from digest.model.quarantine import ItemKind, short_key
from digest.model.source import Source
from digest.pipeline.editions.lookup import find_edition
from digest.pipeline.editions.snapshot import readable_basis
from digest.pipeline.quarantine import watching
from digest.pipeline.runtime import Runtime
from digest.settings import EditionSettings
from digest.storage.editions import StoredEdition
from digest.storage.entries import SeenEntry

Held = Collection[tuple[ItemKind, str]]
NEWEST = 200
"""How many recent editions are searched for the newest of each name."""
TOLD, SAME_STORY, LEFT_OUT, WAITING, UNREAD, QUARANTINED = (
    "told",
    "same-story",
    "left-out",
    "waiting",
    "unread",
    "quarantined",
)
"""Outcomes of an article that passed the edition's settings.

The others are the causes for which settings exclude it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of an article in one edition."""

    edition: str
    outcome: str
    """A code for machines: told, same-story, left-out, waiting, unread, quarantined, or a cause such as language."""
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article that was announced: when, by which source, how it was read, and its outcome in each edition."""

    seen_at: datetime
    source: str
    title: str
    link: str
    read: str
    fates: tuple[Fate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What decides the outcomes in one edition: the stored record of the edition, or the settings for making it now."""

    name: str
    """The edition's key once it is composed, its name before that."""
    plan: EditionSettings
    sources: Mapping[SourceId, Source]
    cut: datetime
    stories: Mapping[str, Mapping[str, Any]]
    """Article id -> the facts of its story."""
    links: frozenset[str]
    """The links of its items."""
    composed: bool
    empty: str = ""
    """Why the edition has no story; empty when it has some, or was not composed."""


def editions_of(runtime: Runtime, reference: str | None) -> tuple[Seen, ...]:
    """Return the edition that ``reference`` names (a name, or name/date), or the newest of each name in the settings.

    Raises UnknownEdition.
    """
    settings, rows = runtime.settings, runtime.stores.editions.latest(limit=NEWEST)
    if reference is not None and reference not in settings.editions:
        return (_seen(runtime, find_edition(runtime, reference)),)
    names = settings.editions if reference is None else (reference,)
    newest = {row.key.name: row for row in reversed(rows) if row.seen or _is_empty(row)}
    return tuple(_seen(runtime, newest[name]) if name in newest else _planned(runtime, name) for name in names)


def _is_empty(row: StoredEdition) -> bool:
    """Return whether an edition was composed without any story. Then its inputs are not stored."""
    return row.edition is None and row.cause is LifeCause.STORIES


def _planned(runtime: Runtime, name: str) -> Seen:
    return Seen(
        name=name,
        plan=runtime.settings.editions[name],
        sources={stored.source.id: stored.source for stored in runtime.stores.sources.all()},
        cut=runtime.clock(),
        stories={},
        links=frozenset(),
        composed=False,
    )


def _seen(runtime: Runtime, row: StoredEdition) -> Seen:
    basis = readable_basis(row.seen)
    if basis is None:
        if row.key.name not in runtime.settings.editions:
            raise UnknownEdition(f"{row.key} stored nothing of what it was made from")
        planned = _planned(runtime, row.key.name)
        if not _is_empty(row):
            return planned
        return replace(planned, name=str(row.key), cut=row.changed_at, composed=True, empty=row.reason)
    return Seen(
        name=str(row.key),
        plan=basis.plan,
        sources={source.id: source for source in basis.sources},
        cut=basis.cut,
        stories={article["id"]: facts for facts in row.seen.get("stories", ()) for article in facts["articles"]},
        links=frozenset(item.link for item in row.edition.items) if row.edition else frozenset(),
        composed=True,
    )


def readings(runtime: Runtime, editions: Sequence[Seen], since: datetime) -> tuple[Reading, ...]:
    """Return the articles announced since an instant and their outcomes, the newest first."""
    now = runtime.clock()
    stores = runtime.stores
    versions = stores.articles.versions(since, now)
    names = {stored.source.id: stored.source.name for stored in stores.sources.all()}
    held = stores.quarantine.held()
    found: list[Reading] = []
    with watching(runtime, "articles") as watch:
        for seen in stores.entries.seen(since, now):
            with suppress(ItemSetAside), watch.item(ItemKind.ACCOUNT, seen.entry.url, seen.entry.url.encode()):
                name = names.get(seen.entry.source_id, f"source {seen.entry.source_id}")
                found.append(_reading(seen, name, versions.get(seen.id, ()), editions, held))
    return tuple(found)


def _reading(
    seen: SeenEntry, source: str, versions: Sequence[Article], editions: Sequence[Seen], held: Held
) -> Reading:
    return Reading(
        seen_at=seen.entry.seen_at,
        source=source,
        title=_title(seen, versions),
        link=seen.entry.link,
        read=_how_read(seen, versions),
        fates=tuple(_fate(seen, versions, edition, held) for edition in editions),
    )


def _title(seen: SeenEntry, versions: Sequence[Article]) -> str:
    return versions[0].title if versions else seen.entry.title


def _how_read(seen: SeenEntry, versions: Sequence[Article]) -> str:
    """Return where an article's text comes from, as text, and why the page did not give it."""
    if not versions:
        return seen.problem or "not read yet"
    words = {
        TextOrigin.PAGE: "page",
        TextOrigin.FEED_CONTENT: "the feed's own text",
        TextOrigin.FEED_SUMMARY: "the feed's summary",
        TextOrigin.NONE: "headline only",
    }[versions[0].origin]
    return f"{words}: {seen.problem}" if seen.problem else words


def _fate(seen: SeenEntry, versions: Sequence[Article], edition: Seen, held: Held) -> Fate:
    outcome, words = _outcome(seen, versions, edition, held)
    return Fate(edition=edition.name, outcome=outcome, words=words)


def _outcome(seen: SeenEntry, versions: Sequence[Article], edition: Seen, held: Held) -> tuple[str, str]:
    """Return a code and a text: how the edition used an article, or the first reason that excluded it."""
    for article in versions:
        if article.id in edition.stories:
            return _in_story(seen, article, edition)
    if any((kind, short_key(key)) in held for kind, key in _names(seen, versions)):
        return QUARANTINED, "set aside, as digest itself failed at it: digest quarantine list"
    if not versions or seen.state == "failed":
        return _unread(seen)
    refused = refusal(versions[0], edition.sources.get(versions[0].source_id), edition.plan, edition.cut)
    if edition.composed and versions[0].first_seen > edition.cut:
        return WAITING, "seen after it was composed"
    if refused is not None:
        return refused.cause.value, refused.words
    return _without_story(edition)


def _without_story(edition: Seen) -> tuple[str, str]:
    """Return the outcome of an article that no setting excludes and that is in no story of the edition."""
    if edition.empty:
        return LEFT_OUT, f"it tells nothing new: the edition has {edition.empty}"
    return WAITING, "read after it was composed" if edition.composed else "it is not composed yet"


def _names(seen: SeenEntry, versions: Sequence[Article]) -> Iterator[tuple[ItemKind, str]]:
    yield ItemKind.ENTRY, seen.entry.url
    yield ItemKind.PAGE, seen.entry.url
    yield from ((ItemKind.STORY, article.id) for article in versions)


def _unread(seen: SeenEntry) -> tuple[str, str]:
    if seen.state == "failed":
        late = seen.problem.startswith("older")
        return (Cause.DATE.value if late else UNREAD), seen.problem or "its page could not be read"
    return WAITING, f"its page is not read yet{': ' if seen.problem else ''}{seen.problem}"


def _in_story(seen: SeenEntry, article: Article, edition: Seen) -> tuple[str, str]:
    facts = edition.stories[article.id]
    if not facts["place"]:
        return LEFT_OUT, "; ".join((facts["left_out"], *_shortcomings(seen, article)))
    first = facts["articles"][0]["id"] == article.id
    if article.link in edition.links or (first and not _linked(facts, edition)):
        return TOLD, facts["place"]
    return SAME_STORY, f"{facts['place']}: told with {facts['headline']!r}, the same story"


def _linked(facts: Mapping[str, Any], edition: Seen) -> bool:
    """Return whether an item of the letter links to an article of the story."""
    return any(article["link"] in edition.links for article in facts["articles"])


def _shortcomings(seen: SeenEntry, article: Article) -> Iterator[str]:
    """Yield what an article lacks, so that its story is not told in full."""
    if article.paywalled:
        yield "behind a paywall, of which only the beginning can be read"
    elif article.origin is TextOrigin.NONE:
        yield f"no text, its headline only{': ' if seen.problem else ''}{seen.problem}"
    elif article.origin is not TextOrigin.PAGE and seen.problem:
        yield f"{seen.problem}: the feed's own text"
