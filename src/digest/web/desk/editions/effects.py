"""Sentences about the side effects of an act: stories that left the letter, came in, or changed their size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from digest.edition.acts import Act, AddArticle, OwnItem, Split, named
from digest.model.edition import LINES, Edition, Item, Place
from digest.model.ids import StoryId

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
ByStory = Mapping[StoryId, Item]


def effects(before: Edition | None, after: Edition | None, acts: Sequence[Act], *, undone: bool = False) -> str:
    """Return sentences about what changed in the letter besides what the acts ask for. Empty when nothing did.

    ``undone`` means that the acts were taken back. What they had made is then gone, and not mentioned.
    """
    if before is None or after is None:
        return ""
    had, has = {item.story_id: item for item in before.items}, {item.story_id: item for item in after.items}
    asked = {name.story_id for act in acts for name in named(act)} | _made(acts, had, has, undone=undone)
    told = [words for act in acts if isinstance(act, Split) and not undone for words in _of_split(act, had, after)]
    told += [] if undone else [words for act in acts if isinstance(act, OwnItem) for words in _of_own(act, has)]
    others = "; ".join(_on_others(had, has, asked))
    return " ".join([*told, *([f"Also: {others}."] if others else [])])


def _made(acts: Sequence[Act], had: ByStory, has: ByStory, *, undone: bool) -> set[StoryId]:
    """Return the stories that the acts added to the letter; with ``undone``, those that disappeared with the acts.

    ``had`` and ``has`` are the letter's items before and after.
    """
    one, other = (has, had) if undone else (had, has)
    new = [item for key, item in other.items() if key not in one]
    made: set[StoryId] = set()
    for act in acts:
        if isinstance(act, OwnItem):
            made.add(act.story_id)
        elif isinstance(act, AddArticle):
            made |= {item.story_id for item in new if _tells(item, act)}
        elif isinstance(act, Split):
            made |= {item.story_id for item in new[:1]}
    return made


def _tells(item: Item, act: AddArticle) -> bool:
    return item.link == act.url or any(bullet.article_id == act.article_id for bullet in item.bullets)


def _on_others(had: ByStory, has: ByStory, asked: set[StoryId]) -> Iterator[str]:
    """Yield what happened to the stories that nobody asked to change, as clauses such as "“Headline” came in"."""
    yield from _each([item for key, item in had.items() if key not in has and key not in asked], "no longer fits")
    yield from _each([item for key, item in has.items() if key not in had and key not in asked], "came in")
    kept = [(had[key], item) for key, item in has.items() if key in had and key not in asked]
    yield from _each([now for was, now in kept if _line(was) and not _line(now)], "is now a full story")
    yield from _each([now for was, now in kept if not _line(was) and _line(now)], "is now a one-liner")
    yield from _each([now for was, now in kept if now.place is Place.LEAD is not was.place], "now leads")
    same = {now.story_id for was, now in kept if _line(was) == _line(now)}
    if _group_order(had, same) != _group_order(has, same):
        yield "the order of other stories changed"


def _group_order(items: ByStory, among: set[StoryId]) -> list[StoryId]:
    return [key for key in items if key in among]


def _line(item: Item) -> bool:
    return item.place in LINES


def _of_split(act: Split, had: ByStory, after: Edition) -> Iterator[str]:
    """Yield sentences about a split story: the place of its new part, and what became of the bullets."""
    new = next((n for n, item in enumerate(after.items) if item.story_id not in had), None)
    if new is None:
        yield "The new story does not fit."
        return
    item = after.items[new]
    place = ORDINALS[new] if new < len(ORDINALS) else f"number {new + 1}"
    yield f"“{item.headline}” is now {place}."
    old = had.get(act.story.story_id)
    rest = next((one for one in after.items if one.story_id == act.story.story_id), None)
    before = _spans(old)
    went, left = before & _spans(item), before - _spans(item) - _spans(rest)
    if went:
        yield f"{_bullets(len(went))} went with it."
    if left:
        yield f"{_bullets(len(left))} of before {'is' if len(left) == 1 else 'are'} not printed any more."


def _of_own(act: OwnItem, has: ByStory) -> Iterator[str]:
    """Yield a sentence when an item that the editor wrote does not fit, or has room for its headline only."""
    item = has.get(act.story_id)
    if item is None:
        yield "There is no room for it: give it a higher place, or drop a story."
    elif act.lines and not item.bullets:
        yield "There is room for its headline only: give it a higher place, or drop a story."


def _spans(item: Item | None) -> set[tuple[str, int]]:
    return {(bullet.article_id, bullet.start) for bullet in (item.bullets if item else ())}


def _bullets(number: int) -> str:
    return "One bullet" if number == 1 else f"{number} bullets"


def _each(items: Sequence[Item], what: str) -> Iterator[str]:
    yield from (f"“{item.headline}” {what}" for item in items)
