"""The anchor to which a page leads after an act: what was changed, so that the editor continues there.

The URL ends with the anchor, for browsers without scripts. Its query contains the anchor too, for our script, since a
script does not get the anchor of a redirect.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from digest.edition.acts import (
    Act,
    ChooseBullets,
    Drop,
    HouseLine,
    LinkTo,
    Merge,
    OriginalTitle,
    OwnItem,
    Photo,
    Redo,
    Retitle,
    Split,
    Undo,
    named,
)
from digest.model.edition import Edition, Item
from digest.model.ids import StoryId
from digest.pipeline.sending.desk_sight import DeskSight
from digest.web.visit import Visit

STORY = "story"
"""The value of the field ``from`` on a story's own page."""
NAMED = re.compile(r"[a-z][a-z0-9-]{0,60}")
"""Pattern of the anchor that a form may name itself, in its field ``place``."""
NAMED_STORY = re.compile(r"[0-9a-f]{1,40}")
NAMED_CORRECTION = re.compile(rf"{NAMED_STORY.pattern}|other")
SECTIONS: Mapping[type[Act], str] = {
    Retitle: "title",
    OriginalTitle: "title",
    ChooseBullets: "bullets",
    LinkTo: "articles",
    Split: "articles",
    Merge: "articles",
    Photo: "picture",
}
"""Type of act -> the section of a story's page in which it is done."""
FORMS: Mapping[type[Act], str] = {HouseLine: "house-form", OwnItem: "own-form"}
"""Type of act -> the form on an edition's page with which it is done. All other acts on no story belong to the form
WORDS."""

SENT_FROM: Mapping[str, str] = {
    "retitle": "title",
    "original-title": "title",
    "bullets": "bullets",
    "link": "articles",
    "split": "articles",
    "merge": "articles",
    "photo": "picture",
    "words": "words",
    "house": "house-form",
    "own": "own-form",
    "add": "add-form",
}
"""Name of an act -> the anchor of its form on the page. The form that adds an article names no act."""


def place_after(told: Visit, acts: Sequence[Act], before: DeskSight, after: DeskSight) -> str:
    """Return the page and the anchor to which a form with these acts leads.

    It is the part of the path after the edition: ``/story/ID#bullet-2`` on a story's page, or ``#story-ID``.
    """
    act = concerned(acts[0], before)
    story = _story(act)
    if told.told("from") == STORY and _has_page(after, told.told("story")) and not isinstance(act, Drop):
        return f"/story/{quote(told.told('story'), safe='')}#{_on_story_page(told, act, after)}"
    if NAMED.fullmatch(told.told("place")):
        return f"#{told.told('place')}"
    if not story:
        return f"#{FORMS.get(type(act), 'words')}"
    return f"#{_row(story, before.edition, after.edition)}"


def place_of(told: Visit) -> str:
    """Return the anchor of a sent form, on the page from which it was sent; empty when it has none."""
    act = told.told("act")
    if told.told("from") == STORY:
        number = _number(told.told("instead") or told.told("bullet"))
        return f"bullet-{number}" if act == "bullets" and number else SENT_FROM.get(act, "")
    if NAMED.fullmatch(told.told("place")):
        return told.told("place")
    if act == "correct" and NAMED_CORRECTION.fullmatch(told.told("form")):
        return f"correct-{told.told('form')}"
    story = told.told("story")
    return f"story-{story}" if NAMED_STORY.fullmatch(story) else SENT_FROM.get(act or "add", "")


def concerned(act: Act, before: DeskSight) -> Act:
    """Return the act that an undo or a redo concerns. Any other act is returned itself."""
    if not isinstance(act, Undo | Redo):
        return act
    return next((deed.act for deed in before.standing.deeds if deed.id == act.of), act)


def _story(act: Act) -> str:
    """Return the id of the story that an act changes; empty when it changes none."""
    names = named(act)
    return names[0].story_id if names else ""


def _has_page(sight: DeskSight, story: str) -> bool:
    """Return whether a story has a page of its own: the program has its text, and it is no part of another story."""
    return any(facts["id"] == story and facts["memory"] for facts in sight.facts)


def _on_story_page(told: Visit, act: Act, after: DeskSight) -> str:
    if not isinstance(act, ChooseBullets):
        return SECTIONS.get(type(act), "main")
    count = len(next((item.bullets for item in _items(after.edition) if item.story_id == act.story.story_id), ()))
    number = min(_bullet(told, act, count), count)
    return f"bullet-{number}" if number else "bullets"


def _bullet(told: Visit, act: ChooseBullets, count: int) -> int:
    """Return the number of the bullet that an act changed, from 1: ``count`` for a new one, 0 when all changed."""
    if told.told("act") != "bullets":  # an undo or a redo: the words of its act have the number
        number = re.search(r"\d+", act.did)
        return int(number[0]) if number else 0
    match told.told("do"):
        case "program":
            return 0
        case "add":
            return _number(told.told("instead")) or count
        case "up":
            return _number(told.told("bullet")) - 1
        case _:
            return _number(told.told("bullet"))


def _number(index: str) -> int:
    """Return the number, counted from 1, for an index in a form field, which is counted from 0; 0 without an index."""
    return int(index) + 1 if index.isascii() and index.isdecimal() else 0


def _row(story: str, before: Edition | None, after: Edition | None) -> str:
    """Return the anchor of a story.

    For a story that left the letter, return the anchor of one beside it that stayed.
    """
    had, has = [item.story_id for item in _items(before)], {item.story_id for item in _items(after)}
    if story in has or story not in had:
        return f"story-{quote(story, safe='')}"
    at = had.index(StoryId(story))
    near = next((one for one in had[at + 1 :] + had[:at][::-1] if one in has), "")
    return f"story-{near}" if near else "stories"


def _items(edition: Edition | None) -> tuple[Item, ...]:
    return edition.items if edition else ()
