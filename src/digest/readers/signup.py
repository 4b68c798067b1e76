"""Decides which mail answers a stranger's request, from what is known about the address.

The decision cannot be seen from outside, because the page has already answered. Only the mail shows it, to its
recipient.
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
"""How many mails of INVITATIONS an address may get within MEMORY, as long as it does not confirm."""
MEMORY = timedelta(days=365)
MOST_MOVES = 3
"""To how many new addresses a day a reader may have mails sent."""
MOST_LINKS = 3
"""How many links a day are mailed to one reader. A link allows a reader to change something."""
MOST_LINKS_A_MONTH = 10
"""How many links a month are mailed to one reader, since anybody can request them. A reader who only wants to leave
uses the link in a letter instead."""
MONTH = timedelta(days=30)


class Wanted(Enum):
    """What somebody requested on the public pages."""

    SIGN_UP = "sign-up"
    LINK = "link"
    """The reader wants a link to see and change their own data."""
    MOVE = "move"
    """The reader wants the letters at this address from now on."""
    TELL_MOVED = "tell-moved"
    """Nobody requests it: after a move, a mail tells the old address where the letters go now."""


class MailKind(Enum):
    """The mails about a sign-up or a change of data."""

    CONFIRM = "confirm"
    """Asks somebody new to confirm."""
    KNOWN = "known"
    """Tells a reader that they are signed up already."""
    CHOOSE = "choose"
    """Contains a link to a reader's own preferences."""
    ADDRESS = "address"
    """Asks to confirm a new address, at that address."""
    MOVED = "moved"
    """Tells the old address that the letters go to a new one."""
    WELCOME = "welcome"
    """Nobody requests it: the newest letter, sent after a confirmation."""

    @property
    def token_purpose(self) -> TokenPurpose | None:
        """What the token in the mail allows; None when the mail has none."""
        return ERRANDS.get(self)


ERRANDS = {
    MailKind.CONFIRM: TokenPurpose.CONFIRM,
    MailKind.KNOWN: TokenPurpose.CHOOSE,
    MailKind.CHOOSE: TokenPurpose.CHOOSE,
    MailKind.ADDRESS: TokenPurpose.ADDRESS,
}
INVITATIONS = frozenset({MailKind.CONFIRM, MailKind.KNOWN, MailKind.ADDRESS})
"""Mails that anybody can have sent to any address: one a day, and MOST_INVITATIONS in all."""
ANSWERS: Mapping[tuple[Wanted, ReaderStanding], MailKind] = {
    (Wanted.SIGN_UP, ReaderStanding.STRANGER): MailKind.CONFIRM,
    (Wanted.SIGN_UP, ReaderStanding.READER): MailKind.KNOWN,
    (Wanted.SIGN_UP, ReaderStanding.LEFT): MailKind.CONFIRM,
    (Wanted.SIGN_UP, ReaderStanding.ERASED): MailKind.CONFIRM,
    (Wanted.LINK, ReaderStanding.READER): MailKind.CHOOSE,
    (Wanted.LINK, ReaderStanding.LEFT): MailKind.CHOOSE,  # after leaving they may still see and erase their data
    (Wanted.MOVE, ReaderStanding.STRANGER): MailKind.ADDRESS,
    **{(Wanted.TELL_MOVED, standing): MailKind.MOVED for standing in ReaderStanding},
}
"""What was requested, and whose address it is -> the mail that answers.

All other requests get no mail: a stranger has no data to see, and a reader's address is already taken.
"""

WHOSE = {
    ReaderStanding.STRANGER: "an address that is no reader's",
    ReaderStanding.READER: "a reader's address",
    ReaderStanding.LEFT: "the address of a reader who left",
    ReaderStanding.ERASED: "the address of a reader who was erased",
    ReaderStanding.AWAY: "an address that is suppressed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request that waits for a decision."""

    id: int
    wanted: Wanted
    limit_key: str
    domain: str
    standing: ReaderStanding
    trapped: bool = False
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A mail that was sent, or is about to be."""

    limit_key: str
    kind: MailKind
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignupLimits:
    """How many mails of INVITATIONS may be sent in the hour that ends at ``hour_ends``: to one domain, and in all.

    Links to readers do not count. Otherwise an attacker could use up the limits and keep readers from changing or
    leaving.
    """

    per_domain: int
    in_all: int
    hour_ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignupDecision:
    """The decision about a request: ``mail`` is sent, or the request waits until ``later``, or it gets no mail.

    ``why`` gives the reason.
    """

    id: int
    mail: MailKind | None = None
    later: datetime | None = None
    why: str = ""


def decide(
    asks: Iterable[Ask], sent: Sequence[Sent], domains: Mapping[str, int], limits: SignupLimits, now: datetime
) -> tuple[SignupDecision, ...]:
    """Return the decision for each request, in order. An earlier request may use up a limit for a later one.

    ``sent`` are the mails of the last MEMORY to the addresses with these limit keys. ``domains`` counts this hour's
    INVITATIONS by recipient domain; the key "" counts all.
    """
    book = _Book(sent, domains, limits, now)
    return tuple(book.answer(ask) for ask in asks)


class _Book:
    """Decides requests one by one, and counts the mails so far, including those just decided."""

    def __init__(self, sent: Sequence[Sent], domains: Mapping[str, int], limits: SignupLimits, now: datetime) -> None:
        self._limits = limits
        self._now = now
        self._domains = Counter(domains)
        self._in_all: Counter[str] = Counter()
        self._today: Counter[tuple[str, bool]] = Counter()
        self._links: Counter[str] = Counter()
        """Links sent in the last MONTH."""
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
