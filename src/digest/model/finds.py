"""Sentences and names that a letter shows beside its stories. Each sentence is a verbatim span of an article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from digest.model.checks import aware
from digest.model.ids import EditionKey, StoryId
from digest.model.story import Bullet


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A sentence that was chosen for its number, its quotation or its date."""

    passage: Bullet
    figure: str = ""
    """The number as written in the sentence, with its unit; empty for other finds."""
    speaker: str = ""
    """The name of the person who is quoted; empty for other finds."""
    credit: str = ""
    """How the article introduces that person, word for word; empty when the sentence does it."""
    leans: bool = False
    """It is clear only below the headline of its story."""
    sureness: float = 0.0
    """The estimate that an editor would print it, 0 to 1; 0 in editions of older versions."""
    why: str = ""
    """Why it was chosen, for ``explain``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryFinds:
    """What was found in one story, each kind best first. Empty when nothing is sure."""

    slug: str = ""
    """One to three words that name the story, as its articles write them."""
    slug_why: str = ""
    other_slugs: tuple[str, ...] = ()
    """Other words that name it, best first."""
    coming: tuple[Find, ...] = ()
    numbers: tuple[Find, ...] = ()
    quotes: tuple[Find, ...] = ()
    light: bool = False
    """Whether it is a light story: a feature without a word of death, crime or politics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which of these a letter needs. What it does not need is not looked for."""

    names: bool = True
    coming: bool = True
    numbers: bool = True
    quotes: bool = True
    light: bool = True

    @property
    def sentences(self) -> bool:
        """Whether any sentence is needed."""
        return self.coming or self.numbers or self.quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A find in the letter, with the story that it belongs to."""

    story_id: StoryId
    headline: str
    find: Find
    slug: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier telling of a story: where it is in the archive, its headline, and the cut of its edition."""

    edition: EditionKey
    anchor: str
    headline: str
    at: datetime

    def __post_init__(self) -> None:
        aware("Earlier.at", self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """The end of the letter."""

    next_letter: datetime | None = None
    """When the next letter of this edition comes; None when this is not known or not shown."""
    light: StoryId | None = None
    """The one-liner that is shown last, as a light story."""
    share: bool = False
    """Whether it asks the reader to send the letter to a friend."""
    reply: bool = False
    """Whether it asks the reader to answer."""

    def __post_init__(self) -> None:
        aware("Close.next_letter", self.next_letter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finds:
    """What an edition shows beside its stories. Everything is empty in editions of older versions."""

    names: tuple[str, ...] = ()
    """Names of the first three stories, for the opening, without those that are not sure; empty when it names none."""
    coming: tuple[Shown, ...] = ()
    """Sentences of the closing block on what comes next."""
    number: Shown | None = None
    quote: Shown | None = None
    close: Close | None = None
