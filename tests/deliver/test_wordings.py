"""Refusals in the words of real servers, played by a relay to an edition: who gets it, who does not, who is lost."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.deliver.test_refusals import OF_THE_RECIPIENT, US

from digest.bookkeeping import Step, Worker
from digest.deliver.ledger.journal import Journal, here
from digest.deliver.ledger.memory import MemoryLedger
from digest.deliver.protocol.replies import Fate
from digest.deliver.protocol.smtp import Security
from digest.deliver.transports.relay import Relay
from digest.deliver.transports.smtp_transport import SmtpTransport
from digest.errors import RelayRefused
from digest.model.delivery import DeliveryState
from digest.model.ids import ReaderId
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database
from digest.storage.schema.people import suppressions

if TYPE_CHECKING:
    from tests.deliver.conftest import Post, ScriptedRelay

Relays = Callable[..., "ScriptedRelay"]
Audience = Callable[[int], Mapping[int, str]]
S = DeliveryState
READERS, TAKEN = 200, 10
FEW = 40
"""Readers for a wording that is not the first of its verb: more than three connections hold before a run ends."""
VERBS = {"MAIL": "MAIL", "RCPT": "RCPT", "DATA": "DOT"}
UNHEARD_OF = "554 5.7.0 The moon is in the wrong house"


def reply(said: str) -> bytes:
    return f"{said[:3]} {said[4:]}\r\n".encode()


def steady(relay: ScriptedRelay, *, connections: int = 1) -> SmtpTransport:
    """Return a transport that has patience, however busy the machine is."""
    return SmtpTransport(Relay(host="127.0.0.1", port=relay.port, security=Security.PLAIN), connections=connections)


def number(address: str) -> int:
    return int("".join(filter(str.isdigit, address.partition("@")[0])))


def states(ledger: MemoryLedger) -> Counter[DeliveryState]:
    return Counter(row.state for row in ledger.rows.values())


def spent(said: str, verb: str, full: list[bool]) -> Callable[[str, int, str], bytes | None]:
    """Return a relay that takes TAKEN letters, and then says so to each."""

    def script(asked: str, nth: int, _who: str) -> bytes | None:
        return reply(said) if asked == verb and nth >= TAKEN and full[0] else None

    return script


def sized(rows: Iterable[tuple[str, str]]) -> list[Any]:
    """Return (verb, what is said to it, readers): READERS for the first wording of a verb, FEW for the slow rest."""
    every = list(rows)
    first = dict(reversed(every))
    return [
        (verb, said, READERS) if first[verb] == said else pytest.param(verb, said, FEW, marks=pytest.mark.slow)
        for verb, said in every
    ]


def short(given: object) -> str:
    return str(given)[:50]


@pytest.mark.parametrize(
    ("verb", "said", "number_of_readers"),
    sized([("RCPT", UNHEARD_OF), ("DOT", UNHEARD_OF), *((VERBS[asked.value], said) for asked, said in US)]),
    ids=short,
)
def test_a_relay_that_refuses_us_loses_no_reader(
    relays: Relays, post: Post, audience: Audience, verb: str, said: str, number_of_readers: int
) -> None:
    full = [True]
    relay, ledger = relays(spent(said, verb, full)), MemoryLedger(audience(number_of_readers))
    report = post.send(ledger, steady(relay, connections=3))
    assert isinstance(report.error, RelayRefused)
    assert said[4:40].strip() in report.stopped
    assert set(states(ledger)) == {S.ACCEPTED, S.QUEUED}
    assert ledger.left == set()
    assert {row.attempts for row in ledger.rows.values() if row.state is S.QUEUED} == {0}
    full[0] = False
    post.send(ledger, steady(relay, connections=3))
    assert states(ledger) == {S.ACCEPTED: number_of_readers}
    assert len(relay.letters) == number_of_readers


@pytest.mark.parametrize(
    ("verb", "said", "number_of_readers"),
    sized(
        [
            ("RCPT", "550 5.7.1 refused"),
            ("DOT", "554 no"),
            *((VERBS[asked.value], said) for asked, said in OF_THE_RECIPIENT),
        ]
    ),
    ids=short,
)
def test_a_relay_that_refuses_some_readers_loses_only_those(
    relays: Relays, post: Post, audience: Audience, verb: str, said: str, number_of_readers: int
) -> None:
    relay = relays(lambda asked, _nth, who: reply(said) if asked == verb and number(who) % 20 == 7 else None)
    ledger, lost = MemoryLedger(audience(number_of_readers)), set(range(7, number_of_readers, 20))
    report = post.send(ledger, steady(relay, connections=3))
    assert report.stopped == ""
    assert states(ledger) == {S.ACCEPTED: number_of_readers - len(lost), S.REJECTED: len(lost)}
    assert {reader for reader, row in ledger.rows.items() if row.state is S.REJECTED} == lost


@pytest.mark.slow
def test_a_thousand_readers_are_safe_from_a_quota_on_either_database(
    relays: Relays, post: Post, database: Database, freeze: Callable[[Database, int], Deliveries]
) -> None:
    full = [True]
    relay = relays(spent("550 5.7.1 You have exceeded your hourly sending quota", "DOT", full))
    ledger = freeze(database, 1000)
    for _ in range(3):
        report = post.send(ledger, steady(relay, connections=10))
        assert isinstance(report.error, RelayRefused)
    assert set(dict(ledger.counts().by_state)) == {S.ACCEPTED, S.QUEUED}
    assert ledger.counts().audience == 1000
    full[0] = False
    post.send(ledger, steady(relay, connections=10))
    assert ledger.counts().by_state == ((S.ACCEPTED, 1000),)
    assert len(relay.recipients) == len(set(relay.recipients)) == 1000


def test_the_last_letters_of_an_edition_are_not_lost_to_a_quota(relays: Relays, post: Post, audience: Audience) -> None:
    for said, left in (("550 5.4.5 Daily user sending limit exceeded", S.QUEUED), (UNHEARD_OF, S.DEFERRED)):
        relay, ledger = relays(spent(said, "DOT", [True])), MemoryLedger(audience(TAKEN + 1))
        report = post.send(ledger, steady(relay))
        assert states(ledger) == {S.ACCEPTED: TAKEN, left: 1}
        assert bool(report.error) is (left is S.QUEUED)


def test_words_about_us_to_one_reader_alone_hold_nobody_up(relays: Relays, post: Post, audience: Audience) -> None:
    said = reply("550 5.7.1 Sender address rejected: blocked")
    relay = relays(lambda verb, _nth, who: said if verb == "RCPT" and number(who) == 8 else None)
    ledger = MemoryLedger(audience(60))
    report = post.send(ledger, steady(relay))
    assert states(ledger) == {S.ACCEPTED: 59, S.DEFERRED: 1}
    assert report.stopped == ""
    assert "refuses some letters for our sake" in report.troubles[0]


def test_greylisted_readers_are_tried_once_and_then_again(relays: Relays, post: Post, audience: Audience) -> None:
    known: Counter[str] = Counter()

    def script(verb: str, _nth: int, who: str) -> bytes | None:
        if verb == "RCPT":
            known[who] += 1
            return reply("450 4.2.0 Greylisted") if known[who] == 1 else None
        return None

    relay, ledger = relays(script), MemoryLedger(audience(300))
    first = post.send(ledger, steady(relay, connections=3))
    assert states(ledger) == {S.DEFERRED: 300}
    assert first.stopped == ""
    post.now += timedelta(minutes=5, seconds=31)
    post.send(ledger, steady(relay, connections=3))
    assert states(ledger) == {S.ACCEPTED: 300}
    assert set(known.values()) == {2}


class Turnstile:
    """A relay that takes so many letters in each second, and says that we are too fast to the others."""

    def __init__(self, rate: int, said: str) -> None:
        self.rate, self.said, self.second, self.number = rate, reply(said), -1, 0
        self.lock = threading.Lock()

    def __call__(self, verb: str, _nth: int, _who: str) -> bytes | None:
        if verb != "DATA":
            return None
        with self.lock:
            now = int(time.monotonic())
            self.second, self.number = (now, self.number) if now == self.second else (now, 0)
            self.number += 1
            return self.said if self.number > self.rate else None


@pytest.mark.slow
@pytest.mark.parametrize("said", ["454 Throttling failure: Maximum sending rate exceeded.", "421 4.7.0 Too fast"])
def test_a_throttled_run_uses_what_it_may(relays: Relays, post: Post, audience: Audience, said: str) -> None:
    relay, ledger = relays(Turnstile(14, said)), MemoryLedger(audience(140))
    report = post.send(ledger, steady(relay, connections=10))
    assert states(ledger) == {S.ACCEPTED: 140}
    assert {row.attempts for row in ledger.rows.values()} == {1}
    assert len(relay.letters) == 140
    assert report.stopped == ""
    assert relay.seen["DATA"] < 2 * len(relay.letters)


def test_a_relay_that_is_always_too_busy_is_given_up_and_loses_nobody(
    relays: Relays, post: Post, audience: Audience
) -> None:
    relay = relays(lambda verb, _nth, _who: reply("421 4.7.0 Too many connections") if verb == "CONNECT" else None)
    ledger = MemoryLedger(audience(5))
    report = post.send(ledger, steady(relay, connections=3), relay_patience=post.patience)
    assert report.error is not None
    assert states(ledger) == {S.QUEUED: 5}


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("MAIL", "421 4.7.0 Maximum message count per session reached"),
        ("MAIL", "450 4.7.1 Error: too many mails in this session"),
        ("RCPT", "451 4.7.0 too many messages this session, reconnect"),
        ("MAIL", "452 4.5.3 Too many messages in this session"),
    ],
)
def test_a_full_session_is_renewed_at_once(
    relays: Relays, post: Post, audience: Audience, verb: str, said: str
) -> None:
    end = b"\r\n\0" if said.startswith("421") else b"\r\n"
    relay = relays(lambda asked, nth, _who: said.encode() + end if asked == verb and nth % 21 == 20 else None)
    ledger = MemoryLedger(audience(100))
    report = post.send(ledger, steady(relay))
    assert states(ledger) == {S.ACCEPTED: 100}
    assert {row.attempts for row in ledger.rows.values()} == {1}
    assert report.stopped == ""
    assert relay.seen["CONNECT"] >= 5


class TwoAtMost:
    """A relay that bears two connections, and says so at the end of each letter while there are more."""

    def __init__(self) -> None:
        self.live, self.most, self.lock = 0, 0, threading.Lock()

    def __call__(self, verb: str, _nth: int, _who: str) -> bytes | None:
        with self.lock:
            if verb == "EHLO":
                self.live += 1
            elif verb == "QUIT":
                self.live -= 1
            elif verb == "DOT" and self.live > 2:
                self.live -= 1
                return b"432 4.3.2 Concurrent connections limit exceeded.\r\n\0"
        return None


def test_fewer_connections_are_used_when_the_relay_says_so(relays: Relays, post: Post, audience: Audience) -> None:
    relay, ledger = relays(TwoAtMost()), MemoryLedger(audience(120))
    report = post.send(ledger, steady(relay, connections=6))
    assert states(ledger) == {S.ACCEPTED: 120}
    assert report.stopped == ""
    assert {row.attempts for row in ledger.rows.values()} == {1}


@pytest.fixture
def leavers(database: Database) -> Callable[[int, int], None]:
    """Give what suppresses the readers from a number to another."""

    def leave(first: int, last: int) -> None:
        ids = range(first, last + 1)
        rows = [{"identity": f"reader{n}@example.org", "why": "complained", "since": datetime.now(UTC)} for n in ids]
        with database.write() as connection:
            connection.execute(suppressions.insert(), rows)

    return leave


NOTICED_SECONDS = 5.0
"""A run looks every FRESH seconds who has left; the rest is what a busy machine may add."""


@pytest.mark.slow
def test_who_left_in_the_middle_is_not_written_to(
    relays: Relays,
    post: Post,
    database: Database,
    freeze: Callable[[Database, int], Deliveries],
    leavers: Callable[[int, int], None],
) -> None:
    left: list[float] = []

    def script(verb: str, nth: int, _who: str) -> None:
        if verb == "RCPT":
            time.sleep(0.02)
            if nth == 20:
                leavers(200, 400)
                left.append(time.monotonic())

    tried: list[tuple[int, float]] = []

    def watched(verb: str, nth: int, who: str) -> None:
        script(verb, nth, who)
        if verb == "RCPT":
            tried.append((number(who), time.monotonic()))

    ledger = freeze(database, 400)
    post.send(ledger, steady(relays(watched)))
    late = [who for who, at in tried if who >= 200 and at - left[0] > NOTICED_SECONDS]
    assert late == []
    counts = dict(ledger.counts().by_state)
    assert counts.get(S.SUPPRESSED, 0) >= 100
    assert counts[S.ACCEPTED] + counts[S.SUPPRESSED] == 400


def test_held_refusals_of_a_killed_run_are_tried_again(
    relays: Relays, post: Post, database: Database, freeze: Callable[[Database, int], Deliveries]
) -> None:
    ledger = freeze(database, 2)
    journal = Journal(post.journals)
    dead = Worker("dead", here(), journal.path.name)
    ledger.book(dead, Step(claim=2), post.now)
    ledger.book(dead, Step(attempt=(ReaderId(1), ReaderId(2))), post.now)
    journal.begun(1, "mx")
    journal.replied(1, Fate.RETURNED, "DOT: 554 5.7.1 refused")
    journal.begun(2, "mx")
    journal.close(remove=False)
    post.send(ledger, steady(relays()))
    assert dict(ledger.counts().by_state) == {S.ACCEPTED: 1, S.UNCERTAIN: 1}
