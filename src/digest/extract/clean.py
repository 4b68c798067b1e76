"""Decides for every line whether it belongs to the article. Evidence is weighted by a fitted model.

The model is a logistic regression on lines of real pages, labelled by means of texts that were extracted by hand; see
``bench/fit_clean.py``. Three rules override it. These lines are dropped: lines that repeat on the host's pages, lines
that are notices, and lines without a word.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Self, TypedDict

from digest.extract.blocks import PageLayout
from digest.extract.candidates import Line, candidates
from digest.extract.evidence import PLACES, Known, Observations, observe
from digest.extract.notices import own_text
from digest.extract.repeated_lines import fingerprint
from digest.extract.teasers import teasers
from digest.extract.vocabulary import is_notice

RESIDUE = 0.5
"""A line that the extractor took is dropped from this probability of residue (text that is not the article's)."""
PASSED_RESIDUE = 0.3
"""The same for a block that the extractor skipped, because extractor and model then agree against it. The same for a
line below a heading of further articles."""
CERTAIN = 0.93
"""Replaces RESIDUE if less than LEAST_KEPT of the text would remain, as in an article that is a list of names."""
LEAST_KEPT = 0.4
SHORTEST_TITLE = 15
"""Characters. A line that equals a title of this length is the title and nothing else."""
LONGEST_CAPTION = 350
"""Longest caption, in characters."""

_LETTER = re.compile(r"[^\W_]")
_CREDIT_IN_BRACKETS = re.compile(
    r"\s*[(\[](?:Photo(?:graph)?s?|Foto|Images?|Pictures?|Pic|Bild|Imagen|Cr[ée]dits?)(?: (?:by|courtesy of))?\s?:"
    r"[^()\[\]]{2,80}[)\]]\.?\s*\Z",
    re.IGNORECASE,
)
_CLOSING = (")", "]", ").", "].")
_GLUED_CREDIT = re.compile(
    r"""(?<=[.!?…”"’])\s?(?:Photo(?:graph)?|Foto|Image|Picture|Credit|Bild)?:?\s?
    (?:[A-Z][\w.’'-]*(?:\s[A-Z][\w.’'-]*){0,4}\s?/\s?)+(?:[A-Z][\w.’'-]*(?:\s[A-Z][\w.’'-]*){0,3})\s*\Z""",  # noqa: RUF001
    re.VERBOSE,
)


class StoredWeights(TypedDict):
    """The structure of ``weights.json``."""

    everywhere: dict[str, float]
    in_place: dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each observation as a sign of residue: everywhere, and an addition for each of PLACES."""

    everywhere: Mapping[str, float]
    in_place: Mapping[str, Mapping[str, float]]
    _summed: dict[tuple[str, ...], dict[str, float]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def read(cls, stored: StoredWeights) -> Self:
        """Return the weights that ``stored`` contains."""
        return cls(stored["everywhere"], stored["in_place"])

    def at(self, places: tuple[str, ...]) -> Mapping[str, float]:
        """Return the sum of the weights for these places. A place adds nothing to its own observation."""
        if places not in self._summed:
            summed = dict(self.everywhere)
            for place in places:
                for name, weight in self.in_place[place].items():
                    if name != place:
                        summed[name] = summed.get(name, 0.0) + weight
            self._summed[places] = summed
        return self._summed[places]


@cache
def shipped_weights() -> Weights:
    """Return the weights that come with the program."""
    stored = json.loads(resources.files("digest.extract").joinpath("weights.json").read_text("utf-8"))
    return Weights.read(stored)


def residue_probability(seen: Observations, weights: Weights) -> float:
    """Return the probability that a line with these observations does not belong to the article."""
    here = weights.at(tuple(place for place in PLACES if place in seen))
    total = sum(here.get(name, 0.0) * value for name, value in seen.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def clean(
    lines: Sequence[str],
    page: PageLayout,
    known: Known,
    furniture: frozenset[str] = frozenset(),
    weights: Weights | None = None,
) -> list[str]:
    """Return the article's own lines in order: lines of the extractor without residue, and blocks that it skipped.

    Args:
        lines: The extractor's output, one paragraph each.
        page: The layout of the page.
        known: The page's data about its article.
        furniture: Fingerprints of lines that repeat on the host's pages (see ``repeated_lines``).
        weights: Weights other than those of the program, for their evaluation.
    """
    proposed = candidates([line for line in lines if _LETTER.search(line)], page.blocks)
    weights = weights or shipped_weights()
    titles = {fingerprint(title) for title in known.titles if len(title) >= SHORTEST_TITLE}
    judged = [
        (line, residue_probability(seen, weights))
        for line, seen in zip(proposed, observe(proposed, page, known), strict=True)
        if not is_notice(line.text) and (key := fingerprint(line.text)) not in titles and key not in furniture
    ]
    doubtful = teasers(proposed)
    kept = [
        line
        for line, residue in judged
        if residue < (RESIDUE if line.taken and line not in doubtful else PASSED_RESIDUE)
    ]
    if _taken(kept) < LEAST_KEPT * _taken([line for line, _ in judged]):
        kept = [line for line, residue in judged if residue < (CERTAIN if line.taken else PASSED_RESIDUE)]
    return own_text([text for line in kept if (text := without_credit(line.text))], known.authors)


def _taken(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines if line.taken)


def without_credit(line: str) -> str:
    """Return the line without a photographer's credit after its last full stop (``... in May.JANE DOE / AFP``).

    A labelled credit in brackets (``(Image: Jane Doe)``) is removed as well. If the rest is no longer than a caption,
    the result is empty: the credit shows that the line is a caption.
    """
    text = _CREDIT_IN_BRACKETS.sub("", line) if line.endswith(_CLOSING) else line
    text = _GLUED_CREDIT.sub("", text) if "/" in text else text
    return "" if text != line and len(text) <= LONGEST_CAPTION else text
