"""Fills the parts of a letter with stories in the order of the ranking, within a budget of words."""

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
"""Most reminders of stories in the previous edition. A reader who read that edition skips them."""
LINES_KEPT = 4
"""Stories told in full leave room for this many one-liners of LINE_WORDS words."""
LINE_WORDS = 14
DEPTH_WORDS = 45
"""Words of a long read in the letter: headline, one bullet, credit."""
FRAME_WORDS = 40
"""Words of a letter outside its stories: date, greeting, labels, buttons."""
CREDIT_WORDS = 8
"""Words of the credit line under a story told in full: "Reported by A, B and 3 more · 4 min"."""
STILL_COVERED = 5
"""Most headlines in the "still covered" line."""
RETOLD_RUN, RETOLD_SHARE = 3, 0.6
"""A bullet repeats another when they share this part (the second value) of their runs of so many words (the first)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A telling, its place, and the bullets that will be printed, best first."""

    telling: Telling
    place: Place
    bullets: tuple[Bullet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A story that is left out of the letter, and the reason in words."""

    story_id: StoryId
    headline: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The stories of the letter in order, the headlines of the "still covered" line, and the stories left out."""

    placed: tuple[Placed, ...]
    still_covered: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def words_of(placed: Placed) -> int:
    """Return the number of words of a placed story in the letter."""
    headline = count_words(placed.telling.headline)
    if placed.place in {Place.ALSO, Place.MISSED}:
        return headline + count_words("".join(placed.telling.story.publishers[:1]))
    return headline + CREDIT_WORDS + sum(count_words(bullet.text) for bullet in placed.bullets)


NO_ROOM = "no room: the stories above fill the letter"


@dataclass(slots=True)
class _Letter:
    """A letter during its layout: its stories by part of the letter, and the words left in the budget."""

    words: int
    updates: list[Placed] = field(default_factory=list)
    full: list[Placed] = field(default_factory=list)
    early: list[Placed] = field(default_factory=list)
    depth: list[Placed] = field(default_factory=list)
    lines: list[Placed] = field(default_factory=list)
    crowded: list[Placed] = field(default_factory=list)
    """One-liners beyond the number in the settings. They may fill places for which there is no story told in full."""
    missed: list[Placed] = field(default_factory=list)
    resting: list[Telling] = field(default_factory=list)
    still: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    said: list[frozenset[int]] = field(default_factory=list)

    @property
    def wants_lead(self) -> bool:
        """Whether the letter has no lead yet."""
        return all(placed.place is not Place.LEAD for placed in self.full)

    def unsaid(self, telling: Telling, most: int) -> tuple[Bullet, ...]:
        """Return the story's first ``most`` bullets that do not repeat the letter, an earlier telling, or each other.

        Doubtful bullets are left out; in a story that the editor wants in the letter they come last instead. Bullets
        that the editor chose are returned as they are.
        """
        if telling.hand.bullets is not None:
            return telling.hand.bullets
        told = telling.recollection.told
        said = [*self.said, *(shingles(text, RETOLD_RUN) for text in (told.bullets if told else ()))]
        found: list[Bullet] = []
        for bullet in _printable(telling):
            run = shingles(bullet.text, RETOLD_RUN)
            if len(found) < most and all(containment(run, other) < RETOLD_SHARE for other in said):
                found.append(bullet)
                said.append(run)
        return tuple(found)

    def put(self, block: list[Placed], placed: Placed, kept: int = 0) -> bool:
        """Put a story into a block if at least ``kept`` words of the budget remain afterwards.

        Return whether it was put there.
        """
        cost = words_of(placed)
        if cost > self.words - kept:
            return False
        self.words -= cost
        self.said.extend(shingles(bullet.text, RETOLD_RUN) for bullet in placed.bullets)
        block.append(placed)
        return True

    def leave(self, telling: Telling, reason: str) -> None:
        """Leave a story out, and record the reason."""
        self.left_out.append(LeftOut(story_id=telling.story.id, headline=telling.headline, reason=reason))

    def lengthen(self, block: list[Placed]) -> None:
        """Give stories of a block a third bullet, in order, while words remain; none that is doubtful or weak."""
        for index, placed in enumerate(block):
            if placed.telling.hand.bullets is not None:
                continue
            more = tuple(bullet for bullet in self.unsaid(placed.telling, 1) if not (bullet.doubtful or bullet.weak))
            cost = sum(count_words(bullet.text) for bullet in more)
            if more and len(placed.bullets) < MOST_BULLETS and cost <= self.words:
                self.words -= cost
                self.said.extend(shingles(bullet.text, RETOLD_RUN) for bullet in more)
                block[index] = replace(placed, bullets=placed.bullets + more)


def _printable(telling: Telling) -> Sequence[Bullet]:
    """Return a story's bullets without the doubtful ones, or with these last if the editor wants the story."""
    good = [bullet for bullet in telling.bullets if not bullet.doubtful]
    return [*good, *(bullet for bullet in telling.bullets if bullet.doubtful)] if telling.by_hand else good


def _is_update(recollection: Recollection, earlier: EditionKey | None) -> bool:
    told = recollection.told
    return recollection.verdict is MemoryVerdict.UPDATE and told is not None and told.edition == earlier


def _fold(letter: _Letter, telling: Telling, reason: str) -> None:
    """Leave a told story out, and name its earlier headline in the "still covered" line."""
    told = telling.recollection.told
    headline = told.headline if told else telling.headline
    if headline not in letter.still:
        letter.still.append(headline)
    letter.leave(telling, reason)


def _sift(letter: _Letter, tellings: Sequence[Telling], earlier: EditionKey | None) -> list[Telling]:
    """Place the updates, and settle the told stories without news. Return the other stories in order."""
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
    """Settle a told story without news: name it in the "still covered" line, keep it for a reminder, or leave it out.

    A story that ``earlier`` told may become a reminder.
    """
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
        _fold(letter, telling, f"{telling.recollection.reason}; no good sentence that was not told")
    elif len(letter.updates) >= UPDATES or not letter.put(letter.updates, placed):
        _fold(letter, telling, f"{telling.recollection.reason}; no room for another update")


def _kept(letter: _Letter, settings: EditionSettings) -> int:
    """Return the number of words that stories told in full must leave for the long reads and one-liners below them."""
    lines = max(0, min(LINES_KEPT, settings.also_stories) - len(letter.lines))
    return LINE_WORDS * lines + DEPTH_WORDS * (settings.in_depth_stories - len(letter.depth))


def _put(letter: _Letter, telling: Telling, settings: EditionSettings) -> None:
    """Put a story in full if it has enough bullets and there is room.

    Otherwise make it a long read or a line, or leave it out.
    """
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
    """Fill places for which there is no story told in full with one-liners. Leave out the remaining one-liners."""
    unfilled = max(0, settings.top_stories + 1 - len(letter.full) - len(letter.early))
    most = settings.also_stories + unfilled if settings.also_stories else 0
    for line in letter.crowded:
        if len(letter.lines) >= most or not letter.put(letter.lines, line):
            letter.leave(line.telling, NO_ROOM)


def _tells_enough(telling: Telling, bullets: Sequence[Bullet]) -> bool:
    """Return whether a story has enough bullets to be told in full. One is enough if the editor chose the bullets."""
    if telling.hand.bullets is not None:
        return bool(bullets)
    return len(bullets) >= FEWEST_BULLETS


def _may_lead(telling: Telling) -> bool:
    """Return whether a story may lead. Opinions, guides and the like may not, unless the editor wants the story."""
    return telling.by_hand or telling.story.kind not in AFTER_NEWS


def _put_in_full(letter: _Letter, telling: Telling, bullets: tuple[Bullet, ...], settings: EditionSettings) -> bool:
    """Put a story in full. A story without anything new since the previous edition goes to the part of such stories."""
    if len(letter.full) + len(letter.early) > settings.top_stories and not telling.hand.own:
        return False
    block = letter.full if _is_new(telling) else letter.early
    place = Place.LEAD if letter.wants_lead and _may_lead(telling) else Place.TOP
    place = place if _is_new(telling) else Place.LEFT
    kept = _kept(letter, settings) if letter.full or letter.early else 0
    return letter.put(block, Placed(telling=telling, place=place, bullets=bullets), kept)


def _is_new(telling: Telling) -> bool:
    """Return whether an article appeared since the previous edition, or the editor wants the story in full."""
    return telling.since or telling.hand.block is Block.FULL


def _is_long_read(placed: Placed, settings: EditionSettings) -> bool:
    return bool(placed.bullets) and placed.telling.minutes >= settings.in_depth_minutes


def _remind(letter: _Letter) -> None:
    """Add reminders, under their earlier headlines: top stories of the previous edition without newer articles."""
    for telling in letter.resting:
        told, reason = telling.recollection.told, telling.recollection.reason
        reminder = replace(telling, headline=told.headline if told else telling.headline)
        placed = Placed(telling=reminder, place=Place.MISSED)
        if len(letter.missed) >= MISSED or not letter.put(letter.missed, placed):
            letter.leave(telling, reason)


def lay_out(
    settings: EditionSettings, tellings: Sequence[Telling], earlier: EditionKey | None, note_words: int = 0
) -> Layout:
    """Return the place of each telling. The tellings are given best first.

    The blocks come in this order: updates to the ``earlier`` edition; the lead and the top stories, with two bullets
    each; long reads, with one; stories that ``earlier`` left out; one-liners; reminders of stories that ``earlier``
    told, without new articles. The remaining words go to the "still covered" line and to third bullets.

    A story with fewer than two good new bullets becomes at most a long read or a one-liner. A place without a story
    told in full goes to another one-liner. A story that is no news (AFTER_NEWS) never leads; the first news story below
    it leads instead.
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
    """Return the headlines that fit into the "still covered" line, and subtract their words from the budget."""
    line: list[str] = []
    for headline in letter.still[:STILL_COVERED]:
        if (cost := count_words(headline)) <= letter.words:
            letter.words -= cost
            line.append(headline)
    return tuple(line)
