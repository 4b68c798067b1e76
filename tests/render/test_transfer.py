from __future__ import annotations

import base64
import quopri

from hypothesis import given
from hypothesis import strategies as st

from digest.model.letter import Slot
from digest.render.transfer import base64_lines, encoded_part, quoted_printable

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=200)
TRAPS = st.sampled_from(
    [".", "..", ".dot", "From me", "x" * 75 + ".", "x" * 74 + " From me", "=", "blank ", "tab\t", "é" * 40]
)
LINES = st.lists(TEXT | TRAPS, max_size=12)
TOKEN = b"k1.r7.m1123.9QeVbT1xkZ0a4wYd"


def filled(segments: tuple[bytes | Slot, ...], token: bytes = TOKEN) -> bytes:
    return b"".join(token if isinstance(segment, Slot) else segment for segment in segments)


def pieces_of(lines: list[str]) -> tuple[bytes, ...]:
    return (("\r\n".join(lines) + "\r\n").encode(),)


@given(LINES)
def test_quoted_printable_reads_back_and_keeps_to_its_lines(lines: list[str]) -> None:
    (whole,) = pieces_of(lines)
    encoded = filled(quoted_printable((whole,)))
    assert quopri.decodestring(encoded) == whole
    assert encoded.isascii()
    for line in encoded.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.startswith((b".", b"From "))
        assert not line.endswith((b" ", b"\t"))


@given(LINES, LINES)
def test_a_slot_in_quoted_printable_leaves_the_text_whole(before: list[str], after: list[str]) -> None:
    (head,), (tail,) = pieces_of(before), pieces_of(after)
    for pieces in ((head[:-2], Slot.UNSUBSCRIBE, tail), (head, Slot.UNSUBSCRIBE), (Slot.UNSUBSCRIBE, tail)):
        encoded = filled(quoted_printable(pieces))
        expected = filled(pieces) + (b"" if pieces[-1] is tail else b"\r\n")
        assert quopri.decodestring(encoded) == expected
        assert max(map(len, encoded.split(b"\r\n"))) <= 76


@given(st.binary(max_size=400), st.binary(max_size=100))
def test_base64_is_whole_lines_up_to_the_first_slot_and_raw_after_it(head: bytes, tail: bytes) -> None:
    steady, mark, *raw, end = base64_lines((head, Slot.UNSUBSCRIBE, tail))
    assert mark is end is Slot.BASE64
    assert isinstance(steady, bytes)
    assert base64.b64decode(steady) + filled(tuple(raw)) == head + TOKEN + tail
    assert all(len(line) == 76 for line in steady.split(b"\r\n")[:-1])


def test_the_smaller_encoding_is_taken() -> None:
    assert b"quoted-printable" in filled(encoded_part("plain", "Plain English, with a café.\n", {}))
    assert b"base64" in filled(encoded_part("plain", "Утренний выпуск газеты\n", {}))


def test_a_mark_becomes_its_slot_and_a_text_without_end_gets_one() -> None:
    segments = encoded_part("plain", "To leave, or to rest for a while: MARK", {"MARK": Slot.UNSUBSCRIBE})
    assert Slot.UNSUBSCRIBE in segments
    assert (
        quopri.decodestring(filled(segments).split(b"\r\n\r\n", 1)[1])
        == b"To leave, or to rest for a while: " + TOKEN + b"\r\n"
    )
