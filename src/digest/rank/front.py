"""The prominence of an article on its paper's front page, compared with the paper's other articles."""

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
    """The prominence of an article minus the mean of its paper's articles (-1 to 1), with an explanation."""

    value: float
    note: str


def standings(articles: Iterable[Article], front: Front) -> Mapping[str, Standing]:
    """Return the standing by URL, for the articles of each source with at least one article on a front page.

    An article that is not on it has no prominence. The standings of a source add up to 0: a paper with a known front
    page gains nothing over others. They only order the articles of one paper.
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
    """Return the highest standing among a story's articles; a standing of 0 when none is known."""
    standing = [known[article.url] for article in articles if article.url in known]
    return max(standing, key=lambda each: each.value, default=Standing(value=0.0, note=""))
