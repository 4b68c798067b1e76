"""The acts of an editor on an edition and the possible actions, each with its command. An act's command undoes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from digest.edition.act_words import in_words
from digest.model.edition import EditionState
from digest.model.ids import EditionKey
from digest.model.life import FROZEN, UNSENT, Move
from digest.pipeline.sending.draft import AppliedAct, Drafted, DraftState, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A description of something that was done or is possible, and the command for it."""

    words: str
    command: str


def done(applied: AppliedAct, key: EditionKey) -> Line:
    """Return a description of one act in effect, and the command that undoes it."""
    headlines = iter(applied.headlines)
    words = in_words(applied.act, lambda _: next(headlines, ""))
    lost = "; nothing of it is in the material any more, so it does nothing" if applied.idle else ""
    return Line(words=words + lost, command=f"digest edit {key} --undo {applied.id}")


def possible(standing: DraftState, drafted: Drafted | None, now: datetime) -> Iterator[Line]:
    """Yield the possible actions on an edition in its present state, the likeliest first."""
    key, state = standing.due.key, standing.state
    if standing.may(Move.EDIT):
        yield from _on_draft(standing, drafted)
    if state is EditionState.APPROVED:
        yield Line(words="Take the approval back, to edit it", command=f"digest hold {key}")
    if state in UNSENT:
        if now >= standing.due.closes:
            late = f"digest send --edition {key.name} --date {key.date} --late"
            yield Line(words="Send it all the same, late", command=late)
        yield Line(words="Skip it: it is never sent", command=f"digest skip {key}")
    if standing.may(Move.PAUSE):
        yield Line(words="Let no further letter leave", command=f"digest pause {key}")
    if standing.may(Move.RESUME):
        yield Line(words="Let it go on", command=f"digest resume {key}")
    if state in FROZEN:
        yield Line(words="See who got it", command=f"digest deliveries --edition {key}")


def _on_draft(standing: DraftState, drafted: Drafted | None) -> Iterator[Line]:
    """Yield the possible actions on an edition whose draft can still be changed."""
    key, edit = standing.due.key, f"digest edit {standing.due.key}"
    if drafted is not None and drafted.edition is not None and drafted.origin is Origin.MADE:
        compose = f"digest compose --edition {key.name} --date {key.date}"
        yield Line(words="Compose it, as it is shown here: then it can be edited", command=compose)
    if standing.row is None or standing.row.edition is None:
        return
    yield Line(words="Approve it as it is", command=f"digest approve {key}")
    yield Line(words="Greet the readers", command=f"{edit} --note 'Good to have you back.' --by Ana")
    yield from _on_stories(edit, drafted)
    if standing.state is not EditionState.HELD:
        yield Line(words="Keep it from going until it is approved", command=f"digest hold {key}")


def _on_stories(edit: str, drafted: Drafted | None) -> Iterator[Line]:
    """Yield the acts on stories, with stories of this edition as examples."""
    printed = [story for story in (drafted.stories if drafted else ()) if story.place]
    if len(printed) > 1:
        first, last = printed[0], printed[-1]
        yield Line(words=f"Put a story first, such as “{last.headline}”", command=f"{edit} --pin {last.id}")
        yield Line(words="Leave it out", command=f"{edit} --drop {last.id}")
        yield Line(words="Give it another headline", command=f"{edit} --retitle {last.id} 'A better one'")
        yield Line(words=f"Tell it as a part of “{first.headline}”", command=f"{edit} --merge {first.id} {last.id}")
