"""Where each story stands: the letter's blocks, filled in the order of the ranking within a budget of words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from digest.edition.hand import Block
from digest.edition.memory import MemoryVerdict, Recollection
from digest.edition.telling import Telling
from digest.model.edition import Place
from digest.model.ids import EditionKey, StoryId
from digest.model.kind import AFTER_NEWS
from digest.model.story import Bullet
from digest.settings import EditionSettings
from digest.text.similarity import containment, shingles
from digest.text.words import count_words

FEWEST_BULLETS, MOST_BULLETS = 2, 3
UPDATES = 4
"""Most updates at the top of an evening letter, so that its own news fits too."""
MISSED = 3
"""Most reminders of what the edition before told; readers who saw it skip them."""
LINES_KEPT = 4
"""One-liners of LINE_WORDS words for which the stories in full leave room."""
LINE_WORDS = 14
DEPTH_WORDS = 45
"""What a long read takes: headline, one bullet, credit."""
FRAME_WORDS = 40
"""Words of the frame: date, greeting, labels, buttons."""
CREDIT_WORDS = 8
"""Words under a story told in full: "Reported by A, B and 3 more · 4 min"."""
STILL_COVERED = 5
"""Headlines at most in the "still covered" line."""
RETOLD_RUN, RETOLD_SHARE = 3, 0.6
"""A bullet that shares so much of its three-word runs with another one tells the same again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A telling in its place with the bullets that will be printed, best first."""

    telling: Telling
    place: Place
    bullets: tuple[Bullet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A story that stays out of the letter, and why, in words."""

    story_id: StoryId
    headline: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The letter's stories in its order, headlines of told stories that papers repeat, and all that stayed out."""

    placed: tuple[Placed, ...]
    still_covered: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def words_of(placed: Placed) -> int:
    """Return the words that a placed story brings to the letter."""
    headline = count_words(placed.telling.headline)
    if placed.place in {Place.ALSO, Place.MISSED}:
        return headline + count_words("".join(placed.telling.story.publishers[:1]))
    return headline + CREDIT_WORDS + sum(count_words(bullet.text) for bullet in placed.bullets)


NO_ROOM = "no room: the stories above fill the letter"


@dataclass(slots=True)
class _Letter:
    """A letter being laid out: its items, what its bullets said, and how many words are left."""

    words: int
    updates: list[Placed] = field(default_factory=list)
    full: list[Placed] = field(default_factory=list)
    early: list[Placed] = field(default_factory=list)
    depth: list[Placed] = field(default_factory=list)
    lines: list[Placed] = field(default_factory=list)
    crowded: list[Placed] = field(default_factory=list)
    """One-liners beyond the number that the settings allow, for places that no story fills in full."""
    missed: list[Placed] = field(default_factory=list)
    resting: list[Telling] = field(default_factory=list)
    still: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    said: list[frozenset[int]] = field(default_factory=list)

    @property
    def wants_lead(self) -> bool:
        """Tell whether no story leads yet."""
        return all(placed.place is not Place.LEAD for placed in self.full)

    def unsaid(self, telling: Telling, most: int) -> tuple[Bullet, ...]:
        """Return the story's first ``most`` bullets that repeat neither the letter, nor a telling, nor each other.

        What the editor chose is printed as it is.
        """
        if telling.hand.bullets is not None:
            return telling.hand.bullets
        told = telling.recollection.told
        said = [*self.said, *(shingles(text, RETOLD_RUN) for text in (told.bullets if told else ()))]
        found: list[Bullet] = []
        for bullet in telling.bullets:
            run = shingles(bullet.text, RETOLD_RUN)
            if len(found) < most and all(containment(run, other) < RETOLD_SHARE for other in said):
                found.append(bullet)
                said.append(run)
        return tuple(found)

    def put(self, block: list[Placed], placed: Placed, kept: int = 0) -> bool:
        """Put a story into a block if its words leave ``kept`` of the budget; tell whether they did."""
        cost = words_of(placed)
        if cost > self.words - kept:
            return False
        self.words -= cost
        self.said.extend(shingles(bullet.text, RETOLD_RUN) for bullet in placed.bullets)
        block.append(placed)
        return True

    def leave(self, telling: Telling, reason: str) -> None:
        """Leave a story out, and say why."""
        self.left_out.append(LeftOut(story_id=telling.story.id, headline=telling.headline, reason=reason))

    def lengthen(self, block: list[Placed]) -> None:
        """Give the stories of a block a third bullet while there are words, the first of them first."""
        for index, placed in enumerate(block):
            if placed.telling.hand.bullets is not None:
                continue
            more = tuple(bullet for bullet in self.unsaid(placed.telling, 1) if not bullet.doubtful)
            cost = sum(count_words(bullet.text) for bullet in more)
            if more and len(placed.bullets) < MOST_BULLETS and cost <= self.words:
                self.words -= cost
                self.said.extend(shingles(bullet.text, RETOLD_RUN) for bullet in more)
                block[index] = replace(placed, bullets=placed.bullets + more)


def _is_update(recollection: Recollection, earlier: EditionKey | None) -> bool:
    told = recollection.told
    return recollection.verdict is MemoryVerdict.UPDATE and told is not None and told.edition == earlier


def _fold(letter: _Letter, telling: Telling, reason: str) -> None:
    """Fold a told story that papers repeat into the "still covered" line, as the earlier edition called it."""
    told = telling.recollection.told
    headline = told.headline if told else telling.headline
    if headline not in letter.still:
        letter.still.append(headline)
    letter.leave(telling, reason)


def _sift(letter: _Letter, tellings: Sequence[Telling], earlier: EditionKey | None) -> list[Telling]:
    """Place the updates, fold what papers repeat, set reminders aside, and return the other stories in order."""
    rest: list[Telling] = []
    for telling in tellings:
        recollection = telling.recollection
        if telling.story.held_back and not telling.by_hand:
            letter.leave(telling, telling.story.held_back)
        elif recollection.verdict is MemoryVerdict.STILL_COVERED and not telling.by_hand:
            _settle(letter, telling, earlier)
        elif _is_update(recollection, earlier) and telling.hand.block is Block.FREE:
            _put_update(letter, telling)
        else:
            rest.append(telling)
    return rest


def _settle(letter: _Letter, telling: Telling, earlier: EditionKey | None) -> None:
    """Place a told story without news: folded, kept as a possible reminder of ``earlier``, or left out."""
    recollection = telling.recollection
    if recollection.covered_since:
        _fold(letter, telling, recollection.reason)
    elif recollection.told is not None and recollection.told.edition == earlier:
        letter.resting.append(telling)
    else:
        letter.leave(telling, recollection.reason)


def _put_update(letter: _Letter, telling: Telling) -> None:
    bullets = letter.unsaid(telling, FEWEST_BULLETS)
    placed = Placed(telling=telling, place=Place.UPDATE, bullets=bullets)
    if not bullets:
        _fold(letter, telling, f"{telling.recollection.reason}; no sentence that was not told")
    elif len(letter.updates) >= UPDATES or not letter.put(letter.updates, placed):
        _fold(letter, telling, f"{telling.recollection.reason}; no room for another update")


def _kept(letter: _Letter, settings: EditionSettings) -> int:
    """Return the words that stories told in full leave to the sections below them."""
    lines = max(0, min(LINES_KEPT, settings.also_stories) - len(letter.lines))
    return LINE_WORDS * lines + DEPTH_WORDS * (settings.in_depth_stories - len(letter.depth))


def _put(letter: _Letter, telling: Telling, settings: EditionSettings) -> None:
    """Put a story in full where it has the bullets and the letter the room, or below that, or leave it out."""
    bullets = letter.unsaid(telling, FEWEST_BULLETS)
    if telling.hand.block is Block.LINE:
        if not letter.put(letter.lines, Placed(telling=telling, place=Place.ALSO)):
            letter.leave(telling, NO_ROOM)
        return
    if _tells_enough(telling, bullets) and _put_in_full(letter, telling, bullets, settings):
        return
    long = Placed(telling=telling, place=Place.IN_DEPTH, bullets=bullets[:1])
    if (
        _is_long_read(long, settings)
        and len(letter.depth) < settings.in_depth_stories
        and letter.put(letter.depth, long)
    ):
        return
    line = Placed(telling=telling, place=Place.ALSO)
    if len(letter.lines) >= settings.also_stories:
        letter.crowded.append(line)
    elif not letter.put(letter.lines, line):
        letter.leave(telling, NO_ROOM)


def _fill_up(letter: _Letter, settings: EditionSettings) -> None:
    """Give the places that no story filled in full to one-liners, where the letter has any, and leave out the rest."""
    unfilled = max(0, settings.top_stories + 1 - len(letter.full) - len(letter.early))
    most = settings.also_stories + unfilled if settings.also_stories else 0
    for line in letter.crowded:
        if len(letter.lines) >= most or not letter.put(letter.lines, line):
            letter.leave(line.telling, NO_ROOM)


def _tells_enough(telling: Telling, bullets: Sequence[Bullet]) -> bool:
    """Tell whether a story has good bullets enough for a place in full; what the editor wants may have any.

    One is enough where the editor chose them.
    """
    if telling.hand.bullets is not None:
        return bool(bullets)
    good = bullets if telling.by_hand else [bullet for bullet in bullets if not bullet.doubtful]
    return len(good) >= FEWEST_BULLETS


def _may_lead(telling: Telling) -> bool:
    """Tell whether a story may lead: no opinion and no guide does, unless the editor wants it."""
    return telling.by_hand or telling.story.kind not in AFTER_NEWS


def _put_in_full(letter: _Letter, telling: Telling, bullets: tuple[Bullet, ...], settings: EditionSettings) -> bool:
    """Put a story among the new ones or, when nothing appeared since the edition before, among the earlier ones."""
    if len(letter.full) + len(letter.early) > settings.top_stories:
        return False
    block = letter.full if _is_new(telling) else letter.early
    place = Place.LEAD if letter.wants_lead and _may_lead(telling) else Place.TOP
    place = place if _is_new(telling) else Place.LEFT
    kept = _kept(letter, settings) if letter.full or letter.early else 0
    return letter.put(block, Placed(telling=telling, place=place, bullets=bullets), kept)


def _is_new(telling: Telling) -> bool:
    """Tell whether a story is among the new ones: an article appeared, or the editor wants it there."""
    return telling.since or telling.hand.block is Block.FULL


def _is_long_read(placed: Placed, settings: EditionSettings) -> bool:
    return bool(placed.bullets) and placed.telling.minutes >= settings.in_depth_minutes


def _remind(letter: _Letter) -> None:
    """Name the weightiest stories of the edition before about which nothing appeared since, as that one did."""
    for telling in letter.resting:
        told, reason = telling.recollection.told, telling.recollection.reason
        reminder = replace(telling, headline=told.headline if told else telling.headline)
        placed = Placed(telling=reminder, place=Place.MISSED)
        if len(letter.missed) >= MISSED or not letter.put(letter.missed, placed):
            letter.leave(telling, reason)


def lay_out(
    settings: EditionSettings, tellings: Sequence[Telling], earlier: EditionKey | None, note_words: int = 0
) -> Layout:
    """Return where each telling stands, given in the order of their weight.

    Updates to the ``earlier`` edition come first, then the lead and the top stories with two bullets each, then long
    reads with one, then what ``earlier`` left out, then one-liners, then reminders of what ``earlier`` told and nothing
    followed; what is left of the words goes to the "still covered" line and to third bullets. A story with fewer than
    two good bullets that were not told is a long read or a line at most, and a place that no story fills in full is
    another line's. What is no news (AFTER_NEWS) never leads: the
    first story below it does.
    """
    letter = _Letter(words=settings.words - FRAME_WORDS - note_words)
    rest = _sift(letter, tellings, earlier)
    for telling in sorted(rest, key=lambda one: not _is_new(one)):
        _put(letter, telling, settings)
    _fill_up(letter, settings)
    _remind(letter)
    still = _still_line(letter)
    letter.full.sort(key=lambda placed: placed.place is not Place.LEAD)
    letter.lengthen(letter.full)
    letter.lengthen(letter.early)
    return Layout(
        placed=(*letter.updates, *letter.full, *letter.depth, *letter.early, *letter.lines, *letter.missed),
        still_covered=still,
        left_out=tuple(letter.left_out),
    )


def _still_line(letter: _Letter) -> tuple[str, ...]:
    """Return the headlines of the "still covered" line that fit, and take their words."""
    line: list[str] = []
    for headline in letter.still[:STILL_COVERED]:
        if (cost := count_words(headline)) <= letter.words:
            letter.words -= cost
            line.append(headline)
    return tuple(line)
