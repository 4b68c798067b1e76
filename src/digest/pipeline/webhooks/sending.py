"""Sends the messages that wait: each receiver has its own thread, so none waits for a slow one.

due ─▶ lease of the receiver ─▶ body ─▶ signed ─▶ POST ─▶ delivered
                                                    └──▶ failed: tried again by the schedule, or given up (dead)

A message stays in the table until its answer is stored. A process that dies in between sends it again, with the same
id. The order of messages is not promised: a failed one comes after later ones.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import msgspec

from digest.errors import DigestError, FetchError, WebhookError
from digest.fetch.post_answer import PostAnswer
from digest.logs import get_logger
from digest.model.ids import EditionKey
from digest.model.webhook import EventType
from digest.pipeline.outage import is_outage
from digest.pipeline.quarantine import Jobs
from digest.pipeline.runtime import Runtime
from digest.pipeline.webhooks.port import OpenPost, Post
from digest.pipeline.webhooks.receivers import secrets_of
from digest.render.links import archive_link
from digest.storage.webhooks import FAILING, GONE, Endpoint, Failure, Message
from digest.webhooks.payload import EditionLinked, ReaderPart, converted, message, ping
from digest.webhooks.schedule import is_given_up, next_attempt, rest, retry_after
from digest.webhooks.signing import headers

LONGEST_ANSWER = 200
"""Characters of an answer that are stored."""
DELIVERED, FAILED, DEAD = "delivered", "failed", "dead"
STATUS_GONE = 410

log = get_logger()


@dataclass(frozen=True, slots=True)
class Attempt:
    """The result of one POST: the receiver's answer, or why there is none."""

    answer: PostAnswer | None
    trouble: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the receiver accepted the message: any 2xx status."""
        return self.answer is not None and 200 <= self.answer.status < 300  # noqa: PLR2004 - RFC 9110, section 15.3

    @property
    def status(self) -> int | None:
        """The HTTP status; None without an answer."""
        return None if self.answer is None else self.answer.status

    @property
    def words(self) -> str:
        """Why the POST failed, as one line of text."""
        if self.answer is None:
            return self.trouble[:LONGEST_ANSWER]
        said = " ".join(self.answer.body.decode("utf-8", "replace").split())
        line = f"HTTP status {self.answer.status}{': ' if said else ''}{said}"
        return "".join(each for each in line if each.isprintable())[:LONGEST_ANSWER]


class WebhookSender:
    """Starts a thread for each receiver that has due messages, at each ``tick``.

    When ``stop`` is set, each thread finishes its message and ends.
    """

    def __init__(self, runtime: Runtime, connect: OpenPost, stop: threading.Event) -> None:
        self._runtime = runtime
        self._connect = connect
        self._stop = stop
        self._jobs = Jobs(runtime)
        self._at_work: dict[int, threading.Thread] = {}
        self._lock = threading.Lock()

    def tick(self) -> None:
        """Start what is due; return at once. Raises StorageError when the database is lost."""
        with self._lock:
            self._at_work = {which: each for which, each in self._at_work.items() if each.is_alive()}
            for which, name in () if self._stop.is_set() else self._due():
                if which not in self._at_work:
                    work = partial(self._jobs.run, f"webhook {name}", partial(self._work, which))
                    self._at_work[which] = threading.Thread(target=work, name=f"webhook {name}", daemon=True)
                    self._at_work[which].start()

    def at_work(self) -> tuple[threading.Thread, ...]:
        """Return the threads that send now."""
        with self._lock:
            return tuple(each for each in self._at_work.values() if each.is_alive())

    def _due(self) -> tuple[tuple[int, str], ...]:
        return self._runtime.stores.webhooks.due_endpoints(self._runtime.clock())

    def _work(self, endpoint_id: int) -> None:
        try:
            deliver_to(self._runtime, self._connect, endpoint_id, self._stop)
        except DigestError as error:
            if not is_outage(error):  # a lost database is reported by the next tick
                log.error("webhooks failed", why=str(error))  # noqa: TRY400 - the error's words say what to do


def deliver_all(runtime: Runtime, connect: OpenPost, stop: threading.Event) -> Mapping[str, Mapping[str, int]]:
    """Send everything that is due now; return the results by receiver."""
    results: dict[str, Mapping[str, int]] = {}

    def one(which: int, name: str) -> None:
        results[name] = deliver_to(runtime, connect, which, stop)

    jobs = Jobs(runtime)
    threads = [
        threading.Thread(target=partial(jobs.run, f"webhook {name}", partial(one, which, name)), daemon=True)
        for which, name in runtime.stores.webhooks.due_endpoints(runtime.clock())
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def deliver_to(runtime: Runtime, connect: OpenPost, endpoint_id: int, stop: threading.Event) -> Mapping[str, int]:
    """Send due messages to one receiver until one fails or none is left; return how many had which result.

    Safe to repeat, to kill, and to run on several machines: one of them sends to a receiver at a time.
    """
    store, done = runtime.stores.webhooks, Counter[str]()
    with runtime.stores.leases.hold(f"webhook {endpoint_id}", runtime.clock) as lease:
        endpoint = store.by_id(endpoint_id)
        if lease is None or endpoint is None:
            return done
        with connect(private=endpoint.allow_private) as post:
            while not (stop.is_set() or done[FAILED] or done[DEAD]) and lease.renew():
                # both are read again for each message: meanwhile the receiver may be removed, or a reader erased
                endpoint, following = store.by_id(endpoint_id), store.due(endpoint_id, runtime.clock(), 1)
                if endpoint is None or endpoint.disabled_at is not None or not following:
                    break
                done[_send(runtime, post, endpoint, following[0])] += 1
    if done:
        log.info("webhooks sent", endpoint=endpoint_id, results=dict(done))
    return done


def send_ping(runtime: Runtime, connect: OpenPost, endpoint: Endpoint) -> Attempt:
    """Send a test message to a receiver, also to a disabled one. It is not stored, and tried once."""
    now = runtime.clock()
    body, name = ping(endpoint.name, now), f"ping_{now:%Y%m%d%H%M%S%f}"
    with connect(private=endpoint.allow_private) as post:
        return _attempt(runtime, post, endpoint, name, body)


def _send(runtime: Runtime, post: Post, endpoint: Endpoint, waiting: Message) -> str:
    """Send one message, store the result, and return it."""
    began = time.monotonic()
    result = _settle(runtime, endpoint, waiting, _made(runtime, post, endpoint, waiting))
    runtime.meter.webhook(endpoint.name, result, time.monotonic() - began)
    return result


def _made(runtime: Runtime, post: Post, endpoint: Endpoint, waiting: Message) -> Attempt:
    """Send one message. If the program itself fails at it, that counts as a failure of this message."""
    made: list[Attempt] = []

    def do() -> None:
        made.append(_attempt(runtime, post, endpoint, waiting.name, _body(runtime, waiting)))

    Jobs(runtime).run(f"webhook message {waiting.id}", do)
    return made[0] if made else Attempt(None, "digest itself failed at it: digest quarantine list")


def _attempt(runtime: Runtime, post: Post, endpoint: Endpoint, name: str, body: bytes) -> Attempt:
    try:
        signed = headers(secrets_of(runtime, endpoint), name, body, runtime.clock())
        return Attempt(post(endpoint.url, body, signed))
    except FetchError as error:
        return Attempt(None, error.reason)
    except WebhookError as error:
        return Attempt(None, str(error))


def _settle(runtime: Runtime, endpoint: Endpoint, waiting: Message, attempt: Attempt) -> str:
    store, now = runtime.stores.webhooks, runtime.clock()
    if attempt.accepted and attempt.status is not None:
        store.delivered(waiting, endpoint, attempt.status, now)
        return DELIVERED
    failure = _failure(endpoint, waiting, attempt, now)
    store.failed(waiting, endpoint.id, failure, now)
    result = DEAD if failure.next_attempt is None else FAILED
    log.warning("webhook failed", endpoint=endpoint.name, message=waiting.id, type=waiting.type, result=result)
    if failure.disable:
        log.error("receiver of webhooks disabled", endpoint=endpoint.name, why=failure.disable)
    return result


def _failure(endpoint: Endpoint, waiting: Message, attempt: Attempt, now: datetime) -> Failure:
    asked = None if attempt.answer is None else retry_after(attempt.answer.retry_after, now)
    pause = rest(endpoint.failures + 1, asked)
    again = next_attempt(waiting.name, waiting.attempts + 1, now)
    gone = attempt.status == STATUS_GONE
    return Failure(
        status=attempt.status,
        answer=attempt.words,
        next_attempt=None if again is None else max(again, now + pause),
        rests_until=now + pause,
        disable=GONE if gone else FAILING if is_given_up(endpoint.failing_since, now) else "",
    )


def _body(runtime: Runtime, waiting: Message) -> bytes:
    about = waiting.pseudonym or waiting.reader_id
    reader = ReaderPart(id=waiting.reader_id, pseudonym=waiting.pseudonym) if about else None
    if reader is not None and waiting.address:
        reader = msgspec.structs.replace(reader, address=waiting.address)
    return message(
        EventType(waiting.type),
        waiting.at,
        dict(waiting.details),
        reader=reader,
        edition=None if waiting.edition is None else _linked(runtime, waiting.edition),
    )


def _linked(runtime: Runtime, stored: Mapping[str, Any]) -> EditionLinked:
    key = EditionKey(name=stored["name"], date=date.fromisoformat(stored["date"]), number=stored["number"])
    return converted({**stored, "url": archive_link(runtime.settings.site, key)}, EditionLinked)
