"""Removes a greeting from an editor's note, since the letter itself begins with one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digest.edition.acts import Act, NoteAct
from digest.model.edition import Edition
from digest.render.catalogue import catalogue
from digest.settings import BrandSettings

ENDS = " .,:;!?-\N{EN DASH}\N{EM DASH}"
"""Characters around a greeting that are ignored when texts are compared."""


def greetings(edition: Edition, brand: BrandSettings) -> tuple[str, ...]:
    """Return the greetings with which a letter may begin, in the language of the edition."""
    words = catalogue(edition.language, brand.templates)
    return tuple(filter(None, (brand.greeting, words("hello_morning"), words("hello_evening"))))


def greeted_once(acts: Sequence[Act], said: Sequence[str]) -> tuple[Act, ...]:
    """Return the acts. A note in them that begins with one of the greetings ``said`` loses this greeting."""
    return tuple(replace(act, text=_without(act.text, said)) if isinstance(act, NoteAct) else act for act in acts)


def _without(text: str, said: Sequence[str]) -> str:
    for greeting in (one.strip(ENDS) for one in said):
        rest = text.strip()[len(greeting) :]
        if greeting and text.strip().casefold().startswith(greeting.casefold()) and rest[:1] in {"", *ENDS}:
            return rest.lstrip(ENDS)
    return text
