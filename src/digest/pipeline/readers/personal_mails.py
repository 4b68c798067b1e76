"""Mails to one person: requests for mails are decided, and the mails are sent before letters.

A run has its own ledger and its own connections, so no confirmation waits while an edition goes to a million readers.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from digest.bookkeeping import Claim
from digest.deliver.message.dkim import Signer, configured_signer
from digest.deliver.message.splice import ReaderFields, prepare
from digest.deliver.protocol.replies import Fate
from digest.deliver.protocol.smtp import Parcel
from digest.deliver.run.dispatch import dispatch
from digest.deliver.run.options import Controls, DispatchOptions, DispatchReport
from digest.errors import Advice, DigestError, ItemSetAside
from digest.logs import get_logger
from digest.model.ids import EditionKey, ReaderId
from digest.model.quarantine import ItemKind, is_items_fault
from digest.model.webhook import SignedUp
from digest.pipeline.outage import is_outage
from digest.pipeline.quarantine import Jobs, set_aside_relays, watched, watching
from digest.pipeline.readers.first_letters import first_letters
from digest.pipeline.readers.voice import OPEN_FOR
from digest.pipeline.readers.welcome import WelcomeWriter
from digest.pipeline.relays import rates, tallies, ways_out
from digest.pipeline.runtime import Runtime
from digest.pipeline.sending.deliver_edition import note_certificates, why_stopped
from digest.pipeline.sending.settling import JOURNALS
from digest.readers.mac import FINGERPRINT, fingerprint, keyed
from digest.readers.one_time_tokens import LIFE, mailed_token, token_hash
from digest.readers.signup import INVITATIONS, MEMORY, Ask, MailKind, Sent, SignupDecision, SignupLimits, Wanted, decide
from digest.readers.standing import shadows, standing
from digest.readers.tokens import LinkPurpose, sign
from digest.render.headers import envelope_sender
from digest.render.links import site_base
from digest.render.mail import Kind, MailText, OfferedLetter, WrittenMail, mail_letter, write_mail
from digest.settings import Settings
from digest.storage.outbox import Mail
from digest.storage.signups import SCOPE, Acquaintance, Decided, StoredAsk
from digest.storage.tokens import NewToken

BATCH = 200
"""Number of requests that are decided in one batch."""
HOUR = timedelta(hours=1)
LEAVES_WITHIN = timedelta(hours=24)
"""A mail that could not be sent within this time is not sent any more, since its link would expire soon."""
TOKENS_FOR = timedelta(days=7)
"""How long the token of a link is kept after its end, so that its page can say that it is used or expired."""
INPUTS_FOR = timedelta(days=30)
"""How long the input of an item in quarantine is kept: it may contain text of a reader."""
TALLIES_FOR = timedelta(days=1)
PURGE_EVERY = timedelta(hours=6)
RETRY = timedelta(minutes=1)
FOLDER = "mails"
"""Name of the folder into which the file transport writes a day's mails."""

log = get_logger()


class PersonalMailSender:
    """Decides requests and sends mails at each ``tick``.

    When ``stop`` is set, running work ends and none is started.
    """

    def __init__(self, runtime: Runtime, stop: threading.Event) -> None:
        self._runtime = runtime
        self._stop = stop
        self._purged: datetime | None = None
        self._rests_until: datetime | None = None
        self._settled = False
        self._jobs = Jobs(runtime)

    def tick(self) -> None:
        """Decide requests and send mails; failures are tried again in a minute. Now and then, delete old data.

        Raises StorageError when the database is lost.
        """
        now = self._runtime.clock()
        if self._stop.is_set() or (self._rests_until and now < self._rests_until <= now + RETRY):
            return
        try:
            if not self._jobs.run("mails", self._work):
                self._rests_until = now + RETRY
        except DigestError as error:
            if is_outage(error):
                raise
            level = logging.WARNING if error.advice is Advice.RETRY else logging.ERROR
            log.log(level, "mails failed, tried again in a minute", why=str(error))
            self._rests_until = now + RETRY

    def _work(self) -> None:
        report = send_mails(self._runtime, self._stop, recover=not self._settled)
        self._settled = True
        if report is not None:
            log.info(
                "mails sent",
                accepted=report.number(Fate.ACCEPTED),
                recovered=report.recovered,
                replies=dict(report.replies),
                took_s=round(report.seconds, 1),
                stopped=why_stopped(report),
            )
            for trouble in report.troubles:
                log.error("relay in trouble", why=trouble)
            if report.error is not None:
                raise report.error
            if report.stopped and not self._stop.is_set():
                log.error("mails stopped, tried again in a minute", why=report.stopped)
                self._rests_until = self._runtime.clock() + RETRY
        now = self._runtime.clock()
        if self._purged is None or not timedelta() <= now - self._purged < PURGE_EVERY:
            purge(self._runtime)
            self._purged = now


def send_mails(
    runtime: Runtime, stop: threading.Event | None = None, *, recover: bool = False
) -> DispatchReport | None:
    """Decide all requests and send what is due; None when nothing is due.

    ``recover`` also continues the work of a killed run. Nothing is sent without a public site, since every
    link leads there. Safe to repeat, to kill, and to run on several machines.
    """
    if not site_base(runtime.settings.site):
        return None
    decide_requests(runtime)
    if not recover and not runtime.stores.outbox.is_due(runtime.clock()):
        return None
    if not runtime.stores.outbox.counts().unfinished:
        return None
    return _dispatch(runtime, stop or threading.Event())


def decide_requests(runtime: Runtime) -> int:
    """Decide all requests that wait, in one process at a time; return how many mails are to be sent."""
    if not runtime.stores.signups.waiting(runtime.clock(), 1):
        return 0
    mails = 0
    with runtime.stores.leases.hold("mails", runtime.clock) as lease:
        while lease is not None and lease.renew():
            asks = runtime.stores.signups.waiting(runtime.clock(), BATCH)
            if not asks:
                break
            mails += _decide_all(runtime, asks)
    return mails


def purge(runtime: Runtime) -> None:
    """Delete expired tokens, mails and counts. When one kind fails, the others are still deleted."""
    now, jobs, gone = runtime.clock(), Jobs(runtime), dict[str, int]()
    steps: dict[str, Callable[[], int]] = {
        "tokens": lambda: runtime.stores.tokens.purge(now - TOKENS_FOR),
        "mails": lambda: runtime.stores.outbox.purge(now, MEMORY),
        "counts": lambda: runtime.stores.signups.purge(now - TALLIES_FOR),
        "vote marks": lambda: runtime.stores.votes.forget_marks(now - OPEN_FOR),
        "inputs": lambda: runtime.stores.quarantine.forget_inputs(now - INPUTS_FOR),
    }
    for name, take_out in steps.items():
        jobs.run(f"purge {name}", lambda name=name, take_out=take_out: gone.update({name: take_out()}))  # type: ignore[misc]
    if any(gone.values()):
        log.info("purged", rows=gone)


def _dispatch(runtime: Runtime, stop: threading.Event) -> DispatchReport:
    settings, now = runtime.settings, runtime.clock()
    orders = DispatchOptions(
        expires=now + LEAVES_WITHIN,
        journals=Path(settings.folder) / JOURNALS,
        rates=rates(settings.mail),
        tallies=tallies(runtime),
        goes_first=True,
        on_uncertain=settings.mail.on_uncertain,
    )
    ways = ways_out(settings, EditionKey(name=FOLDER, date=now.date()))
    with watching(runtime, "mails") as watch:
        report = dispatch(
            runtime.stores.outbox,
            ways,
            watched(watch, ItemKind.MAIL, FOLDER, PersonalMailWriter(runtime)),
            orders=orders,
            clock=runtime.clock,
            controls=Controls(stop=stop, meter=runtime.meter),
        )
        set_aside_relays(watch, report.faults)
    note_certificates(runtime, ways)
    return report


# --- deciding ---------------------------------------------------------------------------------------------------------


def _decide_all(runtime: Runtime, asks: Sequence[StoredAsk]) -> int:
    """Decide some requests together, or one by one when one of them fails. A request that fails gets no mail.

    Return how many mails are to be sent.
    """
    try:
        return _decide_batch(runtime, asks)
    except Exception as error:
        if not is_items_fault(error):
            raise
    mails = 0
    with watching(runtime, "mails") as watch:
        for ask in asks:
            try:
                with watch.item(ItemKind.REQUEST, str(ask.id), f"request {ask.id}".encode()):
                    mails += _decide_batch(runtime, [ask])
            except ItemSetAside:
                hour = runtime.clock().replace(minute=0, second=0, microsecond=0)
                runtime.stores.signups.settle([Decided(id=ask.id, why="set aside")], hour, runtime.clock())
    return mails


def _decide_batch(runtime: Runtime, asks: Sequence[StoredAsk]) -> int:
    """Decide some requests, oldest first; return how many mails are to be sent."""
    keys, now = runtime.settings.keys, runtime.clock()
    hour = now.replace(minute=0, second=0, microsecond=0)
    known = runtime.stores.signups.acquaintances({ask.identity: shadows(keys, ask.identity) for ask in asks})
    scopes = {_domain(ask): _scope(runtime, _domain(ask)) for ask in asks} | {"": _scope(runtime, "")}
    counts = runtime.stores.signups.counts(scopes.values(), hour)
    limits = runtime.settings.signup
    answers = decide(
        [_ask(ask, known[ask.identity]) for ask in asks],
        _mails(runtime, {ask.limit_key for ask in asks}, now),
        {domain: counts.get(scope, 0) for domain, scope in scopes.items()},
        SignupLimits(per_domain=limits.per_domain_hour, in_all=limits.per_hour, hour_ends=hour + HOUR),
        now,
    )
    decided = [
        _decided(runtime, ask, known[ask.identity], answer, (scopes[_domain(ask)], scopes[""]))
        for ask, answer in zip(asks, answers, strict=True)
    ]
    mails = runtime.stores.signups.settle(decided, hour, now)
    log.info("requests decided", requests=len(asks), mails=mails, asked=_counted(ask.kind for ask in asks))
    log.debug("requests answered", answers=_counted(each.kind or each.why or "later" for each in decided))
    return mails


def _counted(kinds: Iterable[str]) -> dict[str, int]:
    return dict(Counter(kinds).most_common())


def _ask(ask: StoredAsk, known: Acquaintance) -> Ask:
    return Ask(
        id=ask.id,
        wanted=Wanted(ask.kind),
        limit_key=ask.limit_key,
        domain=_domain(ask),
        standing=standing(known.state, known.suppressed),
        trapped=bool(ask.request.get("trapped")),
        expires=ask.expires,
    )


def _mails(runtime: Runtime, limit_keys: set[str], now: datetime) -> list[Sent]:
    mails = runtime.stores.signups.mails(limit_keys, now - MEMORY)
    return [Sent(limit_key=mail.limit_key, kind=MailKind(mail.kind), at=mail.at) for mail in mails]


def _decided(
    runtime: Runtime, ask: StoredAsk, known: Acquaintance, answer: SignupDecision, scopes: tuple[str, str]
) -> Decided:
    """Return a decision in the form in which it is stored, with the hash of the token that its mail will contain."""
    if answer.mail is None:
        return Decided(id=ask.id, later=answer.later, why=answer.why)
    now, key_id = runtime.clock(), runtime.settings.keys.current
    to_reader = answer.mail in {MailKind.KNOWN, MailKind.CHOOSE}
    return Decided(
        id=ask.id,
        kind=answer.mail.value,
        address=known.address if to_reader else ask.address,
        language=(known.language if to_reader else "") or ask.language,
        expires=now + LEAVES_WITHIN,
        request={"key": key_id, "at": now.isoformat()} | _said(ask, answer.mail),
        token=_token(runtime, ask, known, answer.mail),
        scopes=scopes if answer.mail in INVITATIONS else (),
        signed_up=_signed_up(ask) if answer.mail is MailKind.CONFIRM else None,
    )


def _signed_up(ask: StoredAsk) -> SignedUp:
    return SignedUp(editions=tuple(ask.request.get("editions") or ()), language=ask.language)


def _said(ask: StoredAsk, mail: MailKind) -> dict[str, Any]:
    """Return the data from which the mail that answers a request is written."""
    wanted = {MailKind.CONFIRM: "editions", MailKind.MOVED: "address"}.get(mail)
    return {wanted: ask.request[wanted]} if wanted else {}


def _token(runtime: Runtime, ask: StoredAsk, known: Acquaintance, mail: MailKind) -> NewToken | None:
    token_purpose, keys = mail.token_purpose, runtime.settings.keys
    if token_purpose is None:
        return None
    grants: dict[MailKind, dict[str, Any]] = {
        MailKind.CONFIRM: {
            "address": ask.address,
            "identity": ask.identity,
            "limit_key": ask.limit_key,
            "language": ask.language,
            "editions": ask.request.get("editions"),
            "consent": ask.request.get("consent"),
            "browser": ask.request.get("browser", ""),
        },
        MailKind.ADDRESS: {
            "address": ask.address,
            "identity": ask.identity,
            "reader_id": ask.request.get("reader_id"),
        },
    }
    mover = ask.request.get("reader_id") if mail is MailKind.ADDRESS else None
    return NewToken(
        hash=token_hash(mailed_token(keys, keys.current, token_purpose, ask.id, ask.nonce)),
        purpose=token_purpose.value,
        expires=runtime.clock() + LIFE[token_purpose],
        reader_id=ReaderId(mover) if mover else known.reader_id if mail is not MailKind.CONFIRM else None,
        grant=grants.get(mail, {}),
    )


def _domain(ask: StoredAsk) -> str:
    return ask.identity.rpartition("@")[2]


def _scope(runtime: Runtime, domain: str) -> str:
    return SCOPE + fingerprint(runtime.settings.keys, "domain", domain)


# --- writing ----------------------------------------------------------------------------------------------------------


class PersonalMailWriter:
    """Writes mails to one person. The same mail has the same bytes at every try while the settings do not change."""

    def __init__(self, runtime: Runtime) -> None:
        self._outbox = runtime.stores.outbox
        self._welcome = WelcomeWriter(runtime)
        self._settings = runtime.settings
        self._kept: dict[MailText, WrittenMail] = {}
        self._signer: Signer | None = configured_signer(runtime.settings.mail, Path(runtime.settings.folder))

    def __call__(self, claim: Claim) -> Parcel:
        """Return the mail in its envelope; raises SettingsError when its key was removed from the settings."""
        settings, mail = self._settings, self._outbox.mail(claim.reader_id)
        kind = MailKind(mail.kind)
        if kind is MailKind.WELCOME:
            return self._welcome(claim, mail, _message_id(settings, mail))
        key_id = mail.request["key"]
        token_purpose = kind.token_purpose
        message_id = _message_id(settings, mail)
        token = mailed_token(settings.keys, key_id, token_purpose, mail.id, mail.nonce) if token_purpose else message_id
        date = datetime.fromisoformat(mail.request["at"])
        letter = mail_letter(self._written(_text(settings, mail, kind)), settings.site, settings.mail, date)
        fields = ReaderFields(address=claim.address, message_id=message_id, unsubscribe=message_id, preferences=token)
        bounce = sign(settings.keys, LinkPurpose.BOUNCE, claim.reader_id, FOLDER)
        return Parcel(
            id=claim.reader_id,
            sender=envelope_sender(settings.mail, bounce),
            token=bounce,
            recipient=claim.address,
            message=prepare(letter, self._signer).splice(fields),
            ready=True,
        )

    def _written(self, text: MailText) -> WrittenMail:
        if text not in self._kept:
            self._kept[text] = write_mail(text, self._settings.site, self._settings.brand)
        return self._kept[text]


def _text(settings: Settings, mail: Mail, kind: MailKind) -> MailText:
    names = [name for name in mail.request.get("editions", ()) if name in settings.editions]
    first = settings.editions[names[0]].language if names else next(iter(settings.editions.values())).language
    coming = first_letters(settings, names, datetime.fromisoformat(mail.request["at"]))  # the same at every try
    return MailText(
        kind=cast("Kind", kind.value),  # a welcome letter is not written here
        language=mail.language or first,
        letters=tuple(OfferedLetter(title=each.title, comes=each.comes) for each in coming),
        address=mail.request.get("address", ""),
    )


def _message_id(settings: Settings, mail: Mail) -> str:
    """Return the left part of a mail's Message-ID. It reveals nothing about the reader."""
    key = bytes.fromhex(settings.keys.ring.get(mail.request["key"], ""))
    return keyed(key, "message", str(mail.id), mail.nonce).hex()[:FINGERPRINT]
