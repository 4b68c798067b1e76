"""A story's bullets, in the order in which they deserve to be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from digest.model.article import Article
from digest.model.ids import ArticleId, SourceId
from digest.model.story import Bullet, ScoredSentence, Story
from digest.summarise.days import ReadingDay, Timing, timing
from digest.summarise.passage import fragment
from digest.summarise.reading import Sentence, compared, overlap, read
from digest.summarise.scorer import DOUBTFUL, Model, shipped, values
from digest.summarise.trim import bounds
from digest.text.words import content_words

MOST = 6
"""Bullets that a story offers at most."""
UNFIT = 0.32
"""Estimate below which a sentence is told only where a story has no other: an editor strikes most of those."""
HEADLINE = 0.2
"""What a sentence gains as the first bullet for telling all of the headline (swept 0-.4: flat, the headline's event is
missed less often)."""
MOST_ARTICLES = 6
"""Articles of a story that are read, the lead first."""
SECOND_ARTICLE = 0.08
"""By how much the best sentence of an article that is not the lead stays below the lead's own, at least."""
PASSED_DAY = 0.1 + HEADLINE
"""By how much what announces a passed day stays below the least of the others: more than redundancy can take and the
headline can give."""
SAME = 0.45
"""Share of the shorter sentence's stems from which two sentences of one article say one thing (swept .35-.6)."""
NEW = 0.4
"""Share of its stems that neither the headline nor an earlier bullet has, at least (swept .35-.45)."""
SAME_ELSEWHERE = 0.4
"""The same for sentences of two articles: two papers tell one fact in words of their own."""
TOLD = 0.6
"""The same against a bullet of an earlier edition."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that may be told: the number of its article, its own number in it, and what it is worth."""

    article: int
    place: int
    sentence: Sentence
    value: float
    estimate: float
    """The model's own, whatever puts the sentence behind others."""


def candidates(
    story: Story,
    told: Sequence[str] = (),
    scores: Mapping[ArticleId, tuple[ScoredSentence, ...]] | None = None,
    *,
    source_names: Mapping[SourceId, str] | None = None,
    model: Model | None = None,
    day: ReadingDay | None = None,
) -> tuple[Bullet, ...]:
    """Return bullets from all of a story's articles in order of preference: any number from the start is a choice.

    No two say one thing, and none says what ``told`` (the texts of earlier bullets) has, nor only what the headline and
    the bullets before it say together. A sentence that leans on the one before it comes only after that one, and one
    that speaks of "the woman" only after an earlier sentence: a prefix that is put into article order reads on.
    ``scores`` are those that were stored with the articles; missing ones are computed. On a ``day`` other than an
    article's own, what says "today" and its like is left out, and what announces a day that has passed comes last;
    without one, nothing has passed. Empty when no sentence is fit to be told.
    """
    model = model or shipped()
    articles = story.articles[:MOST_ARTICLES]
    pools = [_pool(number, article, (scores or {}).get(article.id), model) for number, article in enumerate(articles)]
    pools = [
        _without_told(_timely(pool, article, day), told, article.language)
        for pool, article in zip(pools, articles, strict=True)
    ]
    headline = content_words(articles[0].title, articles[0].language) if articles else []
    chosen = _choose(_behind_the_lead(pools), model.redundancy, frozenset(headline))
    return tuple(_bullet(articles[each.article], each, source_names or {}) for each in chosen)


def _pool(number: int, article: Article, given: tuple[ScoredSentence, ...] | None, model: Model) -> list[_Candidate]:
    """Return the sentences of one article that may be told, with what each is worth."""
    reading = read(article.text, article.title, article.language)
    if given is None:
        by_start = dict(zip((sentence.start for sentence in reading.sentences), values(reading, model), strict=True))
    else:
        by_start = {each.start: each.score for each in given}
    return [
        _Candidate(number, place, sentence, by_start[sentence.start], by_start[sentence.start])
        for place, sentence in enumerate(reading.sentences)
        if not sentence.objection and sentence.start in by_start
    ]


def _behind_the_lead(pools: list[list[_Candidate]]) -> list[_Candidate]:
    """Return the candidates of all articles, the lead's best first.

    The headline is the lead's, and the scores of two articles do not tell which of them is nearer to it.
    """
    best = [max((each.value for each in pool), default=0.0) for pool in pools]
    if not pools[0]:
        return [each for pool in pools for each in pool]
    handicaps = (max(0.0, value - best[0]) + SECOND_ARTICLE for value in best[1:])
    behind = (
        replace(each, value=each.value - handicap)
        for pool, handicap in zip(pools[1:], handicaps, strict=True)
        for each in pool
    )
    return [*pools[0], *behind]


def _timely(pool: list[_Candidate], article: Article, day: ReadingDay | None) -> list[_Candidate]:
    """Return what may be told on a day: without what would name a wrong one, what announces a passed one put behind."""
    if day is None or not pool:
        return pool
    written = day.written(article.published or article.first_seen)
    behind = max(each.value for each in pool) - min(each.value for each in pool) + PASSED_DAY
    timings = [timing(each.sentence.text, article.language, written, day.read) for each in pool]
    return [
        replace(each, value=each.value - behind) if found is Timing.PASSED else each
        for each, found in zip(pool, timings, strict=True)
        if found is not Timing.WRONG
    ]


def _without_told(pool: list[_Candidate], told: Sequence[str], language: str) -> list[_Candidate]:
    bags = [Counter(content_words(text, language)) for text in told]
    return [each for each in pool if all(overlap(each.sentence.stems, bag) < TOLD for bag in bags)]


def _choose(pool: list[_Candidate], redundancy: float, headline: AbstractSet[str]) -> list[_Candidate]:
    """Pick greedily by worth less likeness to what is picked (marginal relevance, Carbonell and Goldstein, 1998).

    ``headline`` holds the stems of the headline, which a reader has read before the bullets: the first one tells its
    event, the others what is new beyond it.
    """
    chosen: list[_Candidate] = []
    known = set(headline)
    likest = dict.fromkeys(range(len(pool)), 0.0)
    while len(chosen) < MOST:
        open_ = [i for i in likest if _is_open(pool[i], chosen, known)]
        if not open_:
            break
        if chosen:
            best = max(open_, key=lambda i: pool[i].value - redundancy * likest[i])
        else:
            best = max(open_, key=lambda i: pool[i].value + HEADLINE * _share_told(headline, pool[i]))
        del likest[best]
        chosen.append(pool[best])
        known |= pool[best].sentence.stems.keys()
        for i in list(likest):
            like, shared = compared(pool[i].sentence, pool[best].sentence)
            if shared >= (SAME if pool[i].article == pool[best].article else SAME_ELSEWHERE):
                del likest[i]
            elif like > likest[i]:
                likest[i] = like
    return chosen


def _share_told(headline: AbstractSet[str], candidate: _Candidate) -> float:
    """Return the share of the headline's stems that a sentence of the lead has; 0 for those of other articles."""
    if candidate.article:
        return 0.0
    return len(headline & candidate.sentence.stems.keys()) / max(1, len(headline))


def _is_open(candidate: _Candidate, chosen: list[_Candidate], known: AbstractSet[str]) -> bool:
    """Say whether a sentence is fit to join those that are chosen.

    What it refers to is chosen before it, and it says something that is not known; a first one may be of any worth.
    """
    if not chosen:
        return not candidate.sentence.leans
    stems = candidate.sentence.stems.keys()
    if candidate.estimate < UNFIT or len(stems - known) < NEW * len(stems):
        return False
    return _is_introduced(candidate, chosen)


def _is_introduced(candidate: _Candidate, chosen: list[_Candidate]) -> bool:
    """Say whether the sentences that a sentence leans on are chosen."""
    before = [candidate.place - each.place for each in chosen if each.article == candidate.article]
    if candidate.sentence.needs_previous:
        return 1 in before
    return not candidate.sentence.refers_back or any(distance > 0 for distance in before)


def _bullet(article: Article, candidate: _Candidate, source_names: Mapping[SourceId, str]) -> Bullet:
    sentence = candidate.sentence
    start, end = sentence.told_start, sentence.told_end
    begin = sentence.start + bounds(article.text[sentence.start : sentence.end], article.language)[0]
    return Bullet(
        article_id=article.id,
        link=article.link,
        source_name=source_names.get(article.source_id, article.site_name),
        text=sentence.text,
        start=start,
        end=end,
        cut_start=_says_something(article.text[begin:start]),
        cut_end=_says_something(article.text[end : sentence.end]),
        fragment=fragment(article.text, start, end),
        score=candidate.value,
        doubtful=candidate.estimate < DOUBTFUL,
    )


def _says_something(cut: str) -> bool:
    """Say whether what was cut off is more than brackets and stops, so that the reader should see the cut."""
    return any(map(str.isalnum, cut))
