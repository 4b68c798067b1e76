"""The acts of an editor on a draft: frozen values. A value that makes no sense cannot be built (ValueError).

An act names a story by its id and by the URLs it had then, so that it still finds the story when an earlier article
has joined it since and changed its id.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

from digest.edition.hand import Block, PhotoWish
from digest.model.ids import ArticleId, StoryId
from digest.model.story import Bullet, Story
from digest.text.words import count_words

NOTE_WORDS = 60
HEADLINE_CHARACTERS = 300
SUBJECT_CHARACTERS = 150
"""A subject by hand; the proof of the letter says when it is longer than phones show."""
PREHEADER_CHARACTERS = 200
MOST_BULLETS = 5
"""Bullets that an editor may give a story."""
TEXT_WORDS = 120
"""Words of an item of the editor's own."""
HOUSE_WORDS = 40
LABEL_CHARACTERS = 80
TEXT_CHARACTERS = 300
"""Characters of a picture's caption or alternative text."""


def _line(what: str, text: str, most: int, *, least: int = 1) -> None:
    if not least <= len(text.strip()) <= most:
        raise ValueError(f"{what} has {least} to {most} characters")
    if "\n" in text.strip():
        raise ValueError(f"{what} is one line")


def _link(what: str, url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise ValueError(f"{what} is a whole address, such as https://paper.example/story")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryName:
    """How an act names its story."""

    story_id: StoryId
    urls: tuple[str, ...] = ()
    """Canonical URLs of the story's articles when the editor acted."""

    def names(self, story: Story) -> bool:
        """Tell whether this is the story: the same id, or an article in common."""
        return story.id == self.story_id or any(article.url in self.urls for article in story.articles)

    def meets(self, other: StoryName) -> bool:
        """Tell whether two names may mean one story."""
        return self.story_id == other.story_id or not set(self.urls).isdisjoint(other.urls)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAct:
    """The editor's greeting, at most NOTE_WORDS words; an empty text takes an earlier one back."""

    text: str
    author: str = ""

    def __post_init__(self) -> None:
        if (count := count_words(self.text)) > NOTE_WORDS:
            raise ValueError(f"a note has at most {NOTE_WORDS} words, this one has {count}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Put a story first; of several pins the first made stands highest."""

    story: StoryName


class Where(Enum):
    """Where a story is moved to."""

    FIRST = "first"
    LAST = "last"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Move a story to the beginning or the end, or beside another story, and perhaps into another block."""

    story: StoryName
    where: Where
    beside: StoryName | None = None
    block: Block = Block.FREE
    """FREE keeps the block that it is in."""

    def __post_init__(self) -> None:
        if (self.where in {Where.BEFORE, Where.AFTER}) != (self.beside is not None):
            raise ValueError("a story is moved before or after another one, or to the beginning or the end")
        if self.beside is not None and self.beside.story_id == self.story.story_id:
            raise ValueError("a story cannot be moved beside itself")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToBlock:
    """Tell a story in full, or as a one-liner, where it is in the order; FREE leaves it to the program again."""

    story: StoryName
    block: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An explicit order: these stories first, one after the other, then the rest as it was."""

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
    """Bring a story back that was left out by hand."""

    story: StoryName


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Tell ``other`` as a part of ``story``."""

    story: StoryName
    other: StoryName


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Tell some articles of a story as a story of their own, right after it."""

    story: StoryName
    urls: tuple[str, ...]
    """Canonical URLs of the articles that are taken out."""

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
    """Give a story its first headline back."""

    story: StoryName


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseBullets:
    """Print exactly these bullets, in this order; none leaves the choice to the program again."""

    story: StoryName
    bullets: tuple[Bullet, ...]

    def __post_init__(self) -> None:
        if len(self.bullets) > MOST_BULLETS:
            raise ValueError(f"a story has at most {MOST_BULLETS} bullets")
        spans = [(bullet.article_id, bullet.start, bullet.end) for bullet in self.bullets]
        if len(set(spans)) != len(spans):
            raise ValueError("a sentence is printed once")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTo:
    """Link and credit the article of this canonical URL, whose source has that name."""

    story: StoryName
    url: str
    name: str = ""

    def __post_init__(self) -> None:
        _link("the linked article", self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """Show or hide a story's picture, take another one of its articles, or give it other texts."""

    story: StoryName
    wish: PhotoWish

    def __post_init__(self) -> None:
        for what in ("alt", "credit", "caption"):
            text = getattr(self.wish, what)
            if text is not None:
                _line(f"a picture's {what}", text, TEXT_CHARACTERS, least=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The letter's subject, whole; an empty one gives the program's back."""

    text: str

    def __post_init__(self) -> None:
        _line("a subject", self.text, SUBJECT_CHARACTERS, least=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preheader:
    """What an inbox shows after the subject; an empty one gives the program's back."""

    text: str

    def __post_init__(self) -> None:
        _line("a preheader", self.text, PREHEADER_CHARACTERS, least=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnItem:
    """An item that the editor wrote; each line of the text is a bullet. It stands after the lead until it is moved."""

    story_id: StoryId
    headline: str
    text: str = ""
    link: str = ""
    credit: str = ""
    """The name that is shown as its source; none when empty."""

    def __post_init__(self) -> None:
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
        """The lines of its text that say something."""
        return tuple(" ".join(line.split()) for line in self.text.splitlines() if line.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class AddArticle:
    """Tell an article that was read at the editor's wish; it stands after the lead until it is moved."""

    article_id: ArticleId
    url: str
    title: str

    def __post_init__(self) -> None:
        _link("an article", self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseLine:
    """A line of a sponsor, or of the house, in this edition; an empty text takes it out again."""

    text: str
    link: str = ""
    sponsor: str = ""
    """Who paid for it: then it is labelled as advertising. Empty for the paper's own line."""

    def __post_init__(self) -> None:
        if (count := count_words(self.text)) > HOUSE_WORDS:
            raise ValueError(f"such a line has at most {HOUSE_WORDS} words, this one has {count}")
        _line("a sponsor's name", self.sponsor, LABEL_CHARACTERS, least=0)
        if self.link:
            _link("a link", self.link)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Take back the act of that number."""

    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Redo:
    """Do the act of that number again that was taken back."""

    of: int


OnStory = (
    Pin | Move | ToBlock | Drop | Restore | Merge | Split | Retitle | OriginalTitle | ChooseBullets | LinkTo | Photo
)
"""Acts on a story that is there already."""
Act = NoteAct | OnStory | Order | Subject | Preheader | OwnItem | AddArticle | HouseLine | Undo | Redo


def named(act: Act) -> tuple[StoryName, ...]:
    """Return the stories that an act needs to find."""
    match act:
        case Merge(story=story, other=other):
            return story, other
        case Move(story=story, beside=StoryName() as beside):
            return story, beside
        case Order(stories=stories):
            return stories
        case NoteAct() | Subject() | Preheader() | OwnItem() | AddArticle() | HouseLine() | Undo() | Redo():
            return ()
        case _:
            return (act.story,)
