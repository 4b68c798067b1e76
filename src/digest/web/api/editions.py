"""The routes of editions: their stories and letters, composing, approval, and sending."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from msgspec import Struct

from digest.errors import NothingToTell, UnknownEdition
from digest.model.api_token import Scope
from digest.model.edition import Item
from digest.model.ids import EditionKey
from digest.pipeline.editions.composing import compose_edition, named_edition
from digest.pipeline.editions.editing import approve, hold
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.desk_sight import DeskSight, planned, sight
from digest.pipeline.sending.dry_run import send_copy
from digest.pipeline.sending.send_now import send_now
from digest.readers.address import parse_address
from digest.storage.editions import StoredEdition
from digest.web.api import problems
from digest.web.api.conditions import require_match
from digest.web.api.paging import PageQuery, RowId, cursor, place
from digest.web.api.route import Answer, ApiRoute, Call, IfMatch, Input
from digest.web.api.types import Address, EditionName

ONE = "/editions/{edition}/{date}"
CLOSED = (problems.NOT_FOUND, problems.EDITION_CLOSED)
"""Problems of requests about an edition that does not exist, may be closed, or may have no letter."""


class EditionQuery(PageQuery, frozen=True, kw_only=True):
    """The query of the list of editions."""

    name: EditionName | None = None
    """If given, only editions of this name are listed."""


class EditionLine(Struct, frozen=True, kw_only=True):
    """An edition in a list."""

    name: str
    date: str
    state: str
    """State of the edition: `planned`, `ready`, `held`, `approved`, `sending`, `sent`, `paused`, `skipped` or
    `cancelled`."""
    reason: str
    due: datetime
    subject: str
    audience: int | None
    """Number of readers to whom the edition is sent. Null before its sending begins."""


class EditionPage(Struct, frozen=True, kw_only=True):
    """Some editions, the last due first."""

    items: tuple[EditionLine, ...]
    next: str | None
    """The value of `after` with which the next page is requested. Null at the end."""


class StoryOut(Struct, frozen=True, kw_only=True):
    """A story of an edition."""

    id: str
    place: str
    """Where the story is in the letter: `lead`, `update`, `top`, `in-depth`, `left`, `also` or `missed`."""
    headline: str
    link: str
    source: str
    publishers: tuple[str, ...]
    bullets: tuple[str, ...]
    section: str
    minutes: int
    sponsored: bool
    picture: str | None
    """URL of the original picture."""


class EditionOut(Struct, frozen=True, kw_only=True):
    """An edition with its stories, as it would be sent now, or was sent."""

    name: str
    date: str
    title: str
    language: str
    state: str
    reason: str
    due: datetime
    version: str
    """A text that changes whenever anything in the letter changes."""
    subject: str
    preheader: str
    note: str
    stories: tuple[StoryOut, ...]
    """The stories in the order of the letter."""
    problem: str
    """Why the edition has no letter. Empty when it has one."""


class LetterOut(Struct, frozen=True, kw_only=True):
    """The letter of an edition, without anything personal. Its links to leave do nothing."""

    name: str
    date: str
    subject: str
    language: str
    html: str
    text: str


class EditionMoved(Struct, frozen=True, kw_only=True):
    """The state of an edition after a request that changed it."""

    name: str
    date: str
    state: str
    reason: str


class EditionSending(Struct, frozen=True, kw_only=True):
    """An edition whose sending has begun. `digest serve` delivers it within seconds."""

    name: str
    date: str
    state: str
    audience: int


class TestLetter(Input, frozen=True, kw_only=True):
    """The address to which a test letter is sent."""

    __test__ = False  # pytest must not collect this class by its name
    address: Address


class TestSent(Struct, frozen=True, kw_only=True):
    """A test letter that the receiving server accepted."""

    __test__ = False  # pytest must not collect this class by its name
    name: str
    date: str
    status: str
    """Always `accepted`."""


class EditionCalls:
    """Handles the requests about editions."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def list(self, call: Call) -> Answer:
        """Answer with a page of the list of stored editions."""
        query = call.query_as(EditionQuery)
        after = place(query.after, tuple[datetime, RowId])
        found = self._runtime.stores.editions.page(after, query.limit + 1, query.name)
        shown, more = found[: query.limit], len(found) > query.limit
        following = cursor(shown[-1].due, shown[-1].id) if more else None
        return Answer(body=EditionPage(items=tuple(map(_line, shown)), next=following))

    def get(self, call: Call) -> Answer:
        """Answer with one edition and its stories."""
        return Answer(body=_out(sight(self._runtime, key_of(call))))

    def letter(self, call: Call) -> Answer:
        """Answer with the letter of an edition as HTML and text."""
        seen = sight(self._runtime, key_of(call))
        if seen.proof is None:
            raise NothingToTell(seen.problem or f"{seen.standing.due.key} has no letter yet")
        key, letter = seen.standing.due.key, seen.proof.letter
        return Answer(
            body=LetterOut(
                name=key.name,
                date=key.day,
                subject=letter.subject,
                language=letter.language,
                html=seen.proof.page,
                text=letter.text,
            )
        )

    def compose(self, call: Call) -> Answer:
        """Compose an edition from all stored articles, and answer with its new state."""
        key = key_of(call)
        self._require(call, key)
        return _moved(compose_edition(self._runtime, named_edition(self._runtime, key)).row)

    def approve(self, call: Call) -> Answer:
        """Approve an edition, if it is still the version that the caller has read."""
        return self._act(call, lambda key, row: approve(self._runtime, str(key), row))

    def hold(self, call: Call) -> Answer:
        """Hold an edition back until it is approved."""
        return self._act(call, lambda key, row: hold(self._runtime, str(key), row))

    def send(self, call: Call) -> Answer:
        """Begin to send an edition now."""
        key = key_of(call)
        self._require(call, key)
        report = send_now(self._runtime, key)
        sending = EditionSending(name=key.name, date=key.day, state=report.row.state.value, audience=report.audience)
        return Answer(status=HTTPStatus.ACCEPTED, body=sending)

    def test(self, call: Call) -> Answer:
        """Send a test letter to one address."""
        to = parse_address(call.body_as(TestLetter).address).given
        key = key_of(call)
        seen = sight(self._runtime, key)
        if seen.edition is None:
            raise NothingToTell(f"{key} has no letter to send")
        send_copy(self._runtime, seen.edition, to)
        return Answer(body=TestSent(name=key.name, date=key.day, status="accepted"))

    def _act(self, call: Call, do: Callable[[EditionKey, StoredEdition], StoredEdition]) -> Answer:
        key = key_of(call)
        self._require(call, key)
        return _moved(do(key, planned(self._runtime, key)))

    def _require(self, call: Call, key: EditionKey) -> None:
        """Raise ApiProblem when the caller names a version of the edition that is not the present one."""
        if call.match:
            require_match(call, _out(sight(self._runtime, key)))

    def routes(self) -> tuple[ApiRoute, ...]:
        """Return the routes of editions."""
        return (*self._reading(), *self._acting(), *self._sending())

    def _reading(self) -> tuple[ApiRoute, ...]:
        """Return the routes that only read editions."""
        return (
            ApiRoute(
                method="GET",
                path="/editions",
                summary="List editions, the last due first.",
                handle=self.list,
                scope=Scope.EDITIONS_READ,
                query=EditionQuery,
                answers={200: EditionPage},
                problems=(problems.REFUSED,),
            ),
            ApiRoute(
                method="GET",
                path=ONE,
                summary="Return an edition with its stories.",
                handle=self.get,
                scope=Scope.EDITIONS_READ,
                answers={200: EditionOut},
                problems=(problems.NOT_FOUND,),
            ),
            ApiRoute(
                method="GET",
                path=f"{ONE}/letter",
                summary="Return the letter of an edition as HTML and as text.",
                handle=self.letter,
                scope=Scope.EDITIONS_READ,
                answers={200: LetterOut},
                problems=CLOSED,
            ),
        )

    def _acting(self) -> tuple[ApiRoute, ...]:
        """Return the routes that change an edition before it is sent."""
        return (
            ApiRoute(
                method="POST",
                path=f"{ONE}/compose",
                summary="Compose an edition from all stored articles; acts of editors are applied again.",
                handle=self.compose,
                scope=Scope.EDITIONS_WRITE,
                answers={200: EditionMoved},
                problems=CLOSED,
                match=IfMatch.OPTIONAL,
            ),
            ApiRoute(
                method="POST",
                path=f"{ONE}/hold",
                summary="Hold an edition until it is approved, or withdraw its approval.",
                handle=self.hold,
                scope=Scope.EDITIONS_WRITE,
                answers={200: EditionMoved},
                problems=CLOSED,
                match=IfMatch.OPTIONAL,
            ),
            ApiRoute(
                method="POST",
                path=f"{ONE}/approve",
                summary="Approve an edition as you have read it.",
                handle=self.approve,
                scope=Scope.EDITIONS_SEND,
                answers={200: EditionMoved},
                problems=CLOSED,
                match=IfMatch.REQUIRED,
            ),
        )

    def _sending(self) -> tuple[ApiRoute, ...]:
        """Return the routes that send letters."""
        return (
            ApiRoute(
                method="POST",
                path=f"{ONE}/send",
                summary="Begin to send an edition now, before it is due.",
                handle=self.send,
                scope=Scope.EDITIONS_SEND,
                answers={202: EditionSending},
                problems=CLOSED,
                match=IfMatch.OPTIONAL,
            ),
            ApiRoute(
                method="POST",
                path=f"{ONE}/test",
                summary="Send a test letter to one address.",
                handle=self.test,
                scope=Scope.EDITIONS_SEND,
                body=TestLetter,
                answers={200: TestSent},
                problems=(*CLOSED, problems.REFUSED),
            ),
        )


def key_of(call: Call) -> EditionKey:
    """Return the key (name and date) of the edition in a request's path. Raises UnknownEdition."""
    try:
        return EditionKey.read(call.places["edition"], call.places["date"])
    except ValueError:
        raise UnknownEdition("there is no such edition") from None


def _line(row: StoredEdition) -> EditionLine:
    return EditionLine(
        name=row.key.name,
        date=row.key.day,
        state=row.state.value,
        reason=row.reason,
        due=row.due,
        subject=row.edition.subject if row.edition else "",
        audience=row.audience,
    )


def _moved(row: StoredEdition) -> Answer:
    moved = EditionMoved(name=row.key.name, date=row.key.day, state=row.state.value, reason=row.reason)
    return Answer(body=moved)


def _out(seen: DeskSight) -> EditionOut:
    key, edition = seen.standing.due.key, seen.edition
    return EditionOut(
        name=key.name,
        date=key.day,
        title=edition.title if edition else "",
        language=edition.language if edition else "",
        state=seen.standing.state.value,
        reason=seen.standing.reason,
        due=seen.standing.due.due,
        version=seen.version,
        subject=edition.subject if edition else "",
        preheader=edition.preheader if edition else "",
        note=edition.note.text if edition and edition.note else "",
        stories=tuple(map(story_out, edition.items)) if edition else (),
        problem=seen.problem,
    )


def story_out(item: Item) -> StoryOut:
    """Return a story as the API shows it."""
    return StoryOut(
        id=item.story_id,
        place=item.place.value,
        headline=item.headline,
        link=item.link,
        source=item.source_name,
        publishers=item.publishers,
        bullets=tuple(bullet.text for bullet in item.bullets),
        section=item.section,
        minutes=item.minutes,
        sponsored=item.sponsored,
        picture=item.image.url if item.image else None,
    )
