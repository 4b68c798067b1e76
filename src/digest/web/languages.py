"""The language of a page: the one in its URL, or the browser's preferred one."""

from __future__ import annotations

from collections.abc import Sequence

from digest.render.catalogue import written_as

MOST_RANGES = 20


def best_language(accepted: str, known: Sequence[str], default: str) -> str:
    """Return the language in ``known`` that an Accept-Language header prefers; ``default`` when it names none of them.

    ``known`` are primary tags such as ``en`` (RFC 9110, section 12.5.4).
    """
    wishes: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted.split(",")[:MOST_RANGES]):
        tag, _, weight = part.partition(";")
        primary = written_as(tag.strip().lower().partition("-")[0])
        quality = _quality(weight)
        if primary in known and quality > 0:
            wishes.append((-quality, place, primary))
    return min(wishes)[2] if wishes else default


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if not name:
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0
