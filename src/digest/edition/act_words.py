"""Descriptions of the editor's acts, as the desk and the commands show them in an edition's history."""

from __future__ import annotations

from collections.abc import Callable

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
    OnStory,
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
from digest.edition.parts import LABELS

Headline = Callable[[StoryName], str]
"""Returns the headline of a story that an act names. Empty when the story no longer exists."""
A_STORY = "a story that is not there any more"
BLOCKS = {
    Block.FULL: "Told in full",
    Block.LINE: "Made a one-liner",
    Block.FREE: "Original place restored",
}


def in_words(act: Act, headline: Headline) -> str:
    """Return a description of an act in plain English. It begins with a capital and has no full stop."""
    match act:
        case NoteAct(text=text, author=author):
            signed = f", signed {author}" if author else ""
            return f"Note: “{text.strip()}”{signed}" if text.strip() else "Note removed"
        case Subject(text=text):
            return f"Subject: “{text.strip()}”" if text.strip() else "Original subject restored"
        case Preheader(text=text):
            return (
                f"Line after the subject: “{text.strip()}”"
                if text.strip()
                else "Original line after the subject restored"
            )
        case _:
            return _on_items(act, headline)


def _on_items(act: Act, headline: Headline) -> str:
    match act:
        case HouseLine(text=text, sponsor=sponsor):
            whose = f"Line of the sponsor {sponsor}" if sponsor else "Line of the house"
            words = f"{whose}: “{text.strip()}”" if text.strip() else "Took the line of the house out"
        case OwnItem(headline=own):
            words = f"An item of our own: {own}"
        case AddArticle(title=title):
            words = f"Added an article: {title}"
        case Order(stories=stories):
            words = f"Order: {'; '.join(headline(name) or A_STORY for name in stories)}"
        case ShowPart():
            words = _on_part(act, headline)
        case Undo(of=number):
            words = f"Took back act {number}"
        case Redo(of=number):
            words = f"Did act {number} again"
        case _:
            words = _on_story(act, headline)
    return words


def _on_part(act: ShowPart, headline: Headline) -> str:
    whose = f" of {headline(act.story) or A_STORY}" if act.story else ""
    said = f": {act.words}" if act.words and not act.story else ""
    return f"{'Brought back' if act.shown else 'Took out'} “{LABELS[act.part]}”{whose}{said}"


def _on_story(act: OnStory | NoteAct | Subject | Preheader, headline: Headline) -> str:
    if isinstance(act, NoteAct | Subject | Preheader):
        raise TypeError(f"{act!r} is on no story")
    story = headline(act.story) or A_STORY
    match act:
        case Pin():
            words = f"Put first: {story}"
        case Move(where=where, beside=beside, block=block):
            words = f"Moved {_to(where, headline(beside) if beside else '', block)}: {story}"
        case ToBlock(block=block):
            words = f"{BLOCKS[block]}: {story}"
        case Drop():
            words = f"Dropped: {story}"
        case Restore():
            words = f"Brought back: {story}"
        case Merge(other=other):
            words = f"Merged: {story}, and {headline(other) or 'another story'}"
        case Split(urls=urls):
            words = f"Split off {len(urls)} {'article' if len(urls) == 1 else 'articles'} of {story}"
        case _:
            words = _on_text(act, story)
    return words


def _to(where: Where, beside: str, block: Block) -> str:
    into = {Block.LINE: ", as a one-liner", Block.FULL: ", told in full", Block.FREE: ""}[block]
    if where in {Where.FIRST, Where.LAST}:
        return f"to the {'beginning' if where is Where.FIRST else 'end'}{into}"
    return f"{where.value} “{beside or A_STORY}”{into}"


def _on_text(act: Retitle | OriginalTitle | ChooseBullets | LinkTo | Photo, story: str) -> str:
    match act:
        case Retitle(headline=headline):
            return f"New headline: “{headline.strip()}” for {story}"
        case OriginalTitle():
            return f"Original headline restored: {story}"
        case ChooseBullets(did=did) if did:
            return f"{did}: {story}"
        case ChooseBullets(bullets=bullets):
            number = f"{len(bullets)} {'bullet' if len(bullets) == 1 else 'bullets'}"
            return f"Chose {number} for {story}" if bullets else f"Original bullets restored: {story}"
        case LinkTo(url=url, name=name):
            return f"Linked {name or url} for {story}"
        case Photo(wish=wish):
            return f"Picture of {story}" if wish.shown else f"No picture for {story}"
