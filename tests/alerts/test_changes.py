"""Each alert is raised once and told once to each channel, and once more when it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from digest.alerts.changes import WORTH_TELLING, changes, to_tell
from digest.alerts.notice import LONGEST_SUBJECT, mail_text, notice, payload, trial
from digest.model.alert import Alert, AlertKind, Phase, StoredAlert

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
RELAY = Alert(kind=AlertKind.RELAY, about="mail", words="it refuses us", over="it takes letters again")
SKIPPED = Alert(kind=AlertKind.SKIPPED, about="morning/2026-11-23", words="it was skipped")


def stored(alert: Alert, number: int = 1, cleared: datetime | None = None, **told: Phase) -> StoredAlert:
    return StoredAlert(
        id=number,
        key=alert.key,
        kind=alert.kind,
        words=alert.words,
        over=alert.over,
        raised_at=NOW - timedelta(minutes=5),
        cleared_at=cleared,
        told=dict(told),
    )


def test_what_is_new_is_raised_once_and_what_is_gone_is_over() -> None:
    first = changes([], [RELAY, RELAY, SKIPPED])
    assert (first.raised, first.cleared) == ((RELAY, SKIPPED), ())
    assert not changes([stored(RELAY), stored(SKIPPED, 2)], [RELAY, SKIPPED])
    assert changes([stored(RELAY), stored(SKIPPED, 2)], [SKIPPED]).cleared == (1,)


def test_a_condition_that_returns_is_raised_again_and_an_event_is_not() -> None:
    known = [stored(RELAY, 1, cleared=NOW), stored(SKIPPED, 2, cleared=NOW)]
    assert changes(known, [RELAY, SKIPPED]).raised == (RELAY,)


def told(alert: StoredAlert, channel: str = "mail", now: datetime = NOW) -> list[Phase]:
    return [phase for _, phase in to_tell([alert], channel, now)]


def test_a_channel_is_told_once_that_it_is_wrong_and_once_that_it_is_over() -> None:
    assert told(stored(RELAY)) == [Phase.RAISED]
    assert told(stored(RELAY, mail=Phase.RAISED)) == []
    assert told(stored(RELAY, mail=Phase.RAISED), "webhook") == [Phase.RAISED]
    over = stored(RELAY, cleared=NOW, mail=Phase.RAISED)
    assert told(over) == [Phase.CLEARED]
    assert told(over, now=NOW + timedelta(days=2)) == [Phase.CLEARED]
    assert told(replace(over, told={"mail": Phase.CLEARED})) == []


def test_what_was_over_before_it_could_be_told_is_told_with_its_end_soon_or_never() -> None:
    over = stored(RELAY, cleared=NOW)
    assert told(over) == [Phase.RAISED, Phase.CLEARED]
    assert told(over, now=NOW + WORTH_TELLING + timedelta(seconds=1)) == []


def test_an_event_has_no_end_to_tell_of() -> None:
    assert told(stored(SKIPPED)) == [Phase.RAISED]
    assert told(stored(SKIPPED, cleared=NOW)) == [Phase.RAISED]
    assert told(stored(SKIPPED, cleared=NOW, mail=Phase.RAISED)) == []


def test_a_notice_says_what_and_since_when_and_names_no_reader() -> None:
    raised = notice(stored(RELAY), Phase.RAISED)
    assert raised.subject == "[digest] it refuses us"
    assert "Since:  2026-11-23 05:55:00 UTC" in mail_text(raised, "The Courier")
    over = notice(stored(RELAY, cleared=NOW), Phase.CLEARED)
    assert over.subject == "[digest] Over: it takes letters again"
    assert "Over:   2026-11-23 06:00:00 UTC" in mail_text(over, "The Courier")
    sent = payload(over, "The Courier")
    assert (sent["event"], sent["kind"], sent["text"]) == ("cleared", "relay", over.subject)
    assert (sent["since"], sent["until"]) == ("2026-11-23T05:55:00+00:00", "2026-11-23T06:00:00+00:00")


def test_a_subject_stays_short_and_a_trial_says_that_it_is_one() -> None:
    long = notice(stored(replace(RELAY, words="x" * 900)), Phase.RAISED)
    assert len(long.subject) == LONGEST_SUBJECT
    assert "test" in trial(NOW).words
