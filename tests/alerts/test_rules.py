"""Facts in, alerts out: each kind is found, ends, and does not come and go at its bound."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from digest.alerts.facts import Disk, Facts, Following, Planned, Receiver, Returns
from digest.alerts.rules import found, missing, relays_of
from digest.model.alert import Alert, AlertKind
from digest.model.course import Course
from digest.model.edition import EditionState
from digest.model.ids import EditionKey
from digest.model.life import Cause
from digest.model.sign import PastTrouble, RelayState, RelayTrouble, Sign
from digest.settings import AlertSettings

S, K = EditionState, AlertKind
DUE = datetime(2026, 11, 23, 6, tzinfo=UTC)
KEY = EditionKey(name="morning", date=date(2026, 11, 23))
BOUNDS = AlertSettings()
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def course(state: EditionState, cause: Cause = Cause.NONE, began: datetime | None = None, reason: str = "") -> Course:
    return Course(
        id=1,
        key=KEY,
        state=state,
        cause=cause,
        reason=reason,
        due=DUE,
        expires=DUE + timedelta(hours=6),
        changed_at=DUE,
        began=began,
    )


def planned(gone: Course | None = None, *, waits: bool = False) -> Planned:
    return Planned(key=KEY, due=DUE, closes=DUE + timedelta(hours=3), course=gone, waits_for_approval=waits)


def edition_alerts(at: datetime, gone: Course | None = None, *, waits: bool = False) -> list[AlertKind]:
    return [alert.kind for alert in found(Facts(now=at, editions=(planned(gone, waits=waits),)), BOUNDS)]


def sign(beat_at: datetime, stopped_at: datetime | None = None, **relays: RelayState) -> Sign:
    return Sign(
        process="press-1-abc",
        host="press",
        version="1",
        started_at=DUE - DAY,
        beat_at=beat_at,
        stopped_at=stopped_at,
        relays=relays,
    )


def relay(trouble: RelayTrouble, since: datetime, ends: datetime | None = None) -> RelayState:
    return RelayState(trouble=trouble, since=since, certificate_ends=ends)


@pytest.mark.parametrize(
    ("minutes", "kinds"),
    [
        (-60, []),
        (0, []),
        (14, []),
        (15, [K.NOT_STARTED]),
        (179, [K.NOT_STARTED]),
        (180, [K.SKIPPED]),
        (900, [K.SKIPPED]),
    ],
)
def test_an_edition_that_nobody_begins_is_not_started_and_then_missed(minutes: int, kinds: list[AlertKind]) -> None:
    assert edition_alerts(DUE + minutes * MINUTE) == kinds
    assert edition_alerts(DUE + minutes * MINUTE, course(S.PLANNED)) == kinds


def test_what_an_unsent_edition_waits_for_is_said() -> None:
    facts = Facts(now=DUE + 20 * MINUTE, editions=(planned(course(S.READY), waits=True),))
    assert "digest approve morning/2026-11-23" in found(facts, BOUNDS)[0].words
    facts = Facts(now=DUE + 20 * MINUTE, editions=(planned(),))
    assert "is `digest serve` running" in found(facts, BOUNDS)[0].words


@pytest.mark.parametrize("cause", [Cause.STORIES, Cause.CHECK])
def test_an_edition_held_by_no_person_is_told_before_its_time_and_only_as_held(cause: Cause) -> None:
    held = course(S.HELD, cause, reason="2 stories, and the floor is 3")
    assert edition_alerts(DUE - 10 * MINUTE, held) == [K.HELD]
    assert edition_alerts(DUE + 30 * MINUTE, held) == [K.HELD]
    assert edition_alerts(DUE - 10 * MINUTE, course(S.READY)) == []


def test_an_edition_that_its_editor_holds_is_told_when_its_time_has_passed() -> None:
    held = course(S.HELD, Cause.EDITOR, reason="by the editor")
    assert edition_alerts(DUE - 10 * MINUTE, held) == []
    assert edition_alerts(DUE + 15 * MINUTE, held) == [K.NOT_STARTED]


@pytest.mark.parametrize("cause", [Cause.CLOCK, Cause.STORIES])
def test_an_edition_that_fell_out_is_told_unless_its_editor_wanted_it(cause: Cause) -> None:
    assert edition_alerts(DUE + 4 * 60 * MINUTE, course(S.SKIPPED, cause, reason="why")) == [K.SKIPPED]
    assert edition_alerts(DUE + 4 * 60 * MINUTE, course(S.SKIPPED, Cause.EDITOR)) == []


@pytest.mark.parametrize("state", [S.SENDING, S.SENT, S.PAUSED])
def test_an_edition_that_began_late_is_told_with_how_late(state: EditionState) -> None:
    late = course(state, began=DUE + timedelta(minutes=75))
    (alert,) = found(Facts(now=DUE + timedelta(hours=2), editions=(planned(late),)), BOUNDS)
    assert alert.kind is K.LATE
    assert "1 h 15 min after its time" in alert.words
    assert edition_alerts(DUE + timedelta(hours=2), course(state, began=DUE + 3 * MINUTE)) == []


def test_a_relay_that_refuses_is_told_at_once_and_one_out_of_reach_after_some_minutes() -> None:
    refuses = sign(DUE, mail=relay(RelayTrouble.REFUSES, DUE))
    away = sign(DUE, mail=relay(RelayTrouble.UNREACHABLE, DUE - 9 * MINUTE))
    assert [a.kind for a in found(Facts(now=DUE, signs=(refuses,)), BOUNDS)] == [K.RELAY]
    assert found(Facts(now=DUE, signs=(away,)), BOUNDS) == ()
    later = sign(DUE + MINUTE, mail=relay(RelayTrouble.UNREACHABLE, DUE - 9 * MINUTE))
    assert [a.kind for a in found(Facts(now=DUE + MINUTE, signs=(later,)), BOUNDS)] == [K.RELAY]


def test_of_two_processes_the_one_that_saw_a_relay_change_last_is_right() -> None:
    before = sign(DUE, mail=relay(RelayTrouble.REFUSES, DUE - DAY))
    after = sign(DUE, mail=relay(RelayTrouble.NONE, DUE))
    assert relays_of([before, after])["mail"].trouble is RelayTrouble.NONE
    assert relays_of([after, before])["mail"].trouble is RelayTrouble.NONE


@pytest.mark.parametrize(
    ("trouble", "minutes", "told"),
    [
        (RelayTrouble.REFUSES, 0, True),
        (RelayTrouble.UNREACHABLE, BOUNDS.relay_minutes, True),
        (RelayTrouble.UNREACHABLE, BOUNDS.relay_minutes - 1, False),
    ],
)
def test_a_trouble_of_a_relay_that_is_over_is_reported_for_a_minute(
    trouble: RelayTrouble,
    minutes: int,
    told: bool,  # noqa: FBT001 - a parameter
) -> None:
    past = PastTrouble(trouble=trouble, since=DUE - minutes * MINUTE, until=DUE)
    saw_it = sign(DUE + MINUTE, mail=RelayState(trouble=RelayTrouble.NONE, since=DUE, past=past))
    other = sign(DUE + MINUTE, mail=relay(RelayTrouble.NONE, DUE + MINUTE / 4))
    alerts = found(Facts(now=DUE + MINUTE / 2, signs=(saw_it, other)), BOUNDS)
    assert [alert.kind for alert in alerts] == [K.RELAY] * told
    assert all("to 06:00:00 UTC" in alert.words for alert in alerts)
    assert found(Facts(now=DUE + MINUTE, signs=(saw_it, other)), BOUNDS) == ()


@pytest.mark.parametrize(("days", "told"), [(15, False), (13, True), (-1, True)])
def test_a_certificate_is_told_of_before_it_ends(days: int, told: bool) -> None:  # noqa: FBT001 - a parameter
    seen = sign(DUE, mail=relay(RelayTrouble.NONE, DUE - DAY, ends=DUE + days * DAY))
    assert [a.kind for a in found(Facts(now=DUE, signs=(seen,)), BOUNDS)] == [K.CERTIFICATE] * told


def test_a_source_that_fails_for_three_days_is_told_and_one_that_is_given_up_at_once() -> None:
    sources = (
        Following(name="Two days", failing_since=DUE - 2 * DAY, result="HTTP status 503"),
        Following(name="Three days", failing_since=DUE - 3 * DAY, result="HTTP status 503"),
        Following(name="Gone", failing_since=DUE, result="HTTP status 410", given_up=True),
        Following(name="Well", failing_since=None, result="200"),
    )
    alerts = found(Facts(now=DUE, sources=sources), BOUNDS)
    assert [(a.kind, a.about) for a in alerts] == [(K.SOURCE, "Three days"), (K.SOURCE, "Gone")]


@pytest.mark.parametrize(
    ("returns", "kinds"),
    [
        (Returns(letters=1000, bounced=49, complaints=2), []),
        (Returns(letters=1000, bounced=50, complaints=3), [K.BOUNCES, K.COMPLAINTS]),
        (Returns(letters=10, bounced=4, complaints=2), []),
        (Returns(letters=0, bounced=9, complaints=9), []),
    ],
)
def test_bounces_and_complaints_are_told_above_their_share_unless_they_are_a_handful(
    returns: Returns, kinds: list[AlertKind]
) -> None:
    assert [alert.kind for alert in found(Facts(now=DUE, returns=returns), BOUNDS)] == kinds


def test_a_share_must_get_clearly_better_before_its_alert_ends() -> None:
    (alert,) = found(Facts(now=DUE, returns=Returns(letters=1000, bounced=50, complaints=0)), BOUNDS)
    slightly = Facts(now=DUE, returns=Returns(letters=1000, bounced=45, complaints=0))
    assert found(slightly, BOUNDS) == ()
    assert len(found(slightly, BOUNDS, {alert.key})) == 1
    clearly = Facts(now=DUE, returns=Returns(letters=1000, bounced=39, complaints=0))
    assert found(clearly, BOUNDS, {alert.key}) == ()


def test_a_disk_that_fills_is_told_until_there_is_clearly_room_again() -> None:
    def alerts(free: int, *going_on: str) -> list[Alert]:
        return list(
            found(Facts(now=DUE, disks=(Disk(place="x", free_bytes=free, total_bytes=1000),)), BOUNDS, going_on)
        )

    assert alerts(100) == []
    (alert,) = alerts(99)
    assert len(alerts(110, alert.key)) == 1
    assert alerts(120, alert.key) == []


def test_a_receiver_of_webhooks_that_fails_for_hours_or_was_disabled_is_told() -> None:
    def words(since: datetime | None, disabled: str = "") -> list[str]:
        facts = Facts(now=DUE, receivers=(Receiver(name="crm", failing_since=since, disabled_why=disabled),))
        return [alert.words for alert in found(facts, BOUNDS) if alert.kind is K.WEBHOOK]

    assert words(None) == words(DUE - timedelta(hours=5)) == []
    assert "has failed since 2026-11-23 00:00 UTC" in words(DUE - timedelta(hours=6))[0]
    assert "is gone (410)" in words(DUE, "gone")[0]
    assert "has failed for days" in words(DUE - 3 * DAY, "failing")[0]


def test_a_process_that_falls_silent_is_told_and_one_that_ended_in_good_order_is_not() -> None:
    silent = DUE - timedelta(seconds=61)
    assert [a.kind for a in found(Facts(now=DUE, signs=(sign(silent),)), BOUNDS)] == [K.SERVICE]
    assert found(Facts(now=DUE, signs=(sign(silent, stopped_at=silent),)), BOUNDS) == ()
    assert found(Facts(now=DUE, signs=(sign(DUE - timedelta(seconds=59)),)), BOUNDS) == ()
    assert found(Facts(now=DUE, signs=(sign(DUE + timedelta(hours=2)),)), BOUNDS) == ()


def test_a_process_that_died_is_excused_by_one_that_began_since() -> None:
    dead = sign(DUE - timedelta(minutes=5))
    newer = replace(sign(DUE), process="press-2", started_at=DUE - timedelta(minutes=4))
    other = replace(sign(DUE), process="press-3", started_at=DUE - DAY)
    assert missing((dead, newer), DUE) == ()
    assert missing((dead, other), DUE) == (dead,)
    twin = replace(dead, process="press-4")
    assert len(missing((dead, twin, newer), DUE)) == 1


def test_a_process_that_was_killed_again_and_again_is_excused_by_each_successor() -> None:
    def killed(number: int, started: int, silent: int) -> Sign:
        made = sign(DUE - silent * MINUTE)
        return replace(made, process=f"press-{number}", started_at=DUE - started * MINUTE)

    chain = (killed(1, started=60, silent=50), killed(2, started=49, silent=40), killed(3, started=39, silent=0))
    assert missing(chain, DUE) == ()
    assert missing(chain[:2], DUE) == (chain[1],)
