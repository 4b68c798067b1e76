"""How well real bounces are judged, where the labelled data lies beside the checkout."""

from __future__ import annotations

import json
import tarfile
from collections import Counter
from pathlib import Path

import pytest

from digest.readers.bounces import read_bounce
from digest.text.bounce_codes import Kind

DATA = Path(__file__).parents[3] / "shared" / "eval" / "data"
SOFT = {Kind.SOFT, Kind.DELAYED}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def judged() -> Counter[tuple[str, Kind]]:
    """Give (what it is, what it was read as) of real bounces."""
    truth, mails = DATA / "bounces_dev.json", DATA / "bounces_dev.tar.xz"
    if not mails.is_file():
        pytest.skip(f"the shared labelled data is not at {DATA}")
    known = json.loads(truth.read_text(encoding="utf-8"))
    found: Counter[tuple[str, Kind]] = Counter()
    with tarfile.open(mails) as tar:
        for member in tar:
            file = tar.extractfile(member)
            assert file is not None
            found[known.get(Path(member.name).stem, ""), read_bounce(file.read()).kind] += 1
    return found


def test_most_bounces_are_judged_as_people_judge_them(judged: Counter[tuple[str, Kind]]) -> None:
    bounces = sum(number for (what, _), number in judged.items() if what in {"hard", "soft"})
    right = judged["hard", Kind.HARD] + sum(judged["soft", kind] for kind in SOFT)
    assert right / bounces >= 0.92


def test_hardly_anybody_is_lost_to_a_soft_bounce(judged: Counter[tuple[str, Kind]]) -> None:
    soft = sum(number for (what, _), number in judged.items() if what == "soft")
    assert judged["soft", Kind.HARD] / soft <= 0.03


def test_complaints_are_heard_and_answers_and_receipts_are_no_bounces(judged: Counter[tuple[str, Kind]]) -> None:
    wrong = {
        (what, kind)
        for what, kind in judged
        if (what == "complaint" and kind not in {Kind.COMPLAINT, Kind.LEAVE})
        or (what in {"vacation", "delivered"} and kind.value != what)
    }
    assert wrong == set()
