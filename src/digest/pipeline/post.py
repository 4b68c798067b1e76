"""The last steps of the walk: edition -> letter, frozen with its audience -> deliveries."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from digest.bookkeeping import Claim, Counts
from digest.deliver.dispatch import dispatch
from digest.deliver.dkim import configured_signer
from digest.deliver.gate import reached
from digest.deliver.orders import Controls, Orders, Report
from digest.deliver.orders import Progress as Sent
from digest.deliver.pace import PREFIX, Limit, Rates, Wait, span
from digest.deliver.relay import own_name
from digest.deliver.replies import Fate
from digest.deliver.route import Way
from digest.deliver.smtp import Parcel
from digest.deliver.splice import Prepared, ReaderFields, prepare
from digest.deliver.transport import transport
from digest.edition.calendar import LATE_AFTER
from digest.errors import DeliveryError
from digest.logs import get_logger
from digest.model.delivery import DeliveryState
from digest.model.edition import Edition
from digest.model.ids import EditionKey
from digest.model.letter import Letter
from digest.model.life import Move
from digest.model.quarantine import ItemKind
from digest.pipeline.access import token_source
from digest.pipeline.house import House
from digest.pipeline.pictures import hung
from digest.pipeline.progress import Progress
from digest.pipeline.quarantine import watched, watching
from digest.pipeline.record import Look, dressed, look_of, stored_look, with_look
from digest.pipeline.sent_marks import hold_if_older, note
from digest.readers.tokens import Purpose, message_id, sign
from digest.render.headers import envelope_sender, sender_domain
from digest.settings import DomainSettings, MailSettings, RelaySettings, Settings
from digest.storage.deliveries import Deliveries
from digest.storage.editions import StoredEdition
from digest.storage.tallies import Tallies
from digest.text.header import ascii_address

log = get_logger()

JOURNALS = "journals"
"""Folder, beside the configuration, of the hand-over journals."""
KEPT = timedelta(days=2)
"""How long the counts of letters are kept: the longest limit is a day's."""
SECOND, HOUR, DAY = 1.0, 3600.0, 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What a run of sending did; ``counts`` are of the whole edition, whoever sent it."""

    counts: Counts
    sent_now: int
    recovered: int
    stopped: str
    error: DeliveryError | None
    next_attempt: datetime | None
    troubles: tuple[str, ...] = ()
    """What is wrong with relays that it went on without."""


def freeze(
    house: House, row: StoredEdition, *, expires: datetime | None = None, joined_by: datetime | None = None
) -> int | None:
    """Render the edition and freeze it with its audience; return how many readers it has.

    Its letters may leave until ``expires``, if that is not what the row says; with ``joined_by`` they go only to who
    had subscribed by then. None when another process froze it first, which is as good. Raises TemplateError and
    SettingsError.
    """
    edition, now = row.edition, house.clock()
    if edition is None:
        return None
    look = _look(house, edition, late=now > row.due + LATE_AFTER)
    letter = dressed(edition, look, house.stores)
    seen = with_look(row.seen, look)
    readers = house.stores.editions.freeze(row.id, letter, now, seen, expires=expires, joined_by=joined_by)
    if readers is not None:
        log.info("edition frozen", edition=str(row.key), readers=readers)
    return readers


def corrected(house: House, row: StoredEdition) -> bool:
    """Freeze a letter anew that nobody can have got, when the settings name another sender since; tell whether it was.

    A relay that refuses a sender refuses every letter of the frozen edition: without this a correction would help none
    of them. Raises TemplateError and SettingsError.
    """
    edition, look, mail = row.edition, stored_look(row.seen), house.settings.mail
    if edition is None or look is None or _names(look.mail) == _names(mail):
        return False
    wanted = replace(look, mail=look_of(house.settings, edition.key.name, look.date, late=look.late).mail)
    letter = dressed(edition, wanted, house.stores)
    changed = house.stores.editions.freeze_anew(row.id, letter, with_look(row.seen, wanted))
    if changed:
        log.info("edition frozen anew", edition=str(row.key))
    return changed


def _names(mail: MailSettings) -> tuple[str | None, ...]:
    """Return what a letter's header takes of the settings."""
    return mail.sender, mail.reply_to, mail.leave_to, mail.list_domain


def letter_of(house: House, edition: Edition, *, test: bool = False) -> Letter:
    """Return the letter of an edition in the settings' look, dated now."""
    return dressed(edition, _look(house, edition, late=edition.late), house.stores, test=test)


def _look(house: House, edition: Edition, *, late: bool) -> Look:
    look = look_of(house.settings, edition.key.name, house.clock(), late=late)
    return replace(look, picture=hung(house.stores, house.settings, edition))


def post(
    house: House,
    row: StoredEdition,
    *,
    progress: Progress,
    wait: timedelta = timedelta(),
    stop: threading.Event | None = None,
) -> Posted:
    """Send what is due of a frozen edition; safe to repeat, to kill, and to run on several machines.

    ``wait`` is how long to stay for letters that a relay put off; ``stop`` drains. The edition is ``sent`` when
    nothing is unfinished.
    """
    corrected(house, row)
    letter = house.stores.editions.letter(row.id)
    if letter is None:
        raise LookupError(f"{row.key} is {row.state.value} without a letter")

    started = house.clock()
    ledger, journals = Deliveries(house.stores.database, row.id), Path(house.settings.folder) / JOURNALS
    hold_if_older(journals, row.key, lambda: ledger.counts().of(DeliveryState.ACCEPTED))

    def show(sent: Sent) -> None:
        progress(sent.settled, sent.audience, sent.waiting or str(row.key))

    writer = Writer(ready_for_mail(house, letter), house.settings, row.key)
    with watching(house, f"send {row.key}") as watch:
        report = dispatch(
            ledger,
            ways_out(house.settings, row.key),
            watched(watch, ItemKind.LETTER, str(row.key), writer),
            orders=_orders(house, row, wait),
            clock=house.clock,
            controls=Controls(stop=stop or threading.Event(), on_progress=show),
        )
    if not _becomes_files(house.settings.mail):
        note(journals, row.key, report.counts.of(DeliveryState.ACCEPTED), house.clock())
    if not report.counts.unfinished:
        house.stores.editions.move(row.id, Move.FINISH, house.clock())
    _record(house, row, started, report)
    return Posted(
        counts=report.counts,
        sent_now=report.number(Fate.ACCEPTED),
        recovered=report.recovered,
        stopped=report.stopped,
        error=report.error,
        next_attempt=report.next_attempt,
        troubles=report.troubles,
    )


def _record(house: House, row: StoredEdition, started: datetime, report: Report) -> None:
    """Store what a run of sending did, unless it did nothing: ``serve`` looks every few seconds."""
    fates = {fate.name.lower(): number for fate in Fate if (number := report.number(fate))}
    if not fates and not report.recovered and report.error is None:
        return
    log.info(
        "letters sent",
        edition=str(row.key),
        accepted=report.number(Fate.ACCEPTED),
        recovered=report.recovered,
        replies=dict(report.replies),
        took_s=round(report.seconds, 1),
        stopped=why_stopped(report),
    )
    told = {"edition": str(row.key), "now": fates, "recovered": report.recovered, "stopped": report.stopped}
    problem = str(report.error) if report.error else ""
    house.stores.runs.record("send", started, house.clock(), {**told, "problem": problem})


def why_stopped(report: Report) -> str:
    """Return why a run of sending ended early, in words that quote no relay; empty when it did not."""
    return type(report.error).__name__ if report.error else report.stopped


def ready_for_mail(house: House, letter: Letter) -> Prepared:
    """Return the letter ready to be spliced, signed when the settings name a key. Raises SettingsError."""
    return prepare(letter, configured_signer(house.settings.mail, Path(house.settings.folder)))


def _orders(house: House, row: StoredEdition, wait: timedelta) -> Orders:
    settings = house.settings
    return Orders(
        expires=row.expires,
        journals=Path(settings.folder) / JOURNALS,
        rates=rates(settings.mail),
        tallies=tallies(house),
        on_uncertain=settings.mail.on_uncertain,
        wait_for_deferred=wait,
    )


def tallies(house: House) -> Tallies:
    """Return where the letters of all runs are counted, without those that no limit looks at any more."""
    kept = Tallies(house.stores.database)
    kept.purge(PREFIX, house.clock() - KEPT)
    return kept


def waiting(house: House, key: EditionKey) -> tuple[Wait, ...]:
    """Return which limits of the settings are reached now, and when each lets the next letter leave."""
    mail = house.settings.mail
    owners = {"all": _limits(mail)}
    owners |= {f"relay/{way.label}": way.limits for way in ways_out(house.settings, key)}
    owners |= {f"domain/{each.name.lower()}": _limits(each) for each in mail.domains}
    return reached(owners, Tallies(house.stores.database).known, house.clock())


def rates(mail: MailSettings) -> Rates:
    """Return how fast the settings let letters leave, whatever their relay."""
    return Rates(overall=_limits(mail), domains={each.name.lower(): _limits(each) for each in mail.domains})


def ways_out(settings: Settings, key: EditionKey) -> tuple[Way, ...]:
    """Return the ways by which letters leave; letters as files get a folder for each edition. Raises SettingsError."""
    mail = settings.mail
    if not mail.relays:
        alone = RelaySettings(url=mail.transport, connections=mail.connections, token_command=mail.token_command)
        return (_way(settings, key, alone, "mail.transport"),)
    return tuple(_way(settings, key, relay, f"mail.relays.{n}.url") for n, relay in enumerate(mail.relays))


def _way(settings: Settings, key: EditionKey, relay: RelaySettings, setting: str) -> Way:
    is_folder = relay.url.startswith("file:")
    made = transport(
        f"{relay.url.rstrip('/')}/{key.name}-{key.day}/" if is_folder else relay.url,
        folder=Path(settings.folder),
        own_name=_own_name(sender_domain(settings.mail)),
        insecure_plain=settings.mail.insecure_plain,
        connections=relay.connections,
        setting=setting,
        token=token_source(relay.token_command),
    )
    sender = ascii_address(relay.envelope_sender) if relay.envelope_sender else ""
    return Way(transport=made, weight=relay.weight, limits=_limits(relay), name=relay.name, sender=sender)


def _becomes_files(mail: MailSettings) -> bool:
    return all(url.startswith("file:") for url in ([each.url for each in mail.relays] or [mail.transport]))


@cache
def _own_name(domain: str) -> str:
    """Return what we call ourselves to relays: the sender's domain, or this machine's whole name; else empty."""
    return own_name((domain,)) or own_name((socket.getfqdn(),))


def _limits(of: MailSettings | RelaySettings | DomainSettings) -> tuple[Limit, ...]:
    given = ((of.per_second, SECOND), (of.per_hour, HOUR), (of.per_day, DAY))
    return tuple(span(letters, seconds) for letters, seconds in given if letters)


class Writer:
    """Writes one reader's copy of a frozen letter, the same bytes at every try."""

    def __init__(self, prepared: Prepared, settings: Settings, key: EditionKey) -> None:
        self._prepared = prepared
        self._keys = settings.keys
        self._mail = settings.mail
        self._key = key

    def __call__(self, claim: Claim) -> Parcel:
        """Return the reader's copy in its envelope."""
        reader = claim.reader_id
        fields = ReaderFields(
            address=claim.address,
            name=claim.name,
            message_id=message_id(self._keys, self._key, reader),
            unsubscribe=sign(self._keys, Purpose.LEAVE, reader, self._key.name),
            preferences=sign(self._keys, Purpose.CHOOSE, reader, self._key.name),
        )
        token = sign(self._keys, Purpose.BOUNCE, reader, self._key.name)
        return Parcel(
            id=reader,
            sender=envelope_sender(self._mail, token),
            token=token,
            recipient=claim.address,
            message=self._prepared.splice(fields),
            ready=True,
        )
