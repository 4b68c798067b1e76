"""What an act did besides what it asks for: stories that no longer fit or came in, and the parts of a split story."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from digest.edition.acts import Act, AddArticle, OwnItem, Split, named
from digest.model.edition import Edition, Item
from digest.model.ids import StoryId

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
MOST = 3
"""Number of stories that a message names."""


def effects(before: Edition | None, after: Edition | None, acts: Sequence[Act]) -> str:
    """Return what changed in the letter besides what the acts ask for, as sentences. Empty for nothing."""
    if before is None or after is None:
        return ""
    had, has = {item.story_id: item for item in before.items}, {item.story_id: item for item in after.items}
    told = [words for act in acts if isinstance(act, Split) for words in _of_split(act, had, after)]
    asked = {name.story_id for act in acts for name in named(act)}
    gone = [item.headline for key, item in had.items() if key not in has and key not in asked]
    own = any(isinstance(act, Split | OwnItem | AddArticle) for act in acts)
    came = [] if own else [item.headline for key, item in has.items() if key not in had and key not in asked]
    told += _each(gone, "no longer fits", "no longer fit") + _each(came, "came in", "came in")
    return " ".join(told)


def _of_split(act: Split, had: dict[StoryId, Item], after: Edition) -> Iterator[str]:
    """Yield where the part of a split story is now, and what became of the bullets."""
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


def _spans(item: Item | None) -> set[tuple[str, int]]:
    return {(bullet.article_id, bullet.start) for bullet in (item.bullets if item else ())}


def _bullets(number: int) -> str:
    return "One bullet" if number == 1 else f"{number} bullets"


def _each(headlines: Sequence[str], one: str, many: str) -> list[str]:
    if not headlines:
        return []
    shown = ", ".join(f"“{line}”" for line in headlines[:MOST])
    more = f" and {len(headlines) - MOST} more" if len(headlines) > MOST else ""
    return [f"{shown}{more} {one if len(headlines) == 1 else many}."]
