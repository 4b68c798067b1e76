"""The routes of readers: sign-ups, subscriptions, changes, erasure, and the export of what is stored."""

from __future__ import annotations

from http import HTTPStatus
from typing import TypeVar

from msgspec import UNSET, UnsetType

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
from digest.web.api.paging import RowId, cursor, place
from digest.web.api.reader_types import (
    Export,
    NewReaderBody,
    PauseBody,
    PauseQuery,
    ReaderAdded,
    ReaderAddress,
    ReaderLeft,
    ReaderOut,
    ReaderPage,
    ReaderPatch,
    ReaderQuery,
    SignUp,
    SignUpAnswer,
    shown,
)
from digest.web.api.route import Answer, ApiRoute, Call, IfMatch

T = TypeVar("T")
ONE = "/readers/{reader}"
SUBSCRIPTION = f"{ONE}/editions/{{edition}}"
READ, WRITE = Scope.READERS_READ, Scope.READERS_WRITE
CHANGING = (problems.NOT_FOUND, problems.READER_KEPT_AWAY, problems.READER_CHANGED, problems.REFUSED)
"""Kinds of errors of requests that change a reader."""


class ReaderCalls:
    """Handles the requests about readers."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def sign_up(self, call: Call) -> Answer:
        """Take a sign-up: the person gets a mail that asks them to confirm."""
        body = call.body_as(SignUp)
        wish = SignupRequest(address=body.address, editions=body.editions, language=body.language)
        _require_published(self._runtime, body.editions)
        invite(self._runtime, wish, call.by)
        return Answer(status=HTTPStatus.ACCEPTED, body=SignUpAnswer(status="confirmation requested"))

    def add(self, call: Call) -> Answer:
        """Subscribe a person whose consent the caller can prove, and answer with the reader's number."""
        body = call.body_as(NewReaderBody)
        _require_published(self._runtime, body.editions)
        wish = Subscription(
            address=body.address, editions=body.editions, name=body.name, language=body.language, zone=body.zone
        )
        proof = ConsentProof(source=body.consent.source, given_at=body.consent.given_at, wording=body.consent.wording)
        outcome, stored = subscribe_by_proof(self._runtime, wish, proof, call.by)
        call.about["reader"] = stored.reader.id
        added = ReaderAdded(id=stored.reader.id, outcome=_OUTCOMES[outcome])
        status = HTTPStatus.CREATED if outcome is Added.NEW else HTTPStatus.OK
        return Answer(status=status, body=added, headers={"Location": f"readers/{stored.reader.id}"})

    def list(self, call: Call) -> Answer:
        """Answer with a page of the list of readers, by number."""
        query = call.query_as(ReaderQuery)
        after = place(query.after, tuple[RowId])
        found = self._runtime.stores.readers.page(after[0] if after else 0, query.limit + 1, left=query.left)
        shown, more = found[: query.limit], len(found) > query.limit
        items = tuple(self._out(stored) for stored in shown if stored.state != "erased")
        return Answer(body=ReaderPage(items=items, next=cursor(shown[-1].reader.id) if more else None))

    def find(self, call: Call) -> Answer:
        """Answer with the reader who has an e-mail address."""
        identity = parse_address(call.body_as(ReaderAddress).address).identity
        stored = self._runtime.stores.readers.find(identity)
        if stored is None or stored.state == "erased":
            raise UnknownReader("no reader has that address")
        return Answer(body=self._out(stored), tagged=True)

    def get(self, call: Call) -> Answer:
        """Answer with one reader."""
        return Answer(body=self._out(self._reader(call)))

    def change(self, call: Call) -> Answer:
        """Change the data of a reader who gets letters."""
        body = call.body_as(ReaderPatch)
        stored = active_reader(self._runtime, _id(call))
        is_pinned = require_match(call, self._out(stored))
        change = ReaderChange(
            address=_or_none(body.address),
            name=_or_none(body.name),
            language=_or_none(body.language),
            zone=_or_none(body.zone),
            editions=_or_none(body.editions),
        )
        if change.editions is not None:
            _require_published(self._runtime, change.editions)
        call.about["fields"] = ", ".join(name for name in body.__struct_fields__ if getattr(body, name) is not UNSET)
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
        body = call.body_as(PauseBody)
        edition = _or_none(body.edition) or ""
        call.about["until"] = body.until.isoformat()
        return Answer(body=self._out(pause_reader(self._runtime, _id(call), body.until, edition)), tagged=True)

    def resume(self, call: Call) -> Answer:
        """End the pause of a reader."""
        edition = _or_none(call.query_as(PauseQuery).edition) or ""
        return Answer(body=self._out(resume_reader(self._runtime, _id(call), edition)), tagged=True)

    def leave(self, call: Call) -> Answer:
        """End all subscriptions of a reader."""
        _, left = remove_reader(self._runtime, self._reader(call).reader.address)
        return Answer(body=ReaderLeft(id=left.reader.id, state=left.shown_state))

    def erase(self, call: Call) -> Answer:
        """Erase a reader: delete all personal data about them."""
        erase_address(self._runtime, self._reader(call).reader.address)
        return Answer(status=HTTPStatus.NO_CONTENT)

    def export(self, call: Call) -> Answer:
        """Answer with everything that is stored about a reader."""
        return Answer(body=export_of(self._runtime, self._reader(call).reader.id).encode())

    def _out(self, stored: StoredReader) -> ReaderOut:
        return shown(stored, self._runtime.clock())

    def _reader(self, call: Call) -> StoredReader:
        return reader_of_id(self._runtime, _id(call))

    def routes(self) -> tuple[ApiRoute, ...]:
        """Return the routes of readers."""
        return (*self._joining(), *self._of_one(), *self._subscriptions())

    def _joining(self) -> tuple[ApiRoute, ...]:
        """Return the routes that add readers and find them."""
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


_OUTCOMES = {Added.NEW: "added", Added.CHANGED: "changed", Added.KNOWN: "known"}


def _id(call: Call) -> ReaderId:
    return ReaderId(call.places["reader"])


def _or_none(value: T | UnsetType) -> T | None:
    return None if isinstance(value, UnsetType) else value


def _require_published(runtime: Runtime, editions: tuple[str, ...]) -> None:
    """Raise NoEditionChosen when a name is not that of an edition in the settings, instead of ignoring it."""
    for name in editions:
        checked_editions((name,), tuple(runtime.settings.editions))
