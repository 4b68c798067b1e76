"""What a paper's editors say of an article by where it stands on their front page, against their other articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from types import MappingProxyType

from digest.model.article import Article
from digest.model.front import FrontPlace
from digest.model.ids import SourceId

Front = Mapping[str, FrontPlace]
"""Article URL -> its place on the front page of its paper."""
NOBODY: Front = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far an article stands above (up to 1) or below (down to -1) the mean of its paper's, and why, in words."""

    value: float
    note: str


def standings(articles: Iterable[Article], front: Front) -> Mapping[str, Standing]:
    """Return the standing of the articles of each source of which the front page shows one, by URL.

    What is not on it has no prominence. The standings of a source sum to nothing, so that a paper whose front page is
    known gains nothing over one whose is not: they order the articles of one paper.
    """
    by_source: defaultdict[SourceId, dict[str, FrontPlace | None]] = defaultdict(dict)
    for article in articles:
        by_source[article.source_id][article.url] = front.get(article.url)
    found: dict[str, Standing] = {}
    for listed in by_source.values():
        if any(listed.values()):
            mean = fmean(_prominence(place) for place in listed.values())
            found |= {url: _standing(place, mean) for url, place in listed.items()}
    return found


def _prominence(place: FrontPlace | None) -> float:
    return 0.0 if place is None else place.prominence


def _standing(place: FrontPlace | None, mean: float) -> Standing:
    where = "not on its paper's front page" if place is None else f"place {place.place + 1} on its paper's front page"
    note = f"{where}, prominence {_prominence(place):.2f}, its paper's mean {mean:.2f}"
    return Standing(value=_prominence(place) - mean, note=note)


def best_standing(articles: Sequence[Article], known: Mapping[str, Standing]) -> Standing:
    """Return the highest standing among a story's articles; one of nothing when none is known."""
    standing = [known[article.url] for article in articles if article.url in known]
    return max(standing, key=lambda each: each.value, default=Standing(value=0.0, note=""))
