"""What a mail that came back says of the letter that it is about."""

from __future__ import annotations

import pytest

from digest.readers.bounces import read_bounce
from digest.text.bounce_codes import Kind

LETTER = "abcdefghijklmnopqrstuvwx@letters.example"


def mail(body: str = "Thank you.", **header: str) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in header.items())
    return f"{lines}\n{body}\n".encode()


@pytest.mark.parametrize(("number", "told"), [(19, 19), (20, 20), (25, 20)])
def test_twenty_tokens_of_a_mail_are_looked_at(number: int, told: int) -> None:
    lines = "".join(f"Delivered-To: b-tok{n}@letters.example\n" for n in range(number))
    found = read_bounce(f"From: MAILER-DAEMON@mx.example\nSubject: failure notice\n{lines}\nIt failed.\n".encode())
    assert found.tokens == tuple(f"tok{n}" for n in range(told))


def test_the_wish_to_leave_names_the_letter_that_it_answers_and_no_other_answer_does() -> None:
    wish = mail(From="Ada <ada@reader.example>", Subject="unsubscribe", In_Reply_To=f"<{LETTER}>")
    assert (read_bounce(wish).kind, read_bounce(wish).message_id) == (Kind.LEAVE, LETTER)
    away = mail(
        From="Ada <ada@reader.example>",
        Subject="Out of office",
        Auto_Submitted="auto-replied",
        In_Reply_To=f"<{LETTER}>",
    )
    assert (read_bounce(away).kind, read_bounce(away).message_id) == (Kind.VACATION, "")
