"""The routes of readers: sign-ups, subscriptions, changes, erasure, and the export of what is stored."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from typing import Any, TypeVar

from msgspec import UNSET, Struct, UnsetType

from digest.errors import UnknownReader
from digest.model.api_token import Scope
from digest.model.ids import ReaderId
from digest.pipeline.readers.choices import export_of
from digest.pipeline.readers.corrections import (
    ReaderChange,
    active_reader,
    correct_reader,
    erase_address,
    leave_edition,
    pause_reader,
    reader_of_id,
    remove_reader,
    resume_reader,
    subscribe_to,
)
from digest.pipeline.readers.enrol import ConsentProof, Subscription, subscribe_by_proof
from digest.pipeline.readers.registration import SignupRequest, invite
from digest.pipeline.runtime import Runtime
from digest.readers.address import parse_address
from digest.readers.preferences import checked_editions
from digest.storage.readers import Added, StoredReader
from digest.web.api import problems
from digest.web.api.conditions import require_match
from digest.web.api.paging import PageQuery, RowId, cursor, place
from digest.web.api.route import Answer, ApiRoute, Call, IfMatch, Input
from digest.web.api.types import (
    Address,
    EditionName,
    EditionNames,
    Instant,
    Language,
    Line,
    LongLine,
    Wording,
    Zone,
)

T = TypeVar("T")
ONE = "/readers/{reader}"
SUBSCRIPTION = f"{ONE}/editions/{{edition}}"
READ, WRITE = Scope.READERS_READ, Scope.READERS_WRITE
CHANGING = (problems.NOT_FOUND, problems.READER_KEPT_AWAY, problems.READER_CHANGED, problems.REFUSED)
"""Problems of requests that change a reader."""


class SignUp(Input, frozen=True, kw_only=True):
    """A person who wants to get letters, and who is asked by mail to confirm."""

    address: Address
    editions: EditionNames
    language: Language = ""


class SignUpAnswer(Struct, frozen=True, kw_only=True):
    """The answer to every sign-up: it does not reveal whether the address is known."""

    status: str
    """Always `confirmation requested`."""


class Consent(Input, frozen=True, kw_only=True):
    """How you know that the person agreed to get letters."""

    source: LongLine
    """Where they agreed, such as a page or a form."""
    given_at: Instant
    wording: Wording
    """The text that they agreed to."""


class NewReaderBody(Input, frozen=True, kw_only=True):
    """A person whose consent you can prove. They get letters at once."""

    address: Address
    editions: EditionNames
    consent: Consent
    name: Line = ""
    language: Language = ""
    zone: Zone = ""
    """Their time zone, for editions with `reader_zone`."""


class ReaderAdded(Struct, frozen=True, kw_only=True):
    """The result of adding a reader, without the address: the answer may be kept for repetitions."""

    id: int
    outcome: str
    """`added`, `changed` (known, with more editions now) or `known`."""


class ReaderAddress(Input, frozen=True, kw_only=True):
    """An address to look for. It is in the body, because addresses of URLs end up in logs."""

    address: Address


class ReaderPatch(Input, frozen=True, kw_only=True):
    """Changes of a reader who gets letters. Fields that are missing stay as they are."""

    address: Address | UnsetType = UNSET
    """Links that were mailed to the old address become invalid."""
    name: Line | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    zone: Zone | UnsetType = UNSET
    editions: EditionNames | UnsetType = UNSET
    """All editions that the reader gets from now on."""


class PauseBody(Input, frozen=True, kw_only=True):
    """A pause of a reader who gets letters."""

    until: date
    """The first day with letters again, in the zone of each edition: after today, and at most 366 days ahead."""
    edition: EditionName | UnsetType = UNSET
    """The edition whose letters pause; all of them without it."""


class PauseQuery(Input, frozen=True, kw_only=True):
    """Which pause is ended."""

    edition: EditionName | UnsetType = UNSET
    """The edition whose letters come again; all of them without it."""


class ReaderOut(Struct, frozen=True, kw_only=True):
    """A reader."""

    id: int
    address: str
    name: str
    language: str
    zone: str
    """IANA name of their time zone. Empty when it is not known."""
    editions: tuple[str, ...]
    state: str
    """`active`, `left`, `bounced`, `complained` or `suppressed`: only the first gets letters."""
    added_at: datetime
    left_at: datetime | None
    consent: dict[str, str]
    """How their consent is known."""
    pauses: dict[str, datetime]
    """Edition -> when its letters come again. Editions that are not paused now are missing."""


class ReaderPage(Struct, frozen=True, kw_only=True):
    """Some readers."""

    items: tuple[ReaderOut, ...]
    next: str | None
    """`after` of the next page. Null at the end."""


class ReaderQuery(PageQuery, frozen=True, kw_only=True):
    """Which readers are listed."""

    left: bool = False
    """Whether readers who left are listed too."""


class Export(Struct, frozen=True, kw_only=True):
    """Everything that is stored about a reader, by table."""

    reader: dict[str, Any]
    subscriptions: tuple[dict[str, Any], ...]
    suppressions: tuple[dict[str, Any], ...]
    letters: tuple[dict[str, Any], ...]
    mails: tuple[dict[str, Any], ...]
    bounces: tuple[dict[str, Any], ...]


class ReaderCalls:
    """Handles the requests about readers."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def sign_up(self, call: Call) -> Answer:
        """Ask a stranger to confirm."""
        told = call.told(SignUp)
        wish = SignupRequest(address=told.address, editions=told.editions, language=told.language)
        _require_published(self._runtime, told.editions)
        invite(self._runtime, wish, call.by)
        return Answer(status=HTTPStatus.ACCEPTED, body=SignUpAnswer(status="confirmation requested"))

    def add(self, call: Call) -> Answer:
        """Subscribe a person whose consent is proved."""
        told = call.told(NewReaderBody)
        _require_published(self._runtime, told.editions)
        wish = Subscription(
            address=told.address, editions=told.editions, name=told.name, language=told.language, zone=told.zone
        )
        proof = ConsentProof(source=told.consent.source, given_at=told.consent.given_at, wording=told.consent.wording)
        outcome, stored = subscribe_by_proof(self._runtime, wish, proof, call.by)
        call.about["reader"] = stored.reader.id
        added = ReaderAdded(id=stored.reader.id, outcome=_OUTCOMES[outcome])
        status = HTTPStatus.CREATED if outcome is Added.NEW else HTTPStatus.OK
        return Answer(status=status, body=added, headers={"Location": f"readers/{stored.reader.id}"})

    def list(self, call: Call) -> Answer:
        """List readers by number."""
        asked = call.asked(ReaderQuery)
        after = place(asked.after, tuple[RowId])
        found = self._runtime.stores.readers.page(after[0] if after else 0, asked.limit + 1, left=asked.left)
        shown, more = found[: asked.limit], len(found) > asked.limit
        items = tuple(self._out(stored) for stored in shown if stored.state != "erased")
        return Answer(body=ReaderPage(items=items, next=cursor(shown[-1].reader.id) if more else None))

    def find(self, call: Call) -> Answer:
        """Return the reader with an address."""
        identity = parse_address(call.told(ReaderAddress).address).identity
        stored = self._runtime.stores.readers.find(identity)
        if stored is None or stored.state == "erased":
            raise UnknownReader("no reader has that address")
        return Answer(body=self._out(stored), tagged=True)

    def get(self, call: Call) -> Answer:
        """Return one reader."""
        return Answer(body=self._out(self._reader(call)))

    def change(self, call: Call) -> Answer:
        """Change the data of a reader who gets letters."""
        told = call.told(ReaderPatch)
        stored = active_reader(self._runtime, _id(call))
        is_pinned = require_match(call, self._out(stored))
        change = ReaderChange(
            address=_or_none(told.address),
            name=_or_none(told.name),
            language=_or_none(told.language),
            zone=_or_none(told.zone),
            editions=_or_none(told.editions),
        )
        if change.editions is not None:
            _require_published(self._runtime, change.editions)
        call.about["fields"] = ", ".join(name for name in told.__struct_fields__ if getattr(told, name) is not UNSET)
        changed = correct_reader(self._runtime, stored.reader.address, change, stored if is_pinned else None)
        return Answer(body=self._out(changed), tagged=True)

    def subscribe(self, call: Call) -> Answer:
        """Give a reader one more edition."""
        return Answer(body=self._out(subscribe_to(self._runtime, _id(call), call.places["edition"])), tagged=True)

    def unsubscribe(self, call: Call) -> Answer:
        """End one subscription of a reader."""
        return Answer(body=self._out(leave_edition(self._runtime, _id(call), call.places["edition"])), tagged=True)

    def pause(self, call: Call) -> Answer:
        """Pause the letters of a reader."""
        told = call.told(PauseBody)
        edition = _or_none(told.edition) or ""
        call.about["until"] = told.until.isoformat()
        return Answer(body=self._out(pause_reader(self._runtime, _id(call), told.until, edition)), tagged=True)

    def resume(self, call: Call) -> Answer:
        """End the pause of a reader."""
        edition = _or_none(call.asked(PauseQuery).edition) or ""
        return Answer(body=self._out(resume_reader(self._runtime, _id(call), edition)), tagged=True)

    def leave(self, call: Call) -> Answer:
        """End all subscriptions of a reader."""
        _, left = remove_reader(self._runtime, self._reader(call).reader.address)
        return Answer(body=ReaderLeft(id=left.reader.id, state=left.shown_state))

    def erase(self, call: Call) -> Answer:
        """Erase a reader."""
        erase_address(self._runtime, self._reader(call).reader.address)
        return Answer(status=HTTPStatus.NO_CONTENT)

    def export(self, call: Call) -> Answer:
        """Return everything that is stored about a reader."""
        return Answer(body=export_of(self._runtime, self._reader(call).reader.id).encode())

    def _out(self, stored: StoredReader) -> ReaderOut:
        return _out(stored, self._runtime.clock())

    def _reader(self, call: Call) -> StoredReader:
        return reader_of_id(self._runtime, _id(call))

    def routes(self) -> tuple[ApiRoute, ...]:
        """Return the routes of readers."""
        return (*self._joining(), *self._of_one(), *self._subscriptions())

    def _joining(self) -> tuple[ApiRoute, ...]:
        """Return the routes by which people become readers, and by which they are found."""
        return (
            ApiRoute(
                method="POST",
                path="/sign-ups",
                summary="Ask a person by mail to confirm that they want letters (double opt-in).",
                handle=self.sign_up,
                scope=WRITE,
                body=SignUp,
                answers={202: SignUpAnswer},
                problems=(problems.REFUSED,),
            ),
            ApiRoute(
                method="GET",
                path="/readers",
                summary="List readers.",
                handle=self.list,
                scope=READ,
                query=ReaderQuery,
                answers={200: ReaderPage},
                problems=(problems.REFUSED,),
            ),
            ApiRoute(
                method="POST",
                path="/readers",
                summary="Subscribe a person whose consent you can prove.",
                handle=self.add,
                scope=WRITE,
                body=NewReaderBody,
                answers={200: ReaderAdded, 201: ReaderAdded},
                problems=(problems.REFUSED, problems.READER_KEPT_AWAY),
            ),
            ApiRoute(
                method="POST",
                path="/readers/find",
                summary="Find a reader by address.",
                handle=self.find,
                scope=READ,
                body=ReaderAddress,
                answers={200: ReaderOut},
                problems=(problems.NOT_FOUND, problems.REFUSED),
                reads=True,
            ),
        )

    def _of_one(self) -> tuple[ApiRoute, ...]:
        """Return the routes about one reader."""
        return (
            ApiRoute(
                method="GET",
                path=ONE,
                summary="Return one reader.",
                handle=self.get,
                scope=READ,
                answers={200: ReaderOut},
                problems=(problems.NOT_FOUND,),
            ),
            ApiRoute(
                method="PATCH",
                path=ONE,
                summary="Change address, name, language, time zone or editions of a reader who gets letters.",
                handle=self.change,
                scope=WRITE,
                body=ReaderPatch,
                answers={200: ReaderOut},
                problems=(*CHANGING, problems.ADDRESS_TAKEN),
                match=IfMatch.OPTIONAL,
            ),
            ApiRoute(
                method="DELETE",
                path=ONE,
                summary="Erase a reader, except for a hash that stops imports from adding them again.",
                handle=self.erase,
                scope=WRITE,
                answers={204: None},
                problems=(problems.NOT_FOUND,),
            ),
            ApiRoute(
                method="GET",
                path=f"{ONE}/export",
                summary="Return everything that is stored about a reader.",
                handle=self.export,
                scope=READ,
                answers={200: Export},
                problems=(problems.NOT_FOUND,),
            ),
        )

    def _subscriptions(self) -> tuple[ApiRoute, ...]:
        """Return the routes about the subscriptions of one reader."""
        return (
            ApiRoute(
                method="PUT",
                path=SUBSCRIPTION,
                summary="Give a reader one more edition.",
                handle=self.subscribe,
                scope=WRITE,
                answers={200: ReaderOut},
                problems=CHANGING,
            ),
            ApiRoute(
                method="DELETE",
                path=SUBSCRIPTION,
                summary="End one subscription of a reader; with the last one, the reader leaves.",
                handle=self.unsubscribe,
                scope=WRITE,
                answers={200: ReaderOut},
                problems=CHANGING,
            ),
            ApiRoute(
                method="PUT",
                path=f"{ONE}/pause",
                summary="Pause all letters of a reader, or those of one edition, until a day.",
                handle=self.pause,
                scope=WRITE,
                body=PauseBody,
                answers={200: ReaderOut},
                problems=CHANGING,
            ),
            ApiRoute(
                method="DELETE",
                path=f"{ONE}/pause",
                summary="End the pause of all letters of a reader, or of those of one edition.",
                handle=self.resume,
                scope=WRITE,
                query=PauseQuery,
                answers={200: ReaderOut},
                problems=CHANGING,
            ),
            ApiRoute(
                method="POST",
                path=f"{ONE}/leave",
                summary="Unsubscribe a reader from all letters.",
                handle=self.leave,
                scope=WRITE,
                answers={200: ReaderLeft},
                problems=(problems.NOT_FOUND,),
            ),
        )


class ReaderLeft(Struct, frozen=True, kw_only=True):
    """A reader who left, without the address: the answer may be kept for repetitions."""

    id: int
    state: str


_OUTCOMES = {Added.NEW: "added", Added.CHANGED: "changed", Added.KNOWN: "known"}


def _id(call: Call) -> ReaderId:
    return ReaderId(call.places["reader"])


def _or_none(value: T | UnsetType) -> T | None:
    return None if isinstance(value, UnsetType) else value


def _require_published(runtime: Runtime, editions: tuple[str, ...]) -> None:
    """Raise NoEditionChosen unless every edition is published: a wrong name is not ignored."""
    for name in editions:
        checked_editions((name,), tuple(runtime.settings.editions))


def _out(stored: StoredReader, now: datetime) -> ReaderOut:
    return ReaderOut(
        id=stored.reader.id,
        address=stored.reader.address,
        name=stored.reader.name,
        language=stored.reader.language,
        zone=stored.reader.zone,
        editions=stored.reader.editions,
        state=stored.shown_state,
        added_at=stored.added_at,
        left_at=stored.left_at,
        consent=dict(stored.consent),
        pauses={name: until for name, until in stored.pauses.items() if until > now},
    )
