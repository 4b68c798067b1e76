"""One SMTP session without a socket: bytes come in, events and bytes go out.

A session that may pipeline (RFC 2920) sends the end of one letter and the envelope of the next in one write, so a
letter costs one round trip::

    we     body of A . MAIL B RCPT B DATA        body of B . MAIL C RCPT C DATA
    relay                        250 A, 250, 250, 354                  250 B, 250, 250, 354

Where PIPELINING was not announced after the last EHLO, every command waits for its reply. Each command gets exactly
one reply, and any unexpected reply ends the session: a letter that was handed over whole and not answered is then
uncertain, and all others go back into the queue.

The caller of a session calls ``receive``, handles the events, submits letters while there is ``room``, and writes what
``outgoing`` returns, in this order.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum

from digest.deliver.protocol.handshake import Handshake, Say, Turn
from digest.deliver.protocol.login import Login
from digest.deliver.protocol.replies import BAD_SEQUENCE, CLOSING, Act, Fate, Reply, Stage, Verdict, judge
from digest.deliver.protocol.smtp_syntax import Abilities, ReplyReader, ReplyStreamError, mailbox, stuffed


class Security(Enum):
    """How the connection is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One letter in its envelope; ``message`` is the whole message, before dot-stuffing."""

    id: int
    sender: str
    recipient: str
    message: bytes
    probe: bool = False
    """Whether only the envelope is tried.

    Then no message is sent, and ``ACCEPTED`` means that the relay would take one.
    """
    token: str = ""
    """The token that identifies the letter in its envelope sender."""
    ready: bool = False
    """Whether every line of the message ends with CRLF, also the last, and no line begins with a dot.

    This is true of all letters made by ``splice``. Checking it in 30 KB costs as much as all other work (measured: 0.1
    ms).
    """


@dataclass(frozen=True, slots=True)
class HandOver:
    """Stands between a letter's body and its final dot. After the dot the relay is responsible for the letter."""

    parcel: Parcel


@dataclass(frozen=True, slots=True)
class StartTls:
    """An event: the relay waits for the TLS handshake. Call ``secured`` after it."""


@dataclass(frozen=True, slots=True)
class Ready:
    """An event: letters may be submitted."""


@dataclass(frozen=True, slots=True)
class Settled:
    """An event: it is known what became of one letter."""

    parcel: Parcel
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Ended:
    """An event: the SMTP session is over. Close the connection.

    ``verdict.act`` says what to do next, ``verdict.reply`` why.
    """

    verdict: Verdict


Event = StartTls | Ready | Settled | Ended

_STAYS = frozenset({Act.GO_ON, Act.SLOW})
"""Acts after which the connection stays open."""
UNANSWERED = "handed over, and no reply came"
_NOT_SENT = "not handed over"


@dataclass(slots=True)
class _Transaction:
    parcel: Parcel
    mail: bytes
    recipient: bytes
    refusal: Verdict | None = None
    has_recipient: bool = False
    go_ahead: bool = False
    handed_over: bool = False


class Session:
    """The SMTP session of one connection, from the greeting on; ``name`` is our name in EHLO."""

    def __init__(
        self, *, security: Security, name: str = "", login: Login | None = None, may_pipeline: bool = True
    ) -> None:
        self._handshake = Handshake(
            name=name, login=login, starttls=security is Security.STARTTLS, secured=security is Security.TLS
        )
        self._may_pipeline = may_pipeline
        self._reader = ReplyReader()
        self._commands: deque[tuple[Stage, bytes, _Transaction | None]] = deque()
        self._awaited: deque[tuple[Stage, _Transaction | None]] = deque([(Stage.GREETING, None)])
        self._waiting: _Transaction | None = None
        self._open: _Transaction | None = None
        self._flying: _Transaction | None = None
        self._grouping = False
        self.abilities = Abilities()
        self.answered = 0
        """Number of complete replies received so far."""
        self.ready = False
        self.ended = False

    @property
    def name(self) -> str:
        """Our name in EHLO."""
        return self._handshake.name

    @name.setter
    def name(self, name: str) -> None:
        self._handshake.name = name

    @property
    def awaits(self) -> Stage | None:
        """The command whose reply comes next; None when no reply is due."""
        return self._awaited[0][0] if self._awaited else None

    @property
    def idle(self) -> bool:
        """Whether no letter is in progress and no reply is due."""
        return not (self._waiting or self._open or self._flying or self._awaited)

    @property
    def room(self) -> bool:
        """Whether a letter may be submitted now: one letter may wait while the body of another is sent."""
        if not self.ready or self.ended or self._waiting is not None:
            return False
        if self._grouping:
            return self._open is None or self._open.go_ahead
        return self._open is None and self._flying is None

    def submit(self, parcel: Parcel) -> Verdict | None:
        """Begin to send a letter. Return a verdict when this relay cannot get the letter; then it was not begun."""
        recipient, sender = mailbox(parcel.recipient), mailbox(parcel.sender)
        if recipient is None:
            return Verdict(Fate.REJECTED, reply="553 5.1.3 not a mail address (not sent)")
        if sender is None:
            return Verdict(Fate.RETURNED, Act.STOP, f"the sender {parcel.sender!r:.200} is no mail address")
        international = not (recipient.isascii() and sender.isascii())
        eight_bit = not parcel.message.isascii()
        objection = self._objection(parcel, international=international, eight_bit=eight_bit)
        if objection is None:
            options = b" SIZE=%d" % len(parcel.message) if self.abilities.size else b""
            options += b" BODY=8BITMIME" if eight_bit else b""
            options += b" SMTPUTF8" if international else b""
            mail = b"MAIL FROM:<%s>%s" % (sender.encode(), options)
            self._waiting = _Transaction(parcel, mail, b"RCPT TO:<%s>" % recipient.encode())
        return objection

    def receive(self, data: bytes) -> list[Event]:
        """Return the events in the relay's bytes; an empty list once the session has ended."""
        events: list[Event] = []
        try:
            for said in () if self.ended else self._reader.feed(data):
                self.answered += 1
                meant = self._handle(said)
                if said.code == CLOSING and not self.ended:  # the letter has another verdict, but the relay closes
                    meant = [*meant, *self._end(Verdict(Fate.RETURNED, Act.RENEW, str(said)))]
                if meant:
                    events += meant
                if self.ended:
                    break
        except ReplyStreamError as error:
            events += self._end(Verdict(Fate.RETURNED, Act.BACK_OFF, str(error)))
        return events

    def lost(self, reason: str) -> list[Event]:
        """Record that the connection is lost, or was given up after a timeout, and return the events that follow."""
        return [] if self.ended else self._end(Verdict(Fate.RETURNED, Act.BACK_OFF, reason))

    def secured(self) -> None:
        """Record that the TLS handshake is done and the certificate valid. The session starts again with EHLO."""
        again = self._handshake.secured()
        self._commands.append((again.stage, again.line, None))

    def handed_over(self) -> None:
        """Record that the next bytes written contain the final dot of the letter whose body has been sent."""
        if self._flying is not None:
            self._flying.handed_over = True

    def outgoing(self) -> list[bytes | HandOver]:
        """Return what to write now.

        At a HandOver the caller records it and calls ``handed_over`` before it writes on.
        """
        if self.ended:
            return []
        chunks: list[bytes | HandOver] = []
        tail = b""
        if self._open is not None and self._open.go_ahead:
            self._flying, self._open = self._open, None
            self._awaited.append((Stage.DOT, self._flying))
            parcel = self._flying.parcel
            chunks = [parcel.message if parcel.ready else stuffed(parcel.message), HandOver(parcel)]
            tail = b".\r\n"
        self._begin()
        tail += self._due_commands()
        if tail:
            chunks.append(tail)
        return chunks

    def _objection(self, parcel: Parcel, *, international: bool, eight_bit: bool) -> Verdict | None:
        if international and not self.abilities.utf8:
            return Verdict(Fate.REJECTED, reply="553 5.6.7 the relay does not offer SMTPUTF8 (not sent)")
        if eight_bit and not self.abilities.eight_bit:
            return Verdict(Fate.REJECTED, reply="554 5.6.3 the relay does not offer 8BITMIME (not sent)")
        limit = self.abilities.size_limit
        if limit is not None and len(parcel.message) > limit:
            return Verdict(Fate.REJECTED, reply=f"552 5.3.4 the relay takes at most {limit} octets (not sent)")
        return None

    def _begin(self) -> None:
        """Begin to send the waiting letter, if it is next."""
        if self._waiting is None or self._open is not None or (self._flying and not self._grouping):
            return
        self._open, self._waiting = self._waiting, None
        self._commands.append((Stage.MAIL, self._open.mail, self._open))
        if self._open.parcel.probe:
            return
        self._commands.append((Stage.RCPT, self._open.recipient, self._open))
        self._commands.append((Stage.DATA, b"DATA", self._open))

    def _due_commands(self) -> bytes:
        lines = b""
        while self._commands and (self._grouping or not self._awaited):
            stage, line, transaction = self._commands.popleft()
            self._awaited.append((stage, transaction))
            lines += line + b"\r\n"
        return lines

    def _handle(self, said: Reply) -> list[Event]:
        if not self._awaited:
            return self._end(_surprise(said, "a reply that nothing asked for"))
        stage, transaction = self._awaited.popleft()
        if transaction is not None:
            if transaction.parcel.probe:
                return self._handle_probe(said, stage, transaction)
            if said.code == 250 and stage is not Stage.DOT and stage is not Stage.DATA:  # noqa: PLR2004 - completion
                transaction.has_recipient = stage is Stage.RCPT
                return []
            return self._handle_letter(said, stage, transaction)
        if stage is Stage.RESET:
            return [] if said.code // 100 == 2 else self._end(_surprise(said, "RSET"))  # noqa: PLR2004 - completion
        return self._handle_handshake(said, stage)

    def _handle_probe(self, said: Reply, stage: Stage, transaction: _Transaction) -> list[Event]:
        """Try the envelope of a probe with MAIL and RCPT, and no further."""
        if said.code // 100 != 2:  # noqa: PLR2004 - completion
            verdict = judge(said, stage)
        elif stage is Stage.MAIL:
            self._commands.append((Stage.RCPT, transaction.recipient, transaction))
            return []
        else:
            verdict = Verdict(Fate.ACCEPTED, reply=str(said))
        self._commands.append((Stage.RESET, b"RSET", None))
        return self._settle(transaction, verdict)

    def _handle_handshake(self, said: Reply, stage: Stage) -> list[Event]:
        step = self._handshake.heard(said, stage, clean=self._reader.empty)
        match step:
            case Say(next_stage, line):
                self._commands.append((next_stage, line, None))
                return []
            case Verdict():
                return self._end(step)
            case Turn.TLS:
                return [StartTls()]
        self.abilities = self._handshake.abilities
        self._grouping = self._may_pipeline and self.abilities.pipelining
        self.ready = True
        return [Ready()]

    def _handle_letter(self, said: Reply, stage: Stage, transaction: _Transaction) -> list[Event]:
        if stage is Stage.DOT:
            return self._answered(said, transaction)
        if stage is Stage.DATA:
            return self._data_answered(said, transaction)
        if said.code // 100 == 2:  # noqa: PLR2004 - completion
            transaction.has_recipient = stage is Stage.RCPT
            return []
        return self._envelope_refused(said, stage, transaction)

    def _envelope_refused(self, said: Reply, stage: Stage, transaction: _Transaction) -> list[Event]:
        first = transaction.refusal is None
        if first:
            transaction.refusal = self._refusal(said, stage)
        if transaction.refusal is not None and transaction.refusal.act not in _STAYS:
            return self._settle(transaction, transaction.refusal)
        if self._commands and self._commands[0][2] is transaction:  # no pipelining: the rest of the envelope is unsent
            self._commands.clear()
            if stage is not Stage.MAIL:
                self._commands.append((Stage.RESET, b"RSET", None))
            return self._settle(transaction, transaction.refusal)
        return []

    def _refusal(self, said: Reply, stage: Stage) -> Verdict:
        """Return what a refusal means.

        If MAIL was sent too early for the relay, it gets one command at a time from now on.
        """
        if stage is Stage.MAIL and self._grouping:
            self._grouping = False
            if said.code == BAD_SEQUENCE:
                return Verdict(Fate.RETURNED, Act.GO_ON, f"{stage.value}: {said}")
        return judge(said, stage)

    def _data_answered(self, said: Reply, transaction: _Transaction) -> list[Event]:
        if said.code == 354:  # noqa: PLR2004 - RFC 5321, 4.3.2
            if transaction.refusal is None:
                transaction.go_ahead = True
            elif transaction.has_recipient:  # only MAIL was refused: do not deliver an empty letter
                return self._end(_surprise(said, "DATA after a refused MAIL"))
            else:  # a group's RCPT was refused but its DATA was not: end the message, which has no recipient
                self._commands.append((Stage.DOT, b".", transaction))
            return []
        verdict = transaction.refusal or judge(said, Stage.DATA)
        self._commands.append((Stage.RESET, b"RSET", None))
        return self._settle(transaction, verdict)

    def _answered(self, said: Reply, transaction: _Transaction) -> list[Event]:
        if transaction.refusal is not None:  # the reply to a lone dot
            return self._settle(transaction, transaction.refusal)
        if transaction.handed_over:
            return self._settle(transaction, judge(said, Stage.DOT))
        early = judge(said, Stage.DATA)  # a refusal in the middle of the body; a success cannot be true
        return [*self._settle(transaction, early), *self.lost(f"a reply before the letter's end: {said}")]

    def _settle(self, transaction: _Transaction, verdict: Verdict | None) -> list[Event]:
        verdict = verdict or Verdict(Fate.RETURNED, Act.BACK_OFF, _NOT_SENT)
        if transaction is self._open:
            self._open = None
        if transaction is self._flying:
            self._flying = None
        settled = Settled(transaction.parcel, verdict)
        return [settled] if verdict.act in _STAYS else [settled, *self._end(verdict)]

    def _end(self, verdict: Verdict) -> list[Event]:
        """End the session, and settle all letters in progress in their order."""
        self.ended, self.ready = True, False
        events: list[Event] = [
            Settled(transaction.parcel, _orphaned(transaction, verdict.reply))
            for transaction in (self._flying, self._open)
            if transaction is not None
        ]
        if self._waiting is not None:
            events.append(Settled(self._waiting.parcel, Verdict(Fate.RETURNED, reply=f"{_NOT_SENT}: {verdict.reply}")))
        self._flying = self._open = self._waiting = None
        self._commands.clear()
        self._awaited.clear()
        return [*events, Ended(verdict)]


def _orphaned(transaction: _Transaction, reason: str) -> Verdict:
    """Return the verdict on a letter whose session ended before the letter's reply came."""
    if transaction.refusal is not None:
        return transaction.refusal
    if transaction.handed_over:
        return Verdict(Fate.UNCERTAIN, reply=f"{UNANSWERED}: {reason}")
    return Verdict(Fate.RETURNED, reply=f"{_NOT_SENT}: {reason}")


def _surprise(said: Reply, what: str) -> Verdict:
    """Return the verdict on an unexpected reply. A 421 may come at any time (RFC 5321, 3.8); any other is an error."""
    return Verdict(Fate.RETURNED, Act.BACK_OFF, f"{what}: {said}")
