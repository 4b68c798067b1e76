"""The acts of an editor on a draft, as immutable values. Building an invalid act raises ValueError.

An act names a story by its id and by the URLs that the story had then. So the act still finds the story when an earlier
article has since joined the story and changed its id.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

from digest.edition.hand import Block, PhotoWish
from digest.edition.parts import OF_STORY, Part
from digest.model.ids import ArticleId, StoryId
from digest.model.story import Bullet, Story
from digest.text.words import count_words

NOTE_WORDS = 60
HEADLINE_CHARACTERS = 300
"""Most characters of a headline in a stored act. A headline that an editor writes now has at most MOST_OF_HEADLINE."""
MOST_OF_HEADLINE = 200
SUBJECT_CHARACTERS = 150
"""Most characters of a subject that an editor may write. ``proofread`` reports a subject that phones cut off."""
PREHEADER_CHARACTERS = 200
MOST_BULLETS = 5
"""Most bullets that an editor may give a story."""
TEXT_WORDS = 120
"""Most words of an item that the editor writes."""
HOUSE_WORDS = 40
LABEL_CHARACTERS = 80
TEXT_CHARACTERS = 300
"""Most characters of a picture's caption or alternative text."""


def _line(what: str, text: str, most: int, *, least: int = 1) -> None:
    if not least <= len(text.strip()) <= most:
        raise ValueError(f"{what} has {least} to {most} characters")
    if "\n" in text.strip():
        raise ValueError(f"{what} is one line")


def short_headline(text: str) -> str:
    """Return a headline that an editor just wrote, on one line. Raises ValueError when it is too long for a letter."""
    line = " ".join(text.split())
    if len(line) > MOST_OF_HEADLINE:
        raise ValueError(f"a headline has at most {MOST_OF_HEADLINE} characters, this one has {len(line)}")
    return line


def _link(what: str, url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise ValueError(f"{what} is a whole address, such as https://paper.example/story")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryName:
    """How an act identifies its story."""

    story_id: StoryId
    urls: tuple[str, ...] = ()
    """Canonical URLs of the story's articles at the time of the act."""

    def names(self, story: Story) -> bool:
        """Return whether this name means the story: the ids are equal, or an article has one of the URLs."""
        return story.id == self.story_id or any(article.url in self.urls for article in story.articles)

    def meets(self, other: StoryName) -> bool:
        """Return whether two names may mean the same story: they have the same id or a URL in common."""
        return self.story_id == other.story_id or not set(self.urls).isdisjoint(other.urls)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAct:
    """Set the editor's greeting, of at most NOTE_WORDS words. An empty text removes the earlier greeting."""

    text: str
    author: str = ""

    def __post_init__(self) -> None:
        if (count := count_words(self.text)) > NOTE_WORDS:
            raise ValueError(f"a note has at most {NOTE_WORDS} words, this one has {count}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Put a story first. Of several pinned stories, the one pinned first comes first."""

    story: StoryName


class Where(Enum):
    """Where a story is moved to."""

    FIRST = "first"
    LAST = "last"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Move a story to the beginning or the end, or next to another story. It may also change the story's block."""

    story: StoryName
    where: Where
    beside: StoryName | None = None
    block: Block = Block.FREE
    """FREE keeps the story in its block."""

    def __post_init__(self) -> None:
        if (self.where in {Where.BEFORE, Where.AFTER}) != (self.beside is not None):
            raise ValueError("a story is moved before or after another one, or to the beginning or the end")
        if self.beside is not None and self.beside.story_id == self.story.story_id:
            raise ValueError("a story cannot be moved beside itself")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToBlock:
    """Choose whether a story is told in full or as a one-liner, without changing the order.

    FREE lets the program decide.
    """

    story: StoryName
    block: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Set an order: these stories come first, in this order. The others follow in the order that they had."""

    stories: tuple[StoryName, ...]

    def __post_init__(self) -> None:
        ids = [name.story_id for name in self.stories]
        if not ids or len(set(ids)) != len(ids):
            raise ValueError("an order names at least one story, and each story once")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """Leave a story out."""

    story: StoryName


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """Bring back a story that an editor left out."""

    story: StoryName


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Make one story of two: ``other`` is told as a part of ``story``."""

    story: StoryName
    other: StoryName


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Make two stories of one: some articles become a separate story, directly after the first."""

    story: StoryName
    urls: tuple[str, ...]
    """Canonical URLs of the articles that are split off."""

    def __post_init__(self) -> None:
        if not self.urls:
            raise ValueError("choose the articles that are a story of their own")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retitle:
    """Give a story another headline."""

    story: StoryName
    headline: str

    def __post_init__(self) -> None:
        _line("a headline", self.headline, HEADLINE_CHARACTERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalTitle:
    """Give a story its original headline back."""

    story: StoryName


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseBullets:
    """Print exactly these bullets of a story, in this order. An empty list lets the program choose again."""

    story: StoryName
    bullets: tuple[Bullet, ...]
    did: str = ""
    """What the editor did to the earlier bullets, as in ``Bullet 2 replaced``. Empty when that is not known."""

    def __post_init__(self) -> None:
        if len(self.bullets) > MOST_BULLETS:
            raise ValueError(f"a story has at most {MOST_BULLETS} bullets")
        spans = [(bullet.article_id, bullet.start, bullet.end) for bullet in self.bullets]
        if len(set(spans)) != len(spans):
            raise ValueError("a sentence is printed once")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTo:
    """Link a story to another of its articles, with this canonical URL.

    ``name`` is the source to name under the headline.
    """

    story: StoryName
    url: str
    name: str = ""

    def __post_init__(self) -> None:
        _link("the linked article", self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """Show or hide a story's picture, show the picture of another of its articles, or change the picture's texts."""

    story: StoryName
    wish: PhotoWish

    def __post_init__(self) -> None:
        for what in ("alt", "credit", "caption"):
            text = getattr(self.wish, what)
            if text is not None:
                _line(f"a picture's {what}", text, TEXT_CHARACTERS, least=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Set the complete subject of the letter. An empty text restores the subject that the program made."""

    text: str

    def __post_init__(self) -> None:
        _line("a subject", self.text, SUBJECT_CHARACTERS, least=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preheader:
    """Set the text that an inbox shows after the subject. An empty text restores the text that the program made."""

    text: str

    def __post_init__(self) -> None:
        _line("a preheader", self.text, PREHEADER_CHARACTERS, least=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnItem:
    """Add an item that the editor wrote. Each line of the text is a bullet. It can be moved as other stories can."""

    story_id: StoryId
    headline: str
    text: str = ""
    link: str = ""
    credit: str = ""
    """The name that is shown as its source. Empty shows no name."""
    where: Where = Where.AFTER
    """FIRST puts it before all other stories; AFTER puts it after ``beside``."""
    beside: StoryName | None = None
    """The story after which it comes; None for the lead."""

    def __post_init__(self) -> None:
        if self.where not in {Where.FIRST, Where.AFTER}:
            raise ValueError("an item of your own comes first, or after another story")
        _line("a headline", self.headline, HEADLINE_CHARACTERS)
        _line("a credit", self.credit, LABEL_CHARACTERS, least=0)
        if self.link:
            _link("a link", self.link)
        if (count := count_words(self.text)) > TEXT_WORDS:
            raise ValueError(f"an item of your own has at most {TEXT_WORDS} words, this one has {count}")
        if len(self.lines) > MOST_BULLETS:
            raise ValueError(f"an item of your own has at most {MOST_BULLETS} lines")

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of its text that are not empty."""
        return tuple(" ".join(line.split()) for line in self.text.splitlines() if line.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class AddArticle:
    """Add the story of one article that the editor requested. It comes after the lead unless it is moved."""

    article_id: ArticleId
    url: str
    title: str

    def __post_init__(self) -> None:
        _link("an article", self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseLine:
    """Set a line from a sponsor, or from the publication itself, in this edition. An empty text removes the line."""

    text: str
    link: str = ""
    sponsor: str = ""
    """Who paid for it; the line is then labelled as advertising. Empty for the publisher's own line."""

    def __post_init__(self) -> None:
        if (count := count_words(self.text)) > HOUSE_WORDS:
            raise ValueError(f"such a line has at most {HOUSE_WORDS} words, this one has {count}")
        _line("a sponsor's name", self.sponsor, LABEL_CHARACTERS, least=0)
        if self.link:
            _link("a link", self.link)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPart:
    """Take a part that is no story out of the letter, or bring it back: a find, a block, a correction."""

    part: Part
    story: StoryName | None = None
    """The story to which the line belongs; None for other lines."""
    key: str = ""
    """The id of a correction, or the kind of a block; empty for other parts."""
    shown: bool = False
    words: str = ""
    """The text of the part, for the page at the desk on which an editor can bring it back."""

    def __post_init__(self) -> None:
        if (self.part in OF_STORY) != (self.story is not None):
            raise ValueError("this line belongs to a story" if self.story is None else "this line belongs to no story")


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Undo the act with this number."""

    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Redo:
    """Redo the act with this number, which was undone."""

    of: int


OnStory = (
    Pin | Move | ToBlock | Drop | Restore | Merge | Split | Retitle | OriginalTitle | ChooseBullets | LinkTo | Photo
)
"""Acts on an existing story."""
Act = NoteAct | OnStory | Order | Subject | Preheader | OwnItem | AddArticle | HouseLine | ShowPart | Undo | Redo


def named(act: Act) -> tuple[StoryName, ...]:
    """Return the names of the stories that an act must find."""
    match act:
        case Merge(story=story, other=other):
            return story, other
        case Move(story=story, beside=StoryName() as beside):
            return story, beside
        case Order(stories=stories):
            return stories
        case ShowPart(story=story):
            return (story,) if story else ()
        case NoteAct() | Subject() | Preheader() | OwnItem() | AddArticle() | HouseLine() | Undo() | Redo():
            return ()
        case _:
            return (act.story,)
