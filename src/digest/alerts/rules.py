"""Find what is wrong now, from the facts. Pure: clock, counts and limits are arguments.

edition   held: too few stories, or the check found an error
          not started: it was due ``late_minutes`` ago, and its sending has not begun
          late: its sending began later than that
          skipped: its window closed before it was sent, or it had too few stories
relay     refuses us; cannot be reached for ``relay_minutes``; either of these until less than SHOWN_FOR ago;
          its certificate ends within ``certificate_days``
source    has failed for ``source_days``
returns   bounces or complaints are above their limit, as a share of the letters
disk      less than ``disk_percent`` is free
edition   readers subscribe to one that the settings lack
webhook   a receiver has failed for ``webhook_hours``, or was disabled by the program
service   a serving process is silent, did not stop properly, and no other was started since
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from digest.alerts.facts import Disk, Facts, Following, Planned, Receiver, Returns
from digest.model.alert import Alert, AlertKind
from digest.model.course import Course
from digest.model.edition import EditionState
from digest.model.life import UNSENT, Cause
from digest.model.sign import Life, PastTrouble, RelayState, RelayTrouble, Sign
from digest.settings import AlertSettings

FEWEST_BOUNCES = 5
FEWEST_COMPLAINTS = 3
"""Below these numbers no rate is computed: a few bounces among few readers prove nothing."""
RELIEF = 0.8
"""An alert about a rate ends below this share of its limit, so that it does not switch on and off."""
SPARE_PERCENT = 2
"""An alert about the disk ends when this much more is free."""
SHOWN_FOR = timedelta(minutes=1)
"""A relay's trouble that is over counts for this long. So a check sees a trouble that began and ended between two
checks: heartbeats are stored every 10 s and alerts are checked every 20 s, later on a busy machine."""
MB = 1_000_000


Rule = Callable[[], Iterable[Alert]]
"""A check of one thing; it returns the alerts for what is wrong."""


def found(facts: Facts, bounds: AlertSettings, going_on: Collection[str] = ()) -> tuple[Alert, ...]:
    """Return the alerts; ``going_on`` has the keys of earlier alerts, which end only when things are clearly better."""
    return tuple(alert for _, rule in rules(facts, bounds, going_on) for alert in rule())


def rules(facts: Facts, bounds: AlertSettings, going_on: Collection[str] = ()) -> Iterator[tuple[str, Rule]]:
    """Yield each rule with its name. The caller decides what happens when a rule fails."""
    late = timedelta(minutes=bounds.late_minutes)
    for planned in facts.editions:
        yield f"edition {planned.key}", partial(_edition, planned, facts.now, late)
    for name, state in relays_of(facts.signs).items():
        yield f"relay {name}", partial(_relay, name, state, facts.now, bounds)
    for source in facts.sources:
        yield f"source {source.name}", partial(_source, source, facts.now, bounds.source_days)
    if facts.returns is not None:
        yield "returns", partial(_returns, facts.returns, bounds, going_on)
    for disk in facts.disks:
        yield f"disk {disk.place}", partial(_disk, disk, bounds.disk_percent, going_on)
    for receiver in facts.receivers:
        yield f"webhook {receiver.name}", partial(_receiver, receiver, facts.now, bounds.webhook_hours)
    yield "names of editions", lambda: [_lost(name, readers) for name, readers in facts.lost.items()]
    yield "services", lambda: [_service(sign) for sign in missing(facts.signs, facts.now)]


def relays_of(signs: Collection[Sign]) -> dict[str, RelayState]:
    """Return each relay's state from the process that saw its latest change, with its past trouble in any process."""
    newest: dict[str, RelayState] = {}
    past: dict[str, PastTrouble] = {}
    for sign in signs:
        for name, state in sign.relays.items():
            if name not in newest or state.since > newest[name].since:
                newest[name] = state
            if state.past is not None and (name not in past or state.past.until > past[name].until):
                past[name] = state.past
    return {name: replace(state, past=past.get(name)) for name, state in newest.items()}


def _edition(planned: Planned, now: datetime, late: timedelta) -> Iterator[Alert]:
    course, about = planned.course, str(planned.key)
    if course is None or course.state in UNSENT:
        yield from _unsent(planned, now, late)
    elif course.state is EditionState.SKIPPED and course.cause is not Cause.EDITOR:
        yield Alert(kind=AlertKind.SKIPPED, about=about, words=f"{about} was skipped: {course.reason}")
    elif course.began is not None and course.began - planned.due >= late:
        behind = f"began {course.began:%H:%M} UTC, {_span(course.began - planned.due)} after its time"
        yield Alert(kind=AlertKind.LATE, about=about, words=f"{about} {behind}")


def _unsent(planned: Planned, now: datetime, late: timedelta) -> Iterator[Alert]:
    course, about = planned.course, str(planned.key)
    if now >= planned.closes:
        words = f"{about} was not sent: its window closed at {planned.closes:%H:%M} UTC{_why(planned)}"
        yield Alert(kind=AlertKind.SKIPPED, about=about, words=f"{words}; to send it all the same: --late")
    elif _is_held(course):
        words = f"{about} is held{_why(planned)}; to let it go: digest approve {about}"
        yield Alert(kind=AlertKind.HELD, about=about, words=words, over=f"{about} is no longer held")
    elif now - planned.due >= late:
        words = f"{about} was due at {planned.due:%H:%M} UTC, and is not being sent{_why(planned)}"
        yield Alert(kind=AlertKind.NOT_STARTED, about=about, words=words)


def _is_held(course: Course | None) -> bool:
    return course is not None and course.state is EditionState.HELD and course.cause is not Cause.EDITOR


def _why(planned: Planned) -> str:
    """Return what an unsent edition waits for, after a colon; without a known cause, ask to check the service."""
    if planned.course is not None and planned.course.state is EditionState.HELD:
        return f": {planned.course.reason}" if planned.course.reason else ""
    if planned.waits_for_approval:
        return f": it waits for its editor (digest approve {planned.key})"
    return ": is `digest serve` running, and what does it log?"


def _relay(name: str, state: RelayState, now: datetime, bounds: AlertSettings) -> Iterator[Alert]:
    words = _relay_words(name, state, now, timedelta(minutes=bounds.relay_minutes))
    if words:
        yield Alert(kind=AlertKind.RELAY, about=name, words=words, over=f"the relay {name} takes letters again")
    ends = state.certificate_ends
    if ends is not None and ends - now < timedelta(days=bounds.certificate_days):
        words = (
            f"the TLS certificate of the relay {name} ends {ends:%Y-%m-%d %H:%M} UTC: renew it, or it gets no letters"
        )
        over = f"the TLS certificate of the relay {name} was renewed"
        yield Alert(kind=AlertKind.CERTIFICATE, about=name, words=words, over=over)


def _relay_words(name: str, state: RelayState, now: datetime, patience: timedelta) -> str:
    """Return what is wrong with a relay now, or was until less than SHOWN_FOR ago; empty when nothing is."""
    if _is_reported(state.trouble, now - state.since, patience):
        return f"the relay {name} {state.trouble.value} since {state.since:%Y-%m-%d %H:%M} UTC: it gets no letters"
    past = state.past
    if (
        past is None
        or now - past.until >= SHOWN_FOR
        or not _is_reported(past.trouble, past.until - past.since, patience)
    ):
        return ""
    what = "could not be reached" if past.trouble is RelayTrouble.UNREACHABLE else "refused us"
    return (
        f"the relay {name} {what} from {past.since:%Y-%m-%d %H:%M:%S} to {past.until:%H:%M:%S} UTC: it got no letters"
    )


def _is_reported(trouble: RelayTrouble, lasted: timedelta, patience: timedelta) -> bool:
    return trouble is RelayTrouble.REFUSES or (trouble is RelayTrouble.UNREACHABLE and lasted >= patience)


def _source(source: Following, now: datetime, days: int) -> Iterator[Alert]:
    since = source.failing_since
    if source.given_up or (since is not None and now - since >= timedelta(days=days)):
        lasting = f" since {since:%Y-%m-%d}" if since else ""
        words = f"the source {source.name} has failed{lasting}: {source.result}"
        over = f"the source {source.name} answers again, or is no longer followed"
        yield Alert(kind=AlertKind.SOURCE, about=source.name, words=words, over=over)


def _returns(returns: Returns, bounds: AlertSettings, going_on: Collection[str]) -> Iterator[Alert]:
    counted = (
        (AlertKind.BOUNCES, "bounces", returns.bounced, bounds.bounce_percent, FEWEST_BOUNCES),
        (AlertKind.COMPLAINTS, "complaints", returns.complaints, bounds.complaint_percent, FEWEST_COMPLAINTS),
    )
    for kind, what, number, bound, fewest in counted:
        alert = Alert(
            kind=kind,
            about="three days",
            words=f"{number} {what} of {returns.letters} letters in three days, and the limit is {bound:g} %",
            over=f"{what} are below their limit again",
        )
        least = bound * (RELIEF if alert.key in going_on else 1)
        if number >= fewest and returns.letters and number * 100 / returns.letters >= least:
            yield alert


def _disk(disk: Disk, percent: int, going_on: Collection[str]) -> Iterator[Alert]:
    alert = Alert(
        kind=AlertKind.DISK,
        about=disk.place,
        words=f"{disk.free_bytes // MB} MB of {disk.total_bytes // MB} MB are free at {disk.place}",
        over=f"there is enough space again at {disk.place}",
    )
    least = percent + (SPARE_PERCENT if percent and alert.key in going_on else 0)
    if disk.free_bytes * 100 < disk.total_bytes * least:
        yield alert


def _receiver(receiver: Receiver, now: datetime, hours: int) -> Iterator[Alert]:
    since, name = receiver.failing_since, receiver.name
    over = f"the receiver of webhooks {name} accepts messages again, or was removed"
    if receiver.disabled_why:
        why = "answered that it is gone (410)" if receiver.disabled_why == "gone" else "has failed for days"
        words = f"the receiver of webhooks {name} {why} and is disabled: digest webhooks enable {name}"
        yield Alert(kind=AlertKind.WEBHOOK, about=name, words=words, over=over)
    elif since is not None and now - since >= timedelta(hours=hours):
        words = f"the receiver of webhooks {name} has failed since {since:%Y-%m-%d %H:%M} UTC: digest webhooks list"
        yield Alert(kind=AlertKind.WEBHOOK, about=name, words=words, over=over)


def _lost(name: str, readers: int) -> Alert:
    return Alert(
        kind=AlertKind.NO_EDITION,
        about=name,
        words=lost_words(name, readers),
        over=f"nobody subscribes any more to {name}, which the settings lack",
    )


def lost_words(name: str, readers: int) -> str:
    """Return the text about an edition that readers subscribe to but the settings lack."""
    some = "1 reader subscribes" if readers == 1 else f"{readers} readers subscribe"
    ways = f"if it has a new name: digest editions rename {name} NEW; if it is over: digest editions end {name}"
    return f"{some} to {name}, which the settings do not have, and will get nothing; {ways}"


def missing(signs: Collection[Sign], now: datetime) -> tuple[Sign, ...]:
    """Return the dead processes without a replacement; each process that began after a death replaces one of them."""
    came = sorted(signs, key=lambda sign: sign.started_at)
    lost = []
    for dead in sorted((sign for sign in signs if sign.life(now) is Life.DEAD), key=lambda sign: sign.beat_at):
        replacement = next((each for each in came if each is not dead and each.started_at >= dead.beat_at), None)
        if replacement is None:
            lost.append(dead)
        else:
            came.remove(replacement)
    return tuple(lost)


def _service(sign: Sign) -> Alert:
    words = f"`digest serve` on {sign.host} was last heard of {sign.beat_at:%Y-%m-%d %H:%M:%S} UTC: start it again"
    over = f"`digest serve` on {sign.host} reports again, or was replaced"
    return Alert(kind=AlertKind.SERVICE, about=sign.process, words=words, over=over)


def _span(length: timedelta) -> str:
    minutes = int(length / timedelta(minutes=1))
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"  # noqa: PLR2004 - an hour
