"""The single lines of a letter besides its stories, as the desk lists them: printed, or taken out by an editor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from digest.edition.acts import Act, ShowPart
from digest.edition.parts import OF_STORY, Part
from digest.edition.printed import Printed, parts_of
from digest.model.edition import Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a letter besides its stories. ``part`` and ``key`` together identify it.

    ``shown`` is False for a line that an editor took out.
    """

    part: str
    key: str
    label: str
    words: str
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The single lines of a letter: ``of`` has those under a story, by the story's id; ``beside`` has all others."""

    of: dict[str, tuple[Line, ...]]
    beside: tuple[Line, ...]


def lines_of(edition: Edition | None, acts: Sequence[Act]) -> Lines:
    """Return the single lines that a letter prints, and those that an editor took out by the acts in effect."""
    if edition is None:
        return Lines(of={}, beside=())
    apart = {str(one.story_id) for one in edition.finds.coming}
    printed = {str(item.story_id) for item in edition.items}
    lines = [*(_line(one, shown=True) for one in parts_of(edition)), *_out(acts)]
    under: dict[str, list[Line]] = {}
    beside: list[Line] = []
    for line in lines:
        in_block = line.part == Part.AHEAD.value and line.key in apart
        whose = line.key if Part(line.part) in OF_STORY and line.key in printed and not in_block else ""
        (under.setdefault(whose, []) if whose else beside).append(line)
    return Lines(of={key: tuple(found) for key, found in under.items()}, beside=tuple(beside))


def _out(acts: Iterable[Act]) -> Iterator[Line]:
    """Yield the lines that an editor took out and did not bring back."""
    last = {(act.part, act.story.story_id if act.story else act.key): act for act in acts if isinstance(act, ShowPart)}
    for (part, key), act in last.items():
        if not act.shown:
            yield _line(Printed(part=part, key=key, words=act.words), shown=False)


def _line(one: Printed, *, shown: bool) -> Line:
    return Line(part=one.part.value, key=one.key, label=one.label, words=one.words, shown=shown)
