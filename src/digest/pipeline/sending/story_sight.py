"""One story as its editor sees it: the printed text, the program's best bullets, and every sentence in context."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from digest.edition.acts import StoryName
from digest.edition.telling import Telling
from digest.errors import RefusedAct
from digest.model.article import Article
from digest.model.edition import Item
from digest.model.ids import ArticleId, SourceId, StoryId
from digest.model.story import Bullet
from digest.pipeline.editions.again import deeds_of, made_again
from digest.pipeline.editions.snapshot import readable_basis
from digest.pipeline.quarantine import watching
from digest.pipeline.runtime import Runtime
from digest.storage.editions import StoredEdition
from digest.summarise.by_hand import chosen, cut, whole_sentence
from digest.summarise.essentials import left_out
from digest.summarise.scorer import NOT_TOLD, score
from digest.summarise.unnamed import sentence_before, unnamed


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceSight:
    """A sentence of an article, with the model's score."""

    start: int
    end: int
    text: str
    score: float
    objection: str
    """Why the program never prints the sentence, as text; empty when it may."""
    printed: bool
    """Whether the whole sentence or a part of it is printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSight:
    """An article of a story."""

    article: Article
    source: str
    linked: bool
    paragraphs: tuple[tuple[SentenceSight, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpareBullet:
    """A sentence that could be printed next, in the form of a bullet, with the sentences around it in its article."""

    article_id: str
    start: int
    end: int
    text: str
    score: float
    source_name: str
    before: str
    """The sentence before it; empty at the beginning of the article."""
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedBullet:
    """A printed bullet, and what an editor should know about it."""

    bullet: Bullet
    pronoun: str = ""
    """The pronoun with which the bullet opens although nobody was named before; empty for most bullets."""
    before: str = ""
    """The sentence before the bullet in its article, when ``pronoun`` is not empty."""
    said: str = ""
    """A word such as "said" that an editor's cut left out, so that nobody is named who says it; else empty."""
    limit: str = ""
    """A negation, doubt or limit that an editor's cut left out; else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySight:
    """A story, and what the editor can do with it."""

    name: StoryName
    headline: str
    first_headline: str
    item: Item | None
    """The printed item; None when it is left out."""
    printed: tuple[Bullet, ...]
    best: tuple[Bullet, ...]
    """The program's bullets in its order of preference."""
    articles: tuple[ArticleSight, ...]
    own: bool
    by_hand: bool
    """Whether the editor chose the bullets."""
    no_picture: bool = False
    """Whether the editor took the picture out."""

    @property
    def spare(self) -> tuple[SpareBullet, ...]:
        """What could be printed next: the program's bullets in its order of preference, then all other sentences.

        Empty when the articles were read without their sentences, or when all sentences are printed.
        """
        return tuple(_spares(self))

    @property
    def bullets(self) -> tuple[PrintedBullet, ...]:
        """The printed bullets, with what is unclear about them."""
        return tuple(_checked(self, at, bullet) for at, bullet in enumerate(self.printed))

    def source_of(self, article_id: str) -> str:
        """Return the name of an article's source."""
        return next((one.source for one in self.articles if one.article.id == article_id), "")

    def article(self, article_id: str) -> Article:
        """Return an article of the story by its id; raises RefusedAct when the story has no such article."""
        for one in self.articles:
            if one.article.id == article_id:
                return one.article
        raise RefusedAct("that article is no part of the story any more")


def story_sight(runtime: Runtime, row: StoredEdition, story_id: str, *, judged: bool = True) -> StorySight | None:
    """Return a story of an edition by its id; None when it is missing, or too far down the ranking.

    Unless ``judged``, its articles have no sentences: scoring them takes time.
    """
    basis = readable_basis(row.seen)
    if basis is None or row.edition is None:
        return None
    with watching(runtime, f"look {row.key}") as watch:
        try:
            material, making = made_again(runtime, row.key, basis, deeds_of(runtime.stores, row), watch)
        except LookupError:
            return None
    telling = next((one for one in (*making.desk.tellings, *making.desk.dropped) if one.story.id == story_id), None)
    if telling is None:
        return None
    edition = making.edition or row.edition
    item = next((one for one in edition.items if one.story_id == story_id), None)
    first = next((one.headline for one in making.tellings if one.story.id == story_id), telling.story.articles[0].title)
    names = {source.id: source.name for source in material.sources}
    return _sight(telling, item, first, names, judged=judged)


def _sight(
    telling: Telling, item: Item | None, first: str, names: Mapping[SourceId, str], *, judged: bool
) -> StorySight:
    story = telling.story
    printed = item.bullets if item else ()
    best = telling.bullets
    link = item.link if item else story.articles[0].link
    return StorySight(
        name=StoryName(story_id=StoryId(story.id), urls=tuple(article.url for article in story.articles)),
        headline=telling.headline,
        first_headline=first,
        item=item,
        printed=printed,
        best=best,
        articles=tuple(
            ArticleSight(
                article=article,
                source=names.get(article.source_id, article.site_name),
                linked=article.link == link,
                paragraphs=_paragraphs(article, printed) if judged and not telling.hand.own else (),
            )
            for article in story.articles
        ),
        own=telling.hand.own,
        by_hand=telling.hand.bullets is not None,
        no_picture=telling.hand.photo is not None and not telling.hand.photo.shown,
    )


def _paragraphs(article: Article, printed: Sequence[Bullet]) -> tuple[tuple[SentenceSight, ...], ...]:
    spans = [(bullet.start, bullet.end) for bullet in printed if bullet.article_id == article.id]
    found: list[list[SentenceSight]] = []
    before = 0
    for sentence in score(article):
        if not found or "\n" in article.text[before : sentence.start]:
            found.append([])
        before = sentence.end
        objections = (factor.note for factor in sentence.factors if factor.name == NOT_TOLD)
        found[-1].append(
            SentenceSight(
                start=sentence.start,
                end=sentence.end,
                text=" ".join(article.text[sentence.start : sentence.end].split()),
                score=sentence.score,
                objection=next(objections, ""),
                printed=any(start < sentence.end and sentence.start < end for start, end in spans),
            )
        )
    return tuple(map(tuple, found))


def _spares(story: StorySight) -> Iterator[SpareBullet]:
    best = [
        bullet for bullet in story.best if not _overlaps(bullet.article_id, bullet.start, bullet.end, story.printed)
    ]
    for bullet in best:
        yield _in_context(story, bullet.article_id, bullet.start, bullet.end, bullet.text, bullet.score)
    rest = [
        (one.article.id, sentence)
        for one in story.articles
        for paragraph in one.paragraphs
        for sentence in paragraph
        if not sentence.printed and not _overlaps(one.article.id, sentence.start, sentence.end, best)
    ]
    for article_id, sentence in sorted(rest, key=lambda each: (bool(each[1].objection), -each[1].score)):
        yield _in_context(story, article_id, sentence.start, sentence.end, sentence.text, sentence.score)


def _overlaps(article_id: str, start: int, end: int, others: Sequence[Bullet]) -> bool:
    return any(article_id == other.article_id and start < other.end and other.start < end for other in others)


def _in_context(story: StorySight, article_id: str, start: int, end: int, text: str, score: float) -> SpareBullet:
    article = next((one for one in story.articles if one.article.id == article_id), None)
    sentences = [sentence for paragraph in article.paragraphs for sentence in paragraph] if article else []
    earlier = [one.text for one in sentences if one.end <= start]
    later = [one.text for one in sentences if one.start >= end]
    return SpareBullet(
        article_id=article_id,
        start=start,
        end=end,
        text=text,
        score=score,
        source_name=story.source_of(article_id),
        before=next(reversed(earlier), ""),
        after=next(iter(later), ""),
    )


def _checked(story: StorySight, at: int, bullet: Bullet) -> PrintedBullet:
    article = next((one.article for one in story.articles if one.article.id == bullet.article_id), None)
    texts = (story.headline, *(earlier.text for earlier in story.printed[:at]))
    pronoun = unnamed(article, bullet, texts) if article and not story.own else ""
    span = sentence_before(article, bullet) if article and pronoun else None
    before = " ".join(article.text[slice(*span)].split()) if article and span else ""
    said, limit = _left_out(article, bullet) if article and story.by_hand and not story.own else ("", "")
    return PrintedBullet(bullet=bullet, pronoun=pronoun, before=before, said=said, limit=limit)


def _left_out(article: Article, bullet: Bullet) -> tuple[str, str]:
    """Return what a bullet leaves out of its sentence: a word of saying, and a limit; see :func:`left_out`."""
    around = whole_sentence(article, bullet)
    removed = f"{article.text[around[0] : bullet.start]} {article.text[bullet.end : around[1]]}"
    return left_out(bullet.text, removed, article.language)


def leading_bullet(story: StorySight, bullet: Bullet) -> Bullet:
    """Return a bullet of the sentence before that of ``bullet``. Raises RefusedAct when the article begins with it."""
    span = sentence_before(story.article(bullet.article_id), bullet)
    if span is None:
        raise RefusedAct("the article begins with that sentence: there is none before it")
    return bullet_at(story, bullet.article_id, *span)


def bullet_at(story: StorySight, article_id: str, start: int, end: int) -> Bullet:
    """Return the bullet at these offsets of an article: the program's own if it has one.

    Raises RefusedAct and ValueError.
    """
    article = story.article(article_id)
    ready = (bullet for bullet in (*story.printed, *story.best) if bullet.article_id == ArticleId(article_id))
    fits = (bullet for bullet in ready if start <= bullet.start and bullet.end <= end)
    return next(fits, None) or chosen(article, start, end, story.source_of(article_id))


def shortened(story: StorySight, bullet: Bullet, words: str) -> Bullet:
    """Return a bullet with other limits: it begins and ends as ``words``, a part of its sentence.

    Raises RefusedAct and ValueError.
    """
    return cut(story.article(bullet.article_id), bullet, words)
