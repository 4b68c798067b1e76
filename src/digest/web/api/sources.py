"""The routes of sources."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from msgspec import Meta, Struct

from digest.model.api_token import Scope
from digest.pipeline.gathering.source_list import (
    SourceAccount,
    SourceChange,
    SourceOutcome,
    accounts,
    add_source,
    disable,
    enable,
)
from digest.pipeline.runtime import Runtime
from digest.storage.sources import StoredSource
from digest.text.urls import absolute
from digest.web.api import problems
from digest.web.api.paging import PageQuery, RowId, cursor, place
from digest.web.api.problems import ApiProblem
from digest.web.api.route import Answer, ApiRoute, Call, Input
from digest.web.api.types import Language, Line, Url

ONE = "/sources/{source}"
Weight = Annotated[float, Meta(gt=0, le=10)]


class NewSource(Input, frozen=True, kw_only=True):
    """A source to add by the URL of its feed, its news sitemap, or any page of its site."""

    url: Url
    name: Line = ""
    """The name of the source in letters. Empty: what the site calls itself."""
    publisher: Line = ""
    """Whose vote the source is when stories are ranked. Empty: the site's domain."""
    section: Line = ""
    weight: Weight | None = None
    language: Language = ""


class SourceOut(Struct, frozen=True, kw_only=True):
    """A source."""

    id: int
    url: str
    name: str
    publisher: str
    kind: str
    """What the source is: `feed`, `sitemap` or `front-page`."""
    section: str
    weight: float
    language: str
    enabled: bool
    state: str
    """`active`, `resting`, `gone` or `dead`. Only an `active` source is fetched."""
    last_fetch: datetime | None
    last_result: str


class SourcePage(Struct, frozen=True, kw_only=True):
    """Some sources, in the order in which they were added."""

    items: tuple[SourceOut, ...]
    next: str | None
    """The value of `after` with which the next page is requested. Null at the end."""


class SourceAdded(Struct, frozen=True, kw_only=True):
    """The result of adding a source."""

    id: int
    outcome: str
    """What happened: `added`, `woken` (it was disabled), `changed` or `known`."""
    url: str
    name: str


class SourceSet(Struct, frozen=True, kw_only=True):
    """A source, and whether it is fetched."""

    id: int
    enabled: bool


class SourceCalls:
    """Handles the requests about sources."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def list(self, call: Call) -> Answer:
        """Answer with a page of the list of sources."""
        query = call.query_as(PageQuery)
        after = place(query.after, tuple[RowId])
        found = [each for each in accounts(self._runtime.stores) if after is None or each.stored.source.id > after[0]]
        shown, more = found[: query.limit], len(found) > query.limit
        following = cursor(shown[-1].stored.source.id) if more else None
        return Answer(body=SourcePage(items=tuple(map(_out, shown)), next=following))

    def add(self, call: Call) -> Answer:
        """Add a source by its URL, and answer with the result."""
        body = call.body_as(NewSource)
        wish = SourceChange(
            name=body.name,
            publisher=body.publisher,
            section=body.section,
            weight=body.weight,
            language=body.language or None,
        )
        url = absolute(body.url, "")
        if url is None:
            raise ApiProblem(problems.REFUSED, "url: this is no web address such as https://paper.example/")
        done = add_source(self._runtime, url, wish)
        source = done.stored.source
        call.about["source"] = source.id
        added = SourceAdded(id=source.id, outcome=done.outcome.name.lower(), url=source.url, name=source.name)
        status = HTTPStatus.CREATED if done.outcome is SourceOutcome.ADDED else HTTPStatus.OK
        return Answer(status=status, body=added)

    def enable(self, call: Call) -> Answer:
        """Enable a source: it is fetched again."""
        return _set(enable(self._runtime, str(call.places["source"])))

    def disable(self, call: Call) -> Answer:
        """Disable a source: it is not fetched until it is enabled."""
        return _set(disable(self._runtime, str(call.places["source"])))

    def routes(self) -> tuple[ApiRoute, ...]:
        """Return the routes of sources."""
        read, write = Scope.SOURCES_READ, Scope.SOURCES_WRITE
        return (
            ApiRoute(
                method="GET",
                path="/sources",
                summary="List the sources.",
                handle=self.list,
                scope=read,
                query=PageQuery,
                answers={200: SourcePage},
                problems=(problems.REFUSED,),
            ),
            ApiRoute(
                method="POST",
                path="/sources",
                summary="Add a source, or enable one again that is known.",
                handle=self.add,
                scope=write,
                body=NewSource,
                answers={200: SourceAdded, 201: SourceAdded},
                problems=(problems.REFUSED, problems.LISTED_IN_SETTINGS),
            ),
            ApiRoute(
                method="POST",
                path=f"{ONE}/enable",
                summary="Fetch a source again that was disabled or given up.",
                handle=self.enable,
                scope=write,
                answers={200: SourceSet},
                problems=(problems.NOT_FOUND,),
            ),
            ApiRoute(
                method="POST",
                path=f"{ONE}/disable",
                summary="Stop fetching a source for now.",
                handle=self.disable,
                scope=write,
                answers={200: SourceSet},
                problems=(problems.NOT_FOUND,),
            ),
        )


def _set(stored: StoredSource) -> Answer:
    return Answer(body=SourceSet(id=stored.source.id, enabled=stored.enabled))


def _out(account: SourceAccount) -> SourceOut:
    stored = account.stored
    source = stored.source
    return SourceOut(
        id=source.id,
        url=source.url,
        name=source.name,
        publisher=source.publisher,
        kind=source.kind.value,
        section=source.section,
        weight=source.weight,
        language=source.language or "",
        enabled=stored.enabled,
        state=account.standing,
        last_fetch=stored.last_fetch,
        last_result=account.result,
    )
