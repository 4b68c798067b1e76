"""The values for an edition's templates: times in its zone, numbers with units, the values of every form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from digest.edition.acts import Preheader, Subject
from digest.edition.hand import Block
from digest.edition.printed import PrintedLine, lines_of_item, other_lines
from digest.model.edition import LINES, EditionState, Item, Place
from digest.model.life import FROZEN, UNSENT, Move
from digest.model.user import Role, User
from digest.pipeline.editions.inputs import BY_EDITOR, PART_OF_ANOTHER
from digest.pipeline.sending.desk_sight import DeskSight, News
from digest.render.proof import LetterFinding, Weight
from digest.render.sentence import spoken
from digest.settings import EditionSettings
from digest.web.desk.editions.approvers import how_to_change, who_approves
from digest.web.desk.editions.lines import Line, Lines, lines_of
from digest.web.desk.editions.marks import Mark
from digest.web.desk.editions.pasts import Pasts, history_of
from digest.web.desk.editions.state_words import (
    DueWords,
    by_whom,
    held_by_hand,
    notices_of,
    promise_of,
    state_of,
    when_of,
)

LEFT_OUT = 25
"""How many of the ranked stories that were left out are listed."""
PLACES = {
    Place.LEAD: "Lead",
    Place.UPDATE: "Updates",
    Place.TOP: "Top stories",
    Place.IN_DEPTH: "In depth",
    Place.LEFT: "Nothing new since the last letter",
    Place.ALSO: "One-liners",
    Place.MISSED: "If you missed it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTo:
    """The move that puts a story before or after the story next to it."""

    beside: str
    where: str
    block: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A story of the letter, as the page lists it."""

    id: str
    headline: str
    bullets: tuple[str, ...]
    credit: str
    line: bool
    first: bool
    up: StepTo | None
    down: StepTo | None
    own: bool
    anchor: str
    lines: tuple[Line, ...]
    """The single lines that the letter prints under the story besides its bullets."""
    printed: tuple[PrintedLine, ...]
    """The story's lines, in the form in which a user can mark one as wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The stories of one section of the letter."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """A story that is not in the letter, and the reason."""

    id: str
    headline: str
    why: str
    dropped: bool
    part: bool
    """Whether the story is told as a part of another story."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What a user may do with an edition."""

    edit: bool
    approve: bool
    hold: bool
    skip: bool
    pause: bool
    resume: bool
    refreeze: bool
    correct: bool
    compose: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionView:
    """The values of an edition's page."""

    key: str
    path: str
    version: str
    last_act: int
    title: str
    day: str
    state: str
    kind: str
    when: DueWords
    promise: str
    """What happens to the approved edition; empty for others."""
    who_approves: str
    """Who may approve the edition, for an editor who may not; empty otherwise."""
    notices: tuple[str, ...]
    problem: str
    mend: tuple[LetterFinding, ...]
    look: tuple[LetterFinding, ...]
    is_final: bool
    """Whether readers have this letter already, so that nothing in it can be changed."""
    groups: tuple[Group, ...]
    beside: tuple[Line, ...]
    """The single lines that the letter prints outside its stories."""
    out: tuple[Out, ...]
    more_out: int
    before_lines: str
    """Id of the last story told in full. A one-liner that becomes a full story is put before it."""
    history: Pasts
    subject: str
    preheader: str
    subject_by_hand: bool
    preheader_by_hand: bool
    note: tuple[str, str]
    house: tuple[str, str, str]
    news: str
    has_letter: bool
    can: Allowed
    corrections: tuple[tuple[int, str, str, str, str], ...]
    """For each correction: number, headline, wrong text, right text, time."""
    other_lines: tuple[PrintedLine, ...]
    """The lines outside the stories, in the form in which a user can mark one as wrong."""
    audience: str
    waiting: int


def edition_view(  # noqa: PLR0913, PLR0917 - what a page depends on, values only
    sight: DeskSight,
    plan: EditionSettings | None,
    user: User,
    now: datetime,
    came: News,
    path: str,
    waiting: int = 0,
    marks: Sequence[Mark] = (),
    publishers: Sequence[str] = (),
) -> EditionView:
    """Return the values of an edition's page for a user.

    ``came`` is the news since the draft, ``path`` the page's path below the desk, ``waiting`` the number of readers
    whose letter was not sent yet, and ``publishers`` the names of those who may approve.
    """
    standing, edition = sight.standing, sight.edition
    key, zone = standing.due.key, ZoneInfo(plan.zone if plan else edition.zone if edition else "UTC")
    items = edition.items if edition else ()
    lines = lines_of(edition, standing.acts)
    final = standing.state in FROZEN and not sight.amended
    return EditionView(
        key=str(key),
        path=path,
        version=sight.version,
        last_act=sight.last_act,
        title=edition.title if edition else plan.title if plan else key.name,
        day=f"{key.date:%A} {key.date.day} {key.date:%B %Y}" + (f", no. {key.number}" if key.number > 1 else ""),
        state=state_of(sight, plan, now) + by_whom(sight, marks),
        kind=standing.state.value,
        when=when_of(sight, zone, now, plan),
        promise=promise_of(sight, how_to_change(user, publishers)),
        who_approves=who_approves(user, publishers) if _waits(sight) else "",
        notices=tuple(notices_of(sight, zone)),
        problem=sight.problem,
        mend=() if final else _found(sight, Weight.MEND),
        look=() if final else _found(sight, Weight.LOOK),
        is_final=final,
        groups=tuple(_groups(items, lines)),
        beside=lines.beside,
        out=tuple(_out(sight))[:LEFT_OUT],
        more_out=max(0, len(tuple(_out(sight))) - LEFT_OUT),
        before_lines=next((item.story_id for item in reversed(items) if item.place not in LINES), ""),
        history=history_of(sight.steps, standing.deeds, marks, zone),
        subject=edition.subject if edition else "",
        preheader=edition.preheader if edition else "",
        subject_by_hand=_acted(sight, Subject),
        preheader_by_hand=_acted(sight, Preheader),
        note=(edition.note.text, edition.note.author) if edition and edition.note else ("", ""),
        house=_house_line(sight),
        news=_news(came),
        has_letter=sight.proof is not None,
        can=_allowed(sight, user),
        corrections=_corrections(sight, zone),
        other_lines=other_lines(edition) if edition else (),
        audience=f"{standing.audience:,} {'reader' if standing.audience == 1 else 'readers'}",
        waiting=waiting,
    )


def _house_line(sight: DeskSight) -> tuple[str, str, str]:
    """Return text, link and sponsor of the letter's house line (the publisher's own line); empty texts without one."""
    house = sight.edition.house if sight.edition else None
    return (house.text, house.link, house.sponsor) if house else ("", "", "")


def _corrections(sight: DeskSight, zone: ZoneInfo) -> tuple[tuple[int, str, str, str, str], ...]:
    """Return number, headline, wrong text, right text and time of each correction of the edition."""
    return tuple(
        (one.id, one.headline, one.wrong, one.right, f"{one.at.astimezone(zone):%d %b %Y, %H:%M}")
        for one in sight.corrections
    )


def _allowed(sight: DeskSight, user: User) -> Allowed:
    """Return what a user may do with the edition in its present state."""
    standing, has = sight.standing, sight.edition is not None
    editor, publisher = user.may(Role.EDITOR), user.may(Role.PUBLISHER)
    return Allowed(
        edit=editor and has and (standing.may(Move.EDIT) or standing.may(Move.AMEND)),
        approve=publisher and _waits(sight),
        hold=publisher and has and standing.may(Move.HOLD) and not held_by_hand(sight),
        skip=publisher and standing.state in UNSENT,
        pause=publisher and standing.may(Move.PAUSE),
        resume=publisher and standing.may(Move.RESUME),
        refreeze=publisher and sight.amended,
        correct=publisher and standing.state in FROZEN,
        compose=editor and not has and standing.may(Move.COMPOSE),
    )


def _waits(sight: DeskSight) -> bool:
    """Return whether the edition can be approved now, by a user with the right to do so."""
    standing = sight.standing
    return sight.edition is not None and standing.may(Move.APPROVE) and standing.state is not EditionState.APPROVED


def _found(sight: DeskSight, weight: Weight) -> tuple[LetterFinding, ...]:
    return tuple(one for one in (sight.proof.findings if sight.proof else ()) if one.weight is weight)


def _groups(items: Sequence[Item], lines: Lines) -> Iterator[Group]:
    for place in dict.fromkeys(item.place for item in items):
        rows = tuple(_row(n, items, lines) for n, item in enumerate(items) if item.place is place)
        yield Group(name=PLACES[place], rows=rows)


def _row(at: int, items: Sequence[Item], lines: Lines) -> Row:
    item = items[at]
    bullets = tuple(spoken(b.text, cut_start=b.cut_start, cut_end=b.cut_end) for b in item.bullets)
    return Row(
        id=item.story_id,
        headline=item.headline,
        bullets=bullets,
        credit=item.source_name,
        line=item.place in LINES,
        first=at == 0,
        up=_past(item, items[at - 1], "before") if at else None,
        down=_past(item, items[at + 1], "after") if at + 1 < len(items) else None,
        own=item.own,
        anchor=item.anchor,
        lines=lines.of.get(item.story_id, ()),
        printed=lines_of_item(item),
    )


def _past(item: Item, other: Item, where: str) -> StepTo | None:
    """Return the move of an item past the next or previous one.

    None between sections whose stories cannot change places.
    """
    near = {Place.LEAD, Place.TOP}
    same = item.place is other.place or {item.place, other.place} <= near
    crosses = (item.place in LINES) != (other.place in LINES) and Place.UPDATE not in {item.place, other.place}
    if not (same or crosses):
        return None
    block = (
        Block.FREE if same and item.place is not Place.MISSED else Block.LINE if other.place in LINES else Block.FULL
    )
    return StepTo(beside=other.story_id, where=where, block=block.value)


def _out(sight: DeskSight) -> Iterator[Out]:
    printed = {item.story_id for item in (sight.edition.items if sight.edition else ())}
    for story in sight.facts:
        if story["id"] not in printed and not story["place"] and story["memory"]:
            why = story["left_out"]
            part = why == PART_OF_ANOTHER
            yield Out(id=story["id"], headline=story["headline"], why=why, dropped=why == BY_EDITOR, part=part)


def _acted(sight: DeskSight, kind: type[Subject | Preheader]) -> bool:
    found = [act for act in sight.standing.acts if isinstance(act, kind)]
    return bool(found and found[-1].text.strip())


def _news(came: News) -> str:
    parts = []
    if came.articles:
        parts.append(f"{came.articles} new {'article' if came.articles == 1 else 'articles'}")
    if came.changed:
        parts.append(f"{len(came.changed)} {'story' if len(came.changed) == 1 else 'stories'} changed")
    return ", ".join(parts)
