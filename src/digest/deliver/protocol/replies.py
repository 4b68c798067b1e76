"""What a relay's reply means for one letter, its reader, the connection and the whole run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from digest.deliver.protocol.refusal import About, Asked, Reason


class Stage(Enum):
    """The command that a reply answers."""

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
    """The relay did not judge the letter. It goes back into the queue, and no attempt is counted."""
    UNCERTAIN = "uncertain"
    """It was handed over whole, and no reply came."""


class Act(Enum):
    """What happens to the connection after a reply, from nothing to the end of the run."""

    GO_ON = "go on"
    SLOW = "slow"
    """Go on over the same connection, with fewer letters a second."""
    RENEW = "renew"
    """Go on over a new connection at once."""
    FEWER = "fewer"
    """Close it, and go on with fewer connections."""
    BACK_OFF = "back off"
    """Close it, and wait before the next one."""
    STOP = "stop"
    """The relay refuses all our letters: somebody must look."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole reply: its code, and the text of each line as the relay sent it (untrusted bytes)."""

    code: int
    lines: tuple[bytes, ...] = ()

    @property
    def words(self) -> str:
        """The whole text of the reply; untrusted."""
        return b" ".join(self.lines).decode("utf-8", "replace")

    def __str__(self) -> str:
        """Return the reply in one printable line of at most 300 characters, controls and direction marks as spaces."""
        words = f"{self.code} {b' '.join(self.lines).decode('utf-8', 'replace')}"
        if not words.isprintable():
            words = "".join(letter if letter.isprintable() else " " for letter in words)
        return words[:_TEXT_LENGTH].strip()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from a reply, or from its absence. ``reply`` is the text to store in the ledger."""

    fate: Fate
    act: Act = Act.GO_ON
    reply: str = ""
    suppress: bool = False
    """The address does not exist: no edition is sent to it any more."""
    about: About | None = None
    """Whom a refusal concerns; None when the verdict is not a refusal."""
    reason: Reason | None = None
    certain: bool = True
    """Whether the text or the code of the reply says whom it concerns.

    If not, that is inferred from the command alone.
    """
    wait: timedelta | None = None
    """How long to wait before the next attempt, if the server says so."""


def reply_class(verdict: Verdict) -> str:
    """Return a verdict in a few constant words, as in ``rejected recipient gone``, without any of the relay's words."""
    about, reason = verdict.about, verdict.reason
    named = (verdict.fate.value, about.name.lower() if about else "", reason.name.lower() if reason else "")
    return " ".join(filter(None, named))


_LOGIN_CODES = frozenset({530, 534, 535, 538})
"""Authentication is required, too weak, wrong, or wanted under TLS (RFC 4954, section 6)."""

_ASKED = {
    Stage.MAIL: Asked.SENDER,
    Stage.RCPT: Asked.RECIPIENT,
    Stage.DATA: Asked.CONTENT,
    Stage.DOT: Asked.CONTENT,
}
"""Stages in which a reply concerns a letter, with the part of it. In all others a reply concerns the relay and us."""

_ACTS = {Reason.SESSION: Act.RENEW, Reason.RATE: Act.SLOW, Reason.CONNECTIONS: Act.FEWER}

CLOSING = 421
BAD_SEQUENCE = 503

_TEXT_LENGTH = 300


def judge(said: Reply, stage: Stage) -> Verdict:
    """Return what an unexpected reply means. Only a 2xx reply to the final dot means that a letter is accepted.

    ``refusal_wording`` says whom a refusal of a letter concerns. What follows for that letter is:

    =================  ============================================================================================
    about us           back into the queue, no attempt counted; 530, 534, 535 and 538 end the run at once
    for now            a full session: over a new connection; too fast: slower; too many connections: fewer; a 421
                       without such words: the connection backs off; all else (greylisting): after a growing pause
    the recipient      final for this letter; the address is suppressed when it does not exist
    the message        final for this letter
    =================  ============================================================================================

    A refusal before MAIL concerns the relay and us, never a letter.
    """
    if stage is Stage.DOT and 200 <= said.code < 300:  # noqa: PLR2004 - RFC 5321, 4.2.1: 2xx is completion
        return Verdict(Fate.ACCEPTED, Act.GO_ON, str(said))
    words = f"{stage.value}: {said}"
    if said.code < 400:  # noqa: PLR2004 - RFC 5321, 4.2.1: 4xx and 5xx refuse
        return Verdict(Fate.UNCERTAIN if stage is Stage.DOT else Fate.RETURNED, Act.BACK_OFF, f"not expected: {words}")
    if stage not in _ASKED:
        return _before_letters(said, words)
    if said.code == BAD_SEQUENCE and stage is Stage.MAIL:
        return Verdict(Fate.RETURNED, Act.RENEW, words)
    return _of_letter(said, stage, words)


def _before_letters(said: Reply, words: str) -> Verdict:
    from digest.deliver.protocol.refusal_wording import of_us  # noqa: PLC0415 - wordings that a run without refusals never needs

    reason = Reason.LOGIN if said.code in _LOGIN_CODES else of_us(said.words)
    if reason is Reason.CONNECTIONS:
        act = Act.FEWER
    elif said.code in _LOGIN_CODES or reason is Reason.QUOTA:
        act = Act.STOP
    else:
        act = Act.BACK_OFF if said.code < 500 else Act.STOP  # noqa: PLR2004 - the same: 4xx is transient
    return Verdict(Fate.RETURNED, act, words, about=About.US, reason=reason)


def _of_letter(said: Reply, stage: Stage, words: str) -> Verdict:
    from digest.deliver.protocol.refusal_wording import refusal  # noqa: PLC0415 - the same

    found = refusal(said.code, f"{said.code} {said.words}", _ASKED[stage])
    act, fate = _ACTS.get(found.reason, Act.GO_ON) if found.about is About.NOW else Act.GO_ON, Fate.REJECTED
    if found.about is About.US or act is not Act.GO_ON:
        fate = Fate.RETURNED
    elif found.about is About.NOW:
        fate = Fate.DEFERRED
    if said.code in _LOGIN_CODES:
        act = Act.STOP
    elif said.code == CLOSING and found.about is About.NOW and act is Act.GO_ON:
        act, fate = Act.BACK_OFF, Fate.DEFERRED if stage is Stage.DOT else Fate.RETURNED
    gone = found.reason is Reason.GONE and stage is not Stage.MAIL
    return Verdict(fate, act, words, gone, found.about, found.reason, found.certain, found.wait)
