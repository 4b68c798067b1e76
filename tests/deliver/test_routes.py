"""Several relays: letters are shared by weight, a relay that fails leaves its letters to the others."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from digest.bookkeeping import Claim
from digest.deliver.ledger.journal import Journal
from digest.deliver.ledger.memory import MemoryLedger
from digest.deliver.pacing.rate_limits import Limit, Rates
from digest.deliver.protocol.replies import Fate
from digest.deliver.protocol.smtp import Parcel
from digest.deliver.run.options import Controls, DispatchReport, Progress
from digest.deliver.run.way import Way
from digest.errors import RelayRefused, RelayUnreachable
from digest.model.delivery import DeliveryState
from digest.storage.deliveries import Deliveries
from digest.storage.engine import Database
from digest.storage.tallies import Tallies

if TYPE_CHECKING:
    from tests.deliver.conftest import Post, ScriptedRelay

Relays = Callable[..., "ScriptedRelay"]
Audience = Callable[[int], Mapping[int, str]]
S = DeliveryState
BACK_SECONDS = 60.0
"""How long a letter waits for the other relay to come back. Its first rest takes under a second."""


def way(post: Post, relay: ScriptedRelay, name: str, *, weight: float = 1.0, **options: Any) -> Way:
    limits = options.pop("limits", ())
    return Way(transport=post.transport(relay, connections=2, **options), weight=weight, name=name, limits=limits)


def by_relay(ledger: MemoryLedger) -> Counter[str]:
    return Counter(row.relay for row in ledger.rows.values())


def test_letters_are_shared_by_weight_and_the_ledger_says_who_took_each(
    relays: Relays, post: Post, audience: Audience
) -> None:
    one, two, ledger = relays(), relays(), MemoryLedger(audience(240))
    ways = (way(post, one, "one", weight=3.0), way(post, two, "two", weight=1.0))
    report = post.send(ledger, ways)
    assert report.number(Fate.ACCEPTED) == 240
    assert by_relay(ledger) == {"one": len(one.letters), "two": len(two.letters)}
    assert 20 <= len(two.letters) <= 110
    assert sorted(one.recipients + two.recipients) == sorted(audience(240).values())


def test_the_others_take_the_letters_of_a_relay_that_is_not_there(
    relays: Relays, post: Post, audience: Audience
) -> None:
    here, ledger = relays(), MemoryLedger(audience(120))
    ways = (way(post, here, "away", port=1), way(post, here, "here"))
    report = post.send(ledger, ways)
    assert by_relay(ledger) == {"here": 120}
    assert (report.stopped, report.error) == ("", None)
    assert "127.0.0.1:1" in report.troubles[0]
    assert {row.attempts for row in ledger.rows.values()} == {1}


def test_a_relay_that_falls_silent_in_the_middle_is_replaced_and_nobody_is_doubled(
    relays: Relays, post: Post, audience: Audience
) -> None:
    good, ledger = relays(), MemoryLedger(audience(150))
    bad = relays(lambda verb, nth, _who: b"\0close" if (verb == "MAIL" and nth >= 10) or nth >= 60 else None)
    report = post.send(ledger, (way(post, bad, "bad"), way(post, good, "good")))
    arrived = Counter(good.recipients + bad.recipients)
    assert report.number(Fate.ACCEPTED) == 150
    assert set(arrived.values()) == {1}
    assert by_relay(ledger) == {"good": len(good.letters), "bad": len(bad.letters)}


def test_a_relay_of_weight_0_stands_in_only(relays: Relays, post: Post, audience: Audience) -> None:
    main, standby = relays(), relays()
    post.send(MemoryLedger(audience(30)), (way(post, main, "main"), way(post, standby, "standby", weight=0.0)))
    assert (len(main.letters), len(standby.letters)) == (30, 0)
    ledger = MemoryLedger(audience(30))
    post.send(ledger, (way(post, main, "gone", port=1), way(post, standby, "standby", weight=0.0)))
    assert by_relay(ledger) == {"standby": 30}


def test_a_relay_that_refuses_us_all_is_left_out_and_named(relays: Relays, post: Post, audience: Audience) -> None:
    good, ledger = relays(), MemoryLedger(audience(60))
    listed = relays(lambda verb, _nth, _who: b"554 5.7.1 you are listed\r\n" if verb == "CONNECT" else None)
    report = post.send(ledger, (way(post, listed, "listed"), way(post, good, "good")))
    assert by_relay(ledger) == {"good": 60}
    assert report.error is None
    assert "5.7.1 you are listed" in report.troubles[0]


def test_a_relay_that_refuses_letter_after_letter_is_cut_off_and_the_other_goes_on(
    relays: Relays, post: Post, audience: Audience
) -> None:
    good, ledger = relays(), MemoryLedger(audience(200))
    broken = relays(lambda verb, _nth, _who: b"550 no\r\n" if verb == "RCPT" else None)
    report = post.send(ledger, (way(post, broken, "broken"), way(post, good, "good")))
    refused = by_relay(ledger)["broken"]
    assert refused == 0
    assert len(good.letters) == 200
    assert report.stopped == ""
    assert "broken refuses to take letters (RCPT: 550 no)" in report.troubles[0]


def test_when_all_relays_fail_the_run_ends_with_the_trouble(relays: Relays, post: Post, audience: Audience) -> None:
    script = {"CONNECT": b"554 5.7.1 you are listed\r\n"}
    listed, ledger = relays(lambda verb, _nth, _who: script.get(verb)), MemoryLedger(audience(5))
    ways = (way(post, listed, "listed"), way(post, listed, "gone", port=1))
    report = post.send(ledger, ways, relay_patience=post.patience)
    assert isinstance(report.error, RelayUnreachable)
    assert "5.7.1" in report.troubles[0]
    both = (way(post, listed, "one"), way(post, listed, "two"))
    report = post.send(ledger, both, relay_patience=post.patience)
    assert isinstance(report.error, RelayRefused)
    assert {row.state for row in ledger.rows.values()} == {S.QUEUED}


def test_each_relay_has_its_own_envelope_sender(relays: Relays, post: Post, audience: Audience) -> None:
    plain, plus, usual = relays(), relays(), relays()
    ways = (
        Way(transport=post.transport(plain), name="plain", sender="news@paper.example"),
        Way(transport=post.transport(plus), name="plus", sender="news+{token}@paper.example"),
        Way(transport=post.transport(usual), name="usual"),
    )
    ledger = MemoryLedger(audience(30))

    def write(claim: Claim) -> Parcel:
        return replace(post.parcel(claim, post.message(claim.address)), token=f"t{claim.reader_id}")

    post.send(ledger, ways, write=write)
    senders = [[each for each in relay.commands if each.startswith("MAIL")] for relay in (plain, plus, usual)]
    assert all("<news@paper.example>" in each for each in senders[0])
    assert all("<news+t" in each for each in senders[1])
    assert all("<bounce@paper.example>" in each for each in senders[2])
    assert all(senders)


def test_a_relay_that_comes_back_is_used_again(relays: Relays, post: Post, audience: Audience) -> None:
    refused, back = list[str](), threading.Event()

    def down_at_first(verb: str, _nth: int, _who: str) -> bytes | None:
        if verb == "CONNECT" and len(second.letters) < 5:
            refused.append(verb)
            return b"421 4.3.2 not yet\r\n"
        if len(first.letters) > 10:
            back.set()
        return None

    def waits_for_the_other(verb: str, _nth: int, _who: str) -> None:
        if verb == "MAIL" and len(second.letters) >= 5:
            assert back.wait(BACK_SECONDS)

    first, second = relays(down_at_first), relays(waits_for_the_other)
    ledger = MemoryLedger(audience(100))
    report = post.send(ledger, (way(post, first, "first", weight=9.0), way(post, second, "second")))
    assert refused
    assert back.is_set()
    assert report.number(Fate.ACCEPTED) == 100
    assert by_relay(ledger) == {"first": len(first.letters), "second": len(second.letters)}


def test_a_relay_keeps_its_own_limit_and_the_other_takes_the_rest(
    relays: Relays, post: Post, audience: Audience
) -> None:
    one, two, ledger = relays(), relays(), MemoryLedger(audience(60))
    ways = (way(post, one, "one", limits=(Limit(7, 3600.0),)), way(post, two, "two"))
    post.send(ledger, ways)
    assert (len(one.letters), len(two.letters)) == (7, 53)


def test_a_limit_of_the_hour_survives_the_run_and_holds_for_all_on_one_database(
    database: Database, freeze: Callable[[Database, int], Deliveries], relays: Relays, post: Post
) -> None:
    ledger, relay, said = freeze(database, 20), relays(), list[str]()
    hourly = Rates(overall=(Limit(8, 3600.0),))

    def run() -> DispatchReport:
        stop = threading.Event()

        def watch(progress: Progress) -> None:
            if progress.waiting:
                said.append(progress.waiting)
                stop.set()

        controls = Controls(stop=stop, on_progress=watch)
        return post.send(ledger, post.transport(relay), controls=controls, rates=hourly, tallies=Tallies(database))

    assert (run().number(Fate.ACCEPTED), run().number(Fate.ACCEPTED)) == (8, 0)
    assert len(relay.letters) == 8
    assert {words[:50] for words in said} == {"waiting: 8 an hour reached, goes on at 07:01 UTC"}
    assert ledger.counts().by_state == ((S.QUEUED, 12), (S.ACCEPTED, 8))
    assert Tallies(database).purge("letters/", post.now + timedelta(days=1)) == 1
    assert run().number(Fate.ACCEPTED) == 8


def test_the_journal_knows_which_relay_had_a_letter(relays: Relays, post: Post, audience: Audience) -> None:
    ledger, relay = MemoryLedger(audience(1)), relays(lambda verb, _nth, _who: b"\0close" if verb == "DOT" else None)
    post.send(ledger, (way(post, relay, "mx"),), relay_patience=post.patience)
    assert [(row.state, row.relay) for row in ledger.rows.values()] == [(S.UNCERTAIN, "mx")]
    with Journal(post.journals) as journal:
        journal.begun(1, "mx a")
        assert journal.path.read_text().endswith("A 1 0 mx a\n")


def test_the_log_tells_of_relays_that_rest_or_refuse_and_quotes_nobody(
    relays: Relays, post: Post, audience: Audience, logged: list[MutableMapping[str, Any]]
) -> None:
    good, ledger = relays(), MemoryLedger(audience(60))
    bad = relays(
        lambda verb, _nth, who: f"550 5.7.1 <{who}> we refuse this sender\r\n".encode() if verb == "MAIL" else None
    )
    away = way(post, good, "away", port=1)
    report = post.send(ledger, (away, way(post, bad, "bad"), way(post, good, "good")))
    told = {(event["event"], event["relay"], event["log_level"]) for event in logged}
    assert ("relay paused", "away", "warning") in told
    assert ("relay closed", "bad", "error") in told
    assert ("relay connected", good_name(good), "debug") in told
    assert {event["why"] for event in logged if event["event"] == "relay closed"} == {"RelayRefused"}
    assert "@" not in str(logged)
    assert dict(report.replies)["accepted"] == 60


def good_name(relay: ScriptedRelay) -> str:
    return f"127.0.0.1:{relay.port}"


def test_replies_are_counted_by_class(relays: Relays, post: Post, audience: Audience) -> None:
    gone = audience(30)[7]

    def script(verb: str, _nth: int, who: str) -> bytes | None:
        return b"550 5.1.1 User unknown\r\n" if verb == "RCPT" and who == gone else None

    report = post.send(MemoryLedger(audience(30)), way(post, relays(script), "one").transport)
    assert dict(report.replies) == {"accepted": 29, "rejected recipient gone": 1}
