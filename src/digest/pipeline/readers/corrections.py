"""Changes that an operator or a program makes for a reader: corrections, subscriptions, pauses, leaving, erasure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from digest.errors import BadPause, NoEditionChosen, ReaderChanged, ReaderKeptAway, UnknownReader
from digest.logs import get_logger
from digest.model.ids import ReaderId
from digest.pipeline.readers.choices import end_of_pause
from digest.pipeline.runtime import Runtime
from digest.readers.address import parse_address
from digest.readers.preferences import LONGEST_PAUSE, checked_editions
from digest.readers.standing import shadow
from digest.readers.zones import checked_zone
from digest.storage.corrections import Correction
from digest.storage.readers import StoredReader

log = get_logger()

TRIES = 5
"""How often a change is tried again when somebody else changes the same reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderChange:
    """The new data of a reader; None leaves a field as it is."""

    address: str | None = None
    name: str | None = None
    language: str | None = None
    zone: str | None = None
    editions: tuple[str, ...] | None = None
    """All editions that the reader gets from now on."""


def correct_reader(
    runtime: Runtime, address: str, change: ReaderChange, if_still: StoredReader | None = None
) -> StoredReader:
    """Change an active reader, and return the new data.

    With ``if_still``, change nothing unless the reader's data are still those. Raises BadAddress, UnknownZone,
    UnknownReader, ReaderError when the new address is not allowed, and ReaderChanged when the data are others.
    """
    identity = parse_address(address).identity
    new = parse_address(change.address) if change.address is not None else None
    correction = Correction(
        address=new.given if new else None,
        identity=new.identity if new else None,
        name=change.name,
        language=change.language,
        zone=checked_zone(change.zone) if change.zone is not None else None,
        editions=change.editions,
    )
    if not runtime.stores.corrections.correct(identity, correction, runtime.clock(), if_still):
        raise UnknownReader(f"nobody of the address {address} gets letters: digest readers list --all")
    stored = runtime.stores.readers.find(new.identity if new else identity)
    if stored is None:
        raise UnknownReader(f"{address} was changed by somebody else meanwhile")
    log.info("reader corrected", reader=stored.reader.id)
    return stored


def erase_address(runtime: Runtime, address: str) -> None:
    """Erase an address, and keep only a hash that stops imports from adding it. Raises UnknownReader and BadAddress."""
    identity = parse_address(address).identity
    if not runtime.stores.corrections.erase(identity, shadow(runtime.settings.keys, identity), runtime.clock()):
        raise UnknownReader(f"nothing is known of {address}, or it was erased already: digest readers show {address}")
    log.info("address erased")


def reader_of_id(runtime: Runtime, reader_id: ReaderId) -> StoredReader:
    """Return a reader by id, also one who left. Raises UnknownReader, also for one who was erased."""
    identity = runtime.stores.readers.identity_of(reader_id)
    stored = runtime.stores.readers.find(identity) if identity is not None else None
    if stored is None or stored.state == "erased":
        raise UnknownReader(f"no reader has the number {reader_id}")
    return stored


def active_reader(runtime: Runtime, reader_id: ReaderId) -> StoredReader:
    """Return a reader by id who gets letters. Raises UnknownReader, and ReaderKeptAway for one who left."""
    stored = reader_of_id(runtime, reader_id)
    if stored.state != "active":
        raise ReaderKeptAway("the reader left: only they can come back, by confirming a sign-up")
    return stored


def subscribe_to(runtime: Runtime, reader_id: ReaderId, edition: str) -> StoredReader:
    """Give an active reader one more edition, and return the new data.

    Raises NoEditionChosen when no published edition has that name, UnknownReader, and ReaderKeptAway for one who left.
    """
    checked_editions((edition,), tuple(runtime.settings.editions))
    return _retried(runtime, reader_id, lambda editions: (*editions, edition))


def leave_edition(runtime: Runtime, reader_id: ReaderId, edition: str) -> StoredReader:
    """End one subscription of a reader, and return the new data; without any other, the reader leaves.

    A reader who left stays as they are. Raises UnknownReader.
    """
    stored = reader_of_id(runtime, reader_id)
    if stored.state != "active" or edition not in stored.reader.editions:
        return stored
    if stored.reader.editions == (edition,):
        return remove_reader(runtime, stored.reader.address)[1]
    return _retried(runtime, reader_id, lambda editions: tuple(name for name in editions if name != edition))


def pause_reader(runtime: Runtime, reader_id: ReaderId, until: date, edition: str = "") -> StoredReader:
    """Pause all letters of a reader, or those of one edition, until a day; return the new data.

    Letters come again from that day on, in the zone of each edition. Raises BadPause, NoEditionChosen when the reader
    does not get the edition, UnknownReader, and ReaderKeptAway for one who left.
    """
    now = runtime.clock()
    stored = active_reader(runtime, reader_id)
    plans = runtime.settings.editions
    ends = {name: end_of_pause(plans[name], until, now) for name in _paused_editions(runtime, stored, edition)}
    if until > now.date() + LONGEST_PAUSE:
        raise BadPause(f"a pause lasts at most {LONGEST_PAUSE.days} days")
    if None in ends.values():
        raise BadPause("a pause ends after today: name the first day with letters again")
    return _rested(runtime, stored, ends)


def resume_reader(runtime: Runtime, reader_id: ReaderId, edition: str = "") -> StoredReader:
    """End the pause of all letters of a reader, or of one edition; return the new data. Without a pause, do nothing.

    Raises NoEditionChosen when the reader does not get the edition, UnknownReader, and ReaderKeptAway for one who left.
    """
    stored = active_reader(runtime, reader_id)
    return _rested(runtime, stored, dict.fromkeys(_paused_editions(runtime, stored, edition)))


def _paused_editions(runtime: Runtime, stored: StoredReader, edition: str) -> tuple[str, ...]:
    """Return the editions to be paused: the named one, or all that the reader gets and that are published."""
    theirs = tuple(name for name in runtime.settings.editions if name in stored.reader.editions)
    if not edition:
        return theirs
    if edition not in theirs:
        raise NoEditionChosen(f"the reader does not get {edition}")
    return (edition,)


def _rested(runtime: Runtime, stored: StoredReader, until: Mapping[str, datetime | None]) -> StoredReader:
    if not runtime.stores.corrections.pause(stored.reader.id, until, runtime.clock()):
        return active_reader(runtime, stored.reader.id)  # they left meanwhile: raises
    log.info("reader paused", reader=stored.reader.id, editions=len(until), paused=any(until.values()))
    return reader_of_id(runtime, stored.reader.id)


def remove_reader(runtime: Runtime, address: str) -> tuple[bool, StoredReader]:
    """Unsubscribe a reader from all letters; return whether they were active, and the new data.

    The address is kept as one that left, so imports do not bring it back. Raises BadAddress and UnknownReader.
    """
    identity = parse_address(address).identity
    gone = runtime.stores.readers.leave(identity, "removed by the operator", runtime.clock())
    known = runtime.stores.readers.find(identity)
    if known is None:
        raise UnknownReader(f"nobody has the address {address}: digest readers list")
    return gone, known


def _retried(
    runtime: Runtime, reader_id: ReaderId, chosen: Callable[[tuple[str, ...]], tuple[str, ...]]
) -> StoredReader:
    """Change the editions of a reader with ``chosen``, which gets the present ones and returns the new ones.

    The change is tried again when somebody else changes the reader at the same time.
    """
    for _ in range(TRIES):
        stored = active_reader(runtime, reader_id)
        editions = tuple(dict.fromkeys(chosen(stored.reader.editions)))
        if set(editions) == set(stored.reader.editions):
            return stored
        with suppress(ReaderChanged):
            return correct_reader(runtime, stored.reader.address, ReaderChange(editions=editions), stored)
    raise ReaderChanged(f"reader {reader_id} was changed by others {TRIES} times in a row: try again")
