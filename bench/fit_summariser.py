"""Fit the summariser's model to an editor's labels, and say honestly how good it is.

    PYTHONPATH=src:. python bench/fit_summariser.py           # cross-validated by article
    PYTHONPATH=src:. python bench/fit_summariser.py --write   # the same, then the model of all labels

It needs LightGBM (``pip install -e '.[fit]'``) and the labelled data beside the checkout. The labels are graded: the
best sentence of an article 1.15, shown 1, accepted .85, weak .1, one at which a reader stumbles 0. The trees regress
the grade of every sentence that may be told at all. Folds go by the title, so that an article, its near-duplicates and
the other articles of its set with that title lie in one.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.keywords import fit_keywords
from bench.labels import Labelled, fold_of, labelled
from digest.summarise.features import NAMES, features
from digest.summarise.reading import Reading, read
from digest.summarise.scorer import Model, loaded

ROOT = Path(__file__).parent.parent
EVAL = ROOT.parent / "shared" / "eval"
WEIGHTS = ROOT / "src" / "digest" / "summarise" / "weights.json"
GRADES = {"best": 1.15, "pick": 1.0, "ok": 0.85, "weak": 0.1, "bad": 0.0}
FOLDS = 5
REDUNDANCY = 0.05
"""Swept 0-.4: flat up to .1."""
PRICE = 0.0
