"""The letter greets by itself. A note that begins with the same greeting loses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digest.edition.acts import Act, NoteAct
from digest.model.edition import Edition
from digest.render.catalogue import catalogue
from digest.settings import BrandSettings

ENDS = " .,:;!?-\N{EN DASH}\N{EM DASH}"
"""Characters around a greeting that make no difference."""


def greetings(edition: Edition, brand: BrandSettings) -> tuple[str, ...]:
    """Return the greetings with which letters in the language of an edition begin."""
    words = catalogue(edition.language, brand.templates)
    return tuple(filter(None, (brand.greeting, words("hello_morning"), words("hello_evening"))))


def greeted_once(acts: Sequence[Act], said: Sequence[str]) -> tuple[Act, ...]:
    """Return the acts, with notes that do not begin with one of these greetings."""
    return tuple(replace(act, text=_without(act.text, said)) if isinstance(act, NoteAct) else act for act in acts)


def _without(text: str, said: Sequence[str]) -> str:
    for greeting in (one.strip(ENDS) for one in said):
        rest = text.strip()[len(greeting) :]
        if greeting and text.strip().casefold().startswith(greeting.casefold()) and rest[:1] in {"", *ENDS}:
            return rest.lstrip(ENDS)
    return text
