"""What an edition is made from, and how it is made. The same inputs always give the same edition.

articles ─ admitted ─▶ groups ─ rank ─▶ stories ─ recall ─▶ tellings ─ desked ─ lay out ─▶ edition
                                               story_headline, bullets_of, story_finds

The work before the editor's acts (``prepared``) takes most of the time and does not depend on them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from msgspec import structs

from digest.edition.acts import Act
from digest.edition.compose import Frame, filled, laid_out
from digest.edition.desk import Desked, Workshop, desked
from digest.edition.finds import FoundIn, sought
from digest.edition.intake import admitted, one_publisher
from digest.edition.layout import Layout
from digest.edition.memory import Recollection, appeared_since, recall, telling_of
from digest.edition.shares import as_told, rank_for, shared, weighed, within_reach
from digest.edition.telling import Telling
from digest.edition.weekly import several_first
from digest.errors import NothingToTell
from digest.model.article import Article
from digest.model.block import Block, LostBlock
from digest.model.edition import Correction, Edition, ToldStory
from digest.model.finds import Sought, StoryFinds
from digest.model.front import FrontPlace
from digest.model.ids import ArticleId, EditionKey, SourceId, StoryId
from digest.model.quarantine import Guard, ItemKind, unguarded
from digest.model.source import Source
from digest.model.story import Story
from digest.rank.group import group
from digest.rank.lead import credits_of
from digest.rank.score import rank, story_id
from digest.settings import EditionSettings, RankSettings
from digest.summarise.assessment import Assessment, assess_for
from digest.summarise.best_title import story_headline
from digest.summarise.bullets import bullets_of
from digest.summarise.days import ReadingDay
from digest.summarise.finds.agreed import with_credits
from digest.summarise.finds.story import MOST_ARTICLES, story_finds
from digest.text.title import repeated_ends
from digest.text.words import minutes_to_read

TOLD_ABOUT = 60
"""Number of best stories for which headline and bullets are made; an edition has about twelve places."""

BY_EDITOR = "left out by the editor"
PART_OF_ANOTHER = "told as a part of another story, by the editor"
"""A reason for which a story is not in the letter, as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything on which an edition depends. ``articles`` are those of its period before the cut, in any order."""

    key: EditionKey
    plan: EditionSettings
    rank: RankSettings
    cut: datetime
    articles: tuple[Article, ...]
    sources: tuple[Source, ...]
    told: tuple[ToldStory, ...]
    earlier: EditionKey | None
    acts: tuple[Act, ...] = ()
    front: tuple[FrontPlace, ...] = ()
    """Places of the articles on the front pages of their sources."""
    advertorials: tuple[str, ...] = ()
    """Articles excluded as advertising, one line of text for each.

    The edition does not depend on them; the report does.
    """
    added: tuple[Article, ...] = ()
    """Articles that the editor added."""
    corrections: tuple[Correction, ...] = ()
    """Corrections of earlier editions that this edition prints."""
    blocks: tuple[Block, ...] = ()
    """The blocks that could be made."""
    lost_blocks: tuple[LostBlock, ...] = ()
    """The blocks that could not be made: for the report, the edition does not depend on them."""


@dataclass(frozen=True, kw_only=True)
class Making:
    """The results of the steps from the inputs to the edition."""

    stories: tuple[Story, ...]
    """Best first."""
    tellings: tuple[Telling, ...]
    """The best stories, before the editor's acts."""
    desk: Desked
    """The tellings after the editor's acts."""
    layout: Layout
    edition: Edition | None
    """None when there was no story."""
    thin: str = ""
    """Why the edition has too few stories to be sent without approval, as text; empty if it has enough."""

    @cached_property
    def by_id(self) -> Mapping[StoryId, Telling]:
        """The tellings by story id, without the headlines that the editor wrote."""
        made = {telling.story.id: telling for telling in (*self.desk.tellings, *self.desk.dropped)}
        return made | {telling.story.id: telling for telling in self.tellings}

    @cached_property
    def places(self) -> Mapping[StoryId, str]:
        """The stories of the letter, each with its place."""
        return {placed.telling.story.id: placed.place.value for placed in self.layout.placed}

    @cached_property
    def reasons(self) -> Mapping[StoryId, str]:
        """Why stories with a telling are not in the letter, as text."""
        out = {left.story_id: left.reason for left in self.layout.left_out}
        out |= dict.fromkeys(self.desk.merged, PART_OF_ANOTHER)
        return out | {telling.story.id: BY_EDITOR for telling in self.desk.dropped}

    @property
    def telling(self) -> tuple[ToldStory, ...]:
        """What later editions must remember of this one, once it is sent: one value for each item."""
        stories = [placed.telling.story for placed in self.layout.placed]
        return telling_of(self.edition, stories) if self.edition else ()


class Prepared:
    """The result of the steps before the editor's acts, with functions for stories that acts make or need.

    Safe to share between threads: its cache only grows.
    """

    def __init__(self, material: Material, guard: Guard = unguarded) -> None:
        plan, sources = as_told(material.plan), {source.id: source for source in material.sources}
        groups = group(admitted(material.articles, sources, plan, material.cut))
        weights = rank_for(material.rank, plan)
        front = {place.url: place for place in material.front}
        stories = rank(groups, weighed(sources, plan), weights, material.cut, material.told, plan.language, front)
        self.stories = several_first(stories) if plan.window_days else stories
        self._material, self._sources = material, sources
        self._names = {source.id: source.name for source in material.sources}
        self._day = ReadingDay(material.key.date, ZoneInfo(material.plan.zone))
        self._ends = _ends(material.articles)
        self._assessments: dict[ArticleId, Assessment] = {}
        self._retold: dict[tuple[StoryId, tuple[ArticleId, ...]], Telling] = {}
        self._found: dict[tuple[str, tuple[ArticleId, ...], Sought], StoryFinds] = {}
        near = within_reach(self.stories, plan, sources, TOLD_ABOUT)
        told = tuple(self._guarded(story, guard) for story in near)
        self._assessments = self._lasting_assessments(told)
        self.tellings = shared(told, plan, material.rank, sources)

    def tell(self, story: Story) -> Telling:
        """Return the telling of a story that an act made. Each is computed once."""
        key = story.id, tuple(article.id for article in story.articles)
        if key not in self._retold:
            telling = self._telling(story)
            if not story.publishers:
                telling = replace(telling, story=replace(story, publishers=telling.credits))
            self._retold[key] = telling
        return self._retold[key]

    def found_in(self, telling: Telling, wanted: Sought) -> StoryFinds:
        """Return the finds of a telling, of the ``wanted`` kinds. Each is computed once.

        For an update only its new articles are read. Nothing is found in a story that the editor wrote.
        """
        if telling.hand.own:
            return StoryFinds()
        about = _what_is_new(telling.story, telling.recollection)
        key = telling.headline, tuple(article.id for article in about.articles), wanted
        if key not in self._found:
            self._found[key] = story_finds(about, telling.headline, self._names, self._day, self._assessed, wanted)
        return self._found[key]

    def _guarded(self, story: Story, guard: Guard) -> Telling:
        with guard(ItemKind.STORY, story.articles[0].id, story.articles[0].title.encode("utf-8", "backslashreplace")):
            return self._telling(story)

    def _telling(self, story: Story) -> Telling:
        told, plan = self._material.told, self._material.plan
        memory = recall(story, told)
        told_bullets = tuple(text for earlier in told for text in earlier.bullets)
        about = _what_is_new(story, memory)
        bullets = bullets_of(about, self._assessed, told_bullets, source_names=self._names)
        if plan.agreed_numbers:
            bullets = with_credits(bullets, about.articles, self._names)
        return Telling(
            story=story,
            recollection=memory,
            headline=story_headline(about.articles, self._ends),
            bullets=bullets,
            minutes=minutes_to_read(about.articles[0].word_count),
            credits=credits_of(about.articles, self._sources),
            since=appeared_since(story, told, self._material.earlier),
        )

    def _lasting_assessments(self, tellings: Sequence[Telling]) -> dict[ArticleId, Assessment]:
        """Return the scores of sentences that finds may need later. All others were needed for bullets only."""
        if not sought(self._material.plan).sentences:
            return {}
        stories = (_what_is_new(telling.story, telling.recollection) for telling in tellings)
        wanted = {article.id for story in stories for article in story.articles[:MOST_ARTICLES]}
        return {name: found for name, found in self._assessments.items() if name in wanted}

    def _assessed(self, article: Article) -> Assessment:
        """Return the scores of an article's sentences, for its bullets and its finds. Each article is scored once."""
        found = self._assessments.get(article.id)
        if found is None:
            found = self._assessments[article.id] = assess_for(article, self._day)
        return found

    def alone(self, article: Article) -> Story:
        """Return the story of an article that the ranking did not include."""
        return Story(id=story_id([article]), articles=(article,), publishers=(), first_seen=article.first_seen)


def make(material: Material, guard: Guard = unguarded) -> Making:
    """Return the result for the inputs: ranked stories, their tellings, the layout, and the edition.

    ``guard`` surrounds the work on each story. Raises ItemSetAside with the id of the story's lead article.
    """
    return finished(material, Prepared(material, guard))


def finished(material: Material, prepared: Prepared) -> Making:
    """Return the result for the inputs and their acts. ``prepared`` may be of the same inputs with other acts."""
    added = {article.id: article for article in material.added}
    desk = desked(prepared.tellings, material.acts, Workshop(tell=prepared.tell, alone=prepared.alone, added=added))
    layout = laid_out(as_told(material.plan), desk.tellings, material.earlier, material.acts)
    by_id = {telling.story.id: telling for telling in desk.tellings}

    placed = {each.telling.story.id for each in layout.placed}
    wanted = sought(material.plan)
    of_others = replace(wanted, names=False, light=False)

    def found(story_id: StoryId) -> StoryFinds:
        return prepared.found_in(by_id[story_id], wanted if story_id in placed else of_others)

    edition, thin = _composed(material, desk.tellings, layout, found)
    return Making(
        stories=prepared.stories,
        tellings=prepared.tellings,
        desk=desk,
        layout=layout,
        edition=edition,
        thin=thin,
    )


def _composed(
    material: Material, tellings: Sequence[Telling], layout: Layout, found: FoundIn
) -> tuple[Edition | None, str]:
    """Return the edition and, when it has too few stories, the reason as text."""
    plan, own = as_told(material.plan), one_publisher(material.sources, material.plan)

    def of(plan: EditionSettings) -> Edition:
        frame = Frame(
            key=material.key,
            settings=plan,
            cut=material.cut,
            earlier=material.earlier,
            one_publisher=own,
            corrections=material.corrections,
            blocks=material.blocks,
            told=material.told,
            found=found,
        )
        return filled(frame, layout, tellings, material.acts)

    try:
        return of(plan), ""
    except NothingToTell as error:
        thin = str(error).removeprefix(f"{material.key}: ")
    try:
        return of(structs.replace(plan, floor=1)), thin
    except NothingToTell:
        return None, thin


def _ends(articles: Sequence[Article]) -> dict[SourceId, frozenset[str]]:
    """Return for each source the ending that most of its titles share, such as the source's own name."""
    titles: dict[SourceId, list[str]] = {}
    for article in articles:
        titles.setdefault(article.source_id, []).append(article.title)
    return {source: repeated_ends(given) for source, given in titles.items()}


def _what_is_new(story: Story, memory: Recollection) -> Story:
    """Return the part of a story that may be printed: for an update, only the articles since the earlier telling."""
    return replace(story, articles=memory.new_articles) if memory.new_articles else story
