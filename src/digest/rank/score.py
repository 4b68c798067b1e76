"""Score and order stories by importance: the named parts of a score add up, and the best story is first.

The parts are points, not probabilities: one point is one doubling of the independent outlets.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from digest.model.appearance import appeared
from digest.model.article import Article
from digest.model.edition import ToldStory
from digest.model.ids import SourceId, StoryId
from digest.model.kind import AFTER_NEWS, TextKind
from digest.model.source import Source
from digest.model.story import Factor, Story
from digest.rank.agency_copies import voices
from digest.rank.front import NOBODY, Front, Standing, best_standing, standings
from digest.rank.lead import credits_of, in_order, publisher
from digest.rank.value import NewsValue, news_value
from digest.settings import RankSettings
from digest.text.sections import section_key, section_name, sections_of
from digest.text.similarity import bag_cosine, terms

Sources = Mapping[SourceId, Source]
Owners = Mapping[str, Article]
"""Each owner's earliest article in a story."""
AGREEMENT = 2.0
"""Number of independent outlets up to which the news value counts in full; with four times as many it counts half."""
LEADING = 3.0
"""News value that is enough to lead a letter: a story with this value loses nothing."""


def story_id(articles: Iterable[Article]) -> StoryId:
    """Return the story's id: a hash of its earliest article's URL. It does not change when later articles join."""
    earliest = min(articles, key=lambda article: (appeared(article), article.url))
    return StoryId(hashlib.sha256(earliest.url.encode()).hexdigest()[:16])


def _owners(articles: Sequence[Article], sources: Sources, settings: RankSettings) -> dict[str, Article]:
    """Return each owner's earliest article. Publishers of one owner vote once, with their first article."""
    first: dict[str, Article] = {}
    for article in sorted(articles, key=lambda a: (appeared(a), a.url, a.id)):
        name = publisher(article, sources)
        first.setdefault(settings.owners.get(name, name), article)
    return first


def _weight(article: Article, sources: Sources) -> float:
    source = sources.get(article.source_id)
    return source.weight if source else 1.0


def _coverage(articles: Sequence[Article], owners: Owners, sources: Sources, settings: RankSettings) -> Factor:
    heard = voices((article.text, _weight(article, sources)) for article in owners.values())
    outlets = len({publisher(article, sources) for article in articles})
    note = f"{_count(outlets, 'outlet')}, {_count(len(owners), 'owner')}, {heard:.1f} voices"
    return Factor(name="coverage", value=settings.coverage * math.log2(1 + heard), note=note)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _velocity(articles: Sequence[Article], sources: Sources, settings: RankSettings, now: datetime) -> Factor:
    recent = [a for a in articles if now - appeared(a) <= timedelta(hours=settings.velocity_hours)]
    joined = len(_owners(recent, sources, settings))
    note = f"{_count(joined, 'owner')} in the last {settings.velocity_hours:g} h"
    return Factor(name="velocity", value=settings.velocity * math.log2(1 + joined), note=note)


def _freshness(articles: Sequence[Article], settings: RankSettings, now: datetime) -> Factor:
    """Return the part for freshness: it halves every ``freshness_half_life_hours`` since the story's latest article."""
    latest = max(map(appeared, articles))
    hours = max(0.0, (now - latest).total_seconds() / 3600)
    value = settings.freshness * 0.5 ** (hours / settings.freshness_half_life_hours)
    return Factor(name="freshness", value=value, note=f"latest article {hours:.1f} h ago")


def _prominence(articles: Sequence[Article], settings: RankSettings) -> Factor:
    place = min(article.position for article in articles)
    note = f"place {place + 1} in its source's order"
    return Factor(name="prominence", value=settings.prominence / math.log2(2 + place), note=note)


def _front_page(articles: Sequence[Article], known: Mapping[str, Standing], settings: RankSettings) -> Factor:
    best = best_standing(articles, known)
    return Factor(name="front page", value=settings.front_page * best.value, note=best.note)


def _section(articles: Sequence[Article], sources: Sources, settings: RankSettings) -> Factor:
    """Return the part for sections: the highest weight of the story's sections; a section without a weight counts 0."""
    keys = frozenset().union(*(sections_of(article, sources.get(article.source_id)) for article in articles))
    weights = {name: points for name, points in settings.section_weights.items() if section_key(name) in keys}
    best = max(sorted(weights), key=lambda name: weights[name], default="")
    name = best or section_name(articles[0], sources.get(articles[0].source_id))
    return Factor(name="section", value=weights.get(best, 0.0), note=f"section {name or 'none'}")


def _value(values: Sequence[NewsValue], owners: Owners, settings: RankSettings) -> Factor:
    """Return the part for news value: minus what the best article lacks to LEADING, less with more independent outlets.

    It is never above 0. More outlets bring it nearer to 0, so another outlet never lowers a story.
    """
    best = max(values, key=lambda value: value.importance)
    agreeing = voices((article.text, 1.0) for article in owners.values())
    share = math.sqrt(min(1.0, AGREEMENT / max(1.0, agreeing)))
    lacks = max(0.0, LEADING - best.importance)
    note = str(best) if share == 1 else f"{best}; counted {share:.0%}, as outlets agree"
    return Factor(name="news value", value=-settings.news_value * lacks * share, note=note)


def _leading(values: Sequence[NewsValue]) -> NewsValue:
    """Return the value of the first article that may lead a letter, or of the first article when none may."""
    return next((value for value in values if value.kind not in AFTER_NEWS), values[0])


def _kind(kind: TextKind, settings: RankSettings) -> Factor:
    """Return the penalty for a story of which no article may lead a letter."""
    return Factor(name="kind", value=-settings.after_news if kind in AFTER_NEWS else 0.0, note=kind.value)


def _told(articles: Sequence[Article], told: Sequence[ToldStory], settings: RankSettings) -> Factor:
    urls = {article.url for article in articles}
    for earlier in reversed(told):
        if not urls.isdisjoint(earlier.urls):
            return Factor(name="told", value=-settings.told, note=f"told in {earlier.edition}")
    return Factor(name="told", value=0.0, note="not told before")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """The data by which all stories of a ranking are scored."""

    sources: Sources
    settings: RankSettings
    now: datetime
    told: Sequence[ToldStory]
    language: str | None
    front: Mapping[str, Standing]


def _story(articles: Sequence[Article], day: _Day) -> Story:
    sources, settings, now = day.sources, day.settings, day.now
    owners = _owners(articles, sources, settings)
    valued = {article.id: news_value(article) for article in articles}
    kinds = {name: value.kind for name, value in valued.items()}
    ordered = in_order(articles, sources, day.language, kinds)
    values = tuple(valued[article.id] for article in ordered)
    leading = _leading(values)
    factors = (
        _coverage(articles, owners, sources, settings),
        _velocity(articles, sources, settings, now),
        _freshness(articles, settings, now),
        _prominence(articles, settings),
        _front_page(articles, day.front, settings),
        _section(articles, sources, settings),
        _told(articles, day.told, settings),
        _value(values, owners, settings),
        _kind(leading.kind, settings),
    )
    lead = sources.get(ordered[0].source_id)
    return Story(
        id=story_id(articles),
        articles=ordered,
        publishers=credits_of(ordered, sources),
        first_seen=min(map(appeared, articles)),
        score=sum(factor.value for factor in factors),
        factors=factors,
        section=section_name(ordered[0], lead),
        kind=leading.kind,
        news=leading.news,
    )


def _place(story: Story) -> tuple[float, str]:
    return (-story.score, story.id)


def _diverse(stories: Sequence[Story], settings: RankSettings) -> list[Story]:
    """Return the stories in a new order: a story loses points by its similarity to a better story.

    Only the first ``diversity_depth`` are compared: no letter reaches further down.
    """
    waiting = sorted(stories, key=_place)
    deep = waiting[settings.diversity_depth :]
    near = {story.id: 0.0 for story in waiting}
    bags = {story.id: _about(story) for story in waiting[: settings.diversity_depth]}
    waiting = waiting[: settings.diversity_depth]
    chosen: list[Story] = []
    while waiting:
        best = min(waiting, key=lambda s: (-(s.score - settings.diversity * near[s.id]), s.id))
        waiting.remove(best)
        chosen.append(_with(best, "diversity", -settings.diversity * near[best.id], "like a story above it"))
        for story in waiting:
            near[story.id] = max(near[story.id], bag_cosine(bags[best.id], bags[story.id]))
    return chosen + deep


def _about(story: Story) -> Counter[str]:
    """Return the words of the story's titles, each counted by the number of articles that use it."""
    return Counter(term for article in story.articles for term in set(terms(article.title)))


def _with(story: Story, name: str, value: float, note: str) -> Story:
    factor = Factor(name=name, value=value, note=note if value else "")
    return replace(story, score=story.score + value, factors=(*story.factors, factor))


def rank(  # noqa: PLR0913, PLR0917 - what is known of a day, each with a name of its own
    groups: Iterable[Sequence[Article]],
    sources: Sources,
    settings: RankSettings,
    now: datetime,
    told: Sequence[ToldStory] = (),
    language: str | None = None,
    front: Front = NOBODY,
) -> tuple[Story, ...]:
    """Return one story for each group, best first; the order of groups and of their articles does not matter.

    ``language`` prefers lead articles that the edition's readers can read. ``told`` are the stories of earlier
    editions. ``front`` maps articles to their places on their papers' front pages.
    """
    groups = tuple(groups)
    known = standings(chain.from_iterable(groups), front)
    day = _Day(sources=sources, settings=settings, now=now, told=told, language=language, front=known)
    stories = [_story(articles, day) for articles in groups]
    return tuple(_diverse(stories, settings))
