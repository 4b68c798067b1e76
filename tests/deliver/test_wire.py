"""Replies are cut, addresses and messages written, so that nothing slips in."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.protocol.replies import Reply
from digest.deliver.protocol.smtp_syntax import Abilities, ReplyReader, ReplyStreamError, abilities, mailbox, stuffed


@given(st.lists(st.binary(max_size=30)))
def test_replies_do_not_depend_on_how_the_bytes_come(pieces: list[bytes]) -> None:
    def read(*parts: bytes) -> list[object]:
        reader, found = ReplyReader(), list[object]()
        try:
            for part in parts:
                found += reader.feed(part)
        except ReplyStreamError:
            found.append("refused")
        return found

    data = b"250-a\r\n250 b\r\n" + b"".join(pieces)
    assert read(data)[:3] == read(*(data[n : n + 1] for n in range(len(data))))[:3]


@pytest.mark.parametrize("bad", [b"hello\r\n", b"250_x\r\n", b"100 x\r\n", b"250-a\r\n251 b\r\n", b"2" * 5000])
def test_what_is_no_reply_is_refused(bad: bytes) -> None:
    with pytest.raises(ReplyStreamError):
        list(ReplyReader().feed(bad))


def test_a_reply_without_an_end_is_refused() -> None:
    with pytest.raises(ReplyStreamError):
        list(ReplyReader().feed(b"250-x\r\n" * 200))


def test_abilities_are_read_in_any_case() -> None:
    lines = (b"relay", b"Size 0", b"pipelining", b"AUTH=LOGIN", b"auth plain", b"", b"X-\xff")
    assert abilities(Reply(250, lines)) == Abilities(
        pipelining=True, size=True, mechanisms=frozenset({"LOGIN", "PLAIN"})
    )


@given(st.text(max_size=40))
def test_a_mailbox_cannot_leave_its_brackets(text: str) -> None:
    written = mailbox(f"{text}@example.org")
    if written is not None:
        outside_quotes = re.sub(r'"(?:[^"\\]|\\.)*"', "", written)
        assert not re.search(r"[\x00-\x1f\x7f]", written)
        assert not re.search(r"[<>\s]", outside_quotes)


@pytest.mark.parametrize("address", ["a@b@c", "a", "@b", "a@", "a b@c", "a@b c", "a@b>", "a@b\r\nX", "", "a@-\u2028"])
def test_no_mailbox(address: str) -> None:
    assert mailbox(address) is None


@given(st.binary(max_size=60).map(lambda body: body.replace(b"x", b"\r").replace(b"y", b"\n").replace(b"z", b".")))
def test_a_stuffed_message_holds_no_end_and_no_loose_line_end(message: bytes) -> None:
    sent = stuffed(message)
    assert sent.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", sent)
    assert not re.search(rb"(?:^|\n)\.(?!\.)", sent)
