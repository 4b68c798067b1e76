"""The routes of articles: those that were read, and those that a content management system pushes."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from msgspec import Meta, Struct

from digest.errors import RefusedAct, RefusedValue, UnknownSource
from digest.model.api_token import Scope
from digest.model.article import Article, Image
from digest.model.ids import ArticleId
from digest.pipeline.gathering.pushed import PushedItem, PushOutcome, push
from digest.pipeline.runtime import Runtime
from digest.web.api import problems
from digest.web.api.paging import PageQuery, cursor, place
from digest.web.api.problems import REFUSED, ApiProblem, of_error
from digest.web.api.route import Answer, ApiRoute, Call, Input
from digest.web.api.types import CmsId, Html, Instant, Language, Line, LongLine, Url

MOST_AT_ONCE = 200
LARGEST_BATCH = 4 * 1024 * 1024
Lines = Annotated[tuple[Line, ...], Meta(max_length=20)]


class PictureBody(Input, frozen=True, kw_only=True):
    """The lead picture of an article."""

    url: Url
    alt: LongLine = ""
    credit: Line = ""
    caption: LongLine = ""


class ArticleBody(Input, frozen=True, kw_only=True):
    """An article as your CMS has it."""

    url: Url
    """URL of the article's page, to which letters link."""
    title: LongLine
    html: Html
    """The whole text of the article: HTML, or plain text with blank lines between paragraphs."""
    summary: LongLine = ""
    subtitle: LongLine = ""
    authors: Lines = ()
    sections: Lines = ()
    language: Language = ""
    published: Instant | None = None
    """When the article was published. Null: now."""
    updated: Instant | None = None
    picture: PictureBody | None = None
    sponsored: bool = False
    """Whether somebody paid for the article."""
    source: Line = ""
    """The article's source: id, name or URL. Empty: the source with the host of `url`."""


class NamedArticle(ArticleBody, frozen=True, kw_only=True):
    """An article with its id in your CMS."""

    id: CmsId


class ArticleBatch(Input, frozen=True, kw_only=True):
    """Several articles, such as all items of an edition."""

    articles: Annotated[tuple[NamedArticle, ...], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class ArticlePushed(Struct, frozen=True, kw_only=True):
    """The result of storing one article that a CMS pushed."""

    id: str
    """The article's id in your CMS."""
    outcome: str
    """What happened to the article: `created`, `updated`, `unchanged` or `refused`."""
    detail: str = ""
    """Why the article was refused; otherwise empty."""


class BatchPushed(Struct, frozen=True, kw_only=True):
    """The results of a push of several articles, in their order. One that is refused stops none of the others."""

    items: tuple[ArticlePushed, ...]


class ArticleOut(Struct, frozen=True, kw_only=True):
    """A version of an article as it is stored."""

    id: str
    """Hash of URL, title and text. So a changed article is another version with another id."""
    source: int
    url: str
    title: str
    language: str
    origin: str
    """Where the article's text is from: `page`, `feed-content`, `feed-summary` or `none`."""
    words: int
    authors: tuple[str, ...]
    sections: tuple[str, ...]
    published: datetime | None
    stored_at: datetime


class ArticlePage(Struct, frozen=True, kw_only=True):
    """Some versions of articles, the newest first."""

    items: tuple[ArticleOut, ...]
    next: str | None
    """The value of `after` with which the next page is requested. Null at the end."""


class ArticleCalls:
    """Handles the requests about articles."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def list(self, call: Call) -> Answer:
        """Answer with a page of the list of stored versions of articles."""
        query = call.query_as(PageQuery)
        after = place(query.after, tuple[Instant, Line])
        mark = (after[0], ArticleId(after[1])) if after else None
        found = self._runtime.stores.articles.page(mark, query.limit + 1)
        shown, more = found[: query.limit], len(found) > query.limit
        following = cursor(shown[-1][0], shown[-1][1].id) if more else None
        return Answer(body=ArticlePage(items=tuple(_out(at, article) for at, article in shown), next=following))

    def put(self, call: Call) -> Answer:
        """Store an article under its id in the CMS, and answer with the result."""
        name = call.places["article"]
        try:
            outcome = push(self._runtime, _item(name, call.body_as(ArticleBody))).outcome
        except UnknownSource as error:
            raise ApiProblem(REFUSED, str(error)) from error
        call.about["outcome"] = outcome.value
        status = HTTPStatus.CREATED if outcome is PushOutcome.CREATED else HTTPStatus.OK
        return Answer(status=status, body=ArticlePushed(id=name, outcome=outcome.value))

    def put_all(self, call: Call) -> Answer:
        """Store several articles, and answer with a result for each. A refused article stops none of the others."""
        results = tuple(self._pushed(each) for each in call.body_as(ArticleBatch).articles)
        call.about["articles"] = len(results)
        call.about["refused articles"] = sum(each.outcome == "refused" for each in results)
        return Answer(body=BatchPushed(items=results))

    def _pushed(self, given: NamedArticle) -> ArticlePushed:
        try:
            outcome = push(self._runtime, _item(given.id, given)).outcome
        except (UnknownSource, RefusedAct, RefusedValue) as error:
            problem = of_error(error)
            return ArticlePushed(id=given.id, outcome="refused", detail=problem.detail if problem else "")
        return ArticlePushed(id=given.id, outcome=outcome.value)

    def routes(self) -> tuple[ApiRoute, ...]:
        """Return the routes of articles."""
        return (
            ApiRoute(
                method="GET",
                path="/articles",
                summary="List the stored versions of articles, the newest first.",
                handle=self.list,
                scope=Scope.ARTICLES_READ,
                query=PageQuery,
                answers={200: ArticlePage},
                problems=(problems.REFUSED,),
            ),
            ApiRoute(
                method="PUT",
                path="/articles/{article}",
                summary="Push an article under your CMS's own id; the same again changes nothing.",
                handle=self.put,
                scope=Scope.ARTICLES_WRITE,
                body=ArticleBody,
                answers={200: ArticlePushed, 201: ArticlePushed},
                problems=(problems.REFUSED,),
            ),
            ApiRoute(
                method="POST",
                path="/articles",
                summary="Push several articles, such as all items of an edition.",
                handle=self.put_all,
                scope=Scope.ARTICLES_WRITE,
                body=ArticleBatch,
                answers={200: BatchPushed},
                problems=(problems.REFUSED,),
                largest=LARGEST_BATCH,
            ),
        )


def _item(name: str, given: ArticleBody) -> PushedItem:
    picture = given.picture
    return PushedItem(
        name=name,
        url=given.url,
        title=given.title,
        html=given.html,
        summary=given.summary,
        subtitle=given.subtitle,
        authors=given.authors,
        sections=given.sections,
        language=given.language,
        published=given.published,
        updated=given.updated,
        image=Image(url=picture.url, alt=picture.alt, credit=picture.credit, caption=picture.caption)
        if picture
        else None,
        sponsored=given.sponsored,
        source=given.source,
    )


def _out(at: datetime, article: Article) -> ArticleOut:
    return ArticleOut(
        id=article.id,
        source=article.source_id,
        url=article.link,
        title=article.title,
        language=article.language,
        origin=article.origin.value,
        words=article.word_count,
        authors=article.authors,
        sections=article.sections,
        published=article.published,
        stored_at=at,
    )
