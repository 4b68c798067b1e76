"""Compare stories with earlier editions: was the story told before, and does it bring news?

Exact signs are checked first: a shared URL, a near-same title, a copy of the same agency report. Only then the words
are compared; a similar story is never dropped. A told story with a sign of news becomes an update. A told story without
one is only named in the "still covered" line, so a wrong guess costs one line.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import combinations
from statistics import fmean

from digest.edition.news import grown, new_decision, new_number, news_sign
from digest.model.appearance import last_published
from digest.model.article import Article
from digest.model.edition import Edition, Item, Place, ToldStory
from digest.model.ids import EditionKey
from digest.model.story import Story
from digest.text.similarity import bag_cosine, containment, rarity, shingles, terms

Doc = tuple[str, str]
"""Title and text."""

TOLD_THRESHOLD = 0.166
"""From this similarity on, a story counts as told.

Of the values from 0.150 to 0.190, this one kept both floors of the measurement in most resamples.
"""
TITLE_WEIGHT = 2
"""Weight of a word in a title. A word of the text has weight 1."""
OPENING = 250
"""Characters of a text that are compared: about a newspaper's first paragraphs."""
COHESION = 0.3
"""This share of the similarity among the earlier articles is subtracted: where those differ, a repeat differs too."""
ALONE = 0.3
"""The similarity among the earlier articles that is assumed when there is only one."""
SIGN = 0.03
"""Subtracted from the similarity when the later headline has a new number, and again when it has a new decision."""
SAME_TITLE = 0.85
"""Two titles are near-same when they have this share of all their words in common."""
COPY_SHARE = 0.6
"""A text is a copy when it shares this part of the shorter text's shingles (short runs of words)."""
TOLD_CHARACTERS = 2_000
"""Characters of a lead article that are stored: enough to recognise a copy."""
LEAST_SHINGLES = 20
"""Texts with fewer shingles (short runs of words) can be similar by chance."""
LEAST_TERMS = 8
"""Texts with fewer different words do not show whether two events have the same headline."""
HEADED_SHARE, RUBRIC_SHARE = 0.12, 0.35
"""Share of the shorter text's words that two texts with one headline have in common if they tell the same event. The
first applies where both texts contain the headline's words, the second where they do not."""


class MemoryVerdict(Enum):
    """The result of the memory for a story."""

    NEW = "new"
    UPDATE = "update"
    STILL_COVERED = "still-covered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recollection:
    """What the memory knows of a story. ``told`` is the earlier telling; None for a new story.

    The bullets of an update may come only from ``new_articles``. Articles with a sign of news are first; both groups
    are in the story's order. ``reason`` explains the verdict as text, for ``explain``.
    """

    verdict: MemoryVerdict
    reason: str
    told: ToldStory | None = None
    new_articles: tuple[Article, ...] = ()
    covered_since: bool = False
    """Whether another article on the story appeared after the earlier telling, with or without news."""


def told_already(morning: Sequence[Doc], evening: Doc) -> float:
    """Return a score for how surely the evening's article repeats the morning's articles on one story.

    It is the mean similarity to them, minus a share of their similarity to each other, minus SIGN for each sign of
    news. About 0.1 for a distant follow-up, 0.5 for the same telling. 0 when the morning has no articles.
    """
    if not morning:
        return 0.0
    likeness = fmean(_likeness(doc, evening) for doc in morning)
    among = [_likeness(one, other) for one, other in combinations(morning, 2)]
    said = " ".join(f"{title} {text}" for title, text in morning)
    signs = bool(new_number(evening[0], said)) + bool(new_decision(evening[0], said))
    return likeness - COHESION * (fmean(among) if among else ALONE) - SIGN * signs


@lru_cache(maxsize=4096)
def _bag(doc: Doc) -> Mapping[str, float]:
    """Return the weight of each word of a title and text. It grows with the logarithm of how often the word occurs.

    Each weight is multiplied by the square root of the word's rarity. So in the product of two texts' weights, the
    rarity of a shared word counts once.
    """
    title, text = doc
    counts = Counter(terms(text[:OPENING]))
    for found in terms(title):
        counts[found] += TITLE_WEIGHT
    return {term: (1 + math.log(count)) * math.sqrt(rarity(term)) for term, count in counts.items()}


def _likeness(one: Doc, other: Doc) -> float:
    return bag_cosine(_bag(one), _bag(other))


def near_same_title(one: str, other: str) -> bool:
    """Return whether two titles have nearly the same words, in any order. Short titles must be equal."""
    first, second = set(terms(one)), set(terms(other))
    if min(len(first), len(second)) < 3:  # noqa: PLR2004 - "Live updates" is no identity
        return one.casefold().split() == other.casefold().split() and bool(first)
    return len(first & second) >= SAME_TITLE * len(first | second)


def _copies(text: str, told: str) -> bool:
    one, other = shingles(text[:TOLD_CHARACTERS]), shingles(told[:TOLD_CHARACTERS])
    return min(len(one), len(other)) >= LEAST_SHINGLES and containment(one, other) >= COPY_SHARE


def _rubric(article: Article, told: ToldStory) -> bool:
    """Return whether a near-same title is a standing heading, used for another event: "Obituary", "Weather today".

    The texts without the words of the title decide. They must be more alike where they do not contain the title's
    words. If a text is too short to decide, the title counts as the same event.
    """
    heading = set(terms(article.title))
    one, other = ({*terms(text[:TOLD_CHARACTERS])} for text in (article.text, told.text))
    needed = HEADED_SHARE if 2 * len(heading & one & other) >= len(heading) else RUBRIC_SHARE
    one, other = one - heading, other - heading
    fewest = min(len(one), len(other))
    return fewest >= LEAST_TERMS and len(one & other) < needed * fewest


def _same(article: Article, told: ToldStory) -> str:
    """Return why this article is the same as one that was told, as text. Empty when it is not."""
    if article.url in told.urls:
        return "the same article"
    if any(near_same_title(article.title, title) for title in told.titles) and not _rubric(article, told):
        return "a near-same title"
    return "a wire copy" if _copies(article.text, told.text) else ""


def _match(story: Story, told: ToldStory) -> tuple[float, str]:
    """Return how surely ``told`` is about this story, and why.

    2 for an exact sign, up to 1 for similarity, 0 for no match.
    """
    reasons = [reason for article in story.articles if (reason := _same(article, told))]
    if story.id == told.story_id or reasons:
        return 2.0, reasons[0] if reasons else "the same story"
    lead = story.articles[0]
    if any(near_same_title(lead.title, title) for title in told.titles):
        return 0.0, ""
    docs = (
        (told.headline, told.text),
        *((title, "") for title in told.titles if not near_same_title(title, told.headline)),
    )
    likeness = told_already(docs, (lead.title, lead.text))
    return (likeness, f"likeness {likeness:.2f}") if likeness >= TOLD_THRESHOLD else (0.0, "")


def _joined(story: Story, since: Sequence[Article], fresh: Sequence[Article]) -> int:
    """Return how many sources published a first article on the story after a telling.

    A source that already had articles does not count, even if its articles joined this story only now.
    """
    there = {article.source_id for article in story.articles if article not in since}
    return len({article.source_id for article in fresh} - there)


def appeared_since(story: Story, told: Iterable[ToldStory], earlier: EditionKey | None) -> bool:
    """Return whether an article on the story was published after the cut of the ``earlier`` edition.

    Also True if that edition told nothing, or is None.
    """
    cut = max((telling.cut for telling in told if telling.edition == earlier), default=None)
    return cut is None or any(last_published(article) > cut for article in story.articles)


def recall(story: Story, told: Iterable[ToldStory]) -> Recollection:
    """Return the memory's verdict on a story. The surest match among the earlier tellings counts, then the latest.

    An update needs both: articles that appeared after the cut of the edition that told the story, and a sign of news in
    them (a new number or name in a headline, a word of decision or death, doubled coverage).
    """
    matches = [(*_match(story, earlier), earlier) for earlier in told]
    sure = [match for match in matches if match[0] > 0]
    if not sure:
        return Recollection(verdict=MemoryVerdict.NEW, reason="not told before")
    _, why, earlier = max(sure, key=lambda match: (match[0], match[2].cut, match[2].anchor))
    since = [a for a in story.articles if last_published(a) > earlier.cut and a.url not in earlier.urls]
    fresh = [a for a in since if not _same(a, earlier)]
    signs = {article.id: news_sign(article, earlier) for article in fresh}
    found = [grown(_joined(story, since, fresh), earlier), *signs.values()]
    where = f"told in {earlier.edition} ({why})"
    if any(found):
        sign = next(filter(None, found))
        fresh.sort(key=lambda article: not signs[article.id])
        return Recollection(
            verdict=MemoryVerdict.UPDATE,
            reason=f"{where}; news: {sign}",
            told=earlier,
            new_articles=tuple(fresh),
            covered_since=True,
        )
    missing = "nothing new in what appeared since" if since else "nothing appeared since"
    return Recollection(
        verdict=MemoryVerdict.STILL_COVERED, reason=f"{where}; {missing}", told=earlier, covered_since=bool(since)
    )


def telling_of(edition: Edition, stories: Iterable[Story]) -> tuple[ToldStory, ...]:
    """Return what later editions must remember: one value for each item, in the letter's order.

    ``stories`` hold the items' articles. Reminders are skipped: the previous edition has remembered their stories.
    """
    by_id = {story.id: story for story in stories}
    return tuple(
        _remembered(edition, item, by_id[item.story_id]) for item in edition.items if item.place is not Place.MISSED
    )


def _remembered(edition: Edition, item: Item, story: Story) -> ToldStory:
    return ToldStory(
        edition=edition.key,
        story_id=story.id,
        anchor=item.anchor,
        headline=item.headline,
        urls=tuple(article.url for article in story.articles),
        titles=tuple(dict.fromkeys((item.headline, *(article.title for article in story.articles)))),
        text=story.articles[0].text[:TOLD_CHARACTERS],
        bullets=tuple(bullet.text for bullet in item.bullets),
        publishers=len(story.publishers),
        cut=edition.cut,
    )
