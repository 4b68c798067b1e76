"""Turns a form of the desk into acts. Stories and lines that the form names are looked up in the displayed edition.

Raises RefusedAct for things that no longer exist, and ValueError, with a text for the user, for invalid input.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from digest.edition.acts import (
    Act,
    ChooseBullets,
    Drop,
    HouseLine,
    LinkTo,
    Merge,
    Move,
    NoteAct,
    Order,
    OriginalTitle,
    OwnItem,
    Photo,
    Preheader,
    Redo,
    Restore,
    Retitle,
    ShowPart,
    Split,
    StoryName,
    Subject,
    ToBlock,
    Undo,
    Where,
    short_headline,
)
from digest.edition.hand import Block, PhotoWish
from digest.edition.history import Deed, undone
from digest.edition.parts import OF_STORY, Part
from digest.edition.printed import keyed, parts_of
from digest.errors import RefusedAct
from digest.model.edition import LINES
from digest.model.ids import StoryId
from digest.model.story import Bullet
from digest.pipeline.sending.desk_sight import DeskSight
from digest.pipeline.sending.story_sight import StorySight, bullet_at, leading_bullet, shortened
from digest.web.visit import Visit

Look = Callable[[str], StorySight | None]
"""Returns the story with an id; None when the edition no longer has it."""
SPAN_PARTS = 3
"""Number of parts in a form field that names a sentence: article, start, end."""


WORDS = "words"
"""Name of the form with the texts of the letter: subject, preheader, and greeting."""


def acts_of(visit: Visit, sight: DeskSight, look: Look) -> tuple[Act, ...]:
    """Return the acts that a form requests: usually one, for the form WORDS one for each changed field.

    An undo or a redo concerns all acts that one sent form stored. ``look`` finds a story by its id.
    """
    if visit.told("act") in _AGAIN:
        again = _AGAIN[visit.told("act")]
        return tuple(again(of=number) for number in pressed_with(sight.standing.deeds, _number(visit, "of")))
    if visit.told("act") != WORDS:
        return (_act_of(visit, sight, look),)
    acts = words_of(visit, sight)
    if not acts:
        raise ValueError("subject, line and greeting are the same as before")
    return acts


def pressed_with(deeds: Sequence[Deed], number: int) -> tuple[int, ...]:
    """Return the numbers of the acts that one sent form stored together with the act ``number``.

    They have the same author and the same time, and are in effect if that act is, or undone if it is. For an unknown
    number, return it alone.
    """
    gone = undone(deeds)
    one = next((deed for deed in deeds if deed.id == number), None)
    if one is None:
        return (number,)
    alike = [deed for deed in deeds if (deed.at, deed.author) == (one.at, one.author)]
    return tuple(deed.id for deed in alike if (deed.id in gone) == (number in gone))


def words_of(visit: Visit, sight: DeskSight) -> tuple[Act, ...]:
    """Return the acts of the form WORDS: one for each text that differs from what the page showed.

    Empty when nothing was changed, and for every other form.
    """
    if visit.told("act") != WORDS:
        return ()
    return tuple(
        _EDITION[kind](visit, sight) for kind, fields in _WORDS.items() if any(_typed(visit, f) for f in fields)
    )


def _typed(visit: Visit, field: str) -> bool:
    """Return whether the user changed a field's text. White space makes no difference."""
    return field in visit.form and _line(visit.told(field)) != _line(visit.told(f"was_{field}"))


def _act_of(visit: Visit, sight: DeskSight, look: Look) -> Act:
    kind = visit.told("act")
    if kind in _EDITION:
        return _EDITION[kind](visit, sight)
    if kind in _STORY:
        return _STORY[kind](visit, name_of(sight, visit.told("story")), sight)
    if kind in _TEXT:
        story = look(visit.told("story"))
        if story is None:
            raise RefusedAct("that story is not in the edition any more")
        return _TEXT[kind](visit, story)
    raise ValueError("the form asks for nothing that the desk knows")


def name_of(sight: DeskSight, story_id: str) -> StoryName:
    """Return the name by which acts refer to a story of the displayed edition. Raises RefusedAct when it is gone."""
    for story in sight.facts:
        if story["id"] == story_id and story["memory"]:
            return StoryName(story_id=StoryId(story_id), urls=tuple(a["url"] for a in story["articles"]))
    raise RefusedAct("that story is not in the edition any more")


def _number(visit: Visit, field: str) -> int:
    text = visit.told(field)
    if not (text.isascii() and text.isdecimal() and len(text) < 10):  # noqa: PLR2004 - fits 32 bits
        raise ValueError("the form is damaged: a number is missing")
    return int(text)


def _own(visit: Visit, sight: DeskSight) -> Act:
    told = tuple(visit.told(field) for field in ("headline", "text", "link", "credit"))
    seed = "\n".join((str(sight.standing.due.key), str(sight.last_act), *told))
    return OwnItem(
        story_id=StoryId(sha256(seed.encode()).hexdigest()[:16]),
        headline=short_headline(told[0]),
        text=told[1].replace("\r\n", "\n"),
        link=told[2],
        credit=told[3],
        beside=_beside(visit, sight),
        where=Where.FIRST if visit.told("where") == Where.FIRST.value else Where.AFTER,
    )


def _beside(visit: Visit, sight: DeskSight) -> StoryName | None:
    """Return the story after which an item that the editor wrote is put: the chosen one, or the last one told in full.

    None when it is put first, or there is no story.
    """
    where, items = visit.told("where"), sight.edition.items if sight.edition else ()
    if where == Where.FIRST.value:
        return None
    last = next((item.story_id for item in reversed(items) if item.place not in LINES), "")
    story_id = where or last
    if not story_id:
        return None
    own = any(item.own and item.story_id == story_id for item in items)
    return StoryName(story_id=StoryId(story_id)) if own else name_of(sight, story_id)


def _order(visit: Visit, sight: DeskSight) -> Act:
    return Order(stories=tuple(name_of(sight, story_id) for story_id in visit.told("stories").split()))


def _house(visit: Visit, _: DeskSight) -> Act:
    return HouseLine(text=visit.told("text"), link=visit.told("link"), sponsor=visit.told("sponsor"))


def _part(visit: Visit, sight: DeskSight) -> Act:
    part, key, shown = Part(visit.told("part")), visit.told("key"), visit.told("shown") == "yes"
    printed = keyed(parts_of(sight.edition), part, key) if sight.edition else None
    if printed is None and not shown:
        raise RefusedAct("that line is not in the letter any more")
    story = name_of(sight, key) if part in OF_STORY else None
    words = printed.words if printed else ""
    return ShowPart(part=part, story=story, key="" if story else key, shown=shown, words=words)


def _line(text: str) -> str:
    return " ".join(text.split())


def _text(visit: Visit, field: str) -> str:
    """Return the text of a field on one line. A form with a single text calls its field ``text`` instead."""
    return _line(visit.told(field if field in visit.form else "text"))


_WORDS = {"subject": ("subject",), "preheader": ("preheader",), "note": ("note", "author")}
"""Kind of act in the form WORDS -> the form's fields with its texts."""
_EDITION: Mapping[str, Callable[[Visit, DeskSight], Act]] = {
    "note": lambda visit, _: NoteAct(text=_text(visit, "note"), author=_line(visit.told("author"))),
    "subject": lambda visit, _: Subject(text=_text(visit, "subject")),
    "preheader": lambda visit, _: Preheader(text=_text(visit, "preheader")),
    "house": _house,
    "own": _own,
    "order": _order,
    "part": _part,
}
_AGAIN: Mapping[str, type[Undo | Redo]] = {"undo": Undo, "redo": Redo}


def _move(visit: Visit, story: StoryName, sight: DeskSight) -> Act:
    beside = visit.told("beside")
    return Move(
        story=story,
        where=Where(visit.told("where")),
        beside=name_of(sight, beside) if beside else None,
        block=Block(visit.told("block")),
    )


def _merge(visit: Visit, story: StoryName, sight: DeskSight) -> Act:
    if not visit.told("other"):
        raise ValueError("choose the story that becomes a part of this one")
    other = name_of(sight, visit.told("other"))
    if other.story_id == story.story_id:
        raise ValueError("choose another story to tell with this one")
    return Merge(story=story, other=other)


def _split(visit: Visit, story: StoryName, _: DeskSight) -> Act:
    urls = tuple(url for url in visit.form.get("url", ()) if url in story.urls)
    if len(urls) == len(story.urls):
        raise ValueError("leave at least one article in the story")
    return Split(story=story, urls=urls)


_STORY: Mapping[str, Callable[[Visit, StoryName, DeskSight], Act]] = {
    "move": _move,
    "block": lambda visit, story, _: ToBlock(story=story, block=Block(visit.told("block"))),
    "drop": lambda _visit, story, _: Drop(story=story),
    "restore": lambda _visit, story, _: Restore(story=story),
    "merge": _merge,
    "split": _split,
    "retitle": lambda visit, story, _: Retitle(story=story, headline=short_headline(visit.told("headline"))),
    "original-title": lambda _visit, story, _: OriginalTitle(story=story),
}


def _link(visit: Visit, story: StorySight) -> Act:
    url = visit.told("url")
    name = next((one.source for one in story.articles if one.article.url == url), None)
    if name is None:
        raise RefusedAct("that article is no part of the story any more")
    return LinkTo(story=story.name, url=url, name=name)


def _photo(visit: Visit, story: StorySight) -> Act:
    if visit.told("shown") == "no":
        return Photo(story=story.name, wish=PhotoWish(shown=False))
    texts = {name: _line(visit.told(name)) if name in visit.form else None for name in ("alt", "credit", "caption")}
    return Photo(story=story.name, wish=PhotoWish(shown=True, url=visit.told("url"), **texts))


def _bullets(visit: Visit, story: StorySight) -> Act:
    """Return the act that chooses a story's bullets, after one step of the editor.

    A step adds, replaces, moves, shortens or removes a sentence.
    """
    what = visit.told("do")
    printed = list(story.printed)
    if what == "program":
        return ChooseBullets(story=story.name, bullets=())
    if what == "add":
        place = visit.told("instead")
        new = _span(visit, story)
        if place.isdecimal() and int(place) < len(printed):
            printed[int(place)] = new
            did = f"Bullet {int(place) + 1} replaced"
        else:
            printed.append(new)
            did = "Bullet added"
    else:
        at = _number(visit, "bullet")
        _step(what, at, printed, visit, story)
        did = _DID[what].format(at + 1)
    if not printed:
        raise ValueError("a story told in full needs a bullet: make it a one-liner instead")
    return ChooseBullets(story=story.name, bullets=tuple(printed), did=did)


_DID = {
    "remove": "Bullet {} removed",
    "up": "Bullet {} moved up",
    "cut": "Bullet {} shortened",
    "lead-in": "Sentence before bullet {} added",
}


def _step(what: str, at: int, printed: list[Bullet], visit: Visit, story: StorySight) -> None:
    if at >= len(printed):
        raise RefusedAct("that bullet is not printed any more")
    if what == "remove":
        del printed[at]
    elif what == "up" and at > 0:
        printed[at - 1 : at + 1] = printed[at], printed[at - 1]
    elif what == "lead-in":
        printed.insert(at, _chosen(leading_bullet(story, printed[at])))
    elif what == "cut":
        printed[at] = shortened(story, printed[at], visit.told("text"))
    else:
        raise ValueError("the form asks for nothing that the desk knows")


def _span(visit: Visit, story: StorySight) -> Bullet:
    parts = visit.told("at").split(":")
    if len(parts) != SPAN_PARTS or not all(part.isascii() and part.isdecimal() for part in parts[1:]):
        raise ValueError("choose a sentence")
    return _chosen(bullet_at(story, parts[0], int(parts[1]), int(parts[2])))


def _chosen(bullet: Bullet) -> Bullet:
    """Return a bullet as chosen by an editor: the program's doubts about it are removed."""
    return replace(bullet, doubtful=False, weak=False)


_TEXT: Mapping[str, Callable[[Visit, StorySight], Act]] = {"bullets": _bullets, "link": _link, "photo": _photo}
