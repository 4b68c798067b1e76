"""Whatever a relay does, every reader ends in the right state: by table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import pytest

from digest.deliver.ledger.memory import MemoryLedger
from digest.model.delivery import DeliveryState

if TYPE_CHECKING:
    from tests.deliver.conftest import Post, ScriptedRelay

S = DeliveryState
A, D, R, Q, U = S.ACCEPTED, S.DEFERRED, S.REJECTED, S.QUEUED, S.UNCERTAIN
CLOSE, RESET, HANG, DRIP = b"\0close", b"\0reset", b"\0hang", b"\0drip"

ALWAYS = [
    ("CONNECT", b"421 4.3.2 not now\r\n", Q, True),
    ("CONNECT", b"451 4.3.0 later\r\n", Q, True),
    ("CONNECT", b"554 5.7.1 not you\r\n", Q, True),
    ("CONNECT", b"250 hello\r\n", Q, True),
    ("CONNECT", b"HTTP/1.1 400 Bad Request\r\n", Q, True),
    ("CONNECT", CLOSE, Q, True),
    ("CONNECT", HANG, Q, True),
    ("CONNECT", DRIP, A, False),
    ("EHLO", b"421 4.3.2 busy\r\n", Q, True),
    ("EHLO", b"451 4.3.0 later\r\n", Q, True),
    ("EHLO", b"550 5.7.1 no\r\n", Q, True),
    ("EHLO", HANG, Q, True),
    ("EHLO", b"502 what?\r\n", A, False),
    ("EHLO", CLOSE, Q, True),
    ("EHLO", b"250-one\r\n251 two\r\n", Q, True),
    ("EHLO", DRIP, A, False),
    ("MAIL", b"451 4.3.0 later\r\n", D, False),
    ("MAIL", b"550 5.1.0 no\r\n", Q, True),
    ("MAIL", b"550 5.1.8 no such sender\r\n", Q, True),
    ("MAIL", b"530 5.7.0 log in first\r\n", Q, True),
    ("MAIL", b"354 surprise\r\n", Q, True),
    ("RCPT", b"450 4.2.0 greylisted\r\n", D, False),
    ("RCPT", b"452 4.2.2 mailbox full\r\n", D, False),
    ("RCPT", b"550 5.1.1 unknown\r\n", R, False),
    ("RCPT", b"550 no\r\n", D, False),
    ("RCPT", b"251 will forward\r\n", A, False),
    ("DATA", b"451 4.3.0 later\r\n", D, False),
    ("DATA", b"554 5.5.0 no\r\n", D, False),
    ("DATA", b"250 surprise\r\n", Q, True),
    ("DATA", DRIP, A, False),
    ("DOT", b"451 4.3.0 later\r\n", D, False),
    ("DOT", b"421 4.3.2 going down\r\n", D, False),
    ("DOT", b"554 5.6.0 no\r\n", D, False),
    ("DOT", DRIP, A, False),
    ("DOT", b"250-2.0.0 a long\r\n250 2.0.0 answer\r\n", A, False),
]
"""(what the relay was told, what it answers each time, where every reader ends, whether the run is stopped)."""

ONCE = [
    ("MAIL", b"421 4.3.2 closing\r\n\0", (A, A, A)),
    ("RCPT", b"421 4.3.2 closing\r\n\0", (A, A, A)),
    ("DATA", b"421 4.3.2 closing\r\n\0", (A, A, A)),
    ("MAIL", CLOSE, (A, A, A)),
    ("RCPT", RESET, (A, A, A)),
    ("DATA", HANG, (A, A, A)),
    ("RCPT", b"452 4.5.3 enough for this connection\r\n", (A, A, A)),
    ("MAIL", b"503 5.5.1 nested MAIL\r\n", (A, A, A)),
    ("DOT", CLOSE, (A, U, A)),
    ("DOT", RESET, (A, U, A)),
    ("DOT", HANG, (A, U, A)),
    ("DOT", b"250 2.0.0 ok\r\n\0", (A, A, A)),
    ("DOT", b"250 2.0.0 ok\n", (A, A, A)),
    ("DOT", b"354 once more\r\n", (A, U, A)),
    ("DOT", b"gibberish\r\n", (A, U, A)),
    ("DOT", b"250-2.0.0 half an answer\r\n\0", (A, U, A)),
    ("DOT", b"250 2.0.0 ok\r\n250 2.0.0 a reply too many\r\n", None),
    ("RCPT", b"250 2.1.5 ok\r\n250 2.0.0 taken\r\n", None),
    ("DATA", b"354 go on\r\n250 2.0.0 taken before it came\r\n", None),
    ("DOT", b"550 5.1.1 unknown after all\r\n", (A, R, A)),
    ("RCPT", b"550 5.1.1 unknown\r\n", (A, R, A)),
    ("DATA", b"554 5.5.0 not this one\r\n", (A, R, A)),
]
"""(what, answered so to the second letter alone, where the three readers end; None: wherever, but nobody twice)."""

STRICT: tuple[str, ...] = ("8BITMIME",)
PIPELINED: tuple[str, ...] = ("PIPELINING", "8BITMIME")


@pytest.mark.parametrize(
    "abilities", [PIPELINED, pytest.param(STRICT, marks=pytest.mark.slow)], ids=["pipelined", "strict"]
)
@pytest.mark.parametrize(("verb", "answer", "state", "stops"), ALWAYS, ids=lambda each: repr(each)[:40])
def test_a_relay_that_always_says_so(  # noqa: PLR0913, PLR0917 - the columns of the table
    relays: Callable[..., ScriptedRelay],
    post: Post,
    audience: Callable[[int], Mapping[int, str]],
    abilities: tuple[str, ...],
    verb: str,
    answer: bytes,
    state: DeliveryState,
    *,
    stops: bool,
) -> None:
    relay = relays(lambda said, _nth, _who: answer if said == verb else None, abilities=abilities)
    ledger = MemoryLedger(audience(3))
    report = post.send(ledger, post.transport(relay), relay_patience=post.patience)
    assert [row.state for row in ledger.rows.values()] == [state] * 3
    assert bool(report.stopped) is stops
    assert len(relay.letters) == (3 if state is A else 0)


@pytest.mark.parametrize("abilities", [PIPELINED, STRICT], ids=["pipelined", "strict"])
@pytest.mark.parametrize(("verb", "answer", "ends"), ONCE, ids=lambda each: repr(each)[:40])
def test_a_relay_that_says_so_once(  # noqa: PLR0913, PLR0917
    relays: Callable[..., ScriptedRelay],
    post: Post,
    audience: Callable[[int], Mapping[int, str]],
    abilities: tuple[str, ...],
    verb: str,
    answer: bytes,
    ends: tuple[DeliveryState, ...] | None,
) -> None:
    relay = relays(lambda said, nth, _who: answer if said == verb and nth == 1 else None, abilities=abilities)
    ledger = MemoryLedger(audience(3))
    post.send(ledger, post.transport(relay))
    found = tuple(row.state for row in ledger.rows.values())
    if ends is None:
        assert set(found) <= {A, U}
    else:
        assert found == ends
    arrived = [who for who, _message in relay.letters]
    accepted = [row.address for row in ledger.rows.values() if row.state is A]
    assert len(arrived) == len(set(arrived))
    assert set(accepted) <= set(arrived)


def test_a_relay_that_takes_fifty_a_connection_gets_all_of_them(
    relays: Callable[..., ScriptedRelay], post: Post, audience: Callable[[int], Mapping[int, str]]
) -> None:
    relay = relays(lambda verb, nth, _who: b"452 4.5.3 too many\r\n" if verb == "RCPT" and nth % 51 == 50 else None)
    ledger = MemoryLedger(audience(160))
    post.send(ledger, post.transport(relay))
    assert {row.state for row in ledger.rows.values()} == {A}
    assert len(relay.letters) == len(set(relay.recipients)) == 160
    assert relay.seen["CONNECT"] > 3


def test_a_letter_that_looks_like_two_arrives_as_one(
    relays: Callable[..., ScriptedRelay], post: Post, audience: Callable[[int], Mapping[int, str]]
) -> None:
    tries = (b"\n.\n", b"\r\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\r\n", b"\r.\r\n")
    for attempt in tries:
        relay, ledger = relays(), MemoryLedger(audience(1))
        body = b"Subject: x\r\n\r\nend" + attempt + b"MAIL FROM:<evil@example.org>\r\n"
        post.send(ledger, post.transport(relay), write=partial(post.parcel, message=body))
        assert len(relay.letters) == 1
        assert relay.seen["MAIL"] == 1
        assert b"\r\n.\r\nMAIL FROM:<evil@example.org>" in relay.letters[0][1]
