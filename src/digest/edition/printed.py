"""Every line that an edition prints, in the order of its letter.

A sent letter can be corrected line by line. In a draft an editor may take out some lines (``parts``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from digest.edition.parts import LABELS, Named, Part
from digest.model.edition import Edition, Item
from digest.model.finds import Shown

BLOCK_CHARACTERS = 120
"""Most characters of a block's text that are shown. They are enough to recognise it."""
JOINT = " · "
"""Text between the lines of one part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLine:
    """One line of a letter."""

    kind: str
    """What the line is, in words for the editor: ``Headline``, ``Bullet``."""
    text: str
    anchor: str = ""
    """The anchor of the line's story in the letter; empty for a line that belongs to no printed story."""
    headline: str = ""
    """The headline of the line's story; empty for a line that belongs to no story."""
    part: Part | None = None
    """The part to which the line belongs; None for a line that cannot be taken out alone."""
    key: str = ""
    """The key of ``part``; empty if it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A part of a letter with its text."""

    part: Part
    key: str
    words: str

    @property
    def label(self) -> str:
        """What kind of line it is."""
        return LABELS[self.part]


def printed_lines(edition: Edition) -> tuple[PrintedLine, ...]:
    """Return all lines of an edition."""
    beside = (line for item in edition.items for line in lines_of_item(item))
    return (*_before_stories(edition), *beside, *_after_stories(edition))


def lines_of_item(item: Item) -> tuple[PrintedLine, ...]:
    """Return the lines of an item: name, headline, picture texts, bullets, what comes next, earlier headlines."""
    key, image = str(item.story_id), item.image
    lines = [_line(Part.NAME, key, item.slug), _plain("Headline", item.headline)]
    if image is not None:
        lines += [_plain("Caption", image.caption), _plain("Credit of the picture", image.credit)]
    lines += [_plain("Bullet", bullet.text) for bullet in item.bullets]
    if item.ahead is not None:
        lines.append(_line(Part.AHEAD, key, item.ahead.passage.text))
    lines += [_line(Part.SO_FAR, key, one.headline) for one in item.so_far]
    return tuple(_of_story(line, item.anchor, item.headline) for line in lines if line.text)


def other_lines(edition: Edition) -> tuple[PrintedLine, ...]:
    """Return the lines outside the items: subject, note, number, quotation, what comes next, blocks and others."""
    return (*_before_stories(edition), *_after_stories(edition))


def parts_of(edition: Edition) -> tuple[Printed, ...]:
    """Return the parts that a letter prints, in its order. The lines of one part are joined."""
    said: dict[Named, list[str]] = {}
    under = (line for item in edition.items for line in lines_of_item(item))
    for line, text in (
        *((line, line.text) for line in (*_before_stories(edition), *under)),
        *((line, _with_headline(line)) for line in _after_stories(edition)),
    ):
        if line.part is not None:
            said.setdefault((line.part, line.key), []).append(text)
    return tuple(Printed(part=part, key=key, words=_words(part, key, texts)) for (part, key), texts in said.items())


def keyed(parts: Iterable[Printed], part: Part, key: str) -> Printed | None:
    """Return the one of ``parts`` with that kind and key; None when the letter has none."""
    return next((one for one in parts if (one.part, one.key) == (part, key)), None)


def _before_stories(edition: Edition) -> Iterator[PrintedLine]:
    note = edition.note.text if edition.note else ""
    lines = (_plain("Subject", edition.subject), _plain("Line after the subject", edition.preheader))
    names = _line(Part.OPENING, "", ", ".join(edition.opening_names))
    yield from (line for line in (*lines, _plain("Note", note), names) if line.text)


def _after_stories(edition: Edition) -> Iterator[PrintedLine]:
    finds, house = edition.finds, edition.house
    anchors = {item.story_id: item.anchor for item in edition.items}
    if house:
        yield _plain("Line of the house or sponsor", house.text)
    for block in edition.blocks:
        yield from (_line(Part.BLOCK, block.kind, text.strip()) for text in block.text.splitlines() if text.strip())
    if finds.number:
        yield _find(Part.NUMBER, "", finds.number, anchors.get(finds.number.story_id, ""))
    yield from (_line(Part.STILL, "", headline) for headline in edition.still_covered)
    for shown in finds.coming:
        yield _find(Part.AHEAD, shown.story_id, shown, anchors.get(shown.story_id, ""))
    if finds.quote:
        yield _find(Part.QUOTE, "", finds.quote, anchors.get(finds.quote.story_id, ""))
    for told in edition.corrections:
        yield _of_story(_line(Part.CORRECTION, str(told.id), told.right), "", told.headline)


def _plain(kind: str, text: str) -> PrintedLine:
    return PrintedLine(kind=kind, text=text)


def _line(part: Part, key: str, text: str) -> PrintedLine:
    return PrintedLine(kind=LABELS[part], text=text, part=part, key=key)


def _of_story(line: PrintedLine, anchor: str, headline: str) -> PrintedLine:
    return replace(line, anchor=anchor, headline=headline)


def _find(part: Part, key: str, shown: Shown, anchor: str) -> PrintedLine:
    return _of_story(_line(part, key, shown.find.passage.text), anchor, shown.headline)


def _with_headline(line: PrintedLine) -> str:
    return f"{line.text} ({line.headline})" if line.headline else line.text


def _words(part: Part, key: str, texts: Sequence[str]) -> str:
    """Return the text of a part's lines, joined. The text of a block begins with its kind and is shortened."""
    words = JOINT.join(texts)
    if part is not Part.BLOCK:
        return words
    return f"{key}: {words if len(words) <= BLOCK_CHARACTERS else words[:BLOCK_CHARACTERS].rstrip() + '…'}"
