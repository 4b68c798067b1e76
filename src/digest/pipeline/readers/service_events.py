"""Events that sending services post about letters: authenticated, stored at once, and handled like bounces.

request ─▶ who sent it? ─▶ its events, each with an id ─▶ stored (known ones are skipped) ─▶ answered
                                                            └─ a job ─▶ BounceHandler ─▶ reader, suppression

The request is answered before its events are handled: a service that waits too long posts the same request again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from digest.errors import FetchError, UnsignedEvent
from digest.logs import get_logger
from digest.pipeline.quarantine import watching
from digest.pipeline.readers.bounce_handling import BounceEffect, BounceHandler, ReturnedMail
from digest.pipeline.runtime import Runtime
from digest.readers.bounces import Returned, read_bounce
from digest.readers.event_posts import UNTOUCHED, PostedEvent, events_of
from digest.readers.event_signatures import EventPost, Signer, is_sns_address, json_object, require_signature
from digest.readers.events import event
from digest.settings import EventSettings
from digest.storage.service_events import FAILED, TAKEN, UNKNOWN, WAITING, NewEvent, SettledEvent, WaitingEvent

MOST_CERTIFICATES = 10
BATCH = 200
"""Number of events in one batch; after each batch the stop signal is checked."""

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReceipt:
    """The result of a service's request: how many events it had, and how many of them were new."""

    events: int
    new: int


class EventInbox:
    """Receives the requests of the sending services in the settings; safe to share between threads."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._certificates: OrderedDict[str, bytes] = OrderedDict()

    def knows(self, sender: str) -> bool:
        """Return whether the settings have a service with this name."""
        return sender in self._runtime.settings.events

    def receive(self, sender: str, post: EventPost) -> EventReceipt:
        """Store the events of a request.

        Raises:
            KeyError: the settings have no service with this name.
            UnsignedEvent: the request is not authenticated, or its token was used before.
            FetchError: the certificate cannot be fetched now; the service may post the request again.
        """
        service = self._runtime.settings.events[sender]
        signer = Signer(service=service.service, secret=service.secret, topic=service.topic)
        token = require_signature(post, signer, self._certificate)
        if service.service == "ses" and self._was_subscription(sender, post):
            return EventReceipt(events=0, new=0)
        posted = self._posted(service, post)
        kept = [_new(each) for each in posted if each.kind not in UNTOUCHED]
        new = self._runtime.stores.service_events.store(sender, token[:200], kept, post.at) if kept else 0
        if new is None:
            raise UnsignedEvent("the token was used before for another event")
        log.debug("events received", sender=sender, events=len(posted), new=new)
        return EventReceipt(events=len(posted), new=new)

    def _posted(self, service: EventSettings, post: EventPost) -> tuple[PostedEvent, ...]:
        given = post.headers.get("webhook-id", "") if service.service == "standard" else ""
        return events_of(service.service, post.body, given)

    def _was_subscription(self, sender: str, post: EventPost) -> bool:
        """Handle a message about the subscription to our topic; return whether it was one.

        The subscription to the topic in the settings is confirmed.
        """
        message = json_object(post.body)
        if message.get("Type") == "SubscriptionConfirmation" and is_sns_address(
            url := str(message.get("SubscribeURL"))
        ):
            self._fetch(url)
            log.info("event subscription confirmed", sender=sender)
        return message.get("Type") != "Notification"

    def _certificate(self, url: str) -> bytes:
        """Return a certificate by its URL. It is fetched once, since all messages use the same one."""
        if url not in self._certificates:
            self._certificates[url] = self._fetch(url)
            while len(self._certificates) > MOST_CERTIFICATES:
                self._certificates.popitem(last=False)
        return self._certificates[url]

    def _fetch(self, url: str) -> bytes:
        if self._runtime.document is None:
            raise FetchError(url, "there is no web to fetch from")
        return self._runtime.document(url)


def _new(posted: PostedEvent) -> NewEvent:
    known = event(posted.raw.decode("utf-8", "replace")) is not None
    return NewEvent(
        name=posted.name,
        kind=posted.kind,
        raw=posted.raw,
        happened_at=posted.happened,
        state=WAITING if known else UNKNOWN,
    )


def take_events(runtime: Runtime, stop: threading.Event, read: Callable[[bytes], Returned] = read_bounce) -> int:
    """Handle the stored events, oldest first, each parsed with ``read``; return how many were handled.

    The events of a batch share their queries and one transaction. An event at which the program fails is set aside, and
    the others are handled. Repeating a batch after a crash changes nothing more, since its bytes are the same.
    """
    taken = 0
    with runtime.stores.leases.hold("events", runtime.clock) as lease:
        while lease is not None and not stop.is_set():
            waiting = runtime.stores.service_events.waiting(BATCH)
            if not waiting or not lease.renew():
                break
            with watching(runtime, "events") as watch:
                runtime.stores.service_events.settle(
                    _settled(runtime, BounceHandler(runtime, watch.item, read), waiting)
                )
            taken += len(waiting)
    if taken:
        log.info("events taken", events=taken)
    return taken


def _settled(runtime: Runtime, handler: BounceHandler, waiting: Sequence[WaitingEvent]) -> list[SettledEvent]:
    now = runtime.clock()
    mails = [ReturnedMail(raw=each.raw, vouched=each.happened_at or now) for each in waiting]
    return [
        SettledEvent(
            id=each.id,
            state=FAILED if taken.effect is BounceEffect.SET_ASIDE else TAKEN,
            effect=taken.effect.name.lower(),
        )
        for each, taken in zip(waiting, handler.take_batch(mails), strict=True)
    ]
