"""The SMTP session from the greeting to the first letter, without a socket: EHLO, STARTTLS and the login."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum

from digest.deliver.protocol.login import Login, mechanisms, steps
from digest.deliver.protocol.replies import Act, Fate, Reply, Stage, Verdict, judge
from digest.deliver.protocol.smtp_syntax import Abilities, abilities


@dataclass(frozen=True, slots=True)
class Say:
    """A line to send, without its line end."""

    stage: Stage
    line: bytes


class Turn(Enum):
    """What happens next, when there is no line to send."""

    TLS = "the TLS handshake"
    LETTERS = "letters"


class Handshake:
    """The exchange before the first letter. When it returns a Verdict, the SMTP session ends."""

    def __init__(self, *, name: str, login: Login | None, starttls: bool, secured: bool) -> None:
        """Send ``name`` in EHLO. Ask for TLS with ``starttls``, unless the connection is ``secured`` already."""
        self.name = name
        self.login = login
        self.abilities = Abilities()
        """What the relay announced after the last EHLO; empty when it only knows HELO."""
        self._starttls = starttls
        self._secured = secured
        self._greeted_plainly = False
        self._mechanisms: deque[str] = deque()
        self._answers: deque[bytes] = deque()

    def secured(self) -> Say:
        """Note that the connection is now under TLS, and start again with EHLO."""
        self._secured = True
        return self._hello("EHLO")

    def heard(self, said: Reply, stage: Stage, *, clean: bool) -> Say | Turn | Verdict:
        """Return what to do after a reply to the command of ``stage``.

        ``clean`` means that no further bytes came after the reply.
        """
        match stage, said.code:
            case Stage.GREETING, 220:
                return self._hello("EHLO")
            case Stage.HELLO, 250:
                return self._introduced(said)
            case Stage.HELLO, 500 | 502 | 504 if self._may_greet_plainly():
                self._greeted_plainly = True
                return self._hello("HELO")
            case Stage.STARTTLS, 220:  # bytes after this reply would count as received under TLS (CVE-2011-0411)
                return Turn.TLS if clean else _refused("the relay sent plain text behind its STARTTLS reply")
            case Stage.AUTH, _:
                return self._asked_who_we_are(said)
        return judge(said, stage)

    def _asked_who_we_are(self, said: Reply) -> Say | Turn | Verdict:
        match said.code:
            case 235:
                return Turn.LETTERS
            case 504 | 534 | 535 if self._mechanisms and self.login:
                return self._log_in(self.login)
            case 334 if self._answers:
                return Say(Stage.AUTH, self._answers.popleft())
        return judge(said, Stage.AUTH)

    def _hello(self, verb: str) -> Say:
        return Say(Stage.HELLO, f"{verb} {self.name}".encode("ascii", "replace"))

    def _may_greet_plainly(self) -> bool:
        return not self._greeted_plainly and self.login is None and not self._starttls

    def _introduced(self, said: Reply) -> Say | Turn | Verdict:
        self.abilities = Abilities() if self._greeted_plainly else abilities(said)
        if self._starttls and not self._secured:
            if not self.abilities.starttls:
                return _refused("the relay does not offer STARTTLS, and without TLS nothing is sent")
            return Say(Stage.STARTTLS, b"STARTTLS")
        if self.login is None:
            return Turn.LETTERS
        if not self._secured:
            return _refused("a password is never sent without TLS: use smtp+starttls:// or smtps://")
        self._mechanisms = deque(mechanisms(self.login, self.abilities.mechanisms))
        if not self._mechanisms:
            offered = ", ".join(sorted(self.abilities.mechanisms)) or "none"
            return _refused(f"the relay offers no way to log in that we can use (it offers: {offered})")
        return self._log_in(self.login)

    def _log_in(self, login: Login) -> Say:
        """Return the first line to send for the next login mechanism."""
        self._answers = deque(steps(login, self._mechanisms.popleft()))
        return Say(Stage.AUTH, self._answers.popleft())


def _refused(reason: str) -> Verdict:
    return Verdict(Fate.RETURNED, Act.STOP, reason)
