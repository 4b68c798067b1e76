"""The end of a letter that asks its readers: whether it was useful, a poll, and the address for replies."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from digest.model.ids import EditionKey
from digest.model.voice import NO, YES, Voice
from digest.render.catalogue import Catalogue
from digest.render.links import site_base
from digest.render.view import VoiceView, VoteView
from digest.settings import SiteSettings
from digest.text.glyphs import shown

LONGEST = 200
"""Most characters of a question or an answer."""


def voice_place(token: str) -> str:
    """Return the path of the pages that take a reader's answers; the last part is the token."""
    return f"/voice/{token}/"


def voice_view(voice: Voice, words: Catalogue, site: SiteSettings, key: EditionKey, token: str) -> VoiceView | None:
    """Return the questions at the letter's end, with links that contain the reader's token; None without any."""
    votes = tuple(_votes(voice, words, f"{site_base(site)}{voice_place(token)}{quote(key.day)}"))
    return VoiceView(votes=votes, reply_to=shown(voice.reply_to)) if votes or voice.reply_to else None


def _votes(voice: Voice, words: Catalogue, start: str) -> Iterator[VoteView]:
    if voice.useful:
        answers = ((words("voice_yes"), f"{start}/{YES}"), (words("voice_no"), f"{start}/{NO}"))
        yield VoteView(question=words("voice_useful"), answers=answers)
    if voice.question:
        numbered = enumerate(voice.answers, 1)
        yield VoteView(
            question=shown(voice.question, LONGEST),
            answers=tuple((shown(answer, LONGEST), f"{start}/{number}") for number, answer in numbered),
        )
