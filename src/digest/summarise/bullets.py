"""A story's bullets, in order of preference."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from digest.model.article import Article
from digest.model.ids import ArticleId, SourceId
from digest.model.story import Bullet, ScoredSentence, Story
from digest.summarise.assessment import Assess, Assessment, assess_for
from digest.summarise.days import ReadingDay, Timing
from digest.summarise.fitness import LEAST, PAIR, THIRD, news_odds, share_left
from digest.summarise.passage import fragment
from digest.summarise.reading import Sentence, compared, overlap
from digest.summarise.reservations import reservations, unintroduced
from digest.summarise.scorer import Model, shipped
from digest.text.words import content_words

MOST = 6
"""The maximum number of bullets of a story."""
UNFIT = 0.32
"""Below this estimate a sentence is used only when a story has no other: an editor deletes most of those."""
HEADLINE = 0.2
"""The gain of a first bullet that tells all of the headline (swept 0-.4: scores do not change, and the headline's event
is missed less often)."""
MOST_ARTICLES = 6
"""The number of articles of a story that are read, the lead first."""
SECOND_ARTICLE = 0.08
"""The best sentence of another article is at least this much below the lead's best."""
PASSED_DAY = 0.1 + HEADLINE
"""A sentence that announces a past day is this much below the lowest of the others: more than redundancy can subtract
plus what the headline can add."""
SAME = 0.45
"""The share of the shorter sentence's stems at which two sentences of one article count as the same (swept .35-.6)."""
NEW = 0.4
"""The minimum share of a sentence's stems that neither the headline nor an earlier bullet has (swept .35-.45)."""
SAME_ELSEWHERE = 0.4
"""The same for sentences of two articles: two papers report one fact in different words."""
TOLD = 0.6
"""The same for a bullet of an earlier edition."""
RESERVED = 0.5
"""The share of the cost of what is not introduced that counts in the choice (swept 0-1: with all of it the editor keeps
half a point less)."""
_PAIR = 2
"""The number of bullets of a story in full, without a third one."""
SHORT = 24
"""Each word of a sentence beyond so many has a price in the choice (see ``scorer.Model``)."""


class _Candidate(msgspec.Struct, frozen=True, eq=False):
    """A sentence that may be a bullet: the number of its article, its own number in the article, and its value."""

    article: int
    place: int
    sentence: Sentence
    value: float
    estimate: float
    """The model's score, before any reduction for length, day, or other articles."""


@dataclass(frozen=True, slots=True)
class _Context:
    """The articles of a story, their assessments, and the stems of the headline, in which a bullet is read."""

    articles: Sequence[Article]
    assessments: Sequence[Assessment]
    headline: frozenset[str]

    def known(self, chosen: Sequence[_Candidate]) -> frozenset[str]:
        """Return the stems of the headline and of what is chosen."""
        return self.headline.union(*(each.sentence.stems for each in chosen))

    def unintroduced(self, candidate: _Candidate, chosen: Sequence[_Candidate]) -> float:
        """Return the cost of what a candidate looks back to, or names without an introduction in those before it."""
        text, reading = self.articles[candidate.article].text, self.assessments[candidate.article].reading
        return unintroduced(text, reading, candidate.place, _before(candidate, chosen))

    def reservations(self, candidate: _Candidate, chosen: Sequence[_Candidate]) -> float:
        """Return the cost of all that a reader has against a candidate after those chosen."""
        text, reading = self.articles[candidate.article].text, self.assessments[candidate.article].reading
        said = _before(candidate, chosen)
        return reservations(text, reading, candidate.place, said, self.known(chosen))


def _before(candidate: _Candidate, chosen: Sequence[_Candidate]) -> list[Sentence]:
    """Return the chosen sentences that a reader sees before a candidate: bullets are in the order of the article."""
    return [each.sentence for each in chosen if each.article != candidate.article or each.place < candidate.place]


def candidates(
    story: Story,
    told: Sequence[str] = (),
    scores: Mapping[ArticleId, tuple[ScoredSentence, ...]] | None = None,
    *,
    source_names: Mapping[SourceId, str] | None = None,
    model: Model | None = None,
    day: ReadingDay | None = None,
) -> tuple[Bullet, ...]:
    """Return bullets from all of a story's articles in order of preference; the first N are a good choice for any N.

    No two bullets say the same. None repeats ``told`` (the texts of earlier bullets), or only what the headline and the
    bullets before it say together. A sentence that depends on the previous one comes only after it, and one about "the
    woman" only after an earlier sentence: the first N read well in article order. ``scores`` are those stored with the
    articles; missing ones are computed. On a ``day`` other than an article's own, sentences with "today" and the like
    are left out, and sentences that announce a past day come last; without ``day``, no day is past. Empty when no
    sentence can be used.
    """
    model, stored = model or shipped(), scores or {}

    def assessed(article: Article) -> Assessment:
        given = stored.get(article.id)
        estimates = None if given is None else {each.start: each.score for each in given}
        return assess_for(article, day, model=model, estimates=estimates)

    return bullets_of(story, assessed, told, source_names=source_names, model=model)


def bullets_of(
    story: Story,
    assessed: Assess,
    told: Sequence[str] = (),
    *,
    source_names: Mapping[SourceId, str] | None = None,
    model: Model | None = None,
) -> tuple[Bullet, ...]:
    """Return the same from the assessments of the articles.

    ``model`` is the one with which they were made; None is the shipped model.
    """
    model = model or shipped()
    articles = story.articles[:MOST_ARTICLES]
    assessments = [assessed(article) for article in articles]
    pools = [_pool(number, assessment, model.price) for number, assessment in enumerate(assessments)]
    pools = [_without_told(pool, told, article.language) for pool, article in zip(pools, articles, strict=True)]
    headline = content_words(articles[0].title, articles[0].language) if articles else []
    context = _Context(articles, assessments, frozenset(headline))
    chosen = _choose(_behind_the_lead(pools), model.redundancy, context)
    shares = _printed(chosen, context, news_odds(story.kind, story.news))
    return tuple(
        _bullet(articles[each.article], each, source_names or {}, shares.get(i)) for i, each in enumerate(chosen)
    )


def _printed(chosen: Sequence[_Candidate], context: _Context, odds: float) -> dict[int, float]:
    """Return the share of readers who leave each bullet that a letter may print, by its number.

    The preferred one, which tells the headline's event, comes first if enough leave it, then the surest ones. A story
    may have one that is sure enough alone.
    """
    found: dict[int, float] = {}
    while len(found) < len(chosen):
        best, share = _surest(chosen if found else chosen[:1], found, context, odds)
        if not found and share < LEAST:
            best, share = _surest(chosen, found, context, odds)
        if best is None or share < (LEAST if len(found) < _PAIR else THIRD):
            break
        found[best] = share
    if sum(list(found.values())[:_PAIR]) >= PAIR * min(_PAIR, len(found)):
        return found
    return {i: share for i, share in found.items() if share >= PAIR and not chosen[i].sentence.leans}


def _surest(
    chosen: Sequence[_Candidate], printed: Mapping[int, float], context: _Context, odds: float
) -> tuple[int | None, float]:
    """Return the bullet that most readers leave after those printed, and their share; None when there is none.

    Reservations are not negative, so a bullet with an estimate below the best value is not looked at.
    """
    before = [chosen[i] for i in printed]
    best, most = None, -math.inf
    for i in sorted(range(len(chosen)), key=lambda i: -chosen[i].estimate):
        if chosen[i].estimate <= most:
            break
        if i in printed or not _reads_alone(chosen[i], before):
            continue
        value = chosen[i].estimate - context.reservations(chosen[i], before)
        if value > most:
            best, most = i, value
    return best, share_left(most, odds) if best is not None else 0.0


def _reads_alone(candidate: _Candidate, printed: list[_Candidate]) -> bool:
    return _is_introduced(candidate, printed) if printed else not candidate.sentence.leans


def _pool(number: int, assessment: Assessment, price: float) -> list[_Candidate]:
    """Return the sentences of one article that may be used, with their values."""
    estimates = assessment.estimates
    pool = [
        _candidate(number, place, sentence, estimates[sentence.start], price)
        for place, sentence in enumerate(assessment.reading.sentences)
        if not sentence.objection and sentence.start in estimates
    ]
    return _timely(pool, assessment) if assessment.timings else pool


def _candidate(number: int, place: int, sentence: Sentence, estimate: float, price: float) -> _Candidate:
    value = estimate - price * max(0, sentence.words - SHORT)
    return _Candidate(number, place, sentence, value, estimate)


def _behind_the_lead(pools: list[list[_Candidate]]) -> list[_Candidate]:
    """Return the candidates of all articles; the lead's best candidate has the highest value.

    The headline is the lead's, and scores of different articles do not show which article is closer to it.
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


def _timely(pool: list[_Candidate], assessment: Assessment) -> list[_Candidate]:
    """Return what may be used on a day: sentences with wrong days are removed, those about past days come last."""
    values = [each.value for each in pool]
    behind = max(values, default=0.0) - min(values, default=0.0) + PASSED_DAY
    timings = [assessment.timing(each.sentence) for each in pool]
    return [
        replace(each, value=each.value - behind) if found is Timing.PASSED else each
        for each, found in zip(pool, timings, strict=True)
        if found is not Timing.WRONG
    ]


def _without_told(pool: list[_Candidate], told: Sequence[str], language: str) -> list[_Candidate]:
    bags = [Counter(content_words(text, language)) for text in told]
    return [each for each in pool if all(overlap(each.sentence.stems, bag) < TOLD for bag in bags)]


def _choose(pool: list[_Candidate], redundancy: float, context: _Context) -> list[_Candidate]:
    """Choose the highest value minus likeness to what is chosen (marginal relevance, Carbonell and Goldstein, 1998).

    The headline is read before the bullets: the first bullet tells its event, the others what is new beyond it. What
    looks back, or lacks an introduction among those chosen before it, is worth less.
    """
    chosen: list[_Candidate] = []
    likest = dict.fromkeys(range(len(pool)), 0.0)

    def gain(i: int) -> float:
        if chosen:
            return pool[i].value - redundancy * likest[i]
        return pool[i].value + HEADLINE * _share_told(context.headline, pool[i])

    while likest and len(chosen) < MOST:
        best = _best(pool, {i: gain(i) for i in likest}, chosen, context)
        if best is None:
            break
        del likest[best]
        chosen.append(pool[best])
        _compare(pool, likest, pool[best])
    return chosen


def _best(
    pool: Sequence[_Candidate], gains: Mapping[int, float], chosen: list[_Candidate], context: _Context
) -> int | None:
    """Return the number of the best candidate that can be added; None when there is none.

    Costs are not negative, so candidates after one that is as good without its cost are not looked at.
    """
    known = context.known(chosen)
    best, most = None, -math.inf
    for i in sorted(gains, key=lambda i: -gains[i]):
        if gains[i] <= most:
            break
        if not _is_open(pool[i], chosen, known):
            continue
        value = gains[i] - RESERVED * context.unintroduced(pool[i], chosen)
        if value > most:
            best, most = i, value
    return best


def _compare(pool: Sequence[_Candidate], likest: dict[int, float], chosen: _Candidate) -> None:
    """Update the greatest likeness of each open candidate to those chosen; remove those that say the same."""
    for i in list(likest):
        like, shared = compared(pool[i].sentence, chosen.sentence)
        if shared >= (SAME if pool[i].article == chosen.article else SAME_ELSEWHERE):
            del likest[i]
        elif like > likest[i]:
            likest[i] = like


def _share_told(headline: frozenset[str], candidate: _Candidate) -> float:
    """Return the share of the headline's stems in a sentence of the lead; 0 for sentences of other articles."""
    if candidate.article:
        return 0.0
    return len(headline.intersection(candidate.sentence.stems)) / max(1, len(headline))


def _is_open(candidate: _Candidate, chosen: list[_Candidate], known: AbstractSet[str]) -> bool:
    """Return whether a sentence can be added to those chosen.

    What it refers to must be chosen, and it must say something new; for a first sentence, any value is enough.
    """
    if not chosen:
        return not candidate.sentence.leans
    stems = candidate.sentence.stems.keys()
    if candidate.estimate < UNFIT or len(stems - known) < NEW * len(stems):
        return False
    return _is_introduced(candidate, chosen)


def _is_introduced(candidate: _Candidate, chosen: list[_Candidate]) -> bool:
    """Return whether the sentences that a sentence depends on are chosen."""
    before = [candidate.place - each.place for each in chosen if each.article == candidate.article]
    if candidate.sentence.needs_previous:
        return 1 in before
    return not candidate.sentence.refers_back or any(distance > 0 for distance in before)


def _bullet(
    article: Article, candidate: _Candidate, source_names: Mapping[SourceId, str], share: float | None
) -> Bullet:
    """Return a bullet; ``share`` is that of the readers who leave it, None when it is not to be printed."""
    sentence = candidate.sentence
    start, end = sentence.told_start, sentence.told_end
    return Bullet(
        article_id=article.id,
        link=article.link,
        source_name=source_names.get(article.source_id, article.site_name),
        text=sentence.text,
        start=start,
        end=end,
        cut_start=_says_something(article.text[sentence.begin : start]),
        cut_end=_says_something(article.text[end : sentence.end]),
        fragment=fragment(article.text, start, end),
        score=candidate.value,
        doubtful=share is None,
        weak=share is None or share < THIRD,
    )


def _says_something(cut: str) -> bool:
    """Return whether the text cut off is more than brackets and stops, so that the reader should see the cut."""
    return any(map(str.isalnum, cut))
