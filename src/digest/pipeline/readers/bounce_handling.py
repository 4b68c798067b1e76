"""Bounces, complaints and leave mails: finds the reader of each, and updates the reader's state.

Anybody can write a mail that looks like a bounce, so the mail must prove that it answers one of our letters. The proof
is the token in the letter's envelope sender, or the letter's Message-ID together with the address that the letter was
sent to. Both can only be made with our secret keys. A mail without proof is recorded, and changes nothing. An event
signed by a sending service needs no such proof: its address is enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cached_property
from hashlib import sha256
from hmac import compare_digest

from msgspec import structs

from digest.errors import BadAddress, ItemSetAside, SettingsError
from digest.logs import get_logger
from digest.model.ids import EditionKey, ReaderId
from digest.model.life import FROZEN
from digest.model.quarantine import Guard, ItemKind, unguarded
from digest.pipeline.progress import Progress
from digest.pipeline.quarantine import watching
from digest.pipeline.readers.leave_links import LeaveLink, LeaveLinks
from digest.pipeline.runtime import Runtime
from digest.readers.address import parse_address
from digest.readers.bounces import Bounce, Returned, read_bounce
from digest.readers.bounded import BoundedReader
from digest.readers.mime import MOST_BYTES
from digest.readers.standing import BY_CHOICE
from digest.readers.tokens import LinkPurpose, message_id, verify
from digest.storage.bounces import Consequence, Filed, NewBounce
from digest.text.bounce_codes import ABOUT_US, Kind

log = get_logger()

SOFT_LIMIT = 5
"""Number of days with soft bounces within SOFT_WINDOW after which the address is suppressed."""
SOFT_WINDOW = timedelta(days=30)
SOFT_SPAN = timedelta(days=7)
"""Minimum time between the first and the last of them: a server that fails for a few days loses no reader."""
BLOCKED = "blocked"
"""Kind of a bounce about us and not about the address: a filter, a policy, our sender. It is never counted."""
RECENT = timedelta(days=30)
"""Older letters are not searched by their Message-ID; their envelope token has no expiry."""
_MOST_EDITIONS = 200

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
class Taken:
    """One handled mail: its kind, its reader, and the result."""

    effect: BounceEffect
    kind: Kind
    reader_id: ReaderId | None = None
    edition: str = ""


class BounceHandler:
    """Handles bounces and other returned mail."""

    def __init__(
        self, runtime: Runtime, guard: Guard = unguarded, read: Callable[[bytes], Returned] = read_bounce
    ) -> None:
        """Parse mails with ``read``; ``guard`` surrounds the work on each mail."""
        self._runtime = runtime
        self._guard = guard
        self._read = read

    def take(self, raw: bytes, vouched: datetime | None = None) -> Taken:
        """Handle one mail; the same bytes a second time change nothing.

        ``vouched`` (aware) is the time of an event that a sending service signed; None for an ordinary mail. A mail at
        which the program fails changes nothing either.
        """
        raw = raw[:MOST_BYTES]
        try:
            with self._guard(ItemKind.BOUNCE, sha256(raw).hexdigest(), raw):
                taken = self._taken(raw, vouched)
                effect = taken.effect.name.lower()
                log.debug("mail read", kind=taken.kind.value, effect=effect, reader=taken.reader_id)
                return taken
        except ItemSetAside:
            return Taken(effect=BounceEffect.SET_ASIDE, kind=Kind.OTHER)

    def _taken(self, raw: bytes, vouched: datetime | None) -> Taken:
        returned = self._read(raw)
        bounce = next(bounce for bounce in returned.bounces if bounce.kind is returned.kind)
        if returned.kind is Kind.OTHER:
            return Taken(effect=BounceEffect.OTHER, kind=returned.kind)
        if returned.kind in {Kind.VACATION, Kind.DELIVERED, Kind.DELAYED} or bounce.reason in NO_COMPLAINTS:
            return Taken(effect=BounceEffect.IGNORED, kind=returned.kind)
        if returned.kind is Kind.LEAVE and (left := self._leave(returned, vouched)) is not None:
            return left
        return self._file(raw, returned, bounce, vouched)

    def _leave(self, returned: Returned, vouched: datetime | None) -> Taken | None:
        leave_link = self._exit.leave_link(returned.leave_token) or self._answered(returned, vouched)
        if leave_link is None:
            return None
        did = self._exit.leave(leave_link, everything=returned.leave_all or not leave_link.edition)
        effect = BounceEffect.LEFT if did else BounceEffect.REPEATED
        return Taken(effect=effect, kind=Kind.LEAVE, reader_id=leave_link.reader_id, edition=leave_link.edition)

    def _answered(self, returned: Returned, vouched: datetime | None) -> LeaveLink | None:
        """Return the reader who asks to leave, proved by the secret Message-ID of a letter to them.

        A request signed by a sending service need not name a letter; then it is about all editions.
        """
        found = self._by_message_id(returned) or self._by_address(returned, vouched)
        return LeaveLink(reader_id=found[0], edition=found[1], title=found[1]) if found else None

    def _file(self, raw: bytes, returned: Returned, bounce: Bounce, vouched: datetime | None) -> Taken:
        found = self._owner(returned) or self._by_address(returned, vouched)
        reader_id, edition = found or (None, "")
        now = self._runtime.clock()
        elsewhere = reader_id is not None and self._is_of_another_address(reader_id, returned, bounce)
        blocked = returned.kind is Kind.SOFT and bounce.reason in ABOUT_US
        filed = self._runtime.stores.bounces.file(
            NewBounce(
                mail=sha256(raw).hexdigest(),
                reader_id=reader_id,
                edition=edition,
                kind=BLOCKED if blocked else returned.kind.value,
                status=bounce.status,
                words=bounce.words or bounce.reason,
                at=now,
            ),
            None if elsewhere or blocked else self._consequence(returned.kind),
        )
        effect = BounceEffect[filed.name]
        if filed is Filed.KEPT and (elsewhere or blocked):
            effect = BounceEffect.ELSEWHERE if elsewhere else BounceEffect.BLOCKED
        if reader_id is None and filed is Filed.KEPT:
            effect = BounceEffect.NOT_OURS
        return Taken(effect=effect, kind=returned.kind, reader_id=reader_id, edition=edition)

    def _consequence(self, kind: Kind) -> Consequence | None:
        since = self._runtime.clock() - SOFT_WINDOW
        if kind is Kind.SOFT:
            before = self._runtime.clock() - SOFT_SPAN
            return Consequence(why=BOUNCED, most=SOFT_LIMIT, since=since, first_before=before)
        if kind in {Kind.HARD, Kind.COMPLAINT}:
            why = BOUNCED if kind is Kind.HARD else COMPLAINED
            return Consequence(why=why, most=1, since=since, stronger_than=tuple(BY_CHOICE))
        return None

    def _is_of_another_address(self, reader_id: ReaderId, returned: Returned, bounce: Bounce) -> bool:
        """Return whether the letter went to an earlier address of its reader, as far as the bounce names the address.

        The bounce names it by the original recipient or the letter's To header. With only a final recipient, the reader
        may forward letters to that address: then a complaint or a soft bounce counts, and a hard bounce does not.
        """
        identity = self._runtime.stores.readers.identity_of(reader_id)
        if identity is None or returned.kind is Kind.COMPLAINT:
            return False
        sent_to = {_identity(address) for address in (bounce.original, *returned.addressees) if address}
        if not sent_to and returned.kind is Kind.HARD and bounce.recipient:
            sent_to = {_identity(bounce.recipient)}
        return bool(sent_to) and identity not in sent_to

    def _owner(self, returned: Returned) -> tuple[ReaderId, str] | None:
        """Return the reader and edition of the letter that the mail provably answers."""
        for token in returned.tokens:
            for spelled in dict.fromkeys((token, token.lower())):  # some relays lower-case the local part
                if (found := verify(self._runtime.settings.keys, LinkPurpose.BOUNCE, spelled, self._names)) is not None:
                    return found
        return self._by_message_id(returned)

    def _by_message_id(self, returned: Returned) -> tuple[ReaderId, str] | None:
        wanted = returned.message_id.partition("@")[0].encode("utf-8", "replace")
        if not wanted:
            return None
        for reader_id in self._candidates(returned):
            for key in self._recent:
                if any(compare_digest(wanted, made) for made in self._message_ids(key, reader_id)):
                    return reader_id, key.name
        return None

    def _by_address(self, returned: Returned, vouched: datetime | None) -> tuple[ReaderId, str] | None:
        """Return the reader at the address of an event; None when the reader subscribed after the event."""
        if vouched is None:
            return None
        for reader_id in self._candidates(returned):
            since = self._runtime.stores.readers.subscribed_since(reader_id)
            if since is None or since <= vouched:
                return reader_id, ""
        return None

    def _candidates(self, returned: Returned) -> Iterator[ReaderId]:
        """Yield the readers at the addresses in the mail."""
        for address in dict.fromkeys((*(bounce.recipient for bounce in returned.bounces), *returned.addressees)):
            try:
                known = self._runtime.stores.readers.find(parse_address(address).identity)
            except BadAddress:
                continue
            if known is not None:
                yield known.reader.id

    def _message_ids(self, key: EditionKey, reader_id: ReaderId) -> Iterator[bytes]:
        keys = self._runtime.settings.keys
        for name in keys.ring:
            try:
                yield message_id(structs.replace(keys, current=name), key, reader_id).encode()
            except SettingsError:  # a key too short to sign with never signed a letter
                continue

    @cached_property
    def _exit(self) -> LeaveLinks:
        return LeaveLinks(self._runtime)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._runtime.settings.editions, *self._runtime.stores.editions.names())))

    @cached_property
    def _recent(self) -> tuple[EditionKey, ...]:
        since = self._runtime.clock() - RECENT
        rows = self._runtime.stores.editions.latest(_MOST_EDITIONS, FROZEN)
        return tuple(row.key for row in rows if row.due >= since)


def _identity(address: str) -> str:
    try:
        return parse_address(address).identity
    except BadAddress:
        return address


def take_all(runtime: Runtime, mails: Iterable[bytes], progress: Progress) -> Counter[BounceEffect]:
    """Handle mails one after the other; return the number of mails by result."""
    counts = Counter[BounceEffect]()
    with watching(runtime, "bounces") as watch, BoundedReader() as read:
        care = BounceHandler(runtime, watch.item, read)
        for raw in mails:
            counts[care.take(raw).effect] += 1
            progress(counts.total(), 0, "")
    log.info("bounces read", mails=counts.total(), effects=named(counts))
    return counts


def named(counts: Counter[BounceEffect]) -> dict[str, int]:
    """Return the counts with the names that a log shows."""
    return {effect.name.lower(): number for effect, number in counts.most_common()}
