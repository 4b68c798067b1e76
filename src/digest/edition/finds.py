"""Which finds a letter shows: the names of its opening, what comes next, a number, a quotation, and its end.

Finds of a story are given best first. No sentence is printed twice, and none repeats a bullet or a headline of the
letter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from digest.edition.calendar import upcoming_after
from digest.model.edition import LINES, TOLD_IN_FULL, Edition, Item, Place
from digest.model.finds import Close, Find, Finds, Shown, Sought, StoryFinds
from digest.model.ids import EditionKey, StoryId
from digest.model.story import Bullet
from digest.settings import EditionSettings
from digest.text.similarity import containment, shingles
from digest.text.words import count_words, words

NAMED, LEAST_NAMED = 3, 2
"""The opening names at most and at least so many stories."""
MOST_AHEAD = 3
"""Most sentences on what comes next in one letter."""
PREFERENCE = 0.1
"""So much surer a find must be to be taken from a spare story, or from one that has another find."""
BRIEF = 0.05
"""So much surer a find of a one-line story must be than one of a story that is told in full."""
RUN, REPEATED = 3, 0.5
"""Size of a run of words, and the share of its runs from which a sentence repeats another, or a headline."""
FoundIn = Callable[[StoryId], StoryFinds]
"""What was found in a story, beside its bullets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A story from which a sentence may be shown."""

    story_id: StoryId
    headline: str
    slug: str = ""
    brief: bool = False
    """It is a one-line story of the letter."""


@dataclass(slots=True)
class _Said:
    """What the letter says so far: the runs of words of each sentence, and the stories that have a find."""

    runs: list[frozenset[int]] = field(default_factory=list)
    stories: set[StoryId] = field(default_factory=set)

    def first_new(self, finds: Iterable[Find]) -> Find | None:
        """Return the first find that repeats nothing."""
        return next((find for find in finds if not self._repeats(find.passage)), None)

    def add(self, text: str) -> None:
        """Note a sentence or a headline as said."""
        self.runs.append(shingles(text, RUN))

    def _repeats(self, passage: Bullet) -> bool:
        run = shingles(passage.text, RUN)
        return any(containment(run, other) >= REPEATED for other in self.runs)


def sought(settings: EditionSettings) -> Sought:
    """Return what the settings ask for in the stories of the letter. A sentence is shown with its story's name."""
    found = Sought(
        names=settings.opening_names or settings.one_liner_names,
        coming=settings.whats_next != "off",
        numbers=settings.number_of_day,
        quotes=settings.quote_of_day,
        light=settings.light_story,
    )
    return replace(found, names=found.names or found.sentences)


def with_finds(edition: Edition, found: FoundIn, settings: EditionSettings, spare: Sequence[Origin] = ()) -> Edition:
    """Return the edition with the finds that its settings ask for.

    ``spare`` are further stories, the best first. A find of theirs is shown with their own headline and link.
    """
    said = _Said()
    if settings.kind == "breaking":  # it tells one story, and no sentence of another
        spare = ()
    for item in edition.items:
        said.add(item.headline)
        for bullet in item.bullets:
            said.add(bullet.text)
    named = {item.story_id: _own_names(_of(item, found), item, edition.items) for item in edition.items}
    items = tuple(_named(item, named[item.story_id]) for item in edition.items)
    items, coming = _with_what_is_next(items, found, settings.whats_next, said)
    own = [_origin(item) for item in items if not item.own]
    if settings.whats_next != "off" and not coming and all(item.ahead is None for item in items):
        lent = _one((), spare, found, lambda each: (find for find in each.coming if not find.leans), said)
        coming = (lent,) if lent else ()
    number = _one(own, spare, found, lambda each: each.numbers, said) if settings.number_of_day else None
    quote = _one(own, spare, found, lambda each: each.quotes, said) if settings.quote_of_day else None
    finds = Finds(
        names=opening_names([named[item.story_id] for item in _in_full(items)]) if settings.opening_names else (),
        coming=coming,
        number=number,
        quote=quote,
        close=_close(edition.key, items, found, settings),
    )
    kept = tuple(_kept(item, settings) for item in items)
    return replace(edition, items=kept, finds=finds)


def words_of(edition: Edition) -> int:
    """Return the number of words of an edition's finds."""
    shown = [each.find for each in (*edition.finds.coming, edition.finds.number, edition.finds.quote) if each]
    ahead = [item.ahead for item in edition.items if item.ahead]
    earlier = sum(count_words(each.headline) for item in edition.items for each in item.so_far)
    return earlier + sum(count_words(find.passage.text) for find in (*shown, *ahead))


def _of(item: Item, found: FoundIn) -> StoryFinds:
    """Return what was found in an item's story. Nothing is found in an item that the editor wrote."""
    return StoryFinds() if item.own else found(item.story_id)


def _origin(item: Item) -> Origin:
    return Origin(story_id=item.story_id, headline=item.headline, slug=item.slug, brief=item.place in LINES)


def _named(item: Item, found: StoryFinds) -> Item:
    return replace(item, slug=found.slug, slug_why=found.slug_why)


def _own_names(found: StoryFinds, item: Item, items: Sequence[Item]) -> StoryFinds:
    """Return what was found in a story without a name that another story of the letter has too."""
    others = "\n".join(
        text
        for each in items
        if each is not item
        for text in (each.headline, *(bullet.text for bullet in each.bullets))
    )
    known = frozenset(words(others))
    shared = [name for name in (found.slug, *found.other_slugs) if set(words(name)[-1:]) <= known]
    slug = "" if found.slug in shared else found.slug
    rest = tuple(name for name in found.other_slugs if name not in shared)
    return replace(found, slug=slug, slug_why=found.slug_why if slug else "", other_slugs=rest)


def _kept(item: Item, settings: EditionSettings) -> Item:
    """Return an item with its name only where the letter prints it: in one-liners whose headline lacks it."""
    printed = item.place in LINES and settings.one_liner_names and item.slug.casefold() not in item.headline.casefold()
    return item if printed or not item.slug else replace(item, slug="", slug_why="")


def _in_full(items: Sequence[Item]) -> list[Item]:
    """Return the stories of the letter that are told in full."""
    return [item for item in items if item.place not in LINES]


def opening_names(in_full: Sequence[StoryFinds]) -> tuple[str, ...]:
    """Return the names of the first NAMED stories in full that have one of their own, in the letter's order.

    Empty unless at least LEAST_NAMED stories have one, and one of the first NAMED: an opening of the last stories alone
    would hide what the letter is about.
    """
    names: list[str] = []
    for place, found in enumerate(in_full):
        mine = (found.slug, *found.other_slugs)
        name = next((each for each in mine if each and not any(_alike(each, other) for other in names)), "")
        if name:
            names.append(name)
        if not names and place == NAMED - 1:
            return ()
    return tuple(names[:NAMED]) if len(names) >= LEAST_NAMED else ()


def _alike(one: str, other: str) -> bool:
    """Return whether a reader could take two names for one: they share a word."""
    return not set(one.casefold().split()).isdisjoint(other.casefold().split())


def _with_what_is_next(
    items: tuple[Item, ...], found: FoundIn, where: str, said: _Said
) -> tuple[tuple[Item, ...], tuple[Shown, ...]]:
    """Return the items with the sentences under them, and those of the closing block.

    Under a story in full the sentence stands with it; those of one-liners are in the block.
    """
    if where == "off":
        return items, ()
    made: list[Item] = []
    coming: list[Shown] = []
    for item in items:
        under = where == "stories" and item.place in TOLD_IN_FULL
        finds = [find for find in _of(item, found).coming if under or not find.leans]
        left = len(coming) + sum(each.ahead is not None for each in made) < MOST_AHEAD
        find = said.first_new(finds) if left else None
        if find is not None:
            said.add(find.passage.text)
            said.stories.add(item.story_id)
        made.append(replace(item, ahead=find) if under and find else item)
        if find is not None and not under:
            coming.append(Shown(story_id=item.story_id, headline=item.headline, find=find, slug=item.slug))
    return tuple(made), tuple(coming)


def _one(
    own: Sequence[Origin],
    spare: Sequence[Origin],
    found: FoundIn,
    kind: Callable[[StoryFinds], Iterable[Find]],
    said: _Said,
) -> Shown | None:
    """Return the surest new find of one kind, of the letter's stories and of the spare ones.

    The more a story matters, the sooner its find is taken: a story that has another find comes after the others, and a
    spare one after the letter's own, if it is no surer by PREFERENCE. A one-line story comes after those in full, if it
    is no surer by BRIEF.
    """
    best: tuple[float, Shown] | None = None
    for lent, origins in enumerate((own, spare)):
        for origin in origins:
            find = said.first_new(kind(found(origin.story_id)))
            after = PREFERENCE * (lent + (origin.story_id in said.stories)) + BRIEF * origin.brief
            value = find.sureness - after if find else 0.0
            if find is not None and (best is None or value > best[0]):
                shown = Shown(story_id=origin.story_id, headline=origin.headline, find=find, slug=origin.slug)
                best = value, shown
    if best is None:
        return None
    said.add(best[1].find.passage.text)
    said.stories.add(best[1].story_id)
    return best[1]


def _close(key: EditionKey, items: Sequence[Item], found: FoundIn, settings: EditionSettings) -> Close | None:
    """Return the end of the letter; None when the settings ask for nothing of it."""
    following = upcoming_after(key, settings) if settings.next_letter else None
    light = (item.story_id for item in items if item.place is Place.ALSO and _of(item, found).light)
    last = next(light, None) if settings.light_story else None
    close = Close(next_letter=following, light=last, share=settings.share_line, reply=settings.reply_line)
    return None if close == Close() else close
