"""Mails are read in a process that may die without us."""

from __future__ import annotations

import os
import time

import pytest

from digest.errors import Mishandled
from digest.readers.bounded import BoundedReader
from digest.text.bounce_codes import Kind

pytestmark = pytest.mark.slow
LEAVE = b"From: a@p.example\nSubject: unsubscribe\n\nplease\n"


def test_a_mail_is_read_and_one_that_takes_too_long_is_given_up_and_the_next_is_read() -> None:
    with BoundedReader() as read:
        assert read(LEAVE).kind is Kind.LEAVE
    with BoundedReader(0.3, time.sleep) as slow, pytest.raises(Mishandled, match="not read in"):  # type: ignore[arg-type]
        slow(60)  # type: ignore[arg-type]
    with BoundedReader(5, os._exit) as deadly, pytest.raises(Mishandled, match="died"):  # type: ignore[arg-type]
        deadly(3)  # type: ignore[arg-type]
    with BoundedReader(5, len) as wrong, pytest.raises(Mishandled, match="failed"):  # type: ignore[arg-type]
        wrong(7)  # type: ignore[arg-type]
    with BoundedReader() as read:
        assert read(b"\xff" * 3_000_000).kind is Kind.OTHER
        assert read(LEAVE).kind is Kind.LEAVE
