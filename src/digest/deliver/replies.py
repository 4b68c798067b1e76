"""What a relay's reply means for one letter, for its reader, for the connection and for the whole run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Stage(Enum):
    """What was said last when a reply came."""

    GREETING = "greeting"
    HELLO = "EHLO"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    DOT = "the dot after the letter"
    RESET = "RSET"


class Fate(Enum):
    """What becomes of one letter."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    """Try again after a pause, until the edition expires."""
    REJECTED = "rejected"
    """Final for this reader and this edition."""
    RETURNED = "returned"
    """It was not judged at all: back into the queue, and no attempt is counted."""
    UNCERTAIN = "uncertain"
    """It was handed over whole, and no reply came."""


class Act(Enum):
    """What becomes of the connection, from nothing to the end of the run."""

    GO_ON = "go on"
    RENEW = "renew"
    """Go on over a new connection at once."""
    BACK_OFF = "back off"
    """Close it, and let the relay rest before the next."""
    STOP = "stop"
    """The relay refuses us all: somebody must look."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole reply: its code, and the text of each line as the relay sent it (a stranger's bytes)."""

    code: int
    lines: tuple[bytes, ...] = ()

    @property
    def enhanced(self) -> str:
        """The status code of RFC 3463; empty without one, or when its class contradicts ``code`` (RFC 2034, 4)."""
        found = _ENHANCED.match(self.lines[0]) if self.lines else None
        return found[1].decode() if found and int(found[2]) == self.code // 100 else ""

    def __str__(self) -> str:
        """Return the reply in one printable line; controls and direction marks become blanks, 300 characters stay."""
        words = f"{self.code} {b' '.join(self.lines).decode('utf-8', 'replace')}"
        if not words.isprintable():
            words = "".join(letter if letter.isprintable() else " " for letter in words)
        return words[:_TEXT_LENGTH].strip()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from a reply, or from its absence; ``reply`` holds the words to keep in the ledger."""

    fate: Fate
    act: Act = Act.GO_ON
    reply: str = ""
    suppress: bool = False
    """The address does not exist: no edition is mailed to it any more."""


SUPPRESSING = frozenset({"5.1.1", "5.1.2", "5.1.6"})
"""No such mailbox, no such domain, moved without a trace (RFC 3463, 3.2). All other refusals may pass."""

_OF_THE_SENDER = frozenset({"5.1.7", "5.1.8"})
"""Our own address is refused (RFC 3463, 3.2): true for every letter."""

_LOGIN_CODES = frozenset({530, 534, 535, 538})
"""Authentication required, too weak, wrong, or wanted under TLS (RFC 4954, section 6)."""

_LETTER_STAGES = frozenset({Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT})
_READER_STAGES = frozenset({Stage.RCPT, Stage.DATA, Stage.DOT})

_CLOSING = 421
_TOO_MUCH = 452
BAD_SEQUENCE = 503

_ENHANCED = re.compile(rb"(([245])\.\d{1,3}\.\d{1,3})(?:\s|$)")
_TEXT_LENGTH = 300


def judge(said: Reply, stage: Stage) -> Verdict:
    """Return what a reply other than the awaited go-ahead means; only a 2xx that answers the dot accepts.

    RFC 5321 (4.2, 4.5.3), RFC 3463 and RFC 4954 tell the codes; the rest is the practice of relays:

    ====================  ==========================================================================
    421                   the relay closes: the letter waits its turn, the connection backs off
    530, 534, 535, 538    our login is at fault: the run stops and no attempt is counted
    503 to MAIL           relay and we disagree on what was said: a new connection
    452                   enough for this connection: a new one at once (a full mailbox, 4.2.x, is 4xx)
    4xx                   try again after a growing pause
    5.7.x, 5.1.7, 5.1.8   a policy or our own address: the run stops, nobody is suppressed
    5.1.1, 5.1.2, 5.1.6   no such reader: final, and the address is suppressed
    5xx                   final for this letter
    ====================  ==========================================================================

    A refusal before MAIL concerns the relay and us, never a letter.
    """
    if stage is Stage.DOT and 200 <= said.code < 300:  # noqa: PLR2004 - RFC 5321, 4.2.1: 2xx is completion
        return Verdict(Fate.ACCEPTED, Act.GO_ON, str(said))
    words = f"{stage.value}: {said}"
    if said.code < 400:  # noqa: PLR2004 - RFC 5321, 4.2.1: 4xx and 5xx refuse
        return Verdict(Fate.UNCERTAIN if stage is Stage.DOT else Fate.RETURNED, Act.BACK_OFF, f"not expected: {words}")
    if said.code == _CLOSING:
        return Verdict(Fate.DEFERRED if stage is Stage.DOT else Fate.RETURNED, Act.BACK_OFF, words)
    if said.code in _LOGIN_CODES:
        return Verdict(Fate.RETURNED, Act.STOP, words)
    sort = _deferral if said.code < 500 else _refusal  # noqa: PLR2004 - the same: 4xx is transient
    return sort(said, stage, words)


def _deferral(said: Reply, stage: Stage, words: str) -> Verdict:
    if stage not in _LETTER_STAGES:
        return Verdict(Fate.RETURNED, Act.BACK_OFF, words)
    if said.code == _TOO_MUCH and stage is not Stage.DOT and not said.enhanced.startswith("4.2."):
        return Verdict(Fate.RETURNED, Act.RENEW, words)
    return Verdict(Fate.DEFERRED, Act.GO_ON, words)


def _refusal(said: Reply, stage: Stage, words: str) -> Verdict:
    if stage not in _LETTER_STAGES or said.enhanced in _OF_THE_SENDER:
        return Verdict(Fate.RETURNED, Act.STOP, words)
    if said.code == BAD_SEQUENCE and stage is Stage.MAIL:
        return Verdict(Fate.RETURNED, Act.RENEW, words)
    if said.enhanced.startswith("5.7."):
        return Verdict(Fate.RETURNED if stage is Stage.MAIL else Fate.REJECTED, Act.STOP, words)
    return Verdict(Fate.REJECTED, Act.GO_ON, words, suppress=said.enhanced in SUPPRESSING and stage in _READER_STAGES)
