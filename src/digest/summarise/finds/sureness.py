"""How sure a find is: a logistic model for each kind of find, over the traits of its sentence.

The models are fitted by ``bench/fit_finds.py`` on sentences that an editor judged. Each trait adds its own part, so
that ``explain`` can name what counted.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

FindKind = Literal["number", "quote", "next"]
_SHOWN = 3
"""So many of the strongest traits are named in an explanation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindModel:
    """The model of one kind of find."""

    constant: float
    """The log odds of a sentence whose traits are all at their mean."""
    traits: Mapping[str, tuple[float, float]]
    """The mean and the weight of each trait that counts."""
    least: float
    """The estimate from which a find is printed."""

    def parts(self, traits: Mapping[str, float]) -> dict[str, float]:
        """Return what each trait adds to the log odds of an average sentence."""
        return {name: weight * (traits[name] - mean) for name, (mean, weight) in self.traits.items()}

    def judged(self, traits: Mapping[str, float]) -> Verdict:
        """Return the verdict on a sentence with these traits. Raises KeyError when a trait of the model is missing."""
        parts = self.parts(traits)
        value = 1 / (1 + math.exp(-self.constant - sum(parts.values())))
        strongest = sorted(parts.items(), key=lambda part: -abs(part[1]))[:_SHOWN]
        why = ", ".join(f"{name} {part:+.1f}" for name, part in strongest)
        return Verdict(value=value, printed=value >= self.least, why=f"sure to {value:.2f} ({why})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The estimate of a find, 0 to 1, whether it is sure enough to be printed, and why."""

    value: float
    printed: bool
    why: str


def judged(kind: FindKind, traits: Mapping[str, float]) -> Verdict:
    """Return the verdict of the shipped model of a kind; see :meth:`FindModel.judged`."""
    return shipped()[kind].judged(traits)


@cache
def shipped() -> Mapping[FindKind, FindModel]:
    """Return the models that come with the program."""
    stored: Mapping[FindKind, Any] = json.loads(Path(__file__).with_name("weights.json").read_text("utf-8"))
    return {kind: loaded(model) for kind, model in stored.items()}


def loaded(stored: Mapping[str, Any]) -> FindModel:
    """Return the model that was stored as JSON."""
    return FindModel(
        constant=stored["constant"],
        traits={name: (mean, weight) for name, (mean, weight) in stored["traits"].items()},
        least=stored["least"],
    )
