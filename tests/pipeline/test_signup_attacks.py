"""Hostile sign-ups by the thousand: what leaves the house, what the attacker can see, and who is served meanwhile."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice

import pytest
from msgspec import structs
from sqlalchemy import Engine
from sqlalchemy.event import listen
from tests.pipeline.front import Front

from digest.errors import FilledTrap, ReaderError, StaleForm, TooManyAsks
from digest.pipeline.readers.personal_mails import decide_requests
from digest.pipeline.readers.registration import Visitor, form_stamp
from digest.readers.forms import USES, Form
from digest.settings import SignupSettings
from digest.storage.readers import NewReader

PER_ADDRESS, PER_NETWORK, PER_DOMAIN = 10, 30, 25
KNOWN = 40
"""People of each kind who are known already."""
VICTIM = "Vic.Tim@victims.example"


def some(most: int) -> pytest.MarkDecorator:
    """Give an attack few requests, or many when there is time."""
    return pytest.mark.parametrize("number", [150, pytest.param(most, marks=[pytest.mark.slow, pytest.mark.long])])


@pytest.fixture
def front(front: Front) -> Front:
    """Give a front door with narrow limits."""
    limits = SignupSettings(per_address_hour=PER_ADDRESS, per_network_hour=PER_NETWORK, per_domain_hour=PER_DOMAIN)
    front.settings = structs.replace(front.settings, signup=limits)
    front.room = front.mailroom()
    return front


def botnet() -> Iterator[Visitor]:
    """Yield visitors, each from a network of its own."""
    for n in range(1 << 22):
        yield Visitor(address=f"{11 + (n >> 16)}.{n >> 8 & 255}.{n & 255}.1")


def spellings() -> list[str]:
    """Return fifty ways to write one mailbox."""
    dotted = [
        "vic.tim",
        "vict.im",
        "v.ictim",
        "VICTIM",
        "vi.ct.im",
        "V.I.C.T.I.M",
        "victim",
        "Vic.Tim",
        "vict.i.m",
        "VicTim",
    ]
    return [
        f"{name}{tag}@{at}"
        for name in dotted
        for tag in ("", "+a", "+news", "+x.y", "+1")
        for at in ("victims.example" if tag else "VICTIMS.example",)
    ]


def answer(front: Front, address: str, form: Form, visitor: Visitor) -> str:
    """Send a form; return all that the sender can see."""
    try:
        front.ask(address, form=form, visitor=visitor)
    except ReaderError as refused:
        return f"{type(refused).__name__}: {refused}"
    return "ok"


def forms(front: Front, number: int) -> Iterator[Form]:
    """Yield forms that were filled in slowly enough."""
    stamps = [form_stamp(front.runtime) for _ in range(number)]
    front.later(seconds=5)
    return (Form(stamp=stamp) for stamp in stamps)


def recipients(front: Front) -> Counter[str]:
    front.tick()
    return Counter(str(mail["To"]).lower() for mail in front.mails())


def honest(front: Front, number: int) -> list[str]:
    """Let as many honest people sign up, each from home; return their addresses."""
    addresses = [f"honest{n}@paper{n}.example" for n in range(number)]
    for n, (address, form) in enumerate(zip(addresses, forms(front, number), strict=True)):
        front.ask(address, form=form, visitor=Visitor(address=f"2001:db8:{n:x}::1"))
    return addresses


@some(1_000)
def test_one_address_gets_its_few_requests_and_everybody_else_theirs(front: Front, number: int) -> None:
    attacker = Visitor(address="203.0.113.9")
    seen = Counter(
        answer(front, f"r{n}@domain{n}.example", form, attacker) for n, form in enumerate(forms(front, number))
    )
    assert seen.pop("ok") == PER_ADDRESS
    (refusal,) = seen
    assert refusal.startswith("TooManyAsks")
    wanted = honest(front, 5)
    mailed = recipients(front)
    assert mailed.total() == PER_ADDRESS + 5
    assert all(mailed[address] == 1 for address in wanted)


def test_a_network_that_turns_through_its_addresses_gets_no_further(front: Front) -> None:
    many = forms(front, 200)
    for addresses in ([f"203.0.113.{n}" for n in range(100)], [f"2001:db8:77:{n:x}::{n}" for n in range(100)]):
        seen = Counter(
            answer(front, f"x@d{a.replace(':', '')}.example", form, Visitor(address=a))
            for a, form in zip(addresses, many, strict=False)
        )
        assert seen["ok"] == PER_NETWORK


@some(1_000)
def test_a_victim_in_fifty_spellings_gets_one_mail_a_day_and_three_in_all(front: Front, number: int) -> None:
    visitors, names = botnet(), spellings()
    assert len(set(names)) == 50
    for day in range(5):
        each = forms(front, number // 5)
        seen = {
            answer(front, names[n % 50], form, visitor)
            for n, (form, visitor) in enumerate(zip(each, visitors, strict=False))
        }
        assert seen == {"ok"}
        assert recipients(front).total() == min(day + 1, 3)
        front.later(days=1)


@some(1_000)
def test_one_domain_gets_an_hour_s_worth_and_others_do_not_wait(front: Front, number: int) -> None:
    visitors = botnet()
    for n, form in enumerate(forms(front, number)):
        front.ask(f"r{n}@company.example", form=form, visitor=next(visitors))
    wanted = honest(front, 5)
    mailed = recipients(front)
    assert all(mailed[address] == 1 for address in wanted)
    assert mailed.total() == PER_DOMAIN + 5
    front.later(hours=1)
    assert recipients(front).total() == 2 * PER_DOMAIN + 5


@some(1_000)
def test_replayed_forged_and_trapped_forms_bring_no_mails(front: Front, number: int) -> None:
    visitors = botnet()
    (shown,) = forms(front, 1)
    seen: Counter[str] = Counter()
    chance = random.Random(7)  # noqa: S311 - makes forgeries, guards nothing
    for n, visitor in enumerate(islice(visitors, number)):
        forged = "".join(chance.sample(shown.stamp, len(shown.stamp)))
        form = shown if n % 2 else Form(stamp=forged)
        seen[answer(front, f"r{n}@d{n}.example", form, visitor)] += 1
    assert seen.pop("ok") == USES
    assert all(words.startswith("StaleForm") for words in seen)
    for form in forms(front, 20):
        with pytest.raises(FilledTrap):
            front.ask("r@trapped.example", form=replace(form, trap="https://spam.example"), visitor=next(visitors))
    assert recipients(front).total() == USES


def people(front: Front) -> dict[str, Callable[[int], str]]:
    """Return addresses of every kind: who they are cannot be told from what the page does."""

    def known(kind: str) -> Callable[[int], str]:
        return lambda n: f"{kind}{n}@people.example"

    readers = [
        NewReader(address=known(kind)(n), identity=known(kind)(n), editions=("morning",), consent={})
        for kind in ("reader", "left", "away")
        for n in range(KNOWN)
    ]
    front.stores.readers.add(readers, front.now)
    for n in range(KNOWN):
        front.stores.readers.leave(known("left")(n), "removed by the operator", front.now)
        front.stores.readers.leave(known("away")(n), "complaint", front.now)
    return {kind: known(kind) for kind in ("stranger", "reader", "left", "away")} | {
        "pending": lambda _: "p@people.example"
    }


class Statements:
    """Counts what is asked of a database: the work of an answer, however fast the machine is."""

    def __init__(self, engine: Engine) -> None:
        self.said: list[str] = []
        listen(engine, "before_cursor_execute", self)

    def __call__(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        """Note a statement."""
        self.said.append(statement)

    def since(self) -> tuple[str, ...]:
        """Return the statements since the last call."""
        said, self.said = tuple(self.said), []
        return said


def test_answers_are_equal_and_cost_the_same_whoever_is_asked_about(front: Front) -> None:
    kinds, visitors = people(front), botnet()
    seen: dict[str, set[str]] = {kind: set() for kind in kinds}
    cost: dict[str, set[tuple[str, ...]]] = {kind: set() for kind in kinds}
    each = forms(front, KNOWN * len(kinds))
    statements = Statements(front.stores.database.engine)
    for n in range(KNOWN):
        for kind, address in kinds.items():
            form, visitor = next(each), next(visitors)
            statements.since()
            seen[kind].add(answer(front, address(n), form, visitor))
            cost[kind].add(statements.since())
    assert set(map(frozenset, seen.values())) == {frozenset({"ok"})}
    assert len(set(map(frozenset, cost.values()))) == 1
    assert all(cost["reader"])


def test_an_attacker_s_refusal_tells_nothing_of_the_address(front: Front) -> None:
    kinds, attacker = people(front), Visitor(address="203.0.113.9")
    each = forms(front, 60)
    for n in range(PER_ADDRESS):
        front.ask(f"x{n}@people.example", form=next(each), visitor=attacker)
    words = {answer(front, address(1), next(each), attacker) for address in kinds.values()}
    assert len(words) == 1
    with pytest.raises(TooManyAsks):
        front.ask_for_link("reader1@people.example", visitor=attacker)


def test_two_processes_decide_on_one_victim_once(front: Front) -> None:
    visitors = botnet()
    for name, form in zip(spellings(), forms(front, 50), strict=True):
        front.ask(name, form=form, visitor=next(visitors))
    with front.stores.leases.hold("mails", lambda: front.now):
        assert decide_requests(front.runtime) == 0
    assert decide_requests(front.runtime) == 1
    assert decide_requests(front.runtime) == 0


def test_a_clock_that_is_set_back_opens_no_second_day(front: Front) -> None:
    front.ask(VICTIM)
    assert recipients(front).total() == 1
    front.now -= timedelta(days=3)
    front.ask(VICTIM)
    assert recipients(front).total() == 1


def test_a_form_from_the_future_is_stale(front: Front) -> None:
    (form,) = forms(front, 1)
    front.now -= timedelta(days=1)
    with pytest.raises(StaleForm):
        front.ask(VICTIM, form=form)
