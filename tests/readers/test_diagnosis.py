"""What a server's words about one recipient mean, under this room's own name."""

from __future__ import annotations

import pytest

from digest.readers.diagnosis import Kind, Stage, diagnose


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("551 User not local; please try <lena@elsewhere.example>", Kind.HARD),
        ("551 5.1.6 recipient has moved; please try <lena@new.example>", Kind.HARD),
        ("550 This user has a new address, lena@new.example", Kind.HARD),
        ("550 5.7.1 No such user!", Kind.HARD),
        ("551 User not local: relay access denied", Kind.SOFT),
        ("450 4.1.2 <lena@post.example>: Recipient address rejected: Domain not found", Kind.SOFT),
        ("550 5.7.1 The message was refused by policy", Kind.SOFT),
    ],
)
def test_words_at_rcpt_tell_whether_the_address_was_given_up(words: str, kind: Kind) -> None:
    assert diagnose(words, stage=Stage.RECIPIENT).kind is kind
