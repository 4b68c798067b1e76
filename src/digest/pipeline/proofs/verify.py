"""Checks that every bullet of an edition occurs, word for word, in the stored article that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from digest.errors import ItemSetAside, UnknownEdition
from digest.extract.article import article_id
from digest.model.article import Article
from digest.model.edition import passages_of
from digest.model.ids import ArticleId, EditionKey
from digest.model.quarantine import Guard, ItemKind
from digest.model.story import Bullet
from digest.pipeline.editions.lookup import find_edition
from digest.pipeline.quarantine import watching
from digest.pipeline.runtime import Runtime
from digest.summarise.verify import verify


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproved:
    """A bullet that the article does not contain, the headline of its story, and the problem."""

    headline: str
    text: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """An article that its source changed after an edition quoted it."""

    title: str
    link: str
    gone: tuple[str, ...]
    """Bullets with words that the newest version no longer contains."""

    def lines(self) -> Iterator[str]:
        """Yield the change as lines of text."""
        yield f"  changed since it was quoted: {self.title} <{self.link}>"
        yield from (f"    no longer there: {text}" for text in self.gone)
        if not self.gone:
            yield "    what was quoted is still there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The result of checking an edition. The edition is proved when ``unproved`` is empty."""

    key: EditionKey
    bullets: int
    articles: int
    unproved: tuple[Unproved, ...]
    changed: tuple[Changed, ...] = ()
    """Articles that changed after the edition: it is still proved, but may need a correction."""

    def lines(self) -> Iterator[str]:
        """Yield the result as lines of text."""
        good = self.bullets - len(self.unproved)
        yield f"{self.key}: {good} of {self.bullets} bullets are in the {self.articles} stored articles, word for word"
        for failure in self.unproved:
            yield f"  {failure.headline}"
            yield f"    {failure.text}"
            yield f"    {failure.problem}"
        for article in self.changed:
            yield from article.lines()

    def plain(self) -> dict[str, Any]:
        """Return the result as values for JSON."""
        return {
            "edition": str(self.key),
            "bullets": self.bullets,
            "articles": self.articles,
            "unproved": [{"headline": u.headline, "text": u.text, "problem": u.problem} for u in self.unproved],
            "changed": [{"title": c.title, "link": c.link, "gone": list(c.gone)} for c in self.changed],
        }


def verify_edition(runtime: Runtime, reference: str) -> Proof:
    """Check every quotation of a composed edition against the stored articles: bullets, and sentences of finds.

    Raises UnknownEdition.

    A bullet is proved when all of this is true: the article is stored under the hash that the bullet names; its URL,
    title and text still have that hash; the text at the bullet's offsets is the bullet's text; the bullet's link leads
    to that passage.
    """
    row = find_edition(runtime, reference)
    if row.edition is None:
        raise UnknownEdition(f"{row.key} is {row.state.value} and was not composed: there is nothing to check")
    told = list(passages_of(row.edition))
    articles = runtime.stores.articles.by_id({bullet.article_id for _, bullet in told})
    with watching(runtime, f"verify {row.key}") as watch:
        checked = [(headline, bullet, _looked_at(bullet, articles, watch.item)) for headline, bullet in told]
    return Proof(
        key=row.key,
        bullets=len(told),
        articles=len(articles),
        unproved=tuple(
            Unproved(headline=headline, text=bullet.text, problem=problem)
            for headline, bullet, problem in checked
            if problem
        ),
        changed=tuple(_changed(runtime, [bullet for _, bullet in told], articles)),
    )


def _changed(runtime: Runtime, told: Sequence[Bullet], articles: Mapping[ArticleId, Article]) -> Iterator[Changed]:
    """Yield the quoted articles that have a newer stored version, in the order in which they are quoted."""
    for quoted_id in dict.fromkeys(bullet.article_id for bullet in told if bullet.article_id in articles):
        newest = runtime.stores.articles.newest_version(quoted_id)
        if newest is None or newest.id == quoted_id:
            continue
        words = " ".join(newest.text.split())
        quoted = (bullet.text for bullet in told if bullet.article_id == quoted_id)
        gone = tuple(text for text in quoted if " ".join(text.split()) not in words)
        yield Changed(title=newest.title, link=newest.link, gone=gone)


def _looked_at(bullet: Bullet, articles: Mapping[ArticleId, Article], guard: Guard) -> str | None:
    """Return the problem of a bullet; None when there is none. A bullet that cannot be checked has a problem."""
    try:
        with guard(ItemKind.ACCOUNT, bullet.article_id, bullet.text.encode("utf-8", "replace")):
            return _problem(bullet, articles)
    except ItemSetAside as aside:
        return str(aside)


def _problem(bullet: Bullet, articles: Mapping[ArticleId, Article]) -> str | None:
    article = articles.get(bullet.article_id)
    if article is None:
        return f"no article {bullet.article_id} is stored, or none that can be read"
    if article_id(article.url, article.title, article.text) != article.id:
        return f"the stored article {article.id} was changed: its content has another hash"
    return verify(bullet, article)
