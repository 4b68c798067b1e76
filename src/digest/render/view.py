"""What the templates of a letter get: the edition with all texts and links ready to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from digest.model.block import Block, BlockPlace
from digest.model.edition import PREHEADER_CHARACTERS, Correction, Edition, HouseNote, Item, Place
from digest.model.kind import TextKind
from digest.render.catalogue import Catalogue
from digest.render.credit import credit_line, kept
from digest.render.finds_view import (
    HEADLINE,
    CloseView,
    EarlierView,
    FindView,
    ahead_view,
    coming_views,
    find_view,
    names_line,
    so_far_views,
)
from digest.render.links import archive_link, safe_link, site_base
from digest.render.sentence import NAME, SENTENCE, BulletView, bullet_view
from digest.settings import BrandSettings, SiteSettings
from digest.text.glyphs import shown
from digest.text.languages import primary_tag

Greeting = Literal["morning", "evening"]
UNSPACED = frozenset({"ja", "zh"})
"""Languages without spaces between sentences."""
NOTE = 800
"""Most characters of the editor's note; longer text is cut at a word."""
ONWARD = {
    "ltr": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
    "rtl": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureView:
    """A story's picture; width and height are in CSS pixels, ``alt`` is empty when there is no description."""

    url: str
    width: int
    height: int
    alt: str
    credit: str
    caption: str = ""
    """The newsroom's caption below the picture, without the credit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """One story. Its credit line is ``credit_before``, the linked ``source``, and ``credit_after``.

    In a letter with one publisher, ``source`` is the author or the section, or empty.
    """

    anchor: str
    headline: str
    link: str
    section: str
    label: str
    """A label for an item that is no report, such as an opinion or an advertisement; else empty."""
    bullets: tuple[BulletView, ...]
    source: str
    credit_before: str
    credit_after: str
    earlier_link: str = ""
    picture: PictureView | None = None
    read_label: str = ""
    """The text of the button that links to the story."""
    slug: str = ""
    """One to three words that name the story, shown before a one-liner; else empty."""
    ahead: BulletView | None = None
    """The sentence on what comes next."""
    so_far: tuple[EarlierView, ...] = ()
    """Earlier headlines of the story, the newest first."""
    group: str = ""
    """The letter's section that holds the story; empty in a letter without sections."""
    walled: str = ""
    """The note that the article is for subscribers; else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseView:
    """A line from a sponsor, with a label, or from the publication itself."""

    label: str
    text: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionView:
    """A correction of an earlier edition in one or two sentences; ``link`` leads to that edition in the archive."""

    text: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StillView:
    """A headline without news. ``link`` leads to its story in the earlier edition; empty if it has none there."""

    headline: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FooterLink:
    """A link of the footer; ``english`` is its label in English, for letters in other languages.

    Mail filters look for these English words in the links, and compare the words of both parts.
    """

    label: str
    english: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteView:
    """A question to the readers: each answer with its link."""

    question: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceView:
    """The questions to the readers, and the address for replies; empty when it is not shown."""

    votes: tuple[VoteView, ...]
    reply_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterView:
    """A whole letter, block by block, in reading order."""

    language: str
    direction: str
    start: str
    """The side on which lines begin: left or right."""
    arrow: str
    greeting: Greeting
    follows: bool
    """Whether another letter of the same day came before; then "new" means new since that one."""
    subject: str
    preheader: str
    title: str
    wordmark: str
    hello: str
    """The greeting, as text."""
    joint: str
    """Text between two sentences: a space, or nothing in languages without spaces."""
    site: str
    day: str
    minutes: int
    opening: str
    signature: str
    notices: tuple[str, ...]
    web_link: str
    sign_up_link: str
    updates: tuple[StoryView, ...]
    leads: tuple[StoryView, ...]
    top: tuple[StoryView, ...]
    in_depth: tuple[StoryView, ...]
    left: tuple[StoryView, ...]
    also: tuple[StoryView, ...]
    missed: tuple[StoryView, ...]
    still_covered: tuple[StillView, ...]
    footer_lines: tuple[str, ...]
    footer_links: tuple[FooterLink, ...] = ()
    house: HouseView | None = None
    corrections: tuple[CorrectionView, ...] = ()
    logo: PictureView | None = None
    """The brand's logo, in place of the wordmark."""
    blocks: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)
    """The blocks of the letter, by place: ``lead``, ``top`` and ``end``."""
    voice: VoiceView | None = None
    """What the end of the letter asks the readers."""
    coming: tuple[FindView, ...] = ()
    number: FindView | None = None
    quote: FindView | None = None
    light: tuple[StoryView, ...] = ()
    """The light story at the end, at most one."""
    close: CloseView = field(default_factory=CloseView)

    def shorter(self) -> LetterView:
        """Return a shorter letter: without ``also``, else without ``left``, else with one bullet less per story."""
        if self.also:
            return replace(self, also=())
        if self.left:
            return replace(self, left=())
        return replace(self, updates=_less(self.updates), leads=_less(self.leads), top=_less(self.top))


def _less(stories: tuple[StoryView, ...]) -> tuple[StoryView, ...]:
    return tuple(replace(story, bullets=story.bullets[:-1]) for story in stories)


def letter_view(  # noqa: PLR0913 - what is told, in which words, and by whom
    edition: Edition,
    earlier: Edition | None,
    words: Catalogue,
    site: SiteSettings,
    brand: BrandSettings,
    *,
    greeting: Greeting,
    test: bool,
) -> LetterView:
    """Return the edition as data for the templates, without the links that contain a reader's token."""
    last = edition.finds.close.light if edition.finds.close else None
    light = tuple(item for item in edition.items if item.story_id == last)
    told = {place: tuple(i for i in edition.items if i.place is place and i not in light) for place in Place}

    def views(place: Place) -> tuple[StoryView, ...]:
        return tuple(_story(item, edition, earlier, words, site) for item in told[place])

    title = shown(edition.title, NAME)
    return LetterView(
        language=edition.language.replace("_", "-"),
        direction=words.direction,
        start="right" if words.direction == "rtl" else "left",
        arrow=ONWARD[words.direction],
        greeting=greeting,
        follows=edition.earlier is not None,
        subject=subject_line(edition, words, test=test),
        preheader=shown(edition.preheader, PREHEADER_CHARACTERS[1]),
        title=title,
        wordmark=shown(brand.wordmark, NAME) or title,
        hello=shown(brand.greeting, NAME) or words(f"hello_{greeting}"),
        joint="" if primary_tag(edition.language) in UNSPACED else " ",
        site=shown(site.name, NAME),
        day=words.day(edition.key.date),
        minutes=edition.minutes,
        opening=_opening(edition, words, greeting),
        signature=f"— {shown(edition.note.author, NAME)}" if edition.note and edition.note.author else "",
        notices=_notices(edition, words, test=test),
        web_link="" if test else archive_link(site, edition.key),
        sign_up_link=f"{site_base(site)}/" if site_base(site) else "",
        updates=views(Place.UPDATE),
        leads=views(Place.LEAD),
        top=views(Place.TOP),
        in_depth=views(Place.IN_DEPTH),
        left=views(Place.LEFT),
        also=views(Place.ALSO),
        missed=views(Place.MISSED),
        still_covered=tuple(_still(headline, earlier, site) for headline in edition.still_covered),
        footer_lines=_lines(brand.footer) + _lines(site.postal_address, joint=", "),
        house=_house(edition.house, words),
        corrections=tuple(_correction(told, words, site) for told in edition.corrections),
        blocks={place.value: tuple(one for one in edition.blocks if one.place is place) for place in BlockPlace},
        coming=coming_views(edition, words),
        number=find_view(edition.finds.number, edition, words),
        quote=find_view(edition.finds.quote, edition, words),
        light=tuple(_story(item, edition, earlier, words, site) for item in light),
    )


def _house(line: HouseNote | None, words: Catalogue) -> HouseView | None:
    if line is None:
        return None
    label = f"{words('advertisement')} · {shown(line.sponsor, NAME)}" if line.sponsor else ""
    return HouseView(label=label, text=shown(line.text, SENTENCE), link=safe_link(line.link))


def _correction(told: Correction, words: Catalogue, site: SiteSettings) -> CorrectionView:
    text = words(
        "correction_text",
        title=shown(told.title, NAME),
        day=words.day(told.edition.date),
        wrong=shown(told.wrong, SENTENCE),
        right=shown(told.right, SENTENCE),
    )
    return CorrectionView(text=text, link=archive_link(site, told.edition, told.anchor))


def subject_line(edition: Edition, words: Catalogue, *, test: bool) -> str:
    """Return the subject as shown, on one line."""
    subject = shown(edition.subject, HEADLINE)
    return f"[{words('test')}] {subject}" if test else subject


def _story(item: Item, edition: Edition, earlier: Edition | None, words: Catalogue, site: SiteSettings) -> StoryView:
    if item.own:
        return _own_story(item, words)
    own = edition.one_publisher
    before, source, after = credit_line(item, words, own=own)
    return StoryView(
        anchor=item.anchor,
        headline=shown(item.headline, HEADLINE),
        link=safe_link(item.link),
        section=shown(item.section, NAME),
        label=_label(item, words),
        bullets=tuple(bullet_view(bullet, words, own=own) for bullet in item.bullets),
        source=source,
        credit_before=before,
        credit_after=after,
        earlier_link="" if item.so_far else _earlier_link(item, earlier, site),
        read_label=words("read") if own else words("read_at", source=source),
        slug=shown(item.slug, NAME),
        ahead=ahead_view(item, words, own=own),
        so_far=so_far_views(item, edition, words, site),
        group=shown(item.group, NAME),
        walled=words("subscribers_only") if item.walled else "",
    )


def _own_story(item: Item, words: Catalogue) -> StoryView:
    """Return an item that the editor wrote; its only credit is the name that the editor gave."""
    link, source = safe_link(item.link), shown(item.source_name, NAME)
    return StoryView(
        anchor=item.anchor,
        headline=shown(item.headline, HEADLINE),
        link=link,
        section="",
        label="",
        bullets=tuple(BulletView(text=shown(bullet.text, SENTENCE), link="", label="") for bullet in item.bullets),
        source=kept(source, words.direction) if source else "",
        credit_before="",
        credit_after="",
        read_label=words("read_at", source=source) if source else words("read"),
    )


def _label(item: Item, words: Catalogue) -> str:
    """Return the label of an advertisement or an opinion; empty for other items."""
    if item.sponsored:
        return words("advertisement")
    return words("opinion") if item.kind is TextKind.OPINION else ""


def _earlier_link(item: Item, earlier: Edition | None, site: SiteSettings) -> str:
    """Return the link to the item's story in the earlier edition; empty when it has no such story."""
    if earlier is None or item.earlier_anchor not in {told.anchor for told in earlier.items if told.anchor}:
        return ""
    return archive_link(site, earlier.key, item.earlier_anchor)


def _still(headline: str, earlier: Edition | None, site: SiteSettings) -> StillView:
    """Return a line for a told headline without news, linked to the item with the same words in the earlier edition."""
    told = (item.anchor for item in earlier.items if item.headline == headline) if earlier else iter(())
    anchor = next(filter(None, told), "")
    link = archive_link(site, earlier.key, anchor) if earlier and anchor else ""
    return StillView(headline=shown(headline, HEADLINE), link=link)


def _opening(edition: Edition, words: Catalogue, greeting: Greeting) -> str:
    """Return the editor's note, or else a line about the edition; empty when all items are one-liners."""
    if edition.note and shown(edition.note.text):
        return shown(edition.note.text, NOTE)
    if named := names_line(edition, words):
        return named
    stories = sum(item.place in {Place.LEAD, Place.TOP, Place.UPDATE} for item in edition.items)
    return words.count("thin" if edition.thin else f"opening_{greeting}", stories) if stories else ""


def _notices(edition: Edition, words: Catalogue, *, test: bool) -> tuple[str, ...]:
    return (*([words("late")] if edition.late else []), *([words("test_notice")] if test else []))


def _lines(text: str, joint: str | None = None) -> tuple[str, ...]:
    """Return the lines of a setting as shown. With ``joint``, they are one line, with ``joint`` between them."""
    lines = tuple(shown(line, SENTENCE) for line in text.splitlines() if shown(line))
    return (joint.join(lines),) if joint and lines else lines
