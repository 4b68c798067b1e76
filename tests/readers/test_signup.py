"""What becomes of a request, case by case; then of any thousand of them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.readers.signup import INVITATIONS, MOST_INVITATIONS, Ask, MailKind, Sent, SignupLimits, Wanted, decide
from digest.readers.standing import ReaderStanding

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
LIMITS = SignupLimits(per_domain=5, in_all=8, hour_ends=NOW + timedelta(minutes=30))
W, S, M = Wanted, ReaderStanding, MailKind


def request(
    wanted: Wanted = W.SIGN_UP, who: str = "ada", standing: ReaderStanding = S.STRANGER, number: int = 1, **more: bool
) -> Ask:
    return Ask(
        id=number,
        wanted=wanted,
        limit_key=who,
        domain="example.org",
        standing=standing,
        expires=NOW + timedelta(hours=1),
        **more,
    )


def ago(kind: MailKind, **back: float) -> Sent:
    return Sent(limit_key="ada", kind=kind, at=NOW - timedelta(**back))


MAILS = {
    (W.SIGN_UP, S.STRANGER): M.CONFIRM,
    (W.SIGN_UP, S.READER): M.KNOWN,
    (W.SIGN_UP, S.LEFT): M.CONFIRM,
    (W.SIGN_UP, S.ERASED): M.CONFIRM,
    (W.SIGN_UP, S.AWAY): None,
    (W.LINK, S.STRANGER): None,
    (W.LINK, S.READER): M.CHOOSE,
    (W.LINK, S.LEFT): M.CHOOSE,
    (W.LINK, S.ERASED): None,
    (W.LINK, S.AWAY): None,
    (W.MOVE, S.STRANGER): M.ADDRESS,
    (W.MOVE, S.READER): None,
    (W.MOVE, S.LEFT): None,
    (W.MOVE, S.ERASED): None,
    (W.MOVE, S.AWAY): None,
    (W.TELL_MOVED, S.STRANGER): M.MOVED,
    (W.TELL_MOVED, S.READER): M.MOVED,
    (W.TELL_MOVED, S.LEFT): M.MOVED,
    (W.TELL_MOVED, S.ERASED): M.MOVED,
    (W.TELL_MOVED, S.AWAY): M.MOVED,
}


def test_the_table_has_every_case() -> None:
    assert set(MAILS) == set(product(Wanted, ReaderStanding))


@pytest.mark.parametrize(("wanted", "standing"), MAILS)
def test_which_mail_answers_what(wanted: Wanted, standing: ReaderStanding) -> None:
    (answer,) = decide([request(wanted, standing=standing)], [], {}, LIMITS, NOW)
    assert (answer.mail, answer.later) == (MAILS[wanted, standing], None)
    assert bool(answer.why) == (answer.mail is None)


@pytest.mark.parametrize("wanted", Wanted)
def test_a_machine_gets_no_mail(wanted: Wanted) -> None:
    (answer,) = decide([request(wanted, standing=S.READER, trapped=True)], [], {}, LIMITS, NOW)
    assert answer.mail is None


@pytest.mark.parametrize(
    ("sent", "goes"),
    [
        ([], True),
        ([ago(M.CONFIRM, hours=23.9)], False),
        ([ago(M.KNOWN, hours=1)], False),
        ([ago(M.CONFIRM, days=1)], True),
        ([ago(M.CONFIRM, days=2), ago(M.ADDRESS, days=3)], True),
        ([ago(M.CONFIRM, days=n) for n in (2, 30, 300)], False),
        ([ago(M.CHOOSE, hours=1)] * 3, True),
    ],
)
def test_one_mail_a_day_and_three_in_all(sent: list[Sent], *, goes: bool) -> None:
    (answer,) = decide([request()], sent, {}, LIMITS, NOW)
    assert (answer.mail is M.CONFIRM) == goes


def test_a_reader_may_have_three_links_a_day() -> None:
    asks = [request(W.LINK, standing=S.READER, number=n) for n in range(5)]
    assert [answer.mail for answer in decide(asks, [], {}, LIMITS, NOW)] == [M.CHOOSE] * 3 + [None] * 2
    spent = [ago(M.CHOOSE, days=1)] * 3
    assert decide(asks[:1], spent, {}, LIMITS, NOW)[0].mail is M.CHOOSE


def test_many_spellings_of_one_address_get_one_mail() -> None:
    answers = decide([request(number=n) for n in range(50)], [], {}, LIMITS, NOW)
    assert [answer.id for answer in answers if answer.mail] == [0]


def test_what_the_hour_has_no_room_for_waits_and_then_goes() -> None:
    asks = [request(who=f"r{n}", number=n) for n in range(7)]
    answers = decide(asks, [], {"example.org": 3, "": 3}, LIMITS, NOW)
    assert [answer.mail for answer in answers] == [M.CONFIRM] * 2 + [None] * 5
    assert {answer.later for answer in answers[2:]} == {LIMITS.hour_ends}
    late = NOW + timedelta(hours=2)
    (gone,) = decide(asks[:1], [], {}, LIMITS, late)
    assert (gone.mail, gone.later, gone.why) == (None, None, "it waited for too long")


def test_readers_get_their_links_in_an_hour_that_others_used_up() -> None:
    full = {"example.org": 5, "": 8}
    for wanted in (W.LINK, W.TELL_MOVED):
        assert decide([request(wanted, standing=S.READER)], [], full, LIMITS, NOW)[0].mail
    asks = [request(W.LINK, who=f"r{n}", standing=S.READER, number=n) for n in range(9)]
    assert all(answer.mail for answer in decide([*asks, request()], [], {}, LIMITS, NOW))


def test_the_limit_in_all_holds_over_all_domains() -> None:
    answers = decide([request()], [], {"example.org": 0, "": 8}, LIMITS, NOW)
    assert answers[0].later == LIMITS.hour_ends


requests = st.builds(
    request,
    wanted=st.sampled_from(Wanted),
    who=st.sampled_from(("ada", "ben", "cyd")),
    standing=st.sampled_from(ReaderStanding),
    trapped=st.booleans(),
)


@given(st.lists(requests, max_size=30), st.lists(st.builds(ago, st.sampled_from(MailKind), hours=st.floats(0, 9999))))
def test_no_sequence_of_requests_gets_round_the_limits(asks: list[Ask], sent: list[Sent]) -> None:
    answers = decide(asks, sent, {}, LIMITS, NOW)
    mails = [(ask.limit_key, answer.mail) for ask, answer in zip(asks, answers, strict=True) if answer.mail]
    invitations = Counter(who for who, mail in mails if mail in INVITATIONS)
    before = sum(mail.kind in INVITATIONS for mail in sent)
    assert max(invitations.values(), default=0) <= 1
    assert not (invitations["ada"] and before >= MOST_INVITATIONS)
    assert max(Counter(who for who, mail in mails if mail not in INVITATIONS).values(), default=0) <= 3
    assert invitations.total() <= LIMITS.per_domain
