"""Replies, sorted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.protocol.refusal import About, Reason
from digest.deliver.protocol.replies import Act, Fate, Reply, Stage, Verdict, judge, reply_class


def said(text: str) -> Reply:
    code, _, rest = text.partition(" ")
    return Reply(int(code), (rest.encode(),))


@pytest.mark.parametrize(
    ("text", "stage", "fate", "act", "suppress"),
    [
        ("250 2.0.0 queued", Stage.DOT, Fate.ACCEPTED, Act.GO_ON, False),
        ("250 2.0.0 queued", Stage.DATA, Fate.RETURNED, Act.BACK_OFF, False),
        ("354 go on", Stage.DOT, Fate.UNCERTAIN, Act.BACK_OFF, False),
        ("550 5.1.1 unknown", Stage.RCPT, Fate.REJECTED, Act.GO_ON, True),
        ("550 5.1.2 no domain", Stage.RCPT, Fate.REJECTED, Act.GO_ON, True),
        ("551 5.1.6 moved", Stage.DOT, Fate.REJECTED, Act.GO_ON, True),
        ("550 5.1.1 unknown", Stage.MAIL, Fate.RETURNED, Act.GO_ON, False),
        ("550 5.1.10 null MX", Stage.RCPT, Fate.REJECTED, Act.GO_ON, True),
        ("450 5.1.1 contradicts itself", Stage.RCPT, Fate.DEFERRED, Act.GO_ON, False),
        ("550 unknown user", Stage.RCPT, Fate.REJECTED, Act.GO_ON, True),
        ("552 5.2.2 full", Stage.RCPT, Fate.REJECTED, Act.GO_ON, False),
        ("550 5.7.1 your host is listed", Stage.RCPT, Fate.RETURNED, Act.GO_ON, False),
        ("550 5.7.26 unauthenticated", Stage.DOT, Fate.RETURNED, Act.GO_ON, False),
        ("550 5.7.1 listed", Stage.MAIL, Fate.RETURNED, Act.GO_ON, False),
        ("553 5.1.8 bad sender", Stage.RCPT, Fate.RETURNED, Act.GO_ON, False),
        ("421 4.3.2 closing", Stage.RCPT, Fate.RETURNED, Act.BACK_OFF, False),
        ("421 4.3.2 closing", Stage.DOT, Fate.DEFERRED, Act.BACK_OFF, False),
        ("452 4.5.3 too many", Stage.RCPT, Fate.RETURNED, Act.RENEW, False),
        ("452 4.2.2 full", Stage.RCPT, Fate.DEFERRED, Act.GO_ON, False),
        ("452 4.3.1 no room", Stage.DOT, Fate.DEFERRED, Act.GO_ON, False),
        ("450 4.2.0 greylisted", Stage.RCPT, Fate.DEFERRED, Act.GO_ON, False),
        ("530 5.7.0 log in", Stage.MAIL, Fate.RETURNED, Act.STOP, False),
        ("535 5.7.8 wrong", Stage.AUTH, Fate.RETURNED, Act.STOP, False),
        ("454 4.7.0 later", Stage.AUTH, Fate.RETURNED, Act.BACK_OFF, False),
        ("454 4.7.0 no TLS now", Stage.STARTTLS, Fate.RETURNED, Act.BACK_OFF, False),
        ("554 no service", Stage.GREETING, Fate.RETURNED, Act.STOP, False),
        ("454 4.7.0 too fast", Stage.DATA, Fate.RETURNED, Act.SLOW, False),
        ("421 4.7.0 too fast", Stage.MAIL, Fate.RETURNED, Act.SLOW, False),
        ("432 4.3.2 busy", Stage.DOT, Fate.RETURNED, Act.FEWER, False),
        ("421 4.7.0 too many connections", Stage.GREETING, Fate.RETURNED, Act.FEWER, False),
        ("421 4.3.2 message count per session reached", Stage.MAIL, Fate.RETURNED, Act.RENEW, False),
        ("451 4.7.0 daily credits exceeded", Stage.AUTH, Fate.RETURNED, Act.STOP, False),
        ("503 nested", Stage.MAIL, Fate.RETURNED, Act.RENEW, False),
    ],
)
def test_the_table(text: str, stage: Stage, fate: Fate, act: Act, *, suppress: bool) -> None:
    verdict = judge(said(text), stage)
    assert (verdict.fate, verdict.act, verdict.suppress) == (fate, act, suppress)


@pytest.mark.parametrize(
    ("text", "stage", "fate", "act"),
    [
        ("200 kept", Stage.DOT, Fate.ACCEPTED, Act.GO_ON),
        ("299 kept", Stage.DOT, Fate.ACCEPTED, Act.GO_ON),
        ("199 odd", Stage.DOT, Fate.UNCERTAIN, Act.BACK_OFF),
        ("300 odd", Stage.DOT, Fate.UNCERTAIN, Act.BACK_OFF),
        ("399 odd", Stage.GREETING, Fate.RETURNED, Act.BACK_OFF),
        ("399 odd", Stage.RCPT, Fate.RETURNED, Act.BACK_OFF),
        ("400 not now", Stage.GREETING, Fate.RETURNED, Act.BACK_OFF),
        ("400 not now", Stage.RCPT, Fate.DEFERRED, Act.GO_ON),
        ("499 not now", Stage.HELLO, Fate.RETURNED, Act.BACK_OFF),
        ("500 no", Stage.HELLO, Fate.RETURNED, Act.STOP),
        ("534 5.7.9 too weak", Stage.AUTH, Fate.RETURNED, Act.STOP),
        ("538 under TLS alone", Stage.AUTH, Fate.RETURNED, Act.STOP),
        ("530 5.7.0 log in", Stage.DOT, Fate.RETURNED, Act.STOP),
        ("503 nested", Stage.RCPT, Fate.REJECTED, Act.GO_ON),
        ("421 4.3.2 closing", Stage.DATA, Fate.RETURNED, Act.BACK_OFF),
        ("421 4.3.2 closing", Stage.MAIL, Fate.RETURNED, Act.BACK_OFF),
    ],
)
def test_codes_at_the_edge_of_their_class(text: str, stage: Stage, fate: Fate, act: Act) -> None:
    verdict = judge(said(text), stage)
    assert (verdict.fate, verdict.act) == (fate, act)


@pytest.mark.parametrize(
    ("text", "stage", "about", "reason"),
    [
        ("535 5.7.8 wrong", Stage.AUTH, About.US, Reason.LOGIN),
        ("550 5.1.1 unknown", Stage.RCPT, About.RECIPIENT, Reason.GONE),
        ("550 5.7.1 your host is listed", Stage.RCPT, About.US, Reason.REPUTATION),
    ],
)
def test_a_refusal_says_whom_it_is_about_and_why(text: str, stage: Stage, about: About, reason: Reason) -> None:
    verdict = judge(said(text), stage)
    assert (verdict.about, verdict.reason) == (about, reason)
    assert reply_class(verdict) == f"{verdict.fate.value} {about.name.lower()} {reason.name.lower()}"


def test_an_accepted_letter_has_a_class_of_one_word() -> None:
    assert reply_class(judge(said("250 kept"), Stage.DOT)) == "accepted"


def test_the_words_of_a_reply_stay_readable_and_short() -> None:
    assert str(Reply(550, (b"no\tsuch\x00user", b"here"))) == "550 no such user here"
    assert str(Reply(550, (b"x" * 400,))) == "550 " + "x" * 296


@given(st.integers(200, 599), st.lists(st.binary(max_size=400), max_size=4), st.sampled_from(Stage))
def test_every_reply_has_a_verdict_in_one_printable_line(code: int, lines: list[bytes], stage: Stage) -> None:
    verdict = judge(Reply(code, tuple(lines)), stage)
    assert isinstance(verdict, Verdict)
    assert "\n" not in verdict.reply
    assert verdict.reply.isprintable()
    assert len(verdict.reply) < 400
    if verdict.fate is Fate.ACCEPTED:
        assert stage is Stage.DOT
        assert code < 300
    if verdict.suppress:
        assert code >= 500


@pytest.mark.parametrize("code", [530, 534, 535, 538])
@pytest.mark.parametrize("stage", [Stage.HELLO, Stage.AUTH, Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT])
def test_a_relay_that_wants_another_login_ends_the_run(code: int, stage: Stage) -> None:
    verdict = judge(said(f"{code} no"), stage)
    assert (verdict.fate, verdict.act, verdict.reason) == (Fate.RETURNED, Act.STOP, Reason.LOGIN)


@pytest.mark.parametrize("code", [529, 531, 536, 537, 539])
def test_a_code_beside_those_of_logins_is_about_a_letter(code: int) -> None:
    assert judge(said(f"{code} no"), Stage.RCPT).act is Act.GO_ON
