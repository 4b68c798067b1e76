"""Whether a relay refuses single readers or refuses us. Refusals are held until this is clear.

A held refusal takes effect as soon as the relay accepts a letter that it got later. When too many refusals come in a
row instead, the cause is not the readers: all held letters go back into the queue.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from digest.bookkeeping import Claim
from digest.deliver.pacing.relay_choice import domain_of
from digest.deliver.protocol.refusal import About, Reason
from digest.deliver.protocol.replies import Act, Fate, Verdict

ENOUGH = 100
"""When the weights of the held refusals add up to this, the relay refuses us."""
WEIGHTS = {(About.US, True): 34, (About.RECIPIENT, True): 1}
"""Weights of a refusal, by what it concerns and whether that is certain.

Three in a row about us are enough, or a hundred that are certainly about readers: with one dead address in five, that
happens once in 10^69 letters. All others weigh DOUBT: ten in a row are enough.
"""
DOUBT = 10

HINTS = {
    Reason.QUOTA: "letters wait until the allowance is renewed",
    Reason.SENDER: "set mail.envelope_sender (or the relay's) and mail.sender to an address that the account owns",
    Reason.LOGIN: "look at user, password and the way to log in",
    Reason.HELLO: "`?name=HOST` in its URL sets the name that we give in EHLO",
    Reason.REPUTATION: "ask the relay's operator, or its block list",
    Reason.CONTENT: "look at the letter with `digest preview`",
    Reason.SIZE: "make the letter smaller",
}


@dataclass(frozen=True, slots=True)
class Held:
    """A refused letter that is not decided yet.

    ``taken`` is how many letters the relay had got when it refused this one.
    """

    claim: Claim
    verdict: Verdict
    taken: int


class RelayHealth:
    """The refusals by one relay in a run, and what they mean together."""

    def __init__(self) -> None:
        self._held: list[Held] = []
        self._accepted: Claim | None = None

    @property
    def holds(self) -> bool:
        """Whether any refusal is held."""
        return bool(self._held)

    @property
    def refuses_us(self) -> bool:
        """Whether the relay refuses us, so that no more letters are sent by it."""
        return sum(_weight(held.verdict) for held in self._held) >= ENOUGH

    @property
    def suspects(self) -> bool:
        """Whether a held refusal is about us (sender, account, server), and not about a recipient or the message."""
        return any(held.verdict.about is About.US for held in self._held)

    @property
    def why(self) -> str:
        """The last refusal of the relay, if possible one about us, and what to do about it."""
        ordered = sorted(self._held, key=lambda held: held.verdict.about is About.US)
        return in_words(ordered[-1].verdict) if ordered else ""

    def refused(self, claim: Claim, verdict: Verdict, taken: int) -> None:
        """Hold a refused letter."""
        self._held.append(Held(claim, verdict, taken))

    def passed(self, claim: Claim) -> None:
        """Note that a letter was accepted."""
        self._accepted = claim

    def accepted(self, number: int) -> Iterator[tuple[Claim, Verdict]]:
        """Release the refusals that came before letter ``number`` was sent, since that letter is accepted."""
        known = [held for held in self._held if held.taken < number]
        self._held = [held for held in self._held if held.taken >= number]
        yield from ((held.claim, _own(held.verdict)) for held in known)

    def end(self, *, early: bool) -> Iterator[tuple[Claim, Verdict]]:
        """Release all held refusals, each with what it means, when no later letter was accepted.

        Doubtful letters are tried again later, or at once with ``early`` (the run ends before its work is done). If all
        of them are of one domain, and letters to other domains were accepted, that domain may refuse us: its letters
        are tried later, so that the next run does not begin with them.
        """
        refuses_us, theirs, held, self._held = self.refuses_us, self._is_one_domain, self._held, []
        for each in held:
            if each.verdict.about is not About.US and refuses_us and theirs:
                yield each.claim, replace(each.verdict, fate=Fate.DEFERRED, suppress=False)
                continue
            ours = refuses_us or each.verdict.about is About.US or (early and not each.verdict.certain)
            yield each.claim, _back(each.verdict) if ours else _later(each.verdict)

    @property
    def _is_one_domain(self) -> bool:
        """Whether all held letters go to one domain, and the last accepted letter went to another."""
        domains = {domain_of(held.claim) for held in self._held}
        return len(domains) == 1 and self._accepted is not None and domain_of(self._accepted) not in domains


def is_held(verdict: Verdict) -> bool:
    """Return whether a refusal must wait until other letters show whether it is about us or about this letter alone."""
    refused = verdict.about is About.US or verdict.fate is Fate.REJECTED
    return verdict.about is not None and verdict.act is not Act.STOP and refused


def in_words(verdict: Verdict) -> str:
    """Return the text of a refusal, with what to do about it if that is known."""
    hint = HINTS.get(verdict.reason) if verdict.reason else None
    return f"{verdict.reply}; {hint}" if hint else verdict.reply


def _weight(verdict: Verdict) -> int:
    return WEIGHTS.get((verdict.about, verdict.certain), DOUBT) if verdict.about else 0


def _own(verdict: Verdict) -> Verdict:
    """Return the verdict on a letter refused because of us, while others are accepted: try it again later."""
    return replace(verdict, fate=Fate.DEFERRED) if verdict.about is About.US else verdict


def _later(verdict: Verdict) -> Verdict:
    return verdict if verdict.certain else replace(verdict, fate=Fate.DEFERRED)


def _back(verdict: Verdict) -> Verdict:
    return replace(verdict, fate=Fate.RETURNED, suppress=False)
