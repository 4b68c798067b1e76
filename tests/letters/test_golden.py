"""Every letter against the one that was looked at, part by part.

After a change that is meant: ``UPDATE_GOLDEN=1 pytest tests/letters/test_golden.py``, and read the difference.
"""

from __future__ import annotations

import email
import email.policy
import os
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.letters.editions import Sample, samples
from tests.letters.looks import named

from digest.deliver.message.splice import ReaderFields, splice

GOLDENS = (*(sample.name for sample in samples()), "all-on", "language-fr", "language-ja")
GOLDEN = Path(__file__).parent / "golden"
UPDATE = bool(os.environ.get("UPDATE_GOLDEN"))
DATE = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
READER = ReaderFields(
    address="anna.berg@receiver.test",
    name="Anna Berg",
    message_id="20261123.morning.4f3a9c",
    unsubscribe="k1.r7.m1123.9QeVbT1xkZ0a4wYd",
    preferences="k1.r7.p.Zr0f8sLqJm2cVx6N",
)


def parts_of(sample: Sample) -> dict[str, str]:
    """Return header, text and HTML of one reader's copy, by the name of their file."""
    raw = splice(sample.rendered(DATE), READER)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    text, html = (part.get_content() for part in message.iter_parts() if isinstance(part, EmailMessage))
    head = raw.split(b"\r\n\r\n", 1)[0].decode("ascii")
    parts = {"header.txt": head + "\n", "text.txt": text, "page.html": html}
    return {name: part.replace("\r\n", "\n") for name, part in parts.items()}


@pytest.mark.parametrize("letter", GOLDENS)
def test_every_part_of_a_letter_is_the_one_that_was_looked_at(letter: str) -> None:
    folder = GOLDEN / letter
    for name, part in parts_of(named(letter)).items():
        if UPDATE:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(part, encoding="utf-8", newline="\n")
        assert part == (folder / name).read_text(encoding="utf-8")
