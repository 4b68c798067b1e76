"""Turns entries of the audit log into text for people, with headlines and names, in one time zone.

Form fields and ids are left out: ``digest log --json`` prints them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from digest.edition.act_words import A_STORY, BLOCKS
from digest.edition.hand import Block
from digest.model.desk_session import AuditEntry
from digest.model.ids import EditionKey
from digest.model.user import User
from digest.settings import Settings
from digest.web.desk.editions.marks import WORDS

ACTS: Mapping[str, str] = {
    "drop": "Dropped",
    "restore": "Brought back",
    "pin": "Put first",
    "move": "Moved",
    "merge": "Merged with another story",
    "split": "Split",
    "retitle": "New headline",
    "original-title": "Original headline",
    "bullets": "Bullets changed",
    "link": "Other article linked",
    "photo": "Picture changed",
    "words": "Subject, line or note changed",
    "note": "Note",
    "subject": "Subject",
    "preheader": "Line after the subject",
    "house": "Line of the house or sponsor",
    "own": "Item of our own",
    "order": "Order of the stories changed",
    "undo": "A step undone",
    "redo": "A step done again",
}
"""Name of an act in its form -> what the log says."""
ORDERS: Mapping[str, str] = {
    **WORDS,
    "compose": "Composed",
    "add": "Article added",
    "preview-correction": "Looked at a correction",
    "correct": "Correction published",
    "withdraw": "Correction withdrawn",
    "tip": "Tip of a reader settled",
    "edit": "Edited",
}
"""Name of an action on a whole edition in the log -> what the log says."""
SAID = ("headline", "text", "right", "subject", "url", "user", "name", "role", "token")
"""Fields whose value is shown with an entry: the first one of these that the entry has."""
LONGEST = 120
"""Most characters of a shown value."""

Headline = Callable[[str, str], str]
"""Returns the headline of a story from its edition (such as ``morning/2026-11-23``) and its id; empty when it is
gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One entry of the audit log, as text for people."""

    at: datetime
    when: str
    who: str
    what: str
    edition: str
    """The edition that the entry concerns; empty for none."""
    client: str
    refused: bool


def zone_of(settings: Settings) -> ZoneInfo:
    """Return the time zone in which the log is shown: that of the first edition, UTC without editions."""
    return ZoneInfo(next((plan.zone for plan in settings.editions.values()), "UTC"))


def log_lines(
    entries: Sequence[AuditEntry], users: Iterable[User], headline: Headline, zone: ZoneInfo
) -> Iterator[LogLine]:
    """Yield the entries as text, in their order."""
    names = {user.email: user.name for user in users}
    for entry in entries:
        at = entry.at.astimezone(zone)
        yield LogLine(
            at=at,
            when=f"{at:%a} {at.day} {at:%b}, {at:%H:%M}",
            who=names.get(entry.who, entry.who),
            what=_words(entry, headline),
            edition=str(entry.about.get("edition", "")),
            client=entry.client,
            refused=entry.refused,
        )


def headline_in(stories: Callable[[EditionKey], Iterable[Mapping[str, Any]]]) -> Headline:
    """Return a function that finds headlines.

    It calls ``stories`` once for each edition, to get the edition's stories.
    """
    known: dict[str, dict[str, str]] = {}

    def headline(edition: str, story: str) -> str:
        if edition not in known:
            known[edition] = {str(one["id"]): str(one["headline"]) for one in _stories(edition)}
        return known[edition].get(story, "")

    def _stories(edition: str) -> Iterable[Mapping[str, Any]]:
        name, _, day = edition.partition("/")
        try:
            return stories(EditionKey.read(name, day))
        except ValueError:
            return ()

    return headline


def _words(entry: AuditEntry, headline: Headline) -> str:
    about = entry.about
    act = str(about.get("act", "")) if entry.what == "edit" else ""
    did = _act(act, about) if act else ORDERS.get(entry.what, entry.what[:1].upper() + entry.what[1:])
    story = str(about.get("story", ""))
    parts = [f": {headline(str(about.get('edition', '')), story) or A_STORY}"] if story else []
    said = next((str(about[field]) for field in SAID if about.get(field)), "")
    if said:
        short = said if len(said) <= LONGEST else f"{said[:LONGEST].rstrip()}…"
        parts.append(f": {short}" if not story else f", “{short}”")
    return did + "".join(parts)


def _act(act: str, about: Mapping[str, Any]) -> str:
    if act == "block" and about.get("block") in {block.value for block in Block}:
        return BLOCKS[Block(about["block"])]
    return ACTS.get(act, f"Edited ({act})")
