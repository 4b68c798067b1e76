"""Bounces, complaints and leave mails: finds the reader of each, and updates the reader's state.

Anybody can write a mail that looks like a bounce, so the mail must prove that it answers one of our letters. The proof
is the token in the letter's envelope sender, or the letter's Message-ID together with the address that the letter was
sent to. Both can only be made with our secret keys. A mail without proof is recorded, and changes nothing. An event
signed by a sending service needs no such proof: its address is enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from functools import cached_property
from hashlib import sha256

from digest.errors import ItemSetAside
from digest.logs import get_logger
from digest.model.ids import ReaderId
from digest.model.quarantine import Guard, ItemKind, is_items_fault, unguarded
from digest.pipeline.progress import Progress
from digest.pipeline.quarantine import watching
from digest.pipeline.readers.leave_links import LeaveLink, LeaveLinks, log_departure
from digest.pipeline.readers.letter_owner import Known, LetterOwners, identity_of
from digest.pipeline.runtime import Runtime
from digest.readers.bounces import Bounce, Returned, read_bounce
from digest.readers.bounded import BoundedReader
from digest.readers.mime import MOST_BYTES
from digest.readers.standing import BY_CHOICE
from digest.storage.bounces import Consequence, Filed, Filing, NewBounce
from digest.storage.departures import Departure
from digest.text.bounce_codes import ABOUT_US, Kind

log = get_logger()

SOFT_LIMIT = 5
"""An address is suppressed after soft bounces on so many days within SOFT_WINDOW."""
SOFT_WINDOW = timedelta(days=30)
SOFT_SPAN = timedelta(days=7)
"""Soft bounces suppress an address only after this time: a server that fails for a few days loses no reader."""
BLOCKED = "blocked"
"""Kind of a bounce that is about us and not about the address: a filter, a policy, our sender. It is never counted."""

BOUNCED = "bounced"
COMPLAINED = "complained"
NO_COMPLAINTS = frozenset({"auth-failure", "not-spam"})
"""Feedback types that are no reader's complaint: a server's report on our DKIM or SPF, and "not spam"."""


class BounceEffect(Enum):
    """The result of handling a mail."""

    SUPPRESSED = "readers taken off the letters"
    COUNTED = "soft bounces counted"
    BLOCKED = "letters that servers refused for their rules or filters: nobody's address is in doubt"
    ELSEWHERE = "bounces of an address that its reader no longer has"
    LEFT = "readers who left by mail"
    KEPT = "bounces of readers who get nothing anyway"
    REPEATED = "mails that were read before"
    NOT_OURS = "not ours: they prove no letter of ours, and changed nothing"
    IGNORED = "receipts, warnings and answers by programs"
    OTHER = "mails that are none of these"
    SET_ASIDE = "mails set aside: we failed at them (digest quarantine list)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedMail:
    """A mail to be handled.

    ``vouched`` (aware) is the time of the event, if a signed event of a sending service, else None.
    """

    raw: bytes
    vouched: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The result of handling one mail: its kind, its reader, and the effect."""

    effect: BounceEffect
    kind: Kind
    reader_id: ReaderId | None = None
    edition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A mail after reading. ``key`` is the hash of its bytes: it shows that a mail was handled before."""

    key: str
    mail: ReturnedMail
    returned: Returned


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What is to be done with a mail: nothing (``taken`` is the result), or store a departure or a bounce."""

    kind: Kind
    taken: Taken | None = None
    departure: Departure | None = None
    filing: Filing | None = None
    elsewhere: bool = False
    """Whether the bounce is about an earlier address of its reader."""


class BounceHandler:
    """Handles bounces and other returned mail."""

    def __init__(
        self, runtime: Runtime, guard: Guard = unguarded, read: Callable[[bytes], Returned] = read_bounce
    ) -> None:
        """Parse mails with ``read``; ``guard`` surrounds the work on each mail."""
        self._runtime = runtime
        self._guard = guard
        self._read = read
        self._owners = LetterOwners(runtime)

    def take(self, raw: bytes, vouched: datetime | None = None) -> Taken:
        """Handle one mail; see ``take_batch``."""
        return self.take_batch([ReturnedMail(raw=raw, vouched=vouched)])[0]

    def take_batch(self, mails: Sequence[ReturnedMail]) -> list[Taken]:
        """Handle mails in one transaction, with queries that they share; return the result of each.

        When the same bytes come a second time, nothing changes. A mail at which the program fails changes nothing
        either. Then the other mails are handled in a transaction each.
        """
        read = [self._read_one(mail) for mail in mails]
        good = [each for each in read if isinstance(each, _Read)]
        handled = iter(self._handled(good))
        taken = [next(handled) if isinstance(each, _Read) else each for each in read]
        for each in taken:
            log.debug("mail read", kind=each.kind.value, effect=each.effect.name.lower(), reader=each.reader_id)
        return taken

    def _read_one(self, mail: ReturnedMail) -> _Read | Taken:
        mail = replace(mail, raw=mail.raw[:MOST_BYTES])
        key = sha256(mail.raw).hexdigest()
        try:
            with self._guard(ItemKind.BOUNCE, key, mail.raw):
                return _Read(key=key, mail=mail, returned=self._read(mail.raw))
        except ItemSetAside:
            return _SET_ASIDE

    def _handled(self, read: Sequence[_Read]) -> list[Taken]:
        try:
            return self._together(read)
        except Exception as error:
            if not is_items_fault(error):
                raise
        return [self._alone(each) for each in read]

    def _alone(self, read: _Read) -> Taken:
        try:
            with self._guard(ItemKind.BOUNCE, read.key, read.mail.raw):
                return self._together([read])[0]
        except ItemSetAside:
            return _SET_ASIDE

    def _together(self, read: Sequence[_Read]) -> list[Taken]:
        known = self._owners.known(each.returned for each in read)
        now = self._runtime.clock()
        plans = [self._plan(each, known, now) for each in read]
        departures = [each.departure for each in plans if each.departure is not None]
        filings = [each.filing for each in plans if each.filing is not None]
        if not departures and not filings:
            return [each.taken for each in plans if each.taken is not None]
        done = self._runtime.stores.bounces.file_all(filings, departures)
        for departure, changed in zip(departures, done.left, strict=True):
            log_departure(departure, changed=changed)
        filed, left = iter(done.filed), iter(done.left)
        return [_taken(plan, filed, left) for plan in plans]

    # --- what is to be done with a mail; nothing is changed here ---

    def _plan(self, read: _Read, known: Known, now: datetime) -> _Plan:
        returned = read.returned
        bounce = next(bounce for bounce in returned.bounces if bounce.kind is returned.kind)
        if returned.kind is Kind.OTHER:
            return _nothing(BounceEffect.OTHER, returned.kind)
        if returned.kind in {Kind.VACATION, Kind.DELIVERED, Kind.DELAYED} or bounce.reason in NO_COMPLAINTS:
            return _nothing(BounceEffect.IGNORED, returned.kind)
        if returned.kind is Kind.LEAVE and (departure := self._departure(read, known)) is not None:
            return _Plan(kind=returned.kind, departure=departure)
        return self._filing(read, bounce, known, now)

    def _departure(self, read: _Read, known: Known) -> Departure | None:
        returned = read.returned
        leave_link = self._exit.leave_link(returned.leave_token) or self._answered(read, known)
        if leave_link is None:
            return None
        return self._exit.departure(leave_link, everything=returned.leave_all or not leave_link.edition)

    def _answered(self, read: _Read, known: Known) -> LeaveLink | None:
        """Return the reader who asks to leave, and the edition.

        The proof is the secret Message-ID of a letter to the reader.

        A request signed by a sending service need not name a letter; then it is about all editions.
        """
        found = self._owners.by_message_id(read.returned, known) or self._owners.by_address(
            read.returned, read.mail.vouched, known
        )
        return LeaveLink(reader_id=found[0], edition=found[1], title=found[1]) if found else None

    def _filing(self, read: _Read, bounce: Bounce, known: Known, now: datetime) -> _Plan:
        returned, owners = read.returned, self._owners
        found = owners.of_letter(returned, known) or owners.by_address(returned, read.mail.vouched, known)
        reader_id, edition = found or (None, "")
        elsewhere = reader_id is not None and self._is_of_another_address(reader_id, returned, bounce, known)
        blocked = returned.kind is Kind.SOFT and bounce.reason in ABOUT_US
        filed = NewBounce(
            mail=read.key,
            reader_id=reader_id,
            edition=edition,
            kind=BLOCKED if blocked else returned.kind.value,
            status=bounce.status,
            words=bounce.words or bounce.reason,
            at=now,
        )
        consequence = None if elsewhere or blocked else _consequence(returned.kind, now)
        return _Plan(kind=returned.kind, filing=Filing(bounce=filed, consequence=consequence), elsewhere=elsewhere)

    def _is_of_another_address(self, reader_id: ReaderId, returned: Returned, bounce: Bounce, known: Known) -> bool:
        """Return whether the letter went to an earlier address of its reader, as far as the bounce names the address.

        The bounce names it as the original recipient, or in the To header of the letter. If it names only a final
        recipient, the reader may forward letters to that address: then a complaint or a soft bounce counts, and a hard
        bounce does not.
        """
        if returned.kind is Kind.COMPLAINT:
            return False
        sent_to = {_identity(address) for address in (bounce.original, *returned.addressees) if address}
        if not sent_to and returned.kind is Kind.HARD and bounce.recipient:
            sent_to = {_identity(bounce.recipient)}
        if not sent_to or any(known[each].id == reader_id for each in sent_to if each in known):
            return False
        identity = self._runtime.stores.readers.identity_of(reader_id)
        return identity is not None and identity not in sent_to

    @cached_property
    def _exit(self) -> LeaveLinks:
        return LeaveLinks(self._runtime)


_SET_ASIDE = Taken(effect=BounceEffect.SET_ASIDE, kind=Kind.OTHER)


def _nothing(effect: BounceEffect, kind: Kind) -> _Plan:
    return _Plan(kind=kind, taken=Taken(effect=effect, kind=kind))


def _taken(plan: _Plan, filed: Iterator[Filed], left: Iterator[bool]) -> Taken:
    """Return the result of a plan.

    ``filed`` and ``left`` yield the results of stored bounces and of departures, in order.
    """
    if plan.taken is not None:
        return plan.taken
    if plan.departure is not None:
        effect = BounceEffect.LEFT if next(left) else BounceEffect.REPEATED
        gone = plan.departure
        return Taken(effect=effect, kind=plan.kind, reader_id=gone.reader_id, edition=gone.edition or "")
    if plan.filing is None:
        raise AssertionError("a plan is one of three")
    bounce = plan.filing.bounce
    effect = _effect(plan, next(filed))
    return Taken(effect=effect, kind=plan.kind, reader_id=bounce.reader_id, edition=bounce.edition)


def _effect(plan: _Plan, filed: Filed) -> BounceEffect:
    bounce = plan.filing.bounce if plan.filing else None
    if filed is not Filed.KEPT or bounce is None:
        return BounceEffect[filed.name]
    if bounce.reader_id is None:
        return BounceEffect.NOT_OURS
    if plan.elsewhere:
        return BounceEffect.ELSEWHERE
    return BounceEffect.BLOCKED if bounce.kind == BLOCKED else BounceEffect.KEPT


def _consequence(kind: Kind, now: datetime) -> Consequence | None:
    since = now - SOFT_WINDOW
    if kind is Kind.SOFT:
        return Consequence(why=BOUNCED, most=SOFT_LIMIT, since=since, first_before=now - SOFT_SPAN)
    if kind in {Kind.HARD, Kind.COMPLAINT}:
        why = BOUNCED if kind is Kind.HARD else COMPLAINED
        return Consequence(why=why, most=1, since=since, stronger_than=tuple(BY_CHOICE))
    return None


def _identity(address: str) -> str:
    return identity_of(address) or address


def take_all(runtime: Runtime, mails: Iterable[bytes], progress: Progress) -> Counter[BounceEffect]:
    """Handle mails one after the other; return the number of mails by effect."""
    counts = Counter[BounceEffect]()
    with watching(runtime, "bounces") as watch, BoundedReader() as read:
        care = BounceHandler(runtime, watch.item, read)
        for raw in mails:
            counts[care.take(raw).effect] += 1
            progress(counts.total(), 0, "")
    log.info("bounces read", mails=counts.total(), effects=named(counts))
    return counts


def named(counts: Counter[BounceEffect]) -> dict[str, int]:
    """Return the counts with the names of the effects as logs show them."""
    return {effect.name.lower(): number for effect, number in counts.most_common()}
