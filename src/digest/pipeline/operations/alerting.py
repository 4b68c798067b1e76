"""Reports problems to the operator: facts become alerts, are stored, and are sent once to each channel.

facts ─ found ─▶ alerts ─ changes ─▶ stored ─ to_tell ─▶ mail, webhook

An alert is stored before it is sent, and marked as sent afterwards. One that cannot be sent now is sent at a later
check.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from urllib.parse import urlsplit

from digest.alerts.changes import REMEMBERED, changes, to_tell
from digest.alerts.notice import Notice, mail_text, notice, payload, trial
from digest.alerts.rules import rules
from digest.errors import DigestError, FetchError
from digest.logs import get_logger
from digest.model.alert import Alert, Phase
from digest.pipeline.operations.outlook import LetterCounts, facts
from digest.pipeline.outage import is_outage
from digest.pipeline.quarantine import Jobs
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.operator_mail import OneMail, mail_one

FOLDER = "alerts"
"""Name of the folder into which the file transport writes a day's alerts."""
LONGEST_PAUSE = timedelta(minutes=30)
"""Longest pause before an unreachable channel is tried again; the pause doubles up to it."""
KEPT = timedelta(days=90)
SUCCESS = range(200, 300)

Post = Callable[[str, bytes], int]
"""Posts JSON to a URL and returns the HTTP status; raises FetchError."""
Channel = Callable[[Notice], None]
"""Sends a notice to one channel; raises DigestError when that fails."""

log = get_logger()


class Alerter:
    """Checks the facts at each ``tick``, in one process at a time."""

    def __init__(self, runtime: Runtime, post: Post, counts: LetterCounts | None = None) -> None:
        """Send to the webhook with ``post``."""
        self._runtime = runtime
        self._post = post
        self._counts = counts or LetterCounts(runtime.stores.figures)
        self._jobs, self._telling = Jobs(runtime), Jobs(runtime)
        self._rests: dict[str, tuple[datetime, timedelta]] = {}

    def tick(self) -> None:
        """Find problems, store what changed, and send the alerts that were not sent yet."""
        with self._runtime.stores.leases.hold("alerts", self._runtime.clock) as lease:
            if lease is not None:
                self._look()
                self._tell()

    def _look(self) -> None:
        store, now = self._runtime.stores.alerts, self._runtime.clock()
        known = store.known(now - REMEMBERED)
        going_on = {one.key for one in known if one.phase is Phase.RAISED}
        known_facts, alerts = facts(self._runtime, self._counts, self._jobs), list[Alert]()
        for name, rule in rules(known_facts, self._runtime.settings.alerts, going_on):
            alerts += self._jobs.of(f"alert rule: {name}", lambda rule=rule: tuple(rule()), ())  # type: ignore[misc]
        changed = changes(known, alerts)
        if self._jobs.failing:  # keep earlier alerts: a failed rule cannot tell that they ended
            changed = replace(changed, cleared=())
        if not changed:
            return
        store.change(changed.raised, changed.cleared, now)
        store.purge(now - KEPT)
        for alert in changed.raised:
            log.warning("alert", kind=alert.kind.value, about=alert.about)
        for one in known:
            if one.id in changed.cleared:
                log.info("alert over", key=one.key)

    def _tell(self) -> None:
        store, now = self._runtime.stores.alerts, self._runtime.clock()
        known = store.known(now - REMEMBERED)
        for name, channel in channels(self._runtime, self._post).items():
            for alert, phase in to_tell(known, name, now):
                if self._rests_now(name):
                    break
                if self._told(name, channel, notice(alert, phase)):
                    store.note_told(alert, name, phase)

    def _rests_now(self, name: str) -> bool:
        """Return whether a channel pauses after a failure, which may have happened earlier in this check."""
        now = self._runtime.clock()
        until, pause = self._rests.get(name, (now, timedelta()))
        return now < until <= now + pause

    def _told(self, name: str, channel: Channel, said: Notice) -> bool:
        kind = name.partition(" ")[0]
        try:
            told = self._telling.run(f"alert by {kind}", partial(channel, said))
            why = "" if told else "digest itself failed at it: digest quarantine list"
        except DigestError as error:
            if is_outage(error):
                raise
            why = _why(error)
        if why:
            _, pause = self._rests.get(name, (None, timedelta(seconds=30)))
            longer = min(pause * 2, LONGEST_PAUSE)
            self._rests[name] = (self._runtime.clock() + longer, longer)
            log.warning("alert not told", channel=kind, why=why)
            return False
        self._rests.pop(name, None)
        log.info("alert told", channel=kind, kind=said.kind.value, phase=said.phase.value)
        return True


def channels(runtime: Runtime, post: Post) -> Mapping[str, Channel]:
    """Return the channels in the settings by name, each a function that sends a notice.

    The name contains a fingerprint of the channel's address.
    """
    settings, made = runtime.settings.alerts, dict[str, Channel]()
    if settings.webhook:  # first, since it takes seconds; a relay may take minutes
        url = settings.webhook
        made[f"webhook {_fingerprint(url)}"] = lambda said: _post_json(runtime, post, url, said)
    for address in settings.mail:
        made[f"mail {_fingerprint(address)}"] = lambda said, to=address: _mail(runtime, to, said)  # type: ignore[misc]
    return made


def tell_trial(runtime: Runtime, post: Post) -> dict[str, str]:
    """Send a test notice to every channel; return the error of each, empty where there was none."""
    said, outcome = trial(runtime.clock()), dict[str, str]()
    for name, channel in channels(runtime, post).items():
        try:
            channel(said)
            outcome[name] = ""
        except DigestError as error:
            outcome[name] = _why(error)
    return outcome


def _why(error: DigestError) -> str:
    """Return the text of an error without the webhook's URL, which is secret with most services."""
    return error.reason if isinstance(error, FetchError) else str(error)


def _post_json(runtime: Runtime, post: Post, url: str, said: Notice) -> None:
    body = json.dumps(payload(said, runtime.settings.site.name), ensure_ascii=False).encode()
    status = post(url, body)
    if status not in SUCCESS:
        raise FetchError(url, f"{urlsplit(url).hostname} answered with HTTP status {status}")


def _mail(runtime: Runtime, address: str, said: Notice) -> None:
    """Send a notice to one address by the first relay that can be reached."""
    name = f"alert-{_fingerprint(f'{said.key} {said.phase.value} {said.since.isoformat()} {address}')}"
    text = mail_text(said, runtime.settings.site.name)
    mail_one(runtime, address, OneMail(subject=said.subject, text=text, name=name, folder=FOLDER))


def _fingerprint(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]
