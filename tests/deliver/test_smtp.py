"""The session without a socket: what it says, what it makes of replies, and that no stream fools or hangs it."""

from __future__ import annotations

from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.deliver.protocol.login import Login
from digest.deliver.protocol.replies import Act, Fate, Stage
from digest.deliver.protocol.smtp import Ended, Event, HandOver, Parcel, Ready, Security, Session, Settled, StartTls

T = TypeVar("T")


def parcel(number: int = 1, recipient: str = "anna@example.org", message: bytes = b"Subject: x\r\n\r\nx\r\n") -> Parcel:
    return Parcel(number, "news@paper.example", recipient, message)


def spoken(session: Session) -> bytes:
    """Write what is due, as a driver does, and return the bytes."""
    said = b""
    for chunk in session.outgoing():
        if isinstance(chunk, HandOver):
            session.handed_over()
        else:
            said += chunk
    return said


def opened(*abilities: str, **options: object) -> Session:
    session = Session(**({"name": "paper.example", "security": Security.PLAIN} | options))  # type: ignore[arg-type]
    session.receive(b"220 hello\r\n")
    assert spoken(session) == b"EHLO paper.example\r\n"
    lines = ["relay", *abilities]
    last = len(lines) - 1
    greeting = b"".join(f"250{' ' if n == last else '-'}{line}\r\n".encode() for n, line in enumerate(lines))
    assert session.receive(greeting) == [Ready()]
    return session


def ended(events: list[Event]) -> Ended:
    assert isinstance(events[-1], Ended)
    return events[-1]


def settled(events: list[Event]) -> list[tuple[int, Fate]]:
    return [(event.parcel.id, event.verdict.fate) for event in events if isinstance(event, Settled)]


def test_a_pipelined_letter_costs_one_round_trip() -> None:
    session = opened("PIPELINING", "SIZE 100000")
    session.submit(parcel(1))
    first = spoken(session)
    assert first == (b"MAIL FROM:<news@paper.example> SIZE=17\r\nRCPT TO:<anna@example.org>\r\nDATA\r\n")
    assert session.receive(b"250 ok\r\n250 ok\r\n354 go\r\n") == []
    assert session.submit(parcel(2, "ben@example.org")) is None
    second = spoken(session)
    assert second.startswith(b"Subject: x\r\n\r\nx\r\n.\r\nMAIL FROM:<news@paper.example>")
    assert second.endswith(b"RCPT TO:<ben@example.org>\r\nDATA\r\n")
    assert settled(session.receive(b"250 2.0.0 kept\r\n250 ok\r\n250 ok\r\n354 go\r\n")) == [(1, Fate.ACCEPTED)]


def test_without_pipelining_every_command_waits() -> None:
    session = opened()
    session.submit(parcel())
    assert spoken(session) == b"MAIL FROM:<news@paper.example>\r\n"
    assert spoken(session) == b""
    session.receive(b"250 ok\r\n")
    assert spoken(session) == b"RCPT TO:<anna@example.org>\r\n"
    session.receive(b"250 ok\r\n")
    assert spoken(session) == b"DATA\r\n"
    session.receive(b"354 go\r\n")
    assert not session.room or session.idle is False
    assert spoken(session).endswith(b"\r\n.\r\n")
    assert settled(session.receive(b"250 kept\r\n")) == [(1, Fate.ACCEPTED)]
    assert session.idle


def test_a_refused_recipient_whose_data_was_not_gets_a_lone_dot() -> None:
    session = opened("PIPELINING")
    session.submit(parcel())
    spoken(session)
    assert session.receive(b"250 ok\r\n550 5.1.1 who?\r\n354 go\r\n") == []
    assert spoken(session) == b".\r\n"
    assert settled(session.receive(b"554 no recipients\r\n")) == [(1, Fate.REJECTED)]
    assert session.room


def test_an_empty_letter_never_reaches_a_recipient_whose_sender_was_refused() -> None:
    session = opened("PIPELINING")
    session.submit(parcel())
    spoken(session)
    events = session.receive(b"550 no\r\n250 ok\r\n354 go\r\n")
    assert settled(events) == [(1, Fate.RETURNED)]
    assert ended(events).verdict.act is Act.BACK_OFF
    assert spoken(session) == b""


def test_a_refused_mail_in_a_group_ends_the_grouping() -> None:
    session = opened("PIPELINING")
    session.submit(parcel(1))
    spoken(session)
    assert settled(session.receive(b"503 nested\r\n503 no\r\n503 no\r\n")) == [(1, Fate.RETURNED)]
    session.submit(parcel(2))
    assert spoken(session) == b"RSET\r\n"
    session.receive(b"250 ok\r\n")
    assert spoken(session) == b"MAIL FROM:<news@paper.example>\r\n"


@pytest.mark.parametrize("handed_over", [True, False])
def test_a_letter_is_uncertain_only_after_its_dot(*, handed_over: bool) -> None:
    session = opened("PIPELINING")
    session.submit(parcel())
    spoken(session)
    session.receive(b"250 ok\r\n250 ok\r\n354 go\r\n")
    session.outgoing()
    if handed_over:
        session.handed_over()
    assert settled(session.lost("gone")) == [(1, Fate.UNCERTAIN if handed_over else Fate.RETURNED)]
    assert session.lost("gone again") == []


def test_a_success_before_the_dot_is_no_success() -> None:
    session = opened("PIPELINING")
    session.submit(parcel())
    spoken(session)
    session.receive(b"250 ok\r\n250 ok\r\n354 go\r\n")
    session.outgoing()
    assert settled(session.receive(b"250 2.0.0 kept\r\n")) == [(1, Fate.RETURNED)]


@pytest.mark.parametrize(
    ("recipient", "message", "words"),
    [
        ("anna\r\nRCPT TO:<evil@example.org>", b"x\r\n", "not a mail address"),
        ("anna@example.org> SIZE=1", b"x\r\n", "not a mail address"),
        ("jürgen@example.org", b"x\r\n", "SMTPUTF8"),
        ("anna@example.org", b"\xc3\xbc\r\n", "8BITMIME"),
        ("anna@example.org", b"x" * 200 + b"\r\n", "at most 100"),
    ],
)
def test_what_this_relay_cannot_take_fails_alone(recipient: str, message: bytes, words: str) -> None:
    session = opened("PIPELINING", "SIZE 100")
    verdict = session.submit(parcel(1, recipient, message))
    assert verdict is not None
    assert verdict.fate is Fate.REJECTED
    assert words in verdict.reply
    assert session.room
    assert spoken(session) == b""


def test_an_international_address_is_announced() -> None:
    session = opened("SMTPUTF8", "8BITMIME")
    session.submit(parcel(1, "jürgen@bücher.example"))
    assert spoken(session) == b"MAIL FROM:<news@paper.example> SMTPUTF8\r\n"
    session.receive(b"250 ok\r\n")
    assert spoken(session) == "RCPT TO:<jürgen@xn--bcher-kva.example>\r\n".encode()


def under_tls(offer: bytes, mechanism: str = "") -> Session:
    login = Login(user="anna", secret="s3cret", mechanism=mechanism)
    session = Session(name="me", security=Security.STARTTLS, login=login)
    session.receive(b"220 hi\r\n")
    spoken(session)
    session.receive(b"250-relay\r\n250 STARTTLS\r\n")
    assert spoken(session) == b"STARTTLS\r\n"
    assert session.receive(b"220 go\r\n") == [StartTls()]
    session.secured()
    assert spoken(session) == b"EHLO me\r\n"
    session.receive(b"250-relay\r\n250 AUTH " + offer + b"\r\n")
    return session


@pytest.mark.parametrize(
    ("offer", "mechanism", "lines"),
    [
        (b"LOGIN PLAIN", "", [b"AUTH PLAIN AGFubmEAczNjcmV0\r\n"]),
        (b"LOGIN", "", [b"AUTH LOGIN\r\n", b"YW5uYQ==\r\n", b"czNjcmV0\r\n"]),
        (b"PLAIN XOAUTH2", "XOAUTH2", [b"AUTH XOAUTH2 dXNlcj1hbm5hAWF1dGg9QmVhcmVyIHMzY3JldAEB\r\n"]),
    ],
)
def test_logging_in(offer: bytes, mechanism: str, lines: list[bytes]) -> None:
    session = under_tls(offer, mechanism)
    for line in lines[:-1]:
        assert spoken(session) == line
        assert session.receive(b"334 \r\n") == []
    assert spoken(session) == lines[-1]
    assert session.receive(b"235 welcome\r\n") == [Ready()]


def test_a_wrong_password_stops_the_run_and_is_not_told() -> None:
    session = under_tls(b"PLAIN")
    spoken(session)
    verdict = ended(session.receive(b"535 5.7.8 wrong\r\n")).verdict
    assert verdict.act is Act.STOP
    assert "s3cret" not in repr((verdict, session._handshake.login))


def test_no_password_leaves_in_clear() -> None:
    session = Session(name="me", security=Security.PLAIN, login=Login(user="anna", secret="s3cret"))
    session.receive(b"220 hi\r\n")
    spoken(session)
    events = session.receive(b"250-relay\r\n250 AUTH PLAIN\r\n")
    assert ended(events).verdict.act is Act.STOP
    assert spoken(session) == b""


@pytest.mark.parametrize(
    ("behind", "words"),
    [(b"220 go\r\n250 injected\r\n", "plain text behind"), (b"220 go\r\n25", "plain text behind")],
)
def test_plain_text_behind_starttls_is_refused(behind: bytes, words: str) -> None:
    session = Session(name="me", security=Security.STARTTLS)
    session.receive(b"220 hi\r\n")
    spoken(session)
    session.receive(b"250-relay\r\n250 STARTTLS\r\n")
    spoken(session)
    events = session.receive(behind)
    assert StartTls() not in events
    assert words in ended(events).verdict.reply


def test_a_relay_without_starttls_gets_nothing() -> None:
    session = Session(name="me", security=Security.STARTTLS)
    session.receive(b"220 hi\r\n")
    spoken(session)
    assert "STARTTLS" in ended(session.receive(b"250 relay\r\n")).verdict.reply


LINES = st.sampled_from(
    b"220 hi;250 ok;250-PIPELINING;250-relay;250 2.0.0 kept;354 go;421 bye;451 later;452 4.5.3 enough;503 what;"
    b"550 5.1.1 who;550 5.7.1 no;235 in;334 more;99 x;;\0".split(b";")
)
STREAMS = st.lists(st.tuples(LINES, st.sampled_from([b"\r\n", b"\n", b""])), max_size=40)


@settings(max_examples=400, deadline=None)
@given(STREAMS, st.integers(1, 9), st.booleans())
@pytest.mark.slow
def test_no_stream_of_replies_hangs_it_or_makes_a_wrong_success(
    stream: list[tuple[bytes, bytes]],
    piece: int,
    greeted: bool,  # noqa: FBT001 - drawn by hypothesis
) -> None:
    head = b"220 hi\r\n250-relay\r\n250 PIPELINING\r\n" if greeted else b""
    data = head + b"".join(line + end for line, end in stream)
    waiting = [parcel(number) for number in range(1, 30)]
    session, handed, fates, taken = Session(name="me", security=Security.PLAIN), set[int](), dict[int, Fate](), 0
    for start in range(0, len(data) + piece, piece):
        events = session.receive(data[start : start + piece]) if start < len(data) else session.lost("the end")
        for event in events:
            if isinstance(event, Settled):
                assert event.parcel.id not in fates
                fates[event.parcel.id] = event.verdict.fate
        while session.room and waiting:
            session.submit(waiting.pop(0))
            taken += 1
        for chunk in session.outgoing():
            if isinstance(chunk, HandOver):
                handed.add(chunk.parcel.id)
                session.handed_over()
    assert session.ended
    assert len(fates) == taken
    assert {number for number, fate in fates.items() if fate in {Fate.ACCEPTED, Fate.UNCERTAIN}} <= handed
    assert session.awaits is None or session.awaits in Stage
