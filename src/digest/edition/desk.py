"""Apply the editor's acts to the tellings of an edition, one after the other, before the layout.

Acts are stored apart from computed values, and are applied again at each composition. An act whose story is missing
does nothing. It is returned in ``idle``, so that the desk can say so.

    tellings, acts ─ desked ─▶ Desked: tellings in the editor's order, what was dropped and merged, idle acts
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from digest.edition.acts import (
    Act,
    AddArticle,
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
    Pin,
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
)
from digest.edition.hand import Block
from digest.edition.own_items import own_telling
from digest.edition.parts import Named, taken_out
from digest.edition.regroup import joined, parted
from digest.edition.telling import Telling
from digest.model.article import Article
from digest.model.edition import HouseNote, Note
from digest.model.ids import ArticleId, StoryId
from digest.model.story import Story

Tell = Callable[[Story], Telling]
"""Turns a story into a telling: adds headline, bullets and memory."""
Alone = Callable[[Article], Story]
"""Makes a story of one article that was not among the ranked stories."""
BESIDE_LEAD = 1
"""Index of an item that the editor wrote, or of an article that the editor added: after the lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What acts need that make new stories: a function that makes tellings, and the articles that the editor added."""

    tell: Tell
    alone: Alone
    added: Mapping[ArticleId, Article] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desked:
    """The result of applying the acts to the tellings."""

    tellings: tuple[Telling, ...]
    """In the editor's order, without dropped stories."""
    dropped: tuple[Telling, ...] = ()
    merged: frozenset[StoryId] = frozenset()
    """Stories that are told as part of another."""
    idle: tuple[Act, ...] = ()
    """Acts that did nothing, because their story is missing."""


@dataclass(slots=True)
class _Table:
    """The tellings of an edition while acts are applied to them."""

    tellings: list[Telling]
    workshop: Workshop | None
    first_titles: dict[StoryId, str]
    dropped: list[tuple[int, Telling]] = field(default_factory=list)
    """Dropped tellings, each with the index that it had."""
    merged: set[StoryId] = field(default_factory=set)

    def find(self, name: StoryName) -> Telling | None:
        """Return the telling that a name means: with the same id, or else the first with an article in common."""
        exact = next((telling for telling in self.tellings if telling.story.id == name.story_id), None)
        return exact or next((telling for telling in self.tellings if name.names(telling.story)), None)

    def back(self, name: StoryName) -> Telling | None:
        """Return the telling that a name means. A dropped telling is first restored to the index that it had."""
        found = self.find(name)
        if found is not None:
            return found
        gone = next((each for each in self.dropped if name.names(each[1].story)), None)
        if gone is None:
            return None
        self.dropped.remove(gone)
        place, telling = gone
        self.tellings.insert(place, telling)
        return telling

    def drop(self, name: StoryName) -> None:
        """Drop the tellings that a name means."""
        gone = [(place, one) for place, one in enumerate(self.tellings) if name.names(one.story)]
        self.dropped += gone
        self.tellings[:] = [one for one in self.tellings if not name.names(one.story)]

    def change(self, old: Telling, *new: Telling) -> None:
        """Replace a telling by others."""
        at = self._at(old)
        self.tellings[at : at + 1] = new

    def move(self, telling: Telling, at: int) -> None:
        """Move a telling to an index, counted in the list without that telling; to the end if the list is shorter."""
        del self.tellings[self._at(telling)]
        self.tellings.insert(at, telling)

    def place_of(self, act: OwnItem) -> int:
        """Return the index for an item that the editor wrote; after the lead if the story beside it is missing."""
        if act.where is Where.FIRST:
            return 0
        near = self.find(act.beside) if act.beside else None
        return self._at(near) + 1 if near else min(BESIDE_LEAD, len(self.tellings))

    def _at(self, telling: Telling) -> int:
        return next(place for place, one in enumerate(self.tellings) if one is telling)

    def beside(self, telling: Telling, other: Telling, where: Where) -> None:
        """Move a telling directly before or after another."""
        rest = [one for one in self.tellings if one is not telling]
        at = next(place for place, one in enumerate(rest) if one is other)
        self.move(telling, at + (where is Where.AFTER))


def desked(tellings: Sequence[Telling], acts: Iterable[Act], workshop: Workshop | None = None) -> Desked:
    """Return the result of applying the acts to the tellings, in order.

    Without a ``workshop`` no story can be split, and no article can be added.
    """
    titles = {telling.story.id: telling.headline for telling in tellings}
    table = _Table(list(tellings), workshop, titles)
    idle = tuple(act for act in acts if not _do(act, table))
    return Desked(
        tellings=tuple(table.tellings),
        dropped=tuple(telling for _, telling in table.dropped),
        merged=frozenset(table.merged),
        idle=idle,
    )


def edited(tellings: Sequence[Telling], acts: Iterable[Act]) -> tuple[Telling, ...]:
    """Return the tellings after the acts are applied in order, without dropped stories."""
    return desked(tellings, acts).tellings


def idle(tellings: Sequence[Telling], acts: Iterable[Act]) -> tuple[Act, ...]:
    """Return the acts that do nothing because their story is not among the tellings."""
    return desked(tellings, acts).idle


def _do(act: Act, table: _Table) -> bool:
    """Apply an act. Return False if a story that it needs is missing."""
    match act:
        case NoteAct() | Subject() | Preheader() | HouseLine() | Undo() | Redo():
            return True
        case OwnItem() | AddArticle() | Order() | Merge():
            return _do_several(act, table)
        case ShowPart(story=story):
            return story is None or table.find(story) is not None
        case Pin() | Move() | ToBlock() | Restore():
            telling = table.back(act.story)
            return telling is not None and _place(act, telling, table)
        case _:
            found = table.find(act.story)
            return found is not None and _change(act, found, table)


def _do_several(act: OwnItem | AddArticle | Order | Merge, table: _Table) -> bool:
    match act:
        case OwnItem():
            table.tellings.insert(table.place_of(act), own_telling(act))
            return True
        case AddArticle():
            return _add(act, table)
        case Order(stories=stories):
            return _order(stories, table)
        case Merge(story=name, other=other):
            return _merge(name, other, table)


def _add(act: AddArticle, table: _Table) -> bool:
    shop = table.workshop
    article = shop.added.get(act.article_id) if shop else None
    if shop is None or article is None:
        return False
    if (there := next((one for one in table.tellings if _holds(one, article)), None)) is not None:
        table.change(there, replace(there, hand=replace(there.hand, block=Block.FULL)))
        return True
    telling = shop.tell(shop.alone(article))
    wanted = replace(telling, hand=replace(telling.hand, block=Block.FULL))
    table.tellings.insert(min(BESIDE_LEAD, len(table.tellings)), wanted)
    table.first_titles[wanted.story.id] = wanted.headline
    return True


def _holds(telling: Telling, article: Article) -> bool:
    return any(article.url == one.url for one in telling.story.articles)


def _order(names: Sequence[StoryName], table: _Table) -> bool:
    found = [table.back(name) for name in names]
    first = list({id(one): one for one in found if one is not None}.values())
    chosen = {id(one) for one in first}
    table.tellings[:] = [*first, *(one for one in table.tellings if id(one) not in chosen)]
    return None not in found


def _place(act: Pin | Move | ToBlock | Restore, telling: Telling, table: _Table) -> bool:
    match act:
        case Pin():
            _pin(telling, table)
        case ToBlock(block=block):
            table.change(telling, replace(telling, pinned=False, hand=replace(telling.hand, block=block)))
        case Move(where=where, beside=beside, block=block):
            return _move(telling, where, beside, block, table)
        case Restore():
            table.change(telling, replace(telling, hand=replace(telling.hand, block=_wanted(telling))))
    return True


def _wanted(telling: Telling) -> Block:
    """Return the block of a restored story: FULL if the program kept it out, so that no rule excludes it again."""
    return Block.FULL if telling.story.held_back else telling.hand.block


def _pin(telling: Telling, table: _Table) -> None:
    """Put a story directly after those pinned before, and before all others."""
    if telling.pinned:
        return
    pinned = replace(telling, pinned=True)
    table.change(telling, pinned)
    table.move(pinned, sum(one.pinned for one in table.tellings if one is not pinned))


def _move(telling: Telling, where: Where, beside: StoryName | None, block: Block, table: _Table) -> bool:
    moved = telling
    if block is not Block.FREE or where is Where.FIRST:
        wanted = Block.FULL if where is Where.FIRST and block is Block.FREE else block
        moved = replace(telling, hand=replace(telling.hand, block=wanted))
        table.change(telling, moved)
    if where is Where.FIRST:
        table.move(moved, 0)
    elif where is Where.LAST:
        table.move(moved, len(table.tellings))
    elif beside is not None:
        other = table.find(beside)
        if other is None or other is moved:
            return False
        table.beside(moved, other, where)
    return True


def _change(
    act: Drop | Split | Retitle | OriginalTitle | ChooseBullets | LinkTo | Photo, telling: Telling, table: _Table
) -> bool:
    hand = telling.hand
    match act:
        case Drop(story=name):
            table.drop(name)
        case Split(urls=urls):
            return _split(telling, urls, table)
        case Retitle(headline=headline):
            table.change(telling, replace(telling, headline=headline.strip()))
        case OriginalTitle():
            title = table.first_titles.get(telling.story.id, telling.headline)
            table.change(telling, replace(telling, headline=title))
        case ChooseBullets(bullets=bullets):
            table.change(telling, replace(telling, hand=replace(hand, bullets=bullets or None)))
        case LinkTo(url=url, name=name):
            if all(article.url != url for article in telling.story.articles):
                return False
            table.change(telling, replace(telling, hand=replace(hand, linked=url, credit=name)))
        case Photo(wish=wish):
            table.change(telling, replace(telling, hand=replace(hand, photo=wish)))
    return True


def _split(telling: Telling, urls: Sequence[str], table: _Table) -> bool:
    parts = parted(telling, urls, table.workshop.tell) if table.workshop else None
    if parts is None:
        return False
    table.change(telling, *parts)
    for part in parts:
        table.first_titles.setdefault(part.story.id, part.headline)
    return True


def _merge(name: StoryName, other: StoryName, table: _Table) -> bool:
    target = table.find(name)
    if target is None:
        return False
    taken = [one for one in table.tellings if one is not target and other.names(one.story)]
    whole = target
    for one in taken:
        whole = joined(whole, one)
        table.merged.add(one.story.id)
    table.tellings[:] = [one for one in table.tellings if all(one is not gone for gone in taken)]
    table.change(target, replace(whole, pinned=target.pinned))
    if whole.pinned and not target.pinned:
        _pin(next(one for one in table.tellings if one.story.id == target.story.id), table)
    return bool(taken) or other.names(target.story)


def note_of(acts: Iterable[Act]) -> Note | None:
    """Return the last note that the editor wrote. None when there is none, or when it was removed."""
    notes = [act for act in acts if isinstance(act, NoteAct)]
    return Note(text=notes[-1].text.strip(), author=notes[-1].author) if notes and notes[-1].text.strip() else None


def house_line_of(acts: Iterable[Act]) -> HouseNote | None:
    """Return the last line of a sponsor or of the publication. None when there is none, or it was removed."""
    lines = [act for act in acts if isinstance(act, HouseLine)]
    if not lines or not lines[-1].text.strip():
        return None
    last = lines[-1]
    return HouseNote(text=" ".join(last.text.split()), link=last.link, sponsor=last.sponsor.strip())


def parts_out(tellings: Iterable[Telling], acts: Iterable[Act]) -> frozenset[Named]:
    """Return the parts that the editor took out of the letter, such as finds, blocks and corrections."""
    stories, wishes = [telling.story for telling in tellings], list[tuple[Named, bool]]()
    for act in acts:
        if isinstance(act, ShowPart):
            whose = act.story
            keys = [story.id for story in stories if whose.names(story)] if whose else [act.key]
            wishes += [((act.part, key), act.shown) for key in keys]
    return taken_out(wishes)


def subject_of(acts: Iterable[Act]) -> str:
    """Return the subject that the editor wrote. Empty when the program's own subject is used."""
    return next((act.text.strip() for act in reversed(tuple(acts)) if isinstance(act, Subject)), "")


def preheader_of(acts: Iterable[Act]) -> str:
    """Return the preheader that the editor wrote. Empty when the program's own preheader is used."""
    return next((act.text.strip() for act in reversed(tuple(acts)) if isinstance(act, Preheader)), "")
