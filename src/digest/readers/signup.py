"""What becomes of a stranger's request for mail: pure rules over what is known of the address.

Nothing of this can be seen from the outside: the page has answered long before. The mail tells the one person who
may know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from digest.readers.one_time_tokens import TokenPurpose
from digest.readers.standing import ReaderStanding

DAY = timedelta(days=1)
MOST_INVITATIONS = 3
"""Mails in all to an address that never confirms, as far back as MEMORY."""
MEMORY = timedelta(days=365)
MOST_MOVES = 3
"""New addresses that a reader may have mails sent to in a day."""
MOST_LINKS = 3
"""Links a day to somebody who is a reader: they ask for them to change things."""
MOST_LINKS_A_MONTH = 10
"""Anybody can ask for them, day after day; every letter has a link to leave that needs none."""
MONTH = timedelta(days=30)


class Wanted(Enum):
    """What somebody asked for."""

    SIGN_UP = "sign-up"
    LINK = "link"
    """A link to see and change what is known of them."""
    MOVE = "move"
    """To get the letters at this address from now on."""
    TELL_MOVED = "tell-moved"
    """Nobody asked: the address that letters went to till now is told where they go."""


class MailKind(Enum):
    """Which mail goes."""

    CONFIRM = "confirm"
    KNOWN = "known"
    CHOOSE = "choose"
    ADDRESS = "address"
    MOVED = "moved"

    @property
    def token_purpose(self) -> TokenPurpose | None:
        """What the token in the mail is good for; None when it has none."""
        return ERRANDS.get(self)


ERRANDS = {
    MailKind.CONFIRM: TokenPurpose.CONFIRM,
    MailKind.KNOWN: TokenPurpose.CHOOSE,
    MailKind.CHOOSE: TokenPurpose.CHOOSE,
    MailKind.ADDRESS: TokenPurpose.ADDRESS,
}
INVITATIONS = frozenset({MailKind.CONFIRM, MailKind.KNOWN, MailKind.ADDRESS})
"""Mails that anybody can cause to anybody: one a day, and MOST_INVITATIONS in all."""
ANSWERS: Mapping[tuple[Wanted, ReaderStanding], MailKind] = {
    (Wanted.SIGN_UP, ReaderStanding.STRANGER): MailKind.CONFIRM,
    (Wanted.SIGN_UP, ReaderStanding.READER): MailKind.KNOWN,
    (Wanted.SIGN_UP, ReaderStanding.LEFT): MailKind.CONFIRM,
    (Wanted.SIGN_UP, ReaderStanding.ERASED): MailKind.CONFIRM,
    (Wanted.LINK, ReaderStanding.READER): MailKind.CHOOSE,
    (Wanted.LINK, ReaderStanding.LEFT): MailKind.CHOOSE,  # who left may still ask what is known of them, and erase it
    (Wanted.MOVE, ReaderStanding.STRANGER): MailKind.ADDRESS,
    **{(Wanted.TELL_MOVED, standing): MailKind.MOVED for standing in ReaderStanding},
}
"""Everything else gets no mail: strangers have no link to ask for, and an address that is a reader's is taken."""

WHOSE = {
    ReaderStanding.STRANGER: "an address that is no reader's",
    ReaderStanding.READER: "a reader's address",
    ReaderStanding.LEFT: "the address of a reader who left",
    ReaderStanding.ERASED: "the address of a reader who was erased",
    ReaderStanding.AWAY: "an address that is suppressed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request that waits for its answer."""

    id: int
    wanted: Wanted
    limit_key: str
    domain: str
    standing: ReaderStanding
    trapped: bool = False
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A mail that went, or is about to."""

    limit_key: str
    kind: MailKind
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignupLimits:
    """How many invitations may go in the hour that ends at ``hour_ends``, to one domain and in all.

    Links to readers do not count: whoever uses the limits up must not keep readers from leaving or changing.
    """

    per_domain: int
    in_all: int
    hour_ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignupDecision:
    """What becomes of a request: ``mail`` goes, or it waits for ``later``, or nothing goes; ``why`` in both cases."""

    id: int
    mail: MailKind | None = None
    later: datetime | None = None
    why: str = ""


def decide(
    asks: Iterable[Ask], sent: Sequence[Sent], domains: Mapping[str, int], limits: SignupLimits, now: datetime
) -> tuple[SignupDecision, ...]:
    """Return what becomes of each request, in their order: an earlier one uses up what a later one would need.

    ``sent`` are the mails of the last MEMORY to these limit keys; ``domains`` counts this hour's invitations by
    recipient domain, with "" for all.
    """
    book = _Book(sent, domains, limits, now)
    return tuple(book.answer(ask) for ask in asks)


class _Book:
    """What has gone so far, this batch included."""

    def __init__(self, sent: Sequence[Sent], domains: Mapping[str, int], limits: SignupLimits, now: datetime) -> None:
        self._limits = limits
        self._now = now
        self._domains = Counter(domains)
        self._in_all: Counter[str] = Counter()
        self._today: Counter[tuple[str, bool]] = Counter()
        self._links: Counter[str] = Counter()
        """Links of this month."""
        for mail in sent:
            self._note(mail)

    def answer(self, ask: Ask) -> SignupDecision:
        mail = None if ask.trapped else ANSWERS.get((ask.wanted, ask.standing))
        if mail is None:
            return SignupDecision(id=ask.id, why="a machine filled in the form" if ask.trapped else _unanswered(ask))
        if why := self._too_many(ask, mail):
            return SignupDecision(id=ask.id, why=why)
        if ask.expires <= self._now:
            return SignupDecision(id=ask.id, why="it waited for too long")
        if mail in INVITATIONS and self._is_busy(ask.domain):
            return SignupDecision(id=ask.id, later=self._limits.hour_ends, why="the limit of this hour is reached")
        self._note(Sent(limit_key=ask.limit_key, kind=mail, at=self._now))
        self._domains.update((ask.domain, "") if mail in INVITATIONS else ())
        return SignupDecision(id=ask.id, mail=mail)

    def _too_many(self, ask: Ask, mail: MailKind) -> str:
        invites = mail in INVITATIONS
        if self._today[ask.limit_key, invites] >= (1 if invites else MOST_LINKS):
            return "it had its mail within a day"
        if invites and self._in_all[ask.limit_key] >= MOST_INVITATIONS:
            return f"it had {MOST_INVITATIONS} mails and followed none"
        if not invites and self._links[ask.limit_key] >= MOST_LINKS_A_MONTH:
            return f"it had {MOST_LINKS_A_MONTH} links within a month"
        return ""

    def _is_busy(self, domain: str) -> bool:
        return self._domains[domain] >= self._limits.per_domain or self._domains[""] >= self._limits.in_all

    def _note(self, mail: Sent) -> None:
        invites = mail.kind in INVITATIONS
        self._in_all[mail.limit_key] += invites
        self._today[mail.limit_key, invites] += mail.at > self._now - DAY
        self._links[mail.limit_key] += not invites and mail.at > self._now - MONTH


def _unanswered(ask: Ask) -> str:
    return f"no mail answers a {ask.wanted.value} for {WHOSE[ask.standing]}"
