"""The values for the preview's template: the edition's state as text, and every figure with its unit."""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.header import decode_header, make_header
from zoneinfo import ZoneInfo

from digest.model.edition import EditionState, Place
from digest.model.life import FROZEN, PERSONS, waits_for_approval
from digest.pipeline.sending.draft import Drafted, DraftProof, DraftState, Origin
from digest.render.proof import CLIPPED, SUBJECT_SEEN, LetterFinding, Weight
from digest.settings import EditionSettings, Settings
from digest.web.preview.commands import Line, done, possible
from digest.web.preview.pane import Pane
from digest.web.preview.watch import Sight

VIEWS = {
    "light": "Light",
    "dark": "Dark",
    "plain": "Pictures off",
    "text": "Text",
    "headers": "Headers",
    "source": "Source",
}
"""Name of a view in the URL -> its label. The first view is the default."""
LEFT_OUT = 15
"""How many of the ranked stories that were left out are listed."""
KB = 1024
NO_PICTURES = "This letter shows no pictures, so nothing is missing here."
STATES = {
    EditionState.PLANNED: "Not composed",
    EditionState.READY: "Draft",
    EditionState.APPROVED: "Approved",
    EditionState.HELD: "Held",
    EditionState.SENDING: "Being sent",
    EditionState.SENT: "Sent",
    EditionState.SKIPPED: "Skipped",
    EditionState.PAUSED: "Paused",
    EditionState.CANCELLED: "Cancelled",
}
PLACES = {
    Place.LEAD: "Lead",
    Place.UPDATE: "Update",
    Place.TOP: "Top",
    Place.IN_DEPTH: "In depth",
    Place.LEFT: "Nothing new since the last letter",
    Place.ALSO: "Also",
    Place.MISSED: "If you missed it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure about the letter as text, such as its size, with a note on how it is measured or limited."""

    name: str
    value: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A frame with the letter: its size and the URL of its content."""

    title: str
    label: str
    width: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A story in a list, with its place or the reason why it is left out."""

    place: str
    headline: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPart:
    """The part of the page with the letter.

    Of frames, text, headers and source, only what the open view shows is filled.
    """

    sender: str
    subject: str
    preheader: str
    figures: tuple[Figure, ...]
    mend: tuple[str, ...]
    look: tuple[str, ...]
    frames: tuple[Frame, ...] = ()
    note: str = ""
    text: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPart:
    """The part of the page with the editor's acts, the possible actions, and the stories for which they are."""

    applied: tuple[Line, ...] = ()
    possible: tuple[Line, ...] = ()
    printed: tuple[Row, ...] = ()
    left_out: tuple[Row, ...] = ()
    more_left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage:
    """The values of the whole preview page."""

    version: str
    view: str
    views: tuple[tuple[str, str], ...]
    title: str
    day: str = ""
    state: str = ""
    kind: str = ""
    when: str = ""
    notices: tuple[str, ...] = ()
    problem: str = ""
    advice: tuple[Line, ...] = ()
    letter: LetterPart | None = None
    desk: DeskPart | None = None


def preview_page(sight: Sight, view: str, now: datetime) -> PreviewPage:
    """Return the values of the page for the content ``sight``. ``view`` is one of VIEWS, the first if unknown."""
    chosen, views = view if view in VIEWS else next(iter(VIEWS)), tuple(VIEWS.items())
    standing, settings = sight.standing, sight.settings
    if settings is None or standing is None:
        advice = tuple(_first_steps(settings))
        return PreviewPage(
            version=sight.version, view=chosen, views=views, title="Preview", problem=sight.problem, advice=advice
        )
    key, plan = standing.due.key, settings.editions[standing.due.key.name]
    return PreviewPage(
        version=sight.version,
        view=chosen,
        views=views,
        title=plan.title,
        day=f"{key.date:%A} {key.date.day} {key.date:%B %Y}",
        state="Waits for approval" if _waits(standing, plan, now) else STATES[standing.state],
        kind=standing.state.value,
        when=_when(standing, plan, now),
        notices=tuple(_notices(sight, standing, plan)),
        problem=sight.problem,
        advice=tuple(_advice(standing, sight.drafted)),
        letter=_letter_part(sight, sight.proof, chosen) if sight.proof else None,
        desk=_desk_part(standing, sight.drafted, now),
    )


def _first_steps(settings: Settings | None) -> Iterator[Line]:
    if settings is not None and not settings.editions:
        yield Line(words="There are no editions: the example settings show how one is written", command="digest init")


def _waits(standing: DraftState, plan: EditionSettings, now: datetime) -> bool:
    return standing.state is EditionState.READY and waits_for_approval(plan, standing.state, standing.due.due, now)


def _when(standing: DraftState, plan: EditionSettings, now: datetime) -> str:
    """Return a clause about when the edition is due or was sent, and to how many readers, in the edition's zone."""
    due, zone = standing.due, ZoneInfo(plan.zone)
    at = f"{due.due.astimezone(zone):%a %d %b, %H:%M} {zone.key}"
    to = f"to {standing.audience:,} {'reader' if standing.audience == 1 else 'readers'}"
    if standing.state in FROZEN:
        return f"was due {at}"
    if standing.state is EditionState.SKIPPED:
        return f"would have gone {at}"
    held = standing.state is EditionState.HELD
    if now < due.due:
        return f"{'was to go' if held else 'goes'} out {at}, in {_span(due.due - now)}, {to}"
    if due.is_open(now):
        return f"was due {at}, {_span(now - due.due)} ago; {'approved, ' if held else ''}it can still go, {to}"
    return f"was due {at}, {_span(now - due.due)} ago: past its window"


def _span(time: timedelta) -> str:
    minutes = max(1, round(time.total_seconds() / 60))
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:  # noqa: PLR2004 - two days
        return f"{hours // 24} days"
    hour = f"{hours} h " if hours else ""
    return f"{hour}{minutes} min"


def _notices(sight: Sight, standing: DraftState, plan: EditionSettings) -> Iterator[str]:
    """Yield sentences that a reader of the preview should know before the letter."""
    zone, drafted = ZoneInfo(plan.zone), sight.drafted
    if standing.reason:
        by_hand = standing.cause in PERSONS
        words = f"{standing.state.value} {standing.reason}" if by_hand else standing.reason
        yield f"{words[:1].upper()}{words[1:]}."
    if sight.other_database:
        yield "The settings name another database now: start the preview again to look at it."
    if drafted is not None and drafted.edition is not None:
        yield _origin(standing, drafted, zone)
        if drafted.thin:
            yield f"There is little to tell: {drafted.thin}."
    if standing.fetched is not None and standing.state not in FROZEN:
        yield f"Last fetch: {standing.fetched.astimezone(zone):%a %H:%M} {zone.key}."
    if sight.proof is not None and sight.proof.unsigned:
        yield f"The copy is not signed: {sight.proof.unsigned}"


def _origin(standing: DraftState, drafted: Drafted, zone: ZoneInfo) -> str:
    at = f"{drafted.made_at.astimezone(zone):%H:%M}" if drafted.made_at else ""
    if drafted.origin is Origin.FROZEN:
        return "This is the letter as it was frozen: no template or setting changes it any more."
    if drafted.origin is Origin.STORED:
        if standing.state is EditionState.READY:
            return f"Composed at {at}; it goes as it stands here, unless news is fetched before."
        return f"Composed at {at}{'; it goes as it stands here' if standing.state is EditionState.APPROVED else ''}."
    if standing.row is not None and standing.row.edition is not None:
        return "Sources, settings or acts changed since the draft was composed: this is what would go now."
    return f"Made to be looked at, from what is stored at {at}; nothing is composed yet."


def _advice(standing: DraftState, drafted: Drafted | None) -> Iterator[Line]:
    """Yield advice, with a command, when there is no letter to show."""
    if drafted is None or drafted.edition is not None:
        return
    if not standing.sources:
        yield Line(words="There are no sources yet", command="digest sources add https://paper.example/")
    elif standing.fetched is None:
        yield Line(words="Nothing has been fetched yet", command="digest fetch")
    else:
        yield Line(words=f"There is too little to tell: {drafted.thin}. Fetch again", command="digest fetch")


def _letter_part(sight: Sight, proof: DraftProof, view: str) -> LetterPart:
    edition = sight.drafted.edition if sight.drafted else None
    headers = tuple(_headers(proof.message))
    return LetterPart(
        sender=next((value for name, value in headers if name.lower() == "from"), ""),
        subject=proof.letter.subject,
        preheader=edition.preheader if edition else "",
        figures=tuple(_figures(proof)),
        mend=_words(proof.findings, Weight.MEND),
        look=_words(proof.findings, Weight.LOOK),
        frames=tuple(_frames(view)),
        note=NO_PICTURES if view == "plain" and "<img" not in proof.page else "",
        text=proof.letter.text if view == "text" else "",
        headers=headers if view == "headers" else (),
        source=proof.message.decode("utf-8", "replace").replace("\r\n", "\n") if view == "source" else "",
    )


def _words(findings: tuple[LetterFinding, ...], weight: Weight) -> tuple[str, ...]:
    return tuple(finding.words for finding in findings if finding.weight is weight)


def _frames(view: str) -> Iterator[Frame]:
    if view not in {"light", "dark", "plain"}:
        return
    pane = Pane(scheme="dark" if view == "dark" else "light", pictures=view != "plain")
    how = VIEWS[view].lower()
    for label, width in (("Phone", 375), ("Desktop", 640)):
        yield Frame(
            title=f"The letter, {label.lower()}, {how}",
            label=f"{label}, {width} px, {how}",
            width=width,
            address=pane.address,
        )


def _figures(proof: DraftProof) -> Iterator[Figure]:
    page, message = len(proof.letter.html.encode()), len(proof.message)
    subject = len(proof.letter.subject)
    yield Figure(name="Subject", value=f"{subject} characters", note=f"every phone shows {SUBJECT_SEEN}")
    yield Figure(name="HTML", value=f"{page / KB:.1f} KB", note=f"Gmail clips at {CLIPPED // KB} KB")
    yield Figure(name="Whole message", value=f"{message / KB:.1f} KB", note="as it leaves, both parts encoded")
    words = sum("://" not in word for word in proof.letter.text.split())
    yield Figure(name="Text part", value=f"{words} words", note="its addresses not counted")


def _headers(message: bytes) -> Iterator[tuple[str, str]]:
    """Yield the header fields of a message, unfolded and decoded, in order."""
    for name, value in email.message_from_bytes(message).items():
        unfolded = " ".join(str(value).split())
        yield name, str(make_header(decode_header(unfolded)))


def _desk_part(standing: DraftState, drafted: Drafted | None, now: datetime) -> DeskPart:
    stories = drafted.stories if drafted else ()
    out = tuple(Row(place=story.left_out, headline=story.headline, id=story.id) for story in stories if not story.place)
    return DeskPart(
        applied=tuple(done(applied, standing.due.key) for applied in (drafted.applied if drafted else ())),
        possible=tuple(possible(standing, drafted, now)),
        printed=tuple(_printed(drafted)) if drafted else (),
        left_out=out[:LEFT_OUT],
        more_left_out=len(out[LEFT_OUT:]),
    )


def _printed(drafted: Drafted) -> Iterator[Row]:
    """Yield the stories of the letter in order, with the headlines that it prints."""
    for item in drafted.edition.items if drafted.edition else ():
        yield Row(place=PLACES[item.place], headline=item.headline, id=item.story_id)
