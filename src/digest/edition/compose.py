"""Makes an edition from tellings: items in order, within the budget of words, with a subject and a preheader."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

from digest.edition.acts import Act
from digest.edition.desk import edited, house_line_of, note_of, parts_out, preheader_of, subject_of
from digest.edition.finds import FoundIn, Origin, with_finds
from digest.edition.finds import words_of as words_of_finds
from digest.edition.groups import GROUPED, group_of, in_groups
from digest.edition.hand import PhotoWish
from digest.edition.layout import FRAME_WORDS, Layout, Placed, lay_out, words_of
from digest.edition.memory import MemoryVerdict
from digest.edition.own_items import NOWHERE
from digest.edition.parts import without
from digest.edition.so_far import story_so_far
from digest.edition.telling import Telling
from digest.errors import NothingToTell
from digest.model.article import Article, Image
from digest.model.block import Block
from digest.model.edition import (
    PREHEADER_CHARACTERS,
    SUBJECT_CHARACTERS,
    TOLD_IN_FULL,
    Correction,
    Edition,
    Item,
    Note,
    Place,
    ToldStory,
)
from digest.model.finds import StoryFinds
from digest.model.ids import EditionKey, StoryId
from digest.model.kind import AFTER_NEWS
from digest.model.story import Bullet
from digest.settings import EditionSettings
from digest.text.advertorial import paid_mark
from digest.text.ending import columns, ended
from digest.text.words import count_words, minutes_to_read

THOUGHTS = 2
"""A preheader names this many stories, or more if their headlines are short."""
FULL_STORIES = 5
"""An edition with fewer stories told in full, the lead included, counts as thin."""
SLUG_CHARACTERS = 40
SPARE = 25
"""Number of stories below the letter from which it may take a find of a kind that its own stories lack."""
PARTING = " · "


def compose(  # noqa: PLR0913 - what an edition depends on, values only
    key: EditionKey,
    settings: EditionSettings,
    tellings: Sequence[Telling],
    cut: datetime,
    earlier: EditionKey | None,
    acts: Iterable[Act] = (),
    *,
    late: bool = False,
    one_publisher: bool = False,
) -> Edition:
    """Return the edition made of these tellings, given best first, with the editor's acts applied.

    ``cut`` is the instant up to which articles count. ``earlier`` is the edition of the same day before this one; None
    when there was none.

    Raises:
        NothingToTell: There are fewer stories than the settings require (``floor``).
    """
    acts = tuple(acts)
    done = edited(tellings, acts)
    layout = laid_out(settings, done, earlier, acts)
    frame = Frame(key=key, settings=settings, cut=cut, earlier=earlier, late=late, one_publisher=one_publisher)
    return filled(frame, layout, done, acts)


def _nothing(_story_id: StoryId) -> StoryFinds:
    """Return that nothing was found in a story, for editions without finds."""
    return StoryFinds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The parts of an edition that do not depend on its stories."""

    key: EditionKey
    settings: EditionSettings
    cut: datetime
    earlier: EditionKey | None
    late: bool = False
    one_publisher: bool = False
    corrections: tuple[Correction, ...] = ()
    blocks: tuple[Block, ...] = ()
    told: tuple[ToldStory, ...] = ()
    """Stories of recent editions, for the earlier headlines of a story."""
    found: FoundIn = _nothing
    """What was found in a story beside its bullets."""


def filled(frame: Frame, layout: Layout, tellings: Sequence[Telling], acts: Sequence[Act] = ()) -> Edition:
    """Return the edition of a layout. ``tellings`` are those that were laid out, after the acts were applied.

    Raises NothingToTell when there are fewer stories than the settings require (``floor``).
    """
    settings = frame.settings
    stories = sum(placed.place is not Place.MISSED for placed in layout.placed)
    if stories < settings.floor:
        raise NothingToTell(f"{frame.key}: {stories} stories, and the floor is {settings.floor}")
    shared = shared_pictures(tellings)
    items = in_groups((_item(placed, shared, frame) for placed in layout.placed), settings.letter_sections)
    subject = subject_of(acts) or subject_line(items, subject_pattern(settings), settings.title)
    full, note = sum(item.place in TOLD_IN_FULL for item in items), note_of(acts)
    edition = Edition(
        key=frame.key,
        title=settings.title,
        language=settings.language,
        zone=settings.zone,
        cut=frame.cut,
        subject=subject,
        preheader=preheader_of(acts) or preheader(items, subject),
        items=items,
        still_covered=layout.still_covered,
        note=note,
        earlier=frame.earlier,
        late=frame.late,
        thin=full < FULL_STORIES,
        one_publisher=frame.one_publisher and _on_one_site(items),
        house=house_line_of(acts),
        corrections=frame.corrections,
        blocks=frame.blocks,
    )
    edition = with_finds(edition, frame.found, settings, _spare(layout, tellings))
    edition = without(edition, parts_out(tellings, acts))
    words = words_in(layout, note) + words_of_finds(edition)
    return replace(edition, minutes=minutes_to_read(words))


def _spare(layout: Layout, tellings: Iterable[Telling]) -> tuple[Origin, ...]:
    """Return the new stories for which the letter has no room, at most SPARE.

    The letter may show a find from one of them.
    """
    placed = {one.telling.story.id for one in layout.placed}
    spare = (
        telling
        for telling in tellings
        if telling.story.id not in placed
        and not telling.story.held_back
        and telling.recollection.verdict is MemoryVerdict.NEW
    )
    return tuple(Origin(story_id=one.story.id, headline=one.headline) for one in islice(spare, SPARE))


def _on_one_site(items: Iterable[Item]) -> bool:
    """Return whether all items link to one site.

    The last two labels of the hosts are compared. Even a single source may collect articles of many newspapers.
    """
    hosts = (urlsplit(item.link).hostname or "" for item in items)
    return len({tuple(host.split(".")[-2:]) for host in hosts}) == 1


def planned(
    settings: EditionSettings, tellings: Sequence[Telling], earlier: EditionKey | None, acts: Iterable[Act] = ()
) -> Layout:
    """Return the layout that :func:`compose` fills.

    It also holds the stories left out and why, for ``explain`` and the desk.
    """
    acts = tuple(acts)
    return laid_out(settings, edited(tellings, acts), earlier, acts)


def laid_out(
    settings: EditionSettings, tellings: Sequence[Telling], earlier: EditionKey | None, acts: Iterable[Act] = ()
) -> Layout:
    """Return the layout of tellings with the acts already applied. It leaves room for the editor's note."""
    note = note_of(acts)
    return lay_out(settings, tellings, earlier, count_words(note.text) if note else 0)


def words_in(layout: Layout, note: Note | None = None) -> int:
    """Return the number of words in the letter, including the words around its stories (FRAME_WORDS)."""
    said = sum(map(words_of, layout.placed)) + sum(map(count_words, layout.still_covered))
    return FRAME_WORDS + said + (count_words(note.text) if note else 0)


def _leading(telling: Telling) -> Article:
    """Return the article that the item links to.

    It is the editor's choice, else the first new article of an update, else the first article of the story.
    """
    by_hand = next((a for a in telling.story.articles if a.url == telling.hand.linked), None)
    fresh = telling.recollection.new_articles
    return by_hand or (fresh[0] if fresh else telling.story.articles[0])


def _in_article_order(placed: Placed) -> tuple[Bullet, ...]:
    order = {article.id: place for place, article in enumerate(placed.telling.story.articles)}
    return tuple(sorted(placed.bullets, key=lambda bullet: (order.get(bullet.article_id, len(order)), bullet.start)))


def shared_pictures(tellings: Iterable[Telling]) -> frozenset[str]:
    """Return the URLs of pictures that articles of several stories use.

    These are logos of newspapers, not photos of the news.
    """
    told = Counter(url for t in tellings for url in {a.image.url for a in t.story.articles if a.image})
    return frozenset(url for url, stories in told.items() if stories > 1)


def _item(placed: Placed, shared: frozenset[str], frame: Frame) -> Item:
    telling, story = placed.telling, placed.telling.story
    article, told = _leading(telling), telling.recollection.told
    bullets = _in_article_order(placed) if telling.hand.bullets is None else placed.bullets
    names = telling.credits or story.publishers
    return Item(
        story_id=story.id,
        place=placed.place,
        anchor=anchor(story.articles[0].title, story.id),
        headline=telling.headline,
        link="" if article.link.startswith(NOWHERE) else article.link,
        source_name=_source_name(telling, article),
        publishers=tuple(dict.fromkeys((telling.hand.credit, *names))) if telling.hand.credit else names,
        bullets=bullets,
        minutes=telling.minutes,
        section=story.section,
        kind=story.kind,
        author=article.authors[0] if article.authors else "",
        sponsored=bool(paid_mark(article)),
        image=_image(telling, article, shared),
        earlier_anchor=told.anchor if told and placed.place is Place.UPDATE else "",
        own=telling.hand.own,
        so_far=story_so_far(telling, frame.told, frame.settings.story_so_far),
        group=group_of(story, frame.settings.letter_sections) if placed.place in GROUPED else "",
        walled=article.paywalled and frame.settings.mark_paid,
    )


def _image(telling: Telling, article: Article, shared: frozenset[str]) -> Image | None:
    """Return the picture of the linked article, unless the editor decided otherwise."""
    wish = telling.hand.photo
    if wish is None:
        return None if article.image and article.image.url in shared else article.image
    images = (one.image for one in (article, *telling.story.articles) if one.image)
    found = next((image for image in images if wish.url in {"", image.url}), None)
    return _worded(found, wish) if found and wish.shown else None


def _worded(image: Image, wish: PhotoWish) -> Image:
    """Return a picture with the texts that the editor changed."""
    return Image(
        url=image.url,
        alt=image.alt if wish.alt is None else wish.alt,
        credit=image.credit if wish.credit is None else wish.credit,
        caption=image.caption if wish.caption is None else wish.caption,
    )


def _source_name(telling: Telling, article: Article) -> str:
    """Return the name under the headline: the name of the linked article's source."""
    if telling.hand.credit:
        return telling.hand.credit
    names = [bullet.source_name for bullet in telling.bullets if bullet.article_id == article.id]
    return next(iter((*telling.credits, *names, *telling.story.publishers, article.site_name)), "")


def anchor(title: str, story_id: str) -> str:
    """Return a story's id in the letter's page: words of its title in ASCII, and 8 characters of its story id."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(slug) > SLUG_CHARACTERS:
        slug = slug[: SLUG_CHARACTERS + 1].rpartition("-")[0] or slug[:SLUG_CHARACTERS]
    return f"{slug or 'story'}-{story_id[:8]}"


def subject_pattern(settings: EditionSettings) -> str:
    """Return the pattern of the subject with ``{headline}`` in it: the setting, or the prefix and the headline."""
    return settings.subject or f"{settings.subject_prefix} {{headline}}".lstrip()


def subject_line(items: Sequence[Item], pattern: str, title: str) -> str:
    """Return the subject: ``pattern`` with the headline of the story that opens the letter.

    If no item is news, the subject is the edition's ``title``: an opinion, a guide or an offer gives no subject. A
    headline that is too long for SUBJECT_CHARACTERS is cut at the end of a clause. A headline without such a place
    stays whole, and mail programs cut it at their own limit.
    """
    first = _opening_story(items)
    frame = pattern.replace("{title}", title)
    room = SUBJECT_CHARACTERS - len(frame.replace("{headline}", ""))
    return frame.replace("{headline}", ended(first.headline, room) if first else title).strip()


def _opening_story(items: Sequence[Item]) -> Item | None:
    """Return the item that gives the subject: the first update that is news, else the lead, else the first news.

    A reader who opens the mail because of its subject finds that story first. An update is also the latest event.
    """
    news = [item for item in items if item.kind not in AFTER_NEWS]
    update = next((item for item in news if item.place is Place.UPDATE), None)
    return update or next((item for item in items if item.place is Place.LEAD), None) or next(iter(news), None)


def preheader(items: Sequence[Item], subject: str) -> str:
    """Return the text after the subject in an inbox: the next two headlines that fit whole, or more if they are short.

    The lead comes first, unless it gives the subject. The text is at most as long as the upper limit of
    PREHEADER_CHARACTERS, unless a single headline is longer. It is shorter than the lower limit only when the letter
    has no more headlines. If the letter has a single story, the text consists of that story's bullets.
    """
    least, most = PREHEADER_CHARACTERS
    first = _opening_story(items) or items[0]
    fresh = [item for item in items if item is not first and item.place is not Place.MISSED]
    fresh.sort(key=lambda item: item.place is not Place.LEAD)
    others = [ended(item.headline, most) for item in fresh if item.headline not in subject]
    thoughts = others or [ended(bullet.text, most) for bullet in first.bullets]
    named: list[str] = []
    for thought in thoughts:
        enough = len(named) >= THOUGHTS and len(PARTING.join(named)) >= least
        if not enough and columns(PARTING.join((*named, thought))) <= most:
            named.append(thought)
    return PARTING.join(named) if named else min(thoughts, key=len, default="")
