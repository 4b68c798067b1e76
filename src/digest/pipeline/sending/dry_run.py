"""Test letters: every copy as a file (``--dry-run``), or one copy to one address (``--to``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from digest.bookkeeping import Claim
from digest.deliver.message.splice import ReaderFields
from digest.deliver.protocol.replies import Fate
from digest.deliver.protocol.smtp import Parcel
from digest.deliver.transports.files import file_name
from digest.deliver.transports.single_letter import send_one
from digest.errors import DeliveryError, NothingToTell
from digest.model.edition import Edition
from digest.model.ids import EditionKey
from digest.model.letter import Letter
from digest.model.life import Move
from digest.pipeline.editions.again import deeds_of, keeps_its_articles
from digest.pipeline.editions.composing import asked_for, compose_edition
from digest.pipeline.gathering.report import GatherReport
from digest.pipeline.relays import ways_out
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.letters import Writer, letter_of, ready_for_mail
from digest.pipeline.sending.send import Request, gather_if_stale, with_expiry
from digest.private_files import make_folder, write_private
from digest.readers.address import parse_address

INERT = "test"
"""The token in a test copy. Links with it do nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """The result of a dry run: where the letters are, and how many readers would get one."""

    key: EditionKey
    folder: Path
    audience: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TestCopy:
    """A test copy that was sent, and the receiving server's answer."""

    __test__ = False  # pytest must not collect this class by its name

    key: EditionKey
    reply: str


def rehearse(runtime: Runtime, request: Request, gather: Callable[[], GatherReport], folder: Path) -> Rehearsed:
    """Write every reader's copy to ``folder`` as it would be sent now; nothing is recorded as delivered or sent."""
    edition = _edition(runtime, request, gather)
    write = Writer(ready_for_mail(runtime, _letter(runtime, edition)), runtime.settings, edition.key)
    into = folder / f"{edition.key.name}-{edition.key.day}"
    make_folder(into)
    count = 0
    for reader in runtime.stores.readers.subscribed(edition.key.name, runtime.clock()):
        parcel = write(Claim(reader_id=reader.id, address=reader.address, name=reader.name))
        write_private(into / file_name(parcel), parcel.message)
        count += 1
    return Rehearsed(key=edition.key, folder=into, audience=count)


def send_test_copy(runtime: Runtime, request: Request, gather: Callable[[], GatherReport], address: str) -> TestCopy:
    """Send one copy, marked as a test, with links that do nothing.

    Raises BadAddress, and DeliveryError when the receiving server does not accept it.
    """
    to = parse_address(address).given
    return send_copy(runtime, _edition(runtime, request, gather), to)


def send_copy(runtime: Runtime, edition: Edition, to: str) -> TestCopy:
    """Send one copy of an edition as it is, marked as a test; raises DeliveryError when the receiver refuses it."""
    letter = letter_of(runtime, edition, test=True)
    fields = ReaderFields(address=to, message_id=f"test-{edition.key.name}", unsubscribe=INERT, preferences=INERT)
    sender = runtime.settings.mail.sender
    parcel = Parcel(id=0, sender=sender, recipient=to, message=ready_for_mail(runtime, letter).splice(fields))
    ways = ways_out(runtime.settings, edition.key)
    verdict = send_one([way.transport for way in ways], parcel)
    if verdict.fate is not Fate.ACCEPTED:
        raise DeliveryError(f"{to}: the test copy was not taken: {verdict.reply}")
    return TestCopy(key=edition.key, reply=verdict.reply)


def _edition(runtime: Runtime, request: Request, gather: Callable[[], GatherReport]) -> Edition:
    """Return the stored edition; if there is none, compose it from stored articles."""
    due = with_expiry(asked_for(runtime, request.name, request.day), request, runtime.clock())
    row = runtime.stores.editions.get(due.key)
    if row is not None and row.edition is not None and not row.may(Move.COMPOSE):
        return row.edition
    if row is not None and row.edition is not None and keeps_its_articles(row, deeds_of(runtime.stores, row)):
        return row.edition
    gather_if_stale(runtime, gather)
    composed = compose_edition(runtime, due)
    if composed.edition is None:
        newer = "; to take newer ones: --late" if runtime.clock() > due.expires else ""
        raise NothingToTell(f"{due.key}: {composed.row.reason}{newer}")
    return composed.edition


def _letter(runtime: Runtime, edition: Edition) -> Letter:
    """Return the frozen letter when there is one: a dry run of a sent edition shows what was sent."""
    row = runtime.stores.editions.get(edition.key)
    frozen = runtime.stores.letters.get(row.id) if row else None
    return frozen or letter_of(runtime, edition)
