"""Does a relay refuse some readers, or us? Refusals are held until that is clear, so that no reader pays for us.

A refusal is released as what it seems to be once a letter is accepted that was handed out after it. When too many come
in a row instead, the fault is not with the readers: then all that is held goes back into the queue.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from digest.bookkeeping import Claim
from digest.deliver.pacing.relay_choice import domain_of
from digest.deliver.protocol.refusal import About, Reason
from digest.deliver.protocol.replies import Act, Fate, Verdict

ENOUGH = 100
"""So much suspicion and the relay refuses us."""
WEIGHTS = {(About.US, True): 34, (About.RECIPIENT, True): 1}
"""Three refusals in a row that speak of us, or a hundred that surely speak of their readers: one dead address in five
makes that happen once in 10^69 letters. All others weigh DOUBT: ten in a row."""
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
    """A refused letter whose fate waits; ``taken`` is how many letters had been handed out when it was refused."""

    claim: Claim
    verdict: Verdict
    taken: int


class RelayHealth:
    """What one relay's refusals in a run add up to."""

    def __init__(self) -> None:
        self._held: list[Held] = []
        self._accepted: Claim | None = None

    @property
    def holds(self) -> bool:
        """Whether anything is held."""
        return bool(self._held)

    @property
    def refuses_us(self) -> bool:
        """Whether nothing should be sent by it any more."""
        return sum(_weight(held.verdict) for held in self._held) >= ENOUGH

    @property
    def suspects(self) -> bool:
        """Whether any held refusal is about us (sender, account, server) and not about a recipient or the message."""
        return any(held.verdict.about is About.US for held in self._held)

    @property
    def why(self) -> str:
        """The last words that were said, those of us before others, and what to do about them."""
        ordered = sorted(self._held, key=lambda held: held.verdict.about is About.US)
        return in_words(ordered[-1].verdict) if ordered else ""

    def refused(self, claim: Claim, verdict: Verdict, taken: int) -> None:
        """Hold a refused letter."""
        self._held.append(Held(claim, verdict, taken))

    def passed(self, claim: Claim) -> None:
        """Note that a letter was accepted."""
        self._accepted = claim

    def accepted(self, number: int) -> Iterator[tuple[Claim, Verdict]]:
        """Release what was refused before the letter of that number was handed out: it is accepted."""
        known = [held for held in self._held if held.taken < number]
        self._held = [held for held in self._held if held.taken >= number]
        yield from ((held.claim, _own(held.verdict)) for held in known)

    def end(self, *, early: bool) -> Iterator[tuple[Claim, Verdict]]:
        """Release all, nothing having been accepted since.

        Doubtful letters are tried again later; ``early``, when the run ends before its work is done, at once. When all
        are of one domain, and letters to others passed, that domain may refuse us by itself: they are tried later, so
        that the next run does not meet them again before the others.
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
        """Whether all that is held is of one domain, and the last letter that passed is of another."""
        domains = {domain_of(held.claim) for held in self._held}
        return len(domains) == 1 and self._accepted is not None and domain_of(self._accepted) not in domains


def is_held(verdict: Verdict) -> bool:
    """Tell whether to hold a refusal until other letters show whether it is about us or about this letter alone."""
    refused = verdict.about is About.US or verdict.fate is Fate.REJECTED
    return verdict.about is not None and verdict.act is not Act.STOP and refused


def in_words(verdict: Verdict) -> str:
    """Return a refusal with what to do about it, as far as that is known."""
    hint = HINTS.get(verdict.reason) if verdict.reason else None
    return f"{verdict.reply}; {hint}" if hint else verdict.reply


def _weight(verdict: Verdict) -> int:
    return WEIGHTS.get((verdict.about, verdict.certain), DOUBT) if verdict.about else 0


def _own(verdict: Verdict) -> Verdict:
    """Others' letters pass: what spoke of us was said to this reader's letter alone, and may pass later."""
    return replace(verdict, fate=Fate.DEFERRED) if verdict.about is About.US else verdict


def _later(verdict: Verdict) -> Verdict:
    return verdict if verdict.certain else replace(verdict, fate=Fate.DEFERRED)


def _back(verdict: Verdict) -> Verdict:
    return replace(verdict, fate=Fate.RETURNED, suppress=False)
